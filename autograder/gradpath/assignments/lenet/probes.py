"""Probes of lenet: make a network or a graph in the worker, and look at the student's use of it.

A network of 60,000 weights does not travel: its weights are drawn here, from a seed, and the answer
has norms and biases. A probe that stands for a function of the student's has that function's name,
so that messages speak of the student's own code.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from gradpath.worker.probes import by_layer, is_replaced, slopes, student_function, with_slopes
from gradpath.worker.settings import SEED

Network = str | list[int]
"""`"own"` for the student's LeNet; or the channels of the convolutions and the number of outputs of
a small network of the library's layers."""
_LAYERS: Final = ("conv1", "conv2", "fc1", "fc2", "fc3")
_NAMES: Final = tuple(f"{layer}.{kind}" for layer in _LAYERS for kind in ("weight", "bias"))
_OWN_BOUND: Final = 0.1
_SMALL_BOUND: Final = 0.5
_REPLACEMENT: Final = [6, 10]
"""The small network that stands for a LeNet which is wrong and counts as right."""


def LeNet(module: ModuleType, seed: int, x: Any = None, reached: bool = False) -> Any:
    """Return the shapes of a student's network, or its outputs, or the parameters behind them.

    With `reached`, 1 stands for a parameter that autograd finds, and 0 for another one. Slopes
    themselves would jump where a pool has two values that are equal but for rounding.
    """
    net = _own(module, seed)
    named = dict(net.named_parameters())
    if x is None:
        return by_layer({name: list(p.shape) for name, p in named.items()})
    outputs = net(x)
    if not reached:
        return {"outputs": outputs}
    found = slopes(outputs, named, 1.0 + outputs.detach() ** 2)
    return by_layer({name: int(slope.abs().max() > 0) for name, slope in found.items()})


def mse_loss(module: ModuleType, output: Any, target: Any, refused: bool = False) -> dict[str, Any]:
    """Return the student's loss and its slopes by the output; or how unequal shapes are taken."""
    function = student_function(module, "mse_loss")
    if not refused:
        return with_slopes(function(output, target), output=output)
    try:
        value = function(output, target)
    except ValueError:
        return {"answer": "a ValueError"}
    return {"answer": "no value" if value is None else "a number"}


def graph_walk(module: ModuleType, formula: str, steps: int) -> dict[str, Any]:
    """Return the names of the student's walk, without numbers and namespaces, as one text."""
    names = student_function(module, "graph_walk")(_loss(formula), steps)
    if not isinstance(names, list | tuple):
        return {"names": names}
    return {"names": ", ".join(map(_plain_name, names)) or "(none)"}


def leaf_shapes(module: ModuleType, formula: str) -> dict[str, Any]:
    """Return the shapes that the student has found, as one text."""
    shapes = student_function(module, "leaf_shapes")(_loss(formula))
    if not isinstance(shapes, list | tuple):
        return {"shapes": shapes}
    return {"shapes": " ".join(map(_plain_shape, shapes)) or "(none)"}


def gradients(
    module: ModuleType, network: Network, seed: int, x: Any, target: Any, stale: bool = False
) -> Any:
    """Return the student's gradients, and the network's parameters after the call.

    With `stale`, something lies in `.grad` before the call, and the gradients are read after two
    more calls: one that repeats the first, and one with other data.
    """
    net = _network(module, network, seed, x)
    function = student_function(module, "gradients")
    if not stale:
        found = function(net, x, target)
        if not isinstance(found, Mapping):
            return found
        short = network == "own"
        values = {name: _short(value) if short else value for name, value in found.items()}
        return {"gradients": by_layer(values), "net": _state(net, short)}
    _leave_gradients(net)
    inputs = ((x, target), (x, target), (2.0 * x + 1.0, target - 1.0))
    first, again, _ = (function(net, *pair) for pair in inputs)
    if not isinstance(first, Mapping) or not isinstance(again, Mapping):
        return first
    return {"gradients": by_layer(first), "again": by_layer(again)}


def sgd_step(
    module: ModuleType, network: list[int], seed: int, x: Any, lr: float, without: str = ""
) -> dict[str, Any]:
    """Return the parameters after one step and after a second one with other gradients.

    They are read from the tensors that the network had before: an update in place moves these. The
    parameter `without` has no gradient.
    """
    import torch

    net = _network(module, network, seed, x)
    named = dict(net.named_parameters())
    generator = torch.Generator().manual_seed(seed + 1)
    states = []
    for _ in range(2):
        for name, parameter in named.items():
            drawn = torch.empty_like(parameter).uniform_(0.2, 1.0, generator=generator)
            parameter.grad = None if name == without else drawn
        student_function(module, "sgd_step")(net, lr)
        states.append({name: value.detach().clone() for name, value in named.items()})
    return {"net": by_layer(states[0]), "again": by_layer(states[1])}


