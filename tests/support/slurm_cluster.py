"""A Slurm cluster of two nodes on this machine, with Debian's packages `slurm-wlm` and `munge`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.stored_runs import GRADPATH, children, descendants

COMMANDS = ("sbatch", "munged", "slurmctld", "slurmd")
NODES = ("n1", "n2")
_SECONDS = 60.0


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs; its files lie in `folder`."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf"), "COLUMNS": "200"}

    def run(self, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of Slurm's, or gradpath, with this cluster."""
        return subprocess.run(
            [*map(str, words)],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def slurm(self, *words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run `gradpath slurm`."""
        return self.run(GRADPATH, "slurm", *words, cwd=cwd)

    def start_node(self, node: str) -> None:
        _daemon(["slurmd", "-N", node], self.environment)

    def kill_node(self, node: str) -> None:
        """Kill a node's daemon and all that it has started, as a power cut does."""
        daemon = int((self.folder / f"slurmd-{node}.pid").read_text())
        steps = [pid for pid in os.listdir("/proc") if pid.isdigit() and _is_step(pid, node)]
        assert steps, self.queue()
        os.kill(daemon, signal.SIGKILL)
        for step in steps:
            _kill_tree(int(step))

    def queue(self) -> str:
        return self.run("squeue", "--noheader", "--array", "--format", "%F_%K %T %N").stdout


def _is_step(pid: str, node: str) -> bool:
    """Tell whether a process is the one that a node has started for a job: the job's parent."""
    named = f"SLURMD_NODENAME={node}".encode()
    with contextlib.suppress(OSError):
        if b"slurmstepd" in Path("/proc", pid, "cmdline").read_bytes():
            jobs = [Path("/proc", str(child), "environ") for child in children(int(pid))]
            return any(named in job.read_bytes().split(b"\0") for job in jobs)
    return False


def _kill_tree(pid: int) -> None:
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a cluster, and end it with all its jobs."""
    made = Cluster(folder)
    (folder / "slurm.conf").write_text(_configuration(folder))
    with contextlib.ExitStack() as stack:
        if not _munge_answers():
            subprocess.run(
                ["install", "-d", "-o", "munge", "-g", "munge", "/run/munge"], check=True
            )
            subprocess.run(["runuser", "-u", "munge", "--", "/usr/sbin/munged"], check=True)
            stack.callback(subprocess.run, ["pkill", "munged"], check=False)
        stack.callback(_end, folder)
        _daemon(["slurmctld"], made.environment)
        for node in NODES:
            made.start_node(node)
        _wait(lambda: made.run("sinfo", "--noheader", "--format", "%T").stdout.strip() == "idle")
        yield made
        made.run("scancel", "--me")


def _configuration(folder: Path) -> str:
    controller, *ports = _free_ports(1 + len(NODES))
    nodes = [
        f"NodeName={node} NodeHostname=localhost Port={port} CPUs=1 RealMemory=4000"
        for node, port in zip(NODES, ports, strict=True)
    ]
    return f"""\
ClusterName=test
SlurmctldHost=localhost
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/ctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/ctld.log
SlurmdLogFile={folder}/slurmd-%n.log
SlurmctldPort={controller}
SlurmdTimeout=10
KillWait=2
MinJobAge=2
SchedulerParameters=bf_interval=1,sched_interval=1,requeue_delay=1
ReturnToService=2
MpiDefault=none
{chr(10).join(nodes)}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def _munge_answers() -> bool:
    return subprocess.run(["munge", "-n"], capture_output=True, check=False).returncode == 0


def _daemon(words: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        words, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _end(folder: Path) -> None:
    for path in (*folder.glob("slurmd-*.pid"), folder / "ctld.pid"):
        with contextlib.suppress(OSError, ValueError):
            _kill_tree(int(path.read_text()))
