"""The data of training_tools' page to play with: a deep network's scales, a norm to clip at."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.training_tools.public import deep_network, xavier_deviation
from gradpath.course import recorded
from gradpath.course.declare import documented


def data() -> dict[str, Any]:
    """Return Xavier's deviation, the scales with it from the inputs on, and the largest norm."""
    inputs, _ = deep_network()
    runs = recorded.read("training_tools").references["activation_scales.run_of_the_text"]
    scales: Any = runs[0].value
    return {
        "xavier": xavier_deviation(inputs.shape[1]),
        "scales": [float(inputs.std()), *scales.tolist()],
        "max_norm": documented("training_tools")["clip"]["max_norm"],
    }
