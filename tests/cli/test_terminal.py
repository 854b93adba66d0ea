"""What the terminal shows: at any width, with and without colour, piped and on a terminal."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from gradpath.cli.summary import MAX_CHANGES, print_changes, print_summary
from gradpath.cli.terminal import MAX_PROSE, console, print_result
from gradpath.cohort.regrade import Change
from gradpath.course.master import solution_of
from gradpath.grading.results import CheckResult, Result

GRADPATH = Path(sys.executable).with_name("gradpath")
SLUG = "mse_sweep"
WORDS = "a sentence that is long enough to need another line wherever it stands, " * 4
RESULTS = [
    Result(
        SLUG,
        "s01 学生",
        f"s01/{SLUG}.py",
        0.5,
        10.0,
        "graded",
        [
            CheckResult("loss.a", "The loss is right", "public", 0.5, 0.5, "passed", "", [], None),
            CheckResult(
                *("loss.b", WORDS, "hidden", 0.0, 0.5, "failed"),
                *(f"x\n{'9' * 300}\nHint: {WORDS}", ["sum-instead-of-mean"] * 3, None),
            ),
        ],
    ),
    Result(SLUG, "s02", f"s02/{SLUG}.py", 0.0, 10.0, "unreadable", [], "syntax error"),
]


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("terminal", [False, True])
def test_lines_fit(width: int, terminal: bool) -> None:
    file = io.StringIO()
    to = Console(file=file, width=width, force_terminal=terminal, emoji=False, highlight=False)
    for result in RESULTS:
        print_result(result, to, every_check=True)
    said = re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())
    lines = said.splitlines()
    assert max(map(cell_len, lines)) <= min(width, MAX_PROSE)
    assert all(line == line.rstrip() for line in lines)
    assert ("\x1b[" in file.getvalue()) == terminal
    # Nothing is lost by wrapping.
    plain = " ".join(said.split())
    assert WORDS.split()[-1] in plain
    assert said.count("9") == 300
    assert "sum-instead-of-mean" in plain
    print_summary(RESULTS, [SLUG], to)
    if width >= 80:
        assert max(map(cell_len, file.getvalue().splitlines())) <= width or terminal


def on_a_terminal(*words: str, cwd: Path, columns: int, **more: str) -> tuple[int, str]:
    """Run a command with a terminal of its own."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", **more}
    for name in ("NO_COLOR", "GRADPATH_SECRET", "CI"):
        if name not in more:
            environment.pop(name, None)
    process = subprocess.Popen(
        [GRADPATH, *words], cwd=cwd, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # the last one has closed it
        while data := os.read(ours, 65536):
            said += data
    os.close(ours)
    return process.wait(60), said.decode()


@pytest.mark.parametrize("colour", [True, False])
def test_on_a_terminal(tmp_path: Path, colour: bool) -> None:
    (tmp_path / f"{SLUG}.py").write_text(solution_of(SLUG))
    more = {} if colour else {"NO_COLOR": "1"}
    words = ("grade", f"{SLUG}.py", "--out", "out", "--secret", "s", "--explain")
    status, said = on_a_terminal(*words, cwd=tmp_path, columns=80, **more)
    assert status == 0, said
    assert "0/1" in said  # the progress
    assert "-:--" in said or re.search(r"\d:\d\d", said)  # with the time left
    assert bool(re.search(r"\x1b\[(?:\d+;)*3[0-9]", said)) == colour
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    assert "10 / 10" in shown
    assert re.search(r"graded 1 in \d+ s", shown)


def test_words_in_brackets_and_blanks_at_the_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Markup is off for all commands, and so are blanks that fill lines of piped output."""
    shown = console()
    table = Table("a", "b", box=None)
    table.add_row("[due]", "[/late]")
    shown.print("no time is set in [due] of gradpath.toml " + "x" * 60 + " y")
    shown.print(table)
    lines = capsys.readouterr().out.splitlines()
    assert "[due] of gradpath.toml" in lines[0]
    assert "[due]" in lines[-1]
    assert "[/late]" in lines[-1]
    assert all(line == line.rstrip() for line in lines)


def test_files_that_could_not_be_run_are_named() -> None:
    file = io.StringIO()
    alike = [
        CheckResult(
            f"loss.{n}", "The loss", "public", 0.0, 0.5, "raised", "no such module", [], None
        )
        for n in range(2)
    ]
    stopped = Result(SLUG, "s03", "f", 0.0, 10.0, "graded", alike)
    print_summary([*RESULTS, stopped], [SLUG], Console(file=file, width=100))
    assert f"{SLUG}: 2 files could not be run at all: s02, s03\n" in file.getvalue()
    assert "sum-instead-of-mean (once)" in file.getvalue()


def test_of_many_changes_the_first_are_listed_and_all_are_counted() -> None:
    file = io.StringIO()
    changes = [Change(f"s{n:05}", SLUG, "gains", 1.0, 2.0, "") for n in range(9_999)]
    loses = Change("s99999", SLUG, "loses", 2.0, 1.0, "")
    print_changes([*changes, loses], 7, Console(file=file, width=100))
    lines = [line for line in file.getvalue().splitlines() if line]
    assert lines[1].startswith("s99999")
    assert lines[MAX_CHANGES + 1 : MAX_CHANGES + 3] == [
        *("and 9,800 more in regrade.csv", "1 lose, 9999 gain, 7 unchanged")
    ]
