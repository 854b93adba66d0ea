"""The isolation level of this machine: its discovery, description and enforcement."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gradpath.engine import launch
from gradpath.errors import GradpathError
from gradpath.text.messages import Message, joined
from gradpath.worker.sandbox.layers import LAYERS, Layers, Level, at_least

__all__ = ["Isolation", "Level", "level", "may_see_hidden", "must_hold", "require"]

_PROBE_SECONDS: Final = 60.0

_NO_LAYER: Final = Message("a process of its own with resource limits and a data-only channel")
HOLDS: Final[Mapping[str, str]] = {
    "namespaces": Message(
        "no network, no other processes, nothing to write outside of a small folder"
    ),
    "uid": Message("the grader's files and processes belong to somebody else"),
    "landlock": Message("only libraries and a folder of its own can be opened"),
    "seccomp": Message("no sockets, signals, programs, modes, owners, tracing or namespaces"),
}
"""The attempts in a throw-away process that were refused, for each layer."""
ADVICE: Final[Mapping[str, str]] = {
    "namespaces": Message(
        "a plain user needs unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, "
        "kernel.apparmor_restrict_unprivileged_userns, user.max_user_namespaces), or grade as "
        "root; in a container level B is as safe against everything that was tried"
    ),
    "uid": Message("needs a grader that is root; Landlock does as well"),
    "landlock": Message(
        "needs Linux 5.13 or later, with landlock among its security modules (lsm=)"
    ),
    "seccomp": Message("needs a kernel with seccomp filters, and a container that allows them"),
}


@dataclass(frozen=True)
class Isolation:
    """The level in force, and its meaning.

    Attributes:
        level: A is the strongest.
        text: the level in words.
        layers: the layers around submissions.
        missing: the layers that are not there, and why.
    """

    level: Level
    text: str
    layers: Layers = field(default_factory=Layers)
    missing: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def level(without: tuple[str, ...] = ()) -> Isolation:
    """Return the level that `grade` works at here.

    A process is started that attempts forbidden acts; see `gradpath.worker.sandbox.probe`.

    Args:
        without: layers to leave out, to measure the others.

    Raises:
        GradpathError: a layer is unknown, or cannot be left out.
    """
    if not sys.platform.startswith("linux"):
        return Isolation("D", Message("a plain subprocess with a time limit; grade on Linux"))
    for name in without:
        if name not in LAYERS:
            raise GradpathError(
                Message(
                    "there is no layer {name}; there are {names}",
                    name=name,
                    names=", ".join(LAYERS),
                )
            )
    if "uid" in without and os.geteuid() == 0:
        raise GradpathError(
            Message("root never runs a submission as root; the layer uid cannot be left out")
        )
    argv = [sys.executable, "-m", "gradpath.worker.sandbox", *without]
    done = _run(argv)
    if done.returncode == -signal.SIGKILL:  # a system short of memory kills any process
        done = _run(argv)
    if done.returncode != 0:
        message = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        why = message or Message(
            "the process that tries the layers ended with status {status}", status=done.returncode
        )
        raise GradpathError(Message("this machine cannot be examined: {why}; try again", why=why))
    report = json.loads(done.stdout)
    layers = Layers.read(report["layers"])
    return Isolation(layers.level, describe(layers), layers, report["missing"])


def _run(argv: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    from gradpath.engine.scratch import Scratch  # which only Linux has

    # Its files lie where those of a run do: the next start deletes them if this one is killed.
    with contextlib.closing(Scratch()) as scratch:
        return subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            env=launch.environment() | {"TMPDIR": scratch.path},
            check=False,
        )


def describe(layers: Layers) -> str:
    """Return the layers around submissions in words."""
    names = {
        "namespaces": Message("namespaces"),
        "uid": Message("a user id of its own"),
        "landlock": "Landlock",
        "seccomp": "seccomp" if layers.may_open else Message("seccomp that opens no files"),
    }
    there = [text for name, text in names.items() if getattr(layers, name)]
    if not there:
        return _NO_LAYER
    *first, last = there
    return (
        joined(" and ", [joined(", ", first), last])
        if first
        else Message("{name} alone", name=last)
    )


def must_hold(
    isolation: Isolation, required: Level | None, *, hidden: bool, allow_weak: bool
) -> None:
    """Make sure that submissions are kept apart as well as is demanded.

    Args:
        isolation: the level in force.
        required: the level to insist on.
        hidden: whether hidden checks are graded.
        allow_weak: grade them below level B, too.

    Raises:
        GradpathError: they are not.
    """
    if required is not None:
        require(isolation, required)
    if hidden:
        may_see_hidden(isolation, allowed=allow_weak)


def require(isolation: Isolation, wanted: Level) -> None:
    """Refuse to go on below a level.

    Raises:
        GradpathError: the level is weaker; names the missing layers.
    """
    if at_least(isolation.level, wanted):
        return
    missing = ", ".join(name for name in isolation.missing if name != "uid")
    raise GradpathError(
        Message(
            "isolation level {level} is below {wanted} here ({missing} missing); "
            "`gradpath doctor` says how to get it",
            level=isolation.level,
            wanted=wanted,
            missing=missing,
        )
    )


def may_see_hidden(isolation: Isolation, *, allowed: bool) -> None:
    """Refuse hidden checks where hostile code could find out about them.

    Raises:
        GradpathError: the level is below B, which has not been allowed.
    """
    if allowed or at_least(isolation.level, "B"):
        return
    raise GradpathError(
        Message(
            "isolation level {level} does not keep hidden checks from hostile code; see "
            "`gradpath doctor`, or grade with --public, or with --allow-weak-isolation where you "
            "trust the submissions",
            level=isolation.level,
        )
    )
