"""`gradpath nbgrader autograde` beside stock `nbgrader autograde`: the same rows and files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from gradpath.course.master import solution_of
from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader.parallel.autograde import Report, autograde
from gradpath.frontends.nbgrader.parallel.course_folder import Converter
from gradpath.frontends.nbgrader.parallel.early_engine import EarlyEngine
from tests.conftest import SLUGS
from tests.support.demo_cohort import corpus, mistakes
from tests.support.nbgrader_box import Course, Notebook, filled

pytestmark = pytest.mark.stock

HAND, SWEEP = "hand_gradients", "mse_sweep"
DUE = "2030-01-01 12:00:00"
TIMES = {"s01": "2029-12-31 10:00:00 UTC", "s09": "2030-01-02 12:00:00 UTC"}
ANSWER = "Because the gradient is larger there."

Rows = dict[str, list[tuple[Any, ...]]]


def hand_in(course: Course) -> None:
    """Hand in right, wrong, damaged, renamed and late files, and nothing."""
    right = solution_of(HAND)
    wrong = mistakes(HAND, "missing-factor-two").decode()
    released = course.released(HAND)
    name = f"{HAND}.ipynb"

    def notebook(code: str, answer: str = "") -> bytes:
        return json.dumps(filled(released, HAND, code, answer)).encode()

    course.submit("s01", HAND, (name, notebook(right)), ("timestamp.txt", TIMES["s01"].encode()))
    course.submit("s02", HAND, (name, notebook(wrong)), ("notes.txt", b"my notes"))
    course.submit("s03", HAND, (name, b'{"cells": [{"cell_type": "code", "sour'))
    course.submit("s04", HAND, ("readme.txt", b"I forgot the notebook"))
    course.submit("s05", HAND, ("Hand Gradients (1).ipynb", notebook(right, ANSWER)))
    course.submit("s06", HAND, (name, json.dumps(released).encode()))
    course.submit("s07", HAND, (name, notebook(wrong, ANSWER)))
    course.submit("s08", HAND, (name, notebook(right, ANSWER)))
    late = mistakes(HAND, "sign-flipped-residual", "gradients-not-zeroed").decode()
    course.submit("s09", HAND, (name, notebook(late)), ("timestamp.txt", TIMES["s09"].encode()))
    course.submit("s10", HAND, (name, corpus(HAND, "right/notebook_old_format.ipynb")))
    course.submit("s11", HAND, (name, mangled(filled(released, HAND, right))))
    course.submit("s12", HAND, (name, notebook("raise SystemExit('done')\n" + right)))
    folder = course.submit("s13", HAND, ("hand_gradients.py", right.encode()))
    (folder / "figures").mkdir()
    (folder / "figures" / "mine.txt").write_text("a file in a folder")
    course.submit("s14", HAND, (name, notebook(right)), ("timestamp.txt", b" \n"))
    course.submit("excluded", HAND, (name, notebook(right)))
    course.submit_code("s01", SWEEP, solution_of(SWEEP))
    course.submit_code("s15", SWEEP, mistakes(SWEEP, "sum-instead-of-mean").decode())


def mangled(notebook: Notebook) -> bytes:
    """Return a notebook with cells deleted, copied and edited."""
    cells = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") != "train-hidden"
    ]
    copied = next(cell for cell in cells if cell["id"] == f"{HAND}-loss")
    edited = next(cell for cell in cells if cell["id"] == f"{HAND}-predict-public")
    edited["source"] = "10.0"
    return json.dumps({**notebook, "cells": [copied, *cells]}).encode()


def grade_by_hand(course: Course) -> None:
    """Give points, credit and comments by hand, which grading again must keep."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "gradpath") as gradebook:
        whose = (HAND, HAND, "s08")
        gradebook.find_grade("written", *whose).manual_score = 1.5
        gradebook.find_grade("train-public", *whose).manual_score = 0.25
        gradebook.find_grade("loss-public", *whose).extra_credit = 1.0
        gradebook.find_comment("written", *whose).manual_comment = "Well said."
        gradebook.find_submission_notebook(*whose).flagged = True
        gradebook.update_or_create_assignment(HAND, duedate=DUE)
        gradebook.db.commit()


@dataclass(frozen=True)
class Both:
    """The same course, graded by nbgrader and by gradpath, and gradpath's output."""

    stock: Course
    ours: Course
    printed: str


