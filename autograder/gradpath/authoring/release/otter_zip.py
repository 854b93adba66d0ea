"""The autograder zip of an assignment, for `otter grade`, `otter run` and Gradescope."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gradpath.authoring.release.archives import zip_bytes
from gradpath.authoring.release.otter_tests import all_tests
from gradpath.authoring.release.pins import grading_requirements
from gradpath.frontends.otter.settings import ZipSettings, otter_config

_FILES: Final = Path(__file__).parent / "otter_files"
_EXECUTABLE: Final = ("run_autograder", "setup.sh")


def autograder_zip(settings: ZipSettings, wheel: tuple[str, bytes]) -> bytes:
    """Return the zip of one assignment.

    Args:
        settings: assignment, secret, and how much students see of hidden checks.
        wheel: name and contents of the staff wheel, which grades.
    """
    name, data = wheel
    requirements = f"# wheel: {name}\n{grading_requirements()}"
    files = {
        **{path.name: path.read_bytes() for path in _FILES.iterdir() if path.is_file()},
        **all_tests(settings.assignment, settings.shown),
        "otter_config.json": otter_config(settings),
        "requirements.gradpath.whl": data,
        "requirements.txt": requirements.encode(),
    }
    return zip_bytes(files, executable=_EXECUTABLE)
