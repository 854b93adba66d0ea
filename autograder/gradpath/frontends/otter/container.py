"""Grading in otter's container, or Gradescope's: what the zip's `run_autograder` runs.

The order matters. The student's file leaves otter's sight before otter starts; the engine has
graded it, and its worker is gone, before a result is written; and what otter writes is replaced for
Gradescope only after otter has ended.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

import gradpath
from gradpath.course.load import SECRET_MODULES
from gradpath.course.style import lacks_fonts
from gradpath.errors import GradpathError
from gradpath.frontends.otter import gradescope
from gradpath.frontends.otter import stub as sealed
from gradpath.frontends.otter.settings import read_settings
from gradpath.grading.results import Result
from gradpath.student.otter import VARIABLE
from gradpath.text.languages import speak

ROOT: Final = Path("/autograder")


def prepare() -> None:
    """Make an image ready: the files of staff are readable by root alone.

    A worker has another user id and needs none of it. Called when the image is made.
    """
    package = Path(gradpath.__file__).parent
    folders = ("assignments/*", "assignments/*/__pycache__")
    modules = [f"{folder}/{name}.*" for folder in folders for name in SECRET_MODULES]
    for pattern in (*modules, "assignments/*/corpus", "coursework/solutions", "locale/*/staff"):
        for path in package.glob(pattern):
            path.chmod(0o700 if path.is_dir() else 0o600)


def main(root: Path = ROOT) -> int:
    """Grade the submission in `root/submission`; write `root/results`.

    Returns:
        The exit status: 0 when there is a result, however bad.
    """
    source, submission, results = (root / name for name in ("source", "submission", "results"))
    private = root / "gradpath"
    try:
        settings = read_settings(source / "otter_config.json")
        speak(settings.shown)
        if note := lacks_fonts():
            print(f"gradpath: {note}", file=sys.stderr)
        # Settings and hidden tests are for root alone; a worker has another user id.
        for folder in (source, results):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        shutil.rmtree(private, ignore_errors=True)
        private.mkdir(mode=0o700)
        sealed.move_away(submission, private / "submission")
        graded = sealed.grade_folder(private / "submission", settings)
    except GradpathError as error:
        print(f"gradpath: {error}", file=sys.stderr)
        return 2
    answers = private / "result.json"
    answers.write_bytes(msgspec.json.encode(graded.result))
    metadata = _metadata(root / "submission_metadata.json")
    _run_otter(root, answers)
    shown = gradescope.results_json(
        graded.result,
        sealed.picture_of(graded),
        settings.feedback,
        seconds=graded.spent.wall if graded.spent else None,
        metadata=metadata,
    )
    encoded = msgspec.json.format(msgspec.json.encode(shown), indent=2)
    (results / "results.json").write_bytes(encoded)
    _print(graded.result)
    return 0


def _metadata(path: Path) -> Any:
    """Return the metadata of a submission, which Gradescope writes; None where there are none."""
    try:
        return msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


def _run_otter(root: Path, answers: Path) -> None:
    """Let otter run its tests on the stub and write its results file."""
    metadata = root / "submission_metadata.json"
    # `otter grade` creates an empty file, which otter cannot read when a plugin is named.
    if not metadata.is_file() or not metadata.read_bytes().strip():
        metadata.write_text("{}")
    words = [sys.executable, "-I", str(root / "source" / "run_otter.py")]
    environment = {**os.environ, VARIABLE: str(answers)}
    done = subprocess.run(words, env=environment, cwd=root, check=False)
    if done.returncode != 0:
        print("gradpath: otter ended with an error; the result stands anyway", file=sys.stderr)


def _print(result: Result) -> None:
    """Leave a line in the container's log."""
    print(f"gradpath: {result.status}, {result.score:g} of {result.max_score:g}")
