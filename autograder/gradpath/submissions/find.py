"""Finding submissions: files, folders of students, and zips of either."""

from __future__ import annotations

import dataclasses
import io
import itertools
import os
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import ZipFile, ZipInfo

from gradpath.errors import GradpathError, SubmissionError
from gradpath.submissions.downloads import MAX_METADATA, Download, Origin, common_folders
from gradpath.submissions.names import SUFFIXES, match
from gradpath.submissions.submission import (
    _DAMAGED,
    MAX_NOTEBOOK,
    MAX_SCRIPT,
    Submission,
    of_file,
)
from gradpath.submissions.unchanged import is_untouched
from gradpath.submissions.zips import MAX_FILES, OnDisk, head, open_zip, read_member
from gradpath.text import shown_path, student_name, tidy

MAX_ARCHIVE_DEPTH: Final = 2
MAX_INNER_ZIP: Final = 20_000_000
MAX_INNER_ZIPS: Final = 200_000_000
"""Bytes of all zips inside one, on top of what ten times that one's own size is."""
MAX_FOLDER_DEPTH: Final = 100
MAX_LOOKED_INTO: Final = 10
"""Files of one student for one assignment that are read to see which one was worked on."""
MAX_NAMED: Final = 5

_MAX_SKELETON: Final = 100_000
_OTHER_ARCHIVES: Final = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz")
_OTTER_TEST: Final = b"OK_FORMAT"
_HEAD: Final = 4096
"""Bytes of a file that show whether it is one of otter's tests."""


@dataclass(frozen=True)
class _Found:
    """A file that may be a submission.

    `claim` says how far off it is known whose it is: 0 for what lies in a student's own folder or
    archive, more for what only folders inside of an archive say. Anybody can write those.
    """

    student: str
    path: str
    size: int
    read_bytes: Callable[[], bytes]
    claim: int = 0
    is_otter_test: bool = False
    origin: Origin | None = None
    """What a course site says about the file."""

    @property
    def name(self) -> str:
        """The file's name as the student had it."""
        return self.origin.file if self.origin else PurePosixPath(self.path).name

    @property
    def age(self) -> tuple[tuple[int, int], str]:
        """What sorts a student's files of one name, the newest last."""
        return self.origin.age if self.origin else (0, 0), self.path


def _found(
    student: str,
    path: str,
    size: int,
    read_bytes: Callable[[], bytes],
    claim: int = 0,
    *,
    otter_test: bool = False,
    origin: Origin | None = None,
) -> _Found:
    return _Found(
        student_name(student), shown_path(path), size, read_bytes, claim, otter_test, origin
    )


@dataclass(frozen=True)
class _LeftOut:
    """A line about a file that looked like something to grade, and is not."""

    path: str
    why: str


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
    candidates: dict[tuple[str, str], list[_Candidate]] = {}
    unnamed: dict[str, list[_Found]] = {}
    ignored = []
    for item in itertools.chain.from_iterable(_under(path, slugs) for path in paths):
        if isinstance(item, _LeftOut):
            ignored.append(f"{shown_path(item.path)}: {item.why}, left out")
            continue
        named = _assignments_of(item, slugs)
        if not named and item.origin:
            unnamed.setdefault(item.student, []).append(item)
        elif not named and not item.is_otter_test:
            ignored.append(f"{item.path}: not named after an assignment, left out")
        for slug, rank in named:
            if not only or slug in only:
                candidates.setdefault((item.student, slug), []).append(_Candidate(rank, item))
    have = {student for student, _ in candidates}
    for student, others in unnamed.items():
        alone = _only_file(others) if len(only) == 1 and student not in have else None
        if alone is not None:
            candidates[student, only[0]] = [_Candidate(2, alone)]
        ignored += [
            f"{each.path}: not named after an assignment, left out"
            + ("" if student in have or alone else f"; {student} has no other file")
            for each in others
            if each is not alone and not each.is_otter_test
        ]
    submissions = []
    for (student, slug), items in sorted(candidates.items()):
        closest = min(each.item.claim for each in items)
        submissions.append(
            _choose(student, slug, [each for each in items if each.item.claim == closest])
        )
        ignored += [
            f"{each.item.path}: {student} has handed in another file for {slug}, left out"
            for each in items
            if each.item.claim > closest and each.rank != _DAMAGED
        ]
    return submissions, sorted(ignored)


