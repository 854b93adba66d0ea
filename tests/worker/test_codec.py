"""The channel's format: exact for plain data, and deaf to everything else."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradpath.course.checks import case
from gradpath.course.expectations import Numbers
from gradpath.course.tolerances import EXACT
from gradpath.engine.validation import read_reply
from gradpath.errors import ChannelError
from gradpath.grading.compare import changed
from gradpath.grading.questions import numbers_in
from gradpath.worker import codec
from gradpath.worker.protocol import Reply
from gradpath.worker.values import build

_anything = codec.decoder()
_replies = codec.decoder(Reply)

_dtypes = st.sampled_from(
    ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?", "c8", "c16"]
)
_arrays = hnp.arrays(dtype=_dtypes, shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))


@given(_arrays)
def test_arrays_survive_the_way_bit_for_bit(array: np.ndarray) -> None:
    back = codec.decode(codec.encode(array), _anything)
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@given(_arrays, st.booleans())
def test_tensors_keep_their_flag(array: np.ndarray, flag: bool) -> None:
    back = codec.decode(codec.encode(codec.Tensor(array, flag)), _anything)
    assert isinstance(back, codec.Tensor)
    assert back.requires_grad is flag
    assert back.array.tobytes() == array.tobytes()


@pytest.mark.parametrize("numbers", [(1.0, -2.5), (1, -2), ()])
def test_tuples_of_numbers_arrive_as_tuples(numbers: tuple[float, ...]) -> None:
    sent = case("f", numbers, list(numbers), expect=Numbers(EXACT)).call.args
    first, second = map(build, codec.decode(codec.encode(list(sent)), _anything))
    assert (first, second) == (numbers, list(numbers))
    assert isinstance(first, tuple)
    assert list(map(type, first)) == list(map(type, numbers))
    assert changed(sent, [np.array(numbers), None]) == [1]
    given = [array.tolist() for array in numbers_in(sent[:1])]
    assert given == [list(numbers)]  # an array of them, which later functions may be asked with


def test_no_worker_sends_a_tuple() -> None:
    message = codec.encode(Reply(1, "returned", codec.Tuple(np.zeros(2))))
    with pytest.raises(ChannelError, match="Tuple values do not come"):
        read_reply(message)


def test_non_contiguous_and_big_endian_arrays() -> None:
    array = np.arange(12, dtype=">f8").reshape(3, 4).T[::2]
    back = codec.decode(codec.encode(array), _anything)
    assert np.array_equal(back, array)


@given(st.binary(max_size=200))
def test_garbage_is_an_error_of_ours(data: bytes) -> None:
    try:
        codec.decode(data, _replies)
    except ChannelError:
        return


@given(st.binary(max_size=60))
def test_garbage_inside_an_array_is_an_error_of_ours(data: bytes) -> None:
    try:
        codec.unpack_array(data)
    except ChannelError:
        return


def test_a_small_header_cannot_ask_for_much_memory() -> None:
    header = struct.pack("<BB2Q", 0, 2, 2**40, 2**40)
    with pytest.raises(ChannelError, match="size"):
        codec.unpack_array(header + b"\0" * 64)


def test_deep_nesting_is_an_error_of_ours() -> None:
    with pytest.raises(ChannelError):
        codec.decode(b"\x91" * 100_000 + b"\xc0", _anything)


@pytest.mark.parametrize("value", [object(), np.array([object()]), np.array(["text"])])
def test_what_is_no_data_does_not_travel(value: object) -> None:
    with pytest.raises((TypeError, ChannelError)):
        codec.encode(value)


def test_replies_of_another_type_are_refused() -> None:
    with pytest.raises(ChannelError):
        codec.decode(codec.encode({"number": "one", "outcome": "returned"}), _replies)
    with pytest.raises(ChannelError):
        codec.decode(codec.encode({"number": 1, "outcome": "full marks"}), _replies)
