"""The course's assignments: where their files are, and their settings.

An author writes an assignment into `gradpath/assignments/<slug>/` and into its master. A checkout
has the masters in `solutions/` and generated files in `assignments/`, both at its top; an installed
package carries them inside itself, in `coursework/`. Nothing slow is imported here: `gradpath
check` reads the settings before anything else.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from gradpath.errors import GradpathError, SettingsError
from gradpath.text import printable
from gradpath.text.messages import Message
from gradpath.worker.limits import Limits

PACKAGE: Final = Path(__file__).parent.parent
"""The folder of gradpath itself."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of an assignment's `settings.toml`.

    `points` maps each function of the assignment, in the order of the text, to its points.
    `needs` names the earlier functions that a function builds on. `question_points` are for the
    written question, where people grade the answers; nbgrader collects them.
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
    """Return the folder that holds `solutions/` and the generated `assignments/`.

    The student edition has neither; there, the course is the package.
    """
    packaged, checkout = PACKAGE / "coursework", PACKAGE.parent.parent
    if packaged.is_dir():
        return packaged
    return checkout if (checkout / "solutions").is_dir() else PACKAGE


def folder_of(slug: str) -> Path:
    """Return the folder with everything that an author writes for an assignment but its master."""
    return PACKAGE / "assignments" / slug


def corpus_of(slug: str) -> Path:
    """Return the folder of whole submissions, `right/` and `wrong/`, which only staff have."""
    return folder_of(slug) / "corpus"


def master_path(slug: str) -> Path:
    """Return the path of the master, which staff have and students do not."""
    return course_root() / "solutions" / f"{slug}.py"


def generated_folder(slug: str) -> Path:
    """Return the folder of generated files: skeleton, text and figures, all for students."""
    return course_root() / "assignments" / slug


@functools.cache
def slugs() -> tuple[str, ...]:
    """Return the slugs of all assignments, in the order of the course.

    Raises:
        GradpathError: there is none.
    """
    names = {path.parent.name for path in folder_of("").glob("*/settings.toml")}
    if not names:
        raise GradpathError(
            Message(
                "no assignments in {folder}; is gradpath installed completely?",
                folder=folder_of(""),
            )
        )
    return tuple(sorted(names, key=lambda slug: (read_settings(slug).order, slug)))


@functools.cache
def read_settings(slug: str) -> Settings:
    """Read an assignment's settings.

    Raises:
        SettingsError: the file is not TOML, or has a wrong or unknown field.
    """
    path = folder_of(slug) / "settings.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Settings)
    except (ValueError, RecursionError, OSError) as error:
        # Not TOML or not UTF-8, a number of thousands of digits, or brackets within brackets.
        raise SettingsError(
            Message("{path}: {reason}", path=path, reason=printable(str(error)))
        ) from None
