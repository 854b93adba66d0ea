"""Entry point of the worker's processes: `python -m gradpath.worker zygote|plain ...`."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import threading
import time
from typing import NoReturn

from gradpath.worker.warmup import limit_threads


def main() -> None:
    """Start a zygote, or a plain worker that serves one submission on its standard streams."""
    parser = argparse.ArgumentParser(prog="gradpath.worker")
    parser.add_argument("kind", choices=("zygote", "plain"))
    parser.add_argument("--fd", type=int, help="the zygote's socket")
    parser.add_argument("--libraries", default="", help="comma-separated, imported beforehand")
    parser.add_argument(
        "--allowed", default="", help="comma-separated modules that submissions import"
    )
    parser.add_argument("--assignments", default="", help="comma-separated slugs")
    parser.add_argument("--layers", default="", help="comma-separated, what workers are behind")
    parser.add_argument("--output-chars", type=int, default=32_000_000)
    options = parser.parse_args()
    limit_threads()
    libraries = set(filter(None, options.libraries.split(",")))
    slugs = list(filter(None, options.assignments.split(",")))
    if options.kind == "zygote":
        allowed = libraries | {"numpy"} | set(filter(None, options.allowed.split(",")))
        _zygote(options.fd, libraries, allowed, slugs, options.layers)
    else:
        _plain(libraries, slugs[0], options.output_chars)


def _zygote(fd: int, libraries: set[str], allowed: set[str], slugs: list[str], names: str) -> None:
    from gradpath.worker.sandbox import identity, namespaces
    from gradpath.worker.sandbox.layers import Layers

    layers = Layers.read(names)
    if layers.namespaces:
        # Before the imports: processes that they start must not be left behind. This process only
        # waits, so that the grader has a child to wait for.
        identity.die_with_parent()
        pid = namespaces.enter(as_root=os.geteuid() == 0)
        if pid:
            os.close(fd)
            _end_like(pid)
    from gradpath.worker import confine, stubs, zygote
    from gradpath.worker.probes import load_probes
    from gradpath.worker.warmup import preload, warm_up, without_collections

    listed = confine.list_beside(layers, allowed)
    with without_collections():
        warm_up(libraries)
        if not layers.may_open:
            preload()
        stubs.install()
        probes = {slug: load_probes(slug) for slug in slugs}
    zygote.run(socket.socket(fileno=fd), probes, layers, listed)


def _end_like(pid: int) -> NoReturn:
    """Wait for a child, and end as it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)


def _plain(libraries: set[str], slug: str, output_chars: int) -> None:
    # Take the pipes away before anything can print into them.
    reading, writing = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    if hasattr(os, "killpg"):
        end_with_parent()
    from gradpath.worker import stubs
    from gradpath.worker.probes import load_probes
    from gradpath.worker.protocol import SHOWN_CHARS, frame
    from gradpath.worker.serve import serve
    from gradpath.worker.warmup import without_collections

    with without_collections():
        if "torch" in libraries:
            import torch

            from gradpath.worker.warmup import skip_compiler

            torch.set_num_threads(1)
            skip_compiler()
        if "matplotlib" in libraries:
            from gradpath.worker.warmup import keep_plots_off_the_screen

            keep_plots_off_the_screen()
        probes = load_probes(slug)
        stubs.install()
    os.write(writing, frame(b"ready"))
    serve(reading, writing, probes, output_chars, SHOWN_CHARS)


def end_with_parent() -> None:
    """End this process and its group soon after its parent has ended.

    A terminal that is closed, or Ctrl-C in it, does not reach this group: the parent ends it. Where
    the parent could not, an endless loop would go on. On Windows the job does this.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
