"""The files of the course that bundles hold: generated ones as they are, templates filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template

from gradpath.authoring.languages.documents import BUNDLES
from gradpath.authoring.release.archives import Files
from gradpath.course.figures import drawn_folder, pictures_of
from gradpath.course.load import generated_folder
from gradpath.course.master import generated_files
from gradpath.course.translated import text_in
from gradpath.errors import AuthoringError
from gradpath.text.languages import ENGLISH, Language


def generated_file(slug: str, name: str, language: Language = ENGLISH) -> bytes:
    """Return a generated file of an assignment; the skeleton and the text are in any language.

    Raises:
        AuthoringError: it has not been generated.
    """
    if language is not ENGLISH:
        texts = {path.name: text for path, text in generated_files(slug, language).items()}
        if name in texts:
            return texts[name].encode()
    path = generated_folder(slug) / name
    try:
        return path.read_bytes()
    except OSError:
        command = "figures" if path.suffix == ".png" else "skeletons"
        raise AuthoringError(f"{path} is missing; run `gradpath {command}`") from None


def figures(slug: str, language: Language = ENGLISH) -> Files:
    """Return the pictures of an assignment's text by their path in its folder.

    Where one has not been drawn in the language, it is the English one.

    Raises:
        AuthoringError: one has not been drawn.
    """
    folder, files = drawn_folder(slug, language), {}
    for name in pictures_of(slug):
        path = folder / f"{name}.png"
        told = path.is_file() and language is not ENGLISH
        english = f"figures/{name}.png"
        files[english] = path.read_bytes() if told else generated_file(slug, english)
    return files


def filled_in(path: Path, values: Mapping[str, str], language: Language = ENGLISH) -> bytes:
    """Return a template with its placeholders replaced by values; Markdown in a language.

    Raises:
        AuthoringError: it cannot be read, or has a placeholder without a value.
    """
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".md" and language is not ENGLISH:
            text = text_in(language, text, BUNDLES) + "\n"
        return Template(text).substitute(values).encode()
    except (OSError, KeyError, ValueError) as error:
        raise AuthoringError(f"{path} cannot be filled in: {error}") from None
