"""Questions for talks about lenet: sizes, gradients, one picture again and again."""

from __future__ import annotations

import numpy as np

from gradpath.assignments.lenet.public import LR, PICTURE, SEED, STEPS, TARGET
from gradpath.course.declare import (
    EXACT,
    FORMULA,
    TRAJECTORY,
    Case,
    Entry,
    Exceeds,
    Falls,
    Numbers,
    Question,
    Record,
    Tensor,
    WhatIf,
    WhichCurve,
    Why,
    case,
)

_FIELDS = {"losses": TRAJECTORY, "biases": TRAJECTORY}
_ONES = np.ones((2, 3, 4, 4), dtype=np.float32)


def _run(lr: float = LR, steps: int = STEPS) -> Case:
    run = ("own", SEED, PICTURE, TARGET, lr, steps)
    return case("train_manual", *run, probe=True, expect=Record(_FIELDS))


def _features(side: int) -> Case:
    return case("flat_features", side, expect=Numbers(EXACT))


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "the pictures have 64 rows and columns instead of 32",
        _features(64),
        (Entry("result"),),
        (
            "64 becomes 60, 30, 26 and 13: 16 · 13 · 13 numbers.",
            "Only `fc1` would have to change, for the convolutions have no fixed size.",
        ),
    ),
    WhatIf(
        "the pictures have 33 rows and columns instead of 32",
        _features(33),
        (Entry("result"),),
        ("33 becomes 29, then 14, as a pool drops the odd row: 10, then 5, as for 32.",),
    ),
    WhatIf(
        "the learning rate is 0, in `train_manual`",
        _run(lr=0.0),
        (Falls("losses"),),
        ("The gradients are computed as before, and nothing moves: all losses are equal.",),
    ),
    WhatIf(
        "the learning rate is ten times that of the text, in `train_manual`",
        _run(lr=10 * LR),
        (Falls("losses"), Exceeds("losses", 1.3)),
        ("The first loss is that of the start; too long a step ends higher than it began.",),
    ),
    WhatIf(
        "`bias_gradient` gets a gradient of 1 everywhere, for 2 pictures, 3 channels, 4 x 4 places",
        case("bias_gradient", Tensor(_ONES), expect=Numbers(FORMULA)),
        (Entry("result", (0,)),),
        (
            "A bias is added at each place of each picture, so its gradient is the sum over them: "
            "2 · 4 · 4 = 32.",
        ),
    ),
    WhichCurve(
        _run(),
        "losses",
        (
            "gradients-not-zeroed",
            "ascent-step",
            "update-lost",
            "half-of-the-mean",
            "relu-missing",
            "average-pool",
        ),
        x="step",
        y="loss",
    ),
    Why(
        "The losses of your `train_manual` begin with {losses[0]} and {losses[1]}. What would the "
        "second be without the line that clears the gradients, and from which step on would one "
        "see it?",
        (
            "It would be the same: the first step has clean gradients in both.",
            "The second step would take the sum of two gradients, so the third loss differs.",
        ),
        _run(),
        "From which step on does one see in the losses that gradients are never cleared?",
    ),
    Why(
        "`conv1` has 6 · 25 weights and 6 biases, `fc1` has 400 · 120 weights. Why does a layer "
        "with so few weights cost far more multiplications for each weight?",
        (
            "A kernel's weights are used at each of 28 x 28 places.",
            "So its gradient is a sum over all of them, as you wrote for the bias.",
        ),
    ),
    Why(
        "`mse_loss` refuses shapes that differ, where NumPy and torch would broadcast. Which wrong "
        "number would come out of (2, 1) and (2,), and why would no exception tell?",
        (
            "Broadcasting makes (2, 2): each output is compared with each target.",
            "A mean of four numbers looks like any other loss; training still goes on.",
        ),
    ),
    Why(
        "`sgd_step` passes over parameters whose gradient is None. When is it None, and what is "
        "the difference from a gradient of zero?",
        (
            "None says that no backward pass has reached the parameter; or it was cleared.",
            "With plain descent both leave it as it is; with momentum zero still moves it.",
        ),
    ),
)
