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
from gradpath.course import settings
from gradpath.course.master import generated_files
from gradpath.course.settings import (
    course_root,
    folder_of,
    generated_folder,
    master_path,
    read_settings,
    slugs,
)
from gradpath.errors import GradpathError
from gradpath.text import printable

_TEMPLATES: Final = Path(__file__).parent / "new_files"
_MASTER: Final = "master.py.j2"
"""The only template that is not for the assignment's own folder."""

_LONGEST_SLUG: Final = 40
_LONGEST_TITLE: Final = 120
_TAKEN: Final = frozenset({"packages", "tests", "gradpath", "student", "course"})
"""Names of folders and modules that stand beside the assignments somewhere."""


def places(slug: str) -> tuple[Path, Path, Path]:
    """Return where an assignment's files lie in a checkout: generated ones, master, folder.

    The folder comes last: its settings make the assignment one of the course.
    """
    return generated_folder(slug), master_path(slug), folder_of(slug)


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
    for path in places(slug):
        if path.exists() or path.is_symlink():
            raise GradpathError(
                f"{slug} is there already ({path.relative_to(root)}); choose another slug, or "
                "delete what is there first"
            )
    order = max((read_settings(other).order for other in slugs()), default=0) + 1
    texts = _rendered(slug, title, order)
    try:
        _move_into_place(root, slug, texts)
    except OSError as error:
        where = printable(str(error.filename or root))
        raise GradpathError(
            f"{where} cannot be written ({error.strerror or error}); nothing was written"
        ) from None
    return sorted([*texts, *generated_files(slug)])


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
    beside = (path.parent.is_dir() for path in places("any"))
    if (settings.PACKAGE / "coursework").is_dir() or not all(beside):
        raise GradpathError(
            "this gradpath is no checkout of the course, and a new assignment belongs into one: "
            "clone the repository, run `pip install -e .` in it, and try again there"
        )
    return root


def _rendered(slug: str, title: str, order: int) -> Mapping[Path, str]:
    """Return the text of each file by its path."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # Python, TOML and Markdown that the author goes on writing
    )
    title = title or f"{MARK}: the title, as students and course sites will read it"
    # A JSON string of printable characters is a TOML string, too.
    values = {"slug": slug, "title": title, "order": order, "todo": MARK}
    values["quoted_title"] = json.dumps(title, ensure_ascii=False)
    return {
        master_path(slug) if name == _MASTER else folder_of(slug) / name.removesuffix(".j2"): (
            environment.get_template(name).render(values)
        )
        for name in environment.list_templates(["j2"])
    }


def _move_into_place(root: Path, slug: str, texts: Mapping[Path, str]) -> None:
    """Write everything beside its place first, so that moving it there is all that can fail."""
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    moved: list[Path] = []
    try:
        (staging / generated_folder(slug).relative_to(root)).mkdir(parents=True)
        for path, text in texts.items():
            target = staging / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", newline="\n")
        for path in places(slug):
            (staging / path.relative_to(root)).rename(path)
            moved.append(path)
        for path, text in generated_files(slug).items():
            path.write_text(text, "utf-8", newline="\n")
    except BaseException:
        for path in reversed(moved):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
