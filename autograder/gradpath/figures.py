"""The pictures of the texts, drawn from the solutions' own runs on the documented data.

Each picture is a function that gets the solution as a module and returns a figure; its name is the
one in the text: `figures/valley.png` is drawn by the function registered as "valley".
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gradpath import style
from gradpath.course import course_root, documented
from gradpath.documented import solution_module
from gradpath.errors import GradpathError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Picture = Callable[[ModuleType], "Figure"]

PICTURES: Final[dict[str, dict[str, Picture]]] = {}
"""The pictures of each assignment by name."""

# The texts show pictures about 700 px wide: 7 inches at 150 dpi, with room for sharper screens.
_WIDTH: Final = 7.0

# Runs that several pictures show are cached: the module is the key, and it does not change.


def picture(slug: str, name: str) -> Callable[[Picture], Picture]:
    """Register a function as a picture of an assignment."""

    def register(function: Picture) -> Picture:
        PICTURES.setdefault(slug, {})[name] = function
        return function

    return register


def draw(slug: str, folder: Path | None = None) -> list[Path]:
    """Draw the pictures of an assignment and return their paths.

    Args:
        slug: the assignment.
        folder: where to; the assignment's own folder by default.

    Raises:
        GradpathError: it has no pictures, or its solution is not here.
    """
    if slug not in PICTURES:
        raise GradpathError(f"no pictures of {slug!r}; there are some of: {', '.join(PICTURES)}")
    import matplotlib

    # A master may import pyplot: without this, that could look for a screen.
    matplotlib.use("Agg")
    module = solution_module(slug)
    folder = folder or course_root() / "assignments" / slug / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, function in PICTURES[slug].items():
        path = folder / f"{name}.png"
        with style.styled():
            style.save(function(module), path)
        paths.append(path)
    return paths


# mse_sweep


@picture("mse_sweep", "loss_over_w")
def _loss_over_w(module: ModuleType) -> Figure:
    data = documented()["mse_sweep"]
    weights = module.weight_grid()
    losses = module.sweep(np.array(data["x"]), np.array(data["y"]), weights)
    best = module.best_weight(weights, losses)
    figure = style.new_figure(_WIDTH, 3.9)
    axes = figure.subplots()
    axes.plot(weights, losses, "o-", color=style.BLUE, markersize=3.5, linewidth=1.5)
    lowest = float(np.min(losses))
    axes.plot(best, lowest, "o", color=style.VERMILION, markersize=9, clip_on=False, zorder=3)
    axes.annotate(
        f"minimum at $w = {best:g}$",
        (best, lowest),
        (0, 34),
        textcoords="offset points",
        ha="center",
        color=style.VERMILION,
        arrowprops={"arrowstyle": "-", "color": style.VERMILION, "shrinkB": 6},
    )
    for index, side in ((0, "left"), (-1, "right")):
        axes.annotate(
            f"{losses[index]:.2f}",
            (weights[index], losses[index]),
            (10 if side == "left" else -10, 0),
            textcoords="offset points",
            ha=side,
            va="center",
        )
    axes.set(xlabel="weight $w$", ylabel=r"loss $\mathrm{MSE}(w)$", ylim=(0, 20))
    axes.set_xlim(-0.1, 4.1)
    axes.set_yticks(range(0, 21, 5))
    return figure


# hand_gradients


@picture("hand_gradients", "descent_on_the_parabolas")
def _descent_on_the_parabolas(module: ModuleType) -> Figure:
    run, data = documented()["hand_gradients"], documented()["mse_sweep"]
    words = data["x"], data["y"], run["w0"], run["learning_rate"], run["epochs"]
    after, before = module.train(*words), module.train_autograd(*words)
    figure = style.new_figure(_WIDTH, 3.7)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    _steps_on_parabolas(left, module, [run["w0"], *after["weights"]], data["x"], data["y"])
    epochs = np.arange(run["epochs"])
    right.plot(epochs, before["losses"], "s--", color=style.ORANGE, label="before the update")
    right.plot(epochs, after["losses"], "o-", color=style.BLUE, label="after the update")
    right.set(xlabel="epoch", ylabel=r"loss $\ell$ of the last sample", ylim=(-0.15, 8))
    right.set_xticks(range(0, 10, 3))
    right.legend()
    return figure


def _steps_on_parabolas(
    axes: Axes, module: ModuleType, weights: list[float], xs: list[float], ys: list[float]
) -> None:
    grid = np.linspace(0.9, 2.1, 200)
    colours = (style.GREEN, style.SKY, style.VERMILION)
    for number, (x, y, colour, marker) in enumerate(zip(xs, ys, colours, "os^", strict=True)):
        axes.plot(grid, module.loss(x, y, grid), color=colour, linewidth=1.2, alpha=0.55)
        own = range(number, len(weights) - 1, len(xs))
        label = f"$x = {x:g},\\ y = {y:g}$"
        ends = [weights[update + 1] for update in own]
        heights = [module.loss(x, y, w) for w in ends]
        axes.plot(ends, heights, marker, color=colour, label=label)
        for update in own:
            # The way that this update goes down on its own sample's parabola.
            step = np.linspace(weights[update], weights[update + 1], 12)
            axes.plot(step, module.loss(x, y, step), color=colour, linewidth=2.4)
    axes.set(xlabel="weight $w$", ylabel=r"loss $\ell(w)$ of one sample")
    axes.set(xlim=(0.95, 2.08), ylim=(-0.18, 9.4))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1])


# rosenbrock


@functools.cache
def _descent(module: ModuleType) -> dict[str, Any]:
    run = documented()["rosenbrock"]
    record: dict[str, Any] = module.descend(
        run["start"], run["step_size"], run["tolerance"], run["max_iterations"]
    )
    return record


@picture("rosenbrock", "valley")
def _valley(module: ModuleType) -> Figure:
    from matplotlib import ticker
    from matplotlib.colors import LinearSegmentedColormap

    start = documented()["rosenbrock"]["start"]
    points = np.vstack([[start], _descent(module)["points"]])
    figure = style.new_figure(_WIDTH, 4.9)
    axes = figure.subplots()
    x, y = np.meshgrid(np.linspace(-0.4, 1.4, 900), np.linspace(-0.3, 1.3, 800))
    values = module.rosenbrock(x, y)
    # Half a decade from line to line: the valley's floor and its walls differ by five decades.
    levels = 10.0 ** np.arange(-2.5, 3.0, 0.5)
    blues = LinearSegmentedColormap.from_list("", ("#FFFFFF", "#D3E5F2", "#8DBBDD", "#3B7DB4"))
    shades = axes.contourf(x, y, values, levels=levels, cmap=blues, norm="log", extend="both")
    # On the floor, lines would lie so close together that they hide it.
    axes.contour(x, y, values, levels=levels[levels > 0.09], colors="#4A7396", linewidths=0.5)
    bar = figure.colorbar(shades, ax=axes, ticks=levels[1::2], fraction=0.05, pad=0.02)
    bar.ax.yaxis.set_major_formatter(ticker.LogFormatterMathtext())
    bar.set_label("$f(x, y)$")
    bar.minorticks_off()
    axes.plot(*points.T, color=style.VERMILION, linewidth=2.6, label="path of the descent")
    axes.plot(*start, "s", color=style.INK, markersize=8, label="start $(0, 0)$")
    axes.plot(*points[-1], "o", color=style.VERMILION, markersize=7, label="end of the path")
    axes.plot(1, 1, "*", color=style.INK, markersize=13, label="minimum $(1, 1)$")
    axes.set(xlabel="$x$", ylabel="$y$", aspect="equal")
    axes.grid(False)
    axes.legend(loc="upper left", frameon=True, framealpha=0.95, edgecolor="none")
    return figure


@picture("rosenbrock", "losses")
def _rosenbrock_losses(module: ModuleType) -> Figure:
    run = documented()["rosenbrock"]
    losses = _descent(module)["losses"]
    figure = style.new_figure(_WIDTH, 3.6)
    axes = figure.subplots()
    axes.semilogy(np.arange(1, len(losses) + 1), losses, color=style.BLUE)
    axes.axhline(run["tolerance"], color=style.GREY, linestyle="--", linewidth=1.2)
    axes.text(60, run["tolerance"] * 1.12, f"tolerance {run['tolerance']:g}", color="#555555")
    axes.plot(len(losses), losses[-1], "o", color=style.BLUE, markersize=6)
    axes.annotate(
        f"{len(losses)} updates",
        (len(losses), losses[-1]),
        (2, -17),
        textcoords="offset points",
        ha="right",
    )
    axes.set(xlabel="update", ylabel="loss $f$ after the update")
    axes.set(xlim=(-80, 6050), ylim=(4.5e-4, 1.5))
    axes.grid(which="minor", alpha=0.35)
    return figure


# linear_regression


@functools.cache
def _harvest(module: ModuleType) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, ...]]:
    """Return both runs of the text and their arguments."""
    data = documented()["linear_regression"]
    # The source fixes no start; this is the one that the text takes.
    w = np.array([[0.5, 0.0, -0.5], [-0.5, 0.5, 1.0]])
    b = np.array([1.0, -1.0])
    inputs, targets = (np.array(data[key], dtype=float) for key in ("inputs", "targets"))
    words = (inputs, targets, w, b, data["learning_rate"], data["epochs"])
    return module.train_numpy(*words), module.train(*words), words


@picture("linear_regression", "losses")
def _regression_losses(module: ModuleType) -> Figure:
    by_hand, by_torch, _ = _harvest(module)
    figure = style.new_figure(_WIDTH, 3.6)
    axes = figure.subplots()
    _coinciding(
        axes,
        (by_hand["losses"], "train_numpy (NumPy, float64)"),
        (by_torch["losses"], "train (torch, float32)"),
    )
    axes.set(xlabel="epoch", ylabel="MSE $L$ before the update", ylim=(0, 3700), xlim=(-1, 104))
    _label_ends(axes, by_hand["losses"], "{:.0f}")
    return figure


@picture("linear_regression", "predictions")
def _predictions(module: ModuleType) -> Figure:
    record, _, (inputs, targets, w, b, *_) = _harvest(module)
    names = documented()["linear_regression"]["targets_named"]
    before = module.model(inputs, w, b)
    after = module.model(inputs, record["w"], record["b"])
    figure = style.new_figure(_WIDTH, 3.6)
    panels = figure.subplots(1, 2)
    low, high = -12, 150
    for column, (axes, name) in enumerate(zip(panels, names, strict=True)):
        axes.plot((low, high), (low, high), color=style.GREY, linewidth=1.2)
        true = targets[:, column]
        for x, y0, y1 in zip(true, before[:, column], after[:, column], strict=True):
            axes.plot((x, x), (y0, y1), color=style.GREY, linewidth=0.9, linestyle=":")
        hollow: Any = {"markerfacecolor": "white", "markersize": 6.5, "label": "before training"}
        axes.plot(true, before[:, column], "o", color=style.ORANGE, **hollow)
        axes.plot(
            true, after[:, column], "o", color=style.BLUE, markersize=6.5, label="after training"
        )
        axes.set(title=name, xlabel="true yield $Y$", aspect="equal")
        axes.set(xlim=(low, high), ylim=(low, high))
        axes.set_xticks(range(0, 151, 50))
        axes.set_yticks(range(0, 151, 50))
    panels[0].set_ylabel(r"predicted yield $\hat{Y}$")
    panels[0].legend(loc="upper left")
    panels[1].text(6, 12, r"$\hat{Y} = Y$", color="#666666", rotation=45, ha="center", va="center")
    return figure


# hidden_layer


@functools.cache
def _classifier(module: ModuleType) -> tuple[Any, Any, dict[str, Any], dict[str, Any]]:
    """Return the data of the text and both runs from the same starting weights."""
    import torch

    data = documented()["hidden_layer"]
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


@picture("hidden_layer", "losses")
def _classifier_losses(module: ModuleType) -> Figure:
    _, _, by_hand, by_optim = _classifier(module)
    figure = style.new_figure(_WIDTH, 3.6)
    axes = figure.subplots()
    _coinciding(
        axes,
        (by_hand["losses"], "train_manual (update by hand)"),
        (by_optim["losses"], "train_optim (optim.SGD)"),
    )
    axes.set(xlabel="epoch", ylabel="loss $L$ before the update", ylim=(0, 1), xlim=(-10, 1040))
    _label_ends(axes, by_hand["losses"], "{:.2f}")
    return figure


@picture("hidden_layer", "decision_regions")
def _decision_regions(module: ModuleType) -> Figure:
    import torch
    from matplotlib.colors import ListedColormap

    x, labels, record, _ = _classifier(module)
    side = torch.linspace(-0.5, 1.5, 1001)
    across, up = torch.meshgrid(side, side, indexing="xy")
    plane = torch.stack((across.reshape(-1), up.reshape(-1)), dim=1)
    classes = module.predict(module.forward(plane, record["parameters"])).reshape(across.shape)
    figure = style.new_figure(4.8, 4.5)
    axes = figure.subplots()
    colours = (style.BLUE, style.ORANGE, style.GREEN)
    axes.imshow(
        classes.numpy(),
        extent=(-0.5, 1.5, -0.5, 1.5),
        origin="lower",
        interpolation="nearest",
        cmap=ListedColormap(colours),
        alpha=0.28,
    )
    for number, (colour, marker) in enumerate(zip(colours, "os^", strict=True)):
        places, counts = torch.unique(x[labels == number], dim=0, return_counts=True)
        axes.plot(*places.T.numpy(), marker, color=colour, markeredgecolor="white", markersize=12)
        for place, count in zip(places.tolist(), counts.tolist(), strict=True):
            text = f"class {number}" + (f" ({count} samples)" if count > 1 else "")
            axes.annotate(text, place, (0, -20), textcoords="offset points", ha="center")
        # In each region, well away from the samples, which class is predicted there.
        corner = {0: (-0.45, -0.45), 1: (1.45, -0.45), 2: (-0.45, 1.38)}[number]
        side_of_text = "right" if corner[0] > 0 else "left"
        axes.text(*corner, f"predicted: {number}", color="#444444", ha=side_of_text, style="italic")
    axes.set(xlabel="$x_1$", ylabel="$x_2$")
    axes.set_xticks(np.arange(-0.5, 1.6, 0.5))
    axes.set_yticks(np.arange(-0.5, 1.6, 0.5))
    axes.grid(False)
    return figure


# Parts of pictures


def _coinciding(axes: Axes, first: tuple[Any, str], second: tuple[Any, str]) -> None:
    """Draw two runs that lie on each other so that both are seen: a band, and dashes on it."""
    band: Any = {"color": style.SKY, "linewidth": 6.0}
    dashes: Any = {"color": style.INK, "linewidth": 1.5, "linestyle": (0, (5, 3))}
    for (losses, label), look in ((first, band), (second, dashes)):
        axes.plot(np.arange(1, len(losses) + 1), losses, label=label, **look)
    axes.legend(loc="upper right")


def _label_ends(axes: Axes, losses: Any, form: str) -> None:
    """Write the first and the last loss at the ends of the curve."""
    for epoch, loss, offset, side in (
        (1, losses[0], (10, 0), "left"),
        (len(losses), losses[-1], (0, 9), "right"),
    ):
        text = form.format(loss)
        axes.annotate(text, (epoch, loss), offset, textcoords="offset points", ha=side)
