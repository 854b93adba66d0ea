"""Candidates in a zip: a cohort's, one student's, or a course site's download, packed.

`gradpath.submissions.zips` opens zips and reads their members; here it is decided which student
each member belongs to. Members are read one by one into memory and never extracted: no path, link
or mode in an archive means anything.
"""

from __future__ import annotations

import dataclasses
import enum
import io
import itertools
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZipFile, ZipInfo

from gradpath.errors import GradpathError, SubmissionError
from gradpath.submissions.candidates import (
    NOT_NAMED,
    OTHER_ARCHIVES,
    TARS,
    Candidate,
    Ignored,
    candidate,
    is_otter_test,
    is_passed_over,
    other_file,
    without_slugs,
)
from gradpath.submissions.downloads import MAX_METADATA, Download, Origin, common_folders
from gradpath.submissions.names import match, shown_path, stem_of, suffix_of
from gradpath.submissions.submission import MAX_NOTEBOOK, MAX_SCRIPT
from gradpath.submissions.zips import (
    MAX_FILES,
    OnDisk,
    head,
    open_zip,
    read_member,
    zip_of_tar,
)
from gradpath.text import tidy

MAX_ARCHIVE_DEPTH: Final = 2
MAX_INNER_ZIP: Final = 20_000_000
MAX_INNER_ZIPS: Final = 200_000_000
"""Bytes of all zips inside one, on top of ten times that one's own size."""
_DRIVE: Final = re.compile(r"^(?:[A-Za-z]:)+")

_Parts = tuple[str, ...]


class Ownership(enum.Enum):
    """How well the student of an archive is known, from the place of the archive."""

    UNKNOWN = enum.auto()
    """It was given by itself."""
    LIKELY = enum.auto()
    """It lies beside others, and its name is its student's."""
    CERTAIN = enum.auto()
    """It lies in a student's folder: all in it is that student's; its folders may say otherwise."""


@dataclass
class _Allowance:
    """The entries, or bytes, that archives inside one another may still hold all together."""

    amount: int


@dataclass(frozen=True)
class Archive:
    """A zip of submissions.

    Attributes:
        name: its path, for messages.
        file: its bytes.
        student: its student, as far as its place says.
        ownership: how well that is known.
        depth: zips around it.
        distance: as of a `Candidate`.
        files: entries that are left; an allowance of its own where there is none.
        bytes: bytes of zips inside that are left; likewise.
        origin: as of a `Candidate`.
    """

    name: str
    file: OnDisk
    student: str
    ownership: Ownership = Ownership.UNKNOWN
    depth: int = 0
    distance: int = 0
    files: _Allowance | None = None
    bytes: _Allowance | None = None
    origin: Origin | None = None


