"""One submission's result as a platform may show it to the student."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from gradpath.course.config import Hidden
from gradpath.grading.results import Result, for_student, function_of, reason, score_of
from gradpath.text import clean

if TYPE_CHECKING:
    from gradpath.grading.expected import Step

LATER: Final = "This check uses other data. Its result is part of the grade."
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
        return f"{self.function}: {self.title}"


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
        return clean(self.result.message)

    def by_function(self) -> dict[str, tuple[float, float]]:
        """Return points and maximum points of each function, hidden checks included."""
        functions = dict.fromkeys(function_of(check) for check in self.result.checks)
        return {function: score_of(self.result, function) for function in functions}

    def lines(self) -> list[str]:
        """Return a text for people: the score, remarks, and the checks that did not pass."""
        score = f"{self.result.score:g} of {self.result.max_score:g} points"
        texts = [score, *self.message.splitlines()]
        for entry in self.entries:
            if not entry.passed:
                texts += ["", f"{entry.name} ({_word(entry)})", *entry.text.splitlines()]
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
        function, title = function_of(check), clean(check.title)
        if check.visibility == "hidden" and hidden in ("none", "points", "names"):
            if hidden == "names":
                entries.append(Entry(function, title, None, 0.0, 0.0, LATER))
            continue
        passed = check.outcome == "passed"
        text = reason(for_student(check)) or check.outcome.replace("_", " ")
        if passed or (check.visibility == "hidden" and hidden == "outcomes"):
            text = ""
        around = steps.get(check.id, ())
        entries.append(Entry(function, title, passed, check.points, check.max_points, text, around))
    return entries


def as_json(value: Any) -> dict[str, bytes]:
    """Return a JSON file; characters outside ASCII are escaped, so no reader can trip over them."""
    return {"": (json.dumps(value, indent=2) + "\n").encode()}


def _word(entry: Entry) -> str:
    return "later" if entry.passed is None else "wrong"
