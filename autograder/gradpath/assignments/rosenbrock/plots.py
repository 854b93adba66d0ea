"""Plots of rosenbrock: paths over the valley, and the losses along them."""

from __future__ import annotations

from gradpath.course.declare import Curve, Route

# The height of the valley, multiplied out: 1 - 2 x + x^2 + 100 (x^4 - 2 x^2 y + y^2).
_VALLEY = (
    (1.0, 0.0, 100.0),
    (-2.0, 0.0, 0.0),
    (1.0, -200.0, 0.0),
    (0.0, 0.0, 0.0),
    (100.0, 0.0, 0.0),
)

PLOTS = (
    Route("descend.documented", "points", start=0, surface=_VALLEY, minimum=(1.0, 1.0)),
    Curve("descend.documented", "losses", x="update", y="loss $f$ after the update"),
    Route("descend_autograd.stops", "points", start=0, surface=_VALLEY),
    Curve("descend_autograd.stops", "losses", x="update", y="loss $f$ after the update"),
)
