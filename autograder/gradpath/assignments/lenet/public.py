"""Public checks of lenet: sizes, graphs for paper, and the run of the text."""

from __future__ import annotations

from typing import Final

import numpy as np

from gradpath.course.declare import (
    AUTOGRAD,
    EXACT,
    FORMULA,
    OPTIMIZERS,
    TRAJECTORY,
    Array,
    Case,
    Cases,
    Numbers,
    PublicChecks,
    Record,
    Tensor,
    case,
    documented,
)
from gradpath.course.tolerances import Tolerance

checks = PublicChecks()

LAYERS: Final = ("conv1", "conv2", "fc1", "fc2", "fc3")
KINDS: Final = ("weight", "bias")
SMALL: Final = ("conv1", "out")
DEEPER: Final = ("conv1", "conv2", "out")

WALK: Final = Record({}, ("names",))
SHAPES: Final = Record({}, ("shapes",))
OUTPUTS: Final = Record({"outputs": FORMULA})
LOSS_GRAPH: Final = Record({"result": FORMULA, "slope.output": FORMULA})
REFUSED: Final = Record({}, ("answer",))

_RUN = documented("lenet")
SEED: Final = 0
"""The seed of the weights of the run in the text."""
TARGET: Final = Tensor(np.array([_RUN["target"]], dtype=np.float32))
LR: Final = 0.18
STEPS: Final = 6

_ROW, _COLUMN = np.arange(32.0, dtype=np.float32).reshape(32, 1), np.arange(32.0, dtype=np.float32)
PICTURE: Final = Tensor(
    np.sin(0.2 * _ROW + 0.1 * _COLUMN + 0.01 * _ROW * _COLUMN)
    .astype(np.float32)
    .reshape(1, 1, 32, 32)
)


def parameters(
    prefix: str, tolerance: Tolerance, layers: tuple[str, ...] = LAYERS
) -> dict[str, Tolerance]:
    """Return fields for the weights and biases of some layers."""
    return {f"{prefix}.{layer}.{kind}": tolerance for layer in layers for kind in KINDS}


def trained(layers: tuple[str, ...]) -> Record:
    """Expect a record, and the parameters of the network that was given."""
    return Record(
        {"losses": TRAJECTORY, "biases": TRAJECTORY, **parameters("net", TRAJECTORY, layers)}
    )


def differentiated(layers: tuple[str, ...]) -> Record:
    """Expect gradients, and a network that has not moved."""
    return Record(
        {**parameters("gradients", FORMULA, layers), **parameters("net", FORMULA, layers)}
    )


def batch(values: Array, target: Array) -> tuple[Tensor, Tensor]:
    """Return pictures and their target as float32 tensors."""
    return Tensor(values.astype(np.float32)), Tensor(target.astype(np.float32))


_SMALL_BATCH = batch(
    np.sin(np.arange(72.0) * 0.7).reshape(2, 1, 6, 6),
    np.array([[0.5, -1.0, 0.25], [1.5, 0.75, -0.5]]),
)


@checks.add("flat_features.examples")
def flat_features_examples() -> Cases:
    """The number of features is right for a few sides, even and odd"""
    for side in (32, 28, 31, 16):
        yield case("flat_features", side, expect=Numbers(EXACT, "features"))


@checks.add("LeNet.layers")
def lenet_layers() -> Cases:
    """The five layers have weights and biases of the right shapes"""
    shapes = Record({f"{layer}.{kind}": EXACT for layer in LAYERS for kind in KINDS})
    yield case("LeNet", SEED, probe=True, expect=shapes)


@checks.add("LeNet.documented")
def lenet_documented() -> Cases:
    """With the weights and the picture of the text, the ten outputs are right"""
    yield case("LeNet", SEED, PICTURE, probe=True, expect=OUTPUTS)


@checks.add("mse_loss.examples")
def mse_loss_examples() -> Cases:
    """The loss is the mean over all elements, for one picture and for more"""
    output = np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 4.0]], dtype=np.float32)
    target = np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 1.5]], dtype=np.float32)
    for rows in (1, 2):
        given = Tensor(output[:rows]), Tensor(target[:rows])
        yield case("mse_loss", *given, expect=Numbers(FORMULA, "loss"))
    yield case("mse_loss", Tensor(output, True), Tensor(target), probe=True, expect=LOSS_GRAPH)


@checks.add("mse_loss.shapes")
def mse_loss_shapes() -> Cases:
    """A target of shape (k,) is taken as (1, k); shapes that still differ are a ValueError"""
    output = np.array([[1.0, 2.0, 3.0]], dtype=np.float32)
    target = Tensor(np.array([0.5, -1.0, 2.0], dtype=np.float32))
    yield case("mse_loss", Tensor(output), target, expect=Numbers(FORMULA, "loss"))
    two = Tensor(np.vstack([output, output + 1]))
    yield case("mse_loss", two, target, True, probe=True, expect=REFUSED)


