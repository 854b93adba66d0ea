"""Static rules: names that the code of a function must not use.

A rule reads the source; it runs nothing. It keeps an honest student to the exercise ("by hand")
and flags a clever one for a person. It proves nothing: calls that the source does not show, such as
a name built at run time, passes. So rules are few, and numbers decide about the rest.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.course.syntax import Definition, imported_names, read, statements
from gradpath.text import tidy
from gradpath.worker.statements import definitions_in, is_stub

_MAX_DOTS: Final = 10
_MAX_NAME: Final = 200
"""Characters of an imported name: its every use is looked at with the whole of it."""


@dataclass(frozen=True)
class Use:
    """A forbidden name in the source, and the line on which it stands."""

    name: str
    line: int
    cell: str


class ModuleSource:
    """The syntax trees of a submission's cells; parts that are no Python are left out."""

    def __init__(self, cells: Iterable[tuple[str, str]]) -> None:
        """Parse `(name, text)` pairs."""
        self.definitions: dict[str, tuple[str, ast.AST]] = {}
        self._aliases: dict[str, str] = {}
        self.imports: set[str] = set()
        for name, text in cells:
            self._collect(name, read(text).body)

    def _collect(self, cell: str, body: Sequence[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    # `loss = loss(1, 2, 3)` below a function does not take its place; see `loader`.
                    if isinstance(target, ast.Name) and not self._keeps(target.id, node.value):
                        self.definitions[target.id] = (cell, node)
            else:
                for definition in definitions_in(node):
                    if not (definition.name in self.definitions and is_stub(definition)):
                        self.definitions[definition.name] = (cell, definition)
        for statement in statements(*body):
            for name, imported in imported_names(statement):
                self._aliases[name] = imported[:_MAX_NAME]
                self.imports.add(imported.partition(".")[0])

    def _keeps(self, name: str, value: ast.expr) -> bool:
        """Tell whether a name keeps its function when something else gets the name."""
        before = self.definitions.get(name)
        is_function = before is not None and isinstance(before[1], Definition)
        return is_function and not isinstance(value, ast.Lambda | ast.Name | ast.Attribute)

    def is_written(self, function: str) -> bool:
        """Tell whether the function exists and does more than raise NotImplementedError."""
        if function not in self.definitions:
            return False
        node = self.definitions[function][1]
        if not isinstance(node, ast.FunctionDef):
            return True
        body = [n for n in node.body if not (isinstance(n, ast.Expr) and _is_text(n.value))]
        return not (len(body) == 1 and isinstance(body[0], ast.Raise))

    def find(self, function: str, forbidden: Collection[str], apart: Collection[str]) -> Use | None:
        """Find the first forbidden name in a function or in helpers that it uses.

        Args:
            function: where to look.
            forbidden: single names, or dotted ones that must occur in that order.
            apart: the assignment's other functions, which have rules of their own.
        """
        seen = {function}
        walked: set[int] = set()
        waiting = deque(name for name in seen if name in self.definitions)
        while waiting:
            current = waiting.popleft()
            cell, tree = self.definitions[current]
            if id(tree) in walked:
                continue  # one assignment may define as many names as it has elements
            walked.add(id(tree))
            for node, name in self._names(tree):
                if any(_contains(name, word) for word in forbidden):
                    return Use(tidy(name, _MAX_NAME), getattr(node, "lineno", 0), cell)
                first = name.partition(".")[0]
                if first in self.definitions and first not in apart and first not in seen:
                    seen.add(first)
                    waiting.append(first)
        return None

    def _names(self, tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                # Only names reached through an import, and methods such as `.backward()`:
                # a local variable or a dict key called `grad` breaks no rule.
                dotted = _dotted(node)
                root = dotted.partition(".")[0]
                if root in self._aliases:
                    yield node, self._aliases[root] + dotted[len(root) :]
                elif node.attr == "backward":
                    yield node, node.attr
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                yield node, self._aliases.get(node.id, f"{node.id}.")


def _contains(name: str, word: str) -> bool:
    return f".{word}." in f".{name}." if not name.endswith(".") else False


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        if len(parts) == _MAX_DOTS:
            return ""  # the shorter chains in it are looked at as well
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
