"""Posting grades and pages to Canvas over its REST interface, through the package canvasapi.

The number of a student's account stands in the names of Canvas's own download, so no name has to be
matched. `plan` asks Canvas for the grades that it has and changes nothing; `post` posts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradpath.errors import GradpathError
from gradpath.grading.results import rounded
from gradpath.reports.feedback.paths import page_path
from gradpath.reports.feedback.upload import name_on
from gradpath.reports.gradebooks.fill import are_other_points
from gradpath.reports.gradebooks.scores import Scores
from gradpath.text.messages import Message


@dataclass(frozen=True)
class Change:
    """A grade to post.

    Attributes:
        student: the student as the results call them.
        before: the grade that Canvas has; None if it has none.
        points: the grade to post.
        page: the page to add as a comment, if it is there.
        submission: Canvas's submission.
    """

    student: str
    before: float | None
    points: float
    page: Path | None
    submission: Any


@dataclass(frozen=True)
class Plan:
    """The grades to post, and the students that are left out, each with the reason."""

    changes: Sequence[Change]
    unchanged: int
    left_out: Sequence[str]


class Gradebook:
    """An assignment of a course in Canvas."""

    def __init__(self, address: str, token: str, course: int, assignment: int) -> None:
        """Find the assignment.

        Raises:
            GradpathError: canvasapi is not installed, or Canvas refuses.
        """
        try:
            import canvasapi
        except ModuleNotFoundError:
            raise GradpathError(
                Message("posting to Canvas needs the package canvasapi: pip install canvasapi")
            ) from None
        with _in_words(address):
            site = canvasapi.Canvas(address, token)
            self._assignment = site.get_course(course).get_assignment(assignment)
        self._address = address

    @property
    def title(self) -> str:
        """The assignment's name in Canvas."""
        return str(self._assignment.name)

    @property
    def most(self) -> float:
        """The points that Canvas has for it."""
        return float(self._assignment.points_possible or 0.0)

    def plan(self, scores: Scores, slug: str, pages: Path) -> Plan:
        """Compare the results of an assignment with the grades that Canvas has.

        Args:
            scores: the results.
            slug: the assignment.
            pages: the folder of all pages.

        Raises:
            GradpathError: Canvas refuses.
        """
        with _in_words(self._address):
            there = {each.user_id: each for each in self._assignment.get_submissions()}
        changes, left_out, unchanged = [], [], 0
        for student in scores.students:
            points = scores.points(student, slug)
            if points is None:
                continue
            name = name_on("canvas", scores.results[student, slug])
            submission = there.get(int(name.number)) if name else None
            if submission is None:
                left_out.append(
                    Message(
                        "{student}: the file is not of this course's download of Canvas",
                        student=student,
                    )
                )
            elif getattr(submission, "excused", False):
                left_out.append(Message("{student}: excused in Canvas", student=student))
            elif submission.score is not None and not are_other_points(submission.score, points):
                unchanged += 1
            else:
                page = pages / page_path(student, slug)
                before = None if submission.score is None else rounded(submission.score)
                changes.append(
                    Change(student, before, points, page if page.is_file() else None, submission)
                )
        return Plan(changes, unchanged, left_out)

    def post(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Post grades one by one; yield each that Canvas has taken.

        The page goes first: where the grade does not follow, the next run posts both again.

        Raises:
            GradpathError: Canvas refuses.
        """
        for change in changes:
            with _in_words(self._address):
                if change.page is not None:
                    taken, answer = change.submission.upload_comment(change.page)
                    if not taken:
                        raise GradpathError(
                            Message(
                                "{address} took no page: {answer}",
                                address=self._address,
                                answer=answer,
                            )
                        )
                change.submission.edit(submission={"posted_grade": f"{change.points:g}"})
            yield change


@contextmanager
def _in_words(address: str) -> Iterator[None]:
    """Turn errors of Canvas and of the network into one line."""
    from canvasapi.exceptions import CanvasException
    from requests.exceptions import RequestException

    try:
        yield
    # canvasapi raises ValueError for answers that are none of Canvas's.
    except (CanvasException, RequestException, ValueError) as error:
        text = " ".join(str(error).split())[:200] or type(error).__name__
        raise GradpathError(
            Message("{address} refuses: {text}", address=address, text=text)
        ) from None
