"""The grader's end of a channel to a worker."""

from __future__ import annotations

import functools
import os
import queue
import socket
import subprocess
import threading
import time
from typing import IO, Final, Protocol

from gradpath.errors import ChannelError
from gradpath.worker import protocol

HEAD: Final = 4096
"""Bytes that are kept of a message that is too large: they name its kind."""
_PART: Final = 1 << 18
_PARTS: Final = 16
"""Parts of messages that a thread reads ahead of the grader."""


class TooLargeError(ChannelError):
    """A message that is larger than the caller wants; only its beginning has been kept."""

    def __init__(self, length: int, head: bytes) -> None:
        super().__init__(f"a message of {length} bytes")
        self.length = length
        self.head = head


class Channel(Protocol):
    """Frames to and from one worker."""

    def send(self, *payloads: bytes) -> None:
        """Send frames; a worker that is gone is noticed by the next `receive`."""

    def receive(self, seconds: float, limit: int = protocol.MAX_FRAME) -> bytes | None:
        """Return the next frame, or None when the worker is gone.

        Args:
            seconds: how long to wait for a whole frame.
            limit: bytes that the frame may have.

        Raises:
            TimeoutError: no whole frame after `seconds`, however slowly it trickles. What has come
                of it is kept for the next call.
            TooLargeError: the announced length is above `limit`. The next call drops the rest of
                the frame as it comes, and goes on behind it.
            ChannelError: the announced length is above the limit of all frames.
        """

    def close(self) -> None:
        """Release the channel's pipe or socket."""


class _Frames:
    """Frames put together from the parts in which they come; never more than is asked for."""

    _dropping = 0
    """Bytes of a message that was too large which are still to come."""

    @functools.cached_property
    def _received(self) -> bytearray:
        return bytearray()

    def receive(self, seconds: float, limit: int = protocol.MAX_FRAME) -> bytes | None:
        deadline = time.monotonic() + seconds
        received, begin = self._received, protocol.HEADER.size
        while self._dropping:
            if not self._has(1, deadline):
                return None
            dropped = min(self._dropping, len(received))
            del received[:dropped]
            self._dropping -= dropped
        if not self._has(begin, deadline):
            return None
        length = protocol.announced_length(received[:begin])
        end = begin + (length if length <= limit else min(length, HEAD))
        if not self._has(end, deadline):
            return None
        payload = bytes(received[begin:end])
        del received[:end]
        if length > limit:
            self._dropping = length - len(payload)
            raise TooLargeError(length, payload)
        return payload

    def _has(self, count: int, deadline: float) -> bool:
        """Wait until so many bytes are there; tell whether they are or the worker is gone."""
        while len(self._received) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            part = self._part(left)
            if not part:
                return False
            self._received.extend(part)
        return True

    def _part(self, seconds: float) -> bytes:
        """Wait for more bytes, and return them; nothing when the worker is gone.

        Raises:
            TimeoutError: nothing came.
        """
        raise NotImplementedError


class SocketChannel(_Frames):
    """A channel over a Unix socket, used with forked workers."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def send(self, *payloads: bytes) -> None:
        self._socket.settimeout(10.0)
        try:
            self._socket.sendall(b"".join(map(protocol.frame, payloads)))
        except (ConnectionError, TimeoutError):
            # A worker that does not read is dead or stuck: the next receive says which.
            return

    def _part(self, seconds: float) -> bytes:
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(_PART)
        except ConnectionError:
            return b""

    def close(self) -> None:
        self._socket.close()


class PipeChannel(_Frames):
    """A channel over a subprocess's standard streams; works on every platform.

    Pipes have no time limit of their own on Windows, so a thread reads and a queue waits. It reads
    ahead by so many parts and no more.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ChannelError("the worker was started without pipes")
        self._stdin: IO[bytes] = process.stdin
        self._stdout: IO[bytes] = process.stdout
        self._parts: queue.Queue[bytes] = queue.Queue(_PARTS)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while part := os.read(self._stdout.fileno(), _PART):
                self._parts.put(part)
        except (OSError, ValueError):
            pass  # closed under the thread: the same as the end
        self._parts.put(b"")

    def send(self, *payloads: bytes) -> None:
        try:
            self._stdin.write(b"".join(map(protocol.frame, payloads)))
            self._stdin.flush()
        except OSError:
            return

    def _part(self, seconds: float) -> bytes:
        try:
            return self._parts.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def close(self) -> None:
        # The reading thread owns stdout and ends by itself once the process is gone.
        try:
            self._stdin.close()
        except OSError:
            return
