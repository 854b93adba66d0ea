"""Panels: a student's run drawn over the expected one, as a curve, a route or elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gradpath.course import style
from gradpath.course.checks import Case
from gradpath.course.plots import Curve, Elements, Plot, Route, Together
from gradpath.student.drawing.series import Series, series_of
from gradpath.student.drawing.spans import Span, not_too_long, span_of
from gradpath.text.messages import Message, joined
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXPECTED: Final = style.SKY
YOURS: Final = style.INK
WRONG: Final = style.VERMILION
RING: Final[Any] = {
    "color": WRONG,
    "markersize": 10,
    "markerfacecolor": "none",
    "markeredgewidth": 1.8,
}
"""The look of the mark at the first wrong value."""

_MARKED: Final = 60
"""Runs up to this length get a marker at each step."""
_LINE_STYLES: Final[tuple[Any, ...]] = (
    {"linewidth": 1.6},
    {"linewidth": 2.4, "linestyle": (0, (1.2, 2.2))},
)
"""Of the first and the second student's run in a panel: one on the other, both can be seen."""


@dataclass(frozen=True)
class Caption:
    """The title of a panel, and the mistake in it; parts may be a submission's own words."""

    title: str
    wrong: str
    """Empty when all is as expected."""
    cut: bool
    """Whether some of the student's values lie outside of the panel."""


def draw_plot(
    axes: Axes, plot: Plot, case: Case, expected: Any, got: Observation, *, shaded: bool = True
) -> Caption:
    """Draw one run over the expected one, without a title.

    Args:
        axes: where to.
        plot: the declaration of the panel.
        case: the call.
        expected: the value that it should have returned.
        got: the observation of it.
        shaded: whether the plane under a path is shaded, besides its contours.
    """
    names = plot.leaves if isinstance(plot, Elements) else (plot.leaf,)
    series = [series_of(name, case, expected, got) for name in names]
    if isinstance(plot, Curve):
        cut = _draw_curve(axes, plot, case, series[0])
    elif isinstance(plot, Route):
        cut = _draw_route(axes, plot, case, series[0], shaded=shaded)
    else:
        cut = _draw_elements(axes, plot, series)
    text = next((one.text for one in series if one.text), "")
    if isinstance(plot, Curve):
        text = joined(" ", [text, _step_words(plot, series[0])])
    call = case.call.function
    title = plot.title or ", ".join(names)
    if title == "result":
        return Caption(call, text, cut)
    return Caption(Message("{call}: {title}", call=call, title=Message(title)), text, cut)


def draw_together(
    axes: Axes, plot: Together, runs: Sequence[tuple[Case, Any, Observation]]
) -> Caption:
    """Draw several runs into one panel: the expected one as a band, each student's run on it.

    Args:
        axes: where to.
        plot: the declaration of the panel.
        runs: call, expected value and observation of each run.
    """
    from matplotlib.ticker import MaxNLocator

    series = [series_of(curve.leaf, *run) for curve, run in zip(plot.curves, runs, strict=True)]
    expected = series[0].expected.reshape(-1)
    got = [not_too_long(one.got.reshape(-1), expected) for one in series]
    span = span_of(expected, np.concatenate(got), may_be_log=True)
    first = plot.curves[0].first
    places = first + np.arange(max(len(expected), *map(len, got)), dtype=float)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_yscale("log" if span.logarithmic else "linear")
    axes.set(xlabel=plot.curves[0].x, ylabel=plot.curves[0].y, ylim=(span.low, span.high))
    axes.plot(places[: len(expected)], expected, color=EXPECTED, linewidth=6)
    for values, look in zip(got, _LINE_STYLES, strict=False):
        drawn = span.tame(values)
        axes.plot(places[: len(drawn)], drawn, color=YOURS, **look)
    texts = []
    for curve, run, one, values in zip(plot.curves, runs, series, got, strict=True):
        if one.text:
            name, step = run[0].call.function, _step_words(curve, one)
            text = Message("{name}: {problem}", name=name, problem=one.text)
            texts.append(joined(" ", [text, step]))
        if one.wrong_at and one.wrong_at[0] < len(values) and not np.isnan(values[one.wrong_at[0]]):
            _ring(axes, places[one.wrong_at[0]], span.inside(values[one.wrong_at[0]]))
    return Caption(Message(plot.title), joined("; ", texts), span.cut)


