"""Bad input costs its own student points, and other students nothing."""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import textwrap
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from gradpath.cohort.files import results_jsonl
from gradpath.cohort.run import Run
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from gradpath.worker import codec, values
from gradpath.worker.confine import tree
from gradpath.worker.limits import Limits
from tests.support.badinput import gradients, modules, top_level
from tests.support.badinput.lane import (
    LIMITS,
    RIGHT,
    SHORT,
    SLUG,
    Lane,
    assert_costs,
    calls_of,
    is_rule,
)


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    """One run with one lane for all of this file: nothing that happens in it may linger."""
    with tempfile.TemporaryDirectory() as folder:
        # Submissions run under another user id, which must get to its own folder in there.
        Path(folder).chmod(0o711)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", folder)
            run = Run([SLUG], "bad-input", jobs=1)
        with run:
            yield Lane(run, Path(folder))


def cases(**tables: gradients.Cases) -> pytest.MarkDecorator:
    """Run a test with each case of some tables; their names are the outcomes.

    Every third of a table is quick enough. A case that ends in a time limit takes seconds, and only
    the first is quick. So does one that sleeps after it has closed the connection: until its end is
    known, a second for each call.
    """
    rows = [
        pytest.param(
            *(body, outcome, words),
            id=f"{outcome}-{name}",
            marks=[pytest.mark.slow]
            if "sleep(60)" in body or number % (len(table) if outcome == "timeout" else 3)
            else [],
        )
        for outcome, table in tables.items()
        for number, (name, (body, *words)) in enumerate(table.items())
    ]
    return pytest.mark.parametrize(("body", "outcome", "words"), rows)


@cases(
    failed=gradients.RETURNED | gradients.OBJECTS,
    raised=gradients.RAISED | gradients.CHANNEL,
    timeout=gradients.ENDLESS,
    killed=gradients.KILLED,
)
def test_bad_function(lane: Lane, body: str, outcome: str, words: list[str]) -> None:
    with lane.limits(SHORT if outcome == "timeout" or "sleep" in body else LIMITS):
        result = lane.grade(gradients.with_gradient(body))
    assert_costs(result, "gradient", outcome, *words)


@pytest.mark.root
@cases(raised=gradients.PROCESSES, timeout=gradients.STUBBORN)
def test_processes(lane: Lane, body: str, outcome: str, words: list[str]) -> None:
    with lane.limits(SHORT if outcome == "timeout" else LIMITS):
        result = lane.grade(gradients.with_gradient(body))
    assert_costs(result, "gradient", outcome, *words)


@pytest.mark.skipif(os.geteuid() == 0, reason="under root a submission may not do this")
def test_killed_lane(lane: Lane) -> None:
    result = lane.grade(gradients.with_gradient(gradients.KILLED_LANE))
    assert_costs(result, "gradient", "killed", "gradient crashed, or was killed")
    names = [Path(f"/proc/{pid}/comm").read_text() for pid in tree([os.getpid()])]
    # This process, the zygote, and a lane for students and one for the solution, with its workers.
    assert len(names) <= 6


