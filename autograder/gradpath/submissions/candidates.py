"""Candidates: the files that may be submissions, as folders and archives list them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from gradpath.errors import SubmissionError
from gradpath.submissions.downloads import Download, Origin, common_folders
from gradpath.submissions.names import match, shown_path, student_name, suffix_of
from gradpath.text.messages import Message, joined

TARS: Final = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""The endings of archives that are read as zips are."""
OTHER_ARCHIVES: Final = (".7z", ".bz2", ".gz", ".rar", ".xz", ".zst")

NO_ZIP: Final = Message("an archive that is no zip")
NOT_NAMED: Final = Message("not named after an assignment")
_PASSED_OVER: Final = Message(
    "the name begins with . or __ (rename the folder if it is a student's)"
)

_KINDS: Final = {
    NO_ZIP: OTHER_ARCHIVES,
    Message("a PDF"): (".pdf",),
    Message("a web page"): (".html", ".htm", ".mhtml", ".webarchive"),
    Message("a text document"): (".doc", ".docx", ".odt", ".pages", ".rtf", ".tex", ".md"),
    Message("a picture"): (
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".heic",
        ".webp",
        ".svg",
        ".bmp",
        ".tiff",
    ),
    Message("a link to another site"): (".url", ".webloc", ".gdoc", ".lnk", ".desktop"),
    Message("a file of text"): (".txt",),
    Message("a compiled file of Python"): (".pyc",),
}

_OF_PROGRAMS: Final = frozenset(
    (
        *(".appledouble", ".cache", ".conda", ".config", ".eggs", ".env", ".fseventsd", ".git"),
        *(".github", ".hg", ".history", ".hypothesis", ".idea", ".ipynb_checkpoints"),
        *(".ipython", ".jupyter", ".local", ".mypy_cache", ".nox", ".npm", ".pixi"),
        *(".pytest_cache", ".rproj.user", ".ruff_cache", ".spotlight-v100", ".spyproject"),
        *(".svn", ".temporaryitems", ".tox", ".trash", ".trashes", ".venv"),
        *(".virtual_documents", ".virtualenvs", ".vs", ".vscode", ".vscode-server", "__macosx"),
        *("__pycache__", "__pypackages__", "site-packages"),
    )
)
"""Folders that systems and programs make: nobody is told that they are passed over."""
_TRASH: Final = ".trash-"
"""The beginning of the name of a user's folder of deleted files."""

_OTTER_TEST: Final = b"OK_FORMAT"
_MAX_SHOWN: Final = 3
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
    """A file or folder that looked like something to grade, and the reason that it is left out.

    Without `is_left_out` it is graded, and staff should know the reason all the same.
    """

    path: str
    reason: str
    is_left_out: bool = True

    @property
    def line(self) -> str:
        """The line that staff are shown."""
        path = shown_path(self.path)
        if self.is_left_out:
            return left_out(path, self.reason)
        return Message("{name}: {problem}", name=path, problem=self.reason)


