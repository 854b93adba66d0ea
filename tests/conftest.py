"""The fixtures of all tests: the real command line, and one run of all assignments."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gradpath.cli import main
from gradpath.cohort.docker_engine import docker_path
from gradpath.cohort.run import Run
from gradpath.course.load import slugs
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.submissions.submission import Submission
from tests.support.shared import Demo, made_once, make_demo
from tests.support.slurm_cluster import COMMANDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.nbgrader_box import Course

ROOT = Path(__file__).parent.parent
SLUGS = slugs()

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
IN_CI = bool(os.environ.get("CI") or os.environ.get("GRADPATH_CI"))

Command = Callable[..., subprocess.CompletedProcess[str]]
LEFT_OUT = pytest.StashKey[Counter[str]]()


# Which tests run where: a marker names something that not every machine has


def chromium() -> str | None:
    """Return the path of a browser."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def no_engine() -> str:
    """Return why there is no Docker engine; nothing if there is one."""
    try:
        docker_path()
    except GradpathError as error:
        return f"{error}; .ci/docker-engine start makes one"
    return ""


def no_slurm() -> str:
    """Return why no Slurm cluster can be started; nothing if one can."""
    missing = [
        name for name in COMMANDS if shutil.which(name, path=f"{os.defpath}:/usr/sbin") is None
    ]
    if missing:
        return f"there is no {missing[0]}; apt-get install slurm-wlm munge"
    return "" if os.geteuid() == 0 else "only root can start a Slurm cluster"


ABSENT: dict[str, Callable[[], str]] = {
    "docker": no_engine,
    "browser": lambda: "" if chromium() else "there is no chromium; apt-get install chromium",
    "slurm": no_slurm,
    "root": lambda: "" if os.geteuid() == 0 else "only root can do this",
    "stock": lambda: (
        "" if find_spec("otter") and find_spec("nbgrader") else "otter or nbgrader is not installed"
    ),
}
"""By marker: why this machine cannot run such a test."""
REASONS = (*ABSENT, "slow")


def pytest_configure() -> None:
    """Let the commands of tests be interrupted: in the background of a script SIGINT is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@functools.cache
def absent(marker: str) -> str:
    """Return why this machine cannot run the tests of a marker; nothing if it can."""
    return ABSENT[marker]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a browser, and begin with the files of long tests.

    At the end, no process is to wait for a long test that has just begun. The tests of `whole_run`
    stand together at the beginning, so that one process computes its values for all of them.
    """
    long = set()
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if any(item.get_closest_marker(name) for name in ("docker", "slurm", "stock", "slow")):
            long.add(item.path)
    items.sort(
        key=lambda item: (
            "whole_run" not in getattr(item, "fixturenames", ()),
            item.path not in long,
        )
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose marker names a need that is not here; in CI it fails."""
    for marker in ABSENT:
        if item.get_closest_marker(marker) and (why := absent(marker)):
            pytest.fail(why, pytrace=False) if IN_CI else pytest.skip(why)


# What was left out is said at the end


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count the tests that `-m` leaves out, each by the first of its markers."""
    for item in items:
        counts = item.config.stash.setdefault(LEFT_OUT, Counter())
        marks = [name for name in REASONS if item.get_closest_marker(name)]
        counts.update(marks[:1] if item.config.option.markexpr else [])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of xdist tells the first one how much it left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = dict(session.config.stash.get(LEFT_OUT, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """All processes of xdist leave out the same; the last one counts."""
    node.config.stash[LEFT_OUT] = Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, object, object]:
    """Say below all else how many tests were left out, and which command runs them."""
    result = yield
    counts = terminalreporter.config.stash.get(LEFT_OUT, Counter[str]())
    if counts:
        each = ", ".join(f"{counts[name]} {name}" for name in REASONS if counts[name])
        line = f"left out: {counts.total()} tests ({each}); run them with `make test-all`"
        terminalreporter.write_line(line, yellow=True)
    return result


# Shared by tests


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


@pytest.fixture
def in_process(tmp_path: Path) -> Command:
    """Like `gradpath`, in the process of the test: starting another one takes half a second."""

    def run(*words: object, cwd: Path = tmp_path, **extra: str) -> subprocess.CompletedProcess[str]:
        written = io.BytesIO(), io.BytesIO()
        out, err = (io.TextIOWrapper(each, "utf-8", write_through=True) for each in written)
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            for name in [name for name in os.environ if name.startswith("GRADPATH_")]:
                patch.delenv(name)
            for name, value in {"COLUMNS": "100", **extra}.items():
                patch.setenv(name, value)
            patch.chdir(cwd)
            patch.setattr(sys, "argv", ["gradpath", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        stdout, stderr = (each.getvalue().decode() for each in written)
        return subprocess.CompletedProcess([], int(str(ended.value.code)), stdout, stderr)

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
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo cohort, graded; nobody writes into its folder."""
    return Demo(made_once(tmp_path_factory, "demo", make_demo))


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """An nbgrader course with all assignments generated; copy it before you write into it."""
    from tests.support.nbgrader_box import Course  # nbgrader takes seconds to import

    root = made_once(tmp_path_factory, "nbgrader", lambda root: Course.make(root).generate())
    return Course(root)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; tests that open it have the marker `browser`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()
