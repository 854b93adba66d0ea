"""The language of the command line: help, errors and their lines in display columns."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from rich.cells import cell_len

from gradpath.cli.help import _OF_CLICK
from gradpath.text.languages import ENGLISH, speak
from gradpath.text.paragraphs import paragraphs_of
from tests.conftest import Command

CHINESE = {"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "80"}


@pytest.fixture(autouse=True)
def english_again() -> object:
    yield
    speak(ENGLISH)


def test_a_help_text_is_looked_up_by_paragraph() -> None:
    text = "One\nline.\n\n\b\nExamples:\n  gradpath check\n\n\b\n  a  1\n  b  2\n"
    assert list(paragraphs_of(text)) == [
        ("", "One line.", ""),
        ("\b\n", "Examples:", "\n  gradpath check"),
        ("\b\n", "  a  1\n  b  2", ""),
    ]


@pytest.mark.parametrize("words", [(), ("check",), ("grade",), ("nbgrader",)])
def test_help_is_in_the_language_of_the_system(in_process: Command, words: tuple[str, ...]) -> None:
    done = in_process(*words, "--help", **CHINESE)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("用法：")
    assert "选项：" in lines
    assert "--help" in done.stdout
    # Examples, and the forms that an option takes, stay as they are.
    assert all(cell_len(line) <= 80 for line in lines if not line.isascii())
    options = lines[lines.index("选项：") :]
    assert any("显示这段说明并退出。" in line for line in options)
    assert in_process(*words, "--help", LC_ALL="C").stdout.startswith("Usage:")


def test_words_of_click_are_those_that_it_says() -> None:
    spec = find_spec("click")
    assert spec is not None
    assert spec.origin is not None
    sources = "".join(path.read_text("utf-8") for path in Path(spec.origin).parent.glob("*.py"))
    missing = [
        text for text in _OF_CLICK if text.replace("\n", "\\n").replace("\t", "\\t") not in sources
    ]
    assert not missing, missing


def test_errors_are_in_the_language_of_option_file_and_system(
    in_process: Command, tmp_path: Path
) -> None:
    def says(*words: str, **extra: str) -> str:
        done = in_process(*words, **extra)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        return line

    english = (
        "gradpath: there is no nowhere/results.jsonl; give a folder that `gradpath grade` wrote"
    )
    assert says("report", "nowhere", LC_ALL="C").startswith(english)
    assert "没有 nowhere/results.jsonl" in says("report", "nowhere", LC_ALL="zh_CN.UTF-8")
    assert "没有 nowhere/results.jsonl" in says("report", "nowhere", "--language", "zh", LC_ALL="C")
    assert "没有选项" in says("report", "--langage", **CHINESE)
    assert "没有语言 'zhh'" in says("report", "nowhere", "--language=zhh", **CHINESE)
    (tmp_path / "gradpath.toml").write_text('language = "zh"\n')
    assert "没有 nowhere/results.jsonl" in says("report", "nowhere", LC_ALL="C")
    assert says("report", "nowhere", "--language", "en").startswith(english)
    (tmp_path / "gradpath.toml").write_text("language = 3\n")
    assert "应为带引号的文本" in says("report", "nowhere", **CHINESE)