def argument(case: Case, position: int) -> Array:
    """Return an argument of a call as an array, also where a tensor or a tuple is sent."""
    given = case.call.args[position]
    return np.asarray(getattr(given, "array", given))


def _step_words(plot: Curve, series: Series) -> str:
    """Name the step that a message means, as the axis counts it."""
    if plot.over is not None or not series.wrong_at:
        return ""
    # Messages count from 0, as Python does; axes as the text does.
    return Message(
        "({step} {number})", step=Message(plot.x), number=plot.first + series.wrong_at[0]
    )


def _draw_curve(axes: Axes, plot: Curve, case: Case, series: Series) -> bool:
    """Draw a sequence, one of rows as a line for each column; tell whether some lies outside."""
    from matplotlib.ticker import MaxNLocator

    expected, got = series.expected, series.got
    if expected.ndim != 2:
        expected, got = expected.reshape(-1), got.reshape(-1)
    got = not_too_long(got, expected)
    if plot.over is None:
        places = plot.first + np.arange(max(len(expected), len(got)), dtype=float)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        places = argument(case, plot.over).astype(float).reshape(-1)
        got = got[: len(places)]
    span = span_of(expected, got, may_be_log=plot.over is None)
    axes.set_yscale("log" if span.logarithmic else "linear")
    axes.set(xlabel=plot.x, ylabel=plot.y, ylim=(span.low, span.high))
    drawn = span.tame(got)
    _lines(axes, (places[: len(expected)], expected), (places[: len(drawn)], drawn))
    if series.wrong_at and series.wrong_at[0] < len(places):
        index = (*series.wrong_at, 0)[: expected.ndim]
        place = places[index[0]]
        axes.axvline(place, color=WRONG, linewidth=1.1, linestyle="--", zorder=1)
        # The value itself; where there is none, the place where it should be.
        for values in (got, expected):
            there = all(i < length for i, length in zip(index, values.shape, strict=True))
            if there and not np.isnan(values[index]):
                _ring(axes, place, span.inside(values[index]))
                break
    return span.cut


def _draw_route(axes: Axes, plot: Route, case: Case, series: Series, *, shaded: bool) -> bool:
    """Draw a path; tell whether some of it lies outside the panel."""
    expected, got, before = series.expected, series.got, 0
    if plot.start is not None:
        start = argument(case, plot.start).astype(float).reshape(1, 2)
        expected, before = np.concatenate([start, expected]), 1
        got = np.concatenate([start, got]) if len(got) else got
    got = not_too_long(got, expected)
    around = expected if plot.minimum is None else np.vstack([expected, plot.minimum])
    spans = [span_of(around[:, i], got[:, i], may_be_log=False) for i in range(2)]
    axes.set(xlabel=plot.x, ylabel=plot.y)
    axes.set(xlim=(spans[0].low, spans[0].high), ylim=(spans[1].low, spans[1].high))
    if plot.surface:
        _draw_surface(axes, np.array(plot.surface, dtype=float), spans, shaded=shaded)
    if plot.minimum is not None:
        axes.plot(*plot.minimum, "*", color=style.GREEN, markersize=13, zorder=3)
    _lines(axes, list(expected.T), [spans[i].tame(got[:, i]) for i in range(2)])
    if series.wrong_at:
        index = before + series.wrong_at[0]
        for points in (got, expected):
            if index < len(points) and not np.isnan(points[index]).any():
                _ring(axes, *(spans[i].inside(points[index, i]) for i in range(2)))
                break
    return spans[0].cut or spans[1].cut


