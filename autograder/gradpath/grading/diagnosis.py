"""The diagnosis of a failed check: the known mistakes that explain it, the likeliest first.

A failed run is compared with the runs of known mistakes on the same inputs. A mistake *explains* a
function when it fails the same checks with the same numbers; then it is named on each of them.
Otherwise it may explain some of them, as long as it contradicts nothing that the student has right
and most of the wrong numbers in its reach are its own: two mistakes in one function show like this.

An exception looks the same after many mistakes. It gives a name where a variant raises it too, and
where the source has the line that the name is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gradpath.course.checks import Case
from gradpath.course.mistakes import Misconception
from gradpath.grading.compare import Reading, reading, same_run
from gradpath.grading.oracle import (
    Fingerprint,
    Plan,
    Readings,
    Runs,
    changed_arguments,
    is_long,
    raised,
)
from gradpath.text.messages import Message, joined
from gradpath.worker.protocol import Observation

CHANGED_ARGUMENTS: Final = "changed arguments"
"""The evidence that is seen in a run, not in the source."""


@dataclass(frozen=True)
class Diagnosis:
    """The names of one function's mistakes.

    Attributes:
        names: for each failed check the ids of misconceptions, most likely first.
        facts: pairs of a check and an id where the numbers of the check are the mistake's own.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    facts: frozenset[tuple[str, str]] = frozenset()


