"""Checks, and how an assignment declares them.

A check is a generator of *cases*; its docstring is its title. A case is one call and how to read
what it returns. There is no expected value in it: the same call goes to the reference solution,
and the two answers are compared (see `grading`). So a check is as right as the solution is, and a
new check is a few lines:

    checks = PublicChecks()

    @checks.add("gradient.examples", weight=2)
    def gradient_examples() -> Cases:
        \"\"\"The derivative is right at a few points\"\"\"
        yield case("gradient", 2.0, 4.0, 1.5, expect=Numbers(FORMULA))

Hidden checks take a random generator, seeded from the release secret and the check's id:

    checks = HiddenChecks()

    @checks.add("gradient.any_point", weight=2)
    def gradient_any_point(rng: np.random.Generator) -> Cases: ...
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from gradpath.course.expectations import Expectation
from gradpath.errors import AuthoringError
from gradpath.worker.codec import Array, Generator, Tensor, Tuple
from gradpath.worker.protocol import Call

Visibility = Literal["public", "hidden"]

ELIDED: Final = "..."
"""Stands in a call for the items that are left out."""
_LONG: Final = 160
"""Characters of a call that a message may begin with."""


@dataclass(frozen=True)
class Case:
    """One call, and how its value is read and compared."""

    call: Call
    expect: Expectation


Cases = Iterator[Case]


@dataclass(frozen=True)
class Rule:
    """The way in which a function must come to its numbers.

    Its source must not use the names in `forbidden`: `autograd`, `backward`, `torch.optim`. One
    more `call` shows the same at run time. There `backward` asks for a backward pass, and no
    function of the assignment may be called that this one does not need, but those `beside` it.
    """

    forbidden: tuple[str, ...]
    reason: str
    call: Call | None = None
    backward: bool = False
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A titled test of one function, worth a share of that function's points.

    Either `build` gives cases, or `rule` says how the function must work; a rule only counts when
    the check `after` has passed, because code that does nothing breaks no rule.
    """

    id: str
    title: str
    visibility: Visibility
    weight: int
    build: Callable[[np.random.Generator], Iterable[Case]] | None = None
    rule: Rule | None = None
    after: str = ""
    watch: Call | None = None
    """The call in which the function is watched, where the first one of the check takes long."""

    @functools.cached_property
    def function(self) -> str:
        """The function that the check's points belong to: the id up to the first point."""
        return self.id.partition(".")[0]

    def cases(self, secret: str, slug: str) -> list[Case]:
        """Build the cases; the same secret gives the same data on every machine."""
        if self.build is None:
            return []
        words = f"{secret}\0{slug}\0{self.id}".encode()
        seed = int.from_bytes(hashlib.blake2b(words, digest_size=16).digest())
        return list(self.build(np.random.default_rng(seed)))


def case(
    function: str, *args: Any, expect: Expectation, probe: bool = False, twice: bool = False
) -> Case:
    """Describe a call.

    Args:
        function: name of the student's function, or of a probe.
        args: numbers, arrays, lists, dicts of these, tuples of numbers, `Tensor`, `Generator`.
        expect: how the value is read and compared.
        probe: call a probe of the assignment, with the student's module before `args`.
        twice: call again with the same objects; the second answer must be as right as the first,
            and neither the arguments nor settings of Python, NumPy and torch must have changed.
    """
    shown = f"{function}({', '.join(map(_show, args))})"
    if len(shown) > _LONG:
        shown = f"{function}({', '.join(_show(value, few=True) for value in args)})"
    sent = tuple(Tuple(np.array(arg)) if isinstance(arg, tuple) else arg for arg in args)
    call = Call(
        function, sent, probe, twice, shown if len(shown) <= _LONG else f"{function}({ELIDED})"
    )
    return Case(call, expect)


