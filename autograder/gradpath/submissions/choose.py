"""The choice among a student's files for one assignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from gradpath.submissions.candidates import NOT_NAMED, Candidate, unreadable
from gradpath.submissions.names import LOOSE, match, nearest, stem_of, suffix_of
from gradpath.submissions.submission import Submission
from gradpath.submissions.unchanged import is_skeleton
from gradpath.text import tidy
from gradpath.text.messages import Message, joined

MAX_NAMED: Final = 5
MAX_REASON: Final = 500
"""Characters of the reason of a row without anything to grade."""
MAX_LOOKED_INTO: Final = 10
"""Files of one student for one assignment that are read to see which one was worked on."""

_DAMAGED: Final = 9
"""The rank of an archive that cannot be read: after every file."""


@dataclass(frozen=True)
class RankedFile:
    """A file for an assignment; the lower its rank, the nearer its name is to the exact one."""

    rank: int
    file: Candidate

    @property
    def is_loose(self) -> bool:
        """Whether the name has other words around the assignment's."""
        return LOOSE <= self.rank < _DAMAGED

    @property
    def is_damaged(self) -> bool:
        """Whether the file is an archive that cannot be read."""
        return self.rank == _DAMAGED


def assignments_of(file: Candidate, slugs: Sequence[str]) -> list[tuple[str, RankedFile]]:
    """Return the assignments that a file is for, each with the file as ranked for it."""
    if file.is_otter_test:
        return []
    if not file.problem and suffix_of(file.name):
        slug, rank = match(file.name, slugs)
        return [(slug, RankedFile(rank, file))] if slug else []
    slug, _ = match(f"{stem_of(file.name)}.py", slugs)
    if file.problem:
        # Its name says nothing as often as not; then the folder around it may.
        folders = [name for name in PurePosixPath(file.path).parts[:-1] if name in slugs]
        slug = slug or (folders[-1] if folders else None)
        return [(slug, RankedFile(_DAMAGED, file))] if slug else []
    # A damaged archive: its student gets a result for each assignment that may be in it.
    return [(name, RankedFile(_DAMAGED, file)) for name in ([slug] if slug else slugs)]


def only_file(names: Iterable[str]) -> str | None:
    """Return the name of the file that must be the one for the only assignment.

    A script beside a notebook may be a module of the student's own.
    """
    suffixes = {name: suffix_of(name) for name in names}
    notebooks = [name for name, suffix in suffixes.items() if suffix == ".ipynb"]
    alone = notebooks or [name for name, suffix in suffixes.items() if suffix == ".py"]
    return alone[0] if len(alone) == 1 else None


def not_named(file: Candidate, slugs: Sequence[str]) -> str:
    """Return why a file is taken for no assignment, with the nearest name of one."""
    near = nearest(file.name, slugs)
    return (
        Message("{reason}, perhaps meant as {near}", reason=NOT_NAMED, near=near)
        if near
        else NOT_NAMED
    )


def nothing_to_grade(student: str, slug: str, files: Sequence[Candidate]) -> Submission:
    """Return a submission that says which files are there, none of which can be graded."""
    found = _first(
        [
            Message(
                "{name} ({problem})",
                name=file.name,
                problem=file.problem or not_named(file, [slug]),
            )
            for file in files
        ]
    )
    reason = tidy(
        Message(
            "nothing to grade: {found}; hand in {slug}.py or {slug}.ipynb", found=found, slug=slug
        ),
        MAX_REASON,
    )
    file = replace(files[0], read_bytes=unreadable(reason))
    return _submission(student, slug, RankedFile(_DAMAGED, file))


def choose(
    student: str, slug: str, files: Sequence[RankedFile]
) -> tuple[Submission, list[Candidate]]:
    """Choose one file of a student's for an assignment.

    Returns:
        The submission, and the files that say less: others may have put them under the student's
        name, or they have more in their names than the assignment.
    """
    closest = min(ranked.file.distance for ranked in files)
    # The exact name first; among the others the last one, which is the latest download. Of several
    # entries of one name in a zip, the last one is the latest as well. Course sites number them.
    ordered = [ranked for ranked in files if ranked.file.distance == closest]
    ordered.sort(key=lambda ranked: ranked.file.age)
    ordered.reverse()
    ordered.sort(key=lambda ranked: ranked.rank)
    first, *others = _begun_first(student, slug, ordered)
    # A module of the student's own may have an assignment's name in its own, too.
    loose = [other for other in others if other.is_loose and not first.is_loose]
    others = [other for other in others if other not in loose]
    notes: list[str] = []
    if 2 <= first.rank < _DAMAGED:
        notes.append(Message("taken for {name}", name=f"{slug}{suffix_of(first.file.name)}"))
    if others:
        names = _first([PurePosixPath(other.file.path).name for other in others])
        notes.append(Message("chosen among several files; not used: {names}", names=names))
    farther = [ranked for ranked in files if ranked.file.distance > closest]
    left_out = [ranked.file for ranked in (*farther, *loose) if not ranked.is_damaged]
    return _submission(student, slug, first, joined("; ", notes)), left_out


def _first(names: Sequence[str]) -> str:
    """Return the first of some names, in full, and how many more there are."""
    left = len(names) - MAX_NAMED
    more = Message("and {count} more", count=left) if left > 0 else ""
    return joined(", ", [*names[:MAX_NAMED], more])


def _begun_first(student: str, slug: str, ordered: list[RankedFile]) -> list[RankedFile]:
    """Leave out the files that are still the skeleton, unless all are.

    Students get a script and a notebook. The one that they do not use goes without saying.
    """
    if len(ordered) < 2:
        return ordered
    begun = [
        ranked
        for ranked in ordered[:MAX_LOOKED_INTO]
        if not is_skeleton(_submission(student, slug, ranked))
    ] + ordered[MAX_LOOKED_INTO:]
    if begun and not begun[0].is_damaged:
        return begun
    # A damaged archive may hold anything; a file that can be graded comes first.
    return [ordered[0], *(ranked for ranked in begun if ranked is not ordered[0])]


def _submission(student: str, slug: str, chosen: RankedFile, note: str = "") -> Submission:
    file, origin = chosen.file, chosen.file.origin
    submitted, late = (origin.submitted, origin.late) if origin else (None, False)
    return Submission(student, slug, file.path, file.size, file.read_bytes, note, submitted, late)
