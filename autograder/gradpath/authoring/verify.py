"""The author's gate: do the graders tell right from wrong?

For each assignment: the skeleton scores 0 without an error, the solution scores full, every
variant of every misconception loses points in the function that it changes and is named first,
every right submission of the corpus gets full points, and every wrong one loses points where its
header says, and gets the name that it says. A check that catches nothing is named too: it may be
worth nothing. Each question for talks has an answer (see `authoring.questions`).

One mistake in each function goes the way of a submission. The others in that function get no worker
of their own: the oracle has run each of them for the diagnosis, and its observations are judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from gradpath.authoring.questions import faults_of
from gradpath.cohort.run import Run
from gradpath.course.load import Assignment, corpus_of
from gradpath.course.master import skeleton_of
from gradpath.course.mistakes import Misconception, Variant, apply
from gradpath.grading.results import CheckResult, Result, function_of
from gradpath.submissions.submission import Submission

KINDS: Final = {
    "skeleton": "skeleton",
    "solution": "solution",
    "misconception": "known mistakes",
    "right": "right",
    "wrong": "wrong",
}
"""The kinds of trials, and their names in reports."""
_CAUGHT: Final = ("failed", "raised", "timeout", "killed")
"""The outcomes of a check that sees a mistake."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be."""

    assignment: str
    subject: str
    text: str


@dataclass(frozen=True)
class Trial:
    """A submission with a known result."""

    kind: str
    name: str
    submission: Submission
    judge: Callable[[Result], str]
    """Returns the fault of the result, or an empty text."""
    known: tuple[Misconception, Variant] | None = None
    """The mistake, where an earlier trial makes another one in the same function."""


@dataclass
class Report:
    """The outcome of all trials of one assignment."""

    assignment: str
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """For each kind of trial: how many went as they must, how many there were."""
    findings: list[Finding] = field(default_factory=list)
    idle_checks: list[str] = field(default_factory=list)
    """Checks that no mistake and no wrong submission failed."""


def verify(run: Run, slug: str, progress: Callable[[Result], None]) -> Report:
    """Run every trial of an assignment.

    Args:
        run: a run that includes the assignment, hidden checks and all.
        slug: the assignment.
        progress: called with the result of each trial as it comes.
    """
    assignment = run.assignments[slug]
    trials = list(trials_of(assignment))
    report = Report(slug)

    def graded(numbers: Sequence[int]) -> Iterator[tuple[int, Result]]:
        results = run.grade_all([trials[number].submission for number in numbers], progress)
        return zip(numbers, results, strict=True)

    results = dict(graded([number for number, trial in enumerate(trials) if not trial.known]))
    # By now the oracle has nearly all that the others need.
    for number, trial in enumerate(trials):
        if result := _by_oracle(run, slug, trial):
            results[number] = result
            progress(result)
    results |= graded([number for number in range(len(trials)) if number not in results])
    failed: set[str] = set()
    for number, trial in enumerate(trials):
        result = results[number]
        wrong = trial.judge(result)
        good, total = report.counts.get(trial.kind, (0, 0))
        report.counts[trial.kind] = (good + (not wrong), total + 1)
        if wrong:
            report.findings.append(Finding(slug, f"{trial.kind} {trial.name}", wrong))
        if trial.kind in ("misconception", "wrong"):
            failed |= {check.id for check in result.checks if check.outcome in _CAUGHT}
    report.findings += [Finding(slug, *fault) for fault in faults_of(run, assignment)]
    report.idle_checks = [check.id for check in assignment.checks if check.id not in failed]
    return report


def _by_oracle(run: Run, slug: str, trial: Trial) -> Result | None:
    """Judge a mistake by the oracle's observations; None where these are not enough.

    A rule needs a call of its own, and a function that does not end needs a student's limits.
    """
    if trial.known is None:
        return None
    misconception, variant = trial.known
    known = run.oracle(slug).fingerprint(misconception, variant)
    ended = all(
        seen.outcome in ("returned", "raised") for runs in known.runs.values() for seen in runs
    )
    if not known.failed or not ended:
        return None
    submission = trial.submission
    return run.grader(slug, variant.function).judge_runs(
        variant.function, known.runs, submission.source(), submission.file
    )


