"""gradpath grade: the contract of its files, and the same bytes with any number of jobs."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from gradpath.cohort.request import GradeRequest
from gradpath.course.config import VARIABLE
from gradpath.course.load import corpus_of
from gradpath.course.master import solution_of
from gradpath.errors import GradpathError
from tests.conftest import SLUGS, Command
from tests.support.shared import Demo
from tests.support.stored_runs import grade, written

FEW = ("hand_gradients", "mse_sweep")
"""The whole course is graded where fresh runs are compared."""
OUTCOMES = {"passed", "failed", "raised", "timeout", "killed", "not_attempted", "skipped"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the corpus as a cohort of both suffixes."""
    return write_cohort(tmp_path_factory.mktemp("cohort"), FEW)


def write_cohort(folder: Path, slugs: Sequence[str]) -> Path:
    """Write right and wrong submissions of some assignments, and a file with a syntax error."""
    for slug in slugs:
        files = [*sorted((corpus_of(slug) / "right").glob("*.py"))[:1]]
        files += sorted((corpus_of(slug) / "right").glob("*.ipynb"))[:1]
        files += sorted((corpus_of(slug) / "wrong").iterdir())[:2]
        for number, path in enumerate(files, 1):
            target = folder / f"s{number:02d}" / f"{slug}{path.suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    (folder / "s09").mkdir()
    (folder / "s09" / "hand_gradients.py").write_text("def predict(x, w)\n")
    return folder


