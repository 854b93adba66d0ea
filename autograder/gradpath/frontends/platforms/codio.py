"""Codio's advanced autograding: the fields that a script posts to `CODIO_AUTOGRADE_V2_URL`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gradpath.frontends.platforms.answer import Answer, Format, as_json
from gradpath.text import bounded

_LIMIT: Final = 1_000_000


def _files(answer: Answer) -> Mapping[str, bytes]:
    feedback = bounded("\n".join(answer.lines()), _LIMIT)
    return as_json({"grade": round(100 * answer.share, 2), "feedback": feedback, "format": "txt"})


FORMAT = Format(_files)
