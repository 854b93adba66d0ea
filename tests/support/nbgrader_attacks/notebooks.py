"""Attacks by editing the notebook: test cells, metadata, outputs, and files beside it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.support.nbgrader_attacks import SLUG, Attack, Notebook

_Cell = dict[str, Any]


def marked(notebook: Notebook) -> Iterator[tuple[_Cell, dict[str, Any]]]:
    """Yield the cells with nbgrader's metadata, and that."""
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            yield cell, cell["metadata"]["nbgrader"]


def tests(notebook: Notebook) -> Iterator[tuple[_Cell, dict[str, Any]]]:
    """Yield the test cells, and nbgrader's metadata."""
    for cell, marks in marked(notebook):
        if marks["grade"] and not marks["solution"]:
            yield cell, marks


def result(text: str) -> _Cell:
    """Return an output that nbgrader reads as points."""
    data = {"text/plain": text}
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}


def _sources(*texts: str) -> Any:
    def edit(notebook: Notebook) -> None:
        for number, (cell, _) in enumerate(tests(notebook)):
            cell["source"] = texts[number % len(texts)]

    return edit


def _marks(cells: Any = tests, **values: Any) -> Any:
    def edit(notebook: Notebook) -> None:
        for _, marks in cells(notebook):
            marks.update(values)

    return edit


def _delete(notebook: Notebook) -> None:
    gone = [id(cell) for cell, _ in tests(notebook)]
    notebook["cells"] = [cell for cell in notebook["cells"] if id(cell) not in gone]


def _copy(notebook: Notebook) -> None:
    for number, (cell, _) in enumerate(list(tests(notebook))):
        twin = copy.deepcopy(cell)
        twin["id"] = f"twin-{number}"
        twin["source"] = "1.0e9"
        twin["outputs"] = [result("0.5")]
        notebook["cells"].append(twin)


def _rename(notebook: Notebook) -> None:
    for _, marks in tests(notebook):
        marks["grade_id"] = f"my-{marks['grade_id']}"


def _swap(notebook: Notebook) -> None:
    """Let every test cell have the name of one that is passed."""
    for _, marks in tests(notebook):
        kind = marks["grade_id"].rpartition("-")[2]
        marks["grade_id"] = f"forward-{kind}"


def _graded_solutions(notebook: Notebook) -> None:
    for cell, marks in marked(notebook):
        if marks["solution"] and cell["cell_type"] == "code":
            marks.update(grade=True, points=100.0)
            cell["outputs"] = [result("100.0")]


def _more_tests(notebook: Notebook) -> None:
    for name in ("forward-bonus", "bonus-public", "bonus"):
        marks = {
            "schema_version": 3, "grade": True, "solution": False, "locked": False, "task": False,
            "grade_id": name, "points": 100.0,
        }  # fmt: skip
        cell = {
            "cell_type": "code", "execution_count": 1, "id": name, "source": "100.0",
            "metadata": {"nbgrader": marks}, "outputs": [result("100.0")],
        }  # fmt: skip
        notebook["cells"].append(cell)


def _as_text(notebook: Notebook) -> None:
    for cell, _ in tests(notebook):
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


def _answered_tests(notebook: Notebook) -> None:
    """Let test cells be answers, which a person grades, and the answer a test."""
    for _, marks in marked(notebook):
        if marks["grade"]:
            marks.update(solution=not marks["solution"], locked=marks["solution"])


def _outputs(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [result("1.0"), {**result("1.0"), "data": {"text/plain": "inf"}}]
            cell["execution_count"] = 3
    for cell, marks in tests(notebook):
        cell["outputs"] = [result(str(marks["points"]))]


def _skipped(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "remove-cell", "raises-exception"]
        cell["metadata"] |= {"deletable": True, "editable": True, "collapsed": True}
    _outputs(notebook)


def _kernel(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {
        "name": "mine",
        "display_name": "Mine",
        "language": "bash",
        "argv": ["touch", "@OPEN/kernel"],
    }
    notebook["metadata"]["language_info"] = {"name": "bash", "file_extension": ".sh"}


def _huge(notebook: Notebook) -> None:
    notebook["metadata"]["widgets"] = {"state": "x" * 5_000_000}
    notebook["metadata"]["title"] = {"a": ["b"] * 10_000}
    for _, marks in tests(notebook):
        marks |= {"comment": "x" * 100_000, "points": 10**400, "grade_id": marks["grade_id"]}


_CONFIG = b"""\
c = get_config()
c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades"]
open("@OPEN/config", "w")
"""
_RUNS = b'open("@OPEN/imported", "w")\n'

ATTACKS: dict[str, Attack] = {
    "sources": Attack("ends test cells in points", edit=_sources("1.0e9", "0.5", "inf", "nan")),
    "prints": Attack(
        "prints from test cells, and lets them pass without points",
        edit=_sources("print('0.5')", "pass", "", "display(0.5)", "raise SystemExit"),
    ),
    "calls": Attack(
        "asks in test cells for other checks than theirs",
        edit=_sources(
            'from gradpath.student.nbgrader import public_checks\npublic_checks("x", "forward")',
            'public_checks("mse_sweep", "forward") or 0.5',
        ),
    ),
    "outputs": Attack("saves outputs with full points", edit=_outputs),
    "deleted": Attack("deletes the test cells", edit=_delete),
    "copied": Attack("copies the test cells, and lets the copies give points", edit=_copy),
    "renamed": Attack("gives the test cells other names", edit=_rename),
    "swapped": Attack("gives all test cells the names of those that it passes", edit=_swap),
    "points": Attack("says how many points test cells have", edit=_marks(points=1e6)),
    "negative": Attack("gives test cells a negative number of points", edit=_marks(points=-5)),
    "unlocked": Attack("unlocks everything", edit=_marks(marked, locked=False, checksum="0" * 32)),
    "not-graded": Attack("marks test cells as not graded", edit=_marks(grade=False)),
    "solutions": Attack("marks solutions as graded, with 100 points", edit=_graded_solutions),
    "answers": Attack("marks test cells as answers for a person", edit=_answered_tests),
    "tasks": Attack("marks test cells as tasks", edit=_marks(task=True, grade=False)),
    "more": Attack("adds test cells of its own", edit=_more_tests),
    "text": Attack("turns test cells into text", edit=_as_text),
    "skipped": Attack("has its cells skipped when the notebook is executed", edit=_skipped),
    "old": Attack(
        "marks cells by an old scheme, for which nbgrader stops the whole run",
        edit=_marks(marked, schema_version=1),
    ),
    "new": Attack(
        "marks cells by a scheme of the future, which stops it as well",
        edit=_marks(marked, schema_version=99),
    ),
    "kernel": Attack("names a kernel of its own", edit=_kernel),
    "huge": Attack("has metadata of millions of characters", edit=_huge),
    "files": Attack(
        "hands in settings and modules beside the notebook",
        files={
            "nbgrader_config.py": _CONFIG,
            "gradpath.toml": b'secret = "known"\n',
            **{
                f"{name}.py": _RUNS
                for name in ("sitecustomize", "gradpath", "torch", "numpy", "nbgrader", "json")
            },
            f"{SLUG}.runs": b"no runs",
            f"{SLUG}.html": b"<script>1</script>",
            "autograded/gradebook.db": b"",
        },
    ),
}
