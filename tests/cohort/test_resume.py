"""A run that is ended in any way, and continued: nothing that was graded is lost."""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradpath.cohort.store import NAME
from tests.support.attacking.suite import all_attacks
from tests.support.stored_runs import (
    SECRET,
    SLUG,
    descendants,
    grade,
    one_line,
    start,
    stored,
    stored_students,
    taken_over,
    write_cohort,
    written,
)

MOMENTS = 60 if "GRADPATH_TEST_EVERYTHING" in os.environ else 18
JOBS = 2
HOSTILE = ("remembered_inputs", "hostile_exceptions", "hostile_text", "exits")
"""Attacks with results that do not hang on the moment."""
TELLS_ITS_FOLDER = """
import os


def forward(x, w):
    raise ValueError(os.getcwd())


def loss(x, y, w):
    raise ValueError(os.path.dirname(os.getcwd()))
"""
SLOW = "import time\ntime.sleep(3)\n"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cohort, and in `undisturbed` the files of a run on it."""
    folder = tmp_path_factory.mktemp("resume")
    write_cohort(folder / "cohort", 40)
    done = grade("cohort", "--out", "undisturbed", "--jobs", JOBS, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def changed_at(out: Path) -> int:
    """Return when something was stored last, in nanoseconds."""
    try:
        return (out / f"{NAME}-wal").stat().st_mtime_ns
    except OSError:
        return 0


def wait_for_results(process: subprocess.Popen[str], out: Path, count: int) -> None:
    """Wait until about so many results have been stored, or the process has ended.

    One result may be several changes on a busy machine.
    """
    for _ in range(count):
        last = changed_at(out)
        while process.poll() is None and changed_at(out) == last:
            time.sleep(0.005)


def wait_for_those_in_hand(process: subprocess.Popen[str], chain: Chain) -> None:
    """Wait until the submissions that are being graded now have been stored.

    They are the first ones without a result: each job has one, and a worker waits for its next one.
    """
    before = stored_students(chain.out)
    in_hand = set([name for name in chain.students if name not in before][: 2 * JOBS])
    while process.poll() is None and in_hand - set(stored_students(chain.out)):
        time.sleep(0.02)


class Chain:
    """One run, killed and continued until it is through."""

    def __init__(self, cohort: Path, out: Path) -> None:
        self.cohort = cohort
        self.out = out
        self.process: subprocess.Popen[str] | None = None
        self.students = sorted(path.name for path in (cohort / "cohort").iterdir())
        self.took_over: list[int] = []
        self._stored = 0

    def running(self) -> subprocess.Popen[str]:
        """Return the grader; start or continue it if there is none."""
        if self.process is None:
            words = ["--resume"] if self._stored else ["cohort", "--jobs", JOBS]
            self.process = start(*words, "--out", self.out, cwd=self.cohort)
        return self.process

    def ended(self) -> bool:
        """Look at the folder of a grader that has ended; tell whether the run is through."""
        assert self.process is not None
        _, said = self.process.communicate(timeout=120)
        status, self.process = self.process.returncode, None
        before, self.took_over = self.took_over, taken_over(self.out)
        if len(self.took_over) > len(before):  # else it was killed before it began
            # It has taken over all that was stored: none of that is graded again.
            assert self.took_over[-1] == self._stored
        last, self._stored = self._stored, stored(self.out)
        assert self._stored >= last
        if status == 2:  # the zygote was killed while it started
            assert re.fullmatch(r"gradpath: .*--resume --out .*\n", said), said
            return False
        assert status in (0, -signal.SIGKILL), said
        if status == 0:
            done, undisturbed = written(self.out), written(self.cohort / "undisturbed")
            known = undisturbed[0].splitlines()
            assert [line for line in done[0].splitlines() if line not in known] == []
            assert done == undisturbed
        return status == 0


def write_hostile(folder: Path) -> None:
    """Write submissions that are graded first; each gets the same result every time."""
    attacks = {a.name: a.filled_in("TARGET = {'claim': 'x'}") for a in all_attacks()}
    for number, text in enumerate([*map(attacks.__getitem__, HOSTILE), TELLS_ITS_FOLDER]):
        (folder / f"a{number}").mkdir()
        (folder / f"a{number}" / f"{SLUG}.py").write_text(text)


def test_killed_once_and_continued(tmp_path: Path) -> None:
    write_cohort(tmp_path / "cohort", 15)  # enough that it is not through when it is killed
    write_hostile(tmp_path / "cohort")
    process = start("cohort", "--out", "out", "--jobs", JOBS, cwd=tmp_path)
    while not stored(tmp_path / "out") and process.poll() is None:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    before = stored(tmp_path / "out")
    assert 0 < before < 15 + len(HOSTILE)
    done = grade("--resume", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert taken_over(tmp_path / "out")[-1] == before
    assert grade("cohort", "--out", "whole", cwd=tmp_path).returncode == 0
    assert written(tmp_path / "out") == written(tmp_path / "whole")


@pytest.mark.slow
def test_killed_at_any_moment(cohort: Path, tmp_path: Path) -> None:
    """The grader, its zygote, its lanes and its workers are killed, again and again.

    GRADPATH_TEST_EVERYTHING in the environment does it more often.
    """
    chance = random.Random(5)
    chain = Chain(cohort, tmp_path / "0")
    moments = through = taken = 0
    while moments < MOMENTS or chain.process is not None:
        process = chain.running()
        if moments == MOMENTS:
            process.wait()
        elif chance.random() < 0.7:  # in the middle of grading, else while it starts
            wait_for_results(process, chain.out, chance.randint(1, 4))
            time.sleep(chance.uniform(0, 0.1))
        else:
            time.sleep(chance.uniform(0, 1))
        if process.poll() is None:
            moments += 1
            below = descendants(process.pid)
            if chance.random() < 0.25 or not below:
                process.kill()
            else:
                victim = chance.choice([below[0], chance.choice(below)])
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                # A submission that dies twice in the same way counts as its own doing.
                wait_for_those_in_hand(process, chain)
        if process.poll() is not None:
            if chain.ended():
                through += 1
                taken += sum(chain.took_over)
                chain = Chain(cohort, tmp_path / str(through))
            elif moments == MOMENTS:
                chain.running()
    assert through > 0
    assert taken > MOMENTS // 2  # otherwise nothing was under way when it was killed


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A folder with a cohort of five: one sleeps at its import, the others are quick."""
    cohort = write_cohort(tmp_path / "cohort", 5)
    text = (cohort / "s003" / f"{SLUG}.py").read_text()
    (cohort / "s003" / f"{SLUG}.py").write_text(SLOW + text)
    return tmp_path