def train_manual(module: ModuleType, *run: Any) -> Any:
    """Train a network by the student's `train_manual`; see `_trained`."""
    return _trained(module, "train_manual", *run)


def train_optim(module: ModuleType, *run: Any) -> Any:
    """Train a network by the student's `train_optim`; see `_trained`."""
    return _trained(module, "train_optim", *run)


def _trained(
    module: ModuleType,
    name: str,
    network: Network,
    seed: int,
    x: Any,
    target: Any,
    lr: float,
    steps: int,
    stale: bool = False,
) -> Any:
    """Return the student's record and the parameters of the network that was handed over."""
    net = _network(module, network, seed, x)
    if stale:
        _leave_gradients(net)
    record = student_function(module, name)(net, x, target, lr, steps)
    if not isinstance(record, Mapping):
        return record
    return {**record, "net": _state(net, network == "own")}


def _network(module: ModuleType, network: Network, seed: int, x: Any) -> Any:
    if isinstance(network, str):
        if not is_replaced(module, "LeNet"):
            return _own(module, seed)
        network = _REPLACEMENT
    return _small(network, x.shape[-1], seed)


def _own(module: ModuleType, seed: int) -> Any:
    """Make the student's network, and fill the parameters that have the names of the text."""
    import torch

    # For layers under other names: two workers are to begin alike.
    torch.manual_seed(SEED)
    net = student_function(module, "LeNet")()
    named = dict(net.named_parameters())
    _fill([named[name] for name in _NAMES if name in named], _OWN_BOUND, seed)
    return net


def _small(sizes: list[int], side: int, seed: int) -> Any:
    """Make a network of convolutions 3 x 3 and a linear layer; tanh has no kink, as ReLU has."""
    from torch import nn

    layers: OrderedDict[str, Any] = OrderedDict()
    channels, stride = 1, max(1, side // 4)
    for number, wider in enumerate(sizes[:-1], 1):
        layers[f"conv{number}"] = nn.Conv2d(channels, wider, 3, stride)
        layers[f"tanh{number}"] = nn.Tanh()
        channels, side, stride = wider, (side - 3) // stride + 1, 1
    layers["flatten"] = nn.Flatten()
    layers["out"] = nn.Linear(channels * side * side, sizes[-1])
    net = nn.Sequential(layers)
    _fill(list(net.parameters()), _SMALL_BOUND, seed)
    return net


def _fill(parameters: list[Any], bound: float, seed: int) -> None:
    import torch

    generator = torch.Generator().manual_seed(seed)
    for parameter in parameters:
        parameter.data.uniform_(-bound, bound, generator=generator)


def _leave_gradients(net: Any) -> None:
    import torch

    for parameter in net.parameters():
        parameter.grad = torch.ones_like(parameter)


def _state(net: Any, short: bool) -> dict[str, Any]:
    named = net.named_parameters()
    return by_layer({name: _short(p) if short else p for name, p in named})


def _short(value: Any) -> Any:
    """Return the bias of a few channels itself, and of anything larger its norm."""
    import torch

    if not isinstance(value, torch.Tensor) or (value.dim() == 1 and len(value) <= 16):
        return value
    return value.detach().double().norm().item()


def _loss(formula: str) -> Any:
    """Compute a formula of the checks: lines of Python that give a name to the loss."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    def data(*shape: int) -> Any:
        return torch.linspace(0.2, 0.9, math.prod(shape)).reshape(shape)

    def leaf(*shape: int) -> Any:
        return data(*shape).requires_grad_()

    names = {"torch": torch, "F": F, "nn": nn, "data": data, "leaf": leaf}
    exec(formula, names)
    return names["loss"]


def _plain_name(name: Any) -> str:
    if not isinstance(name, str):
        return f"<{type(name).__name__}>"
    return re.sub(r"\d", "", name.rpartition("::")[2])[:80]


def _plain_shape(shape: Any) -> str:
    if isinstance(shape, list | tuple):
        return str(tuple(int(length) for length in shape))
    return f"<{type(shape).__name__}>"
