"""The attack suite in the grading image, with the rights that `grade --docker` leaves it."""

from __future__ import annotations

import subprocess

import pytest

from gradpath.cohort.docker import CAPABILITIES
from tests.conftest import ROOT
from tests.support.attacking.suite import all_attacks
from tests.support.docker_image import engine, image
from tests.worker.test_attacks import ODD

pytestmark = pytest.mark.docker


def test_no_attack_escapes_in_a_container() -> None:
    """Namespaces are for those outside to make: inside, level B has to hold.

    These are half of the attacks; the other half runs at B as a plain user, in test_attacks.py.
    """
    attacks = sorted(all_attacks(), key=lambda attack: attack.group)[ODD]
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
            *(word for attack in attacks for word in ("--attack", attack.id)),
        ],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
