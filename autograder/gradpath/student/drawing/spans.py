"""Spans: the limits of an axis. The expected run fills it, and a wrong one stays in sight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradpath.worker.codec import Array


@dataclass(frozen=True)
class Span:
    """The limits of an axis, and whether some of the student's values lie outside."""

    low: float
    high: float
    logarithmic: bool
    cut: bool

    def tame(self, values: Array) -> Array:
        """Bring values far outside closer: the line leaves the panel, and nothing overflows."""
        if self.logarithmic:
            return np.clip(values, self.low / 1e3, self.high * 1e3)
        far = 3 * (self.high - self.low)
        return np.clip(values, self.low - far, self.high + far)

    def inside(self, value: float) -> float:
        """Return the value, or the limit that it lies behind."""
        return float(np.clip(value, self.low, self.high))


def span_of(expected: Array, got: Array, *, may_be_log: bool) -> Span:
    """Choose an axis: the reference fills it, the student's values are in it unless far away."""
    finite = got[np.isfinite(got)]
    lowest = float(expected.min(initial=np.inf))
    highest = float(expected.max(initial=-np.inf))
    if not np.isfinite((lowest, highest)).all():
        lowest, highest = 0.0, 1.0  # an empty reference
    logarithmic = may_be_log and lowest > 0 and highest > 100 * lowest and bool((finite > 0).all())
    if logarithmic:
        lowest, highest, got = np.log10(lowest), np.log10(highest), np.log10(got)
    extent = max(highest - lowest, 0.02 * max(abs(lowest), abs(highest)), 1e-9)
    low, high = lowest - 1.5 * extent, highest + 1.5 * extent
    outside = (got < low) | (got > high)
    near = got[np.isfinite(got) & ~outside]
    low, high = near.min(initial=lowest), near.max(initial=highest)
    margin = 0.07 * max(high - low, extent)
    low, high = float(low - margin), float(high + margin)
    cut = bool(outside.any())
    return Span(10.0**low, 10.0**high, True, cut) if logarithmic else Span(low, high, False, cut)


def not_too_long(got: Array, expected: Array) -> Array:
    """Cut a run that goes on and on: it would squeeze the part that matters."""
    return got[: max(2 * len(expected), len(expected) + 10)]
