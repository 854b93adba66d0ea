"""Does a long run stay as it began?

Thousands of submissions of all kinds, attacks among them, in one `gradpath grade`. Meanwhile the
memory of the grader and of the process that its workers are forked from is read, and afterwards
the remains on the machine: processes, files, namespaces.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import psutil
from bench.command import at_least, finish, parser
from bench.measure import MIB, child_environment
from bench.paths import ASSIGNMENTS, BUILD, REPOSITORY, SLUGS, BenchmarkError, gradpath_command
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json

sys.path.insert(0, str(REPOSITORY))

from tests.support.attacking.suite import Attack, all_attacks

GROWTH = 0.10
"""How much more memory than after a quarter of the run there may be at its end."""
_GRADED = re.compile(r"graded (\d+) of \d+")
_NAMESPACES = ("net", "ipc", "uts", "mnt", "pid", "user")


@dataclass(frozen=True)
class Sample:
    """The memory of a run when so many submissions were graded.

    `grader` and `workers` are proportional set sizes in MiB: of the grader with its judges, and of
    everything else that it has started.
    """

    graded: int
    grader: float
    workers: float
    processes: int


@dataclass(frozen=True)
class Left:
    """The remains of a run."""

    processes: list[str]
    files: list[str]
    namespaces: int


def arguments() -> argparse.Namespace:
    options = parser((__doc__ or "").splitlines()[0])
    options.add_argument("--submissions", type=at_least(500), default=2000)
    options.add_argument("--jobs", type=at_least(1), default=len(os.sched_getaffinity(0)))
    return options.parse_args()


def write_cohort(folder: Path, count: int, victim: int) -> tuple[int, int]:
    """Write submissions; return how many are attacks, and how many of these take their time.

    An attack that only waits for a limit is there once: each takes seconds of a processor.
    """
    files = [
        (slug, path)
        for slug in SLUGS
        for kind in ("right", "wrong")
        for path in sorted((ASSIGNMENTS / slug / "corpus" / kind).iterdir())
        if path.suffix in (".py", ".ipynb")
    ]
    slow = [attack for attack in all_attacks() if attack.group == "denial"]
    quick = [attack for attack in all_attacks() if attack.group != "denial"]
    attacks = [*slow, *islice(cycle(quick), max(0, count // 4 - len(slow)))]
    every = count / len(attacks)
    students = cycle(files)
    used = 0
    for number in range(count):
        place = folder / f"s{number:05}"
        place.mkdir(parents=True)
        if used < len(attacks) and number >= used * every:
            attack = attacks[used]
            path = place / f"{attack.assignment}.py"
            path.write_text(attack.filled_in(told(attack, place, victim)), encoding="utf-8")
            used += 1
        else:
            slug, source = next(students)
            data = source.read_bytes()
            if source.suffix == ".py":
                data += f"\n# handed in by {place.name}\n".encode()
            (place / f"{slug}{source.suffix}").write_bytes(data)
    return used, min(used, len(slow))


def told(attack: Attack, place: Path, victim: int) -> str:
    """The variables of an attack here: `make attacks` finds out whether one succeeds."""
    values: dict[str, object] = {key: str(place) for key in attack.wants}
    for key in attack.wants:
        if key.endswith(("_pid", "_port", "_key")):
            values[key] = victim
    values |= dict.fromkeys(attack.wants & {"broadcast"}, False)
    if "nr" in attack.wants:
        from tests.support.attacking.numbers import system_calls

        values["nr"] = system_calls()
    return f"TARGET = {values!r}"


def proportional(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / MIB
    except (psutil.Error, AttributeError):
        return 0.0


def sample(grader: psutil.Process, graded: int) -> Sample:
    below = grader.children(recursive=True)
    judging = [grader, *filter(is_judge, grader.children())]
    own = sum(map(proportional, judging))
    workers = sum(map(proportional, set(below) - set(judging)))
    return Sample(graded, own, workers, len(below))


def is_judge(process: psutil.Process) -> bool:
    """Tell whether a process of the grader's is one of its forks, which have its command line."""
    try:
        return "grade" in process.cmdline()
    except psutil.Error:
        return False


