"""Hidden checks of optimizers: random gradients, settings, losses and starting points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradpath.assignments.optimizers.public import COLUMN, INDEX, LOSSES, WEIGHTS
from gradpath.course.declare import Cases, HiddenChecks, away_from_zero, case, exchanged

checks = HiddenChecks()

Rng = np.random.Generator
Settings = Callable[[Rng], tuple[float, ...]]


def _gradients(rng: Rng, steps: int, d: int) -> np.ndarray:
    """Draw gradients away from 0 and 1, and after a first step a few that are exactly 0."""
    gradients = away_from_zero(rng, 1.3, 4.0, (steps, d))
    if steps > 2:
        gradients[rng.integers(1, steps, d), np.arange(d)] = 0.0
    return gradients


def _momentum(rng: Rng) -> tuple[float, ...]:
    return (float(rng.uniform(0.55, 0.85)),)


def _eps(rng: Rng) -> tuple[float, ...]:
    """Draw an eps that shows in all digits that are compared, and is not 1."""
    return (float(rng.uniform(0.1, 0.6)),)


def _decay(rng: Rng) -> tuple[float, ...]:
    return (float(rng.uniform(0.65, 0.9)), *_eps(rng))


def _betas(rng: Rng) -> tuple[float, ...]:
    """Draw two settings that are clearly apart, each of them the larger one now and then."""
    near, far = float(rng.uniform(0.55, 0.7)), float(rng.uniform(0.8, 0.95))
    return (*((near, far) if rng.random() < 0.7 else (far, near)), *_eps(rng))


def _nothing(rng: Rng) -> tuple[float, ...]:
    return ()


def _random_runs(rng: Rng, rule: str, settings: Settings) -> Cases:
    for steps, d in ((7, 3), (12, 2), (1, 4)):
        start, lr = away_from_zero(rng, 1.0, 5.0, d), float(rng.uniform(0.2, 0.7))
        given = (start, _gradients(rng, steps, d), lr, *settings(rng))
        yield case(rule, *given, expect=WEIGHTS)
    # A weight whose gradients are all 0, and one whose first ones are.
    gradients = _gradients(rng, 6, 3)
    gradients[:, 0] = gradients[:3, 1] = 0.0
    start, lr = away_from_zero(rng, 1.0, 5.0, 3), float(rng.uniform(0.2, 0.7))
    yield case(rule, list(start), gradients.tolist(), lr, *settings(rng), expect=WEIGHTS)
    whole = rng.integers(1, 5, (4, 2)) * rng.choice([-1, 1], (4, 2))
    yield case(rule, np.array([3, -2]), whole, lr, *settings(rng), expect=WEIGHTS)
    one, other = (
        (away_from_zero(rng, 1.0, 5.0, 2), _gradients(rng, 4, 2), rate, *settings(rng))
        for rate in (0.3, 0.45)
    )
    for args in exchanged(one, other):
        yield case(rule, *args, expect=WEIGHTS)


def _repeatable(rng: Rng, rule: str, settings: Settings) -> Cases:
    """Arrays of floats need no conversion, and may then be shared with the caller's."""
    # One weight last: a state that is left from other calls has no shape that fits, and fails in
    # each style in another way.
    for steps, d in ((4, 3), (1, 2), (5, 1), (1, 1)):
        given = away_from_zero(rng, 1.0, 5.0, d), _gradients(rng, steps, d)
        expect = COLUMN if d == 1 else WEIGHTS
        if steps > 1:
            yield case(rule, *given, 0.3, *settings(rng), expect=expect, twice=True)
        else:
            lists = (array.tolist() for array in given)
            yield case(rule, *lists, 0.3, *settings(rng), expect=expect, twice=True)


@checks.add("sgd.random_runs")
def sgd_random_runs(rng: Rng) -> Cases:
    """Random gradients are followed, step by step"""
    return _random_runs(rng, "sgd", _nothing)


@checks.add("sgd.repeatable")
def sgd_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "sgd", _nothing)


