"""Help texts in the language of the command line, in lines that are as wide as they look.

Docstrings and options are English in the code; a catalogue has them by paragraph. click's own words
come from its calls of `gettext`, which our catalogues answer.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from typing import Final

import click

from gradpath.text import folded, printable
from gradpath.text.languages import tell
from gradpath.text.messages import Message, template
from gradpath.text.paragraphs import AS_IT_STANDS, paragraphs_of

_OF_CLICK: Final = (
    template("Options"),
    template("default: {default}"),
    template("required"),
    template("Show the version and exit."),
    template("Show this message and exit."),
    template("Missing command."),
    template("Missing argument"),
    template("Missing option"),
    template("No such option {name!r}."),
    template("No such command {name!r}."),
    template("Did you mean {possibility}?"),
    template("(Did you mean one of: {possibilities}?)"),
    template("Option {name!r} does not take a value."),
    template("Option {name!r} requires an argument."),
    template("Got unexpected extra argument ({args})"),
    template("Got unexpected extra arguments ({args})"),
    template("Invalid value: {message}"),
    template("Invalid value for {param_hint}: {message}"),
    template("{value!r} is not {choice}."),
    template("{value!r} is not one of {choices}."),
    template("Choose from:\n\t{choices}"),
    template("{value!r} is not a valid {number_type}."),
    template("{value} is not in the range {range}."),
    template("file"),
    template("directory"),
    template("path"),
    template("{name} {filename!r} does not exist."),
    template("{name} {filename!r} is a file."),
    template("{name} {filename!r} is a directory."),
    template("{name} {filename!r} is not readable."),
)
"""click's words that a user can meet."""


def translate_click() -> None:
    """Let click show its help and its own words in the language of this process."""
    click.Context.formatter_class = _Formatter
    gettext.dgettext = lambda domain, message: tell(Message(message))
    gettext.dngettext = lambda domain, msgid1, msgid2, n: tell(
        Message(msgid1 if n == 1 else msgid2)
    )


class _Formatter(click.HelpFormatter):
    """Writes help texts by paragraph, each in the language that is shown."""

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        text = tell(Message("{heading}:", heading=heading))
        self.write(f"{'':>{self.current_indent}}{text}\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of a command with its options and arguments."""
        super().write_usage(prog, args, prefix or tell(Message("Usage: ")))

    def write_text(self, text: str) -> None:
        """Write a text of several paragraphs."""
        super().write_text(_told(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of options or commands, each with its text."""
        rows = list(rows)
        column = min(max(len(term) for term, _ in rows), col_max) + col_spacing
        width = max(self.width - column - 2, 10)
        super().write_dl([(term, _row(text, width)) for term, text in rows], col_max, col_spacing)


def _row(text: str, width: int) -> str:
    """Return the text of an option, with the default that click has written after it."""
    text, bracket, extra = text.partition("  [")
    told = tell(Message(text))
    # The first sentence of a command, as click takes it from the docstring, has no full stop.
    told = tell(Message(f"{text}.")) if told == text else told
    return _folded("", f"{told if told != f'{text}.' else text}{bracket}{extra}", width)


def _told(text: str, width: int) -> str:
    return "\n\n".join(
        _folded(mark, f"{tell(Message(part))}{rest}", width)
        for mark, part, rest in paragraphs_of(text)
    )


def _folded(mark: str, text: str, width: int) -> str:
    """Return a paragraph for click: of Chinese in lines, since click counts characters."""
    if mark or text.isascii():
        return f"{mark}{text}"
    return AS_IT_STANDS + "\n".join(folded(text, width))


def about_wrong_words(error: click.ClickException, path: str) -> Message:
    """Return the line about the words of a command line that are wrong; `path` is the command."""
    message = error.format_message().replace("\n\t", " ").replace("\n", " ").rstrip(".。")
    parts = {"message": printable(message), "path": path}
    if message.endswith(("?", "？")):
        return Message("{message} `{path} --help` explains", **parts)
    return Message("{message}; `{path} --help` explains", **parts)
