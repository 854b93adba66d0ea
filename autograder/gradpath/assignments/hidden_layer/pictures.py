"""The pictures of hidden_layer's text: both runs' losses, and decision regions."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradpath.assignments.hidden_layer.public import XOR_EPOCHS, XOR_LABELS, XOR_LR, XOR_X
from gradpath.course.declare import WIDTH, Pictures, coinciding, documented, label_ends, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told


@functools.cache
def _classifier(module: ModuleType) -> tuple[Any, Any, dict[str, Any], dict[str, Any]]:
    """Return the data of the text and both runs from the same starting weights."""
    import torch

    data = documented("hidden_layer")
    x = torch.tensor(data["x"], dtype=torch.float32)
    labels = torch.tensor(data["labels"])
    sizes = data["num_features"], data["num_hidden"], data["num_classes"]
    # The source fixes no start; this is the one that the text takes.
    parameters = module.init_parameters(*sizes, torch.Generator().manual_seed(0))
    model = module.ModelWithHiddenLayer(*sizes)
    with torch.no_grad():
        for layer, weight, bias in ((model.linear1, "W1", "B1"), (model.linear2, "Wout", "Bout")):
            # nn.Linear stores its weight as (out, in).
            layer.weight.copy_(parameters[weight].T)
            layer.bias.copy_(parameters[bias])
    by_hand = module.train_manual(x, labels, parameters, data["learning_rate"], data["epochs"])
    by_optim = module.train_optim(model, x, labels, data["learning_rate"], data["epochs"])
    return x, labels, by_hand, by_optim


@pictures.add("losses")
def classifier_losses(module: ModuleType) -> Figure:
    _, _, by_hand, by_optim = _classifier(module)
    figure = style.new_figure(WIDTH, 3.6)
    axes = figure.subplots()
    coinciding(
        axes,
        (by_hand["losses"], told("train_manual (update by hand)")),
        (by_optim["losses"], "train_optim (optim.SGD)"),
    )
    axes.set(xlabel=told("epoch"), ylabel=told("loss $L$ before the update"))
    axes.set(ylim=(0, 1), xlim=(-10, 1040))
    label_ends(axes, by_hand["losses"], "{:.2f}")
    return figure


@pictures.add("decision_regions")
def decision_regions(module: ModuleType) -> Figure:
    x, labels, record, _ = _classifier(module)
    figure = style.new_figure(4.8, 4.5)
    axes = figure.subplots()
    _draw_regions(axes, lambda plane: module.forward(plane, record["parameters"]), x, labels)
    return figure


@pictures.add("xor")
def xor_regions(module: ModuleType) -> Figure:
    import torch
    from torch import nn

    x, labels = torch.tensor(XOR_X.array), torch.tensor(XOR_LABELS.array)
    linear = nn.Linear(2, 2)
    draws = torch.Generator().manual_seed(69)
    with torch.no_grad():
        linear.weight.copy_(torch.randn((2, 2), generator=draws))
        linear.bias.copy_(torch.randn(2, generator=draws))
    losses = module.train_optim(linear, x, labels, XOR_LR, XOR_EPOCHS)["losses"]
    start = module.init_parameters(2, 5, 2, torch.Generator().manual_seed(69))
    record = module.train_manual(x, labels, start, XOR_LR, XOR_EPOCHS)
    figure = style.new_figure(WIDTH, 3.6)
    left, right = figure.subplots(1, 2)
    _draw_regions(left, linear, x, labels)
    left.set_title(told("a linear model: loss {loss:.4f}", loss=float(losses[-1])))
    _draw_regions(right, lambda plane: module.forward(plane, record["parameters"]), x, labels)
    right.set_title(told("one hidden layer: loss {loss:.4f}", loss=float(record["losses"][-1])))
    return figure


def _draw_regions(axes: Axes, model: Callable[[Any], Any], x: Any, labels: Any) -> None:
    """Colour the plane by the class that a model predicts there, and draw the samples."""
    import torch
    from matplotlib.colors import ListedColormap

    side = torch.linspace(-0.5, 1.5, 1001)
    across, up = torch.meshgrid(side, side, indexing="xy")
    with torch.no_grad():
        logits = model(torch.stack((across.reshape(-1), up.reshape(-1)), dim=1))
    classes = logits.argmax(dim=1).reshape(across.shape)
    count = logits.shape[1]
    colours = (style.BLUE, style.ORANGE, style.GREEN)[:count]
    axes.imshow(
        classes.numpy(),
        extent=(-0.5, 1.5, -0.5, 1.5),
        origin="lower",
        interpolation="nearest",
        cmap=ListedColormap(colours),
        vmin=0,
        vmax=count - 1,
        alpha=0.28,
    )
    for number, (colour, marker) in enumerate(zip(colours, "os^", strict=False)):
        places, counts = torch.unique(x[labels == number], dim=0, return_counts=True)
        axes.plot(*places.T.numpy(), marker, color=colour, markeredgecolor="white", markersize=12)
        for place, samples in zip(places.tolist(), counts.tolist(), strict=True):
            text = told("class {number}", number=number)
            if samples > 1:
                text = told("class {number} ({count} samples)", number=number, count=samples)
            axes.annotate(text, place, (0, -20), textcoords="offset points", ha="center")
    # In the corners, well away from the samples, which class is predicted there.
    for at, height, row, column in (
        (-0.45, -0.45, 0, 0),
        (1.45, -0.45, 0, -1),
        (-0.45, 1.38, -1, 0),
        (1.45, 1.38, -1, -1),
    ):
        side_of_text = "right" if at > 0 else "left"
        text = told("predicted: {number}", number=int(classes[row, column]))
        axes.text(at, height, text, color="#444444", ha=side_of_text, style="italic")
    axes.set(xlabel="$x_1$", ylabel="$x_2$")
    axes.set_xticks(np.arange(-0.5, 1.6, 0.5))
    axes.set_yticks(np.arange(-0.5, 1.6, 0.5))
    axes.grid(False)
