"""Questions about lines: which one makes the step, and which outcome has an exchange of two.

The lines are found by running the function under a trace (see `worker/trace.py`): the step is the
line after which the weight has changed, a record the line after which its list has grown, the
gradient the line after which `.grad` has changed or the earlier function has returned. Where that
is more than one line there is no such question.
"""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gradpath.course.interview import WhichLine
from gradpath.course.syntax import UNREADABLE, parse
from gradpath.reports.interview.asked import Asked, Line
from gradpath.reports.interview.runs import Runs, begin, differences, leaves_of
from gradpath.text import clean
from gradpath.text.messages import Message
from gradpath.worker.codec import Array, Tensor, Tuple
from gradpath.worker.protocol import Call, Cell, Observation
from gradpath.worker.trace import RETURNED

_RECORD: Final = "record"
_TRIED: Final = 3
"""Pairs of lines that are exchanged until a copy runs: a broken loop may take all its seconds."""
_DOES: Final = {
    "gradient": Message("computes the gradient"),
    "zero": Message("sets the gradient to zero"),
    "step": Message("makes the step"),
}
_MENTIONS: Final = {
    frozenset(("gradient", "step")): Message(
        "A step needs the gradient of this sample or epoch; before it is "
        "computed there is the last one, or none."
    ),
    frozenset(("gradient", "zero")): Message(
        "`backward()` adds to the gradient that is there, so it has to be zero "
        "at this moment; when exactly it was set to zero does not matter."
    ),
    frozenset(("gradient", _RECORD)): Message(
        "Before the gradient is computed there is the last one, or none. A "
        "record changes no other number."
    ),
    frozenset(("zero", "step")): Message(
        "A step with a gradient of zero does not move the weight."
    ),
    frozenset(("zero", _RECORD)): Message(
        "A record of the gradient has to come before it is set to zero; the "
        "weight and the loss do not depend on it."
    ),
    frozenset(("step", _RECORD)): Message(
        "A record holds the numbers of its moment: before the step or after it."
    ),
}

Place = tuple[Sequence[ast.stmt], int]
Pair = tuple[str, str, str, bool]
"""Two roles, the text with their statements exchanged, and whether blocks go with them."""


@dataclass(frozen=True)
class Change:
    """A variable's new value after a line; `begins` where it had none before."""

    name: str
    line: int
    begins: bool
    numbers: Array


def ask_which_line(question: WhichLine, rng: random.Random, runs: Runs) -> Asked | None:
    """Ask for two lines of the student's function, and for the outcome of their exchange.

    Returns:
        The question; None where the lines are not clear, or cannot be exchanged.
    """
    call = question.case.call
    before = runs.observe(call)
    cell, roles = find_roles(question, runs, before)
    source = next((one for one in runs.cells if one.name == cell), None)
    if source is None or len(roles) < 2:
        return None
    # Two records that change places change nothing; that is no question.
    pairs = [p for p in exchangeable(source.text, roles) if _kind(p[0]) != _kind(p[1])]
    if not pairs:
        return None
    drawn = rng.sample(pairs, min(len(pairs), _TRIED))
    (first, second, _, compound), after = _exchange(drawn, runs, call, source)
    together = Message(", each with the `with` or `for` that is around it") if compound else ""
    names = [_does(role) for role in (first, second)]
    where = Message(" ({cell})", cell=clean(cell)) if len(runs.cells) > 1 else ""
    return Asked(
        "line",
        call.function,
        Message(
            "Which line of your `{function}` {role}, and which one {other}? "
            "{begin} What becomes of the record if these two change "
            "places{together}?",
            function=call.function,
            role=names[0],
            other=names[1],
            begin=begin(call, question.run),
            together=together,
        ),
        (
            Message(
                "Line {line} {role}, line {other_line} {other}{where}. Exchanged:",
                line=roles[first],
                role=names[0],
                other_line=roles[second],
                other=names[1],
                where=where,
            ),
            *differences(question.case, before, after),
        ),
        [_MENTIONS[frozenset((_kind(first), _kind(second)))]],
        [Line(cell, roles[role], name) for role, name in zip((first, second), names, strict=True)],
    )


def _exchange(
    pairs: Sequence[Pair], runs: Runs, call: Call, source: Cell
) -> tuple[Pair, Observation]:
    """Return the first pair whose exchanged copy runs, or else the first one, and the outcome.

    A copy that runs has more to tell than a name that is not there yet.
    """
    outcomes: list[tuple[Pair, Observation]] = []
    for pair in pairs:
        cells = [Cell(source.name, pair[2]) if one is source else one for one in runs.cells]
        outcomes.append((pair, runs.observe_copy(cells, call)))
        if outcomes[-1][1].outcome == "returned":
            return outcomes[-1]
    return outcomes[0]


def _kind(role: str) -> str:
    return role.partition(" ")[0]


def _does(role: str) -> str:
    kind, _, leaf = role.partition(" ")
    return Message("records `{leaf}`", leaf=leaf) if kind == _RECORD else _DOES[kind]


# Finding the lines


