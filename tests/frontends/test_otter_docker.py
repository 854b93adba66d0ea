"""The stock `otter grade` in a real Docker engine, with our zips on our image."""

from __future__ import annotations

import csv
import io
import json
import platform
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gradpath.authoring.release.image import build_context
from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.grading.results import score_of
from tests.support import otter_attacks
from tests.support.docker_image import BASE, image, wheelhouse
from tests.support.otter_box import SECRET, otter, two_at_once, zip_of
from tests.support.shared import Demo, few_of_each_kind

pytestmark = [pytest.mark.docker, pytest.mark.stock]

SLUG = "hand_gradients"


def grade(slug: str, files: list[Path], folder: Path) -> dict[str, dict[str, Any]]:
    """Run `otter grade` without a network; return its table by file name."""
    zip_path = folder / "autograder.zip"
    zip_path.write_bytes(zip_of(slug))
    words = ["grade", "-n", f"gradpath-test-{slug}", "-a", zip_path, "-o", folder]
    words += ["--image", image(), "--no-network", "--containers", "2", *files]
    done = otter(*words, cwd=folder, seconds=900)
    assert done.returncode == 0, done.stderr[-3000:]
    with (folder / "final_grades.csv").open(newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def test_otter_grade_gives_the_points_of_gradpath_grade(demo: Demo, tmp_path: Path) -> None:
    """A few of the demo cohort, row by row: every kind of result that one assignment has.

    tests/frontends/test_otter.py has each assignment, without containers.
    """
    graded = [pair for pair in demo.graded if pair[0].assignment == SLUG]
    expected = {}
    for submission, result in few_of_each_kind(graded):
        path = tmp_path / f"{submission.student}{Path(submission.file).suffix}"
        path.write_bytes(submission.read_bytes())
        expected[path] = result
    assert len(expected) > 3
    table = grade(SLUG, list(expected), tmp_path)
    assert len(table) == len(expected) + 1  # and the row of maximum points
    for path, result in expected.items():
        row = table[path.name]
        assert row["grading_status"] == "Completed", row
        points = {name: float(row[name]) for name in load(SLUG).functions}
        assert points == pytest.approx(
            {name: score_of(result, name)[0] for name in load(SLUG).functions}
        ), path
        assert float(row["total_points_earned"]) == pytest.approx(result.score)


OLD_IMAGE = r"""
    mkdir /old
    printf '%s\n' '#!/bin/sh' 'case "$*" in *version_info*) exit 1; esac' \
        'exec /usr/bin/python3.11 "$@"' > /old/python3
    chmod +x /old/python3
    cp /old/python3 /old/python3.11
    PATH=/old:$PATH
    mkdir -p /python/bin /python/lib
    cp /usr/bin/python3.11 /python/bin/
    ln -s python3.11 /python/bin/python3
    cp -rL /usr/lib/python3.11 /python/lib/
    tar -C / -c python | gzip -1 > /python.tar.gz
"""
"""Makes the Python of the base image say that it is too old, and an archive as uv fetches them."""


def fetched_python(machine: str) -> dict[str, Any]:
    """Return uv's description of a Python that it can fetch: that archive."""
    return {
        "name": "cpython",
        "arch": {"family": machine, "variant": None},
        "os": "linux",
        "libc": "gnu",
        "major": 3,
        "minor": 11,
        "patch": 2,
        "prerelease": "",
        "url": "file:///python.tar.gz",
        "sha256": None,
        "variant": None,
        "build": None,
    }


def test_setup_makes_a_plain_image_ready(tmp_path: Path) -> None:
    """As on Gradescope: an image with an old Python alone, and the files of the zip.

    uv is the real one; the Python that it fetches is a copy of the base image's, since there is no
    network. After that the base image's own Python is taken, where it is new enough.
    """
    image()  # for the base image and the wheels
    source = tmp_path / "source"
    with zipfile.ZipFile(io.BytesIO(zip_of(SLUG))) as archive:
        archive.extractall(source)
    wheels = wheelhouse(build_context()["requirements.txt"])
    (pin,) = re.findall(r"^UV=\"(.+)\"$", (source / "setup.sh").read_text(), re.MULTILINE)
    script = f"""
        set -e
        cp -r /given/source /autograder/source
        {OLD_IMAGE}
        bash /autograder/source/setup.sh
        SECONDS=0
        PIP_INDEX_URL=http://localhost:1 TORCH_ARGS= bash /autograder/source/setup.sh
        test $SECONDS -lt 60
        mkdir /autograder/submission
        cp /given/{SLUG}.py /autograder/submission/
        bash /autograder/source/run_autograder
        cat /autograder/results/results.json >&2
        realpath /opt/gradpath/bin/python
        rm -r /old /opt/gradpath
        hash -r
        PIP_FIND_LINKS=/nowhere bash /autograder/source/setup.sh > /dev/null 2>&1 || true
        realpath /opt/gradpath/bin/python
    """
    (tmp_path / f"{SLUG}.py").write_text(solution_of(SLUG))
    machine = platform.machine()
    fetched = {f"cpython-3.11.2-linux-{machine}-gnu": fetched_python(machine)}
    (tmp_path / "pythons.json").write_text(json.dumps(fetched))
    done = subprocess.run(
        [
            *("docker", "run", "--rm", "--network", "none", "--tmpfs", "/autograder:exec"),
            *("-v", f"{tmp_path}:/given:ro", "-v", f"{wheels}:/wheels:ro"),
            *("-v", f"{wheelhouse(pin.encode())}:/uv:ro"),
            *("-e", "PIP_NO_INDEX=1", "-e", "PIP_FIND_LINKS=/wheels /uv", "-e", "TORCH_ARGS= "),
            *("-e", "UV_PYTHON_DOWNLOADS_JSON_URL=file:///given/pythons.json"),
            *("-e", "PIP_COMPILE=0"),  # bytecode of the modules that are imported will do
            *(BASE, "bash", "-c", script),
        ],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.count("gradpath: ready to grade") == 2
    shown = json.loads(done.stderr[done.stderr.index("{") :])
    assert shown["score"] == 10.0
    pythons = re.findall("^/.*", done.stdout, re.MULTILINE)
    assert pythons == [
        f"/opt/gradpath/python/cpython-3.11.2-linux-{machine}-gnu/bin/python3.11",
        "/usr/bin/python3.11",
    ]


def test_a_worker_in_the_container_reads_no_test_solution_or_secret(tmp_path: Path) -> None:
    """What a worker may read where the grader is root and nothing is installed in its home."""
    files = []
    for number, name in enumerate(otter_attacks.READING):
        files.append(tmp_path / f"a{number}.py")
        files[-1].write_text(
            otter_attacks.submission([name], "/autograder", "/autograder/sentinel")
        )
    grade(SLUG, files, tmp_path)  # builds the image that staff's command runs

    def shown(path: Path) -> dict[str, Any]:
        script = (
            "cat > /autograder/submission/s01.py; /autograder/run_autograder > /dev/null 2>&1; "
            "cat /autograder/results/results.json"
        )
        done = subprocess.run(
            [
                *("docker", "run", "--rm", "-i", "--network", "none"),
                *(f"otter-grade:gradpath-test-{SLUG}", "bash", "-c", script),
            ],
            input=path.read_bytes(),
            capture_output=True,
            timeout=300,
            check=True,
        )
        seen: dict[str, Any] = json.loads(done.stdout)
        return seen

    with two_at_once() as pool:
        for name, results in zip(otter_attacks.READING, pool.map(shown, files), strict=True):
            text = json.dumps(results)
            assert "nothing more" in text, name  # it ran to its end, and told what it found
            assert SECRET not in text, name
            for words in ("answers(", "BEGIN SOLUTION", "HiddenChecks", "def gradient"):
                assert words not in text, (name, words)
