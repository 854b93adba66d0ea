"""Further runs with right earlier functions, without workers: what they pay, and their number.

`test_carrying` has the same with real submissions and workers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from gradpath.course.checks import Check, case
from gradpath.course.expectations import Expectation, Parts, Record
from gradpath.course.load import Assignment
from gradpath.course.settings import Settings
from gradpath.course.tolerances import FORMULA
from gradpath.engine.notes import took_too_long
from gradpath.grading.results import Result
from gradpath.worker.protocol import Call, Observation
from tests.grading.in_process import InProcess
from tests.grading.test_grader import graded
from tests.grading.toy import NUMBER, written

Sessions = list[InProcess]
PAIR = Parts(("slope in x", "slope in w"), FORMULA)

pytestmark = pytest.mark.usefixtures("sessions")

LINE = """
import numpy as np


def line(x, w):
    return x - 3 * w
"""
SLOPE = """

def slope(x, w):
    return np.array([2 * line(x, w), -6 * line(x, w)])
"""
WALK = """

def walk(w, steps):
    for _ in range(steps):
        w = w - 0.0003 * slope(1.0, w)[1]
    return np.array([w, line(1.0, w)])
"""
WRONG_SLOPE = SLOPE.replace("2 *", "7 *").replace("-6", "-5")


def course(**steps: int) -> Assignment:
    """Return three functions, each of which builds on the ones before; more checks of `walk`."""
    checks = (
        check("line.two", "public", 1.0, 2.0),
        check("line.any", "hidden", 3.0, 1.5),
        check("slope.two", "public", 1.0, 2.0, expect=PAIR),
        check("slope.any", "hidden", 3.0, 1.5, expect=PAIR),
        check("walk.brief", "public", 2.0, 1),
        check("walk.long", "hidden", 2.0, 4),
        check("walk.short", "hidden", 2.0, 2),
        *(check(f"walk.{name}", "hidden", 2.0, number) for name, number in steps.items()),
    )
    return assignment(checks, LINE + SLOPE + WALK)


def check(id: str, visibility: Any, *args: float, expect: Expectation = NUMBER) -> Check:
    function = id.partition(".")[0]
    return Check(id, id, visibility, 1, build=lambda _: [case(function, *args, expect=expect)])


def assignment(checks: tuple[Check, ...], solution: str) -> Assignment:
    functions = list(dict.fromkeys(check.function for check in checks))
    needs = {name: functions[:place] for place, name in enumerate(functions)}
    settings = Settings("Toy", 1, dict.fromkeys(functions, 1.0), needs)
    points = dict.fromkeys((check.id for check in checks), 1.0)
    return Assignment("toy", settings, checks, (), written(solution), points)


def result_of(text: str, **steps: int) -> Result:
    return graded(text, course(**steps)).result


def passed(result: Result, function: str) -> str:
    """Return the names of a function's checks that passed."""
    ids = [check.id.split(".") for check in result.checks if check.outcome == "passed"]
    return " ".join(name for owner, name in ids if owner == function)


def further(sessions: Sessions) -> list[tuple[str, ...]]:
    """Return the functions that were replaced in each further run of the submission."""
    runs = [s.answerer for s in sessions if s.answerer is not None and not s.trusted]
    return [tuple(answerer.names) for answerer in runs]


# Further runs, and their number


def test_right_functions_run_once(sessions: Sessions) -> None:
    for text in (LINE + SLOPE + WALK, LINE + SLOPE + WALK.replace("- 0.0003", "+ 0.0003")):
        result_of(text)  # the latter has a mistake that no earlier function explains
        assert further(sessions) == []


def test_a_wrong_function_runs_again_once(sessions: Sessions) -> None:
    result = result_of(LINE.replace("3", "4") + WRONG_SLOPE + WALK)
    assert passed(result, "slope") == ""
    assert passed(result, "walk") == "brief long short"
    assert further(sessions) == [("line",), ("line", "slope")]
    assert {check.message for check in result.checks if check.id.startswith("walk.")} == {
        "right once line and slope are right: no points are lost twice"
    }