def exchanged(args: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield arguments, and then for each of them all the same with that one alone exchanged.

    An answer that is remembered by its size, or by some of the arguments, is wrong in one of them.

    Args:
        args: the arguments of a call.
        others: the other arguments, of the same kinds and sizes.
    """
    yield tuple(args)
    for place, other in enumerate(others):
        yield (*args[:place], other, *args[place + 1 :])


def away_from_zero(
    rng: np.random.Generator, low: float, high: float, shape: int | tuple[int, ...] | None = None
) -> Array:
    """Draw magnitudes between `low` and `high` with random signs: no digits are lost near 0."""
    return np.asarray(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape))


def _show(value: Any, *, few: bool = False) -> str:
    """Write a value down; with `few`, a long sequence is its first two items and its last one."""
    if isinstance(value, np.ndarray) and not value.ndim:
        return f"{value:g}"
    if isinstance(value, np.ndarray) and value.size > _LONG and not few:
        return ELIDED * _LONG  # too long in any case, and thousands of numbers take a while
    if isinstance(value, float | np.floating):
        return _show_float(float(value))
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_show, value)) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, np.ndarray | list):
        if few and len(value) > 4:
            first, second, last = (_show(value[place], few=few) for place in (0, 1, -1))
            return f"[{first}, {second}, {ELIDED}, {last}]"
        return "[" + ", ".join(_show(item, few=few) for item in value) + "]"
    if isinstance(value, Tensor):
        return f"tensor({_show(value.array, few=few)})"
    if isinstance(value, Generator):
        return f"generator seeded with {value.seed}"
    if isinstance(value, dict):
        items = (f"{key}: {_show(item, few=few)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    return str(value)


def _show_float(value: float) -> str:
    return f"{value:.1f}" if value.is_integer() and abs(value) < 1e6 else f"{value:g}"


class _CheckList:
    visibility: Visibility

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def _append(self, check: Check) -> None:
        if not check.title:
            raise AuthoringError(f"check {check.id} has no docstring; its first line is its title")
        self.checks.append(check)


class PublicChecks(_CheckList):
    """The public checks of an assignment: fixed data, which students may see."""

    visibility = "public"

    def add(
        self, id: str, *, weight: int = 1, watch: Case | None = None
    ) -> Callable[[Callable[[], Iterable[Case]]], Callable[[], Iterable[Case]]]:
        """Register a generator function without arguments as a check.

        A function without a rule is watched in the first call of its first public check; `watch`
        is a shorter one.
        """
        call = None if watch is None else watch.call

        def register(build: Callable[[], Iterable[Case]]) -> Callable[[], Iterable[Case]]:
            self._append(Check(id, _title(build), "public", weight, lambda _: build(), watch=call))
            return build

        return register

    def rule(
        self,
        id: str,
        title: str,
        *,
        forbidden: Iterable[str] = (),
        reason: str,
        after: str,
        watch: tuple[Any, ...] | Case | None = None,
        backward: bool = False,
        beside: Iterable[str] = (),
    ) -> None:
        """Register a rule about the way in which a function works.

        Args:
            id: id of the check.
            title: the requirement, as a sentence.
            forbidden: names that the function and the helpers it calls must not use.
            reason: the message for a student's code that breaks the rule.
            after: id of the check that must have passed for the rule to count.
            watch: arguments of one more, short call, in which the hook looks at what runs. Numbers
                that do not come from each other, so that a shifted one is no other argument. Or a
                case with the call of a probe, for a class, or an argument that it has to make.
            backward: whether a backward pass of autograd must run in that call.
            beside: functions that may be called, although this one does not need them.
        """
        call = watch.call if isinstance(watch, Case) else None
        if isinstance(watch, tuple):
            call = Call(id.partition(".")[0], watch)
        rule = Rule(tuple(forbidden), reason, call, backward, tuple(beside))
        self._append(Check(id, title, "public", 1, rule=rule, after=after))


class HiddenChecks(_CheckList):
    """The hidden checks of an assignment: random data from the release secret."""

    visibility = "hidden"

    def add(
        self, id: str, *, weight: int = 1
    ) -> Callable[
        [Callable[[np.random.Generator], Iterable[Case]]],
        Callable[[np.random.Generator], Iterable[Case]],
    ]:
        """Register a generator function of a random generator as a check."""

        def register(
            build: Callable[[np.random.Generator], Iterable[Case]],
        ) -> Callable[[np.random.Generator], Iterable[Case]]:
            self._append(Check(id, _title(build), "hidden", weight, build=build))
            return build

        return register


def _title(function: Callable[..., Any]) -> str:
    lines = (function.__doc__ or "").strip().splitlines()
    return lines[0].rstrip(".") if lines else ""


AUTOGRAD: Final = ("autograd", "backward", "grad", "torch.func", "functorch", "GradientTape", "jax")
INSIDE: Final = (
    *("autograd.grad", "autograd.functional", "autograd.forward_ad", "torch.func", "functorch"),
    *("enable_grad", "set_grad_enabled", "GradientTape", "jax"),
)
"""The same for a class that autograd calls itself: its own `backward` is no forbidden name."""
BY_HAND: Final = (AUTOGRAD, INSIDE)
OPTIMIZERS: Final = ("torch.optim", "optim")
