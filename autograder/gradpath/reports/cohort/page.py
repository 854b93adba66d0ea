"""The page of the cohort report: figures, agreements and all submissions.

It is one file. Of a large run the rows of the submissions lie in files beside it, which the page
loads when it is there already: a browser takes long to open a page of tens of megabytes.
"""

from __future__ import annotations

import base64
import hashlib
import multiprocessing
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup

from gradpath import __version__
from gradpath.cohort.run import default_jobs
from gradpath.course.load import load
from gradpath.course.master import solution_of
from gradpath.course.mistakes import apply
from gradpath.course.settings import slugs
from gradpath.errors import AuthoringError, GradpathError
from gradpath.grading.results import OUTCOMES as OUTCOME_WORDS
from gradpath.grading.results import Result, failed_by_grader, points_text
from gradpath.grading.slips import SLIPS
from gradpath.reports.cohort.agreement import MIN_RARE, Agreement, Agreements, agreements
from gradpath.reports.cohort.own_code import OwnCode, own_code, skeleton
from gradpath.reports.cohort.rows import STATUSES, PageData, harmless, page_data
from gradpath.reports.cohort.run_facts import StoredParts, read_log, read_stored
from gradpath.reports.cohort.statistics import (
    OUTCOMES,
    CheckFigures,
    Combination,
    Distribution,
    check_figures,
    combinations,
    distribution,
    occurrences,
    totals,
)
from gradpath.reports.results import in_course_order, read_results, title_of
from gradpath.reports.scripts import translations
from gradpath.reports.templates import environment
from gradpath.text import printable
from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message, joined, template

MAX_BYTES: Final = 4_800_000
"""Of the page. When it would have more, its rows lie in files beside it."""
SLOWEST: Final = 20
ALONE: Final = 2_000
"""Submissions whose code one process compares: more are worth the start of others."""
LISTED: Final = 200
"""Agreements, combinations and submissions that were stopped; the page says how many more."""


_FILTERS: Final = (Message("student"), Message("misconception"))
"""Filters that the page names by these words."""


@dataclass(frozen=True)
class Histogram:
    """The distribution of the scores of one assignment, or of all."""

    id: str
    title: str
    distribution: Distribution
    statuses: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Misconception:
    """How often a known mistake was named."""

    id: str
    title: str
    students: Sequence[str]
    share: float


@dataclass(frozen=True)
class Section:
    """One assignment."""

    slug: str
    title: str
    graded: int
    checks: Sequence[CheckFigures]
    misconceptions: Sequence[Misconception]
    combinations: Sequence[Combination]


@dataclass(frozen=True)
class Stopped:
    """A submission with a call that took too long or was killed."""

    student: str
    assignment: str
    timeouts: int
    killed: int
    wall: float | None
    cpu: float | None


@dataclass(frozen=True)
class Report:
    """A page, and the numbers and notes that the terminal shows of it."""

    html: bytes
    students: int
    submissions: int
    agreements: int
    notes: Sequence[str]
    beside: Mapping[str, bytes]
    """Files with the rows, by the name that they have beside the page."""


def make_report(
    folder: Path, target: Path, progress: Callable[[int, int], None] = lambda done, of: None
) -> Report:
    """Make the page about a run.

    Args:
        folder: the folder that was `gradpath grade`'s `--out`.
        target: the file that the page will be, beside the folder of feedback pages if there is one.
        progress: called with the number of submissions that have been compared, and of all.

    Raises:
        GradpathError: there are no results, or they cannot be read.
    """
    results = read_results(
        folder,
        template("{path} is empty; there is nothing to report"),
        Message("give a folder that `gradpath grade` wrote (--out)"),
    )
    stored = read_stored(folder, results)
    results = [stored.told.get((one.student, one.assignment), one) for one in results]
    by_slug: dict[str, list[Result]] = {}
    for result in results:
        by_slug.setdefault(result.assignment, []).append(result)
    by_slug = {slug: by_slug[slug] for slug in in_course_order(by_slug)}
    results = [result for of_slug in by_slug.values() for result in of_slug]
    found = _agreements(by_slug, stored, progress)
    notable = found.notable
    notes = []
    if stored.problem:
        none = Message("the page shows no seconds and compares no code")
        notes.append(joined("; ", [stored.problem, none]))
    students = len({result.student for result in results})
    values = {
        "folder": printable(folder.resolve().name),
        "version": __version__,
        "log": read_log(folder),
        "students": students,
        "submissions": len(results),
        "statuses": _statuses(results),
        "isolation": sorted(Counter(result.isolation for result in results).items()),
        "has_hidden": any(c.visibility == "hidden" for r in results for c in r.checks),
        "histograms": _histograms(by_slug),
        "sections": [_section(slug, of_slug) for slug, of_slug in by_slug.items()],
        "slowest": _slowest(results, stored),
        "stopped": _stopped(results, stored),
        "stored": stored,
        "agreements": notable[:LISTED],
        "agreements_left_out": len(notable) - len(notable[:LISTED]),
        "agreements_common": found.common,
        "not_compared": found.not_compared,
        "compared": len(stored.sources),
        "min_rare": MIN_RARE,
        "listed": LISTED,
    }
    seconds = {name: round(stored.cpu.get(name, wall), 2) for name, wall in stored.wall.items()}
    html, beside = _with_rows(values, page_data(results, target.parent, seconds), target.stem)
    return Report(html, students, len(results), len(notable), notes, beside)


