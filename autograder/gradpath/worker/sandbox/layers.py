"""The layers between a submission and the grader, and which of them make which level."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, get_args

Level = Literal["A", "B", "C", "D"]
Layer = Literal["namespaces", "uid", "landlock", "seccomp"]

LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)
LEVELS: Final[tuple[Level, ...]] = get_args(Level)


@dataclass(frozen=True)
class Layers:
    """The layers around a worker. Command lines carry their `names`.

    Attributes:
        namespaces: see `gradpath.worker.sandbox.namespaces`.
        uid: a user id of its own, for a grader that is root.
        landlock: see `gradpath.worker.sandbox.landlock`.
        seccomp: see `gradpath.worker.sandbox.seccomp`.
        may_open: False: seccomp refuses to open files, because no other layer guards reading.
    """

    namespaces: bool = False
    uid: bool = False
    landlock: bool = False
    seccomp: bool = False
    may_open: bool = True

    @property
    def level(self) -> Level:
        """The level, as measured against attacks: seccomp and one layer more hold, none holds
        alone."""
        guarded = self.uid or self.landlock or not self.may_open
        if self.seccomp and self.landlock and self.namespaces:
            return "A"
        if self.seccomp and guarded:
            return "B"
        if self.seccomp or self.landlock or self.uid or self.namespaces:
            return "C"
        return "D"

    @property
    def names(self) -> str:
        """The layers' names with commas, as `read` takes them."""
        names: list[str] = [name for name in LAYERS if getattr(self, name)]
        return ",".join(names + ([] if self.may_open else ["no-open"]))

    @classmethod
    def read(cls, names: str) -> Layers:
        """Return layers from their names."""
        chosen = set(filter(None, names.split(",")))
        return cls(
            namespaces="namespaces" in chosen,
            uid="uid" in chosen,
            landlock="landlock" in chosen,
            seccomp="seccomp" in chosen,
            may_open="no-open" not in chosen,
        )


def choose(works: Collection[Layer]) -> Layers:
    """Return the strongest combination of the layers that work here."""
    landlock, seccomp = "landlock" in works, "seccomp" in works
    return Layers(
        namespaces="namespaces" in works,
        uid="uid" in works,
        landlock=landlock,
        seccomp=seccomp,
        # Modes alone do not tell libraries from files that everybody may read.
        may_open=landlock or not seccomp,
    )


def at_least(level: Level, wanted: Level) -> bool:
    """Tell whether a level is as strong as another; A is the strongest."""
    return LEVELS.index(level) <= LEVELS.index(wanted)
