"""Grade the same hand_gradients submissions with gradpath, otter and nbgrader, and compare."""

import argparse
import os
from dataclasses import asdict
from typing import Any

from bench.cohort import make_cohort
from bench.command import add_corpus, at_least, finish, parser
from bench.gradpath_side import measure_gradpath
from bench.nbgrader_side import measure_nbgrader
from bench.otter_side import measure_otter
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json
from bench.sides import Result

CLAIMS = {"otter run": 100.0, "nbgrader autograde": 25.0}
CLAIMED_PER_SECOND = 25.0
AT_ONCE = (1, 2)
OWN = "gradpath grade"


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    add_corpus(options)
    number = "number of submissions it grades"
    options.add_argument("--submissions", type=at_least(1), default=200, metavar="N", help=number)
    options.add_argument("--otter-submissions", type=at_least(2), default=4, metavar="N")
    options.add_argument("--nbgrader-submissions", type=at_least(4), default=12, metavar="N")
    options.add_argument("--jobs", type=at_least(1), default=len(os.sched_getaffinity(0)))
    options.add_argument(
        "--skip", action="append", default=[], choices=["gradpath", "otter", "nbgrader"]
    )
    return options.parse_args()


def measure(chosen: argparse.Namespace) -> list[Result]:
    results = []
    if "gradpath" not in chosen.skip:
        progress(f"gradpath, {chosen.submissions} submissions")
        cohort = make_cohort(chosen.submissions, chosen.corpus)
        results.append(measure_gradpath(cohort, chosen.jobs))
    if "otter" not in chosen.skip:
        progress(f"otter, {chosen.otter_submissions} submissions, one and two at a time")
        results += measure_otter(make_cohort(chosen.otter_submissions, chosen.corpus), AT_ONCE)
    if "nbgrader" not in chosen.skip:
        progress(f"nbgrader, {chosen.nbgrader_submissions} submissions, one and two at a time")
        cohort = make_cohort(chosen.nbgrader_submissions, chosen.corpus)
        results += measure_nbgrader(cohort, AT_ONCE)
    return results


def figures(result: Result, size: int) -> dict[str, Any]:
    """The measured result, and its sum for a cohort of `size`."""
    each = result.cost.seconds_for(size) / size
    return {
        **asdict(result),
        "cohort": size,
        "extrapolated": result.timed_submissions != size,
        "seconds_per_submission": each,
        "submissions_per_second": 1 / each,
    }


def row(line: dict[str, Any]) -> list[str]:
    verdicts, cost = line["verdicts"], line["cost"]
    return [
        line["grader"],
        str(line["at_once"]),
        str(line["timed_submissions"]),
        f"{line['timed_seconds']:.1f}",
        f"{cost['start_up']:.2f}" if cost["start_up"] else "-",
        f"{line['seconds_per_submission']:.3f}",
        f"{line['submissions_per_second']:.2f}",
        f"{line['peak_memory_mib']:.0f}",
        f"{verdicts['right_at_full_marks']}/{verdicts['right']}",
        f"{verdicts['wrong_below_full_marks']}/{verdicts['wrong']}",
    ]


HEADER = [
    "grader",
    "at once",
    "timed",
    "seconds",
    "start-up s",
    "s/submission",
    "submissions/s",
    "peak MiB",
    "right full",
    "wrong below",
]


def ratios(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """gradpath's submissions per second over everybody else's; a claim is about their best line."""
    own = [line["submissions_per_second"] for line in lines if line["grader"] == OWN]
    others = [line for line in lines if line["grader"] != OWN]
    best = {
        name: max(line["submissions_per_second"] for line in others if line["grader"] == name)
        for name in {line["grader"] for line in others}
    }
    return [
        {
            "grader": line["grader"],
            "at_once": line["at_once"],
            "times": mine / line["submissions_per_second"],
            "memory": lines[0]["peak_memory_mib"] / line["peak_memory_mib"],
            "claimed": CLAIMS[line["grader"]],
            "best_of_grader": line["submissions_per_second"] == best[line["grader"]],
        }
        for mine in own
        for line in others
    ]


def verdict(value: float, claimed: float) -> str:
    return f"claimed: at least {claimed:g}; {'reached' if value >= claimed else 'NOT reached'}"


def show(lines: list[dict[str, Any]], against: list[dict[str, Any]], size: int) -> None:
    print(table(HEADER, [row(line) for line in lines]))
    print()
    print(f"s/submission and submissions/s are for a cohort of {size}. Where `timed` is less than")
    print("that, they are extrapolated: start-up + size x the time of each further submission.")
    for line in lines:
        if not line["memory_is_proportional"]:
            print(f"peak MiB of {line['grader']} counts some shared pages more than once.")
    print()
    for line in lines:
        if line["grader"] == OWN:
            own = line["submissions_per_second"]
            print(f"gradpath: {own:.1f} submissions/s ({verdict(own, CLAIMED_PER_SECOND)})")
    for ratio in against:
        name = f"{ratio['grader']}, {ratio['at_once']} at once"
        best = (
            verdict(ratio["times"], ratio["claimed"]) if ratio["best_of_grader"] else "slower way"
        )
        print(f"gradpath against {name}: {ratio['times']:.1f} x submissions/s ({best}), ", end="")
        print(f"{ratio['memory']:.2f} x the memory")


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    lines = [figures(result, chosen.submissions) for result in measure(chosen)]
    against = ratios(lines)
    print(f"hand_gradients; {machine_line(facts)}\n")
    show(lines, against, chosen.submissions)
    write_json(chosen.json, {"machine": facts, "results": lines, "ratios": against})


if __name__ == "__main__":
    finish(main)
