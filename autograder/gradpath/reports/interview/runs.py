"""Runs for questions: a submission, changed copies of it, and known mistakes, in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from gradpath.course.checks import ELIDED, Case
from gradpath.course.load import Assignment
from gradpath.engine.session import Session
from gradpath.engine.workers import Workshop
from gradpath.grading.compare import show
from gradpath.text.messages import Message
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Call, Cell, Observation, Source

_PLACE: Final = re.compile(r"(?P<leaf>[^\[\]]+)(?P<index>(?:\[-?\d+\])*)")
_ENDLESS: Final = Message("does not return")
_WORDS: Final = {
    "missing": Message("is not there"),
    "not_implemented": Message("is not written yet"),
    "timeout": Message("takes too long and is stopped"),
    "killed": Message("is stopped"),
}


class Runs:
    """The runs of one submission: each call is made once, in a worker with a student's limits.

    Nothing that the submission does ends a talk: a call without an answer leads to no question.
    """

    def __init__(self, workshop: Workshop, assignment: Assignment, cells: Sequence[Cell]) -> None:
        """Take the source as it was graded; nothing is run before it is asked for."""
        self.cells = tuple(cells)
        self._workshop = workshop
        self._assignment = assignment
        self._session = self._open(self.cells)
        self._seen: dict[int, tuple[Call, Observation]] = {}

    @property
    def slug(self) -> str:
        """The assignment."""
        return self._assignment.slug

    def observe(self, call: Call) -> Observation:
        """Make a call of the submission, unless it was made before."""
        if not self.cells:
            return Observation("missing")
        if id(call) not in self._seen:
            # With the call itself, so that no other one gets its id.
            self._seen[id(call)] = call, self._session.observe(call)
        return self._seen[id(call)][1]

    def observe_copy(self, cells: Sequence[Cell], call: Call) -> Observation:
        """Make a call of a changed copy of the submission, in a worker of its own."""
        session = self._open(cells)
        try:
            return session.observe(call)
        finally:
            session.close()

    def close(self) -> None:
        """End the worker."""
        self._session.close()

    def _open(self, cells: Sequence[Cell]) -> Session:
        slug, limits = self.slug, self._assignment.settings.limits
        return Session(
            self._workshop,
            slug,
            Source(slug, tuple(cells)),
            limits,
            functions=self._assignment.functions,
        )


def leaves_of(case: Case, seen: Observation) -> dict[str, Array]:
    """Return the named arrays of a returned value; none of a call that returned no such value."""
    if seen.outcome != "returned":
        return {}
    return {
        leaf.name: leaf.value
        for leaf in case.expect.leaves(seen.value)
        if isinstance(leaf.value, np.ndarray)
    }


def is_shown(call: Call) -> bool:
    """Tell whether a call can be written out: a long one, or one of a probe, is not."""
    return bool(call.shown) and not call.probe and not call.shown.endswith(f"({ELIDED})")


def begin(call: Call, run: str) -> str:
    """Return the beginning of a question about a call: the call, or the run in words."""
    return (
        Message("Take the call `{call}`.", call=call.shown)
        if is_shown(call)
        else Message("Take {run}.", run=Message(run))
    )


def named(leaf: str, index: Sequence[int] = ()) -> str:
    """Return the name of a part of a record in a text, or of a returned value as a whole."""
    place = "".join(f"[{number}]" for number in index)
    if leaf != "result":
        return Message("`{leaf}{place}`", leaf=leaf, place=place)
    return Message("entry `{place}` of the result", place=place) if place else Message("the result")


def number_at(leaves: dict[str, Array], place: str) -> float | None:
    """Return the number at a place such as `weights[2]`; None where there is none."""
    found = _PLACE.fullmatch(place)
    if found is None or found["leaf"] not in leaves:
        return None
    index = tuple(int(number) for number in re.findall(r"-?\d+", found["index"]))
    try:
        return float(leaves[found["leaf"]][index])
    except (IndexError, TypeError, ValueError):  # it ends before, or holds rows there
        return None


def differences(case: Case, before: Observation, after: Observation) -> list[str]:
    """Say of each part of a record how it changes, in a sentence each; of an exception what it is.

    Args:
        case: the call of both.
        before: the outcome of the submission, which returned.
        after: the outcome of the changed copy.
    """
    if after.outcome != "returned":
        return [ending(after)]
    now = leaves_of(case, after)
    return [
        _difference(name, value, now.get(name)) for name, value in leaves_of(case, before).items()
    ]


def ending(seen: Observation) -> str:
    """Say how a call ended that did not return."""
    if seen.failure is None:
        return Message("The call {note}.", note=seen.note or _WORDS.get(seen.outcome, _ENDLESS))
    message = f"{seen.failure.type}: {seen.failure.message}".removesuffix(": ")
    frames = seen.failure.frames
    place = (
        Message(" in line {line} (`{source}`)", line=frames[-1].line, source=frames[-1].source)
        if frames
        else ""
    )
    return Message("The call raises an exception{place}: {message}", place=place, message=message)


def _difference(name: str, before: Array, after: Any) -> str:
    part = Message("The result") if name == "result" else named(name)
    if not isinstance(after, np.ndarray):
        return Message("{part} is no longer there as numbers.", part=part)
    if before.shape == () == after.shape:
        if _close(before, after).all():
            return Message("{part} stays as it is.", part=part)
        return Message(
            "{part} is {value} instead of {before}.",
            part=part,
            value=show(float(after)),
            before=show(float(before)),
        )
    if before.ndim != after.ndim or before.shape[1:] != after.shape[1:]:
        return Message(
            "{part} has the shape {shape} instead of {before}.",
            part=part,
            shape=after.shape,
            before=before.shape,
        )
    count = min(len(before), len(after))
    wrong = np.argwhere(~_close(before[:count], after[:count]))
    if len(wrong):
        index = tuple(int(number) for number in wrong[0])
        now, was = show(float(after[index])), show(float(before[index]))
        text = Message(
            "{name} is {now} instead of {was}", name=named(name, index), now=now, was=was
        )
        return (
            Message("{text}; nothing before it changes.", text=text)
            if any(index)
            else Message("{text}.", text=text)
        )
    if len(before) != len(after):
        return Message(
            "{part} has {now} entries instead of {before}; the first {count} agree.",
            part=part,
            now=len(after),
            before=len(before),
            count=count,
        )
    return Message("{part} stays as it is.", part=part)


def _close(before: Array, after: Array) -> Any:
    # Rounding only: an order of operations that gives other last digits is no change.
    scale = float(np.max(np.abs(before[np.isfinite(before)]), initial=0.0))
    return np.isclose(after, before, rtol=1e-6, atol=1e-9 * scale, equal_nan=True)
