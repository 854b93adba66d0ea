"""A page of docs/ that is a walk: its files and commands, carried out in order.

A block that begins with ```` ```sh ```` is typed into a shell; a block of text right behind it is
the output of that. In the first line of any other block stands the path of the file that it holds.

`python -m tests.support.walk` carries out docs/authoring.md, and writes into the page the output
of its commands as it is now.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "authoring.md"
KEPT = "mse_sweep"
"""The only old assignment of the copy, with few submissions: a release of it takes seconds."""

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A file to write (`path` is set) or commands to type."""

    text: str
    path: str = ""
    printed: str | None = None
    """The output of the commands as the page has it; None if it has none."""
    span: tuple[int, int] = (0, 0)
    """Where in the page `printed` stands."""


@dataclass(frozen=True)
class Done:
    """Commands that were typed."""

    step: Step
    status: int
    printed: str


def steps_of(page: str) -> Iterator[Step]:
    """Yield the steps of a page, in order."""
    blocks = list(_BLOCK.finditer(page))
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        language, path, text = block.groups()
        if path:
            yield Step(text, path)
        elif language == "sh":
            close = following is not None and following.start() == block.end() + 2
            if following is not None and close and following[1] == "text":
                yield Step(text, "", following[3], following.span(3))
            else:
                yield Step(text)


def copy_checkout(target: Path) -> None:
    """Copy Git's files of this checkout, with one assignment and two submissions of each kind."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    names = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    slugs = {Path(name).stem for name in names if name.startswith("solutions/")}
    seen: dict[str, int] = {}
    for name in sorted(names):
        parts = set(Path(name).with_suffix("").parts)
        if parts & (slugs - {KEPT}):
            continue
        if name.startswith("tests/"):
            continue
        if "corpus" in parts:
            folder = str(Path(name).parent)
            seen[folder] = seen.get(folder, 0) + 1
            if seen[folder] > 2:
                continue
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, path)


def environment(checkout: Path) -> dict[str, str]:
    """Return the variables with which `gradpath` is that of the copy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADPATH_")}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(checkout / "autograder"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "100",
    }


def walk(page: str, checkout: Path) -> list[Done]:
    """Carry out a page in a copy of the checkout; return the outcome of its commands."""
    done = []
    for step in steps_of(page):
        if step.path:
            path = checkout / step.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, "utf-8")
            continue
        ran = subprocess.run(
            ["bash", "-e", "-c", step.text],
            cwd=checkout,
            env=environment(checkout),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        done.append(Done(step, ran.returncode, ran.stdout + ran.stderr))
    return done


def plain(printed: str) -> str:
    """Return a text without the spaces that pad tables."""
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines())


def main() -> None:
    """Write the present output of the page's commands into it."""
    page = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory(prefix="gradpath-walk-") as folder:
        copy_checkout(Path(folder))
        done = walk(page, Path(folder))
    for command in done:
        print(f"{command.status}  {command.step.text.splitlines()[0]}")
    # From the end, so that the places of earlier outputs stay as they are.
    for command in reversed([command for command in done if command.step.printed is not None]):
        start, end = command.step.span
        page = page[:start] + plain(command.printed) + page[end:]
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
