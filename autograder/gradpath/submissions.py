"""Finding submissions: files, folders of students, and zips of either."""

from __future__ import annotations

import io
import tokenize
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from gradpath.engine.incoming import tidy
from gradpath.engine.session import Source
from gradpath.errors import GradpathError, SubmissionError
from gradpath.names import SUFFIXES, match
from gradpath.notebooks import read_cells
from gradpath.protocol import Cell

MAX_SCRIPT: Final = 1_000_000
MAX_NOTEBOOK: Final = 20_000_000
MAX_ARCHIVE_FILES: Final = 50_000
MAX_ARCHIVE_DEPTH: Final = 2
ENCODINGS: Final = ("utf-8", "utf-8-sig", "ascii", "iso-8859-1", "iso-8859-15", "cp1252")
"""What a coding line may name. Python has codecs that take minutes for a page of text."""


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
    chosen: dict[tuple[str, str], list[tuple[int, _Found, str]]] = {}
    ignored = []
    for item in found:
        named = _assignments_of(item, slugs)
        if not named:
            ignored.append(f"{item.path}: not named after an assignment, left out")
        for slug, rank in named:
            if not only or slug in only:
                chosen.setdefault((item.student, slug), []).append((rank, item, slug))
    submissions = []
    for (student, slug), items in sorted(chosen.items()):
        # The exact name first; among the others the last one, which is the latest download.
        items.sort(key=lambda entry: entry[1].path, reverse=True)
        items.sort(key=lambda entry: entry[0])
        rank, item, _ = items[0]
        notes = (
            [f"taken for {slug}{PurePosixPath(item.path).suffix.lower()}"] if rank in (2, 3) else []
        )
        if len(items) > 1:
            others = ", ".join(PurePosixPath(other.path).name for _, other, _ in items[1:])
            notes.append(f"chosen among several files; not used: {others}")
        submissions.append(
            Submission(
                *(_writable(student), slug, _writable(item.path)),
                *(item.size, item.read_bytes, _writable("; ".join(notes))),
            )
        )
    return submissions, sorted(ignored)


def _writable(name: str) -> str:
    """Return a name that UTF-8 can write: a file system takes any bytes for a name."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _assignments_of(item: _Found, slugs: Sequence[str]) -> list[tuple[str, int]]:
    """Return the assignments that a file is for, with the rank of its name."""
    name = PurePosixPath(item.path).name
    if name.lower().endswith(".zip"):
        # A damaged archive: its student gets a result for whatever it should have held.
        slug, _ = match(f"{PurePosixPath(name).stem}.py", slugs)
        return [(each, 9) for each in ([slug] if slug else slugs)]
    slug, rank = match(name, slugs)
    return [(slug, rank)] if slug else []


def _under(path: Path, slugs: Sequence[str]) -> Iterator[_Found]:
    if not path.exists():
        raise GradpathError(f"{path} does not exist; give a file, a folder or a zip of submissions")
    if path.is_dir():
        yield from _in_folder(path, slugs)
    elif path.suffix.lower() == ".zip":
        yield from _in_archive(path.name, path.stem, path.read_bytes, 0)
    elif path.suffix.lower() in SUFFIXES:
        student = path.resolve().parent.name or "student"
        yield _Found(student, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise GradpathError(f"{path} is no .py, .ipynb or .zip file and no folder")


def _in_folder(folder: Path, slugs: Sequence[str]) -> Iterator[_Found]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if any(part.startswith((".", "__")) for part in relative.parts) or path.is_symlink():
            continue
        if not path.is_file():
            continue
        # A folder given by itself is a student when files lie in it, else a folder of students.
        student = relative.parts[0] if len(relative.parts) > 1 else folder.resolve().name
        if path.suffix.lower() == ".zip":
            name = student if len(relative.parts) > 1 else path.stem
            yield from _archive_or_damaged(relative.as_posix(), name, path.read_bytes)
        elif path.suffix.lower() in SUFFIXES:
            yield _Found(student, relative.as_posix(), path.stat().st_size, path.read_bytes)


def _archive_or_damaged(
    name: str, student: str, read: Callable[[], bytes], depth: int = 0
) -> Iterator[_Found]:
    try:
        yield from list(_in_archive(name, student, read, depth))
    except GradpathError as error:
        yield _Found(student, name, 0, _raise(SubmissionError(str(error))))


def _raise(error: Exception) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


def _in_archive(name: str, student: str, read: Callable[[], bytes], depth: int) -> Iterator[_Found]:
    """List the files of a zip: `<student>/<slug>.py`, or one student's files.

    Members are read one by one into memory and never extracted: no path, link or mode in the
    archive means anything.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(read()))
    except Exception:  # zipfile's own errors, and what reading damaged headers leads to
        raise GradpathError(f"{name} is no zip file; pack it again or unpack it first") from None
    members = [info for info in archive.infolist() if not info.is_dir()]
    if not members:
        raise GradpathError(f"{name} is an empty zip; put the file to grade into it")
    if len(members) > MAX_ARCHIVE_FILES:
        raise GradpathError(f"{name} has {len(members)} files, {MAX_ARCHIVE_FILES} are allowed")
    for info in members:
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if any(part.startswith((".", "__")) or part == "/" for part in parts):
            continue
        owner = parts[-2] if len(parts) > 1 and not _one_student(members) else student
        suffix = PurePosixPath(parts[-1]).suffix.lower()
        path = f"{name}/{'/'.join(parts)}"
        if suffix == ".zip" and depth < MAX_ARCHIVE_DEPTH and info.file_size <= MAX_NOTEBOOK:
            inner = PurePosixPath(parts[-1]).stem
            yield from _archive_or_damaged(path, inner, _reader(archive, info), depth + 1)
        elif suffix in SUFFIXES:
            yield _Found(owner, path, info.file_size, _reader(archive, info))


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    return lambda: archive.read(info)


def _one_student(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell whether the archive holds files of one student: none of them in a folder."""
    return all("/" not in info.filename.strip("/") for info in members)
