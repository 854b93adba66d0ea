"""Staff's part of `gradpath doctor`: the solutions' secrecy, Docker, the grading image, otter and
nbgrader."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from gradpath.cli.doctor import Finding, distribution, reason_of
from gradpath.cohort.docker_engine import BUILD_COMMAND, ask, default_tag, has_image
from gradpath.course.load import course_root, generated_folder, master_path, read_settings, slugs
from gradpath.engine.isolation import level
from gradpath.engine.session import Session
from gradpath.errors import GradpathError
from gradpath.text.messages import Message
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Source
from gradpath.worker.sandbox.layers import at_least

_SECONDS: Final = 120.0
_SHORTEST: Final = 30
"""Shorter lines of solutions stand in libraries, too."""
_SEARCH: Final = """
import os
LINES, STARTS, FILES = frozenset({lines!r}), {starts!r}, {files!r}
def everything():
    yield from FILES
    for start in STARTS:
        for folder, _, names in os.walk(start):
            for name in names:
                yield os.path.join(folder, name)
        if os.path.isfile(start):
            yield start
def search():
    opened, found = 0, []
    for path in dict.fromkeys(everything()):
        try:
            if os.path.getsize(path) > 2_000_000:
                continue
            with open(path, "rb") as file:
                text = file.read()
        except OSError:
            continue
        opened += 1
        if b"\\0" not in text and not LINES.isdisjoint(map(bytes.strip, text.splitlines())):
            found.append(path.encode().hex())  # as text it would be taken for a path to hide
    return [opened, found[:5]]
"""


def examine() -> Iterator[Finding]:
    """Yield a finding for the secrecy of solutions, and for each program of staff's alone."""
    yield from _left_over()
    if sys.platform.startswith("linux"):
        yield _solutions()
    yield _docker()
    for name in ("otter-grader", "nbgrader"):
        yield distribution(name, needed=False)


def _left_over() -> Iterator[Finding]:
    for path in sorted(_places()):
        beside = path / "gradpath" / "coursework"
        if beside.is_dir() and beside != course_root().resolve():
            text = Message(
                "{path} is of an earlier installation; delete {folder}",
                path=beside,
                folder=beside.parent,
            )
            yield Finding(Message("left over"), "missing", text)


def _solutions() -> Finding:
    """Search all that a submission can open for lines of solutions, and for files planted now."""
    word = f"planted-{secrets.token_hex(16)}"
    starts = {"/", str(course_root()), str(Path.home()), sys.prefix, sys.base_prefix}
    planted: list[str] = []
    try:
        for place in _places():
            planted += _plant(place, word)
            # A submission can open folders there without being able to list them.
            starts |= {str(place), *(entry.path for entry in os.scandir(place))}
        lines = [word.encode(), *_solution_lines()]
        opened, found = _search(lines, sorted(starts), [*planted, *_masters()])
    except (GradpathError, OSError) as error:
        text = Message("they cannot be searched for: {reason}", reason=reason_of(error))
        return Finding(Message("solutions"), "broken", text)
    finally:
        for path in planted:
            with _as_it_was(Path(path).parent):
                Path(path).unlink(missing_ok=True)
    if not found:
        text = Message(
            "in none of {count} files that a submission can open, nor {planted} planted",
            count=opened,
            planted=len(planted),
        )
        return Finding(Message("solutions"), "ok", text)
    text = Message("a submission can read {names}", names=", ".join(found))
    state = "broken" if at_least(level().level, "B") else "missing"
    return Finding(Message("solutions"), state, text)  # type: ignore[arg-type]


