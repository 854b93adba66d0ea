"""nbgrader's formgrader page in a real browser, and `nbgrader validate` on a student's machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.frontends.nbgrader.notebook import Answers
from tests.conftest import SLUGS
from tests.support.demo_cohort import corpus, mistakes
from tests.support.nbgrader_box import Course, filled, on_path

SLUG = "hand_gradients"
OTHER = "mse_sweep"
TOKEN = "a-token-for-the-tests"
NBGRADER = "nbgrader.server_extensions."
NOT_NEEDED = ("jupyter_lsp", "jupyter_server_terminals", "jupyterlab", "notebook", "notebook_shim")
PWNED = "window.pwned = 'yes'"

ATTACK = f"""\
My answer. <script>{PWNED}</script> <img src="nothing.png" onerror="{PWNED}">

![](../../../formgrader?path=submitted/s03/{OTHER})

[a link](javascript:{PWNED.replace(" ", "")})

# written
"""
"""A script in three ways, a picture whose address has the server execute settings, and a heading
that takes the id of the field for the score."""

pytestmark = pytest.mark.stock

SETTINGS = b"""\
from pathlib import Path

Path("executed").touch()
"""


# A course, its server and a browser


@pytest.fixture(scope="module")
def course(released_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Submissions of two assignments, all but one of them graded by nbgrader's own autograde."""
    course = released_course.copy(tmp_path_factory.mktemp("formgrader") / "course")
    course.submit_code("s01", SLUG, solution_of(SLUG))
    course.submit_code("s02", SLUG, mistakes(SLUG, "missing-factor-two").decode())
    course.submit("s04", SLUG, ("notes.txt", b"I did it on paper."))
    course.submit_code("s01", OTHER, solution_of(OTHER))
    course.submit(
        "s03", OTHER, (f"{OTHER}.ipynb", attack(course)), ("nbgrader_config.py", SETTINGS)
    )
    course.submit("s04", OTHER, (f"{OTHER}.ipynb", corpus(OTHER, "right/notebook_magics.ipynb")))
    api = course.api()
    with on_path():
        for done in (
            api.autograde(SLUG, "*"),
            api.autograde(OTHER, "s01"),
            api.autograde(OTHER, "s03"),
            api.generate_feedback(OTHER, "s03"),
        ):
            assert done["success"], done
    return course


