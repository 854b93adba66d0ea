"""The picture in feedback: a submission's runs over the expected ones.

A picture takes longer to draw than a submission takes to grade. So grading keeps the numbers in a
file beside the graded notebook, and they are drawn when somebody asks for the pages.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict
from traitlets import Bool

from gradpath.cohort.artifacts import pack_runs, unpack_runs
from gradpath.course.plots import plots_of
from gradpath.course.settings import slugs
from gradpath.course.style import lacks_fonts
from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader import grade_ids
from gradpath.frontends.nbgrader.pages.text_cells import PICTURES, Pictures
from gradpath.grading.results import Result
from gradpath.student.picture import picture_of_runs
from gradpath.text.languages import tell
from gradpath.text.messages import Message
from gradpath.worker.protocol import Observation

SUFFIX: Final = ".runs"
"""Of the file that keeps a submission's runs; nbgrader is told not to hand it on."""

_ALT: Final = Message("Your runs over the expected ones")
_PICTURE_WIDTH: Final = 820
"""In the page, in CSS pixels; the picture itself has more."""

_CSS: Final = """\
img { max-width: 100%; height: auto; }
table { margin-bottom: 1em; }
td, th { padding: 0.1em 0.8em 0.1em 0; }
div.prompt { display: none; }
div.input_area { overflow-x: auto; }
div.rendered_html { overflow-x: auto; }
div.output_html pre { white-space: pre-wrap; word-break: normal; border: none; }
/* Names of test cells: the links say no more than "Test cell". */
#toc a::after { content: " " attr(href); }
/* More than nbgrader's own rules, which come after these. */
body div.nbgrader_cell .panel-heading { height: auto; overflow: hidden; }
body div.nbgrader_cell .panel-heading a { color: inherit; }
@media (max-width: 600px) {
  .container { padding: 0; }
  .panel-body { padding: 8px; }
  h1 { font-size: 24px; }
  h2 { font-size: 20px; }
  ul, ol { padding-left: 1.5em; }
}
"""


def runs_of(result: Result, observations: Mapping[str, Sequence[Observation]]) -> bytes | None:
    """Return the runs in the picture of a submission; None when all is right or nothing ran.

    Args:
        result: the engine's result.
        observations: the outcomes of calls, by check.
    """
    checks = {plot.check for plot in plots_of(result.assignment)}
    returned = any(
        each.outcome == "returned" for check in checks for each in observations.get(check, ())
    )
    if not returned or all(check.outcome == "passed" for check in result.checks):
        return None
    return pack_runs(observations, checks, limit=None)


class _Step(Preprocessor):
    """A step that is on without being configured; nbgrader's own class for it logs a warning."""

    enabled = Bool(True).tag(config=True)


class Tidy(_Step):
    """Takes out parts that no student can use: the code of hidden test cells, and bare points."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Change one cell; only our own test cells are."""
        shown = grade_ids.checks_of(cell.metadata.get("nbgrader", {}).get("grade_id") or "")
        if shown is not None and cell.cell_type == "code":
            if shown[1] == "hidden":
                cell.source = cell.source.partition("### BEGIN HIDDEN TESTS")[0].strip()
            # The points stand in the heading above.
            cell.outputs = [each for each in cell.outputs if each.output_type != "execute_result"]
        return cell, resources


class DrawRuns(_Step):
    """Draws the runs of a submission below the first test cell that lost points."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Add the picture; one that cannot be drawn costs nobody their feedback."""
        slug = resources["nbgrader"]["notebook"]
        folder = Path(resources["metadata"]["path"])
        path = folder / f"{slug}{SUFFIX}"
        if slug in slugs() and path.is_file():
            try:
                picture = _drawn(slug, path.read_bytes())
            except Exception as error:
                self.log.warning("no picture of the runs in %s: %s", folder, error)
            else:
                _add(nb, picture)
                if note := lacks_fonts():
                    self.log.warning("gradpath: %s", note)
        return nb, resources


class Style(_Step):
    """Adds style that nbgrader's page lacks for our texts, after nbconvert's style sheets."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Append to the page's style sheets, and put the pictures of its texts into the page.

        The exchange gives students the page without the files beside it.
        """
        resources["inlining"]["css"].append(_CSS)
        resources[PICTURES] = Pictures(Path(resources["metadata"]["path"]))
        return nb, resources


def _drawn(slug: str, data: bytes) -> bytes:
    """Draw the runs that `runs_of` kept.

    Raises:
        GradpathError: the data are damaged, or there is nothing to draw.
    """
    try:
        seen = unpack_runs(data)
    except GradpathError:
        raise GradpathError("the file with the runs is damaged; autograde again") from None
    return picture_of_runs(slug, seen, "png")


def _add(nb: NotebookNode, picture: bytes) -> None:
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        shown = grade_ids.checks_of(marks.get("grade_id") or "")
        lost = marks.get("score") is not None and marks["score"] < marks.get("points", 0)
        # Pictures show public checks. Where only hidden ones failed, it is below the first of them.
        if shown is not None and lost and cell.cell_type == "code":
            alt = tell(_ALT)
            output = {
                "output_type": "display_data",
                "data": {"image/png": base64.b64encode(picture).decode(), "text/plain": alt},
                "metadata": {"image/png": {"width": _PICTURE_WIDTH, "alt": alt}},
            }
            cell.outputs.append(from_dict(output))
            return
