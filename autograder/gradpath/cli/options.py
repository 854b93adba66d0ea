"""Options that several commands of staff have, with the same words and meaning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

Option = Callable[[Callable[..., Any]], Callable[..., Any]]

SECRET: Final[Option] = click.option("--secret", metavar="TEXT", help="Seeds the hidden data.")
SECRET_FILE: Final[Option] = click.option(
    "--secret-file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file whose first line is the secret.",
)
HIDDEN: Final[Option] = click.option(
    "--hidden/--public", default=True, help="All checks (default), or the public ones."
)
REQUIRE_ISOLATION: Final[Option] = click.option(
    "--require-isolation",
    "required",
    metavar="LEVEL",
    type=click.Choice(["A", "B", "C", "D"]),
    help="Refuse to grade below this level of isolation (see `gradpath doctor`).",
)
ALLOW_WEAK_ISOLATION: Final[Option] = click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    help="Grade hidden checks below level B, too.",
)
