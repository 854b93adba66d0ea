"""Grade the same submissions in Docker: with `otter grade`, and with `gradpath grade --docker`."""

import argparse
import csv
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from bench.cohort import Submission, make_cohort, write_folders
from bench.command import add_corpus, at_least, finish, parser
from bench.gradpath_side import read_verdicts
from bench.measure import run, seconds
from bench.paths import BUILD, SLUG, BenchmarkError, gradpath_command
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json
from bench.sides import Verdicts

from gradpath import __version__
from gradpath.authoring.release.otter_zip import autograder_zip
from gradpath.authoring.release.wheels import staff_wheel
from gradpath.frontends.otter.settings import ZipSettings

SECRET = "benchmark"
TAG = "gradpath-benchmark"


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    add_corpus(options)
    options.add_argument("--image", default=f"gradpath:{__version__}", help="the grading image")
    options.add_argument("--submissions", type=at_least(2), default=12, metavar="N")
    options.add_argument("--at-once", type=at_least(1), default=len(os.sched_getaffinity(0)))
    return options.parse_args()


def with_gradpath(submissions: Path, out: Path, image: str, jobs: int) -> None:
    words = ["--out", str(out), "--jobs", str(jobs), "--secret", SECRET]
    run([gradpath_command(), "grade", str(submissions), *words, "--docker", image])


def with_otter(zip_path: Path, files: Path, out: Path, image: str, containers: int) -> None:
    """The stock command. It builds its own image on top of ours first, in a few seconds."""
    out.mkdir(exist_ok=True)
    command = Path(gradpath_command()).with_name("otter")
    run(
        [
            *(command, "grade", "-n", TAG, "-a", zip_path),
            *("-o", str(out), "--ext", "py", "--image", image, "--no-network"),
            *("--containers", str(containers), str(files)),
        ]
    )


def otter_points(out: Path) -> dict[str, float]:
    """Return the points of each student out of otter's table."""
    with (out / "final_grades.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].endswith(".py")]
    return {Path(row["file"]).stem: float(row["total_points_earned"]) for row in rows}


def verdicts_of(cohort: list[Submission], points: dict[str, float]) -> Verdicts:
    verdicts = Verdicts()
    for submission in cohort:
        if submission.student not in points:
            raise BenchmarkError(f"otter gave no row for {submission.student}")
        verdicts.add(submission, points[submission.student], 10.0)
    return verdicts


def line(name: str, spent: float, size: int, verdicts: Verdicts) -> dict[str, Any]:
    return {
        "grader": name,
        "seconds": spent,
        "seconds_per_submission": spent / size,
        "right_full": f"{verdicts.right_at_full_marks}/{verdicts.right}",
        "wrong_below": f"{verdicts.wrong_below_full_marks}/{verdicts.wrong}",
    }


def measure(chosen: argparse.Namespace) -> list[dict[str, Any]]:
    cohort = make_cohort(chosen.submissions, chosen.corpus)
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="containers-") as scratch:
        folders, flat, out = (Path(scratch, name) for name in ("folders", "flat", "out"))
        write_folders(cohort, folders)
        flat.mkdir()
        for submission in cohort:
            shutil.copy(
                folders / submission.student / f"{SLUG}.py", flat / f"{submission.student}.py"
            )
        zip_path = Path(scratch, "autograder.zip")
        zip_path.write_bytes(autograder_zip(ZipSettings(SLUG, SECRET), staff_wheel()))
        progress("gradpath grade --docker")
        spent = seconds(lambda: with_gradpath(folders, out, chosen.image, chosen.at_once))
        lines = [line("gradpath grade --docker", spent, len(cohort), read_verdicts(cohort, out))]
        progress("otter grade, with its image build")
        spent = seconds(lambda: with_otter(zip_path, flat, out, chosen.image, chosen.at_once))
        lines.append(
            line("otter grade", spent, len(cohort), verdicts_of(cohort, otter_points(out)))
        )
    return lines


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    print(machine_line(facts))
    print(f"{chosen.submissions} submissions, {chosen.at_once} at once, image {chosen.image}\n")
    lines = measure(chosen)
    header = ["grader", "seconds", "s/submission", "right full", "wrong below"]
    rows = [
        [
            each["grader"],
            f"{each['seconds']:.1f}",
            f"{each['seconds_per_submission']:.2f}",
            each["right_full"],
            each["wrong_below"],
        ]
        for each in lines
    ]
    print(table(header, rows))
    ratio = lines[1]["seconds"] / lines[0]["seconds"]
    print(f"\ngradpath grade --docker is {ratio:.1f} x as fast as otter grade with the same zip")
    write_json(chosen.json, {"machine": facts, "lines": lines, "ratio": ratio})


if __name__ == "__main__":
    finish(main)
