"""The file that a notebook is handed in as: the saved one, or one made of the session."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from gradpath.course.files import write_files
from gradpath.course.settings import read_settings
from gradpath.course.syntax import Definition, parse
from gradpath.errors import GradpathError, SubmissionError
from gradpath.student.session import definitions, notebook_text
from gradpath.submissions.names import match, suffix_of
from gradpath.submissions.notebooks import read_cells
from gradpath.text.messages import Message

_COLAB: Final = "google.colab"


def file_to_hand_in(slug: str, cells: Sequence[str]) -> Path:
    """Return the notebook to hand in, in this folder.

    Jupyter has saved it there; it must be the one of this session. Colab keeps it elsewhere, and
    sends it. Where there is none, it is made of the definitions of the session.

    Args:
        slug: the assignment.
        cells: the cells that were run in this session.

    Raises:
        GradpathError: the notebook has to be saved first, or it cannot be written.
    """
    functions = read_settings(slug).points
    path = Path(f"{slug}.ipynb")
    if (sent := _from_colab()) is not None:
        _write(path, sent)
        return path
    saved = sorted(
        (file for file in Path().iterdir() if _is_notebook_of(slug, file)),
        key=lambda file: (file != path, file.name),
    )
    if not saved:
        _write(path, notebook_text(filter(None, definitions(cells))))
        return path
    session = _written(cells, functions)
    other = [(file, _differing(session, file, functions)) for file in saved]
    for file, names in other:
        if not names:
            return file
    file, names = other[0]
    raise GradpathError(
        Message(
            "{file} holds another {name} than this session; run its cell, save the notebook "
            "(Ctrl+S), and run this cell again",
            file=file,
            name=names[0],
        )
    )


def download(path: Path) -> None:
    """Have the browser save a file, where the notebook runs in Colab."""
    if _COLAB in sys.modules:
        importlib.import_module(f"{_COLAB}.files").download(str(path))


def _from_colab() -> str | None:
    """Return the notebook as Colab has it now, without outputs; None elsewhere."""
    if _COLAB not in sys.modules:
        return None
    try:
        # The way in which Colab's own tools ask for it; there is no public one.
        message: Any = importlib.import_module(f"{_COLAB}._message")
        notebook = message.blocking_request("get_ipynb", request="", timeout_sec=60)["ipynb"]
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = []
        return json.dumps(notebook, ensure_ascii=False, indent=1)
    except Exception:
        return None


def _is_notebook_of(slug: str, file: Path) -> bool:
    return suffix_of(file.name) == ".ipynb" and match(file.name, [slug])[0] == slug


def _differing(session: dict[str, str], file: Path, functions: Collection[str]) -> list[str]:
    """Return the functions that were run in this session and stand otherwise in a notebook."""
    try:
        saved, _ = read_cells(file.read_text("utf-8"))
    except (OSError, ValueError, SubmissionError):
        text = Message("{file} cannot be read; save the notebook (Ctrl+S)", file=file)
        raise GradpathError(text) from None
    there = _written((cell.text for cell in saved), functions)
    return [name for name, written in session.items() if there.get(name) != written]


def _written(cells: Iterable[str], functions: Collection[str]) -> dict[str, str]:
    """Return the last definition of each function, but for blanks and comments."""
    written = {}
    for cell in cells:
        try:
            body = parse(cell).body
        except (SyntaxError, ValueError):
            continue
        for statement in body:
            if isinstance(statement, Definition) and statement.name in functions:
                written[statement.name] = ast.dump(statement)
    return written


def _write(path: Path, text: str) -> None:
    write_files(path.parent, {path.name: f"{text}\n".encode()})
