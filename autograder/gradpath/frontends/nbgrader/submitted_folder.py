"""The files in `submitted/`, made fit for nbgrader before it looks at the first submission.

nbgrader passes over a folder in which no notebook has the right name, follows links, and gives up
on a submission, on the rest of them or on its pages because of a file of another kind.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import find_all_files, parse_utc

from gradpath.course.settings import slugs

NO_TIME: Final = "timestamp-unreadable.txt"
"""The new name of a submission's `timestamp.txt` that holds no time."""

_TIME: Final = "timestamp.txt"
_YEARS: Final = range(1970, 3000)
_MAX_TIME: Final = 1000  # bytes
_MAX_LEFT_OUT: Final = 20


def prepare(converter: Any) -> None:
    """See to it that every student with a folder gets a row.

    Args:
        converter: nbgrader's, when it has listed the submissions and has not read any. Its list is
            changed, and so are the files that it ignores when it copies.
    """
    _add_folders_without_a_notebook(converter)
    _leave_out_what_is_no_id(converter)
    for folder in map(Path, converter.assignments):
        put_aside_what_is_no_time(folder, converter.log)
    _leave_out_what_is_no_file(converter)


def _add_folders_without_a_notebook(converter: Any) -> None:
    """Let nbgrader grade the folders that it passes over.

    It takes folders in which a notebook has the right name. Where there is none, because it was
    renamed or forgotten, the student would have no row in the gradebook and nobody would notice.
    """
    coursedir = converter.coursedir
    if coursedir.notebook_id != "*":
        return  # somebody wants certain notebooks
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            names = [
                each.name for each in gradebook.find_assignment(coursedir.assignment_id).notebooks
            ]
        except MissingEntry:
            return  # nbgrader says so
    ours = [name for name in names if name in slugs()]
    pattern = coursedir.format_path(
        coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id
    )
    for folder in sorted(glob.glob(pattern)):
        expected = [os.path.join(folder, f"{name}.ipynb") for name in ours]
        # nbgrader takes brackets in the name of a folder for a pattern, and finds nothing there.
        there = set(expected) & set(converter.assignments.get(folder, ()))
        if os.path.isdir(folder) and expected and not there:
            if not any(map(os.path.isfile, expected)):
                converter.log.warning("%s has no %s", folder, os.path.basename(expected[0]))
            converter.assignments[folder] = expected


def _leave_out_what_is_no_id(converter: Any) -> None:
    """Leave out folders with a path in which nbgrader finds no student.

    It would end there, and nobody after them would be graded.
    """
    form = converter._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
    for folder in sorted(converter.assignments):
        match = re.match(form, folder)
        try:
            (match["student_id"] if match else "\udcff").encode()
        except UnicodeEncodeError:
            converter.log.error(
                "%r is left out: its name cannot be a student's id; rename it and grade again",
                folder,
            )
            del converter.assignments[folder]


def put_aside_what_is_no_time(folder: Path, log: Any) -> None:
    """Give a `timestamp.txt` that holds no time another name, or nobody can go on.

    nbgrader gives up on such a submission, and its pages on the whole assignment.
    """
    path = folder / _TIME
    if not os.path.lexists(path):
        return
    try:
        held = ""
        if _is_plain_file(str(path)) and path.stat().st_size < _MAX_TIME:
            held = path.read_text("utf-8").strip()
        if parse_utc(held).year in _YEARS:
            return
    except Exception:  # dateutil's are of many kinds
        pass
    log.warning("%s holds no time; it is called %s from now on", path, NO_TIME)
    try:
        path.rename(folder / NO_TIME)
    except OSError as error:
        log.error("%s cannot be renamed: %s", path, error.strerror or error)


def _leave_out_what_is_no_file(converter: Any) -> None:
    """Have nbgrader copy only files of the students' own beside the graded notebooks.

    It follows links with the grader's rights: their targets would be in the feedback.
    And it gives up on a submission with a file that it cannot copy, or that stands where a folder
    of the course's is to be.
    """
    coursedir = converter.coursedir
    ours = glob.escape(os.path.join(coursedir.root, ""))
    ignored = [pattern for pattern in coursedir.ignore if not pattern.startswith(ours)]
    given = _given_files(coursedir)
    for folder in converter.assignments:
        left_out = []
        try:
            for above, _, names in os.walk(folder):
                inside = os.path.relpath(above, folder)
                for name in names:
                    path = os.path.join(above, name)
                    stands_in_the_way = _collides(os.path.normpath(f"{inside}/{name}"), given)
                    if not name.endswith(".ipynb") and (
                        stands_in_the_way or not _can_be_copied(path)
                    ):
                        left_out.append(path)
        except RecursionError:
            converter.log.error("%r has too many folders in folders", folder)
        if len(left_out) > _MAX_LEFT_OUT:
            converter.log.warning("%r has %d links or the like; left out", folder, len(left_out))
            ignored.append(os.path.join(glob.escape(folder), "*"))
            continue
        for path in left_out:
            converter.log.warning("%r is left out: it is no file that can be copied", path)
            # A pattern with a whole path is for this one file, not for others of its name.
            ignored.append(glob.escape(path))
    coursedir.ignore = ignored


def _given_files(coursedir: Any) -> set[str]:
    """Return the files that are put beside each graded notebook, relative to it."""
    root = coursedir.format_path(coursedir.source_directory, ".", coursedir.assignment_id)
    given = {os.path.relpath(path, root) for path in find_all_files(root)}
    return given | {f"{name}_files/picture" for name in slugs()}


def _collides(path: str, given: Iterable[str]) -> bool:
    """Tell whether a path is a folder of the course's, or lies below a file of it."""
    return any(each.startswith(f"{path}/") or path.startswith(f"{each}/") for each in given)


def _can_be_copied(path: str) -> bool:
    return _is_plain_file(path) and os.access(path, os.R_OK)


def _is_plain_file(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)
