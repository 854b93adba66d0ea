"""The submissions of a graded run, as talks: results, kept sources, what their students know."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection
from pathlib import Path

from gradpath.cohort.keys import Keys
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.store import NAME, RecordedRun, Store
from gradpath.course.config import Hidden
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.reports.interview.draw import Talk
from gradpath.reports.results import read_results
from gradpath.text.messages import Message, template


def read_talks(
    folder: Path,
    students: Collection[str],
    only: Collection[str],
    secret: str,
    hidden: Callable[[Result], Hidden],
    out: Path,
) -> list[Talk]:
    """Read the submissions of a run.

    Args:
        folder: the folder that was `gradpath grade`'s `--out`.
        students: the students to take; all if there are none.
        only: the assignments to take; all if there are none.
        secret: must be the run's, so that the same run gives the same sheets.
        hidden: returns the part of a result's hidden checks that its student's page shows.
        out: where the sheets will be, which must not be among the submissions.

    Raises:
        GradpathError: there is no finished run, it had another secret, it has no such results, or
            the sheets would lie among its submissions.
    """
    advice = Message("grade first, with --out {folder}", folder=shlex.quote(str(folder)))
    if not (folder / NAME).is_file():
        raise GradpathError(
            Message("there is no {path}; {advice}", path=folder / NAME, advice=advice)
        )
    results = read_results(
        folder, template("{path} is empty; there is nothing to talk about"), advice
    )
    for name, there, wanted in (
        (Message("student"), {result.student for result in results}, students),
        (Message("assignment"), {result.assignment for result in results}, only),
    ):
        for missing in [one for one in wanted if one not in there]:
            text = template("{folder} has no results of the {name} {missing!r}")
            raise GradpathError(Message(text, folder=folder, name=name, missing=missing))
    chosen = [
        result
        for result in results
        if (not students or result.student in students) and (not only or result.assignment in only)
    ]
    if not chosen:
        raise GradpathError(
            Message(
                "{folder} has no results of these students for these assignments", folder=folder
            )
        )
    with OutFolder(folder), Store(folder, create=False) as store:
        run = store.finished_run()
        _must_have_secret(run, store, folder, secret)
        run.request.must_lie_apart(out)
        talks = []
        for result in chosen:
            kept = store.kept(result.student, result.assignment, runs=False)
            source = kept.source() if kept is not None else None
            # Of a source that was cut off, half a function would be asked about.
            cells = () if source is None or source.cut else source.cells
            # English with trees: sheets may be in another language than the run.
            talks.append(Talk(store.with_trees(result), cells, hidden(result)))
    return talks


def _must_have_secret(run: RecordedRun, store: Store, folder: Path, secret: str) -> None:
    public = run.request.public_only  # graded without a secret: any will do for the draw
    if not public and Keys(secret, store.salt, "", public_only=False).proof != run.proof:
        raise GradpathError(
            Message(
                "this is not the secret that the run in {folder} was started with; give that one, "
                "so that the same run always gives the same sheets",
                folder=folder,
            )
        )
