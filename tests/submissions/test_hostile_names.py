"""Names and messages that would act in a page, a spreadsheet or a terminal come out harmless."""

from __future__ import annotations

import csv
import html
import json
import subprocess
import unicodedata
from pathlib import Path

import msgspec
import pytest

from gradpath.cohort.files import grades_csv, spreadsheet_safe
from gradpath.course.config import FeedbackSettings
from gradpath.errors import SubmissionError
from gradpath.frontends.otter.gradescope import results_json
from gradpath.grading.results import CheckResult, Result, reason
from gradpath.student.display import checks_shown, note_shown
from tests.conftest import Command, submission
from tests.support.raw_zips import Entry, raw_zip

SLUG = "mse_sweep"
FILE = f"{SLUG}.py"

NAMES = (
    "<script>alert(1)<",
    "<img src=x onerror=alert(1)>",
    "=cmd()",
    "  =cmd()",
    "＝cmd()",
    "\t=cmd()",
    "\r=cmd()",
    "+1+cmd()",
    "-1+cmd()",
    "@SUM(1)",
    "|cmd",
    "a;=cmd()",
    "\u00a0=cmd()",
    "\u200b=cmd()",
    "[red]s01",
    "[red",
    "s01[bold red on blue]",
    "[@click=x()]s01",
    ":warning: s01",
    "\x1b[31ms01",
    "\x1b]0;title\x07",
    "\x9b31ms01",
    "s01\ns02,10,10",
    "s01\u202e10s",
    "s\u2066\u200f01",
    "s01\u2028x",
    '"s01","10"',
    "'; DROP TABLE grades; --",
    "{{ 7 * 7 }}",
    "%s%n",
    "$(touch x)",
)
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def acts(text: str) -> set[str]:
    """Return the characters of a text that would act on a terminal, ends of lines aside."""
    return {each for each in text if each != "\n" and unicodedata.category(each) in ACTING}


def is_formula(field: str) -> bool:
    """Tell whether some spreadsheet would compute a field."""
    pieces = field.replace("\t", ";").split(";")
    return any(
        unicodedata.normalize("NFKC", piece).strip("\u200b\ufeff \n\r\t")[:1] in set("=+-@|")
        for piece in pieces
        if piece.strip()
    )


def cohort(folder: Path, kind: str) -> Path:
    """Write a student of each name; return the path to grade."""
    if kind == "folder":
        for name in NAMES:
            (folder / name).mkdir(parents=True)
            (folder / name / FILE).write_text("x = (\n")
        return folder
    if kind == "folder of zips":
        folder.mkdir()
        for name in NAMES:
            (folder / f"{name}.zip").write_bytes(raw_zip(Entry(FILE.encode(), b"x = (\n")))
        return folder
    entries = [Entry(f"{name}/{FILE}".encode(), b"x = (\n") for name in NAMES]
    folder.with_suffix(".zip").write_bytes(raw_zip(*entries))
    return folder.with_suffix(".zip")


