"""Plain values and arrays as bytes, both ways, for the channel and for recorded references.

The format is MessagePack with a few extension types. Nothing is ever unpickled or evaluated, so a
message can carry data and nothing else. Both sides of the channel use this module: the grader
decodes arrays to read-only NumPy arrays (`decode`), the worker turns them into the
arguments of the student's functions (`gradpath.worker.values`).
"""

from __future__ import annotations

import math
import struct
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from gradpath.errors import ChannelError

ARRAY: Final = 1
TENSOR: Final = 2
GENERATOR: Final = 3
OPAQUE: Final = 4
COMPLEX: Final = 5
TUPLE: Final = 6

MAX_DIMENSIONS: Final = 16
PER_VALUE: Final = 50
"""Bytes that a value takes in memory beside its data, however short it is in a message."""
MAX_DEPTH: Final = 32

# Only plain numbers travel. The codes are part of the recorded files: append, never reorder.
_NAMES: Final = "<f8 <f4 <i8 <i4 |b1 |u1 <f2 <i2 |i1 <u2 <u4 <u8 <c8 <c16"
_DTYPES: Final = tuple(map(np.dtype, _NAMES.split()))
_CODES: Final = {dtype: code for code, dtype in enumerate(_DTYPES)}

_LEAF: Final = 0x80  # flag in the dtype byte of a TENSOR: it requires a gradient

Array = npt.NDArray[Any]


# These four are plain classes on purpose: msgspec would write a dataclass as a dict.


class Tensor:
    """An argument that the worker shall see as a torch tensor of the same dtype and shape."""

    def __init__(self, array: Array, requires_grad: bool = False) -> None:
        self.array = array
        self.requires_grad = requires_grad


class Tuple:
    """An argument that the worker shall see as a tuple of numbers, where a list goes as it is."""

    def __init__(self, array: Array) -> None:
        self.array = array


class Generator:
    """An argument that the worker shall see as a `torch.Generator` with this seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed


class Opaque:
    """A returned value that is no plain data; `description` names it in plain words."""

    def __init__(self, description: str) -> None:
        self.description = description

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and self.description == other.description

    def __hash__(self) -> int:
        return hash(self.description)


class Refused(Opaque):
    """An answer that the grader did not take, because it is far larger than a right one."""


def size(value: Any) -> int:
    """Return about how many bytes a value takes in a message, and in memory, without writing it."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + PER_VALUE
    if isinstance(value, Tensor | Tuple):
        return size(value.array)
    if isinstance(value, str | bytes):
        return len(value) + PER_VALUE
    if isinstance(value, dict):
        return sum(size(key) + size(item) for key, item in value.items()) + PER_VALUE
    if isinstance(value, list | tuple):
        return sum(map(size, value)) + PER_VALUE
    return PER_VALUE


def supported(dtype: np.dtype[Any]) -> bool:
    """Tell whether arrays of this dtype can travel."""
    return dtype.newbyteorder("<") in _CODES


def pack_array(array: Array, *, flag: bool = False) -> bytes:
    """Lay out an array: dtype code, number of dimensions, shape as u64, data in C order."""
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    code = _CODES.get(little.dtype)
    if code is None or array.ndim > MAX_DIMENSIONS:
        raise ChannelError(f"arrays of {array.dtype} with {array.ndim} dimensions cannot travel")
    head = struct.pack(f"<BB{array.ndim}Q", code | (_LEAF if flag else 0), array.ndim, *array.shape)
    return head + little.tobytes()


def unpack_array(data: memoryview | bytes) -> tuple[Array, bool]:
    """Read an array that `pack_array` wrote; the result is a view of `data`.

    Raises:
        ChannelError: the header is broken, or does not agree with the number of bytes. The size
            is checked before anything is allocated: a small message cannot ask for much memory.
    """
    view = memoryview(data)
    dtype, shape, start = array_header(view)
    if math.prod(shape) * dtype.itemsize != len(view) - start:
        raise ChannelError("array data does not have the size that its header says")
    try:
        array = np.frombuffer(view[start:], dtype=dtype).reshape(shape)
        return array, bool(view[0] & _LEAF)
    except ValueError:  # nothing, but of dimensions that NumPy cannot count
        raise ChannelError("array shape is invalid") from None


def array_header(view: memoryview) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Read dtype and shape of an array, and how many bytes they take; the data may be missing.

    Raises:
        ChannelError: the header is broken.
    """
    if len(view) < 2:
        raise ChannelError("array header is cut short")
    code, ndim = view[0] & ~_LEAF, view[1]
    start = 2 + 8 * ndim
    if code >= len(_DTYPES) or ndim > MAX_DIMENSIONS or len(view) < start:
        raise ChannelError("array header is invalid")
    return _DTYPES[code], struct.unpack_from(f"<{ndim}Q", view, 2), start


def _enc_hook(value: Any) -> Any:
    if isinstance(value, str):
        return str(value)  # of a message in several languages the English text
    if isinstance(value, np.ndarray):
        return msgspec.msgpack.Ext(ARRAY, pack_array(value))
    if isinstance(value, Tensor):
        return msgspec.msgpack.Ext(TENSOR, pack_array(value.array, flag=value.requires_grad))
    if isinstance(value, Tuple):
        return msgspec.msgpack.Ext(TUPLE, pack_array(value.array))
    if isinstance(value, Generator):
        return msgspec.msgpack.Ext(GENERATOR, struct.pack("<Q", value.seed))
    if isinstance(value, Opaque):
        return msgspec.msgpack.Ext(OPAQUE, value.description.encode("utf-8", "replace"))
    if isinstance(value, complex):
        return msgspec.msgpack.Ext(COMPLEX, struct.pack("<dd", value.real, value.imag))
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} values cannot travel")


def _ext_hook(code: int, data: memoryview) -> Any:
    if code == ARRAY:
        return unpack_array(bytes(data))[0]
    if code == TENSOR:
        array, requires_grad = unpack_array(bytes(data))
        return Tensor(array, requires_grad)
    if code == TUPLE:
        return Tuple(unpack_array(bytes(data))[0])
    if code == GENERATOR and len(data) == 8:
        return Generator(struct.unpack("<Q", data)[0])
    if code == OPAQUE:
        return Opaque(bytes(data[:500]).decode("utf-8", "replace"))
    if code == COMPLEX and len(data) == 16:
        return complex(*struct.unpack("<dd", data))
    raise ChannelError(f"extension type {code} is unknown")


_encoder = msgspec.msgpack.Encoder(enc_hook=_enc_hook)


def encode(message: Any) -> bytes:
    """Turn a message (plain values, arrays, structs) into bytes."""
    return _encoder.encode(message)


def decoder(type_: Any = Any) -> msgspec.msgpack.Decoder[Any]:
    """Return a decoder that accepts exactly `type_`."""
    return msgspec.msgpack.Decoder(type_, ext_hook=_ext_hook)


def decode(data: bytes, using: msgspec.msgpack.Decoder[Any]) -> Any:
    """Decode strictly.

    Raises:
        ChannelError: the bytes are no valid message of that type.
    """
    try:
        return using.decode(data)
    except (msgspec.MsgspecError, ChannelError, RecursionError, ValueError, OverflowError) as error:
        raise ChannelError(f"invalid message: {error}") from None
