"""Finding submissions: in files, folders of students, and zips of either.

`folders` and `archives` list the candidates, and `choose` takes one for each student and
assignment.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gradpath.submissions.candidates import NO_ZIP, Candidate, Ignored, left_out
from gradpath.submissions.choose import (
    MAX_NAMED,
    RankedFile,
    assignments_of,
    choose,
    not_named,
    nothing_to_grade,
    only_file,
)
from gradpath.submissions.folders import candidates_under
from gradpath.submissions.names import match, nearest, shown_path, stem_of, suffix_of
from gradpath.submissions.submission import Submission, of_file
from gradpath.text.messages import Message, joined

_Key = tuple[str, str]
"""A student and an assignment."""


def find(
    paths: Sequence[Path], slugs: Sequence[str], only: Sequence[str] = ()
) -> tuple[list[Submission], list[str]]:
    """Find every submission under the paths.

    A student with nothing to grade gets a submission that says so: for the assignment that
    a file or folder is named after, else for each one that others have handed in there.

    Args:
        paths: files, folders `<student>/<slug>.py`, one student's folder, or zips of these.
        slugs: the assignments that there are.
        only: the assignments to take; all if empty.

    Returns:
        The submissions in order of student and assignment, and a line for each file that was
        left out although it looked like something to grade, or that staff should look at.

    Raises:
        GradpathError: a path does not exist, or is no file, folder or zip.
    """
    sorted_paths = [_sort(path, slugs, only) for path in paths]
    files: defaultdict[_Key, list[RankedFile]] = defaultdict(list)
    for part in sorted_paths:
        for key, ranked in part.files.items():
            files[key] += ranked
    ignored = [line for part in sorted_paths for line in part.lines]
    nothing: dict[_Key, Submission] = {}
    for part in sorted_paths:
        alone = part.only_files(only)
        files.update(alone)
        taken = {ranked.file for group in alone.values() for ranked in group}
        for key, others in part.without_files(only).items():
            if key not in files:
                nothing[key] = nothing_to_grade(*key, others)
        with_row = {student for student, _ in nothing}
        ignored += part.left_out(taken, with_row, {student for student, _ in files})
    submissions = list(nothing.values())
    for (student, slug), ranked_files in files.items():
        submission, others = choose(student, slug, ranked_files)
        submissions.append(submission)
        ignored += [
            Message(
                "{path}: {student} has handed in another file for {slug}, left out",
                path=other.path,
                student=student,
                slug=slug,
            )
            for other in others
        ]
    submissions.sort(key=lambda submission: (submission.student, submission.assignment))
    return submissions, [
        *_alike({submission.student for submission in submissions}),
        *sorted(ignored),
    ]


def _alike(students: Collection[str]) -> Iterator[str]:
    """Name students that may be one: their ids look the same, or course sites take them so."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for student in sorted(students):
        plain = unicodedata.normalize("NFKC", student).casefold()
        alike[re.sub(r"[\s.]+", "", plain)].append(student)
    for names in alike.values():
        if len(names) > 1:
            shown = [repr(name) for name in names[:MAX_NAMED]]
            if len(names) > MAX_NAMED:
                shown.append(Message("{count} more", count=len(names) - MAX_NAMED))
            yield Message(
                "{names} may be one student: their ids differ in case, blanks, dots or width alone",
                names=joined(" and ", shown),
            )


def _lists() -> defaultdict[Any, list[Any]]:
    return defaultdict(list)


