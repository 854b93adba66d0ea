"""Statements at the top level of a student's source, also of one that Python cannot parse.

Where it cannot, the source is taken apart at lines without indentation, and each part is parsed by
itself: a syntax error in one function costs that function. Both sides read source in this way, the
worker to run it and the grader to look at it, so the time that it takes is bounded.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Parse = Callable[[str], ast.Module]

UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""Exceptions of reading source that is no Python, or that is nested too deep."""

_GOES_ON: Final = re.compile(r"[ \t\f]|[)\]}#]|$|(?:else|elif|except|finally|case)\b")
"""Beginnings of lines that belong to the statement before them."""
_DEFINES: Final = re.compile(r"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_MAX_JOINED: Final = 40
"""Parts that are put together again, for texts and brackets over lines without indentation."""
_MAX_PARSED: Final = 2_000
_MAX_READ: Final = 20
"""So many times its length is read of a source at most, while it is taken apart."""

_PLAIN: Final = (
    ast.Constant, ast.Name, ast.expr_context, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp,
    ast.unaryop,
)  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A part of a source that is no Python: the error, its line, and the names that it defines."""

    line: int
    message: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statements:
    """The statements of a source, with their lines in it, and the parts that are no Python."""

    body: list[ast.stmt]
    broken: list[Broken]


def read_statements(source: str, parse: Parse = ast.parse) -> Statements:
    """Return the statements of a source, in order."""
    try:
        return Statements(parse(source).body, [])
    except UNREADABLE as error:
        return _Reader(source, parse, error).read()


class _Reader:
    """Takes a source apart that cannot be parsed as a whole."""

    def __init__(self, source: str, parse: Parse, error: BaseException) -> None:
        self._lines = source.split("\n")
        self._parse = parse
        self._whole = error
        self._parses_left = _MAX_PARSED
        self._characters_left = _MAX_READ * len(source)
        self._body: list[ast.stmt] = []
        self._broken: list[Broken] = []

    def read(self) -> Statements:
        starts = [*self._starts(), len(self._lines)]
        if any(map(str.strip, self._lines[: starts[0]])):
            starts.insert(0, 0)  # the first lines, or all, are indented
        part = 0
        while part < len(starts) - 1:
            part = self._read_part(starts, part)
        if not self._body:
            # Of a file with nothing to recover, the first error says it all.
            lines = [broken.line for broken in self._broken]
            line = _line_of(self._whole) or min(lines, default=1)
            return Statements([], [Broken(line, _message(self._whole))])
        return Statements(self._body, self._broken)

    def _starts(self) -> Iterator[int]:
        decorated = False
        for number, line in enumerate(self._lines):
            if not _GOES_ON.match(line):
                if not decorated:
                    yield number
                decorated = line.startswith("@")

    def _read_part(self, starts: list[int], part: int) -> int:
        """Read a part, together with as many after it as it needs; return the next one."""
        first, end = starts[part], starts[part + 1]
        try:
            self._keep(first, end)
            return part + 1
        except UNREADABLE as error:
            wrong = error
        if _is_incomplete(wrong, end - first):
            for last in range(part + 2, min(part + 1 + _MAX_JOINED, len(starts))):
                try:
                    self._keep(first, starts[last])
                    return last
                except UNREADABLE:
                    continue
        if isinstance(wrong, IndentationError) and self._keep_pieces(first, end, wrong):
            return part + 1
        self._give_up(first, end, wrong)
        return part + 1

    def _keep_pieces(self, first: int, end: int, error: SyntaxError) -> bool:
        """Keep a function apart from the one below it that is indented by mistake."""
        middle = first + (error.lineno or 1) - 1
        if not first < middle < end or not _DEFINES.match(self._lines[middle]):
            return False
        try:
            self._keep(first, middle)
        except UNREADABLE:
            return False
        try:
            self._keep(middle, end)
        except UNREADABLE as wrong:
            self._give_up(middle, end, wrong)
        return True

    def _keep(self, first: int, end: int) -> None:
        """Parse lines and keep their statements.

        Raises:
            Any of `UNREADABLE`.
        """
        text = textwrap.dedent("\n".join(self._lines[first:end]))
        self._parses_left -= 1
        self._characters_left -= len(text)
        if self._parses_left < 0 or self._characters_left < 0:
            raise ValueError("too much of the file is no Python")
        tree = self._parse(text)
        if first:
            ast.increment_lineno(tree, first)
        self._body += tree.body

    def _give_up(self, first: int, end: int, error: BaseException) -> None:
        line = first + min(_line_of(error) or 1, end - first)
        names = _DEFINES.findall("\n".join(self._lines[first:end]))
        self._broken.append(Broken(line, _message(error), tuple(names[:10])))


def _is_incomplete(error: BaseException, lines: int) -> bool:
    """Tell whether more lines may make Python of a part."""
    if not isinstance(error, SyntaxError):
        return False
    text = error.msg or ""
    return "never closed" in text or "unterminated triple" in text or (error.lineno or 0) >= lines


def _line_of(error: BaseException) -> int:
    return (error.lineno or 0) if isinstance(error, SyntaxError) else 0


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg or "")
    return "Python cannot read it: " + (str(error) or "it is nested too deep")


# Kinds of statements


def definitions_in(statement: ast.stmt) -> Iterator[Definition]:
    """Yield the functions and classes that a statement defines in its own scope."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Definition):
            yield node
            continue
        for name in ("cases", "handlers", "finalbody", "orelse", "body"):
            children = getattr(node, name, ())
            if isinstance(children, list):
                waiting.extend(reversed(children))


def defines(statement: ast.stmt) -> bool:
    """Tell whether a statement defines something; others may be left out where time is up."""
    return isinstance(statement, Definition) or is_quick(statement)


def names_bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value to in its own scope, and some others."""
    names = {definition.name for definition in definitions_in(statement)}
    if not isinstance(statement, Definition):
        for node in ast.walk(statement):
            if isinstance(node, ast.alias):
                names.add(node.asname or node.name.partition(".")[0])
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def passes_on(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement binds a name anew to a value made of its old one, uncalled."""
    if not isinstance(statement, ast.Assign) or name not in names_bound(statement):
        return False
    nodes = list(ast.walk(statement.value))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return any(
        isinstance(node, ast.Name) and node.id == name and id(node) not in called for node in nodes
    )


def guarded_by_name(statement: ast.stmt) -> list[ast.stmt]:
    """Return the definitions, imports and names below `if __name__ == "__main__":`."""
    if not (isinstance(statement, ast.If) and _is_main_guard(statement.test)):
        return []
    return [node for node in statement.body if is_quick(node)]


def is_stub(definition: Definition) -> bool:
    """Tell whether a function, or each method of a class, is not written yet, as in a skeleton."""
    rest = [node for node in definition.body if not _is_constant(node)]
    if isinstance(definition, ast.ClassDef):
        return bool(rest) and all(
            isinstance(node, Definition) and any(map(_says_not_written, node.body)) for node in rest
        )
    return not rest or (len(rest) == 1 and (_says_not_written(rest[0]) or _is_pass(rest[0])))


def is_quick(statement: ast.stmt) -> bool:
    """Tell whether a statement does no more than to define, to import, or to name plain values."""
    try:
        return _is_quick(statement)
    except RecursionError:  # thousands of `elif`
        return False


def _is_quick(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        given = statement.args
        values = [*given.defaults, *filter(None, given.kw_defaults)]
        return not statement.decorator_list and all(map(_is_plain, values))
    if isinstance(statement, ast.ClassDef):
        return not statement.decorator_list and all(map(_is_quick, statement.body))
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr):
        value = statement.value
        return value is None or isinstance(value, ast.Lambda) or _is_plain(value)
    if isinstance(statement, ast.If):
        return _is_main_guard(statement.test) or (
            _is_plain(statement.test) and all(map(_is_quick, statement.body + statement.orelse))
        )
    if isinstance(statement, ast.Try):
        rest = [node for handler in statement.handlers for node in handler.body]
        rest += statement.orelse + statement.finalbody
        return all(map(_is_quick, statement.body + rest))
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass)


def _is_plain(value: ast.expr) -> bool:
    return all(isinstance(node, _PLAIN) for node in ast.walk(value))


def _is_main_guard(test: ast.expr) -> bool:
    """Tell whether a test is `__name__ == "__main__"`, which is false here."""
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == "__name__"
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == "__main__"
    )


def _says_not_written(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return False


def _is_pass(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass)


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
