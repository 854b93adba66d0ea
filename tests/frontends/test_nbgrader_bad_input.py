"""Submissions to nbgrader with mistakes: each gets a row, and nobody else notices."""

from __future__ import annotations

import base64
import copy
import dataclasses
import io
import json
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator

from gradpath.frontends.nbgrader.course_cells import course_cells
from gradpath.frontends.nbgrader.repair import CourseCell
from tests.support.nbgrader_attacks import BODY, HONEST, SLUG, Notebook
from tests.support.nbgrader_box import Course, cell_of, filled
from tests.support.other_users import as_nobody, python_for_everybody

pytestmark = pytest.mark.stock

FILE = f"{SLUG}.ipynb"
ANSWER = "It is a parabola, because the error is a line in the weight."
SECRET = "a secret that nobody has told"
SCRIPT = "<script>steal()</script><img src=x onerror=steal()>"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@dataclasses.dataclass(frozen=True)
class Case:
    """Something that a student hands in.

    Attributes:
        put: puts it into a folder, given the notebook that is right for one function.
        points: the points that it gets.
        note: a part of the note in the graded notebook; empty if it needs none.
        student: the student's id, if the case is about it.
        answered: whether a person has to look for the written answer.
        closed: whether it may not be read; root may read everything.
    """

    put: Callable[[Path, Notebook], object]
    points: float = HONEST
    note: str = ""
    student: str = ""
    answered: bool = False
    closed: bool = False


def bytes_as(name: str, data: bytes) -> Callable[[Path, Notebook], object]:
    """Hand in a file."""
    return lambda folder, _: (folder / name).write_bytes(data)


def notebook_as(
    name: str = FILE, edit: Callable[[Notebook], object] | None = None, beside: Any = None
) -> Callable[[Path, Notebook], object]:
    """Hand in the notebook with something done to it, and other things in the folder."""

    def put(folder: Path, notebook: Notebook) -> None:
        if edit:
            edit(notebook)
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
        if beside:
            beside(folder)

    return put


def answered(notebook: Notebook) -> None:
    cell_of(notebook, "written")["source"] = ANSWER


# Ways to spoil a notebook


def as_format_3(notebook: Notebook) -> None:
    cells = notebook.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["prompt_number"] = cell.pop("execution_count")
            cell["language"] = "python"
        del cell["id"]
    notebook |= {"worksheets": [{"cells": cells, "metadata": {}}], "nbformat": 3}
    notebook["nbformat_minor"] = 0


def without_ids(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        del cell["id"]


def same_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["id"] = "same"


def copied_cells(notebook: Notebook) -> None:
    twins = copy.deepcopy(notebook["cells"])
    for cell in twins:
        if cell["cell_type"] == "code":
            cell["source"] = ""
    notebook["cells"] = twins + notebook["cells"]


def stripped(notebook: Notebook) -> None:
    """Take out nbgrader's marks, as editors and sites do that do not know them."""
    answered(notebook)
    without_ids(notebook)
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": "aB3dE"}


def stripped_and_rewritten(notebook: Notebook) -> None:
    """Nor is the question as it was, so that nothing says which cell is the answer."""
    cell_of(notebook, "written-question")["source"] = "## My answer"
    stripped(notebook)


def answer_elsewhere(notebook: Notebook) -> None:
    cell = cell_of(notebook, "written")
    cell["metadata"] = {}
    cell["id"] = "new"
    notebook["cells"].remove(cell)
    notebook["cells"].insert(0, {**cell, "source": ANSWER})


def odd_marks(notebook: Notebook) -> None:
    odd: list[Any] = [
        "text", [], None, 7, {}, {"grade_id": 7}, {"grade_id": None}, {"grade_id": ["forward"]},
        {"grade_id": "forward"}, {"grade": "yes", "points": "many", "grade_id": "forward-public"},
        {"grade_id": "loss-public", "points": None, "locked": 3}, {"schema_version": "x"},
    ]  # fmt: skip
    answered(notebook)
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"nbgrader": odd[number % len(odd)], "collapsed": "maybe"}
    notebook["metadata"] = {"kernelspec": "python3", "language_info": [], "celltoolbar": 1}


