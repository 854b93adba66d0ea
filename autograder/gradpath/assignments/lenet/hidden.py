"""Hidden checks of lenet: random sizes, pictures, weights and graphs."""

from __future__ import annotations

import itertools

import numpy as np

from gradpath.assignments.lenet.public import (
    DEEPER,
    KINDS,
    LAYERS,
    LOSS_GRAPH,
    OUTPUTS,
    REFUSED,
    SHAPES,
    SMALL,
    WALK,
    batch,
    differentiated,
    parameters,
    trained,
)
from gradpath.course.declare import (
    EXACT,
    FORMULA,
    TRAJECTORY,
    Array,
    Cases,
    HiddenChecks,
    Numbers,
    Record,
    Tensor,
    away_from_zero,
    case,
    exchanged,
)

checks = HiddenChecks()

Rng = np.random.Generator
_UNARY = ("tanh", "exp", "sin", "cos", "relu", "sigmoid")
_STATE = Record(parameters("net", TRAJECTORY, SMALL))
"""Without the record: it would hide that another network was trained."""


def _seed(rng: Rng) -> int:
    return int(rng.integers(1000, 2**31))


def _values(rng: Rng, *shape: int) -> Array:
    return away_from_zero(rng, 0.3, 2.0, shape).astype(np.float32)


def _batch(rng: Rng, n: int, outputs: int) -> tuple[Tensor, Tensor]:
    # Of one size: torch prepares a convolution anew for each, which takes longer than to run it.
    return batch(_values(rng, n, 1, 6, 6), _values(rng, n, outputs))


@checks.add("flat_features.sides")
def flat_features_sides(rng: Rng) -> Cases:
    """The number of features is right for other sides, even and odd"""
    # Each remainder by 4 occurs: rows are left out by the first pool, by the second, or by both.
    for remainder in range(4):
        side = 4 * int(rng.integers(4, 60)) + remainder
        yield case("flat_features", side, expect=Numbers(EXACT, "features"), twice=True)
    yield case("flat_features", 17, expect=Numbers(EXACT, "features"))


@checks.add("LeNet.random_pictures", weight=2)
def lenet_random_pictures(rng: Rng) -> Cases:
    """The outputs are right for several pictures, and for other ones and other weights"""
    given, others = ((_seed(rng), Tensor(_values(rng, 2, 1, 32, 32))) for _ in range(2))
    for args in exchanged(given, others):
        yield case("LeNet", *args, probe=True, expect=OUTPUTS, twice=args is given)


@checks.add("LeNet.graph")
def lenet_graph(rng: Rng) -> Cases:
    """Autograd reaches every parameter through the outputs"""
    names = [f"{layer}.{kind}" for layer in LAYERS for kind in KINDS]
    facts = {name: f"backward() from the outputs does not reach {name}" for name in names}
    expect = Record(dict.fromkeys(names, EXACT), facts=facts)
    yield case(
        "LeNet", _seed(rng), Tensor(_values(rng, 2, 1, 32, 32)), True, probe=True, expect=expect
    )


@checks.add("mse_loss.random_batches")
def mse_loss_random_batches(rng: Rng) -> Cases:
    """The loss and its slopes are right for random batches, in float64 as well"""
    for shape, kind in (((1, 7), np.float32), ((4, 3), np.float64), ((2, 2, 5), np.float32)):
        output, target = (_values(rng, *shape).astype(kind) for _ in range(2))
        given = Tensor(output, True), Tensor(target)
        yield case("mse_loss", *given, probe=True, expect=LOSS_GRAPH, twice=True)
    pairs = [(Tensor(_values(rng, 3, 3)), Tensor(_values(rng, 3, 3))) for _ in range(2)]
    for args in exchanged(*pairs):
        yield case("mse_loss", *args, expect=Numbers(FORMULA, "loss"))


@checks.add("mse_loss.shapes_again")
def mse_loss_shapes_again(rng: Rng) -> Cases:
    """Only a target of shape (k,) is reshaped, and only into (1, k); nothing is broadcast"""
    k = int(rng.integers(4, 9))
    equal: list[tuple[tuple[int, ...], ...]] = [((1, k), (k,)), ((k,), (k,)), ((1, k), (1, k))]
    for shapes in equal:
        given = [Tensor(_values(rng, *shape)) for shape in shapes]
        yield case("mse_loss", *given, expect=Numbers(FORMULA, "loss"))
    for shapes in (
        *(((3, k), (k,)), ((k,), (1, k)), ((k, 1), (k,)), ((2, k), (1, k)), ((k, 1), (1, k))),
        *(((3, k), (3,)), ((1, k), (k, 1)), ((2, k), (2 * k,)), ((2, k), (k, 2)), ((1, k), (1,))),
    ):
        given = [Tensor(_values(rng, *shape)) for shape in shapes]
        yield case("mse_loss", *given, True, probe=True, expect=REFUSED)


def _chain(rng: Rng, length: int) -> str:
    """Write a chain of functions; no two neighbours are equal, so that each step has its name."""
    names: list[str] = []
    while len(names) < length:
        name = str(rng.choice(_UNARY))
        if not names or name != names[-1]:
            names.append(name)
    return "".join(f".{name}()" for name in names)


