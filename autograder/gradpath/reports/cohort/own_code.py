"""Own code: a submission's code without the skeleton's lines.

Two submissions are compared in three forms of it: the lines as they stand, the words in them, and
the tokens of the syntax tree. Comments, blanks, docstrings, annotations, imports, quotes and
needless brackets are not in the tree's tokens, and the names in them are told apart only by
`renamed`, so only the behaviour of the code is left.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.course.settings import generated_folder
from gradpath.course.syntax import UNREADABLE, Definition, imported_names, parse, statements

MAX_TOKENS: Final = 6000
"""A solution has some hundreds. Larger files are compared as text only: they hold data, or are
made to take long."""

NAME: Final = "$"
"""Begins a token that is a name which its author chose."""

_WORD: Final = re.compile(r"\w+|[^\w\s]")
_BUILTIN: Final = frozenset(dir(builtins))
_END: Final = "end"
_LEFT_OUT: Final = frozenset({"annotation", "ctx", "returns", "type_comment", "type_params"})
"""Fields of the syntax tree that change nothing when the code runs."""

_SILENT: Final = frozenset({ast.Expr, ast.arguments})

_NEVER_GIVEN: Final = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.Expr,
    ast.Return,
)
"""Statements that are not looked for among the skeleton's: those with others inside, those that are
left out in any case, and a `return`, which is the student's own when it stands elsewhere."""

Tokens = tuple[str, ...]


@dataclass(frozen=True)
class OwnCode:
    """The code that one submission adds to the skeleton.

    Attributes:
        text: its own lines, as they stand; blank ones are left out.
        lines: how many these are.
        words: names, numbers and other characters of these lines, comments included.
        parts: tokens of each top-level statement, in an order that does not depend on where it
            stands; empty if Python cannot read the file or if it is too large.
    """

    text: str
    lines: int
    words: Tokens
    parts: tuple[Tokens, ...]

    @property
    def size(self) -> int:
        """Number of tokens."""
        return sum(map(len, self.parts))

    @functools.cached_property
    def renamed(self) -> tuple[Tokens, ...]:
        """The parts with numbers instead of names, in the order in which they first occur."""
        return tuple(map(renamed, self.parts))

    @functools.cached_property
    def nameless(self) -> Tokens:
        """All tokens in a row; names are told from other tokens, but not from each other."""
        return tuple(
            NAME if token.startswith(NAME) else token for part in self.parts for token in part
        )


@dataclass(frozen=True)
class Skeleton:
    """The code that all students of an assignment were given."""

    lines: frozenset[str]
    statements: frozenset[Tokens]
    definitions: frozenset[Tokens]
    names: frozenset[str]


@functools.cache
def skeleton(slug: str) -> Skeleton:
    """Read the skeleton of an assignment; one without has nothing in it."""
    path = generated_folder(slug) / f"{slug}.py"
    text = path.read_text("utf-8") if path.is_file() else ""
    tree = parse(text)
    given = {
        tuple(_tokens(node, {}))
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not isinstance(node, _NEVER_GIVEN)
    }
    names = frozenset(node.name for node in ast.walk(tree) if isinstance(node, Definition))
    meanings = _meanings(tree, names)
    # As they look once the statements in them have been taken out: not begun.
    empty = {
        tuple(_tokens(node, meanings, given)) for node in tree.body if isinstance(node, Definition)
    }
    return Skeleton(frozenset(_lines(text)), frozenset(given), frozenset(empty), names)


def own_code(source: str, given: Skeleton) -> OwnCode:
    """Take the skeleton out of a submission.

    Args:
        source: the code, that of a notebook's cells in a row.
        given: the skeleton of its assignment.
    """
    lines = [line for line in _lines(source) if line not in given.lines]
    text = "\n".join(lines)
    try:
        tree = parse(source)
    except UNREADABLE:
        return OwnCode(text, len(lines), (), ())
    meanings = _meanings(tree, given.names)
    named: list[tuple[str, Tokens]] = []
    size = 0
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        tokens = tuple(_tokens(statement, meanings, given.statements))
        size += len(tokens)
        if size > MAX_TOKENS:
            return OwnCode(text, len(lines), (), ())
        # The skeleton's functions come first, then all others by their tokens: a student's own
        # function that was moved or renamed is the same function.
        name = statement.name if isinstance(statement, Definition) else ""
        if len(tokens) > 1 and tokens not in given.definitions:
            named.append((name if name in given.names else "", tokens))
    named.sort(key=lambda pair: (not pair[0], pair[0], renamed(pair[1])))
    words = tuple(map(sys.intern, _WORD.findall(text)[:MAX_TOKENS]))
    return OwnCode(text, len(lines), words, tuple(tokens for _, tokens in named))


