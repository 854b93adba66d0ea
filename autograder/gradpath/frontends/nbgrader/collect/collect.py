"""`nbgrader zip_collect` for downloads from Canvas, Moodle and Gradescope.

nbgrader asks a collector for the name of one file after another. The right answer depends on the
others: on students with the same name, on the newer of two files, on a student's only notebook.
So the whole folder is read once, and each file is looked up.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from nbgrader.api import Gradebook
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import parse_utc
from traitlets import Dict, List, Unicode

from gradpath.frontends.nbgrader.collect.students import Owner, Student, assign_ids
from gradpath.frontends.nbgrader.config import SETTINGS_FILES
from gradpath.submissions.choose import only_file
from gradpath.submissions.lms_names import parse
from gradpath.submissions.names import LOOSE, SUFFIXES, match, suffix_of

RESERVED: Final = ("timestamp.txt", "submission_secret.txt")
"""Files of nbgrader's own in a submission: one that a student wrote would be taken for its own."""


def _is_reserved(file: str) -> bool:
    return file in RESERVED or PurePath(file).stem in SETTINGS_FILES


@dataclass(frozen=True)
class HandedIn:
    """A file of a download.

    Attributes:
        path: where it is.
        owner: the student or group on the course site.
        file: its name as the student had it.
        resubmission, attachment: Canvas's numbers, the higher the newer.
        late: whether the site says that it is late.
        timestamp: the match of the course's regular expression, as text.
    """

    path: Path
    owner: Owner
    file: str
    resubmission: int = 0
    attachment: int = 0
    late: bool = False
    timestamp: str = ""

    @property
    def suffix(self) -> str:
        """The suffix in lower case."""
        return suffix_of(self.file) or PurePath(self.file).suffix.lower()


@dataclass(frozen=True)
class Names:
    """The names that files of a course have.

    Attributes:
        wanted: names of this assignment's notebooks, without suffix.
        others: names of other assignments.
        suffixes: of files that are graded, in lower case.
    """

    wanted: Sequence[str]
    others: Collection[str] = ()
    suffixes: Collection[str] = SUFFIXES


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Finds the student of a downloaded file, and gives it the name that the assignment expects."""

    valid_ext = List(
        Unicode(),
        default_value=list(SUFFIXES),
        help="Suffixes of files to collect; others only of students who have handed in none.",
    ).tag(config=True)

    student_ids = Dict(
        help=(
            "Student ids for people on the course site. A key is what stands in the file name: "
            "the name and the number with `_` between them, Canvas's user number, or the name."
        )
    ).tag(config=True)

    _collected: dict[Path, dict[str, str]] | None = None

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return `student_id`, `file_id` and, if known, `timestamp` of a file; None to skip it."""
        if self._collected is None:
            self._collected = self._plan()
        return self._collected.get(Path(submitted_file))

    def _plan(self) -> dict[Path, dict[str, str]]:
        """Decide about all files of the download."""
        app = self.parent
        root = Path(app._format_collect_path(app.extracted_directory))
        files = [path for path in sorted(root.rglob("*")) if _is_handed_in(path, root)]
        items = self._read_names(root, files)
        ids, notes = assign_ids(
            {item.owner for item in items}, self._students(), dict(self.student_ids)
        )
        for note in notes:
            self.log.warning(note)
        by_student = defaultdict(list)
        for item in items:
            by_student[ids[item.owner]].append(item)
        collected = {}
        names = self._names()
        for student, theirs in sorted(by_student.items()):
            chosen, notes = choose(theirs, names)
            for note in notes:
                self.log.warning("%s: %s", student, note)
            for item, name in chosen.items():
                if item.late:
                    self.log.info("%s: handed in late, says the course site: %s", student, name)
                answer = {"student_id": student, "file_id": name}
                if item.timestamp:
                    answer["timestamp"] = item.timestamp
                collected[item.path] = answer
        return collected

    def _read_names(self, root: Path, files: Sequence[Path]) -> list[HandedIn]:
        """Read the owners of files from their names; a file that names none is left out."""
        below = _without_common(root, files)
        items = []
        for path, relative in zip(files, below, strict=True):
            item = self._by_expression(path) or _by_site(path, relative)
            if item:
                items.append(item)
            else:
                self.log.warning(
                    "%s: the name says not whose file it is; set c.LmsCollector.named_regexp, or "
                    "put the file where it belongs by hand",
                    relative,
                )
        return items

    def _by_expression(self, path: Path) -> HandedIn | None:
        """Ask the course's own regular expression, which is matched against the whole path."""
        parts = re.match(self.named_regexp, str(path)) if self.named_regexp else None
        groups = parts.groupdict() if parts else {}
        if not groups.get("student_id") or not groups.get("file_id"):
            return None
        file = PurePath(groups["file_id"]).name
        if PurePath(file).suffix.lower() != path.suffix.lower():
            file += path.suffix
        owner = Owner("course", groups["student_id"])
        return HandedIn(path, owner, file, timestamp=groups.get("timestamp") or "")

    def _students(self) -> list[Student]:
        """Return the students of the gradebook."""
        course = self.parent.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return [
                Student(row.id, row.first_name or "", row.last_name or "", row.lms_user_id or "")
                for row in gradebook.students
            ]

    def _names(self) -> Names:
        """Return the names that there are: of the released notebooks, and of other assignments."""
        course = self.parent.coursedir
        released, source = (
            Path(course.format_path(step, ".", course.assignment_id))
            for step in (course.release_directory, course.source_directory)
        )
        stems = [path.stem for path in (*released.glob("*.ipynb"), *source.glob("*.ipynb"))]
        wanted = sorted(set(stems)) or [course.assignment_id]
        others = {path.name for path in source.parent.glob("*/")} - set(wanted)
        return Names(wanted, others, [suffix.lower() for suffix in self.valid_ext])