def trials_of(assignment: Assignment) -> Iterator[Trial]:
    """Yield all trials of an assignment."""
    slug = assignment.slug
    if assignment.solution is None:
        raise AssertionError("verify needs the solution")
    master = assignment.solution.cells[0].text
    yield Trial("skeleton", slug, _submission(slug, "skeleton", skeleton_of(slug)), _is_empty)
    yield Trial("solution", slug, _submission(slug, "solution", master), _is_full)
    rules = {check.id for check in assignment.checks if check.rule is not None}
    changed: set[str] = set()
    for misconception in assignment.misconceptions:
        for number, variant in enumerate(misconception.variants, 1):
            name = f"{misconception.id} {number} ({variant.function})"
            submission = _submission(slug, name, apply(master, [variant]))
            # Another mistake in the same function: the functions that build on it have seen one
            # already, and all others are the solution's. Numbers that it remembers depend on calls
            # of these, too.
            caught = _is_caught(misconception, variant, rules)
            trial = Trial("misconception", name, submission, caught)
            if variant.function in changed and not variant.remembers:
                submission = replace(submission, functions=frozenset({variant.function}))
                trial = replace(trial, submission=submission, known=(misconception, variant))
            changed.add(variant.function)
            yield trial
    folder = corpus_of(slug)
    for path in sorted((folder / "right").glob("*.*")):
        yield Trial("right", path.name, _from_file(slug, path), _is_full)
    for path in sorted((folder / "wrong").glob("*.*")):
        judge = _loses_in(losing_functions(path), _header(path, "named"))
        yield Trial("wrong", path.name, _from_file(slug, path), judge)


def losing_functions(path: Path) -> set[str]:
    """Read from a wrong submission of the corpus which functions must lose points."""
    return _header(path, "loses") or set()


def _header(path: Path, word: str) -> set[str] | None:
    """Read a list from the head of a wrong submission; None if it has no such line."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        names = json.loads(text)["metadata"]["gradpath"].get(word)
        return None if names is None else set(names)
    match = re.search(rf"^# {word}: (.+)$", text, re.MULTILINE)
    return {name.strip() for name in match[1].split(",")} if match else None


def is_green(reports: Sequence[Report]) -> bool:
    """Tell whether everything went as it must."""
    return not any(report.findings for report in reports)


def _submission(slug: str, name: str, text: str) -> Submission:
    data = text.encode()
    return Submission("verify", slug, f"{name}.py", len(data), lambda: data)


def _from_file(slug: str, path: Path) -> Submission:
    file = f"{path.parent.name}/{path.name}"
    return Submission("verify", slug, file, path.stat().st_size, path.read_bytes)


def _is_empty(result: Result) -> str:
    odd = [check.id for check in result.checks if check.outcome not in ("not_attempted", "skipped")]
    if result.status != "graded" or result.score != 0 or odd:
        return f"scores {result.score:g}; not left alone: {', '.join(odd) or result.message}"
    return ""


def _is_full(result: Result) -> str:
    if result.status != "graded":
        return result.message
    if result.score == result.max_score and not any(c.misconceptions for c in result.checks):
        return ""
    lost = [f"{c.id} ({c.message.splitlines()[0]})" for c in result.checks if c.outcome != "passed"]
    return f"scores {result.score:g} of {result.max_score:g}; lost: {'; '.join(lost)}"


def _is_caught(
    misconception: Misconception, variant: Variant, rules: Collection[str]
) -> Callable[[Result], str]:
    def judge(result: Result) -> str:
        checks = [check for check in result.checks if function_of(check) == variant.function]
        caught = [check for check in checks if check.outcome in _CAUGHT]
        if not caught:
            return f"loses no points in {variant.function}"
        # A rule says itself why it failed.
        numbers = [check for check in caught if check.id not in rules]
        unnamed = [check for check in numbers if misconception.id not in _names(check)]
        if unnamed:
            others = {name for check in unnamed for name in check.misconceptions[:1]}
            named = f"named {', '.join(sorted(others))}" if others else "not named"
            return f"{named} at {', '.join(check.id for check in unnamed)}"
        return ""

    return judge


def _names(check: CheckResult) -> list[str]:
    """Return the names that count: public data alone may not tell two mistakes apart."""
    return check.misconceptions[: None if check.visibility == "public" else 1]


def _loses_in(functions: set[str], names: set[str] | None) -> Callable[[Result], str]:
    def judge(result: Result) -> str:
        if not functions:
            return "has no line '# loses: ...' that says where it must lose points"
        losing = {function_of(check) for check in result.checks if check.points < check.max_points}
        if losing != functions:
            return f"loses in {_list(losing)}, must lose in {_list(functions)}"
        if names is None:
            return ""
        caught = [check for check in result.checks if check.outcome in _CAUGHT]
        others = [check for check in caught if names.isdisjoint(_names(check) or ["nothing"])]
        first = {name for check in others for name in (check.misconceptions or ["nothing"])[:1]}
        return f"named {_list(first)}, must be named {_list(names)}" if others else ""

    return judge


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