def left_out(path: str, reason: str) -> str:
    """Return the line about a file that is left out."""
    return Message("{path}: {reason}, left out", path=path, reason=reason)


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
        student: the student that handed it in.
        path: its path.
        problem: the reason; by default, the kind of file that its name says.
        origin: the student, name and time that a course site has written into the path.
    """
    student, path = student_name(student), shown_path(path)
    return Candidate(
        student, path, 0, bytes, origin=origin, problem=problem or kind_of(path, origin)
    )


def unreadable(reason: str) -> Callable[[], bytes]:
    """Return a reader of a file that raises `SubmissionError` with this reason."""

    def read() -> bytes:
        raise SubmissionError(reason)

    return read


def kind_of(path: str, origin: Origin | None = None) -> str:
    """Return the kind of a file that is no submission, with its article."""
    name = PurePosixPath(path).name.lower()
    if name == "onlinetext.html" or (origin and origin.file == "text.html"):
        return Message("text that was typed into the course site")
    if origin and origin.file == "link.html":
        return Message("a link to another site")
    for kind, endings in _KINDS.items():
        if name.endswith(endings):
            return kind
    return Message("no .py or .ipynb file")


def is_passed_over(parts: Sequence[str]) -> bool:
    """Tell whether a path is of no interest: a hidden file, or in a folder of some program."""
    return (
        (bool(parts) and _is_hidden(parts[-1]))
        or "/" in parts
        or any(part.lower() in _OF_PROGRAMS or part.lower().startswith(_TRASH) for part in parts)
    )


def passed_over_folder(parts: Sequence[str]) -> str:
    """Return the path of the first folder with a name like that of a hidden one, or nothing.

    A student may be called so, or an archive have been unpacked into it.
    """
    ends = (number for number, part in enumerate(parts[:-1], 1) if _is_hidden(part))
    return "/".join(parts[: next(ends, 0)])


def passed_over(paths: Iterable[Sequence[str]], around: str = "") -> list[Ignored]:
    """Return a line for each folder with work in it that is passed over because of its name."""
    folders = {passed_over_folder(parts) for parts in paths if is_of_interest(parts[-1])}
    return [Ignored(f"{around}{folder}", _PASSED_OVER) for folder in sorted(folders - {""})]


def is_of_interest(name: str) -> bool:
    """Tell whether a file of this name can be graded, or holds files that can, or might."""
    return bool(suffix_of(name)) or name.lower().endswith((".zip", *TARS, *OTHER_ARCHIVES))


def stem_of_archive(name: str) -> str:
    """Return an archive's name without its suffix, which may have two parts."""
    ending = next((end for end in (".zip", *TARS) if name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)]


def hand_in_apart(
    paths: Iterable[Sequence[str]], slugs: Collection[str], common: Sequence[str] = ()
) -> bool:
    """Tell whether several files or folders of students lie beside one another.

    Args:
        paths: all files, also those that cannot be graded.
        slugs: the assignments.
        common: folders around all that can be graded; other files right in these are nobody's.
    """
    places = set()
    for parts in paths:
        folder = without_slugs(parts[:-1], slugs)
        if is_of_interest(parts[-1]):
            places.add(tuple(parts))
        elif folder != list(common[: len(folder)]):
            places.add(tuple(folder))
    return len(places) > 1


def like_a_cohort(
    name: str, student: str, paths: Sequence[Sequence[str]], slugs: Sequence[str]
) -> Iterator[Ignored]:
    """Say that an archive which hands in for its name may have been meant for many students."""
    inside: dict[str, set[str]] = {}
    wanted = [parts for parts in paths if is_of_interest(parts[-1])]
    folders = [without_slugs(parts[:-1], slugs) for parts in wanted]
    level = len(common_folders(folders))
    download = Download(dict.fromkeys(map(tuple, paths), bytes), slugs)
    origins = itertools.chain.from_iterable(download.origins(tuple(parts)) for parts in wanted)
    inside[Message("students of a course site")] = {origin.student for origin in origins}
    for parts, folder in zip(wanted, folders, strict=True):
        plain = parts[-1] if suffix_of(parts[-1]) else f"{stem_of_archive(parts[-1])}.py"
        slug = match(plain, slugs)[0]
        if folder[level:] and slug:
            inside.setdefault(Message("folders with {slug}", slug=slug), set()).add(folder[level])
        elif not slug and not suffix_of(parts[-1]):
            inside.setdefault(Message("archives"), set()).add(parts[-1])
    for kind, names in sorted(inside.items()):
        if len(names) > 1:
            shown = joined(", ", (student_name(inner) for inner in sorted(names)[:_MAX_SHOWN]))
            reason = Message(
                "it has several {kind} ({shown}), and hands in for {student} "
                "alone; give the zip of a cohort by itself",
                kind=kind,
                shown=shown,
                student=student_name(student),
            )
            yield Ignored(name, reason, is_left_out=False)
            return


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


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "__"))
