"""Replies of a worker, checked and made fit to be shown.

An honest worker sends plain data. A submission that has found its channel may send anything: a
few bytes that unpack into gigabytes, keys that are no text, a date. So the number of values is
counted before anything is decoded, and the decoded values are checked one by one. Texts lose
parts that do not belong into a result: control characters, memory addresses, paths of this machine.
"""

from __future__ import annotations

import contextlib
import math
import sys
from typing import Any, Final

import msgspec
import numpy as np

from gradpath.engine.channel import HEAD, TooLargeError
from gradpath.errors import ChannelError
from gradpath.text import clean, tidy
from gradpath.worker import codec
from gradpath.worker.protocol import (
    MAX_REMARKS,
    SHOWN_CHARS,
    Failure,
    Frame,
    Observation,
    Outcome,
    PrintedObservation,
    Remark,
    Reply,
)

MAX_VALUES: Final = 100_000
MAX_TEXT: Final = 1_000
MAX_MESSAGE: Final = 500
MAX_NAME: Final = 80
MAX_FRAMES: Final = 12
MAX_SETTINGS: Final = 6
ALWAYS: Final = 1 << 14
"""Bytes that any reply may take in memory: an exception with its frames has a few thousand."""

_replies = codec.decoder(Reply)
_NUMBER: Final = msgspec.msgpack.encode("number")
_VALUE: Final = msgspec.msgpack.encode("value")


def read_reply(data: bytes, room: int = sys.maxsize) -> tuple[Reply, int]:
    """Decode a worker's reply.

    Args:
        data: the message.
        room: about how many bytes the reply may take in memory; see `codec.size`.

    Returns:
        The reply, and about how many bytes it takes.

    Raises:
        TooLargeError: it takes more, or has more values than a worker may send. Nothing is decoded.
        ChannelError: this is no reply.
    """
    # Each value has a byte at least, so few bytes need no count.
    size = len(data) * (1 + codec.PER_VALUE)
    if size > min(room, ALWAYS):
        size = len(data) + codec.PER_VALUE * _count(data)
    if size > room:
        raise TooLargeError(len(data), data[:HEAD])
    try:
        reply: Reply = codec.decode(data, _replies)
    except TypeError as error:  # a key that is a list or an array
        raise ChannelError(f"invalid message: {error}") from None
    checked = Reply(
        reply.number,
        reply.outcome,
        _checked(reply.value),
        _checked(reply.again),
        None if reply.arguments is None else [_checked(value) for value in reply.arguments],
        None if reply.failure is None else _failure(reply.failure),
        [_remark(remark) for remark in reply.remarks[:MAX_REMARKS]],
        [tidy(name, MAX_NAME) for name in reply.settings[:MAX_SETTINGS]],
        clean(reply.printed[:SHOWN_CHARS]),
    )
    return checked, size


def observed(outcome: Outcome, reply: Reply, *, printed: bool) -> Observation:
    """Return the observation that a reply is; with the text of its call, if that is `printed`."""
    seen = outcome, reply.value, reply.again, reply.arguments, reply.failure
    if printed and reply.printed:
        return PrintedObservation(*seen, settings=reply.settings, printed=reply.printed)
    return Observation(*seen, settings=reply.settings)


def refused(error: TooLargeError, number: int) -> codec.Refused:
    """Return the stand-in of an answer that is too large: it says its size and kind.

    Raises:
        ChannelError: it does not begin as the reply of this number.
    """
    if not error.head[1:].startswith(_NUMBER + msgspec.msgpack.encode(number)):
        raise ChannelError("a large message that is no reply")
    size = f"{error.length / 1e6:.1f} MB" if error.length >= 1e5 else f"{error.length} bytes"
    _, _, value = error.head.partition(_VALUE)
    return codec.Refused(f"{_kind(memoryview(value), error.length)}{size} of data")


