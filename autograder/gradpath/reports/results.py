"""The results of a run, as every report reads them from the folder that `gradpath grade` wrote."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from gradpath.cohort.regrade import PUBLISHED, published
from gradpath.course.settings import read_settings, slugs
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.text.messages import Message


def read_results(folder: Path, empty: str, advice: str) -> list[Result]:
    """Read the results of a folder.

    Args:
        folder: the folder that was `gradpath grade`'s `--out`.
        empty: the template of the message that there are no results, about a `path`.
        advice: the remedy where there is no file of results, for the message.

    Raises:
        GradpathError: there are no results, or two of one submission.
    """
    path = folder / PUBLISHED
    if not path.is_file():
        raise GradpathError(Message("there is no {path}; {advice}", path=path, advice=advice))
    results = published(folder)
    if not results:
        raise GradpathError(Message(empty, path=path))
    names: set[tuple[str, str]] = set()
    for result in results:
        name = (result.student, result.assignment)
        if name in names:
            raise GradpathError(
                Message(
                    "{path} has two results of one submission, of {student} for {slug}; grade "
                    "again",
                    path=path,
                    student=name[0],
                    slug=name[1],
                )
            )
        names.add(name)
    return results


def in_course_order(assignments: Collection[str]) -> list[str]:
    """Return assignments in the order of the course; those that it has no longer come last."""
    known = [slug for slug in slugs() if slug in assignments]
    return known + sorted(set(assignments) - set(known))


def title_of(slug: str) -> str:
    """Return an assignment's title; its slug if the course has it no longer."""
    return read_settings(slug).title if slug in slugs() else slug