def odd_cells(notebook: Notebook) -> None:
    odd: list[Any] = [
        None, "cell", 7, [], {}, {"cell_type": "code"}, {"cell_type": 7, "source": 7},
        {"cell_type": "code", "source": {"a": 1}, "metadata": [], "outputs": "none"},
        {"cell_type": "code", "source": ["a = 1\n", None, 7], "metadata": None, "id": 7},
        {"cell_type": "heading", "level": 1, "source": "Heading"},
        {"cell_type": "raw", "source": SCRIPT, "metadata": {"format": "text/html"}},
        {"cell_type": "markdown", "source": "text", "attachments": [1]},
    ]  # fmt: skip
    notebook["cells"] = odd + notebook["cells"]


def scripts(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            data = {"text/html": SCRIPT, "application/javascript": "steal()", "text/plain": "5"}
            cell["outputs"] = [
                {"output_type": "display_data", "data": data, "metadata": {}},
                {"output_type": "execute_result", "data": data, "metadata": {},
                 "execution_count": 1},
                {"output_type": "nonsense"},
            ]  # fmt: skip
    cell_of(notebook, "written")["source"] = f"{ANSWER} {SCRIPT}"


def many_cells(notebook: Notebook) -> None:
    answered(notebook)
    more: list[dict[str, object]] = [
        {"cell_type": kind, "metadata": {}, "source": f"# {number}", "id": f"c{number}"}
        for number in range(1500)
        for kind in ("code", "markdown")
    ]
    place = notebook["cells"].index(cell_of(notebook, "written"))
    notebook["cells"][place:place] = more


def long_answer(notebook: Notebook) -> None:
    cell_of(notebook, "written")["source"] = ANSWER * 30_000


def halves(notebook: Notebook) -> None:
    answered(notebook)
    cell_of(notebook, "written")["source"] += " \ud83d \ude00 \udfff"
    cell_of(notebook, "forward")["source"] += "\n# \ud800"


def pasted(notebook: Notebook) -> None:
    cell = cell_of(notebook, "written")
    cell["source"] = f"{ANSWER} ![a](attachment:my%20plot.png) ![b](attachment:b.png)"
    text = base64.b64encode(PICTURE).decode()
    cell["attachments"] = {
        "my plot.png": {"image/png": text},
        "b.png": {"image/png": "no base64!"},
        "c.png": "odd",
        "unused.png": {"image/png": [text]},
    }


def as_text(notebook: Notebook) -> None:
    cell = cell_of(notebook, "forward")
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def zipped(folder: Path, notebook: Notebook) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"work/{FILE}", json.dumps(notebook))
    (folder / "work.zip").write_bytes(packed.getvalue())


def huge(folder: Path, notebook: Notebook) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    cell_of(notebook, "forward")["outputs"] = [output]
    (folder / FILE).write_text(json.dumps(notebook))


def link_to(target: str) -> Callable[[Path, Notebook], object]:
    return lambda folder, _: (folder / FILE).symlink_to(target)


def odd_files(folder: Path) -> None:
    (folder / "notes.txt").symlink_to("../../../gradpath.toml")
    (folder / "data").symlink_to("../../../source")
    (folder / "broken.txt").symlink_to("nowhere")
    (folder / "inside").mkdir()
    (folder / "inside" / "config.py").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe.txt")
    (folder / "closed.txt").write_text("closed")
    (folder / "closed.txt").chmod(0)
    (folder / "kept.txt").write_text("kept")


def as_names_of_the_course(folder: Path) -> None:
    """Files that are called as the course's folders, and folders as its files."""
    (folder / "figures").write_text("a file")
    (folder / f"{SLUG}_files").write_text("a file")


def below_a_file_of_the_course(folder: Path) -> None:
    (folder / "figures" / "loss_over_w.png").mkdir(parents=True)
    (folder / "figures" / "loss_over_w.png" / "x.txt").write_text("x")
    (folder / "figures" / "mine.png").write_bytes(PICTURE)


