"""Documented figures beside computed ones: the rows that an assignment's documented.py yields.

Such a module has one function, `rows(module)`: it runs the solution, which it gets as a module, on
the data of the source article, and compares everything that the article prints. Nothing is copied
from there but the figures in documented.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

SHOWN: Final = 3
"""So many entries of a sequence are shown one by one; its last row stands for all of them."""

DIFFERS: Final = "differs"


@dataclass(frozen=True)
class Row:
    """A documented figure next to ours, or a whole sequence of them when there are no values."""

    assignment: str
    figure: str
    documented: str
    computed: str
    agreement: str
    agrees: bool


@dataclass(frozen=True)
class Way:
    """A way to write two values side by side; equal texts agree."""

    name: str
    write: Callable[[Any], str]


def _digits(value: Any) -> str:
    return repr(float(value))


BITS: Final = Way("bit for bit", _digits)
"""`repr` of a float is different for different floats, so equal texts are equal bits."""
FLOAT32: Final = Way("bit for bit (float32)", lambda value: str(np.float32(value)))
TWELVE: Final = Way("12 digits as printed", lambda value: f"{float(value):.12g}")
FOUR_DECIMALS: Final = Way("4 decimals as printed", lambda value: f"{float(value):.4f}")
COUNT: Final = Way("equal", lambda value: str(int(value)))


def compare_sequence(
    assignment: str, name: str, want: Sequence[Any], got: Sequence[Any], way: Way, first: int = 0
) -> Iterator[Row]:
    """Yield the first rows of a sequence, every row that differs, and one row for the whole.

    `first` is the index at which the documented part of the sequence begins.
    """
    right = 0
    for index, (expected, computed) in enumerate(zip(want, got, strict=False)):
        texts = way.write(expected), way.write(computed)
        agrees = texts[0] == texts[1]
        right += agrees
        if index < SHOWN or not agrees:
            place = f"{name}[{first + index}]"
            yield Row(assignment, place, *texts, way.name if agrees else DIFFERS, agrees)
    lengths = "" if len(got) == len(want) else f", but there are {len(got)}"
    summary = f"{right} of {len(want)} {way.name}{lengths}"
    yield Row(assignment, f"{name}, all", "", "", summary, right == len(want) == len(got))


def compare_one(assignment: str, name: str, want: Any, got: Any, way: Way) -> Row:
    """Compare a single figure."""
    texts = way.write(want), way.write(got)
    agrees = texts[0] == texts[1]
    return Row(assignment, name, *texts, way.name if agrees else DIFFERS, agrees)