def find_roles(question: WhichLine, runs: Runs, before: Observation) -> tuple[str, dict[str, int]]:
    """Return the cell of the function, and the line of each role that is clear.

    Args:
        question: the call to follow.
        runs: the submission.
        before: the outcome of the call without a trace.
    """
    call = question.case.call
    if question.start >= len(call.args) or before.outcome != "returned":
        return "", {}
    given = (call.function, question.gradient, call.probe, *call.args)
    seen = runs.observe(Call("trace", given, probe=True))
    if seen.outcome != "returned":
        return "", {}
    try:
        cell, changes = _read(seen.value)
    except (TypeError, ValueError, KeyError):  # the submission's own making
        return "", {}
    leaves = leaves_of(question.case, before)
    ends = [x for name, x in leaves.items() if f"{name}.".startswith(f"{question.end}.")]
    lines = {"step": set[int](), "zero": set[int](), "gradient": set[int]()}
    for name in _weights(changes, _flat(call.args[question.start]), ends):
        lines["step"] |= {change.line for change in _later(changes, name)}
        slopes = list(_later(changes, f"{name}.grad"))
        lines["zero"] |= {change.line for change in slopes if not change.numbers.any()}
        if not question.gradient:
            lines["gradient"] |= {change.line for change in slopes if change.numbers.any()}
    if question.gradient:
        name = f"{question.gradient}{RETURNED}"
        lines["gradient"] = {change.line for change in changes if change.name == name}
    for leaf in question.records:
        if leaf in leaves:
            lines[f"{_RECORD} {leaf}"] = _recorded(changes, leaves[leaf])
    clear = {role: min(found) for role, found in lines.items() if len(found) == 1}
    return cell, clear


def _read(value: Any) -> tuple[str, list[Change]]:
    """Read the reply of a trace, which a submission may have made up.

    Raises:
        TypeError: it is no such reply; so do ValueError and KeyError.
    """
    names = [str(name) for name in value["names"]]
    lines = [int(line) for line in value["lines"]]
    begins = [bool(begin) for begin in value["begins"]]
    numbers = [np.asarray(value["numbers"][str(at)], dtype=np.float64) for at in range(len(names))]
    columns = zip(names, lines, begins, numbers, strict=True)
    return str(value["cell"]), [Change(n, line, b, x.reshape(-1)) for n, line, b, x in columns]


def _later(changes: Sequence[Change], name: str) -> Iterator[Change]:
    """Yield the changes of a variable after its beginning."""
    return (change for change in changes if change.name == name and not change.begins)


def _weights(changes: Sequence[Change], start: Array, ends: Sequence[Array]) -> list[str]:
    """Return the variables that have the weight's value at the start, and at the end."""
    last = np.concatenate([end.reshape(-1) for end in ends] or [np.zeros(0)])[-len(start) :]
    history: dict[str, list[Array]] = {}
    for change in changes:
        history.setdefault(change.name, []).append(change.numbers)
    return [
        name
        for name, values in history.items()
        if len(values) > 1 and _equal(values[0], start) and _equal(values[-1], last)
    ]


def _recorded(changes: Sequence[Change], leaf: Array) -> set[int]:
    """Return the lines after which a variable has grown that holds a part of the record at last."""
    last = {change.name: change.numbers for change in changes}
    return {
        change.line
        for name, numbers in last.items()
        if _equal(numbers, leaf.reshape(-1)) and len(numbers) > 1
        for change in _later(changes, name)
    }


def _equal(one: Array, other: Array) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-5, atol=1e-9))


def _flat(value: Any) -> Array:
    """Return the numbers of an argument, as the trace returns them."""
    if isinstance(value, Tensor | Tuple):
        value = value.array
    if isinstance(value, dict):
        parts = [_flat(item) for item in value.values()]
        return np.concatenate(parts) if parts else np.zeros(0)
    return np.asarray(value, dtype=np.float64).reshape(-1)


# Exchanging them


def exchangeable(text: str, roles: Mapping[str, int]) -> Iterator[Pair]:
    """Yield pairs of roles whose statements can change places.

    Args:
        text: the cell with the function.
        roles: the line of each role.
    """
    try:
        tree = parse(text)
    except UNREADABLE:
        return
    paths = {role: list(_path(tree.body, line)) for role, line in roles.items()}
    for first, second in itertools.combinations(sorted(roles, key=lambda role: roles[role]), 2):
        statements = _siblings(paths[first], paths[second])
        if statements is not None:
            compound = any(isinstance(one, ast.With | ast.For) for one in statements)
            yield first, second, _exchanged(text, *statements), compound


def _path(block: Sequence[ast.stmt], line: int) -> Iterator[Place]:
    """Yield the blocks around a line, outermost first, with the place of its statement in each."""
    for place, statement in enumerate(block):
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            yield block, place
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(statement, name, None)
                if isinstance(inner, list):
                    yield from _path(inner, line)
            return


def _siblings(one: Sequence[Place], other: Sequence[Place]) -> tuple[ast.stmt, ast.stmt] | None:
    """Return the two statements of one block that stand for two lines; None if there are none.

    A `with` stands for its lines, and a `for` for its only one: a loop over samples is no line.
    """
    for depth, ((block, a), (beside, b)) in enumerate(zip(one, other, strict=False)):
        if block is not beside:
            return None
        if a == b:
            continue
        pair = block[a], block[b]
        lines = [{statement.lineno, statement.end_lineno} for statement in block]
        shared = any(lines[n] & lines[m] for n, m in itertools.combinations(range(len(block)), 2))
        if shared or not (_is_alone(one[depth:]) and _is_alone(other[depth:])):
            return None
        return pair
    return None


def _is_alone(path: Sequence[Place]) -> bool:
    for (block, place), (inner, _) in itertools.pairwise(path):
        around = block[place]
        if not isinstance(around, ast.With | ast.For):
            return False
        if isinstance(around, ast.For) and len(inner) > 1:
            return False
    return True


def _exchanged(text: str, first: ast.stmt, second: ast.stmt) -> str:
    lines = text.split("\n")
    (a, b), (c, d) = ((one.lineno - 1, one.end_lineno or one.lineno) for one in (first, second))
    return "\n".join([*lines[:a], *lines[c:d], *lines[b:c], *lines[a:b], *lines[d:]])
