"""Classic BPF, as far as a seccomp filter needs it: load a word, compare, decide."""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from typing import Final

ALLOW: Final = 0x7FFF_0000
KILL_PROCESS: Final = 0x8000_0000
_ERRNO: Final = 0x0005_0000

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_BITS: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K

NUMBER_AT: Final = 0
"""Where struct seccomp_data has the call's number, the machine and the arguments."""
MACHINE_AT: Final = 4
_ARGUMENTS_AT: Final = 16


class Instructions(ctypes.Structure):
    """A program as the kernel takes it: struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


@dataclass(frozen=True)
class Instruction:
    """One instruction: jumps are relative, counted from the next one."""

    code: int
    if_true: int
    if_false: int
    value: int

    def packed(self) -> bytes:
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.value)


def refuse(errno: int) -> int:
    """Return the decision that makes a call fail with an error number."""
    return _ERRNO | errno


def load(offset: int) -> Instruction:
    """Load a 32-bit word of struct seccomp_data."""
    return Instruction(_LOAD, 0, 0, offset)


def load_argument(index: int) -> Instruction:
    """Load the lower half of an argument, all that the kernel reads of an `int`.

    Both machines are little-endian.
    """
    return load(_ARGUMENTS_AT + 8 * index)


def decide(decision: int) -> Instruction:
    """End with a decision."""
    return Instruction(_RETURN, 0, 0, decision)


def if_equal(value: int, body: list[Instruction]) -> list[Instruction]:
    """Run `body` if the loaded word is `value`; `body` has at most 255 instructions."""
    return [Instruction(_EQUAL, 0, len(body), value), *body]


def if_any_bit(mask: int, body: list[Instruction]) -> list[Instruction]:
    """Run `body` if the loaded word has any of these bits."""
    return [Instruction(_BITS, 0, len(body), mask), *body]


def pack(program: list[Instruction]) -> Instructions:
    """Lay a program out for the kernel."""
    return Instructions(len(program), b"".join(instruction.packed() for instruction in program))
