"""Plots of optimizers: the five paths over the contours, and the losses of a comparison."""

from __future__ import annotations

from gradpath.course.declare import Curve, Route

# The bowl x^2 / 2 + 10 y^2.
_BOWL = ((0.0, 0.0, 10.0), (0.0, 0.0, 0.0), (0.5, 0.0, 0.0))
_RULES = ("sgd", "momentum", "adagrad", "rmsprop", "adam")


def _path(rule: str) -> Route:
    # `sgd` has the run of the text as the last one of its examples.
    check, case = ("sgd.examples", 3) if rule == "sgd" else (f"{rule}.of_the_text", 0)
    return Route(check, "weights", start=0, surface=_BOWL, minimum=(0.0, 0.0), case=case)


PLOTS = (
    *map(_path, _RULES),
    *(Curve("compare.of_the_text", rule, y="loss $f$ after the step") for rule in _RULES),
)

PAGE_PLOTS = PLOTS[:5]
