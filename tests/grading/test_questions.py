"""The bounds of questions: a stand-in is an oracle, so its call must be the reason for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradpath.engine.clock import Spent, Times
from gradpath.grading.questions import LONG, Amount, BoundedQuestions, Questions, numbers_in
from gradpath.worker.codec import Tensor
from gradpath.worker.protocol import Call, Failure, Observation


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


@pytest.mark.parametrize(
    ("given", "asked", "most"),
    [
        # 40 and 20 for each question of the solution's run and each number of the call
        (Call("train", (1.0,)), Amount(1, 1), 60),
        (Call("train", (1.0, 2.0)), Amount(2, 1), 120),
        (Call("train", ()), Amount(0, 1), 60),
        (Call("train", (np.ones(40), np.ones(40))), Amount(5, 1), 1000),
    ],
)
def test_just_so_many_questions(given: Call, asked: Amount, most: int) -> None:
    solution = _Solution()
    questions = BoundedQuestions(["predict"], solution, asked, by_hand=False)  # type: ignore[arg-type]
    for _ in range(most):
        assert questions.answer(given, question(1.0)) is not None
        assert not questions.exhausted
    assert questions.answer(given, question(1.0)) is None
    assert questions.exhausted


def test_just_so_many_numbers() -> None:
    """64 and 8 for each number of the call and each one of the solution's largest question."""
    questions, _ = bounded()
    call = Call("train", (np.ones(4), 0.5))
    limit = 64 + 8 * (5 + 3)
    assert questions.answer(call, question(np.ones(limit))) is not None
    assert questions.answer(call, question(np.ones(limit + 1))) is None
    assert questions.answer(call, question(np.ones((limit - 1, 1)), np.ones((1, 1)))) is not None


def test_the_largest_question_and_their_number_are_kept() -> None:
    questions = Questions(["predict"], _Solution())  # type: ignore[arg-type]
    for numbers in (2, 5, 3):
        questions.answer(CALL, question(np.ones(numbers), 1.0, upstream={"0": np.ones(2)}))
    assert questions.amount == Amount(3, 8)
    questions.answer(Call("train", CALL.args), question(1.0))
    assert (questions.amount, questions.asked) == (Amount(3, 8), 1)


def named(*names: str) -> dict[str, Any]:
    return {**question(1.0, 2.0), "names": list(names)}


@pytest.mark.parametrize(
    ("names", "moved", "reordered"),
    [
        (("x", "w"), False, False),
        (("w", "x"), True, True),
        (("x",), False, False),
        (("w",), True, True),
        (("a", "b"), True, False),
        (("", ""), False, False),
    ],
)
def test_arguments_in_another_order_are_noted(
    names: tuple[str, ...], moved: bool, reordered: bool
) -> None:
    solution = _Solution()
    questions = BoundedQuestions(
        ["predict"],
        solution,  # type: ignore[arg-type]
        Amount(1, 1),
        by_hand=False,
        orders={"predict": ["x", "w"]},
    )
    assert questions.answer(CALL, named(*names)) is not None
    assert questions.moved == ({"predict"} if moved else set())
    assert questions.reordered == reordered
    assert questions.graph


class _Recording(_Solution):
    def __init__(self) -> None:
        self.arguments: list[Any] = []

    def observe(self, call: Call) -> Observation:
        assert (call.function, call.probe) == ("right_value", True)
        self.arguments.append(call.args)
        return super().observe(call)


@pytest.mark.parametrize("by_position", [False, True])
def test_names_go_to_the_solution_unless_the_position_counts(by_position: bool) -> None:
    solution = _Recording()
    questions = BoundedQuestions(
        ["predict"],
        solution,  # type: ignore[arg-type]
        Amount(1, 1),
        by_hand=False,
        by_position=by_position,
    )
    answer = questions.answer(CALL, named("w", "x"))
    assert answer is not None
    assert (answer.spec, answer.leaves, answer.slopes, answer.error) == (
        "plain", {"0": 1.0}, None, "",
    )  # fmt: skip
    ((function, names, spec, leaves, slopes, upstream),) = solution.arguments
    assert names == (["", ""] if by_position else ["w", "x"])
    assert (function, spec, slopes, upstream) == ("predict", ["tuple"], False, None)
    assert leaves == {"0": 1.0, "1": 2.0}


