"""A student's folder: script and notebook side by side, tests, sub-folders, gradpath.toml."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path, PurePosixPath

import pytest

from gradpath.authoring.release.archives import zip_bytes
from gradpath.authoring.release.otter_tests import public_tests
from gradpath.authoring.student_notebook import notebook_of
from gradpath.cohort.run import Run
from gradpath.course.config import read_config
from gradpath.course.master import skeleton_of, solution_of
from gradpath.course.settings import read_settings
from gradpath.course.syntax import read
from gradpath.errors import SettingsError
from gradpath.frontends.nbgrader.exporter import grade_folder
from gradpath.submissions.find import find
from gradpath.submissions.notebooks import read_cells
from gradpath.submissions.submission import Submission
from gradpath.submissions.unchanged import is_skeleton
from gradpath.worker.statements import definitions_in
from tests.conftest import SLUGS, Command, submission

SLUG = "mse_sweep"
FUNCTIONS = ("forward", "loss")


def put(folder: Path, files: dict[str, str | bytes]) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())


def untouched(slug: str = SLUG) -> dict[str, str | bytes]:
    """Return a script and a notebook as they are given to students."""
    return {f"{slug}.py": skeleton_of(slug), f"{slug}.ipynb": notebook_of(slug, FUNCTIONS)}


def edited(text: str) -> Submission:
    data = text.encode()
    return Submission("s01", SLUG, f"{SLUG}.py", len(data), lambda: data)


# Untouched files


@pytest.mark.parametrize("slug", SLUGS)
def test_what_students_are_given_is_untouched(slug: str) -> None:
    for name, content in untouched(slug).items():
        data = content if isinstance(content, bytes) else content.encode()
        assert is_skeleton(Submission("s01", slug, name, len(data), partial(bytes, data))), name
    solved = solution_of(slug).encode()
    assert not is_skeleton(Submission("s01", slug, f"{slug}.py", len(solved), lambda: solved))


SKELETON = skeleton_of(SLUG)
RAISE = '    raise NotImplementedError("forward is not written yet")\n'


@pytest.mark.parametrize(
    "text",
    [
        SKELETON.replace("\n", "\r\n"),
        SKELETON + "\n# my notes\n",
        SKELETON + "\nimport math\nscratch = 1 + 1\nprint(scratch)\n",
        SKELETON.replace('"""', '"""My own words. ', 1),
        SKELETON.replace("\n\n\n", "\n"),
        SKELETON.replace("# My prediction:", "# My prediction: at 3.5, by 2.25\n# (1.5 squared)"),
    ],
    ids=[
        "line ends",
        "a comment",
        "a few lines tried",
        "a docstring",
        "fewer empty lines",
        "guess",
    ],
)
def test_still_untouched(text: str) -> None:
    assert text != SKELETON
    assert is_skeleton(edited(text))


@pytest.mark.parametrize(
    "text",
    [
        SKELETON.replace(RAISE, "    return x * w\n"),
        SKELETON.replace(RAISE, "    pass\n"),
        SKELETON.replace("def forward(x, w)", "def forward(x, w, b=0)"),
        SKELETON + "\ndef forward(x, w):\n    return x * w\n",
        SKELETON + "\nforward = lambda x, w: x * w\n",
        SKELETON + "\nif True:\n    def forward(x, w):\n        return x * w\n",
        SKELETON + "\nfrom numpy import multiply as forward\n",
        SKELETON + "\nfrom numpy import *\n",
        SKELETON + "\n)\n",
        "x = 1\n",
        "",
    ],
    ids=[
        *("written", "begun", "signature", "again", "lambda", "nested", "imported", "all imported"),
        *("broken", "something else", "empty"),
    ],
)
def test_not_untouched(text: str) -> None:
    assert text != SKELETON
    assert not is_skeleton(edited(text))


@pytest.mark.parametrize(
    "words",
    [
        "forward(x, w) is larger at 3.5; def loss(x): the square",
        "it's larger at 3.5, since (3.5 - 2) is more than 1",
        '"""It is larger',
    ],
)
def test_words_in_the_places_for_texts_are_no_code(words: str) -> None:
    """Also where somebody forgets the comment sign in the script."""
    written = skeleton_of(SLUG, FUNCTIONS)
    notebook = notebook_of(SLUG, FUNCTIONS, solved=True).decode()
    for line in ("My prediction:", "My answer:"):
        assert f"# {line}" in written
        script = read(written.replace(f"# {line}", f"# {line}\n{words}"))
        names = [each.name for part in script.body for each in definitions_in(part)]
        assert names == list(read_settings(SLUG).points)
        filled = notebook.replace(json.dumps(f"*{line}*"), json.dumps(words))
        assert filled != notebook
        assert read_cells(filled, FUNCTIONS) == read_cells(notebook, FUNCTIONS)


