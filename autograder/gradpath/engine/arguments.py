"""Did a function change what it was given?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradpath.worker.codec import Generator, Tensor


def changed(sent: Sequence[Any], after: Sequence[Any]) -> list[int]:
    """Return the positions of arguments that are not what was sent.

    Args:
        sent: the arguments as the grader sent them.
        after: the same arguments after the call, as plain data.
    """
    return [
        position
        for position, (before, now) in enumerate(zip(sent, after, strict=False))
        if not _same(before, now)
    ]


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, Generator):
        return True  # drawing numbers is what a generator is for
    if isinstance(before, Tensor):
        before = before.array
    if isinstance(before, dict):
        return (
            isinstance(now, dict)
            and before.keys() == now.keys()
            and all(_same(before[key], now[key]) for key in before)
        )
    try:
        return bool(np.array_equal(np.asarray(before), np.asarray(now)))
    except (ValueError, TypeError):
        return False
