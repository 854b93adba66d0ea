"""The data of linear_regression's page to play with: the documented run, and the text's start."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.linear_regression.public import B, W
from gradpath.course.declare import documented


def data() -> dict[str, Any]:
    """Return the samples, the settings of the run, and the starting weights and biases."""
    return {**documented("linear_regression"), "w": W.tolist(), "b": B.tolist()}
