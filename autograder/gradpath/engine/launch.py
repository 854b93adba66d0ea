"""Starting a worker's process. Quick to import: `gradpath check` does this first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import gradpath
from gradpath.course.settings import read_settings


def libraries_of(slug: str) -> set[str]:
    """Return what a check's worker imports beforehand: what every solution uses."""
    return set(read_settings(slug).libraries)


def for_check(slug: str) -> subprocess.Popen[bytes]:
    """Start a plain worker for a check of this assignment; it gets ready by itself."""
    return plain(libraries_of(slug), slug, read_settings(slug).limits.output_chars)


def plain(
    libraries: Collection[str], assignment: str, output_chars: int
) -> subprocess.Popen[bytes]:
    """Start a plain worker; it imports the libraries and then waits on its standard input.

    Args:
        libraries: what to import beforehand.
        assignment: slug whose probes it shall know.
        output_chars: how much a submission may print.
    """
    words = [
        *(sys.executable, "-m", "gradpath.worker", "plain"),
        *("--libraries", ",".join(sorted(libraries)), "--assignments", assignment),
        *("--output-chars", str(output_chars)),
    ]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())


def environment() -> dict[str, str]:
    """What the workers' processes see: enough to import, nothing of the grader's secrets."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT", "MPLCONFIGDIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["PYTHONPATH"] = str(Path(gradpath.__file__).parent.parent)
    environment["PYTHONHASHSEED"] = "0"
    # The grader's working directory may hold a numpy.py or random.py of anybody's.
    environment["PYTHONSAFEPATH"] = "1"
    return environment
