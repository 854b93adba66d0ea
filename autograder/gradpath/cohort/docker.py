"""The grading container: the Docker engine that runs it, and a run of a cohort in it."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from gradpath.cohort.closing import Closing
from gradpath.cohort.docker_engine import (
    BUILD_COMMAND,
    ask,
    default_tag,
    docker_path,
    has_image,
    last_line,
)
from gradpath.cohort.fingerprint import digest
from gradpath.cohort.in_container import Failed, Finished, GradedMessage, Left, Spoken, Started
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.run import Keep
from gradpath.course.settings import read_settings
from gradpath.engine.isolation import Isolation, level
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.submissions.submission import Submission
from gradpath.text.languages import message_from
from gradpath.text.messages import Message
from gradpath.worker.limits import Limits

CAPABILITIES: Final = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID")
"""Capabilities that root keeps in the container: to read the files that the caller may read, to
give each submission its own user id and folder, to stop its processes and delete its files."""

_INSIDE: Final = "/srv/gradpath/in"
_COMMAND: Final = ("/opt/gradpath/bin/python", "-m", "gradpath.cohort.in_container")
_CONFINED: Final = (
    "--pull never --network none --log-driver none --user 0:0 --read-only "
    "--security-opt no-new-privileges --cap-drop ALL"
)
_NOT_STARTED: Final = (125, 126, 127)
"""Exit statuses of `docker run` when the container's command never ran."""

_messages = msgspec.json.Decoder(Spoken)


