"""A question as it is asked of one student: the text, and the answer for the examiner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from gradpath.text.messages import Message
from gradpath.worker.codec import Array

Kind = Literal["line", "what if", "curve", "why", "lost"]

TITLES: Final[dict[Kind, str]] = {
    "line": Message("Which line"),
    "what if": Message("What if"),
    "curve": Message("What would you see"),
    "why": Message("Why"),
    "lost": Message("Lost points"),
}


@dataclass(frozen=True)
class Line:
    """A line of the student's source, and its part in the answer."""

    cell: str
    number: int
    role: str


@dataclass(frozen=True)
class Option:
    """One of the curves to choose from; its name is for the examiner alone."""

    letter: str
    values: Array
    mistake: str
    title: str
    right: bool


@dataclass(frozen=True)
class Drawing:
    """The curves of a question, over the right run."""

    options: Sequence[Option]
    expected: Array
    x: str
    y: str
    first: int
    log: bool


@dataclass(frozen=True)
class Asked:
    """A question with its answer.

    Attributes:
        kind: the kind of question.
        function: the student's function that it is about.
        text: the question; backticks are around code.
        answer: the computed answer, in sentences.
        mentions: the points that a good explanation has.
        lines: the lines that the answer is about.
        drawing: the curves to choose from.
    """

    kind: Kind
    function: str
    text: str
    answer: Sequence[str]
    mentions: Sequence[str] = ()
    lines: Sequence[Line] = ()
    drawing: Drawing | None = None
