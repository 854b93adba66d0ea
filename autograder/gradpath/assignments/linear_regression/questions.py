"""Questions for talks about linear_regression: step sizes, shapes, both runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.course.declare import (
    TRAJECTORY,
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
    documented,
)

_RUN = documented("linear_regression")
_INPUTS = np.array(_RUN["inputs"], dtype=np.float64)
_TARGETS = np.array(_RUN["targets"], dtype=np.float64)
_W = np.array([[0.5, 0.0, -0.5], [-0.5, 0.5, 1.0]])
_B = np.array([1.0, -1.0])
_THREE = "three epochs of the run of the text"
_FIELDS = {"losses": TRAJECTORY, "w": TRAJECTORY, "b": TRAJECTORY}


def _run(
    function: str = "train_numpy",
    inputs: Any = _INPUTS,
    targets: Any = _TARGETS,
    w: Any = _W,
    b: Any = _B,
    lr: float = _RUN["learning_rate"],
    epochs: int = 20,
) -> Case:
    return case(function, inputs, targets, w, b, lr, epochs, expect=Record(_FIELDS))


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "the learning rate is 0.0002 instead of 0.00001, for 20 epochs of `train_numpy`",
        _run(lr=2e-4),
        (Falls("losses"), Exceeds("losses", 1e6), Exceeds("w", 1000.0)),
        (
            "The features are large, so the loss is steep: beyond about 0.00011 each step "
            "overshoots by more than it came from.",
            "The loss grows by the same factor in each epoch, in the direction in which all "
            "features grow together.",
        ),
    ),
    WhatIf(
        "the learning rate is 0.0001 instead of 0.00001, for 20 epochs of `train_numpy`",
        _run(lr=1e-4),
        (Falls("losses"), Entry("losses", (0,)), Exceeds("losses", 3500.0)),
        (
            "The first loss is that of the start, before any update: no learning rate changes it.",
            "The run is still stable, though not by much.",
        ),
    ),
    WhatIf(
        "the samples come in the reverse order, for 20 epochs of `train_numpy`",
        _run(inputs=_INPUTS[::-1].copy(), targets=_TARGETS[::-1].copy()),
        (Entry("losses", (1,)), Entry("losses", (0,))),
        (
            "Each update uses all samples: the order changes nothing but rounding.",
            "With one update for each sample it would be another run.",
        ),
    ),
    WhatIf(
        "there is the first sample alone, for 20 epochs of `train_numpy`",
        _run(inputs=_INPUTS[:1], targets=_TARGETS[:1]),
        (Falls("losses"), Entry("losses", (0,))),
        (
            "The first loss is the mean of two squares, those of the errors in apples and oranges.",
            "One sample can be met exactly, with many different weights.",
        ),
    ),
    WhatIf(
        "all weights and biases are 0 at the start, for one epoch of `train_numpy`",
        _run(w=np.zeros((2, 3)), b=np.zeros(2), epochs=1),
        (Entry("losses", (0,)), Entry("b", (0,)), Entry("w", (0, 0))),
        (
            "The predictions are 0, so the loss is the mean of the squared targets.",
            "The gradients are not 0: nothing in a linear model has to break a symmetry.",
        ),
    ),
    WhichCurve(
        _run(epochs=20),
        "losses",
        (
            "ascent-step",
            "mean-over-rows-only",
            "missing-factor-two",
            "half-squared-error",
            "sum-instead-of-mean",
            "update-per-sample",
        ),
        x="epoch",
        y="loss",
        run="the first 20 epochs of the run of the text",
    ),
    WhichLine(_run(epochs=3), 2, "w", ("losses",), "gradients", _THREE),
    WhichLine(_run("train", epochs=3), 2, "w", ("losses",), run=_THREE),
    Why(
        "Your `train_numpy` records {losses[0]} and then {losses[1]}. Which number would be the "
        "last of 20 if the loss were recorded after the update instead, and which one the first?",
        (
            "The record would begin with the second number, and end with the loss after the last "
            "update, which is not in it now.",
            "The weights would not change.",
        ),
        _run(),
        "The losses are recorded before the update. How would the record change if they were "
        "recorded after it?",
    ),
    Why(
        "After 20 epochs your biases are {b[0]} and {b[1]}: they began at 1 and -1. The weights "
        "have moved far more. Why?",
        (
            "For each sample, the gradient by a weight is that by the bias times a feature, which "
            "is about 40 to 130.",
            "Features of size 1, or centred ones, would make the two comparable.",
        ),
        _run(),
        "The biases hardly move in the text's run, the weights do. Why?",
    ),
    Why(
        "`dw` has the shape of `w`, (2, 3), and comes from errors of shape (5, 2) and inputs of "
        "shape (5, 3). Which sum is that, and over which index?",
        (
            "Over the samples: dw[i, j] is a sum of error[n, i] · input[n, j], times 2 / (5 · 2).",
            "The shapes allow one product of matrices only: errors transposed times inputs.",
        ),
    ),
    Why(
        "The mean runs over all elements, not over the samples. Which of your numbers would change "
        "if it ran over the samples, by which factor, and would the best weights be others?",
        (
            "Losses and gradients would be twice as large, as there are two outputs.",
            "The minimum is at the same weights; only the learning rate that suits is another.",
        ),
    ),
)
