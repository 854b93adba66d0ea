"""Questions about numbers of the student's own run: what if, and why."""

from __future__ import annotations

import random
import re
from typing import Final

import numpy as np

from gradpath.course.interview import Ask, Entry, Exceeds, Falls, WhatIf, Why
from gradpath.grading.compare import show
from gradpath.reports.interview.asked import Asked
from gradpath.reports.interview.runs import Runs, is_shown, leaves_of, named, number_at
from gradpath.text.languages import tell
from gradpath.text.messages import Message
from gradpath.worker.codec import Array

_OF_RIGHT_WORK: Final = Message(
    "The next points are about right work. The answer above is of this program, which has lost "
    "points: a good explanation begins with its own formula."
)
_NUMBER: Final = re.compile(r"\{([^{}]+)\}")


def ask_what_if(question: WhatIf, rng: random.Random, runs: Runs, *, right: bool) -> Asked | None:
    """Ask for a fact about the student's own function in another call.

    Args:
        question: the change of the call, and the facts.
        rng: chooses the fact.
        runs: the student's submission.
        right: whether the function, and all that it builds on, have their points.

    Returns:
        The question; None if the function does not return such a record.
    """
    ask = rng.choice(question.asks)
    call = question.case.call
    values = leaves_of(question.case, runs.observe(call)).get(ask.leaf)
    answer = "" if values is None else _answer(ask, values)
    if not answer:
        return None
    begun = (
        Message("Take the call `{call}`:", call=call.shown)
        if is_shown(call)
        else Message("Suppose that")
    )
    text = Message(
        "{begun} {change}. {text}", begun=begun, change=Message(question.change), text=_text(ask)
    )
    mentions = question.mentions if right else (_OF_RIGHT_WORK, *question.mentions)
    return Asked("what if", call.function, text, (answer,), mentions)


def ask_why(question: Why, runs: Runs, *, right: bool) -> Asked | None:
    """Ask about a concept, with numbers of the student's own.

    Args:
        question: the template.
        runs: the student's submission.
        right: whether the function that the numbers are from, and all that it builds on, have
            their points.

    Returns:
        The question; None if there are no numbers, and no form of it without.
    """
    function = question.case.call.function if question.case is not None else ""
    if question.case is None:
        return Asked("why", function, question.text, (), question.mentions)
    text = filled(question, runs) if right else None
    if text is None and not question.without:
        return None
    return Asked("why", function, text or question.without, (), question.mentions)


def filled(question: Why, runs: Runs) -> str | None:
    """Return the text with the numbers of the run in it; None where one is not there."""
    if question.case is None:
        return question.text
    leaves = leaves_of(question.case, runs.observe(question.case.call))
    numbers = {place: number_at(leaves, place) for place in _NUMBER.findall(question.text)}
    if any(number is None or not np.isfinite(number) for number in numbers.values()):
        return None
    # In the language of the sheet: the numbers stand where this has them.
    text = tell(question.text, runs.slug)
    return _NUMBER.sub(lambda place: show(numbers[place[1]] or 0.0), text)


def _text(ask: Ask) -> str:
    if isinstance(ask, Falls):
        return Message("Does {name} fall from entry to entry?", name=named(ask.leaf))
    if isinstance(ask, Exceeds):
        return Message(
            "Which entry of {name} is the first whose size is above {value}, or "
            "does none get there?",
            name=named(ask.leaf),
            value=show(ask.bound),
        )
    return Message(
        "Which number is {name}, roughly? Say how you get there.", name=named(ask.leaf, ask.index)
    )


def _answer(ask: Ask, values: Array) -> str:
    """Return the answer; an empty text if these values have none."""
    if isinstance(ask, Entry):
        number = number_at({ask.leaf: values}, ask.leaf + "".join(f"[{n}]" for n in ask.index))
        return "" if number is None else Message("It is {value}.", value=show(number))
    if values.ndim == 0 or not len(values):
        return ""
    if isinstance(ask, Exceeds):
        # "Not below": a number that is none counts as too large.
        above = np.argwhere(~(np.abs(values) <= ask.bound))
        if not len(above):
            largest = show(float(np.abs(values).max()))
            return Message(
                "None of the {count} entries: the largest size is {largest}.",
                count=len(values),
                largest=largest,
            )
        index = tuple(int(number) for number in above[0])
        return Message(
            "It is {name}, which is {value}.",
            name=named(ask.leaf, index),
            value=show(float(values[index])),
        )
    return _falls(ask.leaf, values) if values.ndim == 1 and len(values) > 1 else ""


def _falls(leaf: str, values: Array) -> str:
    first, last = show(float(values[0])), show(float(values[-1]))
    # "Not below": infinities and numbers that are none do not fall.
    rising = np.flatnonzero(~(values[1:] < values[:-1])) + 1
    if not len(rising):
        return Message(
            "Yes, in all {count} entries: from {first} to {last}.",
            count=len(values),
            first=first,
            last=last,
        )
    if bool((values[1:] > values[:-1]).all()):
        return Message(
            "No, it grows from entry to entry: from {first} to {last}.", first=first, last=last
        )
    if bool((values == values[0]).all()):
        return Message("No, it stays at {first}.", first=first)
    at = int(rising[0])
    place = Message(
        "{name} is {value} after {before}",
        name=named(leaf, (at,)),
        value=show(float(values[at])),
        before=show(float(values[at - 1])),
    )
    return Message(
        "No: {place}. The first entry is {first}, the last one {last}.",
        place=place,
        first=first,
        last=last,
    )
