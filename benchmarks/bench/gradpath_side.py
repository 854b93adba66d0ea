"""gradpath's side: one `gradpath grade` over the whole cohort."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from bench.cohort import Submission, write_folders
from bench.measure import Word, run, seconds
from bench.paths import BUILD, BenchmarkError, gradpath_command
from bench.sides import Cost, Result, Verdicts, peak_of

# Lanes and workers are not in it: the kernel reaps them, and adds their time to nobody's.
_COUNTED = """
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from gradpath.cli import main
try:
    main()
finally:
    own, judges = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    print(own.ru_utime + own.ru_stime, judges.ru_utime + judges.ru_stime)
"""


def grade(submissions: Path, out: Path, jobs: int) -> None:
    """The command as staff type it; the secret is fixed, so that every run grades the same data."""
    run([gradpath_command(), *_words(submissions, out, jobs)])


def grade_counted(submissions: Path, out: Path, jobs: int) -> tuple[float, float]:
    """The same; return the processor seconds of the process itself and of its judges."""
    words = [sys.executable, "-c", _COUNTED, *_words(submissions, out, jobs)]
    own, judges = run(words).splitlines()[-1].split()
    return float(own), float(judges)


def _words(submissions: Path, out: Path, jobs: int) -> list[Word]:
    shutil.rmtree(out, ignore_errors=True)
    words: list[Word] = ["grade", submissions, "--out", out, "--jobs", str(jobs)]
    return [*words, "--secret", "benchmark"]


def read_verdicts(cohort: list[Submission], out: Path) -> Verdicts:
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    results = {result["student"]: result for result in map(json.loads, lines)}
    missing = [submission.student for submission in cohort if submission.student not in results]
    if missing:
        raise BenchmarkError(f"gradpath gave no result for {', '.join(missing[:5])}")
    verdicts = Verdicts()
    for submission in cohort:
        result = results[submission.student]
        verdicts.add(submission, result["score"], result["max_score"])
    return verdicts


def measure_gradpath(cohort: list[Submission], jobs: int) -> Result:
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="gradpath-") as scratch:
        submissions, out = Path(scratch, "submissions"), Path(scratch, "out")
        write_folders(cohort, submissions)
        memory = peak_of(lambda: grade(submissions, out, jobs))
        spent = seconds(lambda: grade(submissions, out, jobs))
        verdicts = read_verdicts(cohort, out)
    return Result(
        grader="gradpath grade",
        at_once=jobs,
        timed_submissions=len(cohort),
        timed_seconds=spent,
        # The whole cohort was timed, start-up included: nothing is extrapolated.
        cost=Cost(start_up=0.0, each=spent / len(cohort)),
        peak_memory_mib=memory.mib,
        memory_is_proportional=memory.all_proportional,
        verdicts=verdicts,
    )
