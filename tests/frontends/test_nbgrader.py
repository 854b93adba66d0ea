"""nbgrader's own commands over the demo cohort and the corpus: the points of `gradpath grade`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from gradpath.cohort.run import Run
from gradpath.course.load import corpus_of, load, slugs
from gradpath.course.master import skeleton_of, solution_of
from gradpath.frontends.nbgrader.notebook import Answers, source_notebook
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from tests.support import demo_cohort
from tests.support.nbgrader_box import SECRET, Course, code_of, filled, outputs
from tests.support.shared import Demo

pytestmark = pytest.mark.stock

NEAR = 5e-4
"""Points are rounded to four digits in each cell and in each result."""


@pytest.fixture(scope="module")
def cohort(released_course: Course, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Notebooks with all kinds of work, graded by stock `nbgrader autograde`."""
    course = released_course.copy(tmp_path_factory.mktemp("cohort") / "course")
    for one, _ in demo.few:
        course.submit_code(one.student, one.assignment, code_of(one.file, one.read_bytes()))
    hinted = demo_cohort.mistakes("mse_sweep", "sum-instead-of-mean", "endpoint-dropped")
    course.submit_code("s09", "mse_sweep", hinted.decode())
    for slug in demo_cohort.ASSIGNMENTS:
        course.nbgrader("autograde", slug)
    return course


@pytest.fixture(scope="module")
def engine() -> Iterator[Run]:
    with Run(slugs(), SECRET, jobs=2) as run:
        yield run


def by_engine(course: Course, engine: Run) -> dict[tuple[str, str], Result]:
    """Return the results of `gradpath grade submitted`."""
    submissions, _ = find([course.root / "submitted"], slugs())
    results = engine.grade_all(submissions, lambda _: None)
    return {(result.student, result.assignment): result for result in results}


@pytest.fixture(scope="module")
def wanted(cohort: Course, engine: Run) -> dict[tuple[str, str], Result]:
    """Return the engine's results for the same files."""
    return by_engine(cohort, engine)


def test_all_kinds_of_work_get_the_points_of_gradpath_grade(
    cohort: Course, wanted: dict[tuple[str, str], Result]
) -> None:
    given = cohort.points()
    assert given.keys() == wanted.keys()
    wrong = {
        key: (given[key], result.score)
        for key, result in wanted.items()
        if not math.isclose(given[key], result.score, abs_tol=NEAR)
    }
    assert not wrong
    assert len({result.score for result in wanted.values()}) >= 4  # all kinds of work


def test_every_check_has_the_points_of_its_cell(
    cohort: Course, wanted: dict[tuple[str, str], Result]
) -> None:
    rows = cohort.rows()
    for (student, slug), result in wanted.items():
        for function in load(slug).functions:
            for visibility in ("public", "hidden"):
                cell = f"{function}-{visibility}"
                checks = [
                    check
                    for check in result.checks
                    if check.id.split(".")[0] == function and check.visibility == visibility
                ]
                if (student, slug, cell) in rows:
                    row = rows[student, slug, cell]
                    assert row.score == pytest.approx(sum(c.points for c in checks), abs=NEAR)
                    assert not row.needs_manual_grade