def test_branching_list(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    with lane.limits(SHORT):
        result = lane.grade(gradients.with_gradient(gradients.BRANCHING))
    # Which limit comes first depends on how fast the machine is.
    assert {check.outcome for check in calls_of(result, "gradient")} <= {"failed", "timeout"}
    assert result.score == 7.0
    value: list[object] = [None]
    for _ in range(30):
        value = [value] * 9
    monkeypatch.setattr(values, "MAX_READ", 10_000)
    assert values.read(value) == codec.Opaque("more than 10000 values in lists")


def test_small_objects(lane: Lane) -> None:
    with lane.limits(msgspec.structs.replace(LIMITS, call_seconds=10.0)):
        result = lane.grade(gradients.with_gradient(gradients.SMALL_OBJECTS))
    assert_costs(result, "gradient", "killed", "gradient needed more than 300 MiB of memory")


def test_forged_answer(lane: Lane) -> None:
    result = lane.grade(gradients.with_gradient(gradients.FORGED_MISSING))
    assert calls_of(result, "gradient")[0].message == "gradient is not defined in your file"
    assert result.score == 7.0


@cases(raised=modules.RAISED, timeout=modules.ENDLESS, killed=modules.KILLED)
def test_top_level(lane: Lane, body: str, outcome: str, words: list[str]) -> None:
    """A statement that fails, or has to be stopped, costs itself, wherever it stands."""
    for code in (f"{body}\n\n{RIGHT}", f"{RIGHT}\n\n{body}"):
        with lane.limits(SHORT if outcome == "timeout" else LIMITS):
            result = lane.grade(code)
        assert result.score == 10.0
        for word in words:
            assert re.sub(r"line \d+", "line", word) in re.sub(r"line \d+", "line", result.message)


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@pytest.mark.parametrize("name", modules.HARMLESS)
def test_harmless(lane: Lane, name: str) -> None:
    result = lane.grade(f"{modules.HARMLESS[name].strip()}\n\n{RIGHT}")
    assert [check.message for check in result.checks if check.outcome != "passed"] == []
    assert result.score == 10.0


def override(code: str) -> str:
    """Return the right submission with something redefined at its end."""
    return f"{RIGHT}\n\n{textwrap.dedent(code).strip()}\n"


@pytest.mark.parametrize(
    ("code", "outcome", "words"),
    [
        (
            "def gradient(x, y):\n    return x",
            "raised",
            "the call failed with TypeError: gradient() takes 2 positional arguments but 3 were",
        ),
        (
            "class gradient:\n    def __init__(self, x, y, w): pass",
            "failed",
            "an object of type gradient",
        ),
    ],
    ids=["wrong_signature", "class"],
)
def test_wrong_kind_of_function(lane: Lane, code: str, outcome: str, words: str) -> None:
    assert_costs(lane.read(override(code)), "gradient", outcome, words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "gradient is not defined in your file"),
        ("def gradient(x, y, w):\n    raise NotImplementedError", "gradient is not written yet"),
        ("gradient = 3.0", "gradient is not defined in your file"),
    ],
)
def test_function_that_is_not_written(lane: Lane, code: str, words: str) -> None:
    written = "def gradient(x, y, w):\n    return 2 * x * (x * w - y)"
    assert_costs(lane.read(RIGHT.replace(written, code)), "gradient", "not_attempted", words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("del gradient", "line 47 (del gradient) takes the name gradient for something else; the "),
        ("gradient = 3.0\nprint(gradient)", "line 47 (gradient = 3.0) takes the name "),
        ("gradient = gradient(1.0, 2.0, 1.0)", "takes the name gradient for something else; the "),
        ("for gradient in [1.0]: pass", "takes the name gradient for something else; the "),
        ("gradient = torch.nn.Linear(1, 1)", "takes the name gradient for something else; the "),
        ("def gradient(x, y, w):\n    raise NotImplementedError", "defines gradient again and is "),
        ("def gradient(x, y, w):\n    ...", "defines gradient again and is not "),
        ("if True:\n    def gradient(x, y, w): pass", "defines gradient again and is not "),
        ("if True: gradient = 3.0", "takes the name gradient for something else; the "),
        ("gradient: float = 3.0", "takes the name gradient for something else; the "),
        ("from math import pi as gradient", "takes the name gradient for something else; the "),
        ("from numpy import *", "takes the name gradient for something else; the "),
        ("gradient = list", "takes the name gradient for something else; the "),
        ("gradient = np.gradient", "takes the name gradient for something else; the "),
    ],
)
def test_definition_that_is_lost(lane: Lane, code: str, words: str) -> None:
    for result in (
        lane.read(override(code)),
        lane.read(notebook(RIGHT, "\n" * 44 + code), f"{SLUG}.ipynb"),
    ):
        assert result.score == 10.0
        assert words in re.sub(r"cell 2, line 45", "line 47", result.message)
        assert ", line 16 counts" in result.message


@pytest.mark.parametrize(
    ("code", "score"),
    [
        ("def gradient(x, y, w):\n    return x * (x * w - y)", 7.0),
        ("gradient = lambda x, y, w: x * (x * w - y)", 7.0),
        ("def g(x, y, w): return x * (x * w - y)\ngradient = g", 7.0),
        ("gradient = np.vectorize(gradient, otypes=[float])", 10.0),
    ],
)
def test_definition_that_is_replaced(lane: Lane, code: str, score: float) -> None:
    """The last one counts if it is one."""
    result = lane.read(override(code))
    assert (result.score, result.message) == (score, ONLY_IMPORTS)