SCRIPT, NOTEBOOK, COPY = f"{SLUG}.py", f"{SLUG}.ipynb", f"{SLUG} (1).py"
SOLVED = {SCRIPT: solution_of(SLUG), NOTEBOOK: notebook_of(SLUG, FUNCTIONS, solved=True)}


@pytest.mark.parametrize(
    ("changed", "chosen", "note"),
    [
        ({}, SCRIPT, ""),
        ({SCRIPT: SOLVED[SCRIPT]}, SCRIPT, ""),
        ({NOTEBOOK: SOLVED[NOTEBOOK]}, NOTEBOOK, ""),
        ({COPY: SOLVED[SCRIPT]}, COPY, f"taken for {SCRIPT}"),
        (SOLVED, SCRIPT, f"chosen among several files; not used: {NOTEBOOK}"),
        # Its student is told why, instead of getting no points for an untouched file.
        ({NOTEBOOK: "{ no json"}, NOTEBOOK, ""),
    ],
    ids=["no file", "script", "notebook", "worse name", "both", "unreadable notebook"],
)
def test_the_file_that_was_worked_on_is_chosen(
    tmp_path: Path, changed: dict[str, str | bytes], chosen: str, note: str
) -> None:
    put(tmp_path / "s01", {**untouched(), **changed})
    (only,), ignored = find([tmp_path], SLUGS)
    assert (only.file, only.note, ignored) == (f"s01/{chosen}", note, [])


def test_a_damaged_zip_beside_an_untouched_file(tmp_path: Path) -> None:
    put(tmp_path / "s01", {f"{SLUG}.py": skeleton_of(SLUG), "more.zip": b"no zip"})
    by_slug = {each.assignment: each for each in find([tmp_path], SLUGS)[0]}
    assert by_slug[SLUG].file == f"s01/{SLUG}.py"
    assert "more.zip" in by_slug[SLUG].note
    assert by_slug["rosenbrock"].file == "s01/more.zip"


# Folders and zips


def test_otters_tests_are_no_submissions(tmp_path: Path) -> None:
    """One of them is named as an assignment."""
    tests = {f"rosenbrock/{path}": data for path, data in public_tests("rosenbrock").items()}
    assert "rosenbrock/tests/rosenbrock.py" in tests
    put(tmp_path / "cohort" / "s01", {**tests, f"{SLUG}.py": "x = 1\n"})
    (tmp_path / "cohort" / "s02.zip").write_bytes(zip_bytes({**tests, f"{SLUG}.py": b"x = 1\n"}))
    submissions, ignored = find([tmp_path / "cohort"], SLUGS)
    found = [(each.student, each.assignment) for each in submissions]
    assert found == [("s01", SLUG), ("s02", SLUG)]
    assert ignored == []


def test_a_student_named_tests_keeps_their_row(tmp_path: Path) -> None:
    put(tmp_path / "tests", {"rosenbrock.py": "x = 1\n"})
    assert [each.student for each in find([tmp_path], SLUGS)[0]] == ["tests"]


