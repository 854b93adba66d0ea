"""The pictures of training_tools' text: scales by layer, and groups beside large batches."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradpath.assignments.training_tools.public import (
    deep_network,
    documented_batches,
    samples,
    xavier_deviation,
)
from gradpath.course.declare import WIDTH, Pictures, coinciding, documented, label_ends, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told


@pictures.add("activation_scales")
def activation_scales(module: ModuleType) -> Figure:
    import torch

    x, weights = deep_network()
    xavier = xavier_deviation(x.shape[1])
    figure = style.new_figure(WIDTH, 3.7)
    axes = figure.subplots()
    layers = np.arange(len(weights) + 1)
    for name, factor, colour, marker in (
        (told("twice Xavier's"), 2.0, style.VERMILION, "v"),
        (told("He's"), 2**0.5, style.GREEN, "o"),
        (told("Xavier's"), 1.0, style.BLUE, "s"),
        (told("half of Xavier's"), 0.5, style.ORANGE, "^"),
    ):
        given = [torch.from_numpy(weight) * (factor * xavier) for weight in weights]
        scales = module.activation_scales(torch.from_numpy(x), given)
        axes.plot(layers, [x.std(), *scales], marker + "-", color=colour)
        text = rf"{name}: $\sigma$ = {factor * xavier:.3f}"
        place = (layers[-1], scales[-1])
        axes.annotate(text, place, (9, 0), textcoords="offset points", va="center", color=colour)
    axes.set_yscale("log")
    axes.set(
        xlabel=told("layer (0 is the input)"), ylabel=told("standard deviation"), xlim=(-0.2, 9.3)
    )
    axes.set_xticks(layers)
    return figure


@pictures.add("large_batch")
def large_batch(module: ModuleType) -> Figure:
    import torch

    ours = documented("training_tools")["ours"]
    epochs, lr = 60, ours["learning_rate"]

    def losses(batches: list[Any], group: int) -> Any:
        model: Any = torch.nn.Sequential(
            torch.nn.Linear(1, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
        )
        names = {f"{k}.{n}": v for k, values in ours["start"].items() for n, v in values.items()}
        model.load_state_dict({name: torch.tensor(value) for name, value in names.items()})
        pairs = [(torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches]
        record = module.train_accumulated(model, pairs * epochs, lr, group)
        return np.reshape(record["losses"], (epochs, group)).mean(axis=1)

    grouped, large = losses(documented_batches(), ours["batches"]), losses([samples()], 1)
    figure = style.new_figure(WIDTH, 3.4)
    axes = figure.subplots()
    coinciding(
        axes,
        (grouped, told("groups of five batches (mean loss)")),
        (large, told("one batch of ten samples")),
    )
    label_ends(axes, grouped, "{:.2f}")
    axes.set(xlabel=told("update"), ylabel=told("loss before the update"), ylim=(0, None))
    return figure
