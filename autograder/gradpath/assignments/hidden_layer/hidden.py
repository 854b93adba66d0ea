"""Hidden checks of hidden_layer: random networks, batches, sizes and learning rates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gradpath.assignments.hidden_layer.public import (
    FORWARD_GRAPH,
    LAYERS,
    LINEAR,
    LOSS_GRAPH,
    NAMES,
    SECOND_DRAW,
    SEQUENTIAL,
    TRAINED,
    as_layers,
    tensors,
    trained_model,
)
from gradpath.course.declare import (
    EXACT,
    FORMULA,
    TRAJECTORY,
    Array,
    Cases,
    Generator,
    HiddenChecks,
    Numbers,
    Record,
    Tensor,
    case,
    exchanged,
)

checks = HiddenChecks()

Rng = np.random.Generator
# Without the losses: one entry too many must not cost all checks of a run.
_MOVED = Record({f"parameters.{name}": TRAJECTORY for name in NAMES})


def _away_from_zero(rng: Rng, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """Draw magnitudes between `low` and `high` with random signs, as float32."""
    values = rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape)
    return np.asarray(values, dtype=np.float32)


def _labels(rng: Rng, n: int, classes: int) -> Array:
    """Draw classes; with enough samples every class occurs."""
    return np.asarray(rng.permutation(np.arange(n) % classes + (n < classes)), dtype=np.int64)


@dataclass(frozen=True)
class _Problem:
    """A batch, a network to start from, and how to train it."""

    x: Array
    labels: Array
    start: dict[str, Array]
    lr: float
    epochs: int

    @property
    def sizes(self) -> list[int]:
        return [*self.start["W1"].shape, len(self.start["Bout"])]

    @property
    def batch(self) -> tuple[Tensor, Tensor]:
        return Tensor(self.x), Tensor(self.labels)


def _problem(
    rng: Rng,
    n: int,
    sizes: tuple[int, int, int],
    *,
    epochs: int = 0,
    lr: float = 0.0,
    scale: float = 1.0,
) -> _Problem:
    """Draw a problem on which every equivalent implementation follows the same path.

    ReLU has a kink: a sum that comes out as 1e-8 in float32 and -1e-8 in float64 sends two right
    runs different ways. So draws are repeated until no sum comes near zero on the whole path.
    """
    features, hidden, classes = sizes
    while True:
        x = _away_from_zero(rng, 0.3 * scale, 2.0 * scale, (n, features))
        start = {
            "W1": _away_from_zero(rng, 0.3 / scale, 1.8 / scale, (features, hidden)),
            "B1": _away_from_zero(rng, 0.1, 0.9, (hidden,)),
            "Wout": _away_from_zero(rng, 0.2, 1.4, (hidden, classes)),
            "Bout": _away_from_zero(rng, 0.1, 1.0, (classes,)),
        }
        problem = _Problem(x, _labels(rng, n, classes), start, lr, epochs)
        if _is_tame(problem):
            return problem


def _is_tame(problem: _Problem) -> bool:
    """Tell whether ReLU is on and off clearly, and the loss neither vanishes nor explodes."""
    values = {name: value.astype(np.float64) for name, value in problem.start.items()}
    x, rows = problem.x.astype(np.float64), np.arange(len(problem.x))
    for _ in range(problem.epochs + 1):
        sums = x @ values["W1"] + values["B1"]
        on = sums > 0
        logits = (sums * on) @ values["Wout"] + values["Bout"]
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        error = -np.log(likely[rows, problem.labels]).mean()
        clear = np.abs(sums).min() > 1e-3 and 0.2 < on.mean() < 0.9 and logits.min() < -0.05
        # Nor may the first layer stand still: the slopes that reach it must be worth looking at.
        dead = len(x) > 3 and not on.any(axis=0).all()  # a unit that learns nothing at all
        if not clear or dead or not 0.2 < error < 8.0:
            return False
        likely[rows, problem.labels] -= 1
        upper = likely / len(x)
        lower = (upper @ values["Wout"].T) * on
        if np.abs(lower).max() < 1e-2:
            return False
        slopes = {
            "W1": x.T @ lower,
            "B1": lower.sum(axis=0),
            "Wout": (sums * on).T @ upper,
            "Bout": upper.sum(axis=0),
        }
        for name in NAMES:
            values[name] -= problem.lr * slopes[name]
    return True


@checks.add("init_parameters.sizes", weight=2)
def init_parameters_sizes(rng: Rng) -> Cases:
    """The parameters are right for other sizes and other generators"""
    fields = dict.fromkeys(NAMES, FORMULA)
    for sizes in ((1, 1, 2), (4, 9, 5), (3, 3, 3)):
        seed = int(rng.integers(1000, 2**31))
        yield case("init_parameters", *sizes, Generator(seed), expect=Record(fields))
    seed = int(rng.integers(1000, 2**31))
    yield case("init_parameters", 4, 3, 2, Generator(seed), probe=True, expect=SECOND_DRAW)
    # A second call draws other numbers, so that only its leaves can be compared.
    leaves = Record({f"is_leaf.{name}": EXACT for name in NAMES})
    yield case("init_parameters", 4, 3, 2, Generator(seed), probe=True, expect=leaves, twice=True)


@checks.add("forward.random_networks", weight=2)
def forward_random_networks(rng: Rng) -> Cases:
    """The logits are right for random batches and networks of all sizes"""
    for n, sizes in ((1, (3, 4, 2)), (8, (2, 6, 5)), (40, (5, 3, 3)), (4, (1, 7, 4))):
        problem = _problem(rng, n, sizes)
        yield case(
            "forward", problem.batch[0], tensors(problem.start), expect=Numbers(FORMULA, "logits")
        )
    problem = _problem(rng, 5, (3, 4, 3))
    given = problem.batch[0], tensors(problem.start)
    others = [_other(rng, problem, part) for part in ("x", "start")]
    for args in exchanged(given, (others[0].batch[0], tensors(others[1].start))):
        yield case("forward", *args, expect=Numbers(FORMULA, "logits"))
    yield case("forward", *given, probe=True, expect=FORWARD_GRAPH, twice=True)


def _other(rng: Rng, problem: _Problem, part: str) -> _Problem:
    """Return a problem in which one part alone is exchanged for another of its size."""
    while True:
        features, hidden, classes = problem.sizes
        drawn = _problem(rng, len(problem.x), (features, hidden, classes))
        other = replace(problem, **{part: getattr(drawn, part)})
        if _is_tame(other) and (part != "labels" or (other.labels != problem.labels).any()):
            return other


@checks.add("forward.scales")
def forward_scales(rng: Rng) -> Cases:
    """The logits are right for very small and very large features"""
    for scale in (1e-3, 500.0):
        problem = _problem(rng, 5, (3, 5, 4), scale=scale)
        yield case(
            "forward", problem.batch[0], tensors(problem.start), expect=Numbers(FORMULA, "logits")
        )


@checks.add("loss.random_batches")
def loss_random_batches(rng: Rng) -> Cases:
    """The loss is right for random logits, any number of samples and classes"""
    for n, classes in ((1, 4), (9, 3), (60, 6), (5, 2), (4, 4)):
        logits = rng.normal(0.0, 2.0, (n, classes)).astype(np.float32)
        labels = _labels(rng, n, classes)
        # One sample is far from right, so that the mean is well away from zero.
        logits[0, labels[0]] = logits[0].min() - np.float32(1.0)
        yield case("loss", Tensor(logits), Tensor(labels), expect=Numbers(FORMULA, "loss"))
    logits = rng.normal(0.0, 2.0, (6, 3)).astype(np.float32)
    labels = _labels(rng, 6, 3)
    others = Tensor(2.0 - logits), Tensor((labels + 1) % 3)
    for args in exchanged((Tensor(logits), Tensor(labels)), others):
        yield case("loss", *args, expect=Numbers(FORMULA, "loss"), twice=True)
    given = Tensor(logits, requires_grad=True), Tensor(labels)
    yield case("loss", *given, probe=True, expect=LOSS_GRAPH, twice=True)


@checks.add("loss.large_logits")
def loss_large_logits(rng: Rng) -> Cases:
    """The loss stays finite and right for very large logits"""
    for n, classes in ((3, 3), (6, 4)):
        logits = _away_from_zero(rng, 100.0, 400.0, (n, classes))
        labels = _labels(rng, n, classes)
        logits[0, labels[0]] = -450.0
        yield case("loss", Tensor(logits), Tensor(labels), expect=Numbers(FORMULA, "loss"))


def _train_manual(problem: _Problem, *, twice: bool = False, expect: Record = TRAINED) -> Cases:
    given = (*problem.batch, tensors(problem.start), problem.lr, problem.epochs)
    yield case("train_manual", *given, expect=expect, twice=twice)


@checks.add("train_manual.one_step", weight=2)
def train_manual_one_step(rng: Rng) -> Cases:
    """One step moves all four parameters by the right amount"""
    # The learning rate is about 1: the parameters afterwards show every digit of the gradient.
    for n, sizes, scale in ((6, (3, 4, 3), 1.0), (1, (2, 5, 4), 1.0), (7, (2, 4, 3), 2.0)):
        lr = float(rng.uniform(0.6, 1.4))
        problem = _problem(rng, n, sizes, epochs=1, lr=lr, scale=scale)
        yield from _train_manual(problem, expect=_MOVED)


@checks.add("train_manual.random_runs", weight=3)
def train_manual_random_runs(rng: Rng) -> Cases:
    """Runs on random data, sizes and learning rates follow the reference, step by step"""
    for n, sizes, epochs in ((7, (3, 5, 2), 16), (2, (2, 4, 6), 9), (18, (1, 6, 4), 6)):
        lr = float(rng.uniform(0.03, 0.09))
        yield from _train_manual(_problem(rng, n, sizes, epochs=epochs, lr=lr))
    problem = _problem(rng, 4, (2, 3, 3), epochs=2, lr=0.05)
    yield from _train_manual(problem)
    for part in ("x", "labels", "start"):
        yield from _train_manual(_other(rng, problem, part))
    yield from _train_manual(replace(problem, lr=0.03))
    yield from _train_manual(replace(problem, epochs=1))
    # Nothing moves where the loss is 0, and hardly with tiny steps: the number of epochs ends runs.
    yield from _train_manual(_settled(replace(problem, epochs=15)))
    yield from _train_manual(replace(problem, lr=1e-9, epochs=15))


def _settled(problem: _Problem) -> _Problem:
    """Return a problem with loss 0: the first class is far ahead, and every sample's."""
    bias = np.full_like(problem.start["Bout"], -3000.0)
    bias[0] = 0.0
    start, labels = {**problem.start, "Bout": bias}, np.zeros_like(problem.labels)
    return replace(problem, start=start, labels=labels)


