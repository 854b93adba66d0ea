"""gradpath nbgrader: staff's commands in the folder of a course that lives in nbgrader."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gradpath.text.languages import tell
from gradpath.text.messages import Message, joined, template

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.frontends.nbgrader.parallel.autograde import Report

_NBGRADER: Final = "nbgrader==0.9.6"
_MAX_LINES: Final = 20


@click.group("nbgrader", context_settings={"max_content_width": 100})
def command() -> None:
    """Work on a course that lives in nbgrader.

    `gradpath release` makes such a course; `nbgrader` itself does everything else in it.
    """


@command.command("autograde")
@click.argument("assignments", nargs=-1, required=True, metavar="ASSIGNMENT ...")
@click.option(
    "--course",
    metavar="DIR",
    default=Path(),
    type=click.Path(path_type=Path),
    help="The course's folder (default: this one).",
)
@click.option("--student", metavar="GLOB", help="Only students whose id matches (default: all).")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Threads (default: cores).")
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
def autograde(
    assignments: tuple[str, ...], course: Path, student: str | None, jobs: int | None, force: bool
) -> int:
    """Do what `nbgrader autograde ASSIGNMENT` does, on all cores.

    The rows in the gradebook and the files in autograded/ are the same, so every other command and
    page of nbgrader goes on from there. What is graded already and has not been handed in again is
    skipped. A submission is written as a whole or not at all: a run that was stopped can be run
    again and does the rest.

    \b
    Examples:
      gradpath nbgrader autograde hand_gradients
      gradpath nbgrader autograde mse_sweep rosenbrock --student "s0*"
      gradpath nbgrader autograde hand_gradients --force --course nbgrader

    Exit status: 0 when every submission has its rows, however bad; 1 when one could not be
    written; 2 for wrong words or folders.
    """
    from gradpath.cli.terminal import console
    from gradpath.cohort.run import default_jobs
    from gradpath.errors import GradpathError
    from gradpath.frontends.nbgrader.parallel.early_engine import EarlyEngine

    if importlib.util.find_spec("nbgrader") is None:
        raise GradpathError(
            Message("nbgrader is not installed: run `pip install {package}`", package=_NBGRADER)
        )
    if not (course / "nbgrader_config.py").is_file():
        raise GradpathError(
            Message(
                "no nbgrader course in {folder}: there is no nbgrader_config.py; run this in the "
                "course's folder, or name it with --course DIR",
                folder=course.resolve(),
            )
        )
    course = course.resolve()
    shown = console()
    # jsonschema takes it if it is there, to check addresses that no notebook has. Building its
    # grammar takes longer than all else that nbgrader imports.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    with EarlyEngine(course, assignments, jobs or default_jobs()) as engine, ExitStack() as stack:
        # Imported once the engine is on its way.
        from gradpath.frontends.nbgrader.parallel.autograde import Report, autograde

        report, bar = Report(), stack.enter_context(_Bar(shown))
        try:
            autograde(course, assignments, engine, report, bar, student=student, force=force)
        except KeyboardInterrupt:
            stack.close()
            done = report.graded + report.skipped
            text = Message(
                "interrupted; {done} of {count} submissions are graded, and the same command "
                "grades the rest",
                done=done,
                count=bar.total,
            )
            click.echo(f"gradpath: {tell(text)}", err=True)
            return 130
    _tell(report, assignments, shown)
    return 1 if report.failed else 0


class _Bar:
    """A bar on a terminal, a line now and then elsewhere."""

    def __init__(self, shown: Console) -> None:
        self.total = 0
        self._done = 0
        self._shown = shown
        self._stack = ExitStack()

    def begin(self, total: int) -> None:
        from gradpath.cli.terminal import progress

        self.total = total
        self._bar = self._stack.enter_context(
            progress(tell(Message("grading")), total, self._shown)
        )

    def advance(self) -> None:
        self._done += 1
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0])
        elif self._done % 100 == 0 or self._done == self.total:
            text = Message("graded {done} of {total}", done=self._done, total=self.total)
            self._shown.print(tell(text))

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _tell(report: Report, assignments: tuple[str, ...], shown: Console) -> None:
    from gradpath.cli.summary import print_summary
    from gradpath.cli.terminal import clean, console
    from gradpath.course.load import slugs
    from gradpath.engine.isolation import level

    _list(report.notes, template("and {count} more notes"), console(stderr=True), "yellow")
    if report.results:
        print_summary(report.results, [slug for slug in slugs() if _has(report, slug)], shown)
        isolation = level()
        text = Message(
            "isolation level {level}: {text}", level=isolation.level, text=isolation.text
        )
        shown.print(tell(text), style="dim")
    counts = [Message("{count} graded", count=report.graded)]
    if report.late:
        counts.append(Message("{count} of them late", count=report.late))
    if report.skipped:
        skipped = report.skipped
        counts.append(
            Message(
                "{count} skipped, which were graded before (--force grades again)", count=skipped
            )
        )
    names = ", ".join(assignments)
    text = Message("{name}: {problem}", name=names, problem=joined(", ", counts))
    shown.print(tell(text), markup=False, soft_wrap=True)
    for problem in report.problems:
        text = Message(
            "the grader failed, please grade by hand and report: {problem}", problem=problem
        )
        shown.print(clean(tell(text)), style="red", markup=False)
    missing = [Message("no rows for {line}", line=line) for line in report.failed]
    _list(missing, template("and {count} more without rows"), shown, "red")


def _has(report: Report, slug: str) -> bool:
    return any(result.assignment == slug for result in report.results)


def _list(lines: Sequence[str], more: str, to: Console, style: str) -> None:
    from gradpath.cli.terminal import clean

    for line in lines[:_MAX_LINES]:
        to.print(clean(tell(line)), style=style, markup=False, soft_wrap=True)
    if len(lines) > _MAX_LINES:
        text = Message(more, count=len(lines) - _MAX_LINES)
        to.print(f"... {tell(text)}", style=style)
