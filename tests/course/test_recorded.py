"""Students' machines compare with the results of the solution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gradpath.cohort.run import Run
from gradpath.course import recorded
from gradpath.course.load import corpus_of
from gradpath.course.master import skeleton_of, solution_of
from gradpath.course.mistakes import apply
from gradpath.errors import GradpathError
from gradpath.grading.compare import compare
from gradpath.grading.oracle import LiveOracle, plan_of
from gradpath.grading.recorded_oracle import record
from gradpath.grading.results import Result
from gradpath.student.check import LocalCheck
from tests.conftest import SLUGS, submission

CHEAP = ("hand_gradients", "training_tools", "optimizers")
"""Their known mistakes run for the least time; gradpath release compares those of each."""


@pytest.fixture(scope="module")
def public_run() -> Iterator[Run]:
    with Run(SLUGS, "", public_only=True, jobs=2) as run:
        yield run


@pytest.mark.parametrize("slug", SLUGS)
def test_references_and_texts_are_in_step(
    public_run: Run, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveOracle, "fingerprints", lambda *_: [])
    now, then = recorded_now(public_run, slug), recorded.read(slug)
    why = "run `make record`"
    assert now.points == then.points, why
    assert now.mistakes == then.mistakes, why
    assert now.skeleton == then.skeleton, why
    assert now.references.keys() == then.references.keys(), why
    for check, cases in plan_of(public_run.assignments[slug], "").items():
        for case, old, new in zip(
            cases, then.references.get(check, []), now.references.get(check, []), strict=True
        ):
            # Not bit for bit: another processor may round the last digit otherwise.
            assert compare(case.expect, old.value, new.value) is None, why


@pytest.mark.parametrize(
    "slug",
    [slug if slug in CHEAP else pytest.param(slug, marks=pytest.mark.slow) for slug in SLUGS],
)
def test_runs_of_known_mistakes_are_in_step(public_run: Run, slug: str) -> None:
    now, then = recorded_now(public_run, slug), recorded.read(slug)
    assert [(r.misconception, r.function, r.failed) for r in now.runs] == [
        (r.misconception, r.function, r.failed) for r in then.runs
    ], "run `make record`"


def recorded_now(run: Run, slug: str) -> recorded.Recording:
    assignment = run.assignments[slug]
    return record(assignment.points, plan_of(assignment, ""), run.oracle(slug), skeleton_of(slug))


def told(result: Result) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    return {c.id: (c.outcome, c.message, tuple(c.misconceptions)) for c in result.checks}


def digits(text: str) -> tuple[str, list[float]]:
    """Take the numbers out of a message."""
    number = r"-?\d+\.\d+(?:e[-+]?\d+)?"
    return re.sub(number, "#", text), list(map(float, re.findall(number, text)))


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_check_says_what_a_public_grading_says(public_run: Run, slug: str) -> None:
    """A student's machine says the same about a known mistake and about right work."""
    known = public_run.assignments[slug].misconceptions
    mistaken = apply(solution_of(slug), [known[len(known) // 2].variants[0]])
    right = (sorted((corpus_of(slug) / "right").glob("*.py"))[0]).read_text()
    for text in (mistaken, right):
        here = LocalCheck(submission(slug, text))
        try:
            local = told(here.run().result)
        finally:
            here.close()
        central = told(public_run.grade(submission(slug, text)).result)
        for check, (outcome, message, named) in local.items():
            if outcome == "skipped" and central[check][0] in ("passed", "failed", "raised"):
                continue  # carrying errors forward needs the solution
            there = central[check]
            assert (outcome, digits(message)[0], named) == (there[0], digits(there[1])[0], there[2])
            # The recording's machine may have rounded the last digit of a number otherwise.
            assert digits(message)[1] == pytest.approx(digits(there[1])[1], rel=1e-6)


def test_a_damaged_recording_is_an_error_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recorded.msgpack"
    path.write_bytes(b"damaged")
    monkeypatch.setattr(recorded, "path_of", lambda slug: path)
    with pytest.raises(GradpathError, match="damaged; run `gradpath record"):
        recorded.read("mse_sweep")


@pytest.mark.parametrize("slug", SLUGS)
def test_recordings_hold_numbers_and_hints_but_no_code(slug: str) -> None:
    recording = recorded.read(slug)
    assert recorded.path_of(slug).stat().st_size < 400_000
    text = repr(recording.mistakes)
    assert "def " not in text
    assert "lambda" not in text
    assert all(np.isfinite(points) for points in recording.points.values())
