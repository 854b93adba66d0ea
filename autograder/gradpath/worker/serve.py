"""The work of a worker: load the student's module, answer one call after another, end."""

from __future__ import annotations

import builtins
import functools
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from os import _exit as exit_now
from os import getpid
from os import read as read_bytes
from os import write as write_bytes
from typing import Any, NoReturn

import msgspec
from msgspec import structs

from gradpath.errors import ChannelError
from gradpath.worker import codec, protocol
from gradpath.worker.loader import Announce, Submission, out_of_memory
from gradpath.worker.output import CountedOutput, OutputLimit
from gradpath.worker.protocol import Answer, Invoke, Load, Remark, Reply
from gradpath.worker.settings import Settings
from gradpath.worker.values import build, read
from gradpath.worker.watch import watch

Probe = Callable[..., Any]

_requests = codec.decoder(Load | Invoke)
_answers = codec.decoder(Answer)


def serve(
    reading: int, writing: int, probes: Mapping[str, Probe], max_output: int, shown: int = 0
) -> None:
    """Answer requests from file descriptor `reading` on `writing` until it is closed.

    Args:
        reading: where requests come from.
        writing: where replies go to.
        probes: the assignment's probes by name.
        max_output: characters that the submission may print.
        shown: characters of each call's output that its reply has.
    """
    # Descriptor 0 is /dev/null by now, and no file may be opened any more.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  for good
    sys.stdout = output = CountedOutput(max_output, shown)
    sys.stderr = sys.stdout
    builtins.input = _no_keyboard
    submission: Submission | None = None
    settings = Settings()
    own = getpid()

    def announce(number: int, remark: Remark) -> None:
        send(Reply(0, "running", value=number, remarks=[remark]))

    def send(reply: Reply) -> None:
        if getpid() != own:
            # A copy that the student's code made by os.fork(): only the original answers.
            exit_now(0)
        _write(writing, _encode(reply))

    received = bytearray()
    number = 0

    def ask(question: dict[str, Any]) -> Answer:
        send(Reply(number, "asks", question))
        payload = _read(reading, received)
        if payload is None:
            exit_now(0)  # the grader has had enough
        answer: Answer = codec.decode(payload, _answers)
        return answer

    while (payload := _read(reading, received)) is not None:
        request = codec.decode(payload, _requests)
        if isinstance(request, Load):
            submission = Submission(request, ask)
            send(_load(submission, announce))
            settings = Settings()
        elif submission is None:
            raise ChannelError("a call came before the module")
        else:
            number = request.number
            output.begin()
            reply = _invoke(submission, request, probes, settings, output)
            send(structs.replace(reply, printed=output.kept) if output.kept else reply)


def _encode(reply: Reply) -> bytes:
    """Turn a reply into a frame; when there is no memory left for it, say so instead."""
    try:
        return protocol.frame(codec.encode(reply))
    except MemoryError:
        return protocol.frame(codec.encode(Reply(reply.number, "memory")))


def _no_keyboard(prompt: object = "") -> NoReturn:
    raise EOFError("input() waits for a keyboard, and there is none while a file is checked")


def _load(submission: Submission, announce: Announce) -> Reply:
    try:
        remarks = submission.execute(announce)
        return Reply(0, "returned", value=submission.remarked, remarks=remarks)
    except OutputLimit:
        return Reply(0, "output")
    except MemoryError:
        pass  # the reply is made where the exception is gone: see `_invoke`
    return Reply(0, "memory")


def _invoke(
    submission: Submission,
    request: Invoke,
    probes: Mapping[str, Probe],
    settings: Settings,
    output: CountedOutput,
) -> Reply:
    number = request.number
    # All of it, because even looking a name up may run the student's code (a module's __getattr__).
    try:
        return _call(submission, request, probes, settings, output)
    except OutputLimit:
        return Reply(number, "output")
    except AttributeMissing as error:
        return Reply(number, "missing", value=str(error))
    except BaseException as error:
        if not out_of_memory(error):
            failure = submission.failure(error)
            if isinstance(error, NotImplementedError) and submission.says_not_implemented(failure):
                return Reply(number, "not_implemented", failure=failure)
            return Reply(number, "raised", failure=failure)
    # The frames of the exception held the memory, and not a byte was left for a reply.
    return Reply(number, "memory")


def _call(
    submission: Submission,
    request: Invoke,
    probes: Mapping[str, Probe],
    settings: Settings,
    output: CountedOutput,
) -> Reply:
    target: Any
    if request.probe:
        target, given = probes[request.function], [submission.module]
    else:
        target, given = getattr(submission.module, request.function, None), []
        if not callable(target):
            raise AttributeMissing(request.function)
    arguments = [build(argument) for argument in request.args]
    if request.watched:
        evidence = watch(
            submission.module,
            submission.functions,
            request.function,
            functools.partial(target, *given),
            arguments,
        )
        return Reply(request.number, "returned", msgspec.to_builtins(evidence))
    if not request.twice:
        return Reply(request.number, "returned", read(target(*given, *arguments)))
    flags = [_flags(argument) for argument in arguments]
    settings.restore()
    # Copies, because the second call may change the first one's value or arguments.
    value = deepcopy(read(target(*given, *arguments)))
    after = deepcopy([read(argument) for argument in arguments])
    after = [a if _flags(x) == f else None for a, x, f in zip(after, arguments, flags, strict=True)]
    settings.look()
    output.end()  # the second call prints the same
    again = read(target(*given, *arguments))
    settings.look()
    changed = settings.changed()
    return Reply(request.number, "returned", value, again, after, settings=changed)


def _flags(argument: Any) -> list[tuple[bool, bool]]:
    """Return of each tensor whether it requires a gradient, and whether one was left on it."""
    if isinstance(argument, dict | list):
        values = argument.values() if isinstance(argument, dict) else argument
        return [flag for value in values for flag in _flags(value)]
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(argument, torch.Tensor):
        return []
    return [(argument.requires_grad, argument.is_leaf and argument.grad is not None)]


class AttributeMissing(Exception):
    """A name that a probe needs is not in the student's module; the text has it."""


def _read(fd: int, received: bytearray) -> bytes | None:
    header = _exactly(fd, protocol.HEADER.size, received)
    return None if header is None else _exactly(fd, protocol.announced_length(header), received)


def _exactly(fd: int, count: int, received: bytearray) -> bytes | None:
    """Take bytes from the received ones; requests come several at a time."""
    while len(received) < count:
        part = read_bytes(fd, 1 << 16)
        if not part:
            return None
        received += part
    taken = bytes(received[:count])
    del received[:count]
    return taken


def _write(fd: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[write_bytes(fd, view) :]
