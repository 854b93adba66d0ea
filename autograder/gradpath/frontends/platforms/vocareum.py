"""Vocareum: `name,score` lines for the grade file, and a text for the report file."""

from __future__ import annotations

from collections.abc import Mapping

from gradpath.frontends.platforms.answer import Answer, Format


def _files(answer: Answer) -> Mapping[str, bytes]:
    points = answer.by_function()
    grades = "".join(f"{function},{reached:g}\n" for function, (reached, _) in points.items())
    report = "".join(f"{line}\n" for line in answer.lines())
    return {
        "grade.txt": grades.encode("utf-8", "replace"),
        "report.txt": report.encode("utf-8", "replace"),
    }


FORMAT = Format(_files, ".")