def renamed(tokens: Sequence[str]) -> Tokens:
    """Replace names by numbers, in the order in which they first occur."""
    numbers: dict[str, str] = {}
    return tuple(
        numbers.setdefault(token, f"{NAME}{len(numbers)}") if token.startswith(NAME) else token
        for token in tokens
    )


def relative(tokens: Sequence[str], within: int) -> Tokens:
    """Replace each name by the distance to where it stood last, if that is less than `within`.

    Any stretch of the result is the same under other names, and after other code far before it
    (B. S. Baker, Parameterized duplication in strings, SIAM Journal on Computing 26, 1997).
    """
    last: dict[str, int] = {}
    written: list[str] = []
    for place, token in enumerate(tokens):
        if token.startswith(NAME):
            distance = place - last.get(token, -within)
            last[token] = place
            token = f"{NAME}{distance}" if distance < within else NAME
        written.append(token)
    return tuple(written)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _meanings(tree: ast.Module, given: Collection[str]) -> dict[str, str]:
    """Return the names that mean the same to everybody: the skeleton's, and imported ones."""
    meanings = {name: name for name in given}
    for statement in statements(tree):
        meanings.update(imported_names(statement))
    return meanings


def _tokens(
    statement: ast.stmt, meanings: Mapping[str, str], given: Collection[Tokens] = ()
) -> list[str]:
    """Write a statement's syntax tree as tokens, in the order of the source.

    Args:
        statement: the statement.
        meanings: names that are kept, with the token of each.
        given: statements to leave out wherever they stand.
    """
    written: list[str] = []
    waiting: list[object] = [statement]  # not recursive: source may be nested very deep
    kinds = {tokens[0] for tokens in given}
    while waiting and len(written) <= MAX_TOKENS:
        item = waiting.pop()
        kind = type(item)
        if kind is str:
            written.append(item)  # type: ignore[arg-type]
        elif kind is ast.Name:
            written.append(_name(item.id, meanings))  # type: ignore[attr-defined]
        elif kind is ast.arg:
            written.append(_name(item.arg, meanings))  # type: ignore[attr-defined]
        elif kind is ast.Constant:
            written.append(sys.intern(f"={item.value!r}"[:80]))  # type: ignore[attr-defined]
        elif isinstance(item, ast.AST):
            if kind.__name__ in kinds and item is not statement and _is_given(item, given):
                continue
            if kind not in _SILENT:
                written.append(kind.__name__)
            waiting += reversed(_fields(item, meanings))
    return written


def _fields(node: ast.AST, meanings: Mapping[str, str]) -> list[object]:
    fields: list[object] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if value is None or field in _LEFT_OUT:
            continue
        if isinstance(value, list):
            inner = value[1:] if field == "body" and _is_documented(node) else value
            if inner:
                fields += inner
                fields.append(_END)
        elif isinstance(value, str):
            is_name = field == "name"  # of a function, a class or an exception
            fields.append(_name(value, meanings) if is_name else sys.intern(f".{value}"))
        elif isinstance(value, int):
            fields.append(f"={value}")
        else:
            fields.append(value)
    return fields


def _is_documented(node: ast.AST) -> bool:
    return isinstance(node, Definition) and ast.get_docstring(node, clean=False) is not None


def _is_given(node: ast.AST, given: Collection[Tokens]) -> bool:
    return isinstance(node, ast.stmt) and tuple(_tokens(node, {})) in given


def _name(name: str, meanings: Mapping[str, str]) -> str:
    """Return the token of a name: one object for all submissions, of which there are thousands."""
    if name in meanings:
        return sys.intern(f".{meanings[name]}")
    return sys.intern(f".{name}" if name in _BUILTIN else f"{NAME}{name}")
