"""Questions for talks about hand_gradients: learning rates, orders of samples, both runs."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.hand_gradients.public import FIELDS
from gradpath.course.declare import (
    Case,
    Entry,
    Exceeds,
    Falls,
    Question,
    Record,
    WhatIf,
    WhichCurve,
    WhichLine,
    Why,
    case,
)

_X, _Y = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
_FACTOR = (
    "With y = 2x, an update with sample x multiplies w - 2 by 1 - 2 lr x²; an epoch by the product."
)


def _run(
    function: str = "train",
    xs: Any = _X,
    ys: Any = _Y,
    w: float = 1.0,
    lr: float = 0.01,
    epochs: int = 10,
) -> Case:
    return case(function, xs, ys, w, lr, epochs, expect=Record(FIELDS))


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "the learning rate is 0.1 instead of 0.01",
        _run(lr=0.1),
        (Falls("losses"), Entry("weights", (2,)), Exceeds("weights", 2.0)),
        (
            _FACTOR,
            "For 0.1 the factors are 0.8, 0.2 and -0.8: the third sample throws the weight to the "
            "other side of 2, and yet each epoch brings it nearer.",
        ),
    ),
    WhatIf(
        "the learning rate is 0.3 instead of 0.01",
        _run(lr=0.3),
        (Falls("losses"), Exceeds("weights", 100.0), Exceeds("gradients", 1000.0)),
        (
            _FACTOR,
            "For 0.3 the factors are 0.4, -1.4 and -4.4, with a product of 2.46: the first sample "
            "still helps, and each epoch ends further away.",
        ),
    ),
    WhatIf(
        "the learning rate is 0.05, and there is one sample alone, x = 3",
        _run(xs=[3.0], ys=[6.0], lr=0.05),
        (Falls("losses"), Entry("weights", (2,)), Entry("gradients", (1,))),
        (
            "Each update multiplies w - 2 by 1 - 2 · 0.05 · 9 = 0.1.",
            "There are as many updates as epochs, and each one begins where the last one ended.",
        ),
    ),
    WhatIf(
        "the samples come in the order x = 3, 2, 1",
        _run(xs=_X[::-1], ys=_Y[::-1]),
        (Entry("gradients", (0,)), Entry("weights", (0,)), Falls("losses")),
        (
            "The first gradient is that of x = 3 at the start, 2 · 3 · (3 - 6) = -18.",
            "After an epoch the weight is the same, as the product of the factors has no order; "
            "`losses` has other numbers, because the last sample is another one.",
        ),
    ),
    WhatIf(
        "there are 100 epochs instead of 10",
        _run(epochs=100),
        (Entry("weights", (-1,)), Exceeds("weights", 1.99), Entry("losses", (-1,))),
        (
            "The weight comes nearer to 2 by the same factor in each epoch, 0.739, and the loss "
            "falls by its square, 0.547.",
        ),
    ),
    WhatIf(
        "the start is w = 2 instead of 1",
        _run(w=2.0),
        (Falls("losses"), Entry("gradients", (1,)), Entry("weights", (2,))),
        ("At w = 2 the prediction is right for all samples: each gradient is 0, nothing moves.",),
    ),
    WhichCurve(
        _run(epochs=4),
        "weights",
        (
            "missing-factor-two",
            "ascent-step",
            "forgot-weight",
            "batch-update",
            "loss-as-step",
        ),
        x="update",
        y="weight $w$",
    ),
    WhichCurve(
        _run(epochs=4),
        "gradients",
        (
            "forgot-chain-rule",
            "ascent-step",
            "batch-update",
            "sign-flipped-residual",
            "loss-as-step",
        ),
        x="update",
        y="gradient $g$",
    ),
    WhichLine(_run(epochs=2), 2, "weights", ("gradients", "weights", "losses"), "gradient"),
    WhichLine(_run("train_autograd", epochs=2), 2, "weights", ("gradients", "weights", "losses")),
    Why(
        "Your `train` has {gradients[1]} as its second gradient in the run of the text. At the "
        "start, w = 1, the gradient of that sample would be -8. Why is it another number here?",
        (
            "The first update has moved the weight to 1.02 already.",
            "Stochastic descent takes each gradient at the current weight.",
        ),
        _run(),
        "In the run of the text the second gradient is no longer -8, although that is the gradient "
        "of the second sample at w = 1. Why?",
    ),
    Why(
        "The first loss of your `train` is {losses[0]} in the run of the text; that of "
        "`train_autograd` is 7.315944. The weights agree. Why do the losses not?",
        (
            "One is taken after the update of the last sample, the other before it.",
            "`backward()` is called on the loss before the step, so that one is at hand there.",
        ),
        _run(),
        "In the run of the text, the losses of `train` and `train_autograd` differ, although the "
        "weights agree. Why?",
    ),
    Why(
        "Your `train_autograd` ends with a weight of {weights[29]} in the run of the text. What "
        "would it do if the gradient were never set to zero, and why does torch not do that?",
        (
            "`backward()` adds to `.grad`: each step would take the sum of all gradients so far.",
            "The sum keeps pushing after the minimum is reached: the weight runs past 2.",
            "Adding is useful where a gradient comes from several parts, such as batches.",
        ),
        _run("train_autograd"),
        "What does a training with autograd do if the gradient is never set to zero, and why does "
        "torch not do that itself?",
    ),
    Why(
        "Two wrong programs: one leaves out the 2 of the derivative, the other halves the learning "
        "rate. Can one tell them apart by `weights`? By `gradients`? By which other number?",
        (
            "The weights agree: the step is lr times the gradient, and half of either is the same.",
            "The gradients differ by the factor 2.",
            "A comparison with a finite difference of the loss shows which one is the derivative.",
        ),
    ),
)
