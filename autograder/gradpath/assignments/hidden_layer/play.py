"""The data of hidden_layer's page to play with: both runs of the text, with their starts."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.hidden_layer.public import (
    START,
    XOR_EPOCHS,
    XOR_LABELS,
    XOR_LR,
    XOR_START,
    XOR_X,
)
from gradpath.course.declare import documented


def data() -> dict[str, Any]:
    """Return points, labels, learning rate, epochs and starting parameters of each run."""
    run = documented("hidden_layer")
    named = {name: run[name] for name in ("x", "labels", "learning_rate", "epochs")}
    xor = {
        "x": XOR_X.array.tolist(),
        "labels": XOR_LABELS.array.tolist(),
        "learning_rate": XOR_LR,
        "epochs": XOR_EPOCHS,
    }
    return {"text": {**named, "start": START}, "xor": {**xor, "start": XOR_START}}
