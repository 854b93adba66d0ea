"""Catalogues: the files of `gradpath/locale/`, one folder for each language, kept by Babel.

gradpath and each assignment have two: `<slug>.po`, which students' machines need, and
`staff/<slug>.po`, which only the staff edition holds: the assignment's text with the expected
answer, hidden checks and questions for talks. Two more for staff have texts of bundles and pages of
the documentation by section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from gradpath.authoring.languages import declared, documents, marked, prose
from gradpath.authoring.languages.entries import Entry
from gradpath.course.settings import slugs
from gradpath.errors import AuthoringError, GradpathError
from gradpath.text import choice
from gradpath.text.languages import LOCALE, OWN, STAFF, Language

_WIDTH: Final = 120
"""Room for a line of a text, which has up to 100 columns, and for what escapes it."""
_CHANGING: Final = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|'
    rb"Project-Id-Version|Report-Msgid-Bugs-To):.*\n",
    re.MULTILINE,
)
"""Lines of Babel's header that differ from day to day, and those that say nothing here."""

_FORMER: Final = re.compile(rb"^# \|", re.MULTILINE)
"""The former English of an entry that was fuzzy already: Babel reads it as a comment."""


@dataclass(frozen=True)
class Domain:
    """The texts of one catalogue, which each language has."""

    name: str
    """The path of the catalogue within the folder of a language, without its suffix."""
    contents: str
    """The contents in words, for the head of the file."""
    entries: Callable[[], Iterable[Entry]]
    generated: Callable[[Language], dict[Path, str]] = lambda _: {}
    """The files that are made of a catalogue, by their path."""

    def path(self, language: str) -> Path:
        """Return the path of the catalogue of a language."""
        return LOCALE / language / f"{self.name}.po"


def domains() -> list[Domain]:
    """Return the domains in the order of the course."""
    found = [
        Domain(
            OWN,
            "messages of grading, checking and the command line, for students too",
            partial(marked.marked, students=True),
        ),
        Domain(
            f"{STAFF}/{OWN}",
            "messages of runs, reports, releases and the command line, for staff",
            partial(marked.marked, students=False),
        ),
    ]
    for slug in slugs():
        found += [
            Domain(
                slug,
                "titles, hints and labels that students see",
                partial(declared.for_students, slug),
            ),
            Domain(
                f"{STAFF}/{slug}",
                "the text by section, docstrings, hidden checks and questions for talks",
                partial(_of_staff, slug),
            ),
        ]
    found.append(
        Domain(
            f"{STAFF}/{documents.BUNDLES}",
            "texts of bundles by section, for students and for staff",
            partial(_of_documents, documents.of_bundles),
        )
    )
    if documents.of_docs():
        found.append(
            Domain(
                f"{STAFF}/{documents.DOCS}",
                "pages of the documentation by section",
                partial(_of_documents, documents.of_docs),
                documents.generated,
            )
        )
    return found


def _of_documents(of: Callable[[], list[documents.Document]]) -> Iterator[Entry]:
    for document in of():
        yield from document.entries()


def _of_staff(slug: str) -> Iterator[Entry]:
    shown = {entry.text for entry in declared.for_students(slug)}
    for entry in (*prose.prose_of(slug), *declared.for_staff(slug)):
        if entry.text not in shown:
            yield entry


def chosen(names: Iterable[str]) -> list[Domain]:
    """Return the domains of these names; all without a name.

    Raises:
        GradpathError: there is no such domain.
    """
    known = {domain.name: domain for domain in domains()}
    for name in names:
        if name not in known:
            raise GradpathError(f"no catalogue {name!r}; {choice(name, list(known))}")
    return [known[name] for name in names] or list(known.values())


def languages() -> tuple[str, ...]:
    """Return the languages that have a folder of catalogues."""
    return tuple(sorted(path.name for path in LOCALE.iterdir() if path.is_dir()))


def template_of(domain: Domain) -> Catalog:
    """Return the texts of a domain as a template of Babel."""
    template = Catalog(fuzzy=False)
    for entry in domain.entries():
        text = (entry.text, entry.plural) if entry.plural else entry.text
        template.add(text, locations=[(entry.file, entry.line)], auto_comments=[entry.comment])
    return template


def read(domain: Domain, language: str) -> Catalog:
    """Read the catalogue of a language; an empty one if there is none yet.

    Raises:
        AuthoringError: the file is no catalogue.
    """
    path = domain.path(language)
    if not path.is_file():
        return Catalog(locale=_locale(language), fuzzy=False)
    try:
        return read_po(BytesIO(path.read_bytes()), locale=_locale(language), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise AuthoringError(f"{path} is no catalogue: {error}; put it right by hand") from None


def update(domain: Domain, language: str) -> list[Path]:
    """Bring the catalogue of a language up to date with the English texts, and files made of it.

    A text that changed keeps its translation, marked fuzzy, with the former English beside it.

    Returns:
        The paths of the files that changed.
    """
    catalogue = read(domain, language)
    catalogue.update(template_of(domain))
    catalogue.header_comment = (
        f"# {language}: {domain.contents} ({domain.name}).\n"
        "# `gradpath languages` keeps the English texts and their places up to date."
    )
    for message in catalogue:
        # Babel takes braces of formulas for placeholders; `faithful` compares those there are.
        message.flags -= {"python-format", "python-brace-format"}
        if message.previous_id or not message.fuzzy:
            comments = [text for text in message.user_comments if not text.startswith("|")]
            message.user_comments = comments
    out = BytesIO()
    write_po(out, catalogue, width=_WIDTH, include_previous=True)
    data = _FORMER.sub(b"#|", _CHANGING.sub(b"", out.getvalue()))
    path = domain.path(language)
    written = []
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    for path, text in stale_files(domain, language).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def stale_files(domain: Domain, language: str) -> dict[Path, str]:
    """Return the files made of a catalogue that are not as they must be, with their contents."""
    files = domain.generated(Language(language))
    return {
        path: text
        for path, text in files.items()
        if not path.is_file() or path.read_text("utf-8") != text
    }


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        raise GradpathError(
            f"no language {language!r} is known; take a code such as zh, de or pt_BR"
        ) from None
