"""The picture of a check: a student's runs drawn over the expected ones, panel beside panel.

Each assignment declares its panels in `gradpath/assignments/<slug>/plots.py`:

    PLOTS = (
        Curve("train.documented", "weights", x="update", y="weight $w$"),
        Curve("train.documented", "losses", x="epoch", y=r"loss $\\ell$", first=0),
    )

The line over each panel names the mistake.
"""

from __future__ import annotations

import base64
import tempfile
import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gradpath.course import recorded, style
from gradpath.course.checks import Case
from gradpath.course.load import load
from gradpath.course.plots import Plot, labelled, plots_of
from gradpath.errors import AuthoringError
from gradpath.grading.oracle import plan_of
from gradpath.grading.recorded_oracle import RecordedOracle
from gradpath.student.drawing.panels import EXPECTED, RING, WRONG, YOURS, draw_plot
from gradpath.text import columns, folded
from gradpath.text.messages import Message
from gradpath.worker.protocol import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS: Final = 2
_LINE: Final = 70
"""Columns that fit over a panel."""
_CUT: Final = " ..."


def draw_runs(
    slug: str,
    observations: Mapping[str, Sequence[Observation]],
    paths: Sequence[Path],
    functions: Collection[str] = (),
) -> None:
    """Draw a submission's runs in the public checks over the expected ones.

    Args:
        slug: the assignment.
        observations: the observations of each check; see `Graded`.
        paths: the pictures; the suffix of each decides its format.
        functions: those whose panels are drawn; none for all.

    Raises:
        GradpathError: there is nothing to draw, or the file cannot be written.
    """
    plots = plots_for(slug, functions)
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
            _draw_panel(axes, labelled(plot, slug), case, expected, got, slug)
        for axes in panels[len(plots) :]:
            axes.set_axis_off()
        _legend(figure)
        for path in paths:
            style.save(figure, path)


def plots_for(slug: str, functions: Collection[str]) -> list[Plot]:
    """Return the panels of these functions; of all, if there are none."""
    named = (plot for plot in plots_of(slug) if plot.check.partition(".")[0] in functions)
    return list(named) if functions else list(plots_of(slug))


def picture_of_runs(
    slug: str,
    observations: Mapping[str, Sequence[Observation]],
    kind: str,
    functions: Collection[str] = (),
) -> bytes:
    """Return the picture of `draw_runs` in a format, such as `png`, without a file to keep."""
    with tempfile.TemporaryDirectory(prefix="gradpath-picture-") as folder:
        path = Path(folder, f"runs.{kind}")
        draw_runs(slug, observations, [path], functions)
        return path.read_bytes()


def address_of_runs(slug: str, observations: Mapping[str, Sequence[Observation]]) -> str:
    """Return the picture of `draw_runs` as an address that has the whole picture in it."""
    data = base64.b64encode(picture_of_runs(slug, observations, "svg")).decode()
    return f"data:image/svg+xml;base64,{data}"


def _draw_panel(
    axes: Axes, plot: Any, case: Case, expected: Any, got: Observation, slug: str = ""
) -> None:
    caption = draw_plot(axes, plot, case, expected, got)
    text = style.label(caption.wrong, slug)
    end = Message("; leaves the picture") if caption.cut else ""
    line = _line(text, style.label(end)) if text else style.label(Message("as expected"))
    title = style.label(caption.title, slug)
    axes.set_title(title, loc="left", fontweight="bold", pad=21, parse_math=False)
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


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    words = (Message("expected"), Message("yours"), Message("first difference"))
    expected, yours, first = map(style.label, words)
    handles = [
        Line2D([], [], color=EXPECTED, linewidth=6, label=expected),
        Line2D([], [], color=YOURS, linewidth=1.4, marker="o", markersize=3.5, label=yours),
        Line2D([], [], marker="o", linestyle="", **RING, label=first),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)


def _line(text: str, end: str) -> str:
    """Make one short line of a text that a submission could have written parts of."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    plain = printable.encode("utf-8", "replace").decode("utf-8", "replace")
    plain, room = " ".join(plain.split()), _LINE - columns(end)
    if columns(plain) > room:
        room -= len(_CUT)
        first = folded(plain, room)[0]
        plain = (first if columns(first) <= room else "") + _CUT
    return plain.strip() + end
