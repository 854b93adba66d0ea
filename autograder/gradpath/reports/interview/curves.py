"""The curves of known mistakes: computed once for each assignment, and told apart by the eye."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gradpath.course.interview import WhichCurve, questions_of
from gradpath.course.load import Assignment
from gradpath.course.mistakes import Misconception, Variant, apply
from gradpath.engine.session import Session
from gradpath.engine.workers import Workshop
from gradpath.errors import AuthoringError
from gradpath.grading.oracle import TRUSTED_LIMITS
from gradpath.reports.interview.asked import Asked, Drawing, Line, Option
from gradpath.reports.interview.runs import Runs, begin, leaves_of, named
from gradpath.text.messages import Message, joined
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Cell, Observation, Source

LETTERS: Final = "ABCD"
VISIBLE: Final = 0.08
"""Of a picture's height: curves that are this far apart somewhere look different in a print."""
INSIDE: Final = 0.15
"""Of its steps: a curve that is in the picture for fewer is none to recognise."""
_ROOM: Final = 1.0
"""Above and below the right run, in parts of its height. A curve that goes further leaves the
picture."""
_SHORTER: Final = 0.2
"""The part of the steps that a curve must lack to look shorter."""


@dataclass(frozen=True)
class Curves:
    """A question with the curves of the right run and of each mistake, by its id."""

    question: WhichCurve
    expected: Array
    by_mistake: Mapping[str, Array]
    known: Mapping[str, Misconception]
    variants: Mapping[str, Variant]


def curves_of(assignment: Assignment, workshop: Workshop) -> list[Curves]:
    """Compute the curves of an assignment's questions, in one worker with the course's own code.

    Raises:
        AuthoringError: a mistake is unknown, or has no variant that changes this run, or no curve.
    """
    questions = [one for one in questions_of(assignment.slug) if isinstance(one, WhichCurve)]
    if not questions:
        return []
    if assignment.solution is None:
        raise AssertionError("curves need the solution")
    session = Session(workshop, assignment.slug, assignment.solution, TRUSTED_LIMITS, trusted=True)
    try:
        return [_curves(assignment, question, session) for question in questions]
    finally:
        session.close()


def _curves(assignment: Assignment, question: WhichCurve, session: Session) -> Curves:
    known = {one.id: one for one in assignment.misconceptions}
    unknown = sorted(set(question.mistakes) - set(known))
    if unknown or len(set(question.mistakes)) < len(LETTERS):
        wrong = f"no mistake {unknown[0]!r}" if unknown else "fewer than four mistakes"
        raise AuthoringError(f"{assignment.slug}: questions.py: a question has {wrong}")
    expected = _run(assignment, question, None, session)
    if expected is None:
        raise AuthoringError(f"{assignment.slug}: questions.py: the solution has no such curve")
    made = {
        id: _made(assignment, question, expected, known[id], session) for id in question.mistakes
    }
    variants = {id: variant for id, (variant, _) in made.items()}
    return Curves(question, expected, {id: x for id, (_, x) in made.items()}, known, variants)


def _made(
    assignment: Assignment,
    question: WhichCurve,
    expected: Array,
    mistake: Misconception,
    session: Session,
) -> tuple[Variant, Array]:
    """Return the first variant of a mistake that shows in the curve, and this curve."""
    function = question.case.call.function
    related = assignment.builds_on(function)
    # The function itself first: there the mistake is made where it is looked for.
    for variant in sorted(mistake.variants, key=lambda variant: variant.function != function):
        if variant.function in related:
            values = _run(assignment, question, variant, session)
            if values is None:
                continue
            edges = limits(expected, [values], log=question.log)
            if distance(values, expected, edges, log=question.log) >= VISIBLE:
                return variant, values
    raise AuthoringError(
        f"{assignment.slug}: questions.py: {mistake.id} does not show in `{question.leaf}` of "
        f"{function}"
    )


def _run(
    assignment: Assignment, question: WhichCurve, variant: Variant | None, session: Session
) -> Array | None:
    """Return a curve of the solution with a variant; None where there is none to draw."""
    source = assignment.solution
    assert source is not None
    if variant is not None:
        text = apply(source.cells[0].text, [variant])
        source = Source(source.module, (Cell(source.cells[0].name, text),))
    session.replace(source)
    seen = session.observe(question.case.call)
    return _curve_in(question, seen)


def _curve_in(question: WhichCurve, seen: Observation) -> Array | None:
    values = leaves_of(question.case, seen).get(question.leaf)
    if values is None or values.ndim != 1 or len(values) < 2:
        return None
    return values if np.isfinite(_scaled(values[:2], log=question.log)).all() else None


def unclear(curves: Curves) -> Iterator[str]:
    """Yield the pairs of curves that nobody could tell apart, and curves beside the picture."""
    every = {"the right run": curves.expected, **curves.by_mistake}
    log = curves.question.log
    edges = limits(curves.expected, list(curves.by_mistake.values()), log=log)
    for name, values in every.items():
        heights = _scaled(values, log=log)
        low, high = (float(edge) for edge in _scaled(np.array(edges), log=log))
        inside = int(np.sum((low <= heights) & (heights <= high)))
        if inside < max(2, INSIDE * len(values)):
            yield f"{name} is in the picture for {inside} of {len(values)} steps"
    for one, other in itertools.combinations(every, 2):
        gap = distance(every[one], every[other], edges, log=log)
        if gap < VISIBLE:
            yield f"{one} and {other} look alike: they are {100 * gap:.0f} % of the height apart"


