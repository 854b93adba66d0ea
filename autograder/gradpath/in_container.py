"""The inside of `gradpath grade --docker`: grade what is mounted, say the results line by line.

`python -m gradpath.in_container` reads one request, a line of JSON, from its standard input and
writes messages, a line of JSON each, to its standard output. The secret comes with the request:
neither the container's command line nor its environment has it. When the input ends, so does the
container: whoever asked is gone.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

import gradpath
from gradpath.course import slugs
from gradpath.errors import GradpathError
from gradpath.isolation import Level, level
from gradpath.results import Result
from gradpath.run import Run
from gradpath.settings import course_root
from gradpath.submissions import Submission, find

_CODE: Final = (".py", ".toml", ".json", ".msgpack")


class Request(msgspec.Struct, frozen=True):
    """What to grade, and how; the paths are those inside the container."""

    paths: list[str]
    only: list[str]
    assignments: list[str]
    secret: str
    public_only: bool
    jobs: int


class Started(msgspec.Struct, frozen=True, tag="started"):
    """What the container found: the digest of its gradpath, and (student, assignment) each."""

    digest: str
    submissions: list[tuple[str, str]]
    isolation: Level
    isolation_text: str


class Graded(msgspec.Struct, frozen=True, tag="graded"):
    """One result, as soon as it is there."""

    result: Result


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """Every result was sent. `problems` are failures of the grader itself."""

    problems: list[str]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Nothing can be graded, for a reason that the user can do something about."""

    message: str


Message = Started | Graded | Finished | Failed


def digest() -> str:
    """Return a digest of all that decides about results: gradpath's code, the course's files.

    It is the same for a checkout and for the package that was built from it.
    """
    package, course = Path(gradpath.__file__).parent, course_root()
    files = {
        **{f"gradpath/{path}": package / path for path in _code_below(package, "coursework")},
        **{
            f"{folder}/{path}": course / folder / path
            for folder in ("assignments", "solutions")
            for path in _code_below(course / folder)
        },
    }
    total = hashlib.sha256()
    for name, path in sorted(files.items()):
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _code_below(root: Path, left_out: str = "") -> list[str]:
    relative = [path.relative_to(root) for path in root.rglob("*") if path.suffix in _CODE]
    return [
        path.as_posix()
        for path in relative
        if path.parts[0] != left_out
        and not any(part.startswith((".", "__p")) for part in path.parts)
    ]


def main() -> int:
    """Serve one request; return the exit status."""
    # Whatever prints to standard output from here on must not get between the messages.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered: a thread that waits in a buffered read cannot be left behind at the end.
    with open(0, "rb", buffering=0, closefd=False) as unbuffered:
        request = msgspec.json.decode(unbuffered.readline(), type=Request)
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    try:
        _grade(request, out)
    except GradpathError as error:
        _say(out, Failed(str(error)))
    return 0


def _grade(request: Request, out: BinaryIO) -> None:
    submissions, _ = find([Path(path) for path in request.paths], slugs(), request.only)
    isolation = level()
    _say(out, Started(digest(), _keys(submissions), isolation.level, isolation.text))
    with Run(
        request.assignments,
        request.secret,
        public_only=request.public_only,
        jobs=request.jobs,
    ) as run:
        run.grade_all(submissions, lambda result: _say(out, Graded(result)))
        _say(out, Finished(run.problems))


def _keys(submissions: list[Submission]) -> list[tuple[str, str]]:
    return [(each.student, each.assignment) for each in submissions]


def _say(out: BinaryIO, message: Message) -> None:
    out.write(msgspec.json.encode(message) + b"\n")
    out.flush()


def _end_with_the_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
