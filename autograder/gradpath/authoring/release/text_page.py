"""The text of an assignment as one HTML file: formulas as MathML, pictures inside, no scripts."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from gradpath.authoring.play.page import NAME as PLAY
from gradpath.errors import AuthoringError
from gradpath.reports.templates import add_texts
from gradpath.text.languages import ENGLISH, Language, speaking, tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

NAME: Final = "README.html"
"""The page's file, beside the README.md that it is made of."""

_FILES: Final = Path(__file__).parent / "text_files"
_README: Final = re.compile(r"(/README(?:\.\w+)?)\.md$")
"""The end of a link to a text: that of another language has the language in its name."""


def text_page(
    text: str,
    pictures: Mapping[str, bytes],
    *,
    play: bool = False,
    language: Language = ENGLISH,
) -> bytes:
    """Return the page of a text; the same text gives the same bytes.

    Args:
        text: the assignment's README.md.
        pictures: its PNG files by their path in the text.
        play: whether there is a page to play with beside it.
        language: the language of the text.

    Raises:
        AuthoringError: a picture is missing, or a formula is none that MathML can show.
    """
    markdown = _markdown()
    tokens = markdown.parse(text)
    headings = _headings(tokens)
    title = next((heading for level, _, heading in headings if level == "h1"), "")
    for token in _all(tokens):
        if token.type == "image":
            token.attrs["src"] = _inlined(str(token.attrs["src"]), pictures)
        elif token.type == "link_open":
            # Beside another assignment's README.md lies its page, too.
            address = str(token.attrs["href"])
            if address.startswith("../"):
                token.attrs["href"] = _README.sub(r"\1.html", address)
    end = next((n for n, token in enumerate(tokens, 1) if token.type == "heading_close"), 0)
    environment = Environment(
        loader=FileSystemLoader(_FILES), autoescape=True, undefined=StrictUndefined
    )
    add_texts(environment)
    with speaking(language):
        first, rest = (
            markdown.renderer.render(part, markdown.options, {})
            for part in (tokens[:end], tokens[end:])
        )
        page = environment.get_template("page.html.jinja").render(
            title=title,
            css=Markup((_FILES / "page.css").read_text("utf-8")),
            first=Markup(first),
            sections=[(id, heading) for level, id, heading in headings if level == "h2"],
            play=PLAY if play else "",
            rest=Markup(rest),
        )
    return f"{page}\n".encode()


@functools.cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark").enable("table")
    dollarmath_plugin(markdown, allow_labels=False, renderer=_formula)
    anchors_plugin(markdown, max_level=3)
    # Wide parts scroll in boxes of their own, also with the keyboard.
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    markdown.add_render_rule("math_block", _block)
    markdown.add_render_rule("code_block", _code)
    return markdown


def _formula(latex: str, options: dict[str, Any]) -> str:
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise AuthoringError(
            "texts as HTML need the package latex2mathml: pip install latex2mathml"
        ) from None
    display = "block" if options["display_mode"] else "inline"
    reason = "it has a command or a table that latex2mathml does not know"
    try:
        formula: str = convert(" ".join(latex.split()), display=display)
    except Exception as error:  # its exceptions have no common class
        formula, reason = "", type(error).__name__
    # It shows unknown commands, and the signs of tables, as if they were letters.
    if not formula or "<mi>\\" in formula or "<mi>&</mi>" in formula:
        raise AuthoringError(f"the formula {latex.strip()} cannot be MathML: {reason}")
    return formula


def _table_open(renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return _wide("wide", Message("Table")) + "\n<table>\n"


def _table_close(renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return "</table>\n</div>\n"


def _block(renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    formula = _formula(tokens[index].content, {"display_mode": True})
    return _wide("math block", Message("Formula")) + f"{formula}</div>\n"


def _wide(kind: str, name: Message) -> str:
    return f'<div class="{kind}" tabindex="0" role="group" aria-label="{escape(tell(name))}">'


def _code(renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _headings(tokens: Sequence[Token]) -> list[tuple[str, str, str]]:
    """Return tag, id and plain text of each heading."""
    return [
        (token.tag, str(token.attrs["id"]), _plain(tokens[place + 1]))
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and "id" in token.attrs
    ]


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def _inlined(source: str, pictures: Mapping[str, bytes]) -> str:
    """Return a picture's address as one that holds the picture itself."""
    if source not in pictures:
        raise AuthoringError(f"the text shows {source}, which is no picture of its assignment")
    return f"data:image/png;base64,{base64.b64encode(pictures[source]).decode()}"
