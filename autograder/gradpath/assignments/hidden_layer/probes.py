"""Probes of hidden_layer: build a module, load weights into it, train it, ask for slopes.

A probe that stands for a function of the student's has that function's name, so that messages
speak of the student's own code.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from types import ModuleType
from typing import Any, TypeVar

from gradpath.worker.probes import is_replaced, student_function, weighted_sum

# Set before anything that may draw: a submission that makes a new model by mistake gets the same
# one each time, so that its run can be compared with the run of that known mistake.
_SEED = 20

Name = TypeVar("Name")
Weights = dict[str, dict[str, Any]]


def init_parameters(module: ModuleType, *args: Any) -> Any:
    """Return autograd's flags of each of the student's parameters, as 0 and 1."""
    parameters = student_function(module, "init_parameters")(*args)
    if not isinstance(parameters, Mapping):
        return parameters
    return {
        flag: {name: int(getattr(value, flag, False)) for name, value in parameters.items()}
        for flag in ("requires_grad", "is_leaf")
    }


def ModelWithHiddenLayer(
    module: ModuleType, sizes: list[int], weights: Weights, x: Any = None, upstream: Any = None
) -> dict[str, Any]:
    """Build the student's model with these weights; return its layers and logits, or slopes."""
    model = _own_model(module, sizes, weights)
    layers = _layers(model, weights)
    if x is None:
        return _with_others(model, layers, weights)
    if upstream is None:
        return {**_with_others(model, layers, weights), "logits": model(x)}
    pairs = [(layer, kind) for layer, parts in layers.items() for kind in parts]
    slopes = _slopes(model(x), {pair: layers[pair[0]][pair[1]] for pair in pairs}, upstream)
    found = {layer: {kind: slopes[layer, kind] for kind in layers[layer]} for layer in layers}
    return _with_others(model, found, weights)


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
        torch.manual_seed(_SEED)
        record = train(model, x, labels, lr, epochs)
        state = _state(model, weights)
    else:
        model, layers = _library_model(sizes, weights)
        torch.manual_seed(_SEED)
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

    torch.manual_seed(_SEED)
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


def _slopes(outputs: Any, by: dict[Name, Any], upstream: Any) -> dict[Name, Any]:
    """Differentiate sum(upstream * outputs); parameters without an effect have slope zero."""
    import torch

    if not isinstance(outputs, torch.Tensor):
        raise TypeError(f"the logits are a {type(outputs).__name__}, expected a torch tensor")
    slopes = {name: torch.zeros_like(value) for name, value in by.items()}
    # A part that was cut off may not even ask for gradients any more.
    watched = [name for name, value in by.items() if value.requires_grad]
    if outputs.requires_grad and watched:
        inputs = [by[name] for name in watched]
        total = weighted_sum(outputs, upstream.to(outputs.dtype))
        found = torch.autograd.grad(total, inputs, allow_unused=True)
        slopes |= {n: g for n, g in zip(watched, found, strict=True) if g is not None}
    return slopes
