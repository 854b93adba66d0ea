"""Questions for talks about rosenbrock: steps across a valley, and along its floor."""

from __future__ import annotations

from gradpath.assignments.rosenbrock.public import FIELDS
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

_CLASSIC = (-1.2, 1.0)


def _walk(
    start: tuple[float, float] = (0.0, 0.0),
    step_size: float = 0.001,
    tolerance: float = 0.001,
    updates: int = 40,
    function: str = "descend",
) -> Case:
    return case(function, start, step_size, tolerance, updates, expect=Record(FIELDS))


QUESTIONS: tuple[Question, ...] = (
    WhatIf(
        "the step size is 0.01, ten times that of the text",
        _walk(_CLASSIC, 0.01, updates=4),
        (Falls("losses"), Exceeds("losses", 1000.0), Entry("losses", (0,))),
        (
            "Across the valley the curvature is some hundreds; a step is stable only below 2 "
            "divided by it, less than 0.01.",
            "The first step goes across the floor and up the other side, where it is steeper yet.",
        ),
    ),
    WhatIf(
        "the walk starts at the minimum",
        _walk((1.0, 1.0)),
        (Entry("iterations"),),
        ("The loss, 0, is below the tolerance before any update: `losses` is empty.",),
    ),
    WhatIf(
        "the tolerance is -1, which no loss can reach",
        _walk((1.0, 0.0), tolerance=-1.0),
        (Entry("iterations"), Entry("points", (0, 0)), Entry("losses", (0,))),
        (
            "Only the number of updates ends the walk.",
            "The first gradient is (400, -200), so the first point is (0.6, 0.2).",
        ),
    ),
    WhatIf(
        "the walk starts at (1, 0), and the step size is as in the text",
        _walk((1.0, 0.0)),
        (Falls("losses"), Entry("points", (0, 1)), Entry("losses", (0,))),
        (
            "The start is at a height of 100, on the side of the valley; the first steps go to its "
            "floor and the loss falls at once to less than 3.",
            "Both coordinates move by the same gradient, (400, -200).",
        ),
    ),
    WhatIf(
        "the tolerance is 0.9 instead of 0.001",
        _walk(tolerance=0.9, updates=200),
        (Entry("iterations"), Entry("losses", (-1,)), Falls("losses")),
        (
            "The walk ends with the first loss at or below the tolerance, and that loss is in the "
            "record.",
            "At (0, 0) the gradient is (-2, 0): each update takes about 0.004 off the loss.",
        ),
    ),
    WhatIf(
        "the start is mirrored, (1.2, 1) instead of (-1.2, 1)",
        _walk((1.2, 1.0)),
        (Entry("points", (0, 1)), Falls("losses"), Entry("losses", (0,))),
        (
            "Only x² and 1 - x count: the y part of the gradient is the same as at (-1.2, 1), "
            "200 · (1 - 1.44) = -88, the x part is not.",
        ),
    ),
    WhichCurve(
        _walk(updates=300),
        "losses",
        (
            "inner-sign",
            "outer-sign",
            "half-squared-error",
            "inner-derivative-halved",
            "square-missing",
        ),
        x="update",
        y="loss $f$",
    ),
    WhichLine(_walk(_CLASSIC, updates=3), 0, "points", ("points", "losses"), "gradient"),
    WhichLine(
        _walk(_CLASSIC, updates=3, function="descend_autograd"), 0, "points", ("points", "losses")
    ),
    Why(
        "The first update of your `descend` from (0, 0) leads to ({points[0][0]}, {points[0][1]}). "
        "Why does y not move, and why does it move later?",
        (
            "∂f/∂y = 200 (y - x²) is 0 as long as y = x².",
            "The first step changes x, so the point leaves the floor y = x², and the second "
            "gradient has a y part.",
        ),
        _walk(),
        "The first update from (0, 0) moves x alone. Why does y not move, and why does it move "
        "later?",
    ),
    Why(
        "From (-1.2, 1) the losses of your `descend` begin with {losses[0]}, {losses[1]}, "
        "{losses[2]}: f starts at 24.2 there. Why is the fall so fast at first, and so slow later?",
        (
            "The start is on the steep side of the valley; the first steps go down to its floor.",
            "Along the floor the gradient is small, and the step size is bound by the steep sides.",
        ),
        _walk(_CLASSIC),
        "From (-1.2, 1) the loss falls fast at first, and then slowly. Why?",
    ),
    Why(
        "The text's run ends at a loss of 0.001, and the point is still 0.03 and 0.06 away from "
        "the minimum. How can that be, and which other rule could end the walk?",
        (
            "On a flat floor a small loss is no small distance.",
            "The length of the gradient or of a step could end it, with drawbacks of their own.",
        ),
    ),
    Why(
        "Suppose that the update of y used the x that has just been moved. Would the walk still "
        "reach the minimum? Is it still gradient descent?",
        (
            "It is another method: coordinates in turn, each by its own partial derivative.",
            "It ends at the minimum as well, on another path, so only the recorded points show it.",
        ),
    ),
)