def _draw_surface(axes: Axes, coefficients: Array, spans: Sequence[Span], *, shaded: bool) -> None:
    """Shade the plane by the height of a polynomial, two contours to a decade."""
    count = 300 if shaded else 80
    x, y = np.meshgrid(*(np.linspace(span.low, span.high, count) for span in spans))
    height = np.polynomial.polynomial.polyval2d(x, y, coefficients)
    lowest, highest = np.log10(max(height.min(), 1e-3)), np.log10(max(height.max(), 1e-2))
    levels = 10.0 ** np.arange(np.floor(lowest), np.ceil(highest) + 0.1, 0.5)
    if shaded:
        look: Any = {"cmap": "Greys", "norm": "log", "alpha": 0.35, "extend": "both", "zorder": 0}
        axes.contourf(x, y, height, levels=levels, **look)
    axes.contour(x, y, height, levels=levels[levels > 0.09], colors=style.CONTOUR, linewidths=0.5)
    axes.grid(False)


def _draw_elements(axes: Axes, plot: Elements, series: Sequence[Series]) -> bool:
    """Draw arrays element by element; tell whether some lies outside the panel."""
    expected = [one.expected.reshape(-1) for one in series]
    got = [_as_long_as(one.got.reshape(-1), len(one.expected.reshape(-1))) for one in series]
    span = span_of(np.concatenate(expected), np.concatenate(got), may_be_log=False)
    axes.set(ylabel=plot.y, ylim=(span.low, span.high))
    start, ticks, marked = 0, [], False
    for one, want, have in zip(series, expected, got, strict=True):
        places = start + np.arange(len(want))
        axes.plot(places, want, "o", color=EXPECTED, markersize=11)
        axes.plot(places, [span.inside(value) for value in have], "o", color=YOURS, markersize=4)
        if one.wrong_at is not None and not marked:
            index = _flat(one.wrong_at, one.expected.shape)
            value = have[index] if np.isfinite(have[index]) else want[index]
            _ring(axes, places[index], span.inside(value))
            marked = True
        ticks.append(start + (len(want) - 1) / 2)
        start += len(want)
        if one is not series[-1]:
            axes.axvline(start - 0.5, color=style.CONTOUR, linewidth=0.5, zorder=0)
    names = [name.removeprefix(_common_prefix(plot.leaves)) for name in plot.leaves]
    axes.set_xticks(ticks, [name.replace(".", "\n") for name in names])
    axes.set_xlim(-0.7, start - 0.3)
    axes.tick_params(axis="x", length=0)
    axes.grid(False, axis="x")
    return span.cut


def _as_long_as(values: Array, count: int) -> Array:
    padded = np.full(count, np.nan)
    padded[: min(count, len(values))] = values[:count]
    return padded


def _flat(index: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """Return the position of an element, or of the first one of a row, in the flat array."""
    whole = (*index, *(0 for _ in range(len(shape) - len(index))))
    inside = tuple(min(i, size - 1) for i, size in zip(whole, shape, strict=False))
    return int(np.ravel_multi_index(inside, shape)) if shape else 0


def _common_prefix(names: Sequence[str]) -> str:
    """Return the first part of dotted names, if it is the same in all of them: `parameters.`"""
    heads = {name.partition(".")[0] for name in names}
    return f"{heads.pop()}." if len(heads) == 1 and all("." in name for name in names) else ""


def _lines(axes: Axes, expected: Sequence[Array], got: Sequence[Array]) -> None:
    """Draw the expected run as a band and the student's as a thin line on it."""
    count = max(len(expected[0]), len(got[0]))
    markers: Any = {"marker": "o", "markersize": 3.5} if count <= _MARKED else {}
    axes.plot(*expected, color=EXPECTED, linewidth=6, solid_capstyle="round")
    if len(expected[0]) == 1:
        axes.plot(*expected, "o", color=EXPECTED, markersize=12)
    axes.plot(*got, color=YOURS, linewidth=1.4, **markers)


def _ring(axes: Axes, x: float, y: float) -> None:
    """Mark the first wrong value."""
    axes.plot(x, y, "o", **RING, clip_on=False, zorder=4)
