"""Documents: texts in Markdown besides those of assignments, translated by section.

The templates of a release's texts are filled in when it is made. Pages of the documentation have a
file in each language, which is generated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath.authoring.languages.entries import Entry, is_translatable, shown
from gradpath.course.settings import PACKAGE, course_root
from gradpath.course.translated import sections_of
from gradpath.text.languages import Language
from gradpath.text.messages import Message

BUNDLES: Final = "bundles"
"""The catalogue of the texts that lie in bundles."""
DOCS: Final = "docs"
"""The catalogue of pages of the documentation."""
_LINK: Final = re.compile(r"(?<=\]\()([^)\s:#]*)(#[^)\s]*)?(?=\))")
"""A link within the checkout: a path, an anchor, or both."""


@dataclass(frozen=True)
class Document:
    """A text in Markdown, and the sections of it that are translated."""

    path: Path
    headings: tuple[str, ...] = ()
    """The first lines of these sections; none for all sections."""

    def sections(self) -> Iterator[tuple[int, str]]:
        """Yield the sections that are translated, each with its line."""
        text = self.path.read_text("utf-8")
        lines, at = text.splitlines(), 0
        for section in sections_of(text):
            first = section.partition("\n")[0]
            at = lines.index(first, at)
            if not self.headings or first in self.headings:
                yield at + 1, section

    def entries(self) -> Iterator[Entry]:
        """Yield the sections as entries of a catalogue."""
        file = shown(self.path)
        for line, section in self.sections():
            if is_translatable(section):
                yield Entry(section, file, line, f"text of {self.path.name}")


def of_bundles() -> list[Document]:
    """Return the texts that lie in bundles."""
    students, staff = course_root() / "student_template", PACKAGE / "authoring" / "release"
    return [
        *(Document(students / name) for name in ("README.md", "AGENTS.md", "small_torch.md")),
        *(Document(staff / "nbgrader_files" / name) for name in ("README.md", "header.md")),
        Document(staff / "staff_files" / "README.md"),
    ]


def of_docs() -> list[Document]:
    """Return the pages of the documentation; none in an installed package, which has no docs."""
    root = course_root()
    if not (root / "docs").is_dir():
        return []
    return [
        Document(root / "README.md"),
        Document(root / "docs" / "students.md"),
        Document(
            root / "docs" / "graders.md",
            ("# For graders", "## `gradpath grade`", "### Nothing is lost", "### In Chinese"),
        ),
        Document(
            root / "docs" / "instructors.md",
            ("# For instructors", "## Making a release", "## A release in another language"),
        ),
    ]


def generated(language: Language) -> dict[Path, str]:
    """Return the pages in a language by their path, as far as there are translations of them."""
    pages = {document.path: document for document in of_docs()}
    targets = {path: _target(path, language) for path in pages}
    return {
        targets[path]: _page(document, language, targets)
        for path, document in pages.items()
        if any(language.text(text, DOCS) != text for _, text in document.sections())
    }


def _target(path: Path, language: Language) -> Path:
    """Return the path of a page in a language."""
    if path.parent == course_root():
        return path.with_suffix(f".{language.code}{path.suffix}")
    return path.parent / language.code / path.name


def _page(document: Document, language: Language, targets: Mapping[Path, Path]) -> str:
    """Return a page in a language; the sections that it leaves out are those of the English one."""
    target = targets[document.path]
    texts = [language.text(text, DOCS) for _, text in document.sections()]
    if document.headings:
        rest = Message(
            "The other sections of this page are in English: {link}.", link=_link(document)
        )
        texts.append(language.text(rest))
    note = f"<!-- Made by `gradpath languages`: edit locale/{language.code}/staff/{DOCS}.po -->"
    return (
        "\n\n".join([note, *(_relinked(text, document, target, targets) for text in texts)]) + "\n"
    )


def _link(document: Document) -> str:
    return f"[{document.path.name}]({document.path.name}#)"


def _relinked(text: str, document: Document, target: Path, targets: Mapping[Path, Path]) -> str:
    """Return a text with its links seen from another place.

    A link to a page leads to the one in the same language. Anchors are those of English headings,
    so a link with one leads to the English page, and so does a link of a page to itself.
    """

    def one(link: re.Match[str]) -> str:
        path, anchor = link[1], link[2] or ""
        source = Path(os.path.normpath(document.path.parent / path)) if path else document.path
        if not anchor:
            source = targets.get(source, source)
        if source == target:
            source = document.path
        return Path(os.path.relpath(source, target.parent)).as_posix() + anchor.rstrip("#")

    return _LINK.sub(one, text)
