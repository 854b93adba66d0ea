"""The pages that students get back, made by `nbgrader generate_feedback`; and the release."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gradpath.authoring.release.archives import zip_bytes
from gradpath.authoring.release.forbidden import Forbidden, forbidden
from gradpath.authoring.release.leaks import Leak, find_leaks
from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.frontends.nbgrader.pages.text_cells import (
    MAX_NESTED,
    MAX_TEXT,
    Pictures,
    text_cell_html,
)
from tests.conftest import ROOT, SLUGS
from tests.support.demo_cohort import mistakes
from tests.support.nbgrader_box import SECRET, Course, on_path

pytestmark = pytest.mark.stock

SLUG = "hand_gradients"
WRONG = mistakes(SLUG, "missing-factor-two").decode()
RAISES = "def gradient(x, y, w):\n    raise ValueError('my own message')\n"
MARKER = "def loss(x, y, w):\n    ### BEGIN HIDDEN TESTS\n    return x\n"


@pytest.fixture(scope="module")
def course(released_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Students of every kind, graded, with their feedback."""
    course = released_course.copy(tmp_path_factory.mktemp("feedback") / "course")
    course.submit_code("s01", SLUG, solution_of(SLUG))
    course.submit_code("s02", SLUG, WRONG)
    course.submit("s03", SLUG, (f"{SLUG}.ipynb", b'{"cells": [{"cell_'))
    course.submit("s04", SLUG, ("notes.txt", b"I did it on paper."))
    course.submit_code("s05", SLUG, RAISES)
    course.submit_code("s06", SLUG, MARKER)
    course.submit("s07", SLUG, (f"{SLUG}.ipynb", json.dumps(course.released(SLUG)).encode()))
    grade_and_give_back(course)
    return course


def grade_and_give_back(course: Course) -> None:
    """Run nbgrader's own autograding and feedback over everything that was handed in."""
    api = course.api()
    with on_path():
        for done in (api.autograde(SLUG, "*"), api.generate_feedback(SLUG)):
            assert done["success"], done


def page(course: Course, student: str) -> Path:
    """Return the path of a student's feedback."""
    return course.root / "feedback" / student / SLUG / f"{SLUG}.html"


def cells(course: Course, student: str) -> dict[str, str]:
    """Return the text below each test cell, with single spaces."""
    soup = BeautifulSoup(page(course, student).read_text("utf-8"), "html.parser")
    shown = {}
    for cell in soup.select("div.code_cell"):
        name = cell.select_one("a[name]")
        output = cell.select_one("div.output_wrapper")
        if name is not None and output is not None:
            shown[str(name["name"])] = " ".join(output.get_text(" ").split())
    return shown


def words(course: Course, student: str) -> str:
    """Return everything that a page shows, as text with single spaces."""
    soup = BeautifulSoup(page(course, student).read_text("utf-8"), "html.parser")
    for hidden in soup.select("script, style"):
        hidden.decompose()
    return " ".join(soup.get_text(" ").split())


def pictures(course: Course, student: str) -> list[str]:
    """Return the texts that stand for the pictures of a page, all of which it holds itself."""
    soup = BeautifulSoup(page(course, student).read_text("utf-8"), "html.parser")
    found = soup.select("img")
    assert all(str(each["src"]).startswith("data:image/png;base64,") for each in found)
    return [str(each["alt"]) for each in found]


def test_right_work_shows_titles_and_points(course: Course) -> None:
    shown = cells(course, "s01")
    checks = load(SLUG).checks
    assert {name.rpartition("-")[0] for name in shown} == {check.function for check in checks}
    for check in checks:
        assert check.title in shown[f"{check.function}-{check.visibility}"]
    assert "1.5 of 1.5 points" in shown["gradient-hidden"]
    assert "passed" in shown["gradient-hidden"]
    assert "failed" not in words(course, "s01")
    assert "(Score: 10.0 / 12.0)" in words(course, "s01")
    # The figure of the text is in the page: the exchange gives out no file beside it.
    assert pictures(course, "s01") == ["The weight after each update, and the loss of each epoch"]


def test_wrong_work_shows_got_expected_hint_and_picture(course: Course) -> None:
    shown = cells(course, "s02")
    assert "0 of 1.5 points" in shown["gradient-public"]
    assert "gradient(1.0, 2.0, 1.0): result is -1, expected -2" in shown["gradient-public"]
    assert "Hint (missing-factor-two): Every gradient is half" in shown["gradient-public"]
    assert "result is wrong" in shown["gradient-hidden"]
    assert pictures(course, "s02")[1:] == ["Your runs over the expected ones"]
    # A mistake counts once: functions that build on it keep their points.
    assert "2.5 of 2.5 points" in shown["train-hidden"]


