"""The time that gradpath adds to the student's own computing time for one submission.

The student's computing time is found from outside: the same files are graded as they are and
with every call made several times over. The growing part is the student's, the rest is gradpath's.
"""

import argparse
import tempfile
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.cohort import Submission, corpus_files, hand_in, write_folders
from bench.command import at_least, finish, parser
from bench.gradpath_side import grade, read_verdicts
from bench.measure import seconds
from bench.paths import ASSIGNMENTS, BUILD, SLUG, SLUGS
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json
from bench.sides import Cost

CLAIMS = {SLUG: 0.030}
"""Seconds for a submission; the other assignments have more and longer checks."""
CLAIM_OF_OTHERS = 0.060

# Only the outermost call is repeated: a `train` that calls `gradient` must not square the work.
# Setting globals() leaves the functions as the student wrote them for readers of the source.
REPEAT = """

def _repeated(function, _running=[]):
    def repeat(*arguments):
        if _running:
            return function(*arguments)
        _running.append(True)
        try:
            for _ in range({times} - 1):
                function(*arguments)
            return function(*arguments)
        finally:
            _running.clear()

    return repeat


for _name in {names}:
    if isinstance(globals().get(_name), type(_repeated)):  # a class stays a class
        globals()[_name] = _repeated(globals()[_name])
"""


@dataclass(frozen=True)
class Repeating(Submission):
    """A submission with functions that do their work `times` times."""

    times: int = 1
    names: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return super().code + REPEAT.format(times=self.times, names=self.names)


@dataclass(frozen=True)
class Overhead:
    """Seconds for one further submission, in all and the student's part of it."""

    submissions: str
    whole: float
    computing: float

    @property
    def overhead(self) -> float:
        return self.whole - self.computing


def arguments() -> argparse.Namespace:
    options = parser((__doc__ or "").splitlines()[0])
    options.add_argument("--assignment", choices=SLUGS, default=SLUG)
    options.add_argument("--times", type=at_least(2), default=6, help="calls made of each call")
    options.add_argument("--rounds", type=at_least(1), default=10, help="times the corpus is timed")
    options.add_argument("--repeats", type=at_least(1), default=3, help="the median is taken")
    options.add_argument(
        "--profile", action="store_true", help="processor time by step instead of overhead"
    )
    return options.parse_args()


def functions_of(slug: str) -> tuple[str, ...]:
    settings = tomllib.loads((ASSIGNMENTS / slug / "settings.toml").read_text(encoding="utf-8"))
    return tuple(settings["points"])


def timed_run(cohort: list[Submission], slug: str, times: int) -> float:
    names = functions_of(slug)
    repeating: list[Submission] = [
        Repeating(**vars(submission), times=times, names=names) for submission in cohort
    ]
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="overhead-") as scratch:
        submissions, out = Path(scratch, "submissions"), Path(scratch, "out")
        write_folders(repeating, submissions, slug)
        spent = seconds(lambda: grade(submissions, out, jobs=1))
        read_verdicts(cohort, out)
    return spent


def further_submission(files: list[tuple[Path, bool]], slug: str, rounds: int, times: int) -> float:
    """Seconds for one more submission.

    Two cohorts, so that the start-up falls out. The small one has every file once already, so
    the work that gradpath does once for each kind of mistake falls out too.
    """
    runs = [
        (size, timed_run(hand_in(files, size), slug, times))
        for size in (len(files), len(files) * (1 + rounds))
    ]
    return Cost.from_two_runs(*runs).each


def measure(name: str, files: list[tuple[Path, bool]], chosen: argparse.Namespace) -> Overhead:
    once, often = [], []
    for number in range(1, chosen.repeats + 1):
        progress(f"{name} files, {number} of {chosen.repeats}")
        once.append(further_submission(files, chosen.assignment, chosen.rounds, 1))
        often.append(further_submission(files, chosen.assignment, chosen.rounds, chosen.times))
    whole = median(once)
    return Overhead(name, whole, (median(often) - whole) / (chosen.times - 1))


def verdict(line: Overhead, claim: float) -> str:
    if min(line.computing, line.overhead) < 0:
        # Nothing takes less than no time: the noise was larger than the measured time.
        return "not known, the machine was too busy or the cohort too small"
    return "reached" if line.overhead < claim else "NOT reached"


def show(lines: list[Overhead], claim: float) -> None:
    header = ["submissions", "ms each", "of it computing", "overhead ms"]
    rows = [
        [
            line.submissions,
            *(f"{1000 * s:.1f}" for s in (line.whole, line.computing, line.overhead)),
        ]
        for line in lines
    ]
    print(table(header, rows))
    print()
    for line in lines:
        print(f"{line.submissions}: claimed: below {1000 * claim:.0f} ms; {verdict(line, claim)}")


def show_profile(
    files: list[tuple[Path, bool]], chosen: argparse.Namespace, facts: dict[str, Any]
) -> None:
    from bench.profile import profile

    right, wrong = (
        profile(chosen.assignment, [file for file in files if file[1] is kind], chosen.rounds)
        for kind in (True, False)
    )
    print(f"{chosen.assignment}, 1 job; {machine_line(facts)}\n")
    rows = [[step, f"{right.get(step, 0):.2f}", f"{wrong.get(step, 0):.2f}"] for step in wrong]
    print(table(["milliseconds of processor time", "right", "wrong"], rows))
    write_json(chosen.json, {"machine": facts, "right": right, "wrong": wrong})


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    BUILD.mkdir(parents=True, exist_ok=True)
    files = corpus_files(ASSIGNMENTS / chosen.assignment / "corpus")
    if chosen.profile:
        show_profile(files, chosen, facts)
        return
    # Once for nothing: the first run after a while reads torch from the disk.
    timed_run(hand_in(files, 1), chosen.assignment, 1)
    lines = [
        measure(name, [file for file in files if file[1] is right], chosen)
        for name, right in (("right", True), ("wrong", False))
    ]
    print(f"{chosen.assignment}, 1 job; {machine_line(facts)}\n")
    show(lines, CLAIMS.get(chosen.assignment, CLAIM_OF_OTHERS))
    content = [{**asdict(line), "overhead": line.overhead} for line in lines]
    write_json(chosen.json, {"machine": facts, "results": content})


if __name__ == "__main__":
    finish(main)
