"""The data of hand_gradients' page to play with: the documented run, and the samples of it."""

from __future__ import annotations

from typing import Any

from gradpath.course.declare import documented


def data() -> dict[str, Any]:
    """Return the samples, the start, the learning rate and the number of epochs."""
    run, samples = documented("hand_gradients"), documented("mse_sweep")
    return {
        "x": samples["x"],
        "y": samples["y"],
        **{name: run[name] for name in ("w0", "learning_rate", "epochs")},
    }
