"""The oracle: references and fingerprints, computed once; and the same from a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from typing import Any, cast

import pytest

from gradpath.course.load import Assignment
from gradpath.course.mistakes import Misconception, Variant, edit, rewrite
from gradpath.engine.workers import Workshop
from gradpath.errors import AuthoringError
from gradpath.grading import questions
from gradpath.grading.oracle import (
    KEPT,
    TRUSTED_LIMITS,
    LiveOracle,
    changed_arguments,
    passes,
    plan_of,
)
from gradpath.grading.questions import Amount
from gradpath.grading.recorded_oracle import RecordedOracle, record
from gradpath.worker.protocol import Observation
from tests.grading.in_process import InProcess
from tests.grading.toy import (
    HARMLESS,
    OFF,
    SOLUTION,
    TRIPLED,
    call,
    raised,
    returned,
    toy,
    written,
)

Sessions = list[InProcess]
NOBODY = cast(Workshop, None)

pytestmark = pytest.mark.usefixtures("sessions")


def live(*known: Misconception, assignment: Assignment | None = None) -> LiveOracle:
    course = assignment or toy(*known)
    return LiveOracle(course, plan_of(course, "secret"), NOBODY)


def runs_of(sessions: Sessions) -> list[str]:
    """Return the codes that ran, in order; each is one computation."""
    return [source.cells[0].text for session in sessions for source in session.sources]


# One observation


@pytest.mark.parametrize(
    ("got", "once", "twice"),
    [
        (returned(4.0, 4.0, [2.0]), True, True),
        (returned(5.0, 4.0, [2.0]), False, False),
        (returned(4.0, 5.0, [2.0]), True, False),
        (returned(4.0, 4.0, [3.0]), True, False),
        (returned(4.0, 4.0), True, True),
        (Observation("timeout", 4.0, 4.0), False, False),
        (Observation("killed", 4.0, 4.0), False, False),
        (raised("ValueError", "no", "double"), False, False),
    ],
)
def test_an_observation_passes(got: Observation, once: bool, twice: bool) -> None:
    expected = returned(4.0, 4.0, [2.0])
    assert passes(call("double", 2.0), expected, got) == once
    assert passes(call("double", 2.0, twice=True), expected, got) == twice
    assert changed_arguments(call("double", 2.0), got) == ([0] if got.arguments == [3.0] else [])


# The live oracle


def test_references_are_those_of_the_solution_and_computed_once(sessions: Sessions) -> None:
    oracle = live()
    assert [seen.value for seen in oracle.reference("more.two")] == [5.0, 9.0]
    assert [seen.value for seen in oracle.reference("more.any")] == [13.0, 15.0]
    assert [seen.value for seen in oracle.reference("double.two")] == [4.0]
    assert runs_of(sessions) == [SOLUTION, SOLUTION]  # one run for each function
    assert all(session.trusted for session in sessions)
    assert TRUSTED_LIMITS.call_seconds == 60.0
    assert TRUSTED_LIMITS.submission_seconds == 86_400.0  # for all the runs of a cohort
    assert TRUSTED_LIMITS.memory_mb == 4096
    with pytest.raises(KeyError):
        oracle.reference("double.rule")  # a rule makes no calls


def test_threads_share_their_answers(sessions: Sessions) -> None:
    first = live(TRIPLED)
    second = first.for_thread(NOBODY)
    found = first.fingerprints("double")
    before = len(runs_of(sessions))
    assert second.fingerprints("double") is found
    assert second.reference("double.two") is first.reference("double.two")
    assert len(runs_of(sessions)) == before
    assert second.plan is first.plan


def test_a_fingerprint_is_a_way_of_a_mistake_and_the_checks_that_it_fails() -> None:
    oracle = live(TRIPLED, HARMLESS, OFF)
    tripled, harmless = oracle.fingerprints("double")
    assert (tripled.misconception, harmless.misconception) == (TRIPLED, HARMLESS)
    assert tripled.failed == {"double.two", "double.any"}
    assert harmless.failed == set()
    assert [seen.value for seen in tripled.runs["double.any"]] == [15.0]
    # Of a function that builds on others, their mistakes show too.
    found = [
        (print.misconception.id, sorted(print.failed)) for print in oracle.fingerprints("more")
    ]
    both = ["more.any", "more.two"]
    assert found == [("tripled", both), ("harmless", []), ("off", both), ("off", both)]


def test_a_mistake_that_remembers_sees_all_public_calls_before_the_hidden_ones(
    sessions: Sessions,
) -> None:
    """As in a submission; another mistake answers its own function's calls alone."""
    text = "def double(x, seen=[]):\n    seen.append(x)\n    return list(seen)"
    counts = rewrite("double", text, remembers=True)
    (found,) = live(Misconception("counts", "", "", (counts,))).fingerprints("double")
    assert [seen.value for seen in found.runs["double.any"]] == [[2.0, 2.0, 4.0, 5.0]]
    assert sessions[0].events == ["double", "more", "more", "double", "more", "more"] + 2 * [
        "double"
    ]