def attack(course: Course) -> bytes:
    """Return a notebook that tries to run a script wherever pages show something of it."""
    notebook = filled(course.released(OTHER), OTHER, solution_of(OTHER), ATTACK)
    script = f"<script>{PWNED}</script>"
    data = {"text/html": script, "application/javascript": PWNED, "image/svg+xml": script}
    outputs = [
        {"output_type": "display_data", "data": {kind: text}, "metadata": {}}
        for kind, text in data.items()
    ]
    code = {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": script}
    text = {"cell_type": "markdown", "metadata": {}, "source": ATTACK}
    raw = {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": script}
    more: list[Any] = [{**code, "outputs": outputs}, text, raw]
    for place, cell in enumerate(more):
        notebook["cells"].append({**cell, "id": f"attack-{place}"})
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs
    return json.dumps(notebook).encode()


@contextmanager
def jupyter(root: Path, home: Path) -> Iterator[str]:
    """Run a Jupyter server with nbgrader's pages in a folder; give its address."""
    extensions = dict.fromkeys(NOT_NEEDED, False)
    extensions |= {f"{NBGRADER}{name}": True for name in ("formgrader", "validate_assignment")}
    config = {"ServerApp": {"jpserver_extensions": extensions}}
    (home / "config").mkdir(parents=True)
    (home / "config" / "jupyter_server_config.json").write_text(json.dumps(config))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {key: value for key, value in os.environ.items() if "JUPYTER" not in key}
    environment |= {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": root,
        "IdentityProvider.token": TOKEN,
    }
    with (home / "log").open("w+") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(server, f"{address}/formgrader/api/status?token={TOKEN}", home / "log")
            yield address
        finally:
            _stop(server)


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:])


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and its children: it has a session of its own."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture(scope="module")
def address(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with jupyter(course.root, tmp_path_factory.mktemp("jupyter") / "home") as address:
        yield address


@pytest.fixture(scope="module")
def browser_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of a browser that is logged in, and reaches nothing but the server and files."""

    def only_here(route: Route) -> None:
        here = route.request.url.startswith((address, "file:", "data:"))
        route.continue_() if here else route.abort()

    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.route("**/*", only_here)
    page.goto(f"{address}/login?token={TOKEN}")
    yield page
    page.close()


@pytest.fixture
def page(browser_page: Page, address: str) -> Page:
    return browser_page


def show_names(page: Page) -> None:
    """Show the students' names in the list, once it is there."""
    page.locator("#main-table .name-shown").first.wait_for(state="attached")
    page.get_by_role("button", name="Show All Names").click()


def open_submission(page: Page, address: str, student: str, slug: str) -> None:
    """Open a student's submission as a person does: from the list, by the student's name."""
    page.goto(f"{address}/formgrader/gradebook/{slug}/{slug}")
    show_names(page)
    page.get_by_role("link", name=student, exact=True).click()
    page.wait_for_url("**/formgrader/submissions/**")
    # The scores come after the page.
    expect(page.locator(".score[placeholder]").first).to_be_attached()


# Staff's pages


def test_all_assignments_and_how_many_submissions(page: Page, address: str) -> None:
    page.goto(f"{address}/formgrader")
    rows = page.locator("#main-table tr")
    expect(rows).to_have_count(len(SLUGS))
    shown = {
        row.locator(".name").inner_text(): row.locator(".num-submissions").inner_text()
        for row in rows.all()
    }
    assert shown == {slug: {SLUG: "3", OTHER: "3"}.get(slug, "0") for slug in SLUGS}


def test_scores_are_those_of_the_gradebook(page: Page, address: str, course: Course) -> None:
    page.goto(f"{address}/formgrader/gradebook/{SLUG}/{SLUG}")
    show_names(page)
    rows = page.locator("#main-table tr")
    expect(rows).to_have_count(3)
    shown = {
        row.locator(".name .name-shown").inner_text(): row.locator(".code-score").inner_text()
        for row in rows.all()
    }
    points = course.points()
    assert shown == {s: f"{points[s, SLUG]:g} / 10" for s in ("s01", "s02", "s04")}
    assert [points[s, SLUG] for s in ("s01", "s02", "s04")] == [10.0, 7.0, 0.0]


def test_grading_view_shows_checks_hint_and_score(page: Page, address: str, course: Course) -> None:
    open_submission(page, address, "s02", SLUG)
    text = page.inner_text("#notebook")
    for check in load(SLUG).checks:
        assert check.title in text
    assert "gradient(1.0, 2.0, 1.0): result is -1, expected -2" in text
    assert "Hint (missing-factor-two)" in text
    for (student, slug, cell), row in course.rows().items():
        if (student, slug) == ("s02", SLUG) and cell != "written":
            shown = page.locator(f"#{cell}").get_attribute("placeholder")
            assert float(shown or "nan") == row.score
    assert "def gradient(x, y, w):" in text
    assert "In [" not in text.replace("\xa0", " ")


def test_grading_view_of_a_student_without_a_notebook_says_so(page: Page, address: str) -> None:
    open_submission(page, address, "s04", SLUG)
    assert "what was handed in: notes.txt" in page.inner_text("#notebook")


def test_points_for_the_written_question(page: Page, address: str, course: Course) -> None:
    key = ("s01", OTHER, "written")
    assert course.rows()[key].score is None or course.rows()[key].score == 0
    open_submission(page, address, "s01", OTHER)
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.locator("#written").fill("1.5")
        page.locator("#written").press("Tab")
    row = course.rows()[key]
    assert (row.score, row.most, row.needs_manual_grade) == (1.5, 2.0, False)
    assert course.points()["s01", OTHER] == 10.0
    page.goto(f"{address}/formgrader/gradebook/{OTHER}")
    expect(page.locator("#main-table")).to_contain_text(OTHER)
    page.goto(f"{address}/formgrader/manage_submissions/{OTHER}")
    expect(page.locator("#main-table tr", has_text="s01")).to_contain_text("11.5 / 12")


def test_the_autograde_button(page: Page, address: str, course: Course) -> None:
    page.goto(f"{address}/formgrader/manage_submissions/{OTHER}")
    row = page.locator("#main-table tr", has_text="s04")
    expect(row).to_contain_text("needs autograding")
    row.locator(".autograde a").click()
    expect(page.locator("#success-modal")).to_contain_text("Successfully", timeout=60_000)
    assert course.points()["s04", OTHER] == 10.0


# A student's text in a page does nothing


def test_nothing_of_a_student_runs_in_the_grading_view(
    page: Page, address: str, course: Course
) -> None:
    # As if an address had come by another way: the settings do lie where the picture points to.
    assert (course.root / "submitted" / "s03" / OTHER / "nbgrader_config.py").is_file()
    assert not (course.root / "autograded" / "s03" / OTHER / "nbgrader_config.py").exists()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_submission(page, address, "s03", OTHER)
    page.wait_for_load_state("networkidle")
    assert "My answer." in page.inner_text("#notebook")
    assert page.evaluate("window.pwned") is None
    assert not [url for url in asked if "path=" in url]
    assert not (course.root / "executed").exists()
    links = page.locator("#notebook a", has_text="a link")
    assert links.count() == 2
    for link in links.all():
        link.dispatch_event("click")
    assert page.evaluate("window.pwned") is None
    # The heading did not take the place of the field for points.
    assert page.locator("#written").count() == 1
    assert page.locator("#written").get_attribute("type") == "number"


def test_nothing_of_a_student_runs_in_feedback(page: Page, course: Course, tmp_path: Path) -> None:
    path = course.root / "feedback" / "s03" / OTHER / f"{OTHER}.html"
    page.goto(path.as_uri())
    assert "My answer." in page.inner_text("#notebook")
    assert page.evaluate("window.pwned") is None
    # The same with nbgrader's own rendering: the test would see it.
    stock = course.copy(tmp_path / "stock")
    stock.add_settings("c.HTMLExporter.filters = {}")
    assert stock.api().generate_feedback(OTHER, "s03", force=True)["success"]
    page.goto((stock.root / path.relative_to(course.root)).as_uri())
    assert page.evaluate("window.pwned") == "yes"


def test_feedback_fits_on_a_telephone(page: Page, course: Course) -> None:
    with on_path():
        assert course.api().generate_feedback(SLUG, "s02")["success"]
    page.goto((course.root / "feedback" / "s02" / SLUG / f"{SLUG}.html").as_uri())
    try:
        for width in (1000, 400):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            for heading in page.locator(".nbgrader_cell .panel-heading").all():
                whole = heading.bounding_box()
                score = heading.locator(".pull-right").bounding_box()
                assert whole
                assert score
                assert score["y"] + score["height"] <= whole["y"] + whole["height"]
    finally:
        page.set_viewport_size({"width": 1200, "height": 900})


# Students' view before they hand in

STUB = "def best_weight(weights, losses):\n    best = 0\n    raise NotImplementedError\n"
WORK = {
    "begun": mistakes(OTHER, "sum-instead-of-mean").decode() + f"\n\n{STUB}",
    "right": solution_of(OTHER),
}
CASES: list[tuple[Answers, str]] = [
    ("cells", "begun"),
    ("cells", "right"),
    ("file", "begun"),
    ("file", "right"),
]


@pytest.fixture(scope="module")
def validated(
    released_course: Course, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[Answers, str], str]:
    """`nbgrader validate` prints this in students' folders, which hold nothing of the course's."""
    root = tmp_path_factory.mktemp("validate")
    courses: dict[Answers, Course] = {
        "cells": released_course,
        "file": Course.make(root / "course", "file").generate(OTHER),
    }

    def validate(case: tuple[Answers, str]) -> str:
        answers, work = case
        folder = root / answers / work
        folder.mkdir(parents=True)
        notebook = courses[answers].released(OTHER)
        if answers == "file":
            (folder / f"{OTHER}.py").write_text(WORK[work], "utf-8")
        else:
            notebook = filled(notebook, OTHER, WORK[work])
        if work == "right":
            (written,) = (c for c in notebook["cells"] if c["id"] == f"{OTHER}-written")
            written["source"] = "An answer."
        (folder / f"{OTHER}.ipynb").write_text(json.dumps(notebook), "utf-8")
        return Course(folder).nbgrader("validate", f"{OTHER}.ipynb")

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(CASES, pool.map(validate, CASES), strict=True))


@pytest.mark.parametrize("answers", ["cells", "file"])
def test_validate_with_a_known_mistake_and_a_function_to_write(
    validated: dict[tuple[Answers, str], str], answers: Answers
) -> None:
    printed = " ".join(validated[answers, "begun"].split())
    assert "VALIDATION FAILED ON 4 CELL(S)!" in printed
    assert "mean_squared_error: public checks, 0 of 0.5 points" in printed
    assert "result is 56, expected 18.66667 Hint (sum-instead-of-mean):" in printed
    assert "What turns a sum into a mean?" in printed
    assert "best_weight is not written yet" in printed
    assert "You did not provide a response." in printed
    # nbgrader cuts long lines; ours are wrapped before.
    assert "..." not in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("answers", ["cells", "file"])
def test_validate_when_all_is_right(
    validated: dict[tuple[Answers, str], str], answers: Answers
) -> None:
    assert "Success! Your notebook passes all the tests." in validated[answers, "right"]
