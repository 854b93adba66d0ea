"""A session without workers: the code of the toy assignment runs in this process."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Sequence
from typing import Any

from gradpath.engine.clock import Spent, Times
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Failure, Frame, Observation, Remark, Source

SESSIONS: list[InProcess] = []
"""All sessions that were opened."""


class InProcess:
    """Answers calls as `gradpath.engine.session.Session` does, at once."""

    def __init__(
        self,
        workshop: object,
        assignment: str,
        source: Source,
        limits: Limits,
        trusted: bool = False,
        final: bool = True,
        functions: Sequence[str] = (),
    ) -> None:
        self.source, self.trusted, self.final, self.functions = source, trusted, final, functions
        self.lost = False
        self.remarks: list[Remark] = []
        self.remarked: int = 0
        self.unloaded = ""
        self.closed = False
        self.restarts = 0
        self.sources: list[Source] = []
        SESSIONS.append(self)
        self.replace(source)

    def replace(self, source: Source) -> None:
        self.sources.append(source)
        self._functions: dict[str, Any] = {}
        for cell in source.cells:
            exec(cell.text, self._functions)

    def restart_clock(self) -> None:
        self.restarts += 1

    def observe(self, call: Call) -> Observation:
        function = self._functions.get(call.function)
        if function is None:
            return Observation("missing")
        arguments = copy.deepcopy(list(call.args))
        try:
            value = function(*arguments)
            again = function(*arguments) if call.twice else None
        except Exception as error:
            return _raised(error)
        return Observation("returned", value, again, arguments if call.twice else None)

    def observe_all(self, calls: Sequence[Call]) -> list[Observation]:
        return [self.observe(call) for call in calls]

    def spent(self) -> Spent:
        return Spent(1.0, Times(0.5, 0.0))

    def close(self) -> None:
        self.closed = True


def _raised(error: Exception) -> Observation:
    names = [frame.name for frame in traceback.extract_tb(error.__traceback__)[1:]]
    frames = [Frame("toy.py", 1, name, "") for name in names]
    failure = Failure(type(error).__name__, str(error), frames)
    unwritten = isinstance(error, NotImplementedError)
    return Observation("not_implemented" if unwritten else "raised", failure=failure)