def test_public_calls_and_the_watched_one_come_before_the_hidden_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As in the first run: what students are shown was made without any hidden input."""
    calls: list[tuple[Any, bool]] = []
    before_calls(monkeypatch, lambda session, call: calls.append((call.args[1], call.watched)))
    result_of(LINE + WRONG_SLOPE + WALK)
    assert calls[-4:] == [(1, False), (1, True), (4, False), (2, False)]


def before_calls(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[InProcess, Call], Any]
) -> None:
    """Let something happen before each call in a worker of the submission's own."""
    observe = InProcess.observe

    def observed(self: InProcess, call: Call) -> Observation:
        if not self.trusted:
            happens(self, call)
        return observe(self, call)

    monkeypatch.setattr(InProcess, "observe", observed)


@pytest.mark.parametrize("answers", [True, False])
def test_a_lost_worker_of_a_further_run_or_with_the_solution_is_told(
    answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody killed it, so that the submission is graded once more."""

    def loses(session: InProcess, call: Call) -> None:
        further = session.answerer is not None
        session.lost = call.function == "right_value" if answers else further

    before_calls(monkeypatch, loses)
    asks = WALK.replace("slope(1.0, w)", "slope(2.0, w)")  # another question than the solution's
    assert graded(LINE + WRONG_SLOPE + asks, course()).lost
    assert not graded(LINE + SLOPE + WALK, course()).lost


def test_a_step_of_the_wrong_size_is_right_but_for_the_slope(sessions: Sessions) -> None:
    """The numbers that a wrong function has made may be off by one factor, and no others."""
    expect = Record({"w": FORMULA, "slope": FORMULA}, made_by={"slope": "slope"})
    solution = "def slope(w):\n    return 2 * w\n\n\ndef step(w):\n    return {}\n"
    checks = (check("slope.two", "public", 2.0), check("step.two", "public", 2.0, expect=expect))
    solution = solution.format("{'w': w - slope(w), 'slope': slope(w)}")
    downhill = solution.replace("return 2", "return -2").replace("w - ", "w + ")
    for text, message in (
        (downhill, "right but for the numbers of slope: no points are lost twice"),
        (downhill.replace("w + ", "w + 3 + "), "step(2.0): w is 1, expected -2"),
    ):
        step = graded(text, assignment(checks, solution)).result.checks[1]
        assert step.message == message
        assert step.outcome == ("passed" if "right" in message else "failed")


# The order of arguments, and fewer stand-ins

SWAPPED = LINE.replace("(x, w)", "(w, x)").replace("3", "4")
OWN_NAMES = LINE.replace("(x, w)", "(b, a)").replace("x - 3 * w", "a - 3 * b")


@pytest.mark.parametrize(
    ("line", "calls", "runs"),
    [
        (SWAPPED, "line(w, x)", 1),  # in its own order
        (SWAPPED, "line(x, w)", 2),  # in that of the text
        (SWAPPED, "line(x=x, w=w)", 1),
        (LINE.replace("def line", "def other"), "line(w=w, x=x)", 1),
        (OWN_NAMES, "line(x, w)", 1),
    ],
)
def test_arguments_in_either_order(line: str, calls: str, runs: int, sessions: Sessions) -> None:
    result = result_of(line + SLOPE.replace("line(x, w)", calls))
    assert (passed(result, "line"), passed(result, "slope")) == ("", "two any")
    assert further(sessions) == [("line",)] * runs


def test_an_order_that_nobody_else_knows_is_left_to_the_submission(sessions: Sessions) -> None:
    own = WRONG_SLOPE.replace("line(x, w)", "line(w, x)")
    result = result_of(OWN_NAMES + own + WALK.replace("line(1.0, w)", "line(w, 1.0)"))
    assert passed(result, "walk") == "brief long short"
    # Nothing but `line` is wrong for `slope`: without a stand-in it would be the first run again.
    assert further(sessions) == [("line",), ("line", "slope"), ("slope",)]


def test_a_function_that_works_once_another_is_right_gives_values_of_its_kind(
    sessions: Sessions,
) -> None:
    forgets = LINE.replace("return", "")
    as_list = SLOPE.replace("np.array(", "(")
    gathers = WALK.replace(
        "w = w - 0.0003 * slope(1.0, w)[1]", "w = w - 0.0003 * ([] + slope(1, w))[1]"
    )
    result = result_of(forgets + as_list + gathers)
    assert [passed(result, name) for name in ("line", "slope", "walk")] == [
        "", "two any", "brief long short"
    ]  # fmt: skip
    assert further(sessions) == [("line",), ("line", "slope"), ("line",)]


# Tensors where the solution gives arrays


class Tensor:
    """As far as it takes one here; torch itself takes two seconds."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def detach(self) -> Any:
        return self.array


NOT_THERE = LINE + WALK.replace("slope(1.0, w)[1]", "slope(1.0, w).detach()[1]")


@pytest.fixture
def _torch(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = SimpleNamespace(Tensor=Tensor, from_numpy=Tensor, nn=SimpleNamespace(Module=Tensor))
    monkeypatch.setitem(sys.modules, "torch", torch)


@pytest.mark.usefixtures("_torch")
def test_a_function_that_is_not_there_would_have_given_tensors(sessions: Sessions) -> None:
    assert passed(result_of(NOT_THERE), "walk") == "brief long short"
    assert further(sessions) == [("slope",)] * 2


@pytest.mark.usefixtures("_torch")
@pytest.mark.parametrize(
    ("slope", "runs"),
    [
        ("slope(1.0, w).nothing[1]", 2),  # nor has a tensor
        ("slope(1.0, w)['numpy.'].detach()", 1),  # IndexError
        ("stop(AssertionError(\"'numpy.float64' is no list\"))", 1),
        ("stop(TypeError(\"'numpy.float64' is no list\"))", 1),
        ("slope.of(w)", 1),  # 'function' has no such attribute
        ("0 * slope(1.0, w)[1]", 1),
    ],
)
def test_tensors_are_given_where_an_array_lacks_an_attribute(
    slope: str, runs: int, sessions: Sessions
) -> None:
    text = NOT_THERE.replace("slope(1.0, w).detach()[1]", slope)
    result = result_of(f"{text}\n\ndef stop(error):\n    raise error\n")
    assert passed(result, "walk") == ""
    assert further(sessions) == [("slope",)] * runs


# Questions without end


def asking(often: Sequence[int], wrong: Sequence[int] = (), itself: str = "False") -> str:
    """Return a submission with a wrong slope whose `walk` asks too often for some steps.

    Args:
        often: the numbers of steps for which it asks too often.
        wrong: those for which it returns another number.
        itself: when it computes the slope without the function.
    """
    return f"""{LINE}{WRONG_SLOPE}

def walk(w, steps):
    if steps in {wrong}:
        return w
    for _ in range(500 if steps in {often} else 0):
        slope(1.0, w)
    for _ in range(steps):
        w = w - 0.0003 * (-6 * line(1.0, w) if {itself} else slope(1.0, w)[1])
    return np.array([w, line(1.0, w)])
"""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (asking([4]), "brief long short"),  # for each sample, where the solution has one for all
        (asking([1]), "long short"),
        (asking([2]), "brief long"),
        (asking([1, 2, 4]), ""),
        (asking([4], [1]), "short"),  # not all others are right
        (asking([4], [2]), "brief"),
        (asking([], [4]), "brief short"),
        (asking([4], itself="steps < 4"), "brief short"),  # no others to follow from
    ],
)
def test_the_longest_check_follows_from_all_others(text: str, right: str) -> None:
    assert passed(result_of(text), "walk") == right


def test_the_longest_check_does_not_follow_where_it_takes_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    observe = InProcess.observe

    def observed(self: InProcess, call: Call) -> Observation:
        if call.args[1:] == (4,) and not self.trusted:
            return Observation("timeout", note=took_too_long(10.0))
        return observe(self, call)

    monkeypatch.setattr(InProcess, "observe", observed)
    assert passed(result_of(LINE + WRONG_SLOPE + WALK), "walk") == "brief short"


@pytest.mark.parametrize(
    ("text", "right", "runs"),
    [
        (asking([]), "brief long short endless", [("slope",)]),
        (asking([], [1]), "long short", [("slope",)]),
        (asking([], itself="steps < 600"), "brief long short", []),  # not run again
    ],
)
def test_a_check_that_asks_the_solution_too_often_follows_from_all_others(
    text: str, right: str, runs: list[tuple[str, ...]], sessions: Sessions
) -> None:
    assert passed(result_of(text, endless=600), "walk") == right
    assert further(sessions) == runs
