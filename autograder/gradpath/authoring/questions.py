"""The proof that questions for talks have answers: on the solution, on every right submission.

What a question asks of one student has to be computable for all who have done the exercise. A line
may be unclear in a right submission, which has no such question then; in the solution it is clear.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from gradpath.cohort.run import Run
from gradpath.course.interview import Question, WhatIf, WhichCurve, WhichLine, Why, questions_of
from gradpath.course.load import Assignment, corpus_of
from gradpath.errors import AuthoringError
from gradpath.reports.interview.curves import curves_of, unclear
from gradpath.reports.interview.draw import FEWEST
from gradpath.reports.interview.lines import ask_which_line
from gradpath.reports.interview.numbers import ask_what_if, filled
from gradpath.reports.interview.runs import Runs
from gradpath.submissions.submission import Submission
from gradpath.worker.protocol import Cell

Fault = tuple[str, str]
"""The question or submission with a fault, and the fault."""
_CURVES: Final = "curves"
_SOLUTION: Final = "the solution"


def faults_of(run: Run, assignment: Assignment) -> Iterator[Fault]:
    """Yield the faults of an assignment's questions; nothing is wrong where it has none.

    Args:
        run: makes the workers; it includes the assignment.
        assignment: the one to look at.
    """
    questions = questions_of(assignment.slug)
    if not questions or assignment.solution is None:
        return
    always = sum(isinstance(one, WhichCurve) or _needs_no_run(one) for one in questions)
    if always < FEWEST:
        yield "questions.py", f"has {always} questions for a submission that does not run, not 3"
    with run.workshops() as (_, trusted):
        try:
            for curves in curves_of(assignment, trusted):
                for fault in unclear(curves):
                    yield f"{_CURVES} of {curves.question.leaf}", fault
        except AuthoringError as error:
            yield _CURVES, str(error)

    def faults(right: tuple[str, Sequence[Cell]]) -> list[Fault]:
        name, cells = right
        with run.workshops() as (students, _):
            return list(_faults(questions, Runs(students, assignment, cells), name))

    with ThreadPoolExecutor(run.jobs) as pool:
        for found in pool.map(faults, _right(assignment)):
            yield from found


def _faults(questions: Sequence[Question], runs: Runs, name: str) -> Iterator[Fault]:
    try:
        for number, question in enumerate(questions, 1):
            if fault := _fault(question, runs, is_solution=name == _SOLUTION):
                yield f"question {number}", f"{fault} on {name}"
    finally:
        runs.close()


def _needs_no_run(question: Question) -> bool:
    return isinstance(question, Why) and (question.case is None or bool(question.without))


def _right(assignment: Assignment) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    assert assignment.solution is not None
    yield _SOLUTION, assignment.solution.cells
    for path in sorted((corpus_of(assignment.slug) / "right").glob("*.*")):
        name, size = f"right/{path.name}", path.stat().st_size
        submission = Submission("verify", assignment.slug, path.name, size, path.read_bytes)
        yield name, submission.source().cells


def _fault(question: Question, runs: Runs, *, is_solution: bool) -> str:
    """Return why a question has no answer, or an empty text."""
    if isinstance(question, Why):
        return "" if filled(question, runs) is not None else "its numbers are not there"
    if isinstance(question, WhatIf):
        for ask in question.asks:
            one = WhatIf(question.change, question.case, (ask,))
            if ask_what_if(one, random.Random(0), runs, right=True) is None:
                return f"{ask} has no answer"
    if isinstance(question, WhichLine) and is_solution:
        asked = ask_which_line(question, random.Random(0), runs)
        return "no two lines are clear" if asked is None else ""
    return ""
