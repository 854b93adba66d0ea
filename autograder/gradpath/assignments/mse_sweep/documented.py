"""The documented figures of mse_sweep: the sweep that the source prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import numpy as np

from gradpath.course.declare import (
    BITS,
    COUNT,
    TWELVE,
    Row,
    compare_one,
    compare_sequence,
    documented,
)
from gradpath.errors import AuthoringError


def rows(module: ModuleType) -> Iterator[Row]:
    """Compare the grid, the losses and the best weight."""
    slug = "mse_sweep"
    printed = documented(slug)
    weights = module.weight_grid()
    losses = module.sweep(np.array(printed["x"]), np.array(printed["y"]), weights)
    count = len(printed["mse"])
    yield from compare_sequence(slug, "weight", printed["weights"], weights[:count], TWELVE)
    yield from compare_sequence(slug, "mse", printed["mse"], losses[:count], TWELVE)
    # The number of weights is printed inside a sentence.
    announced = re.search(r"(\d+) weights", printed["grid"])
    if announced is None:
        raise AuthoringError("documented.json does not say any more how many weights there are")
    yield compare_one(slug, "number of weights", announced[1], len(weights), COUNT)
    best = module.best_weight(weights, losses)
    yield compare_one(slug, "best weight", printed["minimum_at"], best, BITS)
