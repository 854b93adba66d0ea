"""The questions that every grader's side of the comparison answers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.cohort import Submission
from bench.measure import PeakMemory


@dataclass(frozen=True)
class Cost:
    """The cost of a grader: once for a whole cohort, and again for each submission."""

    start_up: float
    each: float

    def seconds_for(self, submissions: int) -> float:
        return self.start_up + submissions * self.each

    @classmethod
    def from_two_runs(cls, small: tuple[int, float], large: tuple[int, float]) -> "Cost":
        """The straight line through two measured cohorts of (submissions, seconds)."""
        each = (large[1] - small[1]) / (large[0] - small[0])
        return cls(start_up=max(0.0, small[1] - small[0] * each), each=each)


@dataclass
class Verdicts:
    """Did the grader grade? Right files at full marks and wrong files below, of those it had."""

    right: int = 0
    right_at_full_marks: int = 0
    wrong: int = 0
    wrong_below_full_marks: int = 0

    def add(self, submission: Submission, score: float, max_score: float) -> None:
        full = abs(score - max_score) < 1e-9
        if submission.right:
            self.right += 1
            self.right_at_full_marks += full
        else:
            self.wrong += 1
            self.wrong_below_full_marks += not full


@dataclass
class Result:
    """One line of the table."""

    grader: str
    at_once: int
    timed_submissions: int
    timed_seconds: float
    cost: Cost
    peak_memory_mib: float
    memory_is_proportional: bool
    verdicts: Verdicts = field(default_factory=Verdicts)


def peak_of(task: Callable[[], object]) -> PeakMemory:
    """Run a task for its memory only; it also brings the files into the system's cache."""
    with PeakMemory() as memory:
        task()
    return memory
