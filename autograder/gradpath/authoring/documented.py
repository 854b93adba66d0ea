"""The documented figures against what the solutions give now.

Everything in the right-hand column is computed when it is asked for: the solutions are loaded and
run on the documented data. Nothing is copied from the sources but what stands in documented.json.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np

from gradpath.course.load import documented, master_path
from gradpath.errors import AuthoringError

SHOWN: Final = 3
"""So many entries of a sequence are shown one by one; its last row stands for all of them."""

DIFFERS: Final = "differs"


@dataclass(frozen=True)
class Row:
    """A documented figure next to ours, or a whole sequence of them when there are no values."""

    assignment: str
    figure: str
    documented: str
    computed: str
    agreement: str
    agrees: bool


@dataclass(frozen=True)
class NotReproducible:
    """A source whose figures nobody can reproduce, with the reason."""

    part: str
    reason: str


def solution_module(slug: str) -> ModuleType:
    """Import a master as a module, for authors' commands only; students' code goes to a worker.

    Raises:
        AuthoringError: there is no master here.
    """
    path = master_path(slug)
    name = f"gradpath_solution_{slug}"
    if not path.is_file():
        raise AuthoringError(
            f"the solution of {slug} is not here: this is the student edition, "
            "which can check but not reproduce"
        )
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AuthoringError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if "torch" in sys.modules:
        # One thread, as in a worker: sums come out in one order only, and small runs are faster.
        sys.modules["torch"].set_num_threads(1)
    return module


# How two values are laid side by side. Each way gives both as text; equal texts agree.


@dataclass(frozen=True)
class _Way:
    name: str
    write: Callable[[Any], str]


def _digits(value: Any) -> str:
    return repr(float(value))


BITS: Final = _Way("bit for bit", _digits)
"""`repr` of a float is different for different floats, so equal texts are equal bits."""
FLOAT32: Final = _Way("bit for bit (float32)", lambda value: str(np.float32(value)))
TWELVE: Final = _Way("12 digits as printed", lambda value: f"{float(value):.12g}")
FOUR_DECIMALS: Final = _Way("4 decimals as printed", lambda value: f"{float(value):.4f}")
COUNT: Final = _Way("equal", lambda value: str(int(value)))


def compare_sequence(
    assignment: str, name: str, want: Sequence[Any], got: Sequence[Any], way: _Way, first: int = 0
) -> Iterator[Row]:
    """Yield the first rows of a sequence, every row that differs, and one row for the whole.

    `first` is the index at which the documented part of the sequence begins.
    """
    right = 0
    for index, (expected, computed) in enumerate(zip(want, got, strict=False)):
        texts = way.write(expected), way.write(computed)
        agrees = texts[0] == texts[1]
        right += agrees
        if index < SHOWN or not agrees:
            place = f"{name}[{first + index}]"
            yield Row(assignment, place, *texts, way.name if agrees else DIFFERS, agrees)
    lengths = "" if len(got) == len(want) else f", but there are {len(got)}"
    summary = f"{right} of {len(want)} {way.name}{lengths}"
    yield Row(assignment, f"{name}, all", "", "", summary, right == len(want) == len(got))


def compare_one(assignment: str, name: str, want: Any, got: Any, way: _Way) -> Row:
    """Compare a single figure."""
    texts = way.write(want), way.write(got)
    agrees = texts[0] == texts[1]
    return Row(assignment, name, *texts, way.name if agrees else DIFFERS, agrees)


def reproduce() -> Iterator[Row]:
    """Run the solutions on the documented data and compare everything that was printed.

    Raises:
        AuthoringError: a solution is not here.
    """
    yield from _mse_sweep()
    yield from _hand_gradients()
    yield from _rosenbrock()


def not_reproducible() -> list[NotReproducible]:
    """Return the sources that print nothing which can be reproduced, with their reasons."""
    figures = documented()
    parts = ("linear_regression", "hidden_layer", "loss_and_optim")
    return [NotReproducible(part, figures[part]["note"]) for part in parts]


def _mse_sweep() -> Iterator[Row]:
    slug = "mse_sweep"
    printed, module = documented()[slug], solution_module(slug)
    weights = module.weight_grid()
    losses = module.sweep(np.array(printed["x"]), np.array(printed["y"]), weights)
    count = len(printed["mse"])
    yield from compare_sequence(slug, "weight", printed["weights"], weights[:count], TWELVE)
    yield from compare_sequence(slug, "mse", printed["mse"], losses[:count], TWELVE)
    # The number of weights is printed inside a sentence.
    announced = re.search(r"(\d+) weights", printed["grid"])
    if announced is None:
        raise AuthoringError("documented.json does not say any more how many weights there are")
    yield compare_one(slug, "number of weights", announced[1], len(weights), COUNT)
    best = module.best_weight(weights, losses)
    yield compare_one(slug, "best weight", printed["minimum_at"], best, BITS)


def _hand_gradients() -> Iterator[Row]:
    slug = "hand_gradients"
    module = solution_module(slug)
    samples = documented()["mse_sweep"]  # the same three samples
    for function, label, part in (
        ("train", "by hand", slug),
        ("train_autograd", "autograd", "autograd_sgd"),
    ):
        printed = documented()[part]
        start = printed["w0"]
        run = getattr(module, function)
        record = run(samples["x"], samples["y"], start, printed["learning_rate"], printed["epochs"])
        # A float32 is written with the digits of the float64 that holds it: the same comparison.
        for key in ("gradients", "losses"):
            name = f"{label}: {key}"
            yield from compare_sequence(slug, name, printed[key], record[key], BITS)
        before, after = (module.predict(4.0, w) for w in (start, record["weights"][-1]))
        name = f"{label}: predict(4)"
        yield compare_one(slug, f"{name} before", printed["prediction_before"], before, BITS)
        if "prediction_after" in printed:
            yield compare_one(slug, f"{name} after", printed["prediction_after"], after, BITS)
        else:
            rounded = printed["prediction_after_printed"]
            yield compare_one(slug, f"{name} after", rounded, after, FOUR_DECIMALS)


def _rosenbrock() -> Iterator[Row]:
    slug = "rosenbrock"
    printed, module = documented()[slug], solution_module(slug)
    record = module.descend(
        printed["start"], printed["step_size"], printed["tolerance"], printed["max_iterations"]
    )
    yield compare_one(slug, "iterations", printed["iterations"], record["iterations"], COUNT)
    # The source numbers its lines from 0, and so do histories.
    tail = [(index, loss) for index, loss in printed["tail"] if index < len(record["losses"])]
    losses = [loss for _, loss in printed["tail"]]
    ours = [record["losses"][index] for index, _ in tail]
    first = printed["tail"][0][0]
    yield from compare_sequence(slug, "losses", losses, ours, BITS, first)
    for name, want, got in zip("xy", printed["point"], record["points"][-1], strict=True):
        yield compare_one(slug, f"final {name}", want, got, FLOAT32)
