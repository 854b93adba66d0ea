"""Executes a submission's source as a module, and reports exceptions in the student's own lines."""

from __future__ import annotations

import sys
import traceback
from types import CodeType, ModuleType, TracebackType

from gradpath.protocol import Cell, Failure, Frame, Load
from gradpath.worker.output import OutputLimit

MAX_FRAMES = 12
MAX_MESSAGE = 500


class Submission:
    """The student's module in this process, with the source that its tracebacks refer to."""

    def __init__(self, request: Load) -> None:
        """Make the empty module; `execute` fills it.

        The source comes as text and no folder of the student's is on `sys.path`, so a file
        `torch.py` or `numpy.py` beside the submission shadows nothing.
        """
        self.module = ModuleType(request.module)
        self._request = request
        self._lines = {cell.name: cell.text.splitlines() for cell in request.cells}
        # Dataclasses and pickling look modules up by name.
        sys.modules[request.module] = self.module

    def execute(self) -> list[Failure]:
        """Run the cells; return what was raised, one failure a cell at most.

        In a notebook (`tolerant`) the cells after a broken one still run, as they would for
        somebody who presses shift-enter on each.
        """
        failures = []
        for cell in self._request.cells:
            try:
                exec(self._compile(cell), self.module.__dict__)
            except (OutputLimit, MemoryError):
                raise
            except BaseException as error:
                failures.append(self.failure(error))
                if not self._request.tolerant:
                    break
        return failures

    @staticmethod
    def _compile(cell: Cell) -> CodeType:
        return compile(cell.text, cell.name, "exec", dont_inherit=True)

    def failure(self, error: BaseException) -> Failure:
        """Describe an exception by the student's own frames."""
        try:
            message = str(error)[:MAX_MESSAGE]
        except Exception:  # a student's own exception class may fail to print itself
            message = ""
        if isinstance(error, SyntaxError) and error.filename in self._lines:
            frames = [Frame(error.filename, error.lineno or 0, "", (error.text or "").strip())]
            return Failure(type(error).__name__, error.msg or "", frames)
        return Failure(type(error).__name__, message, self._frames(error.__traceback__))

    def _frames(self, tb: TracebackType | None) -> list[Frame]:
        frames = []
        for frame, line in traceback.walk_tb(tb):
            lines = self._lines.get(frame.f_code.co_filename)
            if lines is not None:
                source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
                name = frame.f_code.co_name
                frames.append(Frame(frame.f_code.co_filename, line, name, source[:200]))
        return frames[-MAX_FRAMES:]
