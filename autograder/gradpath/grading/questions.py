"""Answers to stand-ins: the right values of earlier functions, as far as a call may ask for them.

See `gradpath.worker.substitutes` for the other end, `gradpath.grading.substitution` for the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np

from gradpath.engine.session import Session
from gradpath.worker import codec
from gradpath.worker.codec import Array, Tensor, Tuple
from gradpath.worker.protocol import Answer, Call

LONG: Final = 500
"""Questions of the solution's own run beyond which a check is not run again."""
_FREE: Final = 40
_TIMES: Final = 20
_MAX_QUESTIONS: Final = 2 * LONG
_FREE_NUMBERS: Final = 64
_TIMES_NUMBERS: Final = 8
_MAX_DIMENSIONS: Final = 4
_KEPT: Final = 1 << 14
"""Bytes of a question and its answer that are kept: with more, computing is what takes time."""
_FIELDS: Final = ("function", "names", "spec", "leaves", "slopes", "upstream")


@dataclass(frozen=True)
class Amount:
    """Questions of a call and numbers in one of them: the largest of the solution's own run."""

    questions: int = 0
    numbers: int = 0


class Questions:
    """Answers for the solution's own run, which says how much there is to ask."""

    graph = True
    _keeps = True
    _by_position = False
    _as_tensors = False
    _orders: Mapping[str, Sequence[str]] = {}

    def __init__(self, names: Sequence[str], solution: Session) -> None:
        """Answer for these functions, with the session of a solution."""
        self.names = names
        self.asked = 0
        self.exhausted = False
        self.moved: set[str] = set()
        """Functions that the submission gives its arguments in another order or by other names."""
        self.reordered = False
        """Whether the names of one are those of the text, in another order."""
        self.amount = Amount()
        self.answers: dict[bytes, Answer] = {}
        """Answers by question. Work that follows the solution asks the same to the last bit."""
        self._solution = solution
        self._before = solution.spent().times.cpu
        self._call: Call | None = None
        self._given: list[Array] = []

    def answer(self, call: Call, question: Any) -> Answer | None:
        """Return the right value, None beyond a limit; see `gradpath.engine.answerer`."""
        if call is not self._call:
            self._call, self.asked = call, 0
            self._given = list(numbers_in(call.args))
        self.asked += 1
        if not _is_question(question) or question["function"] not in self.names:
            return None
        numbers = list(numbers_in([question["leaves"], question["upstream"]]))
        if not self._is_allowed(numbers):
            return None
        names, order = question["names"], list(self._orders.get(question["function"], ()))
        if order and any(names) and names != order[: len(names)]:
            self.moved.add(question["function"])
            self.reordered |= all(name in order for name in names)
        if self._by_position:
            question = {**question, "names": [""] * len(names)}
        arguments = tuple(question[key] for key in _FIELDS)
        key = codec.encode(arguments) if codec.size(arguments) < _KEPT else b""
        answer = self.answers.get(key)
        if answer is None:
            answer = self._computed(arguments)
            if self._keeps and key and answer is not None and len(codec.encode(answer)) < _KEPT:
                self.answers[key] = answer
        if self._as_tensors and answer is not None:
            return msgspec.structs.replace(answer, spec=_with_tensors(answer.spec))
        return answer

    def _computed(self, arguments: Sequence[Any]) -> Answer | None:
        seen = self._solution.observe(Call("right_value", tuple(arguments), probe=True))
        if seen.outcome == "raised" and seen.failure is not None:
            return Answer(error=seen.failure.type)
        value = seen.value
        if seen.outcome != "returned" or not isinstance(value, dict):
            return None
        return Answer(value["spec"], value["leaves"], value.get("slopes"), value.get("changed"))

    @property
    def lost(self) -> bool:
        """True where the worker that computes answers died of a signal: see `Session`."""
        return self._solution.lost

    def computed(self) -> float:
        """Return how long the solution has computed; see `gradpath.engine.answerer`."""
        return self._solution.spent().times.cpu - self._before

    def _is_allowed(self, numbers: Sequence[Array]) -> bool:
        size = max(self.amount.numbers, sum(array.size for array in numbers))
        self.amount = Amount(max(self.amount.questions, self.asked), size)
        self.exhausted |= self.asked > LONG
        return not self.exhausted


