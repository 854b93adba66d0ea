"""From any submission to a notebook that nbgrader takes."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Sequence
from typing import Any, Final

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum

from gradpath.frontends.nbgrader.grade_preprocessor import fill_in
from gradpath.frontends.nbgrader.notebook import source_notebook
from gradpath.frontends.nbgrader.repair import (
    MAX_CELL,
    MAX_CELLS,
    CourseCell,
    Repaired,
    plain,
    repair,
    with_note,
)
from gradpath.grading.results import Result
from tests.support.nbgrader_box import cell_of

SLUG = "hand_gradients"
Notebook = dict[str, Any]


def _course() -> list[CourseCell]:
    """The cells of a course as the gradebook has them: hidden tests, and stubs for solutions."""
    cells = []
    for cell in json.loads(source_notebook(SLUG))["cells"]:
        marks = cell["metadata"].get("nbgrader")
        if marks:
            source = "".join(cell["source"])
            if marks["solution"]:
                source = f"def {marks['grade_id']}():\n    pass"
            node = nbformat.from_dict({**cell, "source": source})
            marks["checksum"] = compute_checksum(node)
            cells.append(CourseCell(marks["grade_id"], cell["cell_type"], source, marks))
    return cells


COURSE: Final = _course()
IDS: Final = [cell.id for cell in COURSE]
LOCKED: Final = {cell.id: cell.source for cell in COURSE if cell.marks["locked"]}
TESTS: Final = [id for id in IDS if id.endswith(("-public", "-hidden"))]


def released() -> Notebook:
    """Return the notebook that students are given."""
    notebook: Notebook = json.loads(source_notebook(SLUG))
    sources = {cell.id: cell.source for cell in COURSE}
    for cell in notebook["cells"]:
        id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if id:
            cell["source"] = sources[id].partition("### BEGIN HIDDEN")[0]
    return notebook


def mended(notebook: Any) -> Repaired:
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    repaired = repair(data, COURSE)
    assert_sound(repaired, COURSE)
    return repaired


def assert_sound(repaired: Repaired, course: Sequence[CourseCell]) -> None:
    """Check that nbgrader can take it: a valid notebook, with each of the course's cells once."""
    notebook = repaired.notebook
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    found = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert sorted(cell.metadata.nbgrader.grade_id for cell in found) == sorted(
        cell.id for cell in course
    )
    wanted = {cell.id: cell for cell in course}
    for cell in found:
        given = wanted[cell.metadata.nbgrader.grade_id]
        assert cell.cell_type == given.kind
        assert cell.metadata.nbgrader == given.marks
        if given.marks["locked"]:
            assert compute_checksum(cell) == given.marks["checksum"]
    json.dumps(notebook, ensure_ascii=False).encode()  # no halves of characters
    assert all(cell.get("outputs", []) == [] for cell in notebook.cells)


def without(notebook: Notebook, *ids: str) -> Notebook:
    gone = [id(cell_of(notebook, each)) for each in ids]
    notebook["cells"] = [cell for cell in notebook["cells"] if id(cell) not in gone]
    return notebook


