"""The files of the course that bundles hold: generated ones as they are, templates filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from gradpath.authoring.release.archives import Files
from gradpath.course.figures import pictures_of
from gradpath.course.load import generated_folder
from gradpath.errors import AuthoringError


def generated_file(slug: str, name: str) -> bytes:
    """Return a generated file of an assignment.

    Raises:
        AuthoringError: it has not been generated.
    """
    path = generated_folder(slug) / name
    try:
        return path.read_bytes()
    except OSError:
        command = "figures" if path.suffix == ".png" else "skeletons"
        raise AuthoringError(f"{path} is missing; run `gradpath {command}`") from None


def figures(slug: str) -> Files:
    """Return the pictures of an assignment's text by their path in its folder.

    Raises:
        AuthoringError: one has not been drawn.
    """
    paths = [f"figures/{name}.png" for name in pictures_of(slug)]
    return {path: generated_file(slug, path) for path in paths}


def filled_in(path: Path, values: Mapping[str, str]) -> bytes:
    """Return a template with its placeholders replaced by values.

    Raises:
        AuthoringError: it cannot be read, or has a placeholder without a value.
    """
    try:
        return Template(path.read_text("utf-8")).substitute(values).encode()
    except (OSError, KeyError, ValueError) as error:
        raise AuthoringError(f"{path} cannot be filled in: {error}") from None
