"""The command line as people use it: help that teaches, errors in one line, exit statuses."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from pathlib import Path

import pytest

from gradpath.cli import check
from gradpath.course.load import corpus_of, load
from gradpath.course.master import skeleton_of, solution_of
from gradpath.course.mistakes import apply
from tests.conftest import SLUGS, Command
from tests.grading.test_diagnosis import variant

COMMANDS = (
    *("check", "grade", "export", "verify", "doctor"),
    *("documented", "figures", "play", "skeletons", "record"),
)


def test_the_overview_names_every_command(gradpath: Command) -> None:
    done = gradpath("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE), command


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_each_command(in_process: Command, command: str) -> None:
    done = in_process(command, "--help")
    assert done.returncode == 0
    assert len(done.stdout.split()) > 30


def test_version(gradpath: Command) -> None:
    assert re.search(r"\d+\.\d+\.\d+", gradpath("--version").stdout)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("chekc",), "No such command 'chekc'"),
        (("check", "--colour"), "No such option"),
        (("check", "nothing.py"), "nothing.py does not exist"),
        (("check", "helpers.py"), "not named after an assignment"),
        (("check",), "no assignment here"),
        (("check",), "no assignment here; is mse_sweeep.py meant to be mse_sweep.py? Rename it"),
        (("check", "mse_sweep.py", "--plot", "picture.doc"), "must end in .png"),
        (("grade",), "Missing argument"),
        (("grade", "students"), "Missing option '--out'"),
        (("grade", "nothing", "--out", "o", "--public"), "nothing does not exist"),
        (("grade", "empty", "--out", "o", "--public"), "no submissions found"),
        (("grade", "students", "--out", "o"), "hidden checks need a secret"),
        (("grade", "students", "--out", "o", "--public", "--jobs", "0"), "--jobs"),
        (("grade", "students", "--out", "o", "--public", "--jobs", "many"), "many"),
        (("grade", "students", "--out", "helpers.py", "--public"), "is a file"),
        (("grade", "students", "--out", "o", "--assignment", "mse"), "no assignment 'mse'"),
        (("grade", "students", "--out", "o", "--secret-file", "empty.txt"), "is empty"),
        (("grade", "students", "--out", "o", "--secret-file", "none.txt"), "cannot be read"),
        (("grade", "broken.zip", "--out", "o", "--public"), "no zip file"),
        (("grade", ".", "--out", "o", "--public"), "lies in it; give another folder with --out"),
        (("grade", ".", "--out", ".", "--public"), "lies in it; give another folder with --out"),
        (("chek",), "did you mean check?"),
        (("grade", "x", "--out", "o", "--assignment", "rosenbrok"), "did you mean rosenbrock?"),
        (("check", "helper.py"), "helper.py does not exist; did you mean helpers.py?"),
        (
            ("check", "mse_sweeep.py"),
            "mse_sweeep.py is named after no assignment; is mse_sweeep.py",
        ),
        (("check", "mse_sweep.py"), "not exist; did you mean mse_sweep/mse_sweep.py?"),
        (("figures", "rosenbrok"), "did you mean rosenbrock?"),
        (("verify", "mse"), "no assignment 'mse'"),
        (("skeletons", "mse"), "no assignment 'mse'"),
    ],
)
def test_wrong_words_end_in_one_line_and_status_2(
    in_process: Command, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "helpers.py").write_text("x = 1\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.txt").touch()
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    (tmp_path / "students" / "s01").mkdir(parents=True)
    (tmp_path / "students" / "s01" / "mse_sweep.py").write_text("x = 1\n")
    if "no assignment here" in says:
        (tmp_path / "helpers.py").unlink()
    if "did you mean mse_sweep/" in says:
        (tmp_path / "mse_sweep").mkdir()
        (tmp_path / "mse_sweep" / "mse_sweep.py").touch()
    if "mse_sweeep.py" in says:
        (tmp_path / "mse_sweeep.py").touch()
    done = in_process(*words)
    assert done.returncode == 2, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("gradpath: ")
    assert says in lines[0]
    assert done.stdout == ""
    assert not (tmp_path / "o").exists()


def test_a_folder_that_cannot_be_written_is_one_line(gradpath: Command, tmp_path: Path) -> None:
    (tmp_path / "s01").mkdir()
    (tmp_path / "s01" / "mse_sweep.py").write_text("x = 1\n")
    (tmp_path / "file").touch()
    done = gradpath("grade", "s01", "--out", "file/results", "--public")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


# All others run in tests/student/test_picture.py and tests/course/test_recorded.py.
@pytest.mark.parametrize("slug", [SLUGS[0], pytest.param("hidden_layer", marks=pytest.mark.slow)])
def test_check_of_a_solution(gradpath: Command, tmp_path: Path, slug: str) -> None:
    (tmp_path / f"{slug}.py").write_text(solution_of(slug))
    done = gradpath("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "public points" in done.stdout
    assert "failed" not in done.stdout


@pytest.mark.parametrize("slug", [SLUGS[0], pytest.param("hidden_layer", marks=pytest.mark.slow)])
def test_check_of_a_skeleton(gradpath: Command, tmp_path: Path, slug: str) -> None:
    """It says with which text to begin: the one beside the file, if that is the assignment's."""
    file, text = tmp_path / f"{slug}.py", tmp_path / "README.md"
    file.write_text(skeleton_of(slug))
    text.write_text(f"# {load(slug).settings.title}\n")
    functions = load(slug).functions
    done = gradpath("check")
    assert done.returncode == 1
    assert f"\n0 of {len(functions)} functions, 0 of " in done.stdout
    begin = f"Nothing is written yet: begin with README.md, then write `{functions[0]}`.\n"
    assert done.stdout.endswith(begin)
    assert done.stderr == ""
    text.write_text("# Your coursework\n")
    assert check._text_of(slug, [file]) == f"the text of {slug}"


