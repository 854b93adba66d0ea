"""Answers in the forms of course platforms: their fields, their limits, and hostile texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import msgspec
import pytest

from gradpath.cli.grade_one import command as grade_one
from gradpath.course.master import solution_of
from gradpath.course.mistakes import apply, edit
from gradpath.frontends.platforms.answer import LATER, Answer, answer_of
from gradpath.frontends.platforms.formats import FORMATS
from gradpath.grading.results import CheckResult, Divergence, Result
from tests.conftest import Command

SLUG = "hand_gradients"
HOSTILE = 'x\nGrade :=>> 10\n{"scores": {"gradient": 99}}\r\x00\x0c]]></failure>\ud800,5 é'


def _check(name: str, visibility: Any, outcome: Any, message: str = "") -> CheckResult:
    points = 2.0 if outcome == "passed" else 0.0
    where = Divergence("dw[0]", 1.0, 2.0) if visibility == "hidden" else None
    return CheckResult(
        name, f"{name} is right", visibility, points, 2.0, outcome, message, [], where
    )


RESULT = Result(
    SLUG,
    "s01",
    f"{SLUG}.py",
    2.0,
    6.0,
    "graded",
    [
        _check("gradient.examples", "public", "passed"),
        _check(
            "gradient.points", "hidden", "failed", "dw[0] is 1, expected 41.5\nHint: Look again"
        ),
        _check("train.documented", "public", "raised", HOSTILE),
    ],
    "a remark",
)
UNREADABLE = msgspec.structs.replace(RESULT, score=0.0, status="unreadable", checks=[])


def written(name: str, answer: Answer) -> str:
    return "".join(data.decode() for data in FORMATS[name].files(answer).values())


def _last_line(text: str) -> Any:
    return json.loads(text.splitlines()[-1])


def _marks(text: str) -> float:
    return float(sum(json.loads(line)["marks_earned"] for line in text.splitlines()))


SCORES: dict[str, tuple[Callable[[str], float], float]] = {
    "autolab": (lambda text: sum(_last_line(text)["scores"].values()), 2.0),
    "classroom50": (lambda text: json.JSONDecoder().raw_decode(text)[0]["score"], 200.0),
    "codio": (lambda text: json.loads(text)["grade"], 33.33),
    "coursera": (lambda text: json.loads(text)["fractionalScore"], 0.333333),
    "html": (lambda text: float(text.partition(f"{SLUG}.py: ")[2].partition(" of ")[0]), 2.0),
    "json": (lambda text: json.loads(text)["score"], 2.0),
    "junit": (lambda text: len(ElementTree.fromstring(text).findall("*/*/failure")), 2.0),
    "markus": (_marks, 2.0),
    "prairielearn": (lambda text: json.loads(text)["score"], 0.333333),
    "submitty": (lambda text: json.loads(text)["data"]["score"], 0.333333),
    "vocareum": (lambda text: float(text.splitlines()[0].partition(",")[2]), 2.0),
    "vpl": (lambda text: float(text.splitlines()[-1].removeprefix("Grade :=>> ")), 2.0),
}
"""For each format, how a platform reads the score, and the score."""


@pytest.mark.parametrize("name", FORMATS)
def test_the_score_is_read_whatever_the_texts_are(name: str) -> None:
    read, score = SCORES[name]
    for shown in ("all", "outcomes"):
        assert read(written(name, answer_of(RESULT, shown))) == score


def test_no_line_of_a_text_is_a_grade() -> None:
    lines = written("vpl", answer_of(RESULT, "all")).splitlines()
    assert [line for line in lines if not line.startswith("Comment :=>> ")] == ["Grade :=>> 2"]
    assert len(written("autolab", answer_of(RESULT, "all")).splitlines()) == 2
    grades = FORMATS["vocareum"].files(answer_of(RESULT, "all"))["grade.txt"]
    assert grades == b"gradient,2\ntrain,0\n"


@pytest.mark.parametrize("name", FORMATS)
def test_of_hidden_checks_there_is_as_much_as_the_course_shows(name: str) -> None:
    texts = {shown: written(name, answer_of(RESULT, shown)) for shown in ("all", "names", "none")}
    assert not any("41.5" in text or "dw[0]" in text for text in texts.values())
    assert "Look again" not in texts["names"] + texts["none"]
    assert (LATER in texts["names"]) == (name not in ("autolab", "markus"))
    assert "gradient.points" not in texts["none"]
    assert "Look again" in texts["all"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_cannot_be_read(name: str) -> None:
    text = written(name, answer_of(UNREADABLE, "all"))
    assert "a remark" in text
    if name == "prairielearn":
        assert json.loads(text) == {"gradable": False, "format_errors": ["a remark"]}


def test_a_grade_between_the_bounds_that_vpl_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VPL_GRADEMIN", "10")
    monkeypatch.setenv("VPL_GRADEMAX", "100")
    assert written("vpl", answer_of(RESULT, "none")).endswith("Grade :=>> 40\n")


@pytest.mark.parametrize(("name", "limit"), [("coursera", 64_000), ("prairielearn", 1_000_000)])
def test_answers_are_as_small_as_platforms_ask(name: str, limit: int) -> None:
    checks = [_check(f"train.{n}", "public", "raised", "é\ud800" * 1_000) for n in range(60)]
    answer = answer_of(msgspec.structs.replace(RESULT, checks=checks), "all")
    assert len(written(name, answer).encode()) < limit


def test_the_command_line_has_all_formats() -> None:
    (choice,) = (option.type for option in grade_one.params if option.name == "name")
    assert isinstance(choice, click.Choice)
    assert set(choice.choices) == set(FORMATS)
    assert grade_one.help is not None
    assert all(f"  {name} " in grade_one.help for name in FORMATS)


def test_a_folder_as_a_platform_mounts_it(in_process: Command, tmp_path: Path) -> None:
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "work.py").write_text(solution_of(SLUG))
    words = ("grade-one", "student", "--assignment", SLUG, "--as", "prairielearn")
    done = in_process(*words, "--secret", "s", "--to", "grade/results.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    answer = json.loads((tmp_path / "grade" / "results.json").read_bytes())
    assert (answer["gradable"], answer["score"]) == (True, 1)
    assert {test["points"] == test["max_points"] for test in answer["tests"]} == {True}
    (tmp_path / "student" / "work.py").unlink()
    done = in_process(*words, "--public", "--to", "-", cwd=tmp_path)
    assert json.loads(done.stdout)["gradable"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere.py", "--as", "json", "--public"), "does not exist"),
        (("work.py", "--as", "json", "--public"), "--assignment"),
        (("work.py", "--as", "json", "--assignment", "rosenbrok", "--public"), "rosenbrock"),
        (("work.py", "--as", "jsn", "--public"), "json"),
        (("work.py", "--as", "json", "--assignment", SLUG), "secret"),
    ],
)
def test_wrong_words_are_one_line(
    in_process: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "work.py").write_text("")
    done = in_process("grade-one", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_page_is_inert() -> None:
    """No text of a submission is markup on it."""
    hostile = msgspec.structs.replace(RESULT, message="<img src=x onerror=alert(1)></pre>")
    page = written("html", answer_of(hostile, "all"))
    assert "<img src=x" not in page
    assert page.count("</pre>") == page.count("<pre>") > 1
    assert "<script" not in page


def test_check_answers_in_a_form(in_process: Command, tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.py"
    path.write_text(solution_of(SLUG))
    done = in_process("check", path, "--as", "html", "--to", tmp_path / "page.html")
    assert (done.returncode, done.stdout) == (0, "")
    page = (tmp_path / "page.html").read_text()
    assert page.count('class="passed"') > 5
    assert "points in the public checks" in page
    assert 'src="data:image/svg+xml;base64,' in page
    path.write_text(
        apply(solution_of(SLUG), [edit("train_autograd", ("            w.grad.zero_()\n", ""))])
    )
    page = in_process("check", path, "--as", "html").stdout
    table = page.partition("<table>")[2].partition("</table>")[0]
    assert "The first difference, and the steps around it" in table
    first = '<tr class="first"><th scope="row"><code>gradients[1]</code>'
    assert f'{first}<span class="unseen"> (first difference)</span></th>' in table
    assert '<td class="number">-9.84</td><td class="number">-7.84</td>' in table
    path.write_text("x = (")
    done = in_process("check", path, "--as", "prairielearn", "--to", "-")
    assert done.returncode == 0
    assert json.loads(done.stdout)["gradable"] is False
    for argv, message in (
        ((path, "--to", "x"), "--to needs --as FORMAT"),
        (("--as", "html"), "name it (there is none)"),
    ):
        done = in_process("check", *argv)
        assert done.returncode == 2
        assert message in done.stderr
