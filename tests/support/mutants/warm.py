"""A server that runs the same tests again and again, each time in a fork of a warm process.

    python -m tests.support.mutants.warm serve SOCKET SECONDS [ARGUMENT ...]
    python tests/support/mutants/warm.py ask SOCKET

Starting Python and importing NumPy, pytest and the rest takes two seconds, and most tests of one
module take a tenth of one. So the server imports all packages, forgets gradpath and the tests, and
forks for each request: the fork imports them anew, as they are on disk at that moment.
"""

import gc
import os
import socket
import sys

Address = str


def ask(address: Address) -> int:
    """Ask the server to run its tests; print their output and return the exit status."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(address)
        with asking.makefile() as reader:
            status, _, output = reader.read().partition("\n")
    print(output)
    return int(status)


def serve(address: Address, seconds: float, arguments: list[str]) -> None:
    """Run pytest with these arguments for each connection, until the process is ended.

    A run that takes longer than `seconds` is killed; its output is the word `timeout`.
    """
    _warm_up(arguments)
    # A mutant lives for a second, and the time of a file is all that a compiled file knows of it.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)
        while True:
            asked, _ = listening.accept()
            with asked, asked.makefile("w") as writer:
                writer.write(_run(arguments, seconds))


def _warm_up(arguments: list[str]) -> None:
    import pytest

    status = pytest.main([*arguments, "--collect-only", "-qq"])
    if status:
        raise SystemExit(int(status))
    for name in list(sys.modules):
        if name.partition(".")[0] in ("gradpath", "tests"):
            del sys.modules[name]
    gc.collect()
    gc.freeze()  # a fork would copy every page that a collection marks
    gc.disable()


def _run(arguments: list[str], seconds: float) -> str:
    import select
    import signal
    import tempfile

    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            _run_here(arguments, output.fileno())
        watched = os.pidfd_open(child)
        ended, _, _ = select.select([watched], [], [], seconds)
        os.close(watched)
        if not ended:
            os.killpg(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not ended:
            return "1\ntimeout"
        output.seek(0)
        return f"{int(status != 0)}\n{output.read()}"


def _run_here(arguments: list[str], output: int) -> None:
    import pytest

    status = 1
    try:
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        status = int(pytest.main(arguments))
        sys.stdout.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    command, socket_path, *rest = sys.argv[1:]
    if command == "ask":
        sys.exit(ask(socket_path))
    serve(socket_path, float(rest[0]), rest[1:])
