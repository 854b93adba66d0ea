"""The students' pages: their content, their secrets, and their looks."""

from __future__ import annotations

import functools
import itertools
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.run import Run
from gradpath.cohort.store import NAME
from gradpath.course.config import CHOICES, Hidden, read_config
from gradpath.course.expectations import Expectation, Parts, Record
from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.course.plots import page_plots_of
from gradpath.course.settings import read_settings
from gradpath.errors import SettingsError
from gradpath.grading.expected import Expected
from gradpath.grading.oracle import plan_of
from gradpath.grading.results import Result
from gradpath.reports.feedback.page import Pages
from gradpath.reports.feedback.paths import page_path
from gradpath.reports.feedback.pictures import Pictures
from gradpath.reports.feedback.source import listing
from gradpath.reports.feedback.upload import entry_name
from gradpath.submissions.submission import Submission
from gradpath.worker.protocol import Cell, Observation
from tests.conftest import SLUGS, Command, submission
from tests.support.demo_cohort import corpus, mistakes
from tests.support.stored_runs import SLUG, grade, write_cohort

WRONG = {slug: (load(slug).misconceptions[0].id,) for slug in SLUGS} | {
    "mse_sweep": ("sum-instead-of-mean", "endpoint-dropped"),
    "hand_gradients": ("sign-flipped-residual", "gradients-not-zeroed"),
    "rosenbrock": ("sequential-update",),
    "linear_regression": ("mean-over-rows-only",),
    "hidden_layer": ("double-softmax",),
    "optimizers": ("bias-correction-missing",),
}
CHECKED = ("wrong hidden_layer", "wrong mse_sweep", "names", "raised", "unreadable", "hostile")
"""Pages that the accessibility checker looks at: all that a page can have is in one of them."""
QUICK = ("mse_sweep", "hand_gradients", "rosenbrock", "hidden_layer")
"""Assignments with wrong pages in the quick tests: all kinds of pictures are there."""
SECRET = "test-secret"
"""That of `whole_run`."""
PICTURES = {
    "mse_sweep": "sweep: the whole grid",
    "hand_gradients": "train: losses",
    "rosenbrock": "descend: points",
    "linear_regression": "train: losses",
    "hidden_layer": "train_manual: decision regions",
    "optimizers": "adam: weights",
}
HOSTILE = """\
# <script>document.title = 'ran'</script> \u202e reversed \x1b[31m red
'''<img src=x onerror="document.title = 'ran'">
</pre></details></main><h1>mine</h1>'''
class Evil(Exception):
    pass
Evil.__name__ = Evil.__qualname__ = "<b>Evil</b>"
def gradient(x, y, w):
    raise Evil("</p><script>document.title = 'ran'</script>\u202e=1+1")
def loss(x, y, w):
    return {"<script>document.title = 'ran'</script>": 1, "<svg onload=alert(1)>": 2}
"""
REMEMBERS = """\
def gradient(x, y, w):
    raise ValueError(f"{x!r} {y!r} {w!r}")
def predict(x, w):
    return x
def loss(x, y, w):
    return y
def train(xs, ys, w, lr, epochs):
    return {"gradients": xs, "weights": ys, "losses": [w, lr]}
"""


SWAPPED = """\
import matplotlib.pyplot as plt
def plot_sweep(weights, losses):
    axes = plt.subplots()[1]
    axes.plot(losses, weights)
    axes.set(xlabel="w", ylabel="Loss")
    return axes
"""


def graded(run: Run, one: Submission) -> tuple[Result, Kept]:
    """Grade a submission; return its result and the source and runs that are kept."""
    found: list[tuple[Result, Kept]] = []
    run.grade_all([one], lambda _: None, found.extend)
    return found[0]


pages_of = functools.cache(Pages)
"""One for each assignment, which draws the same picture once."""


def html_of(run: Run, one: Submission, hidden: Hidden = "all") -> str:
    result, kept = graded(run, one)
    return pages_of(one.assignment).html(result, kept, hidden)


def words(html: str) -> str:
    """Return all that a page shows as text, with single spaces."""
    soup = BeautifulSoup(html, "html.parser")
    for style in soup.select("style"):
        style.decompose()
    return " ".join(soup.get_text(" ").split())


