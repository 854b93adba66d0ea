"""`results.json` as Gradescope reads it: one entry for each check."""

from __future__ import annotations

import base64
from typing import Any, Final

from gradpath.frontends.otter.settings import HiddenChecks
from gradpath.grading.results import CheckResult, Result, function_of, reason
from gradpath.text import clean

_LATER: Final = "This check uses other data. Its result is part of the final grade."


def results_json(result: Result, picture: bytes | None, hidden: HiddenChecks) -> dict[str, Any]:
    """Return what Gradescope shows of a result.

    Args:
        result: the engine's result.
        picture: a PNG with the submission's runs, shown below the checks.
        hidden: what students see of hidden checks, and when.

    Returns:
        The fields of Gradescope's autograder specification: a total `score`, which counts, and
        `tests`, each with name, points, status, output and visibility.
    """
    tests: list[dict[str, Any]] = []
    for check in result.checks:
        if check.visibility == "public":
            tests.append(_entry(check, "visible"))
        elif hidden == "after-deadline":
            tests.append(_entry(check, "after_due_date"))
        else:
            if hidden == "names":
                tests.append({"name": _name(check), "output": _LATER, "visibility": "visible"})
            tests.append(_entry(check, "hidden"))
    if picture is not None:
        tests.append(
            {
                "name": "Your runs over the expected ones",
                "output": _image(picture),
                "output_format": "html",
                "visibility": "visible",
            }
        )
    shown: dict[str, Any] = {"score": result.score, "stdout_visibility": "hidden", "tests": tests}
    if result.message:
        shown["output"] = clean(result.message)
        shown["output_format"] = "text"
    if not tests:
        # Gradescope wants at least one entry or it calls the autograder broken.
        tests.append(
            {
                "name": "The file cannot be read",
                "score": 0.0,
                "max_score": result.max_score,
                "status": "failed",
                "output": clean(result.message),
                "output_format": "text",
                "visibility": "visible",
            }
        )
    return shown


def _name(check: CheckResult) -> str:
    return f"{function_of(check)}: {check.title}"


def _entry(check: CheckResult, visibility: str) -> dict[str, Any]:
    passed = check.outcome == "passed"
    return {
        "name": _name(check),
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if passed else "failed",
        "output": reason(check) or ("passed" if passed else check.outcome.replace("_", " ")),
        "output_format": "text",
        "visibility": visibility,
    }


def _image(picture: bytes) -> str:
    text = base64.b64encode(picture).decode()
    return (
        f'<img src="data:image/png;base64,{text}" style="max-width: 100%" '
        'alt="What your functions returned, drawn over what was expected">'
    )
