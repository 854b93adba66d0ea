"""An autograder zip at work without Docker: the folders of otter's container."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradpath.authoring.release.otter_zip import autograder_zip
from gradpath.authoring.release.wheels import staff_wheel
from gradpath.course.config import FeedbackSettings
from gradpath.frontends.otter.settings import ZipSettings

SECRET = "test-secret"
DEFAULT = FeedbackSettings()


@functools.cache
def zip_of(slug: str, feedback: FeedbackSettings = DEFAULT) -> bytes:
    """Return the autograder zip that a release would hold."""
    return autograder_zip(ZipSettings(slug, SECRET, feedback), _wheel())


@functools.cache
def _wheel() -> tuple[str, bytes]:
    return staff_wheel()


@dataclass(frozen=True)
class Box:
    """The remains after grading one submission."""

    root: Path
    status: int
    log: str

    @property
    def shown(self) -> dict[str, Any]:
        """Gradescope's results.json."""
        assert self.status == 0, self.log
        shown: dict[str, Any] = json.loads((self.root / "results" / "results.json").read_bytes())
        return shown

    @property
    def score(self) -> float:
        return float(self.shown["score"])


def grade_in_box(
    root: Path, slug: str, files: Mapping[str, str | bytes], feedback: FeedbackSettings = DEFAULT
) -> Box:
    """Lay out the container's folders below `root` and run the command of its `run_autograder`."""
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    archive = root / "autograder.zip"
    archive.write_bytes(zip_of(slug, feedback))
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(root / "source")
    archive.unlink()
    (root / "submission_metadata.json").touch()
    for name, data in files.items():
        path = root / "submission" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    done = subprocess.run(
        [sys.executable, "-I", "-m", "gradpath.frontends.otter", str(root)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Box(root, done.returncode, done.stdout + done.stderr)


def otter(*words: object, cwd: Path, seconds: float = 300) -> subprocess.CompletedProcess[str]:
    """Run otter's own command."""
    return subprocess.run(
        [Path(sys.executable).with_name("otter"), *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def run_like_the_command(zip_path: Path, file: Path) -> dict[str, Any]:
    """Do the steps of `otter run` after its import, which takes longer than all the rest of it."""
    from otter.run import main

    with contextlib.redirect_stdout(io.StringIO()):
        main(str(file), autograder=str(zip_path), output_dir=str(file.parent), no_logo=True)
    shown: dict[str, Any] = json.loads((file.parent / "results.json").read_bytes())
    return shown


def two_at_once() -> ThreadPoolExecutor:
    """Each submission costs seconds, most of them otter's: use both processors."""
    return ThreadPoolExecutor(2)