def test_mistakes_on_top_of_a_given_one() -> None:
    oracle = live(TRIPLED, OFF)
    first, second = oracle.fingerprints("more", TRIPLED.variants)
    assert first.misconception is second.misconception is OFF
    assert [seen.value for seen in first.runs["more.two"]] == [8.0, 14.0]
    assert first.failed == {"more.two", "more.any"}


@pytest.mark.parametrize("result", ["None", "1 / 0", "'text'", "[1.0, None]"])
def test_nothing_shows_on_top_of_a_mistake_that_stops(result: str) -> None:
    stops = edit("double", ("2 * x", result))
    nothing = edit("more", ("double(x) + 1", result))
    oracle = live(TRIPLED, OFF)
    assert oracle.fingerprints("more", [stops, nothing]) == []


def test_how_a_function_stops_shows_its_own_mistakes_alone() -> None:
    stops = Misconception("stops", "", "", (edit("double", ("2 * x", "None")),))
    breaks = Misconception("breaks", "", "", (edit("more", ("+ 1", "/ 0")),))
    oracle = live(TRIPLED, stops, breaks)
    both = frozenset(("more.any", "more.two"))
    assert [(frozenset(print.runs), print.failed) for print in oracle.fingerprints("more")] == [
        (both, both),
        (frozenset(), both),  # another function may stop there for many reasons
        (both, both),
    ]
    (found,) = oracle.fingerprints("more", TRIPLED.variants)
    assert found.runs.keys() == both
    assert oracle.fingerprint(TRIPLED, TRIPLED.variants[0]).failed == {"double.any", "double.two"}


def test_calls_have_the_sizes_of_right_answers() -> None:
    oracle = live()
    calls = oracle.calls("more.two")
    assert [call.args for call in calls] == [(2.0,), (4.0,)]
    assert all(call.size for call in calls)
    assert oracle.calls("more.two") is calls


def test_functions_that_are_needed_by_way_of_others_count() -> None:
    settings = toy().settings
    points = {"base": 1.0, **settings.points}
    needs = {"more": ["double"], "double": ["base"], "base": []}
    changed = type(settings)("Toy", 1, points, needs)
    base = Misconception("base", "", "", (Variant("base", "def base():\n    return 3"),))
    solution = f"def base():\n    return 2\n{SOLUTION}".replace("2 * x", "base() * x")
    course = replace(toy(base, OFF), settings=changed, solution=written(solution))
    found = live(assignment=course).fingerprints("more")
    assert [print.misconception.id for print in found] == ["base", "off", "off"]
    assert found[0].failed == {"more.any", "more.two"}


@pytest.mark.parametrize(
    ("double", "message"),
    [
        ("1 / 0", "double.two: ZeroDivisionError: division by zero"),
        ("missing", "double.two: NameError: name 'missing' is not defined"),
    ],
)
def test_a_solution_that_raises_is_an_authors_error(double: str, message: str) -> None:
    course = replace(toy(), solution=written(SOLUTION.replace("2 * x", double)))
    oracle = live(assignment=course)
    for _ in range(2):  # the next one may have better luck
        with pytest.raises(AuthoringError, match=f"does not get through {message}"):
            oracle.reference("double.two")


@pytest.mark.parametrize(
    ("seen", "message"),
    [
        (Observation("timeout", note="took 60 s"), "double.two: took 60 s"),
        (Observation("missing"), "double.two: missing"),
    ],
)
def test_a_solution_that_does_not_return_says_why(
    seen: Observation, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InProcess, "observe", lambda self, call: seen)
    with pytest.raises(AuthoringError, match=message):
        live().reference("double.two")


def test_without_a_solution_there_is_no_oracle() -> None:
    with pytest.raises(AuthoringError, match="the solution of toy is not here"):
        live(assignment=replace(toy(), solution=None))


def test_two_threads_compute_different_answers_at_the_same_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    oracle = live(TRIPLED)
    others: list[Any] = []
    helper: list[Thread] = []
    observe: Callable[..., Any] = InProcess.observe_all

    def slowly(self: InProcess, calls: Any) -> Any:
        if not helper:  # while the first answer is computed, a second thread asks for it
            second = oracle.for_thread(NOBODY)
            helper.append(Thread(target=lambda: others.append(second.reference("double.two"))))
            helper[0].start()
            helper[0].join(0.05)
            assert not others
        return observe(self, calls)

    monkeypatch.setattr(InProcess, "observe_all", slowly)
    first = oracle.reference("double.two")
    helper[0].join(10)
    assert others == [first]
    assert others[0] is first  # it waited, and computed nothing


