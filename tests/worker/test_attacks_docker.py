"""The attack suite in the grading image, with the rights that `grade --docker` leaves it."""

from __future__ import annotations

import subprocess

import pytest

from gradpath.cohort.docker import CAPABILITIES
from tests.conftest import ROOT
from tests.support.docker_image import engine, image

pytestmark = pytest.mark.docker


def test_no_attack_escapes_in_a_container() -> None:
    """Namespaces are for those outside to make: inside, level B has to hold."""
    done = subprocess.run(
        [
            *(engine(), "run", "--rm", "--pull", "never", "--network", "none"),
            *("--read-only", "--security-opt", "no-new-privileges", "--cap-drop", "ALL"),
            *(word for name in CAPABILITIES for word in ("--cap-add", name)),
            *("--tmpfs", "/tmp:exec,mode=1777", "--env", "HOME=/tmp", "--env", "PYTHONPATH=/suite"),
            *("--volume", f"{ROOT / 'tests'}:/suite/tests:ro", "--workdir", "/tmp"),
            *("--entrypoint", "/opt/gradpath/bin/python", image()),
            # With five graders at a time this failed once on a busy machine.
            *("-m", "tests.support.attacking.table", "--level", "B root", "--jobs", "2"),
        ],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
