"""The content of a page: all about a submission that its student may see, and nothing else.

Nothing in it was made after the submission had seen a hidden input: observations of public checks
come before the first of these (see `Grader`), and of a hidden check there are the course's own
words alone (see `for_student`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from gradpath.cohort.artifacts import KeptSource
from gradpath.cohort.late import without_points
from gradpath.course.config import Hidden
from gradpath.grading.expected import Expected, Step
from gradpath.grading.results import (
    CheckResult,
    Outcome,
    Result,
    failed_by_grader,
    for_student,
    function_of,
    message_of,
    rounded,
    split_message,
)
from gradpath.grading.verdict import cell_of
from gradpath.reports.feedback.source import Listing, definitions, listing
from gradpath.text import clean
from gradpath.text.languages import tell
from gradpath.text.messages import Message
from gradpath.worker.protocol import Observation

WORDS: Final[Mapping[Outcome, str]] = {
    "passed": Message("passed"),
    "failed": Message("wrong"),
    "raised": Message("raised an exception"),
    "timeout": Message("took too long"),
    "killed": Message("was stopped"),
    "not_attempted": Message("not written yet"),
    "skipped": Message("not judged"),
}
_USES: Final = re.compile(r"(?P<cell>.+), line (?P<line>\d+) uses ")
_NOTED: Final = re.compile(
    r"(?:^|; )(?:syntax error in )?(?P<cell>[^;]*?)(?:, )?line (?P<line>\d+)"
)
"""A statement at the top level that a note of the result is about; see `remarks`."""


@dataclass(frozen=True)
class Frame:
    """A line of a traceback; `link` is the id of that line in the listing, if it is there."""

    place: str
    source: str
    link: str


@dataclass(frozen=True)
class ShownCheck:
    """A check as its student sees it; `outcome` is empty where that is not shown."""

    id: str
    title: str
    hidden: bool
    outcome: Outcome | Literal[""]
    points: float
    max_points: float
    observed: str = ""
    hint: str = ""
    misconceptions: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    frames: tuple[Frame, ...] = ()
    hint_again: bool = False
    """Whether a check of the same function before this one has the same hint."""

    @property
    def word(self) -> str:
        """The outcome in words."""
        return tell(WORDS[self.outcome] if self.outcome else Message("not shown"))


@dataclass(frozen=True)
class ShownFunction:
    """A function's checks; `link` is the id of its first line."""

    name: str
    points: float
    max_points: float
    checks: tuple[ShownCheck, ...]
    link: str


@dataclass(frozen=True)
class Shown:
    """A submission as its student sees it."""

    result: Result
    hidden: Hidden
    points: float
    max_points: float
    public_only: bool
    message: str
    functions: tuple[ShownFunction, ...]
    listing: Listing
    taken: float | None = None
    """The points that hidden checks took, where that alone is shown of them."""
    marks: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """By a line's id: the id of the check that failed there, and a note about it."""

    @property
    def unreadable(self) -> bool:
        """Whether the file is to blame that there are no checks."""
        return self.result.status == "unreadable" and not failed_by_grader(self.result)


def show(
    result: Result,
    source: KeptSource,
    runs: Mapping[str, Sequence[Observation]],
    hidden: Hidden,
    expected: Expected,
) -> Shown:
    """Make the content of a page about a submission.

    Args:
        result: the published result.
        source: its source.
        runs: the observations of the public checks.
        hidden: the choice of how much is shown of hidden checks.
        expected: the expected values of the public checks.
    """
    lines = listing(source.cells, cut=source.cut)
    begins = definitions(source.cells)
    steps = expected.steps_of(result, runs)
    seen = [
        _shown(check, result.assignment, hidden, runs, steps.get(check.id, ()), lines)
        for check in result.checks
        if check.visibility == "public" or hidden not in ("points", "none")
    ]
    public_only = hidden in ("none", "names") and any(
        check.visibility == "hidden" for check in result.checks
    )
    counted = [check for check in seen if check.outcome] if public_only else seen
    message = clean(message_of(result))
    if public_only:
        # The points that being late takes off tell the whole score.
        message = without_points(message)
    message = tell(message, result.assignment)
    marks: dict[str, list[tuple[str, str]]] = {}
    for place in _NOTED.finditer(result.message):
        cell = place["cell"] or next((cell.name for cell in lines.cells), "")
        if link := lines.id_of(cell, int(place["line"][:9])):
            marks.setdefault(link, []).append(("message", tell(Message("see the note above"))))
    for check in seen:
        for link, note in _marks(check, lines):
            marks.setdefault(link, []).append((check.id, note))
    functions = []
    for name in dict.fromkeys(function_of(check) for check in result.checks):
        checks = tuple(check for check in seen if check.id.partition(".")[0] == name)
        if checks:
            of_it = [check for check in counted if check.id.partition(".")[0] == name]
            link = lines.id_of(*begins[name]) if name in begins else ""
            functions.append(ShownFunction(name, *_sums(of_it), _hints_once(checks), link))
    points, most = _sums(counted) if public_only else (result.score, result.max_score)
    taken = _taken(result) if hidden == "points" else None
    return Shown(
        *(result, hidden, points, most, public_only, message, tuple(functions), lines),
        taken=taken,
        marks=marks,
    )