_LINEAR = "nn.MSELoss()(F.linear(data(1, 3), leaf(2, 3), leaf(2)), data(1, 2))"


@checks.add("graph_walk.examples")
def graph_walk_examples() -> Cases:
    """The walk passes the first inputs, as far as it is asked to, and ends at a leaf"""
    for formula, steps in (
        (f"loss = {_LINEAR}", 3),
        (f"loss = {_LINEAR}", 1),
        ("loss = leaf(3).tanh().exp().sum()", 9),
        ("loss = (leaf(3) * leaf(3).exp()).mean()", 9),
    ):
        yield case("graph_walk", formula, steps, probe=True, expect=WALK)


@checks.add("leaf_shapes.examples")
def leaf_shapes_examples() -> Cases:
    """Each tensor that backward() will fill is found once, along all inputs"""
    for formula in (
        f"loss = {_LINEAR}",
        "w = leaf(3); loss = (w * w + leaf(3) * data(3)).sum()",
    ):
        yield case("leaf_shapes", formula, probe=True, expect=SHAPES)


@checks.add("bias_gradient.examples")
def bias_gradient_examples() -> Cases:
    """The gradient by the bias is right for small arrays and tensors"""
    values = np.arange(1.0, 25.0, dtype=np.float32).reshape(2, 3, 2, 2)
    yield case("bias_gradient", values, expect=Numbers(FORMULA))
    yield case("bias_gradient", Tensor(values[:1]), expect=Numbers(FORMULA))


checks.rule(
    "bias_gradient.by_hand",
    "The gradient is derived by hand, not left to autograd",
    forbidden=AUTOGRAD,
    reason="this function is to be derived by hand",
    after="bias_gradient.examples",
    watch=(Tensor(np.array([[[[0.3, 1.7], [2.9, -0.6]], [[0.8, 0.2], [1.1, 4.3]]]])),),
)


@checks.add("gradients.examples")
def gradients_examples() -> Cases:
    """The gradients of a small network are right, biases included, and nothing moves"""
    yield case("gradients", [2, 3], 4, *_SMALL_BATCH, probe=True, expect=differentiated(SMALL))


@checks.add("gradients.documented")
def gradients_documented() -> Cases:
    """The gradients of your LeNet on the picture of the text are right"""
    yield case(
        "gradients",
        "own",
        SEED,
        PICTURE,
        TARGET,
        probe=True,
        expect=Record({"gradients.conv1.bias": FORMULA}),
    )


def _step(network: list[int], seed: int, lr: float) -> Case:
    expect = Record({**parameters("net", FORMULA, SMALL), **parameters("again", FORMULA, SMALL)})
    return case("sgd_step", network, seed, _SMALL_BATCH[0], lr, probe=True, expect=expect)


@checks.add("sgd_step.examples")
def sgd_step_examples() -> Cases:
    """Every parameter of a small network moves by the right step, twice"""
    yield _step([2, 3], 1, 0.5)


checks.rule(
    "sgd_step.by_hand",
    "The update is written by hand, not left to torch.optim",
    forbidden=OPTIMIZERS,
    reason="in this function you write the update yourself",
    after="sgd_step.examples",
    watch=_step([2, 3], 1, 0.25),
)


def _small_run(function: str) -> Case:
    run = ([2, 3], 2, *_SMALL_BATCH, 0.1, 2)
    return case(function, *run, probe=True, expect=trained(SMALL))


def _own_run(function: str) -> Case:
    run = ("own", SEED, PICTURE, TARGET, LR, STEPS)
    expect = Record({"losses": TRAJECTORY, "biases": TRAJECTORY})
    return case(function, *run, probe=True, expect=expect)


@checks.add("train_manual.documented")
def train_manual_documented() -> Cases:
    """The run of the text, with your LeNet and the update by hand, is followed step by step"""
    yield _own_run("train_manual")


checks.rule(
    "train_manual.by_hand",
    "The update is left to sgd_step, not to torch.optim",
    forbidden=OPTIMIZERS,
    reason="in this function the update is your own",
    after="train_manual.documented",
    watch=_small_run("train_manual"),
    beside=("gradients",),
)


@checks.add("train_optim.documented", watch=_small_run("train_optim"))
def train_optim_documented() -> Cases:
    """The run of the text, with your LeNet and torch.optim, is followed step by step"""
    yield _own_run("train_optim")
