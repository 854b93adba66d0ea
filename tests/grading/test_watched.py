"""Evidence of watched calls: when it speaks against a function, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import msgspec
import numpy as np
import pytest

from gradpath.course.load import load
from gradpath.engine.session import Session
from gradpath.grading.oracle import plan_of
from gradpath.grading.watched import objection, watch
from gradpath.worker.protocol import Call, Evidence, Observation
from tests.conftest import SLUGS
from tests.grading.toy import toy

BACKWARD = "ran a backward pass of autograd"
SHIFTED = "called {} with other numbers than its own, as finite differences do"


@pytest.mark.parametrize(
    ("slug", "check", "evidence", "words"),
    [
        ("hand_gradients", "gradient.by_hand", Evidence(), ""),
        ("hand_gradients", "gradient.by_hand", Evidence(backward=1), BACKWARD),
        ("hand_gradients", "gradient.by_hand", Evidence(forward=1),
         "ran the forward mode of autograd"),
        ("hand_gradients", "gradient.by_hand", Evidence(optimizer=1), ""),
        ("hand_gradients", "gradient.by_hand", Evidence(entered=["loss", "predict"]), ""),
        ("hand_gradients", "gradient.by_hand", Evidence(entered=["train"]), "called train"),
        ("hand_gradients", "gradient.by_hand",
         Evidence(entered=["predict", "loss"], shifted=["loss"]), SHIFTED.format("loss")),
        ("hand_gradients", "gradient.by_hand", Evidence(entered=["<b>"], shifted=["<b>"]), ""),
        ("hand_gradients", "train_autograd.autograd", Evidence(backward=4, entered=["loss"]), ""),
        ("hand_gradients", "train_autograd.autograd",
         Evidence(backward=4, entered=["loss"], shifted=["loss", "predict"]), ""),
        ("hand_gradients", "train_autograd.autograd", Evidence(entered=["train"]),
         "ran no backward pass of autograd"),
        ("hand_gradients", "train_autograd.autograd", Evidence(forward=2),
         "ran no backward pass of autograd, only its forward mode"),
        ("hand_gradients", "train_autograd.autograd", Evidence(backward=1, entered=["train"]),
         "called train"),
        ("rosenbrock", "gradient.by_hand", Evidence(entered=["rosenbrock"]), ""),
        ("rosenbrock", "descend_autograd.autograd", Evidence(backward=1, entered=["descend"]),
         "called descend"),
        ("linear_regression", "gradients.by_hand", Evidence(entered=["mse"], shifted=["mse"]),
         SHIFTED.format("mse")),
        ("linear_regression", "train.autograd", Evidence(backward=2, entered=["model", "mse"]), ""),
        ("hidden_layer", "train_manual.by_hand", Evidence(backward=2, entered=["forward", "loss"]),
         ""),
        ("hidden_layer", "train_manual.by_hand", Evidence(entered=["forward", "loss", "backward"]),
         ""),
        ("hidden_layer", "backward.by_hand", Evidence(entered=["forward", "loss"]), ""),
        ("hidden_layer", "backward.by_hand", Evidence(backward=1), BACKWARD),
        ("hidden_layer", "backward.by_hand", Evidence(entered=["forward"], shifted=["forward"]),
         SHIFTED.format("forward")),
        ("hidden_layer", "train_manual.by_hand", Evidence(optimizer=9),
         "ran an optimizer of torch.optim"),
        ("hidden_layer", "train_manual.by_hand",
         Evidence(entered=["forward", "loss", "predict", "accuracy"]), ""),
        ("hidden_layer", "train_manual.by_hand", Evidence(entered=["ModelWithHiddenLayer"]),
         "called ModelWithHiddenLayer"),
        # Functions without a rule, at their first public check.
        ("hand_gradients", "train.documented", Evidence(entered=["predict", "loss", "gradient"]),
         ""),
        ("hand_gradients", "train.documented", Evidence(entered=["train_autograd"]),
         "called train_autograd"),
        ("hand_gradients", "train.documented", Evidence(backward=30), BACKWARD),
        ("hand_gradients", "predict.examples", Evidence(backward=1), ""),
        ("hand_gradients", "predict.examples", Evidence(entered=["loss"]), ""),
        ("hand_gradients", "loss.examples", Evidence(entered=["gradient"]), "called gradient"),
        ("rosenbrock", "descend.first_steps", Evidence(entered=["descend_autograd"]),
         "called descend_autograd"),
        ("linear_regression", "train_numpy.examples", Evidence(entered=["model", "train"]),
         "called train"),
        ("hidden_layer", "train_optim.documented",
         Evidence(backward=3, optimizer=9, entered=["ModelWithHiddenLayer", "loss", "accuracy"]),
         ""),
        ("hidden_layer", "train_optim.documented", Evidence(entered=["train_manual"]),
         "called train_manual"),
        ("hidden_layer", "accuracy.examples", Evidence(entered=["predict"]), ""),
        ("hidden_layer", "forward.examples", Evidence(entered=["ModelWithHiddenLayer"]),
         "called ModelWithHiddenLayer"),
        ("mse_sweep", "sweep.documented",
         Evidence(entered=["mean_squared_error", "weight_grid", "best_weight"]), ""),
        ("mse_sweep", "mean_squared_error.examples", Evidence(entered=["sweep"]), ""),
        ("mse_sweep", "weight_grid.values", Evidence(entered=["sweep"]), "called sweep"),
        ("mse_sweep", "plot_sweep.curve", Evidence(entered=["best_weight", "weight_grid"]), ""),
    ],
)  # fmt: skip
def test_words(slug: str, check: str, evidence: Evidence, words: str) -> None:
    assignment = load(slug)
    (rule,) = [known for known in assignment.checks if known.id == check]
    assert objection(assignment, rule, {check: evidence}) == words
    assert objection(assignment, rule, {}) == ""


class _Worker:
    """Answers every watched call in the same way."""

    def __init__(self, answer: Observation) -> None:
        self.answer = answer
        self.calls: list[Call] = []

    def observe_all(self, calls: Sequence[Call]) -> list[Observation]:
        self.calls += calls
        return [self.answer for _ in calls]


def watched(answer: Observation, *right: str) -> tuple[dict[str, Evidence], list[Call]]:
    worker = _Worker(answer)
    assignment = load("hand_gradients")
    found = watch(
        cast(Session, worker), plan_of(assignment, "watched"), assignment, right.__contains__
    )
    return found, worker.calls


def test_only_functions_with_right_numbers_are_watched() -> None:
    evidence = Evidence(backward=1, entered=["loss"])
    answer = Observation("returned", msgspec.to_builtins(evidence))
    found, calls = watched(answer, "gradient.examples", "train.documented")
    assert found == dict.fromkeys(("gradient.by_hand", "train.documented"), evidence)
    assert [(call.function, call.watched) for call in calls] == [
        ("gradient", True), ("train", True)
    ]  # fmt: skip
    assert watched(answer) == ({}, [])


@pytest.mark.parametrize(
    "value",
    [None, 3, [1], np.zeros(3), {"backward": "many"}, {"entered": [1]}, {"shifted": None}],
)
def test_a_reply_that_is_no_evidence_counts_as_none(value: Any) -> None:
    assert watched(Observation("returned", value), "gradient.examples")[0] == {}
    assert watched(Observation("timeout"), "gradient.examples")[0] == {}


@pytest.mark.parametrize("outcome", ["killed", "timeout"])
def test_a_call_that_does_not_return_is_no_evidence(outcome: Any) -> None:
    seen = Observation(outcome, msgspec.to_builtins(Evidence(backward=1)))
    assert watched(seen, "gradient.examples")[0] == {}


def test_the_first_public_call_is_watched_wherever_it_stands() -> None:
    course = toy()
    checks = sorted(course.checks, key=lambda check: (check.build is not None, check.visibility))
    course = replace(course, checks=tuple(checks))
    worker = _Worker(Observation("returned", msgspec.to_builtins(Evidence())))
    found = watch(cast(Session, worker), plan_of(course, "secret"), course, bool)
    assert list(found) == ["double.two", "more.two"]
    assert [call.args for call in worker.calls] == [(2.0,), (2.0,)]


def test_autograd_in_a_derivative_is_held_against_the_derivative_alone() -> None:
    assignment = load("hand_gradients")
    checks = {check.id: check for check in assignment.checks}
    seen = {name: Evidence(backward=1) for name in ("gradient.by_hand", "train.documented")}
    assert objection(assignment, checks["gradient.by_hand"], seen) == BACKWARD
    assert objection(assignment, checks["train.documented"], seen) == ""


def test_an_optimizer_in_an_earlier_function_is_held_against_that_function_alone() -> None:
    assignment = load("hidden_layer")
    checks = {check.id: check for check in assignment.checks}
    seen = {"train_manual.by_hand": Evidence(optimizer=4)}
    assert objection(assignment, checks["train_manual.by_hand"], seen) != ""
    seen["loss.examples"] = Evidence(optimizer=2)
    assert objection(assignment, checks["train_manual.by_hand"], seen) == ""


def test_every_function_is_watched_once() -> None:
    for slug in SLUGS:
        assignment = load(slug)
        worker = _Worker(Observation("returned", msgspec.to_builtins(Evidence())))
        found = watch(cast(Session, worker), plan_of(assignment, "watched"), assignment, bool)
        functions = [check.partition(".")[0] for check in found]
        assert len(functions) == len(set(functions))
        needs = assignment.settings.needs
        ruled = {check.function for check in assignment.checks if check.rule is not None}
        apart = set(assignment.functions) - needs.keys() - set().union(*needs.values()) - ruled
        assert set(functions) == set(assignment.functions) - apart


def test_every_rule_has_a_call_that_is_short() -> None:
    for slug in SLUGS:
        for check in load(slug).checks:
            if check.rule is not None:
                assert check.rule.call is not None
                assert check.rule.call.function == check.function
