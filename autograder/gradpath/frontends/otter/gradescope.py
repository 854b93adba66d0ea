"""`results.json` as Gradescope reads it: one entry for each check."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

from gradpath import __version__
from gradpath.course.config import FeedbackSettings, Hidden
from gradpath.grading.results import (
    OUTCOMES,
    CheckResult,
    Result,
    check_in_language,
    for_student,
    function_of,
    reason,
    told_about,
    told_to_student,
)
from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message, counted, joined

_LATER: Final = Message("This check uses other data. Its result is part of the final grade.")
_NO_ENTRY: Final = ("none", "points")
"""Choices without an entry for each hidden check; the total is Gradescope's to show."""


def results_json(
    result: Result,
    picture: bytes | None,
    feedback: FeedbackSettings,
    *,
    seconds: float | None = None,
    metadata: Any = None,
) -> dict[str, Any]:
    """Return the part of a result that Gradescope shows, in the language of this process.

    Args:
        result: the engine's result.
        picture: a PNG with the submission's runs, shown below the checks.
        feedback: the part of hidden checks that is shown before and after the due date.
        seconds: how long the submission's calls took.
        metadata: the contents of `submission_metadata.json`, which has the last attempt's results.

    Returns:
        The fields of Gradescope's autograder specification: a total `score`, which counts, and
        `tests`, each with name, number, tags, points, status, output and visibility.
    """
    tests: list[dict[str, Any]] = []
    for number, check in _numbered(result.checks):
        entries = _entries(check, feedback, result.assignment)
        tests += [{**entry, "number": number, "tags": [function_of(check)]} for entry in entries]
    since = _since_last(metadata, tests)
    if picture is not None:
        tests.append(
            {
                "name": tell(Message("Your runs over the expected ones")),
                "output": _image(picture),
                "output_format": "html",
                "visibility": "visible",
            }
        )
    shown: dict[str, Any] = {"score": result.score, "stdout_visibility": "hidden", "tests": tests}
    shown["extra_data"] = {"gradpath": __version__, "isolation": result.isolation}
    late = _seconds_late(metadata)
    if late is not None:
        shown["extra_data"]["seconds_late"] = late
    if seconds is not None:
        shown["execution_time"] = round(seconds, 2)
    if output := "\n".join(filter(None, [told_about(result), tell(since)])):
        shown["output"] = output
        shown["output_format"] = "text"
    if not tests:
        # Gradescope wants at least one entry or it calls the autograder broken.
        tests.append(
            {
                "name": tell(Message("The file cannot be read")),
                "score": 0.0,
                "max_score": result.max_score,
                "status": "failed",
                "output": tell(Message("The reason stands above.")),
                "output_format": "text",
                "visibility": "visible",
            }
        )
    return shown


def _numbered(checks: Sequence[CheckResult]) -> Iterator[tuple[str, CheckResult]]:
    """Yield checks with their numbers: 2.3 is the third check of the second function."""
    functions: dict[str, int] = {}
    for check in checks:
        functions[function_of(check)] = functions.get(function_of(check), 0) + 1
        place = list(functions).index(function_of(check)) + 1
        yield f"{place}.{functions[function_of(check)]}", check


def _since_last(metadata: Any, tests: Sequence[Mapping[str, Any]]) -> str:
    """Return how many visible checks pass that did not at the last attempt, and the other way.

    Only the last attempt's results are in the metadata, and only if there was one.
    """
    try:
        before = _passed(metadata["previous_submissions"][-1]["results"]["tests"])
    except (LookupError, TypeError, AttributeError):
        return ""
    now = _passed(tests)
    both = now.keys() & before.keys()
    if not both:
        return ""
    more = sum(now[name] and not before[name] for name in both)
    fewer = sum(before[name] and not now[name] for name in both)
    texts = []
    if more:
        texts.append(
            counted("{count} check more than last time", "{count} checks more than last time", more)
        )
    if fewer:
        texts.append(
            counted(
                "{count} check that passed last time, and not now",
                "{count} checks that passed last time, and not now",
                fewer,
            )
        )
    return joined("; ", texts) or Message("as many checks as last time")


def _seconds_late(metadata: Any) -> int | None:
    """Return how long after the due date a submission was made; 0 before it, None without one.

    Gradescope's documentation has the assignment's due date. The entries of students have their
    own beside it, which is later for those with an extension: of a group, the latest one counts.
    """
    try:
        made = datetime.fromisoformat(metadata["created_at"])
        own = [_due_date(user.get("assignment")) for user in metadata.get("users", ())]
        due = max(filter(None, own), default=None) or _due_date(metadata["assignment"])
        return None if due is None else max(0, round((made - due).total_seconds()))
    except (LookupError, TypeError, AttributeError, ValueError):
        return None


def _due_date(assignment: Any) -> datetime | None:
    text = assignment.get("due_date") if isinstance(assignment, dict) else None
    return datetime.fromisoformat(text) if text else None


def _passed(tests: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Tell for each check that a student sees now whether it passed."""
    return {
        test["name"]: test["status"] == "passed"
        for test in tests
        if test.get("visibility") == "visible" and "status" in test
    }


def _entries(check: CheckResult, feedback: FeedbackSettings, slug: str) -> list[dict[str, Any]]:
    """Return the entry of a public check; of a hidden one up to two for students and one for staff.

    Gradescope takes nothing back: an entry that is shown before the due date stays.
    """
    seen = told_to_student(check, slug)
    if check.visibility == "public":
        return [_entry(seen, "visible")]
    before, after = feedback.before, feedback.hidden_after
    entries = []
    if before not in _NO_ENTRY:
        entries.append(_part(seen, before, "visible"))
    if after not in (*_NO_ENTRY, before):
        entries.append(_part(seen, after, "after_due_date"))
    if "all" not in (before, after) or for_student(check) != check:
        entries.append(_entry(check_in_language(check, shown_language(), slug), "hidden"))
    return entries


def _part(check: CheckResult, hidden: Hidden, visibility: str) -> dict[str, Any]:
    if hidden == "names":
        return {"name": _name(check), "output": tell(_LATER), "visibility": visibility}
    entry = _entry(check, visibility)
    outcome = OUTCOMES["passed" if check.outcome == "passed" else "failed"]
    return entry if hidden == "all" else {**entry, "output": tell(outcome)}


def _name(check: CheckResult) -> str:
    name = Message("{function}: {title}", function=function_of(check), title=check.title)
    return tell(name)


def _entry(check: CheckResult, visibility: str) -> dict[str, Any]:
    passed = check.outcome == "passed"
    return {
        "name": _name(check),
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if passed else "failed",
        "output": reason(check) or tell(OUTCOMES[check.outcome]),
        "output_format": "text",
        "visibility": visibility,
    }


def _image(picture: bytes) -> str:
    text = base64.b64encode(picture).decode()
    alt = escape(tell(Message("What your functions returned, drawn over what was expected")))
    return f'<img src="data:image/png;base64,{text}" style="max-width: 100%" alt="{alt}">'
