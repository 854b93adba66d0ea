"""Likeness: two wrong values that come from the same mistake, and arguments that were changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradpath.course.expectations import Expectation, Numbers, Parts, Record
from gradpath.course.tolerances import FORMULA, LONG_RUN, Tolerance
from gradpath.grading import compare
from gradpath.grading.compare import changed, reading
from gradpath.worker.codec import Generator, Opaque, Tensor

NUMBER = Numbers(FORMULA)
RUN = Record({"losses": FORMULA, "steps": FORMULA}, texts=("label",))


def same_run(expectation: Expectation, known: Any, got: Any) -> bool:
    return compare.same_run(reading(expectation, known), reading(expectation, got))


def test_wrong_runs_are_the_same_up_to_overflow() -> None:
    growth = 3.0 ** np.arange(200)  # float32 ends at step 81
    with np.errstate(over="ignore"):
        single = growth.astype(np.float32).astype(float)
    assert same_run(NUMBER, growth, single)
    other = growth.copy()
    other[3] *= 1.2
    assert not same_run(NUMBER, growth, other)


def test_wrong_kinds_are_the_same_when_they_are_wrong_alike() -> None:
    assert same_run(NUMBER, None, None)
    assert not same_run(NUMBER, None, "text")
    assert not same_run(NUMBER, None, np.zeros(3))


@pytest.mark.parametrize(
    ("tolerance", "known", "got", "same"),
    [
        (FORMULA, [0.0], [0.0], True),
        (FORMULA, [100.0], [100.011], True),  # 1e-4 of the value and 2e-5 of the scale
        (FORMULA, [100.0], [100.013], False),
        (FORMULA, [100.0, 1e-9], [100.0, 1e-3], True),
        (FORMULA, [100.0, 1e-9], [100.0, 3e-3], False),
        (FORMULA, [1e-9, 100.0], [1e-3, 100.0], False),  # a later value is no scale
        (FORMULA, [1.0], [1.0004], False),
        (LONG_RUN, [1.0], [1.0004], True),  # never narrower than the check itself
        (LONG_RUN, [1.0], [1.0006], False),
        (LONG_RUN, [1.0, 1e-9], [1.0, 4.9e-5], True),
        (LONG_RUN, [1.0, 1e-9], [1.0, 5.1e-5], False),
    ],
)
def test_likeness_has_two_sides(
    tolerance: Tolerance, known: list[float], got: list[float], same: bool
) -> None:
    assert same_run(Numbers(tolerance), np.array(known), np.array(got)) == same


@pytest.mark.parametrize(
    ("known", "got", "same"),
    [
        ((), (1,), True),
        ((1,), (), True),
        ((1, 1), (), False),
        ((1, 1), (1,), False),
        ((1,), (2,), False),
        ((0,), (1,), False),
        ((1,), (0,), False),
        ((2,), (1,), False),
        ((2,), (2, 1), False),
        ((2, 3), (3, 2), False),
        ((3, 2), (2, 3), False),
        ((2,), (), False),
        ((), (2,), False),
        ((2, 3), (2, 3), True),
        ((0,), (0, 2), True),  # an empty list has no rows of any shape
        ((0, 3), (0,), True),
        ((0,), (2,), False),
    ],
)
@pytest.mark.parametrize("tolerance", [FORMULA, LONG_RUN])
def test_values_of_other_shapes_are_others(
    tolerance: Tolerance, known: tuple[int, ...], got: tuple[int, ...], same: bool
) -> None:
    if tolerance is LONG_RUN and len(known) == len(got) and known[1:] == got[1:]:
        same = True  # a row more or less
    assert same_run(Numbers(tolerance), np.ones(known), np.ones(got)) == same


@pytest.mark.parametrize(("more", "same"), [(0, True), (1, True), (2, True), (3, False)])
def test_a_long_run_is_the_same_though_it_ends_two_steps_later(more: int, same: bool) -> None:
    short, long = np.ones(5), np.ones(5 + more)
    assert same_run(Numbers(LONG_RUN), short, long) == same
    assert same_run(Numbers(LONG_RUN), long, short) == same
    assert same_run(NUMBER, short, long) == (more == 0)


@pytest.mark.parametrize(
    ("value", "off"),
    [
        (9.9e29, False),
        (1e30, True),
        (-1e31, True),
        (float("inf"), True),
        (float("nan"), True),
        ("text", False),
    ],
)
def test_a_run_is_off_from_a_number_with_30_zeros(value: object, off: bool) -> None:
    assert reading(NUMBER, value).runs_off == off
    if not isinstance(value, str):
        assert reading(NUMBER, np.array([1.0, value])).runs_off == off


@pytest.mark.parametrize(
    ("known", "got", "same"),
    [
        ([1.0, 1e31], [1.0, 2e31], True),
        ([1.0, 1e31], [1.0, np.inf], True),
        ([1.0, np.nan], [1.0, -np.inf], True),
        ([1.0, 1e30], [1.0, 2e29], True),  # huge at the one is nearly huge at the other
        ([1.0, 2e29], [1.0, 1e30], True),
        ([1.0, 2e29], [1.0, 1e31], True),
        ([1.0, 1e31], [1.0, 2e29], True),
        ([1.0, 1e31], [1.0, np.nextafter(1e22, np.inf)], True),
        ([1.0, 1e31], [1.0, 1e22], False),
        ([1.0, 1e22], [1.0, 1e31], False),
        ([1.0, 1e31], [1.0, -1e23], True),
        ([1.0, 1e31], [1.0, 5.0], False),
        ([1.0, 5.0], [1.0, 1e31], False),
        ([1.0, 1e31], [2.0, 1e31], False),
        ([1.0, 1e31, 7.0], [1.0, 1e31, 8.0], True),  # numbers after it say nothing
    ],
)
def test_numbers_beyond_the_huge_ones_say_nothing(
    known: list[float], got: list[float], same: bool
) -> None:
    assert same_run(NUMBER, np.array(known), np.array(got)) == same


WILD = [1.0, 3.0, 1e31]


@pytest.mark.parametrize(
    ("got", "same"),
    [
        ({"losses": np.array(WILD), "steps": 3.0, "label": "a"}, True),
        ({"losses": np.array([*WILD, np.inf]), "steps": 4.0, "label": "a"}, True),
        ({"losses": np.array(WILD[:2] * 2), "steps": 4.0, "label": "a"}, False),
        ({"losses": np.array([*WILD, np.inf]), "steps": np.ones(1), "label": "a"}, False),
        ({"losses": np.array([*WILD, np.inf]), "steps": None, "label": "a"}, False),
        ({"losses": np.array(WILD), "steps": 3.0, "label": "b"}, False),
        ({"losses": np.array([1.01, 3.0, 1e31]), "steps": 3.0, "label": "a"}, True),  # 1e-2
        ({"losses": np.array([1.02, 3.0, 1e31]), "steps": 3.0, "label": "a"}, False),
        ({"losses": np.array([WILD]), "steps": 3.0, "label": "a"}, False),
        ({"losses": np.array([WILD]).T, "steps": 3.0, "label": "a"}, False),
    ],
)
def test_runs_that_go_off_are_compared_up_to_there(got: dict[str, Any], same: bool) -> None:
    known = {"losses": np.array(WILD), "steps": 3.0, "label": "a"}
    assert same_run(RUN, known, got) == same
    assert same_run(RUN, got, known) == same


def test_one_run_that_goes_off_is_not_cut_where_the_other_ends() -> None:
    assert not same_run(NUMBER, np.array(WILD), np.array(WILD[:2]))
    assert not same_run(NUMBER, np.array(WILD[:2]), np.array(WILD))
    assert same_run(NUMBER, np.full((2, 2), np.inf), np.full((3, 2), np.inf))
    assert not same_run(NUMBER, np.full((2, 2), np.inf), np.full((2, 3), np.inf))
    assert not same_run(NUMBER, np.full((2, 3), np.inf), np.full((2, 2), np.inf))
    assert same_run(NUMBER, np.array([1e31, 2.0]), np.array([1e35, 3.0]))  # from the start


def test_texts_are_the_same_letter_for_letter() -> None:
    label = Record({}, texts=("label",))
    for other, same in (("b", True), ("a", False), ("c", False), (1.0, False)):
        assert same_run(label, {"label": "b"}, {"label": other}) == same


def test_another_number_of_parts_is_another_value() -> None:
    pair = Parts(("a", "b"), FORMULA)
    assert not same_run(pair, [1.0, 2.0], [1.0, 2.0, 3.0])
    assert not same_run(pair, [1.0, 2.0, 3.0], [1.0, 2.0])
    assert same_run(pair, [1.0, 2.0, 3.0], [1.0, 2.0, 9.0])  # both have three
    assert not same_run(pair, [1.0, 2.0, 3.0], [1.0])


@pytest.mark.parametrize(
    ("sent", "after", "differs"),
    [
        (1.0, 1.0, False),
        (1.0, 2.0, True),
        (np.ones(2), [1.0, 1.0], False),
        (np.ones(2), [1.0, 2.0], True),
        (np.ones(2), [1.0, [1.0, 2.0]], True),
        (np.ones(2), Opaque("a thing"), True),
        (Tensor(np.ones(2), True), [1.0, 1.0], False),
        (Tensor(np.ones(2), True), [1.0, 3.0], True),
        (Generator(3), "spent", False),
        ({"W": np.ones(2), "b": 1.0}, {"W": [1.0, 1.0], "b": 1.0}, False),
        ({"W": np.ones(2), "b": 1.0}, {"W": [1.0, 1.0], "b": 2.0}, True),
        ({"W": np.ones(2), "b": 1.0}, {"W": [1.0, 1.0]}, True),
        ({"W": np.ones(2)}, {"W": [1.0, 1.0], "b": 2.0}, True),
        ({"W": np.ones(2)}, [1.0, 1.0], True),
        ([Tensor(np.ones(2)), Tensor(np.ones(3))], [np.ones(2), np.ones(3)], False),
        ([Tensor(np.ones(2)), Tensor(np.ones(3))], [np.ones(2), np.zeros(3)], True),
        ([np.ones(2), np.ones(2)], np.ones((2, 2)), False),
        ([np.ones(2), np.ones(2)], np.eye(2), True),
        ([np.ones(2), np.ones(2)], [np.ones(2)], True),
        ([np.ones(1), np.ones(1)], np.ones(2), False),
        ([[Tensor(np.ones(2)), Tensor(np.ones((2, 1)))]], [[np.ones(2), np.ones((2, 1))]], False),
        ([np.ones(2)], 1.0, True),
        ([np.ones(2)], Opaque("a thing"), True),
        ([], np.zeros(0), False),
        ([1.0, 2.0], np.array([1.0, 2.0]), False),
    ],
)
def test_changed_arguments_are_found(sent: object, after: object, differs: bool) -> None:
    assert changed([0.0, sent], [0.0, after]) == ([1] if differs else [])


def test_arguments_that_were_not_reported_are_not_changed() -> None:
    assert changed([1.0, 2.0], []) == []
