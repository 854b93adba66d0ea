"""gradpath post, against a stand-in for the REST paths of Canvas that canvasapi asks."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from gradpath.cohort.files import results_jsonl
from gradpath.cohort.regrade import PUBLISHED
from gradpath.grading.results import Result
from gradpath.reports.feedback.paths import FOLDER, page_path
from tests.conftest import Command

SLUG = "mse_sweep"
TOKEN = "a token of the tests"


class Canvas(ThreadingHTTPServer):
    """Course 7 with assignment 31; it remembers all that it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scores: dict[int, float | None] = {11: None, 12: 4.0, 13: 10.0, 14: None, 16: 1.0}
        self.points = 10.0
        self.pages: dict[int, bytes] = {}
        self.asked: list[str] = []
        self.broken = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Canvas

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, value: object, status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        canvas, path = self.server, self.path.partition("?")[0]
        canvas.asked.append(f"{self.command} {path}")
        if path.startswith("/store/"):
            canvas.pages[int(path.rpartition("/")[2])] = body
            return self.answer({"id": 99, "url": "x"})
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.answer({"errors": [{"message": "Invalid access token."}]}, 401)
        assignment = "/api/v1/courses/7/assignments/31"
        if path == "/api/v1/courses/7":
            return self.answer({"id": 7, "name": "Descent"})
        if path == assignment:
            values = {"id": 31, "name": "Sweep", "course_id": 7}
            return self.answer({**values, "points_possible": canvas.points})
        if path == f"{assignment}/submissions":
            return self.answer(
                [
                    {
                        "id": user, "user_id": user, "assignment_id": 31, "course_id": 7,
                        "score": score, "excused": user == 16,
                    }
                    for user, score in canvas.scores.items()
                ]
            )  # fmt: skip
        if not path.startswith(f"{assignment}/submissions/"):
            return self.answer({"errors": [{"message": "The resource does not exist."}]}, 404)
        user = int(path.removeprefix(f"{assignment}/submissions/").partition("/")[0])
        if self.command == "POST":
            upload = {"upload_url": f"{canvas.address}/store/{user}", "upload_params": {"key": "k"}}
            return self.answer(upload)
        words = parse_qs(body.decode())
        if "submission[posted_grade]" in words:
            if canvas.broken == user:
                return self.answer({"message": "down"}, 503)
            canvas.scores[user] = float(words["submission[posted_grade]"][0])
        return self.answer({"id": user, "user_id": user})

    do_GET = do_POST = do_PUT = handle_any


@pytest.fixture
def canvas() -> Iterator[Canvas]:
    server = Canvas()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Results of a download, of which s11 to s14 are Canvas's numbers 11 to 14."""
    points = {"s11": 7.25, "s12": 4.5, "s13": 10.0, "s14": 0.0, "s16": 3.0}
    results = [
        Result(SLUG, name, f"{name}_{name[1:]}_500_{SLUG}.py", score, 10.0, "graded", [])
        for name, score in points.items()
    ]
    results.append(Result(SLUG, "s15", f"{SLUG}.py", 5.0, 10.0, "graded", []))
    folder = tmp_path / "results"
    page = folder / FOLDER / page_path("s11", SLUG)
    page.parent.mkdir(parents=True)
    page.write_text("<p>the page of s11")
    (folder / PUBLISHED).write_bytes(results_jsonl(results))
    return folder


@pytest.fixture
def post(
    in_process: Command, canvas: Canvas, out: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    monkeypatch.setenv("CANVAS_TOKEN", TOKEN)
    words = ("--canvas", canvas.address, "--course", "7", "--assignment", f"{SLUG}=31")

    def run(*more: object) -> object:
        return in_process("post", out, *words, *more)

    return run  # type: ignore[return-value]


def test_a_dry_run_shows_the_list_and_posts_nothing(post: Command, canvas: Canvas) -> None:
    done = post("--dry-run")
    assert done.returncode == 1  # two are left out
    assert "s11" in done.stdout
    assert "Sweep: 3 to post, 1 as Canvas has them" in done.stdout
    assert "left out: s15" in done.stdout
    assert "left out: s16: excused" in done.stdout
    assert not [line for line in done.stdout.splitlines() if line != line.rstrip()]
    assert all(line.startswith("GET ") for line in canvas.asked)


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_nothing_is_posted_without_a_yes(
    typed: str, post: Command, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    done = post()
    assert done.returncode != 0
    assert "Post these 3?" in done.stdout
    assert all(line.startswith("GET ") for line in canvas.asked)


def test_grades_and_pages_arrive_once(post: Command, canvas: Canvas) -> None:
    assert "posted: 3" in post("--yes").stdout
    assert canvas.scores == {11: 7.25, 12: 4.5, 13: 10.0, 14: 0.0, 16: 1.0}
    assert canvas.pages.keys() == {11}
    assert b"the page of s11" in canvas.pages[11]
    canvas.asked.clear()
    assert "0 to post, 4 as Canvas has them" in post("--yes").stdout
    assert all(line.startswith("GET ") for line in canvas.asked)


def test_a_failure_in_the_middle_says_how_far_it_came(post: Command, canvas: Canvas) -> None:
    canvas.broken = 12
    done = post("--yes")
    assert done.returncode == 2
    assert "posted: 1 of 3; run it again for the others" in done.stderr
    assert done.stderr.count("\n") == 1
    canvas.broken = 0
    assert "posted: 2" in post("--yes").stdout


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("token", "refuses: "),
        ("points", "has 20 points in Canvas and mse_sweep has 10 here"),
        ("closed", "refuses: "),
    ],
)
def test_refusals_are_one_line(
    change: str, message: str, post: Command, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    if change == "token":
        monkeypatch.setenv("CANVAS_TOKEN", "another one")
    if change == "points":
        canvas.points = 20.0
    if change == "closed":
        canvas.shutdown()
        canvas.server_close()
    done = post("--yes")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert message in done.stderr
    assert TOKEN not in done.stderr
    assert canvas.scores[11] is None


def test_words_that_are_missing(
    in_process: Command, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CANVAS_TOKEN", raising=False)
    words = ("post", out, "--canvas", "http://127.0.0.1:9", "--course", "7", "--assignment")
    assert "into the variable CANVAS_TOKEN" in in_process(*words, f"{SLUG}=31").stderr
    assert "write SLUG=ID" in in_process(*words, SLUG).stderr