def test_definitions_below_the_guard(lane: Lane) -> None:
    """They count if they stand nowhere else, with constants and imports beside them."""
    guarded = 'if __name__ == "__main__":\n' + textwrap.indent(RIGHT + "\nx = 1\n1 / 0\n", "    ")
    result = lane.read(guarded)
    assert result.score == 10.0
    assert "is not true when a file is imported; gradient and loss and pr" in result.message
    assert "ZeroDivision" not in result.message
    result = lane.read(f"{RIGHT}\n\n{guarded.replace('2 *', '3 *')}")
    assert (result.score, "imported" in result.message) == (10.0, False)


def test_indented_file(lane: Lane) -> None:
    assert lane.read(textwrap.indent(RIGHT, "    ")).score == 10.0


@pytest.mark.parametrize("entries", ["[:-1]", "[:2]", "[:0]", " * 2", " + [0.0]"])
def test_length_of_history(lane: Lane, entries: str) -> None:
    result = lane.read(
        override(f"""
        def train(xs, ys, w, lr, epochs, _train=train):
            record = _train(xs, ys, w, lr, epochs)
            return {{**record, "gradients": record["gradients"]{entries}}}
        """)
    )
    assert_costs(result, "train", "failed", "gradients has ", " entries, expected 30")


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("[record['gradients'], record['weights']]", "a dict with the key 'gradients' is expected"),
        ("{'gradients': record['gradients']}", "the key 'weights' is missing"),
        ("{**record, 'losses': None}", "losses: numbers are expected, got None"),
        ("{1: 2, None: 3, (4, 5): 6}", "the key 'gradients' is missing"),
        ("{'\\x1b[2J' * 50 + str(i): i for i in range(9)}", "the key 'gradients' is missing"),
    ],
)
def test_record(lane: Lane, returned: str, words: str) -> None:
    result = lane.read(
        override(f"""
        def train(xs, ys, w, lr, epochs, _train=train):
            record = _train(xs, ys, w, lr, epochs)
            return {returned}
        """)
    )
    assert_costs(result, "train", "failed", words)


@pytest.mark.parametrize(
    "wrapped",
    [
        "Record(record)",
        "{**record, 'gradients': np.array(record['gradients']).view(Array)}",
        "{**record, 'gradients': torch.tensor(record['gradients']).as_subclass(Tensor)}",
        "{**record, 'gradients': [Number(value) for value in record['gradients']]}",
        "{Text(key): value for key, value in record.items()}",
        "{**record, 'extra': lambda: None, 'model': torch.nn.Linear(1, 1), 7: object()}",
    ],
)
def test_subclasses_of_plain_types(lane: Lane, wrapped: str) -> None:
    result = lane.read(
        override(f"""
        class Record(dict):
            def __getitem__(self, key): raise KeyError(key)
            def items(self): raise KeyError
            __iter__ = __len__ = keys = items
        class Array(np.ndarray):
            def __getitem__(self, key): raise IndexError
            def astype(self, *args): raise TypeError
            def __array__(self, *args, **kwargs): raise TypeError
        class Tensor(torch.Tensor): pass
        class Number(float):
            def __float__(self): return 0.0
        class Text(str):
            def __str__(self): return "other"
        def train(xs, ys, w, lr, epochs, _train=train):
            record = _train(xs, ys, w, lr, epochs)
            return {wrapped}
        """)
    )
    assert [check.message for check in result.checks if check.outcome != "passed"] == []


def test_gradients_disabled(lane: Lane) -> None:
    result = lane.grade(
        override("""
        def train_autograd(xs, ys, w, lr, epochs, _train=train_autograd):
            record = _train(xs, ys, w, lr, epochs)
            torch.set_grad_enabled(False)
            return record
        """)
    )
    lost = calls_of(result, "train_autograd")
    assert {check.outcome for check in lost} == {"raised"}
    assert "does not require grad" in lost[0].message
    rules = [check for check in result.checks if check.outcome == "skipped"]
    assert result.score == 10.0 - sum(check.max_points for check in [*lost, *rules])


def test_time_altogether(lane: Lane) -> None:
    slow = override("""
        import time
        def slowly(function):
            def call(*args):
                time.sleep(0.1)
                return function(*args)
            return call
        predict, loss, gradient = map(slowly, (predict, loss, gradient))
        train, train_autograd = map(slowly, (train, train_autograd))
    """)
    with lane.limits(Limits(submission_seconds=1.0)):
        result = lane.grade(slow)
    outcomes = [check.outcome for check in result.checks if not is_rule(check)]
    assert set(outcomes) == {"passed", "timeout"}
    assert outcomes[0] == "passed"
    last = result.checks[-1].message
    assert last == ("train_autograd was stopped, because all calls together took longer than 1 s")


