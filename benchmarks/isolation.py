"""The cost of the layers around a submission.

The same submissions are graded behind all layers and behind fewer of them, in turn and in one
process each, so that start-up and other work of the machine fall out of the difference.
"""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.cohort import corpus_files
from bench.command import add_corpus, at_least, finish, parser
from bench.paths import SLUG, BenchmarkError
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json

from gradpath.cohort.run import Run
from gradpath.engine.isolation import Isolation, level
from gradpath.submissions.submission import Submission, of_file

CLAIM = 0.025
FEWER = [(), ("namespaces",), ("namespaces", "landlock", "seccomp")]
"""Layers to leave out. Without them it is level D, and under root level C: root always gives
submissions a user id of their own."""


@dataclass(frozen=True)
class Line:
    """Seconds for a submission behind some layers: the median over rounds."""

    level: str
    layers: str
    each: float
    over: float


def arguments() -> argparse.Namespace:
    options = parser((__doc__ or "").splitlines()[0])
    add_corpus(options)
    options.add_argument("--rounds", type=at_least(2), default=15, help="times the files are timed")
    return options.parse_args()


def handed_in(corpus: Path) -> list[Submission]:
    return [of_file(path, SLUG, f"s{i:03}") for i, (path, _) in enumerate(corpus_files(corpus), 1)]


def measure(found: list[Isolation], files: list[Submission], rounds: int) -> list[list[float]]:
    """Seconds for a submission, by layers and round; the first round is for nothing."""
    runs = [Run([SLUG], "benchmark", isolation=each) for each in found]
    try:
        times: list[list[float]] = [[] for _ in runs]
        for number in range(rounds + 1):
            progress(f"round {number} of {rounds}")
            for run, spent in zip(runs, times, strict=True):
                start = perf_counter()
                results = run.grade_all(files, lambda _: None)
                spent.append((perf_counter() - start) / len(files))
                if run.problems or not any(result.score for result in results):
                    raise BenchmarkError(f"grading failed: {run.problems}")
        return [spent[1:] for spent in times]
    finally:
        for run in runs:
            run.close()


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    found = [level(without) for without in FEWER]
    times = measure(found, handed_in(chosen.corpus), chosen.rounds)
    base = times[-1]
    lines = [
        # Differences within a round: a slow machine slows both.
        Line(
            isolation.level,
            isolation.layers.names or "none",
            median(spent),
            median(a - b for a, b in zip(spent, base, strict=True)),
        )
        for isolation, spent in zip(found, times, strict=True)
    ]
    who = "root" if os.geteuid() == 0 else "a plain user"
    print(f"{SLUG}, 1 job, as {who}; {machine_line(facts)}\n")
    rows = [
        [each.level, f"{1000 * each.each:.1f}", f"{1000 * each.over:.1f}", each.layers]
        for each in lines
    ]
    print(table(["level", "ms each", f"over {lines[-1].level}", "layers"], rows))
    verdict = "reached" if lines[0].over <= CLAIM else "NOT reached"
    print(
        f"\nlevel {lines[0].level} over level {lines[-1].level}: "
        f"claimed: at most {1000 * CLAIM:.0f} ms; {verdict}"
    )
    content = [vars(each) for each in lines]
    write_json(chosen.json, {"machine": facts, "results": content})


if __name__ == "__main__":
    finish(main)
