"""Aligned plain-text tables, the machine's description, and the same in JSON."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

BUSY = 0.5


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """First column to the left, the others to the right."""
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "torch": version("torch"),
        "numpy": version("numpy"),
        "load_before": round(os.getloadavg()[0], 2),
    }


def machine_line(facts: dict[str, Any]) -> str:
    busy = " (BUSY: figures are not to be relied on)" if facts["load_before"] > BUSY else ""
    return (
        f"{facts['cores']} cores, {facts['system']}, Python {facts['python']}, "
        f"torch {facts['torch']}, NumPy {facts['numpy']}, load before {facts['load_before']}{busy}"
    )


def warn_if_busy(facts: dict[str, Any]) -> None:
    if facts["load_before"] > BUSY:
        print("warning: this machine is busy; times will be too long", file=sys.stderr)


def progress(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def write_json(path: Path | None, content: dict[str, Any]) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