def test_hidden_checks_show_no_call(course: Course) -> None:
    for student in ("s02", "s05", "s07"):
        for name, text in cells(course, student).items():
            if name.endswith("-hidden"):
                assert not re.search(r"\b(predict|loss|gradient|train\w*)\(", text), text


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        ("s03", "the notebook is no valid JSON; open it in Jupyter, save it and submit it again"),
        ("s04", f"no file named {SLUG}.py or {SLUG}.ipynb; what was handed in: notes.txt"),
    ],
)
def test_what_cannot_be_graded_says_why(course: Course, student: str, reason: str) -> None:
    shown = cells(course, student)
    assert len(shown) == 10
    for text in shown.values():
        assert " 0 of " in text
    assert reason in words(course, student)
    assert "(Score: 0.0 / 12.0)" in words(course, student)


def test_an_exception_is_shown_without_our_own_code(course: Course) -> None:
    shown = cells(course, "s05")
    assert "ValueError: my own message, at cell" in shown["gradient-public"]
    for student in ("s01", "s02", "s03", "s04", "s05", "s06", "s07"):
        text = words(course, student).replace("from gradpath.student.nbgrader import", "")
        text = text.replace("gradpath check", "")
        for trace in ("Traceback", "site-packages", "gradpath.", "gradpath/", str(ROOT), SECRET):
            assert trace not in text, (student, trace)


def test_code_of_hidden_test_cells_is_left_out(course: Course) -> None:
    text = words(course, "s01")
    assert "The hidden checks of gradient run when your work is graded." in text
    assert "hidden_checks(" not in text
    assert "HIDDEN TESTS" not in text
    # nbgrader's own way of taking them out ends at a student's text with its marker.
    assert "### BEGIN HIDDEN TESTS return x" in words(course, "s06")


def test_points_stand_once_and_there_are_no_prompts(course: Course) -> None:
    assert cells(course, "s01")["loss-public"].endswith(
        "The loss is the squared error of each sample"
    )
    for prompt in ("In [", "Out[", "¶"):
        assert prompt not in words(course, "s01").replace("\xa0", " ")


@pytest.mark.parametrize("hidden", ["names", "none"])
def test_feedback_can_show_less_of_hidden_checks(
    released_course: Course, tmp_path: Path, known: Forbidden, hidden: str
) -> None:
    course = released_course.copy(tmp_path / "course")
    settings = course.root / "nbgrader_config.py"
    text = settings.read_text("utf-8")
    assert 'hidden_checks="all"' in text
    settings.write_text(text.replace('hidden_checks="all"', f'hidden_checks="{hidden}"'))
    course.submit_code("s02", SLUG, WRONG)
    course.submit_code("s05", SLUG, RAISES)
    grade_and_give_back(course)
    titles = [check.title for check in load(SLUG).checks if check.visibility == "hidden"]
    for name, shown in cells(course, "s02").items():
        if name.endswith("-hidden"):
            for word in ("result is", "expected", "Hint", "passed", "failed"):
                assert word not in shown
    shown = words(course, "s02")
    assert all(title in shown for title in titles) == (hidden == "names")
    assert any(title in shown for title in titles) == (hidden == "names")
    assert "0 of 1.5 points" in cells(course, "s02")["gradient-hidden"]
    assert "result is -1, expected -2" in cells(course, "s02")["gradient-public"]
    assert not leaks(page(course, "s05"), known, titles if hidden == "names" else ())


# Students' files hold no answer


@pytest.fixture(scope="module")
def known() -> Forbidden:
    """Text that must not reach students."""
    return forbidden(SLUGS, SECRET)


def leaks(page: Path, known: Forbidden, titles: Sequence[str] = ()) -> list[Leak]:
    """Search a page with the release's gate, without titles that may be shown."""
    text = page.read_text("utf-8")
    for title in sorted(titles, key=len, reverse=True):
        # Long lines are wrapped.
        text = re.sub(r"\s+".join(map(re.escape, html.escape(title).split())), "", text)
    return find_leaks(page.name, text.encode(), known)


