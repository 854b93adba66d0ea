"""Results: points, sums, texts; and the state of a submission while it is graded."""

from __future__ import annotations

import msgspec
import pytest

from gradpath.grading.findings import Findings
from gradpath.grading.graded import maximum_score, unreadable
from gradpath.grading.results import (
    HINT,
    MAX_MESSAGE,
    MAX_NOTE,
    MAX_RESULT,
    CheckResult,
    Divergence,
    Outcome,
    Result,
    for_student,
    function_of,
    points_text,
    reason,
    rounded,
    score_of,
    split_message,
)
from gradpath.grading.verdict import PASSED, Verdict
from gradpath.worker.protocol import Source
from tests.grading.toy import toy


@pytest.mark.parametrize(
    ("points", "text", "precise"),
    [
        (1.0, "1", 1.0),
        (10.0, "10", 10.0),
        (0.0, "0", 0.0),
        (0.5, "0.5", 0.5),
        (1 / 3 + 1 / 3, "0.6667", 0.6667),
        (0.30000000000000004, "0.3", 0.3),
        (1.00004, "1", 1.0),
        (1.00006, "1.0001", 1.0001),
    ],
)
def test_points_have_four_decimals(points: float, text: str, precise: float) -> None:
    assert points_text(points) == text
    assert rounded(points) == precise


def check(
    id: str, points: float, maximum: float, message: str = "", known: list[str] | None = None
) -> CheckResult:
    return CheckResult(id, "", "public", points, maximum, "failed", message, known or [], None)


def test_the_points_of_a_function_are_those_of_its_checks() -> None:
    checks = [
        check("double.two", 1 / 3, 1 / 3),
        check("double.any", 0.0, 2 / 3),
        check("double2.two", 5.0, 7.0),
    ]
    result = Result("toy", "s01", "toy.py", 0.0, 0.0, "graded", checks)
    assert function_of(checks[0]) == "double"
    assert score_of(result, "double") == (0.3333, 1.0)
    assert score_of(result, "double2") == (5.0, 7.0)
    assert score_of(result, "two") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("message", "parts", "text"),
    [
        ("2, expected 4", ("2, expected 4", ""), "2, expected 4"),
        ("wrong\nHint: look", ("wrong", "look"), "wrong\nHint (a, b): look"),
        ("\nHint: look", ("", "look"), "Hint (a, b): look"),
        ("one\ntwo\nHint: a\nHint: b", ("one\ntwo", "a\nHint: b"), "one\ntwo\nHint (a, b): a\n"),
        ("", ("", ""), ""),
    ],
)
def test_a_message_is_an_observation_and_a_hint(
    message: str, parts: tuple[str, str], text: str
) -> None:
    assert split_message(message) == parts
    assert reason(check("double.two", 0.0, 1.0, message, ["a", "b"])).startswith(text)


def test_a_file_that_cannot_be_read_has_no_points_of_all() -> None:
    assignment = toy()
    assert maximum_score(assignment) == 5.0
    assert maximum_score(assignment.only_public()) == 3.0
    source = Source("toy", ())
    graded = unreadable(assignment, "s01", "toy.txt", "it is no Python", source)
    assert graded.result == Result(
        "toy", "s01", "toy.txt", 0.0, 5.0, "unreadable", [], "it is no Python"
    )
    assert graded.source is source
    assert not graded.lost
    assert not graded.observations
    assert graded.spent is None


FAILED = Verdict("failed", "no")
CARRIED = Verdict("passed", "right with your own double")


@pytest.mark.parametrize(
    ("verdicts", "failed", "wrong"),
    [
        ([PASSED, PASSED, PASSED], [], False),
        ([FAILED, PASSED, PASSED], ["double.two"], True),
        ([PASSED, FAILED, PASSED], ["double.any"], True),
        ([FAILED, FAILED, FAILED], ["double.two", "double.any", "double.rule"], True),
        ([CARRIED, PASSED, PASSED], [], True),
        ([PASSED, PASSED, Verdict("skipped")], ["double.rule"], True),
    ],
)
def test_findings(verdicts: list[Verdict], failed: list[str], wrong: bool) -> None:
    ids = ("double.two", "double.any", "double.rule")
    findings = Findings(toy(), dict(zip(ids, verdicts, strict=True)))
    assert findings.failed("double") == failed
    assert findings.wrong(["double"]) == (["double"] if wrong else [])
    # A function that has no verdict yet has not failed.
    assert findings.failed("more") == []


