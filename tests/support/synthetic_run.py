"""Folders as `gradpath grade` leaves them, without grading: for cohorts of any size.

Scores, outcomes and messages are drawn by chance; the code is put together from functions of the
corpus, with local names of each student's own, so that hardly two submissions are the same.
"""

from __future__ import annotations

import ast
import functools
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from gradpath.cohort.artifacts import Kept, pack_source
from gradpath.cohort.checkpoint import Cohort
from gradpath.cohort.files import grades_csv, results_jsonl
from gradpath.cohort.keys import Keys, content_of
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.shards import Shard
from gradpath.cohort.store import Store
from gradpath.course.files import write_files
from gradpath.course.load import load
from gradpath.course.settings import corpus_of
from gradpath.grading.results import CheckResult, Outcome, Result, rounded
from gradpath.submissions.find import find
from gradpath.worker.protocol import Cell
from tests.support.demo_cohort import ASSIGNMENTS

_LOST: tuple[Outcome, ...] = ("failed", "failed", "failed", "raised", "not_attempted", "skipped")
_LOCAL_NAMES = ("total", "loss_value", "grad", "out", "prediction", "acc", "history", "step", "cur")


def write_shards(
    folder: Path, students: int, shards: int, secret: str, runs: Mapping[str, Sequence[bytes]]
) -> None:
    """Write the files in `submissions`, and `shards/0` and so on as `grade --shard` leaves them.

    Args:
        folder: it is made if it is missing.
        students: each hands in the demo's assignments.
        shards: the number of parts.
        secret: the secret of the run.
        runs: packed runs of public checks by assignment, of which each submission gets one.
    """
    chance = random.Random(students)
    made: dict[tuple[str, str], tuple[Result, Kept]] = {}
    for number in range(1, students + 1):
        student = f"s{number:05}"
        (folder / "submissions" / student).mkdir(parents=True)
        for slug in ASSIGNMENTS:
            result = _result(student, slug, chance)
            source = _source(result, chance)
            (folder / "submissions" / result.file).write_text(source)
            packed = pack_source([Cell(f"{slug}.py", source)])
            seconds = chance.uniform(0.05, 2)
            kept = Kept(packed, chance.choice(runs[slug]), seconds * 2, seconds)
            made[student, slug] = result, kept
    submissions, _ = find([folder / "submissions"], ASSIGNMENTS)
    for shard in (Shard(number, shards) for number in range(shards)):
        out = folder / "shards" / str(shard.number)
        out.mkdir(parents=True)
        request = GradeRequest((folder / "submissions",), out, folder, shard=shard)
        own = [submission for submission in submissions if shard.has(submission)]
        contents = {(each.student, each.assignment): content_of(each) for each in own}
        with Store(out) as store:
            keys = Keys(secret, store.salt, "made up", public_only=False)
            cohort = Cohort(store, own, keys, "A", contents)
            cohort.begin(request)
            with store.together():
                for name in contents:
                    cohort.take(*made[name])
            cohort.publish()
            results = cohort.results()
            files = {"grades.csv": grades_csv(results, ASSIGNMENTS)}
            write_files(out, {"results.jsonl": results_jsonl(results), **files})
            store.finish()


def write_run(folder: Path, students: int, *, sources: bool = True) -> None:
    """Write `results.jsonl`, and `results.sqlite` with sources and seconds.

    The assignments are the demo's. The folder is made if it is missing; without `sources` there is
    no store.
    """
    chance = random.Random(students)
    results = [
        _result(f"s{number:04}", slug, chance)
        for number in range(1, students + 1)
        for slug in ASSIGNMENTS
    ]
    write_files(folder, {"results.jsonl": results_jsonl(results)})
    if sources:
        codes = [_source(result, chance) for result in results]
        write_store(folder, results, codes)


def write_store(folder: Path, results: Sequence[Result], sources: Sequence[str]) -> None:
    """Write `results.sqlite` with these sources, as a run that graded them would have."""
    keys = {}
    with Store(folder) as store:
        store._database.execute("PRAGMA synchronous = OFF")  # thousands of results at once
        for number, (result, source) in enumerate(zip(results, sources, strict=True)):
            key = number.to_bytes(32, "big")
            packed = pack_source([Cell(f"{result.assignment}.py", source)])
            seconds = 0.05 + (number * 7919 % 1000) / 500
            store.put(key, result, Kept(packed, b"", seconds * 2, seconds))
            keys[result.student, result.assignment] = key
        store.publish(keys)


def _result(student: str, slug: str, chance: random.Random) -> Result:
    assignment = load(slug)
    able = chance.betavariate(4, 1.5)
    checks = []
    for check in assignment.checks:
        worth = assignment.points[check.id]
        right = chance.random() < able
        outcome: Outcome = "passed" if right else chance.choice(_LOST)
        if not right and chance.random() < 0.01:
            outcome = chance.choice(("timeout", "killed"))
        known = assignment.misconceptions
        named = [chance.choice(known).id] if outcome == "failed" and chance.random() < 0.6 else []
        value = f"{chance.uniform(-9, 9):.6g}"
        message = "" if right else f"{check.function}(...): losses[3] is {value}, expected 0.25"
        checks.append(
            CheckResult(
                *(check.id, check.title, check.visibility, worth if right else 0.0, worth),
                *(outcome, message, named, None),
            )
        )
    maximum = rounded(sum(check.max_points for check in checks))
    words = (slug, student, f"{student}/{slug}.py")
    if chance.random() < 0.01:
        why = f"syntax error in line {chance.randrange(200)}: invalid syntax"
        return Result(*words, 0.0, maximum, "unreadable", [], why, "A")
    score = rounded(sum(check.points for check in checks))
    return Result(*words, score, maximum, "graded", checks, "", "A")


@functools.cache
def _functions(slug: str) -> dict[str, list[str]]:
    """Return the ways in which the corpus writes each function of an assignment."""
    found: dict[str, list[str]] = {}
    for path in sorted(corpus_of(slug).glob("*/*.py")):
        text = path.read_text("utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.setdefault(node.name, []).append(ast.get_source_segment(text, node) or "")
    return {name: found[name] for name in load(slug).functions if name in found}


def _source(result: Result, chance: random.Random) -> str:
    parts = ["import numpy as np\nimport torch\n"]
    for ways in _functions(result.assignment).values():
        text = chance.choice(ways)
        for name in set(re.findall(r"^ +(\w+) = ", text, re.MULTILINE)):
            new = f"{chance.choice(_LOCAL_NAMES)}_{chance.randrange(30)}"
            text = re.sub(rf"(?<![\w.]){name}\b", new, text)
        if chance.random() < 0.3:  # somebody's own line
            text += f"\n    # {chance.random()}\n"
        parts.append(text)
    return "\n\n\n".join(parts) + "\n"
