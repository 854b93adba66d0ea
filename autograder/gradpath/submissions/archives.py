"""Candidates in a zip: a cohort's, one student's, or a course site's download, packed.

`gradpath.submissions.zips` opens zips and reads their members; here it is decided which student
each member belongs to. Members are read one by one into memory and never extracted: no path, link
or mode in an archive means anything.
"""

from __future__ import annotations

import dataclasses
import enum
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZipFile, ZipInfo

from gradpath.errors import GradpathError
from gradpath.submissions.candidates import (
    NOT_NAMED,
    TARS,
    Candidate,
    Ignored,
    candidate,
    hand_in_apart,
    is_of_interest,
    is_otter_test,
    is_passed_over,
    like_a_cohort,
    other_file,
    passed_over,
    passed_over_folder,
    stem_of_archive,
    unreadable,
    without_slugs,
)
from gradpath.submissions.downloads import MAX_METADATA, Download, Origin, common_folders
from gradpath.submissions.names import match, shown_path, stem_of, suffix_of
from gradpath.submissions.submission import MAX_NOTEBOOK, MAX_SCRIPT
from gradpath.submissions.zips import MAX_FILES, OnDisk, as_zip, cached, head, open_zip, reader_of
from gradpath.text import tidy
from gradpath.text.messages import Message

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
    """It is the only one there, and its name may be its student's; its folders may say more."""
    NAMED = enum.auto()
    """It lies beside others, so its name is its student's: it hands in for nobody else."""
    CERTAIN = enum.auto()
    """It lies in a student's folder: all in it is that student's."""

    @classmethod
    def of(cls, *, is_inside: bool, is_beside: bool) -> Ownership:
        """Return the ownership of an archive in a student's folder, beside others, or alone."""
        if is_inside:
            return cls.CERTAIN
        return cls.NAMED if is_beside else cls.LIKELY

    @property
    def is_of_one(self) -> bool:
        """Whether all in the archive is its student's, under any names of folders."""
        return self in (Ownership.NAMED, Ownership.CERTAIN)


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
        reason = error.strerror if isinstance(error, OSError) else tidy(error.message, 300)
        yield _damaged(archive, reason or Message("the zip cannot be read"))


