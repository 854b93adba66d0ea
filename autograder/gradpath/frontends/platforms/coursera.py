"""Coursera's custom graders: `feedback.json` of at most 64 KB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gradpath.frontends.platforms.answer import Answer, Format, as_json
from gradpath.text import bounded

_LIMIT: Final = 20_000
"""Bytes of the text: escaped in JSON they are up to three times as many, and 64 KB the limit."""


def _files(answer: Answer) -> Mapping[str, bytes]:
    feedback = bounded("\n".join(answer.lines()), _LIMIT)
    return as_json({"fractionalScore": answer.share, "feedback": feedback, "feedbackType": "TEXT"})


FORMAT = Format(_files, "/shared/feedback.json")
