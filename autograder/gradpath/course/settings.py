"""Where the course is, which assignments it has, and what their settings say.

A checkout has `assignments/` and `solutions/` at its top; an installed package carries them inside
itself, in `coursework/`. Only what is quick to import is used here: `gradpath check` reads the
settings before it does anything else.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from gradpath.errors import GradpathError, SettingsError
from gradpath.text import printable
from gradpath.worker.limits import Limits

_PACKAGE: Final = Path(__file__).parent.parent


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of `assignments/<slug>/settings.toml`.

    `points` maps each function of the assignment, in the order of the text, to its points.
    `needs` names the earlier functions that a function builds on. `question_points` are for the
    written question, where a course collects and grades the answers to it: in nbgrader.
    """

    title: str
    order: int
    points: dict[str, float]
    needs: dict[str, list[str]] = {}
    libraries: list[str] = []
    allowed_imports: list[str] = []
    limits: Limits = Limits()
    question_points: float = 0.0


def course_root() -> Path:
    """Return the folder that holds `assignments/` and `solutions/`."""
    packaged = _PACKAGE / "coursework"
    root = packaged if packaged.is_dir() else _PACKAGE.parent.parent
    if not (root / "assignments").is_dir():
        raise GradpathError(f"no folder 'assignments' in {root}; is gradpath installed completely?")
    return root


@functools.cache
def slugs() -> tuple[str, ...]:
    """Return the slugs of all assignments, in the order of the course."""
    found = {path.parent.name for path in (course_root() / "assignments").glob("*/settings.toml")}
    return tuple(sorted(found, key=lambda slug: (read_settings(slug).order, slug)))


@functools.cache
def read_settings(slug: str) -> Settings:
    """Read an assignment's settings.

    Raises:
        SettingsError: the file is not TOML, or has a wrong or unknown field.
    """
    path = course_root() / "assignments" / slug / "settings.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Settings)
    except (ValueError, RecursionError, OSError) as error:
        # Not TOML or not UTF-8, a number of thousands of digits, or brackets within brackets.
        raise SettingsError(f"{path}: {printable(str(error))}") from None


def master_path(slug: str) -> Path:
    """Return the path of the master, which staff have and students do not."""
    return course_root() / "solutions" / f"{slug}.py"