def _search(lines: list[bytes], starts: list[str], files: list[str]) -> tuple[int, list[str]]:
    """Search from inside of a worker that may import all that any assignment allows."""
    from gradpath.engine.fork_pool import ForkWorkshop, Zygote

    allowed = {"IPython", "matplotlib"}
    for slug in slugs():
        allowed |= {*read_settings(slug).allowed_imports, *read_settings(slug).libraries}
    code = _SEARCH.format(lines=lines, starts=starts, files=files)
    slug = slugs()[0]
    zygote = Zygote((), [slug], level().layers, allowed)
    workshop = ForkWorkshop(zygote)
    limits = Limits(call_seconds=_SECONDS, submission_seconds=_SECONDS)
    session = Session(workshop, slug, Source("doctor", (Cell("doctor.py", code),)), limits)
    try:
        seen: Any = session.observe(Call("search", ()))
    finally:
        session.close()
        workshop.close()
        zygote.close()
    if seen.outcome != "returned":
        raise GradpathError(
            Message("the search ended with {outcome} {note}", outcome=seen.outcome, note=seen.note)
        )
    opened, found = seen.value
    return int(opened), [bytes.fromhex(path).decode() for path in found]


def _places() -> set[Path]:
    """Return the folders in which packages may lie, and those of the course."""
    names = [*sys.path, *site.getsitepackages(), site.getusersitepackages(), os.getcwd()]
    names += ["/usr/lib/python3/dist-packages", f"{sys.prefix}/lib", f"{sys.base_prefix}/lib"]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for prefix in ("/usr/local", sys.base_prefix):
        names += [f"{prefix}/lib/{version}/{kind}-packages" for kind in ("site", "dist")]
    names += [str(course_root()), str(course_root() / "solutions")]
    return {
        Path(name).resolve()
        for name in names
        if name and os.access(name, os.R_OK | os.X_OK) and os.path.isdir(name)
    }


def _plant(place: Path, word: str) -> list[str]:
    # Hidden, as no part of the course: a run that starts meanwhile has the same fingerprint.
    path = place / f".gradpath-doctor-{word[-8:]}.py"
    with contextlib.suppress(OSError), _as_it_was(place):
        path.write_text(f"{word}\n", "ascii")
        path.chmod(0o644)
        return [str(path)]
    return []


@contextlib.contextmanager
def _as_it_was(folder: Path) -> Iterator[None]:
    """Give a folder its times back: Python takes a new one as news of an installation."""
    before = folder.stat()
    yield
    with contextlib.suppress(OSError):
        os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


def _masters() -> list[str]:
    return [str(master_path(slug)) for slug in slugs()]


def _solution_lines() -> set[bytes]:
    """Return the lines of the masters that students are not given and that stand alone.

    Arrows of a drawn graph are lines without a word, and stand in libraries, too.
    """
    found: set[str] = set()
    given: set[str] = set()
    for slug in slugs():
        found |= _lines(master_path(slug))
        given |= _lines(generated_folder(slug) / f"{slug}.py")
    long = (line for line in found - given if len(line) >= _SHORTEST)
    return {line.encode() for line in long if any(map(str.isalnum, line))}


def _lines(path: Path) -> set[str]:
    text = path.read_text("utf-8") if path.is_file() else ""
    return {line.strip() for line in text.splitlines()}


def _docker() -> Finding:
    path = shutil.which("docker")
    if path is None:
        text = Message("no docker on PATH; only needed to grade in containers")
        return Finding("docker", "missing", text)
    try:
        engine = ask([path, "version", "--format", "{{.Server.Version}}"], seconds=10)
        version = engine.stdout.strip() if engine.returncode == 0 else ""
        if not version:
            text = Message("the engine does not answer; start it to use it")
            return Finding("docker", "missing", text)
        tag = default_tag()
        text = Message("engine {version}, image {tag}", version=version, tag=tag)
        if not has_image(path, tag):
            text = Message(
                "engine {version}; no image {tag} yet: {command}",
                version=version,
                tag=tag,
                command=BUILD_COMMAND,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        text = Message("does not answer: {reason}", reason=error)
        return Finding("docker", "missing", text)
    return Finding("docker", "ok", text)
