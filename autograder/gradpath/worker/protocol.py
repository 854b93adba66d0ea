"""The messages between grader and worker.

Requests go from the grader to the worker, one reply comes back for each. A frame is a length as
unsigned 32-bit integer, then that many bytes of MessagePack (see `codec`).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from gradpath.errors import ChannelError

MAX_FRAME: Final = 64 * 1024 * 1024
HEADER: Final = struct.Struct("<I")


class Cell(msgspec.Struct, frozen=True):
    """A piece of the student's source that is executed as a whole."""

    name: str
    text: str


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Execute the cells, in order, as the module `module`.

    With `tolerant` an exception ends its cell only, as in a notebook; without it, the module.
    """

    module: str
    cells: list[Cell]
    tolerant: bool


class Invoke(msgspec.Struct, frozen=True, tag="invoke"):
    """Call `function` of the student's module, or a probe of the assignment with the module.

    With `twice` the same objects are given to a second call, and how the arguments look after the
    calls is reported too.
    """

    number: int
    function: str
    args: list[Any]
    probe: bool = False
    twice: bool = False


class Frame(msgspec.Struct, frozen=True):
    """One line of a student's traceback: cell or file name, line number, function, source."""

    cell: str
    line: int
    function: str
    source: str


class Failure(msgspec.Struct, frozen=True):
    """An exception in the student's code; frames are the student's own, innermost last."""

    type: str
    message: str
    frames: list[Frame] = []


class Reply(msgspec.Struct, frozen=True):
    """The answer to a request. `number` repeats the request's, so that a lost step is noticed."""

    number: int
    outcome: Literal["returned", "raised", "missing", "not_implemented", "memory", "output"]
    value: Any = None
    again: Any = None
    arguments: list[Any] | None = None
    failure: Failure | None = None


def frame(payload: bytes) -> bytes:
    """Put the length in front.

    Raises:
        ChannelError: the payload is above the limit.
    """
    if len(payload) > MAX_FRAME:
        raise ChannelError(f"a message of {len(payload)} bytes is too large")
    return HEADER.pack(len(payload)) + payload


def announced_length(header: bytes | bytearray) -> int:
    """Read the length from a header.

    Raises:
        ChannelError: the announced length is above the limit.
    """
    (length,) = HEADER.unpack(header)
    if length > MAX_FRAME:
        raise ChannelError(f"a message of {length} bytes is announced, {MAX_FRAME} are allowed")
    return int(length)


Outcome = Literal["returned", "raised", "missing", "not_implemented", "timeout", "killed"]


AT_IMPORT: Final = "at import: "
"""How the note of an observation begins when no function was called at all."""


@dataclass(frozen=True)
class Call:
    """A call to make: of a function of the submission, or of a probe.

    `twice` asks for a second call with the same objects. `shown` is how the call is written for
    a student; hidden checks leave it empty, so that messages do not give their inputs away.
    `size` is that of a right answer, as `codec.size` has it, where it is known: an answer that is
    many times as large is refused.
    """

    function: str
    args: tuple[Any, ...]
    probe: bool = False
    twice: bool = False
    shown: str = ""
    size: int | None = None


class Observation(msgspec.Struct, frozen=True):
    """The outcome of a call, as plain data. `note` explains a limit or a dead process."""

    outcome: Outcome
    value: Any = None
    again: Any = None
    arguments: list[Any] | None = None
    failure: Failure | None = None
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A submission's code: the module's name and its cells, one for a .py file."""

    module: str
    cells: tuple[Cell, ...]
    notebook: bool = False
