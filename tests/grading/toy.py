"""An assignment of two functions in memory: `double`, and `more`, which builds on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gradpath.course.checks import Case, Check, Rule, case
from gradpath.course.expectations import Expectation, Numbers
from gradpath.course.load import Assignment
from gradpath.course.mistakes import Misconception, edit
from gradpath.course.settings import Settings
from gradpath.course.tolerances import FORMULA
from gradpath.worker.protocol import Cell, Failure, Frame, Observation, Source

NUMBER = Numbers(FORMULA)
SETTINGS = Settings(
    "Toy", 1, {"double": 3.0, "more": 2.0}, {"more": ["double"]}, allowed_imports=["math"]
)
CHECKS = (
    Check("double.two", "It doubles 2", "public", 1, build=lambda _: [call("double", 2.0)]),
    Check("double.any", "It doubles", "hidden", 1, build=lambda _: [call("double", 5.0)]),
    Check(
        "double.rule",
        "No power",
        "public",
        1,
        rule=Rule(("math.pow",), "do it"),
        after="double.two",
    ),
    Check("more.two", "It adds 1", "public", 1, build=lambda _: each("more", 2.0, 4.0)),
    Check("more.any", "It adds 1 again", "hidden", 1, build=lambda _: each("more", 6.0, 7.0)),
)
SOLUTION = """
def double(x):
    return 2 * x


def more(x):
    return double(x) + 1
"""
TRIPLED = Misconception("tripled", "Tripled", "Is it twice?", (edit("double", ("2 * x", "3 * x")),))
OFF = Misconception(
    "off",
    "Off by one",
    "How much is added?",
    (edit("more", ("+ 1", "+ 2")), edit("more", ("+ 1", "- 1"))),
)
HARMLESS = Misconception("harmless", "Harmless", "", (edit("double", ("2 * x", "x * 2")),))


def call(function: str, *args: Any, expect: Expectation = NUMBER, twice: bool = False) -> Case:
    return case(function, *args, expect=expect, twice=twice)


def each(function: str, *numbers: float) -> list[Case]:
    return [call(function, number) for number in numbers]


def toy(*misconceptions: Misconception) -> Assignment:
    """Return the assignment with these known mistakes."""
    points = dict.fromkeys((check.id for check in CHECKS), 1.0)
    return Assignment("toy", SETTINGS, CHECKS, misconceptions, written(SOLUTION), points)


def written(*cells: str) -> Source:
    return Source("toy", tuple(Cell("toy.py", text) for text in cells))


def returned(value: Any, again: Any = None, arguments: list[Any] | None = None) -> Observation:
    return Observation("returned", value, again, arguments)


def raised(type_: str, message: str = "", *functions: str) -> Observation:
    """Return the observation of an exception that went through these functions, the last in."""
    frames = [
        Frame("toy.py", number, name, f"line {number}") for number, name in enumerate(functions, 1)
    ]
    return Observation("raised", failure=Failure(type_, message, frames))


def unwritten(*functions: str) -> Observation:
    failed = raised("NotImplementedError", "", *functions)
    return Observation("not_implemented", failure=failed.failure)


def hidden(shown: Case) -> Case:
    """Return a case as hidden checks have it, without the text of its call."""
    return replace(shown, call=replace(shown.call, shown=""))
