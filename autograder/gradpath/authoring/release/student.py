"""The bundles for students: zips of `student_template/` with assignments in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from gradpath.authoring.release.archives import Files, zip_bytes
from gradpath.authoring.release.course_texts import figures, filled_in, generated_file
from gradpath.authoring.release.otter_tests import public_tests
from gradpath.authoring.release.wheels import student_requirement, student_version
from gradpath.authoring.student_notebook import notebook_of
from gradpath.course.load import course_root, read_settings, slugs

COURSE: Final = "gradpath-course.zip"
TEMPLATE: Final = ("README.md", "requirements.txt", "requirements-colab.txt", "gradpath.toml")
"""The files of `student_template/`; their placeholders are filled in."""
_SMALL_TORCH: Final = "small_torch.md"
"""A paragraph of the README, for bundles with an assignment that uses torch."""


def student_bundles(wheel: tuple[str, bytes], packages: str = "") -> Files:
    """Return the zips for students: one of the course, and one of each assignment.

    Args:
        wheel: name and contents of the student edition.
        packages: see `ReleaseSettings`.

    Raises:
        AuthoringError: a file that belongs into them is missing.
    """
    folders = {slug: _folder(slug, packages) for slug in slugs()}
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


def _folder(slug: str, packages: str) -> Files:
    """Return the files of an assignment's folder."""
    tests = public_tests(slug)
    checked = [PurePosixPath(path).stem for path in tests]
    return {
        "README.md": generated_file(slug, "README.md"),
        f"{slug}.py": generated_file(slug, f"{slug}.py"),
        f"{slug}.ipynb": notebook_of(slug, checked, packages=packages),
        **tests,
        **figures(slug),
    }


def _template(given: Sequence[str]) -> Files:
    """Return the files of `student_template/`, filled in for these assignments."""
    folder = course_root() / "student_template"
    requirement = student_requirement(given)
    values = {
        "version": student_version(),
        "requirement": requirement,
        "small_torch": filled_in(folder / _SMALL_TORCH, {}).decode() if "[" in requirement else "",
        "table": "\n".join(f"| `{slug}` | {read_settings(slug).title} |" for slug in given),
        "example": given[0],
        "assignments": "\n".join(f'    "{slug}",' for slug in given),
    }
    return {name: filled_in(folder / name, values) for name in TEMPLATE}
