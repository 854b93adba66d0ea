"""The calls of checks: made in a session, with the sizes of right answers where these are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gradpath.course.checks import Case
from gradpath.engine.session import Session
from gradpath.worker import codec
from gradpath.worker.protocol import Call, Observation


def observe_checks(
    session: Session,
    plan: Mapping[str, Sequence[Case]],
    checks: Sequence[str],
    calls: Callable[[str], Sequence[Call]] | None = None,
) -> dict[str, list[Observation]]:
    """Make the calls of some checks, in order; cases that share one `Call` share the observation.

    Args:
        session: the code to call.
        plan: the cases of each check.
        checks: the ids of the checks.
        calls: returns the calls of a check with the sizes of right answers, where the session's
            are not to be much larger.
    """
    made: dict[int, Call] = {}
    for check in checks:
        cases = plan[check]
        with_sizes = calls(check) if calls is not None else [case.call for case in cases]
        for case, call in zip(cases, with_sizes, strict=True):
            made.setdefault(id(case.call), call)
    seen = dict(zip(made, session.observe_all(list(made.values())), strict=True))
    return {check: [seen[id(case.call)] for case in plan[check]] for check in checks}


def sized(cases: Sequence[Case], right: Sequence[Observation]) -> list[Call]:
    """Return the calls of some cases, with the sizes of right answers, ready to be sent often."""
    sizes = (codec.size([answer.value, answer.again, answer.arguments]) for answer in right)
    return [
        replace(case.call, size=size, packed=codec.encode(case.call.args))
        for case, size in zip(cases, sizes, strict=True)
    ]
