"""nbgrader's settings for a course of gradpath's; its `nbgrader_config.py` asks for them."""

from __future__ import annotations

from typing import Any, Final

from gradpath.course.config import Hidden, language_of
from gradpath.course.settings import read_settings, slugs
from gradpath.frontends.nbgrader.notebook import Answers
from gradpath.text.languages import ENGLISH, speak, tell
from gradpath.text.messages import Message

_PACKAGE: Final = "gradpath.frontends.nbgrader"
_RUNS: Final = ".runs"  # feedback.SUFFIX; that module takes seconds to import
SETTINGS_FILES: Final = ("nbgrader_config", "jupyter_config")
"""Files without suffix that nbgrader executes when its page is opened with the path of a folder.

A course takes none in from students: an address is all that it would take to have one executed.
"""

_ANSWER: Final = Message("Your answer here.")
_STUB: Final = 'raise NotImplementedError("this is not written yet")'


def configure(
    c: Any,
    *,
    answers: Answers = "cells",
    hidden_checks: Hidden = "all",
    language: str = ENGLISH.code,
    header: str | None = "source/header.ipynb",
) -> None:
    """Set nbgrader up so that gradpath's engine grades, and nothing a student wrote is executed.

    Args:
        c: the object that `get_config()` returns in `nbgrader_config.py`.
        answers: where students write, as the course was released: `cells` or `file`.
        hidden_checks: the part of hidden checks that feedback, which comes after the deadline,
            shows: `all`, `outcomes`, `names` or `none`.
        language: the code of the language of notebooks and feedback.
        header: a notebook that nbgrader puts before each assignment's; None for none.
    """
    speak(language_of(language))
    c.Autograde.exporter_class = f"{_PACKAGE}.exporter.SealedExporter"
    c.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.DeduplicateIds",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # nbgrader's own, but for the first one: it stands where `Execute` would run a kernel.
    c.Autograde.autograde_preprocessors = [
        f"{_PACKAGE}.grade_preprocessor.Grade",
        "nbgrader.preprocessors.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        "nbgrader.preprocessors.LimitOutput",
        "nbgrader.preprocessors.SaveAutoGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.Grade.hidden_checks = hidden_checks
    c.OverwriteCells.add_missing_cells = True
    if answers == "file":
        # Otherwise nbgrader puts the skeleton in the place of the student's file.
        c.Autograde.exclude_overwriting = {slug: [f"{slug}.py"] for slug in slugs()}
    # Used where a notebook is executed all the same: `nbgrader validate`, and by an instructor.
    c.Execute.timeout = int(max(read_settings(slug).limits.submission_seconds for slug in slugs()))
    c.ClearSolutions.code_stub = {"python": _STUB}
    c.ClearSolutions.text_stub = tell(_ANSWER)
    if header is not None:
        c.IncludeHeaderFooter.header = header
    _configure_pages(c)
    _configure_exchange(c)
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints",
        "*.pyc",
        "__pycache__",
        "feedback",
        f"*{_RUNS}",
        *(f"{name}.*" for name in SETTINGS_FILES),
    ]


def _configure_exchange(c: Any) -> None:
    """Set up the ways in which submissions come and feedback goes."""
    c.ZipCollectApp.extractor_plugin = f"{_PACKAGE}.collect.extract.LmsExtractor"
    c.ZipCollectApp.collector_plugin = f"{_PACKAGE}.collect.collect.LmsCollector"
    c.ExchangeFactory.collect = f"{_PACKAGE}.collect.exchange_collect.Collect"
    c.ExchangeFactory.release_feedback = f"{_PACKAGE}.exchange.ReleaseFeedback"


def _configure_pages(c: Any) -> None:
    """Set up the pages that staff and students open."""
    c.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        f"{_PACKAGE}.pages.feedback.Tidy",
        f"{_PACKAGE}.pages.feedback.DrawRuns",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
        f"{_PACKAGE}.pages.feedback.Style",
    ]
    # Students' text and outputs stand in pages that staff open: no script of theirs may run there.
    c.HTMLExporter.sanitize_html = True
    # nbgrader's templates pass over the line above for text cells.
    c.HTMLExporter.filters = {"markdown2html": f"{_PACKAGE}.pages.text_cells.markdown2html"}
    # Nothing is executed, so there are no numbers in `In [ ]:` and `Out[ ]:`.
    c.HTMLExporter.exclude_input_prompt = True
    c.HTMLExporter.exclude_output_prompt = True
