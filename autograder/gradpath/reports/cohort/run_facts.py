"""Records of a run besides its results: its log, and the source and seconds of each submission."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gradpath.cohort.out_folder import LOG
from gradpath.cohort.store import NAME, Store
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, in_language
from gradpath.text import printable
from gradpath.text.languages import ENGLISH, shown_language, tell
from gradpath.text.messages import Message

MAX_LINES: Final = 40
_LINE: Final = re.compile(r"(?P<time>\S+) (?P<event>\w+): (?P<text>.*)")

Name = tuple[str, str]


@dataclass(frozen=True)
class StoredParts:
    """Parts of the submissions in the store, by student and assignment.

    Attributes:
        sources: code as it was graded, that of a notebook's cells in a row; whole ones only.
        wall: seconds that the grader waited for a submission.
        cpu: seconds that it computed, where the system says.
        told: results in the language that is shown, which may be another one than the run's.
        problem: why there is nothing at all; empty if there is something.
    """

    sources: Mapping[Name, str] = field(default_factory=dict)
    wall: Mapping[Name, float] = field(default_factory=dict)
    cpu: Mapping[Name, float] = field(default_factory=dict)
    told: Mapping[Name, Result] = field(default_factory=dict)
    problem: str = ""


def read_stored(folder: Path, results: Sequence[Result]) -> StoredParts:
    """Read the sources and seconds in a folder's store; the report does without, if it must.

    Args:
        folder: the folder that was `gradpath grade`'s `--out`.
        results: the submissions to look up.
    """
    sources: dict[Name, str] = {}
    wall: dict[Name, float] = {}
    cpu: dict[Name, float] = {}
    told: dict[Name, Result] = {}
    language = shown_language()
    if not (folder / NAME).is_file():
        return StoredParts(
            problem=Message("there is no {name} in {folder}", name=NAME, folder=folder)
        )
    try:
        with Store(folder, create=False) as store:
            for result in results:
                name = (result.student, result.assignment)
                told[name] = store.with_trees(result)
                if language is not ENGLISH:
                    told[name] = in_language(told[name], language)
                kept = store.kept(*name, runs=False)
                if kept is None:
                    continue
                wall[name] = kept.wall_seconds
                if kept.cpu_seconds is not None:
                    cpu[name] = kept.cpu_seconds
                source = kept.source()
                if source.cells and not source.cut:
                    sources[name] = "\n".join(cell.text for cell in source.cells)
    except GradpathError as error:
        return StoredParts(problem=error.message)
    nothing = Message("{name} has neither sources nor seconds; grade again with --fresh", name=NAME)
    return StoredParts(sources, wall, cpu, told, "" if wall else nothing)


@dataclass(frozen=True)
class Log:
    """The lines of `grade.log` from the start of the last run on."""

    lines: Sequence[str]
    started: str = ""
    version: str = ""
    problems: int = 0


def read_log(folder: Path) -> Log:
    """Read the last run's lines of the log; a folder without one has an empty log."""
    try:
        text = (folder / LOG).read_bytes().decode("utf-8", "replace")
    except OSError:
        return Log([])
    lines = [printable(line) for line in text.splitlines()]
    parsed = [_LINE.fullmatch(line) for line in lines]
    starts = [number for number, line in enumerate(parsed) if line and line["event"] == "start"]
    if not starts:
        return Log(lines[-MAX_LINES:])
    begun = parsed[starts[-1]]
    assert begun is not None
    last = [line for line in parsed[starts[-1] :] if line]
    problems = sum(line["event"] == "problem" for line in last)
    shown = lines[starts[-1] :]
    if len(shown) > MAX_LINES:
        left_out = len(shown) - MAX_LINES
        left = tell(Message("{count} lines left out", count=left_out))
        shown = [shown[0], f"... {left} ...", *shown[1 - MAX_LINES :]]
    return Log(shown, begun["time"], begun["text"].partition(",")[0], problems)
