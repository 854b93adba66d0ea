"""The parts of a returned value that a check compares, and the reader of each part."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradpath.course.tolerances import EXACT, Tolerance
from gradpath.text.messages import Message, joined, recognized
from gradpath.worker.codec import Array, Opaque
from gradpath.worker.values import ODD


@dataclass(frozen=True)
class Problem:
    """A leaf that holds no numbers at all; `text` describes it."""

    text: str


@dataclass(frozen=True)
class Leaf:
    """A named array of a returned value, as float64 of the value's own shape; or a named text."""

    name: str
    value: Array | str | Problem
    tolerance: Tolerance


@dataclass(frozen=True)
class Numbers:
    """The value is one number or one array.

    With `column`, it is an array of shape (n, 1): a list of arrays of one element each is read as n
    numbers, and is as right as the array.
    """

    tolerance: Tolerance
    name: str = "result"
    column: bool = False

    def leaves(self, value: Any) -> list[Leaf]:
        array = numbers(value)
        if self.column and isinstance(array, np.ndarray) and array.ndim == 1:
            array = array[:, np.newaxis]
        return [Leaf(self.name, array, self.tolerance)]


@dataclass(frozen=True)
class Parts:
    """The value is a tuple (or list, or array) of as many parts as `names`."""

    names: tuple[str, ...]
    tolerance: Tolerance

    def leaves(self, value: Any) -> list[Leaf]:
        count = len(self.names)
        odd: str | int | None = None
        if not isinstance(value, list | np.ndarray) or (
            isinstance(value, np.ndarray) and value.ndim == 0
        ):
            odd = describe(value)
        elif len(value) != count:
            odd = len(value)
        if odd is not None:
            text = Message(
                "{count} values ({names}) are expected, got {got}",
                count=count,
                names=joined(", ", self.names),
                got=odd,
            )
            return [Leaf(self.names[0], Problem(text), self.tolerance)]
        return [
            Leaf(name, numbers(part), self.tolerance)
            for name, part in zip(self.names, value, strict=True)
        ]


@dataclass(frozen=True)
class Record:
    """The value is a dict; `fields` are compared in their order, `a.b` is a key inside a dict.

    Attributes:
        fields: the keys and their tolerances.
        texts: keys whose values are texts, such as labels; they come first, letter for letter.
        made_by: keys of numbers that an earlier function gives, with its name. Where that function
            is wrong, they may be off by a constant factor if all else is right: two signs cancel.
        start: histories with the entry that may stand in front of them, from before the first
            update; it is passed over. A key with None counts entries, and may count that one.
        from_start: histories that begin with the start, as the text asks. One entry too many is
            passed over: the start once more, or the value after the last update.
        facts: keys of flags, with the message for one that is wrong: "W1 is not a leaf".
    """

    fields: Mapping[str, Tolerance]
    texts: tuple[str, ...] = ()
    made_by: Mapping[str, str] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    from_start: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def leaves(self, value: Any) -> list[Leaf]:
        texts = [Leaf(name, _text(value, name), EXACT) for name in self.texts]
        return texts + [
            Leaf(name, _field(value, name.split(".")), tolerance)
            for name, tolerance in self.fields.items()
        ]

    def without_start(self, expected: Any, got: Any) -> Any:
        """Return a value without the start in front of its histories, where it is one too many."""
        if not (self.start or self.from_start) or not isinstance(got, dict):
            return got
        begun = {
            key: got[key][1:]
            for key, first in self.start.items()
            if first is not None and _begins_with(first, got.get(key), expected[key])
        }
        for key in self.from_start:
            first = expected[key][0]
            if _begins_with(first, got.get(key), expected[key]):
                twice = np.allclose(got[key][1], first, rtol=1e-5, atol=0.0)
                begun[key] = got[key][1:] if twice else got[key][:-1]
        for key in [key for key, first in self.start.items() if first is None and begun]:
            count = numbers(got.get(key))
            if not isinstance(count, Problem) and count.ndim == 0 and count == expected[key] + 1:
                begun[key] = expected[key]
        return {**got, **begun}

    def without_factor(self, wrong: Collection[str], expected: Any, got: Any) -> Any:
        """Return a value in which numbers of wrong functions have the size of those expected."""
        if not isinstance(got, dict):
            return got
        scaled = {}
        for key, function in self.made_by.items():
            want, have = numbers(expected[key]), numbers(got.get(key))
            if function not in wrong or isinstance(want, Problem) or isinstance(have, Problem):
                continue
            if have.size and have.shape == want.shape:
                place = int(np.argmax(np.abs(want)))
                with np.errstate(all="ignore"):
                    scaled[key] = have * (want.flat[place] / have.flat[place])
        return {**got, **scaled}


