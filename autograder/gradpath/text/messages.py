"""Messages: English texts that remember their template and parameters, for other languages.

    Message("{name} is not written yet", name=name)

A message is a `str`, and all code reads it as the English text that it is. Its `tree` is plain data
from which `languages` makes the same text in another language; `f"{message}!"` and the methods of
`str` return texts without one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import Any, Final, Self

Tree = str | list[Any] | dict[str, Any]
"""A text as plain data: a `str` stands for itself, in every language. `[template]` and `[template,
parameters]` are looked up in a catalogue; of two templates the second is for more than one thing.
A dict joins `parts`."""

_FIELD: Final = re.compile(r"\{(\w+)\}")


class Message(str):
    """An English text, made from a template that catalogues translate.

    A parameter is a number, a text that is the same in every language, or another message.
    """

    __slots__ = ("_made_of",)
    _made_of: Tree | tuple[Any, ...]
    """The tree; or its parts, since of most messages nobody asks for the tree."""

    def __new__(cls, template: str, /, **parameters: Any) -> Self:
        """Fill in a template; one without parameters is the text as it stands, braces and all."""
        if not parameters:
            return cls.made(template, [template])
        return cls.made(template.format(**parameters), (template, parameters))

    @classmethod
    def made(cls, text: str, made_of: Tree | tuple[Any, ...]) -> Self:
        """Make a message of a text that is there already."""
        message = super().__new__(cls, text)
        message._made_of = made_of
        return message

    @property
    def tree(self) -> Tree:
        """The text as plain data."""
        if not isinstance(self._made_of, tuple):
            return self._made_of
        first, rest = self._made_of
        if isinstance(rest, dict):
            return [first, {name: _plain(value) for name, value in rest.items()}]
        return {"separator": first, "parts": [tree_of(part) for part in rest]}

    def __reduce__(self) -> tuple[Any, ...]:
        return Message.made, (str(self), self.tree)


def counted(one: str, many: str, count: int, /, **parameters: Any) -> Message:
    """Fill in the template for one thing, or that for several, with `{count}` and others."""
    parameters = {"count": count, **parameters}
    text = (one if count == 1 else many).format(**parameters)
    return Message.made(text, ([one, many], parameters))


def joined(separator: str, parts: Iterable[str]) -> Message:
    """Join the parts that are not empty; the separator has a form of its own in each language."""
    kept = [part for part in parts if part]
    if len(kept) == 1:
        return Message.made(kept[0], tree_of(kept[0]))
    return Message.made(separator.join(kept), (separator, kept))


def template(text: str) -> str:
    """Mark a template for catalogues that `Message` gets by a name."""
    return text


def recognized(text: str, templates: Iterable[str]) -> str:
    """Return a text as a message if one of some templates may have made it; else as it is.

    Parameters become texts: the same in every language.
    """
    for form in templates:
        parts = _FIELD.split(form)  # a name after each text
        fixed, names = map(re.escape, parts[::2]), (f"(?P<{name}>.+)" for name in parts[1::2])
        pattern = "".join(map("".join, itertools.zip_longest(fixed, names, fillvalue="")))
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return Message(form, **match.groupdict())
    return text


def tree_of(text: str) -> Tree:
    """Return the tree of a message; any other text is its own."""
    return text.tree if isinstance(text, Message) else text


def _plain(value: Any) -> Any:
    """Return a parameter as plain data."""
    if isinstance(value, Message):
        return value.tree
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return str(value)
    return next(kind(value) for kind in (str, int, float) if isinstance(value, kind))
