"""Seconds: computing and sleeping count, the time that a busy machine takes does not."""

from __future__ import annotations

import dataclasses
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gradpath.cohort.run import Run
from gradpath.engine.clock import ProcessClock, Spent, Timekeeper, Times, TimeUpError
from gradpath.engine.exclusive import Gate
from gradpath.grading.graded import Graded
from gradpath.grading.grader import Grader
from gradpath.grading.results import Result
from gradpath.student.check import LocalCheck
from gradpath.submissions.submission import Submission
from gradpath.worker.limits import Limits
from tests.conftest import submission
from tests.support.badinput.lane import RIGHT, SLUG, assert_costs
from tests.support.load import burners, processors

LIMITS = Limits(call_seconds=0.5, submission_seconds=12.0)


# Limits


@pytest.mark.parametrize(
    ("wall", "cpu", "waited", "over"),
    [
        (9.9, 9.9, 0.0, None),
        (10.1, 10.0, 0.0, "computing"),
        # Not yet: it will have computed for ten seconds soon, and then no second try is needed.
        (10.1, 9.9, 0.0, None),
        (10.0, 0.0, 0.0, "standing still"),
        (10.0, 7.4, 0.0, "standing still"),
        (5.1, 10.0, 0.0, "computing"),  # on two processors
        (40.0, 8.0, 32.0, None),  # a busy machine
        (40.0, 1.0, 29.0, "standing still"),
        (60.0, 1.0, 59.0, "standing still"),  # there is an end to it
        (10.0, 0.0, 50.0, None),  # many threads waited before the clock was started
    ],
)
def test_over(wall: float, cpu: float, waited: float, over: str | None) -> None:
    assert Spent(wall, Times(cpu, waited)).over(10.0) == over


def test_left() -> None:
    assert Spent(4.0, Times(3.0, 1.0)).left(10.0) == 7.0
    assert Spent(10.5, Times(9.5)).left(10.0) == 0.5
    assert Spent(10.0, Times(2.0)).left(10.0) > 0


# Times


def write_process(
    proc: Path, pid: int, cpu_ticks: int, schedstat: str, state: str = "S", children: str = ""
) -> None:
    """Write the files of /proc for a process with one thread."""
    task = proc / str(pid) / "task" / str(pid)
    task.mkdir(parents=True, exist_ok=True)
    numbers = " ".join(["0"] * 10)
    stat = f"{pid} (a) R 1 (x) {state} {numbers} {cpu_ticks} 1 2 3 20 0\n"
    for folder in (task.parent.parent, task):
        (folder / "stat").write_text(stat)
    (task / "schedstat").write_text(schedstat)
    (task / "children").write_text(children)


def test_times_of_a_process_and_its_children(tmp_path: Path) -> None:
    tick = 1 / os.sysconf("SC_CLK_TCK")
    write_process(tmp_path, 7, 100, "5000000000 1000000000 3", children="8 9")
    write_process(tmp_path, 8, 50, "5000000000 2000000000 3", children="10")  # 9 has ended
    write_process(tmp_path, 10, 50, "5000000000 0 3")
    clock = ProcessClock(7, str(tmp_path))
    first = clock.read()
    assert first.cpu == pytest.approx((200 + 3 * 6) * tick)
    assert first.waited == 2.0  # the longest of waits at the same time
    write_process(tmp_path, 7, 100, "5000000000 1500000000 4", children="10")
    write_process(tmp_path, 10, 60, "5000000000 100000000 4")
    # 8 has ended, and nobody has waited for it yet: seconds never become fewer.
    assert clock.read() == Times(first.cpu, 2.5)


def test_a_wait_that_has_not_ended(tmp_path: Path) -> None:
    """The kernel counts a wait when the thread gets its processor."""
    now = [100.0]
    clock = ProcessClock(7, str(tmp_path), lambda: now[0])
    write_process(tmp_path, 7, 0, "10 1000000000 3", "R")
    assert clock.read().waited == 1.0
    now[0] = 100.5
    assert clock.read().waited == 1.5
    now[0] = 102.0
    assert clock.read().waited == 3.0
    write_process(tmp_path, 7, 0, "20 3200000000 4", "R")
    assert clock.read().waited == pytest.approx(3.2)
    now[0] = 103.0
    write_process(tmp_path, 7, 0, "20 3200000000 4", "S")
    assert clock.read().waited == pytest.approx(3.2)


def test_times_without_schedstat_and_without_proc(tmp_path: Path) -> None:
    write_process(tmp_path, 7, 100, "")
    assert ProcessClock(7, str(tmp_path)).read().waited == 0.0
    assert ProcessClock(7, str(tmp_path)).read().cpu > 0
    assert ProcessClock(8, str(tmp_path)).read() == Times()