class PageFiles(Mapping[str, Path]):
    """Pages of every kind, each made when a test asks for it."""

    def __init__(self, run: Run, folder: Path) -> None:
        wrong = submission(SLUG, mistakes(SLUG, *WRONG[SLUG]))
        notebook = corpus(SLUG, "right/notebook_magics.ipynb")
        self._run, self._folder = run, folder
        self._of: dict[str, tuple[Submission, Hidden]] = {
            **{f"right {slug}": (submission(slug, solution_of(slug)), "all") for slug in SLUGS},
            **{
                f"wrong {slug}": (submission(slug, mistakes(slug, *names)), "all")
                for slug, names in WRONG.items()
            },
            "names": (wrong, "names"),
            "none": (wrong, "none"),
            "raised": (raising(), "all"),
            "notebook": (submission(SLUG, notebook, f"{SLUG}.ipynb"), "all"),
            "unreadable": (submission(SLUG, "import os\n\ndef forward(x, w)\n"), "all"),
            "not imported": (submission(SLUG, "import numpy as np\n1 / 0\n"), "all"),
            "hostile": (
                submission("hand_gradients", HOSTILE, "<i>a</i>\u202e/hand_gradients.py"),
                "all",
            ),
        }

    def __getitem__(self, name: str) -> Path:
        path = self._folder / f"{name.replace(' ', '-')}.html"
        if not path.exists():
            path.write_text(html_of(self._run, *self._of[name]), "utf-8")
        return path

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


@pytest.fixture(scope="module")
def pages(whole_run: Run, tmp_path_factory: pytest.TempPathFactory) -> PageFiles:
    return PageFiles(whole_run, tmp_path_factory.mktemp("pages"))


def raising() -> Submission:
    """A submission that raises in a helper, in line 2 of a long file."""
    text = "def helper(x):\n    return x['key']\n\n\ndef forward(x, w):\n    return helper(x)\n"
    return submission(SLUG, text + "# a long file\n" * 80)


# Content of pages


@pytest.mark.parametrize("slug", SLUGS)
def test_right_work_has_all_points_and_its_pictures(pages: PageFiles, slug: str) -> None:
    html = pages[f"right {slug}"].read_text("utf-8")
    text = words(html)
    assert f"10 of {sum(read_settings(slug).points.values()):g} points" in text
    for check in load(slug).checks:
        assert check.title in text
    function = page_plots_of(slug)[0].check.partition(".")[0]
    assert PICTURES.get(slug, f"{function}: ") in text
    assert "<svg" in html
    assert "✗" not in text
    assert len(html) < 500_000


@pytest.mark.parametrize(
    "slug",
    [pytest.param(slug, marks=() if slug in QUICK else pytest.mark.slow) for slug in SLUGS],
)
def test_wrong_work_has_numbers_hint_and_the_first_difference(pages: PageFiles, slug: str) -> None:
    html = pages[f"wrong {slug}"].read_text("utf-8")
    text = words(html)
    assert f"Hint ({WRONG[slug][0]})" in text
    assert "The first difference" in text
    assert "first difference" in text
    rows = BeautifulSoup(html, "html.parser").select("tr.first")
    assert rows
    for row in rows:
        yours, expected = (each.get_text() for each in row.select("td.number")[:2])
        assert yours != expected
    # Each colour is the page's, so that pictures follow its light and dark.
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert not re.search(r"#[0-9a-fA-F]{6}\b", svg)


def test_steps_around_the_first_difference(pages: PageFiles) -> None:
    soup = BeautifulSoup(pages["wrong hand_gradients"].read_text("utf-8"), "html.parser")
    table = soup.select_one("[id='check-train_autograd.documented'] tbody")
    assert table is not None
    rows = [[cell.get_text() for cell in row.select("th code, td")] for row in table.select("tr")]
    assert [row[0] for row in rows] == [f"gradients[{step}]" for step in range(4)]
    assert rows[0][1:] == ["-2", "-2", "+0"]
    assert rows[1][1:] == ["-9.84", "-7.84", "-2"]


def test_a_file_that_cannot_be_read_or_imported(pages: PageFiles) -> None:
    for name, line, says in (
        ("unreadable", 3, "syntax error in line 3"),
        ("not imported", 2, "the file defines none of this assignment's functions"),
    ):
        soup = BeautifulSoup(pages[name].read_text("utf-8"), "html.parser")
        assert says in " ".join(soup.get_text(" ").split())
        (marked,) = soup.select(".line.marked")
        assert marked["id"] == f"line-1-{line}"
        assert "details" in [parent.name for parent in marked.parents]
        details = marked.find_parent("details")
        assert details is not None
        assert details.has_attr("open")


