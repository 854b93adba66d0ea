"""`nbgrader release_feedback` where some submissions came from a course site.

The exchange gives feedback back under a name made from a secret that `nbgrader submit` put into
the submission. Submissions from `zip_collect` have none, and nbgrader ends with a traceback at the
first one: those after it get nothing. Such feedback goes back by way of the course site, by hand.
"""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path
from typing import Final

from nbgrader.exchange.default.release_feedback import ExchangeReleaseFeedback

_FROM_EXCHANGE: Final = ("submission_secret.txt", "timestamp.txt")
"""Files that `nbgrader submit` puts beside a notebook, and grading hands on to the feedback."""


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """Releases the feedback on submissions from the exchange, and names the others."""

    src_path: str

    def copy_files(self) -> None:
        """Release the feedback; one line in the log for each submission that gets none."""
        pattern = self.src_path
        excluded = self.coursedir.student_id_exclude.split(",")
        try:
            for folder in sorted(glob.glob(pattern)):
                if all(Path(folder, name).is_file() for name in _FROM_EXCHANGE):
                    self.src_path = glob.escape(folder)
                    super().copy_files()
                elif (student := self._student(folder)) not in excluded:
                    self._explain(student, Path(folder))
        finally:
            self.src_path = pattern

    def _student(self, folder: str) -> str:
        """Return the student of a folder; the folder itself if its path names none."""
        form = self.coursedir.format_path(
            self.coursedir.feedback_directory,
            "(?P<student>.*)",
            self.coursedir.assignment_id,
            escape=True,
        )
        match = re.fullmatch(form, folder)
        return match["student"] if match else folder

    def _explain(self, student: str, folder: Path) -> None:
        pages = sorted(folder.glob("*.html"))
        if pages:
            names = ", ".join(os.path.relpath(page, self.coursedir.root) for page in pages)
            self.log.info(
                "Not released to %s, whose submission did not come through the exchange; give it "
                "back by way of the course site: %s",
                student,
                names,
            )
