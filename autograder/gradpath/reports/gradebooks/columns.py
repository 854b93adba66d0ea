"""Columns of a site's gradebook: the one of each assignment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence

from gradpath.errors import GradpathError
from gradpath.reports.gradebooks.scores import Task
from gradpath.reports.gradebooks.table import Table

Titles = Callable[[str], Collection[str]]
"""Returns from a header the names that the assignment may have: without the site's additions."""


def find_columns(
    table: Table,
    candidates: Sequence[int],
    tasks: Sequence[Task],
    titles: Titles,
    given: Mapping[str, str],
    *,
    need_all: bool,
) -> tuple[dict[str, int], list[str]]:
    """Find the column of each assignment.

    An assignment is called by its slug, its title, or its title up to the colon; blanks, `_`, `-`
    and upper and lower case make no difference.

    Args:
        table: the roster.
        candidates: the columns that can be an assignment's.
        tasks: the assignments.
        titles: returns the names that a header may stand for.
        given: headers that `--column` gives to slugs.
        need_all: whether an assignment without a column is an error, rather than a note.

    Returns:
        The column of each assignment that has one, and a line about those without.

    Raises:
        GradpathError: an assignment has no column or several, or shares one with another.
    """
    by_slug: dict[str, int] = {}
    without = []
    for task in tasks:
        wanted = {plain(given[task.slug])} if task.slug in given else names(task)
        columns = [
            index
            for index in candidates
            if not wanted.isdisjoint(
                map(plain, {table.header[index], *titles(table.header[index])})
            )
        ]
        if len(columns) > 1:
            several = ", ".join(repr(table.header[index]) for index in columns)
            raise GradpathError(
                f"{task.slug} could be each of {several} in {table.path}; say which one with "
                f"--column '{task.slug}=...'"
            )
        if not columns:
            if task.slug in given:
                raise GradpathError(f"{table.path} has no assignment column {given[task.slug]!r}")
            without.append(task.slug)
            continue
        for other, column in by_slug.items():
            if column == columns[0]:
                title = table.header[column]
                raise GradpathError(f"{other} and {task.slug} cannot both be the column {title!r}")
        by_slug[task.slug] = columns[0]
    if without and (need_all or not by_slug):
        there = ", ".join(repr(table.header[index]) for index in candidates) or "none"
        raise GradpathError(
            f"{table.path} has no column for {', '.join(without)} (assignment columns: {there}); "
            f"say which one it is with --column '{without[0]}=...'"
        )
    notes = [f"left out, because the roster has no column: {', '.join(without)}"] if without else []
    return by_slug, notes


def names(task: Task) -> set[str]:
    """Return the names of an assignment, in plain form."""
    return {plain(name) for name in (task.slug, task.title, short_title(task))}


def short_title(task: Task) -> str:
    """Return an assignment's title up to the colon."""
    return task.title.partition(":")[0].strip()


def plain(text: str) -> str:
    """Return a name in the form in which names are compared."""
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
