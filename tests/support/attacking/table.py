"""Prints results of attacks: `python -m tests.support.attacking.table [--stock] [--level NAME]`.

`--write` notes which attacks escaped at the control in tests/attacks/control.txt, and makes the
table of docs/security.md of the list of attacks and these notes; `--attack` runs new ones alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.support.attacking.levels import JOBS, LEVELS, Report, attack_at
from tests.support.attacking.stock import GRADERS, StockReport, applying, attack_stock
from tests.support.attacking.suite import FOLDER, GROUPS, all_attacks

NOTES: Final = FOLDER / "control.txt"
"""A line for each attack: its name, and `escapes` or `fails` at the control."""
DOCS: Final = Path(__file__).parents[3] / "docs" / "security.md"
BEGIN: Final = "<!-- attacks: python -m tests.support.attacking.table --write -->\n"
END: Final = "<!-- attacks end -->"


def levels_table(reports: Sequence[Report]) -> Table:
    """Return the escapes of each group at each level; of the control, how many there were."""
    attacks = reports[0].attacks
    table = Table(title="Escapes, as `gradpath grade` runs the attacks", title_justify="left")
    table.add_column("group")
    table.add_column("attacks", justify="right")
    for report in reports:
        table.add_column(report.level.name + (" (control)" * report.level.control), justify="right")
    for group in GROUPS:
        size = sum(attack.group == group for attack in attacks)
        cells = [_cell(report, report.count()[group]) for report in reports]
        table.add_row(group, str(size), *cells)
    table.add_section()
    totals = [_cell(report, len(report.escapes)) for report in reports]
    table.add_row("all", str(len(attacks)), *totals)
    return table


def read_notes() -> dict[str, bool]:
    """Return whether each attack escapes at the control."""
    lines = map(str.split, NOTES.read_text(encoding="utf-8").splitlines())
    return {name: how == "escapes" for name, how in lines}


def markdown_table(notes: Mapping[str, bool]) -> str:
    """Return the escapes of each group at each level for docs/security.md.

    The table is written where nothing escapes at the other levels, and CI runs the suite there,
    B root in a container.
    """
    levels = [level.name + " (control)" * level.control for level in LEVELS.values()]
    rows = [["group", "attacks", *levels], ["---", *["--:"] * (len(levels) + 1)]]
    for group in (*GROUPS, "all"):
        names = [a.id for a in all_attacks() if group in (a.group, "all")]
        escapes = sum(notes.get(name, False) for name in names)
        counts = [str(escapes if level.control else 0) for level in LEVELS.values()]
        rows.append([group, str(len(names)), *counts])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def write_table(reports: Sequence[Report]) -> None:
    """Note the escapes at the control, and replace the table of the docs."""
    notes = read_notes()
    for report in reports:
        if report.level.control:
            notes |= {attack.id: attack.id in report.escapes for attack in report.attacks}
    kept = {a.id: "escapes" if notes[a.id] else "fails" for a in all_attacks() if a.id in notes}
    NOTES.write_text("".join(f"{name} {how}\n" for name, how in kept.items()), encoding="utf-8")
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = f"{before}{BEGIN}\n{markdown_table(notes)}\n{END}{after}"
    DOCS.write_text(text, encoding="utf-8")


def _cell(report: Report, count: int) -> str:
    if report.missed:
        return "not reached"
    wanted = count > 0 if report.level.control else count == 0
    return f"[green]{count}[/green]" if wanted else f"[red]{count}[/red]"


def stock_table(reports: Sequence[StockReport]) -> Table:
    """Return the loot of attacks on other graders, and that gradpath's levels gave nothing."""
    table = Table(title="The attacks that apply to them", title_justify="left")
    for name in (
        "grader",
        "attacks",
        "succeeded",
        "points",
        "secrets told",
        "grader or grade lost",
    ):
        table.add_column(name, justify="left" if name == "grader" else "right")
    for report in reports:
        found = report.escapes.values()
        kinds = (("points",), ("told",), ("no grade", "hangs", "ended"))
        counts = [
            sum(any(word in text for text in texts for word in words) for texts in found)
            for words in kinds
        ]
        table.add_row(report.grader, *map(str, (len(report.attacks), len(report.escapes), *counts)))
    return table


def main() -> int:
    """Run the suite and print; 1 if an attack escaped where none may, or too few at the control."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.attacking.table", description=__doc__
    )
    names = list(LEVELS)
    parser.add_argument("--level", action="append", choices=names, help="only this one; repeatable")
    parser.add_argument("--stock", action="store_true", help="attack otter and nbgrader, too")
    parser.add_argument("--only-stock", action="store_true", help="attack nothing else")
    parser.add_argument("--attack", action="append", metavar="GROUP/NAME", help="only this one")
    parser.add_argument("--assignment", metavar="SLUG", help="only attacks handed in for this one")
    parser.add_argument("--jobs", type=int, default=JOBS, help="our graders at a time")
    parser.add_argument("--write", action="store_true", help="also in docs/security.md")
    words = parser.parse_args()
    console, notes = Console(), Console(stderr=True)
    chosen = [
        each
        for each in all_attacks()
        if (not words.attack or each.id in words.attack)
        and words.assignment in (None, each.assignment)
    ]
    reports = []
    for name in [] if words.only_stock else words.level or names:
        start = time.monotonic()
        reports.append(attack_at(LEVELS[name], chosen, jobs=words.jobs))
        notes.print(f"{name}: {time.monotonic() - start:.0f} s", style="dim")
    if reports:
        console.print(levels_table(reports))
        for report in reports:
            for line in report.lines():
                console.print(line, style="dim" if report.level.control else "red", markup=False)
    if words.write:
        holding = [report for report in reports if not report.level.control]
        if len(reports) < len(LEVELS) or not all(map(holds, holding)):
            parser.error("--write needs every level, and no escape but at the control")
        write_table(reports)
    if words.stock or words.only_stock:
        apply = [each for each in applying() if each in chosen]
        stock = [attack_stock(grader, apply) for grader in GRADERS]
        console.print(stock_table(stock))
        for each in stock:
            for attack, found in each.escapes.items():
                console.print(f"{each.grader}: {attack}: {'; '.join(found)}", markup=False)
    return 0 if all(map(holds, reports)) else 1


def holds(report: Report) -> bool:
    """Tell whether a level is as it should be: nothing escapes, or, at the control, a lot."""
    if report.level.control:
        return bool(report.escapes)
    return not report.escapes and not report.missed


if __name__ == "__main__":
    sys.exit(main())
