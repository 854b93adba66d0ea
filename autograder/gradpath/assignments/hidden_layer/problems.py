"""Random data of hidden_layer's hidden checks: batches, networks, and how to train them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gradpath.assignments.hidden_layer.public import NAMES
from gradpath.course.declare import Array, Tensor, away_from_zero

Rng = np.random.Generator


def singles(rng: Rng, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """Draw as `away_from_zero` does, in float32."""
    return away_from_zero(rng, low, high, shape).astype(np.float32)


def class_labels(rng: Rng, n: int, classes: int) -> Array:
    """Draw classes; with enough samples every class occurs."""
    return np.asarray(rng.permutation(np.arange(n) % classes + (n < classes)), dtype=np.int64)


@dataclass(frozen=True)
class Problem:
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
    def sums(self) -> Array:
        """The inputs of the ReLU, in float64."""
        values = {name: value.astype(np.float64) for name, value in self.start.items()}
        return np.asarray(self.x.astype(np.float64) @ values["W1"] + values["B1"])

    @property
    def likely(self) -> Array:
        """The probabilities of the classes at the start."""
        logits = np.maximum(self.sums, 0.0) @ self.start["Wout"] + self.start["Bout"]
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))

    @property
    def batch(self) -> tuple[Tensor, Tensor]:
        return Tensor(self.x), Tensor(self.labels)


def random_problem(
    rng: Rng,
    n: int,
    sizes: tuple[int, int, int],
    *,
    epochs: int = 0,
    lr: float = 0.0,
    scale: float = 1.0,
) -> Problem:
    """Draw a problem on which every equivalent implementation follows the same path.

    ReLU has a kink: a sum that comes out as 1e-8 in float32 and -1e-8 in float64 sends two right
    runs different ways. So draws are repeated until no sum comes near zero on the whole path.
    """
    features, hidden, classes = sizes
    while True:
        x = singles(rng, 0.3 * scale, 2.0 * scale, (n, features))
        start = {
            "W1": singles(rng, 0.3 / scale, 1.8 / scale, (features, hidden)),
            "B1": singles(rng, 0.1, 0.9, (hidden,)),
            "Wout": singles(rng, 0.2, 1.4, (hidden, classes)),
            "Bout": singles(rng, 0.1, 1.0, (classes,)),
        }
        problem = Problem(x, class_labels(rng, n, classes), start, lr, epochs)
        if _is_tame(problem):
            return problem


def _is_tame(problem: Problem) -> bool:
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


def other_problem(rng: Rng, problem: Problem, part: str) -> Problem:
    """Return a problem in which one part alone is exchanged for another of its size."""
    while True:
        features, hidden, classes = problem.sizes
        drawn = random_problem(rng, len(problem.x), (features, hidden, classes))
        other = replace(problem, **{part: getattr(drawn, part)})
        if _is_tame(other) and (part != "labels" or (other.labels != problem.labels).any()):
            return other


def settled(problem: Problem) -> Problem:
    """Return a problem with loss 0: the first class is far ahead, and every sample's."""
    bias = np.full_like(problem.start["Bout"], -3000.0)
    bias[0] = 0.0
    start, labels = {**problem.start, "Bout": bias}, np.zeros_like(problem.labels)
    return replace(problem, start=start, labels=labels)


def kinked(rng: Rng, n: int, sizes: tuple[int, int, int]) -> tuple[Problem, int]:
    """Return a problem in which a hidden unit's ReLU gets exactly 0, and the unit.

    Small fractions of two are added without rounding, in any order.
    """
    features, hidden, classes = sizes
    while True:
        x = rng.integers(1, 4, (n, features)) * rng.choice([-1.0, 1.0], (n, features))
        start = {
            "W1": rng.integers(1, 5, (features, hidden))
            * rng.choice([-0.5, 0.5], (features, hidden)),
            "B1": rng.integers(1, 5, hidden) * rng.choice([-0.25, 0.25], hidden),
            "Wout": singles(rng, 0.3, 1.4, (hidden, classes)),
            "Bout": singles(rng, 0.1, 1.0, (classes,)),
        }
        unit = int(rng.integers(hidden))
        start["B1"][unit] = -(x[0] @ start["W1"][:, unit])
        problem = Problem(
            x.astype(np.float32),
            class_labels(rng, n, classes),
            {name: value.astype(np.float32) for name, value in start.items()},
            0.0,
            0,
        )
        on = problem.sums > 0
        upper = problem.likely - np.eye(classes)[problem.labels]
        lower = upper / n @ start["Wout"].T
        if np.count_nonzero(problem.sums == 0) == 1 and abs(lower[0, unit]) > 0.05 and on.any():
            return problem, unit
