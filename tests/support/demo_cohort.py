"""Put a small cohort together: `python tests/support/demo_cohort.py FOLDER`.

Twelve students hand in the usual: right work in several styles, known mistakes,
mistakes of other kinds, half of an assignment, notebooks, badly named files, a zip, a syntax error.
The pieces come from the corpus and from the misconceptions, so that nothing is kept twice. The
cohort stays with the first five assignments: it is for looking at, and many tests grade it.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from typing import Final

from gradpath.course.load import corpus_of, load, slugs
from gradpath.course.master import skeleton_of, solution_of
from gradpath.course.mistakes import apply

ASSIGNMENTS: Final = slugs()[:5]
"""Of the demo cohort, and of made-up runs: neither grows with the course."""


def corpus(slug: str, name: str) -> bytes:
    """Return a file of the corpus, `right/...` or `wrong/...`."""
    return (corpus_of(slug) / name).read_bytes()


def mistakes(slug: str, *names: str) -> bytes:
    """Return the solution with the first variant of each of these misconceptions in it."""
    known = {misconception.id: misconception for misconception in load(slug).misconceptions}
    return apply(solution_of(slug), [known[name].variants[0] for name in names]).encode()


def half(slug: str) -> bytes:
    """Return a file with the first half of functions done, the rest still as in the skeleton."""
    functions = load(slug).functions
    done = set(functions[: len(functions) // 2])
    return skeleton_of(slug, written=done).encode()


def cohort() -> dict[str, bytes]:
    """Return the contents of every file by its path."""
    files: dict[str, bytes] = {}
    for student, style in (("s01", 0), ("s02", 1), ("s03", 2)):
        for slug in ASSIGNMENTS:
            right = sorted((corpus_of(slug) / "right").glob("*.py"))
            files[f"{student}/{slug}.py"] = right[style % len(right)].read_bytes()
    for slug in ASSIGNMENTS:
        if (corpus_of(slug) / "right" / "notebook_magics.ipynb").is_file():
            files[f"s04/{slug}.ipynb"] = corpus(slug, "right/notebook_magics.ipynb")
        files[f"s05/{slug}.py"] = half(slug)
        files[f"s06/{slug}.py"] = skeleton_of(slug).encode()
        wrong = sorted((corpus_of(slug) / "wrong").glob("*.py"))
        files[f"s07/{slug}.py"] = wrong[0].read_bytes()
        files[f"s08/{slug}.py"] = wrong[len(wrong) // 2].read_bytes()
    files |= {
        "s09/mse_sweep.py": mistakes("mse_sweep", "sum-instead-of-mean", "endpoint-dropped"),
        "s09/hand_gradients (1).py": mistakes("hand_gradients", "missing-factor-two"),
        "s09/Rosenbrock.py": mistakes("rosenbrock", "sequential-update"),
        "s09/linear_regression.py": mistakes("linear_regression", "mean-over-rows-only"),
        "s09/hidden_layer.py": mistakes("hidden_layer", "relu-missing", "argmax-over-samples"),
        "s10/mse_sweep.py": mistakes("mse_sweep", "index-instead-of-weight"),
        "s10/hand_gradients.py": mistakes(
            "hand_gradients", "sign-flipped-residual", "gradients-not-zeroed"
        ),
        "s10/rosenbrock.py": mistakes("rosenbrock", "inner-derivative-halved"),
        "s10/linear_regression.py": mistakes("linear_regression", "bias-gradient-not-zeroed"),
        "s10/hidden_layer.py": mistakes("hidden_layer", "double-softmax"),
        "s11/mse_sweep.py": b"def forward(x, w)\n    return x * w\n",
        "s11/hand_gradients.py": b"raise SystemExit('done')\n",
        "s11/rosenbrock.py": b"while True:\n    pass\n",
        "s11/linear_regression.py": b"import os\nos._exit(0)\n",
    }
    return files


def write(folder: Path) -> None:
    """Write the cohort; the last student hands in a zip."""
    for path, data in cohort().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    with zipfile.ZipFile(folder / "s12.zip", "w") as archive:
        for slug in ASSIGNMENTS:
            archive.writestr(f"{slug}.py", solution_of(slug))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/support/demo_cohort.py FOLDER")
    write(Path(sys.argv[1]))