def test_endless_functions_leave_time_for_the_hidden_checks_of_another(lane: Lane) -> None:
    endless = override("""
        def endless(*args):
            while True:
                pass
        loss = gradient = train = train_autograd = endless
    """)
    with lane.limits(Limits(call_seconds=0.25, submission_seconds=2.0)):
        result = lane.grade(endless)
    assert {check.outcome for check in calls_of(result, "predict")} == {"passed"}


def test_same_result_twice(lane: Lane) -> None:
    for name in ("address", "open_files"):
        code = gradients.with_gradient(gradients.RAISED[name][0])
        assert lane.read(code) == lane.read(code)


# Lines of real files at the top level


@pytest.mark.parametrize("name", top_level.SILENT)
def test_line_that_costs_nothing(lane: Lane, name: str) -> None:
    result = lane.read(top_level.SILENT[name])
    assert [check.message for check in result.checks if check.outcome != "passed"] == []
    assert result.message.startswith("imports ")
    assert ";" not in result.message


@pytest.mark.parametrize("name", top_level.NOTED)
def test_line_that_is_noted(lane: Lane, name: str) -> None:
    code, words = top_level.NOTED[name]
    with lane.limits(SHORT):
        result = lane.grade(code)
    assert [check.message for check in result.checks if check.outcome != "passed"] == []
    assert words in result.message
    assert "; everything else in the file was run" in result.message


@pytest.mark.parametrize(
    "error",
    ["def gradient(x, y, w)\n", "def gradient(x, y, w):\n    x = (\n", " def gradient(x, y, w)\n"],
)
def test_syntax_error_costs_its_function(lane: Lane, error: str) -> None:
    result = lane.read(RIGHT.replace("def gradient(x, y, w):\n", error))
    assert_costs(result, "gradient", "not_attempted", "gradient is not defined in your file")
    assert "has a syntax error: " in result.message


# Files

ONLY_IMPORTS = "imports os, sys, which this assignment does not need"

UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "syntax": ("def predict(x, w:\n    return x * w\n", "syntax error in line 1: '(' was never"),
    "indentation": ("def predict(x, w):\nreturn x * w\n", "expected an indented block"),
    "return_outside": ("x = 1\nreturn 1\n", "syntax error in line 2: 'return' outside function"),
    "latin_1": ("# Steigung für w\n".encode("latin-1"), "the file is not encoded in UTF-8"),
    "utf_16": (RIGHT.encode("utf-16-le"), "the file is not text in UTF-8 (it has zero bytes)"),
    "zero_bytes": (b"x = 1\n\0\0\0", "zero bytes"),
    "fifty_megabytes": (b"# data\n" * 7_500_000, "the file has 52.5 MB, 1 MB are allowed"),
    "nested_brackets": ("x = " + "(" * 5_000, "syntax error in line 1: too many nested"),
    "nested_signs": ("x = " + "-" * 90_000 + "1", "Python cannot read it: "),
    "long_sum": ("x = 1" + "+1" * 40_000, "Python cannot read it: "),
    "part_of_a_page": (
        "<div>\n<pre>def predict(x, w): return 0</pre>",
        "the file is a web page (H",
    ),
    "saved_page": ("<!-- saved from url -->\n<html>", "the file is a web page (HTML), no Python"),
    "other_names": ("def Predict(x, w): return 1\n", "predict is missing; is Predict meant to be"),
    "in_a_class": (
        "class A:\n    def loss(x, y, w): return 1\n",
        "loss in hand_gradients.py, line 2 stands inside of another block; move it out",
    ),
    "web_page": ("\n<!DOCTYPE html>\n<p>def</p>", "the file is a web page (HTML), no Python; hand"),
    "pdf": (b"%PDF-1.4\n%%EOF", "the file is a PDF, no Python"),
    "empty": ("\n\n", "the file is empty"),
    "not_text": (bytes(range(128, 256)) * 50, "not encoded in UTF-8"),
    "control_characters": ("x = '\x1b[2J\n", "syntax error in line 1"),
    "word_document": (b"PK\x03\x04" + bytes(range(256)), "the file is a zip or an Office document"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_script(lane: Lane, name: str) -> None:
    content, words = UNREADABLE[name]
    result = lane.read(content)
    assert (result.status, result.score, result.max_score) == ("unreadable", 0.0, 10.0)
    assert result.checks == []
    assert words in result.message


@pytest.mark.parametrize("code", ["x = 1\n", "# nothing yet\n"])
def test_file_without_code(lane: Lane, code: str) -> None:
    assert_attempts_nothing(lane.read(code))


def assert_attempts_nothing(result: Result) -> None:
    """No function has points, because none is there; that is said once."""
    assert (result.status, result.score, result.checks) == ("unreadable", 0.0, [])
    assert result.message.startswith("the file defines none of this assignment's functions (pred")


LETTERS = {
    "latin-1": "für", "cp1252": "für", "gbk": "梯度", "big5": "梯度",
    "gb18030": "梯度",
    "euc_kr": "기울기", "cp949": "기울기", "shift_jis": "勾配", "euc_jp": "勾配",
    "cp1251": "градиент",
    "windows-1251": "градиент", "koi8-r": "градиент", "iso-8859-2": "řád", "cp1250": "řád",
}  # fmt: skip


@pytest.mark.parametrize("encoding", LETTERS)
def test_declared_encoding(lane: Lane, encoding: str) -> None:
    code = f"# -*- coding: {encoding} -*-\n# {LETTERS[encoding]}\n{RIGHT}".encode(encoding)
    result = lane.read(code)
    assert (result.score, result.message) == (10.0, ONLY_IMPORTS)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (f"# Steigung für w\n{RIGHT}".encode("latin-1"), "the file is not encoded in UTF-8; save"),
        (f"# coding: punycode\n{RIGHT}".encode(), "the coding line says otherwise, but the file"),
        (f"# coding: of_mine\n{RIGHT}".encode(), "the coding line says otherwise, but the file"),
        (f"# coding: ascii\n# für\n{RIGHT}".encode(), "the coding line says otherwise, but the"),
        (f"\ufeff\u200b\ufeff{RIGHT}".encode(), "imports os, sys"),
        (RIGHT.encode("utf-32"), "imports os, sys"),
    ],
)
def test_encoding_that_is_not_declared(lane: Lane, code: bytes, words: str) -> None:
    result = lane.read(code)
    assert result.score == 10.0
    assert result.message.startswith(words)


