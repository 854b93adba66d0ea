"""The imports that `gradpath check` avoids."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gradpath.course.master import solution_of
from gradpath.student.check import LocalCheck
from tests.conftest import submission


def test_mse_sweep_never_imports_torch_in_the_worker() -> None:
    text = solution_of("mse_sweep") + (
        "\n\nimport sys\n\n\ndef forward(x, w):\n"
        "    assert 'torch' not in sys.modules, 'torch was imported'\n    return x * w\n"
    )
    check = LocalCheck(submission("mse_sweep", text))
    try:
        result = check.run().result
    finally:
        check.close()
    assert result.score == result.max_score


def test_the_command_itself_imports_neither_torch_nor_matplotlib(tmp_path: Path) -> None:
    (tmp_path / "rosenbrock.py").write_text(solution_of("rosenbrock"))
    code = (
        "import sys\n"
        "from gradpath.cli import cli\n"
        "status = cli.main(['check', 'rosenbrock.py'], standalone_mode=False)\n"
        "heavy = {'torch', 'matplotlib', 'jupytext', 'IPython', 'nbformat'} & set(sys.modules)\n"
        "assert status == 0 and not heavy, (status, heavy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_optimiser_does_not_import_the_compiler_in_a_check() -> None:
    text = solution_of("hidden_layer") + (
        "\n\nimport sys\n\n_predict = predict\n\n\ndef predict(logits):\n"
        "    assert 'torch._dynamo.eval_frame' not in sys.modules, 'the compiler was imported'\n"
        "    return _predict(logits)\n"
    )
    check = LocalCheck(submission("hidden_layer", text))
    try:
        result = check.run().result
    finally:
        check.close()
    assert result.score == result.max_score, [c for c in result.checks if c.outcome != "passed"]
