"""Texts that gradpath's own modules mark: the templates of `Message`, `counted` and `joined`.

Templates of pages mark them with `_`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_file

from gradpath.authoring.languages.entries import Entry, shown
from gradpath.authoring.play.texts import marked_in
from gradpath.authoring.release.wheels import is_for_students
from gradpath.course.settings import PACKAGE
from gradpath.grading.slips import SLIPS
from gradpath.worker import settings
from gradpath.worker.values import ODD

_KEYWORDS: Final = {
    **dict.fromkeys(("Message", "template", "_"), (1,)),
    "counted": (1, 2),
    "joined": (1,),
}
_KINDS: Final = {".py": "python", ".html": "jinja2", ".jinja": "jinja2"}
_NOT_OURS: Final = ("assignments", "coursework")
"""Folders whose texts have catalogues of their own."""


_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")


def marked(*, students: bool) -> Iterator[Entry]:
    """Yield the texts of the modules that students get, or of the others."""
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in _KINDS):
        inner = path.relative_to(PACKAGE)
        if inner.parts[0] in _NOT_OURS or _is_for_students(inner) != students:
            continue
        file = shown(path)
        for line, texts, _, _ in extract_from_file(_KINDS[path.suffix], path, _KEYWORDS):
            text, *plural = [texts] if isinstance(texts, str) else texts
            if text != "." and _PLACEHOLDER.sub("", text).strip():
                yield Entry(text, file, line, _role(inner), *plural)
    if not students:
        for path in sorted((PACKAGE / "authoring" / "play").glob("*.js")):
            file = shown(path)
            for line, text in marked_in(path.read_text("utf-8")):
                yield Entry(text, file, line, "pages to play with")
    if students:
        file = shown(PACKAGE / "grading" / "slips.py")
        for slip in SLIPS:
            yield Entry(slip.title, file, 1, f"misconception {slip.id}: title")
            yield Entry(slip.hint, file, 1, f"misconception {slip.id}: hint")
        # The process with a submission has no catalogues: the grader recognizes its texts.
        for name, own in (("values", ODD.values()), ("settings", settings.NAMES)):
            for text in own:
                yield Entry(text, f"autograder/gradpath/worker/{name}.py", 1, "message of worker")


def _is_for_students(inner: Path) -> bool:
    return inner.suffix == ".py" and is_for_students(inner.as_posix())


def _role(path: Path) -> str:
    """Return the comment for translators: the room that the text is from."""
    return f"message of {path.parts[0].removesuffix('.py')}"