def stripped(notebook: Notebook) -> Notebook:
    """Take out nbgrader's marks and the cells' ids."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return notebook


# The released notebook needs no repair


def test_an_untouched_notebook_is_taken_as_it_is() -> None:
    repaired = mended(released())
    assert repaired.notes == ()
    given = [cell["source"] for cell in released()["cells"] if "nbgrader" not in cell["metadata"]]
    own = [cell for cell in repaired.notebook.cells if "nbgrader" not in cell.metadata]
    assert [cell.source for cell in own] == ["".join(source) for source in given]


@pytest.mark.parametrize("data", [None, b"", b"{", b"[]", b"\xff\xfe\x00", b"7", b'"x"', b"{}"])
def test_where_there_is_no_notebook_the_course_s_cells_stand(data: bytes | None) -> None:
    repaired = repair(data, COURSE)
    assert_sound(repaired, COURSE)
    assert [cell.metadata.nbgrader.grade_id for cell in repaired.notebook.cells] == IDS
    assert repaired.notes == ()  # the engine says why nothing could be graded
    assert cell_of(repaired.notebook, "written").source == COURSE[-1].source


# Missing cells


def test_missing_cells_are_put_back_where_they_stood() -> None:
    repaired = mended(without(released(), "gradient-public", "gradient-hidden", "predict"))
    assert repaired.notes == (
        "Missing cells were put back: predict, gradient-public, gradient-hidden.",
    )
    order = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in repaired.notebook.cells]
    place = order.index("gradient")
    assert order[place : place + 3] == ["gradient", "gradient-public", "gradient-hidden"]


def test_a_lost_answer_is_no_empty_answer() -> None:
    """nbgrader gives no points, and asks nobody, for one that looks as it was given out."""
    repaired = mended(without(released(), "written"))
    answer = cell_of(repaired.notebook, "written")
    assert "This cell was missing" in answer.source
    assert compute_checksum(answer) != COURSE[-1].marks["checksum"]


def test_another_notebook_follows_the_course_s_cells() -> None:
    repaired = mended({"cells": [{"cell_type": "code", "source": "x = 1"}]})
    assert repaired.notes[0].startswith("None of the course's cells is in this notebook")
    assert repaired.notebook.cells[-1].source == "x = 1"


# Found again


def test_cells_that_lost_their_marks_are_found_again() -> None:
    notebook = released()
    cell_of(notebook, "written")["source"] = "My answer."
    cell_of(notebook, "gradient")["source"] = "import torch\n\ndef gradient(x, y, w):\n    return 0"
    repaired = mended(stripped(notebook))
    assert repaired.notes == (
        f"Cells that had lost nbgrader's marks were found again: {', '.join(IDS)}.",
    )
    assert cell_of(repaired.notebook, "written").source == "My answer."
    assert "import torch" in cell_of(repaired.notebook, "gradient").source


def test_cells_are_known_by_their_own_ids() -> None:
    notebook = released()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    cell = next(cell for cell in notebook["cells"] if cell["id"] == f"{SLUG}-written")
    notebook["cells"].remove(cell)
    notebook["cells"].insert(0, {**cell, "source": "My answer."})
    assert cell_of(mended(notebook).notebook, "written").source == "My answer."


def test_the_last_definition_is_the_function_s_cell() -> None:
    notebook = without(released(), "loss")
    for source in ("def loss():\n    return 1", "def loss():\n    return 2", "lossy = 3"):
        notebook["cells"].append({"cell_type": "code", "source": source})
    assert cell_of(mended(notebook).notebook, "loss").source.endswith("return 2")


def test_the_course_s_text_is_nobody_s_answer() -> None:
    notebook = without(released(), "written")
    repaired = mended(notebook)
    assert "This cell was missing" in cell_of(repaired.notebook, "written").source


# Copies and changes


def test_of_copies_the_last_one_counts() -> None:
    notebook = released()
    for number in (1, 2):
        twin = copy.deepcopy(cell_of(notebook, "loss"))
        twin["source"] = f"# {number}"
        notebook["cells"].append(twin)
    repaired = mended(notebook)
    assert repaired.notes == (
        "There is more than one of these cells, and the last one counts: loss.",
    )
    assert cell_of(repaired.notebook, "loss").source == "# 2"
    texts = [cell.source for cell in repaired.notebook.cells if not cell.metadata]
    assert "# 1" in texts
    assert COURSE[IDS.index("loss")].source in texts


def test_what_was_written_into_a_locked_cell_stays_visible() -> None:
    notebook = released()
    cell_of(notebook, "loss-public")["source"] = "def train(): pass"
    cell_of(notebook, "loss-hidden")["source"] = " "
    repaired = mended(notebook)
    assert repaired.notes[0].startswith("Changed cells were restored: loss-public, loss-hidden.")
    sources = [cell.source for cell in repaired.notebook.cells]
    place = sources.index("def train(): pass")
    assert sources[place + 1 : place + 3] == [LOCKED["loss-public"], LOCKED["loss-hidden"]]


def test_marks_are_the_course_s_own() -> None:
    notebook = released()
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {
                "points": 1e6, "grade": True, "locked": False, "solution": True, "more": "x" * 99,
            }  # fmt: skip
    assert mended(notebook).notes == ()  # `assert_sound` has looked


# Too much


def test_of_too_many_cells_the_course_s_are_shown() -> None:
    notebook = released()
    cell_of(notebook, "written")["source"] = "My answer."
    notebook["cells"][5:5] = [{"cell_type": "markdown", "source": "x"}] * (MAX_CELLS + 1)
    repaired = mended(notebook)
    assert "too long to be shown" in repaired.notes[0]
    assert len(repaired.notebook.cells) == len(COURSE)
    assert cell_of(repaired.notebook, "written").source == "My answer."


def test_of_too_much_text_the_beginning_is_shown() -> None:
    notebook = released()
    cell_of(notebook, "written")["source"] = "My answer. " * 200_000
    answer = cell_of(mended(notebook).notebook, "written").source
    assert answer.startswith("My answer. My")
    assert MAX_CELL < len(answer) < MAX_CELL + 10


@pytest.mark.slow
def test_many_empty_cells_take_seconds() -> None:
    notebook = b'{"cells": [' + b'{"cell_type": "code"},' * 300_000 + b"7]}"
    started = time.process_time()
    repair(notebook, COURSE)
    assert time.process_time() - started < 30


def test_text_that_is_tedious_to_search_takes_seconds() -> None:
    texts = ["def " * 500_000, "\n" * 2_000_000, "class a\n" * 250_000, "attachment:" * 100_000]
    cells = [
        {"cell_type": kind, "source": text, "attachments": {"": {}, "x": {"image/png": "QQ=="}}}
        for text in texts
        for kind in ("code", "markdown")
    ]
    started = time.process_time()
    repair(json.dumps({"cells": cells}).encode(), COURSE)
    assert time.process_time() - started < 30


# Notes


def test_notes_have_ids_of_their_own() -> None:
    notebook = repair(None, COURSE).notebook
    with_note(notebook, "one")
    with_note(notebook, "two")
    nbformat.validate(notebook)
    assert [cell["source"] for cell in notebook.cells[:2]] == [["two"], ["one"]]
    assert len({cell["id"] for cell in notebook.cells}) == len(notebook.cells)


def test_a_students_text_is_taken_literally() -> None:
    assert plain("<b>*x*</b>\n# [a](b)") == r"\<b\>\*x\*\</b\> \# \[a\]\(b\)"


# Anything


_scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from([*IDS, "code", "markdown", "def loss(): pass", "\ud800", "attachment:a"])
)  # fmt: skip
_names = st.sampled_from(
    ["cells", "worksheets", "cell_type", "source", "input", "metadata", "nbgrader", "grade_id",
     "id", "attachments", "a", "image/png", "outputs", "points", "nbformat"]
) | st.text(max_size=5)  # fmt: skip
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_names, inner, max_size=5),
    max_leaves=25,
)
_RELEASED: Final = json.dumps(released())
_ids = st.sampled_from([*IDS, "", "other"])
_marks = st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": _ids})})
_cells = st.one_of(
    st.sampled_from(range(100)),
    st.fixed_dictionaries(
        {"cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]), "source": _values},
        optional={
            "metadata": st.fixed_dictionaries(
                {"nbgrader": st.fixed_dictionaries({"grade_id": _ids})}
            )
            | _values,
            "id": st.text(max_size=8) | _ids.map(lambda id: f"{SLUG}-{id}"),
            "attachments": _values,
        },
    ),
    _values,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200) | _values.map(lambda value: json.dumps(value).encode()))
def test_anything_becomes_a_notebook(data: bytes) -> None:
    assert_sound(repair(data, COURSE), COURSE)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(_cells, max_size=40), st.booleans())
def test_any_cells_become_a_notebook(chosen: list[Any], old: bool) -> None:
    """Cells of the course in any order and number, with others and with nonsense among them."""
    own = json.loads(_RELEASED)["cells"]
    cells = [own[each % len(own)] if isinstance(each, int) else each for each in chosen]
    notebook = {"worksheets": [{"cells": cells}]} if old else {"cells": cells}
    repaired = repair(json.dumps(notebook).encode(), COURSE)
    assert_sound(repaired, COURSE)
    # A repaired notebook needs no second repair.
    again = repair(json.dumps(repaired.notebook).encode(), COURSE)
    assert again.notes == ()
    assert again.notebook == repaired.notebook


def test_the_reason_stands_once_where_nothing_can_be_graded() -> None:
    marks = [
        {"grade": True, "solution": False, "grade_id": f"forward-{part}", "points": 1}
        for part in ("public", "hidden")
    ]
    cells = [nbformat.v4.new_code_cell("", metadata={"nbgrader": mark}) for mark in marks]
    notebook = nbformat.v4.new_notebook(cells=cells)
    result = Result("mse_sweep", "s01", "f.py", 0.0, 10.0, "unreadable", [], "the file is empty")
    fill_in(notebook, result, "none")
    assert str(notebook).count("the file is empty") == 1
    assert "at the top of the notebook" in str(notebook.cells[-1].outputs)
