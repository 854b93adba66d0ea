"""Evidence of one call: which functions were entered in it, and whether autograd ran.

A rule of an assignment ("by hand") reads the source, and a name that is built at run time is in no
source. So a function that has a rule is called once more under a profile hook. Nothing is replaced:
the hook sees functions of torch by their code, whichever way the student's code came to them, and
torch is not imported. The hook lives in the process of the student's code, which can get around it.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from gradpath.worker import substitutes
from gradpath.worker.protocol import Evidence
from gradpath.worker.substitutes import is_stand_in

Kind = Literal["backward", "forward", "optimizer"]
Begin = Callable[[FrameType], object]
End = Callable[[FrameType, Any], object]

AUTOGRAD: Final[Mapping[tuple[str, str], Kind]] = {
    ("torch/autograd/graph.py", "_engine_run_backward"): "backward",
    ("torch/autograd/forward_ad.py", "enter_dual_level"): "forward",
}
"""Functions of torch through which every derivative passes: `backward` and `grad` and all that
`torch.func` makes of them, and forward mode, which runs no backward pass."""
OPTIMIZERS: Final = "torch/optim/"
_MAX_DEPTH: Final = 8
_MAX_NUMBERS: Final = 10_000
_TOOL: Final = 4
"""A number of `sys.monitoring` that no kind of tool has by custom."""


def watch(
    module: ModuleType,
    functions: Collection[str],
    name: str,
    function: Callable[..., Any],
    arguments: Sequence[Any],
) -> Evidence:
    """Call a student's function, and return the evidence of the call.

    Args:
        module: the student's.
        functions: the names of the assignment's functions and classes.
        name: that of the function which is called.
        function: the function.
        arguments: its arguments.
    """
    call = _Call(module, functions, name, arguments)
    with _hook(call.begin, call.end):
        function(*arguments)
    return call.evidence()


class _Role(NamedTuple):
    """The meaning of a code for this call: something to count, or a function of the assignment."""

    counted: Kind | None = None
    name: str = ""
    stand_in: bool = False


class _Call:
    """One call while it is watched."""

    def __init__(
        self, module: ModuleType, functions: Collection[str], name: str, arguments: Sequence[Any]
    ) -> None:
        self._globals = module.__dict__
        self._functions = functions
        self._name = name
        self._counts: dict[Kind, int] = {"backward": 0, "forward": 0, "optimizer": 0}
        self._entered: set[str] = set()
        self._shifted: set[str] = set()
        self._known: set[complex] = set()
        self._own: set[int] = set()
        self._roles: dict[CodeType, _Role] = {}
        for known in functions:
            found = self._globals.get(known)
            if isinstance(found, FunctionType) and not is_stand_in(found):  # lambdas, too
                # One decorator, or one factory, makes several functions of the same code.
                role = _Role() if found.__code__ in self._roles else _Role(name=known)
                self._roles[found.__code__] = role
        for argument in arguments:
            self._learn(argument)

    def evidence(self) -> Evidence:
        return Evidence(
            **self._counts, entered=sorted(self._entered), shifted=sorted(self._shifted)
        )

    def begin(self, frame: FrameType) -> bool:
        role = self._roles.get(frame.f_code)
        if role is None:
            role = self._roles[frame.f_code] = self._role(frame)
        if role.counted is not None:
            self._counts[role.counted] += 1
        elif name := str(frame.f_locals.get("name")) if role.stand_in else role.name:
            self._enter(name, frame)
        return any(role)

    def end(self, frame: FrameType, value: Any) -> bool:
        if id(frame) in self._own:
            self._own.discard(id(frame))
            self._learn(value)
        return any(self._roles.get(frame.f_code, ()))

    def _role(self, frame: FrameType) -> _Role:
        code = frame.f_code
        file = code.co_filename.replace("\\", "/")
        for (end, name), count in AUTOGRAD.items():
            if code.co_name == name and file.endswith(end):
                return _Role(count)
        if OPTIMIZERS in file:
            return _Role("optimizer")
        if frame.f_globals is vars(substitutes):
            return _Role(stand_in=code.co_name == "stand_in")
        name, _, rest = code.co_qualname.partition(".")
        if frame.f_globals is self._globals and not rest.startswith("<locals>"):
            return _Role(name=name if name in self._functions else "")
        return _Role()

    def _enter(self, name: str, frame: FrameType) -> None:
        if name == self._name:
            return
        self._entered.add(name)
        if all(self._is_known(argument) for argument in _arguments(frame)):
            self._own.add(id(frame))
        else:
            self._shifted.add(name)

    def _learn(self, value: Any) -> None:
        """Note the numbers of an argument, or of a value that was computed from arguments."""
        numbers = _numbers(value)
        self._known.update(numbers, np.array(numbers, np.complex64).astype(complex).tolist())

    def _is_known(self, argument: Any) -> bool:
        """Tell whether an argument is made of numbers of the call: a row, a copy, in float32.

        Zeros, and ones beside other numbers, are made by everybody who puts arrays together.
        """
        numbers = set(_numbers(argument))
        unknown = numbers - self._known - {0}
        return not (unknown - {1} if unknown != numbers else unknown)


def _arguments(frame: FrameType) -> Iterator[Any]:
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    more = code.co_varnames[len(names) : len(names) + bool(code.co_flags & 4)]
    more += code.co_varnames[len(names + more) : len(names + more) + bool(code.co_flags & 8)]
    values = frame.f_locals
    return (values[name] for name in names + more if name in values)


def _numbers(value: Any) -> list[complex]:
    """Return the numbers in a value; none of a value that cannot be read."""
    numbers: list[complex] = []
    with contextlib.suppress(Exception):
        _collect(value, numbers, 0)
    return numbers


def _collect(value: Any, numbers: list[complex], depth: int) -> None:
    if depth > _MAX_DEPTH or len(numbers) > _MAX_NUMBERS:
        return
    if isinstance(value, bool | int | float | complex):
        numbers.append(complex(value))
    elif isinstance(value, Mapping):
        for item in value.values():
            _collect(item, numbers, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _collect(item, numbers, depth + 1)
    elif hasattr(value, "tolist"):  # arrays and tensors
        _collect(value.tolist(), numbers, depth + 1)


@contextlib.contextmanager
def _hook(begin: Begin, end: End) -> Iterator[None]:
    """Have `begin` and `end` called for each function of Python; a false value asks for no more."""
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring

        def start(code: CodeType, offset: int) -> object:
            return None if begin(sys._getframe(1)) else monitoring.DISABLE

        def leave(code: CodeType, offset: int, value: Any) -> object:
            return None if end(sys._getframe(1), value) else monitoring.DISABLE

        events = monitoring.events
        monitoring.use_tool_id(_TOOL, "gradpath")
        monitoring.restart_events()
        monitoring.register_callback(_TOOL, events.PY_START, start)
        monitoring.register_callback(_TOOL, events.PY_RETURN, leave)
        monitoring.set_events(_TOOL, events.PY_START | events.PY_RETURN)
        try:
            yield
        finally:
            monitoring.set_events(_TOOL, 0)
            monitoring.free_tool_id(_TOOL)
    else:

        def profile(frame: FrameType, event: str, value: Any) -> None:
            if event == "call":
                begin(frame)
            elif event == "return":
                end(frame, value)

        before = sys.getprofile()
        threading.setprofile(profile)
        sys.setprofile(profile)
        try:
            yield
        finally:
            sys.setprofile(before)
            threading.setprofile(before)
