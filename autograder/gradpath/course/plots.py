"""The pictures of a run that an assignment declares: curves, routes, elements, regions."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from gradpath.course import style
from gradpath.course.load import module_of
from gradpath.errors import GradpathError
from gradpath.text.messages import Message


@dataclass(frozen=True)
class Curve:
    """A sequence of numbers over its steps, or over an argument of the call."""

    check: str
    leaf: str = "result"
    """Which sequence of the returned value, named as the check's messages name it."""
    x: str = "step"
    y: str = ""
    title: str = ""
    """The title after the function's name; the leaf's name by default."""
    case: int = 0
    """Which of the check's calls."""
    first: int = 1
    """The number of the first step."""
    over: int | None = None
    """Position of the argument that holds the x values; the steps are counted without it."""


@dataclass(frozen=True)
class Route:
    """A path of points (steps, 2) in the plane, over the contours of a polynomial."""

    check: str
    leaf: str
    x: str = "$x$"
    y: str = "$y$"
    title: str = ""
    case: int = 0
    start: int | None = None
    """Position of the argument that holds the starting point."""
    surface: tuple[tuple[float, ...], ...] = ()
    """Row i, column j: the coefficient of x^i y^j. Nothing is drawn under the path without it."""
    minimum: tuple[float, float] | None = None


@dataclass(frozen=True)
class Elements:
    """Arrays without an order of steps, such as final weights: element beside element."""

    check: str
    leaves: tuple[str, ...]
    y: str = "value"
    title: str = ""
    case: int = 0


@dataclass(frozen=True)
class Together:
    """Runs that follow the same path, drawn into one panel over one expected line.

    Their checks make the same run in two ways, and the first one's reference is the expected one.
    """

    curves: tuple[Curve, ...]
    title: str

    @property
    def check(self) -> str:
        """The check of the first run."""
        return self.curves[0].check


@dataclass(frozen=True)
class Regions:
    """The predictions of a network with one hidden layer in the plane of its two features.

    Drawn from the final parameters of a run: linear, ReLU, linear.
    """

    check: str
    leaves: tuple[str, str, str, str]
    """Weights and biases, as the text's `forward` uses them."""
    samples: int
    """Position of the argument that holds the samples."""
    labels: int
    """Position of the argument that holds their classes."""
    x: str = "first feature"
    y: str = "second feature"
    title: str = ""
    case: int = 0


Plot = Curve | Route | Elements
"""A panel of the picture of a check; `PLOTS` of an assignment declares them."""


PagePlot = Plot | Together | Regions
"""A picture of a feedback page; `PAGE_PLOTS` declares them."""


AnyPlot = TypeVar("AnyPlot", bound=PagePlot)


def labelled(plot: AnyPlot, slug: str) -> AnyPlot:
    """Return a plot of an assignment with its labels in the language that pictures have."""
    changes: dict[str, Any] = {
        field.name: style.label(getattr(plot, field.name), slug)
        for field in fields(plot)
        if field.name in ("x", "y", "title")
    }
    if isinstance(plot, Together):
        changes["curves"] = tuple(labelled(curve, slug) for curve in plot.curves)
    return replace(plot, **changes)


def plots_of(slug: str) -> tuple[Plot, ...]:
    """Return the panels of an assignment's picture.

    Raises:
        GradpathError: it declares none.
    """
    module = module_of(slug, "plots")
    if module is None:
        raise GradpathError(
            Message("there is no picture of {slug}; run the check without --plot", slug=slug)
        )
    return tuple(module.PLOTS)


def page_plots_of(slug: str) -> tuple[PagePlot, ...]:
    """Return the pictures of an assignment's feedback pages: `PAGE_PLOTS`, or else `PLOTS`."""
    module = module_of(slug, "plots")
    return () if module is None else tuple(getattr(module, "PAGE_PLOTS", module.PLOTS))
