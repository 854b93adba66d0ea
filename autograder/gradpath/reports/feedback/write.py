"""Writing the pages of a run: on all cores, and only those that are not there as they would be."""

from __future__ import annotations

import functools
import hashlib
import hmac
import itertools
import logging
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.fingerprint import fingerprint
from gradpath.cohort.store import Store
from gradpath.course.config import Hidden
from gradpath.course.files import write_files
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.reports.feedback.page import Pages, template_bytes
from gradpath.reports.feedback.paths import page_path
from gradpath.text.languages import ENGLISH, Language, shown_language, speak
from gradpath.text.messages import Message

_log = logging.getLogger(__name__)

_CHUNK: Final = 8
"""Pages of one assignment that a process makes in a row."""
_HEAD: Final = 400
"""Bytes of a page that have its mark in them."""


_KILLED: Final = Message(
    "a process that makes pages was killed; is there memory left? Try fewer --jobs"
)


@dataclass(frozen=True)
class Wanted:
    """A page to make: the result, and the choice of how much is shown of its hidden checks."""

    result: Result
    hidden: Hidden


@dataclass(frozen=True)
class _Page:
    wanted: Wanted
    kept: Kept | None
    mark: str


@dataclass(frozen=True)
class Written:
    """The outcome for a page; `problem` is empty unless the page could not be made."""

    student: str
    slug: str
    unchanged: bool = False
    problem: str = ""


def write_pages(
    store: Store,
    wanted: Sequence[Wanted],
    folder: Path,
    jobs: int,
    progress: Callable[[Written], None],
) -> None:
    """Write pages; each is there as a whole or not at all.

    Args:
        store: has the kept sources and runs of the submissions.
        wanted: the pages.
        folder: the folder of all pages.
        jobs: number of processes.
        progress: called for each page, as they come.

    Raises:
        GradpathError: the store is damaged, or the folder cannot be written.
    """
    grader = _grader()
    # One assignment after another: equal runs of it are drawn once in each process.
    ordered = sorted(
        (replace(page, result=store.with_trees(page.result)) for page in wanted),
        key=lambda page: page.result.assignment,
    )
    missing: list[Wanted] = []
    for page in ordered:
        name = (page.result.student, page.result.assignment)
        if _is_there(folder, page.result, _page(store, page, grader).mark):
            progress(Written(*name, unchanged=True))
        else:
            missing.append(page)
    chunks = (
        [_page(store, page, grader) for page in chunk]
        for _, group in itertools.groupby(missing, lambda page: page.result.assignment)
        for chunk in _batched(group)
    )
    if jobs == 1 or len(missing) <= _CHUNK:
        for chunk in chunks:
            for made in chunk:
                progress(_write(made, folder))
        return
    # Fresh processes: a copy of this one would have a copy of its threads' locks.
    context = multiprocessing.get_context("spawn")
    processes = min(jobs, -(-len(missing) // _CHUNK))
    with ProcessPoolExecutor(processes, context, speak, (shown_language(),)) as pool:
        waiting: set[Future[list[Written]]] = set()
        try:
            # A few chunks ahead, not all: runs are large, and there may be thousands.
            for chunk in chunks:
                waiting.add(pool.submit(_write_all, chunk, folder))
                if len(waiting) > 2 * jobs:
                    waiting = _some_done(waiting, progress)
            while waiting:
                waiting = _some_done(waiting, progress)
        except BrokenProcessPool:
            raise GradpathError(_KILLED) from None
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _grader() -> str:
    """Return a digest of all that makes pages of results: code, templates, and the language."""
    language = shown_language()
    digest = hashlib.sha256(fingerprint().encode() + template_bytes())
    if language is not ENGLISH:
        digest.update(language.digest())
    return digest.hexdigest()


def _some_done(
    waiting: set[Future[list[Written]]], progress: Callable[[Written], None]
) -> set[Future[list[Written]]]:
    done, rest = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        for page in future.result():
            progress(page)
    return rest


def _batched(group: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    """Cut a sequence into chunks; `itertools.batched` is younger than Python 3.11."""
    rest = iter(group)
    while chunk := list(itertools.islice(rest, _CHUNK)):
        yield chunk


def _page(store: Store, wanted: Wanted, grader: str) -> _Page:
    """Read the data of a page, and make the mark of all of it.

    The mark is in the page, which its student has. So it has a key: a hash alone would confirm
    guesses at data that the page does not show.
    """
    kept = store.kept(wanted.result.student, wanted.result.assignment)
    parts = (grader, wanted.hidden, msgspec.json.encode(wanted.result))
    packed = (kept.packed_source, kept.packed_runs) if kept is not None else ()
    data = msgspec.msgpack.encode((*parts, *packed))
    return _Page(wanted, kept, hmac.digest(store.salt, data, "sha256").hex()[:32])


def _is_there(folder: Path, result: Result, mark: str) -> bool:
    try:
        with (folder / page_path(result.student, result.assignment)).open("rb") as file:
            return f'content="{mark}"'.encode() in file.read(_HEAD)
    except OSError:
        return False


def _write_all(pages: Sequence[_Page], folder: Path) -> list[Written]:
    return [_write(page, folder) for page in pages]


@functools.cache
def _pages(slug: str, language: Language) -> Pages:
    """Return the maker of an assignment's pages, which has texts of the language that is shown."""
    return Pages(slug)


def _write(page: _Page, folder: Path) -> Written:
    """Write one page; a page that cannot be made costs nobody else theirs.

    Raises:
        GradpathError: the folder cannot be written.
    """
    result = page.wanted.result
    name = (result.student, result.assignment)
    try:
        pages = _pages(result.assignment, shown_language())
        html = pages.html(result, page.kept, page.wanted.hidden, page.mark)
    except GradpathError as error:
        return Written(*name, problem=error.message)
    except Exception as error:
        _log.exception("no page for %r", name)
        return Written(*name, problem=f"{type(error).__name__}: {error}")
    path = folder / page_path(*name)
    write_files(path.parent, {path.name: html.encode("utf-8", "replace")})
    return Written(*name)
