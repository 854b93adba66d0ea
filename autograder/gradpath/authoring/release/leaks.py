"""The leak gate: nothing for students holds a solution, a hidden check or the secret.

`find_leaks` takes a bundle apart (zips and wheels in zips, notebooks with outputs, attachments and
metadata, recordings, texts of pictures, base64 within texts; see `unpack`) and looks for
everything that `forbidden` collected from the course.

The gate promises to find, in any file, a copy of two or more consecutive lines of a solution
region, of a single line that only a solution has, or of a short line in the function that it was
written for: also with other indentation, spaces or quotes, wrapped otherwise, commented out, within
a longer line, as a string of JSON, HTML or Python, or in base64. The same goes for code of hidden
checks and misconceptions, apart from short lines and lines that public code has, too.
Ids of hidden checks and their titles in each language, the secret in the usual ways of writing it,
solution markers, compiled Python and the names of staff's files are found wherever they stand. A
kind of file that no bundle holds is refused by its name, and a file that is not of its kind is a
finding: the gate fails closed.

It cannot see a paraphrase (other names, another order, the same formula turned round), a solution
drawn in a picture, or a text in a cipher. It guards against mistakes in making a bundle, not
against an author who wants to give the solution away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from gradpath.authoring.release.forbidden import KEY, Forbidden, Kind, Origin, forbidden
from gradpath.authoring.release.normalize import Keys, Line, squash, streams, views
from gradpath.authoring.release.unpack import End, Name, Text, Trouble, pieces
from gradpath.errors import GradpathError
from gradpath.text import first_of
from gradpath.text.languages import STAFF

__all__ = ["Forbidden", "Leak", "find_leaks", "forbidden", "refuse_leaks"]

_WORD: Final = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_DEFINITION: Final = re.compile(r"(\s*)(?:async\s+)?def\s+(\w+)")
_MARKER: Final = re.compile(r"\b(?:BEGIN|END)\s+(?:SOLUTION|HIDDEN\s+TESTS?|MARK\s+SCHEME)\b")
_CODE: Final = frozenset(("", ".py", ".pyi", ".pyd", ".so", ".ipynb", ".txt"))
_LONGEST_EXCERPT: Final = 80


@dataclass(frozen=True)
class Leak:
    """Something that must not reach students, and where it is."""

    path: str
    """The file, with the archives that it lies in: `course.zip > a.whl > gradpath/x.py`."""

    line: int
    """The line of the file; 0 where there are no lines, as in a name or a comment."""

    kind: Kind
    subject: str
    """The thing that was recognised: `a line of the solution of hand_gradients.train`."""

    excerpt: str
    """The line, shortened; never the secret."""

    def __str__(self) -> str:
        place = f", line {self.line}" if self.line else ""
        return f"{self.path}{place}: {self.subject}" + (f": {self.excerpt}" if self.excerpt else "")


def find_leaks(name: str, data: bytes, forbidden: Forbidden) -> list[Leak]:
    """Search a file, and everything that it holds, for leaks.

    Args:
        name: name of the file, such as `gradpath-course.zip`.
        data: its contents.
        forbidden: the lines and words to look for.

    Returns:
        The findings in the order of the file, one for each line and kind.
    """
    found: dict[tuple[str, int, Kind], Leak] = {}
    for piece in pieces(name, data, forbidden.clean_files):
        match piece:
            case End():
                if not any(path.startswith(piece.path) for path, _, _ in found):
                    forbidden.clean_files.add(piece.file)
                continue
            case Text():
                leaks = _in_text(piece, forbidden)
            case Name():
                leaks = _in_name(piece, forbidden)
            case Trouble():
                leaks = iter([_leak(piece.path, piece.line or 0, piece.kind, piece.reason)])
        for leak in sorted(leaks, key=lambda leak: leak.line):
            found.setdefault((leak.path, leak.line, leak.kind), leak)
    return list(found.values())


def refuse_leaks(leaks: Sequence[Leak]) -> None:
    """Stop when there is a leak.

    Raises:
        GradpathError: names the first finding and how many more there are.
    """
    if leaks:
        raise GradpathError(f"students would get {first_of(leaks)}; nothing was written")


def _in_text(piece: Text, forbidden: Forbidden) -> Iterator[Leak]:
    if piece.text in forbidden.clean:
        return
    clean = True
    for lines in views(piece.text):
        for number, origin in _matches(lines, forbidden):
            shown = "" if origin.kind == "secret" else _line(lines, number)
            line = number if piece.line is None else piece.line
            yield _leak(piece.path, line, origin.kind, _subject(origin), shown)
            clean = False
    if clean:
        forbidden.clean.add(piece.text)


def _matches(lines: Sequence[Line], forbidden: Forbidden) -> Iterator[tuple[int, Origin]]:
    """Yield the origins of lines that are recognised, with their numbers."""
    secret = Origin("secret", "")
    for line in lines:
        for spelling in forbidden.secrets:
            if spelling in line.text:
                yield line.number, secret
        marker = _MARKER.search(line.text)
        if marker:
            yield line.number, Origin("marker", marker[0])
        for word in _WORD.findall(line.text):
            if word in forbidden.words:
                yield line.number, forbidden.words[word]
    for keys in streams(lines):
        yield from _fragments(keys, forbidden)
        for (number, first), (_, second) in zip(keys.lines, keys.lines[1:], strict=False):
            origin = forbidden.pairs.get((first, second))
            if origin:
                yield number, origin
    yield from _own_lines(lines, forbidden)


def _fragments(keys: Keys, forbidden: Forbidden) -> Iterator[tuple[int, Origin]]:
    joined, table = keys.joined, forbidden.fragments
    for text, origin in () if joined.isascii() else forbidden.phrases.items():
        if (place := joined.find(text)) >= 0:
            yield keys.number_at(place), origin
    for place in range(len(joined) - KEY + 1):
        for text, origin in table.get(joined[place : place + KEY], ()):
            if joined.startswith(text, place):
                yield keys.number_at(place), origin


def _own_lines(lines: Sequence[Line], forbidden: Forbidden) -> Iterator[tuple[int, Origin]]:
    """Yield short lines that stand in the function which they were written for."""
    function, depth = "", 0
    for line in lines:
        definition = _DEFINITION.match(line.text)
        if definition:
            function, depth = definition[2], len(definition[1])
            # What follows on the same line: `def forward(x, w): return x * w`.
            rest = line.text.rpartition(":")[2]
        else:
            rest = line.text
            indent = len(rest) - len(rest.lstrip())
            if rest.strip() and indent <= depth and not rest.lstrip().startswith(")"):
                function = ""
        for text in {rest, rest.partition("#")[0]} if function else ():
            origin = forbidden.own.get((function, squash(text)))
            if origin:
                yield line.number, origin


def _in_name(piece: Name, forbidden: Forbidden) -> Iterator[Leak]:
    path = PurePosixPath(piece.name.replace("\\", "/").lower())
    staff = (
        (path.stem in ("hidden", "misconceptions") and path.suffix in _CODE)
        or "solutions" in path.parts
        or (path.suffix == ".po" and STAFF in path.parts)
    )
    if staff:
        yield _leak(piece.path, 0, "file name", "a file that only staff have")
    yield from _in_text(Text(piece.path, piece.name, 0), forbidden)


def _subject(origin: Origin) -> str:
    match origin.kind:
        case "solution":
            return f"a line of the solution of {origin.of}"
        case "secret":
            return "the release secret"
        case "marker":
            return f"the marker {origin.of}"
        case "hidden check":
            return f"a part of a hidden check ({origin.of})"
        case kind:
            return f"a part of a {kind} ({origin.of})"


def _line(lines: Sequence[Line], number: int) -> str:
    text = next((line.text for line in lines if line.number == number), "")
    return _clean(text, _LONGEST_EXCERPT)


def _leak(path: str, line: int, kind: Kind, subject: str, excerpt: str = "") -> Leak:
    """Make a finding that can be shown in one line."""
    return Leak(_clean(path), line, kind, _clean(subject), excerpt)


def _clean(text: str, longest: int = 400) -> str:
    """Return a text as one line, without anything that a terminal would act on."""
    text = "".join(c if c.isprintable() else " " for c in text).strip()
    return text if len(text) <= longest else text[: longest - 3] + "..."
