"""Finding submissions: in files, folders of students, and zips of either.

`folders` and `archives` list the candidates, and `choose` takes one for each student and
assignment.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from gradpath.submissions.candidates import Candidate, Ignored
from gradpath.submissions.choose import MAX_NAMED, RankedFile, assignments_of, choose, only_file
from gradpath.submissions.folders import candidates_under
from gradpath.submissions.names import SUFFIXES, shown_path
from gradpath.submissions.submission import Submission, of_file


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
    files: defaultdict[tuple[str, str], list[RankedFile]] = defaultdict(list)
    unnamed: defaultdict[str, list[Candidate]] = defaultdict(list)
    ignored = []
    for item in itertools.chain.from_iterable(candidates_under(path, slugs) for path in paths):
        if isinstance(item, Ignored):
            ignored.append(f"{shown_path(item.path)}: {item.reason}, left out")
            continue
        named = assignments_of(item, slugs)
        if not named and item.origin:
            unnamed[item.student].append(item)
        elif not named and not item.is_otter_test:
            ignored.append(f"{item.path}: not named after an assignment, left out")
        for slug, ranked in named:
            if not only or slug in only:
                files[item.student, slug].append(ranked)
    alone, lines = _take_unnamed(unnamed, {student for student, _ in files}, only)
    ignored += lines
    files.update(alone)
    submissions = []
    for (student, slug), ranked_files in sorted(files.items()):
        submission, others = choose(student, slug, ranked_files)
        submissions.append(submission)
        ignored += [
            f"{other.path}: {student} has handed in another file for {slug}, left out"
            for other in others
        ]
    return submissions, sorted(ignored)


def _take_unnamed(
    unnamed: Mapping[str, Sequence[Candidate]], have: Collection[str], only: Sequence[str]
) -> tuple[dict[tuple[str, str], list[RankedFile]], list[str]]:
    """Take a student's only file for the only assignment, under any name.

    Args:
        unnamed: files from course sites that are not named after an assignment, by student.
        have: students with a file that is.
        only: the assignments to take; all if empty.

    Returns:
        The files, and a line for each one that was left out.
    """
    taken = {}
    ignored = []
    for student, others in unnamed.items():
        alone = only_file(others) if len(only) == 1 and student not in have else None
        if alone is not None:
            taken[student, only[0]] = [alone]
        ignored += [
            f"{file.path}: not named after an assignment, left out"
            + ("" if student in have or alone else f"; {student} has no other file")
            for file in others
            if not (alone and file is alone.file) and not file.is_otter_test
        ]
    return taken, ignored


def find_one(folder: Path, slug: str, student: str = "student") -> Submission | str:
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
