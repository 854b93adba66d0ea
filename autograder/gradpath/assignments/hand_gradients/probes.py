"""Probes of hand_gradients."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gradpath.worker.probes import student_function


def loss_and_slope(module: ModuleType, x: float, y: float, w: float) -> list[float]:
    """Return the student's loss and its derivative by w, found by autograd in float32."""
    import torch

    weight = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    value: Any = student_function(module, "loss")(x, y, weight)
    value.backward()
    slope = 0.0 if weight.grad is None else weight.grad.item()
    return [value.item(), slope]
