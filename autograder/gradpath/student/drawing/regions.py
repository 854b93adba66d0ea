"""Regions: the class that a network predicts at each point of the plane of its two features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gradpath.course import style
from gradpath.course.checks import Case
from gradpath.course.plots import Regions
from gradpath.student.drawing.panels import EXPECTED, YOURS, Caption, argument
from gradpath.student.drawing.series import series_of
from gradpath.text.messages import Message
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Observation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLASS_MARKERS: Final = ("o", "s", "^", "D", "v")


def draw_regions(axes: Axes, plot: Regions, case: Case, expected: Any, got: Observation) -> Caption:
    """Draw which class is predicted where, with a student's final parameters.

    The expected boundaries are drawn as bands; the student's regions are shaded, class by class.
    """
    samples, labels = argument(case, plot.samples), argument(case, plot.labels)
    x, y = (
        np.linspace(low - 0.6, high + 0.6, 61)
        for low, high in zip(samples.min(axis=0), samples.max(axis=0), strict=True)
    )
    grid = np.stack(np.meshgrid(x, y), axis=-1)
    series = [series_of(name, case, expected, got) for name in plot.leaves]
    parameters = [one.got for one in series]
    usable = all(
        one.got.shape == one.expected.shape and bool(np.isfinite(one.got).all()) for one in series
    )
    axes.set(xlabel=plot.x, ylabel=plot.y, xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    axes.grid(False)
    if usable:
        for number, margin in enumerate(_margins(grid, parameters)):
            color = style.CLASSES[number % len(style.CLASSES)]
            axes.contourf(x, y, margin, levels=[0.0, np.inf], colors=[color], alpha=0.3)
            axes.contour(x, y, margin, levels=[0.0], colors=YOURS, linewidths=1.4)
    for margin in _margins(grid, [one.expected for one in series]):
        axes.contour(x, y, margin, levels=[0.0], colors=EXPECTED, linewidths=5, zorder=1)
    for label in np.unique(labels):
        place = samples[labels == label]
        marker = CLASS_MARKERS[int(label) % len(CLASS_MARKERS)]
        color = style.CLASSES[int(label) % len(style.CLASSES)]
        axes.plot(*place.T, marker, color=color, markersize=11, markeredgecolor=YOURS, zorder=4)
    text = next((one.text for one in series if one.text), "")
    if not usable:
        reason = text or Message("there are values that are no numbers")
        text = Message("no regions can be drawn: {reason}", reason=reason)
    return Caption(Message(plot.title), text, cut=False)


def _margins(grid: Array, parameters: Sequence[Array]) -> list[Array]:
    """Return by how much each class's logit is above all others', at each point of a grid."""
    weights, biases, last, offset = parameters
    logits = np.maximum(grid @ weights + biases, 0.0) @ last + offset
    return [
        logits[..., number] - np.delete(logits, number, axis=-1).max(axis=-1)
        for number in range(logits.shape[-1])
    ]
