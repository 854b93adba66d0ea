"""Answers in the form of a platform: the option that commands share, and writing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from gradpath.course.files import write_files
from gradpath.frontends.platforms.answer import Format

TO = click.option(
    "--to",
    "target",
    metavar="PATH",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Where it goes; - is standard output (default: where the platform looks).",
)


def write(files: Mapping[str, bytes], form: Format, target: Path | None) -> None:
    """Write an answer to standard output, to a file, or as several files into a folder.

    Raises:
        GradpathError: the place cannot be written.
    """
    where = str(target) if target is not None else form.path or "-"
    if where == "-":
        for data in files.values():
            click.echo(data, nl=False)
        return
    path = Path(where)
    if "" in files:  # one text, which has no name of its own
        path, files = path.parent, {path.name: files[""]}
    write_files(path, files)
