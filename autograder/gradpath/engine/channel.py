"""The grader's end of a channel to a worker."""

from __future__ import annotations

import queue
import socket
import subprocess
import threading
import time
from typing import IO, Protocol

from gradpath import protocol
from gradpath.errors import ChannelError


class Channel(Protocol):
    """Frames to and from one worker."""

    def send(self, *payloads: bytes) -> None:
        """Send frames; a worker that is gone is noticed by the next `receive`."""

    def receive(self, seconds: float) -> bytes | None:
        """Return the next frame, or None when the worker is gone.

        Raises:
            TimeoutError: no whole frame after `seconds`, however slowly it trickles.
            ChannelError: the announced length is above the limit.
        """

    def close(self) -> None:
        """Release what the channel holds."""


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
        header = self._exactly(protocol.HEADER.size, deadline)
        if header is None:
            return None
        return self._exactly(protocol.announced_length(header), deadline)

    def _exactly(self, count: int, deadline: float) -> bytes | None:
        received = self._received
        while len(received) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            try:
                part = self._socket.recv(1 << 18)
            except ConnectionError:
                return None
            if not part:
                return None
            received += part
        taken = bytes(received[:count])
        del received[:count]
        return taken

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
