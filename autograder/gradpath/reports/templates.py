"""The environment of the templates of a report: strict, and with all values escaped.

`_("...")` in a template is a text of ours in the language that is shown, as `Message` is in code;
`html("...")` is one with elements in it.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message, counted


def environment(package: str, folder: str = "templates") -> Environment:
    """Return the environment of the templates in a folder of a package."""
    made = Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    add_texts(made)
    return made


def add_texts(made: Environment) -> None:
    """Let templates show texts in the language of this process, and name its code."""
    made.globals["_"] = _told
    made.globals["html"] = _told_html
    made.globals["counted"] = counted
    made.filters["told"] = tell
    made.globals["language"] = lambda: shown_language().code


def _told(template: str, **parameters: Any) -> str:
    """Return a text of a template in the language that this process shows."""
    return tell(Message(template, **parameters))


def _told_html(template: str, **parameters: Any) -> Markup:
    """Return a text of ours with elements in it; parameters are escaped."""
    return Markup(tell(Message(template))).format(**parameters)
