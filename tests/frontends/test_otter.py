"""The otter front end, with the real otter: the same points and hints as from `gradpath grade`."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from gradpath.authoring.release.otter_tests import public_tests
from gradpath.cohort.run import Run
from gradpath.course.config import CHOICES, FeedbackSettings, Hidden
from gradpath.course.load import load
from gradpath.course.master import skeleton_of, solution_of
from gradpath.frontends.otter import container, stub
from gradpath.frontends.otter.gradescope import results_json
from gradpath.grading.results import CheckResult, Result, function_of, score_of
from gradpath.student.session import definitions
from gradpath.submissions.find import find_one
from tests.conftest import submission
from tests.support import demo_cohort, otter_attacks
from tests.support.otter_box import (
    Box,
    grade_in_box,
    otter,
    run_like_the_command,
    two_at_once,
    zip_of,
)
from tests.support.shared import Demo

pytestmark = pytest.mark.stock

SLUG = "hand_gradients"


def mistake(name: str) -> str:
    """Return a solution with one known mistake."""
    return demo_cohort.mistakes(SLUG, name).decode()


def notebook(*cells: str, kernel: str = "python3") -> str:
    """Return a notebook with these code cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": kernel, "display_name": "Python 3", "language": "python"}
    return str(nbformat.writes(made))


def cells_of(text: str) -> list[str]:
    """Cut a script into cells, one for each function."""
    return text.split("\n\n\n")


# What is handed in is graded as by `gradpath grade`


def by_function(result: Result) -> dict[str, float]:
    """Return the points of each function; a file that cannot be read has 0 everywhere."""
    functions = load(result.assignment).functions
    return {function: score_of(result, function)[0] for function in functions}


def test_otter_run_gives_the_points_of_gradpath_grade(demo: Demo, tmp_path: Path) -> None:
    """With torch and without, and a file that cannot be read, all in one process.

    What one submission left behind would show in the next. Every kind of result is graded by `otter
    grade` in tests/frontends/test_otter_docker.py.
    """
    chosen = {
        (handed_in.assignment, result.status): (handed_in, result)
        for handed_in, result in demo.few
        if handed_in.assignment in ("hidden_layer", "mse_sweep") or result.status == "unreadable"
    }
    assert {status for _, status in chosen} == {"graded", "unreadable"}
    for number, (handed_in, result) in enumerate(chosen.values()):
        zip_path = tmp_path / f"{number}.zip"
        zip_path.write_bytes(zip_of(handed_in.assignment))
        file = tmp_path / str(number) / f"{handed_in.student}{Path(handed_in.file).suffix}"
        file.parent.mkdir()
        file.write_bytes(handed_in.read_bytes())
        seen = run_like_the_command(zip_path, file)
        scores = {test["name"]: test["score"] for test in seen["tests"] if "score" in test}
        assert scores == pytest.approx(by_function(result)), (handed_in.student, handed_in.file)
        assert sum(scores.values()) == pytest.approx(result.score)


