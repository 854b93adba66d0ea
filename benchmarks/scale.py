"""The sizes of results, stores and pages, and the cost of merging and reporting large cohorts."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from sqlite3 import connect

from bench.browser import CHROMIUM, Opened, open_page
from bench.command import at_least, finish, parser
from bench.measure import Used, Word, run, used_by
from bench.paths import ASSIGNMENTS, REPOSITORY, gradpath_command
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json

sys.path.append(str(REPOSITORY))

from tests.support.demo_cohort import ASSIGNMENTS as SLUGS
from tests.support.synthetic_run import write_shards

SECRET = "benchmark"
SHARDS = 8


@dataclass(frozen=True)
class Sizes:
    """Mean bytes of a graded submission of one assignment."""

    assignment: str
    submissions: int
    result: int
    source: int
    runs: int
    page: int


@dataclass(frozen=True)
class Figures:
    """Of one made-up cohort; pages are those of one assignment, None where they were left out."""

    students: int
    results: int
    results_bytes: int
    store_bytes: int
    merge: Used
    report: Used | None = None
    page_bytes: int = 0
    rows_bytes: int = 0
    opened: Opened | None = None
    feedback: Used | None = None
    pages: int = 0
    pages_bytes: int = 0


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument(
        "--students",
        type=lambda text: [int(each) for each in text.split(",")],
        default=[2000, 10_000, 20_000],
        metavar="N,N",
        help=f"sizes of the cohorts; each student hands in {len(SLUGS)} assignments",
    )
    options.add_argument(
        "--pages",
        type=at_least(0),
        default=10_000,
        metavar="N",
        help="students of the largest cohort that gets a report and feedback pages",
    )
    options.add_argument(
        "--graded", type=at_least(1), default=12, metavar="N", help="really, of each assignment"
    )
    return options.parse_args()


def size_of(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def graded(folder: Path, count: int) -> tuple[list[Sizes], dict[str, list[bytes]]]:
    """Grade files of the corpora; return their sizes, and the runs that were kept of them."""
    for slug in SLUGS:
        files = sorted((ASSIGNMENTS / slug / "corpus").glob("*/*.py"))
        for number, file in enumerate(files[:: max(len(files) // count, 1)][:count]):
            target = folder / "submissions" / f"s{number:02}" / f"{slug}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    out = folder / "out"
    grade = ("grade", folder / "submissions", "--out", out, "--secret", SECRET)
    run((gradpath_command(), *grade), folder)
    run((gradpath_command(), "feedback", out, "--hidden", "all"), folder)
    sizes, runs = [], {}
    with closing(connect(out / "results.sqlite")) as database:
        for slug in SLUGS:
            rows = database.execute(
                "SELECT length(json), length(source), runs FROM published "
                "JOIN result USING (key) JOIN kept USING (key) WHERE assignment = ?",
                [slug],
            ).fetchall()
            results, sources, kept = zip(*rows, strict=True)
            runs[slug] = list(kept)
            pages = [path.stat().st_size for path in (out / "feedback").glob(f"*/{slug}.html")]
            columns = (results, sources, [len(each) for each in kept], pages)
            means = [round(sum(column) / len(column)) for column in columns]
            sizes.append(Sizes(slug, len(rows), *means))
    return sizes, runs


def told(used: Used) -> Used:
    progress(f"{used.seconds:.0f} s, {used.cpu_seconds:.0f} of a processor, {used.mib:.0f} MiB")
    return used


def measured(folder: Path, students: int, runs: dict[str, list[bytes]], pages: int) -> Figures:
    """Make a cohort up in shards, and measure the commands on it."""
    progress(f"a cohort of {students} students in {SHARDS} shards")
    write_shards(folder, students, SHARDS, SECRET, runs)
    out = folder / "out"
    progress("gradpath merge")
    shards = sorted((folder / "shards").iterdir())
    command: list[Word] = [gradpath_command(), "merge", *shards, "--out", out, "--secret", SECRET]
    merge = told(used_by(command, folder))
    figures = (
        *(students, students * len(SLUGS)),
        *((out / "results.jsonl").stat().st_size, (out / "results.sqlite").stat().st_size, merge),
    )
    if students > pages:
        return Figures(*figures)
    progress("gradpath report")
    report = told(used_by((gradpath_command(), "report", out), folder))
    opened = open_page(out / "report.html", 3) if Path(CHROMIUM).exists() else None
    progress(f"gradpath feedback --assignment {SLUGS[0]}")
    only = ("--assignment", SLUGS[0], "--hidden", "all")
    feedback = told(used_by((gradpath_command(), "feedback", out, *only), folder))
    written = list((out / "feedback").glob("*/*.html"))
    beside = size_of(out.glob("report-rows-*.js"))
    return Figures(
        *figures,
        *(report, (out / "report.html").stat().st_size, beside, opened),
        *(feedback, len(written), size_of(written)),
    )


def megabytes(number: int) -> str:
    return f"{number / 1e6:.1f}"


def show(sizes: list[Sizes], all_figures: list[Figures]) -> None:
    print("bytes of a graded submission, on average\n")
    header = ("assignment", "submissions", "result", "source in store", "runs in store", "page")
    numbers = [[f"{value:,}" for value in list(asdict(each).values())[1:]] for each in sizes]
    rows = [[each.assignment, *row] for each, row in zip(sizes, numbers, strict=True)]
    print(table(header, rows))
    print(f"\nmade-up cohorts of {len(SLUGS)} assignments, in {SHARDS} shards\n")
    lines: list[tuple[str, Callable[[Figures], str]]] = [
        ("results", lambda f: f"{f.results:,}"),
        ("results.jsonl, MB", lambda f: megabytes(f.results_bytes)),
        ("results.sqlite, MB", lambda f: megabytes(f.store_bytes)),
        ("merge, processor s", lambda f: f"{f.merge.cpu_seconds:.0f}"),
        ("merge, MiB", lambda f: f"{f.merge.mib:.0f}"),
        ("report, processor s", lambda f: f"{f.report.cpu_seconds:.0f}" if f.report else "-"),
        ("report, MiB", lambda f: f"{f.report.mib:.0f}" if f.report else "-"),
        ("report's page, MB", lambda f: megabytes(f.page_bytes) if f.report else "-"),
        ("rows beside it, MB", lambda f: megabytes(f.rows_bytes) if f.report else "-"),
        ("first rows in Chromium, s", lambda f: f"{f.opened.first:.1f}" if f.opened else "-"),
        ("all rows, s", lambda f: f"{f.opened.complete:.1f}" if f.opened else "-"),
        ("filtered, s", lambda f: f"{f.opened.filtered:.2f}" if f.opened else "-"),
        (f"feedback pages, {SLUGS[0]}", lambda f: f"{f.pages:,}" if f.feedback else "-"),
        ("feedback, processor s", lambda f: f"{f.feedback.cpu_seconds:.0f}" if f.feedback else "-"),
        ("feedback, MiB of a process", lambda f: f"{f.feedback.mib:.0f}" if f.feedback else "-"),
        ("feedback pages, MB", lambda f: megabytes(f.pages_bytes) if f.feedback else "-"),
    ]
    columns = ("students", *(f"{each.students:,}" for each in all_figures))
    print(table(columns, [[name, *map(value, all_figures)] for name, value in lines]))


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    all_figures = []
    with tempfile.TemporaryDirectory(prefix="gradpath-scale-") as scratch:
        progress(f"grading {chosen.graded} submissions of each of {len(SLUGS)} assignments")
        sizes, runs = graded(Path(scratch, "graded"), chosen.graded)
        for students in chosen.students:
            folder = Path(scratch, str(students))
            all_figures.append(measured(folder, students, runs, chosen.pages))
            shutil.rmtree(folder)
    print(f"{machine_line(facts)}\n")
    show(sizes, all_figures)
    content = {"sizes": [*map(asdict, sizes)], "cohorts": [*map(asdict, all_figures)]}
    write_json(chosen.json, {"machine": facts, **content})


if __name__ == "__main__":
    finish(main)
