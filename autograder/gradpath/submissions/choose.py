"""The choice among a student's files for one assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from gradpath.submissions.candidates import Candidate
from gradpath.submissions.names import SUFFIXES, match
from gradpath.submissions.submission import Submission
from gradpath.submissions.unchanged import is_skeleton

MAX_NAMED: Final = 5
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
    def is_damaged(self) -> bool:
        """Whether the file is an archive that cannot be read."""
        return self.rank == _DAMAGED


def assignments_of(file: Candidate, slugs: Sequence[str]) -> list[tuple[str, RankedFile]]:
    """Return the assignments that a file is for, each with the file as ranked for it."""
    if file.path.lower().endswith(".zip"):
        # A damaged archive: its student gets a result for each assignment that may be in it.
        slug, _ = match(f"{PurePosixPath(file.name).stem}.py", slugs)
        return [(name, RankedFile(_DAMAGED, file)) for name in ([slug] if slug else slugs)]
    if file.is_otter_test:
        return []
    slug, rank = match(file.name, slugs)
    return [(slug, RankedFile(rank, file))] if slug else []


def only_file(files: Sequence[Candidate]) -> RankedFile | None:
    """Return the file that must be the one for the only assignment, under any name.

    A script beside a notebook may be a module of the student's own.
    """
    graded = [file for file in files if file.name.lower().endswith(SUFFIXES)]
    newest = {file.name: file for file in sorted(graded, key=lambda file: file.age)}
    notebooks = [file for name, file in newest.items() if name.lower().endswith(".ipynb")]
    alone = notebooks or list(newest.values())
    return RankedFile(2, alone[0]) if len(alone) == 1 else None


def choose(
    student: str, slug: str, files: Sequence[RankedFile]
) -> tuple[Submission, list[Candidate]]:
    """Choose one file of a student's for an assignment.

    Returns:
        The submission, and the files that others may have put under the student's name.
    """
    closest = min(ranked.file.distance for ranked in files)
    # The exact name first; among the others the last one, which is the latest download. Of several
    # entries of one name in a zip, the last one is the latest as well. Course sites number them.
    ordered = [ranked for ranked in files if ranked.file.distance == closest]
    ordered.sort(key=lambda ranked: ranked.file.age)
    ordered.reverse()
    ordered.sort(key=lambda ranked: ranked.rank)
    first, *others = _begun_first(student, slug, ordered)
    notes = []
    if first.rank in (2, 3):
        notes.append(f"taken for {slug}{PurePosixPath(first.file.name).suffix.lower()}")
    if others:
        names = [PurePosixPath(other.file.path).name for other in others[:MAX_NAMED]]
        if len(others) > MAX_NAMED:
            names.append(f"and {len(others) - MAX_NAMED} more")
        notes.append(f"chosen among several files; not used: {', '.join(names)}")
    farther = [
        ranked.file for ranked in files if ranked.file.distance > closest and not ranked.is_damaged
    ]
    return _submission(student, slug, first, "; ".join(notes)), farther


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