def interrupted(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Run `gradpath grade` and press Ctrl-C when three results are there."""
    process = start("cohort", "--out", "out", "--jobs", 1, *words, cwd=folder)
    wait_for_results(process, folder / "out", 1)  # the request itself
    while stored(folder / "out") < 3:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


@pytest.mark.slow
def test_ctrl_c_says_how_to_continue(few: Path) -> None:
    done = interrupted(few)
    assert done.returncode == 130
    assert done.stderr == (
        "gradpath: interrupted; 3 of 5 results are stored, continue with "
        "`gradpath grade --resume --out out`\n"
    )
    assert not (few / "out" / "results.jsonl").exists()
    assert grade("cohort", "--out", "whole", cwd=few).returncode == 0

    # From elsewhere, with another PATH to the same, and without any.
    (few / "elsewhere").mkdir()
    done = grade("--resume", "--out", "../out", "../cohort", cwd=few / "elsewhere")
    assert done.returncode == 0, done.stderr
    assert "taken over: 3 unchanged" in done.stdout
    assert written(few / "out") == written(few / "whole")
    log = (few / "out" / "grade.log").read_text().splitlines()
    events = [line.split()[1] for line in log]
    assert events == ["start:", "stopped:", "start:", "end:"]
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", line) for line in log)

    done = grade("--resume", "--out", "out", cwd=few)
    assert done.returncode == 0
    assert "nothing to continue" in done.stdout.replace("\n", " ")
    assert done.stderr == ""


@pytest.mark.slow
def test_what_cannot_be_continued_is_one_line(few: Path) -> None:
    none = one_line(grade("--resume", "--out", "none", cwd=few))
    assert "no run in none to continue" in none
    assert not (few / "none").exists()
    interrupted(few, "--assignment", SLUG)
    (few / "other").mkdir()
    for words, says in {
        ("other",): "other PATHs",
        ("--public",): "other --hidden or --public",
        ("--assignment", "rosenbrock"): "other --assignment",
        ("--docker=x",): "other --docker",
        ("--regrade",): "other --regrade",
        ("--fresh",): "give only one",
        ("--secret", "another"): "not the secret",
    }.items():
        assert says in one_line(grade("--resume", "--out", "out", *words, cwd=few)), words
    assert "hidden checks need a secret" in one_line(
        grade("--resume", "--out", "out", cwd=few, GRADPATH_SECRET="")
    )
    done = grade("--resume", "--out", "out", "--assignment", SLUG, cwd=few)
    assert done.returncode == 0, done.stderr
    assert "taken over: 3 unchanged" in done.stdout


@pytest.mark.slow
def test_the_file_of_the_secret_is_remembered(few: Path) -> None:
    (few / "release.secret").write_text(f"{SECRET}\n")
    interrupted(few, "--secret-file", "release.secret")
    done = grade("--resume", "--out", "out", cwd=few, GRADPATH_SECRET="of another course")
    assert done.returncode == 0, done.stderr
    assert "taken over: 3 unchanged" in done.stdout


@pytest.mark.slow
def test_submissions_that_change_meanwhile(few: Path) -> None:
    interrupted(few)
    shutil.rmtree(few / "cohort" / "s000")
    shutil.copytree(few / "cohort" / "s001", few / "cohort" / "s009")
    (few / "cohort" / "s002" / f"{SLUG}.py").write_text("def forward(x, w)\n")
    (few / "cohort" / "s003" / f"{SLUG}.py").write_text("")
    done = grade("--resume", "--out", "out", cwd=few)
    assert done.returncode == 0, done.stderr
    assert "submissions have changed since the run began" in done.stderr.replace("\n", " ")
    assert "taken over: 1 unchanged" in done.stdout
    assert grade("cohort", "--out", "whole", cwd=few).returncode == 0
    assert written(few / "out") == written(few / "whole")


@pytest.mark.slow
def test_two_graders_in_one_folder(few: Path) -> None:
    first = start("cohort", "--out", "out", "--jobs", 1, cwd=few)
    wait_for_results(first, few / "out", 1)
    for words in (["cohort"], ["--resume"]):
        refused = one_line(grade(*words, "--out", "out", cwd=few))
        assert "another gradpath grade is at work in out" in refused
    first.kill()
    first.communicate()
    # The lock is gone with its process, even while that is still ending.
    done = grade("--resume", "--out", "out", cwd=few)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with little room; only root can make one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "none", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr!r}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.root
def test_a_full_disk(cohort: Path, full_disk: Path) -> None:
    said = one_line(grade("cohort", "--out", full_disk, cwd=cohort))
    assert "make room" in said
    assert f"--resume --out {full_disk}" in said
    assert not (full_disk / "results.jsonl").exists()
    before = stored(full_disk)
    assert before > 0
    assert one_line(grade("--resume", "--out", full_disk, cwd=cohort))
    assert stored(full_disk) >= before
    subprocess.run(["mount", "-o", "remount,size=20m", full_disk], check=True)
    done = grade("--resume", "--out", full_disk, cwd=cohort)
    assert done.returncode == 0, done.stderr
    assert taken_over(full_disk)[-1] >= before
    assert written(full_disk) == written(cohort / "undisturbed")


@pytest.mark.slow
def test_files_that_may_not_grow(cohort: Path, tmp_path: Path) -> None:
    """As with a quota: a limit on sizes, which needs no root."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limit[1]))
    try:
        said = one_line(grade("cohort", "--out", tmp_path / "out", cwd=cohort))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert "make room" in said
    before = stored(tmp_path / "out")
    assert before > 0
    done = grade("--resume", "--out", tmp_path / "out", cwd=cohort)
    assert done.returncode == 0, done.stderr
    assert taken_over(tmp_path / "out")[-1] == before
    assert written(tmp_path / "out") == written(cohort / "undisturbed")
