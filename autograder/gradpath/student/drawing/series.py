"""Series: the numbers in a returned value that can be drawn, beside the expected ones.

Students return anything: None, ragged lists, NaN, numbers of 300 digits. The numbers in it are
drawn, and a sentence says which value is wrong.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradpath.course.checks import Case
from gradpath.course.expectations import Expectation, Leaf, Numbers, Parts, Problem, Record
from gradpath.errors import AuthoringError
from gradpath.grading.compare import compare
from gradpath.grading.verdict import judge
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Observation


@dataclass(frozen=True)
class Series:
    """One leaf of one call: the reference's values, and the student's that can be drawn."""

    expected: Array
    got: Array
    """Float64 of the expected number of dimensions; NaN where there is no number. May be empty."""
    wrong_at: tuple[int, ...] | None
    """The index of the first value that is wrong, if it is a value that is wrong."""
    text: str
    """The mistake, in a sentence; empty where there is none."""


def series_of(name: str, case: Case, expected: Any, got: Observation) -> Series:
    wanted = _leaf(case.expect, expected, name)
    if wanted is None or not isinstance(wanted.value, np.ndarray):
        raise AuthoringError(f"plots.py names {name!r}, which {case.call.function} does not return")
    reference = np.asarray(wanted.value)
    if got.outcome != "returned":
        verdict = judge([case], [expected], [got], public=False)
        return Series(reference, _nothing(reference), None, verdict.message)
    leaf = _leaf(case.expect, got.value, name)
    if leaf is None or isinstance(leaf.value, Problem):
        mismatch = compare(case.expect, expected, got.value)
        problem = leaf.value.text if leaf and isinstance(leaf.value, Problem) else ""
        text = problem or (mismatch.text if mismatch else "")
        return Series(
            reference, _salvaged(_raw(case.expect, got.value, name), reference), None, text
        )
    alone = Numbers(wanted.tolerance, name)
    mismatch = compare(alone, reference, leaf.value)
    index = None
    if mismatch is not None and mismatch.where is not None:
        index = tuple(int(number) for number in re.findall(r"\[(\d+)\]", mismatch.where))
    shaped = _salvaged(leaf.value, reference)
    return Series(reference, shaped, index, mismatch.text if mismatch else "")


def _leaf(expect: Expectation, value: Any, name: str) -> Leaf | None:
    return next((leaf for leaf in expect.leaves(value) if leaf.name == name), None)


def _raw(expect: Expectation, value: Any, name: str) -> Any:
    """Return the part of a value that a leaf was to be made of, of any type."""
    if isinstance(expect, Record):
        for key in name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return value
    if isinstance(expect, Parts):
        position = expect.names.index(name)
        return value[position] if isinstance(value, list) and len(value) > position else None
    return value


def _nothing(like: Array) -> Array:
    return np.zeros((0, *like.shape[1:]))


def _salvaged(value: Any, like: Array) -> Array:
    """Return the numbers in a value, in the reference's number of dimensions; NaN between them."""
    inner = like.shape[1:]
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        numbers: Array = value.astype(np.float64)
        if numbers.ndim == like.ndim and numbers.shape[1:] == inner:
            return numbers
        # The numbers are there, in a column instead of a row, or with axes swapped.
        if numbers.ndim == like.ndim == 2 and numbers.shape[0] == inner[0]:
            return numbers.T
        squeezed = numbers.squeeze()
        if squeezed.ndim == like.ndim > 0 and squeezed.shape[1:] == inner:
            return squeezed
        return _nothing(like)
    if not isinstance(value, list) or like.ndim == 0:
        return _nothing(like)
    rows = np.full((len(value), *inner), np.nan)
    for index, item in enumerate(value):
        if isinstance(item, bool) or not isinstance(item, int | float | np.ndarray):
            continue
        row = np.asarray(item)
        if row.dtype.kind in "iuf" and row.size == math.prod(inner):
            rows[index] = row.astype(np.float64).reshape(inner)
    return rows
