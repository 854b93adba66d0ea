"""Declarations of an assignment: checks, points, data from a secret, hints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gradpath.course.checks import Case, Check, HiddenChecks, PublicChecks, case, exchanged
from gradpath.course.expectations import Numbers
from gradpath.course.load import load, share_points
from gradpath.course.tolerances import FORMULA
from gradpath.errors import AuthoringError, GradpathError
from gradpath.grading.oracle import plan_of
from gradpath.worker import codec
from gradpath.worker.protocol import Call
from tests.conftest import SLUGS


def test_each_argument_is_exchanged_alone() -> None:
    assert list(exchanged("abc", "xy")) == [(*"abc",), (*"xbc",), (*"ayc",)]


def test_tuples_are_shown_as_tuples() -> None:
    shown = case("f", (1.0, -2), (3,), [1.0, 2], expect=Numbers(FORMULA)).call.shown
    assert shown == "f((1.0, -2), (3,), [1.0, 2])"


def test_large_arrays_are_shown_by_their_first_and_last_rows() -> None:
    shown = case("f", [np.eye(900), 2.0], expect=Numbers(FORMULA)).call.shown
    first, second, last = ("[1.0, 0.0, ..., 0.0]", "[0.0, 1.0, ..., 0.0]", "[0.0, 0.0, ..., 1.0]")
    assert shown == f"f([[{first}, {second}, ..., {last}], 2.0])"


@pytest.mark.parametrize("slug", SLUGS)
def test_every_function_is_called_twice_and_watched(slug: str) -> None:
    assignment = load(slug)
    plan = plan_of(assignment, "a")
    for function in assignment.functions:
        calls = [case.call for check in assignment.checks_of(function) for case in plan[check.id]]
        assert any(call.twice for call in calls), function


@pytest.mark.parametrize("slug", SLUGS)
def test_every_function_has_public_and_hidden_checks_and_ten_points_in_all(slug: str) -> None:
    assignment = load(slug)
    assert sum(assignment.points.values()) == pytest.approx(10.0, abs=1e-9)
    for function in assignment.functions:
        kinds = {check.visibility for check in assignment.checks_of(function)}
        assert kinds == {"public", "hidden"}, function


@pytest.mark.parametrize("slug", SLUGS)
def test_the_secret_decides_about_hidden_data_and_nothing_else(slug: str) -> None:
    assignment = load(slug)
    one, same, other = (plan_of(assignment, secret) for secret in ("a", "a", "b"))
    for check in assignment.checks:
        if check.build is None:
            continue
        first, again, changed = (
            [codec.encode(list(case.call.args)) for case in plan[check.id]]
            for plan in (one, same, other)
        )
        assert first == again
        if check.visibility == "public":
            assert first == changed
        elif any(len(arguments) > 40 for arguments in first):
            assert first != changed, f"{check.id} does not depend on the secret"


@pytest.mark.parametrize("slug", SLUGS)
def test_hints_are_short_and_end_in_a_question(slug: str) -> None:
    for known in load(slug).misconceptions:
        words = known.hint.split()
        # A sentence with the place, the value got and the value expected comes before it.
        assert len(words) <= 60, (known.id, len(words))
        assert "?" in known.hint, known.id
        assert known.variants, f"{known.id} has no executable form"
        assert "—" not in known.hint


@pytest.mark.parametrize("slug", SLUGS)
def test_ids_of_misconceptions_are_unique(slug: str) -> None:
    ids = [known.id for known in load(slug).misconceptions]
    assert len(ids) == len(set(ids))


def test_points_are_shared_by_weight() -> None:
    checks = [Check(f"f.{n}", "t", "public", weight) for n, weight in (("a", 1), ("b", 3))]
    assert share_points({"f": 2.0}, checks) == {"f.a": 0.5, "f.b": 1.5}


def test_points_that_do_not_divide_evenly_are_refused() -> None:
    checks = [Check(f"f.{n}", "t", "public", 1) for n in "abc"]
    with pytest.raises(AuthoringError, match="divide evenly"):
        share_points({"f": 1.0}, checks)


def test_a_rule_is_watched_in_the_call_of_a_probe_too() -> None:
    checks = PublicChecks()
    for watch in (case("f", 2.0, expect=Numbers(FORMULA), probe=True), (2.0,)):
        checks.rule("f.rule", "It is by hand", reason="do it", after="f.any", watch=watch)
    probed, plain = (check.rule.call for check in checks.checks if check.rule)
    assert probed is not None
    assert plain is not None
    assert (probed.probe, plain.probe) == (True, False)
    assert (probed.function, probed.args) == (plain.function, plain.args) == ("f", (2.0,))


def test_a_check_needs_a_title() -> None:
    checks = PublicChecks()
    with pytest.raises(AuthoringError, match="docstring"):

        @checks.add("f.untitled")
        def untitled() -> Iterator[Case]:
            yield case("f", 1.0, expect=Numbers(FORMULA))


def test_a_rule_is_watched_in_a_call_of_a_probe() -> None:
    checks = PublicChecks()
    of_a_probe = case("f", "a net", 2, probe=True, expect=Numbers(FORMULA))
    checks.rule("f.by_hand", "By hand", reason="by hand", after="f.titled", watch=of_a_probe)
    checks.rule("f.too", "By hand", reason="by hand", after="f.titled", watch=(1.0,))
    calls = [check.rule.call for check in checks.checks if check.rule is not None]
    assert calls == [of_a_probe.call, Call("f", (1.0,))]


def test_the_title_is_the_first_line_of_the_docstring() -> None:
    checks = HiddenChecks()

    @checks.add("f.titled", weight=2)
    def titled(rng: np.random.Generator) -> Iterator[Case]:
        """The numbers are right.

        More for authors.
        """
        yield case("f", float(rng.uniform()), expect=Numbers(FORMULA))

    (check,) = checks.checks
    assert (check.title, check.function, check.visibility) == (
        "The numbers are right",
        "f",
        "hidden",
    )
    assert len(check.cases("secret", "slug")) == 1


def test_an_unknown_assignment_names_those_that_there_are() -> None:
    with pytest.raises(GradpathError, match="mse_sweep"):
        load("mse_sweeep")
