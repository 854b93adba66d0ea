"""How long the fuzz tests look: at a few examples, always the same; `make fuzz` asks for many."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

VARIABLE: Final = "GRADPATH_FUZZ"
"""Names the number of examples of each test."""
_IN_CI: Final = 150

fuzzed = settings(
    max_examples=int(os.environ.get(VARIABLE, _IN_CI)),
    # A busy machine must not fail a test; a hang is seen all the same.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=VARIABLE not in os.environ,
)
slow = settings(fuzzed, max_examples=max(fuzzed.max_examples // 5, 1))
"""For tests with slow examples."""
workers = settings(fuzzed, max_examples=max(fuzzed.max_examples // 75, 1))
"""For tests that grade each example."""