def test_a_test_cell_ends_in_a_float_and_writes_nothing_else(cohort: Course) -> None:
    for path in (cohort.root / "autograded").glob("*/*/*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        cells = [cell for cell in notebook["cells"] if _is_test(cell)]
        assert cells
        for cell in cells:
            kinds = [output["output_type"] for output in cell["outputs"]]
            assert kinds == ["display_data", "execute_result"]
            score = float("".join(cell["outputs"][1]["data"]["text/plain"]))
            assert 0.0 <= score <= cell["metadata"]["nbgrader"]["points"]
        others = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert not any(cell["outputs"] for cell in others if not _is_test(cell))


def _is_test(cell: dict) -> bool:  # type: ignore[type-arg]
    marks = cell["metadata"].get("nbgrader", {})
    return bool(marks.get("grade")) and not marks["solution"]


def test_a_hint_stands_below_the_failed_check(cohort: Course) -> None:
    shown = outputs(cohort.graded("s09", "mse_sweep"), "mean_squared_error-public")[0]["data"]
    assert "sum-instead-of-mean" in "".join(shown["text/html"])
    assert "56" in "".join(shown["text/html"])


def test_a_written_answer_waits_for_a_person(released_course: Course, tmp_path: Path) -> None:
    course = released_course.copy(tmp_path / "course")
    code = solution_of("mse_sweep")
    notebook = filled(course.released("mse_sweep"), "mse_sweep", code, answer="It is quadratic.")
    course.submit("s01", "mse_sweep", ("mse_sweep.ipynb", json.dumps(notebook).encode()))
    course.submit_code("s02", "mse_sweep", code)
    course.nbgrader("autograde", "mse_sweep")
    answered, empty = (course.rows()[student, "mse_sweep", "written"] for student in ("s01", "s02"))
    assert (answered.score, answered.most, answered.needs_manual_grade) == (None, 2.0, True)
    assert (empty.score, empty.needs_manual_grade) == (0.0, False)


def submit_corpus(course: Course, slug: str, files: Iterable[Path]) -> None:
    """Hand in files of the corpus: scripts in the notebook's cells, notebooks as they are."""
    for number, path in enumerate(dict.fromkeys(files)):
        student = f"c{number:02}"
        if path.suffix == ".ipynb":
            course.submit(student, slug, (f"{slug}.ipynb", path.read_bytes()))
        else:
            course.submit_code(student, slug, path.read_text("utf-8"))


def kinds_of_files(slug: str) -> list[Path]:
    """Return a right script of the corpus, a wrong one, and a notebook of each sort."""
    kinds = {(path.parent, path.suffix): path for path in sorted(corpus_of(slug).glob("*/*"))}
    return list(kinds.values())


def test_the_corpus_gets_the_points_of_gradpath_grade(
    released_course: Course, engine: Run, tmp_path: Path
) -> None:
    """With the command that grades on all cores; the other ones are compared to it.

    One of the kinds for each assignment, another one for the next.
    """
    course = released_course.copy(tmp_path / "course")
    for number, slug in enumerate(slugs()):
        kinds = kinds_of_files(slug)
        submit_corpus(course, slug, [kinds[number % len(kinds)]])
    course.run("gradpath", "nbgrader", "autograde", *slugs())
    wanted = by_engine(course, engine)
    assert len(wanted) == len(slugs())
    assert course.points() == pytest.approx({key: r.score for key, r in wanted.items()}, abs=NEAR)


def test_stock_autograde_gives_the_corpus_the_same_points(
    released_course: Course, engine: Run, tmp_path: Path
) -> None:
    """All sorts of notebooks of one assignment, through nbgrader's Python interface, which its
    pages use."""
    course = released_course.copy(tmp_path / "course")
    slug = "hand_gradients"
    submit_corpus(course, slug, sorted(corpus_of(slug).glob("*/*.ipynb")))
    assert course.api().autograde(slug, "c*")["success"]
    wanted = by_engine(course, engine)
    assert course.points() == pytest.approx({key: r.score for key, r in wanted.items()}, abs=NEAR)


@pytest.mark.quick
def test_a_course_may_choose_files(tmp_path: Path, engine: Run) -> None:
    """The skeleton lies beside the notebook; the students' text in it is graded and kept."""
    slug = "mse_sweep"
    course = Course.make(tmp_path / "course", answers="file").generate(slug)
    assert (course.root / "release" / slug / f"{slug}.py").is_file()
    notebook = json.dumps(course.released(slug)).encode()
    files = {
        "s01": demo_cohort.mistakes(slug, "sum-instead-of-mean"),
        "s02": skeleton_of(slug).encode(),
        "s03": solution_of(slug).encode(),
    }
    for student, code in files.items():
        course.submit(student, slug, (f"{slug}.ipynb", notebook), (f"{slug}.py", code))
    course.nbgrader("autograde", slug)
    given = course.points()
    assert given == {
        (student, slug): pytest.approx(result.score, abs=NEAR)
        for (student, _), result in by_engine(course, engine).items()
    }
    assert 0.0 == given["s02", slug] < given["s01", slug] < given["s03", slug] == 10.0
    kept = course.root / "autograded" / "s01" / slug / f"{slug}.py"
    assert kept.read_bytes() == files["s01"]


@pytest.mark.quick
@pytest.mark.parametrize("answers", ["cells", "file"])
@pytest.mark.parametrize("slug", slugs())
def test_the_notebook_has_a_cell_for_each_function(slug: str, answers: Answers) -> None:
    notebook = nbformat.reads(source_notebook(slug, answers).decode(), as_version=4)
    MetadataValidator().validate_nb(notebook)
    marks = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    assignment = load(slug)
    solutions = [mark.grade_id for mark in marks if mark.solution and mark.grade_id != "written"]
    assert solutions == (list(assignment.functions) if answers == "cells" else [])
    for visibility in ("public", "hidden"):
        tested = [m.grade_id for m in marks if m.grade_id.endswith(f"-{visibility}")]
        assert tested == [
            f"{function}-{visibility}"
            for function in assignment.functions
            if any(c.visibility == visibility for c in assignment.checks_of(function))
        ]
    auto = sum(mark.points for mark in marks if mark.grade and not mark.solution)
    assert auto == pytest.approx(sum(assignment.settings.points.values()))
    (written,) = [mark for mark in marks if mark.grade and mark.solution]
    assert written.points == assignment.settings.question_points > 0
    # Nobody gives points for the prediction, so nbgrader does not know its cells.
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells[f"{slug}-prediction-answer"].source == "*My prediction:*"
    assert not cells[f"{slug}-prediction-answer"].metadata


@pytest.mark.quick
def test_the_same_master_gives_the_same_notebook() -> None:
    assert source_notebook("rosenbrock") == source_notebook("rosenbrock")
    assert b"BEGIN SOLUTION" in source_notebook("rosenbrock")
    assert b"BEGIN SOLUTION" not in source_notebook("rosenbrock", "file")


def test_a_kernel_gives_no_points(released_course: Course, tmp_path: Path) -> None:
    """A grader with other settings executes the cells: they must not give points."""
    course = released_course.copy(tmp_path / "course")
    slug = "mse_sweep"
    course.submit_code("s01", slug, solution_of(slug))
    (course.root / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "gradpath"\n'
    )
    course.nbgrader("autograde", slug)
    assert course.points() == {("s01", slug): 0.0}
    shown = outputs(course.graded("s01", slug), "forward-public")[0]["data"]["text/plain"]
    assert "nbgrader_config.py" in "".join(shown)