@pytest.mark.parametrize(
    "code",
    [
        "burn()",
        "t = threading.Thread(target=burn); t.start(); t.join(); time.sleep(60)",
        "os.fork() or burn(); time.sleep(60)",
        "p = os.fork()\nif not p: burn(); os._exit(0)\nos.waitpid(p, 0); time.sleep(60)",
    ],
    ids=["process", "thread", "child", "child_waited_for"],
)
def test_cpu_seconds_of_a_real_process(code: str) -> None:
    burn = "def burn():\n    while sum(os.times()[:2]) < 0.6: pass\n"
    text = f"import os, threading, time\n{burn}{code}\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", text], start_new_session=True) as process:
        clock = ProcessClock(process.pid)
        try:
            deadline = time.monotonic() + 60
            while clock.read().cpu < 0.55 and time.monotonic() < deadline:
                time.sleep(0.02)
            assert 0.55 <= clock.read().cpu < 1.5
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_waiting_for_a_processor() -> None:
    code = (
        "import os, time\nwhile time.process_time() < 0.5: pass\nprint(flush=True); time.sleep(60)"
    )
    with burners(3 * processors()):
        began = time.monotonic()
        words = [sys.executable, "-c", code]
        with subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            wall, times = time.monotonic() - began, ProcessClock(process.pid).read()
            process.kill()
    assert times.cpu == pytest.approx(0.5, abs=0.1)
    assert times.waited > 0.25
    assert times.cpu + times.waited == pytest.approx(wall, rel=0.3)


# Waiting for replies


class Channel:
    """Answers after so many seconds of a clock that only it moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.answer_at = 0.0

    def receive(self, seconds: float, limit: int = 0) -> bytes | None:
        """Return an answer if it comes within so many seconds."""
        if self.now + seconds < self.answer_at:
            self.now += seconds
            raise TimeoutError
        self.now = max(self.now, self.answer_at)
        return b""

    def send(self, *payloads: bytes) -> None:
        """Take nothing."""

    def close(self) -> None:
        """Hold nothing."""


def test_seconds_altogether() -> None:
    """Calls too quick for a look count as well: together they took too long."""
    channel = Channel()
    keeper = Timekeeper(10.0, 3.0, lambda: channel.now)
    for _ in range(15):
        keeper.check()
        channel.now += 5.0  # the grader's own time in between is not the submission's
        channel.answer_at = channel.now + 0.1875
        assert keeper.receive(channel) == b""
    channel.answer_at = channel.now + 0.25
    with pytest.raises(TimeUpError) as caught:
        keeper.receive(channel)
    assert (caught.value.why, caught.value.altogether) == ("standing still", True)
    with pytest.raises(TimeUpError):
        keeper.check()
    keeper.restart()
    keeper.check()


def test_a_call_ends_soon_after_its_limit() -> None:
    channel = Channel()
    channel.answer_at = 1000.0
    with pytest.raises(TimeUpError) as caught:
        Timekeeper(10.0, 60.0, lambda: channel.now).receive(channel)
    assert not caught.value.altogether
    assert 10.0 <= channel.now < 10.5


def test_answers_to_a_worker_count_by_their_computing() -> None:
    """A busy machine makes questions to the grader slow: nobody's time is up for that."""
    channel = Channel()
    keeper = Timekeeper(10.0, 3.0, lambda: channel.now)
    began, channel.now = channel.now, 4.0
    keeper.pause(began, computed=0.5)
    keeper.check()
    keeper.charge(2.0)
    keeper.check()
    assert (keeper.spent().wall, keeper.spent().own, keeper.spent().times.cpu) == (4.0, 2.5, 2.5)
    keeper.charge(0.5)
    with pytest.raises(TimeUpError) as caught:
        keeper.check()
    assert (caught.value.why, caught.value.altogether) == ("computing", True)


# One alone


def test_gate() -> None:
    gate = Gate()
    inside = threading.Semaphore(0)
    alone = threading.Event()
    seen: list[str] = []
    go_on = threading.Event()

    def together(name: str) -> None:
        with gate.together():
            inside.release()
            go_on.wait(10)
            seen.append(name)

    def by_itself() -> None:
        with gate.alone():
            alone.set()
            seen.append("alone")

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(together, "one"), pool.submit(together, "two")]
        assert inside.acquire(timeout=10)
        assert inside.acquire(timeout=10)
        futures.append(pool.submit(by_itself))
        assert not alone.wait(0.1)
        go_on.set()
        assert alone.wait(10)
        futures.append(pool.submit(together, "three"))
        for future in futures:
            future.result(10)
    assert sorted(seen[:2]) == ["one", "two"]
    assert seen[2:] == ["alone", "three"]


# Submissions


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """One run with little time for a call."""
    with Run([SLUG], "clock", jobs=2) as run, pytest.MonkeyPatch.context() as patch:
        # The machine that tests this may be much busier than one that grades.
        patch.setattr("gradpath.engine.clock._CAP", 100.0)
        assignment = run.assignments[SLUG]
        settings = msgspec.structs.replace(assignment.settings, limits=LIMITS)
        run.assignments[SLUG] = dataclasses.replace(assignment, settings=settings)
        run.grade(with_gradient("return 0.0"))  # references are there
        yield run


