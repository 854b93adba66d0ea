"""A real nbgrader course for tests: made from the masters, run by nbgrader's own commands."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

from gradpath.authoring.release.nbgrader_course import course_files
from gradpath.course.load import slugs
from gradpath.frontends.nbgrader.notebook import Answers
from gradpath.submissions.notebooks import read_cells

SECRET = "a secret for the tests of nbgrader"
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """The gradebook's row of one test cell of a submission."""

    score: float | None
    most: float
    needs_manual_grade: bool


@dataclass(frozen=True)
class Course:
    """A course folder."""

    root: Path

    @classmethod
    def make(cls, root: Path, answers: Answers = "cells", secret: str = SECRET) -> Course:
        """Write the course folder of a release."""
        for path, data in course_files(secret, "all", answers).items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return cls(root)

    def api(self) -> NbGraderAPI:
        """Return nbgrader's Python interface with the course's own settings."""
        config = PyFileConfigLoader("nbgrader_config.py", str(self.root)).load_config()
        config.CourseDirectory.root = str(self.root)
        return NbGraderAPI(config=config)

    def generate(self, *assignments: str) -> Course:
        """Make the students' version of assignments (default: all)."""
        api = self.api()
        for slug in assignments or slugs():
            with on_path():
                done = api.generate_assignment(slug)
            assert done["success"], done
        return self

    def copy(self, root: Path) -> Course:
        """Return a copy in another folder, which does not exist yet."""
        shutil.copytree(self.root, root)
        return Course(root)

    def add_settings(self, text: str) -> None:
        """Append lines to the course's `nbgrader_config.py`."""
        with (self.root / "nbgrader_config.py").open("a") as settings:
            settings.write(f"{text}\n")

    def nbgrader(self, *words: str, status: int = 0, **variables: str) -> str:
        """Run one of nbgrader's commands in the course's folder; return its output."""
        return self.run("nbgrader", *words, status=status, **variables)

    def run(self, *words: str, status: int = 0, **variables: str) -> str:
        """Run a command in the course's folder with this Python's programs first on the path."""
        environment = {**os.environ, "PATH": _path(), "JUPYTER_PREFER_ENV_PATH": "1", **variables}
        environment.pop("GRADPATH_SECRET", None)
        done = subprocess.run(
            words,
            cwd=self.root,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=900,
        )
        assert done.returncode == status, done.stdout[-4000:]
        return done.stdout

    def released(self, slug: str) -> Notebook:
        """Return the notebook that students are given."""
        read: Notebook = json.loads(
            (self.root / "release" / slug / f"{slug}.ipynb").read_text("utf-8")
        )
        return read

    def submit(self, student: str, slug: str, *files: tuple[str, bytes]) -> Path:
        """Put a student's files where nbgrader collects them; return the folder."""
        folder = self.root / "submitted" / student / slug
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, data in files:
            (folder / name).write_bytes(data)
        return folder

    def submit_code(self, student: str, slug: str, code: str) -> Path:
        """Hand in the released notebook with this code in its cells."""
        notebook = filled(self.released(slug), slug, code)
        return self.submit(student, slug, (f"{slug}.ipynb", json.dumps(notebook).encode()))

    def graded(self, student: str, slug: str) -> Notebook:
        """Return the notebook that autograding wrote."""
        path = self.root / "autograded" / student / slug / f"{slug}.ipynb"
        read: Notebook = json.loads(path.read_text("utf-8"))
        return read

    def rows(self) -> dict[tuple[str, str, str], Row]:
        """Return the gradebook's rows, by student, assignment and cell."""
        with sqlite3.connect(self.root / "gradebook.db") as connection:
            found = connection.execute(
                """
                SELECT submitted_assignment.student_id, assignment.name, base_cell.name,
                       grade.auto_score, grade.manual_score, grade_cells.max_score,
                       grade.needs_manual_grade
                FROM grade
                JOIN base_cell ON base_cell.id = grade.cell_id
                JOIN grade_cells ON grade_cells.id = base_cell.id
                JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
                JOIN submitted_assignment
                  ON submitted_assignment.id = submitted_notebook.assignment_id
                JOIN assignment ON assignment.id = submitted_assignment.assignment_id
                """
            ).fetchall()
        return {
            (student, assignment, cell): Row(auto if manual is None else manual, most, bool(needs))
            for student, assignment, cell, auto, manual, most, needs in found
        }

    def points(self) -> dict[tuple[str, str], float]:
        """Return the points that test cells gave, by student and assignment."""
        totals: dict[tuple[str, str], float] = {}
        for (student, assignment, cell), row in self.rows().items():
            if cell.endswith(("-public", "-hidden")):
                assert row.score is not None, (student, assignment, cell)
                key = (student, assignment)
                totals[key] = totals.get(key, 0.0) + row.score
        return {key: round(total, 4) for key, total in totals.items()}


def _path() -> str:
    """Return PATH with this Python's programs first: nbgrader runs `alembic` by its name."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@contextmanager
def on_path() -> Iterator[None]:
    """Have this Python's programs on PATH for nbgrader in this process."""
    before = os.environ["PATH"]
    os.environ["PATH"] = _path()
    try:
        yield
    finally:
        os.environ["PATH"] = before


def filled(notebook: Notebook, slug: str, code: str, answer: str = "") -> Notebook:
    """Put code into a released notebook as a student would, function by function.

    Code outside of the assignment's functions goes into the cell with the imports.
    """
    filled: Notebook = json.loads(json.dumps(notebook))
    cells = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in filled["cells"]
        if "nbgrader" in cell["metadata"]
    }
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError):
        _imports(filled, slug)["source"] = code
        return filled
    lines = code.splitlines(keepends=True)
    rest, start = [], 0
    for node in body:
        end = node.end_lineno or start
        text = "".join(lines[start:end])
        name = getattr(node, "name", "")
        if name in cells and cells[name]["metadata"]["nbgrader"]["solution"]:
            cells[name]["source"] = text.strip("\n")
        else:
            rest.append(text)
        start = end
    _imports(filled, slug)["source"] = "".join([*rest, *lines[start:]]).strip("\n")
    if answer:
        cells["written"]["source"] = answer
    return filled


def _imports(notebook: Notebook, slug: str) -> Notebook:
    for cell in notebook["cells"]:
        if cell["id"] == f"{slug}-imports":
            return cell  # type: ignore[no-any-return]
    raise AssertionError("no cell with the imports")


def code_of(path: str, data: bytes) -> str:
    """Return the code of a file of the demo cohort; a notebook's cells one after another."""
    text = data.decode("utf-8", "replace")
    if not path.endswith(".ipynb"):
        return text
    return "\n\n".join(cell.text for cell in read_cells(text)[0])


def cell_of(notebook: Any, grade_id: str) -> Any:
    """Return a cell by the name that nbgrader knows it by."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise AssertionError(f"no cell {grade_id}")


def outputs(notebook: Notebook, grade_id: str) -> list[Mapping[str, Any]]:
    """Return the outputs of a cell."""
    outputs: list[Mapping[str, Any]] = cell_of(notebook, grade_id)["outputs"]
    return outputs
