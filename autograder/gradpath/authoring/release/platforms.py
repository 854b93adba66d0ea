"""Folders to upload to course platforms: a folder of templates and a row of the table for each.

A file `gradpath.toml` in them, or a script, has the secret: the folders are for staff alone.
"""

from __future__ import annotations

import io
import json
import math
import tarfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from gradpath.authoring.release.archives import Files, entry_seconds
from gradpath.authoring.release.course_texts import filled_in
from gradpath.authoring.release.student import CLASSROOM50
from gradpath.cohort.docker_engine import default_tag
from gradpath.course.config import FeedbackSettings
from gradpath.course.load import read_settings, slugs
from gradpath.text.languages import ENGLISH, Language

_FILES: Final = Path(__file__).parent / "platform_files"


@dataclass(frozen=True)
class Platform:
    """A platform that takes a folder, or a zip, for each assignment.

    Attributes:
        use: what staff do with it.
        tar: a folder in it that the platform takes as a tar of this name; none if it is empty.
        public: the platform publishes it: a zip among the bundles for students, without templates
            here.
    """

    use: str
    tar: str = ""
    public: bool = False


PLATFORMS: Final[Mapping[str, Platform]] = {
    "autolab": Platform("for Autolab: the files of a lab", tar="autograde"),
    CLASSROOM50: Platform("for Classroom 50: unpack it into autograders/ASSIGNMENT/", public=True),
    "coursera": Platform("for Coursera: build the grader's image"),
    "prairielearn": Platform("for PrairieLearn: copy it into questions/"),
    "submitty": Platform("for Submitty: the configuration of a gradeable"),
    "vpl": Platform("for Moodle's VPL: execution files"),
}
"""A new platform is a folder in `platform_files/` and a row here."""


def upload_folders(
    names: Sequence[str],
    secret: str,
    feedback: FeedbackSettings,
    due: Mapping[str, datetime],
    language: Language = ENGLISH,
) -> Files:
    """Return the files of these platforms by their path: `<platform>/<assignment>/<file>`.

    Args:
        names: platforms of the table; those that publish their files have no folder.
        secret: seeds the hidden data.
        feedback: the part of hidden checks that students see.
        due: the times that assignments are due, by slug.
        language: the language of titles and answers.

    Raises:
        AuthoringError: a template cannot be filled in.
    """
    files: Files = {}
    for name in (name for name in names if not PLATFORMS[name].public):
        for slug in slugs():
            folder = _folder(name, _values(slug, secret, feedback, due.get(slug), language))
            files |= {f"{name}/{slug}/{path}": data for path, data in folder.items()}
    return files


def _folder(name: str, values: Mapping[str, str]) -> Files:
    """Return the templates of a platform, filled in, by their path."""
    root = _FILES / name
    files = {
        # The code has placeholders and is no module of ours, so it does not end in .py.
        path.relative_to(root).as_posix().removesuffix(".in"): filled_in(path, values)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    tar = PLATFORMS[name].tar
    if tar:
        packed = {path: files.pop(path) for path in list(files) if path.startswith(f"{tar}/")}
        files[f"{tar}.tar"] = _tar(packed)
    return files


def _values(
    slug: str, secret: str, feedback: FeedbackSettings, due: datetime | None, language: Language
) -> dict[str, str]:
    """Return the values of the placeholders for an assignment."""
    settings = read_settings(slug)
    lines = [f"secret = {json.dumps(secret, ensure_ascii=False)}"]
    lines += [f'language = "{language.code}"', "", "[feedback]"]
    lines += [f'hidden_before = "{feedback.before}"']
    lines += [f'hidden_after = "{feedback.hidden_after}"']
    if due is not None:
        lines += ["", "[due]", f"{slug} = {due.isoformat()}"]
    return {
        "image": default_tag(),
        # Submitty has whole points; the score is a share of them.
        "points": str(math.ceil(round(sum(settings.points.values()), 6))),
        "settings": "\n".join(lines) + "\n",
        "slug": slug,
        "title": json.dumps(language.text(settings.title, slug), ensure_ascii=False),
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{slug}.gradpath.invalid")),
    }


def _tar(files: Files) -> bytes:
    """Return a tar with the same bytes on every machine, readable by its owner."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode, entry.mtime = len(data), 0o600, entry_seconds()
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
