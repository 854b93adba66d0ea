"""The documented figures of training_tools: the slope that the source computes, and an identity."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from gradpath.course.declare import BITS, FOUR_DECIMALS, Row, compare_one, documented


def rows(module: ModuleType) -> Iterator[Row]:
    """Compare the slope, and the updates of groups with those of one large batch."""
    slug = "training_tools"
    chain = documented(slug)["chain"]
    slope = module.chain_gradient(chain["x"])
    yield compare_one(slug, "dz/dx of y * y + 1, y = 2 x", chain["gradient"], slope, BITS)
    # The reference of `train_accumulated`: groups of equal batches are large batches.
    large, grouped = (_parameters(module, batches) for batches in (1, 5))
    for name, whole in large.items():
        figure = f"{name} after one large batch, and after five batches"
        yield compare_one(slug, figure, whole, grouped[name], FOUR_DECIMALS)


def _parameters(module: ModuleType, count: int) -> dict[str, float]:
    """Return the parameters of a line after three epochs of some batches, an update for each."""
    import torch

    samples = documented("training_tools")["samples"]
    x = torch.linspace(samples["low"], samples["high"], samples["count"]).reshape(-1, 1)
    model: Any = torch.nn.Linear(1, 1)
    for parameter in model.parameters():
        torch.nn.init.constant_(parameter, 0.5)
    batches = list(zip(x.chunk(count), (x**2).chunk(count), strict=True))
    record = module.train_accumulated(model, batches * 3, 0.1, count)
    return {name: float(value) for name, value in record["parameters"].items()}
