"""The plugin that an autograder zip names: it keeps a student's code out of otter's kernel.

`otter run` reads the zip's settings and tests, and not its `run_autograder`. So the plugin does
there what `container` does elsewhere: have the engine grade the file, and execute a stub instead.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec
import nbformat
from nbformat import NotebookNode
from otter.plugins import AbstractOtterPlugin

from gradpath.frontends.otter import stub as sealed
from gradpath.frontends.otter.settings import from_plugin_config
from gradpath.student.otter import VARIABLE
from gradpath.submissions.submission import of_file

# Read once: afterwards the variable may be this plugin's own, left from a run that broke off.
_GRADED_BEFORE: Final = VARIABLE in os.environ


class Gradpath(AbstractOtterPlugin):  # type: ignore[misc]
    """Grades with gradpath's engine; otter shows the result."""

    _folder: tempfile.TemporaryDirectory[str] | None = None

    def before_grading(self, config: Any) -> None:
        """Grade the submission, unless `container` has, and put a stub in its place."""
        if _GRADED_BEFORE:
            return
        settings = from_plugin_config(self.plugin_config)
        path = Path(self.submission_path)
        graded = sealed.grade(of_file(path, settings.assignment), settings)
        path.write_bytes(sealed.stub(path.suffix))
        self._folder = tempfile.TemporaryDirectory(prefix="gradpath-")
        answers = Path(self._folder.name) / "result.json"
        answers.write_bytes(msgspec.json.encode(graded.result))
        os.environ[VARIABLE] = str(answers)

    def before_execution(self, submission: NotebookNode) -> NotebookNode:
        """Execute a stub in the place of the file."""
        return nbformat.from_dict(sealed.STUB_NOTEBOOK)  # type: ignore[no-any-return]

    def after_grading(self, results: Any) -> None:
        """Delete the answers: the tests have asked."""
        if self._folder is not None:
            del os.environ[VARIABLE]
            self._folder.cleanup()
