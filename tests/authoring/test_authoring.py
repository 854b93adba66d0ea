"""The walk of docs/authoring.md: one more assignment from nothing to its first grades."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.walk import KEPT, PAGE, Done, copy_checkout, environment, plain, steps_of, walk

pytestmark = pytest.mark.slow

SLUG = "momentum"


@dataclass(frozen=True)
class Walked:
    """A copy of the checkout after the page was carried out, with the outcome of its commands."""

    checkout: Path
    done: list[Done]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    checkout = tmp_path_factory.mktemp("authoring") / "checkout"
    copy_checkout(checkout)
    assert not list(checkout.rglob(f"*{SLUG}*"))
    return Walked(checkout, walk(PAGE.read_text("utf-8"), checkout))


def python(checkout: Path, *argv: object, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, argv)],
        cwd=checkout,
        env={**environment(checkout), **extra},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_block_of_the_page_is_carried_out() -> None:
    page = PAGE.read_text("utf-8")
    steps = list(steps_of(page))
    used = len(steps) + sum(step.printed is not None for step in steps)
    assert 2 * used == len(re.findall(r"^```", page, re.MULTILINE))


def test_the_commands_do_and_print_what_the_page_says(walked: Walked) -> None:
    """Differences are put right by `python -m tests.support.walk`."""
    for done in walked.done:
        # As the page says, `verify` does not pass as long as there are blanks.
        wanted = 1 if "blanks left" in done.printed else 0
        assert done.status == wanted, done.step.text + done.printed
        if done.step.printed is not None:
            assert plain(done.printed) == done.step.printed, done.step.text
    assert sum(done.status for done in walked.done) == 1


def test_grades_and_reasons(walked: Walked) -> None:
    lines = (walked.checkout / "results" / "results.jsonl").read_text().splitlines()
    right, wrong = map(json.loads, lines)
    assert (right["score"], wrong["score"]) == (10.0, 3.0)
    assert {check["visibility"] for check in wrong["checks"]} == {"public", "hidden"}
    carried = next(c for c in wrong["checks"] if c["id"] == "descend.without_momentum")
    assert (carried["points"], carried["outcome"]) == (1.0, "passed")
    assert "once gradient is right" in carried["message"]


def test_nothing_else_of_the_checkout_was_changed(walked: Walked, tmp_path: Path) -> None:
    copy_checkout(tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            now = walked.checkout / path.relative_to(tmp_path)
            assert now.read_bytes() == path.read_bytes(), now


def test_the_figures_of_the_text_are_those_of_its_solution(walked: Walked) -> None:
    """Every row of the table, and the claims about step 5 and the rates."""
    code = """if True:
        import json, sys
        import numpy as np
        from gradpath.course.master import solution_module
        module = solution_module("momentum")
        run = lambda lr, momentum: module.descend(
            np.array([4.0, 1.0]), np.array([1.0, 16.0]), lr, momentum, 60)["losses"].tolist()
        json.dump([run(2 / 17, 0.0), run(0.16, 0.36)], sys.stdout)
    """
    done = python(walked.checkout, "-c", code)
    without, with_momentum = json.loads(done.stdout)
    text = (walked.checkout / "assignments" / SLUG / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (\S+) \| (\S+) \|$", text, re.MULTILINE)
    assert len(rows) == 6
    for step, *shown in rows:
        place = int(step) - 1
        assert shown == [f"{without[place]:.4g}", f"{with_momentum[place]:.4g}"]
    ahead = [a > b for a, b in zip(without, with_momentum, strict=True)]
    assert ahead.index(True) == 4
    assert all(ahead[4:])
    assert max(with_momentum[:2]) > 16
    assert pytest.approx(0.16) == (2 / (1**0.5 + 16**0.5)) ** 2
    assert pytest.approx(0.36) == ((16**0.5 - 1) / (16**0.5 + 1)) ** 2


def test_students_get_it_without_the_answers(walked: Walked, tmp_path: Path) -> None:
    """The zip of the release, with the student edition of gradpath that is in it."""
    with zipfile.ZipFile(walked.checkout / "dist" / "student" / f"{SLUG}.zip") as archive:
        archive.extractall(tmp_path)
    (wheel,) = (tmp_path / "packages").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    names = {path.name for path in (tmp_path / "site/gradpath/assignments" / SLUG).iterdir()}
    assert names == {"__init__.py", "plots.py", "public.py", "recorded.msgpack", "settings.toml"}
    assert (tmp_path / SLUG / "figures" / "two_ways_down.png").is_file()
    assert (tmp_path / SLUG / f"{SLUG}.ipynb").is_file()
    assert b"the run of the text" in (tmp_path / SLUG / "play.html").read_bytes()

    def check(student: str) -> subprocess.CompletedProcess[str]:
        handed_in = walked.checkout / "submissions" / student / f"{SLUG}.py"
        command = "from gradpath.cli import main; main()"
        picture = tmp_path / f"{student}.png"
        done = python(
            tmp_path,
            *("-c", command, "check", handed_in, "--plot", picture),
            PYTHONPATH=str(tmp_path / "site"),
        )
        assert picture.read_bytes().startswith(b"\x89PNG")
        return done

    right, wrong = check("s01"), check("s02")
    assert right.returncode == 0, right.stdout + right.stderr
    assert wrong.returncode == 1, wrong.stdout + wrong.stderr
    assert "half-forgotten" in wrong.stdout
    assert "skipped" in wrong.stdout  # the right gradient is the solution's


def test_otter_gives_the_same_points(walked: Walked, tmp_path: Path) -> None:
    """The autograder zip of the release, in the folders of otter's container."""
    for name in ("source", "submission", "results"):
        (tmp_path / name).mkdir()
    with zipfile.ZipFile(walked.checkout / "dist/otter" / f"{SLUG}-autograder.zip") as archive:
        archive.extractall(tmp_path / "source")
    (tmp_path / "submission_metadata.json").touch()
    handed_in = walked.checkout / "submissions" / "s02" / f"{SLUG}.py"
    (tmp_path / "submission" / f"{SLUG}.py").write_bytes(handed_in.read_bytes())
    done = python(walked.checkout, "-m", "gradpath.frontends.otter", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = json.loads((tmp_path / "results" / "results.json").read_bytes())
    assert shown["score"] == 3.0


def test_nbgraders_course_has_it(walked: Walked) -> None:
    folder = walked.checkout / "dist" / "nbgrader" / "source"
    notebook = json.loads((folder / SLUG / f"{SLUG}.ipynb").read_bytes())
    marks = [c["metadata"]["nbgrader"] for c in notebook["cells"] if "nbgrader" in c["metadata"]]
    points = {mark["grade_id"]: mark["points"] for mark in marks if mark["grade"]}
    written = points.pop("written")
    assert (sum(points.values()), written) == (10.0, 2.0)
    assert {"descend-public", "descend-hidden"} <= points.keys()
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {KEPT, SLUG}


def test_its_files_are_as_tidy_as_the_others(walked: Walked) -> None:
    for argv in (("check",), ("format", "--check")):
        done = python(
            walked.checkout, "-m", "ruff", *argv, "assignments", "autograder", "solutions"
        )
        assert done.returncode == 0, done.stdout + os.linesep + done.stderr
