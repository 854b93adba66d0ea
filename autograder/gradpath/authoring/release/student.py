"""The bundles for students: zips of `student_template/` with assignments in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gradpath.authoring.languages.style import name_of
from gradpath.authoring.play import page
from gradpath.authoring.release.archives import Files, zip_bytes
from gradpath.authoring.release.course_texts import figures, filled_in, generated_file
from gradpath.authoring.release.otter_tests import public_tests
from gradpath.authoring.release.text_page import text_page
from gradpath.authoring.release.wheels import student_requirement, student_version
from gradpath.authoring.student_notebook import notebook_for_check
from gradpath.course.load import course_root, read_settings, slugs
from gradpath.course.master import linked_within
from gradpath.text.languages import ENGLISH, Language, speaking
from gradpath.text.messages import Message

COURSE: Final = "gradpath-course.zip"
TEMPLATE: Final = {
    **{name: name for name in ("AGENTS.md", "README.md")},
    **{name: name for name in ("requirements.txt", "requirements-colab.txt")},
    "gradpath.toml": "gradpath.toml",
    ".github/workflows/gradpath.yml": "push/github.yml",
    ".gitlab-ci.yml": "push/gitlab.yml",
}
"""The files of a bundle by their path, and their templates in `student_template/`."""
CLASSROOM50: Final = "classroom50"
"""The platform that publishes the files that it grades with."""
_AUTOGRADER: Final = "push/classroom50.py.in"
_CPU: Final = "torch --index-url https://download.pytorch.org/whl/cpu"
_SMALL_TORCH: Final = "small_torch.md"
"""A paragraph of the README, for bundles with an assignment that uses torch."""


def student_bundles(
    wheel: tuple[str, bytes], packages: str = "", languages: Sequence[Language] = (ENGLISH,)
) -> Files:
    """Return the zips for students: one of the course, and one of each assignment.

    Args:
        wheel: name and contents of the student edition.
        packages: see `ReleaseSettings`.
        languages: those of the release; the first is that of everything, and texts and README are
            there in the others, too.

    Raises:
        AuthoringError: a file that belongs into them is missing.
    """
    folders = {slug: _folder(slug, packages, languages[0]) for slug in slugs()}
    bundles = {COURSE: _bundle(slugs(), folders, wheel, languages)}
    for slug in slugs():
        bundles[f"{slug}.zip"] = _bundle([slug], folders, wheel, languages)
    return bundles


def classroom50_bundles(wheel: tuple[str, bytes], language: Language = ENGLISH) -> Files:
    """Return a zip of each assignment for Classroom 50, which publishes its contents.

    Args:
        wheel: name and contents of the student edition.
        language: the language of answers.

    Raises:
        AuthoringError: a file that belongs into them is missing.
    """
    name, data = wheel
    template = course_root() / "student_template" / _AUTOGRADER
    return {
        f"{CLASSROOM50}-{slug}.zip": zip_bytes(
            {"autograder.py": filled_in(template, _values([slug], language)), name: data}
        )
        for slug in slugs()
    }


def _bundle(
    given: Sequence[str],
    folders: dict[str, Files],
    wheel: tuple[str, bytes],
    languages: Sequence[Language],
) -> bytes:
    name, data = wheel
    files = {**_template(given, languages), f"packages/{name}": data}
    for slug in given:
        folder = dict(folders[slug])
        for language in languages:
            ending = _ending(language, languages)
            folder |= _text(slug, given, folders[slug], language, ending)
        files |= {f"{slug}/{path}": content for path, content in folder.items()}
    return zip_bytes(files)


def _ending(language: Language, languages: Sequence[Language]) -> str:
    """Return the ending of the names of texts in a language; none in the first one."""
    return "" if language is languages[0] else f".{language.code}"


def _text(slug: str, given: Sequence[str], folder: Files, language: Language, ending: str) -> Files:
    """Return the text of an assignment, as Markdown and as a page, for a bundle of some."""
    text = linked_within(generated_file(slug, "README.md", language).decode(), given)
    text = text.replace("/README.md)", f"/README{ending}.md)")
    pictures = figures(slug, language)
    html = text_page(text, pictures, play=page.NAME in folder, language=language)
    return {f"README{ending}.md": text.encode(), f"README{ending}.html": html}


def _folder(slug: str, packages: str, language: Language) -> Files:
    """Return the files of an assignment's folder but for its text."""
    with speaking(language):
        play = page.page_of(slug)
    return {
        f"{slug}.py": generated_file(slug, f"{slug}.py", language),
        f"{slug}.ipynb": notebook_for_check(slug, packages, language),
        **public_tests(slug, language),
        **figures(slug, language),
        **({} if play is None else {page.NAME: play}),
    }


def _template(given: Sequence[str], languages: Sequence[Language]) -> Files:
    """Return the files of `student_template/`, filled in for these assignments."""
    folder = course_root() / "student_template"
    first, *others = languages
    values = _values(given, first, languages)
    files = {path: filled_in(folder / name, values, first) for path, name in TEMPLATE.items()}
    for language in others:
        path = f"README{_ending(language, languages)}.md"
        values = _values(given, language, languages)
        files[path] = filled_in(folder / "README.md", values, language)
    return files


def _values(
    given: Sequence[str], language: Language, languages: Sequence[Language] = ()
) -> dict[str, str]:
    requirement = student_requirement(given)
    has_torch = "[" in requirement
    small_torch = course_root() / "student_template" / _SMALL_TORCH
    return {
        "version": student_version(),
        "requirement": requirement,
        "small_torch": filled_in(small_torch, {}, language).decode() if has_torch else "",
        "torch_first": _CPU if has_torch else "",
        # YAML must have a command in each place; this one makes pip newer where torch is not used.
        "install_torch": f"pip install {_CPU if has_torch else '--upgrade pip'}",
        "table": "\n".join(
            f"| `{slug}` | {language.text(read_settings(slug).title, slug)} |" for slug in given
        ),
        "language": language.code,
        "languages": ", ".join(other.code for other in languages),
        "other_languages": "".join(
            f"{other.text(_also(other, _ending(other, languages)))}\n\n"
            for other in languages
            if other is not language
        ),
        "example": given[0],
        "slug": given[0],
        "slugs": " ".join(given),
        "assignments": "\n".join(f'    "{slug}",' for slug in given),
    }


def _also(language: Language, ending: str) -> Message:
    """Return the line of a README that is for those who read another language."""
    return Message(
        "[{name}](README{ending}.md): each text is here as `README{ending}.html`, too; with "
        '`language = "{code}"` in `gradpath.toml`, checks and hints are in this language.',
        name=name_of(language),
        ending=ending,
        code=language.code,
    )
