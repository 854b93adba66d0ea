"""Hidden checks of training_tools: random points, draws, networks, gradients and trainings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradpath.assignments.training_tools.public import (
    DRAWN,
    KIND,
    LINEAR,
    NETWORK,
    SCALES,
    SECOND_DRAW,
    SLOPES,
    VALUES,
    Batches,
    Weights,
    clipped,
    cube,
    float32,
    trained,
    training,
)
from gradpath.course.declare import (
    FORMULA,
    TRAJECTORY,
    Array,
    Case,
    Cases,
    Generator,
    HiddenChecks,
    Numbers,
    Record,
    Tensor,
    away_from_zero,
    case,
    exchanged,
)

checks = HiddenChecks()

Rng = np.random.Generator
_BARE = ("inner", "outer", "shift")


@checks.add("chain_gradient.random_points", weight=2)
def chain_gradient_random_points(rng: Rng) -> Cases:
    """The derivative is right at random points, for numbers, arrays and tensors"""
    yield case("chain_gradient", float(away_from_zero(rng, 1.5, 9.0)), expect=Numbers(FORMULA))
    for shape in ((1,), (7,), (2, 3, 2)):
        x = away_from_zero(rng, 1.5, 9.0, shape)
        for (given,) in exchanged((x,), (-x,)):
            yield case("chain_gradient", given, expect=Numbers(FORMULA), twice=True)
    x = away_from_zero(rng, 1.5, 9.0, (3, 2))
    yield case("chain_gradient", Tensor(x), expect=Numbers(FORMULA), twice=True)


@checks.add("chain_gradient.magnitudes")
def chain_gradient_magnitudes(rng: Rng) -> Cases:
    """The derivative keeps its digits where numbers are very large or very small"""
    # Beside the 1 in z a tiny y has no digits, and a difference of two large z has few left.
    for scale in (1e-8, 1e-6, 1e7, 1e9):
        x = float(away_from_zero(rng, 1.0, 3.0)) * scale
        yield case("chain_gradient", x, expect=Numbers(FORMULA))


def _points(rng: Rng, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Draw points and the gradients that come in; none is 1, so that each factor shows."""
    return away_from_zero(rng, 1.3, 2.5, shape), away_from_zero(rng, 0.3, 0.8, shape)


@checks.add("Cube.random_values")
def cube_random_values(rng: Rng) -> Cases:
    """The values are right for random tensors of all shapes, and x stays as it was"""
    for shape in ((), (1,), (5,), (2, 3, 2)):
        yield cube(*_points(rng, shape), VALUES, twice=True)
    x, upstream = map(float32, _points(rng, (4, 2)))
    yield cube(x, upstream, VALUES)


@checks.add("Cube.random_slopes", weight=3)
def cube_random_slopes(rng: Rng) -> Cases:
    """The vector-Jacobian product is right for random tensors of all shapes"""
    for shape in ((), (1,), (6,), (3, 1, 4)):
        yield cube(*_points(rng, shape), SLOPES)
    given, others = _points(rng, (2, 3)), _points(rng, (2, 3))
    for x, upstream in exchanged(given, others):
        yield cube(x, upstream, SLOPES)
    x, upstream = map(float32, _points(rng, (4, 2)))
    yield cube(x, upstream, SLOPES, twice=True)


@checks.add("Cube.several_calls", weight=2)
def cube_several_calls(rng: Rng) -> Cases:
    """Several calls before one backward pass keep their numbers apart"""
    both = Record({"slope": FORMULA, "slope of the other": FORMULA})
    for shape in ((4,), (2, 3)):
        yield cube(*_points(rng, shape), both, way="several")
        yield cube(*_points(rng, shape), SLOPES, way="nested")


def _draws(rng: Rng, function: str) -> Cases:
    for fans in ((1, 4), (7, 2), (12, 5), (3, 3)):
        yield case(function, *fans, Generator(_seed(rng)), probe=True, expect=DRAWN)
    seed, other = (int(number) for number in rng.choice(2**31, 2, replace=False))
    for args in exchanged((5, 4, Generator(seed)), (6, 3, Generator(other))):
        yield case(function, *args, probe=True, expect=DRAWN)


def _second_draws(rng: Rng, function: str) -> Cases:
    for fans in ((4, 6), (5, 5)):
        generator = Generator(_seed(rng))
        yield case(function, *fans, generator, probe=True, expect=SECOND_DRAW)
    # A second call draws other numbers, so that only facts can be compared.
    yield case(function, 4, 3, Generator(_seed(rng)), probe=True, expect=KIND, twice=True)


def _seed(rng: Rng) -> int:
    """Draw a seed of a generator."""
    return int(rng.integers(1000, 2**31))


