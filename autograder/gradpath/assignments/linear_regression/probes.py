"""Probes of linear_regression: autograd through one of the student's functions at a time."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gradpath.worker.probes import student_function, weighted_sum


def mse_and_slope(module: ModuleType, predictions: Any, targets: Any) -> list[Any]:
    """Return the student's loss of float32 tensors and its derivative by the predictions."""
    import torch

    leaf = torch.from_numpy(predictions).requires_grad_()
    value: Any = student_function(module, "mse")(leaf, torch.from_numpy(targets))
    (slope,) = torch.autograd.grad(value, leaf)
    return [value.item(), slope]


def model_slopes(module: ModuleType, x: Any, w: Any, b: Any, upstream: Any) -> list[Any]:
    """Carry a derivative by the predictions back through the student's model, to w and b."""
    import torch

    leaves = [torch.from_numpy(array).requires_grad_() for array in (w, b)]
    value: Any = student_function(module, "model")(torch.from_numpy(x), *leaves)
    outer = torch.from_numpy(upstream).to(value.dtype)
    slopes = torch.autograd.grad(weighted_sum(value, outer), leaves, allow_unused=True)
    # A model that leaves a parameter out has no derivative by it.
    return [
        torch.zeros_like(leaf) if slope is None else slope
        for leaf, slope in zip(leaves, slopes, strict=True)
    ]
