"""Run a Python command and say where its main thread spends its time.

`python sampler.py FILE COMMAND WORD ...` looks at the stack 200 times a second, and writes seconds
by kind of work as JSON. Unlike a tracing profiler it does not make small functions look slow.
"""

import json
import runpy
import sys
import threading
import time
from types import FrameType

INTERVAL = 0.005

# The first line that fits any frame of the stack decides: part of the file's path, function's name.
KINDS = (
    ("imports", "importlib", "_find_and_load"),
    ("engine: start", "gradpath/engine/fork_pool.py", "_wait_until_ready"),
    ("engine: start", "nbgrader/parallel/early_engine.py", ""),
    ("engine: grading, or waiting for it", "frontends/nbgrader/exporter.py", "result_of"),
    ("engine: grading, or waiting for it", "concurrent/futures/_base.py", "wait"),
    ("gradebook: opening it", "nbgrader/api.py", "__init__"),
    ("gradebook: opening it", "nbgrader/api.py", "close"),
    ("gradebook: reading and writing", "sqlalchemy/", ""),
    ("checking metadata", "nbgrader/nbgraderformat/", ""),
    ("notebooks: format, copies, JSON", "nbformat/", ""),
    ("notebooks: format, copies, JSON", "copy.py", "deepcopy"),
    ("gradpath around nbgrader", "frontends/nbgrader/repair.py", ""),
    ("gradpath around nbgrader", "frontends/nbgrader/course_cells.py", ""),
    ("gradpath around nbgrader", "frontends/nbgrader/grade_preprocessor.py", ""),
    ("rest of nbgrader and nbconvert", "nbgrader/", ""),
    ("rest of nbgrader and nbconvert", "nbconvert/", ""),
)


def kind_of(frame: FrameType | None) -> str:
    places = []
    while frame is not None:
        path = frame.f_code.co_filename.replace("\\", "/")
        places.append((path, frame.f_code.co_name))
        frame = frame.f_back
    for kind, file, function in KINDS:
        if any(file in path and function in ("", name) for path, name in places):
            return kind
    return "the rest"


def watch(thread: int, seconds: dict[str, float], stop: threading.Event) -> None:
    last = time.perf_counter()
    while not stop.wait(INTERVAL):
        kind = kind_of(sys._current_frames().get(thread))
        now = time.perf_counter()
        seconds[kind] = seconds.get(kind, 0.0) + now - last
        last = now


def main() -> None:
    out, command, *words = sys.argv[1:]
    sys.argv = [command, *words]
    seconds: dict[str, float] = {}
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(threading.get_ident(), seconds, stop))
    watcher.start()
    try:
        runpy.run_path(command, run_name="__main__")
    finally:
        stop.set()
        watcher.join()
        with open(out, "w", encoding="utf-8") as file:
            json.dump(seconds, file)


if __name__ == "__main__":
    main()
