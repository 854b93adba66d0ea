"""The names that a piece of source mentions, bound by scope as Python binds them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gradpath.course.syntax import Definition, imported_names

_MAX_DOTS: Final = 10
_MAX_SCOPES: Final = 100
"""Scopes in each other; names further out count as local there, as nobody writes that."""
_COMPREHENSIONS: Final = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_SCOPES: Final = Definition | ast.Lambda | _COMPREHENSIONS

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NAMED: Final = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
)
_NAMELESS: Final = frozenset(("annotation", "returns", "ctx", "op", "ops"))
"""Fields of annotations, which run nothing, and of nodes without any names."""
_PLAIN: Final = (ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.cmpop, ast.unaryop)
"""Nodes without parts, more than half of all."""
_OUTSIDE: Final = ("args", "decorator_list")
"""Fields of a function that are evaluated in the scope around it."""

Bindings = Mapping[str, str]
"""The names that a scope binds: the dotted name of an imported object, or nothing."""


@dataclass(frozen=True)
class Scope:
    """A function, lambda or comprehension, with the scope around it."""

    bindings: Bindings
    outer: Scope | None


@dataclass(frozen=True)
class Mention:
    """One use of a name.

    Attributes:
        name: the dotted name of an imported object, or the method `backward` of any other.
        line: where.
        imported: whether an import is behind the name.
        root: the name at the top level of the module that is used, if any.
        called: whether `root` is called, or an element of it.
        attribute: the attribute that is asked for, if any.
    """

    name: str
    line: int
    imported: bool = False
    root: str = ""
    called: bool = False
    attribute: str = ""


def mentions(tree: ast.AST, imported: Bindings) -> Iterator[Mention]:
    """Yield the names that a tree mentions; those of annotations, which run nothing, are left out.

    Args:
        tree: a definition or statement at the top level, or a part of one.
        imported: the names that the module imports.
    """
    called: set[int] = set()
    waiting: list[tuple[ast.AST, Scope | None]] = [(tree, None)]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.Constant):
            continue
        if isinstance(node, ast.Call):
            called.add(id(_callee(node)))
        elif isinstance(node, ast.Attribute):
            name = dotted(node)
            root = name.partition(".")[0]
            found = _resolve(root, scope, imported)
            if found:
                yield Mention(found + name[len(root) :], node.lineno, True, attribute=node.attr)
            else:
                method = node.attr if node.attr == "backward" else ""
                yield Mention(method, node.lineno, attribute=node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found = _resolve(node.id, scope, imported)
            if found is None:
                yield Mention("", node.lineno, root=node.id, called=id(node) in called)
            elif found:
                yield Mention(found, node.lineno, True)
        parts = _parts(node, scope)
        parts.reverse()
        waiting += parts


def dotted(node: ast.expr) -> str:
    """Return the chain of names of an attribute; it begins with a point where it has no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        if len(parts) == _MAX_DOTS:
            return ""  # the shorter chains in it are looked at as well
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def _callee(call: ast.Call) -> ast.expr:
    node = call.func
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return node


def _resolve(name: str, scope: Scope | None, imported: Bindings) -> str | None:
    """Return the dotted name behind a name; an empty one for a local, None for the module's own."""
    for _ in range(_MAX_SCOPES):
        if scope is None:
            return imported.get(name)
        if name in scope.bindings:
            return scope.bindings[name]
        scope = scope.outer
    return ""


def _parts(node: ast.AST, scope: Scope | None) -> list[tuple[ast.AST, Scope | None]]:
    """Return the nodes in a node, each with the scope in which it is evaluated."""
    inner = scope
    if isinstance(node, _FUNCTIONS):
        inner = Scope(_bindings_of(node), scope)
    elif isinstance(node, _COMPREHENSIONS):
        targets = (part for one in node.generators for part in ast.walk(one.target))
        inner = Scope({part.id: "" for part in targets if isinstance(part, ast.Name)}, scope)
    parts: list[tuple[ast.AST, Scope | None]] = []
    for field in node._fields:
        if field in _NAMELESS:
            continue
        value = getattr(node, field, None)
        within = scope if field in _OUTSIDE else inner
        if isinstance(value, ast.AST):
            parts.append((value, within))
        elif isinstance(value, list):
            parts += [(child, within) for child in value if isinstance(child, ast.AST)]
    return parts


def _bindings_of(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Bindings:
    """Return the names that are local to a function."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    bindings = {argument.arg: "" for argument in named if argument is not None}
    outside: set[str] = set()
    waiting: list[ast.AST] = list(_as_list(function.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _PLAIN):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                bindings.setdefault(node.id, "")
            continue
        if isinstance(node, ast.Global | ast.Nonlocal):
            outside.update(node.names)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bindings.update(imported_names(node))
        elif isinstance(node, _NAMED) and node.name:
            bindings.setdefault(node.name, "")
        if not isinstance(node, _SCOPES):
            waiting.extend(ast.iter_child_nodes(node))
    return {name: found for name, found in bindings.items() if name not in outside}


def _as_list(body: list[ast.stmt] | ast.expr) -> Iterable[ast.AST]:
    return body if isinstance(body, list) else [body]