@pytest.mark.parametrize(
    "paths",
    [
        ("cohort", "cohort/s01/{slug}/{slug}.py"),
        ("cohort", "cohort/s01/my course/{slug}/{slug}.py"),
        ("cohort", "cohort/{slug}/s01/{slug}.py"),
        ("cohort/s01", "cohort/s01/{slug}/{slug}.py"),
        ("cohort/s01/mse_sweep", "cohort/s01/{slug}/{slug}.py"),
        ("cohort/s01/mse_sweep/mse_sweep.py", "cohort/s01/{slug}/{slug}.py"),
    ],
)
def test_an_assignments_folder_is_no_student(tmp_path: Path, paths: tuple[str, str]) -> None:
    given, lies = paths
    put(tmp_path, {lies.format(slug=SLUG): "x = 1\n"})
    (only,), _ = find([tmp_path / given], SLUGS)
    assert (only.student, only.assignment) == ("s01", SLUG)


@pytest.mark.parametrize(
    ("zipped", "members", "students"),
    [
        ("cohort.zip", ["s01/{slug}.py", "s02/{slug}.py"], ["s01", "s02"]),
        ("cohort.zip", ["all/s01/{slug}.py", "all/s02/{slug}.py"], ["s01", "s02"]),
        ("cohort.zip", ["s01/{slug}/{slug}.py", "s02/{slug}/{slug}.py"], ["s01", "s02"]),
        ("cohort.zip", ["s01/my work/{slug}.py", "s02/{slug}.py"], ["s01", "s02"]),
        ("cohort.zip", ["s01/{slug}.py"], ["s01"]),
        ("s01.zip", ["{slug}/{slug}.py"], ["s01"]),
        ("s01.zip", ["{slug}.py"], ["s01"]),
        ("in/s01.zip", ["my work/{slug}.py"], ["s01"]),
        ("in/s01.zip", ["my work/{slug}/{slug}.py"], ["s01"]),
        ("in/s01/any.zip", ["s02/{slug}.py"], ["s01"]),
        ("in/s01/any.zip", ["s02/{slug}.py", "s03/{slug}.py"], ["s01"]),
        ("in/group.zip", ["s01/{slug}.py", "s02/{slug}.py"], ["s01", "s02"]),
    ],
)
def test_whose_a_file_in_a_zip_is(
    tmp_path: Path, zipped: str, members: list[str], students: list[str]
) -> None:
    data = zip_bytes({member.format(slug=SLUG): b"x = 1\n" for member in members})
    put(tmp_path, {zipped: data})
    given = tmp_path / (zipped if "/" not in zipped else "in")
    assert [each.student for each in find([given], SLUGS)[0]] == students


@pytest.mark.parametrize(
    ("members", "students"),
    [
        (["s01.zip", "s02.zip"], ["s01", "s02"]),
        (["all/s01.zip", "all/s02.zip"], ["s01", "s02"]),
        (["s01/work.zip", "s02/work.zip"], ["s01", "s02"]),
    ],
)
def test_whose_a_zip_in_a_zip_is(tmp_path: Path, members: list[str], students: list[str]) -> None:
    inner = zip_bytes({f"my work/{SLUG}.py": b"x = 1\n"})
    put(tmp_path, {"cohort.zip": zip_bytes(dict.fromkeys(members, inner))})
    assert [each.student for each in find([tmp_path / "cohort.zip"], SLUGS)[0]] == students


# Cells that are not graded


def test_cells_that_otter_ignores_are_not_graded_and_keep_their_number() -> None:
    def cell(source: str, *tags: str) -> dict[str, object]:
        return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}

    odd: dict[str, object] = {"cell_type": "code", "source": "z = 3", "metadata": {"tags": "x"}}
    cells = [cell("x = 1"), cell("import otter", "otter_ignore"), cell("y = 2", "other"), odd]
    read, _ = read_cells(json.dumps({"cells": cells}))
    assert [(each.name, each.text) for each in read] == [
        *(("cell 1", "x = 1"), ("cell 3", "y = 2"), ("cell 4", "z = 3"))
    ]


