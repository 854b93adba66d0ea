"""Notebooks as submissions: the code cells in order, with IPython's magics taken out."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from gradpath.course.syntax import TOO_LONG, is_too_long, read
from gradpath.errors import SubmissionError
from gradpath.text import tidy
from gradpath.text.messages import Message, joined, recognized, template
from gradpath.worker.protocol import Cell
from gradpath.worker.statements import definitions_in, is_stub

IGNORED: Final = "otter_ignore"
"""The tag of cells that are not graded."""
_CELL: Final = template("cell {number}")
_TEXT: Final = template("the text after cell {number}")
MAX_CODE: Final = 1_000_000
MAX_CONTAINERS: Final = 300_000
MAX_COMMAS: Final = 1_000_000
"""Of a notebook's JSON, counted before it is read: in memory a list or dict takes up to a hundred
times as much as its two signs in the file, a short text or a number twenty times."""
_MAX_MAGICS: Final = 100
_MAX_READ: Final = 2_000_000
"""Characters that IPython reads for a notebook's magics: it reads a cell once for each of them."""

_TEST_CELL: Final = re.compile(
    r"^(from gradpath\.student\.nbgrader import \w+|(public|hidden)_checks\([^()\n]*\))[ \t]*$",
    re.MULTILINE,
)
"""The lines of nbgrader's test cells. They are known by their text, not by nbgrader's metadata:
people copy such cells and write functions into them, and those count."""

# Blanks and no line ends: a run of empty lines must not be read again from each of them.
_MAGIC: Final = re.compile(r"^[ \t]*[%!?]|\?[ \t]*$|=[ \t]*[%!]", re.MULTILINE)
_CELL_MAGIC: Final = re.compile(r"\s*(?P<magic>%%\w+)[^\n]*\n")
_FENCE: Final = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*(?P<language>[\w{}-]*)", re.MULTILINE)
_FENCED: Final = ("", "py", "python", "python3", "ipython", "ipython3", "{python}", "{code-cell}")
_MAX_NOTED: Final = 5
"""Lines of a notebook in a script that are named."""
_TRANSPARENT: Final = ("%%time", "%%capture", "%%prun")
_LAST_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=\s*+[\]}])', re.DOTALL)
"""A text of JSON, or a comma before a closing bracket, which Python has and JSON has not."""


@dataclass(frozen=True)
class _Written:
    """A cell as it was written. `aside` is why it is not run, for a cell of text or of a file."""

    name: str
    source: str
    aside: str = ""


def read_cells(text: str, functions: Collection[str] = ()) -> tuple[tuple[Cell, ...], list[str]]:
    """Return the code cells of a notebook of format 3 or 4, in the order in which they stand.

    Execution counts and outputs do not matter, and neither do cells tagged `otter_ignore`, such as
    those that run otter's checks: otter does not grade them, either. Nor do the lines that ask for
    checks in nbgrader's test cells. IPython's own transformer turns magics (`%matplotlib inline`,
    `!pip install`) into calls, and a stub that does nothing answers these.

    A function that stands nowhere else may stand in a cell that became text, or in one that
    writes a file: then this cell is taken for code.

    Args:
        text: the notebook.
        functions: the assignment's functions.

    Returns:
        The cells, and notes about cells that are taken for code.

    Raises:
        SubmissionError: the text is no notebook.
    """
    if text.count("{") + text.count("[") > MAX_CONTAINERS or text.count(",") > MAX_COMMAS:
        raise SubmissionError(
            Message(
                "the notebook holds too much data beside its text; clear the outputs "
                "and save it again"
            )
        )
    try:
        notebook, damage = _loaded(text)
        written = _cells(notebook)
    except (ValueError, RecursionError, MemoryError):
        raise SubmissionError(
            Message(
                "the notebook is no valid JSON; open it in Jupyter, save it and submit it again"
            )
        ) from None
    written, notes = _with_asides(written, frozenset(functions))
    sources = _transform_all([cell.source for cell in written])
    named = zip((cell.name for cell in written), sources, strict=True)
    return tuple(Cell(name, source) for name, source in named if source.strip()), damage + notes


def without_magics(name: str, script: str) -> tuple[str, list[str]]:
    """Return a script without the lines of a notebook that some were exported with, and notes."""
    if not _MAGIC.search(script) or not (broken := read(script).broken):
        return script, []
    lines = script.split("\n")
    if not any(_MAGIC.search(line) for part in broken for line in lines[part.line - 1 : part.line]):
        return script, []
    (kept,) = _transform_all([script])
    notes: list[str] = [
        Message(
            "{name}, line {number} ({source}) runs in a notebook only, and does nothing",
            name=name,
            number=number,
            source=tidy(line.strip(), 80),
        )
        for number, (line, without) in enumerate(zip(lines, kept.split("\n"), strict=False), 1)
        if line != without
    ]
    return kept, notes[:_MAX_NOTED]


def _loaded(text: str) -> tuple[Any, list[str]]:
    """Return a notebook's JSON, also with a comma or a bracket too many, and a note about these.

    Raises:
        ValueError, RecursionError, MemoryError: it is none.
    """
    decoder = json.JSONDecoder(strict=False)
    try:
        return decoder.decode(text), []
    except ValueError as error:
        plain = _LAST_COMMA.sub(lambda match: match[1] or "", text).lstrip()
        notebook, _ = decoder.raw_decode(plain)
        line = getattr(error, "lineno", 1)
        return notebook, [
            Message(
                "the notebook has a sign too many in its line {line}, which is left out", line=line
            )
        ]


