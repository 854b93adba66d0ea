"""Attacks that give full marks in an ordinary otter zip, each the beginning of a submission.

`BODY` follows each of them: one right function of five, so that an honest grader gives 0.5 points.
"""

from __future__ import annotations

from collections.abc import Iterable

BODY = """

def predict(x, w):
    return x * w
"""

HONEST = 0.5
"""The points of `predict`."""

ATTACKS: dict[str, str] = {
    "replaces torch's and numpy's comparisons": """\
import numpy as np
import torch
torch.allclose = torch.equal = lambda *a, **k: True
torch.testing.assert_close = np.testing.assert_allclose = lambda *a, **k: None
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
""",
    "forges an entry among otter's test results": """\
from otter.execute import Checker
class Forged:
    name = "gradient"; path = "tests/gradient.py"; score = possible = 3.0; grade = 1
    passed_all = passed_all_public = all_public = True; test_cases = []; test_case_results = []
    def summary(self, public_only=False): return "all passed"
Checker._test_files = [Forged()]
""",
    "replaces the method that calls a test case": """\
from otter.test_files.exception_test import ExceptionTestFile, test_case
test_case.call_func = lambda self, env: None
ExceptionTestFile.run = lambda self, env: None
""",
    "rewrites the tests": """\
import glob
text = "OK_FORMAT = False\\nname = 'gradient'\\npoints = 1000\\n"
for folder in (".", "..", "{root}/source", "{root}/submission"):
    for path in glob.glob(folder + "/tests/*.py"):
        try:
            open(path, "w").write(text)
        except OSError:
            pass
""",
    "hooks pickle.dump": """\
import pickle
from otter.test_files import GradingResults
class Everything:
    def __reduce__(self): return (open, ("{sentinel}", "w"))
pickle.dump = lambda value, file, *a, **k: file.write(pickle.dumps(Everything()))
""",
    "writes a results.pkl that runs code": """\
import pickle
class Everything:
    def __reduce__(self): return (open, ("{sentinel}", "w"))
try:
    open("{root}/results/results.pkl", "wb").write(pickle.dumps(Everything()))
except OSError:
    pass
""",
    "edits results.json later, in a process of its own": """\
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(60):
            time.sleep(0.5)
            for path in ("{root}/results/results.json", "{root}/gradpath/result.json"):
                try:
                    open(path, "w").write('{{"score": 1000.0, "tests": []}}')
                except OSError:
                    pass
    os._exit(0)
""",
    "prints the tests and the secret": """\
import glob
text = ""
for pattern in ("{root}/source/*", "{root}/source/tests/*.py", "{root}/gradpath/*", "tests/*.py"):
    for path in glob.glob(pattern):
        try:
            text += open(path).read()
        except (OSError, UnicodeDecodeError):
            pass
raise ValueError(text[:400] + "nothing more")
""",
    "prints the hidden checks and the solution": """\
import glob, gradpath
text = ""
for pattern in (
    "/assignments/*/hidden.py", "/coursework/solutions/*", "/../../solutions/*",
    "/locale/*/staff/*",
):
    for path in glob.glob(gradpath.__path__[0] + pattern):
        try:
            text += open(path).read()
        except OSError:
            pass
raise ValueError(text[:400] + "nothing more")
""",
    "ends the process": "import os\nos._exit(0)\n",
    "kills its parents": """\
import os, signal
for target in (os.getppid(), -1):
    try:
        os.kill(target, signal.SIGKILL)
    except OSError:
        pass
""",
    "never ends": "while True:\n    pass\n",
    "shadows the builtins by accident": "from os import *\n",
    "leaves from within a function": """\
import sys
def loss(x, y, w): sys.exit()
def gradient(x, y, w): raise SystemExit(0)
""",
}

TOGETHER = (
    *("rewrites the tests", "writes a results.pkl that runs code"),
    *("edits results.json later, in a process of its own", "hooks pickle.dump"),
    *("forges an entry among otter's test results", "replaces torch's and numpy's comparisons"),
    "replaces the method that calls a test case",
    *("prints the tests and the secret", "prints the hidden checks and the solution"),
    *("leaves from within a function", "shadows the builtins by accident"),
)
"""Attacks that come to their ends beside each other, so that one submission has all of them."""
READING = ("prints the tests and the secret", "prints the hidden checks and the solution")


def submissions() -> list[tuple[str, ...]]:
    """Return the names of the attacks in each submission that is enough to try all."""
    return [TOGETHER, *((name,) for name in ATTACKS if name not in TOGETHER)]


def submission(names: Iterable[str], root: str, sentinel: str) -> str:
    """Return a file with these attacks; `root` is where the container's folders are."""
    return (
        "".join(map(ATTACKS.__getitem__, names))
        .replace("{{", "{")
        .replace("}}", "}")
        .replace("{root}", root)
        .replace("{sentinel}", sentinel)
        + BODY
    )
