"""Public checks of training_tools: examples on paper, and the two runs of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from gradpath.course.declare import (
    AUTOGRAD,
    EXACT,
    FORMULA,
    INSIDE,
    OPTIMIZERS,
    SPREAD,
    TRAJECTORY,
    Array,
    Case,
    Cases,
    Generator,
    Numbers,
    PublicChecks,
    Record,
    Tensor,
    case,
    documented,
)

checks = PublicChecks()

Batches = Sequence[tuple[Array, Array]]
Weights = dict[str, Any]

NETWORK: Final = ("0.weight", "0.bias", "2.weight", "2.bias")
LINEAR: Final = ("weight", "bias")
SCALES: Final = Numbers(SPREAD, "scales")
DRAWN: Final = Record({"weights": FORMULA})
SECOND_DRAW: Final = Record({"second draw": FORMULA}, ("torch's global random state",))
KIND: Final = Record({}, ("kind",))
VALUES: Final = Record({"result": FORMULA}, ("dtype",))
SLOPES: Final = Record({"slope": FORMULA})

_OURS = documented("training_tools")["ours"]
_SAMPLES = documented("training_tools")["samples"]
_MAX_NORM = documented("training_tools")["clip"]["max_norm"]


def float32(values: Any) -> Array:
    """Return an array of the dtype that tensors have."""
    return np.asarray(values, dtype=np.float32)


def clipped(count: int, *, norm: bool = True) -> Record:
    """Expect a list of as many arrays, and with it the norm."""
    arrays = {f"clipped.{number}": FORMULA for number in range(count)}
    return Record({"count": EXACT, **({"norm": FORMULA} if norm else {}), **arrays})


def trained(names: Sequence[str]) -> Record:
    """Expect the record of a training, and the weights of the model that was given."""
    parts = {f"{part}.{name}": TRAJECTORY for part in ("parameters", "model") for name in names}
    return Record({"losses": TRAJECTORY, "updates": EXACT, **parts})


def training(
    kind: str,
    weights: Weights,
    batches: Batches,
    lr: float,
    group: int,
    *,
    expect: Record,
    leftovers: bool = False,
    twice: bool = False,
) -> Case:
    """Return a training of a model that the probe makes, from these weights."""
    pairs = [[Tensor(x), Tensor(y)] for x, y in batches]
    rest = (pairs, lr, group, leftovers)
    return case("train_accumulated", kind, weights, *rest, probe=True, expect=expect, twice=twice)


@checks.add("chain_gradient.examples")
def chain_gradient_examples() -> Cases:
    """The derivative is right at a few points"""
    for x in (1.0, -2.5, np.array([0.5, -3.0, 2.0]), np.array([[1.5, -0.25], [4.0, 7.0]])):
        yield case("chain_gradient", x, expect=Numbers(FORMULA))
    yield case("chain_gradient", Tensor(np.array([1.0, -1.5])), expect=Numbers(FORMULA))


checks.rule(
    "chain_gradient.by_hand",
    "The derivative is written down, not left to autograd",
    forbidden=AUTOGRAD,
    reason="this function is to be derived by hand",
    after="chain_gradient.examples",
    watch=(1.7,),
)

_POINTS = np.array([[1.0, -2.0, 0.5], [3.0, -0.25, 1.5]])
_UPSTREAM = np.array([[1.0, 0.5, -2.0], [0.25, 3.0, -1.5]])


def cube(x: Array, upstream: Array, expect: Record, *, way: str = "", twice: bool = False) -> Case:
    """Return a call of Cube and a backward pass; `way` says how, if not through one call."""
    given = (Tensor(x, True), Tensor(upstream), way)
    return case("Cube", *given, probe=True, expect=expect, twice=twice)


@checks.add("Cube.values")
def cube_values() -> Cases:
    """Cube.apply gives the third power of each element, in the dtype of x"""
    yield cube(_POINTS, _UPSTREAM, VALUES)
    yield cube(float32([2.0, -1.0]), float32([1.0, 1.0]), VALUES)


@checks.add("Cube.slopes", weight=2)
def cube_slopes() -> Cases:
    """The backward pass gives the derivative times the gradient that comes in"""
    yield cube(np.array(2.0), np.array(1.0), SLOPES)
    yield cube(_POINTS, _UPSTREAM, SLOPES)


checks.rule(
    "Cube.by_hand",
    "The derivative is written down, not left to another backward pass",
    forbidden=INSIDE,
    reason="`backward` is to hold a formula of yours",
    after="Cube.slopes",
    watch=cube(np.array([1.7, -0.6]), np.array([0.8, 2.3]), SLOPES, way="watched"),
)


@checks.add("xavier_normal.examples")
def xavier_normal_examples() -> Cases:
    """The weights are the generator's normal values, with the standard deviation asked for"""
    yield case("xavier_normal", 3, 5, Generator(0), probe=True, expect=DRAWN)
    yield case("xavier_normal", 8, 4, Generator(7), probe=True, expect=DRAWN)
    yield case("xavier_normal", 6, 3, Generator(2), probe=True, expect=SECOND_DRAW)


@checks.add("xavier_normal.kind")
def xavier_normal_kind() -> Cases:
    """The result is a float32 tensor without requires_grad"""
    yield case("xavier_normal", 3, 4, Generator(1), probe=True, expect=KIND, twice=True)


