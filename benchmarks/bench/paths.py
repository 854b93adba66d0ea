"""Where the benchmarks find things and where they may write."""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BENCHMARKS = REPOSITORY / "benchmarks"
BUILD = REPOSITORY / "build" / "bench"
ASSIGNMENTS = REPOSITORY / "autograder" / "gradpath" / "assignments"
SLUG = "hand_gradients"
"""The assignment whose submissions are graded, where a benchmark takes one alone."""
CORPUS = ASSIGNMENTS / SLUG / "corpus"
SOLUTIONS = REPOSITORY / "solutions"

SLUGS = tuple(sorted(path.stem for path in SOLUTIONS.glob("*.py")))


class BenchmarkError(Exception):
    """The benchmark cannot go on; the message says why and names the next step."""


def gradpath_command() -> str:
    """The gradpath that belongs to the Python running the benchmark, not one found by chance."""
    command = Path(sys.executable).parent / "gradpath"
    if not command.exists():
        raise BenchmarkError(f"no gradpath beside {sys.executable}: run `pip install -e .` there")
    return str(command)
