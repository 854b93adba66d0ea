"""Pages about the code name files that are there, and the drawing shows the contract of today."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.house import PACKAGE


@pytest.mark.parametrize("page", ["how-it-works", "glossary"])
def test_named_files_are_there(page: str) -> None:
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    names = set(re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?)`", text))
    assert len(names) > 25
    missing = {
        name for name in names if not any((root / name).exists() for root in (ROOT, ROOT / PACKAGE))
    }
    assert missing == set()


def test_the_drawing_of_the_rooms_is_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    draw_rooms = __import__("draw_rooms")
    del sys.modules["draw_rooms"]
    assert draw_rooms.DRAWING.read_text("utf-8") == draw_rooms.drawing()


@pytest.mark.slow
def test_the_site_of_the_pages_is_built_and_a_broken_link_fails(tmp_path: Path) -> None:
    mkdocs = ROOT / "build" / "docs-venv" / "bin" / "mkdocs"
    if not mkdocs.exists():
        pytest.skip("`make docs` has not been run here")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "autograder", tmp_path / "autograder")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    build = [str(mkdocs), "build"]
    assert subprocess.run(build, cwd=tmp_path, check=False).returncode == 0
    assert (tmp_path / "build" / "site" / "vocabulary.html").is_file()
    with (tmp_path / "docs" / "students.md").open("a") as page:
        page.write("\n[broken](nowhere.md)\n")
    assert subprocess.run(build, cwd=tmp_path, check=False).returncode != 0
