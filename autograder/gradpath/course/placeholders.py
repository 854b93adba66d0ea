"""Parts of an assignment's text that are not typed twice: its points and its common mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gradpath.course.load import module_of, read_settings
from gradpath.course.mistakes import Misconception

_SHOWN: Final = 2
"""Mistakes of each function that are named: the files have the common ones first."""


def filled_in(slug: str, text: str) -> str:
    """Return a text of a master with `<!-- points -->` and `<!-- mistakes -->` filled in."""
    for placeholder, part in _PARTS.items():
        if placeholder in text:
            text = text.replace(placeholder, part(slug))
    return text


def _points(slug: str) -> str:
    settings = read_settings(slug)
    shares = ", ".join(f"`{name}` {points:g}" for name, points in settings.points.items())
    question = settings.question_points
    more = f"; {question:g} more for the written question, if people grade it" if question else ""
    return f"{sum(settings.points.values()):g} ({shares}){more}"


def _mistakes(slug: str) -> str:
    """Return a list of the titles of known mistakes, the first ones of each function."""
    module = module_of(slug, "misconceptions")
    known: list[Misconception] = [] if module is None else module.MISCONCEPTIONS
    lines, named = [], set[str]()
    for function in read_settings(slug).points:
        titles = [
            mistake.title
            for mistake in known
            if mistake.variants
            and mistake.variants[0].function == function
            and mistake.title not in named
        ][:_SHOWN]
        named.update(titles)
        lines += [f"- `{function}`: {'. '.join(titles)}."] if titles else []
    return "\n".join(lines)


_PARTS: Final[Mapping[str, Callable[[str], str]]] = {
    "<!-- points -->": _points,
    "<!-- mistakes -->": _mistakes,
}
