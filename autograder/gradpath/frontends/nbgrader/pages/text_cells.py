"""Text cells in the pages that staff and students open: feedback, and nbgrader's grading view.

nbgrader's templates put a text cell into these pages as it is, even under `sanitize_html`. A
student's script would run there with the rights of the person at the browser. Even without one, a
picture or link that points into the notebook server asks it something in that person's name, and
one of nbgrader's own addresses (`formgrader?path=FOLDER`) executes the configuration file of a
folder. So the text is rendered here, with only those tags and links that are known to be harmless.
"""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_TEXT: Final = 50_000
"""Characters of a cell that are rendered; more is shown as plain text."""

MAX_NESTED: Final = 3_000
"""Opening brackets, quotes and tags in a cell. Beyond, rendering takes minutes, or gives up."""

MAX_PICTURES: Final = 10_000_000
"""Bytes of pictures that a page holds itself; the rest stay beside it."""

# fmt: off
_TAGS: Final = bleach.ALLOWED_TAGS | {
    "br", "dd", "del", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "kbd",
    "p", "pre", "s", "small", "span", "sub", "sup", "u", "var",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr",
}
# fmt: on
_LINK: Final = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_NAME: Final = r"(?!\.)(?:[\w\-. ]|%20|%[89A-F][0-9A-F])+"
_PICTURE: Final = re.compile(
    # Beside the notebook or in a folder there: no way up, no server, no question to one.
    rf"(?:\./)?(?:{_NAME}/)*{_NAME}\.(?:png|jpe?g|gif|webp|svg)"
    r"|data:image/(?:png|jpeg|gif|webp);base64,[\w+/=\s]+",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(r'(<img [^<>]*?\bsrc=")(?!data:)([^"]+)(?=")')
_KINDS: Final = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
_COLOURS: Final = re.compile(r"highlight|[a-z][a-z0-9]{0,2}")
"""Classes that code is coloured with. Pages know scores and buttons by other ones, and by ids."""

_css = CSSSanitizer(allowed_css_properties=["text-align"])

PICTURES: Final = "gradpath_pictures"
"""Where the resources of a page have its `Pictures`, if it is to hold them itself."""


class Pictures:
    """Puts pictures that lie beside a notebook into its page, which people get without them."""

    def __init__(self, folder: Path) -> None:
        """Take pictures from this folder, the notebook's."""
        self._folder = folder
        self._left = MAX_PICTURES

    def put_into(self, page: str) -> str:
        """Return HTML that `text_cell_html` made with the pictures in it."""
        return _SOURCE.sub(self._as_data, page)

    def _as_data(self, found: re.Match[str]) -> str:
        before, source = found.groups()
        path = self._folder / unquote(html.unescape(source))
        kind = _KINDS.get(path.suffix.lower())
        if kind is None or not _PICTURE.fullmatch(source):
            return found[0]
        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > self._left:
                return found[0]
            data = path.read_bytes()
        except (OSError, ValueError):  # such as a name that is too long
            return found[0]
        self._left -= len(data)
        return f"{before}data:image/{kind};base64,{base64.b64encode(data).decode()}"


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Render a text cell; takes the place of nbconvert's filter of this name.

    Args:
        context: jinja's, with the page's resources.
        source: the cell's markdown.
    """
    page = text_cell_html(source)
    pictures: Pictures | None = context.get("resources", {}).get(PICTURES)
    return page if pictures is None else pictures.put_into(page)


def text_cell_html(source: str) -> str:
    """Render the markdown of a text cell.

    Args:
        source: the cell's markdown, formulas included.

    Returns:
        HTML that executes nothing, and asks no server for anything but pictures that lie in the
        notebook's folder. Links leave the server.
    """
    opening = sum(map(source.count, "[<>*_`(~!$\\"))
    if len(source) > MAX_TEXT or opening > MAX_NESTED:
        return _plain(source)
    try:
        renderer = IPythonRenderer(
            escape=False, allow_harmful_protocols=False, exclude_anchor_links=True
        )
        rendered = MarkdownWithMath(renderer=renderer).render(source)
        cleaned: str = bleach.clean(
            rendered,
            tags=_TAGS,
            attributes=_is_harmless,
            protocols=["http", "https", "mailto", "data"],
            css_sanitizer=_css,
        )
        return cleaned
    except Exception:  # libraries that expect friendly text
        return _plain(source)


def _is_harmless(tag: str, name: str, value: str) -> bool:
    match tag, name:
        case "a", "href":
            return _LINK.match(value) is not None
        case "img", "src":
            return _PICTURE.fullmatch(value) is not None
        case "img", "width" | "height":
            return value.isdecimal()
        case ("img", "alt") | ("a" | "abbr" | "img", "title") | ("ol", "start"):
            return True
        case "td" | "th", "style":
            return True  # the alignment of a column; the rest is left out
        case "div" | "span", "class":
            return _COLOURS.fullmatch(value) is not None
        case _:
            return False


def _plain(source: str) -> str:
    return f"<pre>{html.escape(source)}</pre>"
