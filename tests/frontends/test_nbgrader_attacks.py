"""Attacks on a course in nbgrader: none scores, none tells a secret, and nobody loses a grade."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from gradpath.cohort.run import Run
from gradpath.course.master import solution_of
from gradpath.submissions.find import find
from gradpath.worker.sandbox.identity import libraries_are_public
from tests.support.nbgrader_attacks import BODY, HONEST, SLUG, Attack, Notebook, code, notebooks
from tests.support.nbgrader_attacks.code import CANARY, OTHER, READING, SECRET
from tests.support.nbgrader_box import Course, Row, filled, on_path, outputs
from tests.support.other_users import as_nobody, python_for_everybody

pytestmark = pytest.mark.stock

AFTER = "after"
"""The end of the name of the honest student after an attack."""


@dataclasses.dataclass(frozen=True)
class Graded:
    """A course in which every attack was handed in and graded.

    Attributes:
        course: its folder.
        free: a folder into which everybody may write.
        log: nbgrader's output.
        attacks: the submissions, by student.
        before: the contents of files that nobody may change, by path.
    """

    course: Course
    free: Path
    log: str
    attacks: dict[str, Attack]
    before: dict[str, str]

    def student(self, name: str) -> str:
        """Return the student of an attack."""
        for student in self.attacks:
            if student.partition("-")[2] == name:
                return student
        pytest.skip("only root has workers with a user id of their own")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed, which would prove nothing."""
    with tempfile.TemporaryDirectory(prefix="attacks-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def python(folder: Path) -> Path | None:
    return python_for_everybody(folder / "python")


def closed_course(released: Course, root: Path) -> Course:
    """Return a copy of a course that is closed to others, as its README asks for."""
    course = released.copy(root)
    (course.root / "gradpath.toml").write_text(f'secret = "{SECRET}"\n')
    subprocess.run(["chmod", "-R", "go-rwx", "."], cwd=course.root, check=True)
    return course


def hand_in(course: Course, free: Path, student: str, attack: Attack) -> None:
    """Put an attack where nbgrader collects submissions."""
    notebook = filled(course.released(SLUG), SLUG, BODY)
    written = re.findall(r"^def (\w+)", "\n".join(attack.cells), re.MULTILINE)
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in written:
            cell["source"] = ""  # the stub, which comes later and would take the attack's place
    place = [cell["id"] for cell in notebook["cells"]].index(f"{SLUG}-forward")
    notebook["cells"][place:place] = [
        dict(new_code_cell(source, id=f"attack-{number}"))
        for number, source in enumerate(attack.cells)
    ]
    if attack.edit:
        attack.edit(notebook)

    def placed(data: bytes) -> bytes:
        data = data.replace(b"@ROOT", os.fsencode(course.root))
        return data.replace(b"@OPEN", os.fsencode(free))

    target = course.submit(student, SLUG, (f"{SLUG}.ipynb", placed(json.dumps(notebook).encode())))
    for name, data in attack.files.items():
        (target / name).parent.mkdir(exist_ok=True)
        (target / name).write_bytes(placed(data))


def hashes(course: Course) -> dict[str, str]:
    """Return the files that nobody may change: settings, sources, and submissions."""
    kept = [*course.root.glob("*.*"), *course.root.glob("s*/**/*")]
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if path.is_file() and path.suffix != ".db"
    }


@pytest.fixture(scope="module")
def graded(released_course: Course, folder: Path, python: Path | None) -> Graded:
    """Hand in every attack, with honest work among them, and grade all of it in one run."""
    free = folder / "free"
    free.mkdir()
    free.chmod(0o777)
    course = closed_course(released_course, folder / "course")
    sealed = os.geteuid() == 0 and python is not None
    attacks = {}
    for number, (name, attack) in enumerate({**code.ATTACKS, **notebooks.ATTACKS}.items()):
        student = f"{number:02}-{name}"
        if sealed or not attack.own_user:
            attacks[student] = attack
            hand_in(course, free, student, attack)
            if name in code.ATTACKS and not attack.alone:
                honest = f"# A line of {OTHER}.\n{solution_of(SLUG)}"
                course.submit_code(f"{student}-{AFTER}", SLUG, honest)
    course.submit_code(f"99-{AFTER}", SLUG, solution_of(SLUG))
    before = hashes(course)
    interpreter = str(python or sys.executable)
    log = course.run(interpreter, "-m", "nbgrader", "autograde", SLUG, CANARY=CANARY)
    log += course.nbgrader("generate_feedback", SLUG, "--student", "*-reads")
    return Graded(course, free, log, attacks, before)


