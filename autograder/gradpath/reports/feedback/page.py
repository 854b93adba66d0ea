"""One submission's page as HTML: a template, filled in and escaped by jinja2."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from gradpath.cohort.artifacts import Kept, KeptSource
from gradpath.course.config import Hidden
from gradpath.course.settings import read_settings
from gradpath.grading.expected import Expected
from gradpath.grading.results import Outcome, Result, points_text
from gradpath.reports.feedback.pictures import Pictures
from gradpath.reports.feedback.view import Shown, show
from gradpath.reports.templates import environment
from gradpath.student.display import steps_table
from gradpath.text.languages import tell
from gradpath.text.messages import Message

_SYMBOLS: Final[Mapping[Outcome, str]] = {
    "passed": "✓",
    "failed": "✗",
    "raised": "✗",
    "timeout": "✗",
    "killed": "✗",
    "not_attempted": "–",
    "skipped": "–",
}
_LEGEND: Final = {
    "expected": Message("expected"),
    "yours": Message("yours"),
    "first difference": Message("first difference"),
    "regions": Message("yours, a colour and a mark for each class"),
}


def _swatch(shape: str) -> Markup:
    return Markup('<svg viewBox="0 0 32 16" aria-hidden="true" focusable="false">{}</svg>').format(
        Markup(shape)
    )


_SWATCHES: Final = {
    "expected": _swatch('<path d="M2 8h28" stroke="var(--plot-expected)" stroke-width="6"/>'),
    "yours": _swatch('<path d="M2 8h28" stroke="var(--ink)" stroke-width="1.8"/>'),
    "first difference": _swatch(
        '<circle cx="16" cy="8" r="6" fill="none" stroke="var(--plot-wrong)" stroke-width="2"/>'
    ),
    "regions": _swatch(
        '<rect x="2" y="2" width="28" height="12" fill="var(--plot-class-0)" fill-opacity=".3" '
        'stroke="var(--ink)" stroke-width="1.4"/>'
    ),
}


class Pages:
    """Makes pages of one assignment, one after another."""

    def __init__(self, slug: str) -> None:
        """Read the expected values of the assignment."""
        self._expected = Expected(slug)
        self._pictures = Pictures(self._expected)
        self._title = tell(read_settings(slug).title, slug)

    def html(self, result: Result, kept: Kept | None, hidden: Hidden, mark: str = "") -> str:
        """Make a page.

        Args:
            result: the published result.
            kept: source and runs of the submission, where they were kept.
            hidden: the choice of how much is shown of hidden checks.
            mark: stands in the page, to know it by.

        Raises:
            GradpathError: the kept source or runs are damaged.
        """
        source = kept.source() if kept is not None else KeptSource()
        runs = kept.observations() if kept is not None else {}
        shown = show(result, source, runs, hidden, self._expected)
        passed = {check.id for check in result.checks if check.outcome == "passed"}
        return (
            _environment()
            .get_template("page.html")
            .render(
                title=self._title,
                shown=shown,
                mark=mark,
                pictures=self._pictures.of(runs),
                passed=passed,
                percent=_percent(shown),
                opened=_opened(shown),
                css=css(),
                symbols=_SYMBOLS,
                legend=_LEGEND,
                swatches=_SWATCHES,
            )
        )


def _percent(shown: Shown) -> str:
    share = shown.points / shown.max_points if shown.max_points else 0.0
    return f"{100 * share:.0f}"


def _opened(shown: Shown) -> list[bool]:
    """Tell which cells are open: those with a marked line, since not every browser opens them."""
    return [any(line.id in shown.marks for line in cell.lines) for cell in shown.listing.cells]


@functools.cache
def _environment() -> Environment:
    made = environment("gradpath.reports.feedback")
    made.filters["points"] = points_text
    made.globals["steps_table"] = steps_table
    return made


def template_bytes() -> bytes:
    """Return all that pages are made from besides the package's code."""
    folder = Path(__file__).parent / "templates"
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@functools.cache
def css() -> Markup:
    """Return the style of students' pages, light and dark, on a screen and in print."""
    made = _environment()
    assert made.loader is not None
    return Markup(made.loader.get_source(made, "page.css")[0])
