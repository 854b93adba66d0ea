"""Sessions of the toy assignment, without workers."""

from __future__ import annotations

import pytest

from gradpath.grading import grader, oracle
from tests.grading import in_process


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> list[in_process.InProcess]:
    """Let grader and oracle run code in this process; the list of their sessions grows."""
    in_process.SESSIONS.clear()
    for module in (grader, oracle):
        monkeypatch.setattr(module, "Session", in_process.InProcess)
    return in_process.SESSIONS
