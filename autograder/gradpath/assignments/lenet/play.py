"""The data of lenet's page to play with: the picture of the text, and the shapes of the layers."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.lenet.public import LAYERS, PICTURE
from gradpath.course import recorded


def data() -> dict[str, Any]:
    """Return the picture's rows, and the shapes that a check compares a student's layers with."""
    shapes: Any = recorded.read("lenet").references["LeNet.layers"][0].value
    return {
        "picture": PICTURE.array[0, 0].tolist(),
        "layers": {
            layer: {kind: shape.tolist() for kind, shape in shapes[layer].items()}
            for layer in LAYERS
        },
    }
