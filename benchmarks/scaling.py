"""Grade cohorts of growing size with `gradpath grade`: the cost of one more submission.

With several numbers of jobs: the speed of each, the memory, and the processor time of the process
that hands out submissions and stores results. That one sets the end to what more processors can do.
"""

import argparse
import os
import tempfile
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from bench.cohort import make_cohort, write_folders
from bench.command import add_corpus, at_least, finish, parser
from bench.gradpath_side import grade_counted, read_verdicts
from bench.measure import PeakMemory, seconds
from bench.paths import BUILD
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json
from bench.sides import Cost

CLAIMED = 0.0015
"""Processor seconds of the coordinator for a submission."""
LINEAR = 0.8
"""The part of the speed of one job, times the jobs, that is claimed with a processor for each."""
MEMORY = 40.0
"""MiB of a further job: its judge and lane, and a submission's worker."""


@dataclass(frozen=True)
class Run:
    """Seconds for a cohort: on the wall, and of the processor for coordinator and judges."""

    submissions: int
    wall: float
    coordinator: float
    judges: float


@dataclass(frozen=True)
class Line:
    """A number of jobs, the seconds for one further submission, and the peak of memory."""

    jobs: int
    start_up: float
    wall: float
    coordinator: float
    judges: float
    mib: float


def numbers(text: str) -> list[int]:
    return sorted({at_least(1)(part) for part in text.split(",")})


def sizes(text: str) -> list[int]:
    values = numbers(text)
    if len(values) < 2:
        raise argparse.ArgumentTypeError("give two different sizes at least, such as 10,200")
    return values


def arguments() -> argparse.Namespace:
    options = parser((__doc__ or "").splitlines()[0])
    add_corpus(options)
    options.add_argument("--sizes", type=sizes, default=[10, 50, 200, 1000, 2000])
    options.add_argument("--jobs", type=numbers, default=[len(os.sched_getaffinity(0))])
    return options.parse_args()


def grade_cohort(size: int, corpus: Path, jobs: int) -> Run:
    progress(f"{size} submissions, {jobs} jobs")
    counted = (0.0, 0.0)

    def grade() -> None:
        nonlocal counted
        counted = grade_counted(submissions, out, jobs)

    with tempfile.TemporaryDirectory(dir=BUILD, prefix="scaling-") as scratch:
        cohort = make_cohort(size, corpus)
        submissions, out = Path(scratch, "submissions"), Path(scratch, "out")
        write_folders(cohort, submissions)
        spent = seconds(grade)
        # Reading them back makes sure that every submission got a result.
        read_verdicts(cohort, out)
    return Run(size, spent, *counted)


def line_of(jobs: int, runs: list[Run], mib: float) -> Line:
    """The line through the smallest and the largest cohort."""
    wall, coordinator, judges = (
        Cost.from_two_runs(*((run.submissions, getattr(run, name)) for run in (runs[0], runs[-1])))
        for name in ("wall", "coordinator", "judges")
    )
    return Line(jobs, wall.start_up, wall.each, coordinator.each, judges.each, mib)


def peak_memory(size: int, corpus: Path, jobs: int) -> float:
    """MiB of all processes together; sampling takes time, so this run is not a timed one."""
    with PeakMemory() as memory:
        grade_cohort(size, corpus, jobs)
    return memory.mib


def show(runs: list[Run], line: Line) -> None:
    further: list[str] = ["-"]
    for small, large in pairwise(runs):
        cost = Cost.from_two_runs(*((run.submissions, run.wall) for run in (small, large)))
        further.append(f"{cost.each:.4f}")
    rows = [
        [str(run.submissions), f"{run.wall:.1f}", f"{run.wall / run.submissions:.4f}", each]
        for run, each in zip(runs, further, strict=True)
    ]
    print(table(["submissions", "seconds", "s/submission", "s/further submission"], rows))
    print()
    print(f"start-up {line.start_up:.2f} s, then {line.wall:.4f} s for each submission")
    print("(the line through the smallest and the largest cohort). `s/further submission` is the")
    print("slope from the line above: where it stays the same, the cost is flat.\n")


def show_jobs(lines: list[Line]) -> None:
    first, cores = lines[0], len(os.sched_getaffinity(0))
    rows = []
    for line in lines:
        linear = first.wall * first.jobs / (line.wall * line.jobs)
        rows.append(
            [
                str(line.jobs),
                f"{1 / line.wall:.1f}",
                f"{linear:.2f}",
                f"{1000 * line.coordinator:.2f}",
                f"{1000 * line.judges:.2f}",
                f"{line.mib:.0f}",
            ]
        )
        if line.jobs > 1:
            reached = "reached" if line.coordinator <= CLAIMED else "NOT reached"
            print(
                f"{line.jobs} jobs: at most {1000 * CLAIMED:g} ms of the coordinator's processor "
                f"for a further submission: {reached}"
            )
        if first.jobs < line.jobs <= cores:
            reached = "reached" if linear >= LINEAR else "NOT reached"
            print(f"{line.jobs} jobs: {LINEAR:g} of linear: {reached}")
    print()
    print(
        table(
            ["jobs", "submissions/s", "of linear", "coordinator ms", "judges ms", "peak MiB"], rows
        )
    )
    last = lines[-1]
    if last.jobs > first.jobs:
        each = (last.mib - first.mib) / (last.jobs - first.jobs)
        reached = "reached" if each <= MEMORY else "NOT reached"
        print(f"\n{each:.0f} MiB for a further job; claimed: at most {MEMORY:g}: {reached}")


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    BUILD.mkdir(parents=True, exist_ok=True)
    # Once for nothing: the first run after a while reads torch from the disk.
    grade_cohort(1, chosen.corpus, chosen.jobs[0])
    lines, content = [], []
    for jobs in chosen.jobs:
        runs = [grade_cohort(size, chosen.corpus, jobs) for size in chosen.sizes]
        # Judges are there from the second size on.
        lines.append(line_of(jobs, runs, peak_memory(chosen.sizes[1], chosen.corpus, jobs)))
        content.append({**asdict(lines[-1]), "runs": [asdict(run) for run in runs]})
        print(f"hand_gradients, {jobs} jobs; {machine_line(facts)}\n")
        show(runs, lines[-1])
    show_jobs(lines)
    write_json(chosen.json, {"machine": facts, "lines": content})


if __name__ == "__main__":
    finish(main)
