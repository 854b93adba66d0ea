"""Any bytes may come from a worker: they are a message, or an error of ours."""

from __future__ import annotations

import contextlib
import math
import struct
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradpath.engine.validation import read_reply
from gradpath.errors import ChannelError
from gradpath.text import tidy
from gradpath.worker import codec
from gradpath.worker.protocol import HEADER, MAX_FRAME, Failure, Frame, Reply, announced_length
from tests.support.bounded import bounded
from tests.support.fuzzing import fuzzed
from tests.support.mutations import mutated

_anything = codec.decoder()

_dtypes = st.sampled_from(
    ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?", "c8", "c16"]
)
_arrays = hnp.arrays(_dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
_numbers = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(), st.complex_numbers(), st.booleans(), st.none()
)
_leaves = st.one_of(_numbers, _arrays, st.text(), st.builds(codec.Opaque, st.text()))
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_frames = st.builds(Frame, st.text(), st.integers(0, 2**31), st.text(), st.text())
_replies = st.builds(
    Reply,
    st.integers(0, 2**32),
    st.sampled_from(["returned", "raised", "missing", "not_implemented", "memory", "output"]),
    _values,
    _values,
    st.none() | st.lists(_values, max_size=3),
    st.none() | st.builds(Failure, st.text(), st.text(), st.lists(_frames, max_size=3)),
)


def read(data: bytes) -> None:
    """Read bytes as a reply, and as any message; only our error may come of it."""
    with contextlib.suppress(ChannelError):
        codec.decode(data, _anything)
    with contextlib.suppress(ChannelError):
        reply, _ = read_reply(data)
        must_be_fit_to_be_shown([reply.value, reply.again, reply.arguments])


def must_be_fit_to_be_shown(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            must_be_fit_to_be_shown(item)
    elif isinstance(value, dict):
        must_be_fit_to_be_shown([*value, *value.values()])
    elif isinstance(value, codec.Opaque):
        must_be_fit_to_be_shown(value.description)
    elif isinstance(value, str):
        assert value.isprintable()


@fuzzed
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    read(data)


@fuzzed
@given(mutated(_replies.map(codec.encode)))
def test_a_reply_that_was_tampered_with(data: bytes) -> None:
    read(data)


def _map(pairs: list[tuple[Any, Any]]) -> msgspec.Raw:
    """Return a map with keys of any type, written by hand: Python has no such dictionary."""
    body = b"".join(msgspec.msgpack.encode(part) for pair in pairs for part in pair)
    return msgspec.Raw(bytes([0x80 | len(pairs)]) + body)


# Types that MessagePack has and no worker sends: dates, keys of any kind, integers of any size.
_dates = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
_odd = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.text(),
        st.binary(), _dates,
        st.builds(msgspec.msgpack.Ext, st.integers(-128, 127), st.binary(max_size=40)),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(st.tuples(inner, inner), max_size=3).map(_map),
    ),
    max_leaves=10,
)  # fmt: skip


@fuzzed
@given(
    st.fixed_dictionaries(
        {"number": st.integers(0, 9) | _odd, "outcome": st.just("returned") | _odd},
        optional=dict.fromkeys(["value", "again", "arguments", "failure", "seconds", "x"], _odd),
    )
)
def test_a_reply_of_odd_parts(parts: dict[str, Any]) -> None:
    read(msgspec.msgpack.encode(parts))


@fuzzed
@given(st.binary(max_size=80))
@example(struct.pack("<BB2Q", 0, 2, 0, 2**63))
@example(struct.pack("<BB3Q", 0, 3, 2**63, 2**63, 0))
@example(struct.pack("<BB16Q", 0, 16, *(0,) * 16))
def test_any_array(data: bytes) -> None:
    try:
        codec.unpack_array(data)
    except ChannelError:
        return


@fuzzed
@given(st.binary(min_size=HEADER.size, max_size=HEADER.size))
def test_any_length(header: bytes) -> None:
    try:
        assert 0 <= announced_length(header) <= MAX_FRAME
    except ChannelError:
        return


