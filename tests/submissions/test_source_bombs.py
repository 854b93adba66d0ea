"""Source that is short and takes hours or gigabytes to look at: the grader does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
    "many_broken_parts": "x = (\n" * 150_000,
    "many_texts_that_do_not_end": "def f():\n" + '    """\n' + "x = 1\n" * 150_000,
    "many_broken_functions": "def f(:\n    return 1\n" * 40_000,
    "one_function_per_blank": "".join(" " * n + "def f(): pass\n" for n in range(1_000)),
    "many_statements": "a;" * 490_000 + "a\n",
    "statements_just_below_the_bound": "def gradient(x, y, w):\n "
    + "a\n " * 49_000
    + "a;" * 24_000,
    "one_long_alias": f"import {'a' * 900_000} as t\ndef gradient(x, y, w):\n " + "t.a;" * 24_000,
    "one_value_of_many_names": " = ".join(["gradient", *(f"a{n}" for n in range(20_000))])
    + f" = [{', '.join(f'a{n}' for n in range(20_000))}]\n",
    "long_tuple": "x = [" + "1," * 490_000 + "]\n",
}

NOTEBOOKS = {
    "magics_in_a_long_cell": ["%time x\n" * 100 + "x = 1\n" * 160_000],
    "many_statements": ["a;" * 9_000] * 45,
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
        megabytes=300,
    )


@pytest.mark.parametrize("part", ["{}", "[]", '"a"', "1"])
def test_a_notebook_of_many_parts_is_refused_before_it_is_read(part: str, tmp_path: Path) -> None:
    path = tmp_path / f"{SLUG}.ipynb"
    path.write_text('{"cells": [' + ",".join([part] * (19_000_000 // (len(part) + 1))) + "]}")
    said = bounded(
        "(each,), _ = find([Path(sys.argv[1])], slugs())\n"
        "try: each.source()\n"
        "except SubmissionError as error: print(error)",
        path,
        megabytes=150,
    )
    assert "clear the outputs" in said
