"""Folders that are made once for all processes of a test session, and the demo cohort as one."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import pytest

from gradpath.course.load import slugs
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from tests.support import demo_cohort

ROOT = Path(__file__).parents[2]
Graded = tuple[Submission, Result]
DEMO_SECRET = "gradpath-demo"


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first process makes and all processes read; nobody changes it.

    Args:
        factory: pytest's own, whose base folder lies in one of the whole session under xdist.
        name: the folder's name.
        make: fills the folder, which does not exist yet.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / f"shared-{name}"
    done = base / f"shared-{name}.done"
    with (base / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a process that failed at it
            make(folder)
            done.touch()
    return folder


@dataclass(frozen=True)
class Demo:
    """The demo cohort in `submissions`, and in `results` a run of `gradpath grade --explain`."""

    folder: Path

    @property
    def printed(self) -> str:
        """The output of the command."""
        return (self.folder / "printed.txt").read_text()

    @cached_property
    def graded(self) -> list[Graded]:
        """Every submission with its result."""
        submissions, _ = find([self.folder / "submissions"], slugs())
        lines = (self.folder / "results" / "results.jsonl").read_bytes().splitlines()
        results = [msgspec.json.decode(line, type=Result) for line in lines]
        pairs = list(zip(submissions, results, strict=True))
        assert all((one.student, one.file) == (two.student, two.file) for one, two in pairs)
        return pairs

    @cached_property
    def few(self) -> list[Graded]:
        """A few of them, in which every kind of submission and of result occurs."""
        return few_of_each_kind(self.graded)

    def copy_few(self, target: Path) -> None:
        """Copy the files of these few, with their paths below `submissions`, into a folder."""
        for submission, _ in self.few:
            path = Path(re.sub(r"\.zip/.*", ".zip", submission.file))
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / "submissions" / path, target / path)


def make_demo(folder: Path) -> None:
    """Write the demo cohort and grade it; GRADPATH_DEMO is the folder of a `make demo` before."""
    if made := os.environ.get("GRADPATH_DEMO"):
        shutil.copytree(made, folder, ignore=shutil.ignore_patterns("feedback"))
        assert "the grader itself failed" not in (folder / "results/results.jsonl").read_text()
        return
    demo_cohort.write(folder / "submissions")
    words = ("submissions", "--out", "results", "--secret", DEMO_SECRET, "--explain")
    done = subprocess.run(
        [Path(sys.executable).with_name("gradpath"), "grade", *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "traceback" not in done.stderr.lower()
    (folder / "printed.txt").write_text(done.stdout)


def make_checkout(root: Path, kept: Sequence[str]) -> None:
    """Copy the course with these assignments only: a release of it takes less time."""
    others = [slug for slug in slugs() if slug not in kept]
    ignore = shutil.ignore_patterns("__pycache__", *others, *(f"{slug}.py" for slug in others))
    for name in ("assignments", "autograder", "solutions", "student_template"):
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in (".toml", ".txt", ".md", ""):
            shutil.copy(path, root)


def kinds_of(submission: Submission, result: Result) -> set[str]:
    """Return the kinds that a graded submission stands for."""
    share = result.score / result.max_score
    return {
        submission.assignment,
        submission.file.rpartition(".")[2],
        "in a zip" if ".zip" in submission.file else "in a folder",
        "misnamed" if submission.note else "named as it must be",
        "no points" if share == 0 else "all points" if share == 1 else "some points",
        result.status,
        *(f"{check.outcome} {check.visibility}" for check in result.checks),
    }


def few_of_each_kind(graded: Sequence[Graded]) -> list[Graded]:
    """Choose submissions until every kind occurs, always the one with most new kinds."""
    missing = set().union(*(kinds_of(*pair) for pair in graded))
    chosen = []
    while missing:
        best = max(graded, key=lambda pair: len(missing & kinds_of(*pair)))
        missing -= kinds_of(*best)
        chosen.append(best)
    return chosen
