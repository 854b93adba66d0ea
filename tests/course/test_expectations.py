"""The parts that are read from a returned value, and the words for a value of another kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradpath.course.expectations import Expectation, Numbers, Parts, Problem, Record, describe
from gradpath.course.tolerances import EXACT, FORMULA, GRID
from gradpath.grading.compare import compare
from gradpath.worker.codec import Opaque
from gradpath.worker.values import plain


def read(expectation: Expectation, value: Any) -> list[tuple[str, Any]]:
    """Return names and values of the leaves; a problem is its text."""
    return [
        (
            leaf.name,
            leaf.value.text
            if isinstance(leaf.value, Problem)
            else leaf.value
            if isinstance(leaf.value, str)
            else leaf.value.tolist(),
        )
        for leaf in expectation.leaves(value)
    ]


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (2, 2.0),
        (2.5, 2.5),
        (np.int64(3), 3.0),
        (np.array(4, dtype=np.uint8), 4.0),
        (np.array([1, 2]), [1.0, 2.0]),
        (np.array([[0.5]], dtype=np.float32), [[0.5]]),
        (True, "a number is expected, got True"),
        (np.bool_(True), "real numbers are expected, got True/False values"),
        (np.array([True]), "real numbers are expected, got True/False values"),
        (np.array([1j]), "real numbers are expected, got complex numbers"),
        (None, "numbers are expected, got None (does the function end without a return?)"),
    ],
)
def test_numbers(value: Any, numbers: object) -> None:
    assert read(Numbers(FORMULA), value) == [("result", numbers)]
    (leaf,) = Numbers(GRID, "grid").leaves(value)
    assert (leaf.name, leaf.tolerance) == ("grid", GRID)
    assert isinstance(leaf.value, Problem) or np.asarray(leaf.value).dtype == np.float64


def test_a_list_of_arrays_of_one_element_is_as_right_as_a_column() -> None:
    column = np.array([[1.0], [2.0]])
    rows = plain(list(column))
    assert rows.shape == (2,)  # as it is read: the numbers count, not the container
    assert compare(Numbers(FORMULA, column=True), column, rows) is None
    assert compare(Numbers(FORMULA), column, rows) is not None
    assert compare(Numbers(FORMULA, column=True), column, rows[:1]) is not None


@pytest.mark.parametrize(
    ("value", "leaves"),
    [
        ([1.0, 2.0], [("a", 1.0), ("b", 2.0)]),
        (np.array([1.0, 2.0]), [("a", 1.0), ("b", 2.0)]),
        (np.ones((2, 1)), [("a", [1.0]), ("b", [1.0])]),
        ([1.0, None], [("a", 1.0), ("b", f"numbers are expected, got {describe(None)}")]),
        ([], [("a", "2 values (a, b) are expected, got 0")]),
        ([1.0], [("a", "2 values (a, b) are expected, got 1")]),
        ([1.0, 2.0, 3.0], [("a", "2 values (a, b) are expected, got 3")]),
        (np.array(1.0), [("a", "2 values (a, b) are expected, got a number")]),
        (7.0, [("a", "2 values (a, b) are expected, got the number 7.0")]),
    ],
)
def test_parts(value: Any, leaves: list[tuple[str, Any]]) -> None:
    pair = Parts(("a", "b"), FORMULA)
    assert read(pair, value) == leaves
    assert {leaf.tolerance for leaf in pair.leaves(value)} == {FORMULA}


RECORD = Record({"losses": FORMULA, "best.w": GRID}, texts=("label",))


@pytest.mark.parametrize(
    ("value", "leaves"),
    [
        ({"label": "l", "losses": [], "best": {"w": 1.0}}, ["l", None, 1.0]),
        ({"label": 1, "losses": 2, "best": {}}, ["a text", 2.0, "'w' is missing under 'best'"]),
        ({"losses": 2, "best": {"v": 1}}, ["got None", 2.0, "(keys there are: v)"]),
        ({"label": "l", "losses": 2}, ["l", 2.0, "the key 'best' is missing (keys there"]),
        (
            {"label": "l", "losses": 2, "best": 3},
            ["l", 2.0, "a dict with the key 'w' is expected under 'best', got the number 3"],
        ),
        (
            3,
            [
                "a text is expected, got the number 3",
                "a dict with the key 'losses' is expected",
                "a dict with the key 'best' is expected, got the number 3",
            ],
        ),
        ({}, ["got None", "the key 'losses' is missing (keys there are: (none))", "'best'"]),
    ],
)
def test_record(value: Any, leaves: list[Any]) -> None:
    found = read(RECORD, value)
    assert [name for name, _ in found] == ["label", "losses", "best.w"]
    assert [leaf.tolerance for leaf in RECORD.leaves(value)] == [EXACT, FORMULA, GRID]
    for (_, got), wanted in zip(found, leaves, strict=True):
        if isinstance(wanted, str):
            assert wanted in got
        elif wanted is not None:
            assert got == wanted


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None (does the function end without a return?)"),
        (Opaque("a generator"), "a generator"),
        ("x" * 60, f"the text {'x' * 40!r}"),
        (1j, "a complex number"),
        ({"b": 1, "a": 2}, "a dict with the keys a, b"),
        ({}, "a dict with the keys (none)"),
        ({"k" * 60: 1}, f"a dict with the keys {'k' * 40}"),
        (dict.fromkeys("ihgfedcba", 1), "a dict with the keys a, b, c, d, e, f, g, h"),
        (np.array(1.0), "a number"),
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        ([1.0, "x", None], "a list that contains the text 'x'"),
        ([1, np.ones(2), None], f"a list that contains {describe(None)}"),
        ([[1.0]], "a list that contains a list whose items have different shapes"),
        ([np.zeros(2), np.zeros(3)], "a list whose items have different shapes"),
        ([1.0, 2], "a list whose items have different shapes"),
        (True, "True or False"),
        (2.5, "the number 2.5"),
    ],
)
def test_a_value_in_a_few_words(value: Any, words: str) -> None:
    assert describe(value) == words
