"""The two sheets of a talk: one for the examiner, one for the student, as data and as pages.

A student's sheet is made from data that hold no answer, so that none can be read from its source.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from jinja2 import Environment
from markupsafe import Markup, escape

from gradpath.grading.results import Result, points_text
from gradpath.grading.rules import ModuleSource
from gradpath.reports.feedback.page import css
from gradpath.reports.feedback.source import listing
from gradpath.reports.interview.asked import TITLES, Asked, Drawing
from gradpath.reports.interview.draw import Talk
from gradpath.reports.interview.panels import panels_svg
from gradpath.reports.results import title_of
from gradpath.reports.templates import environment
from gradpath.text import clean
from gradpath.text.languages import tell
from gradpath.worker.codec import Array

_MARKED: Final = re.compile(r"`([^`]+)`|\*([^*]+)\*")
_DIGITS: Final = 7
"""Of the numbers of a curve in a sheet's data: more than anybody can see in the picture."""


@dataclass(frozen=True)
class Code:
    """A function of the student's: its name, its cell, and its numbered lines."""

    name: str
    cell: str
    lines: Sequence[tuple[int, Markup, Sequence[str]]]


def student_data(talk: Talk, asked: Sequence[Asked]) -> dict[str, Any]:
    """Return the sheet for the student: the questions, and no answer."""
    return {
        **_head(talk.result),
        "questions": [
            _question(number, one, talk.result.assignment) for number, one in enumerate(asked, 1)
        ],
    }


def examiner_data(talk: Talk, asked: Sequence[Asked]) -> dict[str, Any]:
    """Return the sheet for the examiner: questions, answers, lines, and a field to mark."""
    result, slug = talk.result, talk.result.assignment
    lines = {cell.name: cell.text.split("\n") for cell in talk.cells}
    return {
        **_head(result),
        "score": result.score,
        "max_score": result.max_score,
        "questions": [
            {
                **_question(number, one, slug),
                "answer": [tell(clean(text), slug) for text in one.answer],
                "mentions": [tell(clean(text), slug) for text in one.mentions],
                "lines": [
                    {
                        "cell": clean(line.cell),
                        "line": line.number,
                        "role": tell(line.role),
                        "source": clean(lines[line.cell][line.number - 1].strip()),
                    }
                    for line in one.lines
                ],
                "curves": _named(one.drawing, slug),
                "mark": None,
            }
            for number, one in enumerate(asked, 1)
        ],
    }


def pages(talk: Talk, asked: Sequence[Asked]) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """Return the files of the student's sheet and of the examiner's, by their endings."""
    pictures = {
        number: panels_svg(one.drawing, f"q{number}-", talk.result.assignment)
        for number, one in enumerate(asked, 1)
        if one.drawing is not None
    }
    files = []
    for data, marks in ((student_data(talk, asked), ()), (examiner_data(talk, asked), asked)):
        html = (
            _environment()
            .get_template("sheet.html")
            .render(
                sheet=data,
                examiner=bool(marks),
                several=len(talk.cells) > 1,
                pictures=pictures,
                code=_code(talk, asked, marks),
                css=css(),
            )
        )
        json = msgspec.json.format(msgspec.json.encode(data), indent=2)
        files.append({".html": html.encode("utf-8", "replace"), ".json": json + b"\n"})
    return files[0], files[1]


def index_page(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the page with all talks, for the examiner."""
    template = _environment().get_template("index.html")
    return template.render(rows=rows, css=css()).encode("utf-8", "replace")


def _head(result: Result) -> dict[str, Any]:
    return {
        "assignment": result.assignment,
        "title": tell(title_of(result.assignment), result.assignment),
        "student": clean(result.student),
        "file": clean(result.file),
    }


def _question(number: int, asked: Asked, slug: str) -> dict[str, Any]:
    drawing = asked.drawing
    return {
        "number": number,
        "kind": asked.kind,
        "title": tell(TITLES[asked.kind]),
        "function": asked.function,
        "question": tell(clean(asked.text), slug),
        "curves": None
        if drawing is None
        else {
            "the right run": _numbers(drawing.expected),
            **{option.letter: _numbers(option.values) for option in drawing.options},
        },
    }


def _named(drawing: Drawing | None, slug: str) -> list[dict[str, Any]] | None:
    if drawing is None:
        return None
    return [
        {
            "letter": option.letter,
            "mistake": option.mistake,
            "title": tell(option.title, slug),
            "right": option.right,
            "values": _numbers(option.values),
        }
        for option in drawing.options
    ]


def _numbers(values: Array) -> list[float | None]:
    """Return numbers that JSON has; None for those that are none."""
    return [float(f"{x:.{_DIGITS}g}") if np.isfinite(x) else None for x in values.tolist()]


def _code(talk: Talk, asked: Sequence[Asked], marks: Sequence[Asked]) -> list[Code]:
    """Return the functions that the questions are about, with marks for the examiner."""
    shown = {cell.name: cell.lines for cell in listing(talk.cells, cut=False).cells}
    places = ModuleSource((cell.name, cell.text) for cell in talk.cells).definitions
    roles: dict[tuple[str, int], list[str]] = {}
    for line in (line for one in marks for line in one.lines):
        roles.setdefault((clean(line.cell), line.number), []).append(tell(line.role))
    # A curve may be about a piece of code in an earlier function, which the question shows.
    edited = {(line.cell, line.number) for one in asked if one.drawing for line in one.lines}
    names = {one.function for one in asked}
    found = []
    for name, (cell, node) in places.items():
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        if name not in names and not {(cell, at) for at in range(first, last + 1)} & edited:
            continue
        lines = shown[clean(cell)][first - 1 : last]
        numbered = [(x.number, x.html, roles.get((clean(cell), x.number), [])) for x in lines]
        found.append(Code(name, clean(cell), numbered))
    return found


def _marked_up(text: str) -> Markup:
    """Return a text as HTML, with `code` and *emphasis*."""
    parts, end = [], 0
    for match in _MARKED.finditer(text):
        parts.append(escape(text[end : match.start()]))
        code = match[1] is not None
        tag = "code" if code else "em"
        parts.append(Markup(f"<{tag}>{{}}</{tag}>").format(match[1] if code else match[2]))
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


@functools.cache
def _environment() -> Environment:
    made = environment("gradpath.reports.interview")
    made.filters["points"] = points_text
    made.filters["marked"] = _marked_up
    return made
