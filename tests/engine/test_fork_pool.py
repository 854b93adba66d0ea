"""Workers that are forked ahead, while the grader judges."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from gradpath.engine.fork_pool import ForkWorkshop, Zygote
from gradpath.engine.isolation import level
from gradpath.engine.session import Session
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Source
from tests.support.stored_runs import SLUG, children

SOURCE = Source(SLUG, (Cell("m.py", "def answer():\n    return 42\n"),))


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote((), [SLUG], level().layers)
    yield zygote
    zygote.close()


@pytest.fixture
def workshop(zygote: Zygote) -> Iterator[ForkWorkshop]:
    workshop = ForkWorkshop(zygote)
    yield workshop
    workshop.close()
    wait_until(lambda: not workers(zygote))


def workers(zygote: Zygote) -> list[int]:
    """Return the children of lanes; a list of processes has one more that only waits."""
    generation = [zygote._process.pid]
    for _ in range(2 + zygote.layers.namespaces):
        generation = [child for pid in generation for child in children(pid)]
    return generation


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_next_worker_waits(workshop: ForkWorkshop, zygote: Zygote) -> None:
    first = workshop.start(SLUG, Limits())
    first.end()
    wait_until(lambda: workers(zygote) not in ([], [first.pid]))
    (waiting,) = workers(zygote)
    second = workshop.start(SLUG, Limits())
    assert second.pid == waiting
    second.end()


def test_one_of_another_kind_does_not_wait(workshop: ForkWorkshop, zygote: Zygote) -> None:
    workshop.start(SLUG, Limits()).end()
    wait_until(lambda: len(workers(zygote)) == 1)
    other = workshop.start(SLUG, Limits(open_files=100))
    wait_until(lambda: workers(zygote) == [other.pid])
    other.end()


def test_the_courses_own_code_leaves_none_behind(zygote: Zygote) -> None:
    workshop = ForkWorkshop(zygote, trusted=True)
    workshop.start(SLUG, Limits()).end()
    second = workshop.start(SLUG, Limits())
    wait_until(lambda: workers(zygote) == [second.pid])
    second.end()
    wait_until(lambda: not workers(zygote))
    workshop.close()


def test_a_waiting_worker_that_is_killed_counts_as_lost(
    workshop: ForkWorkshop, zygote: Zygote
) -> None:
    workshop.start(SLUG, Limits()).end()
    assert workshop._ahead is not None
    select.select([workshop._ahead[1]], [], [])  # it has put on its layers
    (waiting,) = workers(zygote)
    os.kill(waiting, signal.SIGKILL)
    session = Session(workshop, SLUG, SOURCE, Limits())
    assert session.observe(Call("answer", ())).outcome == "killed"
    assert session.lost  # so the submission is graded again
    session.close()
    again = Session(workshop, SLUG, SOURCE, Limits())
    assert again.observe(Call("answer", ())).value == 42
    again.close()
