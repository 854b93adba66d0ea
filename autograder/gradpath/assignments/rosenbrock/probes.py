"""Probes of rosenbrock: the slopes that autograd finds in the student's function.

It has the name of that function, so that messages speak of the student's own code.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gradpath.worker.probes import student_function, with_slopes


def rosenbrock(module: ModuleType, x: Any, y: Any) -> dict[str, Any]:
    """Return the value, and its slopes by both coordinates."""
    return with_slopes(student_function(module, "rosenbrock")(x, y), x=x, y=y)
