"""The data of optimizers' page to play with: start and learning rate of the run, and settings."""

from __future__ import annotations

from typing import Any

from gradpath.assignments.optimizers.public import SETTINGS
from gradpath.course.declare import documented


def data() -> dict[str, Any]:
    """Return the run without its numbers, which the page computes, and each rule's settings."""
    run = documented("optimizers")
    named = {name: run[name] for name in ("start", "learning_rate", "steps")}
    return {**named, "settings": SETTINGS}
