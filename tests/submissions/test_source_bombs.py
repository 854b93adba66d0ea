"""Source that is short and takes hours or gigabytes to look at: the grader does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradpath.errors import SubmissionError
from tests.conftest import submission
from tests.support.bounded import bounded

SLUG = "hand_gradients"


def finally_in_finally(levels: int) -> str:
    """Python writes the code of each `finally` twice: 20 of them make 2 ** 20 copies."""
    lines = []
    for level in range(levels):
        blank = " " * level
        lines += [f"{blank}try:", f"{blank} print(1, 2, 3, 4)", f"{blank}finally:"]
    return "\n".join([*lines, " " * levels + "print(" + "1, " * 100 + ")"])


SCRIPTS = {
    "finally_in_finally": finally_in_finally(19),
    "many_ways_out_of_a_try": "def f():\n try:\n"
    + "  if a: return\n" * 2_500
    + " finally:\n"
    + "  a = b(1, 2, 3)\n" * 2_500,
    "many_lambdas": f"def f({', '.join(f'a{n}' for n in range(50_000))}):\n return "
    + "lambda: " * 80
    + "0\n",
    "long_chains": "def gradient(x, y, w):\n" + ("    x" + ".b" * 900 + "\n") * 500,
    "many_names": "def g(): pass\ndef gradient(x, y, w):\n    " + "g; " * 300_000 + "g\n",
    "long_tuple": "x = [" + "1," * 490_000 + "]\n",
}

NOTEBOOKS = {
    "magics_in_a_long_cell": ["%time x\n" * 100 + "x = 1\n" * 160_000],
    "magics_in_many_cells": ["%a\n" * 100 + "x = 1\n" * 300] * 450,
}


QUICK = ("finally_in_finally", "many_ways_out_of_a_try", "many_lambdas", "magics_in_a_long_cell")
"""Found in under a second; the others take several, and little memory."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow])
        for name in (*SCRIPTS, *NOTEBOOKS)
    ],
)
def test_source_is_looked_at_in_little_time_and_memory(name: str, tmp_path: Path) -> None:
    if name in SCRIPTS:
        path = tmp_path / f"{SLUG}.py"
        path.write_text(SCRIPTS[name])
    else:
        path = tmp_path / f"{SLUG}.ipynb"
        cells = [{"cell_type": "code", "source": text} for text in NOTEBOOKS[name]]
        path.write_text(json.dumps({"cells": cells}))
    bounded(
        "(each,), _ = find([Path(sys.argv[1])], slugs())\n"
        "try: source = each.source()\n"
        "except SubmissionError as error: sys.exit()\n"
        "ModuleSource((cell.name, cell.text) for cell in source.cells)"
        ".find('gradient', AUTOGRAD, ['train'])",
        path,
        megabytes=900,
    )


def test_what_is_compiled_still_gives_its_error() -> None:
    text = "try:\n    pass\nfinally:\n    return 1\n"
    with pytest.raises(SubmissionError, match="'return' outside function"):
        submission(SLUG, text).source()


def test_code_that_is_not_compiled_here_is_graded_as_ever() -> None:
    text = "x = 1\n" * 20_000 + "return\n"
    assert submission(SLUG, text).source().cells[0].text == text