@checks.add("xavier_normal.sizes", weight=2)
def xavier_normal_sizes(rng: Rng) -> Cases:
    """The weights are right for other sizes and other generators"""
    return _draws(rng, "xavier_normal")


@checks.add("xavier_normal.second_draw")
def xavier_normal_second_draw(rng: Rng) -> Cases:
    """A second draw goes on from the first, and torch's global random state stays"""
    return _second_draws(rng, "xavier_normal")


@checks.add("he_normal.sizes", weight=2)
def he_normal_sizes(rng: Rng) -> Cases:
    """The weights are right for other sizes and other generators"""
    return _draws(rng, "he_normal")


@checks.add("he_normal.second_draw")
def he_normal_second_draw(rng: Rng) -> Cases:
    """A second draw goes on from the first, and torch's global random state stays"""
    return _second_draws(rng, "he_normal")


def _deep(rng: Rng, n: int, widths: tuple[int, ...], factor: float = 1.0) -> list[Any]:
    """Draw inputs and weights of a deep network; n times each width is 100 or more."""
    layers = [
        Tensor(float32(rng.normal(0.0, factor * (2 / inner) ** 0.5, (outer, inner))))
        for inner, outer in itertools.pairwise(widths)
    ]
    return [Tensor(float32(rng.normal(0.0, 1.0, (n, widths[0])))), layers]


def _scales(args: Sequence[Any], *, twice: bool = False) -> Case:
    return case("activation_scales", *args, probe=True, expect=SCALES, twice=twice)


@checks.add("activation_scales.random_networks", weight=3)
def activation_scales_random_networks(rng: Rng) -> Cases:
    """The scales are right for random networks of all depths and widths"""
    # 10,000 activations and more: then both divisors give what a known mistake gives, too.
    yield _scales(_deep(rng, 200, (50, 60, 55, 50)))
    yield _scales(_deep(rng, 220, (48, 48, 48), 0.7))
    yield _scales(_deep(rng, 30, (9, 7), 1.4))
    given, others = (_deep(rng, 24, (6, 8, 8)) for _ in range(2))
    # Exchanged weights are larger, or rarely all scales might look alike.
    others[1] = [Tensor(float32(3.0 * layer.array)) for layer in others[1]]
    others[0] = Tensor(float32(4.0 * others[0].array))
    for args in exchanged(given, others):
        yield _scales(args, twice=True)


def _arrays(rng: Rng, *shapes: tuple[int, ...]) -> list[Array]:
    return [away_from_zero(rng, 0.3, 3.0, shape) for shape in shapes]


def _norm(arrays: list[Array]) -> float:
    return float(sum(np.sum(array**2) for array in arrays) ** 0.5)


@checks.add("clip_by_norm.random_gradients", weight=3)
def clip_by_norm_random_gradients(rng: Rng) -> Cases:
    """Norm and arrays are right for random gradients, clipped or not, and the given ones stay"""
    for shapes in (((3,),), ((2, 3), (3,)), ((4, 1), (1,), (2, 2, 2), (5,))):
        arrays = _arrays(rng, *shapes)
        # Well below and above the norm, its square and its root, and never near them.
        for factor in (0.05, 0.6, 1.5, 20.0):
            limit = factor * _norm(arrays)
            expect = clipped(len(arrays))
            yield case("clip_by_norm", arrays, limit, probe=True, expect=expect, twice=True)
    # The norm is below 1, its square is smaller, and between them lies the limit.
    small = [array * (0.5 / _norm(arrays)) for array in arrays]
    yield case("clip_by_norm", small, 0.35, probe=True, expect=clipped(len(small)))
    args, others = (arrays, 0.5 * _norm(arrays)), ([2 * a for a in arrays], 0.3 * _norm(arrays))
    for given in exchanged(args, others):
        yield case("clip_by_norm", *given, probe=True, expect=clipped(len(arrays)))


@checks.add("clip_by_norm.edges")
def clip_by_norm_edges(rng: Rng) -> Cases:
    """Zero gradients, an empty list and a largest norm of 0 are right, too"""
    arrays = _arrays(rng, (2, 2), (3,))
    zeros = [0.0 * array for array in arrays]
    yield case("clip_by_norm", zeros, float(rng.uniform(0.5, 2.0)), probe=True, expect=clipped(2))
    yield case("clip_by_norm", [], float(rng.uniform(0.5, 2.0)), probe=True, expect=clipped(0))
    yield case("clip_by_norm", arrays, 0.0, probe=True, expect=clipped(2))


