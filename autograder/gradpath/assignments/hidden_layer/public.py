"""Public checks of hidden_layer: examples on paper, and runs on the documented data."""

from __future__ import annotations

from typing import Any, Final

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
    Generator,
    Numbers,
    PublicChecks,
    Record,
    Tensor,
    case,
    documented,
)

checks = PublicChecks()

NAMES: Final = ("W1", "B1", "Wout", "Bout")
LAYERS: Final = ("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias")
LINEAR: Final = ("weight", "bias")
SEQUENTIAL: Final = ("0.weight", "0.bias", "2.weight", "2.bias")
TRAINED: Final = Record(
    {"losses": TRAJECTORY, **{f"parameters.{name}": TRAJECTORY for name in NAMES}}
)

SECOND_DRAW: Final = Record(
    {f"second draw.{name}": FORMULA for name in NAMES}, ("torch's global random state",)
)
"""The parameters of a second call with the same generator."""
FORWARD_GRAPH: Final = Record({"result": FORMULA, **{f"slope.{name}": FORMULA for name in NAMES}})
GRADIENTS: Final = Record(dict.fromkeys(NAMES, FORMULA))
KINK: Final = "the gradients where a ReLU gets exactly 0"
AT_A_KINK: Final = Record(
    {f"elsewhere.{name}": FORMULA for name in NAMES}, (KINK, "the parameters' own .grad")
)
LOSS_GRAPH: Final = Record({"result": FORMULA, "slope.logits": FORMULA})

_RUN = documented("hidden_layer")
_SIZES = [_RUN["num_features"], _RUN["num_hidden"], _RUN["num_classes"]]
_X = Tensor(np.array(_RUN["x"], dtype=np.float32))
_LABELS = Tensor(np.array(_RUN["labels"], dtype=np.int64))
# Of the documented 1000 epochs: quick, and a run that is wrong has left the path by then.
_EPOCHS = 60

# The start of the run in the text, rounded to four decimals. Injected as numbers, so that the
# trainings do not depend on how the parameters are drawn.
START: Final = {
    "W1": [[1.541, -0.2934, -2.1788, 0.5684, -1.0845], [-1.3986, 0.4033, 0.838, -0.7193, -0.4033]],
    "B1": [-0.5966, 0.182, -0.8567, 1.1006, -1.0712],
    "Wout": [
        [0.1227, -0.5663, 0.3731],
        [-0.892, -1.5091, 0.3704],
        [1.4565, 0.9398, 0.7748],
        [0.1919, 1.2638, -1.2904],
        [-0.7911, -0.0209, -0.7185],
    ],
    "Bout": [0.5186, -1.3125, 0.192],
}
_START = {name: np.array(values, dtype=np.float32) for name, values in START.items()}

# The second run in the text. No input of a ReLU comes nearer to 0 than 0.025 on its path, so right
# versions that round differently stay together.
XOR_X = Tensor(np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32))
XOR_LABELS = Tensor(np.array([0, 1, 1, 0]))
XOR_EPOCHS: Final = 50
XOR_LR: Final = 0.5
XOR_START: Final = {
    "W1": [
        [-0.5259, -2.6043, -0.6448, 1.4356, -0.5796],
        [-0.7254, 1.6112, -0.0703, 0.4757, -0.333],
    ],
    "B1": [-0.081, -1.2897, -1.1969, 0.6707, -1.2555],
    "Wout": [
        [-1.1164, 1.2523],
        [-1.5541, -1.4058],
        [-0.3329, -0.2117],
        [-0.4752, 0.0606],
        [1.9731, 0.1399],
    ],
    "Bout": [0.1372, -2.0599],
}


def tensors(values: dict[str, Array], *, requires_grad: bool = True) -> dict[str, Tensor]:
    """Return parameters as a student's function gets them."""
    return {name: Tensor(value, requires_grad) for name, value in values.items()}


def as_layers(values: dict[str, Array]) -> dict[str, dict[str, Tensor]]:
    """Return the same parameters as nn.Linear stores them, with weights as (out, in)."""
    return {
        "linear1": {
            "weight": Tensor(np.ascontiguousarray(values["W1"].T)),
            "bias": Tensor(values["B1"]),
        },
        "linear2": {
            "weight": Tensor(np.ascontiguousarray(values["Wout"].T)),
            "bias": Tensor(values["Bout"]),
        },
    }


def trained_model(layers: tuple[str, ...] = LAYERS) -> Record:
    """Expect the losses, and the weights of the model that was given."""
    return Record({"losses": TRAJECTORY, **{f"model.{name}": TRAJECTORY for name in layers}})


@checks.add("init_parameters.examples")
def init_parameters_examples() -> Cases:
    """The parameters are standard normal values, drawn from the generator in the order asked for"""
    fields = dict.fromkeys(NAMES, FORMULA)
    yield case("init_parameters", *_SIZES, Generator(0), expect=Record(fields))
    yield case("init_parameters", 3, 2, 2, Generator(7), expect=Record(fields))
    yield case("init_parameters", 2, 3, 4, Generator(2), probe=True, expect=SECOND_DRAW)


