"""What students get: the folder of `student_template/` with the assignments in it, as a zip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from string import Template
from typing import Final

from gradpath.authoring.release.archives import Files, zip_bytes
from gradpath.authoring.release.otter_tests import public_tests
from gradpath.authoring.release.wheels import student_version
from gradpath.authoring.student_notebook import notebook_of
from gradpath.course.figures import pictures_of
from gradpath.course.load import course_root, generated_folder, read_settings, slugs
from gradpath.errors import AuthoringError

COURSE: Final = "gradpath-course.zip"
TEMPLATE: Final = ("README.md", "requirements.txt", "gradpath.toml")
"""The files of `student_template/`; their placeholders are filled in."""


def student_bundles(wheel: tuple[str, bytes]) -> Files:
    """Return the zips for students: one of the course, and one of each assignment.

    Args:
        wheel: name and contents of the student edition.

    Raises:
        AuthoringError: something that belongs into them is missing.
    """
    folders = {slug: _folder(slug) for slug in slugs()}
    bundles = {COURSE: _bundle(slugs(), folders, wheel)}
    for slug in slugs():
        bundles[f"{slug}.zip"] = _bundle([slug], folders, wheel)
    return bundles


def _bundle(given: Sequence[str], folders: dict[str, Files], wheel: tuple[str, bytes]) -> bytes:
    name, data = wheel
    files = {**_template(given), f"packages/{name}": data}
    for slug in given:
        files |= {f"{slug}/{path}": content for path, content in folders[slug].items()}
    return zip_bytes(files)


def _folder(slug: str) -> Files:
    """Return the files of an assignment's folder."""
    tests = public_tests(slug)
    files = {
        "README.md": _read(slug, "README.md"),
        f"{slug}.py": _read(slug, f"{slug}.py"),
        f"{slug}.ipynb": notebook_of(slug, [PurePosixPath(path).stem for path in tests]),
        **tests,
    }
    for name in pictures_of(slug):
        files[f"figures/{name}.png"] = _read(slug, f"figures/{name}.png")
    return files


def _template(given: Sequence[str]) -> Files:
    """Return the files of `student_template/`, filled in for these assignments."""
    values = {
        "version": student_version(),
        "table": "\n".join(f"| `{slug}` | {read_settings(slug).title} |" for slug in given),
        "example": given[0],
        "assignments": "\n".join(f'    "{slug}",' for slug in given),
    }
    files: Files = {}
    for name in TEMPLATE:
        path = course_root() / "student_template" / name
        try:
            files[name] = Template(path.read_text("utf-8")).substitute(values).encode()
        except (OSError, KeyError, ValueError) as error:
            raise AuthoringError(f"{path} cannot be filled in: {error}") from None
    return files


def _read(slug: str, name: str) -> bytes:
    path = generated_folder(slug) / name
    try:
        return path.read_bytes()
    except OSError:
        command = "figures" if path.suffix == ".png" else "skeletons"
        raise AuthoringError(f"{path} is missing; run `gradpath {command}`") from None
