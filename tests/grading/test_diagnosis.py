"""From wrong numbers to mistakes, and errors carried forward, on the real engine."""

from __future__ import annotations

import pytest

from gradpath.cohort.run import Run
from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.course.mistakes import Variant, apply, edit
from gradpath.grading.results import Result, score_of
from tests.conftest import SLUGS, first_names, outcomes, submission


def with_mistakes(run: Run, slug: str, *variants: Variant) -> Result:
    return run.grade(submission(slug, apply(solution_of(slug), variants))).result


def variant(slug: str, name: str, function: str) -> Variant:
    (known,) = [known for known in load(slug).misconceptions if known.id == name]
    return next(variant for variant in known.variants if variant.function == function)


@pytest.mark.parametrize(
    ("slug", "first", "second"),
    [
        (
            "hand_gradients",
            ("missing-factor-two", "gradient"),
            ("gradients-not-zeroed", "train_autograd"),
        ),
        # train builds on gradient: its own mistake shows only on top of the other one.
        ("hand_gradients", ("missing-factor-two", "gradient"), ("loss-before-update", "train")),
        ("hand_gradients", ("forgot-chain-rule", "gradient"), ("epochs-off-by-one", "train")),
        ("rosenbrock", ("y-gradient-halved", "gradient"), ("sequential-update", "descend")),
        ("mse_sweep", ("endpoint-dropped", "weight_grid"), ("argmax-for-argmin", "best_weight")),
        pytest.param(
            "linear_regression",
            ("mean-over-rows-only", "mse"),
            ("missing-factor-two", "gradients"),
            marks=pytest.mark.slow,
        ),
        ("hidden_layer", ("relu-missing", "forward"), ("argmax-over-samples", "predict")),
    ],
)
def test_two_mistakes_in_different_functions_are_both_named(
    whole_run: Run, slug: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    variants = [variant(slug, *first), variant(slug, *second)]
    result = with_mistakes(whole_run, slug, *variants)
    named = first_names(result)
    for name, function in (first, second):
        at = {ids[0] for check, ids in named.items() if check.startswith(f"{function}.")}
        assert at == {name}, named


def test_a_train_that_uses_a_wrong_gradient_keeps_its_points(whole_run: Run) -> None:
    wrong = variant("hand_gradients", "missing-factor-two", "gradient")
    result = with_mistakes(whole_run, "hand_gradients", wrong)
    assert score_of(result, "train") == (3.0, 3.0)
    assert score_of(result, "gradient")[0] == 0.0
    carried = [c for c in result.checks if c.id.startswith("train.")]
    assert all("once gradient is right" in check.message for check in carried)


def test_a_wrong_loss_is_carried_through_autograd(whole_run: Run) -> None:
    wrong = variant("hand_gradients", "half-squared-error", "loss")
    result = with_mistakes(whole_run, "hand_gradients", wrong)
    assert score_of(result, "train_autograd") == (2.5, 2.5)
    assert score_of(result, "train") == (3.0, 3.0)
    assert score_of(result, "loss")[0] == 0.0


def test_nothing_is_carried_for_a_function_that_is_wrong_itself(whole_run: Run) -> None:
    variants = [
        variant("hand_gradients", "missing-factor-two", "gradient"),
        variant("hand_gradients", "ascent-step", "train"),
    ]
    result = with_mistakes(whole_run, "hand_gradients", *variants)
    assert score_of(result, "train")[0] == 0.0


@pytest.mark.parametrize(
    ("name", "step", "points"),
    [
        ("sign-flipped-residual", "w + lr * g", 3.0),
        ("missing-factor-two", "w - 2 * lr * g", 3.0),
        ("missing-factor-two", "w + 2 * lr * g", 0.0),
        ("forgot-chain-rule", "w - x * lr * g", 0.0),  # no constant factor: g is not the gradient
    ],
)
def test_two_mistakes_that_cancel_cost_one_function(
    whole_run: Run, name: str, step: str, points: float
) -> None:
    variants = [
        variant("hand_gradients", name, "gradient"),
        edit("train", ("w - lr * g", step)),
    ]
    result = with_mistakes(whole_run, "hand_gradients", *variants)
    assert score_of(result, "gradient")[0] == 0.0
    assert score_of(result, "train")[0] == points


@pytest.mark.parametrize(
    ("slug", "function", "lost"),
    [
        ("hand_gradients", "train", 0.5),
        ("rosenbrock", "descend", 0.375),
        pytest.param("linear_regression", "train_numpy", 0.75, marks=pytest.mark.slow),
        pytest.param("hidden_layer", "train_manual", 0.6, marks=pytest.mark.slow),
    ],
)
def test_a_history_that_begins_with_the_start_costs_a_check(
    whole_run: Run, slug: str, function: str, lost: float
) -> None:
    result = with_mistakes(whole_run, slug, variant(slug, "history-with-start", function))
    got, maximum = score_of(result, function)
    assert maximum - got == pytest.approx(lost)


def test_a_function_that_stops_in_an_unwritten_one_keeps_its_points(whole_run: Run) -> None:
    text = solution_of("hand_gradients") + (
        "\n\ndef gradient(x, y, w):\n    residual = x * w - y\n"
        "    raise NotImplementedError('gradient is not written yet')\n"
    )
    result = whole_run.grade(submission("hand_gradients", text)).result
    found = outcomes(result)
    assert found["gradient.examples"] == "not_attempted"
    assert found["train.documented"] == "passed"
    assert found["train_autograd.documented"] == "passed"


@pytest.mark.parametrize("slug", SLUGS)
def test_half_of_the_functions_give_about_half_of_the_points(whole_run: Run, slug: str) -> None:
    from gradpath.course.master import skeleton_of

    assignment = load(slug)
    functions = assignment.functions
    done = {f for f in functions if not f[0].isupper()}  # methods of classes have names of theirs
    done = set(list(functions)[: (len(functions) + 1) // 2]) & done
    result = whole_run.grade(submission(slug, skeleton_of(slug, written=done))).result
    assert 2.0 <= result.score <= 7.0
    for function in done:
        got, maximum = score_of(result, function)
        assert got == maximum, function


CONSTANTS = """
def forward(x, w):
    return x * w


def loss(x, y, w):
    return 1.0


def mean_squared_error(xs, ys, w):
    return 1.0
"""


def test_a_constant_follows_from_nothing(whole_run: Run) -> None:
    """The mean of a constant loss is that constant, and so is a function that computes nothing."""
    result = whole_run.grade(submission("mse_sweep", CONSTANTS)).result
    assert score_of(result, "forward")[0] == 1.0
    assert score_of(result, "mean_squared_error")[0] == 0.0


def test_the_mean_of_a_wrong_loss_keeps_its_points(whole_run: Run) -> None:
    code = CONSTANTS.replace("return 1.0", "return abs(forward(x, w) - y)", 1).replace(
        "return 1.0", "return sum(loss(x, y, w) for x, y in zip(xs, ys)) / len(xs)"
    )
    result = whole_run.grade(submission("mse_sweep", code)).result
    assert score_of(result, "loss")[0] == 0.0
    assert score_of(result, "mean_squared_error")[0] == 2.0
