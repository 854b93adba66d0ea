"""Pages about the code name files that are there, and the drawing shows the contract of today."""

from __future__ import annotations

import re
import sys

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
