"""Downloads of course sites: the student and the time of each file, as its path says them.

Canvas, Moodle and Gradescope each write the student into the path of a file;
`gradpath.submissions.lms_names` has the forms. Only the outermost part of a path below
the given one is believed: a student has named the rest.

    Canvas      lovelaceada_LATE_12_345_rosenbrock-1.py     student lovelaceada_12, late
    Moodle      Ada Lovelace_678_assignsubmission_file/...  student Ada Lovelace
    Gradescope  assignment_9_export/submission_5/...        students in submission_metadata.yml

Brightspace, Blackboard and Google Classroom are read as well, and the repositories of Classroom 50
(`gradpath.submissions.repositories`).
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from gradpath.errors import GradpathError
from gradpath.submissions.lms_names import LmsName, in_classroom, is_participant, parse
from gradpath.submissions.names import match, suffix_of
from gradpath.submissions.repositories import repositories
from gradpath.text.messages import Message

METADATA: Final = "submission_metadata.yml"
"""Beside the folders of Gradescope's export: the students and time of each submission."""
MAX_METADATA: Final = 50_000_000
_STUDENT: Final = "student"
_EXPORT: Final = re.compile(r"assignment_[0-9]+_export")


@dataclass(frozen=True)
class Origin:
    """The origin of a file, as a course site gives it.

    Attributes:
        student: an id; `gradpath.reports.gradebooks.roster.match` searches rosters for it.
        file: the file's name as the student had it.
        late: the site says that it is late. Only Canvas does, and does not say how late.
        submitted: when it was handed in. Only Gradescope and Classroom 50 say that.
        age: the higher, the newer among the student's files of this name.
    """

    student: str
    file: str
    late: bool = False
    submitted: datetime.datetime | None = None
    age: tuple[int, int] = (0, 0)


class Download:
    """The paths of one download; folders may lie around it.

    Attributes:
        is_one: whether a course site has written names into the paths.
    """

    def __init__(
        self, files: Mapping[tuple[str, ...], Callable[[], bytes]], slugs: Collection[str]
    ) -> None:
        """Look at all paths: whether a name is enough to tell people apart depends on the others.

        Args:
            files: the parts of each path below the one given to `grade`, and the function that
                reads the file; only Gradescope's metadata are read.
            slugs: the assignments: staff put downloads into folders named after them.

        Raises:
            GradpathError: the metadata are damaged.
        """
        self._around = len(common_folders([list(parts[:-1]) for parts in files]))
        self._clones = repositories(files, self._around, slugs)
        self._slugs = slugs
        self._depth = 0
        self._named: Callable[[Sequence[str]], LmsName | None] = _named
        people = _people(map(self._below, files))
        if not people:
            self._depth = len(common_folders([list(self._below(parts)[:-1]) for parts in files]))
            people = _people(map(self._below, files))
            # Names below one student's folder are the student's own.
            if sum(map(len, people.values())) < 2:
                self._depth, people = 0, {}
        if not people:
            people = self._classroom(files)
        self.is_one = bool(people or self._clones)
        self._shared = {name for name, numbers in people.items() if len(numbers) > 1}
        self._metadata: dict[str, _Entry] = {}
        for parts, read in files.items():
            if people and _is_metadata(self._below(parts)):
                self._metadata.update(_read_metadata(read()))

    def _classroom(self, paths: Iterable[Sequence[str]]) -> dict[str, set[str]]:
        """Return the people of a folder of Google Classroom's: every second file names one."""
        files = [parts for parts in paths if suffix_of(parts[-1])]
        depth = len(common_folders([list(parts[:-1]) for parts in files]))

        def named(parts: Sequence[str]) -> LmsName | None:
            name = in_classroom(parts[0]) if len(parts) == 1 else None
            is_named = name is not None and match(name.file, [*self._slugs])[0]
            # `rosenbrock - Copy.py` has the name of the file first.
            of_file = name is not None and match(f"{name.student}.py", [*self._slugs])[0]
            return name if is_named and not of_file else None

        found = [name for parts in files if (name := named(parts[depth:]))]
        people = {name.student: {""} for name in found}
        if len(people) < 2 or 2 * len(found) < len(files):
            return {}
        self._depth, self._named = depth, named
        return people

    def _below(self, parts: Sequence[str]) -> Sequence[str]:
        inner = parts[1:] if len(parts) > 1 and parts[0] in self._slugs else parts
        return inner[self._depth :]

    def origins(self, parts: Sequence[str]) -> list[Origin]:
        """Return the origin of a file, for each student of a group; empty where there is none."""
        if self._clones:
            # A file beside the clones is nobody's.
            clone = self._clones.get(parts[self._around] if len(parts) > self._around + 1 else "")
            return (
                [Origin(name, parts[-1], submitted=clone.submitted) for name in clone.students]
                if clone is not None
                else []
            )
        name = self._named(self._below(parts)) if self.is_one else None
        if name is None:
            return []
        age = (name.resubmission, name.attachment)
        origin = Origin(self._student(name), name.file, name.late, age=age)
        if name.site != "gradescope":
            return [origin]
        entry = self._metadata.get(f"submission_{name.number}")
        if entry is None or not entry.students:
            return [origin]
        return [
            replace(origin, student=student, submitted=entry.submitted)
            for student in entry.students
        ]

    def _student(self, name: LmsName) -> str:
        if name.site == "gradescope":
            return f"submission_{name.number}"
        # Moodle numbers people anew in each assignment; Canvas's number is theirs for good. Where
        # Moodle marks blindly, everybody is called the same, though one of them may be alone.
        is_blind = name.site == "moodle" and is_participant(name.student)
        if name.site in ("moodle", "brightspace") and name.student and not is_blind:
            return name.key if name.student in self._shared else name.student
        return name.key or _STUDENT


