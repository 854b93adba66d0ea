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
from gradpath.text.languages import tell
from gradpath.text.messages import Message, joined
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Source
from gradpath.worker.sandbox.layers import LAYERS, at_least

_STAFF: Final = "gradpath.cli.doctor_staff"
_STATES: Final = {
    "ok": Message("ok"),
    "missing": Message("not here"),
    "broken": Message("broken"),
}


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
        cells = (finding.subject, _STATES[finding.state], finding.text)
        table.add_row(*map(tell, cells))
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
    python = Message(
        "{version} on {system} {machine}",
        version=platform.python_version(),
        system=platform.system(),
        machine=platform.machine(),
    )
    yield Finding("python", "ok", python)
    place = Message("{version}, course in {folder}", version=__version__, folder=course_root())
    yield Finding("gradpath", "ok", place)
    yield _course()
    staff = importlib.util.find_spec(_STAFF) is not None
    yield distribution("numpy", needed=True)
    # Some assignments use no torch, and students with only these may do without.
    yield distribution("torch", needed=staff)
    yield _worker()
    yield from _isolation()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    user = "root" if is_root else Message("a plain user")
    text = Message("{user}; {count} processors", user=user, count=os.cpu_count() or 1)
    yield Finding(Message("user"), "ok", text)
    # By name: the student edition has no such module, and nothing of staff's may be imported here.
    if staff:
        yield from importlib.import_module(_STAFF).examine()


def _course() -> Finding:
    given = [slug for slug in slugs() if load(slug)]
    names = ", ".join(given)
    text = Message("{names} (student edition)", names=names)
    if all(master_path(slug).is_file() for slug in given):
        text = Message("{names} (with solutions edition)", names=names)
    return Finding(Message("assignments"), "ok", text)


def _worker() -> Finding:
    """Fork a worker, confine it and call a function in it, as `grade` does."""
    if not sys.platform.startswith("linux"):
        text = Message("grade needs Linux; check works here")
        return Finding(Message("worker"), "missing", text)
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
        return Finding(Message("worker"), "broken", reason_of(error))
    if answer.value != 42:
        text = Message(
            "a forked worker answers {outcome} {note}", outcome=answer.outcome, note=answer.note
        )
        return Finding(Message("worker"), "broken", text)
    text = Message("forked and confined, with user id {uid}", uid=uid.value)
    return Finding(Message("worker"), "ok", text)


def _isolation() -> Iterator[Finding]:
    """Yield the level, then each layer: the actions that it refuses, or why it is missing."""
    try:
        isolation = level()
    except GradpathError as error:
        yield Finding(Message("isolation"), "broken", error.message)
        return
    text = Message("level {level}: {text}", level=isolation.level, text=isolation.text)
    hint = Message("hidden checks need --allow-weak-isolation")
    parts = [text, "" if at_least(isolation.level, "B") else hint]
    yield Finding(Message("isolation"), "ok", joined("; ", parts))
    for name in LAYERS:
        reason = isolation.missing.get(name)
        if reason is None:
            yield Finding(f"  {name}", "ok", HOLDS[name])
        elif name != "uid" or not isolation.layers.landlock:  # one of the two is enough
            yield Finding(f"  {name}", "missing", joined("; ", [Message(reason), ADVICE[name]]))


def reason_of(error: Exception) -> str:
    """Return the text of an error, in which one of ours has its message."""
    return error.message if isinstance(error, GradpathError) else str(error)
