"""otter's side: a zip made by `otter generate`, and one stock `otter run` per submission."""

import json
import tempfile
from functools import partial
from pathlib import Path

from bench.cohort import Submission
from bench.environments import Environment
from bench.measure import Word, run, run_each, seconds
from bench.paths import BUILD
from bench.plain import POINTS, PlainTest, plain_tests
from bench.sides import Cost, Result, Verdicts, peak_of

TEST_FILE = """\
OK_FORMAT = False

from otter.test_files import test_case

name = "{test.name}"
points = {points}

{test.header}


@test_case()
{test.code}
"""


def otter_test(test: PlainTest) -> str:
    return TEST_FILE.format(test=test, points=POINTS)


def make_zip(environment: Environment, folder: Path) -> Path:
    tests = folder / "tests"
    tests.mkdir()
    for test in plain_tests():
        (tests / f"{test.name}.py").write_text(otter_test(test), encoding="utf-8")
    words: list[Word] = [
        "generate",
        "--tests-dir",
        tests,
        "--output-path",
        folder / "autograder.zip",
    ]
    plain = ["--no-config", "--no-requirements", "--no-environment"]
    run([environment.command("otter"), *words, *plain], folder, environment.variables)
    return folder / "autograder.zip"


class OtterCohort:
    """Submissions laid out as `otter run` takes them: one file and one output folder each."""

    def __init__(self, environment: Environment, folder: Path, cohort: list[Submission]) -> None:
        self.environment = environment
        self.folder = folder
        self.cohort = cohort
        self.zip = make_zip(environment, folder)
        for submission in cohort:
            place = self.place(submission)
            place.mkdir()
            (place / "hand_gradients.py").write_text(submission.code, encoding="utf-8")

    def place(self, submission: Submission) -> Path:
        return self.folder / submission.student

    def grade(self, at_once: int, cohort: list[Submission] | None = None) -> None:
        run_each([partial(self._grade_one, each) for each in cohort or self.cohort], at_once)

    def _grade_one(self, submission: Submission) -> None:
        place = self.place(submission)
        words: list[Word] = [
            "run",
            "-a",
            self.zip,
            "-o",
            place,
            "--no-logo",
            place / "hand_gradients.py",
        ]
        run([self.environment.command("otter"), *words], place, self.environment.variables)

    def verdicts(self) -> Verdicts:
        verdicts = Verdicts()
        for submission in self.cohort:
            text = (self.place(submission) / "results.json").read_text(encoding="utf-8")
            tests = [test for test in json.loads(text)["tests"] if "score" in test]
            score = sum(test["score"] for test in tests)
            verdicts.add(submission, score, POINTS * len(plain_tests()))
        return verdicts


def measure_otter(cohort: list[Submission], at_once_choices: tuple[int, ...]) -> list[Result]:
    environment = Environment("otter").ensure()
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="otter-") as scratch:
        submissions = OtterCohort(environment, Path(scratch), cohort)
        return [_measure(submissions, at_once) for at_once in at_once_choices]


def _measure(submissions: OtterCohort, at_once: int) -> Result:
    cohort = submissions.cohort
    memory = peak_of(lambda: submissions.grade(at_once, cohort[:at_once]))
    spent = seconds(lambda: submissions.grade(at_once))
    return Result(
        grader="otter run",
        at_once=at_once,
        timed_submissions=len(cohort),
        timed_seconds=spent,
        # Every submission is a command of its own, so there is no start-up to share.
        cost=Cost(start_up=0.0, each=spent / len(cohort)),
        peak_memory_mib=memory.mib,
        memory_is_proportional=memory.all_proportional,
        verdicts=submissions.verdicts(),
    )
