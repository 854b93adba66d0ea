"""Writing the files of a new assignment, all of them or none."""

from __future__ import annotations

import importlib.util
import json
import keyword
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import jinja2

from gradpath.authoring.blanks import MARK
from gradpath.course.master import generated_files
from gradpath.course.settings import course_root, read_settings, slugs
from gradpath.errors import GradpathError
from gradpath.text import printable

_PACKAGE: Final = Path(__file__).parent
_TEMPLATES: Final = _PACKAGE / "new_files"
_GRADERS: Final = "autograder/gradpath/assignments"

# The folder in assignments/ comes last: its settings make the assignment one of the course.
PLACES: Final = (
    "tests/corpus/{slug}",
    f"{_GRADERS}/{{slug}}",
    "solutions/{slug}.py",
    "assignments/{slug}",
)
"""Where an assignment's files lie in a checkout."""

_FILES: Final = {
    # template: file of the checkout
    "settings.toml.j2": "assignments/{slug}/settings.toml",
    "master.py.j2": "solutions/{slug}.py",
    "init.py.j2": f"{_GRADERS}/{{slug}}/__init__.py",
    "public.py.j2": f"{_GRADERS}/{{slug}}/public.py",
    "hidden.py.j2": f"{_GRADERS}/{{slug}}/hidden.py",
    "misconceptions.py.j2": f"{_GRADERS}/{{slug}}/misconceptions.py",
    "plots.py.j2": f"{_GRADERS}/{{slug}}/plots.py",
    "right.py.j2": "tests/corpus/{slug}/right/plain_loop.py",
    "wrong.py.j2": "tests/corpus/{slug}/wrong/absolute_values.py",
}

_LONGEST_SLUG: Final = 40
_LONGEST_TITLE: Final = 120
_TAKEN: Final = frozenset({"packages", "tests", "gradpath", "student", "course"})
"""Names of folders and modules that stand beside the assignments somewhere."""


def write_assignment(slug: str, title: str) -> list[Path]:
    """Write the files of a new assignment into the checkout, with blanks for the author.

    Args:
        slug: the name of the student's module.
        title: the title; a blank if it is empty.

    Returns:
        The files, those that were generated from the new master included.

    Raises:
        GradpathError: the slug or the title will not do, there is no checkout to write to, or a
            folder cannot be written. Nothing was written then.
    """
    _refuse_slug(slug)
    _refuse_title(title)
    root = _checkout()
    for place in PLACES:
        path = root / place.format(slug=slug)
        if path.exists() or path.is_symlink():
            raise GradpathError(
                f"{slug} is there already ({path.relative_to(root)}); choose another slug, or "
                "delete what is there first"
            )
    order = max((read_settings(each).order for each in slugs()), default=0) + 1
    texts = _rendered(slug, title, order)
    try:
        _move_into_place(root, slug, texts)
    except OSError as error:
        where = printable(str(error.filename or root))
        raise GradpathError(
            f"{where} cannot be written ({error.strerror or error}); nothing was written"
        ) from None
    return sorted([root / path for path in texts] + list(generated_files(slug)))


def _refuse_slug(slug: str) -> None:
    shown = printable(slug)[:_LONGEST_SLUG]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug) or keyword.iskeyword(slug):
        raise GradpathError(
            f"{shown!r} cannot be the name of a student's module: take small letters, digits and "
            "underscores, with a letter first, such as weight_decay"
        )
    if len(slug) > _LONGEST_SLUG:
        raise GradpathError(f"the slug is longer than {_LONGEST_SLUG} characters: {shown}...")
    if slug in _TAKEN or slug in sys.stdlib_module_names or importlib.util.find_spec(slug):
        raise GradpathError(
            f"{slug!r} is the name of another module or folder, which a student's {slug}.py would "
            "stand in front of; choose another slug"
        )


def _refuse_title(title: str) -> None:
    if not title.isprintable() or len(title) > _LONGEST_TITLE or title != title.strip():
        raise GradpathError(
            f"the title must be one line of at most {_LONGEST_TITLE} printable characters, without "
            "spaces at its ends"
        )


def _checkout() -> Path:
    """Return the folder of the checkout that this gradpath runs from."""
    root = course_root()
    missing = [each for each in PLACES if not (root / each).parent.is_dir()]
    if (_PACKAGE / "coursework").is_dir() or missing:
        raise GradpathError(
            "this gradpath is no checkout of the course, and a new assignment belongs into one: "
            "clone the repository, run `pip install -e .` in it, and try again there"
        )
    return root


def _rendered(slug: str, title: str, order: int) -> Mapping[str, str]:
    """Return the text of each file by its path in the checkout."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # Python, TOML and Markdown that the author goes on writing
    )
    title = title or f"{MARK}: the title, as students and course sites will read it"
    # A JSON string of printable characters is a TOML string, too.
    words = {"slug": slug, "title": title, "order": order, "todo": MARK}
    words["quoted_title"] = json.dumps(title, ensure_ascii=False)
    return {
        path.format(slug=slug): environment.get_template(name).render(words)
        for name, path in _FILES.items()
    }


def _move_into_place(root: Path, slug: str, texts: Mapping[str, str]) -> None:
    """Write everything beside its place first, so that moving it there is all that can fail."""
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    moved: list[Path] = []
    try:
        for inner, text in texts.items():
            target = staging / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")
        for place in PLACES:
            path = root / place.format(slug=slug)
            (staging / place.format(slug=slug)).rename(path)
            moved.append(path)
        for path, text in generated_files(slug).items():
            path.write_text(text, "utf-8", newline="\n")
    except BaseException:
        for path in reversed(moved):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
