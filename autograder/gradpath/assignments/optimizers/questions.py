"""Questions for talks about optimizers: what each rule remembers."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.optimizers.public import LOSSES, WEIGHTS
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

_RUN = documented("optimizers")
_ONES = [[1.0, 1.0]] * 5
_TURNING = [[1.0, 2.0], [-1.0, -2.0], [1.0, 2.0], [-1.0, -2.0]]


def _rule(rule: str, gradients: Any, lr: float, *settings: float) -> Case:
    return case(rule, [1.0, 1.0], gradients, lr, *settings, expect=WEIGHTS)


def _race(steps: int = 20, lr: float = _RUN["learning_rate"]) -> Case:
    return case("compare", list(_RUN["start"]), lr, steps, expect=LOSSES)


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "the gradient stays the same for five steps, and momentum is 0.5",
        _rule("momentum", _ONES, 0.1, 0.5),
        (Entry("weights", (1, 0)), Entry("weights", (4, 0)), Entry("weights", (0, 0))),
        (
            "The velocity is 1, then 1.5, 1.75 and so on, towards 2.",
            "In the long run a step is 1 / (1 - 0.5) = 2 times as long as one of plain descent.",
        ),
    ),
    WhatIf(
        "the gradient changes its sign from step to step, and momentum is 0.5",
        _rule("momentum", _TURNING, 0.1, 0.5),
        (Entry("weights", (1, 0)), Entry("weights", (3, 1)), Entry("weights", (0, 1))),
        (
            "The kept part points against the new gradient: the steps are shorter than without.",
            "Across a valley this is what calms the walk.",
        ),
    ),
    WhatIf(
        "the second weight has gradients a thousand times as large as the first one",
        _rule("adagrad", [[0.01, 10.0]] * 3, 0.1, 1e-8),
        (Entry("weights", (0, 0)), Entry("weights", (0, 1)), Entry("weights", (2, 1))),
        (
            "Each weight is divided by its own root of the sum of squares: both move the same.",
            "The first step has the length lr, the later ones are shorter: the sum only grows.",
        ),
    ),
    WhatIf(
        "there is one gradient alone",
        _rule("adam", [[0.001, -50.0]], 0.1, 0.9, 0.999, 1e-8),
        (Entry("weights", (0, 0)), Entry("weights", (0, 1))),
        (
            "With the corrections the first step of Adam is lr times the sign of the gradient, "
            "whatever its size is.",
            "Without them it would be about 3 times as long, 0.1 / √0.001.",
        ),
    ),
    WhatIf(
        "the gradient is 0 in each step",
        _rule("rmsprop", [[0.0, 0.0]] * 3, 0.1, 0.99, 1e-8),
        (Entry("weights", (2, 0)), Entry("weights", (0, 1))),
        ("The step is 0 / (0 + eps) = 0: eps is there for this case.",),
    ),
    WhatIf(
        "the race is run with a learning rate of 0.12, twice that of the text",
        _race(lr=0.12),
        (Falls("sgd"), Falls("adam"), Falls("momentum")),
        (
            "Along the steep axis plain descent multiplies y by 1 - 20 lr = -1.4: it diverges.",
            "Rules that divide by the size of the gradients have steps of about lr.",
        ),
    ),
    WhichCurve(
        _race(),
        "adam",
        (
            "bias-correction-missing",
            "one-correction-missing",
            "gradient-not-squared",
            "state-reset",
            "ascent-step",
            "sum-for-mean",
        ),
        x="step",
        y="loss of Adam",
    ),
    WhichLine(_rule("momentum", _TURNING, 0.1, 0.5), 0, "weights", ("weights",)),
    WhichLine(_rule("rmsprop", _TURNING, 0.1, 0.9, 1e-8), 0, "weights", ("weights",)),
    WhichLine(_rule("adam", _TURNING, 0.1, 0.9, 0.999, 1e-8), 0, "weights", ("weights",)),
    Why(
        "Your `adam` moves a weight by 0.1 in its first step with lr = 0.1, to {weights[0][0]} "
        "from 1, and so it does for the other weight, whose gradient is twice as large. Why?",
        (
            "After the correction m is the gradient and v its square: m / √v is its sign.",
            "The size of a gradient says nothing about the step, only its course does.",
        ),
        _rule("adam", _TURNING, 0.1, 0.9, 0.999, 1e-8),
        "Adam's first step is as long for a gradient of 2 as for one of 1. Why?",
    ),
    Why(
        "After four steps with gradients 1, -1, 1, -1 your `sgd` is at {weights[3][0]}, where it "
        "began. Where is `momentum` with 0.5, on which side of 1, and why?",
        (
            "Below 1, at 0.9375: the first gradient goes on in all later velocities.",
            "The velocities are 1, -0.5, 0.75 and -0.625; their sum is 0.625, not 0.",
        ),
        _rule("sgd", _TURNING, 0.1),
        "After gradients 1, -1, 1, -1 plain descent is where it began. Is `momentum`? Why?",
    ),
    Why(
        "Adagrad's steps get shorter and shorter, those of RMSprop need not. Which line makes the "
        "difference, and for which problem is each the better one?",
        (
            "A sum of squares only grows; a mean that forgets follows the gradients of late.",
            "Rare features favour Adagrad; long runs and changing gradients RMSprop.",
        ),
    ),
    Why(
        "All five rules get the same arguments, and none may change the array `w` that it is "
        "given. How can a rule make sure of that, and which mistake would show otherwise?",
        (
            "A copy, or w = w - ... in place of w -= ..., which changes the caller's array.",
            "Rules in a row would start where the last one ended, and a history of one array "
            "would have equal rows.",
        ),
    ),
)