@checks.add("init_parameters.leaves")
def init_parameters_leaves() -> Cases:
    """All four parameters are leaves with requires_grad=True"""
    wrong = {"requires_grad": "does not have requires_grad=True", "is_leaf": "is not a leaf"}
    facts = {f"{flag}.{name}": f"{name} {text}" for flag, text in wrong.items() for name in NAMES}
    yield case(
        "init_parameters",
        *(2, 3, 4, Generator(1)),
        probe=True,
        expect=Record(dict.fromkeys(facts, EXACT), facts=facts),
    )


@checks.add("forward.examples")
def forward_examples() -> Cases:
    """The logits are right for networks small enough for paper"""
    small = {
        "W1": np.array([[1.0, -1.0]], dtype=np.float32),
        "B1": np.array([0.0, 0.5], dtype=np.float32),
        "Wout": np.array([[1.0, 2.0, -1.0], [3.0, 4.0, 0.5]], dtype=np.float32),
        "Bout": np.array([0.0, -10.0, 1.0], dtype=np.float32),
    }
    x = np.array([[2.0], [-1.0]], dtype=np.float32)
    yield case("forward", Tensor(x), tensors(small), expect=Numbers(FORMULA, "logits"))
    yield case("forward", _X, tensors(_START), expect=Numbers(FORMULA, "logits"))
    yield case("forward", _X, tensors(_START), probe=True, expect=FORWARD_GRAPH)