def _people(paths: Iterable[Sequence[str]]) -> dict[str, set[str]]:
    """Return the numbers of each student's name."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for parts in paths:
        if name := _named(parts):
            numbers[name.student].add(name.number)
    return numbers


def common_folders(paths: list[list[str]]) -> list[str]:
    """Return the folders that paths of folders have in common, the outermost first."""
    first, last = (min(paths), max(paths)) if paths else ([], [])
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return [part for part, _ in same]


def _is_metadata(parts: Sequence[str]) -> bool:
    """Tell whether a file is Gradescope's own: beside the submissions, and in none of them."""
    return parts[-1:] == (METADATA,) and (
        len(parts) == 1 or (len(parts) == 2 and _EXPORT.fullmatch(parts[0]) is not None)
    )


def _named(parts: Sequence[str]) -> LmsName | None:
    """Read the outermost part of a path, and of Gradescope's two."""
    if len(parts) < 2:
        return parse(PurePosixPath(*parts)) if parts else None
    outer = parse(PurePosixPath(parts[0], "x"))
    if outer is None and len(parts) > 2:
        outer = parse(PurePosixPath(*parts[:2], "x"))
        if outer is not None and outer.site != "gradescope":
            return None
    return parse(PurePosixPath(*parts)) if outer is not None else None


@dataclass(frozen=True)
class _Entry:
    students: Sequence[str]
    submitted: datetime.datetime | None


def _read_metadata(data: bytes) -> Mapping[str, _Entry]:
    """Read Gradescope's metadata: Ruby's YAML, with keys such as `:submitters:`."""
    problem = Message(
        "{file} of Gradescope cannot be read; export the submissions again", file=METADATA
    )
    try:
        import yaml
    except ModuleNotFoundError:  # the student edition grades no cohort
        return {}
    if len(data) > MAX_METADATA:
        raise GradpathError(
            Message(
                "{file} has more than {limit} MB",
                file=METADATA,
                limit=MAX_METADATA // 1_000_000,
            )
        )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        read = yaml.load(data, Loader=loader)  # a safe loader: plain data only
    except (yaml.YAMLError, ValueError, RecursionError):
        raise GradpathError(problem) from None
    if not isinstance(read, dict):
        raise GradpathError(problem)
    return {str(name): _entry(value) for name, value in read.items() if isinstance(value, Mapping)}


def _entry(value: Mapping[Any, Any]) -> _Entry:
    submitters = value.get(":submitters")
    students = [
        student
        for submitter in (submitters if isinstance(submitters, list) else [])
        if isinstance(submitter, Mapping) and (student := _id_of(submitter))
    ]
    created = value.get(":created_at")
    submitted = None
    if isinstance(created, datetime.datetime):
        # YAML's times are in UTC once read; without an offset, Ruby has written UTC.
        submitted = created if created.tzinfo else created.replace(tzinfo=datetime.UTC)
    return _Entry(students, submitted)


def _id_of(submitter: Mapping[Any, Any]) -> str:
    """Return an id that Gradescope's roster has as well: the student id, else the address."""
    for key in (":sid", ":email", ":name"):
        text = submitter.get(key)
        if text is not None and str(text).strip():
            return str(text).strip()
    return ""