def test_a_notebook_is_shown_cell_by_cell_without_what_we_put_before_it(
    pages: PageFiles,
) -> None:
    soup = BeautifulSoup(pages["notebook"].read_text("utf-8"), "html.parser")
    names = [each.get_text() for each in soup.select("details summary code")]
    assert names
    assert all(re.fullmatch(r"cell \d+", name) for name in names)


def test_long_and_odd_sources_keep_their_line_numbers() -> None:
    text = 'x = """one\n<two>\n\x0cthree"""\n\n\ty = 1\n'
    (cell,) = listing([Cell("a.py", text)], cut=False).cells
    assert [line.number for line in cell.lines] == [1, 2, 3, 4, 5]
    assert "&lt;two&gt;" in cell.lines[1].html
    long = listing([Cell("a.py", "(" * 50_000 + "\n" + "x = 1\n" * 30_000)], cut=True)
    assert len(long.cells[0].lines) == 30_001
    assert len(long.cells[0].lines[0].html) < 3_000


# Secrets of pages


def hidden_numbers(slug: str, secret: str) -> set[str]:
    """Return the numbers that hidden checks use, as they may be written: at least 5 digits."""
    found: set[str] = set()
    cases = plan_of(load(slug), secret)

    def collect(value: object) -> None:
        value = getattr(value, "array", value)
        if isinstance(value, dict):
            for each in value.values():
                collect(each)
        elif isinstance(value, list | tuple):
            for each in value:
                collect(each)
        elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
            for number in value.reshape(-1)[:50]:
                collect(float(number))
        elif isinstance(value, float) and np.isfinite(value):
            digits = f"{abs(value):.7g}"
            if len(digits.replace(".", "").lstrip("0")) >= 6 and "e" not in digits:
                found.update({digits, repr(abs(value))[: max(len(digits), 8)]})

    for check in load(slug).checks:
        if check.visibility == "hidden":
            for case in cases[check.id]:
                collect(list(case.call.args))
    return found


def test_no_page_has_a_hidden_input(whole_run: Run) -> None:
    """Not even of a submission that returns, or raises, its arguments."""
    texts = {
        "hand_gradients": (REMEMBERS, mistakes("hand_gradients", "missing-factor-two").decode()),
        "mse_sweep": (SWAPPED, "def forward(x, w):\n    return x\n"),
        "rosenbrock": ("def rosenbrock(x, y):\n    raise ValueError((x, y))\n",),
    }
    leaked_by_results = 0
    for slug, sources in texts.items():
        numbers = hidden_numbers(slug, SECRET)
        assert len(numbers) > 50
        # Those that public data have as well say nothing.
        public = json.dumps([str(case) for case in plan_of(load(slug).only_public(), "").items()])
        numbers = {number for number in numbers if number not in public}
        for source in sources:
            result, kept = graded(whole_run, submission(slug, source))
            pages = {hidden: pages_of(slug).html(result, kept, hidden) for hidden in CHOICES}
            shown = {hidden: words(page) for hidden, page in pages.items()}
            held = "".join(pages.values()) + json.dumps(kept.observations(), default=str)
            assert SECRET not in held
            assert not {number for number in numbers if number in held}
            messages = json.dumps([check.message for check in result.checks])
            leaked_by_results += any(number in messages for number in numbers)
            for check in result.checks:
                if check.visibility == "hidden":
                    for hidden, page in pages.items():
                        is_listed = hidden not in ("none", "points")
                        assert (check.title in shown[hidden]) == is_listed
                        assert (f'id="check-{check.id}"' in page) == is_listed
    # The search would find them: staff's results do have such numbers.
    assert leaked_by_results


