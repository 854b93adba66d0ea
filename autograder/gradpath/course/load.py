"""An assignment put together: settings, checks, misconceptions, solution.

All modules of assignments are imported here, by name. The student edition leaves out those that
only staff have.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import msgspec

from gradpath.course import recorded
from gradpath.course.checks import Check
from gradpath.course.mistakes import Misconception
from gradpath.course.settings import (
    Settings,
    corpus_of,
    course_root,
    folder_of,
    generated_folder,
    master_path,
    read_settings,
    slugs,
)
from gradpath.errors import AuthoringError, GradpathError
from gradpath.text import choice
from gradpath.text.messages import Message
from gradpath.worker.protocol import Cell, Source

__all__ = [
    "SECRET_MODULES", "Assignment", "corpus_of", "course_root", "documented", "folder_of",
    "generated_folder", "load", "master_path", "module_of", "must_exist", "read_settings",
    "share_points", "slugs",
]  # fmt: skip

SECRET_MODULES: Final = ("hidden", "misconceptions")
"""The modules of an assignment that would help students to points. Its other modules that only
staff have tell no answers."""


@dataclass(frozen=True)
class Assignment:
    """All that is known about an assignment; solution and staff files may be missing."""

    slug: str
    settings: Settings
    checks: tuple[Check, ...]
    misconceptions: tuple[Misconception, ...]
    solution: Source | None
    points: Mapping[str, float]
    """The points of each check: its function's points, shared by weight."""

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions in the order in which a student writes them."""
        return tuple(self.settings.points)

    def checks_of(self, function: str) -> tuple[Check, ...]:
        """The checks that share the points of `function`, in order."""
        return self._checks_by_function.get(function, ())

    @functools.cached_property
    def _checks_by_function(self) -> Mapping[str, tuple[Check, ...]]:
        names = dict.fromkeys(check.function for check in self.checks)
        return {name: tuple(c for c in self.checks if c.function == name) for name in names}

    def builds_on(self, function: str) -> set[str]:
        """The function and all that it builds on, directly or not."""
        functions: set[str] = set()
        waiting = [function]
        while waiting:
            name = waiting.pop()
            if name not in functions:
                functions.add(name)
                waiting.extend(self.settings.needs.get(name, ()))
        return functions

    def only(self, functions: Collection[str]) -> Assignment:
        """The assignment with the checks of some functions only."""
        checks = tuple(check for check in self.checks if check.function in functions)
        return dataclasses.replace(self, checks=checks)

    def only_public(self) -> Assignment:
        """The assignment with its public checks only."""
        public = tuple(check for check in self.checks if check.visibility == "public")
        return dataclasses.replace(self, checks=public)


def must_exist(slug: str) -> None:
    """Refuse a slug that is no assignment's.

    Raises:
        GradpathError: there is no such assignment.
    """
    if slug not in slugs():
        known = choice(slug, slugs())
        raise GradpathError(Message("no assignment {slug!r}; {known}", slug=slug, known=known))


@functools.cache
def load(slug: str) -> Assignment:
    """Load an assignment.

    Raises:
        GradpathError: there is no such assignment.
        AuthoringError: its files contradict each other.
    """
    must_exist(slug)
    public = module_of(slug, "public")
    if public is None:
        raise AuthoringError(f"{slug} has no public checks (gradpath/assignments/{slug}/public.py)")
    hidden, known = (module_of(slug, name) for name in SECRET_MODULES)
    checks: list[Check] = [*public.checks.checks, *(hidden.checks.checks if hidden else ())]
    settings = read_settings(slug)
    order = list(settings.points)
    _validate(slug, settings, checks)
    # Stable: within a function public checks come first, each kind in the order of its file.
    checks.sort(key=lambda check: order.index(check.function))
    return Assignment(
        slug,
        settings,
        tuple(checks),
        tuple(known.MISCONCEPTIONS) if known else (),
        _solution(slug),
        share_points(settings.points, checks) if hidden else recorded.read(slug).points,
    )


def module_of(slug: str, name: str) -> ModuleType | None:
    """Import a module of an assignment; return None if the assignment has no such module."""
    full = f"gradpath.assignments.{slug}.{name}"
    try:
        return importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name is None or not full.startswith(error.name):
            raise
        return None


def documented(slug: str) -> dict[str, Any]:
    """Return the figures that an assignment's source article prints, as data; none without one."""
    path = folder_of(slug) / "documented.json"
    figures: dict[str, Any] = msgspec.json.decode(path.read_bytes()) if path.is_file() else {}
    return figures


def share_points(points: Mapping[str, float], checks: Sequence[Check]) -> dict[str, float]:
    """Share the points of each function among its checks, by weight.

    Raises:
        AuthoringError: a share has more than four decimals, so that points would not add up.
    """
    shares = {}
    for check in checks:
        total = sum(other.weight for other in checks if other.function == check.function)
        share = points[check.function] * check.weight / total
        shares[check.id] = round(share, 4)
        if abs(share - shares[check.id]) > 1e-9:
            raise AuthoringError(
                f"{check.id} is worth {share} points: choose points and weights that divide evenly"
            )
    return shares


def _validate(slug: str, settings: Settings, checks: list[Check]) -> None:
    ids = [check.id for check in checks]
    for id in ids:
        if ids.count(id) > 1:
            raise AuthoringError(f"{slug}: two checks have the id {id}")
    functions = {check.function for check in checks}
    unknown = functions ^ set(settings.points)
    if unknown:
        raise AuthoringError(
            f"{slug}: checks and the points in settings.toml do not name the same functions: "
            f"{', '.join(sorted(unknown))}"
        )
    for function, needs in settings.needs.items():
        order = list(settings.points)
        for need in [function, *needs]:
            if need not in order or order.index(need) > order.index(function):
                raise AuthoringError(
                    f"{slug}: {function} cannot need {need}: not a function before it"
                )


def _solution(slug: str) -> Source | None:
    path = master_path(slug)
    if not path.is_file():
        return None
    return Source(slug, (Cell(f"{slug}.py", path.read_text("utf-8")),))
