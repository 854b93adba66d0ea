"""gradpath merge: the shards of a run, graded on several machines, become one run."""

from __future__ import annotations

from pathlib import Path

import click

from gradpath.cli import options
from gradpath.cli.terminal import console, print_note
from gradpath.text.messages import Message


@click.command("merge")
@click.argument(
    "folders", nargs=-1, required=True, metavar="DIR ...", type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the whole run; it is made if it is missing.",
)
@click.option(
    "--submissions",
    "paths",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Where the submissions lie, if they have been moved.",
)
@options.SECRET
@options.SECRET_FILE
@click.option("--explain", is_flag=True, help="Print the reason for every lost point.")
def command(
    folders: tuple[Path, ...],
    out: Path,
    paths: tuple[Path, ...],
    secret: str | None,
    secret_file: Path | None,
    explain: bool,
) -> int:
    """Put the shards of `gradpath grade --shard` together.

    DIR ... are the folders of all shards. The folder of --out gets the results.jsonl and grades.csv
    that one run over all submissions would have written, byte for byte, and a store with everything
    in it, so `report`, `feedback`, `export` and `grade` go on from there. Points for lateness are
    taken off here, not in the shards.

    Each result is compared with the file that it belongs to, so the submissions have to lie where
    they were graded, or --submissions says where. The secret is the one of the shards, from
    --secret, --secret-file, GRADPATH_SECRET or gradpath.toml, which also has the late policy.

    \b
    Examples:
      gradpath merge shards/* --out results
      gradpath merge s0 s1 s2 --out results --secret-file release.secret

    Exit status: 0 when the run was written; 2 when a shard is missing, is not finished or does not
    fit to the others.
    """
    from gradpath.cli.summary import print_outcome
    from gradpath.cohort.grade import Callbacks
    from gradpath.cohort.merge import merge
    from gradpath.cohort.request import GradeRequest
    from gradpath.errors import GradpathError

    file = secret_file and secret_file.absolute()
    for folder in folders:
        if out.resolve() == folder.resolve():
            raise GradpathError(
                Message("{out} is a shard's folder; give another one with --out", out=out)
            )
    request = GradeRequest(paths, out=out, folder=Path.cwd(), secret=secret or "", secret_file=file)
    outcome = merge(folders, request, Callbacks(note=print_note(console(stderr=True))))
    print_outcome(outcome, out, console(), explain=explain)
    return 0