@pytest.mark.parametrize("line", ["%timeit 1 + 1", "!echo x", "files = !ls", "predict?"])
def test_lines_of_a_notebook_in_a_script(lane: Lane, line: str) -> None:
    for code in (
        f"{RIGHT}\n{line}\n",
        RIGHT.replace("(x * w - y)\n", f"(x * w - y)\n    {line}\n"),
    ):
        result = lane.read(code)
        assert result.score == 10.0
        words = f" ({line}) runs in a notebook only, and does nothing; imports"
        assert words in result.message


def test_wide_characters(lane: Lane) -> None:
    assert lane.read(RIGHT.encode("utf-16")).message == ONLY_IMPORTS


def test_names_of_the_other_kind(lane: Lane) -> None:
    script = lane.read(RIGHT, f"{SLUG}.ipynb")
    assert script.message.startswith("the file is a script with the name of a notebook; ")
    book = lane.read(notebook("%matplotlib inline", RIGHT), f"{SLUG}.py")
    assert book.message.startswith("the file is a notebook with the name of a script; ")
    assert script.score == book.score == 10.0


def test_file_of_another_assignment(lane: Lane) -> None:
    code = "def rosenbrock(x, y): pass\ndef descend(): pass\ndef descend_autograd(): pass\n"
    words = "the file looks like rosenbrock: it defines descend, descend_autograd, rosenbrock"
    assert words in lane.read(code).message
    result = lane.read(code + "def gradient(x, y): return x, y\n")
    assert (result.status, result.message) == ("graded", words)


def test_mark_and_line_ends_of_windows(lane: Lane) -> None:
    assert lane.read(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()).score == 10.0


# Notebooks


def notebook(*cells: str | dict[str, object], **parts: object) -> str:
    """Return a notebook with these code cells."""
    made = [
        cell
        if isinstance(cell, dict)
        else {
            "cell_type": "code",
            "execution_count": 90 - index,
            "metadata": {},
            "outputs": [],
            "source": cell,
        }
        for index, cell in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made} | parts)


