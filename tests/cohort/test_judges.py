"""Judges: processes that grade for a run. None of them has a part in its results."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from gradpath.cohort.judges import Judge, Judged, Judges
from gradpath.errors import GradpathError
from tests.support.stored_runs import (
    SLUG,
    children,
    descendants,
    grade,
    start,
    stored,
    taken_over,
    write_cohort,
    written,
)

SECONDS = 1.5


def judged(judge: Judge, positions: Iterable[int], count: int = 2) -> list[Judged]:
    """Have these judges grade, and make sure that none is left."""
    before = set(children(os.getpid()))
    with Judges(count, lambda _: judge, lambda _: None) as judges:
        answers = [answer for batch in judges.grade(positions) for answer in batch]
    assert set(children(os.getpid())) <= before
    return sorted(answers, key=lambda answer: answer.position)


def test_every_position_has_one_answer() -> None:
    pids = judged(lambda n: Judged(n, problems=[str(os.getpid())]), range(50))
    assert [answer.position for answer in pids] == list(range(50))
    assert len({*(problem for answer in pids for problem in answer.problems)}) == 2


def test_more_judges_than_submissions() -> None:
    assert judged(Judged, [7], 3) == [Judged(7)]


def dies(at: int, where: Path, times: int) -> Judge:
    """Return a judge that dies of a submission, so many times."""

    def judge(position: int) -> Judged:
        if position == at and len(list(where.iterdir())) < times:
            (where / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Judged(position)

    return judge


def test_a_submission_is_graded_again_when_its_judge_dies(tmp_path: Path) -> None:
    assert judged(dies(5, tmp_path, 2), range(12)) == [Judged(n) for n in range(12)]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_submission_of_which_every_judge_dies_is_named(tmp_path: Path) -> None:
    answers = judged(dies(5, tmp_path, 100), range(12))
    assert answers == [Judged(n, lost=n == 5) for n in range(12)]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_reason_that_holds_for_all_submissions_ends_the_run() -> None:
    with pytest.raises(GradpathError, match="no memory"):
        judged(lambda n: Judged(n, failed="no memory"), range(5))


def test_judges_have_none_of_the_files_of_the_run(tmp_path: Path) -> None:
    """A lock of the run would outlive it in them, and an inherited object close another's file."""
    lock = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)

    def judge(position: int) -> Judged:
        return Judged(position, problems=[os.readlink(f"/proc/self/fd/{lock}")])

    with Judges(1, lambda _: judge, lambda _: None) as judges:
        ((answer,),) = judges.grade([0])
        assert answer.problems == [os.devnull]
        os.close(lock)
        again = os.open(tmp_path, os.O_RDONLY)
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(again)


def test_lanes_are_lent() -> None:
    def begin(asking: socket.socket) -> Judge:
        def judge(position: int) -> Judged:
            asking.send(b"lane")
            return Judged(position, problems=[asking.recv(16).decode()])

        return judge

    def lend(asked: socket.socket) -> None:
        asked.send(asked.recv(16) + b" lent")

    with Judges(2, begin, lend) as judges:
        answers = [answer for batch in judges.grade(range(4)) for answer in batch]
    assert [answer.problems for answer in answers] == [["lane lent"]] * 4


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def judges_of(pid: int) -> set[int]:
    """Return the judges of a grader: they have its command line."""
    commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children(pid)}
    return {child for child, command in commands.items() if b"\0grade\0" in command}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_a_judge_is_killed_and_then_the_grader(tmp_path: Path) -> None:
    """Nothing stored is lost, no process stays, and any number of jobs gives the same bytes."""
    write_cohort(tmp_path / "cohort", 22)
    for name in ("s020", "s021"):  # the last ones, so that there are judges for a while
        file = tmp_path / "cohort" / name / f"{SLUG}.py"
        file.write_text(f"import time\ntime.sleep({SECONDS})\n{file.read_text()}")
    process = start("cohort", "--out", "out", "--jobs", 2, cwd=tmp_path)
    wait_until(lambda: stored(tmp_path / "out") == 20)
    judges = judges_of(process.pid)
    assert len(judges) == 2
    os.kill(min(judges), signal.SIGKILL)
    wait_until(lambda: len(judges_of(process.pid)) == 2 and judges_of(process.pid) != judges)
    below = descendants(process.pid)
    process.kill()
    process.communicate()
    wait_until(lambda: not any(map(is_alive, below)))
    before = stored(tmp_path / "out")
    assert before in (20, 21)
    done = grade("--resume", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert taken_over(tmp_path / "out")[-1] == before
    for jobs in (1, 4):
        done = grade("cohort", "--out", jobs, "--jobs", jobs, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert written(tmp_path / str(jobs)) == written(tmp_path / "out")


def test_ctrl_c_ends_the_judges(tmp_path: Path) -> None:
    write_cohort(tmp_path / "cohort", 22)
    file = tmp_path / "cohort" / "s021" / f"{SLUG}.py"
    file.write_text(f"import time\ntime.sleep({SECONDS})\n{file.read_text()}")
    process = start("cohort", "--out", "out", "--jobs", 2, cwd=tmp_path)
    wait_until(lambda: stored(tmp_path / "out") == 21)
    below = descendants(process.pid)
    assert judges_of(process.pid)
    for pid in (process.pid, *judges_of(process.pid)):  # as a terminal does
        os.kill(pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.splitlines() == [
        "gradpath: interrupted; 21 of 22 results are stored, continue with "
        "`gradpath grade --resume --out out`"
    ]
    wait_until(lambda: not any(map(is_alive, below)))