@pytest.fixture(scope="module")
def handed_in(released_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = released_course.copy(tmp_path_factory.mktemp("handed-in") / "course")
    course.add_settings('c.LateSubmissionPlugin.penalty_method = "zero"')
    course.add_settings('c.CourseDirectory.student_id_exclude = "excluded"')
    course.submit_code("s08", HAND, mistakes(HAND, "missing-factor-two").decode())
    run_ours(course, HAND)
    shutil.rmtree(course.root / "autograded")
    grade_by_hand(course)
    hand_in(course)
    return course


@pytest.fixture(scope="module")
def both(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("both")
    stock = handed_in.copy(folder / "stock")
    ours = handed_in.copy(folder / "ours")
    for slug in (HAND, SWEEP):
        stock.nbgrader("autograde", slug)
    printed = ours.run("gradpath", "nbgrader", "autograde", HAND, SWEEP)
    return Both(stock, ours, printed)


class Counter:
    """Is told how far it is; can stop it."""

    def __init__(self, stop_after: int = -1) -> None:
        self.total = self.done = 0
        self._stop_after = stop_after

    def begin(self, total: int) -> None:
        self.total = total

    def advance(self) -> None:
        self.done += 1
        if self.done == self._stop_after:
            raise KeyboardInterrupt


def run_ours(course: Course, *assignments: str, stop_after: int = -1, **options: Any) -> Report:
    """Grade in this process."""
    report = Report()
    with EarlyEngine(course.root, assignments, jobs=2) as engine:
        autograde(course.root, assignments, engine, report, Counter(stop_after), **options)
    return report


def tables(course: Course, gradebook: str = "gradebook.db") -> Rows:
    """Return every row of every table, with names in the place of random ids."""
    with sqlite3.connect(course.root / gradebook) as connection:
        names = {
            id: f"submission of {student} to {assignment}"
            for id, student, assignment in connection.execute(
                "SELECT id, student_id, assignment_id FROM submitted_assignment"
            )
        }
        names |= {
            id: f"notebook {notebook} of {names[submission]}"
            for id, notebook, submission in connection.execute(
                "SELECT id, notebook_id, assignment_id FROM submitted_notebook"
            )
        }
        names |= {
            id: f"row of {cell} in {names[notebook]}"
            for table in ("grade", "comment")
            for id, cell, notebook in connection.execute(
                f"SELECT id, cell_id, notebook_id FROM {table}"
            )
        }
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            table: sorted(
                (
                    tuple(names.get(value, value) for value in row)
                    for row in connection.execute(f"SELECT * FROM {table}")
                ),
                key=repr,
            )
            for (table,) in found
        }


def files(course: Course) -> dict[str, tuple[str, int]]:
    """Return contents and mode of everything in `autograded`, folders included."""
    root = course.root / "autograded"
    return {
        str(path.relative_to(root)): (
            path.read_bytes().decode("latin-1") if path.is_file() else "",
            path.stat().st_mode,
        )
        for path in root.rglob("*")
    }


def test_every_row_of_every_table_is_the_same(both: Both) -> None:
    stock, ours = tables(both.stock), tables(both.ours)
    assert stock.keys() == ours.keys()
    for table in stock:
        assert ours[table] == stock[table], table
    assert len(ours["submitted_assignment"]) == 16
    assert len(ours["grade"]) > 16 * 8


def test_the_rows_are_of_all_kinds(both: Both) -> None:
    """The submissions try every rule; else the comparison would say little."""
    rows = both.ours.rows()
    assert rows["s08", HAND, "written"].score == 1.5
    assert rows["s08", HAND, "written"].needs_manual_grade  # it has been handed in again
    assert rows["s07", HAND, "written"].score is None
    assert rows["s06", HAND, "written"].score == 0
    with sqlite3.connect(both.ours.root / "gradebook.db") as connection:
        comments = {
            *connection.execute("SELECT auto_comment FROM comment"),
            *connection.execute("SELECT manual_comment FROM comment"),
        }
        penalties = connection.execute(
            "SELECT late_submission_penalty FROM submitted_notebook"
        ).fetchall()
    assert {("No response.",), (None,), ("Well said.",)} == comments
    assert [penalty for (penalty,) in penalties if penalty is not None] == [
        pytest.approx(both.ours.points()["s09", HAND])
    ]


def test_the_autograded_files_are_the_same(both: Both) -> None:
    stock, ours = files(both.stock), files(both.ours)
    assert ours.keys() == stock.keys()
    for path, (contents, mode) in stock.items():
        assert ours[path][1] == mode, path
        if path.endswith(".ipynb"):
            given, wanted = json.loads(ours[path][0]), json.loads(contents)
            assert given["metadata"] == wanted["metadata"]
            for one, other in zip(given["cells"], wanted["cells"], strict=True):
                assert one == other, path
        assert ours[path][0] == contents, path


def test_the_summary(both: Both) -> None:
    assert "hand_gradients, mse_sweep: 16 graded, 1 of them late" in both.printed
    assert "graded 16 of 16" in both.printed
    line = next(each for each in both.printed.splitlines() if each.startswith(f"{HAND} "))
    assert line.split()[1:3] == ["12", "2"]  # graded and unreadable, by the engine
    assert "s11: Missing cells were put back: train-hidden." in both.printed


def test_feedback_and_export_go_on_from_there(both: Both) -> None:
    before = tables(both.ours)
    both.ours.nbgrader("generate_feedback", HAND, "--student=s0[237]")
    pages = list((both.ours.root / "feedback").glob(f"*/{HAND}/{HAND}.html"))
    assert len(pages) == 3
    both.ours.nbgrader("export")
    exported = (both.ours.root / "grades.csv").read_text("utf-8")
    assert len(exported.splitlines()) == 1 + 15 * len(SLUGS)
    assert tables(both.ours) == before


@pytest.fixture(scope="module")
def again(both: Both, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded course for tests that grade it again, each with the same outcome."""
    return both.ours.copy(tmp_path_factory.mktemp("again") / "course")


def test_graded_submissions_are_skipped(again: Course) -> None:
    rows, written = tables(again), files(again)
    report = run_ours(again, HAND, SWEEP)
    assert (report.graded, report.skipped) == (0, 16)
    assert tables(again) == rows
    assert files(again) == written


def test_force_grades_again(again: Course) -> None:
    rows, written = tables(again), files(again)
    kept = again.root / "autograded" / "s03" / HAND / f"{HAND}.ipynb"
    before = kept.stat().st_ctime_ns
    report = run_ours(again, SWEEP, HAND, force=True, student="s0*")
    assert (report.graded, report.skipped, report.failed) == (10, 0, [])
    assert kept.stat().st_ctime_ns != before  # the number of a deleted file may come again
    assert tables(again) == rows
    assert files(again) == written


def test_a_later_submission_takes_the_place_of_the_earlier_one(again: Course) -> None:
    course = again.copy(again.root.with_name("later"))
    folder = course.submit_code("s01", HAND, mistakes(HAND, "missing-factor-two").decode())
    (folder / "timestamp.txt").write_text("2029-12-31 11:00:00 UTC")
    before = course.points()
    report = run_ours(course, HAND)
    assert (report.graded, report.skipped) == (1, 13)
    changed = {key for key, points in course.points().items() if points != before[key]}
    assert changed == {("s01", HAND)}


def submissions(course: Course) -> set[str]:
    """Return the students with rows for the assignment."""
    with sqlite3.connect(course.root / "gradebook.db") as connection:
        found = connection.execute("SELECT student_id FROM submitted_assignment").fetchall()
    return {student for (student,) in found}


@pytest.fixture
def small(released_course: Course, tmp_path: Path) -> Course:
    """A course with six submissions of which nothing is graded."""
    course = released_course.copy(tmp_path / "course")
    for number in range(1, 7):
        course.submit_code(f"s0{number}", SWEEP, solution_of(SWEEP))
    return course


def graded_folders(course: Course) -> set[str]:
    """Return the students with a graded submission; nothing else may be there."""
    found = set()
    for path in (course.root / "autograded").glob("*/*"):
        assert path.name == SWEEP
        assert (path / f"{SWEEP}.ipynb").is_file()
        found.add(path.parent.name)
    return found


def test_an_interrupted_run_leaves_whole_submissions(small: Course) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_ours(small, SWEEP, stop_after=2)
    done = len(submissions(small))
    assert 2 <= done <= 4  # each of two processes may have come to the end of one more
    assert graded_folders(small) == submissions(small)
    report = run_ours(small, SWEEP)
    assert (report.graded, report.skipped) == (6 - done, done)
    assert set(small.points().values()) == {small.points()["s01", SWEEP]}


def test_what_cannot_be_written_leaves_nothing_and_costs_nobody_else(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = Converter.set_permissions

    def fail(self: Converter, assignment: str, student: str) -> None:
        if student == "s03":
            raise OSError("no space left")
        stock(self, assignment, student)

    monkeypatch.setattr(Converter, "set_permissions", fail)
    report = run_ours(small, SWEEP)
    assert report.failed == [f"s03, {SWEEP}: no space left"]
    assert submissions(small) == graded_folders(small) == {"s01", "s02", "s04", "s05", "s06"}
    monkeypatch.undo()
    report = run_ours(small, SWEEP)
    assert (report.graded, report.skipped) == (1, 5)


def test_a_submission_in_whose_middle_the_process_is_killed_is_graded_again(
    small: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Converter, "set_permissions", _kill)
    with pytest.raises(GradpathError, match=r"a process ended while nbgrader was at .*/s0"):
        run_ours(small, SWEEP)
    assert list((small.root / "autograded").glob(f"*/{SWEEP}/{SWEEP}.ipynb"))
    monkeypatch.undo()
    report = run_ours(small, SWEEP)
    assert (report.graded, report.skipped) == (6, 0)
    assert graded_folders(small) == submissions(small)


def _kill(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("student", ["s01", "s03"])
def test_an_interrupt_after_the_last_step_leaves_a_whole_submission_or_none(
    small: Course, monkeypatch: pytest.MonkeyPatch, student: str
) -> None:
    remove = Path.unlink
    interrupts = [KeyboardInterrupt()]

    def interrupt(path: Path, missing_ok: bool = False) -> None:
        if path.name.endswith(".unfinished") and path.parent.name == student and interrupts:
            raise interrupts.pop()
        remove(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", interrupt)
    with pytest.raises(GradpathError, match=f"nbgrader was at .*/{student}"):
        run_ours(small, SWEEP)
    assert student not in graded_folders(small)
    assert graded_folders(small) == submissions(small)


def test_students_that_the_course_does_not_know(small: Course) -> None:
    small.add_settings("c.Autograde.create_student = False")
    with Gradebook(f"sqlite:///{small.root / 'gradebook.db'}", "gradpath") as gradebook:
        gradebook.add_student("s02")
    printed = small.run("gradpath", "nbgrader", "autograde", SWEEP, status=1)
    assert f"{SWEEP}: 1 graded" in printed
    assert f"no rows for s01, {SWEEP}: No student with ID 's01' exists in the database" in printed
    assert submissions(small) == graded_folders(small) == {"s02"}


def test_directories_and_names_of_the_course_count(released_course: Course, tmp_path: Path) -> None:
    """Two notebooks in an assignment of another name, folders in another order, a shared group."""
    course = released_course.copy(tmp_path / "course")
    week = "week 1"
    for slug in (SWEEP, HAND):
        shutil.copytree(
            course.root / "source" / slug, course.root / "source" / week, dirs_exist_ok=True
        )
    course.generate(week)
    shutil.move(course.root / "gradebook.db", course.root / "grades.sqlite")
    course.add_settings(
        'c.CourseDirectory.db_url = "sqlite:///grades.sqlite"\n'
        'c.CourseDirectory.submitted_directory = "in"\n'
        'c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"\n'
        "c.CourseDirectory.groupshared = True\n"
        'c.Autograde.exclude_overwriting = {"week 1": ["figures/loss_over_w.png"]}'
    )
    for student, slugs in (("s01", (SWEEP, HAND)), ("s02", (SWEEP,)), ("s03", ())):
        folder = course.root / "in" / week / student
        (folder / "figures").mkdir(parents=True)
        for figure in ("loss_over_w.png", "descent_on_the_parabolas.png"):
            (folder / "figures" / figure).write_bytes(b"a student's own")
        (folder / "unknown.ipynb").write_text("{}")
        for slug in slugs:
            notebook = filled(course.released(slug), slug, solution_of(slug))
            (folder / f"{slug}.ipynb").write_text(json.dumps(notebook))
    stock = course.copy(tmp_path / "stock")
    stock.nbgrader("autograde", week)
    report = run_ours(course, week)
    assert (report.graded, report.failed) == (3, [])
    assert files(course) == files(stock)
    assert tables(course, "grades.sqlite") == tables(stock, "grades.sqlite")
    assert not (course.root / "gradebook.db").exists()


@pytest.fixture
def one(released_course: Course, tmp_path: Path) -> Course:
    """A course with one submission."""
    course = released_course.copy(tmp_path / "course")
    course.submit_code("s01", SWEEP, solution_of(SWEEP))
    return course


@pytest.mark.parametrize(
    ("setting", "assignment", "student", "says"),
    [
        ("", "rosenbrok", None, "run `nbgrader generate_assignment rosenbrok` first"),
        ("", HAND, None, "no submissions to hand_gradients: there is nothing like"),
        ("", SWEEP, "t*", "no submissions to mse_sweep of t*"),
        (
            'c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"',
            *(SWEEP, None, "does not set gradpath up as the grader"),
        ),
        ('c.Autograde.exporter_class = "no.such.Exporter"', SWEEP, None, "nbgrader_config.py"),
        ("1 / 0", SWEEP, None, "cannot be used: ZeroDivisionError: division by zero"),
        ("c.CourseDirectory.root = 1", SWEEP, None, "'root' trait"),
        (
            'c.CourseDirectory.db_url = "sqlite:///no.db"',
            *(SWEEP, None, "run `nbgrader generate_assignment mse_sweep` first"),
        ),
    ],
)
def test_wrong_words_and_settings_are_refused_in_one_line(
    one: Course, setting: str, assignment: str, student: str | None, says: str
) -> None:
    one.add_settings(setting)
    with pytest.raises(GradpathError) as refused:
        run_ours(one, assignment, student=student)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (one.root / "autograded").exists()
    assert not (one.root / "no.db").exists()


def test_an_unknown_assignment_is_one_line_on_the_terminal(one: Course) -> None:
    printed = one.run("gradpath", "nbgrader", "autograde", "rosenbrok", status=2)
    assert printed == (
        "gradpath: the gradebook has no assignment 'rosenbrok'; run `nbgrader generate_assignment "
        "rosenbrok` first\n"
    )


def test_without_a_secret_or_a_course(one: Course, tmp_path: Path) -> None:
    (one.root / "gradpath.toml").unlink()
    printed = one.run("gradpath", "nbgrader", "autograde", SWEEP, status=2)
    assert printed.startswith("gradpath: hidden checks need a secret: set GRADPATH_SECRET")
    assert printed.count("\n") == 1
    printed = one.run("gradpath", "nbgrader", "autograde", SWEEP, "--course", "..", status=2)
    assert "no nbgrader course in" in printed
    printed = one.run("gradpath", "nbgrader", "autograde", status=2)
    assert "Missing argument 'ASSIGNMENT ...'" in printed


def test_nbgrader_is_not_installed(one: Course, tmp_path: Path) -> None:
    code = (
        "import importlib.util as util, sys\n"
        "real = util.find_spec\n"
        "util.find_spec = lambda name, *a: None if name == 'nbgrader' else real(name, *a)\n"
        "sys.argv = ['gradpath', 'nbgrader', 'autograde', 'mse_sweep']\n"
        "from gradpath.cli import main\n"
        "main()\n"
    )
    printed = one.run("python", "-c", code, status=2)
    assert printed == "gradpath: nbgrader is not installed: run `pip install nbgrader==0.9.6`\n"


SLOW_TO_ENTER = """
import time
from nbgrader.api import Gradebook
enter = Gradebook.add_student

def slowly(gradebook, *words, **more):
    time.sleep(1.0)
    return enter(gradebook, *words, **more)

Gradebook.add_student = slowly
"""


def test_a_student_who_is_new_to_the_gradebook_hands_in_two_assignments(
    released_course: Course, tmp_path: Path
) -> None:
    """Two processes that enter one student at a time would fail at it: see `enter_students`."""
    course = released_course.copy(tmp_path / "course")
    course.add_settings(SLOW_TO_ENTER)
    slugs = (SWEEP, "optimizers")
    for slug in slugs:
        course.submit_code("s01", slug, solution_of(slug))
    course.run("gradpath", "nbgrader", "autograde", *slugs, "--jobs", "2")
    assert course.points() == {("s01", slug): 10.0 for slug in slugs}
