"""A course of gradpath's in nbgrader: graded by stock `nbgrader autograde`, and in parallel."""

import json
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.cohort import Submission
from bench.measure import run
from bench.paths import REPOSITORY, SLUG, BenchmarkError

# The tests have a course in a box, made and filled by nbgrader's own code.
sys.path.append(str(REPOSITORY))

from tests.support.nbgrader_box import Course, filled

STOCK = ("nbgrader", "autograde", SLUG)


def parallel(jobs: int) -> tuple[str, ...]:
    return ("gradpath", "nbgrader", "autograde", SLUG, "--jobs", str(jobs))


def make_course(folder: Path) -> Course:
    return Course.make(folder).generate(SLUG)


def with_submissions(course: Course, cohort: Sequence[Submission], folder: Path) -> Course:
    """A copy with these submissions, because nothing is graded twice."""
    copy = course.copy(folder)
    released = course.released(SLUG)
    for submission in cohort:
        notebook = filled(released, SLUG, submission.code)
        copy.submit(
            submission.student, SLUG, (f"{SLUG}.ipynb", json.dumps(notebook, indent=1).encode())
        )
    return copy


def grade(course: Course, words: Sequence[str], profile: Path | None = None) -> None:
    """Type a command in the course's folder; with `profile`, say where it spends its time."""
    command = Path(sys.executable).parent / words[0]
    if not command.exists():
        raise BenchmarkError(
            f"no {words[0]} beside {sys.executable}: run `pip install -r requirements-dev.txt`"
        )
    sampler = [Path(__file__).with_name("sampler.py"), profile] if profile else []
    run([sys.executable, *sampler, command, *words[1:]], course.root)


def points(course: Course) -> list[tuple[Any, ...]]:
    """Every grade in the gradebook, to see that both ways came to the same."""
    with sqlite3.connect(course.root / "gradebook.db") as connection:
        return sorted(
            connection.execute(
                """
                SELECT submitted_assignment.student_id, grade.cell_id, grade.auto_score,
                       grade.needs_manual_grade
                FROM grade
                JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
                JOIN submitted_assignment
                  ON submitted_assignment.id = submitted_notebook.assignment_id
                """
            ).fetchall(),
            key=repr,
        )