def _is_handed_in(path: Path, root: Path) -> bool:
    """Tell whether a path is a file, and no hidden one of a system's or an editor's."""
    parts = path.relative_to(root).parts
    hidden = any(part.startswith((".", "__")) for part in parts)
    return not hidden and path.is_file() and not path.is_symlink()


def _without_common(root: Path, files: Sequence[Path]) -> list[PurePath]:
    """Return the files' paths without the folders that all have in common, if that tells more.

    The archive's own folder may be called like a student's file (`course_2024_1_submissions`). But
    where one student has handed in, the folder in common is that student's.
    """
    below = [path.relative_to(root) for path in files]
    common = 0
    for level in zip(*(path.parts[:-1] for path in below), strict=False):
        if len(set(level)) > 1:
            break
        common += 1
    shorter = [PurePath(*path.parts[common:]) for path in below]
    people = {name.key for path in shorter if (name := parse(path))}
    return list(shorter if len(people) > 1 else below)


def _by_site(path: Path, relative: PurePath) -> HandedIn | None:
    name = parse(relative)
    if name is None:
        return None
    return HandedIn(
        path=path,
        owner=Owner(name.site, name.student, name.number),
        file=name.file,
        resubmission=name.resubmission,
        attachment=name.attachment,
        late=name.late,
    )


def choose(items: Iterable[HandedIn], names: Names) -> tuple[dict[HandedIn, str], list[str]]:
    """Choose which of a student's files to collect, and under which names.

    A name that means the assignment's becomes exactly that. A student's only notebook is the
    assignment's under any name, and so is the only script of a student without a notebook. Of
    several files for one name, the newest is taken. If nothing can be graded, the files are
    collected as they are, so that the student gets a row which says so.

    Args:
        items: the files of one student.
        names: the names of the course's files.

    Returns:
        The name of each file that is collected, and a line for each thing that staff should know.
    """
    every = [item for item in items if not _is_reserved(item.file)]
    gradable = [item for item in every if item.suffix in names.suffixes]
    by_name = defaultdict(list)
    for item in gradable or every:
        by_name[_exact(item.file, gradable, names) or item.file].append(item)
    notes = [] if gradable else [f"nothing to grade in {_listed(by_name) or 'the download'}"]
    renamed = _only_one(by_name, names)
    if renamed:
        old, new = renamed
        by_name[new] = by_name.pop(old)
        notes.append(f"{old} is taken for {new}")
    known = [name for name in by_name if PurePath(name).stem in names.wanted]
    if gradable and not known:
        notes.append(f"no file for {_listed(names.wanted)}; collected {_listed(by_name)}")
    chosen = {}
    for name, same in by_name.items():
        newest, *older = sorted(same, key=lambda item: _age(item, name), reverse=True)
        chosen[newest] = name
        if older:
            left_out = _listed(item.path.name for item in older)
            notes.append(f"{newest.path.name} is the newest {name}; left out: {left_out}")
    return chosen, notes


def _exact(file: str, beside: Iterable[HandedIn], names: Names) -> str:
    """Return the assignment's file name that a file's name stands for; empty if it is none.

    A name with other words around the assignment's counts where no file beside it says more.
    """
    known = [*names.wanted, *names.others]
    stem, rank = match(file, known)
    if rank >= LOOSE and any(
        other == stem and nearer < LOOSE
        for other, nearer in (match(item.file, known) for item in beside)
    ):
        return ""
    return f"{stem}{suffix_of(file)}" if stem else ""


def _only_one(by_name: Mapping[str, object], names: Names) -> tuple[str, str] | None:
    """Return the name of the file that must be the assignment's, and the name that it gets."""
    only = only_file(by_name) if len(names.wanted) == 1 else None
    if only is None or PurePath(only).stem in {*names.wanted, *names.others}:
        return None
    return only, f"{names.wanted[0]}{suffix_of(only)}"


def _age(item: HandedIn, name: str) -> tuple[object, ...]:
    """Return the key that sorts a student's files of one name, the newest last."""
    return (
        _time(item.timestamp),
        item.resubmission,
        item.file == name,
        item.attachment,
        -len(item.path.parts),
        str(item.path),
    )


def _time(text: str) -> datetime.datetime:
    try:
        return parse_utc(text)  # type: ignore[no-any-return]
    except (ValueError, OverflowError):  # nbgrader itself says so when it reads it
        return datetime.datetime.min


def _listed(names: Iterable[str]) -> str:
    """List a few names, as text that any terminal takes."""
    every = sorted(names)
    more = [f"and {len(every) - 5} more"] if len(every) > 5 else []
    return ", ".join([*every[:5], *more]).encode(errors="replace").decode()
