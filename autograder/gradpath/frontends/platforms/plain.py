"""The result as JSON, with no more of hidden checks than the course shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gradpath.frontends.platforms.answer import Answer, Format, as_json

# Without the steps of pages: numbers that are infinite or NaN are no JSON.
_FIELDS: Final = ("function", "title", "passed", "points", "max_points", "text")


def _files(answer: Answer) -> Mapping[str, bytes]:
    result = answer.result
    head = {
        "assignment": result.assignment,
        "file": result.file,
        "status": result.status,
        "score": result.score,
        "max_score": result.max_score,
        "message": answer.message,
    }
    checks = [{name: getattr(entry, name) for name in _FIELDS} for entry in answer.entries]
    return as_json({**head, "checks": checks})


FORMAT = Format(_files)