@pytest.mark.quick
def test_the_command_otter_run_writes_the_same(tmp_path: Path, whole_run: Run) -> None:
    wrong = mistake("loss-before-update")
    (tmp_path / "s01.py").write_text(wrong)
    (tmp_path / "autograder.zip").write_bytes(zip_of(SLUG))
    done = otter("run", "-o", tmp_path, "s01.py", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    tests = json.loads((tmp_path / "results.json").read_bytes())["tests"]
    scores = {test["name"]: test["score"] for test in tests if "score" in test}
    assert scores == by_function(whole_run.grade(submission(SLUG, wrong)).result)
    (train,) = [test["output"] for test in tests if test["name"] == "train"]
    assert "Hint (loss-before-update)" in train


# What Gradescope shows


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """A submission with one known mistake, graded as in the container."""
    root = tmp_path_factory.mktemp("box") / "autograder"
    return grade_in_box(root, SLUG, {"s01.py": mistake("loss-before-update")})


def test_gradescope_shows_each_check_with_title_points_and_hint(box: Box, whole_run: Run) -> None:
    result = whole_run.grade(submission(SLUG, mistake("loss-before-update"))).result
    assert box.status == 0, box.log
    assert box.score == result.score
    tests = [test for test in box.shown["tests"] if test["visibility"] != "hidden"]
    shown = {test["name"]: test for test in tests}
    assert len(shown) == len(tests) == len(result.checks) + 1  # and the picture
    for check in result.checks:
        entry = shown[f"{function_of(check)}: {check.title}"]
        assert (entry["score"], entry["max_score"]) == (check.points, check.max_points)
        hidden = check.visibility == "hidden"
        assert entry["visibility"] == ("after_due_date" if hidden else "visible")
        if check.outcome != "passed":
            said = check.message.splitlines()[0]
            assert (said in entry["output"]) == (not hidden)
            assert f"Hint ({check.misconceptions[0]}): " in entry["output"]
    assert box.shown["tests"][-1]["output"].startswith('<img src="data:image/png;base64,')


def test_otter_sees_a_stub_and_shows_the_same_points(box: Box) -> None:
    assert (box.root / "submission" / "s01.py").read_text().startswith("# The submission is graded")
    assert "Total Score: 7.000 / 10.000" in box.log
    assert (box.root / "results" / "results.pkl").stat().st_size > 0


def test_instructors_choose_what_is_seen_of_hidden_checks(tmp_path: Path) -> None:
    """With the settings of the zip; every choice is tested below, without a box."""
    feedback = FeedbackSettings("names", "names")
    box = grade_in_box(tmp_path / "a", SLUG, {"s01.py": mistake("loss-before-update")}, feedback)
    titles = [c.title for c in load(SLUG).checks if c.visibility == "hidden"]
    visible = [test for test in box.shown["tests"] if test["visibility"] == "visible"]
    named = [test for test in visible if test["name"].partition(": ")[2] in titles]
    assert box.score == 7.0
    assert len(named) == len(titles)
    assert not any("score" in test or "expected" in test["output"] for test in named)


@pytest.mark.parametrize("after", CHOICES)
@pytest.mark.parametrize("before", CHOICES)
def test_gradescope_shows_no_more_than_was_chosen(before: Hidden, after: Hidden) -> None:
    check = CheckResult("f.x", "title", "hidden", 0.0, 1.0, "failed", "the numbers", [], None)
    result = Result(SLUG, "s01", "f.py", 0.0, 1.0, "graded", [check], "")
    tests = results_json(result, None, FeedbackSettings(before, after))["tests"]
    parts = {
        visibility: [test for test in tests if test["visibility"] == visibility]
        for visibility in ("visible", "after_due_date", "hidden")
    }
    silent = ("none", "points")  # the total is Gradescope's to show
    assert len(parts["visible"]) == (before not in silent)
    assert len(parts["after_due_date"]) == (after not in (*silent, before))
    for choice, entries in ((before, parts["visible"]), (after, parts["after_due_date"])):
        for entry in entries:
            assert "the numbers" not in entry["output"]
            assert ("not what is asked for" in entry["output"]) == (choice == "all")
            assert ("score" in entry) == (choice != "names")
    assert any("the numbers" in test["output"] for test in tests)  # staff see all of it


def _outcomes(*outcomes: Any, visibility: Any = "public") -> Result:
    checks = [
        CheckResult(f"f.{n}", f"check {n}", visibility, 0.0, 1.0, outcome, "", [], None)
        for n, outcome in enumerate(outcomes)
    ]
    return Result(SLUG, "s01", "f.py", 0.0, 3.0, "graded", checks)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (("failed", "raised", "passed"), ("passed", "passed", "passed"), "2 checks more than last"),
        (("passed", "failed"), ("failed", "passed"), "1 check that passed last time, and not now"),
        (("passed", "failed"), ("passed", "failed"), "as many checks as last time"),
        (("passed",), ("passed", "passed"), "as many checks as last time"),
    ],
)
def test_gradescope_says_what_is_better_than_last_time(before: Any, now: Any, said: str) -> None:
    last = results_json(_outcomes(*before), None, FeedbackSettings())
    metadata = {"previous_submissions": [{"results": {}}, {"results": last}]}
    shown = results_json(_outcomes(*now), None, FeedbackSettings(), metadata=metadata)
    assert said in shown["output"]
    # Nothing is said of checks that a student does not see yet.
    hidden = results_json(
        _outcomes(*now, visibility="hidden"), None, FeedbackSettings(), metadata=metadata
    )
    assert "output" not in hidden


