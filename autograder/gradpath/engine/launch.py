"""Starting a worker's process. Quick to import: `gradpath check` does this first."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

import gradpath
from gradpath.engine.process_tree import ProcessTree

_KEPT: Final = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "MPLCONFIGDIR"),
    # Windows: the folders of the system, of the user and for temporary files.
    *("SYSTEMROOT", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "TEMP", "TMP"),
    "KMP_DUPLICATE_LIB_OK",  # where NumPy and torch bring an OpenMP each, as on macOS
)


def plain(libraries: Collection[str], assignment: str, output_chars: int) -> ProcessTree:
    """Start a plain worker; it imports the libraries and then waits on its standard input.

    Args:
        libraries: the modules to import beforehand.
        assignment: slug; the worker imports its probes.
        output_chars: how much a submission may print.
    """
    argv = [sys.executable, "-m", "gradpath.worker", "plain"]
    argv += ["--libraries", ",".join(sorted(libraries)), "--assignments", assignment]
    argv += ["--output-chars", str(output_chars)]
    return ProcessTree(argv, environment())


def environment() -> dict[str, str]:
    """The environment of workers: enough to import, nothing of the grader's secrets."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = str(Path(gradpath.__file__).parent.parent)
    environment["PYTHONHASHSEED"] = "0"
    # The grader's working directory may hold a numpy.py or random.py of anybody's.
    environment["PYTHONSAFEPATH"] = "1"
    return environment
