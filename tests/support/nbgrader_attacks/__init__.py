"""Attacks on a course in nbgrader, each a submission with one right function of seven.

Code that a student writes into cells is in `code`, changes of the notebook itself are in
`notebooks`. An honest grader gives all of them the points of that function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Notebook = dict[str, Any]

SLUG = "mse_sweep"

BODY = "def forward(x, w):\n    return x * w"

HONEST = 1.0
"""The points of `forward`."""


@dataclass(frozen=True)
class Attack:
    """A submission.

    Attributes:
        tries: its aim.
        cells: code cells before the first function.
        edit: changes the notebook afterwards.
        files: the files beside it.
        alone: whether it does nothing outside of its own interpreter. Honest work is handed in
            after all others by code.
        own_user: only a worker with a user id of its own, without the right to read everything,
            withstands it.
    """

    tries: str
    cells: tuple[str, ...] = ()
    edit: Callable[[Notebook], object] | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    alone: bool = False
    own_user: bool = False
