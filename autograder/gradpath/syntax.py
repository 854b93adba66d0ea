"""Parsing Python, one thread at a time."""

from __future__ import annotations

import ast
import threading

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
