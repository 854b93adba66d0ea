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

from gradpath.course.load import course_root, generated_folder, master_path
from gradpath.course.placeholders import filled_in
from gradpath.course.translated import code_in, text_in
from gradpath.errors import AuthoringError
from gradpath.text.languages import ENGLISH, Language
from gradpath.text.messages import Message

BEGIN: Final = "### BEGIN SOLUTION"
END: Final = "### END SOLUTION"
QUESTION: Final = "question"
"""The tag of the text of the question that people answer in words and people grade."""
ANSWER: Final = "answer"
"""The tag of the answer that staff expect to it."""
PREDICTION: Final = "prediction"
"""The tag of the question that students answer before they write code; nobody grades it."""
PREDICTION_LINE: Final = Message("My prediction:")
ANSWER_LINE: Final = Message("My answer:")
"""The beginnings of students' own texts, which no grader reads."""

_COMMENTS: Final = {
    PREDICTION: (
        Message(
            "# A prediction first: the text asks for one before the first function. Write it here "
            "as a comment,\n# in a sentence or two, with the reason. Nobody grades it; read it "
            "again when your code runs."
        ),
        PREDICTION_LINE,
    ),
    QUESTION: (
        Message(
            "# The written question stands in the text, after the last function. Where your "
            "course collects the\n# answer with this file, write it here as a comment."
        ),
        ANSWER_LINE,
    ),
}
"""Places for students' own texts in the skeleton, by the tag of the cell that asks for them."""

_LINK: Final = re.compile(r"\[([^\]]+)\]\(\.\./(\w+)/README\.md\)")
"""A link from a text to the text of another assignment."""


@dataclass(frozen=True)
class MasterCell:
    """A cell of a master: markdown or code, with the tags of its metadata."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()


def master_cells(
    slug: str, language: Language = ENGLISH, *, filled: bool = True
) -> list[MasterCell]:
    """Read the cells of a master, with the placeholders of its text filled in.

    Args:
        slug: the assignment.
        language: the language of texts and docstrings.
        filled: whether placeholders are filled in; translators see them as they stand.

    Raises:
        AuthoringError: there is no master.
    """
    path = master_path(slug)
    if not path.is_file():
        raise AuthoringError(f"{path} does not exist; the master of {slug} belongs there")
    notebook = jupytext.read(path, fmt="py:percent")
    cells = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            source = code_in(language, cell.source, slug)
        else:
            source = text_in(language, cell.source, slug)
            source = filled_in(slug, source, language) if filled else source
        cells.append(MasterCell(cell.cell_type, source, tuple(cell.metadata.get("tags", ()))))
    return cells


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


def skeleton_of(slug: str, written: Collection[str] = (), language: Language = ENGLISH) -> str:
    """Return the skeleton: the master's code cells without the solutions.

    It has a place for each text that students write, as a comment.
    """
    parts: list[str] = []
    for cell in master_cells(slug, language):
        if cell.kind == "code" and cell.source.strip():
            parts.append(without_solutions(cell.source, written).strip("\n"))
        if PREDICTION in cell.tags:
            # It stands below the imports; linters want one empty line there, not two.
            parts[-1:] = ["\n\n".join([*parts[-1:], _comment(PREDICTION, language)])]
        elif QUESTION in cell.tags:
            parts.append(_comment(QUESTION, language))
    return "\n\n\n".join(parts) + "\n"


def _comment(tag: str, language: Language) -> str:
    """Return the place for a text that students write."""
    request, line = map(language.text, _COMMENTS[tag])
    return f"{request}\n#\n# {line}"


def solution_of(slug: str, language: Language = ENGLISH) -> str:
    """Return the solution as a student would hand it in: code cells without the markers."""
    code = [cell.source for cell in master_cells(slug, language) if cell.kind == "code"]
    sources = (source.strip("\n") for source in code if source.strip())
    return without_markers("\n\n\n".join(sources)) + "\n"


def without_markers(source: str) -> str:
    """Leave out the lines around solutions, and keep the solutions."""
    lines = source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END))


def text_of(slug: str, language: Language = ENGLISH) -> str:
    """Return the text for students: the master's markdown cells but for the expected answer."""
    cells = [
        cell
        for cell in master_cells(slug, language)
        if cell.kind == "markdown" and ANSWER not in cell.tags
    ]
    return "\n\n".join(cell.source.strip("\n") for cell in cells) + "\n"


def linked_within(text: str, given: Collection[str] = ()) -> str:
    """Return a text without its links to assignments that are not given with it."""
    return _LINK.sub(lambda link: link[0] if link[2] in given else link[1], text)


def generated_files(slug: str, language: Language = ENGLISH) -> dict[Path, str]:
    """Return the path and contents of everything that is generated from a master.

    The English files are in git, those in another language in `build/`.
    """
    folder = generated_folder(slug)
    if language is not ENGLISH:
        folder = course_root() / "build" / language.code / slug
    skeleton = skeleton_of(slug, language=language)
    return {folder / f"{slug}.py": skeleton, folder / "README.md": text_of(slug, language)}


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
