"""gradpath verify: the author's gate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.authoring.verify import Report

VERIFY_SECRET = "gradpath-verify"
_NAMED, _NOTED = 10, 3
"""The entries of a language's catalogues that are named, and fewer where nobody asks for it."""


@click.command("verify")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Threads (default: cores).")
@click.option("--secret", metavar="TEXT", default=VERIFY_SECRET, help="Seeds the hidden data.")
@click.option(
    "--language",
    "codes",
    multiple=True,
    metavar="CODE",
    help="A language that must be complete, such as zh (default: `language` in gradpath.toml).",
)
def command(slugs: tuple[str, ...], jobs: int | None, secret: str, codes: tuple[str, ...]) -> int:
    """Prove that the graders tell right from wrong.

    For each assignment: the skeleton scores 0 without an error; the solution scores full; every
    way of making every known mistake loses points where it is made and is named first; every right
    submission of its corpus gets full points, every wrong one loses where it says. A check that
    nothing fails is named: it catches nothing. Each question for talks has an answer on the
    solution and on right submissions, and curves to choose from look different. What `gradpath new`
    left blank is named first, and at the end each entry of the catalogues of other languages that
    is missing, stale, fuzzy or not true to its English: a fault in a language that the course
    offers, a note in any other.

    \b
    Examples:
      gradpath verify
      gradpath verify rosenbrock --secret another
      gradpath verify --language zh

    Exit status: 0 all as it must be, 1 something is not, 2 no such assignment.
    """
    from gradpath.authoring.blanks import blanks_of
    from gradpath.authoring.languages.complete import must_have_babel
    from gradpath.authoring.verify import is_green, trials_of, verify
    from gradpath.cli.terminal import console, progress
    from gradpath.cohort.run import Run, default_jobs
    from gradpath.course.config import language_of, read_config
    from gradpath.course.load import load
    from gradpath.course.load import slugs as all_slugs
    from gradpath.text.languages import ENGLISH

    codes = codes or tuple(filter(None, [read_config(Path()).language]))
    offered = [code for code in codes if language_of(code) is not ENGLISH]
    if offered:
        must_have_babel()
    chosen = slugs or all_slugs()
    blanks = [blank for slug in chosen for blank in blanks_of(slug)]
    if blanks:
        for blank in blanks:
            click.echo(blank)
        left = f"{len(blanks)} blank{'s' if blanks[1:] else ''} left"
        click.echo(f"verify: not green: {left}; see docs/authoring.md")
        return 1
    assignments = [load(slug) for slug in chosen]
    out = console()
    reports = []
    total = sum(len(list(trials_of(assignment))) for assignment in assignments)
    with (
        Run(chosen, secret, jobs=jobs or default_jobs()) as run,
        progress("verifying", total, out) as bar,
    ):
        for slug in chosen:
            step = (lambda _: bar.advance(bar.task_ids[0])) if bar is not None else lambda _: None
            reports.append(verify(run, slug, step))
            if bar is None:
                out.print(f"verified {slug}")
    _print_reports(reports, out)
    # All reports are printed before the verdict.
    complete = print_languages(offered, slugs, out)
    green = is_green(reports) and complete
    out.print("verify: all green" if green else "verify: not green", style="bold")
    return 0 if green else 1


def print_languages(offered: Sequence[str], slugs: Sequence[str], out: Console) -> bool:
    """Print the entries of catalogues that are not in order; tell if the offered ones are.

    Args:
        offered: the codes of the languages that the course offers; in others, a new assignment
            may be English.
        slugs: the assignments that are verified; all without any.
        out: the console.
    """
    from gradpath.authoring.languages.complete import has_babel, incomplete
    from gradpath.text.languages import ENGLISH, languages

    if not has_babel():
        out.print("catalogues of other languages were not read: babel is not installed")
        return True
    complete = True
    for code in (code for code in languages() if code != ENGLISH.code):
        findings, fault = incomplete(code, slugs), code in offered
        for finding in findings[: _NAMED if fault else _NOTED]:
            out.print(str(finding), style="red" if fault else "", markup=False, soft_wrap=True)
        if findings:
            entries = "1 entry is" if len(findings) == 1 else f"{len(findings)} entries are"
            note = "" if fault else " (a note: nobody asks for this language)"
            out.print(
                f"{code}: {entries} not in order{note}; "
                f"`gradpath languages --check --language {code}` names them all",
                markup=False,
                soft_wrap=True,
            )
            complete = complete and not fault
    return complete


def _print_reports(reports: Sequence[Report], out: Console) -> None:
    """Print a table of the trials, and each finding below it."""
    from rich.table import Table

    from gradpath.authoring.verify import KINDS

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("assignment")
    for label in KINDS.values():
        table.add_column(label, justify="right")
    table.add_column("checks that caught nothing")
    for report in reports:
        counts = [report.counts.get(kind, (0, 0)) for kind in KINDS]
        table.add_row(
            report.assignment,
            *(f"{good} of {all}" for good, all in counts),
            ", ".join(report.idle_checks) or "none",
        )
    out.print(table)
    for report in reports:
        for finding in report.findings:
            out.print(
                f"{finding.assignment}: {finding.subject}: {finding.text}",
                style="red",
                markup=False,
            )
