"""gradpath doctor: what this machine can do."""

from __future__ import annotations

import click


@click.command("doctor")
def command() -> int:
    """Say what this machine can do.

    Names the isolation level that `grade` works at, and the versions of Python, torch and the
    programs that other ways of grading need. Nothing is changed.

    Exit status: 0 when `grade` works here, 1 when it does not.
    """
    from rich.table import Table

    from gradpath.cli.terminal import console
    from gradpath.doctor import examine

    out = console()
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_column(overflow="fold")
    findings = examine()
    for finding in findings:
        word = {"ok": "ok", "missing": "not here", "broken": "broken"}[finding.state]
        table.add_row(finding.subject, word, finding.text)
    out.print(table)
    return 1 if any(finding.state == "broken" for finding in findings) else 0
