"""Questions for a short talk about a submission, as an assignment's `questions.py` declares them.

    QUESTIONS = (
        WhatIf("the learning rate is 0.3 instead of 0.01", case(...), (Falls("losses"),), (...)),
        WhichCurve(case(...), "weights", ("ascent-step", "missing-factor-two", ...)),
        WhichLine(case(...), start=2, end="weights", records=("weights", "losses")),
        Why("...", (...)),
    )

None of them has an answer in it: the answers are computed by running code, the student's or a
known mistake's. All data are public ones, or variations of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradpath.course.checks import Case
from gradpath.course.load import module_of


@dataclass(frozen=True)
class Falls:
    """Asks whether a sequence of the record falls from entry to entry."""

    leaf: str = "losses"


@dataclass(frozen=True)
class Exceeds:
    """Asks for the first entry of a sequence whose size is above a bound."""

    leaf: str
    bound: float


@dataclass(frozen=True)
class Entry:
    """Asks for one number of the record."""

    leaf: str
    index: tuple[int, ...] = ()


Ask = Falls | Exceeds | Entry


@dataclass(frozen=True)
class WhatIf:
    """The student's own function in another call than the text's.

    Attributes:
        change: the difference from the run of the text, as a clause after "Suppose that". It names
            the function where the call is too long to be shown or is a probe's.
        case: the call, and how its value is read.
        asks: the facts to ask for; each student gets one of them.
        mentions: the points that a good explanation has.
    """

    change: str
    case: Case
    asks: tuple[Ask, ...]
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhichCurve:
    """Four curves of known mistakes, of which the one of a named mistake is to be found.

    Attributes:
        case: the run that is drawn.
        leaf: the sequence of its record.
        mistakes: ids of misconceptions, four or more, whose curves all look different. The first
            variant counts that shows in this run, in the case's function before those that it
            builds on.
        x: the name of the steps.
        y: the name of the values.
        first: the number of the first step.
        log: whether the values are drawn on a logarithmic axis.
        run: the run in words, where the call is too long to be shown or is a probe's.
    """

    case: Case
    leaf: str
    mistakes: tuple[str, ...]
    x: str = "step"
    y: str = ""
    first: int = 1
    log: bool = False
    run: str = "the run of the text"


@dataclass(frozen=True)
class WhichLine:
    """The lines of the student's function that compute, zero, step and record.

    Attributes:
        case: a short call, of two updates or a few.
        start: the position of the argument that the weight is at the start.
        end: the sequence of the record whose last entry the weight is at the end, or the final
            weight itself; or the key of a dict of parameters, in the order of those at the start.
        records: sequences of the record to which each update or epoch adds.
        gradient: the earlier function that computes the gradient; none for autograd.
        run: the run in words, where the call is too long to be shown or is a probe's.
    """

    case: Case
    start: int
    end: str
    records: tuple[str, ...]
    gradient: str = ""
    run: str = "the first steps of the run of the text"


@dataclass(frozen=True)
class Why:
    """A question about a concept, with numbers of the student's own run in it.

    Attributes:
        text: the question; `{weights[2]}` stands for a number of the record.
        mentions: the points that a good explanation has.
        case: the run that the numbers are from; none for a question without numbers.
        without: the question for a student whose function is not right, so that its numbers would
            ask for something else; empty for none.
    """

    text: str
    mentions: tuple[str, ...]
    case: Case | None = None
    without: str = ""


Question = WhatIf | WhichCurve | WhichLine | Why


def questions_of(slug: str) -> tuple[Question, ...]:
    """Return the questions of an assignment; none if it declares none."""
    module = module_of(slug, "questions")
    return () if module is None else tuple(module.QUESTIONS)
