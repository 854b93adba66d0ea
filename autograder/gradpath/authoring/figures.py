"""The pictures of the texts, drawn from the solutions' own runs.

Each assignment that has pictures declares them in `gradpath/assignments/<slug>/pictures.py`:

    pictures = Pictures()

    @pictures.add("valley")
    def valley(module: ModuleType) -> Figure:
        ...
        axes.set(xlabel=pictures.told("step"))

Such a function gets the solution as a module and returns a figure. The name is the one in the
text: `figures/valley.png`. Its words are marked for catalogues with `told`, and the pictures in
another language are in a folder of their own: `figures/zh/valley.png`. Runs that several pictures
show may be cached with the module as the key, for it does not change.
"""

from __future__ import annotations

from pathlib import Path

from gradpath.course import style
from gradpath.course.figures import drawn_folder, pictures_of, with_pictures
from gradpath.course.master import solution_module
from gradpath.errors import GradpathError
from gradpath.text import choice
from gradpath.text.languages import ENGLISH, Language, speaking


def draw(slug: str, folder: Path | None = None, language: Language = ENGLISH) -> list[Path]:
    """Draw the pictures of an assignment and return their paths.

    Args:
        slug: the assignment.
        folder: where to; the folder that texts in this language have them from by default.
        language: the language of their labels.

    Raises:
        GradpathError: it has no pictures, its solution is not here, or no font has the letters of
            the language.
    """
    with speaking(language):
        if note := style.lacks_fonts():
            raise GradpathError(note)
        return _draw(slug, folder or drawn_folder(slug, language))


def _draw(slug: str, folder: Path) -> list[Path]:
    pictures = pictures_of(slug)
    if not pictures:
        there = with_pictures()
        known = choice(slug, there)
        raise GradpathError(f"no pictures of {slug!r}; {known}")
    import matplotlib

    # A master may import pyplot: without this, that could look for a screen.
    matplotlib.use("Agg")
    module = solution_module(slug)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, function in pictures.items():
        path = folder / f"{name}.png"
        with style.styled():
            style.save(function(module), path)
        paths.append(path)
    return paths
