"""The processor time of one submission, by the process and the step that it is spent in.

Processor time, not time on the wall: a busy machine changes it little, and the sum over all
processes is what a machine with every core at work pays for.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil

from gradpath.cohort.artifacts import kept_of
from gradpath.cohort.run import Run
from gradpath.engine.fork_pool import ForkWorkshop
from gradpath.grading import grader
from gradpath.grading.substitution import Substitution
from gradpath.submissions.submission import Submission, of_file

EMPTY = 100
"""Workers that are started and ended for the price of one that does nothing."""

STEPS = (
    (Submission, "source", "grader: read the file"),
    (grader, "ModuleSource", "grader: parse it"),
    (grader, "observe_checks", "grader: send calls, decode answers"),
    (grader, "watch", "grader: send calls, decode answers"),
    (grader, "judge", "grader: compare"),
    (grader.Grader, "_judge_rule", "grader: rules"),
    (grader, "diagnose", "grader: diagnosis"),
    (Substitution, "try_again", "grader: errors carried forward"),
)


def profile(slug: str, files: list[tuple[Path, bool]], rounds: int) -> dict[str, float]:
    """Milliseconds of processor time for a further submission, by step."""
    submissions = [of_file(path, slug, f"s{i:03}") for i, (path, _) in enumerate(files, 1)]
    spent: dict[str, float] = defaultdict(float)
    with Run([slug], "benchmark", jobs=1) as run, ExitStack() as stack:
        for submission in submissions:  # the work that is done once for each kind of mistake
            run.grade(submission)
        for owner, name, step in STEPS:
            stack.enter_context(patch.object(owner, name, timed(getattr(owner, name), step, spent)))
        keep = timed(kept_of, "grader: pack what is kept", spent)
        before, began = lanes(), time.thread_time()
        for _ in range(rounds):
            for submission in submissions:
                keep(run.grade(submission))
        count = rounds * len(submissions)
        judging, workers = time.thread_time() - began, lanes() - before
        spent["grader: the rest"] = judging - sum(spent.values())
        spent["worker: all of it, from fork to end"] = workers
        lines = {step: 1000 * seconds / count for step, seconds in spent.items()}
        return {**lines, "all": 1000 * (judging + workers) / count, **empty(run, slug)}


def empty(run: Run, slug: str) -> dict[str, float]:
    """A worker that is forked, puts on its layers and is ended: no submission costs less."""
    with run.workshops() as (students, _):
        assert isinstance(students, ForkWorkshop)
        limits = run.assignments[slug].settings.limits
        before = lanes()
        for _ in range(EMPTY):
            students.start(slug, limits).end()
        return {"(a worker that does nothing)": 1000 * (lanes() - before) / EMPTY}


def lanes() -> float:
    """Processor seconds of the lanes with all workers that they have reaped."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def timed(function: Callable[..., Any], step: str, spent: dict[str, float]) -> Callable[..., Any]:
    """The same function; its own seconds, without those of timed ones in it, go to the step."""

    def call(*arguments: Any, **named: Any) -> Any:
        began, inside = time.thread_time(), sum(spent.values())
        try:
            return function(*arguments, **named)
        finally:
            inside = sum(spent.values()) - inside
            spent[step] += time.thread_time() - began - inside

    return call
