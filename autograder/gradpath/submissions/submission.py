"""One submission: the file of one student for one assignment, and its text."""

from __future__ import annotations

import codecs
import datetime
import io
import re
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from gradpath.course.settings import read_settings
from gradpath.course.syntax import TOO_LONG, Definition, is_too_long, read
from gradpath.errors import SubmissionError
from gradpath.submissions.names import shown_path, suffix_of
from gradpath.submissions.notebooks import read_cells, without_magics
from gradpath.text.messages import Message
from gradpath.worker.protocol import Cell, Source

MAX_SCRIPT: Final = 1_000_000


MAX_NOTEBOOK: Final = 20_000_000


ENCODINGS: Final = frozenset((
    "ascii", "utf-8", "utf-8-sig", "big5", "big5hkscs", "cp437", "cp850", "cp866", "cp874", "cp932",
    "cp949", "cp950", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "cp1258", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "hz", "iso2022_jp",
    "iso2022_kr", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15",
    "koi8-r", "koi8-u", "mac-roman", "shift_jis", "shift_jis_2004", "tis-620",
))  # fmt: skip
"""Codecs that a coding line may name. Python has others that take minutes for a page of text."""

_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_INVISIBLE: Final = "\ufeff\u200b\u2060"
"""Marks at the beginning of a file that a program may have written twice, and a page had in it."""
_OTHER_KINDS: Final = (
    (b"%PDF", Message("a PDF")),
    (b"PK\x03\x04", Message("a zip or an Office document")),
    (b"\xd0\xcf\x11\xe0", Message("an Office document")),
    (b"{\\rtf", Message("a document in RTF, as TextEdit saves it")),
    (b"\x89PNG", Message("a picture")),
    (b"\xff\xd8\xff", Message("a picture")),
    (b"\x1f\x8b", Message("a gzip archive")),
    (b"rar!", Message("a RAR archive")),
    (b"7z\xbc\xaf", Message("a 7z archive")),
)
"""Beginnings of files that hold no code, in small letters."""
_WEB_PAGE: Final = re.compile(rb"<(?:!|\?xml|[a-z][a-z0-9]*[\s>])")
_NOT_UTF8: Final = Message("the file is not encoded in UTF-8; save it as UTF-8")


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
            SubmissionError: it is too large, or holds no code.
        """
        text, notes = self._read()
        named = self.is_notebook
        is_notebook = _is_notebook(text) if not named else not _is_script(text)
        if is_notebook != named:
            kinds = (
                (Message("a notebook"), Message("a script"))
                if is_notebook
                else (Message("a script"), Message("a notebook"))
            )
            notes.append(
                Message(
                    "the file is {kind} with the name of {other}", kind=kinds[0], other=kinds[1]
                )
            )
        if not is_notebook:
            if is_too_long([text]):
                raise SubmissionError(Message("the file cannot be read: {reason}", reason=TOO_LONG))
            script, more = without_magics(self.cell_name, text)
            cells: tuple[Cell, ...] = (Cell(self.cell_name, script),)
        else:
            cells, more = read_cells(text, read_settings(self.assignment).points)
        notes += more
        return Source(self.assignment, cells, is_notebook, tuple(notes))

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
            SubmissionError: it is too large, or no text.
        """
        return self._read()[0]

    def _read(self) -> tuple[str, list[str]]:
        """Return the file's text, and notes about it."""
        notebook = self.is_notebook
        limit = MAX_NOTEBOOK if notebook else MAX_SCRIPT
        if self.size > limit:
            size = f"{self.size / 1e6:.1f} MB"
            advice = (
                Message("clear the outputs and save it again")
                if notebook
                else Message("is data pasted into it?")
            )
            raise SubmissionError(
                Message(
                    "the file has {size}, {limit:g} MB are allowed; {advice}",
                    size=size,
                    limit=limit / 1e6,
                    advice=advice,
                )
            )
        try:
            data = self.read_bytes()
        except OSError as error:
            raise SubmissionError(
                Message("the file cannot be read: {reason}", reason=error.strerror)
            ) from None
        return _decode(data)


def _decode(data: bytes) -> tuple[str, list[str]]:
    """Return a file's text, and a note where letters in it could not be read."""
    begin = data[:100].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    kinds = [kind for mark, kind in _OTHER_KINDS if begin.startswith(mark.lower())]
    if kinds or _WEB_PAGE.match(begin):
        kind = kinds[0] if kinds else Message("a web page (HTML)")
        raise SubmissionError(
            Message("the file is {kind}, no Python; hand in the .py or .ipynb file", kind=kind)
        )
    if not data.strip():
        raise SubmissionError(Message("the file is empty"))
    notes: list[str] = []
    wide = next((encoding for mark, encoding in _WIDE if data.startswith(mark)), "")
    if not wide and b"\0" in data:
        raise SubmissionError(
            Message("the file is not text in UTF-8 (it has zero bytes); save it as UTF-8")
        )
    try:
        text, notes = _text(data, wide)
    except UnicodeError:
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") > len(text) // 4:
            raise SubmissionError(_NOT_UTF8) from None
        notes.append(Message("{note} (letters that cannot be read were left out)", note=_NOT_UTF8))
    text = text.lstrip(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    return text, notes


def _text(data: bytes, encoding: str) -> tuple[str, list[str]]:
    """Decode a file by this encoding, by its coding line, or as the UTF-8 that it is all the same.

    Raises:
        UnicodeError: it is nothing of these.
    """
    try:
        return data.decode(encoding or _declared(data)), []
    except (SyntaxError, LookupError, UnicodeError):
        return data.decode(), [
            Message("the coding line says otherwise, but the file is encoded in UTF-8")
        ]


def _declared(data: bytes) -> str:
    """Return the encoding that a coding line names, or UTF-8.

    Raises:
        SyntaxError, LookupError: nobody knows it, or it is not for text like this.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if codecs.lookup(encoding).name not in ENCODINGS:
        raise LookupError(encoding)
    return encoding


def _is_notebook(text: str) -> bool:
    """Tell whether a file that is named as a script holds a notebook."""
    begins = text.lstrip().startswith("{")
    return begins and ('"cells"' in text or '"worksheets"' in text) and '"cell_type"' in text


def _is_script(text: str) -> bool:
    """Tell whether a file that is named as a notebook holds Python with functions."""
    if text.lstrip()[:1] in ("{", "[", ""):
        return False
    return any(isinstance(statement, Definition) for statement in read(text).body)


def of_file(path: Path, slug: str, student: str = "student") -> Submission:
    """Return a file as a submission to an assignment, under any name."""
    return Submission(student, slug, shown_path(path.name), path.stat().st_size, path.read_bytes)
