"""The grading image for the tests, built once and kept until its sources change.

Where no registry can be reached, `.ci/docker-engine base` makes the base image, and pip fetches
wheels here, so that the build itself needs no network. `python -m tests.support.docker_image`
builds it before a test needs it.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from gradpath.authoring.release.image import BuildOptions, build_context, build_image
from gradpath.cohort.docker_engine import ask, default_tag, docker_path, has_image
from tests.conftest import ROOT

BASE = os.environ.get("GRADPATH_TEST_BASE", "gradpath-base:bookworm")
BUILD = ROOT / "build"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def engine() -> str:
    """Return docker's path; tests with the marker `docker` are skipped where there is none."""
    return docker_path()


@functools.cache
def image() -> str:
    """Return the tag of the grading image of this checkout, and build it if it is not there.

    The tag of this version, which `gradpath grade --docker` takes by default, means it as well.
    """
    docker = engine()
    context = build_context()
    total = hashlib.sha256(BASE.encode())
    for path, data in sorted(context.items()):
        total.update(f"{path}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    tag = f"gradpath-test:{total.hexdigest()[:12]}"
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "docker-image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not has_image(docker, tag):
            subprocess.run([ROOT / ".ci" / "docker-engine", "base", BASE], check=True)
            ca = CERTIFICATES if CERTIFICATES.is_file() else None
            wheels = wheelhouse(context["requirements.txt"])
            build_image(BuildOptions(tag, BASE, wheelhouse=wheels, ca=ca), print)
        tagged = ask([docker, "tag", tag, default_tag()])
        assert tagged.returncode == 0, tagged.stderr
    return tag


def wheelhouse(requirements: bytes) -> Path:
    """Return a folder with the wheels of these requirements; it is kept between runs."""
    folder = BUILD / "wheelhouse" / hashlib.sha256(requirements).hexdigest()[:12]
    complete = folder / "complete"
    if not complete.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / "requirements.txt"
        wanted.write_bytes(requirements)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--disable-pip-version-check", "--dest", folder, "--requirement", wanted),
            ],
            check=True,
        )
        complete.touch()
    return folder


if __name__ == "__main__":
    print(image())
