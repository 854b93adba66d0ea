"""The picture of a check: a student's runs drawn over the expected ones.

What there is to draw is declared by each assignment, in `gradpath/assignments/<slug>/plots.py`:

    PLOTS = (
        Curve("train.documented", "weights", x="update", y="weight $w$"),
        Curve("train.documented", "losses", x="epoch", y=r"loss $\\ell$", first=0),
    )

Students return anything: None, ragged lists, NaN, numbers of 300 digits. What can be drawn of it is
drawn, and the line over each panel says what is wrong.
"""

from __future__ import annotations

import math
import re
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gradpath.course import recorded, style
from gradpath.course.checks import Case
from gradpath.course.expectations import Expectation, Leaf, Numbers, Parts, Problem, Record
from gradpath.course.load import load
from gradpath.course.plots import (
    Curve,
    Elements,
    Plot,
    Regions,
    Route,
    Together,
    plots_of,
)
from gradpath.errors import AuthoringError
from gradpath.grading.compare import compare
from gradpath.grading.oracle import plan_of
from gradpath.grading.recorded_oracle import RecordedOracle
from gradpath.grading.verdict import judge
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EXPECTED: Final = style.SKY
YOURS: Final = style.INK
WRONG: Final = style.VERMILION

_RING: Final[Any] = {
    "color": WRONG,
    "markersize": 10,
    "markerfacecolor": "none",
    "markeredgewidth": 1.8,
}
_COLUMNS: Final = 2
_MARKED: Final = 60
"""Runs up to this length get a marker at each step."""
_LINE: Final = 70
"""Characters that fit over a panel."""


# What can be declared


# What is drawn


@dataclass(frozen=True)
class _Series:
    """One leaf of one call: the reference's values, what can be drawn of the student's."""

    expected: Array
    got: Array
    """Float64 of the expected number of dimensions; NaN where there is no number. May be empty."""
    wrong_at: tuple[int, ...] | None
    """The index of the first value that is wrong, if it is a value that is wrong."""
    text: str
    """What is wrong, in a sentence; empty when nothing is."""


