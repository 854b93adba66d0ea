"""%gradpath in a notebook: the command's output, its picture, and the file to hand in."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from gradpath.authoring.student_notebook import notebook_of
from gradpath.cli import check, magic
from gradpath.errors import GradpathError
from gradpath.student import handin, picture
from gradpath.submissions.notebooks import read_cells
from gradpath.text.languages import ENGLISH, speaking

SLUG = "mse_sweep"
FUNCTIONS = ("forward", "loss")
WRONG = ("return x * w", "return x + w")


class Session:
    """A session of IPython's with the output of its last cell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self.run("%load_ext gradpath")

    def run(self, *cells: str) -> str:
        """Run cells; return the text that the last one printed and displayed."""
        for cell in cells:
            with capture_output() as captured:
                result = self._shell.run_cell(cell, store_history=True)  # type: ignore[no-untyped-call]
            result.raise_error()
        shown = [output.data for output in captured.outputs]
        self.pictures = [data["image/png"] for data in shown if "image/png" in data]
        self.pages = [data["text/html"] for data in shown if "text/html" in data]
        texts = [data["text/plain"] for data in shown if "text/html" in data]
        return str(captured.stdout) + "\n".join(texts)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    yield Session(InteractiveShell.instance())
    InteractiveShell.clear_instance()


def cells_of(notebook: str | bytes, change: tuple[str, str] = ("", "")) -> list[str]:
    """Return the cells of a notebook that are graded."""
    text = notebook.decode() if isinstance(notebook, bytes) else notebook
    return [cell.text.replace(*change) for cell in read_cells(text)[0] if cell.text]


@pytest.fixture(scope="module")
def solved() -> list[str]:
    return cells_of(notebook_of(SLUG, FUNCTIONS, solved=True))


