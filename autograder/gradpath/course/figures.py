"""The pictures of a text that an assignment declares, and the parts that they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gradpath.course import style
from gradpath.course.load import generated_folder, module_of, slugs
from gradpath.text.languages import ENGLISH, Language
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Picture = Callable[[ModuleType], "Figure"]


# The texts show pictures about 700 px wide: 7 inches at 150 dpi, with room for sharper screens.
WIDTH: Final = 7.0


class Pictures:
    """The pictures of an assignment by name, in the order in which they were added."""

    def __init__(self) -> None:
        self.pictures: dict[str, Picture] = {}
        self.slug = ""
        """The assignment, in whose catalogues the labels are."""

    def told(self, text: str, /, **parameters: Any) -> str:
        """Return a text of a picture, filled in, in the language that is shown.

        `gradpath languages` finds the texts by this name: `told("...")`.
        """
        return style.label(Message(text, **parameters), self.slug)

    def add(self, name: str) -> Callable[[Picture], Picture]:
        """Register a function as the picture `figures/<name>.png`."""

        def register(function: Picture) -> Picture:
            self.pictures[name] = function
            return function

        return register


def pictures_of(slug: str) -> Mapping[str, Picture]:
    """Return the pictures of an assignment by name; none if it declares none."""
    module = module_of(slug, "pictures")
    pictures: Pictures = Pictures() if module is None else module.pictures
    pictures.slug = slug
    return pictures.pictures


def drawn_folder(slug: str, language: Language) -> Path:
    """Return the folder of the pictures of a text in a language."""
    folder = generated_folder(slug) / "figures"
    return folder if language is ENGLISH else folder / language.code


def with_pictures() -> tuple[str, ...]:
    """Return the assignments that have pictures, in the order of the course."""
    return tuple(slug for slug in slugs() if pictures_of(slug))


def coinciding(axes: Axes, first: tuple[Any, str], second: tuple[Any, str]) -> None:
    """Draw two runs that lie on each other so that both are seen: a band, and dashes on it."""
    band: Any = {"color": style.SKY, "linewidth": 6.0}
    dashes: Any = {"color": style.INK, "linewidth": 1.5, "linestyle": (0, (5, 3))}
    for (losses, label), look in ((first, band), (second, dashes)):
        axes.plot(np.arange(1, len(losses) + 1), losses, label=label, **look)
    axes.legend(loc="upper right")


def label_ends(axes: Axes, losses: Any, form: str) -> None:
    """Write the first and the last loss at the ends of the curve."""
    for epoch, loss, offset, side in (
        (1, losses[0], (10, 0), "left"),
        (len(losses), losses[-1], (0, 9), "right"),
    ):
        text = form.format(loss)
        axes.annotate(text, (epoch, loss), offset, textcoords="offset points", ha=side)
