"""Questions for talks about mse_sweep: other data under the same curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.course.declare import (
    FORMULA,
    Case,
    Entry,
    Falls,
    Numbers,
    Question,
    WhatIf,
    WhichCurve,
    Why,
    case,
)

_X, _Y = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
_FEW = [0.0, 1.0, 2.0, 3.0, 4.0]
_VALUE = Numbers(FORMULA)


def _sweep(xs: Any = _X, ys: Any = _Y, weights: Any = _FEW) -> Case:
    return case("sweep", xs, ys, weights, expect=_VALUE)


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "there is one sample alone, x = 2",
        _sweep([2.0], [4.0]),
        (Entry("result", (1,)), Entry("result", (2,)), Falls("result")),
        (
            "The mean of one number is this number: (2 w - 4)².",
            "The minimum is at w = 2 as before, the curve is 4 (w - 2)² instead of 14/3 (w - 2)².",
        ),
    ),
    WhatIf(
        "all targets are doubled",
        _sweep(ys=[4.0, 8.0, 12.0]),
        (Entry("result", (0,)), Entry("result", (4,)), Falls("result")),
        (
            "The data lie on y = 4 x, so the minimum is at w = 4, the last of these weights.",
            "At w = 0 the loss is the mean of the squared targets, four times as large as before.",
        ),
    ),
    WhatIf(
        "all targets are 0",
        _sweep(ys=[0.0, 0.0, 0.0]),
        (Entry("result", (0,)), Entry("result", (1,)), Falls("result")),
        ("The loss is 14/3 w²: the mean of the squared features times w². It is 0 at w = 0.",),
    ),
    WhatIf(
        "each sample is there twice",
        _sweep([1.0, 2.0, 3.0, 1.0, 2.0, 3.0], [2.0, 4.0, 6.0, 2.0, 4.0, 6.0]),
        (Entry("result", (0,)), Entry("result", (3,))),
        ("A mean does not change when each number counts twice; a sum would.",),
    ),
    WhatIf(
        "the weights come in the reverse order",
        _sweep(weights=_FEW[::-1]),
        (Entry("result", (0,)), Entry("result", (1,)), Falls("result")),
        (
            "Each loss belongs to the weight at its place: the losses are reversed as well.",
            "The curve is symmetric about w = 2, so for these weights nothing seems to change.",
        ),
    ),
    WhatIf(
        "the minimum lies outside of the weights",
        case("best_weight", [0.0, 0.5, 1.0], [56 / 3, 10.5, 14 / 3], expect=_VALUE),
        (Entry("result"),),
        (
            "The best of the weights that were tried is at the edge.",
            "A minimum at the edge of a grid says: look further that way.",
        ),
    ),
    WhichCurve(
        _sweep(weights=np.arange(41) / 10),
        "result",
        (
            "sum-instead-of-mean",
            "half-squared-error",
            "absolute-error",
            "all-pairs",
            "last-sample-only",
        ),
        x="position in the grid",
        y="loss",
        first=0,
    ),
    Why(
        "Your `sweep` gives {result[0]} at w = 0 and {result[4]} at w = 4 for the text's data. Why "
        "are these equal, and which weight would have to lie in the middle?",
        (
            "The loss is a parabola in w, 14/3 (w - 2)², and symmetric about its minimum.",
            "The data lie on y = 2 x, so the minimum is at w = 2, with a loss of 0.",
        ),
        _sweep(),
        "The loss over w is the same at 0 and at 4 for the text's data. Why, and where is its "
        "minimum?",
    ),
    Why(
        "At w = 1 your `mean_squared_error` is {result} for the text's data. Which of the three "
        "samples has the largest part in it, and how large a part?",
        (
            "The errors are -1, -2 and -3: the squares 1, 4 and 9 of together 14.",
            "The sample with the largest x dominates: 9/14.",
        ),
        case("mean_squared_error", _X, _Y, 1.0, expect=_VALUE),
        "Which of the text's three samples has the largest part in the loss at w = 1, and how "
        "large a part?",
    ),
    Why(
        "The grid has 41 weights from 0 to 4. Why not 40, and why can a grid made by adding 0.1 "
        "again and again miss its end?",
        (
            "Both ends count: 40 steps have 41 ends.",
            "0.1 is no exact number in binary, and the rounding adds up.",
        ),
    ),
)
