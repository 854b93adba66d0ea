"""Errors carried forward: a function is judged by what it does with the student's own earlier ones.

An assignment's `carry.py` holds, for a function that builds on others, the reference's loop
written for the trusted side. It gets its building blocks as `Functions`: some answer from the
student's submission, through the channel, the others from the solution in a worker of its own.
Nothing of the solution reaches the student's process, only calls of the student's functions do.

    carries = CarryList()

    @carries.add("train", needs=("gradient", "loss"))
    def train(f: Functions, xs, ys, w, lr, epochs): ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from gradpath.worker import codec
from gradpath.worker.protocol import Call, Observation

MAX_CALLS: Final = 3_000
"""Calls through the channel that one carried check may take: about half a second."""

_SMALL: Final = 1 << 12
"""Bytes of a building block's answer, beside twice those of its arguments: a larger one is no
answer to them, and the loop would compute with it in the grader."""


class CarryStopped(Exception):
    """A building block gave no value, so that there is nothing to carry forward.

    `raised` is the type of the exception that it raised, if it did.
    """

    def __init__(self, function: str, raised: str = "") -> None:
        super().__init__(function)
        self.raised = raised


class Caller(Protocol):
    """Something that answers calls: a student's session or the reference's."""

    def observe(self, call: Call) -> Observation: ...


@dataclass
class Functions:
    """The building blocks of a carried run."""

    student: Caller
    reference: Caller
    from_student: Collection[str]
    calls: int = 0
    diverged: bool = False
    """Set by a run that ends because its numbers get out of hand, as they do after some wrong
    gradients: its values so far are compared as a prefix."""

    def __call__(self, name: str, *args: Any) -> Any:
        """Call a function of the student's or of the solution, whichever is its turn."""
        return self._ask(name, Call(name, args)).value

    def with_arguments(self, name: str, *args: Any) -> tuple[Any, list[Any]]:
        """Like a plain call; also return the arguments as the call left them.

        For a loop that gives the same objects to a function again and again, which may change them.
        """
        observation = self._ask(name, Call(name, args, twice=True))
        return observation.value, observation.arguments or []

    def probe(self, name: str, needs: Collection[str], *args: Any) -> Any:
        """Call a probe in the student's worker if one of `needs` is the student's."""
        own = next((need for need in needs if need in self.from_student), "")
        return self._ask(own, Call(name, args, probe=True)).value

    @property
    def exhausted(self) -> bool:
        """True when a loop must end early; its values so far are compared as a prefix."""
        return self.calls >= MAX_CALLS

    def _ask(self, name: str, call: Call) -> Observation:
        self.calls += 1
        size = codec.size(call.args)
        call = replace(call, size=size)
        caller = self.student if name in self.from_student else self.reference
        observation = caller.observe(call)
        if observation.outcome != "returned":
            failure = observation.failure if observation.outcome == "raised" else None
            raise CarryStopped(call.function, failure.type if failure else "")
        if codec.size(observation.value) > _SMALL + 2 * size:
            raise CarryStopped(call.function)
        return observation


CarriedRun = Callable[..., Any]


@dataclass(frozen=True)
class Carry:
    """The reference's way of doing `function` with given building blocks."""

    function: str
    needs: tuple[str, ...]
    run: CarriedRun


@dataclass
class CarryList:
    """The carried functions of an assignment."""

    carries: dict[str, Carry] = field(default_factory=dict)

    def add(self, function: str, *, needs: tuple[str, ...]) -> Callable[[CarriedRun], CarriedRun]:
        """Register a run; it is called with `Functions` and the arguments of the student's call."""

        def register(run: CarriedRun) -> CarriedRun:
            self.carries[function] = Carry(function, needs, run)
            return run

        return register
