"""Moodle's Virtual Programming Lab: comments and a grade, which `vpl_evaluate.sh` prints."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gradpath.frontends.platforms.answer import Answer, Format


def _files(answer: Answer) -> Mapping[str, bytes]:
    low, high = _bound("VPL_GRADEMIN", 0.0), _bound("VPL_GRADEMAX", answer.result.max_score)
    # Each line of a text is a comment of its own: none can begin with `Grade :=>>`.
    lines = [f"Comment :=>> {line}" for line in answer.lines()]
    lines.append(f"Grade :=>> {round(low + answer.share * (high - low), 4):g}")
    return {"": "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")}


def _bound(name: str, otherwise: float) -> float:
    try:
        return float(os.environ[name])
    except (KeyError, ValueError):
        return otherwise


FORMAT = Format(_files)
