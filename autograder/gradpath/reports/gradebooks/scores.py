"""The points that are exported, from `results.jsonl`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gradpath.cohort.regrade import PUBLISHED, published
from gradpath.course.settings import read_settings, slugs
from gradpath.errors import GradpathError
from gradpath.grading.results import GRADER_FAILED, Result, points_text, rounded

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
        """Everybody who has a result."""
        return sorted({student for student, _ in self.results})

    def status(self, student: str, slug: str) -> Status:
        """Tell what became of a submission.

        Returns:
            As in the result; `failed` where the grader itself did, which says nothing about the
            submission; `missing` where there is none.
        """
        result = self.results.get((student, slug))
        if result is None:
            return "missing"
        if result.status == "unreadable" and result.message == GRADER_FAILED:
            return "failed"
        return result.status

    def points(self, student: str, slug: str) -> float | None:
        """Return the points, or None where there are none to export."""
        if self.status(student, slug) in ("missing", "failed"):
            return None
        return rounded(self.results[student, slug].score)


def read_scores(folder: Path, only: Sequence[str] = ()) -> tuple[Scores, list[str]]:
    """Read the results of a folder.

    Args:
        folder: what `gradpath grade` was given as `--out`.
        only: the assignments to take; all that have results if empty.

    Returns:
        The scores, and a line for each thing that staff should know about them.

    Raises:
        GradpathError: there are no results, none of an assignment, or two of one submission.
    """
    path = folder / PUBLISHED
    if not path.is_file():
        raise GradpathError(f"there is no {path}; grade first, with --out {folder}")
    found = published(folder)
    there = {result.assignment for result in found}
    for slug in only:
        if slug not in there:
            names = ", ".join(sorted(there)) or "none"
            raise GradpathError(f"{path} has no results for {slug!r}; there are: {names}")
    if not found:
        raise GradpathError(f"{path} is empty; there is nothing to export")
    results: dict[tuple[str, str], Result] = {}
    for result in found:
        name = (result.student, result.assignment)
        if name in results:
            raise GradpathError(f"{path} has two results of {name[0]} for {name[1]}; grade again")
        if not only or result.assignment in only:
            results[name] = result
    ordered = [slug for slug in slugs() if slug in there] + sorted(there - set(slugs()))
    tasks, notes = [], []
    for slug in ordered:
        of_slug = [result for result in results.values() if result.assignment == slug]
        if not of_slug:
            continue
        maxima = sorted({result.max_score for result in of_slug})
        if len(maxima) > 1:
            # Only a file that was put together by hand has both.
            every = " and of ".join(map(points_text, maxima))
            raise GradpathError(
                f"{path}: results for {slug} are out of {every} points; grade all of them in the "
                "same way"
            )
        title = read_settings(slug).title if slug in slugs() else slug
        tasks.append(Task(slug, title, maxima[0]))
    scores = Scores(tasks, results)
    failed = [f"{name} ({slug})" for name, slug in results if scores.status(name, slug) == "failed"]
    if failed:
        notes.append(f"without points, because the grader itself failed: {', '.join(failed)}")
    return scores, notes