@checks.add("train_manual.repeatable", weight=2)
def train_manual_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    lr = float(rng.uniform(0.05, 0.2))
    yield from _train_manual(_problem(rng, 5, (4, 6, 3), epochs=6, lr=lr), twice=True)


@checks.add("ModelWithHiddenLayer.random_models")
def model_random(rng: Rng) -> Cases:
    """Models of other sizes and weights compute the right logits"""
    for n, sizes in ((1, (3, 4, 2)), (9, (2, 7, 5)), (5, (1, 4, 3))):
        problem = _problem(rng, n, sizes)
        yield case(
            "ModelWithHiddenLayer",
            problem.sizes,
            as_layers(problem.start),
            problem.batch[0],
            probe=True,
            expect=Record({**dict.fromkeys(LAYERS, FORMULA), "logits": FORMULA}),
            twice=True,
        )


@checks.add("ModelWithHiddenLayer.slopes")
def model_slopes(rng: Rng) -> Cases:
    """Backpropagation reaches the weights and biases of both layers"""
    for n, sizes in ((6, (3, 5, 2)), (2, (2, 4, 4))):
        problem = _problem(rng, n, sizes)
        upstream = _away_from_zero(rng, 0.5, 2.0, (n, sizes[2]))
        yield case(
            "ModelWithHiddenLayer",
            problem.sizes,
            as_layers(problem.start),
            problem.batch[0],
            Tensor(upstream),
            probe=True,
            expect=Record(dict.fromkeys(LAYERS, FORMULA)),
        )


