"""Candidates: the files that may be submissions, as folders and archives list them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from gradpath.submissions.downloads import Origin
from gradpath.submissions.names import shown_path, student_name

TARS: Final = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""The endings of archives that are read as zips are."""
OTHER_ARCHIVES: Final = (".7z", ".bz2", ".gz", ".rar", ".xz", ".zst")

NO_ZIP: Final = "an archive that is no zip"
NOT_NAMED: Final = "not named after an assignment"

_KINDS: Final = {
    NO_ZIP: OTHER_ARCHIVES,
    "a PDF": (".pdf",),
    "a web page": (".html", ".htm", ".mhtml", ".webarchive"),
    "a text document": (".doc", ".docx", ".odt", ".pages", ".rtf", ".tex", ".md"),
    "a picture": (".png", ".jpg", ".jpeg", ".gif", ".heic", ".webp", ".svg", ".bmp", ".tiff"),
    "a link to another site": (".url", ".webloc", ".gdoc", ".lnk", ".desktop"),
    "a file of text": (".txt",),
    "a compiled file of Python": (".pyc",),
}

_OTTER_TEST: Final = b"OK_FORMAT"
_HEAD: Final = 4096
"""Bytes of a file that show whether it is one of otter's tests."""


@dataclass(frozen=True)
class Candidate:
    """A file that may be a submission.

    Attributes:
        student: the student who handed it in, as far as its place says.
        path: its path, for messages and results.
        size: bytes that it has, as the folder or archive says.
        read_bytes: reads it.
        distance: archives between the file and a folder or archive that certainly is the student's.
            Folders inside of an archive may name any student: anybody can write those.
        is_otter_test: whether it is one of otter's tests.
        origin: the student, name and time that a course site has written into the path.
        problem: the reason why the file cannot be graded. It counts only where its student has
            handed in nothing else.
    """

    student: str
    path: str
    size: int
    read_bytes: Callable[[], bytes]
    distance: int = 0
    is_otter_test: bool = False
    origin: Origin | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """The file's name as the student had it."""
        return self.origin.file if self.origin else PurePosixPath(self.path).name

    @property
    def age(self) -> tuple[tuple[int, int], str]:
        """The key that sorts a student's files of one name, the newest last."""
        return self.origin.age if self.origin else (0, 0), self.path


@dataclass(frozen=True)
class Ignored:
    """A file that looked like something to grade and is not, with the reason."""

    path: str
    reason: str


def candidate(
    student: str,
    path: str,
    size: int,
    read_bytes: Callable[[], bytes],
    distance: int = 0,
    *,
    is_otter_test: bool = False,
    origin: Origin | None = None,
) -> Candidate:
    """Return a candidate whose student and path may stand in results."""
    student, path = student_name(student), shown_path(path)
    return Candidate(student, path, size, read_bytes, distance, is_otter_test, origin)


def other_file(
    student: str, path: str, problem: str = "", *, origin: Origin | None = None
) -> Candidate:
    """Return a file that cannot be graded, as a candidate.

    Args:
        student: the student who handed it in.
        path: its path.
        problem: the reason; by default, the kind of file that its name says.
        origin: the student, name and time that a course site has written into the path.
    """
    student, path = student_name(student), shown_path(path)
    return Candidate(
        student, path, 0, bytes, origin=origin, problem=problem or kind_of(path, origin)
    )


def kind_of(path: str, origin: Origin | None = None) -> str:
    """Return the kind of a file that is no submission, with its article."""
    name = PurePosixPath(path).name.lower()
    if name == "onlinetext.html" or (origin and origin.file == "text.html"):
        return "text that was typed into the course site"
    if origin and origin.file == "link.html":
        return "a link to another site"
    for kind, endings in _KINDS.items():
        if name.endswith(endings):
            return kind
    return "no .py or .ipynb file"


def is_passed_over(parts: Sequence[str]) -> bool:
    """Tell whether a path is of no interest: hidden, a cache, or an installed package."""
    return "site-packages" in parts or any(
        part.startswith((".", "__")) or part == "/" for part in parts
    )


def is_otter_test(parts: Sequence[str], read_head: Callable[[int], bytes]) -> bool:
    """Tell whether a file is one of otter's tests, which stand beside a student's file.

    They are named after functions, and one of these is named as an assignment.

    Args:
        parts: the file's path.
        read_head: reads this many of its first bytes; called only for a path that fits.
    """
    in_tests = len(parts) > 1 and parts[-2] == "tests" and parts[-1].endswith(".py")
    return in_tests and _OTTER_TEST in read_head(_HEAD)


def without_slugs(folders: Iterable[str], slugs: Collection[str]) -> list[str]:
    """Leave out folders named after an assignment, as the students' bundles have them."""
    return [name for name in folders if name not in slugs]
