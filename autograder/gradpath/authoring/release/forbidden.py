"""Secrets of a course: everything that must not reach a student, collected from the course itself.

**When is a line a leak?** Solutions are made of lines that only a solution has, and of lines that
any program has, such as `losses = []`. Finding the second kind proves nothing, and a gate that
cries wolf gets switched off. So:

- A *distinctive* line counts alone, wherever it stands, also within a longer line. A line is
  distinctive if it has at least 24 characters, not counting spaces (12 Chinese ones), or at least
  12 with two or more arithmetic operators: a formula. Of the lines of the present solutions, none
  that is distinctive in this sense stands in a file for students, and the longest that does by
  chance (`optimizer.zero_grad()`) has 21.
- Two consecutive lines of a solution count together, long or short: chance does not put them
  in the same order.
- A line that is not distinctive counts alone in a function of the name that it was written for:
  `return x * w` is a leak in `forward`. So a region of one short line is found where it would help.
- A line of the skeleton or the text is published, and never a leak.

Hidden checks and misconceptions share lines with the public code. Such a line is
no leak either, but only where it stands in a run of at most three shared lines: a longer run in a
file for students is a copy, and everything in it stays forbidden. So does a line that draws data
from the random generator, for its data make a check a hidden one. Solutions have no such
exception. Ids, titles and hints of misconceptions are published, because recordings hold them.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import itertools
import json
import re
import urllib.parse
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from gradpath.authoring.release.normalize import (
    Keys,
    Line,
    arithmetic,
    keys_of,
    names_something,
    plain,
    squash,
    streams,
    without_comment,
)
from gradpath.authoring.release.wheels import student_files
from gradpath.course.load import SECRET_MODULES, folder_of, load, master_path
from gradpath.course.master import ANSWER, BEGIN, END, master_cells, skeleton_of, text_of
from gradpath.course.syntax import parse
from gradpath.errors import GradpathError
from gradpath.text import columns
from gradpath.text.languages import ENGLISH, Language, languages

Kind = Literal[
    "solution",
    "hidden check",
    "misconception's code",
    "secret",
    "marker",
    "bytecode",
    "file name",
    "unsearchable",
]

KEY: Final = 12
"""Fragments are looked up by their first characters; none is shorter than this."""

_LONG: Final = 24
_FORMULA: Final = 2
_COPY: Final = 3
_SHORTEST_SECRET: Final = 8
_SENTENCE: Final = re.compile(r"(?<=[。！？；])")
_DRAWS: Final = re.compile(r"\brng\b")

_KINDS: Final[Mapping[str, Kind]] = {
    "hidden": "hidden check",
    "misconceptions": "misconception's code",
}


@dataclass(frozen=True)
class Origin:
    """The kind of something forbidden, and its assignment or function."""

    kind: Kind
    of: str


@dataclass(frozen=True)
class Forbidden:
    """Everything that must not be found, prepared for looking it up."""

    fragments: Mapping[str, Sequence[tuple[str, Origin]]]
    """Squashed lines that count wherever they stand, by their first `KEY` characters."""

    pairs: Mapping[tuple[str, str], Origin]
    """Squashed lines that count when they follow each other."""

    own: Mapping[tuple[str, str], Origin]
    """Squashed lines that count in the function of this name."""

    words: Mapping[str, Origin]
    """Ids of hidden checks, and the names of the functions that make them."""

    secrets: tuple[str, ...]
    """The release secret in every way of writing it that the gate knows."""

    slugs: frozenset[str]

    phrases: Mapping[str, Origin]
    """Squashed titles in scripts that say in few characters what takes `KEY` Latin ones."""

    clean: set[str] = field(default_factory=set, compare=False, repr=False)
    """Texts that were searched already and hold nothing: recordings repeat their words."""

    clean_files: set[tuple[str, bytes]] = field(default_factory=set, compare=False, repr=False)
    """The same for files, each with its name: most are in several bundles."""


def forbidden(slugs: Collection[str], secret: str) -> Forbidden:
    """Collect everything that must not reach students.

    Args:
        slugs: the assignments of the course.
        secret: the release secret.

    Raises:
        GradpathError: the secret is too short to be told from other text, or an assignment is
            incomplete.
    """
    if len(secret.strip()) < _SHORTEST_SECRET:
        raise GradpathError(
            f"the secret has fewer than {_SHORTEST_SECRET} characters: too short to make sure that "
            "no file for students holds it; choose a longer one"
        )
    found = _Collection(_published(slugs))
    for slug in slugs:
        found.add_solution(slug)
        found.add_answer(slug)
    staff: list[tuple[Origin, list[Line]]] = []
    for slug in slugs:
        found.add_titles(slug)
        for name in SECRET_MODULES:
            path = folder_of(slug) / f"{name}.py"
            if path.is_file():
                blocks = _blocks_without_imports(path.read_text("utf-8"))
                staff += [(Origin(_KINDS[name], f"{slug}/{path.name}"), block) for block in blocks]
    package = {n: d.decode() for n, d in student_files().items() if n.endswith(".py")}
    shared = _shared([block for _, block in staff], package.values())
    for origin, block in staff:
        found.add_staff_code(origin, block, shared)
    spellings = _spellings(secret)
    found.add_secret(spellings)
    return Forbidden(
        dict(found.fragments),
        found.pairs,
        found.own,
        found.words,
        spellings,
        frozenset(slugs),
        found.phrases,
    )


@dataclass(frozen=True)
class _Shared:
    """Lines that staff's code has in common with students' without being a copy."""

    lines: frozenset[str]
    pairs: frozenset[tuple[str, str]]


class _Collection:
    """Collects forbidden lines and leaves out published ones."""

    def __init__(self, published: Sequence[Keys]) -> None:
        self.published = "\n".join(keys.joined for keys in published)
        self.published_lines = {key for keys in published for _, key in keys.lines}
        self.published_pairs = {pair for keys in published for pair in _neighbours(keys.lines)}
        self.fragments: defaultdict[str, list[tuple[str, Origin]]] = defaultdict(list)
        self.pairs: dict[tuple[str, str], Origin] = {}
        self.own: dict[tuple[str, str], Origin] = {}
        self.words: dict[str, Origin] = {}
        self.phrases: dict[str, Origin] = {}

    def add_solution(self, slug: str) -> None:
        """Add the lines of every solution region of a master."""
        for function, region in _regions(slug):
            origin = Origin("solution", f"{slug}.{function}")
            for part in _distinctive_parts(region):
                self._add_fragment(part, origin)
            for line in region:
                for text in (line.text, without_comment(line.text)):
                    if names_something(text):
                        self._add_own(function, squash(text), origin)
            for keys in streams(region):
                for first, second in _neighbours(keys.lines):
                    if self._add_pair(first, second, origin) and len(first + second) >= _LONG:
                        self._add_fragment(first + second, origin)

    def add_answer(self, slug: str) -> None:
        """Add the lines of the answer that is expected to the written question, in each language.

        A Chinese paragraph is one line: its sentences count.
        """
        origin = Origin("solution", f"{slug}: the answer to the written question")
        for language in _languages():
            for cell in master_cells(slug, language):
                if ANSWER in cell.tags:
                    lines = plain(_SENTENCE.sub("\n", cell.source))
                    for part in _distinctive_parts(lines):
                        self._add_fragment(part, origin)

    def add_staff_code(self, origin: Origin, block: Sequence[Line], shared: _Shared) -> None:
        """Add lines of code that only staff have."""
        for part in _distinctive_parts(block):
            if part not in shared.lines:
                self._add_fragment(part, origin)
        for keys in streams(block):
            for first, second in _neighbours(keys.lines):
                # Two short lines, such as brackets, are no sign of anything here.
                if len(first + second) >= _LONG and (first, second) not in shared.pairs:
                    self._add_pair(first, second, origin)

    def add_titles(self, slug: str) -> None:
        """Add the ids and titles of the hidden checks of an assignment."""
        for check in load(slug).checks:
            if check.visibility == "hidden":
                origin = Origin("hidden check", f"{slug}: {check.id}")
                self.words.setdefault(check.id, origin)
                self.words.setdefault(re.sub(r"\W", "_", check.id), origin)
                for language in _languages():
                    self._add_title(language.text(check.title, slug), origin)

    def add_secret(self, spellings: Sequence[str]) -> None:
        """Add the secret without spaces, so that it is found across the end of a line."""
        for spelling in spellings:
            self._add_fragment(squash(spelling), Origin("secret", "the release"), published=False)

    def _add_title(self, title: str, origin: Origin) -> None:
        text = squash(plain(title)[0].text)
        if len(text) >= KEY:
            self._add_fragment(text, origin)
        elif columns(text) >= KEY and text not in self.published:
            self.phrases.setdefault(text, origin)

    def _add_fragment(self, text: str, origin: Origin, *, published: bool = True) -> None:
        if len(text) < KEY or (published and text in self.published):
            return
        bucket = self.fragments[text[:KEY]]
        if all(text != other for other, _ in bucket):
            bucket.append((text, origin))

    def _add_pair(self, first: str, second: str, origin: Origin) -> bool:
        if (first, second) in self.published_pairs or first + second in self.published:
            return False
        self.pairs.setdefault((first, second), origin)
        return True

    def _add_own(self, function: str, line: str, origin: Origin) -> None:
        if line not in self.published_lines:
            self.own.setdefault((function, line), origin)


def _distinctive_parts(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the lines, with and without comments, that are found nowhere by chance; squashed."""
    for line in lines:
        for text in (line.text, without_comment(line.text)):
            key = squash(text)
            if columns(key) >= _LONG or (len(key) >= KEY and arithmetic(text) >= _FORMULA):
                yield key


