"""otter's test files, in its exception format: one file per function, one case per check.

They compare nothing. Each case asks the engine for one check and shows its answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from gradpath.authoring.release.archives import Files
from gradpath.course.checks import Check
from gradpath.course.load import Assignment, load
from gradpath.text.languages import ENGLISH, Language


def public_tests(slug: str, language: Language = ENGLISH) -> Files:
    """Return the test files for students: public checks only, by path (`tests/<function>.py`)."""
    return tests_of(load(slug).only_public(), language)


def all_tests(slug: str, language: Language = ENGLISH) -> Files:
    """Return the test files for grading, with public and hidden checks."""
    return tests_of(load(slug), language)


def tests_of(assignment: Assignment, language: Language) -> Files:
    """Return a test file for each function of an assignment that has checks."""
    return {
        f"tests/{function}.py": _test_file(assignment, function, checks, language).encode()
        for function in assignment.functions
        if (checks := assignment.checks_of(function))
    }


def _test_file(
    assignment: Assignment, function: str, checks: Sequence[Check], language: Language
) -> str:
    words = [assignment.slug, *([] if language is ENGLISH else [language.code])]
    head = f'''\
"""Shows what gradpath's engine says about `{function}`; nothing is compared here."""

from otter.test_files import test_case

from gradpath.student.otter import answers

OK_FORMAT = False

name = {_text(function)}
show = answers({", ".join(map(_text, words))})
'''
    return head + "".join(_test_case(assignment, check, language) for check in checks)


def _test_case(assignment: Assignment, check: Check, language: Language) -> str:
    points = float(assignment.points[check.id])
    hidden = check.visibility == "hidden"
    name = re.sub(r"\W", "_", check.id)
    title = language.text(check.title, assignment.slug)
    return f"""

@test_case(name={_text(title)}, points={points!r}, hidden={hidden})
def check_{name}(env):
    show({_text(check.id)}, env)
"""


def _text(value: str) -> str:
    """Write a text as Python does, in double quotes."""
    return json.dumps(value, ensure_ascii=False)
