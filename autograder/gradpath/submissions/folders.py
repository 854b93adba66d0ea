"""Candidates in files and folders: a cohort's folder, one student's, or an unpacked download."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gradpath.errors import GradpathError
from gradpath.submissions.archives import Archive, Ownership, candidates_in, candidates_or_damage
from gradpath.submissions.candidates import (
    NO_ZIP,
    OTHER_ARCHIVES,
    Candidate,
    Ignored,
    candidate,
    is_otter_test,
    is_passed_over,
    without_slugs,
)
from gradpath.submissions.downloads import Download, Origin
from gradpath.submissions.names import SUFFIXES
from gradpath.submissions.zips import OnDisk

MAX_FOLDER_DEPTH: Final = 100


def candidates_under(path: Path, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    """List the candidates of a path that was given: a file, a folder or a zip.

    Raises:
        GradpathError: the path does not exist, or is no file, folder or zip.
    """
    if not path.exists():
        raise GradpathError(f"{path} does not exist; give a file, a folder or a zip of submissions")
    if path.is_dir():
        yield from _in_folder(path, slugs)
    elif path.suffix.lower() == ".zip":
        yield from candidates_in(Archive(path.name, OnDisk.at(path), path.stem), slugs)
    elif path.suffix.lower() in SUFFIXES:
        student = _student_of(path.resolve().parent, slugs)
        yield candidate(student, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise GradpathError(f"{path} is no .py, .ipynb or .zip file and no folder")


def _in_folder(folder: Path, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    files = []
    for relative in _files_below(folder):
        if isinstance(relative, Ignored):
            yield relative
        else:
            files.append(relative)
    download = Download({path.parts: (folder / path).read_bytes for path in files}, slugs)
    for relative in files:
        # The file of a group has an origin for each of its students.
        for origin in tuple(download.origins(relative.parts)) or (None,):
            yield from _at(folder, relative, origin, slugs)


def _at(
    folder: Path, relative: Path, origin: Origin | None, slugs: Sequence[str]
) -> Iterator[Candidate | Ignored]:
    path, name = folder / relative, relative.as_posix()
    suffix = path.suffix.lower()
    if origin is not None:
        student = origin.student
    else:
        # A folder given by itself is a student when files lie in it, else a folder of students.
        outer = without_slugs(relative.parts[:-1], slugs)
        student = outer[0] if outer else _student_of(folder.resolve(), slugs)
    if suffix == ".zip":
        is_inside = origin is not None or len(relative.parts) > 1
        owner = student if is_inside else path.stem
        ownership = Ownership.CERTAIN if is_inside else Ownership.LIKELY
        archive = Archive(name, OnDisk.at(path), owner, ownership, origin=origin)
        yield from candidates_or_damage(archive, slugs)
    elif suffix in SUFFIXES:
        test = origin is None and is_otter_test(relative.parts, lambda count: _head(path, count))
        size = path.stat().st_size
        yield candidate(student, name, size, path.read_bytes, is_otter_test=test, origin=origin)
    elif suffix in OTHER_ARCHIVES:
        yield Ignored(name, NO_ZIP)


def _files_below(folder: Path) -> Iterator[Path | Ignored]:
    """Yield the files below a folder that are of interest, in order; links are not followed."""
    # With a list of our own: pathlib and os.walk recurse, and folders may be nested very deep.
    waiting = [Path()]
    while waiting:
        relative = waiting.pop()
        path = folder / relative
        if is_passed_over(relative.parts):
            continue
        if len(relative.parts) > MAX_FOLDER_DEPTH:
            yield Ignored(str(relative), "too many folders inside one another")
            continue
        try:
            if relative.parts and path.is_symlink():
                continue
            if path.is_dir():
                waiting += [relative / name for name in sorted(os.listdir(path), reverse=True)]
            elif path.is_file():
                yield relative
        except OSError as error:
            yield Ignored(str(relative), f"it cannot be read ({error.strerror})")


def _head(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:  # `Submission.source` says why, if the file is chosen
        return b""


def _student_of(folder: Path, slugs: Sequence[str]) -> str:
    """Return the student of a folder: `s01` for `s01/` and for `s01/rosenbrock/`."""
    names = without_slugs([parent.name for parent in (folder, *folder.parents)], slugs)
    return names[0] or "student"
