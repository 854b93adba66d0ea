"""Probes of hidden_layer: build a module, load weights into it, train it, ask for slopes.

A probe that stands for a function of the student's has that function's name, so that messages
speak of the student's own code.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from gradpath.worker.probes import is_replaced, slopes, student_function, with_slopes
from gradpath.worker.settings import SEED

Parameters = dict[str, Any]
Weights = dict[str, Parameters]
RANDOM_STATE: Final = "torch's global random state"
INITIAL: Final = "the initial weights"
KINK: Final = "the gradients where a ReLU gets exactly 0"
OWN_GRAD: Final = "the parameters' own .grad"
_NEAR: Final = 0.01
"""Above the change of a gradient in a step that moves a sum off 0, and below a jump at the kink."""
_NAMES: Final[Weights] = dict.fromkeys(("linear1", "linear2"), dict.fromkeys(("weight", "bias")))


def init_parameters(module: ModuleType, *args: Any) -> Any:
    """Return autograd's flags of each of the student's parameters, as 0 and 1.

    And the parameters of a second call with the same generator, which must go on from there, while
    torch's own generator must stay where it is.
    """
    import torch

    torch.manual_seed(SEED)
    state = torch.get_rng_state()
    parameters = student_function(module, "init_parameters")(*args)
    if not isinstance(parameters, Mapping):
        return parameters
    flags = {
        flag: {name: int(getattr(value, flag, False)) for name, value in parameters.items()}
        for flag in ("requires_grad", "is_leaf")
    }
    again = student_function(module, "init_parameters")(*args)
    same = torch.equal(state, torch.get_rng_state())
    return {**flags, "second draw": again, RANDOM_STATE: "as it was" if same else "changed"}


def forward(module: ModuleType, x: Any, parameters: Any) -> dict[str, Any]:
    """Return the student's logits, and their slopes by the parameters."""
    logits = student_function(module, "forward")(x, parameters)
    return with_slopes(logits, parameters=parameters)


def loss(module: ModuleType, logits: Any, labels: Any) -> dict[str, Any]:
    """Return the student's loss, and its slopes by the logits."""
    return with_slopes(student_function(module, "loss")(logits, labels), logits=logits)


def backward(
    module: ModuleType,
    x: Any,
    labels: Any,
    parameters: Parameters,
    beside: list[Parameters],
    unit: int,
) -> Any:
    """Return the student's gradients, where the ReLU of one hidden unit gets exactly 0 in places.

    There its derivative is 0 or 1: the gradients by the unit's weights and bias are near those that
    the student's own function gives `beside` it, with a bias that is a little smaller or larger.
    All others have one value.
    """
    import torch

    derive = student_function(module, "backward")
    for value in parameters.values():
        value.grad = torch.ones_like(value)
    at = derive(x, labels, parameters)
    if not isinstance(at, Mapping) or not at.keys() >= parameters.keys():
        return {"elsewhere": at}
    kept = all(v.grad is not None and bool((v.grad == 1).all()) for v in parameters.values())
    here, *sides = (
        _of_unit(found, unit) for found in (at, *(derive(x, labels, p) for p in beside))
    )
    near = any(here.shape == s.shape and bool(((here - s).abs() < _NEAR).all()) for s in sides)
    others = [n for n in range(len(parameters["B1"])) if n != unit]
    first = {name: torch.as_tensor(at[name])[..., others] for name in ("W1", "B1")}
    return {
        "elsewhere": {**at, **first},
        KINK: "those of a derivative of 0 or 1" if near else "neither those of 0 nor of 1",
        OWN_GRAD: "as it was" if kept else "changed",
    }


def _of_unit(gradients: Mapping[str, Any], unit: int) -> Any:
    """Return the gradients by the weights and the bias that lead to a hidden unit."""
    import torch

    parts = (torch.as_tensor(gradients[name]).double()[..., unit] for name in ("W1", "B1"))
    return torch.cat([part.reshape(-1) for part in parts])


def ModelWithHiddenLayer(
    module: ModuleType, sizes: list[int], weights: Weights, x: Any = None, upstream: Any = None
) -> dict[str, Any]:
    """Build the student's model with these weights; return its layers and logits, or slopes.

    Without weights return how those look that the model begins with.
    """
    if not weights:
        return {INITIAL: _initial_weights(module, sizes)}
    model = _own_model(module, sizes, weights)
    layers = _layers(model, weights)
    if x is None:
        return _with_others(model, layers, weights)
    if upstream is None:
        return {**_with_others(model, layers, weights), "logits": model(x)}
    pairs = [(layer, kind) for layer, parts in layers.items() for kind in parts]
    found = slopes(model(x), {pair: layers[pair[0]][pair[1]] for pair in pairs}, upstream)
    by_layer = {layer: {kind: found[layer, kind] for kind in layers[layer]} for layer in layers}
    return _with_others(model, by_layer, weights)