def draw_runs(slug: str, observations: Mapping[str, Sequence[Observation]], path: Path) -> None:
    """Draw what a submission did in the public checks, over what it should have done.

    Args:
        slug: the assignment.
        observations: what was seen, by check; see `Graded`.
        path: the picture; its suffix decides the format.

    Raises:
        GradpathError: there is nothing to draw, or the file cannot be written.
    """
    plots = plots_of(slug)
    plan = plan_of(load(slug).only_public(), "")
    oracle = RecordedOracle(recorded.read(slug), plan)
    rows = -(-len(plots) // _COLUMNS)
    # Odd values and odd characters lead to warnings that are of no use to a student.
    with style.styled(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        figure = style.new_figure(5.2 * _COLUMNS, 3.0 * rows + 0.9)
        panels = figure.subplots(rows, _COLUMNS, squeeze=False).reshape(-1)
        for axes, plot in zip(panels, plots, strict=False):
            if len(plan.get(plot.check, ())) <= plot.case:
                raise AuthoringError(
                    f"plots.py of {slug} names {plot.check}, which has no such case"
                )
            case = plan[plot.check][plot.case]
            seen = observations.get(plot.check, ())
            got = seen[plot.case] if len(seen) > plot.case else Observation("missing")
            expected = oracle.reference(plot.check)[plot.case].value
            _draw_panel(axes, plot, case, expected, got)
        for axes in panels[len(plots) :]:
            axes.set_axis_off()
        _legend(figure)
        style.save(figure, path)


@dataclass(frozen=True)
class Caption:
    """What a panel shows, and what is wrong in it; parts may be a submission's own words."""

    title: str
    wrong: str
    """Empty when all is as expected."""
    cut: bool
    """Whether some of the student's values lie outside of the panel."""


def _draw_panel(axes: Axes, plot: Plot, case: Case, expected: Any, got: Observation) -> None:
    caption = draw_plot(axes, plot, case, expected, got)
    text = caption.wrong
    line = _line(text, "; leaves the picture" if caption.cut else "") if text else "as expected"
    axes.set_title(caption.title, loc="left", fontweight="bold", pad=21, parse_math=False)
    note = axes.annotate(
        line,
        (0, 1),
        (0, 7),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=9.5,
        color=WRONG if text else style.GREEN,
        annotation_clip=False,
        parse_math=False,
    )
    note.set_in_layout(False)  # a long line must not make its panel narrow


def draw_plot(
    axes: Axes, plot: Plot, case: Case, expected: Any, got: Observation, *, shaded: bool = True
) -> Caption:
    """Draw one run over the expected one, without a title.

    Args:
        axes: where to.
        plot: what.
        case: the call.
        expected: what it should have returned.
        got: what it did.
        shaded: whether the plane under a path is shaded, besides its contours.
    """
    names = plot.leaves if isinstance(plot, Elements) else (plot.leaf,)
    series = [_series(name, case, expected, got) for name in names]
    if isinstance(plot, Curve):
        cut = _draw_curve(axes, plot, case, series[0])
    elif isinstance(plot, Route):
        cut = _draw_route(axes, plot, case, series[0], shaded=shaded)
    else:
        cut = _draw_elements(axes, plot, series)
    text = next((one.text for one in series if one.text), "")
    if isinstance(plot, Curve):
        text += _step_words(plot, series[0])
    call = case.call.function
    what = plot.title or ", ".join(names)
    return Caption(call if what == "result" else f"{call}: {what}", text, cut)


def _step_words(plot: Curve, series: _Series) -> str:
    """Name the step that a message means, as the axis counts it."""
    if plot.over is not None or not series.wrong_at:
        return ""
    # Messages count from 0, as Python does; axes as the text does.
    return f" ({plot.x} {plot.first + series.wrong_at[0]})"


def draw_together(
    axes: Axes,
    plot: Together,
    runs: Sequence[tuple[Case, Any, Observation]],
) -> Caption:
    """Draw several runs into one panel: the expected one as a band, each student's run on it.

    Args:
        axes: where to.
        plot: what.
        runs: call, expected value and observation of each run.
    """
    from matplotlib.ticker import MaxNLocator

    series = [_series(curve.leaf, *run) for curve, run in zip(plot.curves, runs, strict=True)]
    expected = series[0].expected.reshape(-1)
    got = [_not_too_long(one.got.reshape(-1), expected) for one in series]
    span = _span(expected, np.concatenate(got), may_be_log=True)
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
            texts.append(f"{run[0].call.function}: {one.text}{_step_words(curve, one)}")
        if one.wrong_at and one.wrong_at[0] < len(values) and not np.isnan(values[one.wrong_at[0]]):
            _ring(axes, places[one.wrong_at[0]], span.inside(values[one.wrong_at[0]]))
    return Caption(plot.title, "; ".join(texts), span.cut)


_LINE_STYLES: Final[tuple[Any, ...]] = (
    {"linewidth": 1.6},
    {"linewidth": 2.4, "linestyle": (0, (1.2, 2.2))},
)
"""Of the first and the second student's run in a panel: one on the other, both can be seen."""

CLASS_MARKERS: Final = ("o", "s", "^", "D", "v")


def draw_regions(axes: Axes, plot: Regions, case: Case, expected: Any, got: Observation) -> Caption:
    """Draw which class is predicted where, with a student's final parameters.

    The expected boundaries are drawn as bands; the student's regions are shaded, class by class.
    """
    samples, labels = (
        np.asarray(getattr(case.call.args[position], "array", case.call.args[position]))
        for position in (plot.samples, plot.labels)
    )
    x, y = (
        np.linspace(low - 0.6, high + 0.6, 61)
        for low, high in zip(samples.min(axis=0), samples.max(axis=0), strict=True)
    )
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    series = [_series(name, case, expected, got) for name in plot.leaves]
    own = [one.got for one in series]
    usable = all(
        one.got.shape == one.expected.shape and bool(np.isfinite(one.got).all()) for one in series
    )
    axes.set(xlabel=plot.x, ylabel=plot.y, xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    axes.grid(False)
    if usable:
        for number, margin in enumerate(_margins(grid, own)):
            color = style.CLASSES[number % len(style.CLASSES)]
            axes.contourf(x, y, margin, levels=[0.0, np.inf], colors=[color], alpha=0.3)
            axes.contour(x, y, margin, levels=[0.0], colors=YOURS, linewidths=1.4)
    for margin in _margins(grid, [one.expected for one in series]):
        axes.contour(x, y, margin, levels=[0.0], colors=EXPECTED, linewidths=5, zorder=1)
    for label in np.unique(labels):
        place = samples[labels == label]
        marker = CLASS_MARKERS[int(label) % len(CLASS_MARKERS)]
        color = style.CLASSES[int(label) % len(style.CLASSES)]
        axes.plot(*place.T, marker, color=color, markersize=11, markeredgecolor=YOURS, zorder=4)
    text = next((one.text for one in series if one.text), "")
    if not usable:
        text = f"no regions can be drawn: {text or 'there are values that are no numbers'}"
    return Caption(plot.title, text, cut=False)


def _margins(grid: Array, parameters: Sequence[Array]) -> list[Array]:
    """Return by how much each class's logit is above all others', at each point of a grid."""
    weights, biases, last, offset = parameters
    logits = np.maximum(grid @ weights + biases, 0.0) @ last + offset
    return [
        logits[..., number] - np.delete(logits, number, axis=-1).max(axis=-1)
        for number in range(logits.shape[-1])
    ]


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=EXPECTED, linewidth=6, label="expected"),
        Line2D([], [], color=YOURS, linewidth=1.4, marker="o", markersize=3.5, label="yours"),
        Line2D([], [], marker="o", linestyle="", **_RING, label="first difference"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)


def _line(text: str, end: str) -> str:
    """Make one short line of a text that a submission could have written parts of."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    plain = printable.encode("utf-8", "replace").decode("utf-8", "replace")
    return textwrap.shorten(plain, _LINE - len(end), placeholder=" ...") + end


# From a returned value to numbers that can be drawn


def _series(name: str, case: Case, expected: Any, got: Observation) -> _Series:
    wanted = _leaf(case.expect, expected, name)
    if wanted is None or not isinstance(wanted.value, np.ndarray):
        raise AuthoringError(f"plots.py names {name!r}, which {case.call.function} does not return")
    reference = np.asarray(wanted.value)
    if got.outcome != "returned":
        verdict = judge([case], [expected], [got], public=False)
        return _Series(reference, _nothing(reference), None, verdict.message)
    own = _leaf(case.expect, got.value, name)
    if own is None or isinstance(own.value, Problem):
        mismatch = compare(case.expect, expected, got.value)
        problem = own.value.text if own and isinstance(own.value, Problem) else ""
        text = problem or (mismatch.text if mismatch else "")
        return _Series(
            reference, _salvaged(_raw(case.expect, got.value, name), reference), None, text
        )
    alone = Numbers(wanted.tolerance, name)
    mismatch = compare(alone, reference, own.value)
    index = None
    if mismatch is not None and mismatch.where is not None:
        index = tuple(int(number) for number in re.findall(r"\[(\d+)\]", mismatch.where))
    shaped = _salvaged(own.value, reference)
    return _Series(reference, shaped, index, mismatch.text if mismatch else "")


def _leaf(expect: Expectation, value: Any, name: str) -> Leaf | None:
    return next((leaf for leaf in expect.leaves(value) if leaf.name == name), None)


def _raw(expect: Expectation, value: Any, name: str) -> Any:
    """Return the part of a value that a leaf was to be made of, whatever it is."""
    if isinstance(expect, Record):
        for key in name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return value
    if isinstance(expect, Parts):
        position = expect.names.index(name)
        return value[position] if isinstance(value, list) and len(value) > position else None
    return value


def _nothing(like: Array) -> Array:
    return np.zeros((0, *like.shape[1:]))


def _salvaged(value: Any, like: Array) -> Array:
    """Return the numbers in a value, in the reference's number of dimensions; NaN between them."""
    inner = like.shape[1:]
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        numbers: Array = value.astype(np.float64)
        if numbers.ndim == like.ndim and numbers.shape[1:] == inner:
            return numbers
        # The numbers are there, in a column instead of a row, or with axes swapped.
        if numbers.ndim == like.ndim == 2 and numbers.shape[0] == inner[0]:
            return numbers.T
        squeezed = numbers.squeeze()
        if squeezed.ndim == like.ndim > 0 and squeezed.shape[1:] == inner:
            return squeezed
        return _nothing(like)
    if not isinstance(value, list) or like.ndim == 0:
        return _nothing(like)
    rows = np.full((len(value), *inner), np.nan)
    for index, item in enumerate(value):
        if isinstance(item, bool) or not isinstance(item, int | float | np.ndarray):
            continue
        row = np.asarray(item)
        if row.dtype.kind in "iuf" and row.size == math.prod(inner):
            rows[index] = row.astype(np.float64).reshape(inner)
    return rows


# Axes


@dataclass(frozen=True)
class _Span:
    """The limits of an axis, and whether some of the student's values lie outside."""

    low: float
    high: float
    logarithmic: bool
    cut: bool

    def tame(self, values: Array) -> Array:
        """Bring values far outside closer: the line leaves the panel, and nothing overflows."""
        if self.logarithmic:
            return np.clip(values, self.low / 1e3, self.high * 1e3)
        far = 3 * (self.high - self.low)
        return np.clip(values, self.low - far, self.high + far)

    def inside(self, value: float) -> float:
        """Return the value, or the limit that it lies behind."""
        return float(np.clip(value, self.low, self.high))


def _span(expected: Array, got: Array, *, may_be_log: bool) -> _Span:
    """Choose an axis: the reference fills it, the student's values are in it unless far away."""
    own = got[np.isfinite(got)]
    lowest = float(expected.min(initial=np.inf))
    highest = float(expected.max(initial=-np.inf))
    if not np.isfinite((lowest, highest)).all():
        lowest, highest = 0.0, 1.0  # an empty reference
    logarithmic = may_be_log and lowest > 0 and highest > 100 * lowest and bool((own > 0).all())
    if logarithmic:
        lowest, highest, got = np.log10(lowest), np.log10(highest), np.log10(got)
    extent = max(highest - lowest, 0.02 * max(abs(lowest), abs(highest)), 1e-9)
    low, high = lowest - 1.5 * extent, highest + 1.5 * extent
    outside = (got < low) | (got > high)
    near = got[np.isfinite(got) & ~outside]
    low, high = near.min(initial=lowest), near.max(initial=highest)
    margin = 0.07 * max(high - low, extent)
    low, high = float(low - margin), float(high + margin)
    cut = bool(outside.any())
    return _Span(10.0**low, 10.0**high, True, cut) if logarithmic else _Span(low, high, False, cut)


def _not_too_long(got: Array, expected: Array) -> Array:
    """Cut a run that goes on and on: it would squeeze the part that matters."""
    return got[: max(2 * len(expected), len(expected) + 10)]


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
    axes.plot(x, y, "o", **_RING, clip_on=False, zorder=4)


# Panels


def _draw_curve(axes: Axes, plot: Curve, case: Case, series: _Series) -> bool:
    """Draw a sequence; tell whether some of it lies outside the panel."""
    from matplotlib.ticker import MaxNLocator

    expected = series.expected.reshape(-1)
    got = _not_too_long(series.got.reshape(-1), expected)
    if plot.over is None:
        places = plot.first + np.arange(max(len(expected), len(got)), dtype=float)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    else:
        places = np.asarray(case.call.args[plot.over], dtype=float).reshape(-1)
        got = got[: len(places)]
    span = _span(expected, got, may_be_log=plot.over is None)
    axes.set_yscale("log" if span.logarithmic else "linear")
    axes.set(xlabel=plot.x, ylabel=plot.y, ylim=(span.low, span.high))
    drawn = span.tame(got)
    _lines(axes, (places[: len(expected)], expected), (places[: len(drawn)], drawn))
    if series.wrong_at and series.wrong_at[0] < len(places):
        index = series.wrong_at[0]
        axes.axvline(places[index], color=WRONG, linewidth=1.1, linestyle="--", zorder=1)
        # The value itself; where there is none, the place where it should be.
        for values in (got, expected):
            if index < len(values) and not np.isnan(values[index]):
                _ring(axes, places[index], span.inside(values[index]))
                break
    return span.cut


def _draw_route(axes: Axes, plot: Route, case: Case, series: _Series, *, shaded: bool) -> bool:
    """Draw a path; tell whether some of it lies outside the panel."""
    expected, got, before = series.expected, series.got, 0
    if plot.start is not None:
        start = np.asarray(case.call.args[plot.start], dtype=float).reshape(1, 2)
        expected, before = np.concatenate([start, expected]), 1
        got = np.concatenate([start, got]) if len(got) else got
    got = _not_too_long(got, expected)
    around = expected if plot.minimum is None else np.vstack([expected, plot.minimum])
    spans = [_span(around[:, i], got[:, i], may_be_log=False) for i in range(2)]
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


def _draw_surface(axes: Axes, coefficients: Array, spans: Sequence[_Span], *, shaded: bool) -> None:
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


def _draw_elements(axes: Axes, plot: Elements, series: Sequence[_Series]) -> bool:
    """Draw arrays element by element; tell whether some lies outside the panel."""
    expected = [one.expected.reshape(-1) for one in series]
    got = [_as_long_as(one.got.reshape(-1), len(one.expected.reshape(-1))) for one in series]
    span = _span(np.concatenate(expected), np.concatenate(got), may_be_log=False)
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
    """Return what all names have in front up to their first point: `parameters.`"""
    heads = {name.partition(".")[0] for name in names}
    return f"{heads.pop()}." if len(heads) == 1 and all("." in name for name in names) else ""