@dataclass
class _Sorted:
    """The candidates of one path.

    Attributes:
        slugs: the assignments that there are.
        default: the assignment that the path itself is named after.
        files: those to choose from, by student and assignment.
        problems: files that are named after an assignment and cannot be graded, likewise.
        unnamed: all others, by student.
        elsewhere: assignments that were not asked for, of students with files for them.
        from_site: students that a course site has named.
        lines: a line for each file that is nobody's.
    """

    slugs: Sequence[str]
    default: str | None = None
    files: defaultdict[_Key, list[RankedFile]] = field(default_factory=_lists)
    problems: defaultdict[_Key, list[Candidate]] = field(default_factory=_lists)
    unnamed: defaultdict[str, list[Candidate]] = field(default_factory=_lists)
    elsewhere: defaultdict[str, list[Candidate]] = field(default_factory=_lists)
    from_site: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def only_files(self, only: Sequence[str]) -> dict[_Key, list[RankedFile]]:
        """Return a student's only file as the one for the only assignment, under any name."""
        have = {student for student, _ in self.files} | self.elsewhere.keys()
        alone = {}
        for student, unnamed in self.unnamed.items():
            newest = {file.name: file for file in sorted(unnamed, key=lambda file: file.age)}
            gradable = {name: file for name, file in newest.items() if not file.problem}
            name = only_file(gradable) if len(only) == 1 and student not in have else None
            if name is not None:
                alone[student, only[0]] = [RankedFile(2, gradable[name])]
        return alone

    def without_files(self, only: Sequence[str]) -> dict[_Key, list[Candidate]]:
        """Return the files of students with nothing to grade, by student and assignment."""
        wanted = {key: files for key, files in self.problems.items() if not only or key[1] in only}
        have = {student for student, _ in (*self.files, *self.problems)}
        occurring = sorted(
            {slug for (_, slug), ranked in self.files.items() if not ranked[0].is_damaged}
            or {slug for _, slug in self.files}
        )
        slugs = only or occurring or ([self.default] if self.default else [])
        for student, files in self.unnamed.items():
            if student not in have and student not in self.elsewhere:
                near = [
                    slug
                    for slug in only or self.slugs
                    if any(nearest(file.name, [slug]) for file in files)
                ]
                wanted |= {(student, slug): files for slug in near or slugs}
        counted = Counter(student for student, _ in self.files)
        for student, files in self.elsewhere.items():
            # In the download of one assignment, a file for another one is a wrong file.
            if (
                student in self.from_site
                and student not in have
                and len(counted) > len(self.elsewhere)
            ):
                wanted |= {(student, slug): files for slug in only}
        return wanted

    def left_out(
        self, taken: Collection[Candidate], with_row: Collection[str], have: Collection[str]
    ) -> list[str]:
        """Return a line for each file of a student's that is named after nothing.

        Args:
            taken: files that are graded all the same.
            with_row: students with rows that name all their files.
            have: students with a file that is graded.
        """
        return [
            joined(
                "; ",
                [
                    left_out(file.path, file.problem or not_named(file, self.slugs)),
                    Message("{student} has no other file", student=student)
                    if file.origin and student not in have
                    else "",
                ],
            )
            for student, files in self.unnamed.items()
            if student not in with_row
            for file in files
            if file not in taken
            if not file.problem or student not in have or file.problem == NO_ZIP
        ]


def _sort(path: Path, slugs: Sequence[str], only: Sequence[str]) -> _Sorted:
    """List the candidates of a path, and sort them by student and assignment."""
    part = _Sorted(slugs)
    if not suffix_of(path.name):
        part.default, _ = match(f"{stem_of(path.resolve().name)}.py", slugs)
    for item in candidates_under(path, slugs):
        if isinstance(item, Ignored):
            part.lines.append(item.line)
            continue
        if item.origin:
            part.from_site.add(item.student)
        named = assignments_of(item, slugs)
        if not named and not item.is_otter_test:
            part.unnamed[item.student].append(item)
        for slug, ranked in named:
            if only and slug not in only:
                part.elsewhere[item.student].append(replace(item, problem=f"named after {slug}"))
            elif item.problem:
                part.problems[item.student, slug].append(item)
            else:
                part.files[item.student, slug].append(ranked)
    return part


def find_one(folder: Path, slug: str, student: str = "student") -> Submission | str:
    """Return the submission in a folder that is for one assignment alone.

    A single file needs no particular name there: other graders collect files that are named after
    students.

    Returns:
        The submission, or a sentence that says why there is none.
    """
    part = _sort(folder, [slug], ()) if any(folder.iterdir()) else _Sorted([slug])
    named = [choose(*key, ranked_files)[0] for key, ranked_files in sorted(part.files.items())]
    if len(named) == 1:
        return dataclasses.replace(named[0], student=student)
    if named:
        return Message(
            "there are several files for {slug} ({files}); hand in one {slug}.py or .ipynb",
            slug=slug,
            files=joined(", ", (submission.file for submission in named[:MAX_NAMED])),
        )
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()]
    graded = [path for path in files if suffix_of(path.name)]
    if len(graded) == 1:
        return of_file(graded[0], slug, student)
    names = joined(", ", (shown_path(path.name) for path in files[:MAX_NAMED]))
    return Message(
        "there is no file named {slug}.py or {slug}.ipynb; what was handed in: {names}",
        slug=slug,
        names=names or Message("nothing"),
    )