def _languages() -> list[Language]:
    """Return all languages that there are texts in, whichever a release has."""
    return [ENGLISH, *(Language(code) for code in languages() if code != ENGLISH.code)]


def _neighbours(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    for (_, first), (_, second) in itertools.pairwise(lines):
        yield first, second


def _published(slugs: Collection[str]) -> list[Keys]:
    """Return everything that students may read, squashed."""
    texts: list[str] = []
    for slug, language in itertools.product(slugs, _languages()):
        assignment = load(slug)
        texts += [skeleton_of(slug, language=language), text_of(slug, language)]
        told = [c.title for c in assignment.checks if c.visibility == "public"]
        for known in assignment.misconceptions:
            told += [known.title, known.hint, known.fact]
            texts += [known.id, known.raises, "\n".join(known.only_fails), known.evidence]
        texts += [language.text(text, slug) for text in told]
    return [keys_of(plain(text)) for text in texts]


def _regions(slug: str) -> Iterator[tuple[str, list[Line]]]:
    """Yield the solution regions of a master with the functions that they stand in."""
    function = ""
    region: list[Line] | None = None
    for line in plain(master_path(slug).read_text("utf-8")):
        definition = re.match(r"\s*def (\w+)", line.text)
        if line.text.strip() == BEGIN:
            region = []
        elif line.text.strip() == END:
            if region is not None:
                yield function, region
            region = None
        elif region is not None:
            region.append(line)
        elif definition:
            function = definition[1]


def _blocks_without_imports(source: str) -> list[list[Line]]:
    """Return the lines of a module between its imports: importing says nothing."""
    imports: set[int] = set()
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    blocks: list[list[Line]] = [[]]
    for line in plain(source):
        if line.number in imports:
            blocks.append([])
        else:
            blocks[-1].append(line)
    return [block for block in blocks if block]


def _shared(staff: Sequence[Sequence[Line]], package: Collection[str]) -> _Shared:
    """Find the lines that staff's code shares with the students' edition, copies left out."""
    known = {key for block in staff for keys in streams(block) for _, key in keys.lines}
    table = defaultdict(list)
    distinctive = {part for block in staff for part in _distinctive_parts(block)}
    for part in (part for part in distinctive if not _DRAWS.search(part)):
        table[part[:KEY]].append(part)
    lines: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for text in package:
        for keys in streams(plain(text)):
            run: list[str] = []
            within: set[str] = set()
            for _, key in [*keys.lines, (0, "")]:
                parts = [
                    part
                    for place in range(len(key) - KEY + 1)
                    for part in table.get(key[place : place + KEY], ())
                    if key.startswith(part, place)
                ]
                if parts or key in known:
                    run.append(key)
                    within.update(parts)
                    continue
                # Brackets and the like make a run neither longer nor shorter.
                if sum(len(member) >= KEY for member in run) <= _COPY:
                    lines.update(within)
                    pairs.update(itertools.pairwise(run))
                run, within = [], set()
    return _Shared(frozenset(lines), frozenset(pairs))


def _spellings(secret: str) -> tuple[str, ...]:
    """Return the ways of writing the secret that are looked for."""
    secret = secret.strip()
    data = secret.encode()
    digests = [hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    found = [
        secret,
        secret[::-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        urllib.parse.quote(secret, safe=""),
        *(text for digest in [data.hex(), *digests] for text in (digest, digest.upper())),
    ]
    for before in range(3):
        # Which characters stand for the secret depends on how many bytes come before it; those
        # that it shares with its neighbours are left out.
        encoded = base64.b64encode(bytes(before) + data).decode().rstrip("=")
        whole = (before + len(data)) * 8 // 6
        inner = encoded[-(-before * 8 // 6) : whole]
        found += [inner, inner.replace("+", "-").replace("/", "_")]
    return tuple(dict.fromkeys(found))
