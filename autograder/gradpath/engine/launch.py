"""Starting a worker's process. Quick to import: `gradpath check` does this first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import gradpath


def plain(
    libraries: Collection[str], assignment: str, output_chars: int
) -> subprocess.Popen[bytes]:
    """Start a plain worker; it imports the libraries and then waits on its standard input.

    Args:
        libraries: the modules to import beforehand.
        assignment: slug; the worker imports its probes.
        output_chars: how much a submission may print.
    """
    argv = [sys.executable, "-m", "gradpath.worker", "plain"]
    argv += ["--libraries", ",".join(sorted(libraries)), "--assignments", assignment]
    argv += ["--output-chars", str(output_chars)]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())


def environment() -> dict[str, str]:
    """The environment of workers: enough to import, nothing of the grader's secrets."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT", "MPLCONFIGDIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["PYTHONPATH"] = str(Path(gradpath.__file__).parent.parent)
    environment["PYTHONHASHSEED"] = "0"
    # The grader's working directory may hold a numpy.py or random.py of anybody's.
    environment["PYTHONSAFEPATH"] = "1"
    return environment
