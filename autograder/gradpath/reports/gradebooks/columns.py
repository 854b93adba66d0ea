"""Columns of a site's gradebook: the one of each assignment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from gradpath.errors import GradpathError
from gradpath.reports.gradebooks.scores import Task
from gradpath.reports.gradebooks.table import Table
from gradpath.text.messages import Message, template

Titles = Callable[[str], Collection[str]]
"""Returns from a header the names that the assignment may have: without the site's additions."""
_AMBIGUOUS: Final = template(
    "{slug} could be each of {several} in {path}; say which one with --column '{slug}=...'"
)
_NO_COLUMN: Final = template(
    "{path} has no column for {names} (assignment columns: {there}); say which one it is with "
    "--column '{without}=...'"
)


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
            raise _error(_AMBIGUOUS, slug=task.slug, several=several, path=table.path)
        if not columns:
            if task.slug in given:
                text = template("{path} has no assignment column {given!r}")
                raise _error(text, path=table.path, given=given[task.slug])
            without.append(task.slug)
            continue
        for other, column in by_slug.items():
            if column == columns[0]:
                text = template("{other} and {slug} cannot both be the column {title!r}")
                raise _error(text, other=other, slug=task.slug, title=table.header[column])
        by_slug[task.slug] = columns[0]
    missing = ", ".join(without)
    if without and (need_all or not by_slug):
        there = ", ".join(repr(table.header[index]) for index in candidates) or Message("none")
        raise _error(_NO_COLUMN, path=table.path, names=missing, there=there, without=without[0])
    note = Message("left out, because the roster has no column: {names}", names=missing)
    return by_slug, [note] if without else []


def _error(text: str, **parameters: object) -> GradpathError:
    return GradpathError(Message(text, **parameters))


def names(task: Task) -> set[str]:
    """Return the names of an assignment, in plain form."""
    return {plain(name) for name in (task.slug, task.title, short_title(task))}


def short_title(task: Task) -> str:
    """Return an assignment's title up to the colon."""
    return task.title.partition(":")[0].strip()


def plain(text: str) -> str:
    """Return a name in the form in which names are compared."""
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()