@checks.add("loss.examples")
def loss_examples() -> Cases:
    """The loss is the mean negative log likelihood of the right classes"""
    for logits, labels in (
        ([[0.0, 0.0, 0.0]], [1]),
        ([[2.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [0, 1]),
        ([[1.0, -1.0], [0.5, 2.0], [-3.0, 0.0]], [1, 1, 0]),
    ):
        yield case(
            "loss",
            Tensor(np.array(logits, dtype=np.float32)),
            Tensor(np.array(labels, dtype=np.int64)),
            expect=Numbers(FORMULA, "loss"),
        )
    given = Tensor(np.array([[2.0, 0.0, 0.0], [0.0, 0.5, 0.0]], dtype=np.float32), True)
    yield case("loss", given, Tensor(np.array([0, 2])), probe=True, expect=LOSS_GRAPH)


def parameters_of(*values: Any) -> dict[str, Array]:
    """Return parameters in the order of `NAMES`."""
    arrays = (np.array(value, dtype=np.float32) for value in values)
    return dict(zip(NAMES, arrays, strict=True))


# Two samples, one alone, as many classes as hidden units or features. No class has one sample of
# several: a softmax over the samples leaves nothing but rounding of its bias then.
_ON_PAPER: Final = (
    ([[2.0], [-1.0]], [1, 1], ([[1, -1]], [0, 0.5], [[1, 2], [3, 4]], [0, -1])),
    ([[1.0, -2.0]], [2], ([[1, 0.5], [-1, 2]], [0.5, 1], [[1, 0, -1], [2, 1, 0.5]], [0, 1, 0.5])),
    (
        [[1.0, 2.0, -0.5], [-1.5, 0.5, 1.0], [0.5, -1.0, 2.0], [-1.0, -2.0, 0.25]],
        [0, 1, 1, 0],
        ([[1, -0.5], [0.5, 1.5], [-1, 0.25]], [0.25, -0.75], [[1, -1, 0.5], [0.5, 2, -1]], [0] * 3),
    ),
)


def at_a_kink(x: Tensor, labels: Tensor, start: dict[str, Array], unit: int) -> Case:
    """Return a call where the ReLU of a hidden unit gets exactly 0; on both sides it does not."""
    moved = np.where(np.arange(len(start["B1"])) == unit, np.float32(2.0**-12), np.float32(0.0))
    beside = [tensors({**start, "B1": start["B1"] + side * moved}) for side in (-1, 1)]
    given = tensors(start)
    return case("backward", x, labels, given, beside, unit, probe=True, expect=AT_A_KINK)


@checks.add("backward.examples")
def backward_examples() -> Cases:
    """The gradients are right for networks small enough for paper"""
    for x, labels, values in _ON_PAPER:
        batch = Tensor(np.array(x, dtype=np.float32)), Tensor(np.array(labels))
        yield case("backward", *batch, tensors(parameters_of(*values)), expect=GRADIENTS)


@checks.add("backward.documented")
def backward_documented() -> Cases:
    """The first gradients of the documented run are right, also for plain constants"""
    yield case("backward", _X, _LABELS, tensors(_START), expect=GRADIENTS)
    constants = tensors(_START, requires_grad=False)
    yield case("backward", _X, _LABELS, constants, expect=GRADIENTS, twice=True)


@checks.add("backward.kinks")
def backward_kinks() -> Cases:
    """Where a ReLU gets exactly 0, its derivative is 0 or 1; all other gradients are right"""
    x, labels = [[1.0, 2.0], [-1.0, 0.5], [2.0, 1.0], [-2.0, 1.0]], [1, 0, 1, 0]
    values = [[2, -1, 0.5], [-1, 1, 0.25]], [0, 0.5, 0.5], [[1, -1, 2], [2, 1, -1], [1, 3, 0.5]]
    batch = Tensor(np.array(x, dtype=np.float32)), Tensor(np.array(labels))
    yield at_a_kink(*batch, parameters_of(*values, [0.5, 0.0, -0.5]), 0)


checks.rule(
    "backward.by_hand",
    "The derivatives are written down, not left to autograd",
    forbidden=AUTOGRAD,
    reason="this function is to be derived by hand",
    after="backward.documented",
    watch=(
        Tensor(np.array([[0.7, -1.9], [2.3, 0.37], [-1.1, 3.1]], dtype=np.float32)),
        Tensor(np.array([0, 1, 1])),
        tensors(
            parameters_of(
                [[0.61, -1.7, 0.23], [2.9, 0.13, -0.83]],
                [0.19, 0.53, -0.41],
                [[1.3, 0.9], [-2.7, 0.29], [0.47, -0.89]],
                [0.31, -0.59],
            )
        ),
    ),
)


@checks.add("train_manual.documented")
def train_manual_documented() -> Cases:
    """The run by hand on the documented data follows the reference, step by step"""
    lr = _RUN["learning_rate"]
    yield case("train_manual", _X, _LABELS, tensors(_START), lr, _EPOCHS, expect=TRAINED)


@checks.add("train_manual.xor")
def train_manual_xor() -> Cases:
    """The run on the XOR points, which no linear model separates, follows the reference"""
    start = parameters_of(*XOR_START.values())
    run = (XOR_X, XOR_LABELS, tensors(start), XOR_LR, XOR_EPOCHS)
    yield case("train_manual", *run, expect=TRAINED)


checks.rule(
    "train_manual.by_hand",
    "The update is written by hand, not left to torch.optim",
    forbidden=OPTIMIZERS,
    reason="in this function you write the update yourself",
    after="train_manual.documented",
    watch=(_X, _LABELS, tensors(_START), _RUN["learning_rate"], 2),
    # For a line that prints the accuracy now and then.
    beside=("init_parameters", "predict", "accuracy"),
)


@checks.add("ModelWithHiddenLayer.layers")
def model_layers() -> Cases:
    """linear1 and linear2 have weights and biases of the right shapes"""
    yield case(
        "ModelWithHiddenLayer",
        _SIZES,
        as_layers(_START),
        probe=True,
        expect=Record(dict.fromkeys(LAYERS, FORMULA)),
    )
    # Layers that are large enough to tell how their weights were drawn.
    initial = Record({}, ("the initial weights",))
    yield case("ModelWithHiddenLayer", [40, 50, 30], {}, probe=True, expect=initial)


@checks.add("ModelWithHiddenLayer.documented")
def model_documented() -> Cases:
    """With given weights, the model computes the same logits as the version by hand"""
    yield case(
        "ModelWithHiddenLayer",
        _SIZES,
        as_layers(_START),
        _X,
        probe=True,
        expect=Record({"logits": FORMULA}),
    )


def _own_run(epochs: int) -> Case:
    """Return a run of the student's model on the documented data."""
    start = as_layers(_START)
    run = (_SIZES, start, _X, _LABELS, _RUN["learning_rate"], epochs)
    return case("train_optim", "own", *run, probe=True, expect=trained_model())


@checks.add("train_optim.documented", weight=2, watch=_own_run(2))
def train_optim_documented() -> Cases:
    """The run of your model on the documented data follows the reference, step by step"""
    yield _own_run(_EPOCHS)


@checks.add("train_optim.linear")
def train_optim_linear() -> Cases:
    """A plain nn.Linear is trained as well: the losses are right and its weights move"""
    linear = {
        "weight": Tensor(np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]], dtype=np.float32)),
        "bias": Tensor(np.array([0.1, -0.2, 0.4], dtype=np.float32)),
    }
    yield case(
        "train_optim",
        "library",
        [2, 3],
        {"": linear},
        _X,
        _LABELS,
        0.1,
        10,
        probe=True,
        expect=trained_model(LINEAR),
    )


@checks.add("predict.examples")
def predict_examples() -> Cases:
    """The predicted class is the one with the largest logit, for each sample"""
    for logits in ([[0.1, 2.0, -1.0], [3.0, 0.0, 1.0]], [[-5.0, -1.0], [-2.0, -4.0], [0.5, 0.25]]):
        yield case(
            "predict",
            Tensor(np.array(logits, dtype=np.float32)),
            expect=Numbers(EXACT, "predicted"),
        )


@checks.add("accuracy.examples")
def accuracy_examples() -> Cases:
    """The accuracy is the fraction of right predictions"""
    for predicted, labels in (([0, 1, 2, 2], [0, 1, 1, 2]), ([1, 0, 2], [1, 0, 2]), ([1], [0])):
        yield case(
            "accuracy",
            Tensor(np.array(predicted, dtype=np.int64)),
            Tensor(np.array(labels, dtype=np.int64)),
            expect=Numbers(FORMULA, "accuracy"),
        )
