"""The attacks that apply to them, against otter-grader and nbgrader as they are installed.

Both run a course's tests in the student's own process. The tests here are what a course would
write, for the assignment `mse_sweep`; otter gets them as test files (`otter run`), nbgrader as
locked test cells (`nbgrader autograde`). The grader is a plain user's, as for the control.
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from gradpath.worker.confine import tree
from tests.support.attacking.levels import free_users
from tests.support.attacking.listeners import Listeners
from tests.support.attacking.places import Places, public_python
from tests.support.attacking.planted import Secrets
from tests.support.attacking.processes import Watch, naming
from tests.support.attacking.suite import Attack, all_attacks
from tests.support.attacking.targets import Target

SLUG: Final = "mse_sweep"
_SECONDS: Final = 120.0
"""After so long without an end, a person would have stopped the grader."""

APPLY: Final = (
    "read/encoded", "read/every_environment", "read/grader_environment", "read/grader_memory",
    "read/home_folder", "read/int80", "read/links", "read/numpy_files", "read/other_program",
    "read/pidfd_getfd", "read/process_vm_readv", "read/ptrace_attach", "read/quoted_in_error",
    "read/received_descriptor", "read/secret_file", "read/shared_memory",
    "tamper/attributes", "tamper/file_modes", "tamper/kill", "tamper/memory_of_others",
    "tamper/next_submission", "tamper/owner_of_descriptor", "tamper/priority_of_others",
    "tamper/terminal", "tamper/write_file",
    "lie/array_functions", "lie/equal_to_everything", "lie/late_writers", "lie/not_a_number",
    "lie/empty_arrays", "lie/everything_is_close", "lie/test_results",
    "denial/daemon", "denial/endless_loop", "denial/exits", "denial/kill_grader",
    "denial/stop_grader",
    "network/abstract_socket", "network/tcp", "network/udp", "network/unix_socket",
    "privilege/runs_programs", "privilege/user_namespace",
)  # fmt: skip
"""Attacks that say nothing about gradpath's own parts."""

TESTS: Final = {
    "forward": "np.testing.assert_allclose(forward(np.array([2.0, 3.0]), 4.0), [8.0, 12.0])",
    "loss": "np.testing.assert_allclose(loss(np.array([2.0]), np.array([1.0]), 3.0), [25.0])",
    "mean_squared_error": (
        "np.testing.assert_allclose("
        "mean_squared_error(np.array([1.0, 2.0]), np.array([2.0, 4.0]), 0.0), 10.0)"
    ),
    "weight_grid": "np.testing.assert_allclose(weight_grid(), np.linspace(0, 4, 41), atol=1e-9)",
    "sweep": (
        "assert np.allclose("
        "sweep(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.array([0.0, 2.0])), [10.0, 0.0])"
    ),
    "best_weight": (
        "assert abs(best_weight(np.array([1.0, 2.0, 3.0]), np.array([5.0, 4.0, 6.0])) - 2) < 1e-9"
    ),
}
"""A test for each function, one point each."""


@dataclass
class StockReport:
    """The loot of attacks on a grader."""

    grader: str
    attacks: Sequence[Attack]
    escapes: dict[str, list[str]] = field(default_factory=dict)


def applying() -> list[Attack]:
    """Return the attacks that apply."""
    return [attack for attack in all_attacks() if attack.id in APPLY]


class Grader(ABC):
    """A stock grader at work on one submission."""

    name: str

    @abstractmethod
    def prepare(self, folder: Path) -> None:
        """Make the files of a course, once."""

    @abstractmethod
    def hand_in(self, prepared: Path, places: Places, text: str) -> list[str]:
        """Lay a submission out, and return the words that grade it."""

    @abstractmethod
    def points(self, places: Places) -> float | None:
        """Return the points that it got, or None if there is no grade."""

    @abstractmethod
    def shown(self, places: Places) -> str:
        """Return the output that a student, or a marker, is shown."""