def test_findings_of_several_functions() -> None:
    ids = ("double.two", "double.any", "double.rule", "more.two")
    findings = Findings(toy(), {**dict.fromkeys(ids, PASSED), "more.two": FAILED})
    assert findings.wrong(["double", "more"]) == ["more"]
    assert not findings.observations
    assert not findings.misconceptions


def of_hidden(outcome: Outcome, message: str, divergence: Divergence | None = None) -> str:
    """Return the message of a hidden check that its student sees."""
    shown = for_student(
        CheckResult("double.any", "", "hidden", 0.0, 1.0, outcome, message, ["a"], divergence)
    )
    assert shown.divergence is None
    assert shown.misconceptions == ["a"]
    return shown.message


@pytest.mark.parametrize(
    ("outcome", "message", "divergence", "seen"),
    [
        ("failed", "it is 7", Divergence("losses[3]", 7.0, 8.0), "losses is wrong"),
        ("failed", "it is 7", Divergence("losses", 7.0, 0.0), "losses is wrong"),
        ("failed", "2 entries", Divergence("losses[2]", None, 8.0), "losses has too few values"),
        ("failed", "4 entries", Divergence("losses[3]", 7.0, None), "losses has too many values"),
        ("failed", "it has the wrong shape: 7", None, "the shape is wrong"),
        ("failed", "the call changed its first argument", None, "the call changed an argument"),
        ("failed", "7", None, "what was returned is not what is asked for"),
        ("raised", "ValueError: 7", None, ""),
        ("not_attempted", "seven is not written yet", None, ""),
        ("timeout", "double took 5 s", None, "double took 5 s"),
        ("killed", "double died", None, "double died"),
        ("skipped", "builds on double", None, "builds on double"),
    ],
)
def test_of_a_hidden_check_students_see_words_of_the_course(
    outcome: Outcome, message: str, divergence: Divergence | None, seen: str
) -> None:
    assert of_hidden(outcome, message, divergence) == seen
    hinted = of_hidden(outcome, f"{message}\nHint: look", divergence)
    assert hinted == f"{seen}\nHint: look"


def test_public_checks_are_shown_as_they_are() -> None:
    public = check("double.two", 0.0, 1.0, "ValueError: 7")
    assert for_student(public) is public


def _check(message: str) -> CheckResult:
    return CheckResult("f.check", "title", "public", 0.0, 1.0, "failed", message, [], None)


@pytest.mark.parametrize("letter", ["a", "é", "𝛁", '"', "\\", "\x01", "\ud800"])
def test_a_result_has_a_bound_whatever_it_is_made_of(letter: str) -> None:
    """Three ways to make one, of which two do not call its class."""
    hint = "What does the formula say about the sign?"
    check = _check(letter * 50_000 + f"\n{HINT}{hint}")
    assert len(check.message.encode()) <= MAX_MESSAGE
    assert check.message.startswith(letter if letter != "\ud800" else "?")
    assert split_message(check.message)[1] == hint
    result = Result("a", "s01", "f.py", 0.0, 1.0, "graded", [check] * 300, letter * 50_000)
    assert len(result.message.encode()) <= MAX_NOTE
    late = msgspec.structs.replace(result, message=f"{result.message}; late: 10 % off")
    assert late.message.endswith("; late: 10 % off")
    back = msgspec.json.decode(msgspec.json.encode(late), type=Result)
    for made in (result, late, back):
        assert len(msgspec.json.encode(made)) <= MAX_RESULT
        assert len(made.checks) == 300
    assert back == late


def test_an_ordinary_result_stays_as_it_is() -> None:
    message = "w is 1, expected 2" * 100
    result = Result("a", "s01", "f.py", 0.0, 1.0, "graded", [_check(message)] * 30, "note")
    assert result.message == "note"
    assert {check.message for check in result.checks} == {message}


def test_a_result_without_remarks_has_no_message_in_json() -> None:
    result = Result("toy", "s01", "toy.py", 0.0, 5.0, "graded", [])
    assert set(msgspec.to_builtins(result)) == set(Result.__struct_fields__) - {
        "message",
        "isolation",
        "said",
    }
