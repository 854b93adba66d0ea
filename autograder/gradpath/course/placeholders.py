"""Parts of an assignment's text that are not typed twice: its points and its common mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gradpath.course.load import module_of, read_settings
from gradpath.course.mistakes import Misconception
from gradpath.text.languages import ENGLISH, Language
from gradpath.text.messages import Message, joined

_SHOWN: Final = 2
"""Mistakes of each function that are named: the files have the common ones first."""


def filled_in(slug: str, text: str, language: Language = ENGLISH) -> str:
    """Return a text of a master with `<!-- points -->` and `<!-- mistakes -->` filled in."""
    for placeholder, part in _PARTS.items():
        if placeholder in text:
            text = text.replace(placeholder, part(slug, language))
    return text


def _points(slug: str, language: Language) -> str:
    settings = read_settings(slug)
    shares = joined(", ", (f"`{name}` {points:g}" for name, points in settings.points.items()))
    total = Message("{total:g} ({shares})", total=sum(settings.points.values()), shares=shares)
    more = Message(
        "{points:g} more for the written question, if people grade it",
        points=settings.question_points,
    )
    return language.text(joined("; ", [total, more if settings.question_points else ""]))


def _mistakes(slug: str, language: Language) -> str:
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
        listed = joined(". ", map(Message, titles))
        line = Message("- `{function}`: {titles}.", function=function, titles=listed)
        lines += [language.text(line, slug)] if titles else []
    return "\n".join(lines)


_PARTS: Final[Mapping[str, Callable[[str, Language], str]]] = {
    "<!-- points -->": _points,
    "<!-- mistakes -->": _mistakes,
}
