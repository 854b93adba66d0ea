"""Remarks on a submission's statements as notes of a result, and as the reason for no points."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from gradpath.course.load import Assignment
from gradpath.course.settings import read_settings, slugs
from gradpath.grading.verdict import cell_of, place_of
from gradpath.text import tidy
from gradpath.text.messages import Message, joined
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
        yield Message("and {count:,} more like these", count=more)
    if any(remark.kind in _LOST for remark in remarks):
        yield Message("everything else in the file was run")


def _note(remark: Remark) -> str:
    place, name = _place(remark.where), remark.text
    other = Message("above")
    if remark.other is not None:
        other = Message("in {place}", place=place_of(remark.other, source=False))
    match remark.kind:
        case "raised":
            return Message("{place} raised {error}", place=place, error=remark.text)
        case "syntax":
            return Message("{place} has a syntax error: {error}", place=place, error=remark.text)
        case "renamed":
            return Message(
                "{place} takes the name {name} for something else; the {name} {other} counts",
                place=place,
                name=name,
                other=other,
            )
        case "skeleton":
            return Message(
                "{place} defines {name} again and is not written; the {name} {other} counts",
                place=place,
                name=name,
                other=other,
            )
        case "guarded":
            return Message(
                "{place} is not true when a file is imported; {name} below it counts all the same",
                place=place,
                name=name,
            )
    return Message("{place} {note}", place=place, note=remark.text)


def other_assignment(assignment: Assignment, written: Collection[str]) -> str:
    """Return the assignment that a file is plainly for, if that is another one."""
    own = set(assignment.settings.points)
    for other in (slug for slug in slugs() if slug != assignment.slug):
        names = set(read_settings(other).points)
        here, apart = names.intersection(written), names.difference(own)
        # Most of its functions, and nothing that only this assignment has.
        if 2 * len(here) > len(names) and here & apart and own.intersection(written) <= names:
            names_there = joined(", ", sorted(here & apart))
            return Message(
                "the file looks like {other}: it defines {names}", other=other, names=names_there
            )
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
                yield Message(
                    "{function} is missing; is {near} meant to be it?",
                    function=function,
                    near=near[0],
                )


def reason(
    remarks: Sequence[Remark], assignment: Assignment, written: Collection[str], source: Source
) -> str:
    """Return why a submission has no function of its assignment."""
    for remark in remarks:
        if remark.kind == "syntax":
            where = remark.where
            place = Message("line {line}", line=where.line)
            if source.notebook:
                place = place_of(where, source=False)
            text = Message("syntax error in {place}: {error}", place=place, error=remark.text)
            return joined(" ", [text, _quoted(where)])
    names = joined(", ", assignment.settings.points)
    nothing = Message("the file defines none of this assignment's functions ({names})", names=names)
    other = other_assignment(assignment, written)
    why = [other] if other else [*meant(assignment.functions, written)]
    why += _inside(assignment, source)
    return joined("; ", [nothing, *why, *map(_note, remarks[:_SHOWN])])


def _inside(assignment: Assignment, source: Source) -> Iterator[str]:
    """Say where the first function of the assignment stands inside of another definition."""
    names = "|".join(assignment.functions)
    indented = re.compile(rf"^[ \t]+(?:async +def|def|class) +({names})\b", re.MULTILINE)
    for cell in source.cells:
        if match := indented.search(cell.text):
            line = cell.text.count("\n", 0, match.start()) + 1
            place = Message("{cell}, line {line}", cell=cell_of(cell.name), line=line)
            yield Message(
                "{name} in {place} stands inside of another block; move it out",
                name=match[1],
                place=place,
            )
            return


def _place(where: Frame) -> Message:
    return joined(" ", [place_of(where, source=False), _quoted(where)])


def _quoted(where: Frame) -> str:
    return f"({tidy(where.source, 80)})" if where.source else ""
