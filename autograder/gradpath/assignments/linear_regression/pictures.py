"""The pictures of linear_regression's text: both runs' losses, and the predictions."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradpath.course.declare import WIDTH, Pictures, coinciding, documented, label_ends, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told


@functools.cache
def _harvest(module: ModuleType) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]:
    """Return both runs of the text and their arguments."""
    data = documented("linear_regression")
    # The source fixes no start; this is the one that the text takes.
    w = np.array([[0.5, 0.0, -0.5], [-0.5, 0.5, 1.0]])
    b = np.array([1.0, -1.0])
    inputs, targets = (np.array(data[key], dtype=float) for key in ("inputs", "targets"))
    words = (inputs, targets, w, b, data["learning_rate"], data["epochs"])
    return module.train_numpy(*words), module.train(*words), words


@pictures.add("losses")
def regression_losses(module: ModuleType) -> Figure:
    by_hand, by_torch, _ = _harvest(module)
    figure = style.new_figure(WIDTH, 3.6)
    axes = figure.subplots()
    coinciding(
        axes,
        (by_hand["losses"], "train_numpy (NumPy, float64)"),
        (by_torch["losses"], "train (torch, float32)"),
    )
    axes.set(xlabel=told("epoch"), ylabel=told("MSE $L$ before the update"))
    axes.set(ylim=(0, 3700), xlim=(-1, 104))
    label_ends(axes, by_hand["losses"], "{:.0f}")
    return figure


@pictures.add("predictions")
def predictions(module: ModuleType) -> Figure:
    record, _, (inputs, targets, w, b, *_) = _harvest(module)
    names = told("apples"), told("oranges")
    before = module.model(inputs, w, b)
    after = module.model(inputs, record["w"], record["b"])
    figure = style.new_figure(WIDTH, 3.6)
    panels = figure.subplots(1, 2)
    low, high = -12, 150
    for column, (axes, name) in enumerate(zip(panels, names, strict=True)):
        axes.plot((low, high), (low, high), color=style.GREY, linewidth=1.2)
        true = targets[:, column]
        for x, y0, y1 in zip(true, before[:, column], after[:, column], strict=True):
            axes.plot((x, x), (y0, y1), color=style.GREY, linewidth=0.9, linestyle=":")
        hollow: Any = {
            "markerfacecolor": "white",
            "markersize": 6.5,
            "label": told("before training"),
        }
        axes.plot(true, before[:, column], "o", color=style.ORANGE, **hollow)
        axes.plot(
            true,
            after[:, column],
            "o",
            color=style.BLUE,
            markersize=6.5,
            label=told("after training"),
        )
        axes.set(title=name, xlabel=told("true yield $Y$"), aspect="equal")
        axes.set(xlim=(low, high), ylim=(low, high))
        axes.set_xticks(range(0, 151, 50))
        axes.set_yticks(range(0, 151, 50))
    panels[0].set_ylabel(told(r"predicted yield $\hat{Y}$"))
    panels[0].legend(loc="upper left")
    panels[1].text(6, 12, r"$\hat{Y} = Y$", color="#666666", rotation=45, ha="center", va="center")
    return figure
