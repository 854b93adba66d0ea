"""The page to play with of an assignment: one HTML file that needs no network and no build.

The author of an assignment writes its part of the page, `play.js`: the sentence and the question at
the top, controls, charts and the model. The frame around it, in this folder, is the same for all.
The numbers of the run come from the documented figures, or from a function `data` in the
assignment's `play.py` where the page needs more than these.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec

from gradpath.course.files import write_files
from gradpath.course.load import documented, folder_of, module_of, must_exist, read_settings
from gradpath.course.load import slugs as all_slugs
from gradpath.errors import GradpathError
from gradpath.reports.scripts import translations
from gradpath.reports.templates import add_texts
from gradpath.text.languages import shown_language, tell

NAME: Final = "play.html"
"""The name of the page, in the folder of the assignment."""
PART: Final = "play.js"
"""The part of the page that the author of the assignment writes."""
_FRAME: Final = Path(__file__).parent
_SCRIPTS: Final = ("texts.js", "slopes.js", "numbers.js", "controls.js", "charts.js", "frame.js")
"""The scripts of the frame; each uses those before it."""


def page_of(slug: str) -> bytes | None:
    """Return the page of an assignment; None if its author has written no part for it."""
    part = folder_of(slug) / PART
    if not part.is_file():
        return None
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FRAME),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    add_texts(environment)
    script = part.read_text("utf-8")
    frame = "\n".join((_FRAME / name).read_text("utf-8") for name in _SCRIPTS)
    texts = translations(f"{frame}\n{script}", shown_language(), slug)
    page = environment.get_template("frame.html.jinja").render(
        title=tell(read_settings(slug).title, slug),
        style=(_FRAME / "frame.css").read_text("utf-8"),
        data=_script_json(data_of(slug)),
        texts=_script_json(texts),
        frame=frame,
        part=script,
    )
    return page.encode()


def write_pages(slugs: Sequence[str], out: Path) -> list[Path]:
    """Write the pages of some assignments, or of all that have one, and return their paths.

    Raises:
        GradpathError: there is no such assignment, or it has no page; nothing is written then.
    """
    for slug in slugs:
        must_exist(slug)
    pages = {slug: page_of(slug) for slug in slugs or all_slugs()}
    for slug in slugs:
        if pages[slug] is None:
            raise GradpathError(
                f"{slug} has no page to play with; write gradpath/assignments/{slug}/{PART}"
            )
    files = {f"{slug}.html": page for slug, page in pages.items() if page is not None}
    write_files(out, files)
    return [out / name for name in files]


def data_of(slug: str) -> Any:
    """Return the data of an assignment's page: those of the graders, never a copy of them."""
    module = module_of(slug, "play")
    return documented(slug) if module is None else module.data()


def _script_json(data: Any) -> str:
    """Return data as JSON that stands safely within a script."""
    return msgspec.json.encode(data).decode().replace("<", "\\u003c")
