"""What a worker does: load the student's module, answer one call after another, end."""

from __future__ import annotations

import builtins
import copy
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from gradpath import codec, protocol
from gradpath.errors import ChannelError
from gradpath.protocol import Failure, Invoke, Load, Reply
from gradpath.worker.loader import Submission
from gradpath.worker.output import CountedOutput, OutputLimit
from gradpath.worker.values import build, plain

Probe = Callable[..., Any]

_requests = codec.decoder(Load | Invoke)


def serve(reading: int, writing: int, probes: Mapping[str, Probe], max_output: int) -> None:
    """Answer requests from file descriptor `reading` on `writing` until it is closed."""
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  lives as long as the process
    sys.stdout = CountedOutput(max_output)
    sys.stderr = sys.stdout
    builtins.input = _no_keyboard
    submission: Submission | None = None
    while (payload := _read(reading)) is not None:
        request = codec.decode(payload, _requests)
        if isinstance(request, Load):
            submission = Submission(request)
            reply = _load(submission)
        elif submission is None:
            raise ChannelError("a call came before the module")
        else:
            reply = _invoke(submission, request, probes)
        _write(writing, codec.encode(reply))


def _no_keyboard(prompt: object = "") -> NoReturn:
    raise EOFError("input() waits for a keyboard, and there is none while a file is checked")


def _load(submission: Submission) -> Reply:
    start = time.perf_counter()
    try:
        failures = submission.execute()
    except OutputLimit:
        return Reply(0, "output")
    except MemoryError:
        return Reply(0, "memory")
    return Reply(
        0,
        "raised" if failures else "returned",
        value=_broken_cells(failures),
        failure=failures[0] if failures else None,
        seconds=time.perf_counter() - start,
    )


def _broken_cells(failures: list[Failure]) -> list[str]:
    return [failure.frames[0].cell for failure in failures if failure.frames]


def _invoke(submission: Submission, request: Invoke, probes: Mapping[str, Probe]) -> Reply:
    target: Any
    if request.probe:
        target, given = probes[request.function], [submission.module]
    else:
        target, given = getattr(submission.module, request.function, None), []
        if not callable(target):
            return Reply(request.number, "missing")
    arguments = [build(argument) for argument in request.args]
    start = time.perf_counter()
    try:
        value = plain(target(*given, *arguments))
        seconds = time.perf_counter() - start
        if not request.twice:
            return Reply(request.number, "returned", value, seconds=seconds)
        # Copies, because the second call may change what the first one returned or was given.
        value = copy.deepcopy(value)
        after = copy.deepcopy([plain(argument) for argument in arguments])
        again = plain(target(*given, *arguments))
        return Reply(request.number, "returned", value, again, after, seconds=seconds)
    except OutputLimit:
        return Reply(request.number, "output")
    except NotImplementedError as error:
        return Reply(request.number, "not_implemented", failure=submission.failure(error))
    except MemoryError:
        return Reply(request.number, "memory")
    except AttributeMissing as error:
        return Reply(request.number, "missing", value=str(error))
    except BaseException as error:
        if "can't allocate memory" in str(error):  # torch's allocator raises RuntimeError
            return Reply(request.number, "memory")
        return Reply(request.number, "raised", failure=submission.failure(error))


class AttributeMissing(Exception):
    """A probe did not find what it needs in the student's module; the text names it."""


def _read(fd: int) -> bytes | None:
    header = _exactly(fd, protocol.HEADER.size)
    return None if header is None else _exactly(fd, protocol.announced_length(header))


def _exactly(fd: int, count: int) -> bytes | None:
    received = bytearray()
    while len(received) < count:
        part = os.read(fd, min(count - len(received), 1 << 20))
        if not part:
            return None
        received += part
    return bytes(received)


def _write(fd: int, payload: bytes) -> None:
    view = memoryview(protocol.frame(payload))
    while view:
        view = view[os.write(fd, view) :]
