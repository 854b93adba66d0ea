"""The messages between grader and worker.

Requests go from the grader to the worker, one reply comes back for each. Where a stand-in takes the
place of an earlier function, the worker asks in between, and the grader answers. A frame is a
length as unsigned 32-bit integer, then that many bytes of MessagePack (see `codec`).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from gradpath.errors import ChannelError

MAX_FRAME: Final = 64 * 1024 * 1024
MAX_REMARKS: Final = 20
MAX_ANNOUNCED: Final = 2_000
"""Statements of a module that a worker announces before it runs them."""
SHOWN_CHARS: Final = 2_000
"""Characters of a call's output that a plain worker sends, for a student to read."""
HEADER: Final = struct.Struct("<I")


class Cell(msgspec.Struct, frozen=True):
    """A piece of the student's source that is executed as a whole."""

    name: str
    text: str


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Execute the statements of the cells, in order, as the module `module`.

    `functions` are the assignment's, none for the course's own code. Statements are numbered from
    0 across all cells; those in `left_out` are not run, as they ended or stopped a worker before.
    With `definitions_only`, neither are others that do more than to define and to import.
    `stand_ins` are functions that the grader answers for (see `substitutes`); with `graph`
    autograd may pass through them.
    """

    module: str
    cells: list[Cell]
    functions: list[str] = []
    left_out: list[int] = []
    definitions_only: bool = False
    stand_ins: list[str] = []
    graph: bool = True


class Invoke(msgspec.Struct, frozen=True, tag="invoke"):
    """Call `function` of the student's module, or a probe of the assignment with the module.

    With `twice` the same objects are given to a second call, and how the arguments look after the
    calls is reported too, and the settings that the calls have changed (see `settings`). A call
    that is `watched` returns `Evidence` in place of its value.
    """

    number: int
    function: str
    args: list[Any]
    probe: bool = False
    twice: bool = False
    watched: bool = False


class Evidence(msgspec.Struct, frozen=True):
    """The evidence of a watched call: how often autograd ran, and which functions were entered.

    `backward` counts backward passes, `forward` levels of forward mode, `optimizer` functions of
    torch's optimizers. `entered` has other functions of the assignment, `shifted` those that were
    called with numbers which are neither arguments of this call nor computed by such functions.
    """

    backward: int = 0
    forward: int = 0
    optimizer: int = 0
    entered: list[str] = []
    shifted: list[str] = []


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The right value of an earlier function, or the name of the exception that is raised there.

    The value is its structure and its leaves; `slopes` has a part for each tensor that was given,
    `changed` the leaves of arguments that the right function changes.
    """

    spec: Any = None
    leaves: dict[str, Any] = {}
    slopes: dict[str, Any] | None = None
    changed: dict[str, Any] | None = None
    error: str = ""


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


RemarkKind = Literal["running", "raised", "syntax", "renamed", "skeleton", "guarded", "stopped"]


class Remark(msgspec.Struct, frozen=True):
    """A fact about a statement at the top level.

    It is `running` now; it `raised` an exception; it is no Python (`syntax`); it gives a name of
    the assignment to something else (`renamed`) or to the `skeleton`'s copy of a function, so that
    the function that was defined at `other` counts; it is `guarded` by `if __name__ == "__main__"`;
    it was `stopped`, and is left out.
    """

    kind: RemarkKind
    where: Frame
    text: str = ""
    other: Frame | None = None


class Reply(msgspec.Struct, frozen=True):
    """The answer to a request. `number` repeats the request's, so that a lost step is noticed.

    While a module is loaded, replies that are `running` come before the answer: each has the
    number of the statement that begins now. One that `asks` comes from a stand-in in a call: it
    wants the right value of the call that `value` describes, and waits for an `Answer`. `printed`
    is the beginning of the text that a call has printed, from plain workers alone.
    """

    number: int
    outcome: Literal[
        "returned", "raised", "missing", "not_implemented", "memory", "output", "running", "asks"
    ]
    value: Any = None
    again: Any = None
    arguments: list[Any] | None = None
    failure: Failure | None = None
    remarks: list[Remark] = []
    settings: list[str] = []
    printed: str = ""


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


@dataclass(frozen=True)
class Call:
    """A call to make: of a function of the submission, or of a probe.

    `twice` asks for a second call with the same objects. `shown` is how the call is written for
    a student; hidden checks leave it empty, so that messages do not give their inputs away.
    `watched` asks for evidence instead of the value; see `Evidence`.
    `size` is that of a right answer, as `codec.size` has it, where it is known: an answer that is
    many times as large is refused. `packed` is the message that the arguments are, where the call
    is made of many submissions.
    """

    function: str
    args: tuple[Any, ...]
    probe: bool = False
    twice: bool = False
    shown: str = ""
    size: int | None = None
    watched: bool = False
    packed: bytes | None = None


class Observation(msgspec.Struct, frozen=True):
    """The outcome of a call, as plain data. `note` explains a limit or a dead process."""

    outcome: Outcome
    value: Any = None
    again: Any = None
    arguments: list[Any] | None = None
    failure: Failure | None = None
    note: str = ""
    settings: list[str] = []


class PrintedObservation(Observation, frozen=True):
    """The outcome of a call with the text that it has printed, on a student's own machine.

    A class of its own: observations are stored and recorded, and printed text never is.
    """

    printed: str = ""


@dataclass(frozen=True)
class Source:
    """A submission's code: the module's name and its cells, one for a .py file.

    `notes` are facts about how the file was read.
    """

    module: str
    cells: tuple[Cell, ...]
    notebook: bool = False
    notes: tuple[str, ...] = ()
