"""The text that a call prints: kept for students on their own machines, and nowhere else."""

from __future__ import annotations

import pytest

from gradpath.cohort.run import Run
from gradpath.worker.output import CountedOutput, OutputLimit
from gradpath.worker.protocol import Observation, PrintedObservation
from tests.conftest import submission

PRINTS = "def forward(x, w):\n    print('here', x, w)\n    return x - w\n"


def test_the_first_words_of_a_call_are_kept() -> None:
    output = CountedOutput(20, 5)
    output.write("before a call")
    output.begin()
    output.write("ab")
    output.write("cdefg")
    assert output.kept == "abcde"
    output.begin()
    output.end()
    with pytest.raises(OutputLimit):
        output.write("x")
    assert output.kept == ""


def test_nothing_that_is_printed_is_kept_where_grades_are_made(whole_run: Run) -> None:
    graded = whole_run.grade(submission("mse_sweep", PRINTS))
    seen = [call for calls in graded.observations.values() for call in calls]
    assert {type(call) for call in seen} == {Observation}
    assert not graded.printed
    assert issubclass(PrintedObservation, Observation)
