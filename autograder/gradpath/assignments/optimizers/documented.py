"""The documented figures of optimizers: the runs of torch.optim with the same settings."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from gradpath.course.declare import TWELVE, Row, compare_sequence, documented


def rows(module: ModuleType) -> Iterator[Row]:
    """Compare the losses of the five rules."""
    slug = "optimizers"
    run = documented(slug)
    record = module.compare(run["start"], run["learning_rate"], run["steps"])
    for name, losses in run["losses"].items():
        yield from compare_sequence(slug, f"{name}: losses", losses, record[name], TWELVE)
