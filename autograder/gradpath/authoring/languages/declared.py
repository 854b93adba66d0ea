"""Texts that an assignment's modules declare: titles, hints, questions, labels of plots.

They are read from the loaded assignment, so that a text counts that a loop or a constant made, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from babel.messages.extract import extract_from_file

from gradpath.authoring.languages.entries import Entry, Places, is_translatable, shown
from gradpath.authoring.play.page import PART
from gradpath.course.checks import Check
from gradpath.course.expectations import Record
from gradpath.course.interview import Question, WhatIf, WhichCurve, WhichLine, Why, questions_of
from gradpath.course.load import Assignment, folder_of, load, module_of
from gradpath.course.plots import PagePlot, Plot, Together, page_plots_of, plots_of
from gradpath.reports.scripts import marked_in


def for_students(slug: str) -> Iterator[Entry]:
    """Yield the texts that the student edition shows: also hints, which are in recordings."""
    assignment = load(slug)
    folder = folder_of(slug)
    yield Places(folder / "settings.toml").entry(assignment.settings.title, "the title")
    yield from _of_checks(assignment, "public", Places(folder / "public.py"))
    yield from _of_misconceptions(assignment, Places(folder / "misconceptions.py"))
    yield from _of_plots(slug, folder / "plots.py")


def for_staff(slug: str) -> Iterator[Entry]:
    """Yield texts of the staff edition alone: hidden checks, questions for talks, pages to play."""
    folder = folder_of(slug)
    yield from _of_checks(load(slug), "hidden", Places(folder / "hidden.py"))
    questions = questions_of(slug)
    places = Places(folder / "questions.py") if questions else None
    for question in questions:
        for text, comment in _of_question(question):
            if places is not None and is_translatable(text):
                yield places.entry(text, f"talk: {comment}")
    path = folder / "pictures.py"
    if path.is_file():
        file = shown(path)
        for line, label, *_ in extract_from_file("python", path, {"told": None}):
            yield Entry(str(label), file, line, "picture of the text")
    part = folder / PART
    if part.is_file():
        file = shown(part)
        for line, text in marked_in(part.read_text("utf-8")):
            yield Entry(text, file, line, "page to play with")


def _of_checks(assignment: Assignment, visibility: str, places: Places) -> Iterator[Entry]:
    for check in assignment.checks:
        if check.visibility == visibility:
            yield places.entry(check.title, f"check {check.id}: title")
            if check.rule is not None:
                yield places.entry(check.rule.reason, f"check {check.id}: reason of the rule")
            for text in _of_expectations(assignment.slug, check):
                yield places.entry(text, f"check {check.id}: a name or a fact in its messages")


def _of_expectations(slug: str, check: Check) -> list[str]:
    """Return the texts of a check's expectations: names of parts that are no code, and facts."""
    texts: dict[str, None] = {}
    for expect in {id(case.expect): case.expect for case in check.cases("", slug)}.values():
        if isinstance(expect, Record):
            for name in (*expect.texts, *expect.fields):
                texts |= dict.fromkeys(_phrases(name))
            texts |= dict.fromkeys(expect.facts.values())
    return list(texts)


def _phrases(name: str) -> Iterator[str]:
    """Yield the parts of a key that are phrases: `second draw` of `second draw.W1`."""
    for part in re.split(r"(?<=\w)\.(?=\w)", name):
        if " " in part and is_translatable(part):
            yield part


def _of_misconceptions(assignment: Assignment, places: Places) -> Iterator[Entry]:
    for known in assignment.misconceptions:
        yield places.entry(known.title, f"misconception {known.id}: title")
        yield places.entry(known.hint, f"misconception {known.id}: hint")
        if known.fact:
            yield places.entry(known.fact, f"misconception {known.id}: fact, before the hint")


def _of_plots(slug: str, path: Path) -> Iterator[Entry]:
    if module_of(slug, "plots") is None:
        return
    places = Places(path)
    for plot in dict.fromkeys((*plots_of(slug), *page_plots_of(slug))):
        for text in _labels(plot):
            yield places.entry(text, f"picture of {plot.check}")


def _labels(plot: Plot | PagePlot) -> Iterator[str]:
    if isinstance(plot, Together):
        yield plot.title
        for curve in plot.curves:
            yield from _labels(curve)
        return
    for field in fields(plot):
        text = getattr(plot, field.name)
        if field.name in ("x", "y", "title") and is_translatable(text):
            yield text


def _of_question(question: Question) -> Iterator[tuple[str, str]]:
    match question:
        case WhatIf():
            yield question.change, "the change, after 'Suppose that'"
        case WhichCurve():
            yield from ((text, "label of the curves") for text in (question.x, question.y))
            yield question.run, "the run, in words"
        case WhichLine():
            yield question.run, "the run, in words"
        case Why():
            yield question.text, "the question"
            yield question.without, "the question without numbers"
    for text in question.mentions if isinstance(question, WhatIf | Why) else ():
        yield text, "a point of a good answer"
