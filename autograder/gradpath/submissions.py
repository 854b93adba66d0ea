"""Finding submissions: files, folders of students, and zips of either."""

from __future__ import annotations

import dataclasses
import io
import itertools
import tokenize
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from gradpath.engine.incoming import tidy
from gradpath.engine.session import Source
from gradpath.errors import GradpathError, SubmissionError
from gradpath.names import SUFFIXES, match
from gradpath.notebooks import read_cells
from gradpath.protocol import Cell
from gradpath.untouched import is_untouched

MAX_SCRIPT: Final = 1_000_000
MAX_NOTEBOOK: Final = 20_000_000
MAX_ARCHIVE_FILES: Final = 50_000
MAX_ARCHIVE_DEPTH: Final = 2
ENCODINGS: Final = ("utf-8", "utf-8-sig", "ascii", "iso-8859-1", "iso-8859-15", "cp1252")
"""What a coding line may name. Python has codecs that take minutes for a page of text."""

_DAMAGED: Final = 9
"""The rank of an archive that cannot be read: after every file."""


@dataclass(frozen=True)
class Submission:
    """A file that somebody handed in. Nothing has been read of it yet but its name."""

    student: str
    assignment: str
    file: str
    size: int
    read_bytes: Callable[[], bytes]
    note: str = ""

    def source(self) -> Source:
        """Read the code.

        Raises:
            SubmissionError: it is too large, not UTF-8, no notebook, or has a syntax error.
        """
        notebook = self.file.lower().endswith(".ipynb")
        limit = MAX_NOTEBOOK if notebook else MAX_SCRIPT
        if self.size > limit:
            size = f"{self.size / 1e6:.1f} MB"
            what = "clear the outputs and save it again" if notebook else "is data pasted into it?"
            raise SubmissionError(f"the file has {size}, {limit / 1e6:g} MB are allowed; {what}")
        try:
            data = self.read_bytes()
        except OSError as error:
            raise SubmissionError(f"the file cannot be read: {error.strerror}") from None
        except Exception as error:  # zipfile lets through what zlib, lzma and others raise
            if isinstance(error, GradpathError):
                raise
            raise SubmissionError(
                f"the file cannot be unpacked ({error}); pack the zip again, without a password"
            ) from None
        text = _decode(data)
        if notebook:
            return Source(self.assignment, read_cells(text), notebook=True)
        name = PurePosixPath(self.file.replace("\\", "/")).name
        _must_parse(text, name)
        return Source(self.assignment, (Cell(name, text),))


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


def _must_parse(text: str, name: str) -> None:
    try:
        compile(text, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        line = tidy((error.text or "").strip(), 80)
        raise SubmissionError(
            f"syntax error in line {error.lineno}: {error.msg}" + (f" ({line})" if line else "")
        ) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise SubmissionError(f"Python cannot read the file: {error}") from None


@dataclass(frozen=True)
class _Found:
    student: str
    path: str
    size: int
    read_bytes: Callable[[], bytes]


def find(
    paths: Sequence[Path], slugs: Sequence[str], only: Sequence[str] = ()
) -> tuple[list[Submission], list[str]]:
    """Find every submission under the paths.

    Args:
        paths: files, folders `<student>/<slug>.py`, one student's folder, or zips of these.
        slugs: the assignments that there are.
        only: the assignments to take; all if empty.

    Returns:
        The submissions in order of student and assignment, and a line for each file that was
        left out although it looked like something to grade.

    Raises:
        GradpathError: a path does not exist, or is no file, folder or zip.
    """
    found: list[_Found] = []
    for path in paths:
        found.extend(_under(path, slugs))
    candidates: dict[tuple[str, str], list[_Candidate]] = {}
    ignored = []
    for item in found:
        named = _assignments_of(item, slugs)
        if not named and not _is_otter_test(item):
            ignored.append(f"{item.path}: not named after an assignment, left out")
        for slug, rank in named:
            if not only or slug in only:
                candidates.setdefault((item.student, slug), []).append(_Candidate(rank, item))
    submissions = [
        _choose(student, slug, items) for (student, slug), items in sorted(candidates.items())
    ]
    return submissions, sorted(ignored)


def choose(folder: Path, slug: str, student: str = "student") -> Submission | str:
    """Return the submission in a folder that is for one assignment alone.

    A single file needs no particular name there: other graders collect files that are named after
    students.

    Returns:
        The submission, or a sentence that says why there is none.
    """
    named, _ = find([folder], [slug]) if any(folder.iterdir()) else ([], [])
    if len(named) == 1:
        return dataclasses.replace(named[0], student=student)
    if named:
        several = ", ".join(submission.file for submission in named[:5])
        return f"there are several files for {slug} ({several}); hand in one {slug}.py or .ipynb"
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()]
    graded = [path for path in files if path.suffix.lower() in SUFFIXES]
    if len(graded) == 1:
        return of_file(graded[0], slug, student)
    names = ", ".join(_writable(path.name) for path in files[:5]) or "nothing"
    return f"there is no file named {slug}.py or {slug}.ipynb; what was handed in: {names}"