OLD_CELL = {"cell_type": "code", "input": RIGHT}
FULL_NOTEBOOKS = {
    "magics": notebook("%matplotlib inline\n!pip install numpy\n%time x = 1\nimport os?", RIGHT),
    "two_magics": notebook(f"%%time\n%%capture\n{RIGHT}"),
    "tab_in_a_text": notebook(RIGHT).replace("return", "return\\t", 1).replace("\\\\t", "\t"),
    "shell_cell": notebook("%%bash\nrm -rf nothing", "%%html\n<b>hello</b>", RIGHT),
    "assigned_magic": notebook("files = !ls\nhere = %pwd", RIGHT),
    "out_of_order": notebook("# executed last", RIGHT, "print(predict(1.0, 2.0))"),
    "no_counts": notebook({"cell_type": "code", "source": RIGHT}),
    "source_as_lines": notebook({"cell_type": "code", "source": RIGHT.splitlines(True)}),
    "odd_cells": notebook({"cell_type": "code", "source": 7}, {"cell_type": 3}, {}, RIGHT),
    "not_a_cell": json.dumps({"cells": [None, 7, "x", {"cell_type": "code", "source": RIGHT}]}),
    "half_character": notebook("text = '\ud800'", RIGHT),
    "format_3": json.dumps({"nbformat": 3, "worksheets": [7, {"cells": 7}, {"cells": [OLD_CELL]}]}),
    "empty_lines": notebook("\n" * 300_000, RIGHT),
}


WHOLE = notebook("x = 1", RIGHT)
DAMAGED_NOTEBOOKS = {
    "last_comma": WHOLE.replace("}]}", "},]}"),
    "last_comma_of_all": f"{WHOLE[:-1]},}}",
    "one_bracket_more": WHOLE + "}",
}


@pytest.mark.parametrize("name", DAMAGED_NOTEBOOKS)
def test_damaged_notebook(lane: Lane, name: str) -> None:
    result = lane.read(DAMAGED_NOTEBOOKS[name], f"{SLUG}.ipynb")
    assert result.message.startswith("the notebook has a sign too many in its line 1, which")
    assert result.score == 10.0


@pytest.mark.parametrize("name", FULL_NOTEBOOKS)
def test_notebook_with_all_points(lane: Lane, name: str) -> None:
    result = lane.read(FULL_NOTEBOOKS[name], f"{SLUG}.ipynb")
    assert result.message.removeprefix("imports os, sys, which this assignment does not need") == ""
    assert result.score == 10.0


@pytest.mark.parametrize(
    "cell", ["1 / 0", "def predict(x, w", "x = '\0'", "%pip\n" * 600 + "x = (", "raise SystemExit"]
)
def test_notebook_with_a_broken_cell(lane: Lane, cell: str) -> None:
    result = lane.grade(notebook("import os", cell, RIGHT), f"{SLUG}.ipynb")
    assert result.message.startswith("cell 2, line 1 (")
    assert "; everything else in the file was run" in result.message
    assert result.score == 10.0


def test_notebook_with_many_broken_cells(lane: Lane) -> None:
    result = lane.read(notebook(*["x"] * 2_000, RIGHT), f"{SLUG}.ipynb")
    assert "and 1,995 more like these; everything else in the file was run" in result.message
    assert len(result.message) <= 1_024
    assert result.score == 10.0


FLOODS = {
    "imports": (
        f"try:\n    import {', '.join(f'z{n}' for n in range(20_000))}\nexcept Exception: pass\n",
        "and 19,992 more, which this assignment does not need",
    ),
    "long_name": (f"try:\n    import {'z' * 200_000}\nexcept ImportError: pass\n", "z..., which"),
    "like_names": (
        "\n".join(f"gradien{n:05} = 1" for n in range(4_000)) + "\n",
        "gradient is missing",
    ),
    "long_error": (f"def gradient(x, y, w):\n    raise ValueError({'é' * 9_000!r})\n", ""),
}


@pytest.mark.parametrize("name", FLOODS)
def test_much_to_say_is_said_in_short(lane: Lane, name: str) -> None:
    text, said = FLOODS[name]
    source = RIGHT.replace("def gradient(", "def _gradient(") + text if name == "like_names" else ""
    # Thousands of statements take some time on their own.
    with lane.limits(msgspec.structs.replace(LIMITS, call_seconds=10.0)):
        result = lane.read(source or RIGHT + "\n" + text)
    assert said in result.message
    assert len(msgspec.json.encode(result)) < 30_000


def test_notebook_that_breaks_in_a_function(lane: Lane) -> None:
    code = override("def gradient(x, y, w):\n    return 1 / 0")
    result = lane.read(notebook("# title", code), f"{SLUG}.ipynb")
    assert_costs(result, "gradient", "raised", "ZeroDivisionError: division by zero, at cell 2")


