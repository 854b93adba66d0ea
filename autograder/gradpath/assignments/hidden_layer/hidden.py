"""Hidden checks of hidden_layer: random networks, batches, sizes and learning rates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gradpath.assignments.hidden_layer.problems import (
    Problem,
    Rng,
    class_labels,
    kinked,
    other_problem,
    random_problem,
    settled,
    singles,
)
from gradpath.assignments.hidden_layer.public import (
    FORWARD_GRAPH,
    GRADIENTS,
    LAYERS,
    LINEAR,
    LOSS_GRAPH,
    NAMES,
    SECOND_DRAW,
    SEQUENTIAL,
    TRAINED,
    as_layers,
    at_a_kink,
    tensors,
)
from gradpath.assignments.hidden_layer.public import trained_model as documented_model
from gradpath.course.declare import (
    EXACT,
    FORMULA,
    TRAJECTORY,
    Array,
    Case,
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

# The loss at the start once more, or one after the last update, costs a public check and no other.
_FOLLOWED = replace(TRAINED, from_start=("losses",))
# Without the losses: they would hide the parameters.
_MOVED = Record({f"parameters.{name}": TRAJECTORY for name in NAMES})


def trained_model(layers: tuple[str, ...] = LAYERS) -> Record:
    """Expect the losses, which may begin with the start, and the weights of the given model."""
    return replace(documented_model(layers), from_start=("losses",))


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
        problem = random_problem(rng, n, sizes)
        yield case(
            "forward", problem.batch[0], tensors(problem.start), expect=Numbers(FORMULA, "logits")
        )
    problem = random_problem(rng, 5, (3, 4, 3))
    given = problem.batch[0], tensors(problem.start)
    others = [other_problem(rng, problem, part) for part in ("x", "start")]
    for args in exchanged(given, (others[0].batch[0], tensors(others[1].start))):
        yield case("forward", *args, expect=Numbers(FORMULA, "logits"))
    yield case("forward", *given, probe=True, expect=FORWARD_GRAPH, twice=True)


@checks.add("forward.scales")
def forward_scales(rng: Rng) -> Cases:
    """The logits are right for very small and very large features"""
    for scale in (1e-3, 500.0):
        problem = random_problem(rng, 5, (3, 5, 4), scale=scale)
        yield case(
            "forward", problem.batch[0], tensors(problem.start), expect=Numbers(FORMULA, "logits")
        )


@checks.add("loss.random_batches", weight=2)
def loss_random_batches(rng: Rng) -> Cases:
    """The loss is right for random logits, any number of samples and classes"""
    for n, classes in ((1, 4), (9, 3), (60, 6), (5, 2), (4, 4)):
        logits = rng.normal(0.0, 2.0, (n, classes)).astype(np.float32)
        labels = class_labels(rng, n, classes)
        # One sample is far from right, so that the mean is well away from zero.
        logits[0, labels[0]] = logits[0].min() - np.float32(1.0)
        yield case("loss", Tensor(logits), Tensor(labels), expect=Numbers(FORMULA, "loss"))
    logits = rng.normal(0.0, 2.0, (6, 3)).astype(np.float32)
    labels = class_labels(rng, 6, 3)
    others = Tensor(2.0 - logits), Tensor((labels + 1) % 3)
    for args in exchanged((Tensor(logits), Tensor(labels)), others):
        yield case("loss", *args, expect=Numbers(FORMULA, "loss"), twice=True)
    given = Tensor(logits, requires_grad=True), Tensor(labels)
    yield case("loss", *given, probe=True, expect=LOSS_GRAPH, twice=True)


@checks.add("loss.large_logits")
def loss_large_logits(rng: Rng) -> Cases:
    """The loss stays finite and right for very large logits"""
    for n, classes in ((3, 3), (6, 4)):
        logits = singles(rng, 100.0, 400.0, (n, classes))
        labels = class_labels(rng, n, classes)
        logits[0, labels[0]] = -450.0
        yield case("loss", Tensor(logits), Tensor(labels), expect=Numbers(FORMULA, "loss"))


@checks.add("backward.random_points", weight=2)
def backward_random_points(rng: Rng) -> Cases:
    """The gradients are right for random batches and networks, of any float dtype"""
    # As many classes as hidden units, or as features: no single size shows every mistake.
    for n, sizes in ((6, (3, 4, 3)), (9, (2, 6, 4)), (5, (4, 3, 3)), (40, (3, 5, 2))):
        yield _gradients(random_problem(rng, n, sizes))
    problem = random_problem(rng, 5, (2, 4, 3))
    yield _gradients(problem, np.float64)
    given = *problem.batch, tensors(problem.start)
    other_x, labels, start = (other_problem(rng, problem, p) for p in ("x", "labels", "start"))
    others = other_x.batch[0], labels.batch[1], tensors(start.start)
    for args in exchanged(given, others):
        yield case("backward", *args, expect=GRADIENTS)


def _gradients(problem: Problem, dtype: type = np.float32, *, twice: bool = False) -> Case:
    start: dict[str, Array] = {name: value.astype(dtype) for name, value in problem.start.items()}
    batch = Tensor(problem.x.astype(dtype)), problem.batch[1]
    return case("backward", *batch, tensors(start), expect=GRADIENTS, twice=twice)


@checks.add("backward.sizes")
def backward_sizes(rng: Rng) -> Cases:
    """The gradients are right for one sample, one feature, and many samples"""
    for n, sizes in ((1, (3, 4, 2)), (1, (2, 3, 3)), (7, (1, 5, 3)), (90, (4, 3, 5))):
        yield _gradients(random_problem(rng, n, sizes))


@checks.add("backward.magnitudes")
def backward_magnitudes(rng: Rng) -> Cases:
    """The gradients keep their digits where features are very small or very large"""
    # The loss hardly changes with any one weight, so a difference of two has no digits left.
    for scale in (1e-9, 1e3):
        yield _gradients(random_problem(rng, 5, (3, 4, 3), scale=scale), np.float64)


@checks.add("backward.random_kinks")
def backward_random_kinks(rng: Rng) -> Cases:
    """Where a ReLU gets exactly 0, its derivative is 0 or 1, for random networks"""
    for n in (4, 1):
        problem, unit = kinked(rng, n, (2, 4, 3))
        yield at_a_kink(*problem.batch, problem.start, unit)


@checks.add("backward.repeatable")
def backward_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    problem = random_problem(rng, 5, (4, 3, 3))
    yield _gradients(problem, twice=True)
    yield _gradients(problem, np.float64, twice=True)


def _train_manual(problem: Problem, *, twice: bool = False, expect: Record = _FOLLOWED) -> Cases:
    given = (*problem.batch, tensors(problem.start), problem.lr, problem.epochs)
    yield case("train_manual", *given, expect=expect, twice=twice)


@checks.add("train_manual.one_step", weight=2)
def train_manual_one_step(rng: Rng) -> Cases:
    """One step moves all four parameters by the right amount"""
    # The learning rate is about 1: the parameters afterwards show every digit of the gradient.
    for n, sizes, scale in ((6, (3, 4, 3), 1.0), (1, (2, 5, 4), 1.0), (7, (2, 4, 3), 2.0)):
        lr = float(rng.uniform(0.6, 1.4))
        problem = random_problem(rng, n, sizes, epochs=1, lr=lr, scale=scale)
        yield from _train_manual(problem, expect=_MOVED)


@checks.add("train_manual.random_runs", weight=3)
def train_manual_random_runs(rng: Rng) -> Cases:
    """Runs on random data, sizes and learning rates follow the reference, step by step"""
    for n, sizes, epochs in ((7, (3, 5, 2), 16), (2, (2, 4, 6), 9), (18, (1, 6, 4), 6)):
        lr = float(rng.uniform(0.03, 0.09))
        yield from _train_manual(random_problem(rng, n, sizes, epochs=epochs, lr=lr))
    problem = random_problem(rng, 4, (2, 3, 3), epochs=2, lr=0.05)
    yield from _train_manual(problem)
    for part in ("x", "labels", "start"):
        yield from _train_manual(other_problem(rng, problem, part))
    yield from _train_manual(replace(problem, lr=0.03))
    yield from _train_manual(replace(problem, epochs=1))
    # Nothing moves where the loss is 0, and hardly with tiny steps: the number of epochs ends runs.
    yield from _train_manual(settled(replace(problem, epochs=15)))
    yield from _train_manual(replace(problem, lr=1e-9, epochs=15))


@checks.add("train_manual.repeatable", weight=2)
def train_manual_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    lr = float(rng.uniform(0.05, 0.2))
    yield from _train_manual(random_problem(rng, 5, (4, 6, 3), epochs=6, lr=lr), twice=True)


@checks.add("ModelWithHiddenLayer.random_models")
def model_random(rng: Rng) -> Cases:
    """Models of other sizes and weights compute the right logits"""
    for n, sizes in ((1, (3, 4, 2)), (9, (2, 7, 5)), (5, (1, 4, 3))):
        problem = random_problem(rng, n, sizes)
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
        problem = random_problem(rng, n, sizes)
        upstream = singles(rng, 0.5, 2.0, (n, sizes[2]))
        yield case(
            "ModelWithHiddenLayer",
            problem.sizes,
            as_layers(problem.start),
            problem.batch[0],
            Tensor(upstream),
            probe=True,
            expect=Record(dict.fromkeys(LAYERS, FORMULA)),
        )


def _linear(problem: Problem) -> tuple[list[int], dict[str, dict[str, Tensor]]]:
    """Return the problem's second layer as a model of its own, on the problem's features."""
    features, _, classes = problem.sizes
    weight = problem.start["Wout"][:features].T
    linear = {"weight": Tensor(np.ascontiguousarray(weight)), "bias": Tensor(problem.start["Bout"])}
    return [features, classes], {"": linear}


def _train_linear(
    problem: Problem, expect: Record, *, kind: str = "library", twice: bool = False
) -> Cases:
    sizes, weights = _linear(problem)
    rest = (*problem.batch, problem.lr, problem.epochs)
    yield case("train_optim", kind, sizes, weights, *rest, probe=True, expect=expect, twice=twice)


@checks.add("train_optim.random_runs", weight=2)
def train_optim_random_runs(rng: Rng) -> Cases:
    """Runs of your model on random data and sizes follow the reference, step by step"""
    for n, sizes, epochs in ((8, (3, 5, 2), 12), (6, (2, 4, 5), 5), (15, (1, 6, 4), 1)):
        lr = float(rng.uniform(0.03, 0.09))
        problem = random_problem(rng, n, sizes, epochs=epochs, lr=lr)
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
    problem = random_problem(rng, 4, (3, 4, 3), epochs=15, lr=0.05)
    yield from _train_linear(settled(problem), trained_model(LINEAR))
    yield from _train_linear(replace(problem, lr=1e-9), trained_model(LINEAR))


@checks.add("train_optim.other_models", weight=2)
def train_optim_other_models(rng: Rng) -> Cases:
    """Models of torch's own classes are trained as well, step by step"""
    yield from _train_linear(
        random_problem(rng, 1, (3, 5, 4), epochs=6, lr=float(rng.uniform(0.05, 0.3))),
        trained_model(LINEAR),
    )
    problem = random_problem(rng, 9, (2, 4, 3), epochs=8, lr=float(rng.uniform(0.05, 0.2)))
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
    yield from _train_linear(
        random_problem(rng, 7, (2, 4, 3), epochs=5, lr=lr), expect, kind="given"
    )


@checks.add("train_optim.repeatable")
def train_optim_repeatable(rng: Rng) -> Cases:
    """A second run from the same weights gives the same record"""
    lr = float(rng.uniform(0.05, 0.2))
    problem = random_problem(rng, 5, (3, 4, 2), epochs=4, lr=lr)
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
        labels = class_labels(rng, n, classes)
        predicted = labels.copy()
        predicted[:wrong] = (predicted[:wrong] + 1) % classes
        order = rng.permutation(n)
        given = Tensor(predicted[order]), Tensor(labels[order])
        yield case("accuracy", *given, expect=Numbers(FORMULA, "accuracy"), twice=True)
    predicted, labels = np.array([0, 1, 2, 1, 0, 2, 2]), np.array([0, 1, 2, 1, 0, 2, 0])
    others = Tensor((predicted + 1) % 3), Tensor(np.where(labels == 0, 1, labels))
    for args in exchanged((Tensor(predicted), Tensor(labels)), others):
        yield case("accuracy", *args, expect=Numbers(FORMULA, "accuracy"))
