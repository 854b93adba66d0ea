"""Grading as a whole, on the toy assignment: outcomes, points, names, messages, notes."""

from __future__ import annotations

from typing import Any, cast

import pytest

from gradpath.course.load import Assignment
from gradpath.course.mistakes import Misconception, edit
from gradpath.engine.workers import Workshop
from gradpath.grading.graded import Graded
from gradpath.grading.grader import Grader
from gradpath.grading.oracle import LiveOracle, Oracle, plan_of
from gradpath.grading.recorded_oracle import RecordedOracle, record
from gradpath.grading.results import split_message
from gradpath.worker.protocol import Frame, Remark
from tests.grading.in_process import InProcess
from tests.grading.toy import OFF, SOLUTION, TRIPLED, toy, written

Sessions = list[InProcess]
NOBODY = cast(Workshop, None)

pytestmark = pytest.mark.usefixtures("sessions")

RIGHT = SOLUTION
WRONG_DOUBLE = RIGHT.replace("2 * x", "3 * x")
OTHER_DOUBLE = RIGHT.replace("2 * x", "9 * x")
WRONG_MORE = RIGHT.replace("+ 1", "+ 2")
BOTH = WRONG_DOUBLE.replace("+ 1", "+ 2")
UNWRITTEN = RIGHT.replace("return 2 * x", "raise NotImplementedError")
STOPS = RIGHT.replace("return 2 * x", "print()\n    raise ValueError('no')")
ONLY_MORE = RIGHT[RIGHT.index("def more") :]


def graded(
    text: str, assignment: Assignment | None = None, *, recorded: bool = False, **named: Any
) -> Graded:
    course = assignment or toy(TRIPLED, OFF)
    plan = plan_of(course, "secret")
    live = LiveOracle(course, plan, NOBODY)
    oracle: Oracle = (
        RecordedOracle(record(course.points, plan, live, ""), plan) if recorded else live
    )
    grader = Grader(course, oracle, NOBODY)
    return grader.grade(written(text), "s01", "toy.py", **named)


def outcomes(graded: Graded) -> str:
    """Return the first letters of the outcomes, in the order of the checks."""
    return " ".join(check.outcome[:4] for check in graded.result.checks)


@pytest.mark.parametrize(
    ("text", "recorded", "found", "score"),
    [
        (RIGHT, False, "pass pass pass pass pass", 5.0),
        (RIGHT, True, "pass pass pass pass pass", 5.0),
        (WRONG_DOUBLE, False, "fail fail skip pass pass", 2.0),  # carried forward
        (WRONG_DOUBLE, True, "fail fail skip skip skip", 0.0),  # nobody can tell
        (WRONG_MORE, False, "pass pass pass fail fail", 3.0),
        (WRONG_MORE, True, "pass pass pass fail fail", 3.0),
        (BOTH, False, "fail fail skip fail fail", 0.0),
        (UNWRITTEN, False, "not_ not_ not_ pass pass", 2.0),
        (UNWRITTEN, True, "not_ not_ not_ skip skip", 0.0),
        (STOPS, False, "rais rais skip pass pass", 2.0),
        (ONLY_MORE, False, "not_ not_ not_ pass pass", 2.0),
        (f"import math\n{RIGHT}".replace("2 * x", "math.pow(x, 1) * 2"), False,
         "pass pass fail pass pass", 4.0),
        (RIGHT.replace("2 * x", "2 * x if x < 3 else 0"), False, "pass fail pass pass pass", 4.0),
        (RIGHT.replace("2 * x", "2 * x if x > 3 else 0"), False, "fail pass skip pass pass", 3.0),
    ],
)  # fmt: skip
def test_outcomes_and_points(text: str, recorded: bool, found: str, score: float) -> None:
    result = graded(text, recorded=recorded).result
    assert outcomes(Graded(result)) == found
    assert (result.score, result.max_score) == (score, 5.0)
    assert [check.points for check in result.checks] == [
        float(check.outcome == "passed") for check in result.checks
    ]
    assert (result.student, result.file, result.status) == ("s01", "toy.py", "graded")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (RIGHT, {}),
        (WRONG_DOUBLE, {"double.two": ["tripled"], "double.any": ["tripled"]}),
        (WRONG_MORE, {"more.two": ["off"], "more.any": ["off"]}),
        (RIGHT.replace("+ 1", "- 1"), {"more.two": ["off"], "more.any": ["off"]}),
        (
            BOTH,  # `off` shows only on top of `tripled`
            {
                "double.two": ["tripled"],
                "double.any": ["tripled"],
                "more.two": ["off"],
                "more.any": ["off"],
            },
        ),
        (OTHER_DOUBLE, {}),
        (UNWRITTEN, {}),
        # One of two checks is not most of them; public checks know nothing of hidden ones.
        (RIGHT.replace("2 * x", "3 * x if x > 3 else 0"), {}),
        (RIGHT.replace("2 * x", "3 * x if x < 3 else 2 * x"), {"double.two": ["tripled"]}),
    ],
)
def test_mistakes_are_named(text: str, names: dict[str, list[str]]) -> None:
    result = graded(text).result
    found = {check.id: check.misconceptions for check in result.checks if check.misconceptions}
    assert {id: named for id, named in found.items() if id in names or not names} == names
    hints = {"tripled": "Is it twice?", "off": "How much is added?"}
    for check in result.checks:
        assert split_message(check.message)[1] == "".join(hints[n] for n in check.misconceptions)


