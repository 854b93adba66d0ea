"""Results as files: results.jsonl and grades.csv, as the contract describes them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from gradpath.grading.results import Result, in_language, rounded
from gradpath.text import printable
from gradpath.text.languages import ENGLISH, Language

_FORMULA: Final = re.compile(
    # Also after blanks, in the wide forms that East Asian keyboards write, and after
    # characters that end a field for spreadsheets of some languages.
    r"(^|[;\t])(?=[\s\u200b-\u200f\u2060\ufeff]*[-=+@|%＝＋－＠｜％﹦﹢﹣﹫−])"
)


def results_jsonl(results: Sequence[Result], language: Language = ENGLISH) -> bytes:
    """Write one JSON object a line, in order of student and assignment."""
    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(in_language(result, language)) + b"\n" for result in results)


def grades_csv(results: Sequence[Result], slugs: Sequence[str]) -> bytes:
    """Write one row per student, one column per assignment, and a total.

    A field stays empty where a student handed nothing in. A student id that a spreadsheet would
    take for a formula is quoted with an apostrophe.
    """
    students: dict[str, dict[str, float]] = {}
    for result in results:
        students.setdefault(result.student, {})[result.assignment] = result.score
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", *slugs, "total"])
    for student, scores in sorted(students.items()):
        total = rounded(sum(scores.values()))
        name = spreadsheet_safe(student)
        writer.writerow([name, *(_number(scores.get(slug)) for slug in slugs), _number(total)])
    return text.getvalue().encode()


def spreadsheet_safe(text: str) -> str:
    """Return a text, in one line, that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", printable(text))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
