"""Blanks: the places that `gradpath new` leaves for the author to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath.course import settings
from gradpath.course.settings import corpus_of, course_root, folder_of, master_path
from gradpath.text import printable

MARK: Final = "TODO(author)"
"""Stands at each blank, followed by a colon and the text that describes it."""

_LONGEST: Final = 100


@dataclass(frozen=True)
class Blank:
    """A line of an assignment's files that is still to be filled in."""

    path: str
    """Relative to the folder of the course."""
    line: int
    text: str
    """A description of the missing text."""

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: fill in {self.text}"


def blanks_of(slug: str) -> list[Blank]:
    """Return the blanks that are left in the files that an author writes for an assignment.

    Generated files have the same blanks, but are not looked at: the next `gradpath skeletons` would
    overwrite a blank that is filled in there.
    """
    return [blank for path in _written_files(slug) for blank in _blanks_in(path)]


def _written_files(slug: str) -> Iterator[Path]:
    yield folder_of(slug) / "settings.toml"
    yield master_path(slug)
    yield from sorted(folder_of(slug).glob("*.py"))
    yield from sorted(corpus_of(slug).glob("*/*.*"))


def _blanks_in(path: Path) -> Iterator[Blank]:
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return  # a folder, or a file that is not there: another part of verify says so
    shown = _shown(path)
    for number, line in enumerate(lines, 1):
        _, mark, rest = line.partition(MARK)
        if mark:
            text = printable(rest.strip(" :\"'"))
            cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
            yield Blank(shown, number, cut or "what belongs here")


def _shown(path: Path) -> str:
    for base in (course_root(), settings.PACKAGE.parent):
        if path.is_relative_to(base):
            return printable(path.relative_to(base).as_posix())
    return printable(str(path))
