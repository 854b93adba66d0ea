"""The student edition works without Linux's modules: on macOS and Windows.

There is no such machine here, so these modules, functions and signals are taken away, from the
command and its worker.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gradpath.course.master import solution_of

# Modules of Linux or Unix alone, and the modules of ours that need them.
_MISSING = (
    "fcntl",
    "grp",
    "pwd",
    "resource",
    "termios",
    "torch",  # which the assignment does without
    "gradpath.worker.sandbox.kernel",
    "gradpath.worker.zygote",
)
_SIGNALS = ("SIGKILL", "SIGALRM", "SIGHUP", "SIGPIPE", "SIGCHLD")
_PRELUDE = f"""
import os, runpy, signal, subprocess, sys, sysconfig
sysconfig.get_config_vars()  # reads its own platform's modules, once
for name in {_MISSING}:
    sys.modules[name] = None
for name in ("fork", "geteuid", "killpg", "sched_getaffinity", "setsid"):
    delattr(os, name)
for name in {_SIGNALS}:
    delattr(signal, name)
subprocess.Popen.kill = lambda process: process.send_signal(9)  # TerminateProcess of Windows
sys.platform = "darwin"
"""
_WORKER = f"""{_PRELUDE}
assert sys.argv[1] == "-m", sys.argv
module, sys.argv = sys.argv[2], sys.argv[2:]
runpy.run_module(module, run_name="__main__")
"""
_COMMAND = f"""{_PRELUDE}
sys.executable = {{worker!r}}
from gradpath.cli import main
sys.exit(main())
"""


@pytest.fixture
def run(tmp_path: Path) -> object:
    worker = tmp_path / "python"
    (tmp_path / "worker.py").write_text(_WORKER)
    worker.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path}/worker.py" "$@"\n')
    worker.chmod(0o755)

    def run_command(*words: str) -> subprocess.CompletedProcess[str]:
        code = _COMMAND.format(worker=str(worker))
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run_command


@pytest.mark.parametrize("broken", [False, True])
def test_check(run: object, tmp_path: Path, broken: bool) -> None:
    text = solution_of("mse_sweep")
    if broken:
        text = text.replace("return x * w", "return x + w")
    (tmp_path / "mse_sweep.py").write_text(text)
    done = run("check")  # type: ignore[operator]
    assert done.returncode == int(broken), done.stderr
    assert "forward" in done.stdout


def test_a_library_that_is_not_here_is_named(run: object, tmp_path: Path) -> None:
    (tmp_path / "rosenbrock.py").write_text(solution_of("rosenbrock"))
    done = run("check")  # type: ignore[operator]
    assert done.returncode == 2
    assert done.stderr == (
        "gradpath: rosenbrock needs torch, which is not installed; `pip install torch`\n"
    )


def test_doctor(run: object) -> None:
    done = run("doctor")  # type: ignore[operator]
    assert done.returncode == 0, done.stderr
    assert "level D" in done.stdout
    assert "grade needs Linux; check works here" in done.stdout
