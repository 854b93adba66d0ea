"""gradpath doctor: the abilities of this machine, found by trying them."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import click

from gradpath import __version__
from gradpath.course.load import course_root, load, master_path, slugs
from gradpath.engine.isolation import ADVICE, HOLDS, level
from gradpath.engine.session import Session
from gradpath.errors import GradpathError
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Source
from gradpath.worker.sandbox.layers import LAYERS, at_least

_STAFF: Final = "gradpath.cli.doctor_staff"
_STATES: Final = {"ok": "ok", "missing": "not here", "broken": "broken"}


@dataclass(frozen=True)
class Finding:
    """The state of one thing on this machine. `broken`: grading does not work without it."""

    subject: str
    state: Literal["ok", "missing", "broken"]
    text: str


@click.command("doctor")
def command() -> int:
    """Say what this machine can do.

    Names the isolation level that `grade` works at, and the versions of Python, torch and the
    programs that other ways of grading need. Where solutions are here, it plants files in places
    that submissions must not read, and takes them away again; nothing else is changed.

    Exit status: 0 when `grade` works here, 1 when it does not.
    """
    from rich.table import Table

    from gradpath.cli.terminal import console

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_column(overflow="fold")
    findings = list(_examine())
    for finding in findings:
        table.add_row(finding.subject, _STATES[finding.state], finding.text)
    console().print(table)
    return 1 if any(finding.state == "broken" for finding in findings) else 0


def distribution(name: str, *, needed: bool) -> Finding:
    """Look for an installed distribution; grading does not work without a needed one."""
    try:
        return Finding(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "broken" if needed else "missing", f"pip install {name}")


def _examine() -> Iterator[Finding]:
    """Yield a finding for everything that the commands use."""
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("python", "ok", python)
    yield Finding("gradpath", "ok", f"{__version__}, course in {course_root()}")
    yield _course()
    staff = importlib.util.find_spec(_STAFF) is not None
    yield distribution("numpy", needed=True)
    # Some assignments use no torch, and students with only these may do without.
    yield distribution("torch", needed=staff)
    yield _worker()
    yield from _isolation()
    user = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "a plain user"
    yield Finding("user", "ok", f"{user}; {os.cpu_count()} processors")
    # By name: the student edition has no such module, and nothing of staff's may be imported here.
    if staff:
        yield from importlib.import_module(_STAFF).examine()


def _course() -> Finding:
    given = [slug for slug in slugs() if load(slug)]
    edition = "with solutions" if all(master_path(slug).is_file() for slug in given) else "student"
    return Finding("assignments", "ok", f"{', '.join(given)} ({edition} edition)")


def _worker() -> Finding:
    """Fork a worker, confine it and call a function in it, as `grade` does."""
    if not sys.platform.startswith("linux"):
        return Finding("worker", "missing", "grade needs Linux; check works here")
    # Imported here: other systems have no fork.
    from gradpath.engine.fork_pool import ForkWorkshop, Zygote

    code = "import os\ndef answer(): return 6 * 7\ndef uid(): return os.getuid()\n"
    source = Source("doctor", (Cell("doctor.py", code),))
    slug = slugs()[0]
    try:
        zygote = Zygote((), [slug], level().layers)
        workshop = ForkWorkshop(zygote)
        session = Session(workshop, slug, source, Limits())
        try:
            answer = session.observe(Call("answer", ()))
            uid = session.observe(Call("uid", ()))
        finally:
            session.close()
            workshop.close()
            zygote.close()
    except (GradpathError, OSError) as error:
        return Finding("worker", "broken", str(error))
    if answer.value != 42:
        return Finding(
            "worker", "broken", f"a forked worker answers {answer.outcome} {answer.note}"
        )
    return Finding("worker", "ok", f"forked and confined, with user id {uid.value}")


def _isolation() -> Iterator[Finding]:
    """Yield the level, then each layer: the actions that it refuses, or why it is missing."""
    try:
        isolation = level()
    except GradpathError as error:
        yield Finding("isolation", "broken", str(error))
        return
    hint = "" if at_least(isolation.level, "B") else "; hidden checks need --allow-weak-isolation"
    yield Finding("isolation", "ok", f"level {isolation.level}: {isolation.text}{hint}")
    for name in LAYERS:
        reason = isolation.missing.get(name)
        if reason is None:
            yield Finding(f"  {name}", "ok", HOLDS[name])
        elif name != "uid" or not isolation.layers.landlock:  # one of the two is enough
            yield Finding(f"  {name}", "missing", f"{reason}; {ADVICE[name]}")
