"""Public checks of linear_regression: the documented run, and examples that can be done on paper.

Two outputs alone would hide whether a mean runs over rows or over elements, and three features
with two outputs are the only sizes of the documented data: the examples have others too.
"""

from __future__ import annotations

import numpy as np

from gradpath.course.declare import (
    AUTOGRAD,
    FORMULA,
    TRAJECTORY,
    Cases,
    Numbers,
    Parts,
    PublicChecks,
    Record,
    Tensor,
    case,
    documented,
)

checks = PublicChecks()

_RUN = documented("linear_regression")
_INPUTS = np.array(_RUN["inputs"], dtype=np.float64)
_TARGETS = np.array(_RUN["targets"], dtype=np.float64)
# The source leaves the starting weights to chance; the text of the assignment fixes these.
W = np.array([[0.5, 0.0, -0.5], [-0.5, 0.5, 1.0]])
B = np.array([1.0, -1.0])

_RECORD = Record({"losses": TRAJECTORY, "w": TRAJECTORY, "b": TRAJECTORY})
MODEL_GRAPH = Record({"result": FORMULA, "slope.w": FORMULA, "slope.b": FORMULA})
MSE_GRAPH = Record({"result": FORMULA, "slope.predictions": FORMULA})
_GRADIENTS = Parts(("dw", "db"), FORMULA)

# (inputs, targets, w, b): one output, three outputs with two features, as many outputs as features.
_ONE_OUTPUT = (
    np.array([[1.0, 2.0], [3.0, 4.0], [-1.0, 1.0]]),
    np.array([[1.0], [2.0], [-2.0]]),
    np.array([[1.0, 1.0]]),
    np.array([0.0]),
)
_THREE_OUTPUTS = (
    np.array([[1.0, -2.0], [0.5, 3.0]]),
    np.array([[1.0, 0.0, -1.0], [2.0, 4.0, 1.0]]),
    np.array([[2.0, 1.0], [0.0, -1.0], [1.0, 3.0]]),
    np.array([1.0, 2.0, -1.0]),
)
_SQUARE = (
    np.array([[1.0, 2.0], [-1.0, 1.0], [2.0, 0.5]]),
    np.array([[0.0, 1.0], [3.0, -2.0], [1.0, 1.0]]),
    np.array([[1.0, 2.0], [3.0, -1.0]]),
    np.array([0.5, -0.5]),
)
# For the rules: numbers of which none comes from another.
_ANY_PROBLEM = (
    np.array([[0.7, -1.9], [2.3, 0.37], [-1.1, 3.1]]),
    np.array([[1.3, 0.9], [-2.7, 0.23], [0.47, -0.83]]),
    np.array([[0.61, -1.7], [2.9, 0.13]]),
    np.array([0.19, -0.53]),
)


@checks.add("model.examples")
def model_examples() -> Cases:
    """The predictions are x times w transposed, plus b"""
    x, w = np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0, -1.0], [0.5, 0.5, 0.5]])
    yield case("model", x, w, np.array([10.0, 20.0]), expect=Numbers(FORMULA, "predictions"))
    for inputs, _, weights, biases in (_ONE_OUTPUT, _THREE_OUTPUTS, _SQUARE):
        yield case("model", inputs, weights, biases, expect=Numbers(FORMULA, "predictions"))


@checks.add("model.tensors")
def model_tensors() -> Cases:
    """The model takes torch tensors too, as the training with autograd needs it"""
    x, _, w, b = (Tensor(array.astype(np.float32)) for array in _THREE_OUTPUTS)
    w, b = Tensor(w.array, requires_grad=True), Tensor(b.array, requires_grad=True)
    yield case("model", x, w, b, expect=Numbers(FORMULA, "predictions"))
    yield case("model", x, w, b, probe=True, expect=MODEL_GRAPH)


@checks.add("mse.examples")
def mse_examples() -> Cases:
    """The mean of the squared errors runs over all elements"""
    for predictions, targets in (
        ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 0.0], [0.0, 4.0]]),
        ([[1.0], [4.0], [0.0]], [[0.0], [2.0], [-2.0]]),
        ([[2.0, -1.0, 3.0]], [[1.0, 1.0, 1.0]]),
        ([[1.0, 2.0, 0.5], [0.0, -1.0, 2.0]], [[0.0, 0.0, 1.0], [3.0, 1.0, 2.0]]),
    ):
        yield case("mse", np.array(predictions), np.array(targets), expect=Numbers(FORMULA))
    predicted = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32), requires_grad=True)
    wanted = Tensor(np.array([[1.0, 0.0], [0.0, 4.0]], dtype=np.float32))
    yield case("mse", predicted, wanted, probe=True, expect=MSE_GRAPH)


@checks.add("gradients.examples")
def gradients_examples() -> Cases:
    """The derivatives are right where they can be done on paper"""
    for problem in (_ONE_OUTPUT, _THREE_OUTPUTS, _SQUARE):
        yield case("gradients", *problem, expect=_GRADIENTS)


@checks.add("gradients.documented")
def gradients_documented() -> Cases:
    """The first derivatives of the documented run are right"""
    yield case("gradients", _INPUTS, _TARGETS, W, B, expect=_GRADIENTS)


checks.rule(
    "gradients.by_hand",
    "The derivatives are written down, not left to autograd",
    forbidden=AUTOGRAD,
    reason="this function is to be derived by hand",
    after="gradients.documented",
    watch=_ANY_PROBLEM,
)


_FEW_STEPS = (*_ANY_PROBLEM, 0.05, 1)


@checks.add("train_numpy.examples", watch=case("train_numpy", *_FEW_STEPS, expect=_RECORD))
def train_numpy_examples() -> Cases:
    """A few epochs on a few samples follow the reference, step by step"""
    yield case("train_numpy", *_ONE_OUTPUT, 0.0625, 3, expect=_RECORD)
    yield case("train_numpy", *_THREE_OUTPUTS, 0.125, 3, expect=_RECORD)


@checks.add("train_numpy.documented", weight=2)
def train_numpy_documented() -> Cases:
    """The run by hand follows the documented run, step by step"""
    lr, epochs = _RUN["learning_rate"], _RUN["epochs"]
    yield case("train_numpy", _INPUTS, _TARGETS, W, B, lr, epochs, expect=_RECORD)


@checks.add("train.examples")
def train_examples() -> Cases:
    """A few epochs on a few samples follow the reference, step by step"""
    yield case("train", *_ONE_OUTPUT, 0.0625, 3, expect=_RECORD)
    yield case("train", *_THREE_OUTPUTS, 0.125, 3, expect=_RECORD)


@checks.add("train.documented", weight=2)
def train_documented() -> Cases:
    """The autograd run follows the documented run, step by step"""
    lr, epochs = _RUN["learning_rate"], _RUN["epochs"]
    yield case("train", _INPUTS, _TARGETS, W, B, lr, epochs, expect=_RECORD)


checks.rule(
    "train.autograd",
    "The gradients come from a backward pass, not from the functions by hand",
    reason="in this function autograd is to find the gradients",
    after="train.documented",
    watch=_FEW_STEPS,
    backward=True,
)
