"""From observations to outcomes and messages."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from gradpath.grading.oracle import passes
from gradpath.grading.results import Divergence, Outcome
from gradpath.grading.verdict import PASSED, Verdict, judge
from gradpath.worker.codec import Tensor
from gradpath.worker.protocol import Failure, Observation
from tests.grading.toy import call, hidden, raised, returned, unwritten

ONCE = call("double", 2.0)
TWICE = call("double", 2.0, twice=True)
RIGHT = returned(4.0, 4.0, [2.0])

MISSING = " is not defined in your file"


def verdict(got: Observation, *, twice: bool = False) -> Verdict:
    case = TWICE if twice else ONCE
    return judge([hidden(case)], [4.0], [got], public=True)


@pytest.mark.parametrize(
    ("got", "outcome", "message", "origin"),
    [
        (returned(4.0), "passed", "", ""),
        (returned(5.0), "failed", "result is 5, expected 4", ""),
        (Observation("missing"), "not_attempted", "double" + MISSING, "double"),
        (Observation("missing", "Net"), "not_attempted", "Net" + MISSING, "Net"),
        (Observation("missing", 3), "not_attempted", "double" + MISSING, "double"),
        (unwritten("double"), "not_attempted", "double is not written yet", "double"),
        (unwritten("use", "double"), "not_attempted", "double is not written yet", "double"),
        (unwritten("Net.forward"), "not_attempted", "Net.forward is not written yet", "Net"),
        (unwritten("<module>"), "not_attempted", "double is not written yet", ""),
        (unwritten(), "not_attempted", "double is not written yet", ""),
        (Observation("not_implemented"), "not_attempted", "double is not written yet", ""),
        (Observation("timeout", note="took 5 s"), "timeout", "double took 5 s", ""),
        (Observation("killed", note="died"), "killed", "double died", ""),
        (Observation("raised", note="needs too much"), "raised", "double needs too much", ""),
        (
            raised("ValueError", "no", "use", "double.<locals>.inner"),
            "raised",
            "ValueError: no, at toy.py, line 2 (line 2)",
            "double",
        ),
        (
            raised("ValueError", "", "<lambda>"),
            "raised",
            "ValueError, at toy.py, line 1 (line 1)",
            "",
        ),
        (raised("TypeError", "2 needed"), "raised", "the call failed with TypeError: 2 needed", ""),
    ],
)
def test_an_observation_has_an_outcome_and_a_message(
    got: Observation, outcome: Outcome, message: str, origin: str
) -> None:
    found = verdict(got)
    assert (found.outcome, found.message, found.origin) == (outcome, message, origin)


def test_a_line_without_its_source_is_named_all_the_same() -> None:
    got = raised("ValueError", "no", "double")
    assert got.failure is not None
    frame = type(got.failure.frames[0])("toy.py", 7, "double", "")
    seen = Observation("raised", failure=Failure("ValueError", "no", [frame]))
    assert verdict(seen).message == "ValueError: no, at toy.py, line 7"


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (RIGHT, ""),
        (returned(5.0, 4.0, [2.0]), "result is 5, expected 4"),
        (
            returned(4.0, 5.0, [2.0]),
            "a second call with the same arguments: result is 5, expected 4",
        ),
        (returned(4.0, 4.0, [3.0]), "the call changed its first argument"),
        (returned(4.0, 5.0, [3.0]), "the call changed its first argument"),
        (returned(4.0, 4.0), ""),  # nothing was reported
    ],
)
def test_a_second_call_must_be_as_right_as_the_first(got: Observation, message: str) -> None:
    found = verdict(got, twice=True)
    assert (found.outcome, found.message) == ("failed" if message else "passed", message)


def test_settings_belong_to_the_caller() -> None:
    got = msgspec.structs.replace(RIGHT, settings=["torch's grad mode"])
    assert (
        verdict(got, twice=True).message
        == "the call changed torch's grad mode, which is the caller's"
    )
    assert not passes(TWICE, RIGHT, got)


def test_one_call_has_no_second_value() -> None:
    assert verdict(returned(4.0, 9.0, [7.0])) == PASSED


@pytest.mark.parametrize(
    ("position", "word"), [(0, "first"), (1, "second"), (5, "sixth"), (6, "7th"), (9, "10th")]
)
def test_changed_arguments_are_counted(position: int, word: str) -> None:
    arguments = [0.0] * 10
    case = call("double", *arguments, twice=True)
    after = [1.0 if index >= position else 0.0 for index in range(10)]
    found = judge([case], [4.0], [returned(4.0, 4.0, after)], public=False)
    assert found.message == f"the call changed its {word} argument"


def test_the_place_of_a_wrong_value_is_data() -> None:
    assert verdict(returned(5.0)).divergence == Divergence("result", 5.0, 4.0)
    assert verdict(returned(None)).divergence is None
    assert verdict(RIGHT).divergence is None


@pytest.mark.parametrize(
    ("got", "public", "hides"),
    [
        (returned(5.0), True, False),
        (returned(5.0), False, True),
        (raised("ValueError", "no", "double"), True, False),
        (Observation("timeout", note="took 5 s"), True, False),
        (unwritten("double"), True, True),  # the call is not the reason
    ],
)
def test_public_messages_show_the_call(got: Observation, public: bool, hides: bool) -> None:
    shown = judge([ONCE], [4.0], [got], public=public)
    assert shown.message.startswith("double(2.0): ") != hides
    assert shown.message.removeprefix("double(2.0): ") == verdict(got).message
    assert not judge([hidden(ONCE)], [4.0], [got], public=True).message.startswith(":")


def test_a_long_call_is_shown_in_short_where_its_result_is_wrong() -> None:
    many = [float(number) for number in range(90)]
    case = call("double", np.array([many, many]), {"w": many}, Tensor(np.array(many)))
    words = "[0.0, 1.0, ..., 89.0]"
    shown = f"double([{words}, {words}], {{w: {words}}}, tensor({words})): "
    assert case.call.shown == shown.removesuffix(": ")
    told = [
        judge([case], [4.0], [got], public=True).message
        for got in (returned(5.0), raised("ValueError", "no", "double"))
    ]
    assert told[0] == f"{shown}result is 5, expected 4"
    assert told[1].startswith("ValueError: no")
    assert call("double", *[many] * 9).call.shown == "double(...)"


def test_the_first_case_that_is_wrong_decides() -> None:
    cases = [hidden(call("double", x)) for x in (1.0, 2.0, 3.0)]
    seen = [returned(2.0), returned(5.0), raised("ValueError", "no", "double")]
    assert judge(cases, [2.0, 4.0, 6.0], seen, public=True).message == "result is 5, expected 4"
    assert judge(cases[:1], [2.0], seen[:1], public=True) == PASSED
    with pytest.raises(ValueError, match="shorter"):
        judge(cases, [2.0, 4.0, 6.0], seen[:1], public=True)