def no_text(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("x")


def many_links(folder: Path) -> None:
    for number in range(200):
        (folder / f"link{number}").symlink_to("../../../gradpath.toml")


def closed(folder: Path, notebook: Notebook) -> None:
    notebook_as()(folder, notebook)
    (folder / FILE).chmod(0)


def closed_folder(folder: Path, notebook: Notebook) -> None:
    notebook_as()(folder, notebook)
    folder.chmod(0)


def time_of(text: str | bytes) -> Callable[[Path, Notebook], object]:
    data = text.encode() if isinstance(text, str) else text
    return notebook_as(beside=lambda folder: (folder / "timestamp.txt").write_bytes(data))


NAMES = ["学生 一", "Ünï Cødé", "s 27", "o'neil", "a[b]c", "-s", "100%", "$HOME", "x+y@z", "{s}"]
NO_TIME = "its timestamp.txt holds no time"

CASES: dict[str, Case] = {
    "right": Case(notebook_as()),
    "answered": Case(notebook_as(edit=answered), answered=True),
    # Names
    "renamed": Case(notebook_as("my homework.ipynb")),
    "renamed and answered": Case(notebook_as("Kopie von x.ipynb", answered), answered=True),
    "numbered": Case(notebook_as(f"{SLUG} (1).ipynb")),
    "suffix": Case(notebook_as(f"{SLUG}.IPYNB")),
    "zip": Case(zipped),
    "script": Case(bytes_as(f"{SLUG}.py", BODY.encode()), note="There is no notebook."),
    "line ends": Case(notebook_as(beside=lambda folder: (folder / "a\nb.txt").touch())),
    "other notebooks": Case(
        notebook_as(beside=lambda folder: (folder / "x\ny.ipynb").write_text("{}"))
    ),
    "several": Case(
        lambda folder, notebook: [
            (folder / f"try{number}.ipynb").write_text(json.dumps(notebook)) for number in (1, 2)
        ],
        0,
        "try1\\.ipynb, try2\\.ipynb",
    ),
    # Nothing to grade
    "empty folder": Case(lambda folder, _: None, 0, "what was handed in: nothing"),
    "a picture": Case(bytes_as("run.png", PICTURE), 0, "what was handed in: run\\.png"),
    "empty file": Case(bytes_as(FILE, b""), 0, "the file is empty"),
    "a folder": Case(lambda folder, _: (folder / FILE).mkdir(), 0, "what was handed in: nothing"),
    "a link to the gradebook": Case(link_to("../../../gradebook.db"), 0, "nothing"),
    "a link to the solution": Case(link_to(f"../../../source/{SLUG}/{FILE}"), 0, "nothing"),
    "a link to another": Case(link_to(f"../../answered/{SLUG}/{FILE}"), 0, "nothing"),
    "a link to nothing": Case(link_to("nowhere"), 0, "nothing"),
    "closed": Case(closed, 0, "cannot be read: Permission denied", closed=True),
    "closed folder": Case(closed_folder, 0, "cannot be read", closed=True),
    # Not notebooks
    "cut off": Case(
        lambda folder, notebook: (folder / FILE).write_text(json.dumps(notebook)[:-900]),
        0,
        "no valid JSON",
    ),
    "merged": Case(bytes_as(FILE, b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n"), 0, "no valid"),
    "a list": Case(bytes_as(FILE, b"[1, 2]"), 0, "JSON, but no notebook"),
    "no cells": Case(bytes_as(FILE, b'{"cells": 7, "nbformat": 4}'), 0, "no list of cells"),
    "zeros": Case(bytes_as(FILE, b"{\0}" * 100), 0, "zero bytes"),
    "a program": Case(bytes_as(FILE, b"\x7fELF\xff\xfe\x01"), 0, "UTF\\-8"),
    "nested": Case(bytes_as(FILE, b"[" * 200_000), 0, "no valid JSON"),
    "a number": Case(bytes_as(FILE, b'{"cells": ' + b"9" * 20_000 + b"}"), 0, "no valid JSON"),
    "utf-16": Case(
        lambda folder, notebook: (folder / FILE).write_text(
            json.dumps(notebook), encoding="utf-16"
        ),
    ),
    "huge": Case(huge, 0, "clear the outputs"),
    # Notebooks of another kind
    "byte order mark": Case(
        lambda folder, notebook: (folder / FILE).write_text(
            json.dumps(notebook), encoding="utf-8-sig"
        )
    ),
    "format 3": Case(notebook_as(edit=as_format_3)),
    "format 4.0": Case(notebook_as(edit=without_ids)),
    "format 9": Case(notebook_as(edit=lambda notebook: notebook.update(nbformat=9))),
    "no format": Case(notebook_as(edit=lambda notebook: notebook.pop("nbformat"))),
    "same ids": Case(notebook_as(edit=same_ids)),
    "copied cells": Case(notebook_as(edit=copied_cells), note="more than one of these cells"),
    "stripped": Case(notebook_as(edit=stripped), note="found again: forward, ", answered=True),
    "stripped and rewritten": Case(
        notebook_as(edit=stripped_and_rewritten), note="put back: ", answered=True
    ),
    "answer elsewhere": Case(
        notebook_as(edit=answer_elsewhere),
        note="Missing cells were put back: written",
        answered=True,
    ),
    "odd marks": Case(notebook_as(edit=odd_marks), answered=True),
    "odd cells": Case(notebook_as(edit=odd_cells)),
    "scripts": Case(notebook_as(edit=scripts), answered=True),
    "many cells": Case(notebook_as(edit=many_cells), note="too long to be shown", answered=True),
    "long answer": Case(notebook_as(edit=long_answer), note="too long to be shown", answered=True),
    "halves": Case(notebook_as(edit=halves), answered=True),
    "pasted": Case(notebook_as(edit=pasted), answered=True),
    "code as text": Case(notebook_as(edit=as_text), note="was taken for code"),
    # Other files
    "odd files": Case(notebook_as(beside=odd_files)),
    "many links": Case(notebook_as(beside=many_links)),
    "names of the course": Case(
        notebook_as(edit=pasted, beside=as_names_of_the_course), answered=True
    ),
    "below a file": Case(notebook_as(beside=below_a_file_of_the_course)),
    "names that are no text": Case(notebook_as(beside=no_text)),
    "a pipe": Case(lambda folder, _: os.mkfifo(folder / FILE), 0, "nothing"),
    "a pipe for a time": Case(
        notebook_as(beside=lambda folder: os.mkfifo(folder / "timestamp.txt")), note=NO_TIME
    ),
    "time": Case(time_of("2024-11-05 23:59:59.123456 UTC\n")),
    "nonsense time": Case(time_of("yesterday, I think"), note=NO_TIME),
    "empty time": Case(time_of(""), note=NO_TIME),
    "binary time": Case(time_of(b"\xff\xfe\0"), note=NO_TIME),
    "endless time": Case(time_of("9" * 40), note=NO_TIME),
    "long time": Case(time_of("2024-11-05" + " " * 5_000_000), note=NO_TIME),
    "first time": Case(time_of("0001-01-01 00:00:00 +1400"), note=NO_TIME),
    "folder for a time": Case(
        notebook_as(beside=lambda folder: (folder / "timestamp.txt").mkdir()), note=NO_TIME
    ),
    "time elsewhere": Case(
        notebook_as(beside=lambda folder: (folder / "timestamp.txt").symlink_to("/etc/hostname")),
        note=NO_TIME,
    ),
    # Students
    **{f"name {number}": Case(notebook_as(), student=name) for number, name in enumerate(NAMES)},
}


@dataclasses.dataclass(frozen=True)
class Graded:
    """A course in which everything was handed in and graded.

    Attributes:
        course: its folder.
        log: the output.
        cases: the submissions, by student.
    """

    course: Course
    log: str
    cases: dict[str, Case]

    def student(self, name: str) -> str:
        """Return the student of a case."""
        return CASES[name].student or name

    def note(self, student: str) -> str:
        """Return the note at the top of a graded notebook."""
        cells = self.course.graded(student, SLUG)["cells"]
        notes = [cell for cell in cells if cell["id"].startswith("gradpath-note")]
        return "\n".join("".join(cell["source"]) for cell in notes)


@pytest.fixture(scope="module", params=["nbgrader", "gradpath nbgrader"])
def graded(request: pytest.FixtureRequest, released_course: Course) -> Iterator[Graded]:
    """Hand in all of it and grade it in one run, by a user without the right to read everything."""
    with tempfile.TemporaryDirectory(prefix="bad-input-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        course = released_course.copy(folder / "course")
        (course.root / "gradpath.toml").write_text(f'secret = "{SECRET}"\n')
        python = python_for_everybody(folder / "python")
        root = os.geteuid() == 0
        home = folder / "home"
        home.mkdir()
        words = as_nobody(home) if root and python else []
        cases = {
            case.student or name: case
            for name, case in CASES.items()
            if words or not root or not case.closed
        }
        right = filled(course.released(SLUG), SLUG, BODY)
        for student, case in cases.items():
            case.put(course.submit(student, SLUG), copy.deepcopy(right))
        course.submit("no\nid", SLUG, (FILE, b"{}"))
        course.submit(os.fsdecode(b"no\xffid"), SLUG, (FILE, b"{}"))
        if words:
            as_nobody(folder / "course")
        command, *rest = request.param.split()
        program = Path(sys.executable).with_name(command)
        words += [str(python or sys.executable), str(program), *rest]
        log = course.run(*words, "autograde", SLUG, HOME=str(home))
        yield Graded(course, log, cases)


def test_everybody_has_the_points_of_their_work(graded: Graded) -> None:
    points = graded.course.points()
    assert points == {(student, SLUG): case.points for student, case in graded.cases.items()}


def test_a_reason_is_given(graded: Graded) -> None:
    for student, case in graded.cases.items():
        note = graded.note(student)
        assert case.note in note, (student, note)
        assert case.points or note, student


def test_nothing_is_said_where_nothing_is_wrong(graded: Graded) -> None:
    for name in ("right", "answered", "time", "other notebooks", "same ids", "pasted", "name 0"):
        assert graded.note(graded.student(name)) == "", name


def test_answers_go_to_a_person(graded: Graded) -> None:
    rows = graded.course.rows()
    for student, case in graded.cases.items():
        row = rows[student, SLUG, "written"]
        wanted = (None, True) if case.answered else (0.0, False)
        assert (row.score, row.needs_manual_grade) == wanted, student


def test_answers_are_in_the_graded_notebook(graded: Graded) -> None:
    for student, case in graded.cases.items():
        notebook = graded.course.graded(student, SLUG)
        found = [cell for cell in notebook["cells"] if ANSWER in "".join(cell["source"])]
        assert len(found) == case.answered, student
    for name in ("stripped", "many cells", "long answer", "renamed and answered", "halves"):
        cell = cell_of(graded.course.graded(name, SLUG), "written")
        assert ANSWER in "".join(cell["source"]), name


def test_every_graded_notebook_is_one(graded: Graded) -> None:
    """Of nbgrader's, with each cell of the course once, and no output but the checks'."""
    ids = [cell.id for cell in _course_cells(graded.course)]
    assert len(ids) == 7 * 3 + 2
    for student in graded.cases:
        notebook = nbformat.from_dict(graded.course.graded(student, SLUG))
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)
        marks = [cell.metadata.get("nbgrader") for cell in notebook.cells]
        assert sorted(mark.grade_id for mark in marks if mark) == sorted(ids), student
        for cell, mark in zip(notebook.cells, marks, strict=True):
            is_test = mark and mark.grade and not mark.solution
            assert len(cell.get("outputs", ())) == (2 if is_test else 0), student


def _course_cells(course: Course) -> list[CourseCell]:
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        return course_cells(gradebook.find_notebook(SLUG, SLUG))


def test_links_lead_nowhere(graded: Graded) -> None:
    """Neither into the graded notebooks nor beside them, from where feedback would take it."""
    root = graded.course.root
    for path in (root / "autograded").glob("*/*/**/*"):
        assert not path.is_symlink()
        data = path.read_bytes() if path.is_file() else b""
        assert SECRET.encode() not in data, path
        assert b"BEGIN SOLUTION" not in data, path
        assert b"SQLite" not in data, path
    for name in ("odd files", "many links"):
        beside = {path.name for path in (root / "autograded" / name / SLUG).iterdir()}
        kept = {FILE, "figures"} | ({"kept.txt"} if name == "odd files" else set())
        assert beside - {"inside", "closed.txt"} == kept


def test_pasted_pictures_are_kept(graded: Graded) -> None:
    folder = graded.course.root / "autograded" / "pasted" / SLUG
    source = "".join(cell_of(graded.course.graded("pasted", SLUG), "written")["source"])
    path = f"{SLUG}_files/attachment-1.png"
    assert source.endswith(f"![a]({path}) ![b](attachment:b.png)")
    assert [each.name for each in (folder / f"{SLUG}_files").iterdir()] == ["attachment-1.png"]
    assert (folder / path).read_bytes() == PICTURE


def test_times_that_are_none_stop_nobody(graded: Graded) -> None:
    """nbgrader's page lists an assignment from these files, and shows nothing if one is wrong."""
    submissions = graded.course.api().get_submissions(SLUG)
    times = {each["student"]: each["timestamp"] for each in submissions}
    assert times.pop("time") == "2024-11-05T23:59:59.123456"
    assert set(times.values()) == {None}
    assert set(times) >= graded.cases.keys() - {"time"}


@pytest.mark.parametrize("graded", ["nbgrader"], indirect=True)
def test_feedback_has_no_script_of_a_student(graded: Graded) -> None:
    graded.course.nbgrader("generate_feedback", SLUG, "--student", "scripts")
    page = graded.course.root / "feedback" / "scripts" / SLUG / f"{SLUG}.html"
    assert ANSWER in page.read_text("utf-8")
    assert "steal()" not in re.sub(r"&lt;script&gt;steal\(\)", "", page.read_text("utf-8"))


def test_what_is_no_student_is_named(graded: Graded) -> None:
    assert "no\\nid" in graded.log
    assert "no\\udcffid" in graded.log


@pytest.mark.parametrize("graded", ["nbgrader"], indirect=True)
def test_nbgrader_alone_gives_up_when_nobody_has_a_notebook(graded: Graded) -> None:
    """It ends before anything of gradpath's is called; gradpath's own command goes on."""
    words = ("nbgrader", "autograde", SLUG, "--force", "--student", "script")
    assert "No notebooks were matched" in graded.course.run(*words, status=1)
    assert "1 graded" in graded.course.run("gradpath", *words)
    assert graded.course.points()["script", SLUG] == HONEST


# The exchange


def test_collect_takes_files_and_follows_nothing(released_course: Course, tmp_path: Path) -> None:
    """Students own their files in the exchange, so these may be anything."""
    course = released_course.copy(tmp_path / "course")
    (course.root / "gradpath.toml").write_text(f'secret = "{SECRET}"\n')
    inbound = tmp_path / "exchange" / "gradpath" / "inbound"
    inbound.mkdir(parents=True)
    course.add_settings(f"c.Exchange.root = {str(tmp_path / 'exchange')!r}")
    course.add_settings("c.CourseDirectory.max_dir_size = 500")
    when = "2024-01-01 12:00:00 UTC"
    right = filled(course.released(SLUG), SLUG, BODY)

    def put(student: str, time: str = when) -> Path:
        folder = inbound / f"{student}+{SLUG}+{time}+x"
        folder.mkdir()
        (folder / "timestamp.txt").write_text(time)
        return folder

    notebook_as(beside=odd_files)(put("a"), right)
    (put("b") / FILE).symlink_to(course.root / "source" / SLUG / FILE)
    (inbound / f"c+{SLUG}+{when}+x").symlink_to(course.root / "source" / SLUG)
    notebook_as()(put("d", "tomorrow"), right)
    notebook_as(beside=lambda folder: (folder / "big").write_bytes(bytes(900_000)))(put("e"), right)
    notebook_as(beside=lambda folder: (folder / "data").mkdir())(put("f"), right)
    (inbound / f"f+{SLUG}+{when}+x" / "data" / "x.txt").write_text("x")
    (inbound / f"f+{SLUG}+{when}+x" / ("data/" * 100)).mkdir(parents=True)
    done = course.api().collect(SLUG)
    assert done["success"], done
    root = course.root / "submitted"
    found = {str(path.relative_to(root)) for path in root.glob("*/*/**/*") if not path.is_dir()}
    closed = {f"a/{SLUG}/closed.txt"}  # root may read it
    assert found - closed == {
        *(f"{student}/{SLUG}/{FILE}" for student in "adef"),
        *(f"{student}/{SLUG}/timestamp.txt" for student in "abef"),
        f"a/{SLUG}/kept.txt",
        f"d/{SLUG}/timestamp-unreadable.txt",
        f"f/{SLUG}/data/x.txt",
    }
    assert (root / "c" / SLUG).is_dir()
    assert "'notes.txt' in 'a+" in done["log"]
    assert "'data' in 'f+" in done["log"]
    assert course.api().collect(SLUG)["success"]  # and once more, over the same files
    course.run("gradpath", "nbgrader", "autograde", SLUG)
    points = {student: score for (student, _), score in course.points().items()}
    assert points == {"a": HONEST, "b": 0, "c": 0, "d": HONEST, "e": HONEST, "f": HONEST}
