"""Python source as syntax trees: parsing, and the names that statements bind."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from typing import Final

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""Exceptions of reading source that is no Python, or that is nested too deep."""

_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
_MAX_COMPILED: Final = 100_000
_MAX_REPEATED: Final = 100_000

_lock = threading.Lock()


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a module.

    Python counts its depth while it makes the tree's objects in a place that all threads share.
    When another thread parses meanwhile, it raises `SystemError: AST constructor recursion depth
    mismatch`, so only one parses at a time.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _lock:
        return ast.parse(source)


def is_quick_to_compile(tree: ast.Module, characters: int) -> bool:
    """Tell whether making bytecode of a module takes about as long as parsing it.

    Python writes the code of a `finally` once for each way to leave its `try`: with 20 of them
    inside one another, a few lines become gigabytes.

    Args:
        tree: the module.
        characters: length of its source.
    """
    if characters > _MAX_COMPILED:
        return False
    exits, repeated = 2, 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Return | ast.Break | ast.Continue):
            exits += 1
        elif isinstance(node, ast.Try | ast.TryStar) and node.finalbody:
            inside = [each for part in node.finalbody for each in ast.walk(part)]
            repeated += len(inside)
            if any(isinstance(each, ast.Try | ast.TryStar) for each in inside):
                exits *= 2
    return exits * repeated <= _MAX_REPEATED


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield every statement, however deep, without descending into expressions."""
    waiting: list[ast.AST] = [tree]
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
