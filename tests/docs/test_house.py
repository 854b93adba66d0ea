"""The rules of the house see a planted offence, and the contract of imports a planted import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support import house


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The package of an empty checkout in `tmp_path`."""
    folder = tmp_path / house.PACKAGE
    folder.mkdir(parents=True)
    return folder


def offences(root: Path, rule: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Return the lines that the script prints when the rule is broken."""
    capsys.readouterr()
    assert house.main([rule, "--root", str(root), *options]) == 1
    return capsys.readouterr().out


def kept(root: Path, rule: str) -> bool:
    return house.main([rule, "--root", str(root)]) == 0


def test_an_entry_too_many_at_the_top(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("__init__.py", "py.typed", *(f"room_{number}.py" for number in range(14))):
        (package / name).touch()
    assert kept(tmp_path, "rooms")
    (package / "attic.py").touch()
    assert "15 entries, 14 are allowed: attic.py room_0.py" in offences(tmp_path, "rooms", capsys)


def test_a_module_and_a_function_that_are_too_long(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "    x = 1\n" * 49
    docstring = '    """Do it.\n\n    At length.\n    """\n'
    (package / "fits.py").write_text(f"def f():\n{docstring}{body}" + "x = 1\n" * 346)
    assert kept(tmp_path, "sizes")
    (package / "longer.py").write_text("x = 1\n" * 401)
    (package / "worker" / "sandbox").mkdir(parents=True)
    (package / "worker" / "sandbox" / "system_calls.py").write_text("x = 1\n" * 401)
    (package / "long.py").write_text("class C:\n    def f(self):\n" + "        x = 1\n" * 50)
    assert offences(tmp_path, "sizes", capsys).splitlines() == [
        f"{house.PACKAGE}/long.py:2: f has 51 lines, 50 are allowed",
        f"{house.PACKAGE}/longer.py: 401 lines, 400 are allowed",
    ]


def test_vague_words(package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = "The socket ends the zygote. " * 250
    (tmp_path / "README.md").write_text(
        f"{plain}\n\n```sh\nwhat is code\n```\n\n    who is code\n\n`whose` is code\n"
    )
    (package / "corpus").mkdir()
    (package / "corpus" / "wrong.py").write_text("# what a student wrote\n")
    (package / "a.py").write_text('"""Ends what is there."""\n\nx = "what"  # whom it likes\n')
    assert kept(tmp_path, "prose")
    (package / "engine").mkdir()
    (package / "engine" / "b.py").write_text('def f():\n    """Says\n\n    Whatever it is."""\n')
    (package / "engine" / "c.py").write_text("# Who knows\n")
    report = offences(tmp_path, "prose", capsys, "--lines")
    assert f"{house.PACKAGE}/engine/b.py: 1\n  4: Whatever it is." in report
    rooms = {line.split()[0]: line.split()[1] for line in report.splitlines()[1:8]}
    assert (rooms["autograder"], rooms["gradpath/engine"], rooms["README.md"]) == ("2", "2", "0")


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("engine/session.py", "gradpath.cohort.run", "one way through the house"),
        (
            "student/check.py",
            "gradpath.assignments.mse_sweep.hidden",
            "the student half knows nothing of staff",
        ),
    ],
)
def test_a_planted_import_breaks_the_contract(
    tmp_path: Path, module: str, planted: str, contract: str
) -> None:
    """Runs the linter on a copy of the package without the corpora, which nobody imports."""
    copy = tmp_path / "gradpath"
    shutil.copytree(
        ROOT / house.PACKAGE, copy, ignore=shutil.ignore_patterns("corpus", "__pycache__")
    )
    with (copy / module).open("a") as file:
        file.write(f"\nimport {planted}\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--config", ROOT / "pyproject.toml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout
    importer = f"gradpath.{module.removesuffix('.py').replace('/', '.')}"
    assert f"{importer} -> {planted}" in done.stdout