def test_check_shows_the_first_diverging_step_and_a_hint(gradpath: Command, tmp_path: Path) -> None:
    wrong = variant("hand_gradients", "gradients-not-zeroed", "train_autograd")
    (tmp_path / "hand_gradients.py").write_text(apply(solution_of("hand_gradients"), [wrong]))
    done = gradpath("check", "hand_gradients.py")
    assert done.returncode == 1
    text = " ".join(done.stdout.split())
    assert "gradients[1] is -9.84, expected -7.84" in text
    assert "Hint (gradients-not-zeroed)" in text
    assert (
        "4 of 5 functions, 2.75 of 3.75 public points (10 with the hidden checks) Next: train_"
        in text
    )


TWO_MISTAKES = """\
def forward(x, w):
    return x * w

def loss(x, y, w):
    for k in range(30):
        print("error", x * w - y, end=chr(27) + "!\\n")
    return x * w - y

def weight_grid():
    return [0.0] * 7

def best_weight(weights, losses):
    return weights[losses.argmin()] ^ 2
"""


def test_check_shows_the_next_thing_in_full_and_the_rest_in_lines(
    in_process: Command, tmp_path: Path
) -> None:
    """Where the student is comes first; a call's own text is shown, without signs that act."""
    (tmp_path / "mse_sweep.py").write_text(TWO_MISTAKES)
    done = in_process("check")
    assert done.returncode == 1, done.stderr
    head, following, *rest = done.stdout.split("\n\n")
    assert head.splitlines()[1].startswith("1 of 7 functions, ")
    assert following.startswith("Next: loss  0 / 0.")
    assert "loss(3.0, 6.0, 0.0): result is -6, expected 36" in following
    assert "Hint (square-missing)" in following
    assert following.count("| error -6.0?!") == 8
    assert following.endswith("      | ...")
    lines = {line.split()[0]: line for line in rest[0].splitlines()}
    assert lines["forward"].endswith("  passed")
    assert (
        "failed: result has 7 entries, expected 41; result is the same in" in lines["weight_grid"]
    )
    assert lines["sweep"].endswith("  not attempted")
    assert lines["With"] == "With --all, every check is shown in full."
    whole = in_process("check", "--all").stdout
    assert "The grid has the 41 weights" in whole
    assert "sweep is not defined in your file" in whole
    assert "Hint (caret-for-power) In Python `^` is no power" in whole
    assert "Next" not in whole
    chinese = in_process("check", "--language", "zh").stdout
    assert "mse_sweep.py：MSE" in chinese
    assert "未通过：result 有 7 项" in chinese


