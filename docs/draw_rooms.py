"""Draws the rooms of the package and their allowed imports, from the contract in pyproject.toml.

    python docs/draw_rooms.py

`make pictures` runs this; a test compares the drawing with the contract.
"""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
DRAWING = ROOT / "docs" / "pictures" / "rooms.svg"

# One line for each room. A room that has none here cannot be drawn, so that none is forgotten.
CONTENTS = {
    "cli": "commands, and all printing",
    "authoring": "new, verify, figures, record, release",
    "reports": "pages for students, the cohort report, gradebooks",
    "frontends": "otter and nbgrader for staff",
    "cohort": "many submissions: threads, store, late policy, Docker",
    "student": "a student's machine: check, live session, picture",
    "assignments": "checks and misconceptions, a folder for each",
    "submissions": "from files and zips to the code of one module",
    "grading": "oracle, comparison, verdict, diagnosis, result",
    "engine": "starts, calls and times workers",
    "course": "vocabulary, settings and loader of an assignment",
    "worker": "runs a submission; sandbox with the layers",
    "text": "foreign text made safe, our own translated",
    "errors": "the exceptions",
}

WIDTH, MARGIN, GAP = 1100, 20, 14
ROW, BOX, TOP = 86, 58, 64
STUDENT, STAFF = "#d9ead3", "#dae4f5"


def main() -> None:
    """Write the drawing."""
    DRAWING.write_text(drawing(), encoding="utf-8")
    print(f"wrote {DRAWING.relative_to(ROOT)}")


def drawing() -> str:
    """Return the SVG: a row for each layer, boxes beside each other for rooms that are apart."""
    floors, student_half = _contract()
    height = TOP + ROW * len(floors) + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'role="img" font-family="sans-serif">',
        "<title>The rooms of gradpath and the imports between them</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z" fill="#555"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(MARGIN, 24, "A room imports rooms below it, never one above or beside it.", 15),
        _legend(MARGIN, 38, STUDENT, "goes to students as well (of cli: check, doctor, terminal)"),
        _legend(560, 38, STAFF, "staff only (of assignments: hidden, misconceptions)"),
    ]
    for number, rooms in enumerate(floors):
        top = TOP + ROW * number
        if number:
            for x in (WIDTH / 4, WIDTH * 3 / 4):
                parts.append(
                    f'<path d="M{x:.0f},{top - ROW + BOX + 2}V{top - 3}" stroke="#555" '
                    'stroke-width="2" marker-end="url(#tip)"/>'
                )
        width = (WIDTH - 2 * MARGIN - GAP * (len(rooms) - 1)) / len(rooms)
        for place, room in enumerate(rooms):
            x = MARGIN + place * (width + GAP)
            fill = STUDENT if room in student_half or number == len(floors) - 1 else STAFF
            parts += [
                f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{BOX}" rx="6" '
                f'fill="{fill}" stroke="#555"/>',
                _text(x + 12, top + 24, room, 17, weight="bold"),
                _text(x + 12, top + 45, CONTENTS[room], 13),
            ]
    return "\n".join([*parts, "</svg>", ""])


def _contract() -> tuple[list[list[str]], set[str]]:
    """Return the layers from the top, and the rooms of which students get a part at least."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    half = next(contract for contract in contracts if "student half" in contract["name"])
    # `gradpath.worker` -> worker; `gradpath.cli.check` counts for cli.
    rooms = {name.split(".")[1] for name in half["source_modules"]}
    return [[room.strip() for room in layer.split("|")] for layer in layers], rooms


def _legend(x: float, y: float, fill: str, text: str) -> str:
    box = f'<rect x="{x}" y="{y}" width="16" height="14" fill="{fill}" stroke="#555"/>'
    return box + _text(x + 24, y + 12, text, 13)


def _text(x: float, y: float, text: str, size: int, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" '
        f'fill="#222">{escape(text, quote=False)}</text>'
    )


if __name__ == "__main__":
    main()
