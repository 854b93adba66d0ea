"""Versions that gradpath works with: `python -m tests.support.versions [NAME ...]`.

The pins of `requirements.txt` are one combination of packages, and users have others. This script
makes an environment for each combination below, in a cache outside of the checkout, and runs in it
the commands and tests that everything else builds on: check, grade and verify of every assignment.
An environment takes up to 6 GB, since builds of torch for GPUs are the ones on the index.

    GRADPATH_VERSIONS      the cache (default: ~/.cache/gradpath-versions)
    GRADPATH_COLAB_TORCH   another torch for the combination `colab`, where its own cannot be had;
                           GRADPATH_LOWEST_TORCH and GRADPATH_NEWEST_TORCH for the other two
    TORCH_ARGS             further arguments of pip for torch, such as an index of CPU builds
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TOOLS: Final = ("pytest", "hypothesis")
TESTS: Final = (
    "tests/course",
    "tests/grading",
    "tests/worker/test_codec.py",
    "tests/submissions/test_find.py",
    "tests/cohort/test_grade.py",
    "tests/cli/test_cli.py",
)
"""The quick tests that any version of a package could break."""


COLAB: Final = {"torch": "2.11.0", "ipython": "7.34.0", "ipykernel": "6.17.1"}
"""Google Colab's versions; its kernels need this IPython, which must not be upgraded there."""


def lower_bounds() -> dict[str, str]:
    """Return the lowest version of each dependency that pyproject.toml admits, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = {}
    for requirement in project["dependencies"]:
        name, _, version = requirement.partition(">=")
        bounds[name] = version
    return bounds


def combinations() -> dict[str, dict[str, str]]:
    """Return the pinned versions of each combination; a package without one is the newest."""
    pins = {
        "lowest": lower_bounds(),
        "colab": dict(COLAB),
        "newest": {"torch": ""},
    }
    for name in pins:
        pins[name]["torch"] = os.environ.get(f"GRADPATH_{name.upper()}_TORCH", pins[name]["torch"])
    return pins


def environment(name: str, pins: dict[str, str]) -> Path:
    """Make the environment of a combination, and return its folder of programs."""
    cache = Path(os.environ.get("GRADPATH_VERSIONS", "~/.cache/gradpath-versions")).expanduser()
    folder = cache / name
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--quiet")
    if not (folder / "bin" / "python").exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        run(sys.executable, "-m", "venv", folder)
    constraints = folder / "constraints.txt"
    pinned = {package: version for package, version in pins.items() if version}
    lines = [f"{package}=={version}\n" for package, version in pinned.items()]
    constraints.write_text("".join(lines))
    torch = f"torch=={pins['torch']}" if pins.get("torch") else "torch"
    # torch first and by itself: an index for its CPU build has nothing else.
    run(*pip, *shlex.split(os.environ.get("TORCH_ARGS", "")), torch)
    packages = (*lower_bounds(), *TOOLS, "editables")
    run(*pip, "--constraint", constraints, *packages)
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    return folder / "bin"


def run(*command: object, fails: bool = True) -> int:
    """Run a command in the checkout; end the script where it must not fail and does."""
    argv = [str(part) for part in command]
    status = subprocess.run(argv, cwd=ROOT, check=False).returncode
    if status and fails:
        sys.exit(f"versions: exit status {status} of {shlex.join(argv)}")
    return status


def main(names: list[str]) -> int:
    """Test the named combinations, or all; return 1 when one of them fails."""
    known = combinations()
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"versions: no combination {unknown[0]!r}; there are: {', '.join(known)}")
    failed = []
    for name in names or known:
        programs = environment(name, known[name])
        listed = subprocess.run(
            [programs / "python", "-m", "pip", "freeze"], capture_output=True, text=True, check=True
        ).stdout
        wanted = re.compile(rf"^(?:{'|'.join(lower_bounds())})==.*$", re.MULTILINE | re.IGNORECASE)
        print(f"{name}: {' '.join(wanted.findall(listed))}", flush=True)
        verified = run(programs / "gradpath", "verify", fails=False)
        tested = run(
            programs / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider",
            "-m", "not slow and not docker and not browser and not root and not stock",
            *TESTS, fails=False,
        )  # fmt: skip
        if verified or tested:
            failed.append(name)
        print(f"{name}: {'FAILED' if name in failed else 'works'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
