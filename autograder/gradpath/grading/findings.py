"""The state of one submission while it is graded, function by function."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from gradpath.course.load import Assignment
from gradpath.grading.verdict import Verdict
from gradpath.worker.protocol import Evidence, Observation


@dataclass
class Findings:
    """Verdicts, observations, misconceptions and evidence for rules so far, each by check.

    `facts` are pairs of a check and a name: the check has the numbers of that mistake, see
    `diagnosis`. `ruled` are checks that evidence has failed, not numbers.
    """

    assignment: Assignment
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    observations: dict[str, list[Observation]] = field(default_factory=dict)
    misconceptions: dict[str, list[str]] = field(default_factory=dict)
    facts: set[tuple[str, str]] = field(default_factory=set)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    ruled: set[str] = field(default_factory=set)

    def failed(self, function: str) -> list[str]:
        """Return the checks of a function that have a verdict and have not passed."""
        return [
            check.id
            for check in self.assignment.checks_of(function)
            if check.id in self.verdicts and self.verdicts[check.id].outcome != "passed"
        ]

    def wrong(self, functions: Collection[str]) -> list[str]:
        """Return those of some functions that have a check not passed on its own merits."""
        return [function for function in functions if self._is_wrong(function)]

    def _is_wrong(self, function: str) -> bool:
        # A verdict that passed with a message passed only because errors were carried forward.
        return any(
            self.verdicts[check.id].outcome != "passed" or self.verdicts[check.id].message
            for check in self.assignment.checks_of(function)
        )
