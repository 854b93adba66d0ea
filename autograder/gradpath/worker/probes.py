"""Probes that every assignment has: our code in the worker, where a plain call shows too little.

A probe is a function of the student's module and of data; it returns data like any other call.
Nothing in it is secret: the student's code could read it. An assignment adds its own in
`gradpath/assignments/<slug>/probes.py`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, TypeVar

from gradpath.worker.right_value import right_value
from gradpath.worker.serve import AttributeMissing, Probe
from gradpath.worker.substitutes import NAMES
from gradpath.worker.trace import trace


def student_function(module: ModuleType, name: str) -> Callable[..., Any]:
    """Return a function or class of the student's module.

    Raises:
        AttributeMissing: there is none; the observation becomes `missing`.
    """
    function = getattr(module, name, None)
    if not callable(function):
        raise AttributeMissing(name)
    return function  # type: ignore[no-any-return]


def is_replaced(module: ModuleType, name: str) -> bool:
    """Tell whether a function or class of the student's counts as right in this worker.

    The stand-in of a function is in its place already. A probe that hands over an object of a class
    makes one of the library's own instead.
    """
    return name in getattr(module, NAMES, ())


def weighted_sum(outputs: Any, upstream: Any) -> Any:
    """Return a scalar that has `upstream`, of the shape of `outputs`, as its derivative by these.

    `torch.autograd.grad` takes such a derivative itself, but imports some five hundred modules of
    torch's compiler to compare the shapes, in each worker anew.

    Raises:
        ValueError: the shapes differ.
    """
    if outputs.shape != upstream.shape:
        raise ValueError(f"a derivative of shape {upstream.shape} for {outputs.shape}")
    return (outputs * upstream).sum()


Name = TypeVar("Name")


def slopes(outputs: Any, by: Mapping[Name, Any], upstream: Any = None) -> dict[Name, Any]:
    """Differentiate sum(upstream * outputs); the slope is zero by a tensor without an effect.

    A single number needs no `upstream`.

    Raises:
        TypeError: the student's function has returned no tensor.
    """
    import torch

    if not isinstance(outputs, torch.Tensor):
        raise TypeError(f"the result is a {type(outputs).__name__}, expected a torch tensor")
    found = {name: torch.zeros_like(value) for name, value in by.items()}
    # A part that was cut off may not even ask for gradients any more.
    watched = [name for name, value in by.items() if value.requires_grad]
    if outputs.requires_grad and watched:
        inputs = [by[name] for name in watched]
        total = outputs
        if upstream is not None:
            total = weighted_sum(outputs, upstream.to(outputs.dtype))
        parts = torch.autograd.grad(total, inputs, allow_unused=True)
        found |= {n: g for n, g in zip(watched, parts, strict=True) if g is not None}
    return found


def with_slopes(result: Any, **given: Any) -> dict[str, Any]:
    """Return a student's result for some tensors, and its slopes by those that ask for them.

    Args:
        result: the value; for several numbers, each counts with another weight in the slopes.
        given: the arguments by name; a dict stands for its values.
    """
    import torch

    named = {
        name: value
        for key, argument in given.items()
        for name, value in (argument if isinstance(argument, dict) else {key: argument}).items()
    }
    tensors = {n: v for n, v in named.items() if isinstance(v, torch.Tensor) and v.requires_grad}
    upstream = None
    if isinstance(result, torch.Tensor) and result.ndim:
        upstream = torch.linspace(1.0, 2.0, result.numel()).reshape(result.shape)
    found = slopes(result, tensors, upstream)
    # Apart from the graph: the value is read after it.
    return {"result": result.detach(), "slope": found}


def by_layer(parameters: Mapping[Any, Any]) -> dict[str, Any]:
    """Return values in dicts as their names are: `conv1.weight` is `weight` in `conv1`."""
    nested: dict[str, Any] = {}
    for name, value in parameters.items():
        *layers, last = str(name).split(".")
        place: Any = nested
        for layer in layers:
            place = place.setdefault(layer, {}) if isinstance(place, dict) else None
        if isinstance(place, dict):  # else a name of the student's own invention
            place[last] = value
    return nested


def load_probes(slug: str) -> dict[str, Probe]:
    """Import the probes of an assignment: its module's public functions that it defines itself."""
    # Not by `course.load`, which imports everything else: a worker shall not even have loaded it,
    # for a submission in the same process can reach all that is loaded.
    name = f"gradpath.assignments.{slug}.probes"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {"right_value": right_value, "trace": functools.partial(trace, {})}
    own: dict[str, Probe] = {
        key: value
        for key, value in vars(module).items()
        if callable(value) and not key.startswith("_") and value.__module__ == name
    }
    return {"right_value": right_value, "trace": functools.partial(trace, own), **own}
