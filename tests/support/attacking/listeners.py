"""Services on this machine that nobody may reach from a submission, and their visitors."""

from __future__ import annotations

import array
import contextlib
import selectors
import socket
import threading
from pathlib import Path
from typing import Final

_KINDS: Final = {
    "tcp_port": (socket.AF_INET, socket.SOCK_STREAM, "127.0.0.1"),
    "tcp6_port": (socket.AF_INET6, socket.SOCK_STREAM, "::1"),
    "udp_port": (socket.AF_INET, socket.SOCK_DGRAM, "127.0.0.1"),
    "udp6_port": (socket.AF_INET6, socket.SOCK_DGRAM, "::1"),
}


class Listeners:
    """Sockets that wait, each for one attack, in a thread of their own."""

    def __init__(self, lent: int) -> None:
        """Start the thread; `lent` is a descriptor that servers on paths lend to callers."""
        self._lent = lent
        self._selector = selectors.DefaultSelector()
        self._ended = False
        self._sockets: list[socket.socket] = []
        self.reached: list[tuple[str, str]] = []
        """Reached services: the attack, and the kind of socket."""
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def port(self, owner: str, kind: str) -> int:
        """Listen on a free port of loopback; `kind` is a key of TARGET."""
        family, type_, host = _KINDS[kind]
        sock = socket.socket(family, type_)
        try:
            sock.bind((host, 0))
        except OSError:  # no IPv6 here, as in a container without a network
            sock.close()
            return 1
        self._add(owner, kind, sock)
        port: int = sock.getsockname()[1]
        return port

    def path(self, owner: str, kind: str, path: str) -> str:
        """Listen on a path, or on an abstract name if `path` begins with a zero byte."""
        datagrams = kind == "unix_datagram"
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if datagrams else socket.SOCK_STREAM)
        sock.bind(path)
        if not path.startswith("\0"):
            Path(path).chmod(0o777)
        self._add(owner, kind, sock)
        return path

    def _add(self, owner: str, kind: str, sock: socket.socket) -> None:
        sock.setblocking(False)
        if sock.type == socket.SOCK_STREAM:
            sock.listen(16)
        self._sockets.append(sock)
        self._selector.register(sock, selectors.EVENT_READ, (owner, kind))

    def _wait(self) -> None:
        while not self._ended:
            for key, _ in self._selector.select(0.2):
                self.reached.append(key.data)
                with contextlib.suppress(OSError):
                    self._serve(key.fileobj)

    def _serve(self, sock: object) -> None:
        if not isinstance(sock, socket.socket):
            raise AssertionError(sock)
        if sock.type == socket.SOCK_DGRAM:
            sock.recv(65536)
            return
        caller, _ = sock.accept()
        with caller:
            if caller.family == socket.AF_UNIX:
                rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [self._lent]))
                caller.sendmsg([b"here"], [rights])

    def close(self) -> None:
        """Stop listening."""
        self._ended = True
        self._thread.join()
        for sock in self._sockets:
            sock.close()
