"""Regrading: the results of now compared with the results that were published."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from gradpath.cohort.files import spreadsheet_safe
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, rounded
from gradpath.text.messages import Message

PUBLISHED: Final = "results.jsonl"
FILE: Final = "regrade.csv"

Kind = Literal["loses", "gains", "same points", "gone", "new"]
CHANGES: Final[tuple[Kind, ...]] = get_args(Kind)
"""The kinds of changes; those first that somebody has to look at."""


@dataclass(frozen=True)
class Change:
    """The change of one submission's points; None where there is no result."""

    student: str
    assignment: str
    kind: Kind
    old: float | None
    new: float | None
    checks: str
    """Each check with other points than before, with both numbers."""


def published(folder: Path, only: Collection[str] = ()) -> list[Result]:
    """Read the results that a folder has, of all assignments or of some.

    Raises:
        GradpathError: there are none, or the file is not as `gradpath grade` writes it.
    """
    path = folder / PUBLISHED
    try:
        lines = path.read_bytes().splitlines()
        results = [msgspec.json.decode(line, type=Result) for line in lines]
    except FileNotFoundError:
        raise GradpathError(
            Message("there is no {path} to compare with; grade without --regrade first", path=path)
        ) from None
    except OSError as error:
        raise GradpathError(
            Message("{path} cannot be read: {reason}", path=path, reason=error.strerror or error)
        ) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise GradpathError(
            Message("{path} is not as gradpath grade writes it: {reason}", path=path, reason=error)
        ) from None
    return [result for result in results if not only or result.assignment in only]


def compare(old: Sequence[Result], new: Sequence[Result]) -> tuple[list[Change], int]:
    """Return the changes, in order of student and assignment, and how many stayed as they are."""
    before = {(result.student, result.assignment): result for result in old}
    after = {(result.student, result.assignment): result for result in new}
    changes = [_change(before.get(name), after.get(name)) for name in sorted({**before, **after})]
    real = [change for change in changes if change is not None]
    return real, len(changes) - len(real)


def _change(old: Result | None, new: Result | None) -> Change | None:
    if new is None:
        assert old is not None
        return Change(old.student, old.assignment, "gone", old.score, None, "")
    if old is None:
        return Change(new.student, new.assignment, "new", None, new.score, "")
    checks = _changed_checks(old, new)
    if old.score == new.score and not checks:
        return None
    difference = rounded(new.score - old.score)
    kind: Kind = "gains" if difference > 0 else "loses" if difference < 0 else "same points"
    return Change(new.student, new.assignment, kind, old.score, new.score, checks)


def _changed_checks(old: Result, new: Result) -> str:
    before = {check.id: check.points for check in old.checks}
    after = {check.id: check.points for check in new.checks}
    return "; ".join(
        f"{check} {_points(before.get(check))} -> {_points(after.get(check))}"
        for check in {**before, **after}
        if before.get(check) != after.get(check)
    )


def _points(points: float | None) -> str:
    return "none" if points is None else f"{points:g}"


def regrade_csv(changes: Sequence[Change]) -> bytes:
    """Write one row for each change; points are empty where there is no result."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "assignment", "change", "old", "new", "checks"])
    for change in changes:
        points = ["" if value is None else f"{value:g}" for value in (change.old, change.new)]
        name = spreadsheet_safe(change.student)
        writer.writerow([name, change.assignment, change.kind, *points, change.checks])
    return text.getvalue().encode()