def test_check_shows_the_same_as_the_command(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong notebook, by its cells and by its name; with one picture each time."""
    drawn: list[str] = []
    draw = picture._draw_panel

    def counted(axes: Any, plot: Any, *words: Any) -> None:
        drawn.append(plot.check)
        draw(axes, plot, *words)

    monkeypatch.setattr(picture, "_draw_panel", counted)
    cells = cells_of(notebook_of(SLUG, solved=True), WRONG)
    file = tmp_path / f"{SLUG}.ipynb"
    written = [{"cell_type": "code", "source": cell} for cell in cells]
    file.write_text(json.dumps({"cells": written}))
    runner = CliRunner(env={"COLUMNS": "100"})
    command = runner.invoke(check.command, [str(file)], standalone_mode=False).output
    said = session.run(*cells, "%gradpath check")
    assert said.splitlines() == command.splitlines()
    assert [picture[:8] for picture in session.pictures] == ["iVBORw0K"]  # a PNG's beginning
    assert "color" in session.pages[0]
    drawn.clear()
    said = session.run(f"%gradpath check {file.name} --plot mine.svg")
    assert said.splitlines() == command.splitlines()
    assert len(session.pictures) == 1
    assert len(drawn) == len(picture.plots_for(SLUG, ()))
    assert Path("mine.svg").read_text().startswith("<?xml")
    assert "The prediction is x times w" in session.run("%gradpath check --all")


def test_functions_are_checked_by_their_names(session: Session, solved: list[str]) -> None:
    said = session.run(*solved, f"%gradpath check {SLUG} loss forward")
    assert re.findall(r"^\w+(?=  )", said, re.MULTILINE) == ["forward", "loss"]
    assert "public points" not in said
    assert not session.pictures


def test_an_assignment_may_be_named_as_its_function() -> None:
    assert magic._meant(["rosenbrock"]) == ("rosenbrock", [])
    assert magic._meant(["rosenbrock", "rosenbrock"]) == ("rosenbrock", ["rosenbrock"])


def test_no_picture_of_functions_that_are_not_written(session: Session) -> None:
    said = session.run(*cells_of(notebook_of(SLUG)), "%gradpath check")
    assert "Nothing is written yet: begin with the text above, then write `forward`." in said
    assert not session.pictures


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("check", "name the assignment, as in `%gradpath check mse_sweep`"),
        ("check mse_sweep forwrad", "mse_sweep has no function forwrad; did you mean forward?"),
        ("check sweep x.py", "give the names of files, or of functions, not of both"),
        ("check nowhere.py", "nowhere.py"),
        ("check --plot x.txt", "x.txt: the picture's name must end in .png, .svg or .pdf"),
        ("check 'mse_sweep", "No closing quotation"),
        ("chek", "No such command 'chek'. Did you mean 'check'? `%gradpath"),
        ("handin mse_sweep loss", "Got unexpected extra argument"),
    ],
)
def test_errors_are_one_line(session: Session, line: str, says: str) -> None:
    said = session.run(f"%gradpath {line}")
    assert said.startswith("gradpath: ")
    assert says in said
    assert said.count("\n") == 1


def test_help(session: Session) -> None:
    assert "handin" in session.run("%gradpath")
    assert "NAME is a function" in session.run("%gradpath check --help")


# The file to hand in


def test_the_saved_notebook_is_handed_in(
    session: Session, solved: list[str], tmp_path: Path
) -> None:
    """The one of this session, not an older one beside it; comments and blanks do not matter."""
    file, copy = tmp_path / f"{SLUG}.ipynb", tmp_path / f"{SLUG} (1).ipynb"
    file.write_bytes(notebook_of(SLUG, FUNCTIONS))
    said = session.run(*solved, f"%gradpath handin {SLUG}")
    assert said == (
        "gradpath: mse_sweep.ipynb holds another forward than this session; run its cell, save the "
        "notebook (Ctrl+S), and run this cell again\n"
    )
    copy.write_bytes(notebook_of(SLUG, FUNCTIONS, solved=True))
    said = session.run(f"%gradpath handin {SLUG}")
    assert f"Hand in: {copy}" in said
    assert re.search(r", ([\d.]+) of \1 public points", said, re.MULTILINE)
    file.write_bytes(notebook_of(SLUG, solved=True).replace(b"return x * w", b"return x * w  # x"))
    assert f"Hand in: {file}" in session.run(f"%gradpath handin {SLUG}")
    file.write_text("{")
    assert "cannot be read; save the notebook" in session.run(f"%gradpath handin {SLUG}")


def test_without_a_file_the_definitions_are_handed_in(
    session: Session, solved: list[str], tmp_path: Path
) -> None:
    said = session.run(*solved, "while False:\n    pass\nprint(forward(1, 2))", "%gradpath handin")
    file = tmp_path / f"{SLUG}.ipynb"
    assert f"Hand in: {file}" in said
    text = file.read_text()
    assert "print(" not in text
    assert "gradpath" not in text
    namespace: dict[str, Any] = {}
    exec("\n".join(cells_of(text)), namespace)
    assert namespace["forward"](2, 3) == 6


def test_the_file_to_hand_in_is_written_as_a_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"{SLUG}.ipynb"
    file.write_text("before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(GradpathError, match="cannot be written: No space left on device"):
        handin._write(file, "after")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize("answers", [True, False])
def test_colab_sends_the_notebook_and_saves_it(
    session: Session, solved: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    answers: bool,
) -> None:  # fmt: skip
    """A stand-in for Colab's modules, which are nowhere else; where it is silent, the session."""
    shown = json.loads(notebook_of(SLUG, FUNCTIONS, solved=True))
    shown["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 99}]
    downloaded: list[str] = []

    def ask(kind: str, request: str, timeout_sec: int) -> Any:
        assert kind == "get_ipynb"
        return {"ipynb": shown} if answers else None

    def module(name: str, **functions: Callable[..., Any]) -> None:
        made = ModuleType(name)
        vars(made).update(functions)
        monkeypatch.setitem(sys.modules, name, made)

    module("google.colab")
    module("google.colab._message", blocking_request=ask)
    module("google.colab.files", download=downloaded.append)
    said = session.run(*solved, f"%gradpath handin {SLUG}")
    file = tmp_path / f"{SLUG}.ipynb"
    assert f"Hand in: {file}" in said
    assert downloaded == [file.name]
    assert ("%gradpath check mse_sweep" in file.read_text()) == answers
    assert "xxx" not in file.read_text()
    assert re.search(r", ([\d.]+) of \1 public points", said, re.MULTILINE)


def test_a_notebook_speaks_the_language_of_its_first_cell(
    session: Session, solved: list[str]
) -> None:
    cells = [cell.replace("return x * w", "return x + w") for cell in solved[:2]]
    with speaking(ENGLISH):
        told = session.run(*cells, "%gradpath language zh", f"%gradpath check {SLUG} forward")
        assert "预测等于 x 乘以 w" in told
        assert "failed" not in told
        assert "没有函数 nothing" in session.run(f"%gradpath check {SLUG} nothing")
        cell = (
            f'from gradpath.student.nbgrader import public_checks\npublic_checks("{SLUG}", "loss"'
        )
        assert "loss：公开检查，" in session.run(f"{cell})")
        assert "loss: public checks, " in session.run(f'{cell}, language="en")')
        assert "there are: en, zh" in session.run("%gradpath language en", "%gradpath language xx")
