"""The check of catalogues: each entry that is missing, stale, fuzzy, or not true to its English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from babel.messages.catalog import Catalog, Message

from gradpath.authoring.languages.catalogues import Domain, read, stale_files, template_of
from gradpath.authoring.languages.entries import shown
from gradpath.authoring.languages.faithful import differences
from gradpath.authoring.languages.style import Style, style_of
from gradpath.text.languages import LOCALE

_EXCERPT = 60


@dataclass(frozen=True)
class Finding:
    """An entry that is not as it must be, and its place in the catalogue."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass
class Report:
    """The state of one catalogue."""

    domain: Domain
    total: int = 0
    done: int = 0
    """Entries with a translation that is not fuzzy."""
    words: int = 0
    """English words in all entries."""
    findings: list[Finding] = field(default_factory=list)


def check(domain: Domain, language: str) -> Report:
    """Compare the catalogue of a language with the English texts, and each entry with its own."""
    path = shown(domain.path(language))
    catalogue, template = read(domain, language), template_of(domain)
    style = style_of(LOCALE / language)
    report = Report(domain)
    for wanted in _entries(template):
        report.total += 1
        report.words += len(_original(wanted).split())
        entry = catalogue.get(wanted.id)
        if entry is None:
            file, line = wanted.locations[0]
            text = f"not in {path}; run `gradpath languages`: {_excerpt(wanted)}"
            report.findings.append(Finding(file, line, text))
            continue
        comment = " ".join(wanted.auto_comments)
        report.done += all(_translations(entry)) and not entry.fuzzy
        report.findings += [
            Finding(path, entry.lineno or 1, fault) for fault in faults(entry, comment, style)
        ]
    for entry in _entries(catalogue):
        if template.get(entry.id) is None:
            text = f"stale: its English is gone; run `gradpath languages`: {_excerpt(entry)}"
            report.findings.append(Finding(path, entry.lineno or 1, text))
    for stale in stale_files(domain, language):
        text = f"out of step with {path}; run `gradpath languages`"
        report.findings.append(Finding(shown(stale), 1, text))
    return report


def faults(entry: Message, comment: str, style: Style) -> Iterator[str]:
    """Yield a sentence for each fault of an entry; a fuzzy one has that one alone."""
    if entry.fuzzy:
        yield f"fuzzy: its English has changed; compare, and delete the mark: {_excerpt(entry)}"
        return
    translations = _translations(entry)
    if not all(translations):
        yield f"missing: {_excerpt(entry)}"
        return
    original = _original(entry)
    for translation in translations:
        for text in (
            *differences(original, translation),
            *style.faults(original, translation, comment),
        ):
            yield f"{text}: {_excerpt(entry)}"


def _translations(entry: Message) -> list[str]:
    """Return the translation, or one for each form of the plural; empty ones among them."""
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or [""])


def _entries(catalogue: Catalog) -> Sequence[Message]:
    """Return the entries without the head."""
    return [message for message in catalogue if message.id]


def _original(message: Message) -> str:
    """Return the English text; of two, that for more than one thing."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def _excerpt(message: Message) -> str:
    text = " ".join(_original(message).split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 3] + "..."
