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
from gradpath.course.config import Hidden
from gradpath.grading.expected import Expected, Step
from gradpath.grading.results import (
    CheckResult,
    Outcome,
    Result,
    for_student,
    function_of,
    rounded,
    split_message,
)
from gradpath.reports.feedback.source import Listing, definitions, listing
from gradpath.reports.results import failed_by_grader
from gradpath.text import clean
from gradpath.worker.protocol import Observation

WORDS: Final[Mapping[Outcome, str]] = {
    "passed": "passed",
    "failed": "wrong",
    "raised": "raised an exception",
    "timeout": "took too long",
    "killed": "was stopped",
    "not_attempted": "not written yet",
    "skipped": "not judged",
}
_USES: Final = re.compile(r"(?P<cell>.+), line (?P<line>\d+) uses ")
_NOTED: Final = re.compile(
    r"(?:^|; )(?:syntax error in )?(?P<cell>[^;]*?)(?:, )?line (?P<line>\d+)"
)
"""A statement at the top level that a note of the result is about; see `remarks`."""
_OFF: Final = re.compile(r"(% off), \S+ instead of \S+ points")


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
        return WORDS[self.outcome] if self.outcome else "not shown"


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
        _shown(check, hidden, runs, steps.get(check.id, ()), lines)
        for check in result.checks
        if check.visibility == "public" or hidden not in ("points", "none")
    ]
    public_only = hidden in ("none", "names") and any(
        check.visibility == "hidden" for check in result.checks
    )
    counted = [check for check in seen if check.outcome] if public_only else seen
    message = clean(result.message)
    if public_only:
        # The points that being late takes off tell the whole score.
        message = _OFF.sub(r"\1", message)
    marks: dict[str, list[tuple[str, str]]] = {}
    for place in _NOTED.finditer(result.message):
        cell = place["cell"] or next((cell.name for cell in lines.cells), "")
        if link := lines.id_of(cell, int(place["line"][:9])):
            marks.setdefault(link, []).append(("message", "see the note above"))
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
    hidden: Hidden,
    runs: Mapping[str, Sequence[Observation]],
    steps: Sequence[Step],
    lines: Listing,
) -> ShownCheck:
    if check.visibility == "hidden":
        return _shown_hidden(check, hidden)
    observed, hint = split_message(check.message)
    return ShownCheck(
        check.id,
        check.title,
        False,
        check.outcome,
        check.points,
        check.max_points,
        clean(observed),
        clean(hint),
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
    place = f"{cell}, line {line}"
    if function and not function.startswith("<"):
        place += f", in {function}"
    return Frame(clean(place), clean(source), lines.id_of(cell, line))


def _marks(check: ShownCheck, lines: Listing) -> list[tuple[str, str]]:
    """Return the lines to mark for a check: where it ended, not every line on the way there."""
    if not check.frames or not check.frames[-1].link:
        return []
    note = "raised here" if check.outcome in ("raised", "skipped") else "not meant to be used"
    return [(check.frames[-1].link, f"{check.id.partition('.')[0]}: {note}")]


# Hidden checks


def _shown_hidden(check: CheckResult, hidden: Hidden) -> ShownCheck:
    if hidden == "names":
        return ShownCheck(check.id, check.title, True, "", 0.0, 0.0)
    bare = ShownCheck(check.id, check.title, True, check.outcome, check.points, check.max_points)
    if hidden != "all" or check.outcome == "passed":
        return bare
    observed, hint = split_message(for_student(check).message)
    return replace(
        bare,
        observed=clean(observed),
        hint=clean(hint),
        misconceptions=tuple(check.misconceptions),
    )