TELLS = """\
import builtins

import numpy as np

SEEN = []
KINDS = [ValueError, KeyError, TypeError, IndexError, OSError, RuntimeError, ArithmeticError]


def digit(*values):
    SEEN.extend(values)
    return int(abs(float(np.sum(values[0]))) * 1e4)


def is_public(x):
    return float(np.sum(x)).is_integer() and not SEEN


def forward(x, w):
    if SEEN or not is_public(x):
        kind = KINDS[digit(x) % 7]
        {lines}
    return x * w


def loss(x, y, w):
    right = (x * w - y) ** 2
    if SEEN or not is_public(x):
        if np.ndim(right):
            right[digit(x) % len(right):] = 0.0
            return right
        return [right] * (digit(x) % 90 + 2)
    return right


def mean_squared_error(x, y, w):
    raise ValueError(SEEN)


def sweep(x, y, weights):
    return f"{{SEEN}}"


def best_weight(weights, losses):
    return weights[0] + sum(map(np.sum, SEEN))
""".format(lines="\n        ".join(f"if digit(x) % 50 == {n}: raise kind({n})" for n in range(50)))
"""Tells hidden inputs by kinds of exceptions, their words and lines, by shapes, by the place of the
first wrong number, and in the public calls that come after them."""


def test_a_page_is_the_same_whatever_hidden_inputs_were(whole_run: Run) -> None:
    one = submission(SLUG, TELLS)
    with Run([SLUG], "another secret") as other:
        results = [graded(run, one) for run in (whole_run, other)]
    assert results[0][0] != results[1][0]  # staff's results do tell them
    public = [[c for c in result.checks if c.visibility == "public"] for result, _ in results]
    assert public[0] == public[1]
    for shown in CHOICES:
        first, second = (pages_of(SLUG).html(result, kept, shown) for result, kept in results)
        assert first == second


def test_what_each_choice_says(whole_run: Run) -> None:
    one = submission("hand_gradients", mistakes("hand_gradients", "missing-factor-two"))
    result, kept = graded(whole_run, one)
    texts = {
        hidden: words(pages_of("hand_gradients").html(result, kept, hidden)) for hidden in CHOICES
    }
    assert f"{result.score:g} of 10 points" in texts["all"]
    assert f"{result.score:g} of 10 points" in texts["outcomes"]
    assert "result is wrong" in texts["all"]
    assert "result is wrong" not in texts["outcomes"]
    public = [check for check in result.checks if check.visibility == "public"]
    score = f"{sum(c.points for c in public):g} of {sum(c.max_points for c in public):g} points"
    for hidden in ("names", "none"):
        assert f"{score}, public checks only" in texts[hidden]
    late = msgspec.structs.replace(
        result, score=1.0, message=f"2 days late: 50 % off, 1 instead of {result.score:g} points"
    )
    page = words(pages_of("hand_gradients").html(late, kept, "none"))
    assert "2 days late: 50 % off" in page
    assert "instead of" not in page
    assert "1 of 10 points" in words(pages_of("hand_gradients").html(late, kept, "all"))
    assert "not shown" in texts["names"]
    assert "not shown" not in texts["none"]
    others = [check for check in result.checks if check.visibility == "hidden"]
    lost = sum(check.max_points - check.points for check in others)
    assert f"{result.score:g} of 10 points" in texts["points"]
    assert f"Hidden checks, which use other data, took {lost:g} points." in texts["points"]
    for choice in set(CHOICES) - {"points"}:
        assert "Hidden checks, which use other data, took" not in texts[choice]
    public_only = msgspec.structs.replace(result, checks=public)
    assert (
        "hidden checks"
        not in words(pages_of("hand_gradients").html(public_only, kept, "points")).lower()
    )