def graded(gradpath: Command, path: Path, out: Path) -> subprocess.CompletedProcess[str]:
    done = gradpath("grade", path, "--out", out, "--public", "--assignment", SLUG, "--explain")
    assert done.returncode == 0, done.stderr
    assert not acts(done.stdout + done.stderr)
    return done


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=pytest.mark.slow) for kind in ("folder", "folder of zips", "zip")],
)
def test_names_of_students(kind: str, gradpath: Command, tmp_path: Path) -> None:
    path = cohort(tmp_path / "in", kind)
    done = graded(gradpath, path, tmp_path / "out")
    text = (tmp_path / "out" / "results.jsonl").read_text("utf-8")
    results = [json.loads(line) for line in text.split("\n")[:-1]]
    assert len({each["student"] for each in results}) == len(NAMES)
    for each in results:
        assert not acts(each["student"] + each["file"] + each["message"])
        # Names are shown as they are: rich reads no styles and no symbols in them.
        assert f"{each['student']} / {SLUG}"[:80] in done.stdout.replace("\n", "")
    with (tmp_path / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(NAMES) + 1
    assert all(len(row) == 3 for row in rows)
    assert not [row for row in rows if is_formula(row[0])]


@pytest.mark.parametrize(
    "name", ["\x1b[31m[red]=cmd()\u202e", pytest.param("<b>\n[red]", marks=pytest.mark.slow)]
)
def test_one_file_of_a_folder_with_such_a_name(
    name: str, gradpath: Command, tmp_path: Path
) -> None:
    path = tmp_path / name / FILE
    path.parent.mkdir()
    path.write_text("x = (\n")
    graded(gradpath, path, tmp_path / "out")
    assert "unreadable" in (tmp_path / "out" / "results.jsonl").read_text()


def test_names_of_files(gradpath: Command, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "s01"
    folder.mkdir(parents=True)
    for name in (FILE, "\x1b[2J.py", "mse_sweep\u202e.ipynb", "[red]x.py", "a\nb.py", "=x().py"):
        (folder / name).write_text("x = (\n")
    for name in ("mse_sweep (1)\x1b[31m.zip", "[red].zip"):
        (folder / name).write_bytes(b"no zip")
    done = graded(gradpath, tmp_path / "in", tmp_path / "out")
    left_out = done.stderr.replace("\n", "")
    assert "s01/mse_sweep\\u202e.ipynb: s01 has handed in another file for" in left_out
    for shown in ("\\x1b[2J.py", "[red]x.py", "a\\nb.py", "=x().py"):
        assert f"s01/{shown}: not named after an assignment" in left_out


@pytest.mark.parametrize("name", ["\x1b[31mx", "a\nb", "\u202ex.py", "[red]x.py"])
def test_wrong_words_are_one_line(name: str, in_process: Command, tmp_path: Path) -> None:
    done = in_process("grade", tmp_path / name, "--out", tmp_path / "out", "--public")
    assert done.returncode == 2
    assert not acts(done.stderr)
    assert done.stderr.count("\n") == 1


HOSTILE = (
    "<script>alert(1)</script>\\x1b[2J\\x9b31m\\u202e\\u2066\\u2028[red][/]=cmd()\\r\\n"
    "=cmd()\\udc80\\U000e0041"
)
RAISING = f"def forward(x, w):\n    raise ValueError('{HOSTILE}')\n"


def test_messages_of_students(gradpath: Command, tmp_path: Path) -> None:
    """In results, on the terminal, on Gradescope, and in nbgrader's pages."""
    (tmp_path / "in" / "s01").mkdir(parents=True)
    (tmp_path / "in" / "s01" / FILE).write_text(RAISING)
    done = graded(gradpath, tmp_path / "in", tmp_path / "out")
    assert "[red][/]=cmd()" in done.stdout.replace("\n", "").replace(" ", "")
    result = msgspec.json.decode((tmp_path / "out" / "results.jsonl").read_bytes(), type=Result)
    raised = next(check for check in result.checks if check.outcome == "raised")
    assert "<script>" in raised.message
    assert not acts(raised.message)
    shown = results_json(result, None, FeedbackSettings("names", "names"))
    assert {test.get("output_format") for test in shown["tests"]} <= {"text", None}
    assert not acts(json.dumps(shown, ensure_ascii=False))


TEXT = "<script>alert(1)</script> \x1b[2J\x9b31m \u202e\u2066 \u2028 \udc80 [red] =cmd()"


def _check(message: str) -> CheckResult:
    return CheckResult("f.x", "A title", "public", 0.0, 1.0, "failed", message, [], None)


def test_nbgraders_pages() -> None:
    for shown in (checks_shown("Heading", [_check(TEXT)]), note_shown("Heading", TEXT)):
        assert "<script" not in shown.html
        assert html.escape("<script>alert(1)</script>") in shown.html
        assert not acts(shown.html + shown.plain)


def test_gradescope() -> None:
    graded = Result(SLUG, "s01", FILE, 0.0, 1.0, "graded", [_check(TEXT)], TEXT)
    unreadable = Result(SLUG, "s01", FILE, 0.0, 1.0, "unreadable", [], TEXT)
    for result in (graded, unreadable):
        shown = results_json(result, None, FeedbackSettings())
        entries = [shown, *shown["tests"]]
        assert {entry["output_format"] for entry in entries} == {"text"}
        assert not acts("".join(entry["output"] for entry in entries))


def test_reasons_are_plain() -> None:
    assert not acts(reason(_check(TEXT)))


@pytest.mark.parametrize(
    "text",
    [
        "def f(:\x1b[31m\n",
        "x = '\u202e\n",
        "\u202e = 1\n",
        "x = 1 \x9b\n",
        "# -*- coding: \x1b -*-\n",
    ],
)
def test_syntax_errors_are_plain(text: str) -> None:
    message = ""
    try:
        submission(SLUG, text).source()
    except SubmissionError as error:
        message = str(error)
    assert not acts(message)


@pytest.mark.parametrize("name", NAMES)
def test_no_field_is_a_formula(name: str) -> None:
    for text in (name, f" {name}", f"x;{name}"):
        assert not is_formula(spreadsheet_safe(text)), spreadsheet_safe(text)
    results = [Result(SLUG, name, FILE, 1.0, 1.0, "graded", [])]
    assert len(grades_csv(results, [SLUG]).decode().splitlines()) == 2


@pytest.mark.parametrize("name", ["s01", "Anne-Marie", "O'x, y", "学生", "a = b", "s01 (late)"])
def test_plain_names_stay_as_they_are(name: str) -> None:
    assert spreadsheet_safe(name) == name
