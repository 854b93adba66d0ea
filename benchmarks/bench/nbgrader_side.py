"""nbgrader's side: a course made by its own commands, and stock `nbgrader autograde`."""

import csv
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bench.cohort import Submission
from bench.environments import Environment
from bench.measure import Word, run, run_each, seconds
from bench.paths import BUILD, SLUG, SOLUTIONS
from bench.plain import POINTS, PlainTest, plain_tests
from bench.sides import Cost, Result, Verdicts, peak_of

NOTEBOOK = f"{SLUG}.ipynb"
SOLUTION_CELL = "solution"


def cell_metadata(grade_id: str, **settings: Any) -> dict[str, Any]:
    plain = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**plain, "grade_id": grade_id, **settings}}


def test_cell(test: PlainTest) -> Any:
    code = f"{test.header}\n\n\n{test.code}\n\n\ntest_{test.name}({test.subject})"
    metadata = cell_metadata(f"test-{test.name}", grade=True, locked=True, points=POINTS)
    return new_code_cell(code, metadata=metadata)


def source_notebook() -> Any:
    solution = (SOLUTIONS / f"{SLUG}.py").read_text(encoding="utf-8")
    cells = [
        new_markdown_cell("# Hand gradients"),
        new_code_cell(solution, metadata=cell_metadata(SOLUTION_CELL, solution=True)),
        *map(test_cell, plain_tests()),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


class Course:
    """A course folder with the assignment released and, later, with submissions."""

    def __init__(self, environment: Environment, folder: Path) -> None:
        self.environment = environment
        self.folder = folder

    def nbgrader(self, *words: Word) -> str:
        command: list[Word] = [self.environment.command("nbgrader"), *words]
        return run(command, self.folder, self.environment.variables)

    def create(self) -> "Course":
        quickstart: list[Word] = [
            self.environment.command("nbgrader"),
            "quickstart",
            self.folder.name,
        ]
        run(quickstart, self.folder.parent, self.environment.variables)
        source = self.folder / "source" / SLUG
        source.mkdir()
        nbformat.write(source_notebook(), source / NOTEBOOK)
        self.nbgrader("generate_assignment", SLUG)
        return self

    def with_submissions(self, cohort: list[Submission], folder: Path) -> "Course":
        """A copy with these submissions, because nbgrader does not grade the same one twice."""
        shutil.copytree(self.folder, folder)
        for submission in cohort:
            place = folder / "submitted" / submission.student / SLUG
            place.mkdir(parents=True)
            notebook = nbformat.read(self.folder / "release" / SLUG / NOTEBOOK, as_version=4)
            for cell in notebook.cells:
                if cell.metadata.get("nbgrader", {}).get("grade_id") == SOLUTION_CELL:
                    cell.source = submission.code
            nbformat.write(notebook, place / NOTEBOOK)
        return Course(self.environment, folder)

    def autograde(self, at_once: int) -> None:
        """nbgrader has no parallel mode: several processes share the gradebook, as staff do it."""
        digits = [str(digit) for digit in range(10)]
        globs = ["*"] if at_once == 1 else [f"*[{''.join(digits[i::2])}]" for i in range(2)]
        words = ("autograde", SLUG)
        run_each([partial(self.nbgrader, *words, f"--student={glob}") for glob in globs], at_once)

    def verdicts(self, cohort: list[Submission]) -> Verdicts:
        self.nbgrader("export")
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = {row["student_id"]: row for row in csv.DictReader(file)}
        verdicts = Verdicts()
        for submission in cohort:
            row = rows[submission.student]
            verdicts.add(submission, float(row["score"] or 0), float(row["max_score"]))
        return verdicts


def measure_nbgrader(cohort: list[Submission], at_once_choices: tuple[int, ...]) -> list[Result]:
    environment = Environment("nbgrader").ensure()
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="nbgrader-") as scratch:
        course = Course(environment, Path(scratch, "course"))
        course.folder.mkdir()
        course.create()
        return [_measure(course, cohort, at_once) for at_once in at_once_choices]


def _measure(course: Course, cohort: list[Submission], at_once: int) -> Result:
    folder = course.folder.with_name

    few = cohort[:at_once]
    warm = course.with_submissions(few, folder(f"memory-{at_once}"))
    memory = peak_of(lambda: warm.autograde(at_once))
    small = course.with_submissions(few, folder(f"small-{at_once}"))
    small_seconds = seconds(lambda: small.autograde(at_once))
    large = course.with_submissions(cohort, folder(f"large-{at_once}"))
    large_seconds = seconds(lambda: large.autograde(at_once))
    return Result(
        grader="nbgrader autograde",
        at_once=at_once,
        timed_submissions=len(cohort),
        timed_seconds=large_seconds,
        cost=Cost.from_two_runs((len(few), small_seconds), (len(cohort), large_seconds)),
        peak_memory_mib=memory.mib,
        memory_is_proportional=memory.all_proportional,
        verdicts=large.verdicts(cohort),
    )