def distance(one: Array, other: Array, edges: tuple[float, float], *, log: bool) -> float:
    """Return the largest distance of two curves in a picture, in parts of its height.

    Args:
        one: a curve.
        other: the other one.
        edges: the lowest and the highest value of the picture.
        log: whether its axis is logarithmic.
    """
    if abs(len(one) - len(other)) >= _SHORTER * max(len(one), len(other)):
        return 1.0
    count = min(len(one), len(other))
    a, b = (_heights(curve[:count], *edges, log=log) for curve in (one, other))
    return float(np.max(np.abs(a - b)))


def limits(expected: Array, others: Sequence[Array], *, log: bool) -> tuple[float, float]:
    """Return the lowest and the highest value of a picture: the curves, near the right run."""
    right = _finite(expected, log=log)
    room = _ROOM * (float(right.max()) - float(right.min())) or 1.0
    every = np.concatenate([_finite(values, log=log) for values in (expected, *others)])
    low = max(float(every.min()), float(right.min()) - room)
    high = min(float(every.max()), float(right.max()) + room)
    air = 0.04 * (high - low)
    low, high = low - air, high + air
    return (10.0**low, 10.0**high) if log else (low, high)


def _finite(values: Array, *, log: bool) -> Array:
    scaled = _scaled(values, log=log)
    return np.asarray(scaled[np.isfinite(scaled)])


def _heights(values: Array, low: float, high: float, *, log: bool) -> Array:
    edges = _scaled(np.array([low, high]), log=log)
    with np.errstate(all="ignore"):
        heights = (_scaled(values, log=log) - edges[0]) / (edges[1] - edges[0])
    # Not in the picture is as far away as the edge at which a curve has left it.
    heights = np.nan_to_num(heights, nan=1.0, posinf=1.0, neginf=0.0)
    return np.asarray(np.clip(heights, 0.0, 1.0))


def _scaled(values: Array, *, log: bool) -> Array:
    if not log:
        return values
    with np.errstate(all="ignore"):
        return np.asarray(np.log10(values))


def ask_which_curve(
    curves: Curves, rng: random.Random, runs: Runs, right: Collection[str]
) -> Asked:
    """Ask for the curve of one known mistake among those of four.

    The mistake is made in the student's own function where the same piece of code is there, and
    the edited copy follows the curve; otherwise in the solution.

    Args:
        curves: the curves of the question.
        rng: draws the mistakes.
        runs: the student's submission.
        right: its functions with all their points.
    """
    question, call = curves.question, curves.question.case.call
    chosen: Sequence[str] = rng.sample(sorted(curves.by_mistake), len(LETTERS))
    asked = rng.choice(chosen)
    mistake = curves.known[asked]
    edited = _edited(curves, asked, runs) if call.function in right else None
    options = [
        Option(letter, curves.by_mistake[id], id, curves.known[id].title, id == asked)
        for letter, id in zip(LETTERS, chosen, strict=True)
    ]
    letter = next(option.letter for option in options if option.right)
    others = joined("; ", (_named(one) for one in options if not one.right))
    change: str = Message(
        "Now it, or a function that it builds on, has one mistake: *{title}*.",
        title=Message(mistake.title),
    )
    if edited is not None:
        change = edited[0]
    return Asked(
        "curve",
        call.function,
        Message(
            "{begin} A right `{function}` gives the dashed curve for {name}. "
            "{change} Which of the four curves is it then, and why?",
            begin=begin(call, question.run),
            function=call.function,
            name=named(question.leaf),
            change=change,
        ),
        (
            Message(
                "Curve {letter}: {title}. {others}.",
                letter=letter,
                title=Message(mistake.title),
                others=others,
            ),
        ),
        [Message(text) for text in (mistake.fact, mistake.hint) if text],
        [] if edited is None else [edited[1]],
        Drawing(options, curves.expected, question.x, question.y, question.first, question.log),
    )


def _named(option: Option) -> Message:
    return Message("{letter}: {title}", letter=option.letter, title=Message(option.title))


def _edited(curves: Curves, id: str, runs: Runs) -> tuple[str, Line] | None:
    """Make a mistake in the student's own function.

    Returns:
        The change as a sentence, and its line; None where the piece of code is not there, or where
        the edited copy does not follow the curve of the mistake.
    """
    question, variant = curves.question, curves.variants[id]
    if len(variant.edits) != 1 or variant.code:
        return None
    old, new = (text.strip() for text in variant.edits[0])
    places = [
        Line(cell.name, number, Message("is changed"))
        for cell in runs.cells
        for number, line in enumerate(cell.text.split("\n"), 1)
        if old in line
    ]
    if "\n" in old + new or len(places) != 1:
        return None
    cells = [
        Cell(cell.name, cell.text.replace(old, new)) if cell.name == places[0].cell else cell
        for cell in runs.cells
    ]
    seen = runs.observe_copy(cells, question.case.call)
    values = _curve_in(question, seen)
    if values is None:
        return None
    edges = limits(curves.expected, list(curves.by_mistake.values()), log=question.log)
    if distance(values, curves.by_mistake[id], edges, log=question.log) > VISIBLE / 4:
        return None
    return Message(
        "Now the piece `{old}` of your program becomes `{new}`.", old=old, new=new
    ), places[0]
