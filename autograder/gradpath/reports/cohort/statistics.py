"""Figures about scores, checks and misconceptions."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import Final, get_args

import numpy as np

from gradpath.grading.results import CheckResult, Outcome, Result, rounded

OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
BINS: Final = 10
MIN_FOR_CORRELATION: Final = 3
"""Submissions. Any two points lie on a line."""


@dataclass(frozen=True)
class Distribution:
    """How scores are distributed.

    Attributes:
        maximum: points that can be had.
        bins: how many got 0 to under 10 % of them, and so on; the last one has 100 %, too.
        full: how many got all points.
        none: how many got no points.
    """

    count: int
    maximum: float
    mean: float
    median: float
    deviation: float
    bins: tuple[int, ...]
    full: int
    none: int


@dataclass(frozen=True)
class CheckFigures:
    """How one check went in all graded submissions of its assignment.

    Attributes:
        passed: share of submissions that passed.
        share: mean share of the check's points.
        discrimination: see `discrimination`; None where it is undefined.
        outcomes: how many submissions had each outcome, in the order of `OUTCOMES`.
    """

    check: CheckResult
    count: int
    passed: float
    share: float
    discrimination: float | None
    outcomes: tuple[int, ...]


@dataclass(frozen=True)
class Combination:
    """Misconceptions that occurred together in a submission.

    Attributes:
        exactly: students of the submissions with these and no others.
        among: students of the submissions with these, others or not.
    """

    misconceptions: tuple[str, ...]
    exactly: tuple[str, ...]
    among: tuple[str, ...]


def distribution(scores: Sequence[float], maximum: float) -> Distribution:
    """Describe scores.

    Args:
        scores: at least one.
        maximum: points that can be had.
    """
    bins = [0] * BINS
    for score in scores:
        # Sums of thirds are rounded: 3 of 10 points are 30 %, though the division gives less.
        part = math.floor(round(BINS * score / maximum, 6)) if maximum else 0
        bins[min(max(part, 0), BINS - 1)] += 1
    return Distribution(
        len(scores),
        maximum,
        fmean(scores),
        median(scores),
        pstdev(scores),
        tuple(bins),
        full=sum(score >= maximum for score in scores),
        none=sum(score == 0 for score in scores),
    )


def totals(results: Sequence[Result]) -> tuple[list[float], float]:
    """Return each student's points of all assignments together, and the maximum.

    An assignment without a submission counts as no points, as in `grades.csv`.
    """
    points: defaultdict[str, float] = defaultdict(float)
    maxima: dict[str, float] = {}
    for result in results:
        points[result.student] += result.score
        maxima[result.assignment] = max(result.max_score, maxima.get(result.assignment, 0.0))
    return [rounded(points[student]) for student in sorted(points)], rounded(sum(maxima.values()))


def check_figures(results: Sequence[Result]) -> list[CheckFigures]:
    """Return the figures of each check of one assignment, in the order of its checks.

    Only graded submissions count: one that cannot be read has no checks.
    """
    graded = [result for result in results if result.status == "graded"]
    by_id: defaultdict[str, list[tuple[CheckResult, float]]] = defaultdict(list)
    for result in graded:
        # From the checks: a score can be less than their points, for work that was late.
        points = sum(check.points for check in result.checks)
        for check in result.checks:
            by_id[check.id].append((check, points))
    figures = []
    for pairs in by_id.values():
        outcomes = Counter(check.outcome for check, _ in pairs)
        shares = [_share(check) for check, _ in pairs]
        rests = [rounded(points - check.points) for check, points in pairs]
        figures.append(
            CheckFigures(
                pairs[0][0],
                len(pairs),
                outcomes["passed"] / len(pairs),
                fmean(shares),
                discrimination(shares, rests),
                tuple(outcomes[name] for name in OUTCOMES),
            )
        )
    return figures


def _share(check: CheckResult) -> float:
    if check.max_points:
        return check.points / check.max_points
    return float(check.outcome == "passed")


def discrimination(shares: Sequence[float], rests: Sequence[float]) -> float | None:
    """Return how well a check tells strong submissions from weak ones.

    This is the corrected item-total correlation: Pearson's r between the share of the check's
    points and the score *without* the check, so that the check does not correlate with itself
    (J. C. Nunnally and I. H. Bernstein, Psychometric Theory, 3rd edition, 1994, section 8). Where a
    check gives all of its points or none, it is the point-biserial correlation.

    Args:
        shares: of the check's points, by submission.
        rests: points of all other checks, by submission.

    Returns:
        From -1 to 1; below about 0.2 the check says little, below 0 it deserves a look. None where
        it is undefined: for fewer than three submissions, or when all have the same share or rest.
    """
    if len(shares) < MIN_FOR_CORRELATION or len(set(shares)) == 1 or len(set(rests)) == 1:
        return None
    return float(np.corrcoef(shares, rests)[0, 1])


def misconceptions_of(result: Result) -> tuple[str, ...]:
    """Return the misconceptions of a submission: the most likely one of each check, in order."""
    named = (check.misconceptions[0] for check in result.checks if check.misconceptions)
    return tuple(dict.fromkeys(named))


def occurrences(results: Sequence[Result]) -> dict[str, list[str]]:
    """Return the students of each misconception of one assignment, frequent ones first."""
    students: defaultdict[str, list[str]] = defaultdict(list)
    for result in results:
        for name in misconceptions_of(result):
            students[name].append(result.student)
    return dict(sorted(students.items(), key=lambda item: (-len(item[1]), item[0])))


def combinations(results: Sequence[Result]) -> list[Combination]:
    """Return which misconceptions of one assignment occurred together, frequent ones first.

    These are all pairs, and all larger sets that are everything that some submission has.
    """
    whole: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    having: defaultdict[str, set[str]] = defaultdict(set)
    for result in results:
        names = tuple(sorted(misconceptions_of(result)))
        if len(names) > 1:
            whole[names].append(result.student)
            for name in names:
                having[name].add(result.student)
    wanted = set(whole)
    for names in whole:
        wanted |= set(itertools.combinations(names, 2))
    together = [
        Combination(
            names,
            tuple(whole.get(names, ())),
            # The rarest first: large cohorts have thousands of sets, and of students for each.
            tuple(sorted(set.intersection(*sorted(map(having.__getitem__, names), key=len)))),
        )
        for names in wanted
    ]
    return sorted(together, key=lambda c: (-len(c.among), -len(c.exactly), c.misconceptions))
