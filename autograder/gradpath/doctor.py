"""Finding out what this machine can do, by trying it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gradpath import __version__
from gradpath.course.load import course_root, load, master_path, slugs
from gradpath.engine.isolation import ADVICE, HOLDS, level
from gradpath.engine.session import Session
from gradpath.errors import GradpathError
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Source
from gradpath.worker.sandbox.layers import LAYERS, at_least


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `broken`: grading does not work without it."""

    subject: str
    state: Literal["ok", "missing", "broken"]
    text: str


def examine() -> list[Finding]:
    """Look at everything that the commands use."""
    return list(_examine())


def _examine() -> Iterator[Finding]:
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("python", "ok", python)
    yield Finding("gradpath", "ok", f"{__version__}, course in {course_root()}")
    yield _course()
    for name in ("numpy", "torch"):
        yield _distribution(name, needed=True)
    yield _worker()
    yield from _isolation()
    user = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "a plain user"
    yield Finding("user", "ok", f"{user}; {os.cpu_count()} processors")
    yield _docker()
    for name in ("otter-grader", "nbgrader"):
        yield _distribution(name, needed=False)


def _course() -> Finding:
    found = [slug for slug in slugs() if load(slug)]
    edition = "with solutions" if all(master_path(slug).is_file() for slug in found) else "student"
    return Finding("assignments", "ok", f"{', '.join(found)} ({edition} edition)")


def _distribution(name: str, *, needed: bool) -> Finding:
    try:
        return Finding(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "broken" if needed else "missing", f"pip install {name}")


def _worker() -> Finding:
    """Fork a worker, confine it, call something: exactly what `grade` does."""
    if not sys.platform.startswith("linux"):
        text = "grade needs Linux; check works here"
        return Finding("worker", "missing", text)
    from gradpath.engine.fork_pool import ForkWorkshop, Zygote

    code = "import os\ndef answer(): return 6 * 7\ndef uid(): return os.getuid()\n"
    source = Source("doctor", (Cell("doctor.py", code),))
    slug = slugs()[0]
    try:
        zygote = Zygote((), [slug], level().layers)
        workshop = ForkWorkshop(zygote, 0)
        session = Session(workshop, slug, source, Limits())
        try:
            seen = session.observe(Call("answer", ()))
            uid = session.observe(Call("uid", ()))
        finally:
            session.close()
            workshop.close()
            zygote.close()
    except (GradpathError, OSError) as error:
        return Finding("worker", "broken", str(error))
    if seen.value != 42:
        return Finding("worker", "broken", f"a forked worker answers {seen.outcome} {seen.note}")
    return Finding("worker", "ok", f"forked and confined, with user id {uid.value}")


def _isolation() -> Iterator[Finding]:
    """Yield the level, and for each layer what it was seen to refuse, or why it is missing."""
    try:
        found = level()
    except GradpathError as error:
        yield Finding("isolation", "broken", str(error))
        return
    hint = "" if at_least(found.level, "B") else "; hidden checks need --allow-weak-isolation"
    yield Finding("isolation", "ok", f"level {found.level}: {found.text}{hint}")
    for name in LAYERS:
        why = found.missing.get(name)
        if why is None:
            yield Finding(f"  {name}", "ok", HOLDS[name])
        elif name != "uid" or not found.layers.landlock:  # one of the two is enough
            yield Finding(f"  {name}", "missing", f"{why}; {ADVICE[name]}")


def _docker() -> Finding:
    path = shutil.which("docker")
    if path is None:
        return Finding("docker", "missing", "no docker on PATH; only needed to grade in containers")
    try:
        version = _ask(path, "version", "--format", "{{.Server.Version}}")
        if not version:
            return Finding("docker", "missing", "the engine does not answer; start it to use it")
        return Finding("docker", "ok", f"engine {version}{_image(path)}")
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("docker", "missing", f"does not answer: {error}")


def _image(docker: str) -> str:
    """Say whether the grading image of this version is there; students have no use for one."""
    if importlib.util.find_spec("gradpath.authoring.release.image") is None:
        return ""
    from gradpath.cohort.docker import BUILD_COMMAND, default_tag

    if _ask(docker, "image", "inspect", "--format", "{{.Id}}", default_tag()):
        return f", image {default_tag()}"
    return f"; no image {default_tag()} yet: {BUILD_COMMAND}"


def _ask(docker: str, *words: str) -> str:
    done = subprocess.run([docker, *words], capture_output=True, text=True, timeout=10, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
