"""The grader's own memory: below 400 MiB and 50 for each job, with any submission of the suite."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from tests.support.attacking.suite import Attack, all_attacks

LARGE = {
    *("arguments_grow", "large_prediction", "many_large_answers", "values_without_bytes"),
}
"""Attacks of the suite that would fill the grader if answers had no bound."""
GROUPS = Path("/sys/fs/cgroup")
GRADER = """
import functools, re, subprocess, sys
from pathlib import Path
from gradpath.cli import main
from gradpath.cohort import run
from gradpath.engine import session

run._FIRST = 0  # each thread takes one, and judges take the others
group, without, *sys.argv[1:] = sys.argv[1:]
if group:  # children stay outside: workers have limits of their own
    own = Path(group, "cgroup.procs")
    leave = functools.partial(own.parent.with_name("cgroup.procs").write_text, "0")
    own.parent.joinpath("cgroup.procs").write_text("0")
    subprocess.Popen = functools.partial(subprocess.Popen, preexec_fn=leave)
for name in filter(None, without.split(",")):
    setattr(session, name, 1 << 40)
try:
    main()
finally:
    print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@contextlib.contextmanager
def memory_group(megabytes: int) -> Iterator[str]:
    """Make a cgroup with a limit and yield its folder; nothing where that is not possible."""
    own = Path("/proc/self/cgroup").read_text().splitlines()
    paths = {line.split(":")[1]: line.split(":")[2].lstrip("/") for line in own}
    for name, limit in (("memory", "memory.limit_in_bytes"), ("", "memory.max")):
        group = GROUPS / name / paths.get(name, "none") / f"gradpath-test-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            group.joinpath(limit).write_text(str(megabytes << 20))
            yield str(group)
            return
        except OSError:  # no controller of memory here
            continue
        finally:
            group.rmdir()
    yield ""


def peak(attacks: Collection[Attack], folder: Path, jobs: int, without: str = "") -> float:
    """Grade attacks where the grader cannot have more memory; return its most, in MiB.

    Args:
        attacks: the attacks to hand in.
        folder: an empty folder.
        jobs: the number of jobs.
        without: names of bounds of `gradpath.engine.session` that do not hold.
    """
    for number, attack in enumerate(attacks):
        file = folder / "in" / f"a{number:03}" / f"{attack.assignment}.py"
        file.parent.mkdir(parents=True)
        file.write_text(attack.text)
    with memory_group(400 + 50 * jobs) as group:
        words = [group, without, "grade", "in", "--out", "out", "--jobs", str(jobs)]
        done = subprocess.run(
            [sys.executable, "-c", GRADER, *words, "--secret", "x"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode == -9:
        return float("inf")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "the grader itself failed" not in (folder / "out" / "results.jsonl").read_text()
    assert len((folder / "out" / "results.jsonl").read_text().splitlines()) == len(attacks)
    return int(done.stdout.split()[-1]) / 1024


def large(names: Collection[str] = LARGE) -> list[Attack]:
    chosen = [attack for attack in all_attacks() if attack.name in names]
    assert len(chosen) == len(names)
    return chosen


QUICK = {"values_without_bytes"}


@pytest.mark.parametrize("names", [QUICK, pytest.param(LARGE - QUICK, marks=pytest.mark.slow)])
def test_large_answers_do_not_fill_the_grader(names: Collection[str], tmp_path: Path) -> None:
    attacks = large(names)
    assert peak(attacks * 3 if len(attacks) == 1 else attacks, tmp_path, 2) < 400 + 50 * 2


@pytest.mark.slow
def test_without_a_bound_on_answers_they_do(tmp_path: Path) -> None:
    assert peak(large(), tmp_path, 1, "ALWAYS") > 450
