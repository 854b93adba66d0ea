"""gradpath slurm: a cohort on a cluster."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from gradpath.cli import options
from gradpath.cli.terminal import console, print_note
from gradpath.text.languages import tell as told
from gradpath.text.messages import Message, joined

if TYPE_CHECKING:
    from gradpath.cohort.grade import Callbacks
    from gradpath.cohort.request import GradeRequest
    from gradpath.worker.sandbox.layers import Level

_EVERY_SECONDS = 3.0
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("slurm")
@click.argument("paths", nargs=-1, metavar="PATH ...", type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", type=_FOLDER, help="Folder for the run, which all nodes see.")
@click.option("--shards", metavar="N", type=click.IntRange(1, 100_000), help="Number of parts.")
@click.option("--sbatch", metavar="ARGS", multiple=True, help="Words for sbatch, in one text.")
@click.option("--assignment", "only", metavar="SLUG", multiple=True, help="Only this assignment.")
@options.HIDDEN
@options.SECRET_FILE
@options.REQUIRE_ISOLATION
@options.ALLOW_WEAK_ISOLATION
@click.option("--dry-run", is_flag=True, help="Print the scripts, and hand in nothing.")
@click.option("--attach", metavar="DIR", type=_FOLDER, help="Show, and go on with, a run in DIR.")
@click.option("--collect", metavar="DIR", type=_FOLDER, hidden=True)
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    out: Path | None,
    shards: int | None,
    sbatch: tuple[str, ...],
    only: tuple[str, ...],
    hidden: bool,
    secret_file: Path | None,
    required: Level | None,
    allow_weak: bool,
    dry_run: bool,
    attach: Path | None,
    collect: Path | None,
) -> int:
    """Grade submissions on a Slurm cluster, in an array job with N tasks, and merge the parts.

    Each task grades a shard into DIR/shards, with as many jobs as it has processors, and a last job
    writes DIR/results.jsonl and DIR/grades.csv, as `gradpath merge` does. A task that was preempted
    or lost with its node begins again and takes over its stored results. The run needs nobody to
    wait for it: Ctrl-C ends only this command, and --attach shows the run again.

    The jobs read the secret from --secret-file or gradpath.toml. DIR, the submissions and gradpath
    itself have to lie where all nodes see them.

    \b
    Examples:
      gradpath slurm submissions --out results --shards 16 --secret-file release.secret
      gradpath slurm submissions --out results --shards 16 --sbatch "--partition=short --time=30"
      gradpath slurm --attach results

    Exit status: 0 when the run was merged; 2 for wrong words, and for a run that cannot go on.
    """
    from gradpath.cohort.grade import Callbacks
    from gradpath.cohort.request import GradeRequest

    tell, shown = Callbacks(note=print_note(console(stderr=True))), console()
    if collect is not None:
        _go_on(collect, tell, shown)
    elif attach is not None:
        _follow(attach, tell, shown)
    else:
        if not paths or out is None or shards is None:
            text = Message("PATH ..., --out and --shards are needed, or --attach")
            raise click.UsageError(told(text), context)
        file = secret_file and secret_file.absolute()
        request = GradeRequest(
            paths, out, Path.cwd(), only, not hidden, secret_file=file, required=required,
            allow_weak=allow_weak,
        )  # fmt: skip
        _begin(request, shards, shlex.split(" ".join(sbatch)), tell, shown, dry_run=dry_run)
        if not dry_run:
            _follow(out, tell, shown)
    return 0


def _begin(
    request: GradeRequest,
    shards: int,
    sbatch: list[str],
    tell: Callbacks,
    shown: Console,
    *,
    dry_run: bool,
) -> None:
    """Hand in a run, or print its scripts."""
    from gradpath.cohort import slurm

    run = slurm.plan(request, shards, sbatch, tell)
    if dry_run:
        for name, text in slurm.scripts(run, request.out.absolute()).items():
            click.echo(f"# {name}\n{text}")
        return
    run = slurm.begin(run, request.out)
    jobs = joined(" and ", run.jobs)
    text = Message("handed in: jobs {jobs}, {shards} shards", jobs=jobs, shards=shards)
    shown.print(told(text), markup=False)


def _follow(out: Path, tell: Callbacks, shown: Console) -> None:
    """Show a run until it has been merged; go on with it where no job does."""
    from gradpath.cli.summary import print_summary
    from gradpath.cohort import slurm
    from gradpath.cohort.regrade import published
    from gradpath.errors import InterruptedRunError

    last = None
    try:
        while not slurm.read(out).finished:
            for now in slurm.progress(out):
                if now != last:
                    again = Message(" (attempt {count})", count=now.attempt)
                    text = Message(
                        "waiting {waiting}, running {running}, ended {ended}{again}",
                        waiting=now.waiting,
                        running=now.running,
                        ended=now.ended,
                        again=again if now.attempt > 1 else "",
                    )
                    shown.print(told(text), markup=False)
                last = now
                time.sleep(_EVERY_SECONDS)
            if not slurm.read(out).finished and _go_on(out, tell, shown):
                return
    except KeyboardInterrupt:
        raise InterruptedRunError(
            Message(
                "the jobs go on; `gradpath slurm --attach {out}` shows them",
                out=shlex.quote(str(out)),
            )
        ) from None
    results = published(out)
    print_summary(results, list(dict.fromkeys(r.assignment for r in results)), shown)
    paths = joined(" and ", [str(out / name) for name in ("results.jsonl", "grades.csv")])
    shown.print(told(Message("wrote {paths}", paths=paths)), markup=False)


def _go_on(out: Path, tell: Callbacks, shown: Console) -> bool:
    """Merge a run, or hand in its unfinished shards again; tell whether it is merged."""
    from gradpath.cli.summary import print_outcome
    from gradpath.cohort import slurm

    outcome = slurm.collect(out, tell)
    if isinstance(outcome, slurm.SlurmRun):
        text = Message("handed in again: jobs {jobs}", jobs=joined(" and ", outcome.jobs))
        shown.print(told(text), markup=False)
        return False
    print_outcome(outcome, out, shown, explain=False)
    return True
