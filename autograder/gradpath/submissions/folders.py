"""Candidates in files and folders: a cohort's folder, one student's, or an unpacked download."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath.errors import GradpathError
from gradpath.submissions.archives import (
    MAX_INNER_ZIP,
    Archive,
    Ownership,
    candidates_in,
    candidates_or_damage,
)
from gradpath.submissions.candidates import (
    NOT_NAMED,
    OTHER_ARCHIVES,
    TARS,
    Candidate,
    Ignored,
    candidate,
    hand_in_apart,
    is_otter_test,
    is_passed_over,
    kind_of,
    other_file,
    passed_over,
    passed_over_folder,
    stem_of_archive,
    without_slugs,
)
from gradpath.submissions.downloads import Download, Origin
from gradpath.submissions.names import match, stem_of, suffix_of
from gradpath.submissions.zips import OnDisk, as_zip
from gradpath.text import printable, question
from gradpath.text.messages import Message

MAX_FOLDER_DEPTH: Final = 100
_LINK: Final = Message("a link, which is not followed")


def candidates_under(path: Path, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    """List the candidates of a path that was given: a file, a folder or a zip.

    Raises:
        GradpathError: the path does not exist, or is no file, folder or zip.
    """
    if not path.exists():
        raise GradpathError(Message("{path} does not exist; {near}", path=path, near=_near(path)))
    if path.is_dir():
        yield from _in_folder(path, slugs)
    elif path.name.lower().endswith((".zip", *TARS)):
        archive = Archive(path.name, _packed(path), stem_of_archive(path.name))
        yield from candidates_in(archive, slugs)
    elif suffix_of(path.name):
        student = _student_of(path.resolve().parent, slugs)
        yield candidate(student, path.name, path.stat().st_size, path.read_bytes)
    else:
        raise GradpathError(
            Message("{path} is no .py, .ipynb or .zip file and no folder", path=path)
        )


def _near(path: Path) -> str:
    """Return the question whether a file near a missing one was meant, or the kinds of paths."""
    there = os.listdir(path.parent) if os.access(path.parent, os.R_OK) else []
    below = path.parent / stem_of(path.name) / path.name
    if below.is_file():
        return Message("did you mean {name}?", name=printable(str(below)))
    return question(path.name, there) or Message("give a file, a folder or a zip")


def _in_folder(folder: Path, slugs: Sequence[str]) -> Iterator[Candidate | Ignored]:
    listed = list(_files_below(folder))
    yield from passed_over(path.parts for path, _ in listed)
    files = [(path, problem) for path, problem in listed if not passed_over_folder(path.parts)]
    plain = [path for path, problem in files if not problem]
    download = Download({path.parts: (folder / path).read_bytes for path in plain}, slugs)
    given = _Given.at(folder, [path for path, _ in files], slugs, download.is_one)
    for relative, problem in files:
        # The file of a group has an origin for each of its students.
        for origin in tuple(download.origins(relative.parts)) or (None,):
            if problem:
                yield from given.left_out(relative, problem, origin)
            else:
                yield from _at(given, relative, origin)


@dataclass(frozen=True)
class _Given:
    """A folder that was given: one student's, or with folders of students in it.

    Attributes:
        folder: its path.
        slugs: the assignments.
        student: its student, if it is one student's.
        level: folders around those of students.
        is_one: whether it is one student's, or a course site's: no folder says a student then.
        is_cohort: whether a file beside the folders is nobody's.
        are_apart: whether there are several files or folders of students.
    """

    folder: Path
    slugs: Sequence[str]
    student: str
    level: int
    is_one: bool
    is_cohort: bool
    are_apart: bool

    @classmethod
    def at(
        cls, folder: Path, paths: Sequence[Path], slugs: Sequence[str], is_download: bool
    ) -> _Given:
        """Look at the files that are named after assignments."""
        named = [
            without_slugs(path.parts[:-1], slugs)
            for path in paths
            if match(f"{stem_of(path.name)}.py", slugs)[0]
        ]
        level = 0
        # A download that was unpacked: one folder, in which the folders of students are.
        while len({tuple(outer[:level]) for outer in named}) == 1 and all(
            len(outer) > level + 1 for outer in named
        ):
            below = {tuple(outer[: level + 1]) for outer in named}
            deeper = {tuple(outer[: level + 2]) for outer in named}
            if len(below) > 1 or len(deeper) < 2:
                break
            level += 1
        is_one = is_download or ([] in named and len({tuple(outer[:1]) for outer in named}) < 3)
        is_cohort = is_download or not ([] in named or all(len(path.parts) < 2 for path in paths))
        student = _student_of(folder.resolve(), slugs)
        are_apart = hand_in_apart([path.parts for path in paths], slugs)
        return cls(folder, slugs, student, level, is_one, is_cohort, are_apart)

    def owner(self, relative: Path) -> tuple[str, bool]:
        """Return the student of a file, and whether the file lies in a folder of the student's."""
        outer = without_slugs(relative.parts[:-1], self.slugs)
        inside = outer[self.level :]
        return (inside[0], True) if inside else (self.student, False)

    def left_out(
        self, relative: Path, problem: str = "", origin: Origin | None = None
    ) -> Iterator[Candidate | Ignored]:
        """Yield a file that cannot be graded, as its student's if it is anybody's."""
        name = relative.as_posix()
        student, inside = self.owner(relative)
        if origin is None and not inside and problem == _LINK and (self.folder / name).is_dir():
            student, inside = relative.name, True  # it stands in the place of a folder
        is_named = match(f"{stem_of(relative.name)}.py", self.slugs)[0] is not None
        if origin is not None:
            yield other_file(origin.student, name, problem, origin=origin)
        elif is_named or (inside and not self.is_one):
            yield other_file(student, name, problem)
        elif problem or name.lower().endswith(OTHER_ARCHIVES):
            yield Ignored(name, problem or kind_of(name))


