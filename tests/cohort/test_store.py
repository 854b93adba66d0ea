"""The store: kept results, their keys, and the messages when it cannot be used."""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from gradpath.cohort import grade as grade_folder
from gradpath.cohort.checkpoint import Cohort
from gradpath.cohort.keys import Keys, content_of
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.store import NAME, SCHEMA, Store
from gradpath.errors import GradpathError
from gradpath.grading.results import GRADER_FAILED, Result
from gradpath.submissions.submission import Submission
from tests.conftest import ROOT, Command, submission
from tests.support.stored_runs import (
    SECRET,
    SLUG,
    grade,
    one_line,
    taken_over,
    write_cohort,
    written,
)

REQUEST = GradeRequest((Path("cohort"),), Path("out"), secret=SECRET)


def cohort_of(store: Store, submissions: Sequence[Submission], level: str = "D") -> Cohort:
    """Return a cohort that is graded under SECRET."""
    keys = Keys(SECRET, store.salt, "fingerprint", public_only=False)
    return Cohort(store, submissions, keys, level)


def result_of(each: Submission, message: str = "") -> Result:
    status: Literal["graded", "unreadable"] = "unreadable" if message else "graded"
    return Result(each.assignment, each.student, each.file, 5.0, 10.0, status, [], message, "D")


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cohort of three that has been graded into `out`; nobody writes into it."""
    folder = tmp_path_factory.mktemp("few")
    write_cohort(folder / "cohort", 3)
    done = grade("cohort", "--out", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def few(graded_once: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return shutil.copytree(graded_once, tmp_path, dirs_exist_ok=True)


def test_what_has_not_changed_is_not_graded_again(
    few: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(few / "out")
    (few / "cohort" / "s001" / f"{SLUG}.py").touch()
    monkeypatch.chdir(few)

    def no_run(*words: object, **more: object) -> None:
        raise AssertionError("a zygote was started")

    with monkeypatch.context() as without:
        without.setattr(grade_folder, "Run", no_run)
        told: list[int] = []
        tell = grade_folder.Callbacks(taken_over=told.append)
        grade_folder.grade(REQUEST, tell)
    assert told == [3]
    assert written(few / "out") == before
    assert not list((few / "out").glob("*-wal"))

    # One changed, one came, one went: only new submissions are graded.
    shutil.copytree(few / "cohort" / "s002", few / "cohort" / "s005")
    shutil.rmtree(few / "cohort" / "s000")
    (few / "cohort" / "s002" / f"{SLUG}.py").write_text("x = 1\n")
    assert grade("cohort", "--out", "out", cwd=few).returncode == 0
    assert grade("cohort", "--out", "out", "--fresh", cwd=few).returncode == 0
    assert grade("cohort", "--out", "out", "--public", cwd=few).returncode == 0
    assert grade("cohort", "--out", "out", cwd=few, GRADPATH_SECRET="another").returncode == 0
    assert grade("cohort", "--out", "out", cwd=few).returncode == 0
    assert taken_over(few / "out") == [0, 3, 1, 0, 0, 0, 3]


def test_pages_and_reports_are_in_the_language_of_the_run(
    few: Path, in_process: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(few)
    for code in ("zh", "en"):
        assert grade("cohort", "--out", "out", "--language", code, cwd=few).returncode == 0
        assert in_process("feedback", "out", "--student", "s000", "--jobs", "1").returncode == 0
        assert in_process("report", "out").returncode == 0
        for path in ("report.html", f"feedback/s000/{SLUG}.html"):
            assert f'<html lang="{code}"' in (few / "out" / path).read_text("utf-8"), path


def test_files_that_only_their_owner_reads(few: Path) -> None:
    for name in (NAME, "grade.log"):
        assert (few / "out" / name).stat().st_mode & 0o777 == 0o600
    for path in (few / "out").iterdir():
        assert SECRET.encode() not in path.read_bytes()


def test_a_request_goes_through_json_and_its_record_has_no_secret() -> None:
    request = GradeRequest((Path("s01\udcff"),), Path("out"), Path("/"), ("a",), secret=SECRET)
    assert GradeRequest.from_json(request.to_json()) == request
    record = GradeRequest.from_json(request.to_record())
    assert (record.paths, record.secret) == ((Path("s01\udcff").absolute(),), "")


def test_a_key_depends_on_everything() -> None:
    one = submission(SLUG, "x = 1\n")
    content = content_of(one)
    assert content is not None

    def key(
        each: Submission = one,
        content: bytes = content,
        level: str = "A",
        secret: str = SECRET,
        salt: bytes = b"salt",
        grader: str = "g",
        public_only: bool = False,
    ) -> bytes:
        return Keys(secret, salt, grader, public_only=public_only).of(each, content, level)

    assert key() == key()
    other = submission(SLUG, "x = 2\n")
    keys = [
        key(),
        key(content=content_of(other) or b""),
        key(dataclasses.replace(one, student="s02")),
        key(dataclasses.replace(one, assignment="rosenbrock")),
        key(dataclasses.replace(one, file="other.py")),
        key(dataclasses.replace(one, note="noticed")),
        key(dataclasses.replace(one, student="s01m", assignment="se_sweep")),
        key(level="B"),
        key(secret="another"),
        key(salt=b"tlas"),
        key(grader="h"),
        key(public_only=True),
    ]
    assert len(set(keys)) == len(keys)


def test_what_cannot_be_read_has_no_key() -> None:
    def fails() -> bytes:
        raise OSError

    assert content_of(dataclasses.replace(submission(SLUG, ""), read_bytes=fails)) is None
    assert content_of(dataclasses.replace(submission(SLUG, ""), size=10**10)) is None


def test_what_is_not_kept(tmp_path: Path) -> None:
    """A failure of the grader's own, and a result of a file that has changed under its hands."""
    data = [b"x = 1\n"] * 3
    made = [
        Submission(f"s0{number}", SLUG, "a.py", 6, partial(data.__getitem__, number))
        for number in range(3)
    ]
    with Store(tmp_path) as store:
        cohort = cohort_of(store, made)
        cohort.begin(REQUEST)
        data[2] = b"x = 2\n"
        for each, message in zip(made, ("syntax error", GRADER_FAILED, ""), strict=True):
            cohort.keep(result_of(each, message))
        assert not cohort.left()
        assert cohort.stored == 1
        again, run = cohort_of(store, made), store.last_run()
        assert run is not None
        assert again.take_over() == 1
        assert [each.student for each in again.left()] == ["s01", "s02"]
        assert again.changed_since(run).startswith("submissions")