def test_the_settings_choose_before_and_after_the_deadline(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    # Where no time is set, a page says how many points hidden checks took, unless told otherwise.
    assert read_config(tmp_path).hidden(None, now) == "points"
    assert read_config(tmp_path).hidden(now + timedelta(days=1), now) == "none"
    assert read_config(tmp_path).hidden(now, now) == "all"
    file = tmp_path / "gradpath.toml"
    file.write_text(
        '[feedback]\nhidden_before = "names"\nhidden_after = "outcomes"\n'
        f"[due]\n{SLUG} = 2026-11-30T18:00:00+01:00\n"
    )
    settings = read_config(tmp_path)
    due = datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert settings.hidden(due, due - timedelta(seconds=1)) == "names"
    assert settings.hidden(due, due) == "outcomes"
    assert settings.hidden(None, due) == "names"
    file.write_text('[feedback]\nhidden_before = "none"\n')
    assert read_config(tmp_path).hidden(None, due) == "none"
    for wrong in ('hidden_after = "everything"', "hidden = 1", 'hidden_before = "after-deadline"'):
        file.write_text(f"[feedback]\n{wrong}\n")
        with pytest.raises(SettingsError, match=r"gradpath.toml: .*in \[feedback") as caught:
            read_config(tmp_path)
        assert "\n" not in str(caught.value)


# Pictures


ODD: tuple[object, ...] = (
    None,
    "text",
    [],
    [[1.0], [1.0, 2.0]],
    float("nan"),
    np.zeros((0, 3)),
    np.full(300, np.nan),
    np.full((300, 2), 1e300),
    np.array([np.inf, -np.inf, 0.0]),
)


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_whatever_is_returned_there_is_a_page(slug: str) -> None:
    """Values that no solution returns, in turn alone and as the parts of a record.

    One that is alone in an assignment is in a record in the next one.
    """
    pictures = Pictures(Expected(slug))
    checks = [check for check in load(slug).checks if check.visibility == "public"]
    cases = plan_of(load(slug).only_public(), "")
    for number, odd in enumerate(ODD, SLUGS.index(slug)):
        runs = {check.id: [Observation("returned", odd)] for check in checks}
        if number % 2:
            runs = {
                id_: [Observation("returned", made(case.expect, odd)) for case in cases[id_]]
                for id_ in runs
            }
        drawn = pictures.of(runs)
        assert number % 2 == 0 or len(drawn) == len(page_plots_of(slug))
        assert all(each.wrong and "</svg>" in each.svg for each in drawn)


def made(expect: Expectation, odd: object) -> object:
    """Return a value of the expected container with odd parts."""
    if isinstance(expect, Parts):
        return [odd for _ in expect.names]
    if not isinstance(expect, Record):
        return odd
    record: dict[str, Any] = {}
    for name in expect.fields:
        *outer, last = name.split(".")
        inner = record
        for key in outer:
            inner = inner.setdefault(key, {})
        inner[last] = odd
    return record


# How pages look


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_in_a_browser_without_scripts(
    browser: Browser, pages: PageFiles, scheme: Literal["light", "dark"], width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=False
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    try:
        for path in pages.values():
            asked.clear()
            page.goto(path.as_uri())
            assert asked == [path.as_uri()]
            assert page.locator("h1").count() == 1
            assert page.locator("main").count() == 1
            overflow = page.evaluate("document.documentElement.scrollWidth")
            assert overflow == width, path.name
            levels = [
                int(tag[1])
                for tag in page.evaluate(
                    "[...document.querySelectorAll('h1,h2,h3,h4')].map(each => each.tagName)"
                )
            ]
            assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
            ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
            assert len(ids) == len(set(ids)), path.name
            links = page.evaluate(
                "[...document.querySelectorAll('[href]')].map(each => each.getAttribute('href'))"
            )
            assert all(link.startswith("#") and link[1:] in ids for link in links), path.name
            assert page.title() != "ran"
        assert not trouble
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing(
    browser: Browser, pages: PageFiles, scheme: Literal["light", "dark"]
) -> None:
    # The checker is a script, which a page's own policy forbids.
    context = browser.new_context(
        color_scheme=scheme, bypass_csp=True, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    # In the dark only the colours are others.
    rules = ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]
    only = {"type": "tag", "values": rules} if scheme == "light" else ["color-contrast"]
    # Pictures are hidden from screen readers and hold no text; their figures have labels.
    looked_at = {"exclude": [["figure svg"]]}
    try:
        for name in CHECKED:
            page.goto(pages[name].as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            found = Axe().run(page, context=looked_at, options={"runOnly": only}).response
            assert found["passes"]
            problems = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
            assert not problems, name
    finally:
        context.close()


def test_the_checker_would_find_poor_contrast(browser: Browser, pages: PageFiles) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(pages["wrong mse_sweep"].as_uri())
    page.add_style_tag(content=":root { --bad: #e8b4a0 !important; }")
    found = Axe().run(page, options={"runOnly": ["wcag2aa"]}).response
    assert [each["id"] for each in found["violations"]] == ["color-contrast"]
    context.close()


def test_a_link_leads_to_the_marked_line_and_back(browser: Browser, pages: PageFiles) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(pages["raised"].as_uri())
        trace = page.locator(".trace").first
        assert [each.inner_text().split(":")[0] for each in trace.locator("li").all()] == [
            f"{SLUG}.py, line 6, in forward",
            f"{SLUG}.py, line 2, in helper",
        ]
        line = page.locator("#line-1-2")
        assert "marked" in (line.get_attribute("class") or "")
        trace.locator("a").last.click()
        assert page.url.endswith("#line-1-2")
        assert in_view(page, "#line-1-2")
        line.locator("a.why").first.click()
        assert in_view(page, "[id='check-forward.examples']")
        # Folded by the reader, it opens again.
        page.locator("details.source summary").click()
        assert not line.is_visible()
        trace.locator("a").last.click()
        assert in_view(page, "#line-1-2")
    finally:
        context.close()


def in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    return box is not None and -1 <= box["y"] <= 800


def test_a_page_can_be_printed(browser: Browser, pages: PageFiles) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(pages["wrong hidden_layer"].as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf().startswith(b"%PDF")
    context.close()


# The command


def test_names_of_folders() -> None:
    names = ["s01", "Zoë Ångström", "x" * 120, "ü" * 120, ""]
    names += ["../x", "a/b", "a\\b", ".hidden", "con", "nul.txt", "a."]
    paths = [page_path(name, SLUG) for name in names]
    assert [str(path) for path in paths[:2]] == [f"s01/{SLUG}.html", f"Zoë Ångström/{SLUG}.html"]
    assert len(set(paths)) == len(paths)
    for path in paths:
        folder, _ = path.parts
        assert not folder.startswith(".")
        assert len(folder.encode()) < 255
    assert page_path("a_b", SLUG) != page_path("a/b", SLUG)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cohort of three, graded into `out`."""
    folder = tmp_path_factory.mktemp("run")
    write_cohort(folder / "cohort", 3)
    assert grade("cohort", "--out", "out", cwd=folder).returncode == 0
    return folder


@pytest.mark.slow
def test_pages_of_a_run(run_folder: Path, gradpath: Command) -> None:
    done = gradpath("feedback", "out", "--jobs", "2", cwd=run_folder)
    assert done.returncode == 0, done.stderr
    assert (
        f"of hidden checks, pages show the points that they took (points): {SLUG}\n" in done.stdout
    )
    assert f"no time in [due] of gradpath.toml, so nothing changes by itself: {SLUG}" in done.stdout
    assert "pages written: 3, unchanged: 0" in done.stdout
    files = sorted((run_folder / "out" / "feedback").rglob("*.*"))
    assert [path.name for path in files] == [f"{SLUG}.html"] * 3
    first = files[0].read_bytes()
    (run_folder / "gradpath.toml").write_text(f"[due]\n{SLUG} = 2020-01-01T00:00:00Z\n")
    again = gradpath("feedback", "out", "--student", "s001", cwd=run_folder)
    assert "pages written: 1, unchanged: 0" in again.stdout
    assert "how they went, without their numbers" in again.stdout
    with (run_folder / "gradpath.toml").open("a") as settings:
        settings.write('[late]\nextensions = "extensions.csv"\n')
    (run_folder / "extensions.csv").write_text("student,due\ns001,2999-01-01T00:00:00Z\n")
    extended = gradpath("feedback", "out", "--student", "s001", cwd=run_folder)
    assert "for an extension, 1 page shows nothing" in extended.stdout
    assert "pages written: 1, unchanged: 0" in extended.stdout
    (run_folder / "gradpath.toml").unlink()
    assert "pages written: 1, unchanged: 2" in gradpath("feedback", "out", cwd=run_folder).stdout
    assert "pages written: 0, unchanged: 3" in gradpath("feedback", "out", cwd=run_folder).stdout
    assert files[0].read_bytes() == first
    # The same bytes, wherever and whenever.
    gradpath("feedback", "out", "--to", "elsewhere", cwd=run_folder)
    assert (run_folder / "elsewhere" / "s000" / f"{SLUG}.html").read_bytes() == first


def _moodle(path: str) -> tuple[int, str, str] | None:
    """Moodle's rule: the first part with a number after the first `_` says the participant."""
    for part in (parts := path.split("/")):
        name = part.split("_", 4)
        if len(name) >= 4 and name[1].isnumeric():
            rest = "/".join([*(name[4:] or [""]), *parts[parts.index(part) + 1 :]])
            return int(name[1]), "_".join(name[2:4]), rest
    return None


def _canvas(name: str) -> list[str]:
    """Canvas's rule: the first two numbers between `_` say the user and the attachment."""
    return [part for part in name.split("_") if part.isdigit()][:2]


@pytest.mark.parametrize(
    ("site", "file", "entry"),
    [
        ("moodle", "a.zip/Max Müller_657743_assignsubmission_file_/m.py", (657743, "", "")),
        ("moodle", "a.zip/John_Doe_7_assignsubmission_file/folder/m.py", (7, "", "")),
        ("moodle", "Participant_123_assignsubmission_onlinetext_/text.html", (123, "", "")),
        ("moodle", "s01/m.py", None),
        ("moodle", "a.zip/doejane_334250_394803495_m.py", None),
        ("canvas", "a.zip/doejane_334250_394803495_m.py", ["334250", "394803495"]),
        ("canvas", "a.zip/doejane_LATE_334250_394803495_m-1.ipynb", ["334250", "394803495"]),
        ("canvas", "a.zip/doejane_334250_text.html", None),
        ("canvas", "a.zip/Max Müller_657743_assignsubmission_file_/m.py", None),
    ],
)
def test_a_page_goes_back_to_the_submission_that_it_is_about(
    site: Any, file: str, entry: Any
) -> None:
    name = entry_name(site, Result(SLUG, "s01", file, 1.0, 1.0, "graded", []))
    if name is None:
        assert entry is None
    elif site == "moodle":
        assert _moodle(name) == (entry[0], "assignsubmission_file", f"/{SLUG}.html")
    else:
        assert (_canvas(name), name.endswith(f"_{SLUG}.html")) == (entry, True)


def test_zips_for_a_course_site(in_process: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as download:
        for number, name in ((7, "Ada_L"), (8, "Bo")):
            entry = f"{name}_{number}_assignsubmission_file_/{SLUG}.py"
            download.writestr(entry, "def predict(x, w):\n    return x * w\n")
    (tmp_path / "s03").mkdir()
    (tmp_path / "s03" / f"{SLUG}.py").write_text("x = 1\n")
    graded = in_process("grade", "moodle.zip", "s03", "--out", "out", "--public", cwd=tmp_path)
    assert graded.returncode == 0, graded.stderr
    done = in_process("feedback", "out", "--zip", "moodle", cwd=tmp_path)
    assert f"{SLUG}-moodle.zip: 2 pages; without a file of the site's: s03" in " ".join(
        done.stdout.split()
    )
    with zipfile.ZipFile(tmp_path / "out" / "feedback" / f"{SLUG}-moodle.zip") as pages:
        names = {f"student_{number}_assignsubmission_file/{SLUG}.html" for number in (7, 8)}
        assert set(pages.namelist()) == names
        page = (tmp_path / "out" / "feedback" / "Ada_L" / f"{SLUG}.html").read_bytes()
        assert pages.read(f"student_7_assignsubmission_file/{SLUG}.html") == page
    one_line(in_process("feedback", "out", "--zip", "canvas", cwd=tmp_path), "download of Canvas")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere"], "grade first"),
        (["out", "--student", "s999"], "no results of 's999'"),
        (["out", "--assignment", "rosenbrock"], "no results for 'rosenbrock'"),
        (["out", "--to", "cohort/s000/mse_sweep.py"], "is a file"),
        (["out", "--to", "cohort/s000"], "lies in it; give another folder with --to"),
    ],
)
def test_wrong_words_are_one_line(
    run_folder: Path, in_process: Command, words: list[str], says: str
) -> None:
    done = in_process("feedback", *words, cwd=run_folder)
    assert done.returncode == 2
    assert says in done.stderr


def test_a_damaged_store_is_one_line(run_folder: Path, in_process: Command, tmp_path: Path) -> None:
    shutil.copytree(run_folder / "out", tmp_path / "out")
    (tmp_path / "out" / NAME).write_bytes(b"no database" * 1000)
    one_line(in_process("feedback", "out", "--to", "pages", cwd=tmp_path), "is damaged")
    assert not (tmp_path / "pages").exists()


def one_line(done: subprocess.CompletedProcess[str], says: str) -> None:
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert says in line
