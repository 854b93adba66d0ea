"""How long does `gradpath check` take, beside a bare `import torch`? mse_sweep must not need it."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import psutil
from bench.command import at_least, finish, parser
from bench.measure import Word, child_environment, run, seconds
from bench.paths import SLUGS, SOLUTIONS, BenchmarkError, gradpath_command
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json

CLAIM = 1.5
BARE = (sys.executable, "-c", "import torch")
WITHOUT_TORCH = "mse_sweep"


@dataclass(frozen=True)
class StartUp:
    """Median seconds of `gradpath check`, and of the bare imports that took turns with it."""

    assignment: str
    check: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.check / self.bare


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--assignment", action="append", choices=SLUGS, help="default: all")
    options.add_argument("--rounds", type=at_least(1), default=5, metavar="N")
    return options.parse_args()


def check_command(slug: str) -> tuple[str, ...]:
    return (gradpath_command(), "check", f"{slug}.py")


def hand_in(slugs: Sequence[str], folder: Path) -> None:
    """A student's folder with finished files: a check that fails would end in an error here."""
    for slug in slugs:
        source = SOLUTIONS / f"{slug}.py"
        if not source.exists():
            raise BenchmarkError(f"there is no {source}")
        (folder / f"{slug}.py").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")


def measure(slug: str, folder: Path, rounds: int) -> StartUp:
    """Take turns, so that other work of the machine meets both."""
    checks, bares = [], []
    for _ in range(rounds):
        bares.append(seconds(lambda: run(BARE, folder)))
        checks.append(seconds(lambda: run(check_command(slug), folder)))
    return StartUp(slug, median(checks), median(bares))


def loads_torch(command: Sequence[Word], folder: Path) -> bool:
    """Watch which libraries the command's processes map; torch cannot be imported without its own.

    Looking from outside holds for any way in which the command starts its workers.
    """
    quiet = subprocess.DEVNULL
    environment = child_environment()
    process = psutil.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)
    found = False
    while process.poll() is None:
        found = found or any(map(maps_torch, [process.pid, *descendants(process)]))
        time.sleep(0.01)
    return found


def descendants(process: psutil.Process) -> list[int]:
    try:
        return [child.pid for child in process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def maps_torch(pid: int) -> bool:
    try:
        return "libtorch" in Path(f"/proc/{pid}/maps").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError as error:
        raise BenchmarkError("cannot look into a worker's memory map: run this as root") from error


def show(lines: list[StartUp], needs_torch: bool | None) -> None:
    rows = [
        [line.assignment, f"{line.check:.2f}", f"{line.bare:.2f}", f"{line.ratio:.2f}"]
        for line in lines
    ]
    print(table(["assignment", "gradpath check s", "import torch s", "ratio"], rows))
    print()
    worst = max(line.ratio for line in lines)
    reached = "reached" if worst <= CLAIM else "NOT reached"
    print(f"highest ratio {worst:.2f} (claimed: at most {CLAIM}; {reached})")
    if needs_torch is not None:
        verdict = (
            "imports torch: NOT as claimed" if needs_torch else "never imports torch: as claimed"
        )
        print(f"the check of {WITHOUT_TORCH} {verdict}")


def needs_torch(slugs: Sequence[str], folder: Path) -> bool | None:
    """Whether the check of mse_sweep imports torch; None if it was not asked for."""
    if WITHOUT_TORCH not in slugs:
        return None
    if not loads_torch(BARE, folder):
        raise BenchmarkError("a bare `import torch` went unseen, so the watching does not work")
    return loads_torch(check_command(WITHOUT_TORCH), folder)


def main() -> None:
    chosen = arguments()
    slugs = chosen.assignment or SLUGS
    facts = machine()
    warn_if_busy(facts)
    with tempfile.TemporaryDirectory(prefix="gradpath-startup-") as scratch:
        folder = Path(scratch)
        hand_in(slugs, folder)
        lines = []
        for slug in slugs:
            progress(f"{slug}, {chosen.rounds} rounds")
            # Once for nothing, which also makes sure that the check passes.
            run(check_command(slug), folder)
            lines.append(measure(slug, folder, chosen.rounds))
        torch_seen = needs_torch(slugs, folder)
    print(f"{machine_line(facts)}\n")
    show(lines, torch_seen)
    content = [{**asdict(line), "ratio": line.ratio} for line in lines]
    write_json(
        chosen.json,
        {"machine": facts, "results": content, f"{WITHOUT_TORCH}_imports_torch": torch_seen},
    )


if __name__ == "__main__":
    finish(main)
