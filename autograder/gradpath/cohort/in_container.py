"""The inside of `gradpath grade --docker`: grade the mounted files, write a line for each result.

`python -m gradpath.cohort.in_container` reads two lines of JSON from its standard input and writes
messages, a line of JSON each, to its standard output:

    caller:     `GradeRequest`   with the secret, and with paths inside the container
    container:  `Started`        the submissions that are there, and the container's gradpath
    caller:     `Left`           the submissions to grade; the caller has results of the others
    container:  `GradedMessage`  one for each of them, in the order in which they get ready
    container:  `Finished`       or at any time `Failed`

The secret comes with the request: neither the container's command line nor its environment has it.
When the input ends, so does the container: the caller is gone.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Sequence
from typing import Any, BinaryIO

import msgspec

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.fingerprint import digest, fingerprint
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.run import Run, occurring
from gradpath.course.load import slugs
from gradpath.engine.isolation import Level, level
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from gradpath.text.messages import tree_of


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The submissions that the container found, and its identity.

    `digest` is that of its gradpath and course, `fingerprint` includes its Python and libraries.
    `submissions` has (student, assignment) of each, and `isolation_text` is a tree.
    """

    digest: str
    fingerprint: str
    submissions: list[tuple[str, str]]
    isolation: Level
    isolation_text: Any


class Left(msgspec.Struct, frozen=True):
    """The submissions to grade, as positions in `Started.submissions`."""

    positions: list[int]


class GradedMessage(msgspec.Struct, frozen=True, tag="graded"):
    """One result, as soon as it is there, and the artifacts of the submission."""

    result: Result
    kept: Kept


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """Every result that was wanted was sent. `problems` are failures of the grader itself."""

    problems: list[str]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Nothing can be graded, for a reason that the user can do something about."""

    said: Any
    """The tree of the reason."""


Spoken = Started | GradedMessage | Finished | Failed


def main() -> int:
    """Serve one request; return the exit status."""
    # Text that something prints to standard output must not get between the messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered: a thread that waits in a buffered read cannot be left behind at the end.
    with open(0, "rb", buffering=0, closefd=False) as unbuffered:
        request = GradeRequest.from_json(unbuffered.readline())
        try:
            submissions = _start(request, out)
            wanted = unbuffered.readline()
            if not wanted:  # the caller is gone, or has all results
                return 0
            left = msgspec.json.decode(wanted, type=Left)
            threading.Thread(target=_end_with_the_input, daemon=True).start()
            _grade(request, [submissions[at] for at in left.positions], out)
        except GradpathError as error:
            _say(out, Failed(tree_of(error.message)))
    return 0


def _start(request: GradeRequest, out: BinaryIO) -> list[Submission]:
    submissions, _ = find(request.paths, slugs(), request.only)
    isolation = level()
    here = (digest(), fingerprint(), _keys(submissions))
    _say(out, Started(*here, isolation.level, tree_of(isolation.text)))
    return submissions


def _grade(request: GradeRequest, submissions: list[Submission], out: BinaryIO) -> None:
    with Run(
        occurring(submissions),
        request.secret,
        public_only=request.public_only,
        jobs=request.jobs or 1,
    ) as run:
        run.grade_all(submissions, lambda _: None, functools.partial(_send, out))
        _say(out, Finished(run.problems))


def _send(out: BinaryIO, graded: Sequence[tuple[Result, Kept]]) -> None:
    for result, kept in graded:
        _say(out, GradedMessage(result, kept))


def _keys(submissions: list[Submission]) -> list[tuple[str, str]]:
    return [(submission.student, submission.assignment) for submission in submissions]


def _say(out: BinaryIO, message: Spoken) -> None:
    out.write(msgspec.json.encode(message) + b"\n")
    out.flush()


def _end_with_the_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
