"""Is a file still the skeleton? Then it is not what somebody wants to be graded.

Students get a script and a notebook of each assignment and work in one of them; the other one stays
as it was.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from typing import Final

from gradpath.course.settings import course_root, read_settings
from gradpath.course.syntax import parse
from gradpath.worker.protocol import Source

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


def is_untouched(source: Source) -> bool:
    """Tell whether a submission is the skeleton with nothing of the assignment written in it.

    Each function is as in the skeleton, or was taken out. What else stands there does not count:
    somebody may have tried a few lines in the notebook and then gone on in the script. What Python
    cannot read is not untouched; its student is to be told why.
    """
    try:
        statements = [each for cell in source.cells for each in parse(cell.text).body]
        return _binds_nothing_new(statements, source.module)
    except _UNREADABLE:
        return False


def _binds_nothing_new(statements: list[ast.stmt], slug: str) -> bool:
    given = _definitions_of(slug)
    rest = [
        statement
        for statement in statements
        if not (isinstance(statement, _Definition) and _dump(statement) in given)
    ]
    from_skeleton = len(rest) < len(statements)
    written = {*read_settings(slug).points, "*"} & set(_bound(rest))
    return from_skeleton and not written


@functools.cache
def _definitions_of(slug: str) -> frozenset[str]:
    path = course_root() / "assignments" / slug / f"{slug}.py"
    body = parse(path.read_text("utf-8")).body
    return frozenset(_dump(each) for each in body if isinstance(each, _Definition))


def _dump(definition: _Definition) -> str:
    """Write a definition without comments, blanks and docstrings."""
    for node in ast.walk(definition):
        if isinstance(node, _Definition) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(definition)


def _bound(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements give a value to, anywhere in them; `*` for all at once."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, _Definition):
                yield node.name
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.alias):
                yield node.asname or node.name
