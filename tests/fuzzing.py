"""How long the fuzz tests look: `ci` for a few examples, `long` for many (`make fuzz`)."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

EXAMPLES: Final = {"ci": 150, "long": 20_000}
PROFILE: Final = os.environ.get("GRADPATH_FUZZ", "ci")

fuzzed = settings(
    max_examples=EXAMPLES[PROFILE],
    # A busy machine must not fail a test; what hangs is seen all the same.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=PROFILE == "ci",
)
slow = settings(fuzzed, max_examples=EXAMPLES[PROFILE] // 5)
"""For tests whose examples take long."""