@pytest.mark.parametrize(
    "metadata",
    [
        *(None, 3, [], {}, {"previous_submissions": []}, {"previous_submissions": [{}]}),
        {"previous_submissions": [{"results": {"tests": [3]}}]},
        {"previous_submissions": [{"results": {"tests": [{"visibility": "visible"}]}}]},
    ],
)
def test_metadata_of_another_form_costs_nothing(metadata: Any) -> None:
    shown = results_json(_outcomes("passed"), None, FeedbackSettings(), metadata=metadata)
    assert "output" not in shown
    assert set(shown["extra_data"]) == {"gradpath", "isolation"}


def _user(due: object) -> dict[str, object]:
    return {"email": "s01@example.org", "id": 1, "name": "s01", "assignment": {"due_date": due}}


@pytest.mark.parametrize(
    ("created", "users", "late"),
    [
        ("2026-11-20T14:59:59.5-08:00", [], 0),
        ("2026-11-20T16:00:00.000000-08:00", [], 3600),
        ("2026-11-21T01:00:00+01:00", [{"id": 1}], 3600),
        ("2026-11-20T16:00:00.000000-08:00", [_user("2026-11-21T15:00:00.000000-08:00")], 0),
        ("2026-11-20T16:00:00-08:00", [_user(None), _user("2026-11-20T15:30:00-08:00")], 1800),
        ("2026-11-20T16:00:00", [], None),
        ("yesterday", [], None),
        (None, [3], None),
    ],
)
def test_an_extension_is_a_later_due_date_of_the_student(
    created: str | None, users: list[object], late: int | None
) -> None:
    due = {"due_date": "2026-11-20T15:00:00.000000-08:00", "late_due_date": None}
    metadata = {"created_at": created, "assignment": due, "users": users}
    shown = results_json(_outcomes("passed"), None, FeedbackSettings(), metadata=metadata)
    assert shown["extra_data"].get("seconds_late") == late


def test_gradescopes_entries_are_numbered_and_timed() -> None:
    checks = [_check.id for _check in load(SLUG).checks]
    result = Result(
        SLUG,
        "s01",
        "f.py",
        0.0,
        3.0,
        "graded",
        [CheckResult(name, name, "public", 0.0, 1.0, "passed", "", [], None) for name in checks],
    )
    shown = results_json(result, None, FeedbackSettings(), seconds=1.23456)
    assert shown["execution_time"] == 1.23
    numbers = [(test["number"], test["tags"]) for test in shown["tests"]]
    assert numbers[:3] == [("1.1", ["predict"]), ("1.2", ["predict"]), ("2.1", ["loss"])]
    assert len({number for number, _ in numbers}) == len(checks)


def test_the_reason_stands_once_where_nothing_can_be_graded() -> None:
    result = Result(SLUG, "s01", "f.py", 0.0, 10.0, "unreadable", [], "the file is empty")
    shown = results_json(result, None, FeedbackSettings())
    assert str(shown).count("the file is empty") == 1
    assert len(shown["tests"]) == 1


# A few of each sort: tests/submissions has all the reasons.
BROKEN: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a syntax error": ({"s01.py": "def predict(x, w)\n    return x"}, "syntax error"),
    "two files": ({"a.py": "x = 1", "b.py": "x = 1"}, "what was handed in: a.py, b.py"),
}


