"""The pages for students, graders, instructors and nbgrader, followed from an empty folder."""

from __future__ import annotations

import csv
import getpass
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
import torch

from gradpath.course.master import solution_of
from tests.conftest import ROOT, Command
from tests.support.demo_cohort import corpus, mistakes
from tests.support.docker_image import image
from tests.support.shared import Demo, make_checkout
from tests.support.stored_runs import but_for_isolation

SLUG = "hand_gradients"
NAMED = ("hand_gradients", "mse_sweep")
"""Of the assignments, those of whose release the pages name a file."""


def commands(page: str) -> list[str]:
    """Return the shell blocks of a page, in order."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def follow(page: str, folder: Path, *, allowed: tuple[int, ...] = (0,), **variables: str) -> str:
    """Type the commands of a page into one shell; return its output.

    Each line must end with a status that is allowed. Variables are added to the environment.
    """
    lines = [line for block in commands(page) for line in block.splitlines()]
    accepted = " || ".join(f"[ $s = {status} ]" for status in allowed)
    checked = "\n".join(
        f"{line}\ns=$?; {{ {accepted}; }} || "
        f"{{ echo {shlex.quote(line)} ended with $s >&2; exit 99; }}"
        for line in lines
    )
    bin_folder = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", checked],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "COLUMNS": "100",
            **variables,
        },
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


LARGE = ("torch", "sympy", "pandas", "playwright", "sphinx", "babel", "jedi")
"""Packages that take long to unpack: torch with its own, and such as only others need."""


def put_large_packages_into(environment: Path) -> None:
    """Make a virtual environment with the large packages of this one; pip brings the others."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    here = Path(torch.__file__).parent.parent
    there = environment / here.relative_to(sys.prefix)
    for package in LARGE:
        for name in {file.parts[0] for file in distribution(package).files or ()} - {".."}:
            if (here / name).is_dir():  # a file by itself is a program
                shutil.copytree(here / name, there / name, copy_function=_linked)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instructor after following the page, with a course of few assignments."""
    folder = tmp_path_factory.mktemp("instructors")
    course = tmp_path_factory.mktemp("course") / "checkout"
    make_checkout(course, NAMED)
    for slug in NAMED:
        handed_in = course / "autograder" / "gradpath" / "assignments" / slug / "corpus"
        for number, path in enumerate(sorted(handed_in.glob("*/*"))):
            if number % 10:  # verify of all of it is tested elsewhere
                path.unlink()
    printed = follow("instructors", folder, PYTHONPATH=str(course / "autograder"))
    assert "verify: all green" in printed
    return folder


@pytest.mark.slow
def test_instructors(release: Path) -> None:
    assert (release / "dist" / "MANIFEST.json").is_file()
    assert len(list((release / "dist" / "otter").glob("*.zip"))) == len(NAMED)


@pytest.mark.slow
def test_students(release: Path, tmp_path: Path) -> None:
    zip_path = release / "dist" / "student" / "gradpath-course.zip"
    (tmp_path / "gradpath-course.zip").write_bytes(zip_path.read_bytes())
    # 1 is the status of a check that did not pass: nothing has been written yet.
    # The page takes the newest packages. These tests take pinned ones, and large ones from here.
    put_large_packages_into(tmp_path / "course" / ".venv")
    pins = tmp_path / "pins.txt"
    texts = [(ROOT / name).read_text() for name in ("requirements.txt", "requirements-otter.txt")]
    pins.write_text("\n".join(re.findall(r"^[\w-]+==.*$", "\n".join(texts), re.MULTILINE)))
    variables = {"PIP_CONSTRAINT": str(pins), "PIP_COMPILE": "0"}
    printed = follow("students", tmp_path, allowed=(0, 1), **variables)
    assert "not written yet" in printed
    course = tmp_path / "course"
    script = course / "mse_sweep" / "mse_sweep.py"
    script.write_text(solution_of("mse_sweep"))
    done = subprocess.run(
        [course / ".venv" / "bin" / "gradpath", "check", script],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.docker
@pytest.mark.stock
def test_graders(release: Path, demo: Demo, tmp_path: Path) -> None:
    image()  # the page's command needs a registry, which a test machine may not have
    (tmp_path / "dist").symlink_to(release / "dist")
    (tmp_path / "release.secret").write_text((release / "release.secret").read_text())
    handed_in = demo.folder / "submissions"
    # A wrong one and one that cannot be read; tests/cohort/test_docker.py has more.
    for name in ("s08/rosenbrock.py", "s11/mse_sweep.py"):
        (tmp_path / "submissions" / name).parent.mkdir(parents=True)
        shutil.copy(handed_in / name, tmp_path / "submissions" / name)
    files = tmp_path / "hand_gradients-files"
    files.mkdir()
    for student in ("s01", "s07"):
        shutil.copy(handed_in / student / "hand_gradients.py", files / f"{student}.py")
    follow("graders", tmp_path)
    plain, docker = tmp_path / "results", tmp_path / "results-docker"
    assert but_for_isolation(plain) == but_for_isolation(docker)
    rows = (tmp_path / "otter-results" / "final_grades.csv").read_text().splitlines()
    assert [row.partition(",")[0] for row in rows[2:]] == ["s01.py", "s07.py"]
    assert (tmp_path / "otter-results" / "results.json").is_file()


@pytest.mark.stock
def test_nbgrader(release: Path, tmp_path: Path, gradpath: Command) -> None:
    (tmp_path / "dist").symlink_to(release / "dist")
    files = {
        "onestudent_1001_555_hand_gradients.ipynb": corpus(SLUG, "right/notebook_magics.ipynb"),
        "twostudent_LATE_1002_556_hand_gradients.py": mistakes(SLUG, "missing-factor-two"),
    }
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    printed = follow("nbgrader", tmp_path, HOME=str(tmp_path), JUPYTER_PREFER_ENV_PATH="1")
    assert "VALIDATION FAILED ON 8 CELL(S)!" in printed
    course = tmp_path / "course"
    assert {path.name for path in (course / "submitted").glob("s0*")} == {"s01", "s02"}
    assert {path.name for path in (course / "to_return").iterdir()} == {"s01.html", "s02.html"}
    assert len(list((tmp_path / "mine" / "mse_sweep" / "feedback").rglob("*.html"))) == 1
    with (course / "grades.csv").open(encoding="utf-8") as table:
        given = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(table)}
    for student, (name, data) in zip(("s01", "s02"), files.items(), strict=True):
        folder = tmp_path / "again" / student
        folder.mkdir(parents=True)
        (folder / f"{SLUG}{Path(name).suffix}").write_bytes(data)
    words = ("--out", "out", "--secret-file", release / "release.secret")
    assert gradpath("grade", tmp_path / "again", *words).returncode == 0
    for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines():
        result = json.loads(line)
        assert float(given[SLUG, result["student"]]["score"]) == result["score"]
    assert float(given["mse_sweep", getpass.getuser()]["score"]) == 0
