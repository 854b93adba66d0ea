"""The same submissions give the same bytes: in any order, with any number of jobs, under load."""

from __future__ import annotations

import dataclasses
import os
import random
from pathlib import Path

import msgspec
import pytest

from gradpath.cohort.files import results_jsonl
from gradpath.cohort.run import Run
from gradpath.course.master import solution_of
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from tests.conftest import SLUGS
from tests.support import demo_cohort
from tests.support.load import bursts, processors
from tests.support.shared import Demo

JOBS = (4, 1, 2)
SECONDS = {"mse_sweep": 1.0, "rosenbrock": 1.0}
"""For a call of the assignments in which somebody's code never ends."""
SLEEPY = "s13"
RUDE = ("s11", SLEEPY)
"""Their code ends the process, or never ends."""


@pytest.mark.slow
def test_the_cohort_in_random_order_with_any_jobs_under_load(tmp_path: Path, demo: Demo) -> None:
    """Grade every kind of work in the demo cohort twice.

    GRADPATH_TEST_EVERYTHING in the environment takes all of it, six times. An endless loop ends
    after one second. All rounds share one `Run`, and with it the values computed once: that fresh
    runs agree is tested in test_grade.py.
    """
    everything = "GRADPATH_TEST_EVERYTHING" in os.environ
    demo_cohort.write(tmp_path)
    asleep = f"{solution_of('mse_sweep')}\nimport time\ndef loss(x, y, w): time.sleep(1e6)\n"
    (tmp_path / SLEEPY).mkdir()
    (tmp_path / SLEEPY / "mse_sweep.py").write_text(asleep)
    cohort, _ = find([tmp_path], SLUGS, ())
    assert len(cohort) == 60
    if not everything:
        kinds = {key(one) for one, _ in demo.few}
        cohort = [one for one in cohort if key(one) in kinds or one.student in RUDE]
        assert len(cohort) > len(kinds) + len(RUDE)
    with bursts(processors()), Run(SLUGS, "determinism", jobs=max(JOBS)) as run:
        for slug, seconds in SECONDS.items():
            shorten(run, slug, seconds)
        first = lines(run, cohort, cohort)
        assert {b'"timeout"' in line for line in first.values()} == {True, False}
        for number in range(1, 6 if everything else 2):
            run.jobs = JOBS[number % len(JOBS)]
            shuffled = random.Random(number).sample(cohort, len(cohort))
            assert lines(run, shuffled, cohort) == first, f"round {number}, {run.jobs} jobs"
        assert run.problems == []


def shorten(run: Run, slug: str, seconds: float) -> None:
    """Give the calls of an assignment other seconds."""
    assignment = run.assignments[slug]
    limits = msgspec.structs.replace(assignment.settings.limits, call_seconds=seconds)
    settings = msgspec.structs.replace(assignment.settings, limits=limits)
    run.assignments[slug] = dataclasses.replace(assignment, settings=settings)


def lines(
    run: Run, order: list[Submission], sorted_again: list[Submission]
) -> dict[tuple[str, str], bytes]:
    """Grade in an order; return the lines of results.jsonl, which has the order of the cohort."""
    told: list[Result] = []
    results = run.grade_all(order, told.append)
    assert sorted(map(key, told)) == sorted(map(key, order))
    assert list(map(key, results)) == list(map(key, order))
    found = {key(result): result for result in results}
    written = results_jsonl([found[key(each)] for each in sorted_again])
    return dict(zip(map(key, sorted_again), written.splitlines(), strict=True))


def key(named: Submission | Result) -> tuple[str, str]:
    """Return the student and the assignment."""
    return named.student, named.assignment
