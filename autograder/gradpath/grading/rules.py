"""Static rules: names that the code of a function must not use.

A rule reads the source; it runs nothing. It looks at the function and at the helpers that it calls,
with names bound as Python binds them. It keeps an honest student to the exercise ("by hand") and
flags a clever one for a person. It proves nothing: a name that is built at run time is in no
source. For that a function with a rule is watched once (see `watched`).
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.course.syntax import Definition, imported_names, read, statements
from gradpath.grading.scopes import Mention, mentions
from gradpath.text import tidy
from gradpath.worker.statements import definitions_in, is_stub

_MAX_NAME: Final = 200
"""Characters of an imported name: its every use is looked at with the whole of it."""
_CALLED_BY_PYTHON: Final = ("forward",)
"""Methods that are called under another name, beside those with two underscores."""


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
        self._methods: set[str] = set()
        self.imports: set[str] = set()
        for name, text in cells:
            self._collect(name, read(text).body)

    def _collect(self, cell: str, body: Sequence[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets if node.value is not None else ():
                    # `loss = loss(1, 2, 3)` below a function does not take its place; see `loader`.
                    if isinstance(target, ast.Name) and not self._keeps(target.id, node.value):
                        self._define(target.id, cell, node)
            else:
                for definition in definitions_in(node):
                    if not (definition.name in self.definitions and is_stub(definition)):
                        self._define(definition.name, cell, definition)
            self._import(node)
        for statement in statements(*body):
            self.imports.update(i.partition(".")[0] for _, i in imported_names(statement))
            if isinstance(statement, ast.ClassDef):
                self._methods.update(d.name for d in statement.body if isinstance(d, Definition))

    def _define(self, name: str, cell: str, node: ast.AST) -> None:
        self.definitions[name] = (cell, node)
        self._aliases.pop(name, None)

    def _import(self, node: ast.stmt) -> None:
        """Note the names that a statement at the top level imports."""
        waiting = [node]
        while waiting:
            statement = waiting.pop()
            for name, imported in imported_names(statement):
                self._aliases[name] = imported[:_MAX_NAME]
            if not isinstance(statement, Definition):
                inner = (child for child in ast.iter_child_nodes(statement))
                waiting.extend(child for child in inner if isinstance(child, ast.stmt))

    def _keeps(self, name: str, value: ast.expr | None) -> bool:
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
        if function not in self.definitions:
            return None
        search = _Search(self.definitions, {function, *apart})
        cell, tree = self.definitions[function]
        search.put(cell, tree)
        while search.waiting:
            cell, tree = search.waiting.popleft()
            for mention in mentions(tree, self._aliases):
                name = mention.name
                if not mention.imported and name in self._methods:
                    name = ""  # a method of that name is the student's own
                if any(_contains(name, word) for word in forbidden):
                    return Use(tidy(name, _MAX_NAME), mention.line, cell)
                search.follow(mention)
        return None


class _Search:
    """The parts of the source that a function uses, as far as they have been found."""

    def __init__(self, definitions: dict[str, tuple[str, ast.AST]], apart: set[str]) -> None:
        self._definitions = definitions
        self._apart = apart
        self._put_in: set[int] = set()
        self._referred: set[tuple[int, bool]] = set()
        self._attributes: set[str] = set()
        self._methods: dict[str, list[tuple[str, ast.AST]]] = {}
        self.waiting: deque[tuple[str, ast.AST]] = deque()

    def put(self, cell: str, tree: ast.AST) -> None:
        """Look at all of a tree, once."""
        if id(tree) not in self._put_in:
            self._put_in.add(id(tree))
            self.waiting.append((cell, tree))

    def follow(self, mention: Mention) -> None:
        """Go on with the definition, or the methods, that a name may stand for."""
        if mention.attribute and mention.attribute not in self._attributes:
            self._attributes.add(mention.attribute)
            for cell, method in self._methods.pop(mention.attribute, ()):
                self.put(cell, method)
        self._refer(mention.root, mention.called)

    def _refer(self, name: str, called: bool) -> None:
        if name not in self._definitions or name in self._apart:
            return
        cell, tree = self._definitions[name]
        if (id(tree), called) in self._referred:
            return  # one assignment may define as many names as it has elements
        self._referred.add((id(tree), called))
        if isinstance(tree, ast.ClassDef):
            for node in (*tree.decorator_list, *tree.bases, *tree.keywords, *tree.body):
                self._put_member(cell, node)
        elif isinstance(tree, Definition) or called:
            self.put(cell, tree)
        else:
            self._put_functions(cell, tree)

    def _put_member(self, cell: str, node: ast.AST) -> None:
        """Look at a part of a class, or wait until somebody asks for the method."""
        if (
            isinstance(node, Definition)
            and node.name not in self._attributes
            and not _is_called_by_python(node.name)
        ):
            self._methods.setdefault(node.name, []).append((cell, node))
        else:
            self.put(cell, node)

    def _put_functions(self, cell: str, tree: ast.AST) -> None:
        """Look at the functions in a value that is not called itself: numbers call nothing."""
        for node in ast.walk(tree):
            known = isinstance(node, ast.Name) and node.id in self._definitions
            if known or isinstance(node, ast.Lambda):
                self.put(cell, node)


def _is_called_by_python(name: str) -> bool:
    return name in _CALLED_BY_PYTHON or (name.startswith("__") and name.endswith("__"))


def _contains(name: str, word: str) -> bool:
    return f".{word}." in f".{name}."


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
