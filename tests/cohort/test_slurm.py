"""`gradpath slurm`: on a real cluster of two nodes, and the refusals that need none."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gradpath.cohort.slurm import RECORD, read
from gradpath.cohort.store import NAME
from tests.conftest import Command
from tests.support.slurm_cluster import NODES, Cluster, cluster
from tests.support.stored_runs import GRADPATH, SECRET, grade, one_line, write_cohort, written

COUNT = 200
SHARDS = 8


@pytest.fixture(scope="module")
def slurm() -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="slurm-") as folder, cluster(Path(folder)) as made:
        yield made


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cohort, the secret in a file, and one run of all of it."""
    folder = tmp_path_factory.mktemp("cohort")
    write_cohort(folder / "cohort", COUNT)
    (folder / "release.secret").write_text(SECRET)
    done = grade("cohort", "--out", "whole", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def few(tmp_path: Path) -> Path:
    write_cohort(tmp_path / "cohort", 2)
    (tmp_path / "release.secret").write_text(SECRET)
    return tmp_path


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def words(out: str, shards: int = SHARDS) -> tuple[str, ...]:
    return ("cohort", "--out", out, "--shards", str(shards), "--secret-file", "release.secret")


def running(slurm: Cluster, job: str) -> dict[str, tuple[str, str]]:
    """Return the tasks of a job that run and have begun to grade: node and number of each."""
    lines = [line.split() for line in slurm.queue().splitlines()]
    return {
        task: (node[0], task.partition("_")[2])
        for task, state, *node in lines
        if state == "RUNNING" and task.startswith(f"{job}_")
    }


@pytest.mark.slurm
@pytest.mark.slow
def test_what_happens_to_tasks_costs_nothing(slurm: Cluster, cohort: Path) -> None:
    """One task is preempted, one cancelled, and one lost with its node."""
    out = cohort / "out"
    process = subprocess.Popen(
        [GRADPATH, "slurm", *words("out")],
        cwd=cohort,
        env={**slurm.environment, "GRADPATH_SECRET": "of another course"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until((out / RECORD).exists)
    job, _ = read(out).jobs

    def at_work() -> str | None:
        """Return a task whose shard is begun and not finished."""
        for task, (_, number) in running(slurm, job).items():
            shard = out / "shards" / number
            if (shard / NAME).exists() and not (shard / "results.jsonl").exists():
                return task
        return None

    for command in (("scontrol", "requeue"), ("scancel",)):
        until(at_work)
        assert slurm.run(*command, at_work()).returncode == 0
    until(at_work)
    node = running(slurm, job)[str(at_work())][0]
    assert node in NODES
    slurm.kill_node(node)
    slurm.start_node(node)
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 0, stdout + stderr
    assert "(attempt 2)" in stdout, stdout
    assert written(out) == written(cohort / "whole")
    for path in out.glob("slurm/*"):
        assert SECRET not in path.read_text(), path
    assert SECRET not in (out / RECORD).read_text()


@pytest.mark.slurm
@pytest.mark.slow
def test_a_cancelled_merge_can_be_made_up_for(slurm: Cluster, few: Path) -> None:
    """Ctrl-C ends the command alone, and --attach goes on where no job does."""
    out = few / "second"
    typed = words("second", shards=2)
    process = subprocess.Popen(
        [GRADPATH, "slurm", *typed],
        cwd=few,
        env=slurm.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until((out / RECORD).exists)
    array, merging = read(out).jobs
    assert "jobs in the queue" in one_line(slurm.slurm(*typed, cwd=few))
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the jobs go on; `gradpath slurm --attach second` shows them" in stderr
    assert slurm.run("scancel", merging).returncode == 0
    until(lambda: f"{array}_" not in slurm.queue())
    assert not (out / "results.jsonl").exists()
    done = slurm.slurm("--attach", "second", cwd=few)
    assert done.returncode == 0, done.stderr
    assert grade("cohort", "--out", "whole", cwd=few).returncode == 0
    assert written(out) == written(few / "whole")
    again = slurm.slurm("--attach", "second", cwd=few)
    assert (again.returncode, "wrote second/results.jsonl" in again.stdout) == (0, True)


def test_a_dry_run_prints_scripts_and_writes_nothing(few: Path, in_process: Command) -> None:
    more = ("--assignment", "mse_sweep", "--require-isolation", "B", "--dry-run")
    done = in_process("slurm", *words("a folder"), *more, cwd=few)
    assert done.returncode == 0, done.stderr
    assert f"--shard $SLURM_ARRAY_TASK_ID/{SHARDS}" in done.stdout
    assert f"'{few}/a folder/shards'/$SLURM_ARRAY_TASK_ID" in done.stdout
    assert "--require-isolation B" in done.stdout
    assert SECRET not in done.stdout
    scripts = done.stdout.partition("# merge.sh")
    for script in (scripts[0], scripts[2]):
        checked = subprocess.run(["bash", "-n"], input=script, text=True, check=False)
        assert checked.returncode == 0
    assert {path.name for path in few.iterdir()} == {"cohort", "release.secret"}


def test_without_slurm_nothing_is_handed_in(
    few: Path, in_process: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(few))
    line = one_line(in_process("slurm", *words("out"), cwd=few))
    assert "there is no sbatch here" in line
    assert not (few / "out" / RECORD).exists()


def test_the_secret_has_to_be_in_a_file(few: Path, in_process: Command) -> None:
    done = in_process(
        "slurm", "cohort", "--out", "out", "--shards", 2, cwd=few, GRADPATH_SECRET=SECRET
    )
    assert "the jobs read the secret from a file" in one_line(done)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("cohort", "--out", "out"), "--shards are needed"),
        (("--attach", "nowhere"), "there is no run of `gradpath slurm` in nowhere"),
        (("missing", "--out", "o", "--shards", "2", "--public"), "missing does not exist"),
        (("cohort", "--out", "cohort/o", "--shards", "2", "--public"), "or lies in it"),
    ],
)
def test_wrong_words(typed: tuple[str, ...], says: str, few: Path, in_process: Command) -> None:
    assert says in one_line(in_process("slurm", *typed, cwd=few))
