"""The grading image: its files, the build, and the reason when a build fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath import __version__
from gradpath.authoring.release.archives import Files
from gradpath.authoring.release.pins import grading_requirements
from gradpath.authoring.release.wheels import staff_wheel
from gradpath.cohort.docker_engine import ask, docker_path, last_line
from gradpath.course.settings import course_root
from gradpath.errors import GradpathError

DEFAULT_BASE: Final = "python:3.11-slim"
VERSION_LABEL: Final = "org.gradpath.version"

_WHEELHOUSE_NOTE: Final = (
    "Wheels in this folder are used before any index. With all that requirements.txt names, the\n"
    "image is built without a network.\n"
)
_WHEEL_SUFFIXES: Final = (".whl", ".tar.gz", ".zip")
_OWN_WORDS: Final = re.compile(r"#\d+ [\d.]+ gradpath: (.+)")
"""A line that a step of our Dockerfile prints, after BuildKit's number of the step and the time."""

_RULER: Final = "------"
_TIME: Final = re.compile(r"^[\d.]+ ")

_NO_BASE: Final = (
    "failed to resolve source metadata",
    "pull access denied",
    "manifest unknown",
    "failed to do request",
    "failed to authorize",
    ": not found",
)
"""Parts of BuildKit's messages about a base image that it cannot have."""


@dataclass(frozen=True)
class BuildOptions:
    """Options of `gradpath image build`; empty texts leave the Dockerfile's defaults."""

    tag: str
    base: str = DEFAULT_BASE
    index: str = ""
    torch_index: str = ""
    wheelhouse: Path | None = None
    ca: Path | None = None


def build_context() -> Files:
    """Return the files that the grading image is built from, by their path in the build context.

    Raises:
        GradpathError: a file of the installation is missing.
    """
    name, wheel = staff_wheel()
    return {
        "Dockerfile": _own_file("Dockerfile").replace("@VERSION@", __version__).encode(),
        "gradpath.def": _own_file("apptainer.def").replace("@VERSION@", __version__).encode(),
        "requirements.txt": f"{grading_requirements()}{_own_file('requirements.txt')}".encode(),
        "wheelhouse/README": _WHEELHOUSE_NOTE.encode(),
        f"packages/{name}": wheel,
    }


def _own_file(name: str) -> str:
    path = course_root() / "autograder" / "docker" / name
    try:
        return path.read_text("utf-8")
    except OSError:
        raise GradpathError(f"{path} is missing; install gradpath again") from None


def build_image(options: BuildOptions, show: Callable[[str], None]) -> None:
    """Build the grading image and load it into the engine.

    Args:
        options: base image, indexes, wheels and certificates.
        show: called with each line of BuildKit's progress.

    Raises:
        GradpathError: no docker, engine or buildx, a file that is not there, or a failed build,
            with its reason.
    """
    docker = docker_path()
    if ask([docker, "buildx", "version"]).returncode != 0:
        raise GradpathError(
            "docker has no buildx, which builds the image; install docker-buildx-plugin "
            "(Docker's own packages) or docker-buildx (Debian, Ubuntu)"
        )
    if options.ca is not None and not options.ca.is_file():
        raise GradpathError(f"{options.ca} is no file; --ca needs one with certificates")
    with tempfile.TemporaryDirectory(prefix="gradpath-image-") as folder:
        _stage(Path(folder), options.wheelhouse)
        lines = _run_build(_build_words(docker, options, folder), show)
    if lines is not None:
        raise GradpathError(_reason(lines, options.base))


def _stage(folder: Path, wheelhouse: Path | None) -> None:
    for path, data in build_context().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    if wheelhouse is None:
        return
    if not wheelhouse.is_dir():
        raise GradpathError(f"{wheelhouse} is no folder; --wheelhouse needs one with wheels")
    wheels = [path for path in sorted(wheelhouse.iterdir()) if path.name.endswith(_WHEEL_SUFFIXES)]
    if not wheels:
        raise GradpathError(
            f"{wheelhouse} has no wheels; fill it with `pip download --dest {wheelhouse} ...`"
        )
    for wheel in wheels:
        # torch alone has hundreds of megabytes: a second name for it where that can be.
        target = folder / "wheelhouse" / wheel.name
        try:
            os.link(wheel.resolve(), target)
        except OSError:
            shutil.copyfile(wheel, target)


def _build_words(docker: str, options: BuildOptions, folder: str) -> list[str]:
    words = [docker, "buildx", "build", "--load", "--progress", "plain", "--tag", options.tag]
    arguments = {
        "BASE_IMAGE": options.base,
        "INDEX_URL": options.index,
        "TORCH_INDEX_URL": options.torch_index,
    }
    for name, value in arguments.items():
        if value:
            words += ["--build-arg", f"{name}={value}"]
    if options.ca is not None:
        words += ["--secret", f"id=ca,src={options.ca.resolve()}"]
    return [*words, folder]


def _run_build(words: Sequence[str], show: Callable[[str], None]) -> list[str] | None:
    """Run the build; return its lines if it failed."""
    lines: list[str] = []
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                show(lines[-1])
        except BaseException:
            process.kill()
            raise
    return lines if process.returncode != 0 else None


def _reason(lines: Sequence[str], base: str) -> str:
    """Find the line that says why a build failed."""
    own = [match[1] for match in map(_OWN_WORDS.match, lines) if match]
    if own:
        return own[-1]
    errors = [line for line in lines if line.startswith("ERROR") or " ERROR: " in line]
    if any(sign in line for sign in _NO_BASE for line in errors):
        return f"the base image {base} is not here and cannot be pulled; name another with --base"
    return f"the image was not built: {_output_of_failed_step(lines) or last_line(_joined(errors))}"


def _output_of_failed_step(lines: Sequence[str]) -> str:
    """Return the last line that the failed step printed: BuildKit repeats it between rulers."""
    rulers = [at for at, line in enumerate(lines) if line == _RULER]
    if len(rulers) < 2:
        return ""
    repeated = _TIME.sub("", last_line(_joined(lines[rulers[0] + 1 : rulers[1]])))
    return "" if repeated.startswith("> [") else repeated


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines)
