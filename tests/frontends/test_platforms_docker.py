"""Folders of a release in containers as PrairieLearn and Coursera start them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gradpath.authoring.release.platforms import upload_folders
from gradpath.course.config import FeedbackSettings
from gradpath.course.master import solution_of
from tests.support.docker_image import image

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SLUG = "hand_gradients"
SECRET = "a secret of the tests"
LIMITS = ("--network", "none", "--cpus", "1", "--pids-limit", "1024")
WHERE = ("-Ic", "import gradpath, pathlib; print(pathlib.Path(gradpath.__file__).parent)")
READING = """
import os
def predict(x, w):
    found = []
    for path in ({places}):
        try:
            found.append(open(path).read())
        except OSError:
            pass
    raise ValueError(f"seen {{len(found)}}: {{found}}"[:300])
"""
"""A submission that opens files, and says in an error what it has read."""


def laid_out(platform: str, folder: Path) -> None:
    """Write the folder of a release."""
    for path, data in upload_folders([platform], SECRET, FeedbackSettings(), {}).items():
        if path.startswith(f"{platform}/{SLUG}/"):
            target = folder / path.removeprefix(f"{platform}/{SLUG}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def docker(*words: object) -> str:
    done = subprocess.run(
        ["docker", *map(str, words)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prairielearn(tmp_path: Path) -> None:
    grade = tmp_path / "grade"
    laid_out("prairielearn", grade)
    entrypoint = json.loads((grade / "info.json").read_bytes())["externalGradingOptions"][
        "entrypoint"
    ]
    (tmp_path / entrypoint.removeprefix("/")).chmod(0o755)  # as PrairieLearn does
    (grade / "student").mkdir()
    (grade / "student" / f"{SLUG}.py").write_text(solution_of(SLUG))
    words = ("run", "--rm", *LIMITS, "--memory", "2g", "--memory-swap", "2g")
    mount = ("-v", f"{grade}:/grade", "--entrypoint", entrypoint)
    assert docker(*words, *mount, image()) == ""
    answer: dict[str, Any] = json.loads((grade / "results" / "results.json").read_bytes())
    assert (answer["gradable"], answer["score"]) == (True, 1)
    assert all(test["points"] == test["max_points"] for test in answer["tests"])


def test_coursera(tmp_path: Path) -> None:
    """As a user of any number, in a container that cannot be written to; then a spy."""
    laid_out("coursera", tmp_path / "context")
    tag = "gradpath-test-coursera"
    docker("build", "-q", "-t", tag, "--build-arg", f"BASE_IMAGE={image()}", tmp_path / "context")
    tmp_path.chmod(0o755)
    shared = tmp_path / "shared"
    (shared / "submission").mkdir(parents=True)
    shared.chmod(0o777)
    words = ("run", "--rm", *LIMITS, "--memory", "1g", "--memory-swap", "1g", "--user", "7391:7391")
    mount = ("--read-only", "--tmpfs", "/tmp", "-v", f"{shared}:/shared", tag, "partId", "HxbKF")

    def graded(text: str) -> dict[str, Any]:
        (shared / "submission" / f"{SLUG}.py").write_text(text)
        docker(*words, *mount)
        answer: dict[str, Any] = json.loads((shared / "feedback.json").read_bytes())
        return answer

    answer = graded(solution_of(SLUG))
    assert (answer["fractionalScore"], answer["feedbackType"]) == (1, "TEXT")
    package = docker("run", "--rm", "--entrypoint", "/opt/gradpath/bin/python", tag, *WHERE).strip()
    places = ["/grader/gradpath.toml", f"{package}/assignments/{SLUG}/hidden.py"]
    spied = graded(READING.format(places=", ".join(map(repr, places)) + ","))
    assert "seen 0: []" in spied["feedback"]