def test_sessions_are_used_again_and_closed(sessions: Sessions) -> None:
    oracle = live(TRIPLED)
    oracle.close()  # nothing is open yet
    oracle.fingerprints("double")
    (bench,) = sessions  # the mistakes run one after another in one worker
    assert len(bench.sources) == 2
    oracle.close()
    assert bench.closed


def test_the_solutions_run_with_stand_ins_is_made_once_and_says_how_much_it_asks(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    oracle = live()
    assert oracle.has_solution
    found = oracle.substituted("more", ("double",))
    assert {check: [seen.value for seen in runs] for check, runs in found.runs.items()} == {
        "more.two": [5.0, 9.0],
        "more.any": [13.0, 15.0],
    }
    assert (found.names, found.amount, found.longest) == (("double",), Amount(1, 1), "more.two")
    assert found.orders == {"double": ["x"], "more": ["x"]}
    assert len(found.answers) == 4
    before = len(sessions)
    assert oracle.for_thread(NOBODY).substituted("more", ("double",)) is found
    assert len(sessions) == before
    assert all(session.closed for session in sessions)
    monkeypatch.setattr(questions, "LONG", 0)  # a check that asks too often is none of them
    none = live().substituted("more", ("double",))
    assert (none.runs, none.amount, none.longest) == ({}, Amount(0, 0), "")


# The oracle made of numbers


def test_a_recording_answers_as_the_solution_does() -> None:
    course = toy(TRIPLED, HARMLESS, OFF)
    oracle = live(assignment=course)
    public = {check: cases for check, cases in oracle.plan.items() if check != "double.any"}
    recording = record(course.points, public, oracle, "the skeleton")
    assert recording.points == dict.fromkeys(public, 1.0)
    assert recording.skeleton == "the skeleton"
    assert recording.references.keys() == public.keys() - {"double.rule"}
    recorded = RecordedOracle(recording, public)
    assert not recorded.has_solution
    assert recorded.plan is public
    for check in recording.references:
        assert recorded.reference(check) == oracle.reference(check)
    for function in ("double", "more"):
        now, then = recorded.fingerprints(function), oracle.fingerprints(function)
        assert [(print.misconception.id, print.failed, print.runs) for print in now] == [
            (print.misconception.id, print.failed, print.runs) for print in then if print.failed
        ]
    assert recorded.fingerprints("more", TRIPLED.variants) == []
    assert [known.id for known in recorded.misconceptions] == ["tripled", "harmless", "off"]


def test_a_recording_has_words_of_mistakes_but_no_code() -> None:
    only = Misconception(
        "only", "Title", "Hint", (), ("double.two", "double.any", "other.check"), "^KeyError"
    )
    course = toy(only, Misconception("raises", "", "", (edit("double", ("2 * x", "1 / 0")),)))
    oracle = live(assignment=course)
    public = {check: cases for check, cases in oracle.plan.items() if check != "double.any"}
    recording = record(course.points, public, oracle, "")
    known, _ = recording.mistakes
    assert (known.id, known.title, known.hint, known.raises) == (
        "only",
        "Title",
        "Hint",
        "^KeyError",
    )
    assert known.only_fails == ["double.two"]
    (seen,) = recording.runs[0].runs["double.two"]
    assert seen.failure is not None
    assert seen.failure.type == "ZeroDivisionError"
    assert seen.failure.frames == []  # lines of the solution
    again, _ = RecordedOracle(recording, public).misconceptions
    assert again == replace(only, only_fails=("double.two",))


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("x", 1),
        ("np.zeros(5)", 5),
        ("[x, np.zeros(4)]", 5),
        ("(x, [x, x])", 3),
        ("{'a': np.zeros((2, 3)), 'b': x}", 7),
    ],
)
@pytest.mark.parametrize("twice", [False, True])
def test_long_runs_are_not_recorded(
    value: str, numbers: int, twice: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradpath.grading import oracle as live_oracle

    known = Misconception("other", "", "", (edit("double", ("2 * x", value)),))
    course = replace(toy(known), solution=written(f"import numpy as np\n{SOLUTION}"))
    plan = {
        "double.two": [call("double", 2.0, twice=twice)] * 2,
        "double.any": [],
        "more.two": [],
        "more.any": [],
    }
    oracle = LiveOracle(course, plan, NOBODY)
    size = 2 * numbers * (2 if twice else 1) + (0 if twice else 2)  # None counts as one
    for kept, there in ((size, True), (size - 1, False)):
        monkeypatch.setattr(live_oracle, "KEPT", kept)
        recording = record(course.points, plan, oracle, "")
        (run,) = [run for run in recording.runs if run.function == "double"]
        assert ("double.two" in run.runs) == there
    assert KEPT == 4_000
