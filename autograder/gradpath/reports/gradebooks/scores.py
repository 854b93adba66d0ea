"""The points that are exported, from `results.jsonl`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from gradpath.cohort.regrade import PUBLISHED
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, failed_by_grader, points_text, rounded
from gradpath.reports.results import in_course_order, read_results, title_of
from gradpath.submissions.lms_names import parse
from gradpath.text import choice
from gradpath.text.messages import Message, joined, template

Status = Literal["graded", "unreadable", "failed", "missing"]


@dataclass(frozen=True)
class Task:
    """An assignment of the results: its slug, its title, and the points that it gives at most."""

    slug: str
    title: str
    max_points: float


@dataclass(frozen=True)
class Scores:
    """All results that are exported, by student and assignment, in the order of the course."""

    tasks: Sequence[Task]
    results: Mapping[tuple[str, str], Result]

    @property
    def students(self) -> list[str]:
        """The students with a result, in order."""
        return sorted({student for student, _ in self.results})

    @property
    def numbers(self) -> dict[str, str]:
        """The number that a course site has written beside each student's name, if it is one."""
        numbers: dict[str, set[str]] = {}
        for (student, _), result in self.results.items():
            name = parse(PurePosixPath(result.file))
            if name is not None and student in (name.student, name.key):
                numbers.setdefault(student, set()).add(name.number)
        return {student: min(every) for student, every in numbers.items() if len(every) == 1}

    def status(self, student: str, slug: str) -> Status:
        """Return the state of a submission.

        Returns:
            As in the result; `failed` where the grader itself did, which says nothing about the
            submission; `missing` where there is none.
        """
        result = self.results.get((student, slug))
        if result is None:
            return "missing"
        return "failed" if failed_by_grader(result) else result.status

    def points(self, student: str, slug: str) -> float | None:
        """Return the points, or None where there are none to export."""
        if self.status(student, slug) in ("missing", "failed"):
            return None
        return rounded(self.results[student, slug].score)


def read_scores(folder: Path, only: Sequence[str] = ()) -> tuple[Scores, list[str]]:
    """Read the results of a folder.

    Args:
        folder: the folder that was `gradpath grade`'s `--out`.
        only: the assignments to take; all that have results if empty.

    Returns:
        The scores, and a line for each thing that staff should know about them.

    Raises:
        GradpathError: there are no results, none of an assignment, or two of one submission.
    """
    path = folder / PUBLISHED
    everything = read_results(
        folder,
        template("{path} is empty; there is nothing to export"),
        Message("grade first, with --out {folder}", folder=folder),
    )
    there = {result.assignment for result in everything}
    for slug in only:
        if slug not in there:
            names = choice(slug, sorted(there))
            raise GradpathError(
                Message(
                    "{path} has no results for {slug!r}; {names}", path=path, slug=slug, names=names
                )
            )
    results = {
        (result.student, result.assignment): result
        for result in everything
        if not only or result.assignment in only
    }
    tasks: list[Task] = []
    notes: list[str] = []
    for slug in in_course_order({slug for _, slug in results}):
        of_slug = [result for result in results.values() if result.assignment == slug]
        maxima = sorted({result.max_score for result in of_slug})
        if len(maxima) > 1:
            # Only a file that was put together by hand has both.
            every = joined(" and of ", map(points_text, maxima))
            raise GradpathError(
                Message(
                    "{path}: results for {slug} are out of {every} points; grade all of them in "
                    "the same way",
                    path=path,
                    slug=slug,
                    every=every,
                )
            )
        tasks.append(Task(slug, title_of(slug), maxima[0]))
    scores = Scores(tasks, results)
    failed = [f"{name} ({slug})" for name, slug in results if scores.status(name, slug) == "failed"]
    if failed:
        names = ", ".join(failed)
        notes.append(
            Message("without points, because the grader itself failed: {names}", names=names)
        )
    return scores, notes