class Otter(Grader):
    """`otter run`, with a zip of `otter generate`."""

    name = "otter run"

    def prepare(self, folder: Path) -> None:
        tests = folder / "tests"
        tests.mkdir(parents=True)
        for name, test in TESTS.items():
            (tests / f"{name}.py").write_text(
                "OK_FORMAT = False\n\nimport numpy as np\n"
                f"from otter.test_files import test_case\n\nname = {name!r}\npoints = 1\n\n\n"
                f"@test_case()\ndef test_{name}({name}):\n    {test}\n"
            )
        words: list[str | Path] = [
            "generate",
            "--tests-dir",
            tests,
            "--output-path",
            folder / "autograder.zip",
        ]
        plain = ["--no-config", "--no-requirements", "--no-environment"]
        subprocess.run(
            [Path(sys.executable).with_name("otter"), *words, *plain],
            cwd=folder,
            env=os.environ | _jupyter(),
            check=True,
            capture_output=True,
        )

    def hand_in(self, prepared: Path, places: Places, text: str) -> list[str]:
        path = places.out / f"{SLUG}.py"
        path.write_text(text)
        shutil.copy(prepared / "autograder.zip", places.grader)
        command = "import sys; from otter.cli import cli; sys.argv[0] = 'otter'; cli()"
        words = ["run", "--no-logo", "-a", places.grader / "autograder.zip", "-o", places.out, path]
        return [str(places.python), "-c", command, *map(str, words)]

    def points(self, places: Places) -> float | None:
        try:
            results = json.loads((places.out / "results.json").read_bytes())
        except (OSError, ValueError):
            return None
        return float(sum(test.get("score", 0.0) for test in results["tests"]))

    def shown(self, places: Places) -> str:
        return _text(places.out / "results.json")


class Nbgrader(Grader):
    """`nbgrader autograde` in a plain course."""

    name = "nbgrader autograde"

    def prepare(self, folder: Path) -> None:
        source = folder / "course" / "source" / SLUG
        source.mkdir(parents=True)
        (folder / "course" / "nbgrader_config.py").write_text("c = get_config()\n")
        (source / f"{SLUG}.ipynb").write_text(json.dumps(_notebook("# your code")))
        words = [sys.executable, "-m", "nbgrader", "generate_assignment", SLUG]
        subprocess.run(
            words,
            cwd=folder / "course",
            env=os.environ | _jupyter(),
            check=True,
            capture_output=True,
        )

    def hand_in(self, prepared: Path, places: Places, text: str) -> list[str]:
        course = places.out / "course"
        shutil.copytree(prepared / "course", course)
        place = course / "submitted" / "s01" / SLUG
        place.mkdir(parents=True)
        notebook = json.loads((course / "release" / SLUG / f"{SLUG}.ipynb").read_bytes())
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = text
        (place / f"{SLUG}.ipynb").write_text(json.dumps(notebook))
        words = ["autograde", SLUG, "--student=s01", f"--course={course}"]
        return [str(places.python), "-m", "nbgrader", *words, f"--CourseDirectory.root={course}"]

    def points(self, places: Places) -> float | None:
        try:
            with sqlite3.connect(places.out / "course" / "gradebook.db") as base:
                rows = base.execute("SELECT auto_score FROM grade").fetchall()
        except sqlite3.Error:
            return None
        scores = [row[0] for row in rows if row[0] is not None]
        return float(sum(scores)) if scores else None

    def shown(self, places: Places) -> str:
        text = _text(places.out / "course" / "autograded" / "s01" / SLUG / f"{SLUG}.ipynb")
        cells = json.loads(text)["cells"] if text else []
        return json.dumps([cell.get("outputs") for cell in cells])


