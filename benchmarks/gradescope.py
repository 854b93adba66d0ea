"""Grade with an autograder zip in containers of Gradescope's sizes: the points and the seconds."""

import argparse
import io
import json
import tempfile
import zipfile
from pathlib import Path
from time import monotonic
from typing import Any

from bench.command import finish, parser
from bench.measure import run
from bench.paths import ASSIGNMENTS, BUILD, SLUGS, BenchmarkError
from bench.report import machine, machine_line, progress, table, warn_if_busy, write_json

from gradpath import __version__
from gradpath.authoring.release.otter_zip import autograder_zip
from gradpath.authoring.release.wheels import staff_wheel
from gradpath.course.master import solution_of
from gradpath.frontends.otter.settings import ZipSettings

SIZES = ("0.5:0.5", "0.5:0.75", "1.0:1.5", "2.0:3.0")
"""Processors and GB of memory: those that Gradescope offers, and one below."""
SCRIPT = """
mkdir -p /autograder/results
cp -r /given/source /given/submission /autograder
bash /autograder/source/setup.sh > /dev/null
bash /autograder/source/run_autograder > /dev/null 2>&1
cp /autograder/results/results.json /given/
"""


def arguments() -> argparse.Namespace:
    options = parser(__doc__ or "")
    options.add_argument("--image", default=f"gradpath:{__version__}", help="the grading image")
    options.add_argument("--size", action="append", metavar="PROCESSORS:GB", help="repeatable")
    options.add_argument("--assignment", action="append", choices=SLUGS, help="repeatable")
    return options.parse_args()


def submissions(slug: str) -> dict[str, str]:
    """A right submission, and a wrong one, for which a picture is drawn."""
    wrong = sorted((ASSIGNMENTS / slug / "corpus" / "wrong").glob("*.py"))
    return {"right": solution_of(slug), "wrong": wrong[0].read_text("utf-8")}


def grade(given: Path, slug: str, text: str, size: str, image: str) -> dict[str, Any]:
    """Run the zip in a container of one size; without points where the grader was killed."""
    processors, memory = size.split(":")
    (given / "submission" / f"{slug}.py").write_text(text, "utf-8")
    results = given / "results.json"
    results.unlink(missing_ok=True)
    limit = f"{round(float(memory) * 1e9)}b"
    started = monotonic()
    try:
        run(
            [
                *("docker", "run", "--rm", "--network", "none", "--cpus", processors),
                *("--memory", limit, "--memory-swap", limit, "-v", f"{given}:/given"),
                *(image, "bash", "-c", SCRIPT),
            ]
        )
    except BenchmarkError:
        return {"points": None, "seconds": monotonic() - started}
    return {
        "points": json.loads(results.read_bytes())["score"],
        "seconds": monotonic() - started,
    }


def measure(chosen: argparse.Namespace) -> list[dict[str, Any]]:
    wheel, lines = staff_wheel(), []
    BUILD.mkdir(parents=True, exist_ok=True)
    for slug in chosen.assignment or ("hand_gradients", "lenet", "mse_sweep"):
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="gradescope-") as scratch:
            given = Path(scratch)
            (given / "submission").mkdir()
            data = autograder_zip(ZipSettings(slug, "benchmark"), wheel)
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                archive.extractall(given / "source")
            for kind, text in submissions(slug).items():
                for size in chosen.size or SIZES:
                    progress(f"{slug}, {kind}, {size}")
                    measured = grade(given, slug, text, size, chosen.image)
                    lines.append({"assignment": slug, "kind": kind, "size": size, **measured})
    return lines


def main() -> None:
    chosen = arguments()
    facts = machine()
    warn_if_busy(facts)
    print(machine_line(facts))
    lines = measure(chosen)
    rows = [
        [
            *(line["assignment"], line["kind"], *line["size"].split(":")),
            "killed" if line["points"] is None else f"{line['points']:g}",
            f"{line['seconds']:.0f}",
        ]
        for line in lines
    ]
    print(table(["assignment", "submission", "processors", "GB", "points", "seconds"], rows))
    write_json(chosen.json, {"machine": facts, "lines": lines})


if __name__ == "__main__":
    finish(main)