def diagnose(
    plan: Plan,
    seen: Runs,
    failed: Sequence[str],
    fingerprints: Sequence[Fingerprint],
    misconceptions: Sequence[Misconception],
    evidence: Callable[[str], bool] = bool,
) -> Diagnosis:
    """Name the misconceptions behind the failed checks of one function.

    Args:
        plan: the cases of each check.
        seen: the student's observations, by check of the function that makes calls; of all of
            them, or of the public ones alone.
        failed: ids of the checks among them that failed.
        fingerprints: known mistakes on the same checks, common ones first.
        misconceptions: all known mistakes, in the same order.
        evidence: tells whether the source shows a mistake's `evidence`.
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
    readings: Readings = {}
    matched = {
        id(fingerprint): {
            check
            for check in failed
            if _same(plan, check, fingerprint, seen, readings)
            and _shown(fingerprint.misconception, evidence)
        }
        for fingerprint in fingerprints
    }
    facts = frozenset(
        (check, fingerprint.misconception.id)
        for fingerprint in fingerprints
        for check in matched[id(fingerprint)]
        # A recording has no long runs, and `gradpath check` says the same as the grade.
        if not raised(seen[check]) and not is_long(fingerprint.runs[check])
    )
    whole = {
        fingerprint.misconception.id
        for fingerprint in fingerprints
        if _explains(fingerprint, matched[id(fingerprint)], failed, seen)
    }
    whole |= {
        known.id for known in misconceptions if _by_checks(plan, known, seen, failed, evidence)
    }
    if whole:
        return Diagnosis({check: sorted(whole, key=order.__getitem__) for check in failed}, facts)
    parts = [
        (fingerprint, _part(fingerprint, matched[id(fingerprint)], failed, seen))
        for fingerprint in fingerprints
    ]
    return Diagnosis(_ranked(parts, failed, order), facts)


def overflowed(observation: Observation) -> bool:
    """Tell whether a call raised because its numbers got too large."""
    failure = observation.failure
    return failure is not None and failure.type in ("OverflowError", "FloatingPointError")


def exception_text(observation: Observation) -> str:
    """Return `Type: message` of an exception."""
    failure = observation.failure
    return f"{failure.type}: {failure.message}" if failure else ""


def hints(misconceptions: Sequence[Misconception]) -> Mapping[str, tuple[str, str]]:
    """Return the hint of each misconception by id: without its fact, and with it."""
    return {
        known.id: (
            Message(known.hint),
            joined(" ", map(Message, filter(None, [known.fact, known.hint]))),
        )
        for known in misconceptions
    }


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


def _part(
    fingerprint: Fingerprint, matched: set[str], failed: Sequence[str], seen: Runs
) -> set[str]:
    """Return the checks that a mistake explains, if they are most of those that it would fail."""
    alike = matched & fingerprint.failed
    reach = fingerprint.failed & fingerprint.runs.keys() & set(failed)
    return _telling(fingerprint, alike, seen) if 2 * len(alike) > len(reach) else set()


def _ranked(
    parts: Sequence[tuple[Fingerprint, set[str]]], failed: Sequence[str], order: Mapping[str, int]
) -> dict[str, list[str]]:
    """Return the names of each check; a mistake that explains more checks goes first."""
    best: dict[str, dict[str, int]] = {check: {} for check in failed}
    for fingerprint, hits in parts:
        name = fingerprint.misconception.id
        for check in hits:
            best[check][name] = max(best[check].get(name, 0), len(hits))
    return {
        check: sorted(known, key=lambda name: (-known[name], order[name]))
        for check, known in best.items()
    }


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


def _same(plan: Plan, check: str, fingerprint: Fingerprint, seen: Runs, readings: Readings) -> bool:
    """Tell whether the student's observations of a check are those of the known mistake.

    `readings` are those of the student's values, which are compared with every known mistake.
    """
    if check not in seen or check not in fingerprint.runs:
        return False
    raises = fingerprint.misconception.raises

    def same(number: int, case: Case, known: Observation, got: Observation) -> bool:
        if overflowed(known) or overflowed(got):
            # Floats raise where arrays go on with infinities: the same mistake, another style.
            return _ran_off(case, known) and _ran_off(case, got)
        if known.outcome != got.outcome:
            return False
        if known.outcome == "raised":
            texts = exception_text(known), exception_text(got)
            return texts[0] == texts[1] or bool(raises and all(re.search(raises, t) for t in texts))
        if known.outcome != "returned" or not same_value(number, case, known, got):
            return False
        if not case.call.twice:
            return True
        # The same second answer may come from changed arguments, or from something that is kept.
        same_changes = changed_arguments(case, known) == changed_arguments(case, got)
        same_changes &= known.settings == got.settings
        return same_changes and same_value(number, case, known, got, again=True)

    def same_value(
        number: int, case: Case, known: Observation, got: Observation, again: bool = False
    ) -> bool:
        # Not by the observation: two checks that read one value in two ways share its call.
        key = check, number, again
        return same_run(
            _read(case, known, key, fingerprint.readings), _read(case, got, key, readings)
        )

    runs = zip(plan[check], fingerprint.runs[check], seen[check], strict=True)
    return all(same(number, *each) for number, each in enumerate(runs))


def _read(
    case: Case, observation: Observation, key: tuple[str, int, bool], readings: Readings
) -> Reading:
    known = readings.get(key)
    if known is None:
        value = observation.again if key[2] else observation.value
        known = readings[key] = reading(case.expect, value)
    return known


def _ran_off(case: Case, observation: Observation) -> bool:
    returned = observation.outcome == "returned"
    return overflowed(observation) or (
        returned and reading(case.expect, observation.value).runs_off
    )


def _shown(known: Misconception, evidence: Callable[[str], bool]) -> bool:
    return known.evidence in ("", CHANGED_ARGUMENTS) or evidence(known.evidence)


def _by_checks(
    plan: Plan,
    known: Misconception,
    seen: Runs,
    failed: Sequence[str],
    evidence: Callable[[str], bool],
) -> bool:
    """Tell whether a mistake is known by the checks that fail, whatever the numbers are."""
    function = failed[0].partition(".")[0] if failed else ""
    names = {name for name in known.only_fails if name.partition(".")[0] == function}
    if not names or not set(failed) <= names:
        return False
    if any(observation.outcome != "returned" for check in failed for observation in seen[check]):
        return False
    if known.evidence != CHANGED_ARGUMENTS:
        return _shown(known, evidence)
    return all(any(map(changed_arguments, plan[check], seen[check])) for check in failed)