def with_gradient(body: str) -> Submission:
    """Hand in right work with another `gradient`."""
    head = "import os\nimport signal\nimport threading\nimport time\n"
    function = f"def gradient(x, y, w):\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
    return submission(SLUG, f"{RIGHT}\n\n{head}\n\n{function}")


def grade(run: Run, body: str, caplog: pytest.LogCaptureFixture) -> tuple[Result, int]:
    """Grade; return how often it was tried again, too."""
    with caplog.at_level(logging.INFO, "gradpath.cohort.run"):
        caplog.clear()
        (result,) = run.grade_all([with_gradient(body)], lambda _: None)
    return result, sum("graded again, alone" in message for message in caplog.messages)


COMPUTING = {
    "loop": "while True: pass",
    "thread": """
        def burn():
            while True: pass
        thread = threading.Thread(target=burn)
        thread.start()
        thread.join()
    """,
    "child": """
        if not os.fork():
            while True: pass
        os.wait()
    """,
}
STANDING_STILL = {
    "sleep": "time.sleep(1e6)",
    "pause": "signal.pause()",
    "lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
}


@pytest.mark.parametrize("name", COMPUTING)
def test_computing_for_too_long(run: Run, name: str, caplog: pytest.LogCaptureFixture) -> None:
    result, again = grade(run, COMPUTING[name], caplog)
    assert_costs(result, "gradient", "timeout", "took longer than 0.5 s and was stopped")
    assert again == 0


@pytest.mark.parametrize(
    "name", ["sleep", *(pytest.param(name, marks=pytest.mark.slow) for name in ("pause", "lock"))]
)
def test_standing_still_for_too_long(run: Run, name: str, caplog: pytest.LogCaptureFixture) -> None:
    result, again = grade(run, STANDING_STILL[name], caplog)
    assert_costs(result, "gradient", "timeout", "took longer than 0.5 s and was stopped")
    assert again == 1


@pytest.mark.slow
def test_a_busy_machine_fails_nobody(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    """Each call computes for less than its limit, and takes more than twice the limit for it."""
    slow = """
        global calls
        calls = globals().get("calls", 0) + 1
        end = time.process_time() + (0.35 if calls <= 3 else 0)
        while time.process_time() < end: pass
        return 2 * x * (x * w - y)
    """
    began = time.monotonic()
    with burners(4 * processors()):
        result, _ = grade(run, slow, caplog)
    assert [check.message for check in result.checks if check.outcome != "passed"] == []
    # Else nothing was tested: three calls waited for the time of more.
    assert time.monotonic() - began > 3 * LIMITS.call_seconds


@pytest.mark.slow
def test_an_endless_loop_on_a_busy_machine(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    with burners(2 * processors()):
        result, again = grade(run, COMPUTING["loop"], caplog)
    assert_costs(result, "gradient", "timeout", "took longer than 0.5 s and was stopped")
    assert again == 0


def test_only_the_first_time_was_slow(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second try counts; the others' results come first, in their order."""
    sleepy = with_gradient("return 2 * x * (x * w - y)")
    tries: list[bool] = []
    attempt = Run._attempt

    def slow_at_first(self: Run, given: Submission, *, alone: bool) -> Graded:
        if given is not sleepy:
            return attempt(self, given, alone=alone)
        tries.append(alone)
        code = sleepy if alone else with_gradient("time.sleep(60)")
        return attempt(self, code, alone=alone)

    monkeypatch.setattr(Run, "_attempt", slow_at_first)
    wrong = with_gradient("return 0.0")
    told: list[float] = []
    results = run.grade_all([sleepy, wrong, wrong], lambda result: told.append(result.score))
    assert tries == [False, True]
    assert [result.score for result in results] == [10.0, results[1].score, results[2].score]
    assert results[1].score < 10.0
    assert told == [results[1].score, results[2].score, 10.0]
    tries.clear()
    assert run.grade(sleepy).result.score == 10.0
    assert tries == [False, True]


@pytest.mark.slow
def test_a_check_at_home_tries_again_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where it cannot be told from an endless loop, though."""
    finals: list[bool] = []
    grade = Grader.grade

    def counted(*words: Any, final: bool = True) -> Graded:
        finals.append(final)
        return grade(*words, final=final)

    monkeypatch.setattr(Grader, "grade", counted)
    for code, known, expected in (
        ("time.sleep(60)", True, [False, True]),
        ("while True: pass", True, [False]),
        ("while True: pass", False, [True]),
    ):
        finals.clear()
        monkeypatch.setattr("gradpath.student.check.knows_cpu_seconds", lambda known=known: known)
        check = LocalCheck(
            submission("mse_sweep", f"import time\ndef weight_grid():\n    {code}\n")
        )
        settings = msgspec.structs.replace(check.assignment.settings, limits=LIMITS)
        check.assignment = dataclasses.replace(check.assignment, settings=settings)
        try:
            result = check.run().result
        finally:
            check.close()
        assert {each.outcome for each in result.checks} <= {"timeout", "skipped", "not_attempted"}
        assert finals == expected