@checks.add("he_normal.examples")
def he_normal_examples() -> Cases:
    """The weights are the generator's normal values, with the standard deviation asked for"""
    yield case("he_normal", 3, 5, Generator(0), probe=True, expect=DRAWN)
    yield case("he_normal", 8, 4, Generator(7), probe=True, expect=DRAWN)
    yield case("he_normal", 6, 3, Generator(2), probe=True, expect=SECOND_DRAW)


@checks.add("he_normal.kind")
def he_normal_kind() -> Cases:
    """The result is a float32 tensor without requires_grad"""
    yield case("he_normal", 3, 4, Generator(1), probe=True, expect=KIND, twice=True)


def deep_network() -> tuple[Array, list[Array]]:
    """Return the inputs of the text, and standard normal weights for each layer.

    NumPy keeps the numbers of RandomState as they are, in all of its versions.
    """
    draws = np.random.RandomState(_OURS["seed"])
    width = _OURS["width"]
    x = float32(draws.standard_normal((_OURS["inputs"], width)))
    return x, [float32(draws.standard_normal((width, width))) for _ in range(_OURS["depth"])]


def xavier_deviation(width: int) -> float:
    """Return the standard deviation of Xavier for as many outputs as inputs."""
    return float((1 / width) ** 0.5)


@checks.add("activation_scales.small")
def activation_scales_small() -> Cases:
    """The scales of a small network with layers of different widths are right"""
    x, weights = deep_network()
    given = [weights[0][:40] / 8, weights[1][:50, :40] / 5, weights[2][:30, :50] / 9]
    # Not from one layer's width to the same: a matrix that is not transposed does not fit.
    layers = [Tensor(weight) for weight in given]
    yield case("activation_scales", Tensor(x), layers, probe=True, expect=SCALES)


@checks.add("activation_scales.run_of_the_text", weight=2)
def activation_scales_run_of_the_text() -> Cases:
    """The scales of the text's deep network are right, with Xavier's weights and with He's"""
    x, weights = deep_network()
    xavier = xavier_deviation(_OURS["width"])
    for deviation in (xavier, 2**0.5 * xavier):
        layers = [Tensor(float32(deviation * weight)) for weight in weights]
        yield case("activation_scales", Tensor(x), layers, probe=True, expect=SCALES)


_GRADIENTS = [np.array([[3.0, -1.0], [0.5, 2.0]]), np.array([-2.0, 4.0, 1.0])]


@checks.add("clip_by_norm.examples", weight=2)
def clip_by_norm_examples() -> Cases:
    """One norm over all arrays decides, and all are scaled by the same number"""
    yield case("clip_by_norm", [np.array([3.0, 4.0])], 1.0, probe=True, expect=clipped(1))
    yield case("clip_by_norm", _GRADIENTS, _MAX_NORM, probe=True, expect=clipped(2))
    yield case("clip_by_norm", _GRADIENTS, 50.0, probe=True, expect=clipped(2))


@checks.add("clip_by_value.examples", weight=2)
def clip_by_value_examples() -> Cases:
    """Elements outside the limits are set to the nearer one, all others stay"""
    yield case("clip_by_value", _GRADIENTS, 1.5, probe=True, expect=clipped(2, norm=False))
    yield case("clip_by_value", _GRADIENTS, 10.0, probe=True, expect=clipped(2, norm=False))


def samples() -> tuple[Array, Array]:
    """Return the samples of the text: ten points of a parabola."""
    x = np.linspace(_SAMPLES["low"], _SAMPLES["high"], _SAMPLES["count"]).reshape(-1, 1)
    return float32(x), float32(x**2)


def documented_batches() -> list[tuple[Array, Array]]:
    """Return one epoch of the text: each batch has a sample of either half."""
    x, y = samples()
    count = _OURS["batches"]
    return [(x[number::count], y[number::count]) for number in range(count)]


_START: Weights = {
    layer: {name: float32(value) for name, value in values.items()}
    for layer, values in _OURS["start"].items()
}


@checks.add("train_accumulated.documented", weight=3)
def train_accumulated_documented() -> Cases:
    """The run of the text is followed, batch by batch, with a smaller group at its end"""
    batches = documented_batches() * _OURS["epochs"]
    run = (batches, _OURS["learning_rate"], _OURS["group"])
    yield training("network", _START, *run, expect=trained(NETWORK))


@checks.add("train_accumulated.large_batch", weight=2)
def train_accumulated_large_batch() -> Cases:
    """Groups of equal batches move the model as one large batch for each would"""
    line: Weights = {"weight": float32([[0.5]]), "bias": float32([-0.25])}
    batches = documented_batches()
    large = tuple(np.concatenate(part) for part in zip(*batches, strict=True))
    for run in ((batches * 3, 0.1, len(batches)), ([large] * 3, 0.1, 1)):
        yield training("linear", line, *run, expect=trained(LINEAR))


checks.rule(
    "train_accumulated.by_hand",
    "The update is written by hand, not left to torch.optim",
    forbidden=OPTIMIZERS,
    reason="in this function you write the update yourself",
    after="train_accumulated.documented",
    watch=training("network", _START, documented_batches()[:3], 0.1, 2, expect=trained(NETWORK)),
)