def _linear(problem: _Problem) -> tuple[list[int], dict[str, dict[str, Tensor]]]:
    """Return the problem's second layer as a model of its own, on the problem's features."""
    features, _, classes = problem.sizes
    weight = problem.start["Wout"][:features].T
    linear = {"weight": Tensor(np.ascontiguousarray(weight)), "bias": Tensor(problem.start["Bout"])}
    return [features, classes], {"": linear}


def _train_linear(
    problem: _Problem, expect: Record, *, kind: str = "library", twice: bool = False
) -> Cases:
    sizes, weights = _linear(problem)
    rest = (*problem.batch, problem.lr, problem.epochs)
    yield case("train_optim", kind, sizes, weights, *rest, probe=True, expect=expect, twice=twice)


@checks.add("train_optim.random_runs", weight=2)
def train_optim_random_runs(rng: Rng) -> Cases:
    """Runs of your model on random data and sizes follow the reference, step by step"""
    for n, sizes, epochs in ((8, (3, 5, 2), 12), (6, (2, 4, 5), 5), (15, (1, 6, 4), 1)):
        lr = float(rng.uniform(0.03, 0.09))
        problem = _problem(rng, n, sizes, epochs=epochs, lr=lr)
        yield case(
            "train_optim",
            "own",
            problem.sizes,
            as_layers(problem.start),
            *problem.batch,
            problem.lr,
            problem.epochs,
            probe=True,
            expect=trained_model(),
        )
    problem = _problem(rng, 4, (3, 4, 3), epochs=15, lr=0.05)
    yield from _train_linear(_settled(problem), trained_model(LINEAR))
    yield from _train_linear(replace(problem, lr=1e-9), trained_model(LINEAR))


