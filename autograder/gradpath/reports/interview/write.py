"""Writing the sheets of a run: the examiner's into one folder, the students' into another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from gradpath.cohort.run import Run
from gradpath.course.files import write_files
from gradpath.reports.feedback.paths import page_path
from gradpath.reports.interview.asked import TITLES, Asked
from gradpath.reports.interview.curves import curves_of
from gradpath.reports.interview.draw import Talk, draw
from gradpath.reports.interview.sheet import index_page, pages
from gradpath.reports.results import title_of
from gradpath.text import clean
from gradpath.text.languages import tell

EXAMINER: Final = "examiner"
STUDENTS: Final = "students"
INDEX: Final = "index.html"


@dataclass(frozen=True)
class Written:
    """The sheets of one talk, and how many questions they have."""

    student: str
    slug: str
    questions: int


def write_talks(
    run: Run, talks: Sequence[Talk], folder: Path, secret: str, progress: Callable[[], None]
) -> list[Written]:
    """Compute the questions of all talks, and write the sheets and the index.

    Args:
        run: makes the workers; it includes the assignments of all talks.
        talks: the submissions.
        folder: the folder of the two folders.
        secret: seeds the draw.
        progress: called after each talk.

    Raises:
        GradpathError: the folder cannot be written, or questions are not as they must be.
    """
    with run.workshops() as (_, trusted):
        curves = {slug: curves_of(run.assignments[slug], trusted) for slug in run.assignments}

    def asked_in(talk: Talk) -> list[Asked]:
        slug = talk.result.assignment
        with run.workshops() as (students, _):
            return draw(talk, run.assignments[slug], curves[slug], students, secret)

    written, rows = [], []
    with ThreadPoolExecutor(run.jobs) as pool:
        try:
            # Drawn here, in one thread: matplotlib has state that all threads share.
            for talk, asked in zip(talks, pool.map(asked_in, talks), strict=True):
                rows.append(_write(talk, asked, folder))
                written.append(Written(talk.result.student, talk.result.assignment, len(asked)))
                progress()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            run.close()
            raise
    write_files(folder / EXAMINER, {INDEX: index_page(rows)})
    return written


def _write(talk: Talk, asked: Sequence[Asked], folder: Path) -> Mapping[str, Any]:
    """Write the two sheets; return the row of the index."""
    result = talk.result
    path = page_path(result.student, result.assignment)
    for name, files in zip((STUDENTS, EXAMINER), pages(talk, asked), strict=True):
        target = folder / name / path.parent
        write_files(target, {f"{path.stem}{ending}": data for ending, data in files.items()})
    return {
        "student": clean(result.student),
        "title": tell(title_of(result.assignment), result.assignment),
        "score": result.score,
        "max_score": result.max_score,
        "kinds": [tell(TITLES[one.kind]).lower() for one in asked],
        "examiner": quote(str(path)),
        "sheet": quote(f"../{STUDENTS}/{path}"),
    }
