"""Probes that every assignment has: our code in the worker, where a plain call shows too little.

A probe is a function of the student's module and of data; it returns data like any other call.
Nothing in it is secret: the student's code could read it. An assignment adds its own in
`gradpath/assignments/<slug>/probes.py`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from gradpath.worker.right_value import right_value
from gradpath.worker.serve import AttributeMissing, Probe
from gradpath.worker.substitutes import NAMES


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
        return {"right_value": right_value}
    return {"right_value": right_value} | {
        key: value
        for key, value in vars(module).items()
        if callable(value) and not key.startswith("_") and value.__module__ == name
    }