def _notebook(code: str) -> dict[str, object]:
    def cell(grade_id: str, source: str, **marks: object) -> dict[str, object]:
        plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
        nbgrader = {**plain, "task": False, "grade_id": grade_id, **marks}
        return {
            "cell_type": "code",
            "id": grade_id.replace("_", "-"),
            "metadata": {"nbgrader": nbgrader},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }

    tests = [
        cell(f"test_{name}", f"import numpy as np\n{test}", grade=True, locked=True, points=1)
        for name, test in TESTS.items()
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": [cell("answer", code, solution=True), *tests],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


GRADERS: Final = (Otter(), Nbgrader())


def attack_stock(grader: Grader, attacks: Sequence[Attack], jobs: int = 2) -> StockReport:
    """Hand each attack in to a stock grader, of which `jobs` work at a time."""
    report = StockReport(grader.name, attacks)
    users = free_users()
    with tempfile.TemporaryDirectory(prefix="stock-") as name, ThreadPoolExecutor(jobs) as pool:
        folder = Path(name)
        folder.chmod(0o755)
        python = public_python(folder / "python")
        grader.prepare(folder)
        seats = [next(users) if os.geteuid() == 0 else None for _ in attacks]

        def one(attack: Attack, user: int | None) -> list[str]:
            return _attack_one(grader, folder, python, user, attack)

        for attack, found in zip(attacks, pool.map(one, attacks, seats), strict=True):
            if found:
                report.escapes[attack.id] = found
    return report


def _attack_one(
    grader: Grader, folder: Path, python: Path, user: int | None, attack: Attack
) -> list[str]:
    root = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    places = Places(root, python, user, Secrets())
    places.make()
    lent = os.open(places.secret_file, os.O_RDONLY)
    listeners = Listeners(lent)
    try:
        return _graded(grader, folder, places, listeners, lent, attack)
    finally:
        listeners.close()
        os.close(lent)
        shutil.rmtree(root, ignore_errors=True)


def _graded(
    grader: Grader, folder: Path, places: Places, listeners: Listeners, lent: int, attack: Attack
) -> list[str]:
    mark = f"gpa000{os.urandom(3).hex()[:5]}"
    neighbour = places.submissions / "next.py"
    neighbour.write_text("# somebody else's work\n")
    log = places.root / "log"
    with log.open("wb") as file, _waiting(places, file) as process:
        broadcast = places.user is not None
        target = Target(attack, mark, places, listeners, lent, process.pid, neighbour, broadcast)
        text = attack.filled_in(f"TARGET = {target.make()!r}; {naming(mark)}")
        words = grader.hand_in(folder, places, text)
        places.give_to_user()
        target.ready()
        watch = Watch({mark: 0})
        if process.stdin is None:
            raise AssertionError("no pipe")
        process.stdin.write(shlex.join(words).encode() + b"\n")
        process.stdin.close()
        found = _end(process)
        time.sleep(1.0)  # a kernel ends a moment after its grader
        if watch.close():
            found.append("a process outlived its submission")
    points = grader.points(places)
    if points is None:
        found.append("no grade")
    elif points > attack.honest:
        found.append(f"{points:g} of {len(TESTS)} points")
    found += target.touched()
    if neighbour.read_text() != "# somebody else's work\n":
        found.append("changed somebody else's work")
    shown = grader.shown(places) + _text(log)
    found += [f"told the secret of the {p}" for p in places.secrets.found_in(shown.encode())]
    return [*found, "did what it claims"] if target.claim in shown else found


def _waiting(places: Places, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a shell that waits for the words that it will turn into: attacks are told its id."""
    user = places.user
    return subprocess.Popen(
        ["/bin/sh", "-c", 'read -r words; eval "exec $words"'],
        cwd=places.grader,
        env=places.environment() | _jupyter(),
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def _jupyter() -> dict[str, str]:
    """Let Jupyter's programs find each other, and their templates."""
    programs, share = Path(sys.executable).parent, Path(sysconfig.get_path("data"), "share")
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_PATH": str(share / "jupyter"),
    }


def _end(process: subprocess.Popen[bytes]) -> list[str]:
    """Wait for the grader; tell whether it had to be ended."""
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        left = tree([process.pid])
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        return ["hangs"]
    return [f"ended the grader (status {process.returncode})"] if process.returncode < 0 else []


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