@pytest.fixture(scope="module")
def graded(cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that `gradpath grade` writes about the cohort."""
    folder = tmp_path_factory.mktemp("graded")
    done = grade(cohort, "--out", "results", "--secret", "one", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "results"


def test_results_follow_the_contract(graded: Path) -> None:
    lines = (graded / "results.jsonl").read_text().splitlines()
    results = [json.loads(line) for line in lines]
    keys = [(result["student"], result["assignment"]) for result in results]
    assert keys == sorted(keys)
    assert len(results) == 4 * len(FEW) + 1
    for result in results:
        assert result["max_score"] == 10.0
        assert result["score"] == pytest.approx(
            sum(c["points"] for c in result["checks"]), abs=1e-6
        )
        assert result["file"].startswith(result["student"])
        for check in result["checks"]:
            assert set(check) == {
                *("id", "title", "visibility", "points", "max_points"),
                *("outcome", "message", "misconceptions", "divergence"),
            }
            assert check["outcome"] in OUTCOMES
            assert check["visibility"] in ("public", "hidden")
            assert check["points"] in (0.0, check["max_points"])
            assert (check["outcome"] == "passed") == (check["points"] == check["max_points"])
            assert check["message"] or check["outcome"] == "passed", check["id"]
            divergence = check["divergence"]
            assert divergence is None or set(divergence) == {"where", "got", "expected"}
    broken = results[-1]
    assert (broken["status"], broken["score"]) == ("unreadable", 0.0)
    assert "syntax error in line 1" in broken["message"]

    with (graded / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["student", *SLUGS, "total"]
    by_student = {row["student"]: row for row in rows}
    for result in results:
        cell = by_student[result["student"]][result["assignment"]]
        assert math.isclose(float(cell), result["score"], rel_tol=1e-5)
    for row in rows:
        total = sum(float(row[slug] or 0) for slug in SLUGS)
        assert math.isclose(float(row["total"]), total, rel_tol=1e-5, abs_tol=1e-9)


@pytest.mark.slow
def test_the_same_bytes_with_any_number_of_jobs(gradpath: Command, tmp_path: Path) -> None:
    cohort = write_cohort(tmp_path / "cohort", SLUGS[1::4])  # without torch and with it
    for jobs in (1, 5):
        done = gradpath("grade", cohort, "--out", f"j{jobs}", "--jobs", jobs, "--secret", "one")
        assert done.returncode == 0, done.stderr
    assert written(tmp_path / "j1") == written(tmp_path / "j5")


def test_public_grading_needs_no_secret(gradpath: Command, tmp_path: Path) -> None:
    (tmp_path / "s01").mkdir()
    (tmp_path / "s01" / "mse_sweep.py").write_text(solution_of("mse_sweep"))
    done = gradpath("grade", "s01", "--out", "results", "--public")
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "results" / "results.jsonl").read_text())
    assert {check["visibility"] for check in result["checks"]} == {"public"}
    assert result["score"] == result["max_score"] < 10


def test_where_the_secret_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option counts before the file, then the variable, then the settings."""
    monkeypatch.delenv(VARIABLE, raising=False)
    request = GradeRequest((), folder=tmp_path)
    with pytest.raises(GradpathError, match="hidden checks need a secret"):
        request.seed()
    (tmp_path / "gradpath.toml").write_text('secret = "settings"\n')
    assert request.seed() == "settings"
    monkeypatch.setenv(VARIABLE, "variable")
    assert request.seed() == "variable"
    (tmp_path / "secret.txt").write_text("file\nand more\n")
    request = msgspec.structs.replace(request, secret_file=tmp_path / "secret.txt")
    assert request.seed() == "file"
    assert msgspec.structs.replace(request, secret="option").seed() == "option"
    assert msgspec.structs.replace(request, public_only=True).seed() == ""


@pytest.mark.slow
def test_ways_to_give_the_secret(gradpath: Command, tmp_path: Path) -> None:
    """By an option, a file, a variable and the settings, which give the same results."""
    (tmp_path / "s01").mkdir()
    (tmp_path / "s01" / "mse_sweep.py").write_text("def forward(x, w):\n    return x + w\n")
    (tmp_path / "secret.txt").write_text("four\n")
    written = {}
    for source, words, extra in (
        ("option", ["--secret", "four"], {}),
        ("file", ["--secret-file", "secret.txt"], {}),
        ("variable", [], {"GRADPATH_SECRET": "four"}),
        ("settings", [], {}),
        ("another", ["--secret", "five"], {}),
    ):
        if source == "settings":
            (tmp_path / "gradpath.toml").write_text('secret = "four"\n')
        done = gradpath("grade", "s01", "--out", source, *words, **extra)
        assert done.returncode == 0, (source, done.stderr)
        written[source] = (tmp_path / source / "results.jsonl").read_bytes()
    another = written.pop("another")
    assert set(written.values()) == {written["option"]} != {another}


def test_one_assignment_of_several(gradpath: Command, tmp_path: Path) -> None:
    (tmp_path / "s01").mkdir()
    for slug in FEW:
        (tmp_path / "s01" / f"{slug}.py").write_text(solution_of(slug))
    words = ("grade", "s01", "--out", "results", "--public", "--assignment", FEW[0])
    assert gradpath(*words).returncode == 0
    lines = (tmp_path / "results" / "results.jsonl").read_text().splitlines()
    assert {json.loads(line)["assignment"] for line in lines} == {FEW[0]}
    header = (tmp_path / "results" / "grades.csv").read_text().splitlines()[0]
    assert header == f"student,{FEW[0]},total"


@pytest.mark.slow
def test_the_demo_cohort_shows_a_reason_for_every_lost_point(demo: Demo) -> None:
    results = [
        json.loads(line)
        for line in (demo.folder / "results" / "results.jsonl").read_text().splitlines()
    ]
    scores: dict[str, list[float]] = {}
    for result in results:
        scores.setdefault(result["student"], []).append(result["score"])
        for check in result["checks"]:
            assert check["points"] == check["max_points"] or check["message"]
    for student in ("s01", "s02", "s03", "s04", "s12"):
        assert scores[student] == [10.0] * 5, student
    assert scores["s06"] == [0.0] * 5
    assert set(scores["s11"]) == {0.0}
    named = {
        (result["student"], result["assignment"]): {
            check["misconceptions"][0] for check in result["checks"] if check["misconceptions"]
        }
        for result in results
    }
    assert named["s09", "hand_gradients"] == {"missing-factor-two"}
    assert named["s10", "hand_gradients"] == {"sign-flipped-residual", "gradients-not-zeroed"}
    assert named["s09", "rosenbrock"] == {"sequential-update"}
    assert "Hint (missing-factor-two)" in demo.printed
    assert re.search(r"wrote \S*results/results\.jsonl", demo.printed.replace("\n", ""))
