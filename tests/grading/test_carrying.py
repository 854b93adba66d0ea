"""Errors carried forward: one mistake costs points once, and numbers by chance earn none."""

from __future__ import annotations

import itertools

import pytest

from gradpath.cohort.run import Run
from gradpath.course.master import solution_of
from gradpath.grading.results import score_of
from tests.conftest import submission
from tests.support.carrying import ACCIDENTS, accident, table, unfair
from tests.support.dishonest import DISHONEST, Attack

EXAMPLES = (
    ("hand_gradients", "plain_loops", "gradient"),
    ("hand_gradients", "functional_autograd", "loss"),
    ("linear_regression", "vectorised", "model"),
    ("rosenbrock", "plain_floats", "rosenbrock"),
    ("mse_sweep", "vectorised", "loss"),
    ("hidden_layer", "plain_autograd", "forward"),
)

STYLES = (
    # The wrong function shows by its own value alone, or does not show, that others take its kind.
    (("hand_gradients", "float32_throughout", "predict"), "a list"),
    (("linear_regression", "tensors_returned", "gradients"), "stops inside"),
    (("linear_regression", "tensors_returned", "gradients"), "not defined"),
)


@pytest.mark.parametrize(
    ("example", "how"),
    # Each accident once, in one style after the other.
    [*zip(itertools.cycle(EXAMPLES), ACCIDENTS, strict=False), *STYLES],
    ids=lambda value: "-".join(value[::2]) if isinstance(value, tuple) else value,
)
def test_right_later_functions_lose_nothing(
    whole_run: Run, example: tuple[str, str, str], how: str
) -> None:
    broken = accident(*example, how)
    result = whole_run.grade(submission(broken.slug, broken.text)).result
    assert unfair(broken, result) == 0.0, result


IN_THE_ORDER_OF_THE_TEXT = """
def gradient(y, x, w):
    return 2 * x * (x * w - y)
"""
IN_ITS_OWN = """
def gradient(target, feature, weight):
    return 2 * feature * (feature * weight - target)


def loss(x, y, w):
    return (x * w - y) ** 2 / 2


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(y, x, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}
"""
WITH_NAMES = IN_ITS_OWN.replace("loss(x, y, w))", "loss(x, w=w, y=y))")
WITH_NAMES = WITH_NAMES[WITH_NAMES.index("def train") :].replace("(y, x, w)", "(x, w=w, y=y)")


@pytest.mark.parametrize(
    ("text", "undefined"),
    [
        pytest.param(IN_THE_ORDER_OF_THE_TEXT, "", id="calls in the order of the text"),
        pytest.param(IN_ITS_OWN, "", id="calls in its own order, beside another mistake"),
        pytest.param(WITH_NAMES, "gradient", id="calls a function that is not there by names"),
    ],
)
def test_later_functions_keep_to_either_order_of_arguments(
    whole_run: Run, text: str, undefined: str
) -> None:
    whole = with_function("hand_gradients", text)
    if undefined:
        whole = whole.replace(f"def {undefined}(", "def another(", 1)
    result = whole_run.grade(submission("hand_gradients", whole)).result
    got, maximum = score_of(result, "gradient")
    assert got < maximum
    assert score_of(result, "train") == (3.0, 3.0), result


BY_SAMPLE = """
def forward(x, parameters):
    return None


def loss(labels, logits):
    return F.cross_entropy(logits, labels)


def train_manual(x, labels, parameters, lr, epochs):
    p = {k: v.detach().clone().requires_grad_(True) for k, v in parameters.items()}
    losses = []
    for _ in range(epochs):
        parts = [loss(forward(xi, p), yi) for xi, yi in zip(x.split(1), labels.split(1))]
        value = sum(parts) / len(labels)
        value.backward()
        losses.append(value.item())
        with torch.no_grad():
            for v in p.values():
                v -= lr * v.grad
                v.grad = None
    return {"losses": losses, "parameters": p}
"""


@pytest.mark.slow
def test_the_longest_check_follows_where_it_asks_for_each_sample(whole_run: Run) -> None:
    """Here it calls `loss` in the order of the text, which the solution cannot take by names."""
    text = with_function("hidden_layer", BY_SAMPLE)
    result = whole_run.grade(submission("hidden_layer", text)).result
    got, maximum = score_of(result, "train_manual")
    assert got == maximum, result


