"""Merging shards: results that several machines have graded, put together as those of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.checkpoint import Cohort
from gradpath.cohort.grade import Callbacks, CohortRun, Outcome
from gradpath.cohort.keys import Keys, content_of
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.regrade import published
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.shards import Shard, shard_of
from gradpath.cohort.store import NAME, RecordedRun, Store
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, failed_by_grader, in_language
from gradpath.text import some
from gradpath.text.languages import Language
from gradpath.text.messages import Message, joined, template

_ALIKE: Final = {
    "paths": Message("other PATHs"),
    "only": Message("another --assignment"),
    "public_only": Message("another --hidden or --public"),
}
"""Fields that the requests of all shards have in common, and how their difference is named."""

Name = tuple[str, str]
"""A student and an assignment."""


@dataclass(frozen=True)
class _Part:
    """A folder with the finished run of a shard."""

    folder: Path
    run: RecordedRun
    shard: Shard


def merge(folders: Sequence[Path], request: GradeRequest, tell: Callbacks) -> Outcome:
    """Put shards together, in the folder and with the secret of a request.

    The submissions are read once more: a result counts only for the file that it was made of.

    Args:
        folders: those of all shards, in any order.
        request: names the output folder, the secret, the folder with the late policy, and the
            submissions if they have moved.
        tell: called on the way.

    Raises:
        GradpathError: a shard is missing or not finished, or it belongs to another run; or a
            submission has no result, or two that differ, or has changed. Nothing is written.
    """
    parts = [_part(folder) for folder in folders]
    _must_be_whole(parts, [field for field in _ALIKE if field != "paths" or not request.paths])
    recorded = parts[0].run
    request = msgspec.structs.replace(
        request.continuing(recorded.request, ()),
        shard=None,
        folder=request.folder,
        paths=request.paths or recorded.request.paths,
    )
    request.must_lie_apart(request.out)
    run = CohortRun(request, tell)
    contents = {
        (submission.student, submission.assignment): content_of(submission)
        for submission in run.submissions
    }
    taken = _results(parts, run, contents)
    with OutFolder(request.out) as folder, Store(request.out) as store:
        keys = _keys(run, store, recorded)
        cohort = Cohort(store, run.submissions, keys, "", contents)
        cohort.begin(request)
        for folder_of_part, results_of_part in taken.items():
            with store.together(), Store(folder_of_part, create=False) as source:
                for result in results_of_part:
                    kept = source.kept(result.student, result.assignment)
                    cohort.take(result, kept or Kept())
        folder.log("merged", f"shards {len(parts)}, submissions {len(run.submissions)}")
        results, _, _, files = run.write(cohort)
        store.finish()
    return Outcome(results, run.slugs, None, 0, [], None, files, 0, 0.0)


def _part(folder: Path) -> _Part:
    if not (folder / NAME).is_file():
        raise GradpathError(
            Message(
                "there is no shard in {folder}; `gradpath grade --shard` makes one", folder=folder
            )
        )
    with OutFolder(folder), Store(folder, create=False) as store:
        run = store.finished_run()
    if run.request.shard is None:
        raise GradpathError(
            Message(
                "{folder} has no shard, but a run of all submissions; leave it out, or grade with "
                "--shard",
                folder=folder,
            )
        )
    return _Part(folder, run, run.request.shard)


def _must_be_whole(parts: Sequence[_Part], fields: Sequence[str]) -> None:
    """Make sure that parts are all the shards of one run, graded by one grader.

    Raises:
        GradpathError: they are not.
    """
    first = parts[0]
    count = first.shard.count
    for part in parts[1:]:
        differences = [_ALIKE[field] for field in fields if not _agree(first.run, part.run, field)]
        if part.shard.count != count:
            differences.insert(0, Message("another number of shards"))
        if differences:
            raise GradpathError(
                Message(
                    "{folder} and {other} are no shards of one run: one has {names}",
                    folder=part.folder,
                    other=first.folder,
                    names=joined(" and ", differences),
                )
            )
        if part.run.fingerprint != first.run.fingerprint:
            raise GradpathError(
                Message(
                    "{folder} and {other} were graded by different versions of gradpath, "
                    "the course or its libraries; grade one of them again",
                    folder=part.folder,
                    other=first.folder,
                )
            )
    numbers = {part.shard.number for part in parts}
    if missing := [f"{number}/{count}" for number in range(count) if number not in numbers]:
        raise GradpathError(
            Message(
                "missing: shard {names}; grade it with `gradpath grade --shard {missing}`, "
                "or give its folder",
                names=some(missing),
                missing=missing[0],
            )
        )


def _agree(one: RecordedRun, other: RecordedRun, field: str) -> bool:
    return bool(one.request.identity(field) == other.request.identity(field))


def _keys(run: CohortRun, store: Store, recorded: RecordedRun) -> Keys:
    public_only = run.request.public_only
    return Keys(run.seed, store.salt, recorded.fingerprint, public_only=public_only)


def _results(
    parts: Sequence[_Part], run: CohortRun, contents: Mapping[Name, bytes | None]
) -> dict[Path, list[Result]]:
    """Return the results that each folder has; one that two folders have is taken from the first.

    Raises:
        GradpathError: there is not exactly one result of each submission as it is now.
    """
    language = Language(run.request.language)
    submissions = {(each.student, each.assignment): each for each in run.submissions}
    found: dict[Name, tuple[Path, Result]] = {}
    taken: dict[Path, list[Result]] = {part.folder: [] for part in parts}
    for part in parts:
        with OutFolder(part.folder), Store(part.folder, create=False) as store:
            keys = _keys(run, store, part.run)
            if keys.proof != part.run.proof:
                raise GradpathError(
                    Message(
                        "this is not the secret that {folder} was graded with", folder=part.folder
                    )
                )
            stored = store.published()
            for result in published(part.folder):
                name = (result.student, result.assignment)
                if name not in submissions:
                    raise _refused(
                        template("{where} is no longer among the submissions"), result, part
                    )
                content, key = contents[name], stored.get(name)
                now = content and keys.of(submissions[name], content, result.isolation)
                if not failed_by_grader(result) and now != key:
                    raise _refused(
                        template("{where} has changed since; grade its shard again"), result, part
                    )
                kept = store.get([key]).get(key) if key is not None else None
                if key is not None and (kept is None or in_language(kept, language) != result):
                    raise _refused(
                        template("{where}: results.jsonl is not as `gradpath grade` wrote it"),
                        result,
                        part,
                    )
                if name not in found:
                    found[name] = part.folder, result
                    taken[part.folder].append(kept or result)
                elif found[name][1] != result:
                    raise _other_points(*found[name], result, part)
    if left := [name for name in submissions if name not in found]:
        raise _without_result(left, parts[0].shard.count)
    return taken


def _refused(text: str, result: Result, part: _Part) -> GradpathError:
    """Return the error about a result in a folder, which a template calls `where`."""
    where = Message(
        "{student} / {assignment} in {folder}",
        student=result.student,
        assignment=result.assignment,
        folder=part.folder,
    )
    return GradpathError(Message(text, where=where))


def _other_points(before: Path, old: Result, new: Result, part: _Part) -> GradpathError:
    """Return the error about two folders with different results of one submission."""
    return GradpathError(
        Message(
            "{student} / {assignment} has {score:g} points in {before} and {other_score:g} in "
            "{folder}; leave one out",
            student=new.student,
            assignment=new.assignment,
            score=old.score,
            before=before,
            other_score=new.score,
            folder=part.folder,
        )
    )


def _without_result(names: Sequence[Name], count: int) -> GradpathError:
    """Return the error about submissions that no shard has."""
    named = [
        Message("{name} (shard {shard})", name=" / ".join(name), shard=shard_of(*name, count))
        for name in names
    ]
    return GradpathError(
        Message("no shard has {names}: grade it again, the others are kept", names=some(named))
    )