def test_notebook_with_an_endless_cell(lane: Lane) -> None:
    with lane.limits(SHORT):
        result = lane.grade(notebook("while True: pass", RIGHT), f"{SLUG}.ipynb")
    assert "cell 1, line 1 (while True: pass) took longer than 0.5 s and was " in result.message
    assert result.score == 10.0


@pytest.mark.parametrize("text", [notebook(), notebook({"cell_type": "markdown", "source": "x"})])
def test_notebook_without_code(lane: Lane, text: str) -> None:
    assert_attempts_nothing(lane.read(text, f"{SLUG}.ipynb"))


GRADIENT = "def gradient(x, y, w):\n    return 2 * x * (x * w - y)\n"
REST = RIGHT.replace(GRADIENT, "")


def text_cell(kind: str, source: str) -> dict[str, object]:
    return {"cell_type": kind, "source": source, "metadata": {}}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            [REST, f"%%writefile other.py\n{GRADIENT}"],
            "gradient in cell 2, a %%writefile cell",
        ),
        ([REST, f"\n%%file other.py\n{GRADIENT}"], "gradient in cell 2, a %%file cell, was"),
        ([REST, text_cell("markdown", GRADIENT)], "gradient in the text after cell 1, a markdown "),
        ([text_cell("raw", GRADIENT), REST], "gradient in the text after cell 0, a raw cell, was"),
        ([REST, text_cell("markdown", f"```python\n{GRADIENT}```")], "gradient in the text after"),
        (
            [f"%%writefile hand_gradients.py\n{RIGHT}", "from hand_gradients import *"],
            "gradient, ",
        ),
        ([REST, f"%%python3\n{GRADIENT}"], "gradient in cell 2, a %%python3 cell, was taken"),
        ([REST, f"%%timeit\n{GRADIENT}"], "gradient in cell 2, a %%timeit cell, was taken"),
        (
            [REST, text_cell("markdown", f"Mine:\n```bash\nls\n```\n```py\n{GRADIENT}```\nSo.")],
            "gradient in the text after cell 1, a markdown cell",
        ),
        ([text_cell("raw", "import os, sys, torch"), text_cell("raw", RIGHT)], "gradient, loss, "),
    ],
)
def test_definition_in_a_cell_that_is_not_run(
    lane: Lane, cells: list[str | dict[str, object]], words: str
) -> None:
    result = lane.read(notebook(*cells), f"{SLUG}.ipynb")
    assert result.message.startswith(words)
    assert " was taken for code" in result.message
    assert result.score == 10.0


@pytest.mark.parametrize(
    "cell",
    [
        f"%%writefile copy.py\n{GRADIENT.replace('2 *', '3 *')}",
        text_cell("markdown", GRADIENT.replace("2 *", "3 *")),
        text_cell("markdown", f"My function:\n\n{GRADIENT}"),
        text_cell("raw", "def other(x): return x"),
    ],
)
def test_cell_that_is_not_run(lane: Lane, cell: str | dict[str, object]) -> None:
    result = lane.read(notebook(RIGHT, cell), f"{SLUG}.ipynb")
    assert (result.score, result.message) == (10.0, ONLY_IMPORTS)


UNREADABLE_NOTEBOOKS = {
    "cut_short": (notebook(RIGHT)[:-40], "the notebook is no valid JSON"),
    "nested": ("[" * 100_000, "the notebook is no valid JSON"),
    "list": ("[1, 2]", "the file is JSON, but no notebook"),
    "number": ("1" * 10_000, "the notebook is no valid JSON"),
    "no_cells": ('{"nbformat": 4}', "the notebook has no list of cells"),
    "cells_of_text": ('{"nbformat": 4, "cells": "x"}', "the notebook has no list of cells"),
    "too_much_code": (notebook("# data\n" * 200_000), "more than 1 MB of code"),
    "empty": ("", "the file is empty"),
    "no_functions": ("x = 1\n", "the notebook is no valid JSON"),
    "zero_bytes": (notebook(RIGHT) + "\0", "zero bytes"),
}


@pytest.mark.parametrize("name", UNREADABLE_NOTEBOOKS)
def test_unreadable_notebook(lane: Lane, name: str) -> None:
    text, words = UNREADABLE_NOTEBOOKS[name]
    result = lane.read(text, f"{SLUG}.ipynb")
    assert (result.status, result.score) == ("unreadable", 0.0)
    assert words in result.message


