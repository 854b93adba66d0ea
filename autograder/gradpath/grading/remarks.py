"""Remarks on a submission's statements as notes of a result, and as the reason for no points."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from gradpath.course.load import Assignment
from gradpath.course.settings import read_settings, slugs
from gradpath.text import tidy
from gradpath.worker.protocol import Frame, Remark, Source

_COMPARED: Final = 500
"""Names in a file that are compared with that of a missing function."""
_LONGER: Final = 2.4
"""A name is like another if 0.6 of both agree, so it is no longer than this."""
_SHOWN: Final = 5
_LOST: Final = ("raised", "syntax", "stopped")


def notes_of(remarks: Sequence[Remark], count: int = 0) -> Iterator[str]:
    """Yield notes on the first remarks, and one about the rest of the file if something failed.

    Args:
        remarks: the remarks.
        count: how many there would be, had their number no bound.
    """
    yield from map(_note, remarks[:_SHOWN])
    if (more := max(count, len(remarks)) - _SHOWN) > 0:
        yield f"and {more:,} more like these"
    if any(remark.kind in _LOST for remark in remarks):
        yield "everything else in the file was run"


def _note(remark: Remark) -> str:
    place, name = _place(remark.where), remark.text
    other = "above" if remark.other is None else f"in {_place(remark.other, source=False)}"
    match remark.kind:
        case "raised":
            return f"{place} raised {remark.text}"
        case "syntax":
            return f"{place} has a syntax error: {remark.text}"
        case "renamed":
            return f"{place} takes the name {name} for something else; the {name} {other} counts"
        case "skeleton":
            return f"{place} defines {name} again and is not written; the {name} {other} counts"
        case "guarded":
            return (
                f"{place} is not true when a file is imported; {name} below it counts all the same"
            )
    return f"{place} {remark.text}"


def other_assignment(assignment: Assignment, written: Collection[str]) -> str:
    """Return the assignment that a file is plainly for, if that is another one."""
    own = set(assignment.settings.points)
    for other in (slug for slug in slugs() if slug != assignment.slug):
        names = set(read_settings(other).points)
        here, apart = names.intersection(written), names.difference(own)
        # Most of its functions, and nothing that only this assignment has.
        if 2 * len(here) > len(names) and here & apart and own.intersection(written) <= names:
            return f"the file looks like {other}: it defines {', '.join(sorted(here & apart))}"
    return ""


def meant(functions: Sequence[str], written: Collection[str]) -> Iterator[str]:
    """Yield a question for each missing function that one with a similar name may be."""
    for function in functions:
        if function not in written:
            names = (
                name
                for name in written
                if name not in functions and len(name) <= _LONGER * len(function)
            )
            near = difflib.get_close_matches(function, itertools.islice(names, _COMPARED), 1)
            if near:
                yield f"{function} is missing; is {near[0]} meant to be it?"


def reason(
    remarks: Sequence[Remark], assignment: Assignment, written: Collection[str], source: Source
) -> str:
    """Return why a submission has no function of its assignment."""
    for remark in remarks:
        if remark.kind == "syntax":
            where = remark.where
            place = f"{where.cell}, line {where.line}" if source.notebook else f"line {where.line}"
            return f"syntax error in {place}: {remark.text}{_quoted(where)}"
    names = ", ".join(assignment.settings.points)
    nothing = f"the file defines none of this assignment's functions ({names})"
    other = other_assignment(assignment, written)
    why = [other] if other else [*meant(assignment.functions, written)]
    why += _inside(assignment, source)
    return "; ".join(filter(None, [nothing, *why, *map(_note, remarks[:_SHOWN])]))


def _inside(assignment: Assignment, source: Source) -> Iterator[str]:
    """Say where the first function of the assignment stands inside of another definition."""
    names = "|".join(assignment.functions)
    indented = re.compile(rf"^[ \t]+(?:async +def|def|class) +({names})\b", re.MULTILINE)
    for cell in source.cells:
        if match := indented.search(cell.text):
            line = cell.text.count("\n", 0, match.start()) + 1
            place = f"{cell.name}, line {line}"
            yield f"{match[1]} in {place} stands inside of another block; move it out"
            return


def _place(where: Frame, *, source: bool = True) -> str:
    return f"{where.cell}, line {where.line}{_quoted(where) if source else ''}"


def _quoted(where: Frame) -> str:
    return f" ({tidy(where.source, 80)})" if where.source else ""