def train_optim(
    module: ModuleType,
    kind: str,
    sizes: list[int],
    weights: Weights,
    x: Any,
    labels: Any,
    lr: float,
    epochs: int,
) -> Any:
    """Train a model with the student's `train_optim`; return the record and the trained model.

    Where the student's class is wrong and counts as right, one of torch's classes is trained.

    Args:
        module: the student's module.
        kind: "own" for a model of the student's class, "library" for one of torch's classes; with
            "given" only the trained values of such a model are returned, and no record is needed.
        sizes: the numbers that the model is made with.
        weights: the starting weights.
        x: the samples.
        labels: their classes.
        lr: learning rate.
        epochs: number of updates.

    Returns:
        The student's record and, under "model", the weights of the model that was handed over.
    """
    import torch

    train = student_function(module, "train_optim")
    if kind == "own" and not is_replaced(module, "ModelWithHiddenLayer"):
        model = _own_model(module, sizes, weights)
        torch.manual_seed(SEED)
        record = train(model, x, labels, lr, epochs)
        state = _state(model, weights)
    else:
        model, layers = _library_model(sizes, weights)
        torch.manual_seed(SEED)
        record = train(model, x, labels, lr, epochs)
        state = {name: dict(layer.named_parameters()) for name, layer in layers.items()}
        if len(state) == 1:  # the layer is the whole model
            state = state.popitem()[1]
        if kind == "given":
            return {"model": state}
    return {**record, "model": state} if isinstance(record, Mapping) else record


def _own_model(module: ModuleType, sizes: list[int], weights: Weights) -> Any:
    """Make the student's model and load the weights that have a place in it."""
    import torch

    # Before anything that may draw: a submission that makes a new model by mistake gets the same
    # one each time, so that its run can be compared with the run of that known mistake.
    torch.manual_seed(SEED)
    model = student_function(module, "ModelWithHiddenLayer")(*sizes)
    for layer, parts in _layers(model, weights).items():
        for kind, parameter in parts.items():
            if parameter.shape == weights[layer][kind].shape:
                parameter.data.copy_(weights[layer][kind])
    return model


def _layers(model: Any, weights: Weights) -> Weights:
    """Return those tensors of the model that have the names asked for."""
    import torch

    found: Weights = {}
    for layer, parts in weights.items():
        here = getattr(model, layer, None)
        if here is not None:
            tensors = {kind: getattr(here, kind, None) for kind in parts}
            found[layer] = {k: v for k, v in tensors.items() if isinstance(v, torch.Tensor)}
    return found


def _initial_weights(module: ModuleType, sizes: list[int]) -> str:
    """Say whether new models begin with random weights as large as torch's."""
    import torch

    first, second = (student_function(module, "ModelWithHiddenLayer")(*sizes) for _ in range(2))
    for name, layer in _layers(first, _NAMES).items():
        others = _layers(second, _NAMES).get(name, {})
        for kind, values in layer.items():
            largest = float(values.detach().abs().max())
            if not largest:
                return "zero"
            if kind in others and torch.equal(values, others[kind]):
                return "the same in each model"
            # torch draws evenly up to 1 / sqrt(inputs); among 30 or more, one is always large.
            inputs = layer["weight"].shape[-1] if "weight" in layer else 0
            if not 0.7 < largest * inputs**0.5 < 1.0001:
                return "others than torch gives"
    return "those that torch gives"


def _with_others(model: Any, found: Weights, weights: Weights) -> Weights:
    """Add the layers under other names, where one is missing: the message lists all there are."""
    if found.keys() >= weights.keys():
        return found
    return {**{name: {} for name, _ in model.named_children()}, **found}


def _state(model: Any, weights: Weights) -> Weights:
    """Return the model's weights; missing ones stay as they were given."""
    there = _layers(model, weights)
    return {layer: {**parts, **there.get(layer, {})} for layer, parts in weights.items()}


def _library_model(sizes: list[int], weights: Weights) -> tuple[Any, dict[str, Any]]:
    """Make a model of torch's own classes: one linear layer, or two with a tanh between them."""
    from torch import nn

    linear = [nn.Linear(inner, outer) for inner, outer in itertools.pairwise(sizes)]
    layers = dict(zip(weights, linear, strict=True))
    for name, layer in layers.items():
        layer.weight.data.copy_(weights[name]["weight"])
        layer.bias.data.copy_(weights[name]["bias"])
    return (nn.Sequential(linear[0], nn.Tanh(), linear[1]) if linear[1:] else linear[0]), layers
