"""Notebooks as submissions: the code cells in order, with IPython's magics taken out."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from gradpath.course.syntax import TOO_LONG, is_too_long
from gradpath.errors import SubmissionError
from gradpath.worker.protocol import Cell

IGNORED: Final = "otter_ignore"
"""The tag of cells that are not graded."""
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
_TRANSPARENT: Final = ("%%time", "%%capture", "%%prun")


def read_cells(text: str) -> tuple[Cell, ...]:
    """Return the code cells of a notebook of format 3 or 4, in the order in which they stand.

    Execution counts and outputs do not matter, and neither do cells tagged `otter_ignore`, such as
    those that run otter's checks: otter does not grade them, either. Nor do the lines that ask for
    checks in nbgrader's test cells. IPython's own transformer turns magics (`%matplotlib inline`,
    `!pip install`) into calls, and a stand-in that does nothing answers these.

    Raises:
        SubmissionError: the text is no notebook.
    """
    if text.count("{") + text.count("[") > MAX_CONTAINERS or text.count(",") > MAX_COMMAS:
        raise SubmissionError(
            "the notebook holds too much data beside its text; clear the outputs and save it again"
        )
    try:
        notebook = json.loads(text)
        cells = _code_cells(notebook)
    except (ValueError, RecursionError, MemoryError):
        raise SubmissionError(
            "the notebook is no valid JSON; open it in Jupyter, save it and submit it again"
        ) from None
    sources = _transform_all(cells)
    numbered = sources_with_numbers(sources)
    return (
        Cell("notebook setup", _STAND_IN),
        *(Cell(f"cell {number}", source) for number, source in numbered),
    )


def sources_with_numbers(sources: list[str]) -> list[tuple[int, str]]:
    """Number the code cells from 1 and leave the empty ones out."""
    return [(number, source) for number, source in enumerate(sources, 1) if source.strip()]


def _code_cells(notebook: Any) -> list[str]:
    if not isinstance(notebook, dict):
        raise SubmissionError("the file is JSON, but no notebook")
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):  # format 3
        cells = [
            cell
            for sheet in notebook["worksheets"]
            if isinstance(sheet, dict)
            for cell in _list(sheet.get("cells"))
        ]
    if not isinstance(cells, list):
        raise SubmissionError("the notebook has no list of cells; save it in Jupyter once more")
    sources = []
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            if _is_ignored(cell):
                source = ""  # it keeps its place: people count the cells that they see
            lines = source if isinstance(source, list) else [source]
            source = "".join(line for line in lines if isinstance(line, str))
            if "_checks" in source:
                source = _TEST_CELL.sub("", source)
            # JSON can hold halves of characters, which no file in UTF-8 can.
            sources.append(source.encode("utf-8", "replace").decode())
    if sum(map(len, sources)) > MAX_CODE:
        raise SubmissionError(
            f"the notebook has more than {MAX_CODE / 1e6:g} MB of code; is data pasted into it?"
        )
    if is_too_long(sources):
        raise SubmissionError(f"the notebook cannot be read: {TOO_LONG}")
    return sources


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
    """Replace magics by calls of the stand-in; keep every other line where it is."""
    from IPython.core.inputtransformer2 import TransformerManager

    body = source.lstrip("\n")
    if body.startswith("%%"):
        first, _, rest = body.partition("\n")
        if not first.startswith(_TRANSPARENT) or first.startswith("%%timeit"):
            return ""  # another language, or code that is only to be timed
        source = "\n" * (source.count("\n") - rest.count("\n")) + rest
    try:
        return str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    except Exception:  # usually a SyntaxError, but the transformer has bugs of its own
        return source  # the worker reports it, as this cell's failure


_STAND_IN = '''\
class _NoMagic:
    """Answers what IPython makes of magics. `%time code` runs its code; others do nothing."""

    def run_line_magic(self, name, line, *args, **kwargs):
        if name == "time":
            exec(line, globals())

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def get_ipython():
    return _NoMagic()


def display(*values, **options):
    return None
'''