def search(root: Path, known: Forbidden) -> list[Leak]:
    """Search every file of a folder, then the folder as a zip."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    assert files
    found = [leak for name, data in files.items() for leak in find_leaks(name, data, known)]
    return found + find_leaks("release.zip", zip_bytes(files), known)


def test_nothing_that_is_released_tells_an_answer(
    released_course: Course, tmp_path: Path, known: Forbidden
) -> None:
    assert len(list((released_course.root / "release").glob("*/*.ipynb"))) == len(SLUGS)
    assert not search(released_course.root / "release", known)
    # The gate does see the parts that nbgrader takes out.
    assert search(released_course.root / "source", known)
    in_files = Course.make(tmp_path / "course", "file").generate()
    assert len(list((in_files.root / "release").glob("*/*.py"))) == len(SLUGS)
    assert not search(in_files.root / "release", known)


def test_feedback_tells_no_answer(course: Course, known: Forbidden) -> None:
    # Of students without a right line of their own. Titles may be known after the deadline.
    titles = [check.title for check in load(SLUG).checks]
    for student in ("s03", "s04", "s05", "s07"):
        assert not leaks(page(course, student), known, titles), student
        others = [each for each in page(course, student).parent.rglob("*") if each.is_file()]
        assert not {each.suffix for each in others} - {".html", ".png", ".txt"}


# Text cells


@pytest.mark.parametrize(
    "source",
    [
        "<script>window.pwned = 1</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1)) [b](page.html) [c](//host/x) [d](..%2Fx)",
        '<a href="&#106;avascript:alert(1)">x</a> <a href="/logout">y</a>',
        "![p](../../formgrader?path=submitted/s01/mse_sweep) ![q](/logout) ![r](//host/a.png)",
        "![p](%2e%2e/a.png) ![q](figures/../../a.png) ![r](https://host/a.png) ![s](a.png?b.png)",
        "![p](data:text/html;base64,AAAA) <img src='data:image/svg+xml;base64,AAAA'>",
        "<svg onload=alert(1)></svg> <iframe src=x></iframe> <form action=x><input></form>",
        "<base href=//host/> <link rel=stylesheet href=x> <style>*{}</style> <meta refresh>",
        '<div id="written" class="score" style="position: fixed" onclick="alert(1)">x</div>',
        "# written\n\n[x]: javascript:alert(1)\n[x]",
        "<!-- --!><script>alert(1)</script> <![CDATA[<script>alert(1)</script>]]>",
        "<noscript><p title='</noscript><script>alert(1)</script>'></noscript>",
        '$<script>alert(1)</script>$ <abbr title="`<script>`">x</abbr>',
    ],
)
def test_text_cells_are_rendered_without_anything_that_acts(source: str) -> None:
    soup = BeautifulSoup(text_cell_html(source), "html.parser")
    for tag in soup.find_all(True):
        assert tag.name in {"a", "abbr", "div", "h1", "img", "p"}, tag
        assert set(tag.attrs) <= {"alt", "title"} or tag["style"] == "", tag


def test_text_cells_keep_what_people_write() -> None:
    text = text_cell_html(
        "## Why\n\n> quoted\n\n| a | b |\n|---|--:|\n| 1 < 2 | `x < y` |\n\n"
        "```python\nif a < b: pass\n```\n"
        "$a < b$ and [source](https://example.org/a) ![p](figures/a%20b.png) x<sup>2</sup>\n"
    )
    for kept in (
        "<h2>Why</h2>",
        "<blockquote>",
        "<td>1 &lt; 2</td>",
        "<code>x &lt; y</code>",
        'style="text-align:right;"',
        '<span class="k">if</span>',
        "$a &lt; b$",
        '<a href="https://example.org/a">source</a>',
        '<img src="figures/a%20b.png" alt="p">',
        "x<sup>2</sup>",
    ):
        assert kept in text, kept


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "[" * n,
        lambda n: "[a](" * n,
        lambda n: "<b><i>" * n,
        lambda n: "> " * n,
        lambda n: "**a" * n,
        lambda n: r"\begin{a}" * n,
        lambda n: "=\n" * n,
        lambda n: "\ud800 <b>",
    ],
    ids=["brackets", "links", "tags", "quotes", "stars", "formulas", "headings", "half characters"],
)
def test_text_that_is_hard_to_render_takes_no_time(make: Callable[[int], str]) -> None:
    for many in (MAX_NESTED // 8, MAX_NESTED, MAX_TEXT):
        start = time.process_time()
        assert "<script" not in text_cell_html(make(many) + "<script>")
        assert time.process_time() - start < 5


def test_pictures_beside_the_notebook_come_into_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "submission"
    (folder / "my plots").mkdir(parents=True)
    for path in (folder / "a.png", folder / "my plots" / "b.jpg", tmp_path / "secret.png"):
        path.write_bytes(b"picture")
    (folder / "link.png").symlink_to(tmp_path / "secret.png")

    def shown(text: str) -> str:
        return Pictures(folder).put_into(text_cell_html(text))

    assert shown("![p](a.png)") == '<p><img src="data:image/png;base64,cGljdHVyZQ==" alt="p"></p>\n'
    assert "data:image/jpeg;" in shown("![p](my%20plots/b.jpg)")
    for text in (
        "![p](link.png)",
        "![p](../secret.png)",
        ' src="../secret.png"',
        '`<img src="a.png">`',
        "<abbr title='<img src=\"a.png\">'>x</abbr>",
        f"![p]({'a' * 5000}.png)",
        "![p](missing.png)",
    ):
        assert "cGlj" not in shown(text), text
    monkeypatch.setattr("gradpath.frontends.nbgrader.pages.text_cells.MAX_PICTURES", 10)
    assert shown("![p](a.png) ![p](a.png)").count("cGlj") == 1
