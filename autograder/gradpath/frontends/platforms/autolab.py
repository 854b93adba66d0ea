"""Autolab: semantic feedback, and the scores in the last line (docs/lab.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gradpath.frontends.platforms.answer import Answer, Format


def _files(answer: Answer) -> Mapping[str, bytes]:
    points = answer.by_function()
    stages: dict[str, dict[str, Any]] = {function: {} for function in points}
    for entry in answer.entries:
        if entry.passed is not None:
            hint = {"hint": entry.text} if entry.text else {}
            stages[entry.function][entry.title] = {"passed": entry.passed, **hint}
    shown: dict[str, Any] = {"_presentation": "semantic", "stages": list(stages), **stages}
    if answer.message:
        shown = {**shown, "stages": ["file", *stages], "file": {}}
        shown["file"][answer.message] = {"passed": answer.readable}
    scores = {"scores": {function: reached for function, (reached, _) in points.items()}}
    # A line of JSON has no line breaks: the last line is the grader's, with any texts.
    return {"": "".join(f"{json.dumps(line)}\n" for line in (shown, scores)).encode()}


FORMAT = Format(_files)
