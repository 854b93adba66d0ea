"""The rights that a forked worker gives up before it sees a line of the student's code.

The layers are in `gradpath.worker.sandbox`; here is the order in which they go on, and the
cleaning up behind a worker.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.machinery import ModuleSpec
from multiprocessing import get_context
from multiprocessing.connection import Pipe
from typing import Final

from gradpath.worker import imports
from gradpath.worker.limits import Limits
from gradpath.worker.sandbox import identity, kernel, landlock, namespaces, seccomp
from gradpath.worker.sandbox import readable_paths as readable
from gradpath.worker.sandbox.layers import Layers
from gradpath.worker.sandbox.system_calls import Machine, this_machine

SCRATCH_PREFIX: Final = "gradpath-"
FIRST_UID: Final = 61_000  # above the ids that distributions give to people and services
MAX_UIDS: Final = 4_000  # and below the end of the ids that a container usually has

_SCRATCH_MIB: Final = 64
_CPU_MARGIN: Final = 5
_fork = get_context("fork")

Listed = Callable[[], Sequence[tuple[str, int]]]
"""Waits for a list of paths with the rights on them."""


def adopt_orphans() -> None:
    """Become the parent of every orphaned descendant, so that none can hide."""
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)


@dataclass(frozen=True)
class Plan:
    """The zygote's preparations, so that its children are confined quickly.

    Attributes:
        layers: the layers to put on.
        grants: open descriptors of the files and folders that Landlock lets a submission read.
        own_list: the zygote's list of processes; None without namespaces.
        folder: where namespaces mount the folder of each worker of a lane; see `for_lane`.
        rules: Landlock's, with that folder.
        keep_reading: see `gradpath.worker.sandbox.identity.become`.
        fonts: descriptors that stay open because matplotlib reads from them later on.
        found: see `gradpath.worker.imports`.
    """

    layers: Layers
    grants: Sequence[landlock.Grant] = ()
    own_list: int | None = None
    folder: str = ""
    rules: int | None = None
    keep_reading: bool = False
    fonts: Sequence[int] = ()
    found: Mapping[str, ModuleSpec | None] = field(default_factory=dict)


def list_beside(layers: Layers, allowed: Collection[str]) -> Listed:
    """List the files that submissions may read, in a process beside the imports of the zygote.

    Args:
        layers: the layers to put on; without Landlock there is nothing to list.
        allowed: the modules that submissions may import besides the standard library.
    """
    if not layers.landlock:
        return list
    ours, theirs = Pipe(duplex=False)

    def send() -> None:
        identity.die_with_parent()  # a zygote that is gone reads no list
        theirs.send(list(readable.grants(allowed)))

    beside = _fork.Process(target=send)
    beside.start()
    theirs.close()

    def listed() -> list[tuple[str, int]]:
        paths: list[tuple[str, int]] = ours.recv()
        beside.join()
        ours.close()
        return paths

    return listed


def prepare(layers: Layers, listed: Listed) -> Plan:
    """Make a plan, in the zygote, when everything is imported.

    Args:
        layers: the layers to put on.
        listed: from `list_beside`.
    """
    if layers.seccomp and layers.namespaces:
        seccomp.compiled(_machine(), 1, may_open=layers.may_open)
    if layers.landlock:
        # A descriptor for each path: in large environments more than 1024.
        identity.raise_limit_on_open_files()
    paths = listed()
    return Plan(
        layers,
        landlock.open_grants(paths),
        namespaces.own_list() if layers.namespaces else None,
        # Where only root may enter the folders above the interpreter, imports would fail.
        keep_reading=layers.may_open and not identity.libraries_are_public(),
        fonts=() if layers.may_open else _open_regular_files(),
        found=imports.find(path for path, _ in paths),
    )


def for_lane(plan: Plan) -> Plan:
    """Return the plan of a lane: with namespaces, its workers share the path of their folder.

    Each one mounts a file system of its own there, which no other process sees. So the rules of
    Landlock are the same for all, and are made once. A right on a folder is none on what is mounted
    there, but one on the folder above is; that one is read-only by then.
    """
    if not plan.layers.namespaces:
        return plan
    above = make_scratch()
    os.chmod(above, 0o711)
    plan = replace(plan, folder=make_scratch(above))
    if plan.layers.landlock:
        rules = _rules(plan, above)
        for grant in plan.grants:
            os.close(grant.descriptor)
        plan = replace(plan, grants=(), rules=rules)
    return plan


def leave_lane(plan: Plan) -> None:
    """Delete the folder of a lane's workers."""
    if plan.folder:
        remove_scratch(os.path.dirname(plan.folder))


def _rules(plan: Plan, folder: str) -> int:
    own = landlock.open_grants([(folder, landlock.WRITE)])
    return landlock.ruleset(_machine(), [*plan.grants, *own])


def _open_regular_files() -> list[int]:
    found = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the descriptor of the listing itself
            # The first ones are the grader's standard streams, often files too.
            if int(name) > 3 and stat.S_ISREG(os.fstat(int(name)).st_mode):
                found.append(int(name))
    return found


