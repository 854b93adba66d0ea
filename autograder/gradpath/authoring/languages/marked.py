"""Texts that gradpath's own modules mark: the templates of `Message`, `counted` and `joined`.

Templates of pages mark them with `_`, and help texts need no mark.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_file

from gradpath.authoring.languages.entries import Entry, shown
from gradpath.authoring.release.wheels import is_for_students
from gradpath.course.settings import PACKAGE
from gradpath.course.syntax import parse
from gradpath.grading.slips import SLIPS
from gradpath.reports.scripts import marked_in
from gradpath.text.paragraphs import paragraphs_of
from gradpath.worker import settings
from gradpath.worker.values import ODD

_KEYWORDS: Final = {
    **dict.fromkeys(("Message", "template", "_", "html"), (1,)),
    "counted": (1, 2),
    "joined": (1,),
}
_KINDS: Final = {".py": "python", ".html": "jinja2", ".jinja": "jinja2"}
_SCRIPTS: Final = {
    "authoring/play": "pages to play with",
    "reports/cohort/files": "page about a run",
}
"""Folders of scripts, with the comments for translators."""
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
        if inner.parts[0] == "cli":
            for line, text in _help_in(path):
                yield Entry(text, file, line, "help of the command line")
    if not students:
        for folder, comment in _SCRIPTS.items():
            for path in sorted((PACKAGE / folder).glob("*.js")):
                file = shown(path)
                for line, text in marked_in(path.read_text("utf-8")):
                    yield Entry(text, file, line, comment)
    if students:
        file = shown(PACKAGE / "grading" / "slips.py")
        for slip in SLIPS:
            yield Entry(slip.title, file, 1, f"misconception {slip.id}: title")
            yield Entry(slip.hint, file, 1, f"misconception {slip.id}: hint")
        # The process with a submission has no catalogues: the grader recognizes its texts.
        for name, own in (("values", ODD.values()), ("settings", settings.NAMES)):
            for text in own:
                yield Entry(text, f"autograder/gradpath/worker/{name}.py", 1, "message of worker")


def _help_in(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a command's help: its docstring by paragraph, and its options."""
    for node in ast.walk(parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(map(_is_command, node.decorator_list)):
            for _, text, _ in paragraphs_of(ast.get_docstring(node) or ""):
                yield node.lineno, text
        match node:
            case ast.keyword(
                arg="help" | "short_help" | "epilog", value=ast.Constant(value=str(text))
            ):
                yield node.value.lineno, text


def _is_command(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(
        (".command", ".group")
    )


def _is_for_students(inner: Path) -> bool:
    return inner.suffix == ".py" and is_for_students(inner.as_posix())


def _role(path: Path) -> str:
    """Return the comment for translators: the room that the text is from."""
    return f"message of {path.parts[0].removesuffix('.py')}"
