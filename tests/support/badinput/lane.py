"""One lane of the real engine, and the conditions that hold after every submission in it."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gradpath.cohort.run import Run
from gradpath.grading.results import CheckResult, Result
from gradpath.submissions.submission import Submission
from gradpath.worker.confine import FIRST_UID, MAX_UIDS, tree
from gradpath.worker.limits import Limits

SLUG = "hand_gradients"
FUNCTIONS = {"predict": 0.5, "loss": 1.0, "gradient": 3.0, "train": 3.0, "train_autograd": 2.5}
LIMITS = Limits(
    call_seconds=1.5,
    submission_seconds=20.0,
    memory_mb=300,
    processes=12,
    file_mb=4,
    output_chars=12_000_000,
)
SHORT = msgspec.structs.replace(LIMITS, call_seconds=0.5)
"""For code that takes all the time that it is given."""

# No function uses another one: a mistake in one costs that one only.
RIGHT = """\
import os
import sys

import numpy as np
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            gradients.append(2 * x * (x * w - y))
            w = w - lr * gradients[-1]
            weights.append(w)
        losses.append((x * w - y) ** 2)
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    weight = torch.tensor(float(w), requires_grad=True)
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = (float(x) * weight - float(y)) ** 2
            error.backward()
            gradients.append(weight.grad.item())
            with torch.no_grad():
                weight -= lr * weight.grad
            weight.grad = None
            weights.append(weight.item())
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}
"""

_INTERNAL = re.compile(
    r"traceback|gradpath|zygote|worker|serve|msgpack|site-packages|_array_|0x[0-9a-f]{4}"
    r"|/(?:usr|tmp|home|root|work|proc|lib)\b",
    re.IGNORECASE,
)


class Lane:
    """Grades submissions one after another, each followed by a right one."""

    def __init__(self, run: Run, scratch: Path) -> None:
        """Use a run of one job with temporary files in `scratch`."""
        self.run = run
        self._scratch = scratch
        self._limit(LIMITS)

    def _limit(self, limits: Limits) -> None:
        assignment = self.run.assignments[SLUG]
        settings = msgspec.structs.replace(assignment.settings, limits=limits)
        self.run.assignments[SLUG] = dataclasses.replace(assignment, settings=settings)

    @contextlib.contextmanager
    def limits(self, limits: Limits) -> Iterator[None]:
        """Grade with other limits for a while."""
        self._limit(limits)
        try:
            yield
        finally:
            self._limit(LIMITS)

    def grade(self, code: str | bytes, name: str = f"{SLUG}.py") -> Result:
        """Grade a submission, then make sure that nobody else noticed."""
        result = self.read(code, name)
        self._nobody_else_noticed()
        return result

    def read(self, code: str | bytes, name: str = f"{SLUG}.py") -> Result:
        """Grade a submission that is odd to read, with code that leaves nothing behind."""
        data = code.encode() if isinstance(code, str) else code
        return self.send(Submission("s01", SLUG, name, len(data), lambda: data))

    def send(self, submission: Submission) -> Result:
        """Like `read`, for a submission that was found somewhere."""
        result = self.run.grade(submission).result
        assert_readable(result)
        return result

    def _nobody_else_noticed(self) -> None:
        data = RIGHT.encode()
        submission = Submission("s02", SLUG, f"{SLUG}.py", len(data), lambda: data)
        after = self.run.grade(submission).result
        assert [c.message for c in after.checks if c.outcome != "passed"] == []
        assert after.score == after.max_score == 10.0
        assert self.run.problems == []
        assert not (left := self._left_behind()), left

    def _left_behind(self) -> list[str]:
        """List folders and processes of submissions, but for the worker that waits for the next.

        They are told by their user id. Without root there is none; the course's own workers,
        which live as long as the run, would look the same.
        """
        if os.geteuid() != 0:
            return []
        end = time.monotonic() + 10  # nobody waits for the end of the last worker
        while True:
            folders = list(filter(_is_theirs, self._scratch.glob("gradpath-*/gradpath-*")))
            running = (Path(f"/proc/{pid}") for pid in tree([self.run._zygote._process.pid]))
            processes = list(filter(_is_theirs, running))
            if len(folders) <= 1 and len(processes) <= 1:
                return []
            if time.monotonic() > end:
                return [str(path) for path in (*folders, *processes)]
            time.sleep(0.002)


def _is_theirs(path: Path) -> bool:
    try:
        return FIRST_UID <= path.stat().st_uid < FIRST_UID + MAX_UIDS
    except FileNotFoundError:
        return False


def messages(result: Result) -> list[str]:
    """Return all texts of a result that a student reads."""
    return [result.message, *(check.message for check in result.checks)]


def assert_readable(result: Result) -> None:
    """A message is a sentence or two: no traceback, no path or address, no name of our own."""
    for message in messages(result):
        observed = message.partition("\nHint: ")[0]
        observed = re.sub(r"imports [\w, ]+, which", "", observed)  # names the student's imports
        assert observed.isprintable(), repr(observed)
        assert not _INTERNAL.search(observed), observed
        assert len(observed) <= 900, observed
    msgspec.json.encode(result)


def calls_of(result: Result, function: str) -> list[CheckResult]:
    """Return the checks of a function that compare its numbers; a rule does not."""
    return [
        check
        for check in result.checks
        if check.id.partition(".")[0] == function and not is_rule(check)
    ]


def is_rule(check: CheckResult) -> bool:
    return check.id.endswith((".by_hand", ".autograd"))


def assert_costs(result: Result, function: str, outcome: str, *words: str) -> None:
    """Only this function lost its points, in this way, and the first message has these words."""
    checks = calls_of(result, function)
    assert {check.outcome for check in checks} == {outcome}, checks
    for word in words:
        assert word in checks[0].message
    assert result.status == "graded"
    assert result.score == 10.0 - FUNCTIONS[function]
    others = [check for name in FUNCTIONS if name != function for check in calls_of(result, name)]
    assert {check.outcome for check in others} == {"passed"}
