"""Answers that are too large: refused from their header, and the worker goes on behind them."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gradpath.course.expectations import Numbers
from gradpath.course.tolerances import FORMULA
from gradpath.engine.channel import Channel, PipeChannel, SocketChannel, TooLargeError
from gradpath.engine.validation import read_reply, refused
from gradpath.errors import ChannelError
from gradpath.grading.compare import compare
from gradpath.worker import codec
from gradpath.worker.protocol import Reply, frame

LARGE = np.zeros((4_000_000, 1, 1))


def message(value: Any, **parts: Any) -> bytes:
    return codec.encode(Reply(7, "returned", value, **parts))


HEAD_OF_SEVEN = message(1.5).partition(b"\x07")[0] + b"\x07"


def send_all(sock: socket.socket, data: bytes) -> None:
    sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)


def answers_through(pipes: PipeChannel) -> None:
    pipes.send(message(LARGE), message(1.5))
    pipes.close()


@pytest.fixture(params=["socket", "pipe"])
def channel(request: pytest.FixtureRequest) -> Iterator[Channel]:
    """A channel on which a large answer comes, then a small one, then the end."""
    data = frame(message(LARGE)) + frame(message(1.5))
    if request.param == "socket":
        ours, theirs = socket.socketpair()
        with theirs:
            threading.Thread(target=send_all, args=[theirs, data]).start()
            sockets = SocketChannel(ours)
            yield sockets
            sockets.close()
        return
    copy = "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"
    with subprocess.Popen(
        [sys.executable, "-c", copy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        pipes = PipeChannel(process)
        threading.Thread(target=answers_through, args=[pipes]).start()
        yield pipes


def test_the_rest_of_a_refused_answer_is_dropped(channel: Channel) -> None:
    with pytest.raises(TooLargeError) as caught:
        channel.receive(10.0, 10_000)
    assert caught.value.length == len(message(LARGE))
    assert len(caught.value.head) <= 4096
    assert channel.receive(10.0, 10_000) == message(1.5)
    assert channel.receive(10.0) is None


def told(data: bytes) -> str:
    return refused(TooLargeError(len(data), data[:4096]), 7).description


def test_a_refused_answer_is_named() -> None:
    assert told(message(LARGE)) == "an array of shape (4000000, 1, 1), 32.0 MB of data"
    assert told(message(LARGE[:100])).startswith("an array of shape (100, 1, 1), 9")
    assert told(message([LARGE] * 3)) == "a list of 3 values, 96.0 MB of data"
    assert told(message([None] * 100)).startswith("a list of 100 values, ")
    assert told(message({"w": LARGE})) == "a dict of 1 values, 32.0 MB of data"
    # The first answer is no larger than it should be; the second one is.
    assert told(message(np.zeros(3), again=LARGE)) == "32.0 MB of data"
    head = message(LARGE)[:80]
    for cut in range(len(HEAD_OF_SEVEN), 80):
        assert told(head[:cut]).endswith(" of data")


def test_a_large_message_that_is_no_reply_to_the_call_is_no_answer() -> None:
    for data in (b"", HEAD_OF_SEVEN[:-1], b"\x91" * 90_000, codec.encode(Reply(8, "returned"))):
        with pytest.raises(ChannelError):
            told(data)


def test_the_verdict_says_what_was_expected() -> None:
    got = refused(TooLargeError(len(message(LARGE)), message(LARGE)[:4096]), 7)
    mismatch = compare(Numbers(FORMULA), np.zeros((5, 2)), got)
    assert mismatch is not None
    assert mismatch.text == (
        "the answer is far too large: an array of shape (4000000, 1, 1), 32.0 MB of data; "
        "expected result shape (5, 2)"
    )


def test_values_count_beside_their_bytes() -> None:
    """Empty lists have one byte each in a message, and sixty in memory."""
    _, taken = read_reply(message([[]] * 10_000))
    assert taken > 50 * 10_000
    assert codec.size([[]] * 10_000) > 50 * 10_000
    _, taken = read_reply(message(LARGE))
    assert taken < 1.01 * LARGE.nbytes
    with pytest.raises(TooLargeError):
        read_reply(message(LARGE), taken - 1)
