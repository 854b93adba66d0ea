"""Classroom 50: the files that its runner takes (its `schemas/result-v1.schema.json`).

All scores are integers there, so they are hundredths of a point.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from gradpath.frontends.platforms.answer import Answer, Format, as_json

_UNIT: Final = 100
_FROM: Final = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
"""The fields that the runner tells in the environment; it knows them better where it does not."""


def _files(answer: Answer) -> Mapping[str, bytes]:
    told = {field: os.environ.get(name, "") for field, name in _FROM.items()}
    told["review"] = told["review"] or told["commit"]
    result = {
        "schema": "classroom50/result/v1",
        **{field: value for field, value in told.items() if value},
        "datetime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": _integer(answer.result.score),
        "max-score": _integer(answer.result.max_score),
        "tests": [
            {
                "test-name": entry.name,
                "passed": bool(entry.passed),
                "score": _integer(entry.points),
                "max-score": _integer(entry.max_points),
                "output": entry.text,
            }
            for entry in answer.entries
        ],
    }
    (data,) = as_json(result).values()
    return {"result.json": data, "release-body.md": _body(answer)}


def _integer(points: float) -> int:
    return round(points * _UNIT)


def _body(answer: Answer) -> bytes:
    # An indented block shows everything as it is, whichever signs a submission has written.
    text = "\n".join(f"    {line}" for line in answer.lines())
    return f"### {answer.result.assignment}\n\n{text}\n".encode("utf-8", "replace")


FORMAT = Format(_files)
