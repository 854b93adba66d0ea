"""The pictures of a page: a student's runs of the public checks over the expected ones, as SVG.

matplotlib draws them; then colours become variables of the page, so that they follow its light or
dark colours, and ids get a prefix, so that several pictures can stand in one page. Letters are
paths, and no text of a student's is in a picture: it stands below, as text.
"""

from __future__ import annotations

import functools
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gradpath.course import style
from gradpath.course.checks import Case
from gradpath.course.plots import PagePlot, Regions, Route, Together, labelled, page_plots_of
from gradpath.grading.expected import Expected
from gradpath.student.drawing.panels import Caption, draw_plot, draw_together
from gradpath.student.drawing.regions import draw_regions
from gradpath.text import clean
from gradpath.text.languages import tell
from gradpath.text.messages import Message, joined
from gradpath.worker import codec
from gradpath.worker.protocol import Observation

_SIZE: Final = (5.0, 3.1)
"""Inches. Letters are of the size of the page's where a picture has 460 CSS pixels."""
_COLOURS: Final = {
    "#ffffff": "var(--paper)",
    "#000000": "var(--ink)",
    style.INK: "var(--ink)",
    style.FRAME: "var(--plot-frame)",
    style.GRID: "var(--plot-grid)",
    style.CONTOUR: "var(--plot-contour)",
    style.SKY: "var(--plot-expected)",
    style.VERMILION: "var(--plot-wrong)",
    style.GREEN: "var(--plot-goal)",
    **{color: f"var(--plot-class-{number})" for number, color in enumerate(style.CLASSES)},
}
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}\b")
_IDS: Final = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')
_PATH: Final = re.compile(r'(?<=\bd=")[^"]+')
_FRACTION: Final = re.compile(r"(\.\d\d)\d+")
_CACHED: Final = 64
"""Pictures that a process remembers: most students are right, and their runs are the same."""


@dataclass(frozen=True)
class Picture:
    """One picture of a page."""

    svg: str
    title: str
    wrong: str
    """The mistake in it, in a sentence; empty when all is as expected."""
    explained: str
    """A description of it, for readers without sight."""
    checks: tuple[str, ...]
    """Ids of the checks with a run in it."""
    legend: tuple[str, ...]
    """Names of the marks in it, in the order of the page's legend."""


class Pictures:
    """Draws for one assignment."""

    def __init__(self, expected: Expected) -> None:
        """Draw over the expected runs of the public checks."""
        self._expected = expected
        self._plots = page_plots_of(expected.slug)
        self._drawn = functools.lru_cache(_CACHED)(self._draw)
        self._runs: Mapping[str, Sequence[Observation]] = {}

    def of(self, runs: Mapping[str, Sequence[Observation]]) -> list[Picture]:
        """Draw a submission; where nothing was returned there is nothing to draw.

        Args:
            runs: the observations of the public checks.
        """
        self._runs = runs
        pictures = []
        for number, plot in enumerate(self._plots):
            seen = [self._seen(curve.check, curve.case) for curve in _parts(plot)]
            if all(run is not None and run.outcome == "returned" for run in seen):
                # Equal bytes are equal runs; the runs themselves cannot be keys.
                pictures.append(self._drawn(number, codec.encode(seen)))
        return pictures

    def _seen(self, check: str, number: int) -> Observation | None:
        seen = self._runs.get(check, ())
        return seen[number] if len(seen) > number else None

    def _draw(self, number: int, _: bytes) -> Picture:
        plot = labelled(self._plots[number], self._expected.slug)
        # Odd values lead to warnings that are of no use to anybody.
        with style.styled(), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            figure = style.new_figure(*_SIZE, fixed=True)
            axes = figure.subplots()
            caption = self._draw_plot(axes, plot)
            figure.patch.set_visible(False)
            axes.patch.set_visible(False)
            svg = io.StringIO()
            figure.savefig(svg, format="svg", metadata=dict.fromkeys(_METADATA))
        wrong = clean(caption.wrong)
        if wrong and caption.cut:
            wrong = joined("; ", [wrong, Message("leaves the picture")])
        return Picture(
            for_page(svg.getvalue(), f"p{number}-"),
            tell(caption.title, self._expected.slug),
            tell(wrong, self._expected.slug),
            tell(_explained(plot)),
            tuple(part.check for part in _parts(plot)),
            _legend(plot, wrong=bool(wrong)),
        )

    def _draw_plot(self, axes: Any, plot: PagePlot) -> Caption:
        runs = [self._run(part.check, part.case) for part in _parts(plot)]
        if isinstance(plot, Together):
            return draw_together(axes, plot, runs)
        if isinstance(plot, Regions):
            return draw_regions(axes, plot, *runs[0])
        return draw_plot(axes, plot, *runs[0], shaded=False)

    def _run(self, check: str, number: int) -> tuple[Case, Any, Observation]:
        seen = self._seen(check, number) or Observation("missing")
        return (*self._expected.of(check)[number], seen)


_METADATA: Final = ("Creator", "Date", "Format", "Type")


def _parts(plot: PagePlot) -> Sequence[Any]:
    return plot.curves if isinstance(plot, Together) else (plot,)


def _explained(plot: PagePlot) -> str:
    if isinstance(plot, Regions):
        return Message(
            "Which class a network with your final parameters predicts at each point: linear, "
            "ReLU, linear, as in the text. Samples have two features, so nothing is held fixed. "
            "Circles are samples of class 0, squares of class 1, triangles of class 2."
        )
    if isinstance(plot, Together):
        by_hand, library = (curve.check.partition(".")[0] for curve in plot.curves)
        return Message(
            "Both are to follow the same path: {by_hand} (solid) and {library} (dotted).",
            by_hand=by_hand,
            library=library,
        )
    if isinstance(plot, Route):
        return Message("The path of your points over lines of equal height.")
    return ""


def _legend(plot: PagePlot, *, wrong: bool) -> tuple[str, ...]:
    if isinstance(plot, Regions):
        return ("expected", "regions")
    names = ("expected", "yours")
    return (*names, "first difference") if wrong else names


def for_page(svg: str, prefix: str) -> str:
    """Make a file of matplotlib's a part of a page; `prefix` keeps the ids of pictures apart."""
    svg = svg[svg.index("<svg") :]
    for tag in ("metadata", "style"):
        svg = re.sub(rf"<{tag}\b.*?</{tag}>", "", svg, flags=re.DOTALL)
    head, _, body = svg.partition(">")
    box = re.search(r'viewBox="[^"]+"', head)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))

    def name(match: re.Match[str]) -> str:
        if match[1] == 'id="' and match[2] not in used:
            return 'data-part="' + match[2]
        return match[1] + prefix + match[2]

    body = _IDS.sub(name, body)
    body = re.sub(r' data-part="[^"]*"', "", body)
    body = _HEX.sub(
        lambda match: _COLOURS.get(match[0].upper(), _COLOURS.get(match[0], match[0])), body
    )
    # A hundredth of a point is less than anybody sees.
    body = _PATH.sub(lambda match: _FRACTION.sub(r"\1", match[0]), body)
    body = re.sub(r"\n\s*", "\n", body).replace("xlink:href", "href")
    return f'<svg {box[0] if box else ""} aria-hidden="true" focusable="false">{body}'