@pytest.mark.parametrize(
    ("text", "check", "message"),
    [
        (OTHER_DOUBLE, "double.two", "double(2.0): result is 18, expected 4"),
        (OTHER_DOUBLE, "double.any", "result is 45, expected 10"),
        (OTHER_DOUBLE, "double.rule", "counts as soon as double gives the right numbers"),
        (OTHER_DOUBLE, "more.two", "right once double is right: no points are lost twice"),
        (UNWRITTEN, "double.rule", "double is not written yet"),
        (UNWRITTEN, "more.two", "right once double is right: no points are lost twice"),
        (STOPS.replace("+ 1", "+ 2"), "more.two", "stopped inside double, which has to work first"),
        (ONLY_MORE, "double.two", "double is not defined in your file"),
        (
            f"import math as m\n{RIGHT}".replace("2 * x", "m.pow(x, 1) * 2"),
            "double.rule",
            "toy.py, line 4 uses math.pow: do it",
        ),
    ],
)
def test_messages(text: str, check: str, message: str) -> None:
    (found,) = [each for each in graded(text).result.checks if each.id == check]
    assert found.message == message


def test_without_the_solution_a_function_waits_for_those_that_it_builds_on() -> None:
    result = graded(WRONG_DOUBLE, recorded=True)
    text = "judged here once `double` is right; the grade judges it now"
    assert [check.message for check in result.result.checks[3:]] == [text, text]
    # A mistake of its own that is no question of numbers is shown all the same.
    missing = WRONG_DOUBLE.replace("def more", "def other")
    assert outcomes(graded(missing, recorded=True)) == "fail fail skip not_ not_"


def test_the_place_of_the_difference_is_kept() -> None:
    double, *_ = graded(OTHER_DOUBLE).result.checks
    assert double.divergence is not None
    assert (double.divergence.got, double.divergence.expected) == (18.0, 4.0)


def test_a_student_is_told_of_packages_that_are_missing_elsewhere() -> None:
    text = f"import hypothesis, os\n{RIGHT}"  # of the tests' own packages
    here, there = (graded(text, recorded=here).result.message for here in (True, False))
    unneeded = "imports hypothesis, os, which this assignment does not need"
    assert unneeded in there
    assert "missing" not in there
    assert (
        f"{unneeded}; hypothesis may be missing where it is graded, with all that needs it" in here
    )