class BoundedQuestions(Questions):
    """Answers for a submission's run, bounded by the call that is made and by the solution's run.

    A derivative by hand may ask about numbers that it was given, and about no others. Nothing is
    kept of a submission's questions: the answers of the solution's own run are everybody's.
    """

    _keeps = False

    def __init__(
        self,
        names: Sequence[str],
        solution: Session,
        amount: Amount,
        answers: dict[bytes, Answer] | None = None,
        *,
        by_hand: bool,
        orders: Mapping[str, Sequence[str]] | None = None,
        by_position: bool = False,
        as_tensors: bool = False,
    ) -> None:
        """Answer for these functions.

        Args:
            names: the functions.
            solution: has the answers.
            amount: that of the solution's own run.
            answers: those of the solution's own run.
            by_hand: whether the call is one of a derivative by hand.
            orders: the names of the solution's arguments, by function.
            by_position: whether arguments are taken in the order of the text, whatever the
                submission's own functions call them.
            as_tensors: whether tensors are given where the solution gives arrays.
        """
        super().__init__(names, solution)
        self.amount = amount
        self.answers = answers or {}
        self.graph = not by_hand
        self._orders = orders or {}
        self._by_position = by_position
        self._as_tensors = as_tensors

    def _is_allowed(self, numbers: Sequence[Array]) -> bool:
        given = sum(array.size for array in self._given)
        often = _FREE + _TIMES * max(self.amount.questions, 1) * max(given, 1)
        limit = _FREE_NUMBERS + _TIMES_NUMBERS * (given + self.amount.numbers)
        self.exhausted = self.asked > min(often, _MAX_QUESTIONS)
        if self.exhausted or sum(a.size for a in numbers) > limit:
            return False
        if not self.graph and not set(_rounded(self._given)).issuperset(_rounded(numbers)):
            return False
        return _broadcast(array.shape for array in numbers) <= limit * limit


def _is_question(question: Any) -> bool:
    return (
        isinstance(question, dict)
        and question.keys() >= set(_FIELDS)
        and isinstance(question["names"], list)
        and isinstance(question["leaves"], dict)
        and isinstance(question["upstream"], dict | None)
        and isinstance(question["slopes"], bool)
    )


def _with_tensors(spec: Any) -> Any:
    """Return the structure of a value with tensors in place of arrays."""
    if isinstance(spec, list):
        return [_with_tensors(part) for part in spec]
    return "tensor" if spec in ("array", "scalar") else spec


def numbers_in(value: Any) -> Iterator[Array]:
    """Yield all numbers in arguments, as arrays."""
    if isinstance(value, Tensor | Tuple):
        value = value.array
    if isinstance(value, list | tuple):
        for item in value:
            yield from numbers_in(item)
    elif isinstance(value, dict):
        yield from numbers_in(list(value.values()))
    elif isinstance(value, np.ndarray | float | int) and not isinstance(value, bool):
        yield np.asarray(value)


def _rounded(arrays: Iterable[Array]) -> Iterator[float]:
    """Yield numbers as float32 has them: a later function may round the arguments that it gets."""
    with np.errstate(over="ignore"):
        for array in arrays:
            yield from array.astype(np.float32).reshape(-1).tolist()


def _broadcast(shapes: Iterable[tuple[int, ...]]) -> float:
    """Return a bound of the size that comes out of arrays of these shapes."""
    sizes: list[int] = []
    for shape in shapes:
        if len(shape) > _MAX_DIMENSIONS:
            return math.inf
        sizes += [1] * (len(shape) - len(sizes))
        for place, size in enumerate(reversed(shape)):
            sizes[place] = max(sizes[place], size)
    return math.prod(sizes)
