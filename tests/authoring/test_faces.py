"""All that a student sees besides the terminal and the pages of feedback, in Chinese."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from gradpath.authoring.figures import draw
from gradpath.authoring.release.otter_tests import all_tests
from gradpath.authoring.release.text_page import text_page
from gradpath.authoring.student_notebook import notebook_for_check
from gradpath.course import style
from gradpath.course.config import FeedbackSettings
from gradpath.course.expectations import describe
from gradpath.course.figures import drawn_folder, pictures_of
from gradpath.course.load import load, slugs
from gradpath.course.master import text_of
from gradpath.course.translated import documented_in
from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader.notebook import source_notebook
from gradpath.frontends.otter.gradescope import results_json
from gradpath.frontends.otter.settings import ZipSettings, from_plugin_config
from gradpath.frontends.platforms.answer import answer_of
from gradpath.frontends.platforms.formats import FORMATS
from gradpath.grading.results import CheckResult, Result, with_hint
from gradpath.student.otter import CheckFailed, must_pass
from gradpath.text import columns, folded
from gradpath.text.languages import ENGLISH, Language, speaking
from gradpath.text.messages import Message, joined
from gradpath.worker import values

SLUG = "mse_sweep"
CHINESE = Language("zh")
ENGLISH_WORDS = re.compile(
    r"\b(passed|failed|wrong|points|of|hint|the|later|public checks)\b", re.I
)


def cells_of(notebook: bytes, kind: str) -> dict[str, str]:
    """Return the cells of a kind by their id."""
    cells = json.loads(notebook)["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == kind}


def without_docstrings(code: str) -> str:
    """Return code as a tree without its docstrings; a line that is none of Python as it is."""
    if code.lstrip().startswith("%"):
        return code
    tree = ast.parse(code)
    for _, node, _ in list(documented_in(tree)):
        del node.body[0]
    return ast.dump(tree)


# Notebooks


def test_a_students_notebook_has_the_same_code_and_another_text() -> None:
    english, chinese = notebook_for_check(SLUG), notebook_for_check(SLUG, language=CHINESE)
    texts = cells_of(chinese, "markdown")
    assert texts.keys() == cells_of(english, "markdown").keys()
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in texts.values())
    code, told = cells_of(english, "code"), cells_of(chinese, "code")
    assert code.keys() == told.keys()
    set_up = told.pop(f"{SLUG}-set-up").splitlines()
    given = code.pop(f"{SLUG}-set-up").splitlines()
    assert set_up[1:] == [*given[1:], "%gradpath language zh"]
    assert set_up[0] != given[0]
    assert "../packages/" in set_up[0]
    for id, text in told.items():
        assert without_docstrings(text) == without_docstrings(code[id])
    assert "返回" in told[f"{SLUG}-forward"]


@pytest.mark.parametrize("answers", ["cells", "file"])
def test_nbgraders_notebook_keeps_its_marks(answers: Any) -> None:
    english, chinese = (source_notebook(SLUG, answers, each) for each in (ENGLISH, CHINESE))
    marks = [
        [cell["metadata"] for cell in json.loads(notebook)["cells"]]
        for notebook in (english, chinese)
    ]
    assert marks[0] == marks[1]
    cells = cells_of(chinese, "code")
    assert ', language="zh")' in cells[f"{SLUG}-forward-public"]
    hidden = cells[f"{SLUG}-forward-hidden"].splitlines()
    assert hidden[0].startswith("# ")
    assert "隐藏检查" in hidden[0]
    assert hidden[1] == "### BEGIN HIDDEN TESTS"


def test_otters_tests_have_chinese_names() -> None:
    (english, chinese) = (all_tests(SLUG, each) for each in (ENGLISH, CHINESE))
    assert english.keys() == chinese.keys()
    text = chinese["tests/forward.py"].decode()
    assert f'show = answers("{SLUG}", "zh")' in text
    names = re.findall(r'name="([^"]+)", points', text)
    assert names
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in names)
    assert re.findall(r"def check_\w+", text) == re.findall(
        r"def check_\w+", english["tests/forward.py"].decode()
    )


# Results


ASSIGNMENT = load(SLUG)
KNOWN = ASSIGNMENT.misconceptions[0]
TITLES = {check.id: check.title for check in ASSIGNMENT.checks}


def _check(id: str, visibility: Any, outcome: Any, message: str = "") -> CheckResult:
    points = 1.0 if outcome == "passed" else 0.0
    names = [KNOWN.id] if outcome == "failed" else []
    return CheckResult(id, TITLES[id], visibility, points, 1.0, outcome, message, names, None)


PASSED, NOT_WRITTEN, FAILED = list(TITLES)[:3]
CHECKS = [
    _check(PASSED, "public", "passed"),
    _check(
        NOT_WRITTEN, "public", "not_attempted", Message("{name} is not written yet", name="loss")
    ),
    _check(
        FAILED, "hidden", "failed", with_hint(Message("the shape is wrong"), Message(KNOWN.hint))
    ),
]
RESULT = Result(SLUG, "s01", "机器学习.py", 1.0, 3.0, "graded", CHECKS, Message("above"))
# As it comes out of a file: plain texts, and their trees beside them.
STORED = msgspec.json.decode(msgspec.json.encode(RESULT), type=Result)


def told_everywhere(data: Mapping[str, bytes]) -> str:
    """Return an answer as people read it."""
    text = "".join(part.decode() for part in data.values())
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", list(FORMATS))
def test_answers_for_platforms_are_chinese(name: str) -> None:
    with speaking(CHINESE):
        text = told_everywhere(FORMATS[name].files(answer_of(STORED, "outcomes")))
    assert "loss 还没有写" in text or name == "vocareum"
    assert "is not written yet" not in text
    assert "not attempted" not in text
    if name == "html":
        assert '<html lang="zh">' in text
        assert not ENGLISH_WORDS.search(re.sub(r"<[^>]*>", "", text))
    unreadable = msgspec.structs.replace(RESULT, checks=[], status="unreadable", score=0.0)
    with speaking(CHINESE):
        assert "the file" not in told_everywhere(FORMATS[name].files(answer_of(unreadable, "all")))


def test_gradescope_shows_chinese() -> None:
    metadata: Any = {"previous_submissions": [{"results": {"tests": []}}]}
    with speaking(CHINESE):
        shown = results_json(STORED, b"png", FeedbackSettings("names"), metadata=metadata)
    texts = [shown["output"], *(t[k] for t in shown["tests"] for k in ("name", "output"))]
    plain = [re.sub(r"<img .*", "", text) for text in texts]
    assert not any(map(ENGLISH_WORDS.search, plain)), plain
    assert [test.get("status") for test in shown["tests"]][:2] == ["passed", "failed"]


def test_otter_shows_the_reason_in_chinese() -> None:
    with speaking(CHINESE), pytest.raises(CheckFailed, match="没有"):
        must_pass(msgspec.structs.replace(STORED, message=""), "no.such")
    assert from_plugin_config({"assignment": SLUG, "secret": "x"}).shown is ENGLISH
    assert ZipSettings(SLUG, "x", language="zh").shown.code == "zh"


# Messages that are put together


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("上面的", "梯度"), "上面的梯度"),
        (("上面的", "w"), "上面的 w"),
        (("w", "（见上）"), "w（见上）"),
        (("张 三", "写的"), "张 三写的"),
        (("(x + 1)", "梯度"), "(x + 1) 梯度"),
    ],
)
def test_no_stray_blank_stands_where_chinese_meets_chinese(
    parts: tuple[str, str], text: str
) -> None:
    first, second = parts
    assert CHINESE.text(Message("{a} {b}", a=first, b=second)) == text
    assert CHINESE.text(joined(" ", parts)) == text
    assert str(joined(" ", parts)) == f"{first} {second}"


def test_values_that_are_no_data_are_described_in_chinese() -> None:
    nested: list[Any] = []
    nested.append(nested)
    odd = [
        nested,
        (number for number in range(3)),
        len,
        object(),
        10**400,
        np.zeros((1,) * 40),
        np.array([None]),
        np.array(["2020"], dtype="datetime64[D]"),
        dict.fromkeys(range(2000)),
        [[1.0]] * (values.MAX_READ + 1),
    ]
    for value in odd:
        english = describe(values.read(value))
        assert re.search(r"[\u4e00-\u9fff]", CHINESE.text(english)), english


def test_lines_of_chinese_are_folded_by_columns() -> None:
    text = "第一个错误的值在 weights[3]，应该是 0.25，得到的却是 0.75。请看符号。"
    lines = folded(text, 20)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(columns, lines)) <= 22  # a mark may hang over
    assert not any(line[0] in "，。" for line in lines)
    assert folded("a long word stays whole", 4) == ["a", "long", "word", "stays", "whole"]


# Texts and pictures


def test_a_text_page_is_in_its_language() -> None:
    pictures = dict.fromkeys((f"figures/{name}.png" for name in pictures_of(SLUG)), b"")
    page = text_page(text_of(SLUG, CHINESE), pictures, play=True, language=CHINESE).decode()
    assert '<html lang="zh">' in page
    assert "Contents" not in page
    assert "Play with it" not in page
    assert not re.search(r'aria-label="[A-Z]', page)


def test_pictures_are_english_where_no_font_has_the_letters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(style, "_fonts_here", lambda code: ())
    with speaking(CHINESE):
        assert style.label("epoch") == "epoch"
        assert "apt-get install fonts-" in style.lacks_fonts()
    with pytest.raises(GradpathError, match="no font with the letters"):
        draw(SLUG, tmp_path, CHINESE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("slug", slugs())
def test_the_pictures_in_chinese_are_there(slug: str) -> None:
    drawn = sorted(path.stem for path in drawn_folder(slug, CHINESE).glob("*.png"))
    assert drawn == sorted(pictures_of(slug))
