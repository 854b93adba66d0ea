"""Mutation tests of the modules that decide about points: `python -m tests.support.mutants`.

    python -m tests.support.mutants [MODULE ...] [--jobs 2] [--again]

For each module of `modules.toml` cosmic-ray changes one operator, number or condition after the
other in a copy of the checkout, and runs the module's quick tests. A mutant *survives* when they
pass. It is *equivalent* when no test could tell it from the module: then `equivalent.toml` names it
and says why. The command writes `figures.toml`, and keeps there the figures of modules that it did
not run. It ends with status 1 when the tests killed too few.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
HERE: Final = Path(__file__).parent
COPIES: Final = ROOT / "build" / "mutants"
TOOLS: Final = ROOT / "build" / "mutants-venv" / "bin"
SESSION: Final = "session.sqlite"
WARM: Final = "tests/support/mutants/warm.py"
ENOUGH: Final = 85.0
"""The percentage of mutants that tests must kill, equivalent ones not counted."""

PYTEST: Final = (
    *("-x", "-q", "-s", "-o", "addopts=", "--assert=plain"),
    # These tests need none of the fixtures of all tests, which import half of gradpath.
    "--confcutdir=tests/grading",
    *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest"),
    *("-p", "no:logging", "-p", "no:warnings", "-p", "no:faulthandler"),
    *("-p", "no:threadexception", "-p", "no:unraisableexception"),
)
"""Arguments of pytest; plugins that nobody needs here take half of the time."""

LEFT_OUT: Final = (
    # Which small integers and short texts are one object is no matter of ours.
    r"core/ReplaceComparisonOperator_(Eq|NotEq|Lt|LtE|Gt|GtE)_Is(Not)?",
    # Any test kills these: they raise TypeError on floats, sets and texts.
    r"core/ReplaceBinaryOperator_\w+_(RShift|LShift|FloorDiv|Mod|Pow)",
    r"core/ReplaceBinaryOperator_(Add|Sub|Mul|Div)_(BitOr|BitAnd|BitXor)",
    r"core/ReplaceBinaryOperator_(BitOr|BitAnd)_(Add|Sub|Mul|Div)",
    r"core/ReplaceUnaryOperator_(USub|Invert)_(Invert|Not|UAdd)",
)
"""Operators of cosmic-ray that are not used, as patterns."""

CONFIGURATION: Final = """
[cosmic-ray]
module-path = "{path}"
timeout = 600.0
excluded-modules = []
test-command = "{python} -I -S {warm} ask warm.sock"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = {operators}
"""


@dataclass(frozen=True)
class Mutant:
    """One changed line of a module, and the end of its tests: killed, timeout or survived."""

    job: str
    before: str
    after: str
    line: int
    end: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutation tests of the named modules; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as grading/compare")
    parser.add_argument("--jobs", type=int, default=2, help="modules at the same time (default: 2)")
    parser.add_argument(
        "--again", action="store_true", help="test only the last run's gaps, with today's tests"
    )
    options = parser.parse_args(arguments)
    modules = read("modules.toml")["modules"]
    if unknown := set(options.modules) - modules.keys():
        parser.error(f"modules.toml has no {', '.join(sorted(unknown))}")
    if not (TOOLS / "cosmic-ray").exists():
        parser.error("cosmic-ray is not installed; `make mutants` installs it")
    chosen = options.modules or list(modules)
    with ThreadPoolExecutor(options.jobs) as pool:
        found = pool.map(lambda name: run(name, modules[name], options.again), chosen)
        figures = dict(zip(chosen, found, strict=True))
    known = read("figures.toml")
    write_figures({name: figures.get(name) or known.get(name) for name in modules})
    return report(chosen)


def read(name: str) -> dict[str, Any]:
    """Read one of the tables beside this file."""
    path = HERE / name
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def run(module: str, tests: Sequence[str], again: bool = False) -> dict[str, Any]:
    """Test the mutants of a module, and return its figures.

    Args:
        module: its name, such as `grading/compare`.
        tests: the files of its tests.
        again: go on from the last run, and test only those that survived and are not equivalent.
    """
    copy = COPIES / module.replace("/", "-")
    path = Path("autograder/gradpath", f"{module}.py")
    original = (ROOT / path).read_text("utf-8")
    reasons = read("equivalent.toml").get(module, [])
    equivalent = [(entry["before"], entry["after"]) for entry in reasons]
    if again:
        if not (copy / SESSION).exists() or (copy / path).read_text("utf-8") != original:
            raise SystemExit(f"{module} has changed since its last run: run it without --again")
        last = _results(copy, original)
        gaps = [m for m in last if m.end == "survived" and (m.before, m.after) not in equivalent]
        _forget(copy, gaps)
    else:
        shutil.rmtree(copy, ignore_errors=True)
        gaps = None
    if gaps is None or gaps:
        _copy_checkout(copy)
        _execute(copy, path, tests)
    mutants = _results(copy, original)
    ends = Counter(mutant.end for mutant in mutants)
    survived = [mutant for mutant in mutants if mutant.end == "survived"]
    gaps = [mutant for mutant in survived if (mutant.before, mutant.after) not in equivalent]
    for entry in equivalent:
        if entry not in [(mutant.before, mutant.after) for mutant in survived]:
            print(f"{module}: killed or gone, yet named as equivalent: {entry[1]}")
    figures: dict[str, Any] = {
        "mutants": len(mutants),
        "killed": ends["killed"],
        "timeout": ends["timeout"],
        "survived": len(survived),
        "equivalent": len(survived) - len(gaps),
        "seconds": int((copy / "seconds").read_text()),
        "gaps": [f"{mutant.line}: {mutant.before} -> {mutant.after}" for mutant in gaps],
    }
    print(module, {key: value for key, value in figures.items() if key != "gaps"}, flush=True)
    return figures


def percentage(figures: dict[str, Any]) -> float:
    """Return the percentage of mutants, equivalent ones not counted, that the tests killed."""
    counted = figures["mutants"] - figures["equivalent"]
    return 100.0 * (figures["killed"] + figures["timeout"]) / counted if counted else 100.0


def report(modules: Sequence[str]) -> int:
    """Print the survivors of some modules and the total; return the exit status."""
    figures = read("figures.toml")
    for module in modules:
        for gap in figures[module]["gaps"]:
            print(f"survived: {module}:{gap}")
    total = Counter[str]()
    for entry in figures.values():
        total.update({key: value for key, value in entry.items() if key != "gaps"})
    share = percentage(total)
    print(f"{dict(total)}: {share:.1f} % of the others than the equivalent ones are killed")
    return int(share < ENOUGH)


def write_figures(figures: dict[str, dict[str, Any] | None]) -> None:
    """Write `figures.toml`; a module without figures has not been run."""
    lines = [
        "# Written by `make mutants`. The gaps are the survivors that are not equivalent.",
        "# A module of modules.toml that is not here has not been run.",
    ]
    for module, entry in figures.items():
        if entry is not None:
            lines += ["", f'["{module}"]  # {percentage(entry):.1f} %']
            lines += [f"{key} = {value}" for key, value in entry.items() if key != "gaps"]
            gaps = [f"    {json.dumps(gap, ensure_ascii=False)}," for gap in entry["gaps"]]
            lines += ["gaps = [", *gaps, "]"] if gaps else ["gaps = []"]
    (HERE / "figures.toml").write_text("\n".join(lines) + "\n", "utf-8")


def _copy_checkout(copy: Path) -> None:
    listed = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def _execute(copy: Path, path: Path, tests: Sequence[str]) -> None:
    """Run cosmic-ray in a copy of the checkout, for all mutants that have no result there."""
    begun = time.monotonic()
    (copy / "warm.sock").unlink(missing_ok=True)
    (copy / "cosmic-ray.toml").write_text(
        CONFIGURATION.format(
            path=path, python=sys.executable, warm=WARM, operators=json.dumps(LEFT_OUT)
        )
    )
    if not (copy / SESSION).exists():
        _call(copy, TOOLS / "cosmic-ray", "init", "cosmic-ray.toml", SESSION)
        _call(copy, TOOLS / "cr-filter-operators", SESSION, "cosmic-ray.toml")
    once = time.monotonic()
    _call(copy, sys.executable, "-m", "pytest", *PYTEST, *tests)
    limit = str(10 + 5 * (time.monotonic() - once))
    serving = [sys.executable, "-m", "tests.support.mutants.warm", "serve", "warm.sock", limit]
    with subprocess.Popen(
        [*serving, *PYTEST, *tests],
        cwd=copy,
        env=_environment(copy),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            while server.stdout and (line := server.stdout.readline()) and line != "ready\n":
                pass
            _call(copy, TOOLS / "cosmic-ray", "baseline", "cosmic-ray.toml")
            _call(copy, TOOLS / "cosmic-ray", "exec", "cosmic-ray.toml", SESSION)
        finally:
            server.kill()
    taken = copy / "seconds"
    before = int(taken.read_text()) if taken.exists() else 0
    taken.write_text(str(before + round(time.monotonic() - begun)))


def _forget(copy: Path, mutants: Sequence[Mutant]) -> None:
    """Remove the results of some mutants from a session of cosmic-ray, which then runs them."""
    with contextlib.closing(sqlite3.connect(copy / SESSION)) as session, session:
        jobs = [(mutant.job,) for mutant in mutants]
        session.executemany("DELETE FROM work_results WHERE job_id = ?", jobs)


def _environment(copy: Path) -> dict[str, str]:
    # A fork has none of its parent's threads.
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **threads, "PYTHONPATH": str(copy / "autograder")}


def _call(copy: Path, *argv: str | Path) -> str:
    result = subprocess.run(
        argv, cwd=copy, env=_environment(copy), capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(f"{' '.join(map(str, argv))}\n{result.stdout}{result.stderr}")
    return result.stdout


def _results(copy: Path, original: str) -> list[Mutant]:
    """Read the results of the last run.

    Mutants of operators that are left out have none. Those with the original's code, and those
    that are no Python, are not counted.
    """
    code = _code(original)
    mutants = []
    for line in _call(copy, TOOLS / "cosmic-ray", "dump", SESSION).splitlines():
        item, result = json.loads(line)
        if result is None or result["worker_outcome"] not in ("normal", "skipped"):
            raise SystemExit(f"{copy}: cosmic-ray has not run {item}: {result}")
        if result["worker_outcome"] == "normal":
            mutant = _read_result(item["job_id"], result)
            if _code(_mutated(original, mutant)) not in (code, None):
                mutants.append(mutant)
    return mutants


def _read_result(job: str, result: dict[str, Any]) -> Mutant:
    lines = result["diff"].splitlines()
    header = next(line for line in lines if line.startswith("@@"))
    body = lines[lines.index(header) + 1 :]
    changed = [index for index, line in enumerate(body) if line[:1] in ("-", "+")]
    span = body[changed[0] : changed[-1] + 1]
    before = "\n".join(line[1:] for line in span if line[:1] != "+")
    after = "\n".join(line[1:] for line in span if line[:1] != "-")
    first = int(header.split()[1].lstrip("-").partition(",")[0]) + changed[0]
    end = "timeout" if result["output"].strip() == "timeout" else result["test_outcome"]
    return Mutant(job, before, after, first, end)


def _mutated(original: str, mutant: Mutant) -> str:
    lines = original.split("\n")
    until = mutant.line + mutant.before.count("\n")
    return "\n".join([*lines[: mutant.line - 1], mutant.after, *lines[until:]])


def _code(text: str) -> str | None:
    """Return the syntax tree of a module without its annotations, which nothing evaluates.

    None is for a text that is no Python: cosmic-ray takes the `*` between parameters for a product.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(tree)


if __name__ == "__main__":
    sys.exit(main())
