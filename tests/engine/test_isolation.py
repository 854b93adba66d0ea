"""The layers around a submission: the acts that each refuses, their levels, and that no worker runs
without them. Whether they hold against attacks is shown by test_attacks.py."""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import itertools
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gradpath.course.load import slugs
from gradpath.engine import isolation
from gradpath.engine.fork_pool import ForkWorkshop, Zygote
from gradpath.engine.scratch import Scratch
from gradpath.engine.session import Session
from gradpath.errors import WorkerError
from gradpath.worker.confine import remove_scratch
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Observation, Source
from gradpath.worker.sandbox import identity
from gradpath.worker.sandbox.distributions import PACKAGE
from gradpath.worker.sandbox.layers import LAYERS, Layers, at_least, choose
from gradpath.worker.sandbox.probe import examine
from gradpath.worker.sandbox.system_calls import MACHINES, NAMES
from tests.conftest import Command
from tests.support.stored_runs import descendants

WITHOUT = [
    (),
    ("namespaces",),
    ("namespaces", "landlock"),
    ("namespaces", "seccomp"),
    ("namespaces", "landlock", "seccomp"),
]
"""Layers to leave out, for each kind of combination."""


def test_system_call_numbers_are_those_of_libseccomp() -> None:
    name = ctypes.util.find_library("seccomp")
    assert name, "install libseccomp2"
    library = ctypes.CDLL(name)
    for machine, call in itertools.product(MACHINES.values(), NAMES):
        known = library.seccomp_syscall_resolve_name_arch(
            ctypes.c_uint32(machine.audit), call.encode()
        )
        if known != -1:  # newer than this libseccomp
            number = machine.number(call)
            assert number == (known if known >= 0 else None), (machine.name, call)


def test_choosing() -> None:
    assert choose(LAYERS).level == "A"
    assert choose(("uid", "landlock", "seccomp")).level == "B"
    assert choose(("landlock", "seccomp")).level == "B"
    assert choose({"landlock"}).level == "C"
    assert choose({"uid"}).level == "C"
    assert choose(()).level == "D"
    # Without Landlock, a user id protects files by their modes alone; then nothing may be opened.
    without = choose(("uid", "seccomp"))
    assert (without.level, without.may_open) == ("B", False)
    assert choose(("namespaces", "uid", "seccomp")).level == "B"
    assert at_least("A", "B")
    assert at_least("B", "B")
    assert not at_least("C", "B")


@pytest.mark.parametrize("names", ["", "namespaces,uid,landlock,seccomp", "seccomp,no-open"])
def test_layers_travel_by_name(names: str) -> None:
    assert Layers.read(names).names == names


@pytest.mark.root
def test_this_machine_has_every_layer() -> None:
    found = isolation.level()
    assert (found.level, dict(found.missing)) == ("A", {})


def test_a_layer_that_does_not_hold_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe that only looked at return codes would count each of these."""
    monkeypatch.setattr("gradpath.worker.sandbox.landlock.restrict", lambda *_: None)
    monkeypatch.setattr("gradpath.worker.sandbox.seccomp.install", lambda *_, **__: None)
    monkeypatch.setattr("gradpath.worker.sandbox.namespaces.leave_the_rest", lambda *_, **__: None)
    monkeypatch.setattr("gradpath.worker.sandbox.identity.become", lambda *_, **__: None)
    found = examine()
    assert found.layers.level == "D"
    assert "files can be read" in found.missing["landlock"]
    assert "sockets can be made" in found.missing["seccomp"]
    assert "the network is there" in found.missing["namespaces"]
    assert set(found.missing) == set(LAYERS)


def test_a_folder_for_packages_that_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's Python names /usr/local/lib/python3.*/dist-packages before anybody has made it."""
    before = identity.libraries_are_public()
    monkeypatch.setattr("sysconfig.get_path", lambda _: "/usr/local/lib/not/there")
    assert identity.libraries_are_public() == before


