"""The pinned versions that graders use: requirements.txt and requirements-otter.txt."""

from __future__ import annotations

from typing import Final

from gradpath.course.settings import course_root
from gradpath.errors import GradpathError

_RUNTIME: Final = "requirements.txt"
_OTTER: Final = "requirements-otter.txt"


def grading_requirements() -> str:
    """Return the requirements of a grading image as one text, torch first.

    Raises:
        GradpathError: the files are missing.
    """
    lines = [line for name in (_RUNTIME, _OTTER) for line in _pins(name)]
    return "".join(f"{line}\n" for line in lines)


def _pins(name: str) -> list[str]:
    path = course_root() / name
    try:
        text = path.read_text("utf-8")
    except OSError:
        raise GradpathError(f"{path} is missing; install gradpath again") from None
    return [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