def test_a_library_that_is_missing(
    in_process: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one sentence with the command, and costs the assignments that need it alone."""
    monkeypatch.setattr(
        "gradpath.student.launch.find_spec",
        lambda name: None if name == "torch" else importlib.util.find_spec(name),
    )
    begun = "def predict(x, w):\n    return x * w\n"
    for slug in ("hand_gradients", "linear_regression"):
        (tmp_path / f"{slug}.py").write_text(begun)
    sentence = "hand_gradients, linear_regression need torch, which is not installed"
    done = in_process("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"gradpath: {sentence}; `pip install torch`\n"
    (tmp_path / "mse_sweep.py").write_text(TWO_MISTAKES)
    done = in_process("check")
    assert done.returncode == 1
    assert done.stdout.startswith("mse_sweep.py: ")
    # Terminals are of any width.
    assert " ".join(done.stdout.split()).endswith(f"Not checked: {sentence}; `pip install torch`")


def test_check_of_a_file_that_python_cannot_read(gradpath: Command, tmp_path: Path) -> None:
    (tmp_path / "mse_sweep.py").write_text("def forward(x, w):\nreturn x * w\n")
    done = gradpath("check", "mse_sweep.py")
    assert done.returncode == 2
    assert "syntax error in line 1: expected an indented block" in done.stderr
    assert done.stderr.count("\n") == 1


def test_check_leaves_no_process_behind(gradpath: Command, tmp_path: Path) -> None:
    (tmp_path / "mse_sweep.py").write_text(solution_of("mse_sweep"))
    gradpath("check", "mse_sweep.py")
    assert not _workers_in(tmp_path)


def _workers_in(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(entry / "cwd") == str(folder):
                    found.append(entry.name)
            except OSError:
                continue
    return found


def test_output_has_no_escapes_when_it_is_piped(gradpath: Command, tmp_path: Path) -> None:
    (tmp_path / "mse_sweep.py").write_text(
        "def forward(x, w):\n    raise ValueError('\\x1b[31mred\\x1b[0m [bold]markup[/bold]')\n"
    )
    done = gradpath("check", "mse_sweep.py")
    assert "\x1b" not in done.stdout
    assert "[bold]markup[/bold]" in done.stdout


def test_doctor_names_the_isolation_level(gradpath: Command) -> None:
    done = gradpath("doctor")
    assert done.returncode == 0, done.stdout
    assert re.search(r"isolation\s+ok\s+level [A-D]", done.stdout)
    for subject in ("torch", "numpy", "docker", "otter-grader", "nbgrader", "worker", "solutions"):
        assert subject in done.stdout


@pytest.mark.slow
def test_verify_of_one_assignment(gradpath: Command) -> None:
    done = gradpath("verify", "mse_sweep")
    assert done.returncode == 0, done.stdout
    assert "verify: all green" in done.stdout


def test_verify_fails_when_a_check_goes_blind(
    in_process: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small corpus in which a wrong submission is filed under `right`."""
    right, wrong = (
        sorted((corpus_of("mse_sweep") / kind).glob("*.py"))[0] for kind in ("right", "wrong")
    )
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong" / "__pycache__").mkdir(parents=True)  # pip compiles what it installs
    for path in (right, wrong):
        shutil.copy(path, tmp_path / "right")
    monkeypatch.setattr("gradpath.authoring.verify.corpus_of", lambda slug: tmp_path)
    done = in_process("verify", "mse_sweep")
    assert done.returncode == 1, done.stdout
    assert "verify: not green" in done.stdout
    assert wrong.name in done.stdout
    assert right.name not in done.stdout
