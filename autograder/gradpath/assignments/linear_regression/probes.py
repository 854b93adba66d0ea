"""Probes of linear_regression: the slopes that autograd finds in the student's functions.

They have the names of these functions, so that messages speak of the student's own code.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gradpath.worker.probes import student_function, with_slopes


def model(module: ModuleType, x: Any, w: Any, b: Any) -> dict[str, Any]:
    """Return the predictions, and their slopes by the parameters."""
    return with_slopes(student_function(module, "model")(x, w, b), w=w, b=b)


def mse(module: ModuleType, predictions: Any, targets: Any) -> dict[str, Any]:
    """Return the mean squared error, and its slopes by the predictions."""
    result = student_function(module, "mse")(predictions, targets)
    return with_slopes(result, predictions=predictions)