def _only_file(items: Sequence[_Found]) -> _Found | None:
    """Return the file that must be the one for the only assignment, whatever it is called.

    A script beside a notebook may be a module of the student's own.
    """
    graded = [each for each in items if each.name.lower().endswith(SUFFIXES)]
    newest = {each.name: each for each in sorted(graded, key=lambda each: each.age)}
    notebooks = [each for name, each in newest.items() if name.lower().endswith(".ipynb")]
    alone = notebooks or list(newest.values())
    return alone[0] if len(alone) == 1 else None


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
        several = ", ".join(submission.file for submission in named[:MAX_NAMED])
        return f"there are several files for {slug} ({several}); hand in one {slug}.py or .ipynb"
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()]
    graded = [path for path in files if path.suffix.lower() in SUFFIXES]
    if len(graded) == 1:
        return of_file(graded[0], slug, student)
    names = ", ".join(shown_path(path.name) for path in files[:MAX_NAMED]) or "nothing"
    return f"there is no file named {slug}.py or {slug}.ipynb; what was handed in: {names}"


@dataclass(frozen=True)
class _Candidate:
    """A file for an assignment; the lower its rank, the nearer its name is to the exact one."""

    rank: int
    item: _Found


def _choose(student: str, slug: str, items: Sequence[_Candidate]) -> Submission:
    """Choose one file of a student's for an assignment."""
    # The exact name first; among the others the last one, which is the latest download. Of several
    # entries of one name in a zip, the last one is the latest as well. Course sites number them.
    ordered = sorted(items, key=lambda each: each.item.age)
    ordered.reverse()
    ordered.sort(key=lambda each: each.rank)
    if len(ordered) > 1:
        # Students get a script and a notebook. The one that they do not use goes without saying.
        begun = [
            each
            for each in ordered[:MAX_LOOKED_INTO]
            if not is_skeleton(_submission(student, slug, each))
        ] + ordered[MAX_LOOKED_INTO:]
        if not begun or begun[0].rank == _DAMAGED:
            # A damaged archive may hold anything; a file that can be graded comes first.
            begun = [ordered[0], *(each for each in begun if each is not ordered[0])]
        ordered = begun
    first, *others = ordered
    notes = []
    if first.rank in (2, 3):
        notes.append(f"taken for {slug}{PurePosixPath(first.item.name).suffix.lower()}")
    if others:
        names = [PurePosixPath(other.item.path).name for other in others[:MAX_NAMED]]
        if len(others) > MAX_NAMED:
            names.append(f"and {len(others) - MAX_NAMED} more")
        notes.append(f"chosen among several files; not used: {', '.join(names)}")
    return _submission(student, slug, first, "; ".join(notes))


def _submission(student: str, slug: str, chosen: _Candidate, note: str = "") -> Submission:
    item, origin = chosen.item, chosen.item.origin
    submitted, late = (origin.submitted, origin.late) if origin else (None, False)
    return Submission(student, slug, item.path, item.size, item.read_bytes, note, submitted, late)


def is_skeleton(submission: Submission) -> bool:
    """Tell whether a file is still as it was given to students; reads it."""
    if submission.file.lower().endswith(".py") and submission.size > _MAX_SKELETON:
        return False
    try:
        return is_untouched(submission.source())
    except SubmissionError:
        return False


def _assignments_of(item: _Found, slugs: Sequence[str]) -> list[tuple[str, int]]:
    """Return the assignments that a file is for, with the rank of its name."""
    name = item.name
    if item.path.lower().endswith(".zip"):
        # A damaged archive: its student gets a result for whatever it should have held.
        slug, _ = match(f"{PurePosixPath(name).stem}.py", slugs)
        return [(each, _DAMAGED) for each in ([slug] if slug else slugs)]
    if item.is_otter_test:
        return []
    slug, rank = match(name, slugs)
    return [(slug, rank)] if slug else []


