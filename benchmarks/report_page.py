"""How long `gradpath report` takes for a large cohort, how large its page is, how fast it opens."""

import argparse
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.browser import CHROMIUM, open_page
from bench.command import at_least, finish, parser
from bench.measure import run, seconds
from bench.paths import REPOSITORY, BenchmarkError, gradpath_command
from bench.report import machine, machine_line, progress, warn_if_busy, write_json

sys.path.append(str(REPOSITORY))

from tests.support.synthetic_run import write_run

OPENED = 2.0
SIZE = 5_000_000


@dataclass(frozen=True)
class Figures:
    """Of one page; seconds to open are medians."""

    students: int
    submissions: int
    made_seconds: float
    megabytes: float
    megabytes_beside: float
    opened_seconds: float
    complete_seconds: float
    filtered_seconds: float


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--students", type=at_least(2), default=2000, metavar="N")
    options.add_argument("--rounds", type=at_least(1), default=5, metavar="N")
    return options.parse_args()


def show(figures: Figures) -> None:
    def verdict(value: float, most: float) -> str:
        return "reached" if value < most else "NOT reached"

    print(f"{figures.submissions} submissions of {figures.students} students")
    print(f"gradpath report     {figures.made_seconds:.1f} s")
    size = verdict(figures.megabytes, SIZE / 1e6)
    print(f"size of the page    {figures.megabytes:.2f} MB (claimed: below 5; {size})")
    opened = verdict(figures.opened_seconds, OPENED)
    print(f"opened in Chromium  {figures.opened_seconds:.2f} s (claimed: below 2; {opened})")
    if figures.megabytes_beside:
        print(f"rows beside it      {figures.megabytes_beside:.2f} MB")
        print(f"all rows loaded     {figures.complete_seconds:.2f} s")
    print(f"filtered            {figures.filtered_seconds:.2f} s")


def main() -> None:
    chosen = arguments()
    if not Path(CHROMIUM).exists():
        raise BenchmarkError(f"there is no {CHROMIUM}: install chromium")
    facts = machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory(prefix="gradpath-report-") as scratch:
        folder = Path(scratch, "results")
        progress(f"a run of {chosen.students} students")
        write_run(folder, chosen.students)
        progress("gradpath report")
        made = seconds(lambda: run((gradpath_command(), "report", str(folder)), folder))
        page = folder / "report.html"
        progress(f"opening the page {chosen.rounds} times")
        opened = open_page(page, chosen.rounds)
        submissions = len((folder / "results.jsonl").read_bytes().splitlines())
        megabytes = page.stat().st_size / 1e6
        beside = sum(path.stat().st_size for path in folder.glob("report-rows-*.js")) / 1e6
    figures = Figures(
        *(chosen.students, submissions, made, megabytes, beside),
        *(opened.first, opened.complete, opened.filtered),
    )
    print(f"{machine_line(facts)}\n")
    show(figures)
    write_json(chosen.json, {"machine": facts, "results": asdict(figures)})


if __name__ == "__main__":
    finish(main)
