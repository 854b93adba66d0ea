"""`gradpath new`: files, refusals, and blanks that are left."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from gradpath.authoring import blanks
from gradpath.authoring.blanks import MARK, Blank
from gradpath.authoring.new import places, write_assignment
from gradpath.authoring.release.wheels import staff_files
from gradpath.course import settings
from gradpath.errors import GradpathError
from tests.support.walk import copy_checkout, environment

SLUG = "weight_decay"
PACKAGE = "autograder/gradpath"
FOLDER = f"{PACKAGE}/assignments/{SLUG}"
TITLE = 'Weight "decay": a \\ pull, <b>{{ slug }}</b> %% 100 µ'

Gradpath = Callable[..., subprocess.CompletedProcess[str]]


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that nothing is written into."""
    root = tmp_path_factory.mktemp("new") / "checkout"
    copy_checkout(root)
    return root


def run(checkout: Path, *argv: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("gradpath"), *map(str, argv)],
        cwd=checkout.parent,
        env=environment(checkout),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a new assignment; nothing else is written into it."""
    root = tmp_path_factory.mktemp("written") / "checkout"
    copy_checkout(root)
    before = set(tree(root))
    done = run(root, "new", SLUG, "--title", TITLE)
    assert (done.returncode, done.stderr) == (0, "")
    after = set(tree(root))
    listed = {line.removeprefix("wrote ") for line in done.stdout.splitlines()[:-1]}
    assert listed == after - before
    # An author writes into one folder and the master; the rest is generated.
    generated = {f"assignments/{SLUG}/README.md", f"assignments/{SLUG}/{SLUG}.py"}
    master = f"solutions/{SLUG}.py"
    assert {name for name in listed if not name.startswith(f"{FOLDER}/")} == {master, *generated}
    assert before <= after
    count = sum(MARK in path.read_text() for path in files_of_author(root))
    assert count >= 7
    return root


def files_of_author(root: Path) -> list[Path]:
    """Return the files with blanks, but for those that are generated."""
    written = [root / "solutions" / f"{SLUG}.py", *(root / FOLDER).rglob("*")]
    return [path for path in written if path.is_file()]


def test_the_title_is_what_was_given(written: Path) -> None:
    table = tomllib.loads((written / FOLDER / "settings.toml").read_text())
    assert table["title"] == TITLE
    assert table["order"] == 2  # behind the only other assignment of the copy
    text = (written / "assignments" / SLUG / "README.md").read_text()
    assert text.startswith(f"# {TITLE}\n")


def test_verify_names_every_blank_and_nothing_else(written: Path) -> None:
    done = run(written, "verify", SLUG)
    assert (done.returncode, done.stderr) == (1, "")
    *lines, last = done.stdout.splitlines()
    expected = {
        (path.relative_to(written).as_posix(), str(number))
        for path in files_of_author(written)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MARK in line
    }
    named = [re.match(r"(\S+), line (\d+): fill in \S.*", line) for line in lines]
    assert {match.groups() for match in named if match} == expected
    assert len(lines) == len(expected)
    assert last == f"verify: not green: {len(lines)} blanks left; see docs/authoring.md"


def test_a_release_waits_for_the_blanks(written: Path) -> None:
    out = written.parent / "dist"
    done = run(written, "release", "--out", out, "--secret", "long-enough-secret")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"a blank is left: {FOLDER}/settings.toml, line " in done.stderr
    assert not out.exists()


@pytest.mark.slow
def test_filled_in_it_is_green(written: Path, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    shutil.copytree(written, root)
    for path in files_of_author(root):
        path.write_text(path.read_text().replace(f"{MARK}: ", ""))
    shutil.rmtree(root / "assignments" / SLUG)  # all of it can be generated again
    assert run(root, "skeletons", SLUG).returncode == 0
    assert run(root, "record", SLUG).returncode == 0
    done = run(root, "verify", SLUG)
    assert done.returncode == 0, done.stdout + done.stderr
    assert run(written, "verify", "mse_sweep").returncode == 0  # beside blanks, the others go on
    assert re.search(rf"{SLUG} +1 of 1 +1 of 1 +1 of 1 +1 of 1 +1 of 1 +none", done.stdout)
    for argv in (["check"], ["format", "--check"]):
        tidy = [sys.executable, "-m", "ruff", *argv, "."]
        linted = subprocess.run(tidy, cwd=root, capture_output=True, text=True, check=False)
        assert linted.returncode == 0, linted.stdout
    # One blank again: it is named alone.
    path = root / FOLDER / "corpus" / "wrong" / "absolute_values.py"
    path.write_text(path.read_text() + f"# {MARK}\n")
    done = run(root, "verify", SLUG)
    assert done.returncode == 1
    number = len(path.read_text().splitlines())
    assert done.stdout.splitlines() == [
        f"{FOLDER}/corpus/wrong/absolute_values.py, line {number}: fill in what belongs here",
        "verify: not green: 1 blank left; see docs/authoring.md",
    ]


def test_without_a_title_the_title_is_a_blank(checkout: Path, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    shutil.copytree(checkout, root)
    assert run(root, "new", SLUG).returncode == 0
    done = run(root, "verify", SLUG)
    assert f"{FOLDER}/settings.toml, line 1: fill in the title" in done.stdout


NO_NAMES = ("", "Weight_Decay", "weight-decay", "2nd_lab", "_hidden", "größe", "lab\n", "../lab")
MODULES = ("random", "torch", "gradpath", "packages")
NO_TITLES = ("two\nlines", "\x1b[31m", "a" * 121, " a", "\udcff", "a\x7f")


@pytest.mark.parametrize(
    ("slug", "title", "reason"),
    [
        *((slug, "A title", "cannot be the name") for slug in (*NO_NAMES, "\x1b[2J", "class")),
        *((slug, "A title", "another module") for slug in MODULES),
        ("a" * 41, "A title", "longer than 40"),
        ("mse_sweep", "A title", "is there already"),
        *((SLUG, title, "the title must be one line") for title in NO_TITLES),
    ],
)
def test_bad_slugs_and_titles(
    slug: str, title: str, reason: str, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PACKAGE", checkout / PACKAGE)
    before = tree(checkout)
    with pytest.raises(GradpathError, match=reason) as raised:
        write_assignment(slug, title)
    assert str(raised.value).isprintable()
    assert tree(checkout) == before


def test_the_command_refuses_in_one_line(checkout: Path) -> None:
    done = run(checkout, "new", "Weight-Decay")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gradpath: 'Weight-Decay' cannot be the name")
    assert done.stderr.count("\n") == 1


def test_any_trace_of_an_assignment_is_one(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "checkout"
    (root / "solutions").mkdir(parents=True)
    monkeypatch.setattr(settings, "PACKAGE", root / PACKAGE)
    for path in places(SLUG):
        path.parent.mkdir(parents=True, exist_ok=True)
    for path in places(SLUG):
        path.symlink_to("nowhere")
        with pytest.raises(GradpathError, match=re.escape(f"({path.relative_to(root)})")):
            write_assignment(SLUG, "")
        path.unlink()


def test_an_installed_package_is_no_checkout(tmp_path: Path) -> None:
    for name, data in staff_files().items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    before = tree(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", "from gradpath.cli import main; main()", "new", SLUG],
        cwd=tmp_path,
        env={**environment(tmp_path), "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "is no checkout of the course" in done.stderr
    assert "clone the repository" in done.stderr
    assert done.stderr.count("\n") == 1
    assert tree(tmp_path) == before


@pytest.mark.parametrize("failing", range(len(places(SLUG))))
def test_a_folder_that_cannot_be_written_leaves_nothing_behind(
    failing: int, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PACKAGE", checkout / PACKAGE)
    before = tree(checkout)
    renamed: list[Path] = []
    rename = Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if len(renamed) == failing:
            raise PermissionError(13, "Permission denied", str(target))
        renamed.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(GradpathError, match=r"Permission denied.*nothing was written"):
        write_assignment(SLUG, "")
    assert len(renamed) == failing
    assert tree(checkout) == before
    assert not list(checkout.glob(".new-*"))


def test_a_read_only_checkout(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the refusal comes from a stand-in for the system."""

    def refused(*, prefix: str, dir: Path) -> str:
        raise OSError(30, os.strerror(30), str(dir / prefix))

    monkeypatch.setattr(settings, "PACKAGE", checkout / PACKAGE)
    monkeypatch.setattr("tempfile.mkdtemp", refused)
    with pytest.raises(GradpathError, match="Read-only file system"):
        write_assignment(SLUG, "")


def test_what_a_blank_says_is_one_short_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PACKAGE", tmp_path)
    folder = tmp_path / "assignments" / SLUG / "corpus" / "wrong"
    folder.mkdir(parents=True)
    (folder / "a\nb.py").write_bytes(f"\xff\n# {MARK}: \x1b[31m{'long ' * 99}".encode("latin-1"))
    (folder / "a_folder").mkdir()
    (blank,) = blanks.blanks_of(SLUG)
    assert isinstance(blank, Blank)
    assert blank.line == 2
    assert str(blank).isprintable()
    assert len(blank.text) <= 100
