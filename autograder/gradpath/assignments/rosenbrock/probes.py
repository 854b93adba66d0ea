"""Probes of rosenbrock."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gradpath.worker.probes import student_function


def value_and_slopes(module: ModuleType, x: float, y: float) -> list[float]:
    """Return the student's rosenbrock and its partial derivatives, found by autograd."""
    import torch

    point = [torch.tensor(at, dtype=torch.float64, requires_grad=True) for at in (x, y)]
    value: Any = student_function(module, "rosenbrock")(*point)
    value.backward()
    slopes = [0.0 if at.grad is None else at.grad.item() for at in point]
    return [value.item(), *slopes]