def test_a_result_is_kept_under_the_level_that_it_was_graded_at(tmp_path: Path) -> None:
    one = submission(SLUG, "x = 1\n")
    with Store(tmp_path) as store:
        cohort = cohort_of(store, [one], "A")
        cohort.begin(REQUEST)
        cohort.keep(result_of(one))
        assert cohort.take_over() == 0
        assert cohort_of(store, [one]).take_over() == 1


def test_fresh_forgets_before_it_grades(tmp_path: Path) -> None:
    """So that such a run, interrupted and continued, takes nothing over that is older than it."""
    one, two = submission(SLUG, "x = 1\n"), submission("rosenbrock", "x = 1\n")
    with Store(tmp_path) as store:
        both = cohort_of(store, [one, two])
        both.begin(REQUEST)
        both.keep(result_of(one))
        both.keep(result_of(two))
        cohort_of(store, [one]).begin(msgspec.structs.replace(REQUEST, fresh=True))
    with Store(tmp_path) as store:
        again = cohort_of(store, [one, two])
        assert again.take_over() == 1
        assert again.left() == [one]


def overwrite(path: Path, start: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(data)


def execute(path: Path, statement: str) -> None:
    database = sqlite3.connect(path)
    database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(b"no database" * 1000), "is damaged; delete it"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "is damaged; delete it"),
        (lambda path: overwrite(path, 4096, b"\xff" * 9000), "is damaged; delete it"),
        (lambda path: execute(path, "DROP TABLE result"), "is damaged; delete it"),
        (lambda path: execute(path, "UPDATE result SET json = x'00'"), "is damaged; delete it"),
        (
            lambda path: execute(path, f"PRAGMA user_version = {SCHEMA + 1}"),
            "another version of gradpath",
        ),
    ],
)
def test_a_store_that_cannot_be_used(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    made = [submission(SLUG, "x = 1\n"), submission("rosenbrock", "x = 1\n" * 1000)]

    def run() -> int:
        with Store(tmp_path) as store:
            cohort = cohort_of(store, made)
            cohort.begin(REQUEST)
            taken = cohort.take_over()
            for each in cohort.left():
                cohort.keep(result_of(each, "x" * 3000))
            return taken

    assert [run(), run()] == [0, 2]
    path = tmp_path / NAME
    spoil(path)
    with pytest.raises(GradpathError, match=says) as caught:
        run()
    assert str(path) in str(caught.value)
    path.unlink()
    assert [run(), run()] == [0, 2]


def test_a_damaged_store_is_one_line(few: Path) -> None:
    before = written(few / "out")
    (few / "out" / NAME).write_bytes(b"no database" * 1000)
    for words in (["cohort"], ["--resume"]):
        said = one_line(grade(*words, "--out", "out", cwd=few))
        assert f"out/{NAME} is damaged; delete it" in said
    assert written(few / "out") == before


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    """The store of a grader that is killed between making the file and the first table."""
    (tmp_path / NAME).touch()
    with Store(tmp_path) as store:
        assert store.last_run() is None


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(GradpathError, match="cannot be written"):
        Store(tmp_path)


def test_the_log_is_one_line_for_each_event(tmp_path: Path) -> None:
    with OutFolder(tmp_path) as folder:
        folder.log("problem", "s01\n\x1b[2J\u202e\u2028\udcff of s02")
        with pytest.raises(GradpathError, match="another gradpath grade is at work"):
            OutFolder(tmp_path)
    left_behind = tmp_path / ".results.jsonl.x1y2z3_4"
    left_behind.touch()
    with OutFolder(tmp_path):
        assert not left_behind.exists()
    (line,) = (tmp_path / "grade.log").read_text().splitlines()
    assert line.partition(" ")[2] == "problem: s01??[2J??? of s02"


DRAWS = """
import matplotlib.pyplot as plt


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax
"""


@pytest.fixture
def copied_course(tmp_path: Path) -> Path:
    """A copy of the package and the course, which may be changed."""
    for name in ("assignments", "solutions", "autograder"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "course" / name, ignore=ignore)
    return tmp_path / "course"


@pytest.mark.slow
def test_regrade_shows_who_would_gain_or_lose(copied_course: Path, tmp_path: Path) -> None:
    """Points move from drawing to `forward`."""
    for student, text in {
        "s01": "def forward(x, w):\n    return x * w\n",
        "s02": DRAWS,
        "s03": f"def forward(x, w):\n    return x * w\n{DRAWS}",
        "s04": "def forward(x, w)\n",
        "s05": "",
        "=s06": DRAWS,
        "s07": DRAWS,
    }.items():
        (tmp_path / "cohort" / student).mkdir(parents=True)
        (tmp_path / "cohort" / student / f"{SLUG}.py").write_text(text)
    nothing = one_line(grade("cohort", "--out", "out", "--regrade", cwd=tmp_path))
    assert "no out/results.jsonl to compare with" in nothing
    assert grade("cohort", "--out", "out", cwd=tmp_path).returncode == 0
    (tmp_path / "cohort" / "s07").rename(tmp_path / "cohort" / "s08")
    before = written(tmp_path / "out")
    settings = copied_course / "autograder/gradpath/assignments" / SLUG / "settings.toml"
    text = settings.read_text()
    for old, new in (("forward = 1.0", "forward = 1.75"), ("sweep = 1.5", "sweep = 0.75")):
        assert old in text
        text = text.replace(old, new)
    settings.write_text(text)
    there = {"PYTHONPATH": str(copied_course / "autograder")}

    done = grade("cohort", "--out", "out", "--regrade", cwd=tmp_path, **there)
    assert done.returncode == 0, done.stderr
    assert written(tmp_path / "out") == before
    rows = list(csv.reader((tmp_path / "out" / "regrade.csv").read_text().splitlines()))
    assert [row[:5] for row in rows] == [
        ["student", "assignment", "change", "old", "new"],
        ["'=s06", SLUG, "loses", "1.5", "0.75"],
        ["s01", SLUG, "gains", "1", "1.75"],
        ["s02", SLUG, "loses", "1.5", "0.75"],
        ["s03", SLUG, "same points", "2.5", "2.5"],
        ["s07", SLUG, "gone", "1.5", ""],
        ["s08", SLUG, "new", "", "0.75"],
    ]
    assert rows[2][5] == "forward.examples 0.5 -> 0.875; forward.random_points 0.5 -> 0.875"
    for line in (
        "2 lose, 1 gain, 1 same points by other checks, 1 gone, 1 new, 2 unchanged",
        "wrote out/regrade.csv",
    ):
        assert line in done.stdout.splitlines()
    assert "forward.random_points 0.5 -> 0.875" in done.stdout

    done = grade("cohort", "--out", "out", cwd=tmp_path, **there)
    assert done.returncode == 0, done.stderr
    assert "taken over: 7 unchanged" in done.stdout
    results = [json.loads(line) for line in written(tmp_path / "out")[0].splitlines()]
    assert {result["student"]: result["score"] for result in results}["s01"] == 1.75
