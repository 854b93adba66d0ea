"""The trace of one call: after which of a function's own lines its variables had other values.

Questions about a student's code ask which line makes the step or records the loss. The answer is
observed here and not read from the source: the step is the line after which the weight has changed.
The trace lives in the process of the student's code, which can get around it; nothing but a
question depends on it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from gradpath.worker import codec
from gradpath.worker.serve import AttributeMissing, Probe

MAX_CHANGES: Final = 1_000
MAX_NUMBERS: Final = 2_000
"""Of one variable; a larger one is not followed."""
MAX_TOTAL: Final = 30_000
"""Numbers of all changes: what is noted of a call fits into an answer. Later ones are left out."""
_MAX_DEPTH: Final = 4
RETURNED: Final = "()"
"""Stands after the name of a function that has been called and has returned."""

Numbers = codec.Array


def trace(
    probes: Mapping[str, Probe],
    module: ModuleType,
    name: str,
    gradient: str,
    probe: bool,
    *arguments: Any,
) -> dict[str, Any]:
    """Call a student's function, or a probe of it, and return its value and all changes.

    Args:
        probes: the assignment's own.
        module: the student's.
        name: the function whose lines are followed.
        gradient: another function of the module, whose calls from there are noted; may be empty.
        probe: whether the probe of that name is called in place of the function.
        arguments: those of the call.
    """
    function = getattr(module, name, None)
    if not callable(function):
        raise AttributeMissing(name)
    found = _Changes(_code(function), _code(getattr(module, gradient, None)), gradient)
    before = sys.gettrace()
    sys.settrace(found.enter)
    try:
        value = probes[name](module, *arguments) if probe else function(*arguments)
    finally:
        sys.settrace(before)
    return {
        "value": value,
        "cell": found.cell,
        "names": found.names,
        "lines": found.lines,
        "begins": found.begins,
        "numbers": {str(place): numbers for place, numbers in enumerate(found.numbers)},
    }


def _code(function: Any) -> CodeType | None:
    function = getattr(function, "__wrapped__", function)
    return function.__code__ if isinstance(function, FunctionType) else None


class _Changes:
    """The changes of the variables of one function, in order.

    Each has a name, the line after which it was there, whether the variable begins there, and the
    numbers of the new value.
    """

    def __init__(self, code: CodeType | None, gradient: CodeType | None, name: str) -> None:
        self._code = code
        self._gradient = gradient
        self._gradient_name = f"{name}{RETURNED}"
        self._frame: FrameType | None = None
        self._line = 0
        self._values: dict[str, Numbers] = {}
        self._left = MAX_TOTAL
        self.cell = code.co_filename if code is not None else ""
        self.names: list[str] = []
        self.lines: list[int] = []
        self.begins: list[int] = []
        self.numbers: list[Numbers] = []

    def enter(self, frame: FrameType, event: str, value: Any) -> Any:
        """Follow the first call of the function, and note calls of the gradient from it."""
        if frame.f_code is self._code and self._frame is None:
            self._frame = frame
            self._line = frame.f_lineno
            return self._next
        caller = frame.f_back
        if frame.f_code is self._gradient and caller is not None and caller is self._frame:
            self._note(self._gradient_name, caller.f_lineno, False, np.zeros(0))
        return None

    def _next(self, frame: FrameType, event: str, value: Any) -> Any:
        """Compare the variables with those before the line that has just been run."""
        values: dict[str, Numbers] = {}
        for name, variable in list(frame.f_locals.items()):
            _add(values, name, variable)
        for name, numbers in values.items():
            before = self._values.get(name)
            if before is None or not _same(before, numbers):
                self._note(name, self._line, before is None, numbers)
        self._values = values
        self._line = frame.f_lineno
        return self._next

    def _note(self, name: str, line: int, begins: bool, numbers: Numbers) -> None:
        self._left -= numbers.size
        if len(self.names) < MAX_CHANGES and self._left >= 0:
            self.names.append(name)
            self.lines.append(line)
            self.begins.append(int(begins))
            self.numbers.append(numbers)


def _same(before: Numbers, now: Numbers) -> bool:
    return before.shape == now.shape and bool(np.allclose(before, now, 1e-7, 0.0, equal_nan=True))


def _add(values: dict[str, Numbers], name: str, variable: Any) -> None:
    """Add the numbers of a variable, and of the gradients of its tensors; of a dict, each entry."""
    reader = _Reader()
    try:
        reader.read(variable, 0)
    except Exception:  # an object of the student's own may raise anything
        return
    if reader.left < 0:
        return
    if reader.known:
        values[name] = np.array(reader.numbers, dtype=np.float64)
    if reader.tensors:
        values[f"{name}.grad"] = np.array(reader.gradients, dtype=np.float64)
    if type(variable) is dict:
        for key, item in list(variable.items()):
            if type(key) is str and type(item) in (list, np.ndarray):
                _add(values, f"{name}[{key!r}]", item)


class _Reader:
    """Reads the numbers in a variable, as far as these are few."""

    def __init__(self) -> None:
        self.numbers: list[float] = []
        self.gradients: list[float] = []
        self.known = False
        self.tensors = False
        self.left = MAX_NUMBERS

    def read(self, value: Any, depth: int) -> None:
        if depth > _MAX_DEPTH or self.left < 0:
            return
        kind = type(value)
        torch = sys.modules.get("torch")
        if kind in (int, float) or isinstance(value, np.generic | np.ndarray):
            self._take(self.numbers, value)
        elif torch is not None and isinstance(value, torch.Tensor):
            self._take(self.numbers, value.detach().numpy())
            if value.is_leaf and value.requires_grad:
                self.tensors = True
                if value.grad is not None:
                    self._take(self.gradients, value.grad.detach().numpy())
        elif torch is not None and isinstance(value, torch.nn.Module):
            for parameter in value.parameters():
                self.read(parameter, depth + 1)
        elif kind in (list, tuple, dict):
            self.known = True
            for item in value.values() if kind is dict else value:
                self.read(item, depth + 1)

    def _take(self, into: list[float], value: Any) -> None:
        array = np.asarray(value, dtype=np.float64)
        self.known = True
        self.left -= array.size
        if self.left >= 0:
            into.extend(array.reshape(-1).tolist())
