"""Comparison: shape and finiteness first, then the first step that differs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gradpath.course.expectations import Numbers, Parts, Record
from gradpath.course.tolerances import (
    EXACT,
    FORMULA,
    LONG_COUNT,
    LONG_RUN,
    TRAJECTORY,
    Tolerance,
)
from gradpath.grading.compare import compare
from gradpath.worker.codec import Opaque

NUMBER = Numbers(FORMULA)
RECORD = Record({"gradients": TRAJECTORY, "losses": TRAJECTORY})


@pytest.mark.parametrize("got", [2.0, 2, np.float32(2.0), np.array(2.0), np.array([2.0])])
def test_a_number_may_come_in_any_container(got: object) -> None:
    got = np.asarray(got) if isinstance(got, np.generic) else got
    assert compare(NUMBER, 2.0, got) is None


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (None, "None"),
        ("2.0", "the text '2.0'"),
        (True, "True"),
        (2 + 0j, "complex"),
        (np.array([2.0 + 0j]), "complex"),
        (np.array([True]), "True/False"),
        (Opaque("a generator (return a list or an array instead)"), "generator"),
        ([np.zeros(2), np.zeros(3)], "different shapes"),
        ([1.0, None], "None"),
        ({"a": 1.0}, "dict"),
        (np.array([[2.0]]), "shape (1, 1), expected one number"),
        (float("nan"), "is nan, expected 2"),
        (float("inf"), "is inf, expected 2"),
    ],
)
def test_what_is_no_number_says_what_it_is(got: object, says: str) -> None:
    mismatch = compare(NUMBER, 2.0, got)
    assert mismatch is not None
    assert says in mismatch.text


def test_a_column_is_no_row() -> None:
    expected = np.arange(5.0)
    mismatch = compare(NUMBER, expected, expected.reshape(5, 1))
    assert mismatch is not None
    assert mismatch.where is None
    assert "shape (5, 1), expected shape (5,)" in mismatch.text


def test_an_empty_array_is_not_close_to_anything() -> None:
    # np.allclose says True here, by broadcasting.
    mismatch = compare(NUMBER, np.ones((1, 5, 1)), np.ones((0, 5, 1)))
    assert mismatch is not None


def test_the_first_step_that_differs_is_named() -> None:
    expected = {"gradients": np.array([-2.0, -7.84, -16.2288]), "losses": np.array([4.9])}
    got = {"gradients": np.array([-2.0, -9.84, -26.0]), "losses": np.array([1.0])}
    mismatch = compare(RECORD, expected, got)
    assert mismatch is not None
    assert (mismatch.where, mismatch.got, mismatch.expected) == ("gradients[1]", -9.84, -7.84)


def test_rows_are_named_with_both_indices() -> None:
    expected = np.arange(6.0).reshape(3, 2)
    got = expected.copy()
    got[2, 1] = 0.0
    mismatch = compare(Numbers(EXACT, "points"), expected, got)
    assert mismatch is not None
    assert mismatch.where == "points[2][1]"


@pytest.mark.parametrize(("length", "got", "expected"), [(2, None, -16.0), (4, 1.0, None)])
def test_a_prefix_of_another_length_is_named_as_such(
    length: int, got: float | None, expected: float | None
) -> None:
    reference = np.array([-2.0, -7.84, -16.0])
    mismatch = compare(NUMBER, reference, np.array([-2.0, -7.84, -16.0, 1.0])[:length])
    assert mismatch is not None
    assert f"{length} entries, expected 3" in mismatch.text
    assert (mismatch.got, mismatch.expected) == (got, expected)
    assert mismatch.where == f"result[{min(length, 3)}]"


def test_missing_keys_are_named_with_those_that_are_there() -> None:
    expected = {"gradients": np.zeros(1), "losses": np.zeros(1)}
    mismatch = compare(RECORD, expected, {"gradients": np.zeros(1), "loss": np.zeros(1)})
    assert mismatch is not None
    assert "'losses' is missing (keys there are: gradients, loss)" in mismatch.text


def test_nested_keys() -> None:
    nested = Record({"parameters.W1": TRAJECTORY})
    good = {"parameters": {"W1": np.ones((2, 5))}}
    assert compare(nested, good, good) is None
    mismatch = compare(nested, good, {"parameters": [np.ones((2, 5))]})
    assert mismatch is not None
    assert "under 'parameters'" in mismatch.text


def test_parts_of_a_tuple() -> None:
    pair = Parts(("df/dx", "df/dy"), FORMULA)
    expected = [np.float64(1.0), np.float64(2.0)]
    assert compare(pair, [1.0, 2.0], np.array([1.0, 2.0])) is None
    swapped = compare(pair, [1.0, 2.0], [2.0, 1.0])
    assert swapped is not None
    assert swapped.where == "df/dx"
    assert compare(pair, [1.0, 2.0], 3.0) is not None
    assert compare(pair, [1.0, 2.0], [1.0]) is not None
    assert len(expected) == 2


def test_values_near_zero_are_measured_against_the_scale_of_the_history() -> None:
    expected = np.array([100.0, 1e-9])
    assert compare(Numbers(TRAJECTORY), expected, np.array([100.0, 3e-8])) is None
    assert compare(Numbers(TRAJECTORY), expected, np.array([100.0, 1e-2])) is not None


def test_float32_drift_passes_and_rounding_does_not() -> None:
    steps = 2.0 - 0.9 ** np.arange(60)
    assert compare(Numbers(TRAJECTORY), steps, steps.astype(np.float32)) is None
    assert compare(Numbers(TRAJECTORY), steps, np.round(steps, 3)) is not None


# Bounds, lengths and texts, each on both sides of the line


@pytest.mark.parametrize(
    ("tolerance", "expected", "inside", "outside"),
    [
        (FORMULA, 100.0, 100.0010, 100.0012),  # 1e-5 of the value and 1e-6 of the scale
        (FORMULA, -100.0, -100.0010, -100.0012),
        (TRAJECTORY, 0.01, 0.01000024, 0.01000026),
        (EXACT, 3.0, 3.0, 3.0000001),
        (EXACT, 0.0, 0.0, 1e-300),
        (LONG_COUNT, 5771.0, 5773.0, 5774.0),
    ],
)
def test_a_bound_has_two_sides(
    tolerance: Tolerance, expected: float, inside: float, outside: float
) -> None:
    assert compare(Numbers(tolerance), expected, inside) is None
    assert compare(Numbers(tolerance), expected, outside) is not None


@pytest.mark.parametrize(
    ("expected", "got", "says"),
    [
        (2.0, [], "wrong shape: shape (0,), expected one number"),
        (2.0, [2.0, 2.0], "wrong shape: shape (2,), expected one number"),
        ([2.0, 2.0], 2.0, "wrong shape: one number, expected shape (2,)"),
        ([[1.0, 2.0]], [[1.0, 2.0, 3.0]], "wrong shape: shape (1, 3), expected shape (1, 2)"),
        ([[1.0, 2.0]], [[1.0]], "wrong shape: shape (1, 1), expected shape (1, 2)"),
        ([[1.0, 2.0]], [], "has 0 entries, expected 1"),
        ([1.0, 2.0], [], "has 0 entries, expected 2"),
        ([1.0, 2.0], [1.0], "has 1 entry, expected 2; what is there agrees"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], "has 2 entries, expected 3; the first 2 agree"),
        ([1.0], [1.0, 2.0], "has 2 entries, expected 1; what is there agrees"),
        ([], [1.0], "has 1 entry, expected 0"),
        # The most telling fact comes first.
        ([1.0, 2.0], [1.0, 3.0, 4.0], "has 3 entries, expected 2; it[1] is 3, expected 2"),
        ([1.0, 2.0, 3.0], [2.0] * 3, "is the same in all 3 entries; it[0] is 2, expected 1"),
        (
            [1.0, 2.0],
            [1.0] * 4,
            "has 4 entries, expected 2; it is the same in all 4 entries; it[1] is 1, expected 2",
        ),
        ([[1.0, 2.0], [3.0, 2.0]], [[1.0, 2.0]] * 2, "it[1][0] is 1, expected 3"),
        ([2.0] * 3, [3.0] * 3, "it[0] is 3, expected 2"),
    ],
)
def test_shapes_and_lengths_are_compared(expected: object, got: object, says: str) -> None:
    mismatch = compare(Numbers(FORMULA, "it"), np.asarray(expected), np.asarray(got))
    assert mismatch is not None
    assert mismatch.text.removeprefix("it has the ") in (says, f"it {says}")


def test_a_row_that_is_missing_has_no_value() -> None:
    mismatch = compare(NUMBER, np.ones((3, 2)), np.ones((2, 2)))
    assert mismatch is not None
    assert (mismatch.where, mismatch.got, mismatch.expected) == ("result[2]", None, None)


@pytest.mark.parametrize(
    ("late", "agrees"), [(-3, False), (-2, True), (-1, True), (1, True), (2, True), (3, False)]
)
def test_the_end_of_a_long_run_may_come_two_steps_early_or_late(late: int, agrees: bool) -> None:
    expected = np.ones(10)
    got = np.ones(10 + late)
    assert (compare(Numbers(LONG_RUN), expected, got) is None) == agrees
    assert compare(Numbers(TRAJECTORY), expected, got) is not None


TEXTS = Record({"losses": FORMULA}, texts=("label", "title"))


@pytest.mark.parametrize(
    ("got", "says"),
    [
        ({"label": "b", "title": "t", "losses": 1.0}, None),
        ({"label": "a", "title": "t", "losses": 1.0}, "label is 'a', expected 'b'"),
        ({"label": "c", "title": "t", "losses": 1.0}, "label is 'c', expected 'b'"),
        ({"label": "b", "title": "s", "losses": 1.0}, "title is 's', expected 't'"),
        ({"label": 1.0, "title": "t", "losses": 1.0}, "label: a text is expected, got the number"),
        ({"label": "b", "title": "t", "losses": 2.0}, "losses is 2, expected 1"),
    ],
)
def test_texts_are_compared_letter_for_letter(got: object, says: str | None) -> None:
    mismatch = compare(TEXTS, {"label": "b", "title": "t", "losses": 1.0}, got)
    assert mismatch is None if says is None else mismatch and says in mismatch.text


def test_a_reference_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="no reference: losses: the key 'losses' is missing"):
        compare(RECORD, {"gradients": np.ones(1)}, {"gradients": np.ones(1), "losses": np.ones(1)})


RUN = Record(
    {"points": FORMULA, "losses": FORMULA, "count": EXACT},
    start={"points": (1.0, 2.0), "losses": 9.0, "count": None},
)
RIGHT = {"points": [[3.0, 4.0], [5.0, 6.0]], "losses": [7.0, 8.0], "count": 2}
BEGUN = {"points": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "losses": [9.0, 7.0, 8.0], "count": 3}


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"points": BEGUN["points"]}, True),
        (BEGUN, True),
        ({**BEGUN, "count": 2}, True),
        ({**BEGUN, "losses": RIGHT["losses"]}, True),
        ({"count": 3}, False),  # counted, but not there
        ({**BEGUN, "count": 4}, False),
        ({"points": [[1.0, 2.0], [3.0, 4.0]]}, False),  # not one too many: a step is missing
        ({"points": [[1.1, 2.0], [3.0, 4.0], [5.0, 6.0]]}, False),
        ({"points": [[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}, False),
        ({"points": [1.0, 3.0, 5.0]}, False),
        ({"points": 1.0}, False),
        ({"points": "text"}, False),
    ],
)
def test_the_start_in_front_of_a_history_is_passed_over(
    changes: dict[str, object], right: bool
) -> None:
    expected, got = as_arrays(RIGHT), as_arrays({**RIGHT, **changes})
    assert (compare(RUN, expected, got) is None) == right
    assert (compare(replace(RUN, start={}), expected, got) is None) == (not changes)


@pytest.mark.parametrize(
    ("losses", "right"),
    [
        ([9.0, 9.0, 7.0], True),
        ([9.0, 7.0, 5.0], True),
        ([9.0, 9.0, 9.0, 7.0], False),
        ([7.0, 5.0, 4.0], False),  # one update more, and the start is not there
        ([9.0, 5.0, 4.0], False),
        ([9.0], False),
    ],
)
def test_one_loss_too_many_is_passed_over(losses: list[float], right: bool) -> None:
    run = Record({"losses": FORMULA}, from_start=("losses",))
    expected, got = as_arrays({"losses": [9.0, 7.0]}), as_arrays({"losses": losses})
    assert (compare(run, expected, got) is None) == right
    assert compare(replace(run, from_start=()), expected, got) is not None


def as_arrays(record: dict[str, object]) -> dict[str, object]:
    """Return a record as it comes from the channel."""
    return {k: np.array(v) if isinstance(v, list) else v for k, v in record.items()}


@pytest.mark.parametrize(
    ("got", "right"),
    [([-1.0, -2.0], True), ([3.0, 6.0], True), ([1.0, 3.0], False), ([0.0, 0.0], False),
     ([1.0], False), ([], False), ("text", False)],
)  # fmt: skip
def test_numbers_of_a_wrong_function_may_be_off_by_a_factor(got: object, right: bool) -> None:
    run = Record({"gradients": FORMULA, "w": FORMULA}, made_by={"gradients": "gradient"})
    expected = {"gradients": np.array([1.0, 2.0]), "w": 5.0}
    seen = as_arrays({"gradients": got, "w": 5.0})
    again = run.without_factor(["gradient"], expected, seen)
    assert (compare(run, expected, again) is None) == right
    assert run.without_factor(["loss"], expected, seen) == seen
    assert run.without_factor(["gradient"], expected, None) is None


def test_a_wrong_flag_is_told_as_a_fact() -> None:
    flags = Record({"is_leaf.W1": EXACT}, facts={"is_leaf.W1": "W1 is not a leaf"})
    mismatch = compare(flags, {"is_leaf": {"W1": 1}}, {"is_leaf": {"W1": 0}})
    assert mismatch is not None
    assert (mismatch.text, mismatch.where) == ("W1 is not a leaf", "is_leaf.W1")
    assert compare(flags, {"is_leaf": {"W1": 1}}, {"is_leaf": {"W1": 1}}) is None
