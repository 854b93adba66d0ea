"""Files that are still the skeleton: their students do not want them graded.

Students get a script and a notebook of each assignment and work in one of them; the other one stays
as it was.
"""

from __future__ import annotations

import ast
import functools
from typing import Final

from gradpath.course import recorded
from gradpath.course.settings import read_settings
from gradpath.course.syntax import UNREADABLE, Definition, bound_name, parse
from gradpath.errors import SubmissionError
from gradpath.submissions.submission import Submission
from gradpath.worker.protocol import Source

_MAX_SKELETON: Final = 100_000


def is_skeleton(submission: Submission) -> bool:
    """Tell whether a file is still as it was given to students; reads it."""
    if submission.file.lower().endswith(".py") and submission.size > _MAX_SKELETON:
        return False
    try:
        return is_untouched(submission.source())
    except SubmissionError:
        return False


def is_untouched(source: Source) -> bool:
    """Tell whether a submission is the skeleton with nothing of the assignment written in it.

    Each function is as in the skeleton, or was taken out. Other statements do not count: somebody
    may have tried a few lines in the notebook and then gone on in the script. A file that Python
    cannot read is not untouched; its student is to be told why.
    """
    try:
        statements = [statement for cell in source.cells for statement in parse(cell.text).body]
        return _binds_nothing_new(statements, source.module)
    except UNREADABLE:
        return False


def _binds_nothing_new(statements: list[ast.stmt], slug: str) -> bool:
    given = _definitions_of(slug)
    rest = [
        statement
        for statement in statements
        if not (isinstance(statement, Definition) and _dump(statement) in given)
    ]
    from_skeleton = len(rest) < len(statements)
    bound = {bound_name(node) for statement in rest for node in ast.walk(statement)}
    return from_skeleton and bound.isdisjoint({*read_settings(slug).points, "*"})


@functools.cache
def _definitions_of(slug: str) -> frozenset[str]:
    body = parse(recorded.read(slug).skeleton).body
    return frozenset(_dump(statement) for statement in body if isinstance(statement, Definition))


def _dump(definition: Definition) -> str:
    """Write a definition without comments, blanks and docstrings."""
    for node in ast.walk(definition):
        if isinstance(node, Definition) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(definition)
