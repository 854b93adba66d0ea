"""PrairieLearn's external grader: `results.json` of at most 1 MB (docs/externalGrading.md)."""

from __future__ import annotations

from collections.abc import Mapping

from gradpath.frontends.platforms.answer import Answer, Format, as_json


def _files(answer: Answer) -> Mapping[str, bytes]:
    if not answer.readable:
        # The student keeps the attempt.
        return as_json({"gradable": False, "format_errors": [answer.message]})
    tests = [
        {
            "name": entry.name,
            "points": entry.points,
            "max_points": entry.max_points,
            "output": entry.text,
        }
        for entry in answer.entries
    ]
    message = {"message": answer.message} if answer.message else {}
    return as_json({"gradable": True, "score": answer.share, **message, "tests": tests})


FORMAT = Format(_files, "/grade/results/results.json")
