"""Running a piece of code where it may take little memory and little time."""

from __future__ import annotations

import os
import subprocess
import sys

SECONDS = 60
"""Of a processor: the tested code takes a second or two, and hours where it is broken."""

_BEFORE = """
import resource, sys
from pathlib import Path
from gradpath.course.checks import AUTOGRAD
from gradpath.course.settings import slugs
from gradpath.errors import GradpathError, SubmissionError
from gradpath.grading.rules import ModuleSource
from gradpath.submissions.find import find
from gradpath.submissions.notebooks import read_cells
from gradpath.submissions.submission import Submission
import gradpath.worker.codec, gradpath.engine.validation, IPython.core.inputtransformer2

pages = int(Path("/proc/self/statm").read_text().split()[0])
space = pages * resource.getpagesize() + {megabytes} * 2**20
resource.setrlimit(resource.RLIMIT_AS, (space, space))
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
"""


def bounded(code: str, *words: object, megabytes: int = 300, seconds: int = SECONDS) -> str:
    """Run code in a process of its own and return its output.

    Args:
        code: the code to run; gradpath's readers are imported.
        words: its `sys.argv`.
        megabytes: address space that it may take on top of the space after the imports.
        seconds: of a processor.
    """
    before = _BEFORE.format(megabytes=megabytes, seconds=seconds)
    done = subprocess.run(
        [sys.executable, "-c", before + code, *map(str, words)],
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-2000:]}"
    return done.stdout
