"""The documented figures of hand_gradients: the two runs that the source prints."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from gradpath.course.declare import (
    BITS,
    FOUR_DECIMALS,
    Row,
    compare_one,
    compare_sequence,
    documented,
)


def rows(module: ModuleType) -> Iterator[Row]:
    """Compare both runs, by hand and by autograd."""
    slug = "hand_gradients"
    printed_by_hand = documented(slug)
    samples = documented("mse_sweep")  # the same three samples
    for function, label, printed in (
        ("train", "by hand", printed_by_hand),
        ("train_autograd", "autograd", printed_by_hand["autograd_sgd"]),
    ):
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