def _under(path: Path, slugs: Sequence[str]) -> Iterator[_Found | _LeftOut]:
    if not path.exists():
        raise GradpathError(f"{path} does not exist; give a file, a folder or a zip of submissions")
    if path.is_dir():
        yield from _in_folder(path, slugs)
    elif path.suffix.lower() == ".zip":
        archive = _Archive(path.name, OnDisk.at(path), path.stem)
        yield from _in_archive(archive, slugs)
    elif path.suffix.lower() in SUFFIXES:
        student = _student_of(path.resolve().parent, slugs)
        yield _found(student, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise GradpathError(f"{path} is no .py, .ipynb or .zip file and no folder")


def _in_folder(folder: Path, slugs: Sequence[str]) -> Iterator[_Found | _LeftOut]:
    files = []
    for relative in _files_below(folder):
        if isinstance(relative, _LeftOut):
            yield relative
        else:
            files.append(relative)
    download = Download({each.parts: (folder / each).read_bytes for each in files}, slugs)
    for relative in files:
        path, name = folder / relative, relative.as_posix()
        suffix = path.suffix.lower()
        if origins := download.origins(relative.parts):
            for origin in origins:
                if suffix == ".zip":
                    archive = _Archive(
                        name, OnDisk.at(path), origin.student, CERTAIN, origin=origin
                    )
                    yield from _archive_or_damaged(archive, slugs)
                elif suffix in SUFFIXES:
                    size = path.stat().st_size
                    yield _found(origin.student, name, size, path.read_bytes, origin=origin)
                elif suffix in _OTHER_ARCHIVES:
                    yield _LeftOut(name, "an archive that is no zip")
            continue
        # A folder given by itself is a student when files lie in it, else a folder of students.
        outer = _without_slugs(relative.parts[:-1], slugs)
        student = outer[0] if outer else _student_of(folder.resolve(), slugs)
        if suffix == ".zip":
            inside = len(relative.parts) > 1
            owner, whose = (student, CERTAIN) if inside else (path.stem, LIKELY)
            archive = _Archive(name, OnDisk.at(path), owner, whose)
            yield from _archive_or_damaged(archive, slugs)
        elif suffix in SUFFIXES:
            test = _may_be_otter_test(relative.parts) and _OTTER_TEST in _head(path)
            size = path.stat().st_size
            yield _found(student, name, size, path.read_bytes, otter_test=test)
        elif suffix in _OTHER_ARCHIVES:
            yield _LeftOut(name, "an archive that is no zip")


def _files_below(folder: Path) -> Iterator[Path | _LeftOut]:
    """Yield the files below a folder that are of interest, in order; links are not followed."""
    # With a list of our own: pathlib and os.walk recurse, and folders may be nested very deep.
    waiting = [Path()]
    while waiting:
        relative = waiting.pop()
        path = folder / relative
        if _is_passed_over(relative.parts):
            continue
        if len(relative.parts) > MAX_FOLDER_DEPTH:
            yield _LeftOut(str(relative), "too many folders inside one another")
            continue
        try:
            if relative.parts and path.is_symlink():
                continue
            if path.is_dir():
                waiting += [relative / name for name in sorted(os.listdir(path), reverse=True)]
            elif path.is_file():
                yield relative
        except OSError as error:
            yield _LeftOut(str(relative), f"it cannot be read ({error.strerror})")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:  # `Submission.source` says why, if the file is chosen
        return b""


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


def _may_be_otter_test(parts: Sequence[str]) -> bool:
    """Tell whether a file may be one of otter's tests, which stand beside a student's file.

    They are named after functions, and one of these is named as an assignment.
    """
    return len(parts) > 1 and parts[-2] == "tests" and parts[-1].endswith(".py")


UNKNOWN, LIKELY, CERTAIN = range(3)
"""How well it is known whose an archive is: it was given by itself, lies beside others, or lies in
a student's folder. What is in the last kind belongs to that student, whatever its folders say."""


@dataclass
class _Left:
    """What archives inside one another may still hold, all together: entries, or bytes."""

    amount: int


@dataclass(frozen=True)
class _Archive:
    """A zip of submissions; `claim` is how far off it is known whose it is, as in `_Found`."""

    name: str
    file: OnDisk
    student: str
    whose: int = UNKNOWN
    depth: int = 0
    claim: int = 0
    files: _Left | None = None
    bytes: _Left | None = None
    origin: Origin | None = None


def _archive_or_damaged(archive: _Archive, slugs: Sequence[str]) -> Iterator[_Found | _LeftOut]:
    try:
        yield from list(_in_archive(archive, slugs))
    except (GradpathError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else tidy(str(error), 300)
        problem = SubmissionError(reason or "the zip cannot be read")
        origin = archive.origin
        yield _found(
            archive.student, archive.name, 0, _raise(problem), archive.claim, origin=origin
        )


def _raise(error: Exception) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read


def _in_archive(outer: _Archive, slugs: Sequence[str]) -> Iterator[_Found | _LeftOut]:
    """List the files of a zip: `<student>/<slug>.py`, or one student's files.

    Members are read one by one into memory and never extracted: no path, link or mode in the
    archive means anything.
    """
    name = shown_path(outer.name)
    files = outer.files or _Left(MAX_FILES)
    # Archives inside of a cohort's are packed already: together they are about as large.
    left = outer.bytes or _Left(MAX_INNER_ZIPS + 10 * outer.file.seek(0, io.SEEK_END))
    archive = open_zip(outer.file, name, files.amount)
    entries = archive.infolist()
    files.amount -= len(entries)
    members = [info for info in entries if not info.filename.endswith("/")]
    if not members:
        raise GradpathError(f"{name} is an empty zip; put the file to grade into it")
    wanted = [
        (parts, info)
        for info in members
        if (parts := _parts(info.filename)) and not _is_passed_over(parts)
        if parts[-1].lower().endswith((*SUFFIXES, ".zip", *_OTHER_ARCHIVES))
    ]
    if not wanted:
        if match(f"{PurePosixPath(name).stem}.py", slugs)[0]:
            raise GradpathError(f"{name} holds no .py or .ipynb file; zip the file to grade")
        yield _LeftOut(name, "a zip without anything to grade")
    download = Download({}, slugs)
    if outer.whose == UNKNOWN:
        about = {
            parts: _reader(archive, info, MAX_METADATA)
            for info in members
            if (parts := _parts(info.filename))
        }
        download = Download(about, slugs)
    folders = [_without_slugs(parts[:-1], slugs) for parts, _ in wanted]
    # People zip one folder as often as several files. So the folders that all files have in common
    # say nothing; the first one below them is a student's.
    common = common_folders(folders)
    alone = common[-1] if common and outer.whose == UNKNOWN else outer.student
    for (parts, info), inner in zip(wanted, folders, strict=True):
        below = [] if outer.whose == CERTAIN else inner[len(common) :]
        owner = below[0] if below else alone
        claim = outer.claim if owner == outer.student else outer.depth + 1
        path = f"{name}/{'/'.join(parts)}"
        suffix = PurePosixPath(parts[-1]).suffix.lower()
        read = _reader(archive, info, MAX_NOTEBOOK if suffix == ".ipynb" else MAX_SCRIPT)
        origins = download.origins(parts)
        if outer.origin is not None:
            origins = [dataclasses.replace(outer.origin, file=parts[-1])]
        if origins and suffix in SUFFIXES:
            for origin in origins:
                yield _found(origin.student, path, info.file_size, read, claim, origin=origin)
        elif suffix == ".zip":
            certain = bool(origins or below) or outer.whose == CERTAIN
            left.amount -= info.file_size
            problem = _problem_inside(outer, info, left)
            named = owner if certain else PurePosixPath(parts[-1]).stem
            whose: Sequence[tuple[str, Origin | None]] = [(each.student, each) for each in origins]
            for student, said in whose or [(named, None)]:
                nested = _Archive(
                    path,
                    _inside(archive, info),
                    student,
                    CERTAIN if certain else LIKELY,
                    outer.depth + 1,
                    claim if certain else outer.depth + 1,
                    # Where many students' archives lie in one, each may hold what one may.
                    None if outer.whose == UNKNOWN else files,
                    left,
                    said,
                )
                if problem:
                    error = SubmissionError(f"{path} {problem}")
                    yield _found(student, path, 0, _raise(error), nested.claim, origin=said)
                else:
                    yield from _archive_or_damaged(nested, slugs)
        elif suffix in SUFFIXES:
            test = _may_be_otter_test(parts) and _OTTER_TEST in head(archive, info, _HEAD)
            yield _found(owner, path, info.file_size, read, claim, otter_test=test)
        else:
            yield _LeftOut(path, "an archive that is no zip")


def _problem_inside(outer: _Archive, info: ZipInfo, left: _Left) -> str:
    """Say why a zip inside of a zip is not looked into; nothing if it is."""
    if outer.depth >= MAX_ARCHIVE_DEPTH:
        return "is a zip in a zip in a zip; pack the files themselves"
    if info.file_size > MAX_INNER_ZIP:
        size, most = info.file_size / 1e6, MAX_INNER_ZIP / 1e6
        return f"has {size:.1f} MB, {most:g} MB are allowed for a zip in a zip; unpack it first"
    if left.amount < 0:
        return "is one of too many zips inside one zip; unpack that one first"
    return ""


def _parts(name: str) -> tuple[str, ...]:
    """Return the names in a member's path, without what would lead to some other place."""
    plain = _DRIVE.sub("", name.replace("\\", "/"))
    return tuple(part for part in plain.split("/") if part not in ("", ".", ".."))


_DRIVE: Final = re.compile(r"^(?:[A-Za-z]:)+")


def _reader(archive: ZipFile, info: ZipInfo, limit: int) -> Callable[[], bytes]:
    return lambda: read_member(archive, info, limit)


class _Recent:
    """Keeps the few archives inside of archives that were read last: all of them are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def get(self, key: int, read: Callable[[], bytes]) -> bytes:
        """Return what `read` gives, or gave a short time ago."""
        with self._lock:
            data = self._held.pop(key, None)
        if data is None:
            data = read()  # which may ask for the archive around this one
        with self._lock:
            self._held[key] = data
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]
            return data


_recent: Final = _Recent(4)
_keys: Final = itertools.count()


def _inside(archive: ZipFile, info: ZipInfo) -> OnDisk:
    """Return a zip that is a member of another one, as a file."""
    key, read = next(_keys), _reader(archive, info, MAX_INNER_ZIP)

    def part(position: int, count: int) -> bytes:
        return _recent.get(key, read)[position : position + count]

    return OnDisk(part, info.file_size)
