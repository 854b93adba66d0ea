"""What belongs to an assignment: settings, checks, carried runs, misconceptions, solution.

The code that grades an assignment lies in `gradpath/assignments/<slug>/`, in files that
the student edition simply leaves out: hidden.py, carry.py and misconceptions.py.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec

from gradpath.course import recorded
from gradpath.course.carried_runs import Carry
from gradpath.course.checks import Check
from gradpath.course.mistakes import Misconception
from gradpath.course.settings import Settings, course_root, master_path, read_settings, slugs
from gradpath.errors import AuthoringError, GradpathError
from gradpath.worker.protocol import Cell, Source

__all__ = [
    "Assignment",
    "course_root",
    "documented",
    "load",
    "master_path",
    "must_exist",
    "read_settings",
    "share_points",
    "slugs",
]

_PACKAGE: Final = Path(__file__).parent.parent


@dataclass(frozen=True)
class Assignment:
    """All that is known about an assignment; solution and staff files may be missing."""

    slug: str
    settings: Settings
    checks: tuple[Check, ...]
    carries: Mapping[str, Carry]
    misconceptions: tuple[Misconception, ...]
    solution: Source | None
    points: Mapping[str, float]
    """The points of each check: its function's points, shared by weight."""

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions in the order in which a student writes them."""
        return tuple(self.settings.points)

    def checks_of(self, function: str) -> tuple[Check, ...]:
        """The checks whose points belong to `function`, in order."""
        return tuple(check for check in self.checks if check.function == function)

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
        raise GradpathError(f"no assignment {slug!r}; there are: {', '.join(slugs())}")


@functools.cache
def load(slug: str) -> Assignment:
    """Load an assignment.

    Raises:
        GradpathError: there is no such assignment.
        AuthoringError: its files contradict each other.
    """
    must_exist(slug)
    public = _module(slug, "public")
    if public is None:
        raise AuthoringError(f"{slug} has no public checks (gradpath/assignments/{slug}/public.py)")
    hidden, carry, known = (_module(slug, n) for n in ("hidden", "carry", "misconceptions"))
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
        carry.carries.carries if carry else {},
        tuple(known.MISCONCEPTIONS) if known else (),
        _solution(slug),
        share_points(settings.points, checks) if hidden else recorded.read(slug).points,
    )


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


def _module(slug: str, name: str) -> ModuleType | None:
    full = f"gradpath.assignments.{slug}.{name}"
    try:
        return importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name is None or not full.startswith(error.name):
            raise
        return None


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


def documented() -> dict[str, Any]:
    """Return the documented figures: what the source articles print, as data."""
    path = _PACKAGE / "data" / "documented.json"
    figures: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return figures