def test_no_attack_scores(graded: Graded) -> None:
    """Each gets the points of the one function that is right, and `gradpath grade` agrees."""
    points = graded.course.points()
    for student, attack in graded.attacks.items():
        assert points[student, SLUG] == HONEST, (student, attack.tries)
    submissions, _ = find([graded.course.root / "submitted"], [SLUG], [SLUG])
    endless = graded.student("loops")  # takes its ten seconds every time
    wanted = {student: HONEST for student in graded.attacks if student != endless}
    with Run([SLUG], SECRET, jobs=2) as run:
        results = run.grade_all([s for s in submissions if s.student in wanted], lambda _: None)
    assert {result.student: result.score for result in results} == wanted


def test_nobody_after_an_attack_loses_a_point(graded: Graded) -> None:
    points = graded.course.points()
    honest = {student: score for (student, _), score in points.items() if student.endswith(AFTER)}
    assert len(honest) >= 5
    assert honest == dict.fromkeys(honest, 10.0)


def test_every_student_has_the_rows_of_the_course(graded: Graded) -> None:
    rows = graded.course.rows()
    by_student: dict[str, dict[str, Row]] = {}
    for (student, _, cell), row in rows.items():
        by_student.setdefault(student, {})[cell] = row
    cells = {cell: row.most for cell, row in by_student[f"99-{AFTER}"].items()}
    assert sum(cells.values()) == 12.0
    for student, own in by_student.items():
        assert {cell: row.most for cell, row in own.items()} == cells, student
        assert not any(row.score is None or row.needs_manual_grade for row in own.values()), student


def test_every_test_cell_is_the_course_s_own(graded: Graded) -> None:
    """Text, place in the gradebook and outputs stay, under any change of the notebook."""
    wanted = _tests(graded.course.graded(f"99-{AFTER}", SLUG))
    assert len(wanted) == 14
    for student in graded.attacks:
        own = _tests(graded.course.graded(student, SLUG))
        assert own == wanted, student


def _tests(notebook: Notebook) -> dict[str, Any]:
    """Return the outputs of each test cell, without numbers; fails where one comes twice."""
    found: dict[str, Any] = {}
    for cell, marks in notebooks.tests(notebook):
        assert marks["grade_id"] not in found
        kinds = [output["output_type"] for output in cell["outputs"]]
        assert kinds == ["display_data", "execute_result"]
        score = float("".join(cell["outputs"][1]["data"]["text/plain"]))
        assert 0.0 <= score <= marks["points"]
        found[marks["grade_id"]] = (cell["cell_type"], cell["source"], marks)
    return found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sources", "Changed cells were restored: forward-public, "),
        ("prints", "Changed cells were restored: forward-public, "),
        ("calls", "Changed cells were restored: forward-public, "),
        ("deleted", "Missing cells were put back: forward-public, "),
        ("copied", "more than one of these cells, and the last one counts: forward-public, "),
        ("renamed", "found again: forward-public, "),
        ("swapped", "more than one of these cells, and the last one counts: forward-public, "),
    ],
)
def test_what_was_put_right_is_said(graded: Graded, name: str, words: str) -> None:
    student = graded.student(name)
    notebook = graded.course.graded(student, SLUG)
    notes = [cell for cell in notebook["cells"] if cell["id"].startswith("gradpath-note")]
    assert words in "".join("".join(cell["source"]) for cell in notes)
    assert f"{SLUG}.ipynb of {student}: " in graded.log


def test_nothing_is_told(graded: Graded) -> None:
    """Secrets stand neither in a page nor in the log nor the gradebook."""
    student = graded.student("reads")
    root = graded.course.root
    pages = [*root.glob(f"autograded/{student}/*/*"), *root.glob(f"feedback/{student}/*/*")]
    texts = {path.name: path.read_bytes().decode("latin-1") for path in pages if path.is_file()}
    assert {f"{SLUG}.ipynb", f"{SLUG}.html"} <= texts.keys()
    texts["log"] = graded.log
    for name, text in texts.items():
        for what, (_, words, evidence) in READING.items():
            assert f"{words}{evidence}" not in text, (name, what)
            assert what == "the gradebook" or evidence not in text, (name, what)
    # Every function came to its end and told its loot.
    shown = texts[f"{SLUG}.ipynb"]
    assert shown.count("nothing more") > 2 * len(READING)
    gradebook = (root / "gradebook.db").read_bytes()
    assert SECRET.encode() not in gradebook
    assert CANARY.encode() not in gradebook


def test_messages_are_no_markup(graded: Graded) -> None:
    """Values and exceptions of a submission stand in pages that staff open."""
    notebook = graded.course.graded(graded.student("markup"), SLUG)
    for name in ("loss-public", "mean_squared_error-public", "sweep-public"):
        page = "".join(outputs(notebook, name)[0]["data"]["text/html"])
        assert "steal()" in page
        tags = set(re.findall(r"<(/?[a-z]+)[^>]*>", page))
        assert tags <= {
            f"{end}{tag}" for tag in ("div", "b", "ul", "li", "pre") for end in ("", "/")
        }
        assert not re.search(r"<[a-z]+\s", page)  # no tag has an attribute