def namespaces() -> set[tuple[str, str]]:
    found = set()
    for kind in _NAMESPACES:
        for link in Path("/proc").glob(f"[0-9]*/ns/{kind}"):
            try:
                found.add((kind, os.readlink(link)))
            except OSError:
                continue
    return found


def what_is_left(before: "Before") -> Left:
    time.sleep(2)  # the kernel takes namespaces away in the background
    now = Before.look()
    return Left(
        sorted(now.processes - before.processes),
        sorted(now.files - before.files),
        len(now.namespaces - before.namespaces),
    )


@dataclass(frozen=True)
class Before:
    """The processes, files and namespaces of the machine."""

    processes: set[str]
    files: set[str]
    namespaces: set[tuple[str, str]]

    @classmethod
    def look(cls) -> "Before":
        processes = set()
        for process in psutil.process_iter(["pid", "cmdline", "uids"]):
            words = " ".join(process.info["cmdline"] or [])
            uid = process.info["uids"].real if process.info["uids"] else 0
            if "gradpath" in words or 61_000 <= uid < 65_000:
                processes.add(f"{process.info['pid']} {words[:80]}")
        folders = [tempfile.gettempdir(), "/dev/shm", "/var/tmp"]
        files = {str(path) for folder in folders for path in Path(folder).glob("*")}
        return cls(processes, files, namespaces())


def run(submissions: Path, out: Path, jobs: int) -> tuple[list[Sample], float]:
    words = [gradpath_command(), "grade", str(submissions), "--out", str(out)]
    words += ["--jobs", str(jobs), "--secret", "benchmark"]
    start = time.monotonic()
    with subprocess.Popen(
        words,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        grader, samples, lines = psutil.Process(process.pid), [], []
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if match := _GRADED.search(line):
                samples.append(sample(grader, int(match[1])))
                progress(line.strip())
    if process.returncode != 0:
        raise BenchmarkError("gradpath ended with an error:\n" + "".join(lines[-20:]))
    return samples, time.monotonic() - start


def show(samples: list[Sample], left: Left) -> None:
    # The last line is printed when workers have begun to end.
    chosen = [samples[i] for i in sorted({len(samples) * i // 8 for i in range(8)})]
    chosen.append(samples[-2])
    rows = [
        [str(s.graded), f"{s.grader:.0f}", f"{s.workers:.0f}", str(s.processes)] for s in chosen
    ]
    print(table(["graded", "grader MiB", "workers MiB", "processes"], rows))
    print()
    quarter, last = samples[len(samples) // 4], samples[-2]
    for name in ("grader", "workers"):
        first, end = getattr(quarter, name), getattr(last, name)
        flat = end <= first * (1 + GROWTH)
        print(
            f"{name}: {first:.0f} MiB after a quarter, {end:.0f} MiB at the end; "
            f"claimed: at most {GROWTH:.0%} more; {'reached' if flat else 'NOT reached'}"
        )
    for name in ("processes", "files", "namespaces"):
        found = getattr(left, name)
        count = found if isinstance(found, int) else len(found)
        print(f"left over: {count} {name}; claimed: 0; {'NOT reached' if count else 'reached'}")
        for each in found if isinstance(found, list) else []:
            print(f"  {each}")


def victim() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "100000"])


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    BUILD.mkdir(parents=True, exist_ok=True)
    sleeper = victim()
    try:
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="soak-") as scratch:
            submissions = Path(scratch, "submissions")
            attacks, slow = write_cohort(submissions, chosen.submissions, sleeper.pid)
            before = Before.look()
            samples, spent = run(submissions, Path(scratch, "out"), chosen.jobs)
            left = what_is_left(before)
            results = Path(scratch, "out", "results.jsonl").read_text("utf-8").count("\n")
        alive = sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()
    if results != chosen.submissions or not alive:
        raise BenchmarkError(f"{results} results for {chosen.submissions}; bystander: {alive}")
    print(
        f"{chosen.submissions} submissions, {attacks} of them attacks ({slow} that wait for "
        f"limits), {chosen.jobs} jobs, {spent:.0f} s; {machine_line(facts)}\n"
    )
    show(samples, left)
    content = {"samples": [vars(s) for s in samples], "left": vars(left)}
    write_json(chosen.json, {"machine": facts, **content})


if __name__ == "__main__":
    finish(main)
