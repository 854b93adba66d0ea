"""Workers that are killed from outside, as by a system that is short of memory."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradpath.cohort.run import Run
from gradpath.course.master import solution_of
from gradpath.course.mistakes import Variant
from gradpath.engine.fork_pool import ForkWorkshop, _ForkedWorker
from gradpath.engine.workers import Ending, Worker
from gradpath.errors import WorkerError, WorkerLostError
from gradpath.grading.graded import Graded
from gradpath.grading.grader import Grader
from gradpath.grading.oracle import LiveOracle, Runs
from gradpath.grading.results import GRADER_FAILED, Result
from gradpath.worker.limits import Limits
from tests.conftest import submission
from tests.support.stored_runs import SECRET, SLUG

RIGHT = submission(SLUG, f"import time\n\ntime.sleep(1.0)\n{solution_of(SLUG)}")
KILLS_ITSELF = submission(SLUG, "import os\n\nos.kill(os.getpid(), 9)\n")
STUCK = submission(SLUG, "def forward(x: any(iter(int, 1)), w):\n    return w\n")
"""It never comes to an end of its import, in a statement that takes no time by its looks."""


@pytest.fixture
def run() -> Iterator[Run]:
    with Run([SLUG], SECRET) as run:
        yield run


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    """The results that `Grader.grade` has returned."""
    results: list[Result] = []
    grade = Grader.grade

    def noted(self: Grader, *positional: object, **named: object) -> Graded:
        graded = grade(self, *positional, **named)  # type: ignore[arg-type]
        results.append(graded.result)
        return graded

    monkeypatch.setattr(Grader, "grade", noted)
    return results


@pytest.mark.parametrize("slow", [False, True])
def test_a_worker_that_is_killed_costs_nobody_anything(
    run: Run, graded: list[Result], slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if it takes so long to be gone that its lane stops it: its channel is closed by then."""
    killed: list[int] = []

    def kill(pid: int) -> None:
        time.sleep(0.3)  # it is at its import by then, which takes a second
        killed.append(pid)
        os.kill(pid, signal.SIGKILL)

    start = ForkWorkshop.start

    def noted(self: ForkWorkshop, assignment: str, limits: Limits) -> Worker:
        worker = start(self, assignment, limits)
        if not self._trusted and not killed:
            threading.Thread(target=kill, args=[worker.pid], daemon=True).start()
        return worker

    end = _ForkedWorker.end

    def late(self: _ForkedWorker, *, gone: bool = False) -> Ending:
        how = end(self, gone=gone)
        return "stopped" if slow and how == "killed" else how

    monkeypatch.setattr(ForkWorkshop, "start", noted)
    monkeypatch.setattr(_ForkedWorker, "end", late)
    result = run.grade(RIGHT).result
    assert len(killed) == 1
    assert result.score == result.max_score
    assert len(graded) == 2
    assert ("wrote to, or closed" if slow else "crashed, or was killed") in graded[0].message
    assert "killed" not in result.message


def test_who_kills_itself_is_graded_twice(run: Run, graded: list[Result]) -> None:
    result = run.grade(KILLS_ITSELF).result
    assert result.score == 0
    assert result.status == "unreadable"
    assert "crashed, or was killed" in result.message
    assert len(graded) == 2
    assert not run.problems


def test_a_run_that_is_ended_keeps_no_result(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C kills the worker in hand, and another one that its thread still got: twice the same.

    That result was stored, and the continued run had `killed` where an undisturbed one has
    `timeout`.
    """
    started: list[int] = []
    start = ForkWorkshop.start

    def noted(self: ForkWorkshop, assignment: str, limits: Limits) -> Worker:
        worker = start(self, assignment, limits)
        if not self._trusted:
            started.append(worker.pid)
        return worker

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 30
        while len(started) < count and not grading.done() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)  # it is at its import by then

    monkeypatch.setattr(ForkWorkshop, "start", noted)
    kept: list[Result] = []
    with ThreadPoolExecutor(1) as pool:
        grading = pool.submit(
            run.grade_all, [STUCK], lambda _: None, lambda batch: kept.extend(r for r, _ in batch)
        )
        wait_for(1)
        run._all[0].students.close()  # `close` begins with this, and ends with the zygote
        wait_for(2)
        run.close()
        with pytest.raises(WorkerError, match="has been ended"):
            grading.result()
    assert len(started) == 1
    assert kept == []


@pytest.mark.parametrize("times", [1, 1000])
def test_the_solutions_worker_is_killed(
    run: Run, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, or again and again: then one submission has no result, and the run goes on."""
    compute, left = LiveOracle._compute, times

    def killed(self: LiveOracle, function: str, variants: tuple[Variant, ...]) -> Runs:
        nonlocal left
        left -= 1
        if left >= 0:
            raise WorkerLostError("killed")
        return compute(self, function, variants)

    monkeypatch.setattr(LiveOracle, "_compute", killed)
    result = run.grade(submission(SLUG, solution_of(SLUG))).result
    if times == 1:
        assert result.score == result.max_score
    else:
        assert result.message == GRADER_FAILED
        assert "keep being killed" in run.problems[0]