def candidates_or_damage(archive: Archive, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    """List the candidates of a zip; one that cannot be read is a candidate that says so."""
    try:
        yield from list(candidates_in(archive, slugs))
    except (GradpathError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else tidy(str(error), 300)
        yield _damaged(archive, reason or "the zip cannot be read")


def candidates_in(archive: Archive, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    """List the files of a zip: `<student>/<slug>.py`, or one student's files.

    Raises:
        GradpathError: it is no zip, too large, or without a file to grade.
    """
    name = shown_path(archive.name)
    size = archive.file.seek(0, io.SEEK_END)
    files = archive.files or _Allowance(MAX_FILES)
    # Archives inside of a cohort's are packed already: together they are about as large.
    inner_bytes = archive.bytes or _Allowance(MAX_INNER_ZIPS + 10 * size)
    opened = open_zip(archive.file, name, files.amount)
    entries = opened.infolist()
    files.amount -= len(entries)
    members = [info for info in entries if not info.filename.endswith("/")]
    if not members:
        raise GradpathError(f"{name} is an empty zip; put the file to grade into it")
    seen = [
        (parts, info)
        for info in members
        if (parts := _parts(info.filename)) and not is_passed_over(parts)
    ]
    wanted = [(parts, info) for parts, info in seen if is_of_interest(parts[-1])]
    is_download = archive.ownership is Ownership.UNKNOWN
    if not is_download and not wanted:
        if match(f"{stem_of(PurePosixPath(name).name)}.py", slugs)[0]:
            raise GradpathError(f"{name} holds no .py or .ipynb file; zip the file to grade")
        problem = "a zip without anything to grade"
        yield other_file(archive.student, name, problem, origin=archive.origin)
    download = _download(opened, members if is_download else [], slugs)
    folders = [without_slugs(parts[:-1], slugs) for parts, _ in wanted]
    # People zip one folder as often as several files. So the folders that all files have in common
    # say nothing; the first one below them is a student's.
    common = common_folders(folders)
    alone = common[-1] if common and is_download else archive.student
    # One zip in a student's is a part of that; several are those of several students.
    packed = [parts for parts, _ in wanted if not suffix_of(parts[-1])]
    is_alone = archive.ownership is Ownership.LIKELY and not 1 < len(packed) == len(wanted)
    places = _Places.among([parts for parts, _ in seen], archive, slugs)
    zip_file = _OpenedZip(archive, name, opened, files, inner_bytes, slugs)
    for (parts, info), inner in zip(wanted, folders, strict=True):
        below = [] if archive.ownership is Ownership.CERTAIN else inner[len(common) :]
        origins = download.origins(parts)
        if archive.origin is not None:
            origins = [dataclasses.replace(archive.origin, file=parts[-1])]
        owner, is_known = (below[0], True) if below else (alone, is_alone)
        if not origins and suffix_of(parts[-1]) and not match(parts[-1], slugs)[0]:
            owner = places.owner(inner) or ""
        yield from zip_file.candidates(parts, info, owner, origins, is_known=is_known)
    if is_download:
        others = [parts for parts, _ in seen if not is_of_interest(parts[-1])]
        yield from _others(archive, others, places, download, slugs)


def is_of_interest(name: str) -> bool:
    """Tell whether a file of this name can be graded, or holds files that can, or might."""
    return bool(suffix_of(name)) or name.lower().endswith((".zip", *TARS, *OTHER_ARCHIVES))


@dataclass(frozen=True)
class _Places:
    """The place of students' folders among the folders of an archive.

    Attributes:
        archive: the archive.
        common: the folders around students' folders.
        are_students: whether there are folders of students at all.
    """

    archive: Archive
    common: Sequence[str]
    are_students: bool

    @classmethod
    def among(cls, paths: Sequence[_Parts], archive: Archive, slugs: Sequence[str]) -> _Places:
        """Find the place, from the files that are named after assignments if there are any."""
        every = [without_slugs(parts[:-1], slugs) for parts in paths]
        named = [
            folder
            for parts, folder in zip(paths, every, strict=True)
            if match(f"{stem_of(parts[-1])}.py", slugs)[0]
        ]
        common = common_folders(named or every)
        below = {tuple(folder[: len(common) + 1]) for folder in named or every}
        are_students = archive.ownership is not Ownership.CERTAIN
        is_alone = len(below) < 2
        if is_alone or (tuple(common) in below and len(below) == 2 and named):
            # One student's work: the innermost folder around it is the student's, if there is one
            # and nobody has named the archive's student.
            are_students &= bool(common)
            are_students &= not is_alone or archive.ownership is Ownership.UNKNOWN
            common = common[:-1]
        return cls(archive, common, are_students)

    def owner(self, folder: Sequence[str]) -> str | None:
        """Return the student of a file in this folder; None if it lies outside of all students'."""
        level = len(self.common)
        if not self.are_students:
            return self.archive.student
        inside = folder[:level] == self.common and len(folder) > level
        return folder[level] if inside else None


def _others(
    archive: Archive,
    paths: Sequence[_Parts],
    places: _Places,
    download: Download,
    slugs: Sequence[str],
) -> Iterator[Candidate]:
    """List the files of a cohort's zip that cannot be graded, with their students."""
    for parts in paths:
        path = f"{archive.name}/{'/'.join(parts)}"
        origins = download.origins(parts)
        for origin in origins:
            yield other_file(origin.student, path, origin=origin)
        owner = None if download.is_one else places.owner(without_slugs(parts[:-1], slugs))
        if owner is not None and (
            places.are_students or match(f"{stem_of(parts[-1])}.py", slugs)[0]
        ):
            yield other_file(owner, path)


def _download(archive: ZipFile, members: Sequence[ZipInfo], slugs: Sequence[str]) -> Download:
    files = {
        parts: _reader(archive, info, MAX_METADATA)
        for info in members
        if (parts := _parts(info.filename))
    }
    return Download(files, slugs)


@dataclass(frozen=True)
class _OpenedZip:
    """A zip whose members are listed."""

    archive: Archive
    name: str
    opened: ZipFile
    files: _Allowance
    inner_bytes: _Allowance
    slugs: Sequence[str]

    def candidates(
        self, parts: _Parts, info: ZipInfo, owner: str, origins: Sequence[Origin], *, is_known: bool
    ) -> Iterator[Candidate | Ignored]:
        """List the candidates of a member.

        Args:
            owner: the student, as far as its folders say.
            origins: the students that a course site names.
            is_known: whether a folder says that it is this student's.
        """
        path = f"{self.name}/{'/'.join(parts)}"
        name, suffix = parts[-1].lower(), suffix_of(parts[-1])
        is_own = owner == self.archive.student
        distance = self.archive.distance if is_own else self.archive.depth + 1
        if name.endswith((".zip", *TARS)):
            is_known |= bool(origins) or self.archive.ownership is Ownership.CERTAIN
            if not is_known:
                owner, distance = stem_of_archive(parts[-1]), self.archive.depth + 1
            nested = self._nested(path, info, owner, distance, is_known=is_known)
            problem = self._problem_inside(info)
            for origin in tuple(origins) or (None,):
                if origin is not None:
                    nested = dataclasses.replace(nested, student=origin.student, origin=origin)
                if problem:
                    yield _damaged(nested, f"{path} {problem}")
                else:
                    yield from candidates_or_damage(nested, self.slugs)
        elif suffix and not owner and not origins:
            yield Ignored(path, NOT_NAMED)
        elif suffix:
            limit = MAX_NOTEBOOK if suffix == ".ipynb" else MAX_SCRIPT
            read = _reader(self.opened, info, limit)
            for origin in origins:
                yield candidate(origin.student, path, info.file_size, read, distance, origin=origin)
            if not origins:
                test = is_otter_test(parts, lambda count: head(self.opened, info, count))
                yield candidate(owner, path, info.file_size, read, distance, is_otter_test=test)
        else:
            for origin in tuple(origins) or (None,):
                yield other_file(origin.student if origin else owner, path, origin=origin)

    def _nested(
        self, path: str, info: ZipInfo, owner: str, distance: int, *, is_known: bool
    ) -> Archive:
        self.inner_bytes.amount -= info.file_size
        return Archive(
            path,
            _inner_file(self.opened, info, path),
            owner,
            Ownership.CERTAIN if is_known else Ownership.LIKELY,
            self.archive.depth + 1,
            distance,
            # Where many students' archives lie in one, each may hold as much as one may.
            None if self.archive.ownership is Ownership.UNKNOWN else self.files,
            self.inner_bytes,
        )

    def _problem_inside(self, info: ZipInfo) -> str:
        """Return the reason why a zip inside of this one is not opened; empty if it is."""
        if self.archive.depth >= MAX_ARCHIVE_DEPTH:
            return "is a zip in a zip in a zip; pack the files themselves"
        if info.file_size > MAX_INNER_ZIP:
            size, most = info.file_size / 1e6, MAX_INNER_ZIP / 1e6
            return f"has {size:.1f} MB, {most:g} MB are allowed for a zip in a zip; unpack it first"
        if self.inner_bytes.amount < 0:
            return "is one of too many zips inside one zip; unpack that one first"
        return ""


def _damaged(archive: Archive, reason: str) -> Candidate:
    def read() -> bytes:
        raise SubmissionError(reason)

    return candidate(
        archive.student, archive.name, 0, read, archive.distance, origin=archive.origin
    )


def _parts(name: str) -> _Parts:
    """Return the names in a member's path; none of them leads to some other place."""
    plain = _DRIVE.sub("", name.replace("\\", "/"))
    return tuple(part for part in plain.split("/") if part not in ("", ".", ".."))


def _reader(archive: ZipFile, info: ZipInfo, limit: int) -> Callable[[], bytes]:
    return lambda: read_member(archive, info, limit)


class _RecentArchives:
    """The few archives inside of archives that were read last; memory has no room for all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def get(self, key: int, read: Callable[[], bytes]) -> bytes:
        """Return the bytes that `read` gives, or gave a short time ago."""
        with self._lock:
            data = self._held.pop(key, None)
        if data is None:
            data = read()  # which may ask for the archive around this one
        with self._lock:
            self._held[key] = data
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]
            return data


_recent: Final = _RecentArchives(4)
_keys: Final = itertools.count()


def _inner_file(archive: ZipFile, info: ZipInfo, path: str) -> OnDisk:
    """Return a zip or tar that is a member of a zip, as a zip."""
    read = _reader(archive, info, MAX_INNER_ZIP)
    return as_zip(path, read) if path.lower().endswith(TARS) else _cached(read, info.file_size)


def as_zip(name: str, read: Callable[[], bytes]) -> OnDisk:
    """Return a tar as a zip; it is read once anybody looks into it."""
    return _cached(lambda: zip_of_tar(read(), name), None)


def stem_of_archive(name: str) -> str:
    """Return an archive's name without its suffix, which may have two parts."""
    ending = next((end for end in (".zip", *TARS) if name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)]


def _cached(read: Callable[[], bytes], size: int | None) -> OnDisk:
    key = next(_keys)

    def part(position: int, count: int) -> bytes:
        return _recent.get(key, read)[position : position + count]

    return OnDisk(part, size if size is not None else lambda: len(_recent.get(key, read)))
