"""Tables in CSV, as course sites export them."""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath.cohort.files import spreadsheet_safe
from gradpath.errors import GradpathError
from gradpath.grading.results import points_text
from gradpath.text import printable
from gradpath.text.messages import Message

_BOM: Final = "\ufeff"
_DELIMITERS: Final = ",;\t"
_MAX_FIELD: Final = 10_000_000
"""Characters of a field: a grading worksheet has whole essays in it."""
_DECIMAL: Final = re.compile(r"\s*-?[0-9]+[.,][0-9]+\s*")
_SEPARATOR: Final = re.compile(r'"?sep=(?P<delimiter>[,;\t])"?\r?\n', re.IGNORECASE)
"""The first line with which Excel is told the delimiter."""
_HARMLESS: Final = re.compile(r"-|[-+]?[0-9]+(?:[.,][0-9]+)*")
"""Cells that begin as a formula does and are none: the dash for "no grade yet", and numbers."""


@dataclass(frozen=True)
class Table:
    """A table with a header.

    Attributes:
        path: where it is from, for messages.
        header: the columns' names as they stand there.
        rows: all others, each as long as the header.
        delimiter: the character between fields; sites in languages with decimal commas use `;`.
        bom: whether the file begins with a byte order mark, as files for Excel do.
        english: the names of the columns in English, where the table is in another language.
    """

    path: Path
    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    bom: bool = False
    english: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """The names by which columns are known: in English and lower case."""
        return [title.strip().casefold() for title in self.english or self.header]

    @functools.cached_property
    def has_decimal_commas(self) -> bool:
        """Whether numbers have decimal commas, and none has a point."""
        numbers = [cell.strip() for row in self.rows for cell in row if _DECIMAL.fullmatch(cell)]
        return bool(numbers) and not any("." in number for number in numbers)

    def number(self, value: float) -> str:
        """Return a number as the table writes numbers."""
        text = points_text(value)
        return text.replace(".", ",") if self.has_decimal_commas else text

    def column(self, name: str) -> int | None:
        """Return where a column is, by its name in any case, or None."""
        names = self.names
        return names.index(name.casefold()) if name.casefold() in names else None

    def cell(self, row: int, name: str) -> str:
        """Return a cell without blanks around it; empty if there is no such column."""
        column = self.column(name)
        return "" if column is None else self.rows[row][column].strip()


def read_table(path: Path) -> Table:
    """Read a table.

    Raises:
        GradpathError: the file cannot be read, is not UTF-8 or no table with a header.
    """
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise GradpathError(
            Message("{path} cannot be read: {reason}", path=path, reason=error.strerror or error)
        ) from None
    except UnicodeDecodeError:
        raise GradpathError(
            Message(
                "{path} is not text in UTF-8; give the file as the course site exports it, or save "
                "it "
                'as "CSV UTF-8"',
                path=path,
            )
        ) from None
    bom = text.startswith(_BOM)
    text = text.removeprefix(_BOM)
    before = csv.field_size_limit(_MAX_FIELD)
    try:
        told = _SEPARATOR.match(text)
        text = text[told.end() :] if told else text
        delimiter = told["delimiter"] if told else _delimiter(text.partition("\n")[0])
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise GradpathError(
            Message("{path} is no table in CSV: {reason}", path=path, reason=error)
        ) from None
    finally:
        csv.field_size_limit(before)
    if not lines:
        raise GradpathError(
            Message("{path} is empty; give the roster as the course site exports it", path=path)
        )
    (_, header), *others = lines
    for number, row in others:
        if any(cell.strip() for cell in row[len(header) :]):
            raise GradpathError(
                Message(
                    "{path}: line {number} has more fields than the header",
                    path=path,
                    number=number,
                )
            )
    rows = [(row + [""] * len(header))[: len(header)] for _, row in others]
    return Table(path, header, rows, delimiter, bom)


def _delimiter(line: str) -> str:
    """Return the delimiter of a header; a quoted title may have any of them in it."""
    return max(_DELIMITERS, key=re.sub(r'"[^"]*"', "", line).count)


def table_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",", *, bom: bool = False
) -> bytes:
    """Write a table; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    text = io.StringIO()
    if bom:
        text.write(_BOM)
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([_safe(cell) for cell in row] for row in (header, *rows))
    return text.getvalue().encode()


def _safe(cell: str) -> str:
    return cell if _HARMLESS.fullmatch(cell.strip()) else spreadsheet_safe(cell)


def listed(names: Iterable[str]) -> str:
    """Return names in one line, in order."""
    return ", ".join(printable(name) for name in sorted(names))
