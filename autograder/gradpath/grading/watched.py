"""Rules at run time: the evidence of one more call of each function that has a rule.

The call is made where the function's numbers are right, after the public calls and before the first
hidden one, so that no hidden input is behind a message that students see. It is evidence for a
person, as a static rule is: the worker is the student's own process. A call that fails, or code
that has got around the hook, is no evidence at all, and the numbers decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import msgspec

from gradpath.course.checks import AUTOGRAD, OPTIMIZERS, Check
from gradpath.course.load import Assignment
from gradpath.engine.session import Session
from gradpath.worker.protocol import Evidence, Observation


def watch(session: Session, checks: Iterable[Check], right: Collection[str]) -> dict[str, Evidence]:
    """Make the calls of the rules among some checks, and return their evidence.

    Args:
        session: where the submission's calls are made.
        checks: of any kind.
        right: the ids of checks that have passed; a rule counts after one of them.
    """
    calls = {
        check.id: replace(check.rule.call, watched=True)
        for check in checks
        if check.rule is not None and check.rule.call is not None and check.after in right
    }
    seen = session.observe_all(list(calls.values())) if calls else []
    read = zip(calls, map(_evidence, seen), strict=True)
    return {check: evidence for check, evidence in read if evidence is not None}


def objection(assignment: Assignment, check: Check, evidence: Evidence | None) -> str:
    """Return the words in which evidence speaks against a function; nothing if it does not."""
    rule = check.rule
    if rule is None or evidence is None:
        return ""
    by_hand = rule.forbidden == AUTOGRAD
    if by_hand and evidence.backward:
        return "ran a backward pass of autograd"
    if by_hand and evidence.forward:
        return "ran the forward mode of autograd"
    if rule.forbidden == OPTIMIZERS and evidence.optimizer:
        return "ran an optimizer of torch.optim"
    if rule.backward and not evidence.backward:
        only = ", only its forward mode" if evidence.forward else ""
        return f"ran no backward pass of autograd{only}"
    functions = assignment.functions
    before = functions[: functions.index(check.function)] if by_hand else ()
    allowed = {*assignment.builds_on(check.function), *rule.beside, *before}
    for name in functions:  # in their order, and no name that a worker has made up
        if name in evidence.entered and name not in allowed:
            return f"called {name}"
        if name in evidence.shifted and by_hand:
            return f"called {name} with other numbers than its own, as finite differences do"
    return ""


def _evidence(observation: Observation) -> Evidence | None:
    if observation.outcome != "returned":
        return None
    try:
        return msgspec.convert(observation.value, Evidence)
    except msgspec.ValidationError:
        return None