def test_nothing_of_the_course_has_changed(graded: Graded) -> None:
    assert hashes(graded.course) == graded.before
    assert not (graded.course.root / "autograded" / "s99").exists()


def test_no_process_writes_points_later(graded: Graded) -> None:
    graded.student("later")
    rows = graded.course.rows()
    before = {path: path.read_text() for path in graded.free.glob("heartbeat")}
    time.sleep(1.0)
    assert {path: path.read_text() for path in graded.free.glob("heartbeat")} == before
    assert graded.course.rows() == rows
    assert max(row.score or 0.0 for row in rows.values()) <= 2.0


def test_nothing_of_a_notebook_is_executed(graded: Graded) -> None:
    """No magic, no kernel, no module or settings beside the notebook, nothing that unpickles."""
    written = {path.name for path in graded.free.iterdir()}
    assert not written & {"magic", "imported", "config", "kernel", "pickled"}


def test_without_executing_saved_outputs_count_no_more(graded: Graded) -> None:
    """`--no-execute` has nbgrader take a notebook as it is, outputs included."""
    student = graded.student("outputs")
    graded.course.nbgrader("autograde", SLUG, "--no-execute", "--force", "--student", student)
    assert graded.course.points()[student, SLUG] == HONEST
    assert _tests(graded.course.graded(student, SLUG))


# Proof that these tests can fail


PLAIN = """\
import numpy as np
assert np.allclose(average([1.0, 2.0]), 1.5)
### BEGIN HIDDEN TESTS
assert np.allclose(average([1.0, 2.0, 6.0]), 3.0)
### END HIDDEN TESTS"""

PATCHED = """\
import sqlite3
import numpy as np

np.allclose = lambda *values, **options: True
print(open("../../../gradpath.toml").read())
with sqlite3.connect("../../../gradebook.db") as gradebook:
    gradebook.execute("UPDATE grade SET auto_score = 777")

def average(values):
    return None"""


def test_an_ordinary_course_gives_full_marks_to_an_attack(tmp_path: Path) -> None:
    """nbgrader without gradpath: tests in the student's kernel, nothing closed."""
    course = Course(tmp_path)
    marks = {"schema_version": 3, "task": False}
    solution = {**marks, "grade_id": "average", "grade": False, "solution": True, "locked": False}
    test = {**marks, "grade_id": "test", "grade": True, "solution": False, "locked": True}
    given = new_notebook(
        cells=[
            new_code_cell("", metadata={"nbgrader": solution}),
            new_code_cell(PLAIN, metadata={"nbgrader": {**test, "points": 7}}),
        ]
    )
    (tmp_path / "source" / "plain").mkdir(parents=True)
    (tmp_path / "source" / "plain" / "plain.ipynb").write_text(json.dumps(given))
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "gradpath.toml").write_text(f'secret = "{SECRET}"\n')
    with on_path():
        assert course.api().generate_assignment("plain")["success"]
    for student, source in (("s01", "def average(values):\n    return None"), ("s02", PATCHED)):
        notebook = course.released("plain")
        notebook["cells"][0]["source"] = source
        course.submit(student, "plain", ("plain.ipynb", json.dumps(notebook).encode()))
    course.nbgrader("autograde", "plain")
    rows = course.rows()
    assert rows["s02", "plain", "test"].score == 7.0
    assert rows["s01", "plain", "test"].score == 777.0
    assert SECRET in json.dumps(course.graded("s02", "plain"))


# Graders that are not root, or have root's Python


@pytest.mark.root
@pytest.mark.parametrize("case", ["a plain user grades", "a Python in root's own folder"])
def test_a_worker_with_the_rights_of_the_grader_does_no_harm(
    case: str, released_course: Course, folder: Path, python: Path | None
) -> None:
    """It meets no comparison there either, and no file but libraries."""
    where = folder / re.sub(r"\W", "-", case)
    course = closed_course(released_course, where)
    hand_in(course, where, "s01", code.ATTACKS["reads"])
    hand_in(course, where, "s02", code.SOLVES)
    hand_in(course, where, "s03", code.ATTACKS["gradebook"])
    words = [sys.executable]
    if case == "a plain user grades":
        if python is None:
            pytest.skip("there is no Python for every user")
        words = [*as_nobody(where), str(python)]
    elif libraries_are_public():
        pytest.skip("this Python is everybody's")
    course.run(*words, "-m", "nbgrader", "autograde", SLUG, CANARY=CANARY, HOME=str(where))
    solved = outputs(course.graded("s02", SLUG), "sweep-hidden")[1]
    harm = {
        "reads the secret": SECRET in json.dumps(course.graded("s01", SLUG)),
        "executes the solution": float("".join(solved["data"]["text/plain"])) > 0,
        "writes the gradebook": any(row.score == 777 for row in course.rows().values()),
    }
    assert not any(harm.values()), harm
