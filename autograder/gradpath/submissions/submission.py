"""One submission: the file of one student for one assignment, and its text."""

from __future__ import annotations

import datetime
import io
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from gradpath.course.syntax import TOO_LONG, is_too_long
from gradpath.errors import SubmissionError
from gradpath.submissions.names import shown_path, suffix_of
from gradpath.submissions.notebooks import read_cells
from gradpath.worker.protocol import Cell, Source

MAX_SCRIPT: Final = 1_000_000


MAX_NOTEBOOK: Final = 20_000_000


ENCODINGS: Final = ("utf-8", "utf-8-sig", "ascii", "iso-8859-1", "iso-8859-15", "cp1252")
"""Codecs that a coding line may name. Python has others that take minutes for a page of text."""


@dataclass(frozen=True)
class Submission:
    """A file that was handed in. Nothing has been read of it yet but its name."""

    student: str
    assignment: str
    file: str
    size: int
    read_bytes: Callable[[], bytes]
    note: str = ""
    submitted: datetime.datetime | None = None
    """When it was handed in, if a course site says so."""
    late: bool = False
    """Whether a course site says that it is late, without saying how late."""
    functions: frozenset[str] = frozenset()
    """The functions to grade; all of them when none is named."""

    def source(self) -> Source:
        """Read the code.

        Raises:
            SubmissionError: it is too large, not UTF-8, or no notebook.
        """
        text = self.text()
        if self.is_notebook:
            return Source(self.assignment, read_cells(text), notebook=True)
        if is_too_long([text]):
            raise SubmissionError(f"the file cannot be read: {TOO_LONG}")
        return Source(self.assignment, (Cell(self.cell_name, text),))

    @property
    def is_notebook(self) -> bool:
        """Whether the file's name says that it is a notebook."""
        return suffix_of(self.cell_name) == ".ipynb"

    @property
    def cell_name(self) -> str:
        """The name of a script in tracebacks: without its folders."""
        return PurePosixPath(self.file.replace("\\", "/")).name

    def text(self) -> str:
        """Read the file as text.

        Raises:
            SubmissionError: it is too large, or not UTF-8.
        """
        notebook = self.is_notebook
        limit = MAX_NOTEBOOK if notebook else MAX_SCRIPT
        if self.size > limit:
            size = f"{self.size / 1e6:.1f} MB"
            advice = (
                "clear the outputs and save it again" if notebook else "is data pasted into it?"
            )
            raise SubmissionError(f"the file has {size}, {limit / 1e6:g} MB are allowed; {advice}")
        try:
            data = self.read_bytes()
        except OSError as error:
            raise SubmissionError(f"the file cannot be read: {error.strerror}") from None
        return _decode(data)


def _decode(data: bytes) -> str:
    if b"\0" in data:
        raise SubmissionError("the file is not text in UTF-8 (it has zero bytes); save it as UTF-8")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding not in ENCODINGS:
            raise LookupError(encoding)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        raise SubmissionError("the file is not encoded in UTF-8; save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def of_file(path: Path, slug: str, student: str = "student") -> Submission:
    """Return a file as a submission to an assignment, under any name."""
    return Submission(student, slug, shown_path(path.name), path.stat().st_size, path.read_bytes)
