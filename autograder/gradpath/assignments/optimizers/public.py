"""Public checks of optimizers: examples for paper, and the run of the text, rule by rule."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from gradpath.course.declare import (
    EXACT,
    OPTIMIZERS,
    TRAJECTORY,
    Cases,
    Numbers,
    PublicChecks,
    Record,
    case,
    documented,
)

checks = PublicChecks()

_RUN = documented("optimizers")
_START = np.array(_RUN["start"])
_LR = _RUN["learning_rate"]
# The settings of the run, in the order of each rule's arguments after the learning rate.
SETTINGS: Final[dict[str, tuple[float, ...]]] = {
    "sgd": (),
    "momentum": (0.9,),
    "adagrad": (1e-8,),
    "rmsprop": (0.99, 1e-8),
    "adam": (0.9, 0.999, 1e-8),
}

WEIGHTS = Numbers(TRAJECTORY, "weights")
COLUMN = Numbers(TRAJECTORY, "weights", column=True)
LOSSES = Record(dict.fromkeys(SETTINGS, TRAJECTORY))
INDEX = Numbers(EXACT, "index")

_POINT = np.array([1.0, -2.0])
_ONE = np.array([[3.0, -4.0]])
# Signs change, and a weight has a gradient of zero at first, or in between.
_SEVERAL = np.array([[3.0, -4.0], [4.0, 0.0], [-1.0, 2.0], [0.0, 3.0]])
_LATE = np.array([[0.0, 2.0], [0.0, -1.0], [0.5, -3.0]])
_WATCHED = ([1.7, -0.6], [[0.3, 2.3], [-1.1, 0.8], [0.9, -1.3]], 0.04)


def _examples(rule: str, *settings: float) -> Cases:
    for gradients in (_SEVERAL, _LATE):
        yield case(rule, _POINT, gradients, 0.5, *settings, expect=WEIGHTS)


def _kinds(rule: str, *settings: float) -> Cases:
    """Hand over the same kinds of numbers in each of the containers of the text."""
    whole: Any = [[2, -1, 3], [1, 4, -2]]
    yield case(rule, [3, -2, 1], whole, 0.25, *settings, expect=WEIGHTS)
    yield case(rule, (3.0, -2.5), [[2.0, -1.0], [1.0, 0.5]], 0.25, *settings, expect=WEIGHTS)
    yield case(rule, np.array([3, -2, 1]), np.array(whole), 0.25, *settings, expect=WEIGHTS)


def _of_the_text(rule: str) -> Cases:
    """Hand over the gradients that this rule meets in the run of the text."""
    weights = np.array([_RUN["start"], *_RUN["weights"][rule][:-1]])
    gradients = weights * np.array([1.0, 20.0])
    yield case(rule, _START, gradients, _LR, *SETTINGS[rule], expect=WEIGHTS)


def _by_hand(rule: str, after: str, *settings: float) -> None:
    checks.rule(
        f"{rule}.by_hand",
        "The rule is written down, not left to a library or to another rule",
        forbidden=OPTIMIZERS,
        reason="this function is to be written by hand",
        after=f"{rule}.{after}",
        watch=(*_WATCHED, *settings),
        # Plain steps are momentum without any.
        beside=("momentum",),
    )


@checks.add("sgd.examples")
def sgd_examples() -> Cases:
    """Plain steps are right on a few gradients, and in the run of the text"""
    yield case("sgd", _POINT, _ONE, 0.5, expect=WEIGHTS)
    yield from _examples("sgd")
    yield from _of_the_text("sgd")


@checks.add("sgd.kinds")
def sgd_kinds() -> Cases:
    """Lists, tuples and whole numbers are taken like arrays of floats"""
    return _kinds("sgd")


_by_hand("sgd", "examples")


# In each of these checks a second call begins anew: it shows a state that is left from the first.
@checks.add("momentum.first_step")
def momentum_first_step() -> Cases:
    """The first step is right: the first velocity is the gradient"""
    yield case("momentum", _POINT, _ONE, 0.5, 0.8, expect=WEIGHTS)
    yield case("momentum", _POINT, -2 * _ONE, 0.25, 0.9, expect=WEIGHTS)


@checks.add("momentum.examples")
def momentum_examples() -> Cases:
    """The velocity is kept from step to step, and rolls on where a gradient is 0"""
    return _examples("momentum", 0.8)


@checks.add("momentum.kinds")
def momentum_kinds() -> Cases:
    """Lists, tuples and whole numbers are taken like arrays of floats"""
    return _kinds("momentum", 0.75)


@checks.add("momentum.of_the_text")
def momentum_of_the_text() -> Cases:
    """The path of the text is followed, step by step"""
    return _of_the_text("momentum")


_by_hand("momentum", "first_step", 0.7)


@checks.add("adagrad.first_step")
def adagrad_first_step() -> Cases:
    """The first step is right, with an eps that can be seen"""
    yield case("adagrad", _POINT, _ONE, 0.5, 1.0, expect=WEIGHTS)
    yield case("adagrad", _POINT, -2 * _ONE, 0.25, 0.5, expect=WEIGHTS)


@checks.add("adagrad.examples")
def adagrad_examples() -> Cases:
    """The squares are summed up from step to step, each weight's own"""
    return _examples("adagrad", 0.1)


