"""A session without workers: the code of the toy assignment runs in this process."""

from __future__ import annotations

import ast
import copy
import traceback
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from gradpath.engine import notes
from gradpath.engine.answerer import Answerer
from gradpath.engine.clock import Spent, Times
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Answer, Call, Failure, Frame, Observation, Remark, Source
from gradpath.worker.right_value import right_value
from gradpath.worker.substitutes import StandIns

SESSIONS: list[InProcess] = []
"""All sessions that were opened."""


class _Refused(BaseException):
    """A question that gets no answer, which ends the call."""

    def __init__(self, note: str) -> None:
        self.note = note


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
        answerer: Answerer | None = None,
    ) -> None:
        self.source, self.trusted, self.final, self.functions = source, trusted, final, functions
        self.answerer = answerer
        self.lost = False
        self.remarks: list[Remark] = []
        self.remarked: int = 0
        self.unloaded = ""
        self.closed = False
        self.restarts = 0
        self.events: list[float | str] = []  # parts of the seconds, and called functions
        self.sources: list[Source] = []
        SESSIONS.append(self)
        self.replace(source)

    def limit_to(self, part: float) -> None:
        """Note the part; calls take no time here."""
        self.events.append(part)

    def replace(self, source: Source) -> None:
        self.sources.append(source)
        self._module = ModuleType("toy")
        self._functions: dict[str, Any] = self._module.__dict__
        if self.answerer is None:
            for cell in source.cells:
                exec(cell.text, self._functions)
            return
        names, graph = self.answerer.names, self.answerer.graph
        stand_ins = StandIns(self._module, names, graph, self._ask)
        for statement in (s for cell in source.cells for s in ast.parse(cell.text).body):
            body = ast.Module(stand_ins.replace(statement), [])
            exec(compile(body, "toy.py", "exec"), self._functions)
        stand_ins.begin()

    def _ask(self, question: dict[str, Any]) -> Answer:
        assert self.answerer is not None
        answer = self.answerer.answer(self._call, question)
        if answer is None:
            raise _Refused(
                notes.ASKED_TOO_OFTEN if self.answerer.exhausted else notes.ASKED_FOR_MORE
            )
        return answer

    def again(self, answerer: Answerer) -> InProcess:
        assert self.closed
        return InProcess(None, "toy", self.sources[-1], Limits(), answerer=answerer)

    def restart_clock(self) -> None:
        self.restarts += 1

    def observe(self, call: Call) -> Observation:
        self._call = call
        self.events.append(call.function)
        function = self._functions.get(call.function)
        if call.function == "right_value":
            return Observation("returned", right_value(self._module, *call.args))
        if function is None:
            return Observation("missing")
        arguments = copy.deepcopy(list(call.args))
        try:
            value = function(*arguments)
            again = function(*arguments) if call.twice else None
        except _Refused as refused:
            return Observation("raised", note=refused.note)
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