@checks.add("train_optim.other_models", weight=2)
def train_optim_other_models(rng: Rng) -> Cases:
    """Models of torch's own classes are trained as well, step by step"""
    yield from _train_linear(
        _problem(rng, 1, (3, 5, 4), epochs=6, lr=float(rng.uniform(0.05, 0.3))),
        trained_model(LINEAR),
    )
    problem = _problem(rng, 9, (2, 4, 3), epochs=8, lr=float(rng.uniform(0.05, 0.2)))
    own = as_layers(problem.start)
    yield case(
        "train_optim",
        "library",
        problem.sizes,
        {"0": own["linear1"], "2": own["linear2"]},
        *problem.batch,
        problem.lr,
        problem.epochs,
        probe=True,
        expect=trained_model(SEQUENTIAL),
    )


@checks.add("train_optim.given_model", weight=2)
def train_optim_given_model(rng: Rng) -> Cases:
    """It is the given model whose weights have moved"""
    # No losses here: they would hide that a run of some other model leaves this one as it was.
    expect = Record({f"model.{name}": TRAJECTORY for name in LINEAR})
    lr = float(rng.uniform(0.1, 0.3))
    yield from _train_linear(_problem(rng, 7, (2, 4, 3), epochs=5, lr=lr), expect, kind="given")


@checks.add("train_optim.repeatable")
def train_optim_repeatable(rng: Rng) -> Cases:
    """A second run from the same weights gives the same record"""
    lr = float(rng.uniform(0.05, 0.2))
    problem = _problem(rng, 5, (3, 4, 2), epochs=4, lr=lr)
    yield from _train_linear(problem, trained_model(LINEAR), twice=True)


@checks.add("predict.random_batches")
def predict_random_batches(rng: Rng) -> Cases:
    """The predicted classes are right for random logits, positive and negative"""
    for n, classes, shift in ((1, 5, 0.0), (12, 3, -9.0), (6, 6, 0.0), (9, 2, 4.0)):
        logits = rng.normal(shift, 3.0, (n, classes)).astype(np.float32)
        if n == classes:
            # Chance alone lets one draw in a thousand look the same along both dimensions. So one
            # class is everybody's, and one sample has less of it than all others, and more than
            # they of another class: compared with the samples, it would go there.
            sample, (common, other) = rng.integers(n), rng.permutation(classes)[:2]
            logits[:, common] += np.float32(30.0)
            logits[sample, common] = logits[:, common].min() - np.float32(1.0)
            logits[sample, other] = logits[:, other].max() + np.float32(1.0)
        yield case("predict", Tensor(logits), expect=Numbers(EXACT, "predicted"), twice=True)
        yield case("predict", Tensor(-logits), expect=Numbers(EXACT, "predicted"))


@checks.add("accuracy.random_batches")
def accuracy_random_batches(rng: Rng) -> Cases:
    """The accuracy is right for random predictions, any number of samples"""
    for n, classes, wrong in ((7, 3, 3), (1, 4, 0), (50, 5, 31), (6, 2, 6)):
        labels = _labels(rng, n, classes)
        predicted = labels.copy()
        predicted[:wrong] = (predicted[:wrong] + 1) % classes
        order = rng.permutation(n)
        given = Tensor(predicted[order]), Tensor(labels[order])
        yield case("accuracy", *given, expect=Numbers(FORMULA, "accuracy"), twice=True)
    predicted, labels = np.array([0, 1, 2, 1, 0, 2, 2]), np.array([0, 1, 2, 1, 0, 2, 0])
    others = Tensor((predicted + 1) % 3), Tensor(np.where(labels == 0, 1, labels))
    for args in exchanged((Tensor(predicted), Tensor(labels)), others):
        yield case("accuracy", *args, expect=Numbers(FORMULA, "accuracy"))
