"""One submission's result as a platform may show it to the student."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from gradpath.course.config import Hidden
from gradpath.grading.results import (
    OUTCOMES,
    Result,
    function_of,
    reason,
    score_of,
    told_about,
    told_to_student,
)
from gradpath.text import clean
from gradpath.text.languages import tell
from gradpath.text.messages import Message, template

if TYPE_CHECKING:
    from gradpath.grading.expected import Step

LATER: Final = Message("This check uses other data. Its result is part of the grade.")
SCORE: Final = template("{points:g} of {most:g} points")
_NONE: Final[Mapping[str, Sequence[Step]]] = MappingProxyType({})


@dataclass(frozen=True)
class Entry:
    """One check as the student may see it.

    Attributes:
        function: the function that its points belong to.
        title: one sentence.
        passed: None where only the title is shown.
        points: points reached; 0 where only the title is shown.
        max_points: points that there are; 0 where only the title is shown.
        text: why it did not pass, in lines; empty if it passed.
        steps: the first wrong number of a public check, and those around it.
    """

    function: str
    title: str
    passed: bool | None
    points: float
    max_points: float
    text: str
    steps: Sequence[Step] = ()

    @property
    def name(self) -> str:
        """The function and the title."""
        return tell(Message("{function}: {title}", function=self.function, title=self.title))


@dataclass(frozen=True)
class Answer:
    """A result, and the part of it that the student may see.

    Attributes:
        result: the engine's result; its score counts.
        entries: the checks that are shown.
        picture: the address of a picture of the runs, with the picture in it; may be empty.
    """

    result: Result
    entries: Sequence[Entry]
    picture: str = ""

    @property
    def share(self) -> float:
        """The score between 0 and 1."""
        most = self.result.max_score
        return round(self.result.score / most, 6) if most else 0.0

    @property
    def readable(self) -> bool:
        """False where nothing could be graded."""
        return self.result.status == "graded"

    @property
    def message(self) -> str:
        """Remarks about the file, or why it cannot be read."""
        return told_about(self.result)

    def by_function(self) -> dict[str, tuple[float, float]]:
        """Return points and maximum points of each function, hidden checks included."""
        functions = dict.fromkeys(function_of(check) for check in self.result.checks)
        return {function: score_of(self.result, function) for function in functions}

    def lines(self) -> list[str]:
        """Return a text for people: the score, remarks, and the checks that did not pass."""
        score = Message(SCORE, points=self.result.score, most=self.result.max_score)
        texts = [tell(score), *self.message.splitlines()]
        for entry in self.entries:
            if not entry.passed:
                head = Message("{name} ({outcome})", name=entry.name, outcome=word_of(entry))
                texts += ["", tell(head), *entry.text.splitlines()]
        return texts


@dataclass(frozen=True)
class Format:
    """A platform's form of an answer.

    Attributes:
        files: writes the answer, by the name of the file; one text has the name "".
        path: where the platform looks for it; standard output if it is empty.
        has_picture: whether it shows a picture of the runs.
    """

    files: Callable[[Answer], Mapping[str, bytes]]
    path: str = ""
    has_picture: bool = False


def answer_of(
    result: Result, hidden: Hidden, picture: str = "", steps: Mapping[str, Sequence[Step]] = _NONE
) -> Answer:
    """Return a result with as much of its hidden checks as the course shows.

    Its texts are in the language of this process.

    Args:
        result: the engine's result.
        hidden: the part of hidden checks that is shown.
        picture: see `Answer`.
        steps: the numbers around the first wrong one of public checks, by check.
    """
    return Answer(result, _entries(result, hidden, steps), picture)


def _entries(result: Result, hidden: Hidden, steps: Mapping[str, Sequence[Step]]) -> list[Entry]:
    entries = []
    for check in result.checks:
        seen = told_to_student(check, result.assignment)
        function, title = function_of(check), clean(seen.title)
        if check.visibility == "hidden" and hidden in ("none", "points", "names"):
            if hidden == "names":
                entries.append(Entry(function, title, None, 0.0, 0.0, tell(LATER)))
            continue
        passed = check.outcome == "passed"
        text = reason(seen) or tell(OUTCOMES[check.outcome])
        if passed or (check.visibility == "hidden" and hidden == "outcomes"):
            text = ""
        around = steps.get(check.id, ())
        entries.append(Entry(function, title, passed, check.points, check.max_points, text, around))
    return entries


def as_json(value: Any) -> dict[str, bytes]:
    """Return a JSON file; characters outside ASCII are escaped, so no reader can trip over them."""
    return {"": (json.dumps(value, indent=2) + "\n").encode()}


def word_of(entry: Entry) -> Message:
    """Return the outcome of a check in a word."""
    if entry.passed is None:
        return Message("later")
    return Message("passed") if entry.passed else Message("wrong")
