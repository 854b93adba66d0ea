"""Naming the mistakes behind failed checks, from observations alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gradpath.course.expectations import Record
from gradpath.course.mistakes import Misconception
from gradpath.course.tolerances import EXACT
from gradpath.grading.diagnosis import (
    CHANGED_ARGUMENTS,
    diagnose,
    exception_text,
    hints,
    overflowed,
)
from gradpath.grading.oracle import Fingerprint
from gradpath.grading.rules import ModuleSource
from gradpath.grading.slips import slips_in
from gradpath.worker.protocol import Observation
from tests.grading.toy import call, raised, returned

PLAN = {
    "double.one": [call("double", 1.0)],
    "double.two": [call("double", 2.0)],
    "double.pair": [call("double", 3.0), call("double", 4.0)],
    "double.twice": [call("double", 5.0, twice=True)],
}
A = Misconception("a", "A", "Look at a.")
B = Misconception("b", "B", "Look at b.")
KNOWN = (B, A)  # b is the more common one
OVERFLOW = raised("OverflowError", "math range error", "double")

Runs = dict[str, list[Observation]]


def known(mistake: Misconception, failed: str, **runs: object) -> Fingerprint:
    """Return a fingerprint that fails some checks, named without their function."""
    return Fingerprint(mistake, observed(**runs), frozenset(ids(failed)))


def observed(**runs: object) -> Runs:
    """Return the observations of each check: of values, or as they are."""
    return {
        f"double.{name}": [
            seen if isinstance(seen, Observation) else returned(seen)
            for seen in (values if isinstance(values, list) else [values])
        ]
        for name, values in runs.items()
    }


def ids(names: str) -> list[str]:
    return [f"double.{name}" for name in names.split()]


def named(seen: Runs, failed: str, *fingerprints: Fingerprint) -> dict[str, list[str]]:
    found = diagnose(PLAN, seen, ids(failed), fingerprints, KNOWN).names
    return {check.removeprefix("double."): names for check, names in found.items()}


def test_a_mistake_with_the_same_numbers_is_named_on_every_failed_check() -> None:
    seen = observed(one=3.0, two=5.0, pair=[6.0, 8.0])
    assert named(seen, "one two", known(A, "one two", one=3.0, two=5.0, pair=[6.0, 8.0])) == {
        "one": ["a"],
        "two": ["a"],
    }


def test_two_checks_read_one_call_each_in_its_own_way() -> None:
    """A check of the length alone, and one of the numbers, share the observation of their call."""
    length = replace(PLAN["double.one"][0], expect=Record({"count": EXACT}))
    numbers = replace(length, expect=Record({"values": EXACT}))
    plan = {"double.one": [length], "double.two": [numbers]}
    mistake, submission = ([returned({"count": 2.0, "values": value})] for value in (3.0, 5.0))
    seen = {"double.one": submission, "double.two": submission}
    runs = {"double.one": mistake, "double.two": mistake}
    fingerprint = Fingerprint(A, runs, frozenset(ids("one two")))
    found = diagnose(plan, seen, ids("one two"), [fingerprint], KNOWN)
    assert found.facts == {("double.one", "a")}


@pytest.mark.parametrize(
    ("fingerprint", "names"),
    [
        (known(A, "one two", one=3.0, two=5.0), ["a"]),
        (known(A, "one two", one=3.0, two=6.0), []),  # not most of those in its reach
        (known(A, "one two", one=4.0, two=5.0), []),
        (known(A, "one", one=3.0, two=5.0), ["a"]),
        (known(A, "one two pair", one=3.0, two=5.0, pair=[0.0, 0.0]), []),  # it is right there
        (known(A, "two", one=3.0, two=5.0), []),  # the mistake does not fail this one
        (known(A, "", one=3.0, two=5.0), []),
        (known(A, "one two", one=3.0), ["a"]),  # long runs are not recorded
        (known(A, "one two"), []),
    ],
)
def test_the_names_of_one_check(fingerprint: Fingerprint, names: list[str]) -> None:
    seen = observed(one=3.0, two=5.0, pair=[6.0, 8.0])
    assert named(seen, "one two", fingerprint)["one"] == names


def test_all_mistakes_that_explain_a_function_are_named_the_common_one_first() -> None:
    seen = observed(one=3.0)
    both = known(A, "one", one=3.0), known(B, "one", one=3.0)
    assert named(seen, "one", *both) == {"one": ["b", "a"]}


def test_a_mistake_that_explains_the_whole_function_goes_before_one_that_explains_a_part() -> None:
    seen = observed(one=3.0, two=5.0)
    whole = known(A, "one two", one=3.0, two=5.0)
    part = known(B, "one", one=3.0, two=4.0)
    assert named(seen, "one two", part, whole) == {"one": ["a"], "two": ["a"]}
    assert named(seen, "one two", part) == {"one": ["b"], "two": []}


def test_of_two_parts_the_one_with_more_checks_goes_first() -> None:
    seen = observed(one=3.0, two=5.0, pair=[0.0, 0.0])
    small = known(B, "one", one=3.0, two=9.0, pair=[9.0, 9.0])
    large = known(A, "one two", one=3.0, two=5.0, pair=[1.0, 1.0])
    assert named(seen, "one two pair", small, large)["one"] == ["a", "b"]
    assert named(seen, "one two pair", large, small) == {
        "one": ["a", "b"],
        "two": ["a"],
        "pair": [],
    }
    # Of one mistake's ways the best counts, wherever it stands.
    again = known(B, "one two", one=3.0, two=5.0, pair=[1.0, 1.0])
    assert named(seen, "one two pair", again, small, large)["one"] == ["b", "a"]
    assert named(seen, "one two pair", small, large, again)["one"] == ["b", "a"]


def test_every_case_of_a_check_counts() -> None:
    fingerprint = known(A, "pair", pair=[1.0, 2.0])
    assert named(observed(pair=[1.0, 2.0]), "pair", fingerprint) == {"pair": ["a"]}
    assert named(observed(pair=[1.0, 3.0]), "pair", fingerprint) == {"pair": []}
    assert named(observed(pair=[3.0, 2.0]), "pair", fingerprint) == {"pair": []}


KEY = raised("KeyError", "'a'", "double")


@pytest.mark.parametrize(
    ("mistake", "seen", "same"),
    [
        (KEY, KEY, True),
        (KEY, raised("KeyError", "'a'", "other"), True),  # wherever it came from
        (KEY, raised("KeyError", "'b'", "double"), False),
        (KEY, raised("IndexError", "'a'", "double"), False),
        (KEY, returned(1.0), False),
        (returned(1.0), KEY, False),
        (Observation("timeout"), Observation("timeout"), False),  # that says nothing
        (Observation("raised", note="a"), Observation("raised", note="b"), True),
        (OVERFLOW, returned(np.inf), False),  # many mistakes end like this
        (OVERFLOW, OVERFLOW, False),
    ],
)
def test_one_observation(mistake: Observation, seen: Observation, same: bool) -> None:
    found = named({"double.one": [seen]}, "one", known(A, "one", one=mistake))
    assert found == {"one": ["a"] if same else []}


@pytest.mark.parametrize(
    ("mistake", "seen", "same"),
    [
        (OVERFLOW, returned(np.inf), True),
        (returned(np.inf), OVERFLOW, True),
        (OVERFLOW, raised("FloatingPointError", "overflow", "double"), True),
        (OVERFLOW, returned(1.0), False),
        (returned(1.0), OVERFLOW, False),
        (OVERFLOW, KEY, False),
        (KEY, OVERFLOW, False),
        (OVERFLOW, Observation("timeout", np.inf), False),
    ],
)
def test_an_overflow_is_like_an_infinity_beside_other_evidence(
    mistake: Observation, seen: Observation, same: bool
) -> None:
    runs = {"double.pair": [returned(3.0), seen]}
    found = named(runs, "pair", known(A, "pair", pair=[3.0, mistake]))
    assert found == {"pair": ["a"] if same else []}


def test_overflows_are_part_of_what_a_mistake_explains_but_no_evidence() -> None:
    seen = observed(one=OVERFLOW, two=5.0)
    whole = known(A, "one two", one=returned(np.inf), two=5.0)
    assert named(seen, "one two", whole) == {"one": ["a"], "two": ["a"]}
    part = known(A, "one two", one=returned(np.inf), two=6.0)
    assert named(seen, "one two", part) == {"one": [], "two": []}


@pytest.mark.parametrize(
    ("seen", "same"),
    [
        (returned(3.0, 4.0, [5.0]), True),
        (returned(2.0, 4.0, [5.0]), False),
        (returned(3.0, 3.0, [5.0]), False),
        (returned(3.0, 4.0, [6.0]), False),  # it changed its argument, the mistake does not
    ],
)
def test_second_calls_count(seen: Observation, same: bool) -> None:
    runs = {"double.twice": [seen]}
    found = named(runs, "twice", known(A, "twice", twice=returned(3.0, 4.0, [5.0])))
    assert found == {"twice": ["a"] if same else []}


ONLY = Misconception("only", "Only", "", only_fails=("double.one", "double.two", "use.one"))


@pytest.mark.parametrize(
    ("runs", "failed", "names"),
    [
        ({"one": 9.0, "two": 9.0}, "one two", ["only"]),
        ({"one": 9.0, "two": 4.0}, "one", ["only"]),
        ({"one": KEY, "two": 9.0}, "one two", []),  # it raised: numbers are wrong otherwise
        ({"one": 9.0, "pair": [9.0, 9.0]}, "one pair", []),  # and another check failed
        ({"pair": [9.0, 9.0]}, "pair", []),
    ],
)
def test_a_mistake_may_be_known_by_the_checks_that_fail(
    runs: dict[str, object], failed: str, names: list[str]
) -> None:
    found = diagnose(PLAN, observed(**runs), ids(failed), (), (ONLY,)).names
    assert found == dict.fromkeys(ids(failed), names)


RAISES = Misconception("raises", "Raises", "", raises="^KeyError", evidence="quotient")
OTHER_KEY = raised("KeyError", "'b'", "double")


@pytest.mark.parametrize(
    ("runs", "failed", "names"),
    [
        ({"one": KEY, "two": KEY}, "one two", {"one": ["raises"], "two": ["raises"]}),
        ({"one": OTHER_KEY, "two": KEY}, "one two", {"one": ["raises"], "two": ["raises"]}),
        ({"one": 9.0, "two": KEY}, "one two", {"one": [], "two": []}),  # the half is not most
        ({"one": KEY}, "one", {"one": ["raises"]}),
        ({"one": KEY, "two": 4.0}, "one", {"one": []}),  # the mistake raises there as well
        ({"one": 9.0, "pair": [KEY, KEY]}, "one pair", {"one": [], "pair": []}),
        ({"one": raised("ValueError", "KeyError", "double")}, "one", {"one": []}),
        ({"one": Observation("not_implemented", failure=KEY.failure)}, "one", {"one": []}),
        ({"two": KEY}, "one", {"one": []}),  # a failed check that makes no calls
    ],
)
def test_a_mistake_may_be_known_by_the_exception_of_a_variant(
    runs: dict[str, object], failed: str, names: dict[str, list[str]]
) -> None:
    variant = known(RAISES, "one two", one=KEY, two=KEY, pair=[6.0, 8.0])
    seen = observed(**runs)
    found = diagnose(PLAN, seen, ids(failed), (variant,), (RAISES, A))
    assert found.names == {f"double.{check}": ids for check, ids in names.items()}
    assert not found.facts
    # Another text of the exception, a function without such a variant, no line that shows it.
    for prints, evidence in ((), bool), ((variant,), lambda name: name != "quotient"):
        found = diagnose(PLAN, seen, ids(failed), prints, (RAISES, A), evidence)
        assert not any(found.names.values())


def test_exceptions_beside_wrong_numbers_of_another_mistake_are_named_where_they_are() -> None:
    """One check raises as the mistake does; the mistake has the others right."""
    seen = observed(one=9.0, two=9.0, pair=[KEY, KEY])
    variant = known(RAISES, "pair", one=2.0, two=4.0, pair=[KEY, KEY])
    found = diagnose(PLAN, seen, ids("one two pair"), (variant,), (RAISES, A))
    assert found.names == {"double.one": [], "double.two": [], "double.pair": ["raises"]}


def test_a_fact_needs_the_numbers_of_the_mistake() -> None:
    seen = observed(one=3.0, two=5.0, pair=[0.0, 0.0])
    whole = known(A, "one two", one=3.0, two=5.0, pair=[6.0, 8.0])
    assert diagnose(PLAN, seen, ids("one two"), (whole,), KNOWN).facts == {
        ("double.one", "a"),
        ("double.two", "a"),
    }
    seen = observed(one=9.0)
    assert diagnose(PLAN, seen, ids("one"), (), (ONLY,)).facts == frozenset()


CHANGES = Misconception("only", "", "", only_fails=("double.twice",), evidence=CHANGED_ARGUMENTS)


@pytest.mark.parametrize(("after", "names"), [([6.0], ["only"]), ([5.0], [])])
def test_changed_arguments_are_seen_in_the_run(after: list[float], names: list[str]) -> None:
    runs = {"double.twice": [returned(3.0, 4.0, after)]}
    found = diagnose(PLAN, runs, ids("twice"), (), (CHANGES,)).names
    assert found == {"double.twice": names}


def test_nothing_failed() -> None:
    assert named(observed(one=2.0), "", known(A, "one", one=3.0)) == {}


def test_words_of_an_exception() -> None:
    assert exception_text(KEY) == "KeyError: 'a'"
    assert exception_text(returned(1.0)) == ""
    assert overflowed(OVERFLOW)
    assert not overflowed(KEY)
    assert not overflowed(returned(np.inf))


def test_the_hint_of_each_mistake() -> None:
    assert hints((replace(A, fact="It is a."), B)) == {
        "a": ("Look at a.", "It is a. Look at a."),
        "b": ("Look at b.", "Look at b."),
    }


@pytest.mark.parametrize(
    ("source", "ids"),
    [
        ("def double(x):\n    return x ^ 2\n", ["caret-for-power"]),
        ("def double(x):\n    x ^= 2\n    return x\n", ["caret-for-power"]),
        ("def double(x):\n    return x ** 2 + len('^')\n", []),
        ("def other(x):\n    return x ^ 2\n", []),
    ],
)
def test_a_slip_is_seen_in_the_functions_own_source(source: str, ids: list[str]) -> None:
    static = ModuleSource([("double.py", source)])
    assert slips_in(static.definitions, "double") == ids