class Bench:
    """A worker behind chosen layers, to ask for its abilities."""

    def __init__(self, without: tuple[str, ...]) -> None:
        self.found = isolation.level(without)
        self._zygote = Zygote((), [slugs()[0]], self.found.layers)
        self._workshop = ForkWorkshop(self._zygote)

    def ask(self, code: str) -> Observation:
        source = Source("asked", (Cell("asked.py", f"import os\ndef answer():\n    {code}\n"),))
        session = Session(self._workshop, slugs()[0], source, Limits())
        try:
            return session.observe(Call("answer", ()))
        finally:
            session.close()

    def close(self) -> None:
        self._workshop.close()
        self._zygote.close()


@pytest.fixture(scope="module", params=WITHOUT, ids=lambda names: "-".join(names) or "nothing")
def bench(request: pytest.FixtureRequest) -> Any:
    made = Bench(request.param)
    yield made
    made.close()


DATAGRAM = (
    "import socket; a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); "
    "a.sendto(b'x', PATH)"
)
FORBIDDEN = {
    # attempts, and the layers of which each stops them
    f"return open({str(PACKAGE / 'errors.py')!r}).read()[:1]": {"landlock", "no-open"},
    "import socket; return socket.socket().fileno()": {"seccomp"},
    "import socket; socket.create_connection(('127.0.0.1', PORT))": {"seccomp", "namespaces"},
    "os.kill(os.getppid() or 1, 0); os.getppid() or 1/0": {"seccomp", "uid", "namespaces"},
    "os.chmod('.', 0o777)": {"seccomp"},
    DATAGRAM: {"seccomp"},
    "open('/proc/self/environ').read()": {"landlock", "no-open"},
    "os.execv('/bin/true', ['true'])": {"seccomp", "landlock"},
    "import resource; resource.prlimit(os.getppid() or 2, 7, (1, 1))": {
        "seccomp",
        "uid",
        "namespaces",
    },
}


@pytest.fixture(scope="module")
def open_socket() -> Iterator[str]:
    """A socket that everybody may send to, like that of a system's log."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener,
    ):
        os.chmod(folder, 0o755)
        path = os.path.join(folder, "log")
        listener.bind(path)
        os.chmod(path, 0o666)
        yield path


@pytest.mark.root
@pytest.mark.parametrize("code", FORBIDDEN)
def test_what_each_layer_refuses(bench: Bench, code: str, open_socket: str) -> None:
    there = set(bench.found.layers.names.split(","))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        asked = code.replace("PORT", str(listener.getsockname()[1]))
        seen = bench.ask(asked.replace("PATH", repr(open_socket)))
    if there & FORBIDDEN[code]:
        assert (seen.outcome, seen.note) == ("raised", ""), (there, seen)
    elif there == {"uid"} and "exec" not in code:
        assert seen.outcome == "returned", (
            seen
        )  # a control: the attempt works where nothing stops it


@pytest.mark.root
@pytest.mark.parametrize(
    "code",
    [
        "import threading; t = threading.Thread(target=int); t.start(); t.join(); return 1",
        "pid = os.fork(); os._exit(0) if pid == 0 else os.waitpid(pid, 0); return 1",
        "import time; time.sleep(0.01); return 1",
        "import random; return int(random.random() < 2)",
        "import numpy as np; return int(np.linalg.inv(np.eye(3)).sum()) - 2",
        "print('text'); return 1",
    ],
)
def test_what_a_submission_may_do(bench: Bench, code: str) -> None:
    assert bench.ask(code).value == 1


@pytest.mark.root
def test_a_folder_of_its_own(bench: Bench) -> None:
    code = "f = open('a', 'w'); f.write('x'); f.close(); os.remove('a'); return os.listdir('.')"
    seen = bench.ask(code)
    if bench.found.layers.may_open:
        assert len(seen.value) == 0
    else:
        assert seen.outcome == "raised"


@pytest.mark.parametrize(
    "code",
    [
        "for i in range(30): open(str(i), 'wb').write(bytes(8_000_000))",
        "for i in range(9_000): open(str(i), 'wb').close()",
    ],
)
@pytest.mark.root
def test_a_folder_is_small(bench: Bench, code: str) -> None:
    """Where it has no size of its own, a submission that fills it is stopped."""
    if not bench.found.layers.may_open:
        pytest.skip("nothing can be written there")
    seen = bench.ask(f"import time\n    {code}\n    time.sleep(9); return 1")
    full = seen.failure is not None and "No space left" in seen.failure.message
    assert full if bench.found.layers.namespaces else seen.outcome == "killed", seen


def _lists(pid: int | str) -> int:
    """The number of process lists that a process is in, as far as this test sees them."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return len(line.split()) - 1
    return 0


