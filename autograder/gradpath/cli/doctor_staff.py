"""Staff's part of `gradpath doctor`: Docker, the grading image, otter and nbgrader."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

from gradpath.cli.doctor import Finding, distribution
from gradpath.cohort.docker_engine import BUILD_COMMAND, ask, default_tag, has_image


def examine() -> Iterator[Finding]:
    """Yield a finding for each program that only staff grade with."""
    yield _docker()
    for name in ("otter-grader", "nbgrader"):
        yield distribution(name, needed=False)


def _docker() -> Finding:
    path = shutil.which("docker")
    if path is None:
        return Finding("docker", "missing", "no docker on PATH; only needed to grade in containers")
    try:
        engine = ask([path, "version", "--format", "{{.Server.Version}}"], seconds=10)
        version = engine.stdout.strip() if engine.returncode == 0 else ""
        if not version:
            return Finding("docker", "missing", "the engine does not answer; start it to use it")
        tag = default_tag()
        image = (
            f", image {tag}" if has_image(path, tag) else f"; no image {tag} yet: {BUILD_COMMAND}"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("docker", "missing", f"does not answer: {error}")
    return Finding("docker", "ok", f"engine {version}{image}")