@checks.add("momentum.random_runs", weight=2)
def momentum_random_runs(rng: Rng) -> Cases:
    """Random gradients are followed, step by step, with random settings"""
    return _random_runs(rng, "momentum", _momentum)


@checks.add("momentum.repeatable")
def momentum_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "momentum", _momentum)


@checks.add("adagrad.random_runs", weight=2)
def adagrad_random_runs(rng: Rng) -> Cases:
    """Random gradients are followed, step by step, with random settings"""
    return _random_runs(rng, "adagrad", _eps)


@checks.add("adagrad.repeatable")
def adagrad_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "adagrad", _eps)


@checks.add("rmsprop.random_runs", weight=2)
def rmsprop_random_runs(rng: Rng) -> Cases:
    """Random gradients are followed, step by step, with random settings"""
    return _random_runs(rng, "rmsprop", _decay)


@checks.add("rmsprop.repeatable")
def rmsprop_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "rmsprop", _decay)


@checks.add("adam.random_runs", weight=2)
def adam_random_runs(rng: Rng) -> Cases:
    """Random gradients are followed, step by step, with random settings"""
    return _random_runs(rng, "adam", _betas)


@checks.add("adam.repeatable")
def adam_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "adam", _betas)


@checks.add("steps_to.random_losses", weight=2)
def steps_to_random_losses(rng: Rng) -> Cases:
    """The first loss at or below the level is found, wherever it stands"""
    for count, place in ((9, 3), (6, 0), (30, 17), (8, 7), (1, 0)):
        # All above 2 up to the place, and then up and down; its loss is exact in float32, too.
        losses = rng.uniform(2.0, 6.0, count)
        losses[place] = 0.5
        losses[place + 1 :: 2] = rng.uniform(0.1, 0.4, len(losses[place + 1 :: 2]))
        yield case("steps_to", losses, float(rng.uniform(0.6, 1.8)), expect=INDEX)
        yield case("steps_to", list(losses), 0.5, expect=INDEX)
        yield case("steps_to", tuple(losses), 0.0625, expect=INDEX)
    # Losses and a level below 0, and whole numbers.
    yield case("steps_to", -rng.uniform(2.0, 6.0, 7), -1.5, expect=INDEX)
    yield case("steps_to", [7, 4, 5, 4], 4, expect=INDEX)


@checks.add("steps_to.repeatable")
def steps_to_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    losses, others = rng.uniform(2.0, 6.0, (2, 9))
    losses[[4, 7]], others[[2, 5]] = 0.5, 0.25
    for number, args in enumerate(exchanged((losses, 1.0), (others, 0.125))):
        yield case("steps_to", *args, expect=INDEX, twice=not number)


def _bowl(rng: Rng) -> tuple[np.ndarray, float]:
    """Draw a start off the axes, and a learning rate at which `sgd` swings across the valley."""
    start = away_from_zero(rng, 0.5, 2.0, 2) * np.array([1.0, 0.4])
    return start, float(rng.choice([rng.uniform(0.015, 0.04), rng.uniform(0.06, 0.085)]))


@checks.add("compare.random_starts", weight=3)
def compare_random_starts(rng: Rng) -> Cases:
    """Runs from random starts follow the reference, step by step"""
    for steps in (6, 3):
        yield case("compare", *_bowl(rng), steps, expect=LOSSES)
    start, lr = _bowl(rng)
    yield case("compare", start.tolist(), lr, 1, expect=LOSSES)
    # Gradients as small as eps, and on an axis none at all.
    yield case("compare", start * 2e-8, lr, 2, expect=LOSSES)
    yield case("compare", (float(start[0]), 0.0), lr, 2, expect=LOSSES)
    yield case("compare", [2, -1], lr, 2, expect=LOSSES)
    for args in exchanged((start, lr, 2), (start[::-1], 0.7 * lr, 3)):
        yield case("compare", *args, expect=LOSSES)


@checks.add("compare.repeatable", weight=2)
def compare_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    for container in (np.array, list):
        start, lr = container(_bowl(rng)[0]), float(rng.uniform(0.015, 0.04))
        yield case("compare", start, lr, 2, expect=LOSSES, twice=True)