def test_files_that_tell_answers_are_for_root_alone_in_an_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ("assignments/a/hidden.py", "coursework/solutions/a.py", "locale/zh/staff/a.po")
    for name in (*answers, "locale/zh/a.po"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr("gradpath.__file__", str(tmp_path / "__init__.py"))
    container.prepare()
    for name in answers:
        around = [tmp_path / name, *(tmp_path / name).parents[:2]]
        assert any(path.stat().st_mode & 0o077 == 0 for path in around), name
    assert (tmp_path / "locale/zh/a.po").stat().st_mode & 0o044


def test_every_submission_gets_a_row_with_a_reason(tmp_path: Path) -> None:
    def run(item: tuple[int, tuple[dict[str, str | bytes], str]]) -> Box:
        return grade_in_box(tmp_path / str(item[0]), SLUG, item[1][0])

    with two_at_once() as pool:
        boxes = list(pool.map(run, enumerate(BROKEN.values())))
    for name, (_, words), box in zip(BROKEN, BROKEN.values(), boxes, strict=True):
        assert box.status == 0, (name, box.log)
        assert box.score == 0, name
        assert words in box.shown["output"], name
        assert (box.root / "results" / "results.pkl").stat().st_size > 0, name


def test_a_zip_is_graded_in_a_box(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("work/hand_gradients.py", solution_of(SLUG))
    box = grade_in_box(tmp_path, SLUG, {"s01.zip": packed.getvalue()})
    assert box.score == 10.0, box.log


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"hand_gradients.py": None, "notes.py": b"x = 1", "run.png": b"\x89PNG"}, 10.0),
        ({"Hand_Gradients (1).ipynb": None}, 10.0),
        ({"work/hand_gradients.py": None}, 10.0),
        ({}, "there is no file named hand_gradients.py"),
        ({"s01.py": b"\xff\xfe\x00x"}, "none of this assignment's functions"),
    ],
    ids=["beside others", "a notebook", "in a folder", "nothing", "no Python"],
)
def test_a_file_is_found_and_a_stub_is_in_its_place(
    files: dict[str, bytes | None], found: float | str, tmp_path: Path, whole_run: Run
) -> None:
    """As before otter starts; None stands for a solution. Other tests have whole boxes."""
    right = solution_of(SLUG)
    for name, data in files.items():
        solved = notebook(*cells_of(right)) if name.endswith(".ipynb") else right
        path = tmp_path / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(solved.encode() if data is None else data)
    (tmp_path / "submission").mkdir(exist_ok=True)
    stub.move_away(tmp_path / "submission", tmp_path / "private")
    (left,) = (tmp_path / "submission").iterdir()
    assert left.read_bytes() == stub.stub(left.suffix)
    chosen = find_one(tmp_path / "private", SLUG)
    result = None if isinstance(chosen, str) else whole_run.grade(chosen).result
    if isinstance(found, str):
        assert found in (result.message if result else str(chosen))
    else:
        assert result is not None
        assert result.score == found


# Attacks


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as `/autograder` is; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="otter-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_no_attack_scores_or_loses_a_row(open_folder: Path, tmp_path: Path) -> None:
    """What gives full marks in an ordinary otter zip; see tests/support/otter_attacks."""
    sentinel = tmp_path / "sentinel"

    handed_in = otter_attacks.submissions()
    assert {name for names in handed_in for name in names} == otter_attacks.ATTACKS.keys()

    def run(item: tuple[int, tuple[str, ...]]) -> Box:
        root = open_folder / str(item[0])
        text = otter_attacks.submission(item[1], str(root), str(sentinel))
        return grade_in_box(root, SLUG, {"s01.py": text})

    with two_at_once() as pool:
        boxes = dict(zip(handed_in, pool.map(run, enumerate(handed_in)), strict=True))
    for name, box in boxes.items():
        assert box.status == 0, (name, box.log)
        assert box.score == otter_attacks.HONEST, name
        assert box.shown["tests"], name
        for_students = [test for test in box.shown["tests"] if test["visibility"] != "hidden"]
        stock = sum(test.get("max_score", 0) for test in for_students)
        assert stock == pytest.approx(10.0), name
        assert f"Total Score: {box.score:.3f} / 10.000" in box.log, name
    assert not sentinel.exists()
    after = grade_in_box(tmp_path / "after", SLUG, {"s02.py": solution_of(SLUG)})
    assert after.score == 10.0


