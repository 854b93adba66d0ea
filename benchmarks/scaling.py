"""Grade cohorts of growing size with `gradpath grade`: the cost of one more submission."""

import argparse
import os
import tempfile
from itertools import pairwise
from pathlib import Path

from bench.cohort import make_cohort, write_folders
from bench.command import add_corpus, at_least, finish, parser
from bench.gradpath_side import grade, read_verdicts
from bench.measure import seconds
from bench.paths import BUILD
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json
from bench.sides import Cost

Run = tuple[int, float]


def sizes(text: str) -> list[int]:
    values = sorted({at_least(1)(part) for part in text.split(",")})
    if len(values) < 2:
        raise argparse.ArgumentTypeError("give two different sizes at least, such as 10,200")
    return values


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    add_corpus(options)
    options.add_argument("--sizes", type=sizes, default=[10, 50, 200, 1000, 2000])
    options.add_argument("--jobs", type=at_least(1), default=len(os.sched_getaffinity(0)))
    return options.parse_args()


def grade_cohort(size: int, corpus: Path, jobs: int) -> float:
    progress(f"{size} submissions")
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="scaling-") as scratch:
        cohort = make_cohort(size, corpus)
        submissions, out = Path(scratch, "submissions"), Path(scratch, "out")
        write_folders(cohort, submissions)
        spent = seconds(lambda: grade(submissions, out, jobs))
        # Reading them back makes sure that every submission got a result.
        read_verdicts(cohort, out)
    return spent


def show(runs: list[Run], cost: Cost) -> None:
    further: list[str] = ["-"]
    for small, large in pairwise(runs):
        further.append(f"{Cost.from_two_runs(small, large).each:.4f}")
    rows = [
        [str(size), f"{spent:.1f}", f"{spent / size:.4f}", each]
        for (size, spent), each in zip(runs, further, strict=True)
    ]
    print(table(["submissions", "seconds", "s/submission", "s/further submission"], rows))
    print()
    print(f"start-up {cost.start_up:.2f} s, then {cost.each:.4f} s for each submission")
    print("(the line through the smallest and the largest cohort). `s/further submission` is the")
    print("slope from the line above: where it stays the same, the cost is flat.")


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    BUILD.mkdir(parents=True, exist_ok=True)
    # Once for nothing: the first run after a while reads torch from the disk.
    grade_cohort(1, chosen.corpus, chosen.jobs)
    runs = [(size, grade_cohort(size, chosen.corpus, chosen.jobs)) for size in chosen.sizes]
    cost = Cost.from_two_runs(runs[0], runs[-1])
    print(f"hand_gradients, {chosen.jobs} jobs; {machine_line(facts)}\n")
    show(runs, cost)
    content = {
        "machine": facts,
        "jobs": chosen.jobs,
        "runs": [{"submissions": size, "seconds": spent} for size, spent in runs],
        "start_up": cost.start_up,
        "seconds_per_submission": cost.each,
    }
    write_json(chosen.json, content)


if __name__ == "__main__":
    finish(main)