def test_asking_without_end_makes_no_check_right_but_the_longest(whole_run: Run) -> None:
    text = ENDLESS.replace(
        "        return None\n",
        "        return None\n    if epochs != 10:\n"
        "        return right_train(xs, ys, w, lr, epochs)\n",
    )
    whole = with_function("hand_gradients", "right_train = train\n" + text)
    result = whole_run.grade(submission("hand_gradients", whole)).result
    passed = {check.id for check in result.checks if check.outcome == "passed"}
    assert "train.documented" not in passed  # it is not the longest: random runs are
    assert {"train.random_runs", "train.scales", "train.repeatable"} <= passed


QUICK = (
    ("hand_gradients", "predict replays whatever makes loss and gradient agree"),
    ("hand_gradients", "nothing earlier functions"),
    ("hand_gradients", "finite differences of the stand-in"),
    ("hand_gradients", "questions in another's name"),
    ("mse_sweep", "forward is a table that loss fills"),
)


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(attack, marks=() if (attack.slug, attack.name) in QUICK else pytest.mark.slow)
        for attack in DISHONEST
    ],
    ids=lambda a: f"{a.slug}-{a.name}",
)
def test_nothing_right_earns_nothing(whole_run: Run, attack: Attack) -> None:
    result = whole_run.grade(submission(attack.slug, attack.text)).result
    assert {name: score_of(result, name)[0] for name in attack.not_right} == dict.fromkeys(
        attack.not_right, 0.0
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slug", "step"),
    [
        *(("mse_sweep", 167), ("hand_gradients", 257), ("rosenbrock", 263)),
        *(("linear_regression", 809), ("hidden_layer", 863)),  # these take longer
    ],
)
def test_a_part_of_the_table(whole_run: Run, slug: str, step: int) -> None:
    """One in so many, no divisor of the number of ways: `python -m tests.support.carrying`."""
    # The table's other lines are attacks; test_nothing_right_earns_nothing has them one by one.
    fair = next(line for line in table(whole_run, [slug], step) if line.startswith("honest: "))
    bad, _, of = fair.removeprefix("honest: ").split()[:3]
    # Of the whole table, some in a thousand are unfair: one may be among a dozen.
    assert int(bad) <= 1 < int(of), fair


def with_function(slug: str, text: str) -> str:
    return f"{solution_of(slug)}\n\n{text}"


WRONG = "def gradient(x, y, w):\n    return -2 * x * (predict(x, w) - y)\n"
HUGE = """
def gradient(x, y, w):
    return -1.0


def train(xs, ys, w, lr, epochs):
    import numpy as np
    for shape in ((2_000, 2_000), (4_000, 1), (1, 4_000), (3, 3, 3, 3, 3)):
        for _ in range(5):
            gradient(np.ones(shape), 1.0, w)
"""


def test_one_submission_does_nothing_to_the_next(whole_run: Run) -> None:
    """Its questions may be too large, too many or wrong: the next one's are answered."""
    before = whole_run.grade(submission("hand_gradients", with_function("hand_gradients", WRONG)))
    for text in (HUGE, HUGE.replace("np.ones(shape)", "'x'"), ENDLESS):
        graded = whole_run.grade(
            submission("hand_gradients", with_function("hand_gradients", text))
        )
    # Questions without end are ended; the answers are the submission's time, too.
    assert score_of(graded.result, "train")[0] == 0.0
    assert graded.spent is not None
    assert 0.05 < graded.spent.wall < 60.0
    after = whole_run.grade(submission("hand_gradients", with_function("hand_gradients", WRONG)))
    assert score_of(before.result, "train") == (3.0, 3.0)
    assert after.result == before.result


ENDLESS = """
def gradient(x, y, w):
    return -1.0


def train(xs, ys, w, lr, epochs):
    if gradient(1.0, 2.0, 1.0) == -1.0:
        return None
    while True:
        gradient(1.0, 2.0, 1.0)
"""


def test_nothing_of_a_run_again_is_shown(whole_run: Run) -> None:
    """A value that only the solution has comes back as an exception's text, and is not told."""
    text = (
        "def gradient(x, y, w):\n    return 0.0 * x\n\n\n"
        "def train(xs, ys, w, lr, epochs):\n"
        "    raise ValueError(f'it is {gradient(2.0, 4.0, 0.5)!r}')\n"
    )
    result = whole_run.grade(
        submission("hand_gradients", with_function("hand_gradients", text))
    ).result
    messages = [check.message for check in result.checks if check.id.startswith("train.")]
    assert all("it is 0.0" in message and "-12" not in message for message in messages), messages