def _at(given: _Given, relative: Path, origin: Origin | None) -> Iterator[Candidate | Ignored]:
    path, name = given.folder / relative, relative.as_posix()
    student, inside = given.owner(relative)
    if origin is not None:
        student, inside = origin.student, True
    # A folder given by itself is a student when files lie in it, else a folder of students.
    if path.name.lower().endswith((".zip", *TARS)):
        owner = student if inside else stem_of_archive(path.name)
        ownership = Ownership.of(is_inside=inside, is_beside=given.are_apart)
        archive = Archive(name, _packed(path), owner, ownership, origin=origin)
        yield from candidates_or_damage(archive, given.slugs)
    elif suffix_of(path.name):
        if origin is None and not match(path.name, given.slugs)[0]:
            if given.is_cohort and not inside:
                yield Ignored(name, NOT_NAMED)
                return
            if given.is_one:
                student = given.student  # a module of the student's own, in a folder beside
        test = is_otter_test(relative.parts, lambda count: _head(path, count))
        size = path.stat().st_size
        yield candidate(student, name, size, path.read_bytes, is_otter_test=test, origin=origin)
    else:
        yield from given.left_out(relative, origin=origin)


def _packed(path: Path) -> OnDisk:
    """Return a zip, or a tar as a zip."""
    if not path.name.lower().endswith(TARS):
        return OnDisk.at(path)

    def read() -> bytes:
        size = path.stat().st_size
        if size > MAX_INNER_ZIP:
            raise GradpathError(
                Message(
                    "{name} has {size:.1f} MB; unpack it first", name=path.name, size=size / 1e6
                )
            )
        return path.read_bytes()

    return as_zip(path.name, read)


def _files_below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of interest below a folder, in order, with a problem if there is one."""
    # With a list of our own: pathlib and os.walk recurse, and folders may be nested very deep.
    waiting = [Path()]
    while waiting:
        relative = waiting.pop()
        path = folder / relative
        if len(relative.parts) > MAX_FOLDER_DEPTH:
            yield relative, "too many folders inside one another"
            continue
        try:
            is_link = bool(relative.parts) and path.is_symlink()
            is_folder = not is_link and path.is_dir()
            # Files in a hidden folder are listed: a line names the folder if there is work in it.
            if is_passed_over((*relative.parts, "file") if is_folder else relative.parts):
                continue
            if is_link:
                yield relative, _LINK
            elif is_folder:
                names = sorted(os.listdir(path), reverse=True)
                waiting += [relative / name for name in names]
                is_empty = all(is_passed_over((name,)) for name in names)
                if is_empty and len(relative.parts) == 1 and not is_passed_over(relative.parts):
                    yield relative, "an empty folder"
            elif path.is_file():
                yield relative, ""
            else:
                yield relative, "no ordinary file"
        except OSError as error:
            yield relative, f"it cannot be read ({error.strerror})"


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
