"""The artifacts of a graded submission: kept with the result, bounded, nothing hidden."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from gradpath.cohort.artifacts import (
    MAX_RUNS,
    MAX_SOURCE,
    Kept,
    pack_runs,
    pack_source,
    unpack_runs,
)
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.run import Run
from gradpath.cohort.store import Store
from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.submissions.submission import Submission
from gradpath.worker.protocol import Cell, Observation
from tests.cohort.test_store import REQUEST, cohort_of, result_of
from tests.conftest import submission
from tests.support.stored_runs import SLUG, grade, write_cohort


def kept_of(run: Run, one: Submission) -> Kept:
    """Grade a submission and return its artifacts."""
    found: list[tuple[Result, Kept]] = []
    run.grade_all([one], lambda _: None, found.extend)
    ((_, kept),) = found
    return kept


def test_source_seconds_and_every_public_run_but_no_hidden_one(whole_run: Run) -> None:
    text = solution_of(SLUG)
    kept = kept_of(whole_run, submission(SLUG, text))
    assert kept.source().cells == [Cell(f"{SLUG}.py", text)]
    assert not kept.source().cut
    called = {c.id for c in load(SLUG).checks if c.visibility == "public" and c.build is not None}
    assert {check for check, seen in kept.observations().items() if seen} == called
    assert kept.wall_seconds > 0
    assert kept.cpu_seconds is None or kept.cpu_seconds >= 0


def test_a_file_with_a_syntax_error_keeps_its_text(whole_run: Run) -> None:
    text = "def forward(x, w)\n    return x * w\n"
    assert kept_of(whole_run, submission(SLUG, text)).source().cells == [Cell(f"{SLUG}.py", text)]
    for data, name in ((b"%PDF-1.7", f"{SLUG}.py"), (b"{}", f"{SLUG}.ipynb")):
        assert kept_of(whole_run, submission(SLUG, data, name)) == Kept()


def test_where_an_exception_came_from_is_kept(whole_run: Run) -> None:
    text = "def forward(x, w):\n    return undefined\n"
    (first, *_) = kept_of(whole_run, submission(SLUG, text)).observations()["forward.examples"]
    assert first.failure is not None
    assert [(frame.cell, frame.line) for frame in first.failure.frames] == [(f"{SLUG}.py", 2)]


def test_long_sources_and_large_runs_are_bounded() -> None:
    cells = [Cell("cell 1", "x = 1\n"), Cell("cell 2", "y = 2\n" * MAX_SOURCE), Cell("cell 3", "")]
    source = Kept(pack_source(cells)).source()
    assert source.cut
    assert [cell.name for cell in source.cells] == ["cell 1", "cell 2"]
    assert sum(len(cell.text) for cell in source.cells) <= MAX_SOURCE
    assert source.cells[1].text.endswith("y = 2")

    small = Observation("returned", {"losses": np.arange(3.0)}, again=1.0, arguments=[1.0])
    large = Observation("returned", [np.zeros(MAX_RUNS)])
    runs = unpack_runs(pack_runs({"a": [large], "b": [small], "c": [small]}, ["a", "b"]))
    assert list(runs) == ["b"]
    assert runs["b"][0].value["losses"].tolist() == [0.0, 1.0, 2.0]
    assert runs["b"][0].again is None


def test_long_runs_in_half_the_bytes_unless_that_changes_what_they_say() -> None:
    plain, far = np.linspace(0, 1, 5000), np.geomspace(1, 1e300, 5000)
    runs = unpack_runs(
        pack_runs({"a": [Observation("returned", {"x": plain, "y": far})]}, ["a"], limit=None)
    )
    value = runs["a"][0].value
    assert (value["x"].dtype, value["y"].dtype) == (np.float32, np.float64)
    assert np.array_equal(value["y"], far)


def test_what_is_damaged_says_so() -> None:
    damaged = Kept(b"no zlib", b"neither")
    for read in (damaged.source, damaged.observations):
        with pytest.raises(GradpathError, match="grade again with --fresh"):
            read()


@pytest.mark.slow
def test_results_that_are_taken_over_keep_theirs(tmp_path: Path) -> None:
    folder = tmp_path
    write_cohort(folder / "cohort", 3)
    words = ("cohort", "--out", "out")
    assert grade(*words, cwd=folder).returncode == 0
    (folder / "cohort" / "s001" / f"{SLUG}.py").write_text("def forward(x, w)\n")

    def texts() -> list[str]:
        with OutFolder(folder / "out"), Store(folder / "out", create=False) as store:
            kept = [store.kept(f"s00{number}", SLUG) for number in range(3)]
            without = store.kept("s000", SLUG, runs=False)
            assert without is not None
            assert kept[0] == msgspec.structs.replace(
                without, packed_runs=kept[0].packed_runs if kept[0] else b""
            )
            assert store.kept("s003", SLUG) is None
        return [each.source().cells[0].text for each in kept if each is not None]

    before = texts()
    # A regrade is no part of the published results.
    assert grade(*words, "--regrade", cwd=folder).returncode == 0
    assert texts() == before
    assert grade(*words, cwd=folder).returncode == 0
    after = texts()
    assert after == [before[0], "def forward(x, w)\n", before[2]]
    assert grade(*words, "--fresh", cwd=folder).returncode == 0
    assert texts() == after


def test_what_is_forgotten_is_forgotten_with_its_source(tmp_path: Path) -> None:
    one = submission(SLUG, "x = 1\n")
    with Store(tmp_path) as store:
        cohort = cohort_of(store, [one])
        cohort.begin(REQUEST)
        cohort.keep(result_of(one), Kept(b"source", b"runs", 0.25, None))
        assert store.kept(one.student, SLUG) is None  # nothing has been published yet
        cohort.publish([])
        assert store.kept(one.student, SLUG) == Kept(b"source", b"runs", 0.25, None)
        cohort_of(store, [one]).begin(msgspec.structs.replace(REQUEST, fresh=True))
        assert store.kept(one.student, SLUG) is None
