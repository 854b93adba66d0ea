"""Languages: the course's texts in another language, from the catalogues of gettext.

The `.po` files themselves are read, by a subclass of the standard library's `GNUTranslations`: a
checkout, a package installed in place and a wheel all have them, and no step compiles anything.
"""

from __future__ import annotations

import functools
import gettext
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Formatter
from typing import Any, Final

import gradpath
from gradpath.text.messages import Message, Tree, tree_of

LOCALE: Final = Path(gradpath.__file__).parent / "locale"
STAFF: Final = "staff"
"""The folder, within that of a language, of catalogues that only the staff edition has."""
OWN: Final = "gradpath"
"""The catalogue of gradpath's own texts; each assignment has one of its own."""
_STRING: Final = re.compile(r'(?:(msgid_plural|msgid|msgstr(?:\[\d+\])?) )?"(.*)"')
_ESCAPE: Final = re.compile(r"\\(.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}
_JOINT: Final = "\0"
"""Stands where a template meets one of its parameters, until they are fitted together."""
_MARK: Final = r"[\u201c\u201d\u3001-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff1f]"
_WIDE: Final = r"[\u201c\u201d\u3001-\u3011\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff1f]"
_BLANK: Final = rf"(?:{_JOINT}+ {_JOINT}*| {_JOINT}+)"
_STRAY: Final = re.compile(
    rf"(?<={_WIDE}){_BLANK}(?={_WIDE})|(?<={_MARK}){_BLANK}|{_BLANK}(?={_MARK})"
)
"""A blank at a joint between two Chinese letters, or beside a Chinese mark; there is none in one
text, and texts that are put together shall read as one."""


class Language:
    """A language that texts are shown in."""

    def __init__(self, code: str) -> None:
        """Prepare; catalogues are read when a text of theirs is wanted."""
        self.code = code

    def text(self, text: str, slug: str = "") -> str:
        """Return a message, or a text of the course such as a title, in this language.

        Args:
            text: a message, or a text that is looked up as a whole.
            slug: the assignment that it may belong to.
        """
        tree = tree_of(text)
        return self.render([tree] if isinstance(tree, str) else tree, slug)

    def render(self, tree: Tree, slug: str = "") -> str:
        """Return the text that a tree stands for; a template without a translation is English."""
        if isinstance(tree, str):
            return tree
        if isinstance(tree, dict):
            parts = [self.render(part, slug) for part in tree["parts"]]
            if self.code == ENGLISH.code:
                return str(tree["separator"]).join(parts)
            separator = self._template(tree["separator"], slug)
            return _fitted(f"{_JOINT}{separator}{_JOINT}".join(map(_without_joints, parts)))
        template, *rest = tree
        if not rest:
            return self._template(template, slug)
        parameters = {name: self._value(value, slug) for name, value in rest[0].items()}
        if isinstance(template, list):
            template = self._plural(template, parameters["count"], slug)
        else:
            template = self._template(template, slug)
        if self.code == ENGLISH.code:
            return str(template.format(**parameters))
        return _fitted(_JOINTED.vformat(template, (), parameters))

    def digest(self) -> bytes:
        """Return a digest of all its catalogues."""
        total = hashlib.sha256(self.code.encode())
        for path in sorted((LOCALE / self.code).rglob("*.po")):
            total.update(path.read_bytes())
        return total.digest()

    def _value(self, value: Any, slug: str) -> Any:
        return self.render(value, slug) if isinstance(value, list | dict) else value

    def _template(self, template: str, slug: str) -> str:
        for catalogue in self._catalogues(slug):
            if (found := catalogue.gettext(template)) != template:
                return found
        return template

    def _plural(self, templates: list[str], count: int, slug: str) -> str:
        one, many = templates
        for catalogue in self._catalogues(slug):
            if (found := catalogue.ngettext(one, many, count)) not in templates:
                return found
        return one if count == 1 else many

    def _catalogues(self, slug: str) -> Iterator[gettext.NullTranslations]:
        if self.code != ENGLISH.code:
            for domain in dict.fromkeys((OWN, slug or OWN)):
                yield from _catalogues(self.code, domain)


class _Jointed(Formatter):
    """Fills in a template, and marks the joints."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a parameter between two joints."""
        text = str(super().format_field(value, format_spec))
        return f"{_JOINT}{_without_joints(text)}{_JOINT}"


_JOINTED: Final = _Jointed()


def _without_joints(text: str) -> str:
    return text.replace(_JOINT, "")


def _fitted(text: str) -> str:
    """Return a text without its joints, and without the blanks that are stray there."""
    return _without_joints(_STRAY.sub("", text))


ENGLISH: Final = Language("en")
_shown = ENGLISH


def speak(language: Language) -> None:
    """Let this process show its texts in a language from now on; commands call it once."""
    global _shown
    _shown = ENGLISH if language.code == ENGLISH.code else language


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let this process show its texts in a language within a block."""
    before = _shown
    speak(language)
    try:
        yield
    finally:
        speak(before)


def tell(text: str, slug: str = "") -> str:
    """Return a text in the language that this process shows; see `Language.text`."""
    return str(text) if _shown is ENGLISH else _shown.text(text, slug)


def message_from(tree: Tree) -> Message:
    """Return the message that has a tree."""
    return Message.made(ENGLISH.render(tree), tree)


def shown_language() -> Language:
    """Return the language that this process shows its texts in."""
    return _shown


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that are here."""
    folders = (path.name for path in LOCALE.iterdir() if path.is_dir()) if LOCALE.is_dir() else ()
    return tuple(sorted({ENGLISH.code, *folders} - {"__pycache__"}))


@functools.cache
def _catalogues(code: str, domain: str) -> tuple[gettext.NullTranslations, ...]:
    folder = LOCALE / code
    paths = (folder / f"{domain}.po", folder / STAFF / f"{domain}.po")
    found: list[gettext.NullTranslations] = []
    for path in filter(Path.is_file, paths):
        with path.open("rb") as file:
            found.append(_Catalogue(file))
    return tuple(found)


class _Catalogue(gettext.GNUTranslations):
    """A catalogue read from its source; entries that are empty or fuzzy are left out."""

    def _parse(self, fp: Any) -> None:
        """Fill the catalogue, as the standard library asks of a subclass with its own format."""
        self._catalog: dict[Any, str] = {}
        self.plural = lambda n: int(n != 1)
        for entry in re.split(r"\n{2,}", fp.read().decode("utf-8")):
            strings = _strings(entry)
            msgid, plural = strings.get("msgid"), strings.get("msgid_plural")
            if msgid == "":
                self._read_head(strings.get("msgstr", ""))
            elif plural is not None:
                forms = (name for name in strings if name.startswith("msgstr["))
                self._catalog |= {
                    (msgid, int(form[7:-1])): strings[form] for form in forms if strings[form]
                }
            elif strings.get("msgstr"):
                self._catalog[msgid] = strings["msgstr"]

    def _read_head(self, head: str) -> None:
        match = re.search(r"plural=([^;\n]+)", head)
        if match:
            self.plural = gettext.c2py(match[1])


def _strings(entry: str) -> dict[str, str]:
    """Return the strings of an entry by keyword; none of one that is fuzzy or obsolete."""
    found: dict[str, str] = {}
    name = ""
    for line in entry.splitlines():
        if line.startswith("#,") and "fuzzy" in line:
            return {}
        match = _STRING.fullmatch(line)
        if match:
            name = match[1] or name
            text = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match[2])
            found[name] = found.get(name, "") + text
    return found
