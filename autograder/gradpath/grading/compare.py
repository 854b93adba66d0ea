"""Comparing the value that a call returned with the reference.

A returned value is first cut into *leaves*: named arrays in the order in which they are compared
(`gradients`, then `weights`, then `losses`). Then each leaf is compared: its kind, its shape,
whether it is finite, its values from the first step on, its length. The first thing that is wrong
is reported, with the place and both values; a wrong length, and a sequence that does not move, are
said before a wrong value, since they tell more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from gradpath.course.expectations import Expectation, Leaf, Problem, Record
from gradpath.course.tolerances import FINGERPRINT, RUNAWAY, Tolerance
from gradpath.text.messages import Message, counted, joined
from gradpath.worker.codec import Array, Generator, Refused, Tensor, Tuple

HUGE: Final = 1e30
"""Beyond this a diverging run is cut off in comparisons with known wrong runs: float32 ends at
3e38, float64 later, and the digits in between say nothing."""
_KEYS: Final = re.compile(r"(?<=\w)\.(?=\w)")
_STANDS_STILL: Final = 3
"""Equal entries from which on it is no chance that a sequence has nothing else."""


@dataclass(frozen=True)
class Mismatch:
    """The first thing that is wrong. `where`, `got`, `expected` are set when it is a value."""

    text: str
    where: str | None = None
    got: float | None = None
    expected: float | None = None


def compare(expectation: Expectation, expected: Any, got: Any) -> Mismatch | None:
    """Compare a returned value with the reference's; None when they agree.

    Args:
        expectation: how to read both values.
        expected: the reference's value.
        got: the student's value, as decoded from the channel.
    """
    if isinstance(got, Refused):
        right = joined(
            ", ",
            (
                Message("{name} {shape}", name=named(leaf.name), shape=_shape(leaf.value))
                for leaf in expectation.leaves(expected)
            ),
        )
        return Mismatch(
            Message(
                "the answer is far too large: {got}; expected {right}",
                got=got.description,
                right=right,
            )
        )
    if isinstance(expectation, Record):
        got = expectation.without_start(expected, got)
    for want, have in zip(expectation.leaves(expected), expectation.leaves(got), strict=False):
        if isinstance(want.value, Problem):
            raise ValueError(f"the reference is no reference: {want.name}: {want.value.text}")
        if isinstance(have.value, Problem):
            text = Message("{name}: {problem}", name=named(have.name), problem=have.value.text)
            return Mismatch(text)
        if isinstance(want.value, str) or isinstance(have.value, str):
            if have.value != want.value:
                texts = repr(have.value), repr(want.value)
                return Mismatch(_other_than(named(have.name), *texts))
            continue
        mismatch = _compare_leaf(want.name, want.value, have.value, want.tolerance)
        if mismatch is not None:
            facts = expectation.facts if isinstance(expectation, Record) else {}
            if want.name in facts:
                return replace(mismatch, text=Message(facts[want.name]))
            return mismatch
    return None


def agree(expected: Array, got: Array, tolerance: Tolerance) -> Array:
    """Tell element by element whether `got` is close enough; NaN and infinity never are.

    `got` has the shape of `expected`, or is shorter along the first axis.
    """
    size = np.abs(expected)
    scale = float(size.max(initial=0.0))
    if got.ndim:
        expected, size = expected[: len(got)], size[: len(got)]
    bound = tolerance.relative * size + tolerance.to_scale * scale
    with np.errstate(invalid="ignore", over="ignore"):
        close: Array = np.isfinite(got) & (np.abs(got - expected) <= bound)
    return close


def _agree(expected: float, got: float, tolerance: Tolerance) -> bool:
    """Tell of two numbers what `agree` tells of arrays, in a tenth of its time."""
    size = abs(expected)
    bound = tolerance.relative * size + tolerance.to_scale * size
    return math.isfinite(got) and abs(got - expected) <= bound


def show(value: float) -> str:
    """Write a number as a student would like to read it: up to 7 significant digits."""
    return f"{value:.7g}"


def named(name: str) -> str:
    """Return the name of a part as messages have it; one in words, `the x label`, has a form in
    each language, and a key is a key."""
    if " " not in name:
        return name
    return joined(".", (Message(part) if " " in part else part for part in _KEYS.split(name)))


@dataclass(frozen=True)
class Reading:
    """The leaves of a value that is compared with many others, and whether it runs off.

    A value runs off if it holds numbers that are infinite, NaN or huge.
    """

    leaves: Sequence[Leaf]
    runs_off: bool


def reading(expectation: Expectation, value: Any) -> Reading:
    """Return the reading of a value."""
    leaves = expectation.leaves(value)
    return Reading(leaves, any(map(_leaf_runs_off, leaves)))


def same_run(known: Reading, got: Reading) -> bool:
    """Tell whether two values, right or wrong, are the same in every leaf.

    Used for diagnosis: `known` is the value of a known mistake. Leaves without numbers are the same
    when they are wrong in the same way. Diverging histories are compared until they get huge: how
    long they go on after that, in infinities or NaN, depends on details of the loop.
    """
    a, b = known.leaves, got.leaves
    if len(a) != len(b):
        return False
    if not (known.runs_off and got.runs_off):
        return all(map(_same_leaf, a, b))
    return all(
        _same_beginning(x.value, y.value)
        if isinstance(x.value, np.ndarray) and isinstance(y.value, np.ndarray)
        else _same_leaf(x, y)
        for x, y in zip(a, b, strict=True)
    )


def changed(sent: Sequence[Any], after: Sequence[Any]) -> list[int]:
    """Return the positions of arguments that differ from those sent.

    Args:
        sent: the arguments as the grader sent them.
        after: the same arguments after the call, as plain data.
    """
    return [
        position
        for position, (before, now) in enumerate(zip(sent, after, strict=False))
        if not _same(before, now)
    ]


def _compare_leaf(name: str, expected: Array, got: Array, tolerance: Tolerance) -> Mismatch | None:
    if expected.shape == () and got.shape == (1,):
        got = got.reshape(())  # a one-element tensor is a number
    if expected.ndim and got.shape == (0,):
        got = got.reshape(0, *expected.shape[1:])  # an empty list has no rows of any shape
    if got.ndim != expected.ndim or got.shape[1:] != expected.shape[1:]:
        return Mismatch(
            Message(
                "{name} has the wrong shape: {got}, expected {expected}",
                name=named(name),
                got=_shape(got),
                expected=_shape(expected),
            )
        )
    if expected.ndim == 0:
        return _first_difference(name, expected, got, tolerance)
    count = min(len(expected), len(got))
    mismatch = _first_difference(name, expected, got[:count], tolerance)
    length: str = ""
    if abs(len(got) - len(expected)) > tolerance.entries:
        length = counted(
            "{name} has {count} entry, expected {expected}",
            "{name} has {count} entries, expected {expected}",
            len(got),
            name=named(name),
            expected=len(expected),
        )
    if mismatch is not None:
        if tolerance.entries:
            length = ""  # a rule ends the run, so its length follows from the values
        facts = [length, _stands_still(name, expected, got), mismatch.text]
        return replace(mismatch, text=joined("; ", facts))
    if not length:
        return None
    where = f"{name}[{count}]"
    agree: str = ""
    if count:
        agree = Message("what is there agrees")
        agree = Message("the first {count} agree", count=count) if count > 1 else agree
    text = joined("; ", [length, agree])
    got_value = _number(got[count]) if len(got) > count else None
    expected_value = _number(expected[count]) if len(expected) > count else None
    return Mismatch(text, where, got_value, expected_value)


def _other_than(name: str, got: str, expected: str) -> Message:
    return Message("{name} is {got}, expected {expected}", name=name, got=got, expected=expected)


def _stands_still(name: str, expected: Array, got: Array) -> str:
    """Return a sentence on a sequence whose entries are all equal, where others are expected."""
    if len(got) < _STANDS_STILL or (expected == expected[0]).all() or (got != got[0]).any():
        return ""
    return Message("{name} is the same in all {count} entries", name=named(name), count=len(got))


def _shape(value: Array | str | Problem) -> str:
    if isinstance(value, Problem):
        return Message("missing")
    if isinstance(value, str):
        return Message("a text")
    return Message("shape {shape}", shape=str(value.shape)) if value.ndim else Message("one number")


def _number(value: Any) -> float | None:
    return float(value) if np.ndim(value) == 0 else None


def _first_difference(
    name: str, expected: Array, got: Array, tolerance: Tolerance
) -> Mismatch | None:
    """Compare values along the first axis; `got` may be the shorter one."""
    if not expected.ndim and _agree(float(expected), float(got), tolerance):
        return None
    wrong = ~agree(expected, got, tolerance)
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0]) if wrong.ndim else ()
    where = name + "".join(f"[{i}]" for i in index)
    got_value, expected_value = float(got[index]), float(expected[index])
    place = Message("{name}{index}", name=named(name), index=where.removeprefix(name))
    text = _other_than(place, show(got_value), show(expected_value))
    return Mismatch(text, where, got_value, expected_value)


def _leaf_runs_off(leaf: Leaf) -> bool:
    value = leaf.value
    # "not all below" instead of "any above": NaN is neither.
    return isinstance(value, np.ndarray) and not bool((np.abs(value) < HUGE).all())


def _same_beginning(a: Array, b: Array) -> bool:
    if a.ndim != b.ndim or a.shape[1:] != b.shape[1:]:
        return False
    if a.ndim == 0:
        return True  # a count of steps, most of which say nothing
    return _same_leaf_values(a[: len(b)], b[: len(a)], RUNAWAY)


def _same_leaf(known: Leaf, got: Leaf) -> bool:
    if isinstance(known.value, Problem) or isinstance(got.value, Problem):
        both = isinstance(known.value, Problem) and isinstance(got.value, Problem)
        return both and known.value == got.value
    if isinstance(known.value, str) or isinstance(got.value, str):
        return isinstance(known.value, str) and known.value == got.value
    a, b = known.value, got.value
    if a.size == b.size == 0:
        return True  # an empty list has no rows of any shape
    if a.ndim and b.ndim and 0 < abs(len(a) - len(b)) <= known.tolerance.entries:
        a, b = a[: len(b)], b[: len(a)]
    if a.shape != b.shape and not (a.size == b.size == 1 and max(a.ndim, b.ndim) <= 1):
        return False
    return _same_leaf_values(a, b, known.tolerance)


def _same_leaf_values(a: Array, b: Array, tolerance: Tolerance) -> bool:
    # Never narrower than the check itself: a value that passes as right must also do as a likeness.
    relative = max(FINGERPRINT.relative, tolerance.relative)
    to_scale = max(FINGERPRINT.to_scale, tolerance.to_scale)
    a, b = a.reshape(-1), b.reshape(-1)
    if len(a) and _far(float(a[0]), float(b[0]), relative, to_scale):
        return False  # as most runs of other mistakes are: no array has to be made for these
    with np.errstate(invalid="ignore"):
        wild = ~(np.isfinite(a) & np.isfinite(b) & (np.abs(a) < HUGE) & (np.abs(b) < HUGE))
    end = int(np.argmax(wild)) if wild.any() else len(a)
    if end < len(a) and not (_is_wild(a[end]) and _is_wild(b[end])):
        return False
    a, b = a[:end], b[:end]
    # The scale at each place is the largest value so far: a diverging run's last values would
    # hide every difference before them, a converging run's last values are rounding only.
    scale = np.maximum.accumulate(np.maximum(np.abs(a), np.abs(b)))
    bound = relative * np.abs(a) + to_scale * scale
    return bool((np.abs(a - b) <= bound).all())


def _far(a: float, b: float, relative: float, to_scale: float) -> bool:
    """Tell of two first values that are neither huge nor NaN whether they differ."""
    scale = max(abs(a), abs(b))
    return scale < HUGE and abs(a - b) > relative * abs(a) + to_scale * scale


def _is_wild(value: float) -> bool:
    return not np.isfinite(value) or abs(value) > HUGE / 1e8


def _same(before: Any, now: Any) -> bool:
    if type(before) is float and type(now) is float:
        return bool(before == now)  # the most of them, and quicker than arrays
    if isinstance(before, Generator):
        return True  # a generator is there to draw numbers
    if isinstance(before, Tensor | Tuple):
        before = before.array
    if isinstance(before, dict):
        return (
            isinstance(now, dict)
            and before.keys() == now.keys()
            and all(_same(before[key], now[key]) for key in before)
        )
    if isinstance(before, list) and not all(isinstance(item, int | float) for item in before):
        return (
            (isinstance(now, list) or (isinstance(now, np.ndarray) and now.ndim > 0))
            and len(before) == len(now)
            and all(map(_same, before, now))
        )
    try:
        then, later = np.asarray(before), np.asarray(now)
        if then.size == later.size == 1:
            later = later.reshape(then.shape)  # a list of such arrays comes back as one array
        return bool(np.array_equal(then, later))
    except (ValueError, TypeError):
        return False
