"""MarkUs: a line of JSON for each test, as its autotester's custom tester reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gradpath.frontends.platforms.answer import Answer, Format
from gradpath.text.languages import tell
from gradpath.text.messages import Message


def _files(answer: Answer) -> Mapping[str, bytes]:
    lines = [
        {
            "name": entry.name,
            "output": entry.text,
            "marks_earned": entry.points,
            "marks_total": entry.max_points,
            "status": "pass" if entry.passed else "partial" if entry.points else "fail",
        }
        for entry in answer.entries
        if entry.passed is not None
    ]
    if not answer.readable:
        name = f"{answer.result.assignment}: " + tell(Message("the file"))
        most = answer.result.max_score
        lines = [
            {
                "name": name,
                "output": answer.message,
                "marks_earned": 0.0,
                "marks_total": most,
                "status": "error",
            }
        ]
    return {"": "".join(f"{json.dumps(line)}\n" for line in lines).encode()}


FORMAT = Format(_files)
