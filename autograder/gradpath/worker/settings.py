"""Settings of Python, NumPy and torch that belong to the caller of a function.

A call that leaves them changed changes the numbers of code that has nothing to do with it. Drawing
random numbers is no change, since a new layer draws some; setting the seed is one.
"""

from __future__ import annotations

import random
import sys
from typing import Any, Final

import numpy as np
from numpy import geterr, seterr
from numpy import random as numpy_random

SEED: Final = 1_707_261_977
"""The seed of torch before calls that are watched; no student's code has it by chance."""


class Settings:
    """The settings as a module has left them when it was loaded."""

    def __init__(self) -> None:
        """Read them."""
        torch = sys.modules.get("torch")
        self._numpy = geterr()
        self._torch = None
        if torch is not None:
            self._torch = torch.get_default_dtype(), torch.is_grad_enabled()
        self._seeded = False
        self._seeds: list[dict[str, Any]] = []

    def restore(self) -> None:
        """Make the settings those again, and random numbers such that a new seed shows."""
        torch = sys.modules.get("torch")
        seterr(**self._numpy)
        if torch is not None and self._torch is not None:
            torch.set_default_dtype(self._torch[0])
            torch.set_grad_enabled(self._torch[1])
        self._seeded = torch is not None
        if torch is not None:
            # `torch.manual_seed` seeds accelerators, too, at a multiple of the price.
            torch.default_generator.manual_seed(SEED)
        random.random()
        numpy_random.random()
        self._seeds = [_states()]

    def look(self) -> None:
        """Look at the random numbers after one of two equal calls."""
        self._seeds.append(_states())

    def changed(self) -> list[str]:
        """Name the settings that two equal calls have changed."""
        torch = sys.modules.get("torch")
        before, once, twice = self._seeds
        # After a new seed both calls end in one state; after draws alone each ends in another.
        names = [name for name in before if before[name] != once[name] == twice[name]]
        if geterr() != self._numpy:
            names.append("NumPy's error handling")
        if torch is not None and self._seeded:
            if torch.initial_seed() != SEED:
                names.append("torch's random seed")
            now = torch.get_default_dtype(), torch.is_grad_enabled()
            both = zip(("default dtype", "grad mode"), now, self._torch or now, strict=True)
            names += [f"torch's {name}" for name, new, old in both if new != old]
        return names


def _states() -> dict[str, Any]:
    kind, keys, *rest = numpy_random.get_state()
    numpy_state = kind, np.asarray(keys).tobytes(), *rest
    return {"Python's random seed": random.getstate(), "NumPy's random seed": numpy_state}
