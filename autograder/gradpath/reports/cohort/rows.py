"""The rows of the page: all submissions as data that its script sorts, filters and searches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from gradpath.grading.results import OUTCOMES, Result, failed_by_grader, split_message
from gradpath.reports.cohort.statistics import misconceptions_of
from gradpath.reports.feedback.paths import FOLDER, page_path
from gradpath.reports.results import title_of
from gradpath.text import clean
from gradpath.text.languages import tell
from gradpath.text.messages import Message

STATUSES: Final = (Message("graded"), Message("unreadable"), Message("grader failed"))
PART: Final = 10_000
"""Rows of a file beside the page: some 2 MB, so that the first ones are soon there."""
_MESSAGE_LENGTH: Final = 140
_LETTERS: Final = "pfrtkns"
"""One for each outcome, in the order of `OUTCOMES`."""


@dataclass(frozen=True)
class PageData:
    """All submissions as JSON that can stand inside of a `script` element.

    Attributes:
        head: assignments, checks, outcomes, statuses and misconceptions.
        parts: the rows, with the texts that they name by number.
    """

    head: Mapping[str, Any]
    parts: Sequence[bytes]


class _Numbers:
    """Gives each different text a number."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def page_data(
    results: Sequence[Result], folder: Path, seconds: Mapping[tuple[str, str], float]
) -> PageData:
    """Return the data of all submissions; texts that occur often are written once in a part.

    Args:
        results: of the whole run.
        folder: where the page will be.
        seconds: the seconds that submissions took, by student and assignment.
    """
    known = _Numbers()
    checks: dict[str, list[dict[str, Any]]] = {}
    for result in results:
        of_slug = checks.setdefault(result.assignment, [])
        if not of_slug:
            of_slug += [
                {"id": check.id, "title": check.title, "hidden": check.visibility == "hidden"}
                for check in result.checks
            ]
    ids = {slug: [check["id"] for check in of_slug] for slug, of_slug in checks.items()}
    parts = list(_parts(results, ids, known, seconds, _pages(folder)))
    maxima = {result.assignment: result.max_score for result in results}
    head = {
        "assignments": [
            {
                "slug": slug,
                "title": tell(title_of(slug), slug),
                "max": maxima[slug],
                "checks": of_slug,
            }
            for slug, of_slug in checks.items()
        ],
        "outcomes": dict(zip(_LETTERS, map(str, OUTCOMES.values()), strict=True)),
        "statuses": list(map(str, STATUSES)),
        "misconceptions": list(known.texts),
    }
    return PageData(head, parts)


def _parts(
    results: Sequence[Result],
    ids: Mapping[str, Sequence[str]],
    known: _Numbers,
    seconds: Mapping[tuple[str, str], float],
    page_of: Callable[[Result], str | None],
) -> Iterator[bytes]:
    order = {slug: number for number, slug in enumerate(ids)}
    for start in range(0, len(results), PART):
        students, messages = _Numbers(), _Numbers()
        rows = [
            [
                students.of(result.student),
                order[result.assignment],
                result.score,
                _status(result),
                [known.of(name) for name in misconceptions_of(result)],
                messages.of(_message(result)),
                _outcomes(result, ids[result.assignment]),
                seconds.get((result.student, result.assignment)),
                page_of(result),
            ]
            for result in results[start : start + PART]
        ]
        part = {"students": list(students.texts), "messages": list(messages.texts), "rows": rows}
        yield harmless(msgspec.json.encode(part))


def _status(result: Result) -> int:
    return 2 if failed_by_grader(result) else STATUSES.index(result.status)


def _message(result: Result) -> str:
    """Return the message about a submission: about its file, or its first lost check."""
    text = result.message
    if not text:
        lost = (check for check in result.checks if check.outcome not in ("passed", "skipped"))
        check = next(lost, None)
        if check is None:
            return ""
        text = split_message(check.message)[0]
        text = tell(Message("{id}: {text}", id=check.id, text=text)) if text else ""
    text = " ".join(clean(text).split())
    return text if len(text) <= _MESSAGE_LENGTH else f"{text[: _MESSAGE_LENGTH - 1]}…"


def _outcomes(result: Result, ids: Sequence[str]) -> str:
    """Return a letter for each check; nothing where a result has other checks than most."""
    if [check.id for check in result.checks] != ids:
        return ""
    letters = dict(zip(OUTCOMES, _LETTERS, strict=True))
    return "".join(letters[check.outcome] for check in result.checks)


def _pages(folder: Path) -> Callable[[Result], str | None]:
    """Return a function that names the folder of a submission's feedback page, if it has one."""
    base = folder / FOLDER

    def page_of(result: Result) -> str | None:
        path = page_path(result.student, result.assignment)
        return path.parent.name if (base / path).is_file() else None

    return page_of if base.is_dir() else lambda result: None


def harmless(json: bytes) -> bytes:
    """Write JSON so that nothing in it ends or opens an element, wherever it stands in a page."""
    for character in b"<>&":
        json = json.replace(bytes([character]), b"\\u%04x" % character)
    # Ends of lines for a script, though not for JSON.
    return json.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
