"""Python source as syntax trees: parsing, and the names that statements bind."""

from __future__ import annotations

import ast
import itertools
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Final

from gradpath.text.messages import Message
from gradpath.worker.statements import UNREADABLE, Definition, Statements, read_statements

__all__ = [
    "UNREADABLE", "Definition", "bound_name", "imported_names", "parse", "read", "statements",
]  # fmt: skip

_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
MAX_WORDS: Final = 100_000
"""Names, numbers and signs in a source. Its tree has one or two objects for each, of about a
kilobyte; the longest submission that was written by hand has a tenth of this."""
TOO_LONG: Final = Message(
    "it has more than {count:,} names, numbers and signs; is data pasted into it?", count=MAX_WORDS
)
_WORD: Final = re.compile(r"\w+|[^\w\s]")

_lock = threading.Lock()


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a module.

    Python counts its depth while it makes the tree's objects in a place that all threads share.
    When another thread parses meanwhile, it raises `SystemError: AST constructor recursion depth
    mismatch`, so only one parses at a time.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`; ValueError also for
            source that is too long to be looked at.
    """
    if is_too_long([source]):
        raise ValueError(TOO_LONG)
    with _lock:
        return ast.parse(source)  # noqa: TID251


def read(source: str) -> Statements:
    """Return the statements of a module, also of one in which parts are no Python."""
    return read_statements(source, parse)


def is_too_long(sources: Sequence[str]) -> bool:
    """Tell whether sources have more names, numbers and signs than anybody writes."""
    if sum(map(len, sources)) < MAX_WORDS:
        return False  # as nearly all are: no word is shorter than a character
    words = (word for source in sources for word in _WORD.finditer(source))
    return next(itertools.islice(words, MAX_WORDS, None), None) is not None


def statements(*trees: ast.AST) -> Iterator[ast.stmt]:
    """Yield every statement, however deep, without descending into expressions."""
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        for name in _BLOCKS:
            # A lambda has a body, too, which is an expression; it is reached by no statement list.
            waiting.extend(getattr(node, name, ()))


def imported_names(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, with the dotted name of the imported object."""
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            yield alias.asname or name, name
    elif isinstance(statement, ast.ImportFrom) and statement.module:
        for alias in statement.names:
            yield alias.asname or alias.name, f"{statement.module}.{alias.name}"


def bound_name(node: ast.AST) -> str | None:
    """Return the name that a node itself binds, if any; `*` for all names of a module."""
    if isinstance(node, Definition):
        return node.name
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.alias):
        return node.asname or node.name.partition(".")[0]
    return None
