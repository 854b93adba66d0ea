"""Bad input costs the student who handed it in what it should, and nobody else anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradpath.run import Run
from tests.badinput import gradients
from tests.badinput.lane import Lane, assert_costs

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="without a user id of its own a submission may signal this test"
)


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    """One run with one lane for all of this file: nothing that happens in it may linger."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        # Submissions run under another user id, which must get to its own folder in there.
        Path(folder).chmod(0o711)
        patch.setattr(tempfile, "tempdir", folder)
        with Run([gradients.SLUG], "bad-input", jobs=1) as run:
            yield Lane(run, Path(folder))


def cases(chosen: gradients.Cases) -> pytest.MarkDecorator:
    """Run a test with each case of a table."""
    rows = [pytest.param(*row, id=name) for name, row in chosen.items()]
    return pytest.mark.parametrize(("body", "outcome", "words"), rows)


@cases(gradients.RETURNED)
def test_wrong_kind_of_value(lane: Lane, body: str, outcome: str, words: tuple[str, ...]) -> None:
    assert_costs(lane.grade(gradients.with_gradient(body)), "gradient", outcome, *words)


@cases(gradients.OBJECTS)
def test_hostile_object(lane: Lane, body: str, outcome: str, words: tuple[str, ...]) -> None:
    assert_costs(lane.grade(gradients.with_gradient(body)), "gradient", outcome, *words)


@cases(gradients.RAISED)
def test_exception(lane: Lane, body: str, outcome: str, words: tuple[str, ...]) -> None:
    assert_costs(lane.grade(gradients.with_gradient(body)), "gradient", outcome, *words)


@cases(gradients.LIMITS_HIT)
def test_limit(lane: Lane, body: str, outcome: str, words: tuple[str, ...]) -> None:
    assert_costs(lane.grade(gradients.with_gradient(body)), "gradient", outcome, *words)


@needs_root
@cases(gradients.PROCESSES)
def test_processes(lane: Lane, body: str, outcome: str, words: tuple[str, ...]) -> None:
    assert_costs(lane.grade(gradients.with_gradient(body)), "gradient", outcome, *words)


@cases(gradients.CHANNEL)
def test_channel(lane: Lane, body: str, outcome: str, words: tuple[str, ...]) -> None:
    assert_costs(lane.grade(gradients.with_gradient(body)), "gradient", outcome, *words)