def of_file(path: Path, slug: str, student: str = "student") -> Submission:
    """Return a file as a submission to an assignment, whatever its name."""
    name = _writable(path.name)
    return Submission(student, slug, name, path.stat().st_size, path.read_bytes)


@dataclass(frozen=True)
class _Candidate:
    """A file for an assignment; the lower its rank, the nearer its name is to the exact one."""

    rank: int
    item: _Found


def _choose(student: str, slug: str, items: Sequence[_Candidate]) -> Submission:
    """Choose one file of a student's for an assignment."""
    # The exact name first; among the others the last one, which is the latest download.
    ordered = sorted(items, key=lambda each: each.item.path, reverse=True)
    ordered.sort(key=lambda each: each.rank)
    if len(ordered) > 1:
        # Students get a script and a notebook. The one that they do not use goes without saying.
        begun = [each for each in ordered if not is_skeleton(_submission(student, slug, each))]
        if not begun or begun[0].rank == _DAMAGED:
            # A damaged archive may hold anything; a file that can be graded comes first.
            begun = [ordered[0], *(each for each in begun if each is not ordered[0])]
        ordered = begun
    first, *others = ordered
    notes = []
    if first.rank in (2, 3):
        notes.append(f"taken for {slug}{PurePosixPath(first.item.path).suffix.lower()}")
    if others:
        names = ", ".join(PurePosixPath(other.item.path).name for other in others)
        notes.append(f"chosen among several files; not used: {names}")
    return _submission(student, slug, first, "; ".join(notes))


def _submission(student: str, slug: str, chosen: _Candidate, note: str = "") -> Submission:
    return Submission(
        *(_writable(student), slug, _writable(chosen.item.path)),
        *(chosen.item.size, chosen.item.read_bytes, _writable(note)),
    )


def is_skeleton(submission: Submission) -> bool:
    """Tell whether a file is still as it was given to students; reads it."""
    try:
        return is_untouched(submission.source())
    except SubmissionError:
        return False


def _writable(name: str) -> str:
    """Return a name that UTF-8 can write: a file system takes any bytes for a name."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _assignments_of(item: _Found, slugs: Sequence[str]) -> list[tuple[str, int]]:
    """Return the assignments that a file is for, with the rank of its name."""
    name = PurePosixPath(item.path).name
    if name.lower().endswith(".zip"):
        # A damaged archive: its student gets a result for whatever it should have held.
        slug, _ = match(f"{PurePosixPath(name).stem}.py", slugs)
        return [(each, _DAMAGED) for each in ([slug] if slug else slugs)]
    if _is_otter_test(item):
        return []
    slug, rank = match(name, slugs)
    return [(slug, rank)] if slug else []


def _under(path: Path, slugs: Sequence[str]) -> Iterator[_Found]:
    if not path.exists():
        raise GradpathError(f"{path} does not exist; give a file, a folder or a zip of submissions")
    if path.is_dir():
        yield from _in_folder(path, slugs)
    elif path.suffix.lower() == ".zip":
        yield from _in_archive(_Archive(path.name, path.read_bytes, path.stem), slugs)
    elif path.suffix.lower() in SUFFIXES:
        student = _student_of(path.resolve().parent, slugs)
        yield _Found(student, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise GradpathError(f"{path} is no .py, .ipynb or .zip file and no folder")


def _in_folder(folder: Path, slugs: Sequence[str]) -> Iterator[_Found]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if _is_passed_over(relative.parts) or path.is_symlink() or not path.is_file():
            continue
        # A folder given by itself is a student when files lie in it, else a folder of students.
        outer = _without_slugs(relative.parts[:-1], slugs)
        student = outer[0] if outer else _student_of(folder.resolve(), slugs)
        if path.suffix.lower() == ".zip":
            inside = len(relative.parts) > 1
            owner, whose = (student, CERTAIN) if inside else (path.stem, LIKELY)
            archive = _Archive(relative.as_posix(), path.read_bytes, owner, whose)
            yield from _archive_or_damaged(archive, slugs)
        elif path.suffix.lower() in SUFFIXES:
            yield _Found(student, relative.as_posix(), path.stat().st_size, path.read_bytes)


def _student_of(folder: Path, slugs: Sequence[str]) -> str:
    """Return the student whose folder this is: `s01` for `s01/` and for `s01/rosenbrock/`."""
    names = _without_slugs([each.name for each in (folder, *folder.parents)], slugs)
    return names[0] or "student"


def _without_slugs(folders: Iterable[str], slugs: Collection[str]) -> list[str]:
    """Leave out folders named after an assignment, as the students' bundles have them."""
    return [name for name in folders if name not in slugs]


