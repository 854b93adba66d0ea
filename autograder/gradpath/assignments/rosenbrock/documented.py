"""The documented figures of rosenbrock: the end of the descent that the source prints."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from gradpath.course.declare import (
    BITS,
    COUNT,
    FLOAT32,
    Row,
    compare_one,
    compare_sequence,
    documented,
)


def rows(module: ModuleType) -> Iterator[Row]:
    """Compare the number of iterations, the last losses and the last point."""
    slug = "rosenbrock"
    printed = documented(slug)
    record = module.descend(
        printed["start"], printed["step_size"], printed["tolerance"], printed["max_iterations"]
    )
    yield compare_one(slug, "iterations", printed["iterations"], record["iterations"], COUNT)
    # The source numbers its lines from 0, and so do histories.
    tail = [(index, loss) for index, loss in printed["tail"] if index < len(record["losses"])]
    losses = [loss for _, loss in printed["tail"]]
    ours = [record["losses"][index] for index, _ in tail]
    first = printed["tail"][0][0]
    yield from compare_sequence(slug, "losses", losses, ours, BITS, first)
    for name, want, got in zip("xy", printed["point"], record["points"][-1], strict=True):
        yield compare_one(slug, f"final {name}", want, got, FLOAT32)
