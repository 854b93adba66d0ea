"""Settings of Python, NumPy and torch that belong to the caller of a function.

A call that leaves them changed changes the numbers of code that has nothing to do with it. Drawing
random numbers is no change, since a new layer draws some; setting the seed is one.
"""

from __future__ import annotations

import random
import sys
from typing import Final

from numpy import geterr, seterr
from numpy.random import random as drawn_by_numpy

SEED: Final = 1_707_261_977
"""The seed of torch before calls that are watched; no student's code has it by chance."""
_GENERATORS: Final = ("Python's random seed", "NumPy's random seed")
_ERRORS: Final = "NumPy's error handling"
_SEED: Final = "torch's random seed"
_OF_TORCH: Final = ("torch's default dtype", "torch's grad mode")
NAMES: Final = (*_GENERATORS, _ERRORS, _SEED, *_OF_TORCH)
"""The names of all settings, as messages have them."""
_drawn_by_python: Final = random.random


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
        self._drawn: list[dict[str, float]] = []

    def restore(self) -> None:
        """Make the settings those again."""
        torch = sys.modules.get("torch")
        seterr(**self._numpy)
        if torch is not None and self._torch is not None:
            torch.set_default_dtype(self._torch[0])
            torch.set_grad_enabled(self._torch[1])
        self._seeded = torch is not None
        if torch is not None:
            # `torch.manual_seed` seeds accelerators, too, at a multiple of the price.
            torch.default_generator.manual_seed(SEED)
        self._drawn = []

    def look(self) -> None:
        """Draw after one of two equal calls: reading a state takes a hundred times as long."""
        numbers = _drawn_by_python(), drawn_by_numpy()
        self._drawn.append(dict(zip(_GENERATORS, numbers, strict=True)))

    def changed(self) -> list[str]:
        """Name the settings that two equal calls have changed."""
        torch = sys.modules.get("torch")
        once, twice = self._drawn
        # After a new seed both calls end in one state; after draws alone each ends in another.
        names = [name for name in once if once[name] == twice[name]]
        if geterr() != self._numpy:
            names.append(_ERRORS)
        if torch is not None and self._seeded:
            if torch.initial_seed() != SEED:
                names.append(_SEED)
            now = torch.get_default_dtype(), torch.is_grad_enabled()
            both = zip(_OF_TORCH, now, self._torch or now, strict=True)
            names += [name for name, new, old in both if new != old]
        return names
