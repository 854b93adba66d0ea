"""Plain workers end with all that they have started, and with their parent."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

from gradpath.engine.windows_job import BasicLimits, ExtendedLimits
from gradpath.student.check import LocalCheck
from gradpath.submissions.submission import Submission

SLUG = "mse_sweep"


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int, seconds: float = 5.0) -> bool:
    """Wait for the end of a process that is no child of this one."""
    deadline = time.monotonic() + seconds
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not lives(pid)


def check(code: str) -> None:
    data = code.encode()
    local = LocalCheck(Submission("s01", SLUG, f"{SLUG}.py", len(data), lambda: data))
    try:
        local.run()
    finally:
        local.close()


def test_a_check_leaves_no_process_behind(tmp_path: Path) -> None:
    """Neither of a worker that is stopped in the end, nor of one that ends itself."""
    for number, last in enumerate(("pass", "os._exit(3)")):
        note = tmp_path / f"{number}"
        check(
            "import os, subprocess, sys\n"
            f"child = subprocess.Popen(['sleep', '60'], stdin=subprocess.DEVNULL)\n"
            f"open({str(note)!r}, 'a').write(f'{{child.pid}} ')\n"
            f"def forward(x, w):\n    {last}\n"
        )
        pids = [int(pid) for pid in note.read_text().split()]
        assert pids
        assert all(map(ends, pids)), last


def test_a_worker_ends_soon_after_its_parent() -> None:
    worker = (
        "from gradpath.worker.__main__ import end_with_parent; end_with_parent()\n"
        "print('ready', flush=True)\n"
        "while True: pass"
    )
    parent = (
        "import sys, subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], process_group=0,"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.readline(); print(child.pid)"
    )
    argv = [sys.executable, "-c", parent, worker]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert ends(int(done.stdout))


def test_structures_of_windows_have_their_sizes() -> None:
    """As winnt.h has them where a pointer has 8 bytes."""
    assert ctypes.sizeof(ctypes.c_void_p) == 8, os.uname()
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144