def _with_rows(
    values: Mapping[str, Any], data: PageData, stem: str
) -> tuple[bytes, dict[str, bytes]]:
    """Return the page and the files beside it, of which there are none if all fits into it."""
    if sum(map(len, data.parts)) < MAX_BYTES:
        html = _render(values, data.head, data.parts)
        if len(html) <= MAX_BYTES:
            return html, {}
    # Tells the files of this page from those of another one that had its name before.
    mark = hashlib.sha256(b"".join(data.parts)).hexdigest()[:16]
    beside = {
        f"{stem}-rows-{number}.js": b'gradpathRows("%s", %s);\n' % (mark.encode(), part)
        for number, part in enumerate(data.parts, 1)
    }
    head = {**data.head, "mark": mark, "files": list(beside)}
    return _render(values, head, []), beside


def rows_beside(target: Path) -> list[Path]:
    """Return the files with rows that a page before has left beside a page."""
    name = re.compile(rf"{re.escape(target.stem)}-rows-\d+\.js")
    return [path for path in target.parent.glob("*-rows-*.js") if name.fullmatch(path.name)]


def _statuses(results: Sequence[Result]) -> list[tuple[str, int]]:
    count = Counter(
        STATUSES[2] if failed_by_grader(result) else result.status for result in results
    )
    return [(status, count[status]) for status in STATUSES if count[status]]


def _histograms(by_slug: Mapping[str, Sequence[Result]]) -> list[Histogram]:
    everything = [result for of_slug in by_slug.values() for result in of_slug]
    histograms = []
    if len(by_slug) > 1:
        scores, maximum = totals(everything)
        histograms.append(
            Histogram("", Message("All assignments"), distribution(scores, maximum), [])
        )
    for slug, of_slug in by_slug.items():
        # A failure of the grader itself is no score.
        scores = [result.score for result in of_slug if not failed_by_grader(result)]
        if scores:
            described = distribution(scores, of_slug[0].max_score)
            histograms.append(Histogram(slug, title_of(slug), described, _statuses(of_slug)))
    return histograms


def _section(slug: str, results: Sequence[Result]) -> Section:
    graded = sum(result.status == "graded" for result in results)
    titles: dict[str, str] = {}
    if slug in slugs():
        titles = {known.id: known.title for known in (*load(slug).misconceptions, *SLIPS)}
    named = [
        Misconception(id, titles.get(id, ""), students, len(students) / graded)
        for id, students in occurrences(results).items()
    ]
    together = combinations(results)[:LISTED]
    return Section(slug, title_of(slug), graded, check_figures(results), named, together)


def _slowest(results: Sequence[Result], stored: StoredParts) -> list[tuple[Result, Any, Any]]:
    """Return the submissions that took longest, with their seconds of a processor and in all."""
    rows = []
    for result in results:
        name = (result.student, result.assignment)
        if name in stored.wall:
            rows.append((result, stored.cpu.get(name), stored.wall[name]))
    rows.sort(key=lambda row: (-(row[2] if row[1] is None else row[1]), row[0].student))
    return rows[:SLOWEST]


def _stopped(results: Sequence[Result], stored: StoredParts) -> list[Stopped]:
    stopped = []
    for result in results:
        count = Counter(check.outcome for check in result.checks)
        if count["timeout"] or count["killed"]:
            name = (result.student, result.assignment)
            seconds = (stored.wall.get(name), stored.cpu.get(name))
            stopped.append(Stopped(*name, count["timeout"], count["killed"], *seconds))
    return sorted(stopped, key=lambda s: (-s.killed, -s.timeouts, s.student))


