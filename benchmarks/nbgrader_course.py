"""Autograde the same submissions in nbgrader: a plain course, gradpath's, and that in parallel."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.cohort import Submission, make_cohort
from bench.command import add_corpus, at_least, finish, parser
from bench.environments import Environment
from bench.measure import seconds
from bench.nbgrader_side import Course as PlainCourse
from bench.paths import BUILD, BenchmarkError
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json
from bench.sealed_side import STOCK, grade, make_course, parallel, points, with_submissions
from bench.sides import Cost

CLAIMED = 10.0
"""Against stock on a plain course. On our own course stock starts no kernel either, and as many of
it as there are cores make up `gradpath nbgrader autograde`."""
START_UP = 6.0

PLAIN = "nbgrader autograde, plain course"
SEALED = "nbgrader autograde, gradpath's course"
OWN = "gradpath nbgrader autograde"


@dataclass(frozen=True)
class Line:
    """One way of grading: seconds for the whole cohort, and the cost of a further submission."""

    way: str
    submissions: int
    seconds: float
    cost: Cost
    profile: dict[str, float] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return self.submissions / self.seconds


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    add_corpus(options)
    options.add_argument("--submissions", type=at_least(2), default=50, metavar="N")
    options.add_argument(
        "--small", type=at_least(1), default=10, metavar="N", help="the smaller cohort"
    )
    options.add_argument("--jobs", type=at_least(1), default=len(os.sched_getaffinity(0)))
    options.add_argument("--skip", action="append", default=[], choices=["plain"])
    chosen = options.parse_args()
    if chosen.small >= chosen.submissions:
        options.error("--small must be less than --submissions")
    return chosen


def timed(
    way: str,
    small: tuple[int, Callable[[], object]],
    large: tuple[int, Callable[[], object]],
    profile: dict[str, float] | None = None,
) -> Line:
    progress(f"{way}, {small[0]} and {large[0]} submissions")
    few = (small[0], seconds(small[1]))
    many = (large[0], seconds(large[1]))
    return Line(way, large[0], many[1], Cost.from_two_runs(few, many), profile or {})


def measure_plain(scratch: Path, few: list[Submission], all_: list[Submission]) -> Line:
    """Today's courses: the tests run in a kernel, one submission after another."""
    course = PlainCourse(Environment("nbgrader").ensure(), scratch / "plain")
    course.folder.mkdir()
    course.create()
    # Once for nothing: the first run after a while reads torch from the disk.
    course.with_submissions(all_[:1], scratch / "plain-warm").autograde(1)
    small = course.with_submissions(few, scratch / "plain-small")
    large = course.with_submissions(all_, scratch / "plain-large")
    line = timed(
        PLAIN,
        (len(few), lambda: small.autograde(1)),
        (len(all_), lambda: large.autograde(1)),
    )
    large.verdicts(all_)  # makes sure that every submission has a row
    return line


def measure_sealed(
    scratch: Path, few: list[Submission], all_: list[Submission], jobs: int
) -> list[Line]:
    """gradpath's course, by both commands: every grade must be the same."""
    course = make_course(scratch / "sealed")
    lines, given = [], []
    for name, way, words in (("stock", SEALED, STOCK), ("own", OWN, parallel(jobs))):
        profile = scratch / f"{name}.json"
        grade(with_submissions(course, few, scratch / f"{name}-profile"), words, profile)
        small = with_submissions(course, few, scratch / f"{name}-small")
        large = with_submissions(course, all_, scratch / f"{name}-large")
        lines.append(
            timed(
                way,
                (len(few), _grading(small, words)),
                (len(all_), _grading(large, words)),
                json.loads(profile.read_text(encoding="utf-8")),
            )
        )
        given.append(points(large))
    if given[0] != given[1] or len({row[0] for row in given[0]}) != len(all_):
        raise BenchmarkError(f"{SEALED} and {OWN} did not come to the same grades")
    return lines


def _grading(course: object, words: Sequence[str]) -> Callable[[], object]:
    return lambda: grade(course, words)  # type: ignore[arg-type]


def verdict(reached: bool) -> str:
    return "reached" if reached else "NOT reached"


def show(lines: list[Line], small: int) -> None:
    header = ["way", "submissions", "seconds", "per second", "start-up s", "ms each further"]
    rows = [
        [
            line.way,
            str(line.submissions),
            f"{line.seconds:.1f}",
            f"{line.per_second:.2f}",
            f"{line.cost.start_up:.1f}",
            f"{1000 * line.cost.each:.0f}",
        ]
        for line in lines
    ]
    print(table(header, rows))
    print()
    own = lines[-1]
    for line in lines[:-1]:
        whole, each = line.seconds / own.seconds, line.cost.each / own.cost.each
        claim = f" (claimed: at least {CLAIMED:g}; {verdict(whole >= CLAIMED)})"
        claim = claim if line.way == PLAIN else ""
        print(f"{OWN} against {line.way}: {whole:.1f} x{claim}, {each:.1f} x each further one")
    start_up = own.cost.start_up
    reached = verdict(start_up < START_UP)
    print(f"start-up: {start_up:.1f} s (claimed: below {START_UP:g} s; {reached})")
    print()
    show_profiles(lines[-2], own, small)


def show_profiles(stock: Line, own: Line, small: int) -> None:
    print(f"Where the main thread spends its time, seconds for {small} submissions:")
    kinds = sorted(
        {*stock.profile, *own.profile},
        key=lambda kind: -max(stock.profile.get(kind, 0), own.profile.get(kind, 0)),
    )
    rows = [
        [kind, *(f"{line.profile.get(kind, 0.0):.2f}" for line in (stock, own))] for kind in kinds
    ]
    rows.append(["together", *(f"{sum(line.profile.values()):.2f}" for line in (stock, own))])
    print(table(["", "stock", "in parallel"], rows))


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    BUILD.mkdir(parents=True, exist_ok=True)
    all_ = make_cohort(chosen.submissions, chosen.corpus)
    few = make_cohort(chosen.small, chosen.corpus)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="nbgrader-course-") as name:
        scratch = Path(name)
        lines = [] if "plain" in chosen.skip else [measure_plain(scratch, few, all_)]
        lines += measure_sealed(scratch, few, all_, chosen.jobs)
    print(f"hand_gradients, {chosen.jobs} jobs; {machine_line(facts)}\n")
    show(lines, chosen.small)
    content = [{**asdict(line), "per_second": line.per_second} for line in lines]
    write_json(chosen.json, {"machine": facts, "jobs": chosen.jobs, "results": content})


if __name__ == "__main__":
    finish(main)