@checks.add("graph_walk.random_graphs", weight=2)
def graph_walk_random_graphs(rng: Rng) -> Cases:
    """The names are right along random graphs, with branches and without biases"""
    long = int(rng.integers(6, 10))
    product = f"(leaf(3){_chain(rng, 3)} * leaf(3)){_chain(rng, 2)}"
    linear = f"F.linear(data(2, 4){_chain(rng, 1)}, leaf(3, 4), leaf(3))"
    network = "nn.Sequential(nn.Conv2d(1, 2, 3, bias=False), nn.Tanh(), nn.Flatten(), "
    network += "nn.Linear(32, 2, bias=False))(data(1, 1, 6, 6))"
    for formula, steps in (
        (f"loss = leaf(4){_chain(rng, long)}.sum()", 50),
        (f"loss = leaf(4){_chain(rng, long)}.mean()", long // 2),
        (f"loss = ({product} - data(3)).pow(2).mean()", 50),
        (f"loss = (leaf(3) * leaf(3){_chain(rng, 3)}).sum()", 5),
        (f"loss = nn.L1Loss()({linear}{_chain(rng, 2)}, data(2, 3))", 50),
        (f"loss = nn.MSELoss()({network}, data(1, 2))", 50),
    ):
        yield case("graph_walk", formula, steps, probe=True, expect=WALK, twice=True)


@checks.add("graph_walk.ends")
def graph_walk_ends(rng: Rng) -> Cases:
    """The walk ends after any number of steps, where there is no next node, and without a graph"""
    chain = _chain(rng, 5)
    for steps in (0, 1, 5, 6, 7, 8):
        yield case("graph_walk", f"loss = leaf(2){chain}.sum()", steps, probe=True, expect=WALK)
    for formula in (
        f"loss = (data(3) * leaf(3){_chain(rng, 2)}).sum()",
        f"loss = (data(3) - leaf(3)){_chain(rng, 3)}.sum()",
        f"loss = data(3){chain}.sum()",
    ):
        yield case("graph_walk", formula, 40, probe=True, expect=WALK)


@checks.add("leaf_shapes.random_graphs", weight=2)
def leaf_shapes_random_graphs(rng: Rng) -> Cases:
    """The shapes are right for random graphs, where some tensors are only data"""
    for depth in (2, 4):
        sizes = [int(size) for size in rng.choice(np.arange(2, 9), depth + 1, replace=False)]
        text = f"data(2, {sizes[0]})"
        for inner, outer in itertools.pairwise(sizes):
            bias = rng.choice((f"leaf({outer})", f"data({outer})", "None"))
            text = f"F.linear({text}, leaf({outer}, {inner}), {bias}){_chain(rng, 1)}"
        formula = f"loss = nn.MSELoss()({text}, data(2, {sizes[-1]}))"
        yield case("leaf_shapes", formula, probe=True, expect=SHAPES, twice=True)
    last = int(rng.integers(2, 6))
    formula = f"loss = (data(3, {last}) * leaf(3, 1) - leaf() / leaf({last})).mean()"
    yield case("leaf_shapes", formula, probe=True, expect=SHAPES)
    network = "nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))"
    formula = f"loss = {network}(data(2, 1, 4, 4)){_chain(rng, 2)}.sum()"
    yield case("leaf_shapes", formula, probe=True, expect=SHAPES)


@checks.add("leaf_shapes.shared")
def leaf_shapes_shared(rng: Rng) -> Cases:
    """A tensor that is used twice counts once, and tensors of equal shapes all count"""
    n = int(rng.integers(3, 9))
    for formula in (
        f"w = leaf({n}); loss = (w.exp() * w + w{_chain(rng, 2)} * data({n})).sum()",
        f"loss = (leaf({n}) + leaf({n}) * leaf({n}) - data({n})).mean()",
        f"w = leaf({n}, {n}); h = w @ w; h = h + h; h = h * h; loss = (h @ leaf({n}) + w[0]).sum()",
    ):
        yield case("leaf_shapes", formula, probe=True, expect=SHAPES)


@checks.add("bias_gradient.random_arrays", weight=2)
def bias_gradient_random_arrays(rng: Rng) -> Cases:
    """The gradient is right for random arrays and tensors of all sizes"""
    for shape in ((1, 4, 3, 5), (3, 3, 4, 3), (5, 1, 2, 6), (2, 6, 1, 1)):
        # Offsets, so that no sum is near 0, where nothing but rounding is left of it.
        values = rng.uniform(0.5, 1.5, shape) * rng.choice([-2.0, 1.0], (1, shape[1], 1, 1))
        yield case("bias_gradient", values, expect=Numbers(FORMULA), twice=True)
        single = Tensor(values.astype(np.float32))
        yield case("bias_gradient", single, expect=Numbers(FORMULA), twice=True)
    one, other = (Tensor(rng.uniform(0.5, 1.5, (2, 3, 4, 5))) for _ in range(2))
    for args in exchanged((one,), (other,)):
        yield case("bias_gradient", *args, expect=Numbers(FORMULA))


@checks.add("gradients.random_networks")
def gradients_random_networks(rng: Rng) -> Cases:
    """The gradients are right for random networks and batches"""
    run = ([2, 2, 2], _seed(rng), *_batch(rng, 2, 2))
    yield case("gradients", *run, probe=True, expect=differentiated(DEEPER), twice=True)
    picture, target = _batch(rng, 1, 5)
    run = ([2, 5], _seed(rng), picture, Tensor(target.array[0]))
    yield case("gradients", *run, probe=True, expect=differentiated(SMALL))
    given = [(_seed(rng), *_batch(rng, 2, 3)) for _ in range(2)]
    for args in exchanged(*given):
        yield case("gradients", [2, 3], *args, probe=True, expect=differentiated(SMALL))


@checks.add("gradients.clean")
def gradients_clean(rng: Rng) -> Cases:
    """Gradients of before do not count, and a later call does not change the result"""
    expect = Record(
        {**parameters("gradients", FORMULA, SMALL), **parameters("again", FORMULA, SMALL)}
    )
    run = ([2, 4], _seed(rng), *_batch(rng, 2, 4), True)
    yield case("gradients", *run, probe=True, expect=expect, twice=True)


def _moved(layers: tuple[str, ...]) -> Record:
    return Record({**parameters("net", FORMULA, layers), **parameters("again", FORMULA, layers)})


@checks.add("sgd_step.random_networks")
def sgd_step_random_networks(rng: Rng) -> Cases:
    """All parameters of random networks move in place, in every step"""
    for network, side, layers in (([3, 4], 6, SMALL), ([2, 3, 2], 7, DEEPER), ([2, 4], 5, SMALL)):
        lr = float(rng.uniform(0.1, 0.9))
        run = (network, _seed(rng), Tensor(_values(rng, 1, 1, side, side)), lr)
        yield case("sgd_step", *run, probe=True, expect=_moved(layers), twice=True)


@checks.add("sgd_step.without_gradient")
def sgd_step_without_gradient(rng: Rng) -> Cases:
    """A parameter without a gradient stays, and the others move"""
    for name in ("conv1.bias", "out.weight"):
        lr = float(rng.uniform(0.1, 0.9))
        run = ([2, 4], _seed(rng), Tensor(_values(rng, 1, 1, 5, 5)), lr, name)
        yield case("sgd_step", *run, probe=True, expect=_moved(SMALL))


def _random_runs(rng: Rng, function: str) -> Cases:
    for network, steps, layers in (([2, 2, 3], 3, DEEPER), ([2, 5], 1, SMALL)):
        lr = float(rng.uniform(0.02, 0.08))
        run = (network, _seed(rng), *_batch(rng, 2, network[-1]), lr, steps)
        yield case(function, *run, probe=True, expect=trained(layers), twice=steps > 1)
    given = [(_seed(rng), *_batch(rng, 2, 3), lr) for lr in (0.03, 0.07)]
    for args in exchanged(*given):
        yield case(function, [2, 3], *args, 2, probe=True, expect=trained(SMALL))


def _other_starts(rng: Rng, function: str) -> Cases:
    lr = float(rng.uniform(0.02, 0.08))
    run = ([2, 4], _seed(rng), *_batch(rng, 2, 4), lr, 2, True)
    yield case(function, *run, probe=True, expect=trained(SMALL))
    picture, target = _batch(rng, 1, 3)
    run = ([2, 3], _seed(rng), picture, Tensor(target.array[0]), lr, 2, True)
    yield case(function, *run, probe=True, expect=trained(SMALL))
    # Nothing that shows moves: a loop that ends by itself ends here.
    run = ([2, 3], _seed(rng), *_batch(rng, 2, 3), 1e-9, 6, False)
    yield case(function, *run, probe=True, expect=trained(SMALL))


@checks.add("train_manual.random_runs")
def train_manual_random_runs(rng: Rng) -> Cases:
    """Runs with random networks, batches and rates follow the reference, step by step"""
    yield from _random_runs(rng, "train_manual")


@checks.add("train_manual.other_starts")
def train_manual_other_starts(rng: Rng) -> Cases:
    """Gradients of before do not count, one picture has a target (k,), and all steps are made"""
    yield from _other_starts(rng, "train_manual")


@checks.add("train_optim.random_runs")
def train_optim_random_runs(rng: Rng) -> Cases:
    """Runs with random networks, batches and rates follow the reference, step by step"""
    yield from _random_runs(rng, "train_optim")


@checks.add("train_optim.other_starts")
def train_optim_other_starts(rng: Rng) -> Cases:
    """Gradients of before do not count, one picture has a target (k,), and all steps are made"""
    yield from _other_starts(rng, "train_optim")


@checks.add("train_optim.given_network")
def train_optim_given_network(rng: Rng) -> Cases:
    """It is the given network whose parameters have moved"""
    run = ([2, 3], _seed(rng), *_batch(rng, 2, 3), 0.05, 3)
    yield case("train_optim", *run, probe=True, expect=_STATE)