def _is_passed_over(parts: Sequence[str]) -> bool:
    """Tell whether a path is of no interest: hidden, a cache, or an installed package."""
    return "site-packages" in parts or any(
        part.startswith((".", "__")) or part == "/" for part in parts
    )


def _is_otter_test(item: _Found) -> bool:
    """Tell whether a file is one of otter's tests, which stand beside a student's file.

    They are named after functions, and one of these is named as an assignment.
    """
    path = PurePosixPath(item.path)
    if path.parent.name != "tests" or path.suffix != ".py" or item.size > MAX_SCRIPT:
        return False
    try:
        return b"OK_FORMAT" in item.read_bytes()
    except Exception:  # `Submission.source` says why, if the file is chosen
        return False


UNKNOWN, LIKELY, CERTAIN = range(3)
"""How well it is known whose an archive is: it was given by itself, lies beside others, or lies in
a student's folder. What is in the last kind belongs to that student, whatever its folders say."""


@dataclass(frozen=True)
class _Archive:
    """A zip of submissions."""

    name: str
    read: Callable[[], bytes]
    student: str
    whose: int = UNKNOWN
    depth: int = 0


def _archive_or_damaged(archive: _Archive, slugs: Sequence[str]) -> Iterator[_Found]:
    try:
        yield from list(_in_archive(archive, slugs))
    except GradpathError as error:
        yield _Found(archive.student, archive.name, 0, _raise(SubmissionError(str(error))))


def _raise(error: Exception) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


def _in_archive(outer: _Archive, slugs: Sequence[str]) -> Iterator[_Found]:
    """List the files of a zip: `<student>/<slug>.py`, or one student's files.

    Members are read one by one into memory and never extracted: no path, link or mode in the
    archive means anything.
    """
    name = outer.name
    try:
        archive = zipfile.ZipFile(io.BytesIO(outer.read()))
    except Exception:  # zipfile's own errors, and what reading damaged headers leads to
        raise GradpathError(f"{name} is no zip file; pack it again or unpack it first") from None
    members = [info for info in archive.infolist() if not info.is_dir()]
    if not members:
        raise GradpathError(f"{name} is an empty zip; put the file to grade into it")
    if len(members) > MAX_ARCHIVE_FILES:
        raise GradpathError(f"{name} has {len(members)} files, {MAX_ARCHIVE_FILES} are allowed")
    paths = [PurePosixPath(info.filename.replace("\\", "/")).parts for info in members]
    wanted = [
        (parts, info)
        for parts, info in zip(paths, members, strict=True)
        if not _is_passed_over(parts) and parts[-1].lower().endswith((*SUFFIXES, ".zip"))
    ]
    folders = [_without_slugs(parts[:-1], slugs) for parts, _ in wanted]
    # People zip one folder as often as several files. So the folders that all files have in common
    # say nothing; the first one below them is a student's.
    common = _common_prefix(folders)
    alone = common[-1] if common and outer.whose == UNKNOWN else outer.student
    for (parts, info), inner in zip(wanted, folders, strict=True):
        below = [] if outer.whose == CERTAIN else inner[len(common) :]
        path, read = f"{name}/{'/'.join(parts)}", _reader(archive, info)
        if not parts[-1].lower().endswith(".zip"):
            yield _Found(below[0] if below else alone, path, info.file_size, read)
        elif outer.depth < MAX_ARCHIVE_DEPTH and info.file_size <= MAX_NOTEBOOK:
            if below or outer.whose == CERTAIN:
                owner, whose = (below[0] if below else alone), CERTAIN
            else:
                owner, whose = PurePosixPath(parts[-1]).stem, LIKELY
            nested = _Archive(path, read, owner, whose, outer.depth + 1)
            yield from _archive_or_damaged(nested, slugs)


def _common_prefix(paths: list[list[str]]) -> list[str]:
    first, last = (min(paths), max(paths)) if paths else ([], [])
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return [part for part, _ in same]


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    return lambda: archive.read(info)