def _with_asides(
    written: list[_Written], functions: frozenset[str]
) -> tuple[list[_Written], list[str]]:
    """Return the code, and with it cells of text that hold the only definition of a function."""
    asides = {cell: _defined([cell]) & functions for cell in written if cell.aside}
    if not any(asides.values()):
        return [cell for cell in written if not cell.aside], []
    known = _defined(cell for cell in written if not cell.aside)
    imports = {cell for cell in written if cell.aside and _only_imports(cell.source)}
    kept: list[_Written] = []
    notes: list[str] = []
    for cell in written:
        new = asides.get(cell, set()) - known
        if cell.aside and new:
            names = joined(", ", sorted(new))
            notes.append(
                Message(
                    "{names} in {name}, {aside}, was taken for code",
                    names=names,
                    name=recognized(cell.name, (_TEXT, _CELL)),
                    aside=cell.aside,
                )
            )
            known |= new
        if new or not cell.aside or cell in imports:
            kept.append(cell)
    return kept, notes


def _defined(cells: Iterable[_Written]) -> set[str]:
    """Return the functions that are written in some cells; in one that is no Python, none."""
    names = set()
    for cell in cells:
        if "def " not in cell.source and "class " not in cell.source:
            continue
        source = read(cell.source)
        if source.broken and cell.aside:
            continue
        for statement in source.body:
            names |= {node.name for node in definitions_in(statement) if not is_stub(node)}
    return names


def _only_imports(text: str) -> bool:
    if "import" not in text:
        return False
    source = read(text)
    imports = (isinstance(statement, ast.Import | ast.ImportFrom) for statement in source.body)
    return not source.broken and all(imports)


def _cells(notebook: Any) -> list[_Written]:
    if not isinstance(notebook, dict):
        raise SubmissionError(Message("the file is JSON, but no notebook"))
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):  # format 3
        cells = [
            cell
            for sheet in notebook["worksheets"]
            if isinstance(sheet, dict)
            for cell in _list(sheet.get("cells"))
        ]
    if not isinstance(cells, list):
        raise SubmissionError(
            Message("the notebook has no list of cells; save it in Jupyter once more")
        )
    written = []
    number = 0
    for cell in cells:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if kind == "code":
            number += 1
            source = "" if _is_ignored(cell) else _source(cell)
            if "_checks" in source:
                source = _TEST_CELL.sub("", source)
            written.append(_code(_CELL.format(number=number), source))
        elif kind in ("markdown", "raw"):
            source = _source(cell)
            source = _fenced(source) if kind == "markdown" else source
            written.append(
                _Written(_TEXT.format(number=number), source, Message("a {kind} cell", kind=kind))
            )
    if sum(len(cell.source) for cell in written if not cell.aside) > MAX_CODE:
        raise SubmissionError(
            Message(
                "the notebook has more than {limit:g} MB of code; is data pasted into it?",
                limit=MAX_CODE / 1e6,
            )
        )
    if is_too_long([cell.source for cell in written if not cell.aside]):
        raise SubmissionError(Message("the notebook cannot be read: {reason}", reason=TOO_LONG))
    if sum(len(cell.source) for cell in written if cell.aside) > MAX_CODE:
        return [cell for cell in written if not cell.aside]
    return written


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    # JSON can hold halves of characters, which no file in UTF-8 can.
    return "".join(x for x in lines if isinstance(x, str)).encode("utf-8", "replace").decode()


def _code(name: str, source: str) -> _Written:
    """Return a cell of code; the body of one for another program is none, and may count."""
    match = _CELL_MAGIC.match(source)
    if match and match["magic"] not in _TRANSPARENT:
        body = "\n" * match[0].count("\n") + source[match.end() :]
        return _Written(name, body, Message("a {kind} cell", kind=match["magic"]))
    return _Written(name, source)


def _fenced(text: str) -> str:
    """Return the code in a text's fences, on its lines; all of a text without any."""
    lines: list[str] = []
    language: str | None = None
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if fence:
            language = fence["language"].lower() if language is None else None
        lines.append("" if fence or language not in _FENCED else line)
    return "\n".join(lines) if _FENCE.search(text) else text


def _is_ignored(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    return isinstance(metadata, dict) and IGNORED in _list(metadata.get("tags"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _transform_all(sources: list[str]) -> list[str]:
    """Replace magics in all cells, as far as that takes no minutes."""
    readable = _MAX_READ
    transformed = []
    for source in sources:
        magics = len(_MAGIC.findall(source))
        readable -= magics * len(source)
        if not magics:
            transformed.append(source)  # most cells, and IPython takes long to import
        elif magics > _MAX_MAGICS or readable < 0:
            # This many are no cell of a student's.
            transformed.append(
                "raise SyntaxError('this cell has too many magics (lines with % or !)')"
            )
        else:
            transformed.append(_transform(source))
    return transformed


def _transform(source: str) -> str:
    """Replace magics by calls of the stub; keep every other line where it is."""
    from IPython.core.inputtransformer2 import TransformerManager

    while match := _CELL_MAGIC.match(source):
        source = "\n" * match[0].count("\n") + source[match.end() :]
    try:
        return str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    except Exception:  # usually a SyntaxError, but the transformer has bugs of its own
        return source  # the worker reports it, as this cell's failure
