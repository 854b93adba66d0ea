"""The targets of an attack, made for each attack of a run, and whether they were touched."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pty
import secrets
import select
import termios
import tty
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.support.attacking.listeners import Listeners
from tests.support.attacking.numbers import system_calls
from tests.support.attacking.places import Places
from tests.support.attacking.planted import START
from tests.support.attacking.suite import Attack
from tests.support.attacking.watched import Watched

_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.shmat.restype = ctypes.c_void_p
_IPC_CREATE: Final = 0o1000
_SHARED_BYTES: Final = 100
_SOCKETS: Final = ("tcp_port", "tcp6_port", "udp_port", "udp6_port")


@dataclass
class Target:
    """The things that one attack may try to touch.

    Attributes:
        mark: a word that names the attack's processes and leftovers.
        claim: a word that it says when a forbidden act succeeded.
    """

    attack: Attack
    mark: str
    places: Places
    listeners: Listeners
    lent: int
    grader_pid: int
    next_file: Path
    broadcast: bool
    claim: str = field(default_factory=lambda: f"claim-{secrets.token_hex(8)}")
    _values: dict[str, Any] = field(default_factory=dict)
    _watched: Watched | None = None
    _terminal: tuple[int, int] | None = None
    _files: dict[str, str] = field(default_factory=dict)
    _shared: bytes = b""

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.places.targets / self.mark

    def make(self) -> dict[str, Any]:
        """Make the targets that the attack asks for, and return their description for it."""
        values: dict[str, Any] = {
            "mark": self.mark,
            "claim": self.claim,
            "assignment": self.attack.assignment,
            "secret_start": START,
            "secret_file": str(self.places.secret_file),
            "course_folder": str(self.places.course),
            "out_folder": str(self.places.out),
            "tmp_folder": str(self.places.tmp),
            "home_folder": str(self.places.home),
            "submissions_folder": str(self.places.submissions),
            "next_file": str(self.next_file),
            "grader_pid": self.grader_pid,
            "nr": system_calls(),
            "broadcast": self.broadcast,
            "ipc_key": 1 + secrets.randbelow(2**30),
        }
        self.folder.mkdir()
        self._values = values
        for key in sorted(self.attack.wants - values.keys()):
            values[key] = self._make(key)
        return {key: values[key] for key in self.attack.wants}

    def _make(self, key: str) -> Any:
        if key in _SOCKETS:
            return self.listeners.port(self.mark, key)
        if key in ("unix_socket", "unix_datagram"):
            return self.listeners.path(self.mark, key, str(self.folder / key))
        if key == "abstract_socket":
            self.listeners.path(self.mark, key, "\0" + self.mark)
            return self.mark
        makers = {
            "sentinel_file": self._sentinel_file,
            "sentinel_folder": self._sentinel_folder,
            "open_file": self._open_file,
            "drop_folder": self._drop_folder,
            "watched_pid": self._watched_pid,
            "shm_key": self._shm_key,
            "shm_name": self._shm_name,
            "terminal": self._terminal_path,
        }
        return makers[key]()

    def _sentinel_folder(self) -> str:
        path = self.folder / "sentinel"
        (path / "empty").mkdir(parents=True, exist_ok=True)
        return str(path)

    def _sentinel_file(self) -> str:
        path = Path(self._sentinel_folder(), "file")
        path.write_text("nobody may change this\n")
        return str(path)

    def _open_file(self) -> str:
        path = self.folder / "open_file"
        path.write_text("everybody may change this, but no submission\n")
        path.chmod(0o666)
        return str(path)

    def _drop_folder(self) -> str:
        path = self.folder / "drop"
        path.mkdir()
        path.chmod(0o777)
        return str(path)

    def _watched_pid(self) -> int:
        environment = {"PLANTED": self.places.secrets.planted("watched")}
        places = self.places
        watched = Watched(places.python, self.folder, places.user, environment, self.lent)
        self._watched = watched
        return watched.pid

    def _shm_key(self) -> int:
        key = 1 + secrets.randbelow(2**30)
        number = _libc.shmget(key, _SHARED_BYTES, _IPC_CREATE | 0o666)
        address = _libc.shmat(number, None, 0)
        self._shared = self.places.secrets.planted("shared").encode().ljust(_SHARED_BYTES, b"\0")
        ctypes.memmove(address, self._shared, _SHARED_BYTES)
        self._values |= {"shm_address": address, "shm_number": number}
        return key

    def _shm_name(self) -> str:
        name = f"shared-{self.mark}"
        path = Path("/dev/shm", name)
        path.write_bytes(self.places.secrets.planted("shared").encode().ljust(_SHARED_BYTES))
        path.chmod(0o600)
        if self.places.user is not None:
            os.chown(path, self.places.user, self.places.user)
        return name

    def _terminal_path(self) -> str:
        master, slave = pty.openpty()
        tty.setraw(slave)
        attributes = termios.tcgetattr(slave)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(slave, termios.TCSANOW, attributes)
        if self.places.user is not None:
            os.fchown(slave, self.places.user, self.places.user)
        self._terminal = master, slave
        return os.ttyname(slave)

    def ready(self) -> None:
        """Note how everything is, once the files have their owner."""
        if self._watched is not None:
            self._watched.wait_until_ready()
        self._files = self._look_at_files()

    def touched(self) -> list[str]:
        """Tell which targets were touched, and take everything away."""
        after = self._look_at_files()
        found = [
            f"{path}: {_what_happened(path, self._files, after)}"
            for path in sorted(self._files.keys() | after.keys())
            if self._files.get(path) != after.get(path)
        ]
        reached = {kind for owner, kind in self.listeners.reached if owner == self.mark}
        found += [f"reached: {kind}" for kind in sorted(reached)]
        if self._watched is not None:
            found += [f"watched process: {harm}" for harm in self._watched.harm()]
        if self._terminal is not None:
            if any(select.select([fd], [], [], 0)[0] for fd in self._terminal):
                found.append("terminal written to")
            for fd in self._terminal:
                os.close(fd)
        if self._shared:
            if ctypes.string_at(self._values["shm_address"], _SHARED_BYTES) != self._shared:
                found.append("shared memory changed")
            _libc.shmctl(self._values["shm_number"], 0, None)
        return found + self._left_in_kernel()

    def _look_at_files(self) -> dict[str, str]:
        """Return all that there is to know of each file, but when it was read."""
        found = {}
        paths = [path for path in self.folder.rglob("*") if not path.name.startswith("watched.")]
        if "shm_name" in self._values:
            paths.append(Path("/dev/shm", self._values["shm_name"]))
        for path in paths:
            if not os.path.lexists(path):
                continue
            about = path.lstat()
            attributes = os.listxattr(path, follow_symlinks=False)
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            inside = path.is_relative_to(self.folder)
            name = str(path.relative_to(self.folder) if inside else path)
            times = about.st_mtime_ns, about.st_ctime_ns
            owner = about.st_mode, about.st_uid, about.st_gid, about.st_nlink
            found[name] = repr((owner, about.st_size, times, attributes, content))
        return found

    def _left_in_kernel(self) -> list[str]:
        found = []
        key = self._values["ipc_key"]
        removers = {"shm": _libc.shmctl, "sem": _libc.semctl, "msg": _libc.msgctl}
        for kind in removers:
            for line in Path("/proc/sysvipc", kind).read_text().splitlines()[1:]:
                words = line.split()
                if int(words[0]) == key:
                    found.append(f"left in the kernel: {kind}")
                    if kind == "sem":
                        _libc.semctl(int(words[1]), 0, 0)
                    else:
                        removers[kind](int(words[1]), 0, None)
        librt = ctypes.CDLL("librt.so.1", use_errno=True)
        if librt.mq_unlink(b"/" + self.mark.encode()) == 0:
            found.append("left in the kernel: message queue")
        shared = Path("/dev/shm", f"shared-{self.mark}")
        shared.unlink(missing_ok=True)
        return found


def _what_happened(path: str, before: dict[str, str], after: dict[str, str]) -> str:
    if path not in after:
        return "deleted"
    return "changed" if path in before else "new"