def _agreements(
    by_slug: Mapping[str, Sequence[Result]],
    stored: StoredParts,
    progress: Callable[[int, int], None],
) -> Agreements:
    """Return the agreements of all assignments; those of a large run are found in processes."""
    sources = {
        slug: {
            result.student: stored.sources[result.student, slug]
            for result in results
            if (result.student, slug) in stored.sources
        }
        for slug, results in by_slug.items()
    }
    notable: list[Agreement] = []
    common = not_compared = done = 0
    with ExitStack() as stack:
        compare: Callable[..., Iterable[Agreements]] = map
        if len(stored.sources) > ALONE:
            context = multiprocessing.get_context("spawn")
            jobs = min(default_jobs(), len(sources))
            compare = stack.enter_context(ProcessPoolExecutor(jobs, mp_context=context)).map
        found = compare(_compared, sources.keys(), sources.values())
        try:
            for slug, of_slug in zip(sources, found, strict=True):
                notable += of_slug.notable
                common += of_slug.common
                not_compared += of_slug.not_compared
                done += len(sources[slug])
                progress(done, len(stored.sources))
        except BrokenProcessPool:
            raise GradpathError(
                Message("a process that compares code was killed; is there memory left?")
            ) from None
    notable.sort(key=lambda agreement: -agreement.rare)
    return Agreements(notable, common, not_compared)


def _compared(slug: str, sources: Mapping[str, str]) -> Agreements:
    given = skeleton(slug)
    texts = {student: own_code(source, given) for student, source in sources.items()}
    return agreements(slug, texts, _expected(slug)) if len(texts) > 1 else Agreements([], 0)


def _expected(slug: str) -> list[OwnCode]:
    """Return the solution of an assignment, as it is and with each known mistake."""
    if slug not in slugs():
        return []
    assignment = load(slug)
    if assignment.solution is None:
        return []
    solution, given = solution_of(slug), skeleton(slug)
    texts = [solution]
    for known in assignment.misconceptions:
        for variant in known.variants:
            try:
                texts.append(apply(solution, [variant]))
            except AuthoringError:  # `gradpath verify` says so; here it matters little
                continue
    return [own_code(text, given) for text in texts]


# The page


def link(**filters: str | Sequence[str]) -> str:
    """Return the address of the table of submissions with these filters."""
    return f"#{urlencode(filters, doseq=True)}"


def not_passed(figures: CheckFigures) -> list[tuple[str, int]]:
    """Return how many submissions had each outcome but `passed`, as far as there are any."""
    named = zip(OUTCOMES, figures.outcomes, strict=True)
    return [(OUTCOME_WORDS[name], n) for name, n in named if n and name != "passed"]


def percent(share: float) -> str:
    """Write a share as a percentage; only all and nothing are 100 % and 0 %."""
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        return "99 %"
    if rounded == 0 and share > 0:
        return "1 %"
    return f"{rounded} %"


def seconds_text(value: float | None) -> str:
    """Write seconds; a dash where they are not known."""
    return "–" if value is None else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def bar_heights(bins: Sequence[int], height: int) -> list[int]:
    """Return the height of each bar; a bar that is not empty can be seen."""
    most = max(bins) or 1
    return [max(2, round(height * count / most)) if count else 0 for count in bins]


def _render(values: Mapping[str, Any], head: Mapping[str, Any], parts: Sequence[bytes]) -> bytes:
    made = environment("gradpath.reports.cohort", "files")
    made.globals |= {"link": link, "bar_heights": bar_heights, "not_passed": not_passed}
    made.filters |= {"points": points_text, "percent": percent, "seconds": seconds_text}
    files = resources.files("gradpath.reports.cohort") / "files"
    style = (files / "page.css").read_text("utf-8")
    script = (files / "page.js").read_text("utf-8")
    texts = translations(script, shown_language(), "")
    if texts:
        texts |= {str(word): tell(word) for word in (*STATUSES, *OUTCOME_WORDS.values(), *_FILTERS)}
    page = made.get_template("page.html.jinja").render(
        values,
        # Our own files, and JSON made harmless for this place: they go in as they are.
        style=Markup(style),
        script=Markup(script),
        head=Markup(harmless(msgspec.json.encode({"files": [], "texts": texts, **head})).decode()),
        parts=Markup(b",".join(parts).decode()),
        files=len(head.get("files", ())),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return page.encode()


def _hash(text: str) -> str:
    """Return the hash by which a Content-Security-Policy allows a text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
