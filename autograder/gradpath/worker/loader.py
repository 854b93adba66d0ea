"""Executes a submission's source as a module, and reports exceptions in the student's own lines."""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import errno
import os
import sys
from collections.abc import Callable
from traceback import walk_tb
from types import CodeType, FunctionType, ModuleType, TracebackType
from typing import Any, Final

from gradpath.worker.output import OutputLimit
from gradpath.worker.protocol import (
    MAX_ANNOUNCED,
    MAX_REMARKS,
    Cell,
    Failure,
    Frame,
    Load,
    Remark,
    RemarkKind,
)
from gradpath.worker.statements import (
    Definition,
    defines,
    definitions_in,
    guarded_by_name,
    is_quick,
    is_stub,
    names_bound,
    passes_on,
    read_statements,
)
from gradpath.worker.stubs import give_shell
from gradpath.worker.substitutes import Ask, StandIns, is_stand_in
from gradpath.worker.values import text, type_name

Announce = Callable[[int, Remark], None]

MAX_FRAMES = 12
MAX_MESSAGE = 500
_ANNOTATIONS: Final = __future__.annotations.compiler_flag
_FUTURE: Final = sum(
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names
)


class Submission:
    """The student's module in this process, with the source that its tracebacks refer to."""

    def __init__(self, request: Load, ask: Ask) -> None:
        """Make the empty module; `execute` fills it, `ask` answers for its stand-ins.

        The source comes as text and no folder of the student's is on `sys.path`, so a file
        `torch.py` or `numpy.py` beside the submission shadows nothing.
        """
        self.module = ModuleType(request.module)
        self._request = request
        self.functions = frozenset(request.functions)
        self._left_out = frozenset(request.left_out)
        self._lines = {cell.name: cell.text.split("\n") for cell in request.cells}
        self._future = 0
        self._remarks: list[Remark] = []
        self.remarked = 0
        self._failed_names: set[str] = set()
        self._definitions: dict[str, Any] = {}
        self._written: dict[str, Frame] = {}
        self._lost: dict[str, Frame] = {}
        # Dataclasses and pickling look modules up by name.
        sys.modules[request.module] = self.module
        self._give_builtins()
        self._look_like_a_script(request)
        self._stand_ins: StandIns | None = None
        if request.stand_ins:
            self._stand_ins = StandIns(self.module, request.stand_ins, request.graph, ask)

    def _look_like_a_script(self, request: Load) -> None:
        """Give the module a path, and the process the command line of a script without words."""
        script = f"{request.module}.py"
        with contextlib.suppress(OSError):
            script = os.path.join(os.getcwd(), script)
        self.module.__file__ = script
        sys.argv = [script]

    def _give_builtins(self) -> None:
        """Let the student's code have builtins of its own.

        A file that replaces `builtins.len` or `builtins.print` replaces it for its own code, and
        neither for the code here nor for torch.
        """
        own = ModuleType("builtins")
        own.__dict__.update(vars(builtins))
        give_shell(own, self.module.__dict__)
        sys.modules["builtins"] = own
        self.module.__dict__["__builtins__"] = own

    def execute(self, announce: Announce) -> list[Remark]:
        """Run the statements one by one, and return remarks on those that did not go well.

        A statement that fails costs itself and the statements that need it: the others are run, as
        if Python had been given one after another.

        Args:
            announce: told of each statement that may take long, before it begins.
        """
        number = 0
        sources = [(cell, read_statements(cell.text)) for cell in self._request.cells]
        outside = {
            definition.name
            for _, source in sources
            for statement in source.body
            if not guarded_by_name(statement)
            for definition in definitions_in(statement)
        }
        for cell, source in sources:
            for part in source.broken:
                self._failed_names.update(part.names)
                self._remark("syntax", self._frame(cell, part.line), part.message)
            for written in source.body:
                for statement in self._to_run(written, outside, cell):
                    self._run(number, cell, statement, announce)
                    number += 1
        self._give_names_back()
        if self._stand_ins is not None:
            self._stand_ins.begin()
        return self._remarks

    def _to_run(self, statement: ast.stmt, outside: set[str], cell: Cell) -> list[ast.stmt]:
        """Return a statement, or definitions that stand below `if __name__ == "__main__"` alone."""
        guarded = guarded_by_name(statement)
        defined = {node.name for node in guarded if isinstance(node, Definition)}
        if names := sorted(defined & self.functions - outside):
            self._remark("guarded", self._frame(cell, statement.lineno), " and ".join(names))
            return guarded
        return [statement]

    def _run(self, number: int, cell: Cell, statement: ast.stmt, announce: Announce) -> None:
        """Run a statement, unless it is left out."""
        where = self._frame(cell, statement.lineno)
        quick = is_quick(statement)
        if number in self._left_out or (self._request.definitions_only and not defines(statement)):
            self._failed_names.update(names_bound(statement))
            return
        if isinstance(statement, Definition) and self._is_skeleton_again(statement, where):
            return
        if not quick and self.functions and number < MAX_ANNOUNCED:
            announce(number, Remark("running", where))
        defined = list(definitions_in(statement))
        before = [self.module.__dict__.get(definition.name) for definition in defined]
        try:
            self._execute(cell, statement)
        except OutputLimit:
            raise
        except BaseException as error:
            if out_of_memory(error):
                raise MemoryError from None
            self._note_failure(statement, where, error)
        for definition, old in zip(defined, before, strict=True):
            if self.module.__dict__.get(definition.name) is old:
                continue
            if definition is not statement and self._is_skeleton_again(definition, where):
                self.module.__dict__[definition.name] = old
            else:
                self._has_defined(definition.name, statement, where)
        if not isinstance(statement, Definition):
            self._look_for_lost_names(statement, where)

    def _execute(self, cell: Cell, statement: ast.stmt) -> None:
        code = self._compile(cell, statement)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            self._future |= code.co_flags & _FUTURE
        try:
            exec(code, self.module.__dict__)
        except (NameError, AttributeError, TypeError):
            if not isinstance(statement, Definition) or self._future & _ANNOTATIONS:
                raise
            # Perhaps only an annotation fails, by a name of a module that is not here.
            exec(self._compile(cell, statement, _ANNOTATIONS), self.module.__dict__)

    def _compile(self, cell: Cell, statement: ast.stmt, flags: int = 0) -> CodeType:
        body = self._stand_ins.replace(statement) if self._stand_ins is not None else [statement]
        tree = ast.Module(body, [])
        flags |= self._future
        code: CodeType = compile(tree, cell.name, "exec", flags=flags, dont_inherit=True)
        return code

    def _frame(self, cell: Cell, line: int) -> Frame:
        lines = self._lines[cell.name]
        source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        return Frame(cell.name, line, "", source[:200])

    # Remarks

    def _remark(
        self, kind: RemarkKind, where: Frame, text: str = "", other: Frame | None = None
    ) -> None:
        self.remarked += 1
        if len(self._remarks) < MAX_REMARKS:
            self._remarks.append(Remark(kind, where, text, other))

    def _note_failure(self, statement: ast.stmt, where: Frame, error: BaseException) -> None:
        missing = name_of(error)
        if missing not in self._failed_names:  # otherwise that has been said
            failure = self.failure(error)
            kind: RemarkKind = "syntax" if isinstance(error, SyntaxError) else "raised"
            message = f"{failure.type}: {failure.message}".removesuffix(": ")
            self._remark(kind, where, failure.message if kind == "syntax" else message)
        self._failed_names.update(names_bound(statement))

    # Definitions, and names that are taken from them

    def _has_defined(self, name: str, statement: ast.stmt, where: Frame) -> None:
        """Note that a definition at the top level has just run: `name` is bound to it now."""
        self._definitions[name] = self.module.__dict__[name]
        if not (isinstance(statement, Definition) and is_stub(statement)):
            self._written[name] = where

    def _is_skeleton_again(self, statement: Definition, where: Frame) -> bool:
        """Tell whether a definition is the skeleton's copy of a function that is written above."""
        name = statement.name
        written = self._written.get(name)
        if name not in self.functions or written is None or not is_stub(statement):
            return False
        self._remark("skeleton", where, name, written)
        return True

    def _look_for_lost_names(self, statement: ast.stmt, where: Frame) -> None:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self._has_defined(target.id, statement, where)
        for name in self.functions.intersection(self._definitions):
            if passes_on(statement, name) and callable(value := self.module.__dict__.get(name)):
                self._definitions[name] = value
            if self._is_taken(name):
                self._lost.setdefault(name, where)  # later lines that read it have not taken it
            else:
                self._lost.pop(name, None)

    def _is_taken(self, name: str) -> bool:
        """Tell whether a function's name is now bound to something that is no code of the file's.

        A layer of torch's can be called, too, but is no function that somebody has written.
        """
        value = self.module.__dict__.get(name)
        if value is self._definitions[name]:
            return False
        layer = getattr(sys.modules.get("torch.nn"), "Module", None)
        if not callable(value) or (isinstance(layer, type) and issubclass(type(value), layer)):
            return True
        if type(value) is FunctionType:
            return value.__code__.co_filename not in self._lines and not is_stand_in(value)
        owner = value if isinstance(value, type) else type(value)
        return getattr(owner, "__module__", None) != self.module.__name__

    def _give_names_back(self) -> None:
        """Bind a function's name to it again where it was used for something else later on."""
        for name, where in self._lost.items():
            if self._is_taken(name):
                self.module.__dict__[name] = self._definitions[name]
                self._remark("renamed", where, name, self._written.get(name))

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


def name_of(error: BaseException) -> str | None:
    """Return the name that a NameError is about."""
    name = error.name if type(error) is NameError else None
    return name if type(name) is str else None


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