@fuzzed
@given(_values)
@example(-0.0)
@example([math.nan, -math.nan, math.inf])
@example(struct.unpack("<d", b"\1\0\0\0\0\0\xf0\x7f")[0])  # a NaN with a payload that signals
@example(np.array([0x7FF0000000000001, 0xFFFFDEADBEEF0000], "u8").view("f8"))
@example(np.array([-0.0, 0.0], "f4"))
@example(complex(-0.0, math.nan))
def test_valid_values_arrive_bit_for_bit(value: Any) -> None:
    must_be_same(value, codec.decode(codec.encode(value), _anything))


def must_be_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, float):
        assert struct.pack("<d", one) == struct.pack("<d", other)
    elif isinstance(one, complex):
        assert struct.pack("<dd", one.real, one.imag) == struct.pack("<dd", other.real, other.imag)
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    elif isinstance(one, list):
        assert len(one) == len(other)
        for pair in zip(one, other, strict=True):
            must_be_same(*pair)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        must_be_same(list(one.values()), list(other.values()))
    elif isinstance(one, codec.Opaque):
        cut = one.description.encode("utf-8", "replace")[:500].decode("utf-8", "replace")
        assert other.description == cut
    else:
        assert one == other


BOMBS = {
    "empty_lists": "b'\\x91' * 30_000_000 + b'\\xc0'",
    "many_nils": "b'\\xdd\\x03\\x00\\x00\\x00' + b'\\xc0' * 50_331_648",
    "announced_list": "b'\\xdd\\xff\\xff\\xff\\xff'",
    "announced_map": "b'\\xdf\\xff\\xff\\xff\\xff'",
    "announced_text": "b'\\xdb\\xff\\xff\\xff\\xff'",
    "long_text": "reply(b'\\xdb\\x03\\x00\\x00\\x00' + b'\\x1b' * 50_331_648)",
    "long_key": "reply(b'\\x81\\xdb\\x03\\x00\\x00\\x00' + b'\\x1b' * 50_331_648 + b'\\xc0')",
    "array_of_nothing": "reply(b'\\xc7\\x22\\x01\\x00\\x04' + b'\\xff' * 24 + bytes(8))",
    "many_arrays": "reply(b'\\xdc\\x80\\x00' + b'\\xc7\\x02\\x01\\x00\\x00' * 32768)",
    "many_texts": "reply(b'\\xdd\\x00\\x01\\x80\\x00' + (b'\\xda\\x01\\x90' + b'a' * 400) * 98304)",
}


def test_messages_that_ask_for_much() -> None:
    """60 MB may come, and no more memory is taken than a few times of that."""
    code = [
        "read = gradpath.engine.validation.read_reply",
        "from gradpath.errors import ChannelError",
        "before = b'\\x83\\xa6number\\1\\xa7outcome\\xa8returned\\xa5value'",
        "def reply(value): return before + value",
    ]
    for bomb in BOMBS.values():
        code += [f"try: read({bomb})", "except ChannelError: print('refused')"]
        code += ["else: print('read')"]
    said = bounded("\n".join(code), megabytes=500)
    assert len(said.splitlines()) == len(BOMBS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(("W1", "W1"), ("0", "0"), ("x" * 20, "x" * 20), ("", "")),
        *(("x" * 21, "x" * 17 + "..."), ("1" * 21, "1" * 17 + "...")),
        *(
            ("0xdeadbeef", "0x..."),
            ("gradpath-ab12cd34", ""),
            ("/tmp/gradpath-run-ab12cd34/f", "f"),
        ),
        *(("W\n1", "W 1"), ("W\x001", "W?1"), ("W\u200b", "W?"), ("na\u00efve", "na\u00efve")),
    ],
)
def test_plain_words_stay_and_what_looks_like_them_does_not(text: str, shown: str) -> None:
    assert tidy(text, 20) == shown
