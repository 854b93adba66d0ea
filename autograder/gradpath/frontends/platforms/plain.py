"""The result as JSON, with no more of hidden checks than the course shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from gradpath.frontends.platforms.answer import Answer, Format, as_json


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
    return as_json({**head, "checks": [asdict(entry) for entry in answer.entries]})


FORMAT = Format(_files)