@checks.add("adagrad.kinds")
def adagrad_kinds() -> Cases:
    """Lists, tuples and whole numbers are taken like arrays of floats"""
    return _kinds("adagrad", 0.5)


@checks.add("adagrad.of_the_text")
def adagrad_of_the_text() -> Cases:
    """The path of the text is followed, step by step"""
    return _of_the_text("adagrad")


_by_hand("adagrad", "first_step", 0.02)


@checks.add("rmsprop.first_step")
def rmsprop_first_step() -> Cases:
    """The first step is right, with an eps that can be seen"""
    yield case("rmsprop", _POINT, _ONE, 0.5, 0.75, 1.0, expect=WEIGHTS)
    yield case("rmsprop", _POINT, -2 * _ONE, 0.25, 0.96, 0.5, expect=WEIGHTS)


@checks.add("rmsprop.examples")
def rmsprop_examples() -> Cases:
    """The mean of the squares is kept from step to step, each weight's own"""
    return _examples("rmsprop", 0.8, 0.1)


@checks.add("rmsprop.kinds")
def rmsprop_kinds() -> Cases:
    """Lists, tuples and whole numbers are taken like arrays of floats"""
    return _kinds("rmsprop", 0.75, 0.5)


@checks.add("rmsprop.of_the_text")
def rmsprop_of_the_text() -> Cases:
    """The path of the text is followed, step by step"""
    return _of_the_text("rmsprop")


_by_hand("rmsprop", "first_step", 0.85, 0.02)


@checks.add("adam.first_step")
def adam_first_step() -> Cases:
    """The first step is right, with an eps that can be seen"""
    yield case("adam", _POINT, _ONE, 0.5, 0.75, 0.96, 1.0, expect=WEIGHTS)
    yield case("adam", _POINT, -2 * _ONE, 0.25, 0.8, 0.9, 0.5, expect=WEIGHTS)


@checks.add("adam.examples")
def adam_examples() -> Cases:
    """Both means are kept from step to step, and corrected for the number of steps"""
    return _examples("adam", 0.7, 0.9, 0.1)


@checks.add("adam.kinds")
def adam_kinds() -> Cases:
    """Lists, tuples and whole numbers are taken like arrays of floats"""
    return _kinds("adam", 0.75, 0.95, 0.5)


@checks.add("adam.of_the_text")
def adam_of_the_text() -> Cases:
    """The path of the text is followed, step by step"""
    return _of_the_text("adam")


_by_hand("adam", "first_step", 0.6, 0.85, 0.02)


@checks.add("steps_to.examples")
def steps_to_examples() -> Cases:
    """The first loss at or below the level is found"""
    losses = np.array([8.0, 2.0, 5.0, 0.5, 3.0, 0.25])
    for level in (4.0, 0.75, 0.5, 9.0, 0.125, 0.25):
        yield case("steps_to", losses, level, expect=INDEX)
    for kind in (list, tuple):
        yield case("steps_to", kind([3.0, 1.0, 2.0]), 1.5, expect=INDEX)
    for name in ("sgd", "adam"):
        yield case("steps_to", np.array(_RUN["losses"][name]), 1.0, expect=INDEX)


@checks.add("compare.first_step")
def compare_first_step() -> Cases:
    """The first step of each rule is right, on an axis of the bowl, too"""
    for start in (np.array([1.5, -0.4]), [2, 1], (0.0, 0.5)):
        yield case("compare", start, 0.04, 1, expect=LOSSES)


@checks.add("compare.of_the_text")
def compare_of_the_text() -> Cases:
    """The first steps of the run of the text are followed, one by one"""
    # Rules that are called with all gradients so far take the square of this time.
    yield case("compare", _START, _LR, 8, expect=LOSSES)
