"""The suite at an isolation level: as root or as a plain user, with layers left out."""

from __future__ import annotations

import itertools
import os
import pwd
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.support.attacking.batch import Batch, Outcome, Setting
from tests.support.attacking.places import public_python
from tests.support.attacking.suite import GROUPS, Attack, all_attacks

_FIRST_FREE_USER: Final = 57_000
"""Below the user ids of workers; each grader of a plain user has an id that nobody else has."""
JOBS: Final = 5
"""Graders at a time: attacks wait more than they compute."""
_MOST: Final = "mse_sweep"
"""Nearly all attacks are handed in for it."""
_SMALL: Final = 24
"""Attacks in a batch where they may end the grader: graded submissions are graded again."""


@dataclass(frozen=True)
class Level:
    """An isolation level as the suite reaches it.

    Attributes:
        name: how tables name it.
        plain_user: whether the grader is dropped to a user id of its own; else it is root.
        without: layers that are left out.
        control: whether it is there to show the escapes, not to hold them.
    """

    name: str
    plain_user: bool
    without: tuple[str, ...] = ()
    control: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """Return the options of `gradpath grade`."""
        options = [word for layer in self.without for word in ("--without-layer", layer)]
        return (*options, "--allow-weak-isolation") if self.control else tuple(options)


LEVELS: Final = {
    level.name: level
    for level in (
        Level("A root", False),
        Level("A user", True),
        Level("B root", False, ("namespaces",)),
        Level("B user", True, ("namespaces",)),
        Level("D user", True, ("namespaces", "uid", "landlock", "seccomp"), control=True),
    )
}


@dataclass
class Report:
    """The outcome of the suite at a level: escapes by attack, and the level that was reached."""

    level: Level
    attacks: Sequence[Attack]
    escapes: dict[str, list[str]] = field(default_factory=dict)
    reached: str = ""

    @property
    def missed(self) -> bool:
        """Whether this machine does not have the layers that the level is made of."""
        return self.reached != self.level.name[0]

    def escaped(self, group: str) -> list[str]:
        """Return the attacks of a group that escaped."""
        return [each.id for each in self.attacks if each.group == group and each.id in self.escapes]

    def lines(self) -> Iterator[str]:
        """Describe each escape."""
        for name, what in sorted(self.escapes.items()):
            yield f"{self.level.name}: {name}: {'; '.join(what)}"

    def count(self) -> dict[str, int]:
        """Count the escapes of each group."""
        return {group: len(self.escaped(group)) for group in GROUPS}


def attack_at(
    level: Level,
    attacks: Sequence[Attack] | None = None,
    folder: Path | None = None,
    jobs: int = JOBS,
) -> Report:
    """Run attacks at a level.

    Args:
        level: how the grader is run.
        attacks: which; the whole suite if None.
        folder: where everything is made; every user must be able to enter it.
        jobs: number of graders at a time.
    """
    chosen = list(all_attacks() if attacks is None else attacks)
    report = Report(level, chosen)
    users = free_users()
    with (
        tempfile.TemporaryDirectory(prefix="attacks-", dir=folder) as name,
        ThreadPoolExecutor(jobs) as pool,
    ):
        place = Path(name)
        place.chmod(0o755)
        python = public_python(place / "python")
        batches = []
        for batch in _batches(level, chosen, jobs):
            # Without root, the grader's user is the one that runs the suite.
            user = next(users) if level.plain_user and os.geteuid() == 0 else None
            batches.append((batch, Setting(place, python, user, level.options)))
        for outcomes in pool.map(lambda batch: list(_until_done(*batch)), batches):
            for outcome in outcomes:
                report.reached = max(report.reached, outcome.level)  # the weakest
                for attack, what in outcome.escapes.items():
                    report.escapes.setdefault(attack, []).extend(what)
    return report


def _batches(level: Level, attacks: Sequence[Attack], jobs: int) -> list[list[Attack]]:
    if not level.control:
        # A grader computes the references of each assignment that it meets: one does it for each.
        batches: list[list[Attack]] = [[] for _ in range(jobs)]
        for slug, own in itertools.groupby(sorted(attacks, key=_slug), _slug):
            for attack in own:
                (min(batches, key=len) if slug == _MOST else batches[0]).append(attack)
        return [batch for batch in batches if batch]
    alone = [[attack] for attack in attacks if attack.alone]
    rest = [attack for attack in attacks if not attack.alone]
    return alone + [rest[start : start + _SMALL] for start in range(0, len(rest), _SMALL)]


def _slug(attack: Attack) -> str:
    return attack.assignment


def _until_done(attacks: list[Attack], setting: Setting) -> Iterator[Outcome]:
    """Grade a batch; after each attack that ends the grader, grade the others again."""
    while attacks:
        outcome = Batch(attacks, setting).grade()
        if outcome.culprit is None:
            yield outcome
            return
        yield Outcome({outcome.culprit.id: outcome.escapes[outcome.culprit.id]}, log=outcome.log)
        attacks = [attack for attack in attacks if attack is not outcome.culprit]


def free_users() -> Iterator[int]:
    """Yield user ids that nobody has: a grader's user that harms itself harms no one else."""
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                taken.add(os.stat(f"/proc/{name}").st_uid)
            except OSError:
                continue
    start = _FIRST_FREE_USER + os.getpid() % 2000
    return (user for user in range(start, start + 1500) if user not in taken)
