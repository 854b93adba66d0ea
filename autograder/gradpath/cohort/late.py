"""The late policy of a course: the points that a submission loses for each day that it is late.

It stands in `gradpath.toml`, in the folder in which `gradpath grade` is started:

    [due]
    hand_gradients = 2026-11-20T23:59:00+01:00

    [late]
    grace_minutes = 15
    percent_per_day = 10     # of the points reached, for each day begun
    percent_at_most = 50
    no_points_after_days = 7
    percent_if_flagged = 10  # where the site says "late", and not how late
    times = "times.csv"      # student, assignment, submitted: for sites that tell no times
    extensions = "extensions.csv"  # student, assignment, due: single students with another time

Checks keep their points: mistakes and lateness are different things to learn from. Only
the score of the result goes down, and its message says by how much.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from gradpath.course.config import A_TIME, FILE, Hidden, LateSettings, read_config
from gradpath.course.load import slugs
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, message_of, rounded
from gradpath.submissions.names import student_name
from gradpath.submissions.submission import Submission
from gradpath.text import choice, printable, question, some
from gradpath.text.messages import Message, counted, joined, template, tree_of

_DAY: Final = datetime.timedelta(days=1)
_OFF: Final = template("{why}: {share:g} % off, {score:g} instead of {full:g} points")
_ONLY_SHARE: Final = template("{why}: {share:g} % off")
_SCORES: Final = re.compile(r"(% off), \S+ instead of \S+ points")

Times = Mapping[tuple[str, str], datetime.datetime]
"""Times by student and slug, or by student and "" for all assignments."""


@dataclass(frozen=True)
class LatePolicy:
    """The times when assignments are due, and the costs of being late.

    Attributes:
        due: times with an offset, by slug.
        settings: the costs.
        times: when submissions were handed in.
        extensions: when assignments are due for single students.
    """

    due: Mapping[str, datetime.datetime] = field(default_factory=dict)
    settings: LateSettings = field(default_factory=LateSettings)
    times: Times = field(default_factory=dict)
    extensions: Times = field(default_factory=dict)

    def due_of(self, student: str, slug: str) -> datetime.datetime | None:
        """Return when an assignment is due for a student; None if no time is set."""
        return _of(self.extensions, student, slug) or self.due.get(slug)

    def apply(self, result: Result, submission: Submission) -> Result:
        """Take off the points that lateness costs.

        Args:
            result: the result without the policy.
            submission: the submission that was graded.

        Returns:
            The result; its score is lower and its message says why, if it is late.
        """
        late = self._lateness(submission)
        if late is not None:
            share, why = self._cost(late)
        elif submission.late and self.settings.percent_if_flagged:
            share, why = self.settings.percent_if_flagged, Message("late, says the course site")
        else:
            return result
        score = rounded(result.score * (1 - share / 100))
        full = result.score
        text = Message(_OFF, why=why, share=share, score=score, full=full)
        message = joined("; ", [message_of(result), text])
        return msgspec.structs.replace(result, score=score, message=message)

    def _lateness(self, submission: Submission) -> datetime.timedelta | None:
        """Return by how much a submission is late; None if it is not, or nobody knows."""
        due = self.due_of(submission.student, submission.assignment)
        handed_in = (
            _of(self.times, submission.student, submission.assignment) or submission.submitted
        )
        if due is None or handed_in is None:
            return None
        late = handed_in - due - datetime.timedelta(minutes=self.settings.grace_minutes)
        return handed_in - due if late > datetime.timedelta() else None

    def _cost(self, late: datetime.timedelta) -> tuple[float, str]:
        """Return the percent that are taken off, and how late it is in words."""
        days = math.ceil(late / _DAY)
        if days > 1:
            why = Message("{days} days late", days=days)
        else:
            why = Message("{time} late", time=_in_words(late))
        last = self.settings.no_points_after_days
        if last is not None and late > last * _DAY:
            return 100.0, why
        return min(days * self.settings.percent_per_day, self.settings.percent_at_most), why

    def notes(self, submissions: Sequence[Submission]) -> list[str]:
        """Return warnings: unknown times, unknown names, and lateness without a consequence."""
        unknown = {
            one.student
            for one in submissions
            if self.due_of(one.student, one.assignment)
            and one.submitted is None
            and not _of(self.times, one.student, one.assignment)
            and not (one.late and self.settings.percent_if_flagged)
        }
        students = {submission.student for submission in submissions}
        flagged = {submission.student for submission in submissions if submission.late}
        lines: list[str] = []
        if unknown:
            lines.append(
                Message(
                    "nobody knows when {names} handed in; give `times` in [late] of {file}",
                    names=some(sorted(unknown)),
                    file=FILE,
                )
            )
        if flagged and not self.settings.percent_if_flagged:
            lines.append(
                Message(
                    "late, says the course site, and no points are taken off: {names}; "
                    "`percent_if_flagged` in [late] of {file} says how many",
                    names=some(sorted(flagged)),
                    file=FILE,
                )
            )
        for file, table in (
            (self.settings.times, self.times),
            (self.settings.extensions, self.extensions),
        ):
            lines += _strangers(file, {student for student, _ in table}, students)
        return lines


def _of(times: Times, student: str, slug: str) -> datetime.datetime | None:
    return times.get((student, slug)) or times.get((student, ""))


def _strangers(file: str, named: Collection[str], students: Collection[str]) -> Iterator[str]:
    """Yield a line about names of a table without a submission, with the nearest names here."""

    def with_nearest(name: str) -> str:
        near = question(name, students)
        return f"{printable(name)} ({near})" if near else printable(name)

    strangers = sorted(set(named) - set(students))
    if strangers:
        yield Message(
            "{file} has names without a submission here: {names}",
            file=file,
            names=some(strangers, shown=with_nearest),
        )


def without_points(message: str) -> str:
    """Return a result's message without the scores before and after points were taken off."""
    text = _SCORES.sub(r"\1", message)
    tree = _without_scores(tree_of(message))
    return Message.made(text, tree) if isinstance(message, Message) else text


