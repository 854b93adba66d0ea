"""Questions for talks about training_tools: groups of batches, scales, clipping."""

from __future__ import annotations

import numpy as np

from gradpath.assignments.training_tools.public import (
    NETWORK,
    clipped,
    documented_batches,
    float32,
    trained,
    training,
)
from gradpath.course.declare import (
    Case,
    Entry,
    Falls,
    Question,
    WhatIf,
    WhichCurve,
    WhichLine,
    Why,
    case,
    documented,
)

_OURS = documented("training_tools")["ours"]
_START = {
    layer: {name: float32(value) for name, value in values.items()}
    for layer, values in _OURS["start"].items()
}


def _run(lr: float = _OURS["learning_rate"], group: int = _OURS["group"], epochs: int = 3) -> Case:
    batches = documented_batches() * epochs
    return training("network", _START, batches, lr, group, expect=trained(NETWORK))


def _clip(first: list[float], second: list[float], max_norm: float) -> Case:
    arrays = [np.array(first), np.array(second)]
    return case("clip_by_norm", arrays, max_norm, probe=True, expect=clipped(2))


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "each group has 1 batch, for three epochs of the text's data in `train_accumulated`",
        _run(group=1),
        (Entry("updates"), Falls("losses"), Entry("losses", (0,))),
        (
            "Each batch gets its own update: there are as many as batches.",
            "The first loss is that of the start in any case.",
        ),
    ),
    WhatIf(
        "each group has 100 batches, for three epochs of the text's data in `train_accumulated`",
        _run(group=100),
        (Entry("updates"), Entry("losses", (0,)), Falls("losses")),
        (
            "All batches fall into one group, which has fewer than 100: one update, at the end.",
            "All losses are those of the starting weights; equal batches have equal losses.",
        ),
    ),
    WhatIf(
        "the learning rate is 0, for three epochs of the text's data in `train_accumulated`",
        _run(lr=0.0),
        (Entry("updates"), Falls("losses")),
        ("Updates are counted although nothing moves; each epoch has the same losses.",),
    ),
    WhatIf(
        "`clip_by_norm` gets the arrays [3, 4] and [0, 12] with a largest norm of 6.5",
        _clip([3.0, 4.0], [0.0, 12.0], 6.5),
        (Entry("norm"), Entry("clipped.0", (0,)), Entry("clipped.1", (1,))),
        (
            "The norm is that of all arrays together: √(9 + 16 + 144) = 13.",
            "All elements are multiplied by the same number, 6.5 / 13: the direction stays.",
        ),
    ),
    WhatIf(
        "`clip_by_norm` gets the arrays [3, 4] and [0, 12] with a largest norm of 20",
        _clip([3.0, 4.0], [0.0, 12.0], 20.0),
        (Entry("norm"), Entry("clipped.0", (1,))),
        ("The norm, 13, is small enough: nothing changes, and the norm is returned as it is.",),
    ),
    WhichCurve(
        _run(epochs=4),
        "losses",
        (
            "ascent-step",
            "gradients-not-zeroed",
            "losses-divided",
            "not-divided-by-group",
            "zeroed-every-batch",
            "update-every-batch",
        ),
        x="batch",
        y="loss",
        run="four epochs of the run of the text",
    ),
    WhichLine(_run(epochs=2), 1, "model", ("losses",), run="two epochs of the run of the text"),
    Why(
        "Your `train_accumulated` makes {updates} updates in four epochs of the text's run. What "
        "would change if each loss were not divided by the number of batches in its group?",
        (
            "The gradient would be the sum over the group instead of the mean, and the step as "
            "many times as long.",
            "Where the last group is smaller, the factor would be another there.",
        ),
        _run(epochs=4),
        "What changes if the losses of a group are not divided by the number of its batches?",
    ),
    Why(
        "Why do Xavier's weights let the scales of a deep ReLU network shrink, and He's not?",
        (
            "A ReLU sets about half of the values to 0, which halves the mean square by layer.",
            "He's variance has a factor of two for that.",
        ),
    ),
    Why(
        "When is clipping by norm another thing than clipping by value, and which of the two keeps "
        "the direction of the step?",
        (
            "By norm all elements are scaled by one number, so the direction stays.",
            "By value large elements are cut one by one, which turns the step.",
        ),
    ),
    Why(
        "In `Cube`, `backward` multiplies by `grad_output`. What is that number, and which "
        "mistake would nobody see if `Cube` were always the last operation before the loss?",
        (
            "It is the derivative of the loss by the result of `forward`.",
            "At the end of the graph it is 1, so a missing factor changes nothing there.",
        ),
    ),
)