def _begins_with(first: Any, got: Any, expected: Any) -> bool:
    """Tell whether a history has one entry more than expected, and in front the start."""
    have, want = numbers(got), numbers(expected)
    if isinstance(have, Problem) or isinstance(want, Problem) or not have.ndim or not want.ndim:
        return False
    if len(have) != len(want) + 1 or have[0].shape != np.shape(first):
        return False
    return bool(np.allclose(have[0], first, rtol=1e-5, atol=0.0))


Expectation = Numbers | Parts | Record


def _text(value: Any, key: str) -> str | Problem:
    if isinstance(value, dict) and isinstance(value.get(key), str):
        return str(value[key])
    found = describe(value.get(key) if isinstance(value, dict) else value)
    return Problem(Message("a text is expected, got {got}", got=found))


def _field(value: Any, path: list[str]) -> Array | Problem:
    for depth, key in enumerate(path):
        parent = repr(".".join(path[:depth]))
        inside = Message(" under {parent}", parent=parent) if depth else ""
        if not isinstance(value, dict):
            return Problem(
                Message(
                    "a dict with the key {key} is expected{inside}, got {got}",
                    key=repr(key),
                    inside=inside,
                    got=describe(value),
                )
            )
        if key not in value:
            return Problem(
                Message(
                    "the key {key} is missing{inside} (keys there are: {keys})",
                    key=repr(key),
                    inside=inside,
                    keys=_keys(value),
                )
            )
        value = value[key]
    return numbers(value)


def numbers(value: Any) -> Array | Problem:
    """Return the value as float64 array, or say why it holds no numbers."""
    if isinstance(value, bool):
        return Problem(Message("a number is expected, got {got}", got=str(value)))
    if isinstance(value, int | float):
        return np.asarray(value, dtype=np.float64)
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.kind in "iuf":
            return np.asarray(value, dtype=np.float64)
        flags = value.dtype.kind == "b"
        odd = Message("True/False values") if flags else Message("complex numbers")
        return Problem(Message("real numbers are expected, got {got}", got=odd))
    return Problem(Message("numbers are expected, got {got}", got=describe(value)))


def _keys(value: Mapping[str, Any]) -> str:
    """List a few keys, each cut to the length of a name."""
    return joined(", ", (key[:40] for key in sorted(value)[:8])) or Message("(none)")


def describe(value: Any) -> str:
    """Describe a value in a few words, where another was expected."""
    if value is None:
        return Message("None (does the function end without a return?)")
    if isinstance(value, Opaque):
        return recognized(value.description, ODD.values())
    if isinstance(value, str):
        return Message("the text {text}", text=repr(value[:40]))
    if isinstance(value, complex):
        return Message("a complex number")
    if isinstance(value, dict):
        return Message("a dict with the keys {keys}", keys=_keys(value))
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return Message("a number")
        return Message("an array of shape {shape}", shape=str(value.shape))
    if isinstance(value, list):
        odd = next((item for item in value if not isinstance(item, int | float | np.ndarray)), None)
        if odd is not None or None in [item if item is None else 0 for item in value]:
            return Message("a list that contains {odd}", odd=describe(odd))
        return Message("a list whose items have different shapes")
    if isinstance(value, bool):
        return Message("True or False")
    return Message("the number {value}", value=str(value))
