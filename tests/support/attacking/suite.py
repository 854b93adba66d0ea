"""The attacks: a list of all, with their headers.

A header is the comment at the top of the file: the aim of the attack, and why it could work, and
then lines of the form `# key: value`:

    assignment: the assignment that it is handed in for (mse_sweep)
    honest: the points that it gets from a grader that it does nothing to (0)
    alone: its harm to the grader where it works; it is graded apart from others there
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "attacks"
GROUPS: Final = ("read", "tamper", "lie", "denial", "network", "privilege")

_KEY: Final = re.compile(r"^# (assignment|honest|alone): (.+)$")
_TARGET: Final = "TARGET = {}"
_WANTED: Final = re.compile(r"TARGET\[['\"](\w+)['\"]\]")


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        group: its aim: one of `GROUPS`.
        name: its file's name without `.py`.
        text: the submission, with `TARGET = {}` where it is told its target.
        tries: its attempt, from its header.
        assignment: the slug that it is handed in for.
        honest: the points that it may get.
        alone: whether it ends or stops the grader where it works.
        wants: the keys of TARGET that it uses.
    """

    group: str
    name: str
    text: str
    tries: str
    assignment: str = "mse_sweep"
    honest: float = 0.0
    alone: bool = False
    wants: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """How tables name it."""
        return f"{self.group}/{self.name}"

    def filled_in(self, line: str) -> str:
        """Return the submission with `line` in the place of `TARGET = {}`."""
        before, _, after = self.text.partition(f"\n{_TARGET}\n")
        return f"{before}\n{line}\n{after}"


def read_attack(path: Path) -> Attack:
    """Read an attack's file.

    Raises:
        ValueError: it has no header, or does not say where TARGET is to be filled in.
    """
    text = path.read_text("utf-8")
    comments: list[str] = []
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        comments.append(line)
    found = [_KEY.match(line) for line in comments]
    keys = {match[1]: match[2] for match in found if match}
    tries = " ".join(line[2:] for line, key in zip(comments, found, strict=True) if not key)
    if not tries or text.count(f"\n{_TARGET}\n") != 1:
        raise ValueError(f"{path}: needs a comment at its top and one line `{_TARGET}`")
    return Attack(
        path.parent.name,
        path.stem,
        text,
        tries,
        keys.get("assignment", "mse_sweep"),
        float(keys.get("honest", "0")),
        "alone" in keys,
        frozenset(_WANTED.findall(text)),
    )


@cache
def all_attacks() -> tuple[Attack, ...]:
    """Read the whole suite, group by group, in the order of names."""
    return tuple(
        read_attack(path) for group in GROUPS for path in sorted((FOLDER / group).glob("*.py"))
    )