@pytest.mark.parametrize(
    ("text", "note", "message"),
    [
        (RIGHT, "", ""),
        (RIGHT, "read as UTF-16", "read as UTF-16"),
        (f"import math\n{RIGHT}", "", ""),
        (f"import sys, os\n{RIGHT}", "", "imports os, sys, which this assignment does not need"),
        (
            f"import sys\n{RIGHT}",
            "odd",
            "odd; imports sys, which this assignment does not need",
        ),
        (
            RIGHT.replace("def double", "def doubel"),
            "",
            "double is missing; is doubel meant to be it?",
        ),
        (RIGHT + "\n\ndoubel = 3", "", ""),
        (
            RIGHT.replace("def double", "def double_number"),
            "",
            "double is missing; is double_number meant to be it?",
        ),
        (RIGHT.replace("def more", "def mroe"), "", "more is missing; is mroe meant to be it?"),
        (RIGHT.replace("def double", "def twice"), "", ""),
        (RIGHT.replace("def double", "def other_name"), "", ""),
    ],
)
def test_notes_about_the_file(text: str, note: str, message: str) -> None:
    assert graded(text, note=note).result.message == message


@pytest.mark.parametrize(
    ("text", "unloaded", "message", "score"),
    [
        (
            RIGHT,
            "",
            "toy.py, line 3 raised ValueError: no; everything else in the file was run",
            5.0,
        ),
        (RIGHT, "it has never ended", "it has never ended", 0.0),
        (
            "x = 3",
            "",
            "the file defines none of this assignment's functions (double, more); "
            "toy.py, line 3 raised ValueError: no",
            0.0,
        ),
    ],
)
@pytest.mark.parametrize("note", ["", "read as UTF-16"])
def test_remarks_are_notes_or_the_reason_for_no_points(
    text: str,
    unloaded: str,
    message: str,
    score: float,
    note: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed = InProcess.close

    def noted(self: InProcess) -> object:
        self.remarks = [Remark("raised", Frame("toy.py", 3, "", ""), "ValueError: no")]
        self.unloaded = unloaded
        self.lost = True
        return closed(self)

    monkeypatch.setattr(InProcess, "close", noted)
    found = graded(text, note=note)
    assert found.result.message == (f"{note}; {message}" if note else message)
    assert found.result.score == score
    assert found.result.status == ("graded" if score else "unreadable")
    assert found.lost


def test_public_calls_come_first_and_have_a_part_of_the_seconds(sessions: Sessions) -> None:
    """Each call is made once."""
    graded(RIGHT)
    (session,) = [session for session in sessions if not session.trusted]
    public, hidden = ["double", "more", "more"], ["double", "more", "more"]
    watched = ["double", "more"]
    assert session.events == [0.75, *public, 1.0, *watched, *hidden]


def test_a_mistake_that_raises_is_named_and_the_first_of_two_gives_the_hint() -> None:
    stops = edit("double", ("2 * x", "x.size"))
    first, second = (
        Misconception("b", "B", "First?", (stops,)),
        Misconception("a", "A", "", (stops,)),
    )
    found = graded(RIGHT.replace("2 * x", "x.size"), toy(first, second)).result.checks[0]
    assert (found.outcome, found.misconceptions) == ("raised", ["b", "a"])
    assert split_message(found.message)[1] == "First?"


def test_one_function_of_the_assignment_is_enough() -> None:
    assert graded(RIGHT.replace("def double", "def other")).result.status == "graded"
    assert graded("def other(x):\n    return 1").result.status == "unreadable"


def test_the_evidence_is_kept_and_the_session_closed(sessions: Sessions) -> None:
    found = graded(RIGHT, final=False)
    (session,) = [session for session in sessions if not session.trusted]
    assert session.closed
    assert not session.final
    assert found.observations.keys() == {"double.two", "more.two"}  # public ones
    assert found.spent is not None
    assert not found.lost
    assert found.source == written(RIGHT)
    graded(RIGHT)
    assert [session for session in sessions if not session.trusted][-1].final


def test_a_session_is_closed_when_grading_fails(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: InProcess) -> None:
        raise RuntimeError("no clock")

    monkeypatch.setattr(InProcess, "spent", fails)
    with pytest.raises(RuntimeError, match="no clock"):
        graded(RIGHT)
    assert [session.closed for session in sessions if not session.trusted] == [True]