def candidates_in(archive: Archive, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    """List the files of a zip: `<student>/<slug>.py`, or one student's files.

    Raises:
        GradpathError: it is no zip, too large, or without a file to grade.
    """
    name = shown_path(archive.name)
    files = archive.files or _Allowance(MAX_FILES)
    opened, members = _members(archive, name, files)
    archive, download = _download(archive, opened, members, slugs)
    seen = [
        (parts, info)
        for info in members
        if (parts := _parts(info.filename)) and not is_passed_over(parts)
    ]
    yield from passed_over((parts for parts, _ in seen), f"{name}/")
    seen = [(parts, info) for parts, info in seen if not passed_over_folder(parts)]
    wanted = [(parts, info) for parts, info in seen if is_of_interest(parts[-1])]
    is_download = archive.ownership is Ownership.UNKNOWN
    if not is_download and not wanted:
        yield _without_files(archive, name, slugs)
    folders = [without_slugs(parts[:-1], slugs) for parts, _ in wanted]
    # People zip one folder as often as several files. So the folders that all files have in common
    # say nothing; the first one below them is a student's.
    common = common_folders(folders)
    alone = common[-1] if common and is_download else archive.student
    # One zip in a student's is a part of that; several are those of several students.
    packed = [parts for parts, _ in wanted if not suffix_of(parts[-1])]
    is_of_one = archive.ownership.is_of_one
    is_alone = is_of_one or not (is_download or 1 < len(packed) == len(wanted))
    places = _Places.among(paths := [parts for parts, _ in seen], archive, slugs)
    # Archives inside of a cohort's are packed already: together they are about as large.
    size = archive.file.seek(0, io.SEEK_END)
    inner_bytes = archive.bytes or _Allowance(MAX_INNER_ZIPS + 10 * size)
    are_apart = hand_in_apart(paths, slugs, common)
    zip_file = _OpenedZip(archive, name, opened, files, inner_bytes, slugs, are_apart)
    # Where one of a student's folders has the student's name, others may be of other people.
    has_own = any(inner[len(common) :][:1] == [archive.student] for inner in folders)
    if archive.ownership is Ownership.NAMED and not has_own:
        yield from like_a_cohort(name, archive.student, paths, slugs)
    for (parts, info), inner in zip(wanted, folders, strict=True):
        below = inner[len(common) :]
        is_near = not (has_own and below) or below[0] == archive.student
        origins = download.origins(parts)
        if archive.origin is not None:
            origins = [dataclasses.replace(archive.origin, file=parts[-1])]
        owner, is_known = (below[0], True) if below and not is_of_one else (alone, is_alone)
        if not origins and suffix_of(parts[-1]) and not match(parts[-1], slugs)[0]:
            owner = places.owner(inner) or ""
        yield from zip_file.candidates(
            parts, info, owner, origins, is_known=is_known, is_near=is_near
        )
    if is_download:
        others = [parts for parts, _ in seen if not is_of_interest(parts[-1])]
        yield from _others(archive, others, places, download, slugs)


def _members(archive: Archive, name: str, files: _Allowance) -> tuple[ZipFile, Sequence[ZipInfo]]:
    """Open an archive, and list the files in it."""
    opened = open_zip(archive.file, name, files.amount)
    entries = opened.infolist()
    files.amount -= len(entries)
    members = [info for info in entries if not info.filename.endswith("/")]
    if not members:
        text = Message("{name} is an empty zip; put the file to grade into it", name=name)
        raise GradpathError(text)
    return opened, members


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
        are_students = not archive.ownership.is_of_one
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


def _download(
    archive: Archive, opened: ZipFile, members: Sequence[ZipInfo], slugs: Sequence[str]
) -> tuple[Archive, Download]:
    """Return the names that a course site wrote into an archive; of one student's there are none.

    The archive is returned with them: it is nobody's if it is a download that lies in a folder.
    """
    files = {
        parts: reader_of(opened, info, MAX_METADATA)
        for info in members
        if (parts := _parts(info.filename)) and not archive.ownership.is_of_one
    }
    download = Download(files, slugs)
    if download.is_one:
        archive = dataclasses.replace(archive, ownership=Ownership.UNKNOWN)
    return archive, download


@dataclass(frozen=True)
class _OpenedZip:
    """A zip whose members are listed."""

    archive: Archive
    name: str
    opened: ZipFile
    files: _Allowance
    inner_bytes: _Allowance
    slugs: Sequence[str]
    are_apart: bool
    """Whether zips in it lie beside other files."""

    def candidates(
        self,
        parts: _Parts,
        info: ZipInfo,
        owner: str,
        origins: Sequence[Origin],
        *,
        is_known: bool,
        is_near: bool,
    ) -> Iterator[Candidate | Ignored]:
        """List the candidates of a member.

        Args:
            owner: the student, as far as its folders say.
            origins: the students that a course site names.
            is_known: whether it is certain that it is this student's.
            is_near: False for a folder in which somebody else's work may be.
        """
        path = f"{self.name}/{'/'.join(parts)}"
        name, suffix = parts[-1].lower(), suffix_of(parts[-1])
        is_own = owner == self.archive.student and is_near
        distance = self.archive.distance if is_own else self.archive.depth + 1
        if name.endswith((".zip", *TARS)):
            is_known |= bool(origins)
            if not is_known:
                owner, distance = stem_of_archive(parts[-1]), self.archive.depth + 1
            nested = self._nested(path, info, owner, distance, is_known=is_known)
            problem = self._problem_inside(info)
            for origin in tuple(origins) or (None,):
                if origin is not None:
                    nested = dataclasses.replace(nested, student=origin.student, origin=origin)
                if problem:
                    yield _damaged(nested, Message("{path} {problem}", path=path, problem=problem))
                else:
                    yield from candidates_or_damage(nested, self.slugs)
        elif suffix and not owner and not origins:
            yield Ignored(path, NOT_NAMED)
        elif suffix:
            limit = MAX_NOTEBOOK if suffix == ".ipynb" else MAX_SCRIPT
            read = reader_of(self.opened, info, limit)
            test = is_otter_test(parts, lambda count: head(self.opened, info, count))
            size = info.file_size
            for origin in tuple(origins) or (None,):
                student = origin.student if origin else owner
                yield candidate(
                    student, path, size, read, distance, is_otter_test=test, origin=origin
                )
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
            Ownership.of(is_inside=is_known, is_beside=self.are_apart),
            self.archive.depth + 1,
            distance,
            # Where many students' archives lie in one, each may hold as much as one may.
            None if self.archive.ownership is Ownership.UNKNOWN else self.files,
            self.inner_bytes,
        )

    def _problem_inside(self, info: ZipInfo) -> str:
        """Return the reason why a zip inside of this one is not opened; empty if it is."""
        if self.archive.depth >= MAX_ARCHIVE_DEPTH:
            return Message("is a zip in a zip in a zip; pack the files themselves")
        if info.file_size > MAX_INNER_ZIP:
            return Message(
                "has {size:.1f} MB, {most:g} MB are allowed for a zip in a zip; unpack it first",
                size=info.file_size / 1e6,
                most=MAX_INNER_ZIP / 1e6,
            )
        if self.inner_bytes.amount < 0:
            return Message("is one of too many zips inside one zip; unpack that one first")
        return ""


def _without_files(archive: Archive, name: str, slugs: Sequence[str]) -> Candidate:
    if match(f"{stem_of(PurePosixPath(name).name)}.py", slugs)[0]:
        text = Message("{name} holds no .py or .ipynb file; zip the file to grade", name=name)
        raise GradpathError(text)
    problem = Message("a zip without anything to grade")
    return other_file(archive.student, name, problem, origin=archive.origin)


def _damaged(archive: Archive, reason: str) -> Candidate:
    read = unreadable(reason)
    return candidate(
        archive.student, archive.name, 0, read, archive.distance, origin=archive.origin
    )


def _parts(name: str) -> _Parts:
    """Return the names in a member's path; none of them leads to some other place."""
    plain = _DRIVE.sub("", name.replace("\\", "/"))
    return tuple(part for part in plain.split("/") if part not in ("", ".", ".."))


def _inner_file(archive: ZipFile, info: ZipInfo, path: str) -> OnDisk:
    """Return a zip or tar that is a member of a zip, as a zip."""
    read = reader_of(archive, info, MAX_INNER_ZIP)
    return as_zip(path, read) if path.lower().endswith(TARS) else cached(read, info.file_size)
