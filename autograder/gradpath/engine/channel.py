"""The grader's end of a channel to a worker."""

from __future__ import annotations

import queue
import socket
import subprocess
import threading
import time
from typing import IO, Protocol

from gradpath.errors import ChannelError
from gradpath.worker import protocol


class Channel(Protocol):
    """Frames to and from one worker."""

    def send(self, *payloads: bytes) -> None:
        """Send frames; a worker that is gone is noticed by the next `receive`."""

    def receive(self, seconds: float) -> bytes | None:
        """Return the next frame, or None when the worker is gone.

        Raises:
            TimeoutError: no whole frame after `seconds`, however slowly it trickles. What has come
                of it is kept for the next call.
            ChannelError: the announced length is above the limit.
        """

    def close(self) -> None:
        """Release the channel's pipe or socket."""


class SocketChannel:
    """A channel over a Unix socket, used with forked workers."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._received = bytearray()

    def send(self, *payloads: bytes) -> None:
        self._socket.settimeout(10.0)
        try:
            self._socket.sendall(b"".join(map(protocol.frame, payloads)))
        except (ConnectionError, TimeoutError):
            # A worker that does not read is dead or stuck: the next receive says which.
            return

    def receive(self, seconds: float) -> bytes | None:
        deadline = time.monotonic() + seconds
        received, begin = self._received, protocol.HEADER.size
        if not self._has(begin, deadline):
            return None
        end = begin + protocol.announced_length(received[:begin])
        if not self._has(end, deadline):
            return None
        payload = bytes(received[begin:end])
        del received[:end]
        return payload

    def _has(self, count: int, deadline: float) -> bool:
        """Wait until so many bytes are there; tell whether they are or the worker is gone."""
        received = self._received
        while len(received) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            try:
                part = self._socket.recv(1 << 18)
            except ConnectionError:
                return False
            if not part:
                return False
            received += part
        return True

    def close(self) -> None:
        self._socket.close()


class PipeChannel:
    """A channel over a subprocess's standard streams; works on every platform.

    Pipes have no time limit of their own on Windows, so a thread reads and a queue waits.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdin is None or process.stdout is None:
            raise ChannelError("the worker was started without pipes")
        self._stdin: IO[bytes] = process.stdin
        self._stdout: IO[bytes] = process.stdout
        self._frames: queue.Queue[bytes | ChannelError | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while header := self._stdout.read(protocol.HEADER.size):
                if len(header) < protocol.HEADER.size:
                    break
                length = protocol.announced_length(header)
                payload = self._stdout.read(length)
                if len(payload) < length:
                    break
                self._frames.put(payload)
        except ChannelError as error:
            self._frames.put(error)
        except (OSError, ValueError):
            pass  # closed under the thread: the same as the end
        self._frames.put(None)

    def send(self, *payloads: bytes) -> None:
        try:
            self._stdin.write(b"".join(map(protocol.frame, payloads)))
            self._stdin.flush()
        except OSError:
            return

    def receive(self, seconds: float) -> bytes | None:
        try:
            item = self._frames.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None
        if isinstance(item, ChannelError):
            raise item
        return item

    def close(self) -> None:
        # The reading thread owns stdout and ends by itself once the process is gone.
        try:
            self._stdin.close()
        except OSError:
            return
