"""The pictures of lenet's text: feature maps, the graph, and the run of the text."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gradpath.assignments.lenet.public import LR, PICTURE, SEED, STEPS, TARGET
from gradpath.course.declare import WIDTH, Pictures, coinciding, label_ends, style
from gradpath.text.messages import joined

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told

# Nodes of the graph: place, text, and whether the walk of the text comes by.
_NODES = {
    "loss": (0.0, 0.0, "MseLoss", True),
    "fc3": (1.0, 0.0, "Addmm\nfc3", True),
    "bias3": (2.0, 1.0, "AccumulateGrad\nfc3.bias", True),
    "relu2": (2.0, 0.0, "Relu", False),
    "weight3": (2.0, -1.0, "AccumulateGrad\nfc3.weight", False),
    "fc2": (3.0, 0.0, "Addmm\nfc2", False),
    "bias2": (4.0, 1.0, "AccumulateGrad\nfc2.bias", False),
    "relu1": (4.0, 0.0, "Relu  ...", False),
    "weight2": (4.0, -1.0, "AccumulateGrad\nfc2.weight", False),
}
_EDGES = (
    *(("loss", "fc3"), ("fc3", "bias3"), ("fc3", "relu2"), ("fc3", "weight3"), ("relu2", "fc2")),
    *(("fc2", "bias2"), ("fc2", "relu1"), ("fc2", "weight2")),
)


def _network(module: ModuleType) -> Any:
    """Return the network of the text, with its starting weights."""
    import torch

    net = module.LeNet()
    generator = torch.Generator().manual_seed(SEED)
    for parameter in net.parameters():
        parameter.data.uniform_(-0.1, 0.1, generator=generator)
    return net


@functools.cache
def _runs(module: ModuleType) -> tuple[dict[str, Any], dict[str, Any]]:
    import torch

    x, target = torch.from_numpy(PICTURE.array.copy()), torch.from_numpy(TARGET.array.copy())
    by_hand = module.train_manual(_network(module), x, target, LR, STEPS)
    return by_hand, module.train_optim(_network(module), x, target, LR, STEPS)


@pictures.add("feature_maps")
def feature_maps(module: ModuleType) -> Figure:
    import torch
    import torch.nn.functional as F

    x = torch.from_numpy(PICTURE.array.copy())
    maps = F.max_pool2d(F.relu(_network(module).conv1(x)), 2).detach()[0].numpy()
    figure = style.new_figure(WIDTH, 2.9)
    grid = figure.add_gridspec(2, 5)
    _show(figure.add_subplot(grid[:, :2]), PICTURE.array[0, 0], told("the picture, 32 x 32"))
    for number, channel in enumerate(maps):
        axes = figure.add_subplot(grid[number // 3, 2 + number % 3])
        _show(
            axes, channel, told("channel {number}, 14 x 14", number=number), top=float(maps.max())
        )
    return figure


def _show(axes: Axes, values: Any, title: str, top: float | None = None) -> None:
    low = -1.0 if top is None else 0.0
    axes.imshow(values, cmap="gray", vmin=low, vmax=top or 1.0, interpolation="nearest")
    axes.set_title(title, fontsize=9)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)


@pictures.add("graph")
def graph(module: ModuleType) -> Figure:
    figure = style.new_figure(WIDTH, 3.0)
    axes = figure.subplots()
    for start, end in _EDGES:
        bold = _NODES[start][3] and _NODES[end][3]
        axes.annotate(
            "",
            _NODES[end][:2],
            _NODES[start][:2],
            arrowprops={
                "arrowstyle": "-|>",
                "color": style.ORANGE if bold else style.INK,
                "linewidth": 2.6 if bold else 1.0,
                "shrinkA": 22,
                "shrinkB": 24,
            },
        )
    for x, y, text, walked in _NODES.values():
        colour = style.ORANGE if walked else style.INK
        box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": colour}
        axes.text(x, y, text, ha="center", va="center", fontsize=8, bbox=box)
    axes.set(xlim=(-0.5, 4.6), ylim=(-1.5, 1.5))
    axes.axis("off")
    return figure


@pictures.add("losses")
def losses(module: ModuleType) -> Figure:
    by_hand, by_optim = _runs(module)
    figure = style.new_figure(WIDTH, 3.2)
    axes = figure.subplots()
    coinciding(
        axes,
        (by_hand["losses"], told("train_manual (update by hand)")),
        (by_optim["losses"], "train_optim (optim.SGD)"),
    )
    axes.set(xlabel=told("step"), ylabel=told("loss $L$ before the update"))
    axes.set(ylim=(0, 1.35), xlim=(0.8, STEPS + 0.4))
    label_ends(axes, by_hand["losses"], "{:.3f}")
    return figure


@pictures.add("biases")
def biases(module: ModuleType) -> Figure:
    start = _network(module).conv1.bias.detach().numpy()
    rows = [start, *(row.numpy() for row in _runs(module)[0]["biases"])]
    figure = style.new_figure(WIDTH, 3.4)
    axes = figure.subplots()
    for channel in range(len(start)):
        axes.plot([row[channel] for row in rows], "o-", markersize=3.5, linewidth=1.3)
    # Lines that end together share a label.
    ends: list[list[int]] = []
    for channel in sorted(range(len(start)), key=rows[-1].__getitem__):
        if ends and rows[-1][channel] - rows[-1][ends[-1][-1]] < 0.005:
            ends[-1].append(channel)
        else:
            ends.append([channel])
    for channels in ends:
        names = joined(" and ", map(str, sorted(channels)))
        text = told("channels {names}", names=names)
        if len(channels) == 1:
            text = told("channel {names}", names=names)
        place = (STEPS, rows[-1][channels[0]])
        axes.annotate(text, place, (6, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set(xlabel=told("updates"), ylabel=told("bias of conv1"), xlim=(-0.1, STEPS + 1.2))
    return figure
