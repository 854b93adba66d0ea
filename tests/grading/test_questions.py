"""The bounds of questions: a stand-in is an oracle, so its call must be the reason for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradpath.engine.clock import Spent, Times
from gradpath.grading.questions import LONG, Amount, BoundedQuestions, Questions
from gradpath.worker.codec import Tensor
from gradpath.worker.protocol import Call, Observation


class _Solution:
    """A session that answers everything and counts."""

    calls = 0
    lost = False

    def spent(self) -> Spent:
        return Spent(0.0, Times())

    def observe(self, call: Call) -> Observation:
        self.calls += 1
        return Observation("returned", {"spec": "plain", "leaves": {"0": 1.0}})


def question(*leaves: Any, function: str = "predict", upstream: Any = None) -> dict[str, Any]:
    numbered = {str(place): leaf for place, leaf in enumerate(leaves)}
    named = {"function": function, "names": [], "spec": ["tuple"], "slopes": False}
    return {**named, "leaves": numbered, "upstream": upstream}


CALL = Call("train", (np.ones(4), np.ones(4), 1.0, 0.1, 3))


def bounded(*, by_hand: bool = False) -> tuple[BoundedQuestions, _Solution]:
    solution = _Solution()
    amount = Amount(questions=12, numbers=3)
    questions = BoundedQuestions(["predict"], solution, amount, by_hand=by_hand)  # type: ignore[arg-type]
    return questions, solution


@pytest.mark.parametrize(
    "bad",
    [
        question(1.0, function="train"),
        question(1.0, function="__import__"),
        question(np.ones(10_000)),
        question(np.ones((100, 1)), np.ones((1, 100)), np.ones((100, 1, 1)), np.ones(1)),
        question(np.ones((1, 1, 1, 1, 1))),
        question(1.0, upstream={"0": np.ones(10_000)}),
        question(1.0, upstream=[1.0]),
        {"function": "predict"},
        "predict",
        None,
        [],
        {**question(1.0), "leaves": [1.0]},
        {**question(1.0), "function": ["predict"]},
    ],
    ids=str,
)
def test_questions_that_are_refused_before_anything_is_computed(bad: Any) -> None:
    questions, solution = bounded()
    assert questions.answer(CALL, question(1.0, 2.0)) is not None
    assert questions.answer(CALL, bad) is None
    assert solution.calls == 1


def test_the_number_of_questions_follows_from_the_call() -> None:
    questions, solution = bounded()
    while questions.answer(CALL, question(1.0)) is not None:
        assert solution.calls <= 2 * LONG
    assert solution.calls >= 4 * 3 * 20
    assert questions.answer(Call("train", CALL.args), question(1.0)) is not None


def test_a_derivative_by_hand_asks_about_its_arguments_alone() -> None:
    questions, _ = bounded(by_hand=True)
    call = Call("gradient", (np.array([1.5, 2.5]), 0.1, Tensor(np.array([4.0]))))
    for good in (question(np.array([2.5]), 0.1), question(np.float32(0.1)), question(4.0)):
        assert questions.answer(call, good) is not None
    for bad in (question(0.1 + 1e-4), question(0.0), question(np.array([1.5, 1.6]))):
        assert questions.answer(call, bad) is None
    assert not questions.graph


def test_the_solutions_own_run_says_when_it_asks_too_much() -> None:
    questions = Questions(["predict"], _Solution())  # type: ignore[arg-type]
    for _ in range(LONG):
        assert questions.answer(CALL, question(np.ones(3))) is not None
    assert not questions.exhausted
    assert questions.answer(CALL, question(1.0)) is None
    assert questions.exhausted
