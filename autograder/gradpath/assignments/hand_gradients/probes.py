"""Probes of hand_gradients: the slopes that autograd finds in the student's functions.

They have the names of these functions, so that messages speak of the student's own code.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gradpath.worker.probes import student_function, with_slopes


def predict(module: ModuleType, x: Any, w: Any) -> dict[str, Any]:
    """Return the prediction, and its slope by the weight."""
    return with_slopes(student_function(module, "predict")(x, w), w=w)


def loss(module: ModuleType, x: Any, y: Any, w: Any) -> dict[str, Any]:
    """Return the loss, and its slope by the weight."""
    return with_slopes(student_function(module, "loss")(x, y, w), w=w)
