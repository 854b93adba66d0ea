"""Taking a submission out of otter's sight: choose the file, grade it, leave a stub.

otter executes the files in the submission folder in a kernel of its own, beside its tests and
its results. So it finds nothing there but a stub, and the student's code runs in a worker only.
"""

from __future__ import annotations

import io
import json
import logging
import shutil
import zipfile
from pathlib import Path
from typing import Final

from gradpath.cohort.run import Run
from gradpath.course.load import load
from gradpath.errors import GradpathError
from gradpath.frontends.otter.settings import ZipSettings
from gradpath.grading.graded import Graded, unreadable
from gradpath.submissions.find import find_one
from gradpath.submissions.names import SUFFIXES
from gradpath.submissions.submission import Submission

_log = logging.getLogger(__name__)

STUB: Final = "# The submission is graded by gradpath, outside of this process.\n"
STUB_NOTEBOOK: Final = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "stub",
            "metadata": {},
            "outputs": [],
            "source": STUB,
        }
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
_STUB_NAME: Final = "submission.py"
_STUDENT: Final = "submission"


def grade_folder(folder: Path, settings: ZipSettings) -> Graded:
    """Grade the contents of a submission folder, of any kind.

    Raises:
        GradpathError: nothing can be graded on this machine, or there is no such assignment.
    """
    chosen = find_one(folder, settings.assignment, _STUDENT)
    if isinstance(chosen, Submission):
        return grade(chosen, settings)
    return unreadable(load(settings.assignment), _STUDENT, "", chosen)


def grade(submission: Submission, settings: ZipSettings) -> Graded:
    """Grade one submission with all checks.

    Raises:
        GradpathError: nothing can be graded on this machine.
    """
    with Run([submission.assignment], settings.secret, jobs=1) as run:
        return run.grade(submission)


def picture_of(graded: Graded) -> bytes | None:
    """Draw the runs as PNG if something is wrong; a picture that fails costs nobody a grade."""
    if all(check.outcome == "passed" for check in graded.result.checks):
        return None
    from gradpath.course.plots import plots_of
    from gradpath.student.picture import picture_of_runs

    try:
        if not any(
            observation.outcome == "returned"
            for plot in plots_of(graded.result.assignment)
            for observation in graded.observations.get(plot.check, ())
        ):
            return None  # nothing but empty panels
        return picture_of_runs(graded.result.assignment, graded.observations, "png")
    except GradpathError:
        return None
    except Exception:
        _log.exception("no picture of this submission's runs")
        return None


def move_away(folder: Path, to: Path) -> None:
    """Move everything out of a submission folder and leave a stub for each file.

    otter wants exactly one file to execute; `otter grade` wants to copy a file of the name back
    that it copied in. So the first file keeps its name and the others are left out. Beside a zip
    lies what is in its stub, for an otter that was not told to unpack.
    """
    entries = sorted(folder.iterdir())
    stubs = [entry for entry in entries if entry.is_file() and entry.suffix in (*SUFFIXES, ".zip")][
        :1
    ]
    to.mkdir(mode=0o700, parents=True)
    for entry in entries:
        shutil.move(entry, to / entry.name)
    if not stubs or stubs[0].suffix == ".zip":
        stubs.append(folder / _STUB_NAME)
    for path in stubs:
        path.write_bytes(stub(path.suffix))


def stub(suffix: str) -> bytes:
    """Return a file of this kind in which nothing happens."""
    if suffix == ".ipynb":
        return json.dumps(STUB_NOTEBOOK).encode()
    if suffix == ".zip":
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(_STUB_NAME, STUB)
        return data.getvalue()
    return STUB.encode()
