"""Probes of training_tools: backward passes through Cube, drawn weights, lists, trained models.

They have the names of the student's functions, so that messages speak of the student's own code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final

from gradpath.worker.probes import by_layer, slopes, student_function, weighted_sum
from gradpath.worker.settings import SEED

RANDOM_STATE: Final = "torch's global random state"


def Cube(module: ModuleType, x: Any, upstream: Any, way: str) -> dict[str, Any]:
    """Apply the student's class, and return its values and the slopes by x.

    Args:
        module: the student's module.
        x: a tensor that asks for gradients.
        upstream: the gradient by the values; for "several" that of the sum of two results.
        way: "several" for two calls before one backward pass, "nested" for the cube of a cube,
            "watched" for a call of the class's own backward pass, which runs no other one.
    """
    import torch

    apply = student_function(module, "Cube").apply  # type: ignore[attr-defined]
    if way == "watched":
        return {"slope": apply(x).grad_fn(upstream)}
    if way == "several":
        other = (1.5 - 0.5 * x).detach().requires_grad_()
        values, others = apply(x), apply(other)
        pair = [x, other]
        first, second = torch.autograd.grad(weighted_sum(values - 2 * others, upstream), pair)
        return {"slope": first, "slope of the other": second}
    values = apply(apply(x)) if way == "nested" else apply(x)
    found = slopes(values, {"x": x}, upstream)
    dtype = str(values.dtype).removeprefix("torch.")
    return {"dtype": dtype, "result": values.detach(), "slope": found["x"]}


def xavier_normal(module: ModuleType, fan_in: int, fan_out: int, generator: Any) -> dict[str, Any]:
    """Return two draws of the student's `xavier_normal`, and facts on the first."""
    return _drawn(student_function(module, "xavier_normal"), fan_in, fan_out, generator)


def he_normal(module: ModuleType, fan_in: int, fan_out: int, generator: Any) -> dict[str, Any]:
    """Return two draws of the student's `he_normal`, and facts on the first."""
    return _drawn(student_function(module, "he_normal"), fan_in, fan_out, generator)


def activation_scales(module: ModuleType, x: Any, weights: list[Any]) -> Any:
    """Return the student's scales; biases that a new layer draws are the same in each call."""
    import torch

    torch.default_generator.manual_seed(SEED)
    return student_function(module, "activation_scales")(x, weights)


def clip_by_norm(module: ModuleType, gradients: list[Any], max_norm: float) -> dict[str, Any]:
    """Return the student's arrays by their places, and the norm."""
    pair = student_function(module, "clip_by_norm")(gradients, max_norm)
    if not isinstance(pair, Sequence) or len(pair) != 2:
        raise TypeError(f"the result is {_named(pair)}, expected a pair (clipped, norm)")
    return {**_by_place(pair[0]), "norm": pair[1]}


def clip_by_value(module: ModuleType, gradients: list[Any], limit: float) -> dict[str, Any]:
    """Return the student's arrays by their places."""
    return _by_place(student_function(module, "clip_by_value")(gradients, limit))


def train_accumulated(
    module: ModuleType,
    kind: str,
    weights: Mapping[str, Any],
    batches: list[list[Any]],
    lr: float,
    group: int,
    leftovers: bool,
) -> Any:
    """Train a model with the student's function; return the record, and the model's weights.

    Args:
        module: the student's module.
        kind: "linear", "network" or "bare": see `_model`.
        weights: the starting weights, in dicts as their names are.
        batches: pairs of tensors.
        lr: learning rate.
        group: batches for each update.
        leftovers: whether gradients lie in the parameters' `.grad` from before.
    """
    model = _model(kind, weights)
    if leftovers:
        for weight in model.parameters():
            weight.grad = weight.detach() + 1.0
    given = [(x, y) for x, y in batches]
    record = student_function(module, "train_accumulated")(model, given, lr, group)
    if not isinstance(record, Mapping):
        return record
    found = dict(record)
    if isinstance(record.get("parameters"), Mapping):
        found["parameters"] = by_layer(record["parameters"])
    return {**found, "model": by_layer(dict(model.named_parameters()))}


def _drawn(draw: Callable[..., Any], *args: Any) -> dict[str, Any]:
    import torch

    torch.default_generator.manual_seed(SEED)
    state = torch.get_rng_state()
    first, second = draw(*args), draw(*args)
    kind = _named(first)
    if isinstance(first, torch.Tensor):
        asks = "with" if first.requires_grad else "without"
        kind = f"a {str(first.dtype).removeprefix('torch.')} tensor {asks} requires_grad"
    same = torch.equal(state, torch.get_rng_state())
    state_after = "as it was" if same else "changed"
    return {"weights": first, "second draw": second, RANDOM_STATE: state_after, "kind": kind}


def _by_place(arrays: Any) -> dict[str, Any]:
    """Return a list of arrays as a dict: arrays of different shapes are no array together."""
    if not isinstance(arrays, Sequence):
        raise TypeError(f"the arrays come as {_named(arrays)}, expected a list of arrays")
    places = {str(number): array for number, array in enumerate(arrays)}
    return {"count": len(arrays), "clipped": places}


def _named(value: Any) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _model(kind: str, weights: Mapping[str, Any]) -> Any:
    """Make a model with these weights: a linear layer, two with a tanh between, or bare tensors."""
    import torch
    from torch import nn

    def tensor(value: Any) -> Any:
        return torch.from_numpy(value)

    if kind == "bare":
        bare: Any = nn.Module()
        for name, value in weights.items():
            bare.register_parameter(name, nn.Parameter(tensor(value)))
        bare.forward = lambda x: torch.tanh(x @ bare.inner) @ bare.outer + bare.shift
        return bare
    layers = {"": weights} if kind == "linear" else weights
    linear = {name: nn.Linear(*reversed(part["weight"].shape)) for name, part in layers.items()}
    for name, layer in linear.items():
        layer.weight.data.copy_(tensor(layers[name]["weight"]))
        layer.bias.data.copy_(tensor(layers[name]["bias"]))
    first, *rest = linear.values()
    return nn.Sequential(first, nn.Tanh(), *rest) if rest else first