# Folders and zips


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return a zip with these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def damaged(data: bytes, mark: bytes = b"PK\x01\x02") -> bytes:
    """Return a zip with a right list of files and damaged contents."""
    start, end = 60, data.index(mark)
    return data[:start] + bytes(255 - byte for byte in data[start:end]) + data[end:]


def graded(lane: Lane, folder: Path) -> dict[str, Result]:
    """Grade a folder of students through the lane."""
    submissions, _ = find([folder], [SLUG])
    return {submission.student: lane.send(submission) for submission in submissions}


@pytest.mark.parametrize("name", ["HAND GRADIENTS.PY", "hand_gradients (1).ipynb"])
def test_named_differently(lane: Lane, tmp_path: Path, name: str) -> None:
    file = tmp_path / "s03" / name
    file.parent.mkdir()
    file.write_text(notebook(RIGHT) if name.endswith("ipynb") else RIGHT)
    result = graded(lane, tmp_path)["s03"]
    assert result.score == 10.0
    assert result.message.startswith(f"taken for hand_gradients{file.suffix.lower()}")


def test_name_that_is_not_text(lane: Lane, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "s03") + b"\xff\xfe"
    os.mkdir(folder)
    Path(os.fsdecode(folder), f"{SLUG}.py").write_text(RIGHT)
    results = list(graded(lane, tmp_path).values())
    assert [result.score for result in results] == [10.0]
    results_jsonl(results).decode()


ZIPS = {
    "no_zip": (b"this is no zip", "is no zip file; pack it again"),
    "cut_short": (zipped({f"{SLUG}.py": RIGHT})[:-30], "is no zip file; pack it again"),
    "no_bytes": (b"", "is no zip file; pack it again"),
    "no_files": (zipped({}), "is an empty zip; put the file to grade into it"),
    "damaged": (damaged(zipped({f"{SLUG}.py": RIGHT})), "the file cannot be unpacked"),
    "bomb": (zipped({f"{SLUG}.py": b"#" * 50_000_000}), "the file has 50.0 MB, 1 MB are allowed"),
    "zip_in_zip": (zipped({"inner.zip": b"no zip"}), "is no zip file; pack it again"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_unreadable_zip(lane: Lane, tmp_path: Path, name: str) -> None:
    data, words = ZIPS[name]
    for student in ("s03", "s04"):
        (tmp_path / student).mkdir()
    (tmp_path / "s03" / f"{SLUG}.zip").write_bytes(data)
    (tmp_path / "s04" / f"{SLUG}.py").write_text(RIGHT)
    results = graded(lane, tmp_path)
    assert results["s04"].score == 10.0
    broken = next(result for student, result in results.items() if student != "s04")
    assert (broken.status, broken.score) == ("unreadable", 0.0)
    assert words in broken.message


def test_zip_in_a_folder(lane: Lane, tmp_path: Path) -> None:
    (tmp_path / "s03").mkdir()
    (tmp_path / "s03" / "homework.zip").write_bytes(zipped({f"{SLUG}.py": RIGHT}))
    assert graded(lane, tmp_path)["s03"].score == 10.0


def test_zip_with_bad_paths(lane: Lane, tmp_path: Path) -> None:
    (tmp_path / "s03").mkdir()
    members = {f"../../{SLUG}.py": RIGHT, "/etc/hand_gradients.py": RIGHT, f"s05/{SLUG}.py": RIGHT}
    (tmp_path / "s03" / "homework.zip").write_bytes(zipped(members))
    # Files in a student's folder are this student's, even with other names in a zip.
    results = graded(lane, tmp_path)
    assert list(results) == ["s03"]
    assert results["s03"].score == 10.0
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["homework.zip", "s03"]


def test_fault_of_the_grader(
    lane: Lane, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> Result:
        raise ZeroDivisionError("a mistake of ours")

    data = RIGHT.encode()
    submission = Submission("s03", SLUG, "s03/hand_gradients.py", len(data), lambda: data)
    with monkeypatch.context() as patch:
        patch.setattr("gradpath.grading.grader.Grader.grade", fail)
        (result,) = lane.run.grade_all([submission], lambda _: None)
    assert (result.status, result.score, result.max_score) == ("unreadable", 0.0, 10.0)
    assert "the grader itself failed on this file" in result.message
    assert "a mistake of ours" not in result.message
    assert "a mistake of ours" in caplog.text
    assert lane.run.problems == [
        "s03/hand_gradients.py of s03: ZeroDivisionError: a mistake of ours"
    ]
    lane.run.problems.clear()
    assert lane.grade(RIGHT).score == 10.0
