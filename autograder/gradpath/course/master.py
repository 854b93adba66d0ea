"""Masters, and the files that students are given of them: the skeleton and the text."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import jupytext

from gradpath.course.load import generated_folder, master_path
from gradpath.errors import AuthoringError

BEGIN: Final = "### BEGIN SOLUTION"
END: Final = "### END SOLUTION"
QUESTION: Final = "question"
"""The tag of the text of the question that people answer in words and people grade."""
ANSWER: Final = "answer"
"""The tag of the answer that staff expect to it."""


@dataclass(frozen=True)
class MasterCell:
    """A cell of a master: markdown or code, with the tags of its metadata."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()

    @property
    def is_written(self) -> bool:
        """Whether the cell is about the written question, which only nbgrader collects."""
        return QUESTION in self.tags or ANSWER in self.tags


def master_cells(slug: str) -> list[MasterCell]:
    """Read the cells of a master.

    Raises:
        AuthoringError: there is no master.
    """
    path = master_path(slug)
    if not path.is_file():
        raise AuthoringError(f"{path} does not exist; the master of {slug} belongs there")
    notebook = jupytext.read(path, fmt="py:percent")
    return [
        MasterCell(cell.cell_type, cell.source, tuple(cell.metadata.get("tags", ())))
        for cell in notebook.cells
    ]


def without_solutions(source: str, written: Collection[str] = ()) -> str:
    """Replace each solution region by `raise NotImplementedError`.

    Args:
        source: a cell of a master.
        written: functions that keep their solution, for submissions that are half done.

    Raises:
        AuthoringError: a region is not closed, not opened, or not inside a function.
    """
    lines: list[str] = []
    name, inside = "", False
    for line in source.splitlines():
        definition = re.match(r"\s*def (\w+)", line)
        if definition and not inside:
            name = definition[1]
        text = line.strip()
        if text == BEGIN:
            if inside or not line.startswith(" ") or not name:
                raise AuthoringError(f"{BEGIN} must stand inside a function, once ({name})")
            inside = True
            if name not in written:
                indent = line[: len(line) - len(line.lstrip())]
                lines.append(f'{indent}raise NotImplementedError("{name} is not written yet")')
        elif text == END:
            if not inside:
                raise AuthoringError(f"{END} without {BEGIN} ({name})")
            inside = False
        elif not inside or name in written:
            lines.append(line)
    if inside:
        raise AuthoringError(f"{BEGIN} without {END} ({name})")
    return "\n".join(lines)


def skeleton_of(slug: str, written: Collection[str] = ()) -> str:
    """Return the skeleton: the master's code cells without the solutions."""
    cells = [cell for cell in master_cells(slug) if cell.kind == "code" and cell.source.strip()]
    bodies = (without_solutions(cell.source, written).strip("\n") for cell in cells)
    return "\n\n\n".join(bodies) + "\n"


def solution_of(slug: str) -> str:
    """Return the solution as a student would hand it in: code cells without the markers."""
    code = [cell.source for cell in master_cells(slug) if cell.kind == "code"]
    sources = (source.strip("\n") for source in code if source.strip())
    return without_markers("\n\n\n".join(sources)) + "\n"


def without_markers(source: str) -> str:
    """Leave out the lines around solutions, and keep the solutions."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END))


def text_of(slug: str) -> str:
    """Return the text for students: the master's markdown cells but for the written question."""
    cells = [cell for cell in master_cells(slug) if cell.kind == "markdown" and not cell.is_written]
    return "\n\n".join(cell.source.strip("\n") for cell in cells) + "\n"


def generated_files(slug: str) -> dict[Path, str]:
    """Return the path and contents of everything that is generated from a master into git."""
    folder = generated_folder(slug)
    return {folder / f"{slug}.py": skeleton_of(slug), folder / "README.md": text_of(slug)}


def solution_module(slug: str) -> ModuleType:
    """Import a master as a module, for authors' commands only; students' code goes to a worker.

    Raises:
        AuthoringError: there is no master here.
    """
    path = master_path(slug)
    name = f"gradpath_solution_{slug}"
    if not path.is_file():
        raise AuthoringError(
            f"the solution of {slug} is not here: this is the student edition, "
            "which can check but not reproduce"
        )
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AuthoringError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if "torch" in sys.modules:
        # One thread, as in a worker: sums come out in one order only, and small runs are faster.
        sys.modules["torch"].set_num_threads(1)
    return module