@checks.add("clip_by_value.random_gradients", weight=3)
def clip_by_value_random_gradients(rng: Rng) -> Cases:
    """Elements are right for random gradients and limits, and the given arrays stay"""
    for shapes in (((4,),), ((2, 3), (3,)), ((4, 1), (1,), (2, 2, 2), (5,))):
        arrays = _arrays(rng, *shapes)
        arrays[0].flat[0], arrays[0].flat[1] = 3.0, -3.0  # both sides are met in each draw
        for limit in (float(rng.uniform(0.5, 0.9)), float(rng.uniform(1.5, 2.5)), 0.0, 4.0):
            expect = clipped(len(arrays), norm=False)
            yield case("clip_by_value", arrays, limit, probe=True, expect=expect, twice=True)
    args, others = (arrays, 0.8), ([-2.0 * array for array in arrays], 1.9)
    for given in exchanged(args, others):
        expect = clipped(len(arrays), norm=False)
        yield case("clip_by_value", *given, probe=True, expect=expect)


def _linear(rng: Rng, inputs: int, outputs: int) -> Weights:
    weight = away_from_zero(rng, 0.3, 1.2, (outputs, inputs))
    return {"weight": float32(weight), "bias": float32(away_from_zero(rng, 0.1, 0.6, (outputs,)))}


def _network(rng: Rng, inputs: int, hidden: int, outputs: int) -> Weights:
    return {"0": _linear(rng, inputs, hidden), "2": _linear(rng, hidden, outputs)}


def _bare(rng: Rng, inputs: int, hidden: int, outputs: int) -> Weights:
    return {
        "inner": float32(away_from_zero(rng, 0.3, 1.2, (inputs, hidden))),
        "outer": float32(away_from_zero(rng, 0.3, 1.2, (hidden, outputs))),
        "shift": float32(away_from_zero(rng, 0.1, 0.6, (outputs,))),
    }


def _batches(rng: Rng, sizes: tuple[int, ...], inputs: int, outputs: int) -> list[Any]:
    """Draw batches of these sizes, each with a target of its own that no model reaches."""
    pairs = []
    for number, size in enumerate(sizes):
        x = float32(away_from_zero(rng, 0.3, 1.5, (size, inputs)))
        y = rng.uniform(2.0, 4.0, (size, outputs)) * (-1) ** number + rng.uniform(-1.0, 1.0)
        pairs.append((x, float32(y)))
    return pairs


def _lr(rng: Rng) -> float:
    return float(rng.uniform(0.03, 0.08))


@checks.add("train_accumulated.random_runs", weight=4)
def train_accumulated_random_runs(rng: Rng) -> Cases:
    """Runs of random models, batches and groups follow the reference, batch by batch"""
    equal, mixed = (3,) * 6, (2, 5, 1, 4, 3)
    network, bare = _network(rng, 2, 4, 2), _bare(rng, 3, 4, 2)
    yield training(
        "network", network, _batches(rng, equal, 2, 2), _lr(rng), 3, expect=trained(NETWORK)
    )
    yield training("bare", bare, _batches(rng, mixed, 3, 2), _lr(rng), 2, expect=trained(_BARE))
    given = (_linear(rng, 2, 3), _batches(rng, (2, 1, 3), 2, 3), 0.05, 2)
    others = (_linear(rng, 2, 3), _batches(rng, (2, 1, 3), 2, 3), 0.09, 1)
    for number, args in enumerate(exchanged(given, others)):
        yield training("linear", *args, expect=trained(LINEAR), twice=not number)


@checks.add("train_accumulated.last_group", weight=2)
def train_accumulated_last_group(rng: Rng) -> Cases:
    """What is left at the end makes a group of its own, also if it is all there is"""
    for sizes, group in (((2,) * 7, 3), ((3, 1, 2), 5), ((2,), 1)):
        batches = _batches(rng, sizes, 2, 1)
        yield training(
            "linear", _linear(rng, 2, 1), batches, _lr(rng), group, expect=trained(LINEAR)
        )


@checks.add("train_accumulated.leftovers")
def train_accumulated_leftovers(rng: Rng) -> Cases:
    """What lies in the parameters' gradients beforehand does not count"""
    batches = _batches(rng, (2, 2, 2), 2, 2)
    yield training(
        "linear", _linear(rng, 2, 2), batches, _lr(rng), 2, expect=trained(LINEAR), leftovers=True
    )


@checks.add("train_accumulated.given_model", weight=2)
def train_accumulated_given_model(rng: Rng) -> Cases:
    """It is the given model whose parameters have moved"""
    # No losses here: they would hide that a run of some other model leaves this one as it was.
    expect = Record({f"model.{name}": TRAJECTORY for name in NETWORK})
    batches: Batches = _batches(rng, (2, 3, 2, 2), 3, 2)
    yield training("network", _network(rng, 3, 5, 2), batches, _lr(rng), 2, expect=expect)
