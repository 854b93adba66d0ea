"""Where the assignments are and what belongs to each: settings, checks, carries, misconceptions.

A checkout has `assignments/` and `solutions/` at its top; an installed package carries them inside
itself. The code that grades an assignment lies in `gradpath/assignments/<slug>/`, in files that
the student edition simply leaves out: hidden.py, carry.py and misconceptions.py.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec

from gradpath import recorded
from gradpath.carry import Carry
from gradpath.checks import Check
from gradpath.engine.session import Source
from gradpath.errors import AuthoringError, GradpathError, SettingsError
from gradpath.limits import Limits
from gradpath.mistakes import Misconception
from gradpath.protocol import Cell

_PACKAGE: Final = Path(__file__).parent


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of `assignments/<slug>/settings.toml`.

    `points` maps each function of the assignment, in the order of the text, to its points.
    `needs` names the earlier functions that a function builds on.
    """

    title: str
    order: int
    points: dict[str, float]
    needs: dict[str, list[str]] = {}
    libraries: list[str] = []
    allowed_imports: list[str] = []
    limits: Limits = Limits()


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


def course_root() -> Path:
    """Return the folder that holds `assignments/` and `solutions/`."""
    packaged = _PACKAGE / "course"
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
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, OSError) as error:
        raise SettingsError(f"{path}: {error}") from None


def master_path(slug: str) -> Path:
    """Return the path of the master, which staff have and students do not."""
    return course_root() / "solutions" / f"{slug}.py"


@functools.cache
def load(slug: str) -> Assignment:
    """Load an assignment.

    Raises:
        GradpathError: there is no such assignment.
        AuthoringError: its files contradict each other.
    """
    if slug not in slugs():
        raise GradpathError(f"no assignment {slug!r}; there are: {', '.join(slugs())}")
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