def _like_a_submission(pid: int) -> bool:
    """Whether a process has a list of its own within that of a zygote."""
    return _lists(pid) == _lists("self") + 2


VICTIMS: dict[str, Callable[[list[int]], list[int]]] = {
    "the probe": lambda below: below,
    "a child of it": lambda below: below[1:],
    "the first of its list": lambda below: [*filter(_like_a_submission, below)],
}


@pytest.mark.parametrize("victims", VICTIMS.values(), ids=VICTIMS)
def test_a_probe_that_is_killed_says_nothing(victims: Callable[[list[int]], list[int]]) -> None:
    """As by a system that is short of memory: neither the probe nor its children report less."""
    whole = isolation.level()
    if victims is VICTIMS["the first of its list"] and not whole.layers.namespaces:
        pytest.skip("there are no namespaces here")
    killed, found = threading.Event(), threading.Event()

    def kill() -> None:
        while not found.is_set():
            for pid in victims(descendants(os.getpid()))[-1:]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.set()
                    return

    for _ in range(20):  # a process that lives for milliseconds can end unseen
        found.clear()
        thread = threading.Thread(target=kill)
        thread.start()
        level = isolation.level.__wrapped__()
        found.set()
        thread.join()
        assert level == whole
        if killed.is_set():
            return
    pytest.fail("no such process was seen")


@pytest.mark.root
def test_no_worker_without_its_layers() -> None:
    """Something that worked when it was probed, and does not when a worker starts."""
    zygote = Zygote((), [slugs()[0]], Layers(uid=True, landlock=True, seccomp=True))
    workshop = ForkWorkshop(zygote)
    try:
        with pytest.raises(WorkerError):  # there is no such limit
            workshop.start(slugs()[0], Limits(open_files=-2))
        # Landlock has a descriptor for each folder that stays readable, often more than that.
        workshop.start(slugs()[0], Limits(open_files=8)).end()
    finally:
        workshop.close()
        zygote.close()


def test_the_grader_runs_no_module_of_the_working_directory(
    gradpath: Command, tmp_path: Path
) -> None:
    (tmp_path / "random.py").write_text("open('executed', 'w')\n")
    (tmp_path / "msgspec.py").write_text("open('executed', 'w')\n")
    (tmp_path / "mse_sweep.py").write_text("def forward(x, w):\n    return x * w\n")
    done = gradpath("grade", "mse_sweep.py", "--out", "out", "--secret", "s")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "executed").exists()


def test_folders_of_killed_graders_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living, dead = Scratch(), Scratch()
    Path(dead.path, "file").touch()
    assert dead._lock is not None
    os.close(dead._lock)  # as the system does when a process ends
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    link = tmp_path / "gradpath-run-link"
    link.symlink_to(elsewhere)
    new = Scratch()
    assert {path.name for path in tmp_path.iterdir()} == {
        *(Path(each.path).name for each in (living, new)),
        *(link.name, elsewhere.name),
    }
    living.close()
    new.close()
    remove_scratch(str(link))
    assert {path.name for path in tmp_path.iterdir()} == {link.name, elsewhere.name}
    assert (elsewhere / "file").exists()


def test_graders_that_start_at_once_leave_each_other_their_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def start(_: int) -> Scratch:
        scratch = Scratch()
        assert os.path.isdir(scratch.path)
        return scratch

    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(start, range(60)))
    assert {path.name for path in tmp_path.iterdir()} == {
        os.path.basename(scratch.path) for scratch in started
    }
    for scratch in started:
        scratch.close()