@pytest.mark.parametrize("tags", [True, False], ids=["tagged", "tags lost"])
def test_cells_that_check_change_no_grade(tags: bool, whole_run: Run, tmp_path: Path) -> None:
    """Neither in gradpath nor in nbgrader, and not where a program has left their tags out."""
    slug = "hand_gradients"
    functions = [PurePosixPath(path).stem for path in public_tests(slug)]
    mistake = (b"2 * x * (predict(x, w) - y)", b"x * (predict(x, w) - y)")
    plain = notebook_of(slug, solved=True).replace(*mistake)
    notebook = json.loads(notebook_of(slug, functions, solved=True).replace(*mistake))
    added = [cell for cell in notebook["cells"] if cell["metadata"].pop("tags", None)]
    assert len(added) == len(functions) + 3
    for cell in added if tags else ():
        cell["metadata"]["tags"] = ["otter_ignore"]
    data = json.dumps(notebook)
    graded = [whole_run.grade(submission(slug, each, f"{slug}.ipynb")) for each in (plain, data)]
    put(tmp_path, {f"{slug}.ipynb": data})
    graded.append(grade_folder(whole_run, tmp_path, slug, "s01"))
    for each in graded[1:]:
        assert each.result.checks == graded[0].result.checks
        note = "" if tags else "imports gradpath, which this assignment does not need"
        assert each.result.message == note
    assert 0 < graded[0].result.score < 10


# gradpath.toml and `gradpath check`


def test_the_file_names_the_assignments_of_the_course(tmp_path: Path) -> None:
    assert read_config(tmp_path).check.assignments is None
    path = tmp_path / "gradpath.toml"
    path.write_text('secret = "x"\n')
    assert read_config(tmp_path).check.assignments is None
    path.write_text('[check]\nassignments = ["rosenbrock", "mse_sweep"]\n')
    assert read_config(tmp_path).check.assignments == ("rosenbrock", "mse_sweep")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[check]\nassignments = ["rosenbrok"]\n', "no assignment 'rosenbrok'"),
        ('[check]\nassignments = "rosenbrock"\n', "in [check]"),
        ("[check]\nassigments = []\n", "assigments"),
        ("check = 1\n", "in [check]"),
        ('[release]\npackages = "packages folder"\n', "is to be an address such as https://"),
        ('[release]\npackages = "https://x.org/{y}"\n', "is to be an address such as https://"),
        ("[check\n", "gradpath.toml"),
    ],
)
def test_a_wrong_file_is_one_line(gradpath: Command, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "gradpath.toml").write_text(text)
    with pytest.raises(SettingsError):
        read_config(tmp_path)
    done = gradpath("check")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_check_in_the_folder_of_a_course(gradpath: Command, tmp_path: Path) -> None:
    """Files that are begun are checked, others named; sub-folders and notebooks are found."""
    files: dict[str, str | bytes] = {
        f"{slug}/{name}": data
        for slug in ("mse_sweep", "rosenbrock", "hidden_layer")
        for name, data in {**untouched(slug), **public_tests(slug)}.items()
    }
    files["mse_sweep/mse_sweep.ipynb"] = notebook_of("mse_sweep", FUNCTIONS, solved=True)
    files["gradpath.toml"] = (
        '[check]\nassignments = ["mse_sweep", "rosenbrock", "linear_regression"]\n'
    )
    put(tmp_path, files)
    done = gradpath("check")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "mse_sweep.ipynb: MSE sweep: how the loss depends on one weight"
    assert lines[-3:] == [
        *("", "No file here for: linear_regression", "Nothing is written yet in: rosenbrock"),
    ]
    assert done.stdout.count(" public points (") == 1
    assert "Note: " not in done.stdout
    assert "hidden_layer" not in done.stdout

    done = gradpath("check", cwd=tmp_path / "mse_sweep")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("mse_sweep.ipynb: ")
    assert "No file here" not in done.stdout

    # A file that is named is checked, beside any others.
    done = gradpath("check", "mse_sweep.py", cwd=tmp_path / "mse_sweep")
    assert done.returncode == 1
    assert " 0 of " in done.stdout


@pytest.mark.slow
def test_check_of_a_folder_that_is_named(gradpath: Command, tmp_path: Path) -> None:
    put(tmp_path / SLUG, {**untouched(), **public_tests(SLUG), "helpers.py": "x = 1\n"})
    (tmp_path / SLUG / f"{SLUG}.py").write_text(solution_of(SLUG))
    done = gradpath("check", SLUG)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{SLUG}.py: ")
