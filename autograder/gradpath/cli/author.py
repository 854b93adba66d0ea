"""gradpath documented: the documented figures, reproduced."""

from __future__ import annotations

import click


@click.command("documented")
def command() -> int:
    """Show that the documented figures are reproduced.

    Runs the solutions on the data of the source articles and lays what they give now beside what
    the articles print. Of a sequence the first entries are shown, everything that differs, and a
    summary of the whole.

    Exit status: 0 all agree, 1 something differs.
    """
    from rich.table import Table
    from rich.text import Text

    from gradpath.authoring.documented import not_reproducible, reproduce
    from gradpath.cli.terminal import console

    out = console()
    if not out.is_terminal:
        out.width = 200  # a pipe has no width: nothing shall be wrapped there
    rows = list(reproduce())
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("figure")
    table.add_column("documented", justify="right", no_wrap=True)
    table.add_column("computed", justify="right", no_wrap=True)
    table.add_column("agreement")
    previous = ""
    for row in rows:
        if row.assignment != previous:
            table.add_row(row.assignment, style="bold")
            previous = row.assignment
        style = "red" if not row.agrees else "" if row.computed else "green"
        cells = (f" {row.figure}", row.documented, row.computed, row.agreement)
        table.add_row(*map(Text, cells), style=style)
    out.print(table)
    out.print()
    out.print("Not reproducible:", style="bold")
    for part in not_reproducible():
        out.print(f"{part.part}: {part.reason}", markup=False)
    out.print()
    wrong = sum(not row.agrees for row in rows)
    differ = "1 row differs" if wrong == 1 else f"{wrong} rows differ"
    verdict = f"documented: {differ if wrong else 'all agree'}"
    out.print(verdict, style="bold red" if wrong else "bold green")
    return 1 if wrong else 0
