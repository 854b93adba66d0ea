"""The conditions of a release; each function refuses the release if one does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gradpath.authoring.blanks import blanks_of
from gradpath.authoring.languages.complete import incomplete
from gradpath.authoring.release.leaks import find_leaks, forbidden, refuse_leaks
from gradpath.authoring.verify import Report, trials_of, verify
from gradpath.cohort.run import Run
from gradpath.course import recorded
from gradpath.course.load import Assignment, load, slugs
from gradpath.course.master import generated_files, skeleton_of
from gradpath.errors import GradpathError
from gradpath.grading.compare import compare
from gradpath.grading.oracle import plan_of
from gradpath.grading.recorded_oracle import record
from gradpath.grading.results import Result
from gradpath.text import first_of
from gradpath.text.languages import ENGLISH, Language

_NAMED: Final = 3
"""The entries of catalogues that a refusal names."""


def refuse_blanks() -> None:
    """Stop when an assignment is not written yet.

    Raises:
        GradpathError: names the first blank and how many more there are.
    """
    blanks = [blank for slug in slugs() for blank in blanks_of(slug)]
    if blanks:
        raise GradpathError(
            f"a blank is left: {first_of(blanks)}; `gradpath verify` names them all"
        )


def refuse_stale_texts() -> None:
    """Stop when a skeleton or a text is out of step with its master.

    Raises:
        GradpathError: names the first such file.
    """
    for slug in slugs():
        for path, text in generated_files(slug).items():
            if not path.is_file() or path.read_text("utf-8") != text:
                raise GradpathError(
                    f"{path} is out of step with the master; run `gradpath skeletons`, then "
                    "release again"
                )


def refuse_incomplete(languages: Sequence[Language]) -> None:
    """Stop when a text of the release has no translation, or one of another English text.

    Raises:
        GradpathError: names the first such entries and how many more there are.
    """
    for language in languages:
        if language is ENGLISH:
            continue
        findings = incomplete(language.code)
        if findings:
            raise GradpathError(
                f"the language {language.code} is not complete: {first_of(findings, _NAMED)}; "
                f"`gradpath languages --check --language {language.code}` names them all"
            )


def refuse_stale_recordings(jobs: int) -> None:
    """Stop when students' machines would compare with results of an older solution.

    Raises:
        GradpathError: names the first such assignment.
    """
    with Run(slugs(), "", public_only=True, jobs=jobs) as run:
        for slug in slugs():
            if not _is_in_step(run, run.assignments[slug]):
                raise GradpathError(
                    f"the recorded references of {slug} are out of step with its solution, checks "
                    "or misconceptions; run `gradpath record`, then release again"
                )


def _is_in_step(run: Run, assignment: Assignment) -> bool:
    plan = plan_of(assignment, "")
    now = record(assignment.points, plan, run.oracle(assignment.slug), skeleton_of(assignment.slug))
    then = recorded.read(assignment.slug)
    if (now.points, now.mistakes, now.skeleton) != (then.points, then.mistakes, then.skeleton):
        return False
    if now.references.keys() != then.references.keys():
        return False
    for check, answers in then.references.items():
        pairs = list(zip(plan[check], answers, now.references[check], strict=False))
        if not len(pairs) == len(plan[check]) == len(answers):
            return False
        # Not bit for bit: another processor may round the last digit otherwise.
        if any(compare(case.expect, old.value, new.value) for case, old, new in pairs):
            return False
    return [(each.misconception, each.function, each.failed) for each in now.runs] == [
        (each.misconception, each.function, each.failed) for each in then.runs
    ]


def count_trials() -> int:
    """Return how many trials `refuse_wrong_graders` runs."""
    return sum(1 for slug in slugs() for _ in trials_of(load(slug)))


def refuse_wrong_graders(
    secret: str, jobs: int, progress: Callable[[Result], None]
) -> list[Report]:
    """Run `verify` on every assignment, with the secret of the release.

    Args:
        secret: seeds the hidden data.
        jobs: number of threads.
        progress: called with the result of each trial.

    Returns:
        The reports, which are all green.

    Raises:
        GradpathError: names the first finding and how many more there are.
    """
    with Run(slugs(), secret, jobs=jobs) as run:
        reports = [verify(run, slug, progress) for slug in slugs()]
    findings = [finding for report in reports for finding in report.findings]
    if findings:
        lines = [f"{one.assignment}: {one.subject}: {one.text}" for one in findings]
        raise GradpathError(
            f"verify is not green: {first_of(lines)}; run `gradpath verify` and put it right"
        )
    return reports


def refuse_leaking(bundles: Mapping[str, bytes], secret: str) -> None:
    """Stop when a student would get something that belongs to staff.

    Args:
        bundles: every file for students, by name.
        secret: the secret of the release.

    Raises:
        GradpathError: names the first leak and how many more there are.
    """
    known = forbidden(slugs(), secret)
    refuse_leaks([leak for name in bundles for leak in find_leaks(name, bundles[name], known)])
