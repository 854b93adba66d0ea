"""Executes a submission's source as a module, and reports exceptions in the student's own lines."""

from __future__ import annotations

import builtins
import errno
import sys
from traceback import walk_tb
from types import CodeType, ModuleType, TracebackType

from gradpath.worker.output import OutputLimit
from gradpath.worker.protocol import Cell, Failure, Frame, Load
from gradpath.worker.values import text, type_name

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
        self._give_builtins()

    def _give_builtins(self) -> None:
        """Let the student's code have builtins of its own.

        A file that replaces `builtins.len` or `builtins.print` replaces it for its own code, and
        neither for the code here nor for torch.
        """
        own = ModuleType("builtins")
        own.__dict__.update(vars(builtins))
        sys.modules["builtins"] = own
        self.module.__dict__["__builtins__"] = own

    def execute(self) -> list[Failure]:
        """Run the cells; return their exceptions, one failure a cell at most.

        In a notebook (`tolerant`) the cells after a broken one still run, as they would for
        somebody who presses shift-enter on each.
        """
        failures = []
        for cell in self._request.cells:
            try:
                exec(self._compile(cell), self.module.__dict__)
            except OutputLimit:
                raise
            except BaseException as error:
                if out_of_memory(error):
                    raise MemoryError from None
                failure = self.failure(error)
                if not failure.frames:  # it does not even compile, because of a zero byte
                    here = Frame(cell.name, 1, "", "")
                    failure = Failure(failure.type, failure.message, [here])
                failures.append(failure)
                if not self._request.tolerant:
                    break
        return failures

    @staticmethod
    def _compile(cell: Cell) -> CodeType:
        return compile(cell.text, cell.name, "exec", dont_inherit=True)

    def failure(self, error: BaseException) -> Failure:
        """Describe an exception by the student's own frames."""
        name = type_name(type(error))
        try:
            message = text(str(error), MAX_MESSAGE)
        except BaseException:  # a student's own exception class may fail to print itself
            message = ""
        frames = self._frames(error.__traceback__)
        try:
            if isinstance(error, SyntaxError) and error.filename in self._lines:
                line = Frame(error.filename, error.lineno or 0, "", text(error.text or "").strip())
                return Failure(name, text(error.msg or ""), [line])
        except BaseException:  # its attributes may be anything
            pass
        return Failure(name, message, frames)

    def _frames(self, tb: TracebackType | None) -> list[Frame]:
        frames = []
        for frame, line in walk_tb(tb):
            lines = self._lines.get(frame.f_code.co_filename)
            if lines is not None:
                source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
                name = text(frame.f_code.co_qualname, 200)
                frames.append(Frame(frame.f_code.co_filename, line, name, source[:200]))
        return frames[-MAX_FRAMES:]

    @staticmethod
    def says_not_implemented(failure: Failure) -> bool:
        """Tell whether the student's own line raised NotImplementedError.

        Torch raises it too, for an operation that a dtype does not have; that is no gap.
        """
        return bool(failure.frames) and "NotImplemented" in failure.frames[-1].source


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an exception is the memory limit: Python's, the system's or torch's."""
    if isinstance(error, MemoryError):
        return True
    try:
        if isinstance(error, OSError):
            return error.errno == errno.ENOMEM
        return isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    except BaseException:  # a student's own exception class
        return False
