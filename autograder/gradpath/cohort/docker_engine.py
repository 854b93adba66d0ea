"""The Docker engine: is it there, does it answer, has it the image of this version?"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from typing import Final

from gradpath import __version__
from gradpath.errors import GradpathError
from gradpath.text.messages import Message

BUILD_COMMAND: Final = "gradpath image build"


def default_tag() -> str:
    """Return the tag of the image that belongs to this version."""
    return f"gradpath:{__version__.replace('+', '-')}"


def docker_path() -> str:
    """Return the path of the docker command, after making sure that its engine answers.

    Raises:
        GradpathError: there is no such command, or no engine answers.
    """
    path = shutil.which("docker")
    if path is None:
        raise GradpathError(Message("no docker on PATH; install Docker, or grade without --docker"))
    try:
        done = ask([path, "version", "--format", "{{.Server.Version}}"], seconds=30)
    except subprocess.TimeoutExpired:
        raise GradpathError(Message("the Docker engine does not answer; start it again")) from None
    if done.returncode != 0:
        raise GradpathError(
            Message(
                "the Docker engine does not answer ({reason}); start it, or set "
                "DOCKER_HOST to the address of one",
                reason=last_line(done.stderr),
            )
        )
    return path


def has_image(docker: str, image: str) -> bool:
    """Tell whether the engine has an image."""
    return ask([docker, "image", "inspect", "--format", "{{.Id}}", image]).returncode == 0


def ask(argv: Sequence[str], seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run a short docker command and return its output."""
    return subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )


def last_line(text: str) -> str:
    """Return the last line that says something: docker's reason for a failure."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it gives no reason"
