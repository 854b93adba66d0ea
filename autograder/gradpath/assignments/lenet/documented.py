"""The documented figures of lenet: the walk that the source prints, and the shape of its run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from gradpath.course.declare import COUNT, Row, compare_one, compare_sequence, documented
from gradpath.course.documented import Way

NAMES: Final = Way("equal, without numbers", str)


def rows(module: ModuleType) -> Iterator[Row]:
    """Compare the nodes of the walk, and count the target; loss and gradients have no seed."""
    import torch
    from torch import nn

    slug = "lenet"
    printed = documented(slug)
    output = module.LeNet()(torch.zeros(printed["inputs"]))
    target = torch.tensor(printed["target"]).view(1, -1)
    yield compare_one(slug, "outputs of a picture", len(printed["target"]), output.numel(), COUNT)
    walk = module.graph_walk(nn.MSELoss()(output, target), 50)
    names = [re.sub(r"\d", "", name.rpartition("::")[2]) for name in walk]
    yield from compare_sequence(slug, "walk", printed["walk"], names, NAMES)