def _kind(value: memoryview, length: int) -> str:
    """Name a value by its first bytes, if most of a message of this length is in it."""
    first = value[0] if value else 0
    if 0xC7 <= first <= 0xC9:  # an extension type, with a length of 1, 2 or 4 bytes
        begin = 1 + (1 << (first - 0xC7))
        if value[begin : begin + 1] == bytes([codec.ARRAY]):
            with contextlib.suppress(ChannelError):
                dtype, shape, _ = codec.array_header(value[begin + 1 :])
                if math.prod(shape) * dtype.itemsize > length // 2:
                    return f"an array of shape {shape}, "
    elif 0x80 <= first <= 0x9F:
        return f"a {'dict' if first < 0x90 else 'list'} of {first & 0x0F} values, "
    elif 0xDC <= first <= 0xDF:
        count = int.from_bytes(value[1 : 3 + 2 * (first & 1)])
        return f"a {'list' if first < 0xDE else 'dict'} of {count} values, "
    return ""


def _failure(failure: Failure) -> Failure:
    frames = [_frame(frame) for frame in failure.frames[-MAX_FRAMES:]]
    return Failure(tidy(failure.type, MAX_NAME), tidy(failure.message, MAX_MESSAGE), frames)


def _remark(remark: Remark) -> Remark:
    other = None if remark.other is None else _frame(remark.other)
    return Remark(remark.kind, _frame(remark.where), tidy(remark.text, MAX_MESSAGE), other)


def _frame(frame: Frame) -> Frame:
    return Frame(
        tidy(frame.cell, MAX_NAME),
        frame.line,
        tidy(frame.function, MAX_NAME),
        tidy(frame.source, 2 * MAX_NAME),
    )


def _checked(value: Any, depth: int = 0) -> Any:
    """Return a value with its texts made tidy.

    Raises:
        ChannelError: it holds something that no worker sends.
    """
    if value is None or isinstance(value, bool | int | float | complex | np.ndarray):
        return value
    if isinstance(value, str):
        return tidy(value, MAX_TEXT)
    if isinstance(value, codec.Opaque):
        return codec.Opaque(tidy(value.description, 3 * MAX_NAME))
    # One level more than a worker descends: there it says that it went no further.
    if depth <= codec.MAX_DEPTH:
        if isinstance(value, list):
            return [_checked(item, depth + 1) for item in value]
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {tidy(key, MAX_TEXT): _checked(item, depth + 1) for key, item in value.items()}
    raise ChannelError(f"{type(value).__name__} values do not come from a worker")


def _count(data: bytes) -> int:
    """Count the values in a message without building them.

    Raises:
        TooLargeError: there are more than a worker may send.
        ChannelError: the message is cut short.
    """
    position, left, end = 0, 1, len(data)
    counted = 0
    while left:
        counted += 1
        if position >= end:
            raise ChannelError("a message with too few values")
        if counted > MAX_VALUES:
            raise TooLargeError(end, data[:HEAD])
        first = data[position]
        left -= 1
        if first <= 0x7F or first >= 0xE0:  # a small whole number
            position += 1
        elif first <= 0x8F:
            position, left = position + 1, left + 2 * (first & 0x0F)
        elif first <= 0x9F:
            position, left = position + 1, left + (first & 0x0F)
        elif first <= 0xBF:
            position += 1 + (first & 0x1F)
        else:
            size, factor, extra = _FORMATS[first - 0xC0]
            number = int.from_bytes(data[position + 1 : position + 1 + size])
            position += 1 + size + extra
            if factor:
                left += factor * number
            elif size:
                position += number
    return counted


# For the first bytes 0xC0 to 0xDF: how many bytes of length follow, how many values each unit of
# that length stands for (0: bytes), and how many bytes follow besides.
_FORMATS: Final = (
    *((0, 0, 0),) * 4,  # nil, unused, false, true
    *((1, 0, 0), (2, 0, 0), (4, 0, 0)),  # bin
    *((1, 0, 1), (2, 0, 1), (4, 0, 1)),  # ext, with its type
    *((0, 0, 4), (0, 0, 8)),  # float
    *((0, 0, 1), (0, 0, 2), (0, 0, 4), (0, 0, 8)) * 2,  # whole numbers
    *((0, 0, 2), (0, 0, 3), (0, 0, 5), (0, 0, 9), (0, 0, 17)),  # ext of 1, 2, 4, 8, 16 bytes
    *((1, 0, 0), (2, 0, 0), (4, 0, 0)),  # str
    *((2, 1, 0), (4, 1, 0)),  # array
    *((2, 2, 0), (4, 2, 0)),  # map
)
