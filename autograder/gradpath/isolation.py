"""How well a submission is kept apart from the grader on this machine."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["A", "B", "C", "D"]

DESCRIPTIONS: Final[dict[Level, str]] = {
    "A": "namespaces, a user id of its own, Landlock and seccomp",
    "B": "two layers that hold together, without namespaces",
    "C": "one layer",
    "D": "a process of its own with resource limits and a data-only channel",
}


@dataclass(frozen=True)
class Isolation:
    """The level in force, and what it means."""

    level: Level
    text: str


def level() -> Isolation:
    """Return the level that `grade` works at here.

    This version has the layers of level D. They keep a submission from disturbing others by
    accident and from touching the comparison; they do not keep hostile code from reading files.
    """
    if not sys.platform.startswith("linux"):
        return Isolation("D", "a plain subprocess with a time limit; grade on Linux")
    return Isolation("D", DESCRIPTIONS["D"])
