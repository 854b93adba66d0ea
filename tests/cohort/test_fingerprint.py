"""The grader's fingerprint: which files of the package and the course belong to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gradpath.cli.doctor_staff import _plant
from gradpath.cohort.fingerprint import digest
from gradpath.course import settings
from tests.conftest import ROOT

SLUG = "mse_sweep"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package and the masters, which may be changed."""
    for name in ("autograder/gradpath", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr(settings, "PACKAGE", tmp_path / "autograder" / "gradpath")
    return tmp_path / "autograder" / "gradpath"


def test_a_submission_in_the_corpus_changes_nothing(package: Path) -> None:
    """Otherwise each further one would have every cohort graded again."""
    before = digest()
    (package / "assignments" / SLUG / "corpus" / "right" / "another.py").write_text("x = 1\n")
    assert digest() == before


@pytest.mark.parametrize("name", ["questions.py", "play.py"])
def test_a_question_for_talks_and_a_page_to_play_with_change_nothing(
    package: Path, name: str
) -> None:
    before = digest()
    (package / "assignments" / SLUG / name).write_text("QUESTIONS = ()\n")
    assert digest() == before


def test_a_doctor_that_looks_around_changes_nothing(package: Path) -> None:
    """A run that started meanwhile would be taken for one of another grader, and not resumed."""
    before = digest()
    for place in (package, package.parents[1] / "solutions"):
        (planted,) = _plant(place, "planted-0123456789abcdef")
        assert Path(planted).is_file()
    assert digest() == before


@pytest.mark.parametrize(
    "name",
    [
        f"assignments/{SLUG}/hidden.py",
        f"assignments/{SLUG}/settings.toml",
        f"assignments/{SLUG}/documented.json",
        f"assignments/{SLUG}/recorded.msgpack",
        "grading/compare.py",
        "grading/questions.py",
        f"../../solutions/{SLUG}.py",
    ],
)
def test_files_that_decide_about_results_change_it(name: str, package: Path) -> None:
    before = digest()
    with (package / name).open("ab") as file:
        file.write(b"\n")
    assert digest() != before
