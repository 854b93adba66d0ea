"""What the tests share: the real command line, and one run of all assignments."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gradpath.cohort.run import Run
from gradpath.course.load import slugs
from gradpath.grading.results import Result
from gradpath.submissions.submission import Submission

if TYPE_CHECKING:
    from tests.support.nbgrader_box import Course

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "corpus"
SLUGS = slugs()

LONG = (
    "test_otter_docker",
    "test_otter",
    "test_docs",
    "test_attacks",
    "test_docker",
    "test_resume",
    "test_determinism",
    "test_release",
    "test_feedback",
    "test_nbgrader_attacks",
    "test_nbgrader",
    "test_verify",
    "test_report",
)
"""Files that take minutes, the longest first."""

Command = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files: at the end, no process is to wait for one that has just begun."""

    def rank(item: pytest.Item) -> int:
        return LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG)

    items.sort(key=rank)


@pytest.fixture
def gradpath(tmp_path: Path) -> Command:
    """Run the installed command in an empty folder; the environment has no secret."""

    def run(*words: object, cwd: Path = tmp_path, **extra: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADPATH_")}
        return subprocess.run(
            [Path(sys.executable).with_name("gradpath"), *map(str, words)],
            cwd=cwd,
            env={**environment, "COLUMNS": "100", **extra},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def whole_run() -> Iterator[Run]:
    """All assignments with their hidden checks, references shared by all tests."""
    with Run(SLUGS, "test-secret", jobs=2) as run:
        yield run


def submission(slug: str, text: str | bytes, name: str = "") -> Submission:
    """Make a submission from text."""
    data = text.encode() if isinstance(text, str) else text
    return Submission("s01", slug, name or f"{slug}.py", len(data), lambda: data)


def outcomes(result: Result) -> dict[str, str]:
    """Return the outcome of each check by its id."""
    return {check.id: check.outcome for check in result.checks}


def first_names(result: Result) -> dict[str, list[str]]:
    """Return the misconceptions of each check that has any."""
    return {check.id: check.misconceptions for check in result.checks if check.misconceptions}


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """An nbgrader course with all five assignments generated; copy it before you write into it."""
    from tests.support.nbgrader_box import Course  # nbgrader takes seconds to import

    root = tmp_path_factory.mktemp("nbgrader") / "course"
    return Course.make(root).generate()