def test_how_the_solution_ends_is_the_answer() -> None:
    class Raises(_Solution):
        lost = True

        def observe(self, call: Call) -> Observation:
            failure = Failure("ValueError", "secret", [])
            return Observation("raised", failure=failure) if self.calls else Observation("timeout")

    solution = Raises()
    questions = Questions(["predict"], solution)  # type: ignore[arg-type]
    assert questions.lost
    assert questions.answer(CALL, question(1.0)) is None
    solution.calls = 1
    answer = questions.answer(CALL, question(1.0))
    assert answer is not None
    assert answer.error == "ValueError"


def test_what_the_solution_computes_is_counted_from_the_beginning() -> None:
    class Computes(_Solution):
        seconds = 2.0

        def spent(self) -> Spent:
            return Spent(0.0, Times(self.seconds))

    solution = Computes()
    questions = Questions(["predict"], solution)  # type: ignore[arg-type]
    solution.seconds = 2.5
    assert questions.computed() == 0.5


def test_numbers_of_all_kinds_are_found() -> None:
    value = [1, 2.5, True, "x", None, {"a": np.ones(2), "b": (Tensor(np.ones(3)), [4])}]
    assert [array.size for array in numbers_in(value)] == [1, 1, 2, 3, 1]


def test_shapes_are_bounded_by_the_size_that_comes_out_of_them() -> None:
    questions, _ = bounded()
    call = Call("train", (np.ones(4), 0.5))
    limit = 64 + 8 * (5 + 3)
    tall, wide = np.ones((limit // 2, 1)), np.ones((1, limit // 2))
    assert questions.answer(call, question(tall, wide)) is not None
    deep = np.ones((2, 1, 1, 1))
    assert questions.answer(call, question(deep)) is not None
    # Half the numbers that are allowed, and yet too many when they meet.
    shapes = [(40, 1, 1), (1, 20, 1), (1, 1, 20)]
    assert questions.answer(call, question(*map(np.ones, shapes))) is not None
    shapes = [(42, 1, 1), (1, 20, 1), (1, 1, 20)]
    assert questions.answer(call, question(*map(np.ones, shapes))) is None


def test_a_question_may_say_more_than_is_asked_for() -> None:
    questions, _ = bounded()
    assert questions.answer(CALL, {**question(1.0), "more": 1}) is not None


@pytest.mark.parametrize(
    "seen",
    [
        Observation("raised"),
        Observation("timeout", {"spec": "plain", "leaves": {}}),
        Observation("killed", {"spec": "plain", "leaves": {}}),
        Observation("returned", 1.0),
        Observation("timeout", failure=Failure("ValueError", "", [])),
        Observation("killed", failure=Failure("ValueError", "", [])),
    ],
)
def test_without_a_value_there_is_no_answer(seen: Observation) -> None:
    class Ends(_Solution):
        def observe(self, call: Call) -> Observation:
            return seen

    questions = Questions(["predict"], Ends())  # type: ignore[arg-type]
    assert (questions.asked, questions.amount) == (0, Amount(0, 0))
    assert questions.graph
    assert questions.answer(CALL, question(1.0)) is None


def test_the_answers_of_the_solutions_run_are_given_to_all_and_no_others_are_kept() -> None:
    solution = _Solution()
    own = Questions(["predict"], solution)  # type: ignore[arg-type]
    own.answer(CALL, question(np.ones(3), 1.0))
    own.answer(CALL, question(np.ones(3_000)))  # too large to be kept
    assert len(own.answers) == 1
    asks = BoundedQuestions(
        ["predict"],
        solution,  # type: ignore[arg-type]
        Amount(9, 9),
        own.answers,
        by_hand=False,
    )
    calls = solution.calls
    first = asks.answer(CALL, question(np.ones(3), 1.0))
    assert first is not None
    assert first.leaves == {"0": 1.0}
    assert solution.calls == calls
    for changed in (question(np.ones(3), 2.0), question(np.ones((3, 1)), 1.0), named("x", "w")):
        assert asks.answer(CALL, changed) is not None
    assert (solution.calls, len(own.answers)) == (calls + 3, 1)
