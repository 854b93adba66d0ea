"""The diagnosis of a failed check: the known mistakes that explain it, the likeliest first.

A failed run is compared with the runs of known mistakes on the same inputs. A mistake *explains* a
function when it fails the same checks with the same numbers; then it is named on each of them.
Otherwise it may explain a single check, as long as it contradicts nothing that the student has
right: two mistakes in one function show like this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradpath.course.checks import Case
from gradpath.course.mistakes import Misconception, matches_exception
from gradpath.grading.compare import runs_off, same_run
from gradpath.grading.oracle import Fingerprint, Plan, Runs, changed_arguments
from gradpath.worker.protocol import Observation


def diagnose(
    plan: Plan,
    seen: Runs,
    failed: Sequence[str],
    fingerprints: Sequence[Fingerprint],
    misconceptions: Sequence[Misconception],
) -> dict[str, list[str]]:
    """Name the misconceptions behind the failed checks of one function.

    Args:
        plan: the cases of each check.
        seen: the student's observations, by check of the function that makes calls; of all of
            them, or of the public ones alone.
        failed: ids of the checks among them that failed.
        fingerprints: known mistakes on the same checks, common ones first.
        misconceptions: all known mistakes, in the same order.

    Returns:
        For each failed check the ids of misconceptions, most likely first.
    """
    order = {misconception.id: index for index, misconception in enumerate(misconceptions)}
    passed = seen.keys() - set(failed)
    # A mistake that breaks something that the student has right is ruled out: most are ruled out
    # here, before any number is compared.
    fingerprints = [
        fingerprint
        for fingerprint in fingerprints
        if not fingerprint.failed & passed and not fingerprint.failed.isdisjoint(failed)
    ]
    matched = {
        id(fingerprint): {check for check in failed if _same(plan, check, fingerprint, seen)}
        for fingerprint in fingerprints
    }
    whole = {
        fingerprint.misconception.id
        for fingerprint in fingerprints
        if _explains(fingerprint, matched[id(fingerprint)], failed, seen)
    }
    whole |= {known.id for known in misconceptions if _by_pattern(known, seen, failed)}
    if whole:
        return {check: sorted(whole, key=order.__getitem__) for check in failed}
    partly: dict[str, dict[str, int]] = {check: {} for check in failed}
    for fingerprint in fingerprints:
        hits = _telling(fingerprint, matched[id(fingerprint)] & fingerprint.failed, seen)
        for check in hits:
            known = partly[check]
            name = fingerprint.misconception.id
            known[name] = max(known.get(name, 0), len(hits))
    return {
        check: sorted(known, key=lambda name: (-known[name], order[name]))
        for check, known in partly.items()
    }


def overflowed(observation: Observation) -> bool:
    """Tell whether a call raised because its numbers got too large."""
    failure = observation.failure
    return failure is not None and failure.type in ("OverflowError", "FloatingPointError")


def exception_text(observation: Observation) -> str:
    """Return `Type: message` of an exception."""
    failure = observation.failure
    return f"{failure.type}: {failure.message}" if failure else ""


def hints(misconceptions: Sequence[Misconception]) -> Mapping[str, str]:
    """Return the hint of each misconception by id."""
    return {misconception.id: misconception.hint for misconception in misconceptions}


def _explains(
    fingerprint: Fingerprint, matched: set[str], failed: Sequence[str], seen: Runs
) -> bool:
    """Tell whether a mistake fails just the checks that failed, with the same numbers.

    Recorded fingerprints leave long runs out; missing runs are not compared.
    """
    there = fingerprint.runs.keys() & seen.keys()
    return (
        bool(_telling(fingerprint, matched, seen))
        and fingerprint.failed & there == matched == set(failed) & there
    )


def _telling(fingerprint: Fingerprint, matched: set[str], seen: Runs) -> set[str]:
    """Keep the checks that show more than an overflow, in which many mistakes end."""
    return {
        check
        for check in matched
        if any(
            not overflowed(known) and not overflowed(got)
            for known, got in zip(fingerprint.runs[check], seen[check], strict=True)
        )
    }


def _same(plan: Plan, check: str, fingerprint: Fingerprint, seen: Runs) -> bool:
    """Tell whether the student's observations of a check are those of the known mistake."""
    if check not in seen or check not in fingerprint.runs:
        return False
    return all(
        _same_observation(case, known, got)
        for case, known, got in zip(plan[check], fingerprint.runs[check], seen[check], strict=True)
    )


def _same_observation(case: Case, known: Observation, got: Observation) -> bool:
    if overflowed(known) or overflowed(got):
        # Plain floats raise where arrays go on with infinities: the same mistake, another style.
        return _ran_off(case, known) and _ran_off(case, got)
    if known.outcome != got.outcome:
        return False
    if known.outcome == "raised":
        return exception_text(known) == exception_text(got)
    if known.outcome != "returned" or not same_run(case.expect, known.value, got.value):
        return False
    if not case.call.twice:
        return True
    # The same second answer may come from changed arguments, or from something else that is kept.
    same_changes = changed_arguments(case, known) == changed_arguments(case, got)
    return same_changes and same_run(case.expect, known.again, got.again)


def _ran_off(case: Case, observation: Observation) -> bool:
    returned = observation.outcome == "returned"
    return overflowed(observation) or (returned and runs_off(case.expect, observation.value))


def _by_pattern(known: Misconception, seen: Runs, failed: Sequence[str]) -> bool:
    function = failed[0].partition(".")[0] if failed else ""
    names = {name for name in known.only_fails if name.partition(".")[0] == function}
    if names and set(failed) <= names:
        return all(
            observation.outcome == "returned" for check in failed for observation in seen[check]
        )
    return any(
        matches_exception(known, exception_text(observation))
        for check in failed
        for observation in seen.get(check, ())
        if observation.outcome == "raised"
    )