def _without_scores(tree: Any) -> Any:
    match tree:
        case {"separator": separator, "parts": parts}:
            return {"separator": separator, "parts": [_without_scores(part) for part in parts]}
        case [template, {"why": why, "share": share}] if template == _OFF:
            return [_ONLY_SHARE, {"why": why, "share": share}]
    return tree


def _in_words(late: datetime.timedelta) -> str:
    """Return a time of at most a day in hours, or in minutes or seconds where these are none."""
    seconds = math.ceil(late.total_seconds())
    if seconds < 180:
        minutes = round(seconds / 60)
        if minutes > 1 or seconds == minutes:
            return counted("{count} minute", "{count} minutes", minutes)
        return counted("{count} second", "{count} seconds", seconds)
    return Message("{hours:.1f} hours", hours=seconds / 3600)


def late_policy(folder: Path) -> LatePolicy:
    """Return the policy that `[due]` and `[late]` of a folder's `gradpath.toml` describe.

    Args:
        folder: where the file may be, and its `times` and `extensions`.

    Raises:
        SettingsError: a time has no offset, or a field is wrong or unknown.
        GradpathError: a table cannot be read, or names an assignment that there is not.
    """
    config = read_config(folder)
    times, extensions = config.late.times, config.late.extensions
    return LatePolicy(
        config.due,
        config.late,
        _read_times(folder / times, "submitted") if times else {},
        _read_times(folder / extensions, "due") if extensions else {},
    )


def shown_of_hidden(folder: Path, now: datetime.datetime) -> Callable[[Result], Hidden]:
    """Return the choice of a folder's `gradpath.toml` of what a result's student sees at a time.

    Raises:
        GradpathError: as `late_policy`.
    """
    config, policy = read_config(folder), late_policy(folder)
    return lambda result: config.hidden(policy.due_of(result.student, result.assignment), now)


def _read_times(path: Path, column: str) -> Times:
    """Read a table of times: columns student, `column` and, where it matters, assignment."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise GradpathError(
            Message("the times cannot be read from {path}: {reason}", path=path, reason=error)
        ) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if not {"student", column}.issubset(rows.fieldnames or ()):
        raise GradpathError(
            Message(
                "{path} is to have the columns student, {column} and, if need be, assignment",
                path=path,
                column=column,
            )
        )
    times: dict[tuple[str, str], datetime.datetime] = {}
    try:
        for row in rows:
            student, slug = row["student"] or "", (row.get("assignment") or "").strip()
            when = datetime.datetime.fromisoformat((row[column] or "").strip())
            if when.tzinfo is None:
                raise ValueError("no offset")
            if slug not in ("", *slugs()):
                advice = choice(slug, slugs())
                raise GradpathError(
                    Message(
                        "{path}, line {line}: no assignment {slug!r}; {advice}",
                        path=path,
                        line=rows.line_num,
                        slug=printable(slug),
                        advice=advice,
                    )
                )
            times[student_name(student.strip()), slug] = when
    except (ValueError, csv.Error):
        raise GradpathError(
            Message(
                "{path}, line {line}: {column} is to be {time}",
                path=path,
                line=rows.line_num,
                column=column,
                time=A_TIME,
            )
        ) from None
    return times
