"""HTML for students: the output of a test cell, and the table of numbers around a difference.

Messages hold text that a submission made. It goes into pages that staff and students open, so
everything is escaped here, and there is no script and no style in it.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.grading.compare import show
from gradpath.grading.expected import Step
from gradpath.grading.results import OUTCOMES, CheckResult, reason
from gradpath.text import clean, columns, folded
from gradpath.text.languages import tell
from gradpath.text.messages import Message

_WIDTH: Final = 76
"""Of a reason. Indented here and by `nbgrader validate`, which cuts longer lines, it makes 86."""


_HEADS: Final = (
    Message("value"),
    Message("yours"),
    Message("expected"),
    Message("difference"),
)


@dataclass(frozen=True)
class Shown:
    """One display: for browsers, and for terminals and plain programs."""

    html: str
    plain: str

    def bundle(self) -> dict[str, str]:
        """Return it as Jupyter's MIME bundle."""
        return {"text/html": self.html, "text/plain": self.plain}


def checks_shown(heading: str, checks: Sequence[CheckResult]) -> Shown:
    """Return the list of checks, each with its points and, if it did not pass, the reason."""
    items, lines = [], [heading]
    for check in checks:
        outcome = tell(OUTCOMES[check.outcome])
        points = tell(
            Message(", {points:g} of {most:g}: ", points=check.points, most=check.max_points)
        )
        why = _wrapped(reason(check))
        items.append(
            f"<li><b>{html.escape(outcome)}</b>{points}{html.escape(check.title)}"
            + (f"<pre>{html.escape(why)}</pre>" if why else "")
            + "</li>"
        )
        first, *rest = folded(f"{outcome}{points}{check.title}", _WIDTH - 4)
        lines += [f"  {first}", *(f"    {line}" for line in rest)]
        lines += [f"      {line}" for line in why.splitlines()]
    return Shown(f"{_bold(heading)}<ul>{''.join(items)}</ul>", "\n".join(lines))


def points_heading(heading: str, points: float, most: float) -> Message:
    """Return a heading with the points that its checks give."""
    return Message(
        "{heading}, {points:g} of {most:g} points", heading=heading, points=points, most=most
    )


def note_shown(heading: str, text: str) -> Shown:
    """Return a message that stands in the place of a list."""
    text = _wrapped(clean(text))
    return Shown(f"{_bold(heading)}<pre>{html.escape(text)}</pre>", f"{heading}\n{text}")


def steps_table(steps: Sequence[Step], title: str) -> str:
    """Return a table of a student's numbers beside the expected ones; nothing without steps.

    Args:
        steps: the first wrong number and those around it.
        title: the check's.
    """
    if not steps:
        return ""
    around = Message("The first difference, and the steps around it")
    caption = tell(around if len(steps) > 1 else Message("The first difference"))
    label = html.escape(tell(Message("Your numbers and the expected ones: {title}", title=title)))
    heads = "".join(f'<th scope="col">{tell(name)}</th>' for name in _HEADS)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">\n'
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{''.join(map(_step_row, steps))}</tbody>\n</table>\n</div>\n"
    )


def _step_row(step: Step) -> str:
    row, mark = "<tr>", ""
    if step.is_first_wrong:
        row = '<tr class="first">'
        word = tell(Message("(first difference)"))
        mark = f'<span class="unseen"> {word}</span>'
    apart = step.difference
    numbers = [
        *(
            tell(Message("none")) if value is None else show(value)
            for value in (step.got, step.expected)
        ),
        "" if apart is None or not math.isfinite(apart) else f"{apart:+.3g}",
    ]
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return f'{row}<th scope="row"><code>{html.escape(step.where)}</code>{mark}</th>{cells}</tr>\n'


def _bold(heading: str) -> str:
    # Only tags that nbconvert lets through when it takes scripts out of a page; `p` is none.
    return f"<div><b>{html.escape(heading)}</b></div>"


def _wrapped(text: str) -> str:
    """Break long lines: pages show this as it is, and not every one of them wraps."""
    return "\n".join(
        "\n".join(folded(line, _WIDTH)) if columns(line) > _WIDTH else line
        for line in text.split("\n")
    )


def score(checks: Sequence[CheckResult], most: float) -> float:
    """Return the points of checks as nbgrader must be told them.

    nbgrader gives full marks for anything but a number between 0 and the cell's points, and fails
    the whole submission for more (`nbgrader.utils.get_partial_grade`).
    """
    total = math.fsum(check.points for check in checks)
    return min(max(round(total, 4), 0.0), float(most)) if math.isfinite(total) else 0.0