class ContainerRun(Closing):
    """One container that grades one cohort. Use it as a context manager, as `Run`.

    `start` it, then let it grade the submissions without a result.
    """

    def __init__(self, request: GradeRequest, slugs: Sequence[str]) -> None:
        """Make sure that the engine and the image are there.

        Args:
            request: with an image, the secret that seeds the hidden data, and a number of jobs.
            slugs: the assignments that occur.

        Raises:
            GradpathError: no docker, no engine, or no such image.
        """
        self.problems: list[str] = []
        """Submissions that the grader failed on, by its own fault."""
        self.isolation = level()
        """The level of this machine; of the container, once it has started."""
        self._docker = docker_path()
        self._image = request.image or default_tag()
        if not has_image(self._docker, self._image):
            raise GradpathError(missing_image(self._image))
        self._name = f"gradpath-{uuid.uuid4().hex[:12]}"
        self._slugs = slugs
        self._jobs = request.jobs or 1
        self._mounts = [
            (path.resolve(), f"{_INSIDE}/{number}/student{_path_inside(path)}")
            for number, path in enumerate(request.paths)
        ]
        inside = tuple(Path(target) for _, target in self._mounts)
        self._request = msgspec.structs.replace(
            request, paths=inside, out=Path(), folder=Path(), secret_file=None
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: Iterator[Spoken] = iter(())
        self._position: dict[tuple[str, str], int] = {}

    def start(self, submissions: Sequence[Submission]) -> str:
        """Start the container; return the fingerprint of the grader in it.

        Args:
            submissions: all under the paths; the container must find the same.

        Raises:
            GradpathError: it does not start, or the image is of another gradpath.
        """
        self._position = {
            (submission.student, submission.assignment): at
            for at, submission in enumerate(submissions)
        }
        self._messages = self._converse()
        started = next(self._messages)
        if not isinstance(started, Started):
            raise GradpathError(self._unexpected())
        self._must_match(started)
        return started.fingerprint

    def grade_all(
        self,
        submissions: Sequence[Submission],
        progress: Callable[[Result], None],
        keep: Keep | None = None,
    ) -> list[Result]:
        """Grade in the container; the results have the order of the submissions.

        Args:
            submissions: some of those that it was started with.
            progress: called with each result as it comes.
            keep: called before that with the result and the artifacts of the submission.

        Raises:
            GradpathError: the container did not finish.
        """
        names = [(submission.student, submission.assignment) for submission in submissions]
        left = Left([self._position[name] for name in names])
        self._send(msgspec.json.encode(left))
        results: dict[tuple[str, str], Result] = {}
        for message in self._messages:
            if isinstance(message, GradedMessage):
                result = message.result
                results[result.student, result.assignment] = result
                if keep is not None:
                    keep([(result, message.kept)])
                progress(result)
            elif isinstance(message, Finished):
                self.problems += message.problems
        return [results[name] for name in names]

    def _must_match(self, started: Started) -> None:
        if started.digest != digest():
            raise GradpathError(
                Message(
                    "the image {image} was built from another gradpath or course than this; "
                    "build it again with `{command}`",
                    image=self._image,
                    command=BUILD_COMMAND,
                )
            )
        if started.submissions != list(self._position):
            raise GradpathError(
                Message(
                    "the container does not find the same submissions; does the Docker engine see "
                    "this machine's files, and did they change meanwhile?"
                )
            )
        self.isolation = Isolation(started.isolation, message_from(started.isolation_text))

    def _converse(self) -> Iterator[Spoken]:
        """Start the container, send the request, and yield messages until it has finished."""
        with tempfile.TemporaryFile() as errors:
            # Ctrl-C is for us to handle: docker's own client shall not see it.
            self._process = subprocess.Popen(
                self._argv(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
            assert self._process.stdout is not None
            self._send(self._request.to_json())
            finished = False
            for line in self._process.stdout:
                message = self._decode(line)
                yield message
                finished = isinstance(message, Finished)
            status = self._process.wait()
            errors.seek(0)
            reason = errors.read().decode("utf-8", "replace")
        if not finished:
            raise GradpathError(_why_it_ended(status, reason))
        sys.stderr.write(reason)

    def _send(self, message: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        # A container that has ended takes nothing; `_converse` finds out why it has.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(message + b"\n")
            self._process.stdin.flush()

    def _decode(self, line: bytes) -> Spoken:
        try:
            message: Spoken = _messages.decode(line)
        except msgspec.MsgspecError:
            raise GradpathError(self._unexpected()) from None
        if isinstance(message, Failed):
            raise GradpathError(message_from(message.said))
        return message

    def _unexpected(self) -> str:
        return Message(
            "the image {image} does not answer as this gradpath expects; build it again with "
            "`{command}`",
            image=self._image,
            command=BUILD_COMMAND,
        )

    def _argv(self) -> list[str]:
        limits = [read_settings(slug).limits for slug in self._slugs]
        argv = [self._docker, "run", "--rm", "--interactive", "--init", "--name", self._name]
        argv += _CONFINED.split()
        for capability in CAPABILITIES:
            argv += ["--cap-add", capability]
        argv += _sizes(limits, self._jobs)
        argv += ["--env", "HOME=/tmp", "--env", "TMPDIR=/tmp"]
        for source, target in self._mounts:
            argv += ["--mount", _bind(source, target)]
        return [*argv, "--entrypoint", _COMMAND[0], self._image, *_COMMAND[1:]]

    def close(self) -> None:
        """Remove the container if it is still there."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        running = process.poll() is None
        if running:
            # Killed first: the engine may not have made the container yet when it is asked.
            with contextlib.suppress(subprocess.TimeoutExpired):
                ask([self._docker, "rm", "--force", self._name])
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def missing_image(image: str) -> str:
    """Return the advice about an image that is not there, in one line."""
    if Path(image).exists():
        return Message(
            "--docker took {image} for the name of an image; write --docker after the PATHs, or "
            "--docker=IMAGE",
            image=image,
        )
    return Message(
        "there is no image {image}; build it with `{command}`", image=image, command=BUILD_COMMAND
    )


def _why_it_ended(status: int, reason: str) -> str:
    if status in _NOT_STARTED:
        return Message("the container does not start: {reason}", reason=last_line(reason))
    # 137 is the status of a process that the kernel kills when memory runs out.
    killed = Message("killed, or out of memory")
    return Message(
        "the container ended with status {status} before everything was graded ({reason})",
        status=status,
        reason=killed if status == 137 else last_line(reason),
    )


def _path_inside(path: Path) -> Path:
    """Return the whole path: names of folders above it may be the student's.

    Links are followed, but a link to a file keeps its own name, which names the assignment.
    """
    resolved = path.resolve()
    return resolved if path.is_dir() else resolved.with_name(path.name)


def _bind(source: Path, target: str) -> str:
    """Write a read-only mount as docker reads it: fields as in a CSV file."""
    text = io.StringIO()
    fields = ["type=bind", f"source={source}", f"target={target}", "readonly"]
    csv.writer(text, lineterminator="").writerow(fields)
    try:
        text.getvalue().encode()
    except UnicodeEncodeError:
        raise GradpathError(
            Message(
                "docker cannot mount {source!r}; rename it to a name in UTF-8",
                source=os.fsencode(source),
            )
        ) from None
    return text.getvalue()


def _sizes(limits: Sequence[Limits], jobs: int) -> list[str]:
    """Limit the whole container, so that no submission meets these limits before its own.

    Each thread has a worker for the submission and one for the reference; 1 GiB is for the grader
    and the libraries, which all share.
    """
    memory = 1024 + jobs * (2 * max(limit.memory_mb for limit in limits) + 256)
    processes = 128 + jobs * 4 * max(limit.processes for limit in limits)
    tmpfs = f"/tmp:rw,nosuid,nodev,noexec,mode=1777,size={256 * (jobs + 1)}m"
    return ["--memory", f"{memory}m", "--pids-limit", str(processes), "--tmpfs", tmpfs]
