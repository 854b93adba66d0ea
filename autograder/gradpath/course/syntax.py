"""Parsing Python, one thread at a time."""

from __future__ import annotations

import ast
import threading
from typing import Final

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


_MAX_COMPILED: Final = 100_000
_MAX_REPEATED: Final = 100_000


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