def confine(plan: Plan, limits: Limits, channel: int, scratch: str, uid: int | None) -> int:
    """Give up rights that the student's code must not have; return the channel's new descriptor.

    Called in the child right after the fork. The order matters: steps that need rights come
    before they are dropped, a change of user clears flags that `give_up_privileges` sets, and after
    Landlock and seccomp nothing more can be set up.

    Args:
        plan: from `prepare`.
        limits: resource limits.
        channel: descriptor of the socket to the grader.
        scratch: an empty folder that becomes the working directory and HOME.
        uid: user id to become, for a grader that is root; None keeps the user.

    Raises:
        OSError: a layer of the plan cannot be put on. The worker must end.
    """
    layers = plan.layers
    kept = [grant.descriptor for grant in plan.grants] + list(plan.fonts)
    channel = _only_descriptors(channel, kept if plan.rules is None else [plan.rules, *kept])
    os.setsid()
    _set_folder(scratch)
    identity.be_first_out_of_memory()
    if layers.namespaces:
        namespaces.leave_the_rest(_machine(), scratch, uid, _SCRATCH_MIB)
    _limit(limits, alone=uid is not None or layers.namespaces)
    if uid is not None:
        identity.become(uid, keep_reading=plan.keep_reading)
    elif layers.namespaces:
        identity.drop_capabilities()
    identity.give_up_privileges()
    os.chdir(scratch)
    if layers.landlock:
        landlock.restrict(_machine(), plan.rules or _rules(plan, scratch))
        os.closerange(channel + 1, identity.MOST_DESCRIPTORS)
    # Not before Landlock: the paths of the list are many, and each is a descriptor until then.
    identity.limit_open_files(limits.open_files)
    if layers.seccomp:
        seccomp.install(_machine(), may_open=layers.may_open)
    imports.leave_out_unreadable(plan.found)
    return channel


def confine_own_code(limits: Limits, channel: int, scratch: str) -> int:
    """Limit a worker for the course's own code, which is trusted as the grader is."""
    channel = _only_descriptors(channel, ())
    os.setsid()
    _set_folder(scratch)
    _limit(limits, alone=False)
    identity.limit_open_files(limits.open_files)
    identity.give_up_privileges()
    os.chdir(scratch)
    return channel


def _machine() -> Machine:
    machine = this_machine()
    if machine is None:
        raise AssertionError("layers that this machine does not have")
    return machine


def set_environment() -> None:
    """Leave workers an environment that says nothing about the grader's; in the zygote."""
    tempfile.gettempdir()  # TMPDIR, which is about to go
    os.environ.clear()
    os.environ |= {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    }


def _set_folder(scratch: str) -> None:
    os.environ |= dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME"), scratch)
    tempfile.tempdir = None  # it remembers the folder of the process that was forked


def _only_descriptors(channel: int, kept: Collection[int]) -> int:
    """Keep /dev/null as 0, 1, 2, the channel as 3, and `kept`; close the rest."""
    null = os.open(os.devnull, os.O_RDWR)
    new = os.dup2(channel, 3) if channel != 3 else 3
    for standard in range(3):
        os.dup2(null, standard)
    first = 4
    for descriptor in sorted(kept):
        if descriptor > first:
            os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, identity.MOST_DESCRIPTORS)
    return new


def _limit(limits: Limits, *, alone: bool) -> None:
    """Set resource limits; `alone` tells that no other process of this user is counted with it."""
    identity.limit(
        memory_mb=limits.memory_mb,
        processes=limits.processes if alone else identity.count_own_tasks() + limits.processes,
        file_mb=limits.file_mb,
        # The grader's clock decides; this catches processes that escape it.
        cpu_seconds=int(limits.submission_seconds) + _CPU_MARGIN,
    )


def descendants() -> list[int]:
    """List the direct children of this process, adopted orphans included."""
    return _children(os.getpid())


def tree(roots: Collection[int]) -> set[int]:
    """Return processes with all their descendants."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting.extend(_children(pid))
    return found


def _children(pid: int) -> list[int]:
    found = []
    try:
        # Each thread has a list of its own.
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += [int(child) for child in file.read().split()]
    except OSError:
        pass  # it ended meanwhile
    return found


def kill(pid: int, number: int) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def is_small(scratch: str) -> bool:
    """Tell whether a worker's folder is as small as it has to be in a namespace.

    A folder that cannot be looked into, or is nested deeper than anybody needs, is not.
    """
    size = files = 0
    try:
        for _, folders, names, descriptor in os.fwalk(scratch, onerror=_raise):
            files += len(folders) + len(names)
            for name in names:
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    size += 512 * os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_blocks
            if (
                size > _SCRATCH_MIB * identity.MIB
                or files > _SCRATCH_MIB * namespaces.FILES_PER_MIB
            ):
                return False
    except FileNotFoundError:
        return True  # a folder was deleted while it was looked at; there is a next time
    except (OSError, RecursionError):
        return False
    return True


def _raise(error: OSError) -> None:
    raise error


def make_scratch(above: str | None = None) -> str:
    """Make an empty folder, below that of the run or another one, and return its path.

    Results are without such paths: see `gradpath.text`.
    """
    return tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=above)


def remove_scratch(path: str) -> None:
    """Delete a worker's folder with everything in it: folders inside may be locked, or nested
    deeper than a path can be long.

    Raises:
        ValueError: the folder is none that gradpath has made. A mistake here deletes for good.
    """
    if not os.path.basename(path).startswith(SCRATCH_PREFIX):
        raise ValueError(f"{path} is no folder of gradpath's")
    if os.path.islink(path) or not os.path.isdir(path):
        return
    try:
        shutil.rmtree(path)
    except (OSError, RecursionError):
        for argv in (["chmod", "-R", "u+rwx", path], ["rm", "-rf", path]):
            with contextlib.suppress(OSError):
                subprocess.run(argv, stderr=subprocess.DEVNULL, check=False)
