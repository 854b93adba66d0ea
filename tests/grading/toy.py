"""An assignment of two functions in memory: `double`, and `use`, which builds on it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gradpath.course.checks import Case, Check, Rule, case
from gradpath.course.expectations import Expectation, Numbers
from gradpath.course.load import Assignment
from gradpath.course.mistakes import Misconception
from gradpath.course.settings import Settings
from gradpath.course.tolerances import FORMULA
from gradpath.worker.protocol import Failure, Frame, Observation

NUMBER = Numbers(FORMULA)
SETTINGS = Settings(
    "Toy", 1, {"double": 3.0, "use": 1.0}, {"use": ["double"]}, allowed_imports=["math"]
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
    Check("use.two", "It adds 1", "public", 1, build=lambda _: [call("use", 2.0)]),
)


def call(function: str, *args: Any, expect: Expectation = NUMBER, twice: bool = False) -> Case:
    return case(function, *args, expect=expect, twice=twice)


def toy(*misconceptions: Misconception) -> Assignment:
    """Return the assignment with these known mistakes and without a solution."""
    points = {check.id: 1.0 for check in CHECKS}
    return Assignment("toy", SETTINGS, CHECKS, {}, misconceptions, None, points)


def returned(value: Any, again: Any = None, arguments: list[Any] | None = None) -> Observation:
    return Observation("returned", value, again, arguments)


def raised(type_: str, message: str = "", *functions: str, note: str = "") -> Observation:
    """Return the observation of an exception that went through these functions, the last in."""
    frames = [
        Frame("toy.py", number, name, f"line {number}") for number, name in enumerate(functions, 1)
    ]
    return Observation("raised", failure=Failure(type_, message, frames), note=note)


def unwritten(*functions: str) -> Observation:
    failed = raised("NotImplementedError", "", *functions)
    return Observation("not_implemented", failure=failed.failure)


def hidden(shown: Case) -> Case:
    """Return a case as hidden checks have it, without the text of its call."""
    return replace(shown, call=replace(shown.call, shown=""))
