"""Helpers for tests of stored runs: small cohorts, and a look into a store from outside."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from gradpath.cohort.store import NAME
from gradpath.course.load import corpus_of

GRADPATH = Path(sys.executable).with_name("gradpath")
SECRET = "a-secret-like-no-other"
SLUG = "mse_sweep"


def write_cohort(folder: Path, count: int) -> Path:
    """Write so many small submissions, right and wrong ones; all are graded quickly."""
    files = sorted(corpus_of(SLUG).glob("*/*.py"))
    for number in range(count):
        target = folder / f"s{number:03d}" / f"{SLUG}.py"
        target.parent.mkdir(parents=True)
        shutil.copy(files[number % len(files)], target)
    return folder


def start(*words: object, cwd: Path, **more: str) -> subprocess.Popen[str]:
    """Start `gradpath grade` with the secret in its environment."""
    return subprocess.Popen(
        [GRADPATH, "grade", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "GRADPATH_SECRET": SECRET, "COLUMNS": "200", **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def grade(*words: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `gradpath grade` with the secret in its environment."""
    process = start(*words, cwd=cwd, **more)
    stdout, stderr = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the only line of an error; the command has ended with status 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("gradpath: ")
    return line


def stored(out: Path) -> int:
    """Return how many results a folder has stored, and leave its files as they are."""
    return len(stored_students(out))


def stored_students(out: Path) -> list[str]:
    """Return the student of each result that a folder has stored."""
    if not (out / NAME).exists():
        return []
    with tempfile.TemporaryDirectory() as copy:
        for path in out.glob(f"{NAME}*"):
            with contextlib.suppress(FileNotFoundError):  # SQLite deletes its journal meanwhile
                shutil.copy(path, copy)
        database = sqlite3.connect(Path(copy, NAME))
        try:
            found = database.execute("SELECT json FROM result").fetchall()
        except sqlite3.DatabaseError:  # killed before there were tables, or caught in the middle
            return []
        finally:
            database.close()
    return [json.loads(text)["student"] for (text,) in found]


def taken_over(out: Path) -> list[int]:
    """Return how many results each run in a folder took over, from its log."""
    log = out / "grade.log"
    return [
        int(n) for n in re.findall(r"taken over (\d+)", log.read_text() if log.exists() else "")
    ]


def but_for_isolation(out: Path) -> list[dict[str, Any]]:
    """Return the results of a folder without their isolation level, which each machine has."""
    results = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert all(result.pop("isolation") in {"A", "B", "C", "D"} for result in results)
    return results


def written(out: Path) -> tuple[bytes, bytes]:
    """Return the two files that a run ends with."""
    return (out / "results.jsonl").read_bytes(), (out / "grades.csv").read_bytes()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    found: list[int] = []
    with contextlib.suppress(OSError):  # it has ended meanwhile
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """Return all that descends from a process, the nearest first."""
    found, waiting = [], children(pid)
    while waiting:
        found += waiting
        waiting = [below for each in waiting for below in children(each)]
    return found