def _taken(result: Result) -> float | None:
    """Return the points that hidden checks took; None where there are no such checks."""
    lost = [c.max_points - c.points for c in result.checks if c.visibility == "hidden"]
    return rounded(sum(lost)) if lost else None


def _hints_once(checks: Sequence[ShownCheck]) -> tuple[ShownCheck, ...]:
    hints: set[str] = set()
    marked = []
    for check in checks:
        marked.append(replace(check, hint_again=check.hint in hints))
        hints |= {check.hint} - {""}
    return tuple(marked)


def _sums(checks: Sequence[ShownCheck]) -> tuple[float, float]:
    return (
        rounded(sum(check.points for check in checks)),
        rounded(sum(check.max_points for check in checks)),
    )


def _shown(
    check: CheckResult,
    slug: str,
    hidden: Hidden,
    runs: Mapping[str, Sequence[Observation]],
    steps: Sequence[Step],
    lines: Listing,
) -> ShownCheck:
    if check.visibility == "hidden":
        return _shown_hidden(check, slug, hidden)
    observed, hint = split_message(message_of(check))
    return ShownCheck(
        check.id,
        tell(check.title, slug),
        False,
        check.outcome,
        check.points,
        check.max_points,
        tell(clean(observed), slug),
        tell(clean(hint), slug),
        tuple(check.misconceptions),
        tuple(steps),
        _frames(check, runs.get(check.id, ()), lines),
    )


def _frames(check: CheckResult, seen: Sequence[Observation], lines: Listing) -> tuple[Frame, ...]:
    """Return the student's own lines of a traceback, or the line that breaks a rule."""
    if check.outcome == "failed" and (use := _USES.match(check.message)):
        return (_frame(use["cell"], int(use["line"]), "", "", lines),)
    if check.outcome not in ("raised", "skipped"):
        return ()
    for observation in seen:
        if observation.outcome == "raised" and observation.failure is not None:
            return tuple(
                _frame(frame.cell, frame.line, frame.function, frame.source, lines)
                for frame in observation.failure.frames
            )
    return ()


def _frame(cell: str, line: int, function: str, source: str, lines: Listing) -> Frame:
    place = Message("{cell}, line {line}", cell=cell_of(cell), line=line)
    if function and not function.startswith("<"):
        place = Message("{place}, in {function}", place=place, function=function)
    return Frame(tell(clean(place)), clean(source), lines.id_of(cell, line))


def _marks(check: ShownCheck, lines: Listing) -> list[tuple[str, str]]:
    """Return the lines to mark for a check: where it ended, not every line on the way there."""
    if not check.frames or not check.frames[-1].link:
        return []
    raised = check.outcome in ("raised", "skipped")
    note = Message("raised here") if raised else Message("not meant to be used")
    text = Message("{name}: {problem}", name=check.id.partition(".")[0], problem=note)
    return [(check.frames[-1].link, tell(text))]


# Hidden checks


def _shown_hidden(check: CheckResult, slug: str, hidden: Hidden) -> ShownCheck:
    title = tell(check.title, slug)
    if hidden == "names":
        return ShownCheck(check.id, title, True, "", 0.0, 0.0)
    bare = ShownCheck(check.id, title, True, check.outcome, check.points, check.max_points)
    if hidden != "all" or check.outcome == "passed":
        return bare
    observed, hint = split_message(message_of(for_student(check)))
    return replace(
        bare,
        observed=tell(clean(observed), slug),
        hint=tell(clean(hint), slug),
        misconceptions=tuple(check.misconceptions),
    )