# Students: `otter check` and a notebook


@pytest.fixture
def student(tmp_path: Path) -> Path:
    """A student's folder of one assignment, with otter's public tests."""
    for path, data in public_tests(SLUG).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("kind", ["py", "ipynb"])
def test_otter_check_gives_the_hints_of_gradpath_check(
    student: Path, kind: str, whole_run: Run
) -> None:
    wrong = mistake("loss-before-update")
    text = wrong if kind == "py" else notebook(*cells_of(wrong))
    (student / f"{SLUG}.{kind}").write_text(text)
    done = otter("check", f"{SLUG}.{kind}", cwd=student)
    assert done.returncode == 0, done.stderr
    assert "predict results: All test cases passed!" in done.stdout
    result = whole_run.grade(submission(SLUG, wrong)).result
    (expected,) = [check for check in result.checks if check.id == "train.documented"]
    observed, hint = expected.message.split("\nHint: ")
    assert observed in done.stdout
    assert f"Hint (loss-before-update): {hint}" in done.stdout
    # The reason comes first, without the line of our test file.
    assert re.search(rf"❌ Test case failed\n +{re.escape(observed[:40])}", done.stdout), (
        done.stdout
    )
    assert "Error at line" not in done.stdout


def test_otter_check_is_satisfied_with_a_solution(student: Path) -> None:
    (student / f"{SLUG}.py").write_text(solution_of(SLUG))
    assert otter("check", f"{SLUG}.py", cwd=student).stdout.strip() == "All tests passed!"


def test_otter_check_of_a_skeleton_says_what_is_not_written(student: Path) -> None:
    (student / f"{SLUG}.py").write_text(skeleton_of(SLUG))
    done = otter("check", f"{SLUG}.py", cwd=student)
    assert done.returncode == 0, done.stderr
    assert "not written yet" in done.stdout


def test_a_notebook_is_checked_as_it_was_run(student: Path) -> None:
    """Cells that were changed and run again count as they are now, saved or not."""
    cells = [
        "import otter\ngrader = otter.Notebook(tests_dir='tests')",
        *cells_of(mistake("loss-before-update")),
        "print(grader.check('train'))",
        *cells_of(solution_of(SLUG)),
        "print(grader.check('train'))",
    ]
    made = nbformat.reads(notebook(*cells), as_version=4)
    NotebookClient(made, resources={"metadata": {"path": str(student)}}).execute()
    printed = [
        "".join(output.get("text", "") for output in cell.outputs if output.name == "stdout")
        for cell in made.cells
        if "check(" in cell.source
    ]
    assert "Hint (loss-before-update)" in printed[0]
    assert "Error at line" not in printed[0]
    assert printed[1].strip() == "train results: All test cases passed!"


@pytest.mark.quick
def test_a_session_is_reduced_to_what_it_defines() -> None:
    cells = [
        "import torch\nimport otter\ngrader = otter.Notebook()",
        "xs = [1.0, 2.0]\nn = len(xs)\nwhile True:\n    pass",
        "def train(xs):\n    return xs\n\nrecord = train(xs)\nlosses = record[0]",
        "@staticmethod\ndef other():\n    pass\nprint(other)",
        "def broken(:",
    ]
    assert [cell.strip() for cell in definitions(cells)] == [
        "import torch",
        "xs = [1.0, 2.0]\nn = len(xs)",
        "def train(xs):\n    return xs",
        "@staticmethod\ndef other():\n    pass",
        "",
    ]
    assert definitions(cells)[1].splitlines()[0] == "xs = [1.0, 2.0]"
