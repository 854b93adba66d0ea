"""Rules at run time: the evidence of one more call of each function.

The call is made where the function's numbers are right, after the public calls and before the first
hidden one, so that no hidden input is behind a message that students see. It is evidence for a
person, as a static rule is: the worker is the student's own process. A call that fails, or code
that has got around the hook, is no evidence at all, and the numbers decide.

A function without a rule is watched, too, and its first public check fails where the function has
left its work to one that it does not build on, or to autograd where it is to go by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import msgspec

from gradpath.course.checks import BY_HAND, OPTIMIZERS, Check
from gradpath.course.load import Assignment
from gradpath.engine.session import Session
from gradpath.grading.oracle import Plan
from gradpath.text.messages import Message
from gradpath.worker.protocol import Call, Evidence, Observation


def watch(
    session: Session,
    plan: Plan,
    assignment: Assignment,
    passed: Callable[[str], bool],
    function: str = "",
) -> dict[str, Evidence]:
    """Make the calls of some functions' rules, and return their evidence by check.

    Args:
        session: where the submission's calls are made.
        plan: the cases of each check.
        assignment: has the rules, and says which functions build on which.
        passed: tells whether a check has passed; a rule counts after one of them.
        function: the only one to call.
    """
    calls = {
        check: replace(call, watched=True)
        for check, call, after in _calls(plan, assignment)
        if passed(after) and function in ("", call.function)
    }
    seen = session.observe_all(list(calls.values())) if calls else []
    read = zip(calls, map(_evidence, seen), strict=True)
    return {check: evidence for check, evidence in read if evidence is not None}


def objection(assignment: Assignment, check: Check, seen: Mapping[str, Evidence]) -> str:
    """Return the words in which evidence speaks against a function; nothing if it does not."""
    rule, evidence = check.rule, seen.get(check.id)
    if evidence is None:
        return ""
    hand = _goes_by_hand(assignment, check.function, seen)
    if hand and evidence.backward:
        return Message("ran a backward pass of autograd")
    if hand and evidence.forward:
        return Message("ran the forward mode of autograd")
    # An optimizer in a function that this one builds on is held against that one alone.
    inside = any(below.optimizer for below in _below(assignment, check.function, seen))
    if rule is not None and rule.forbidden == OPTIMIZERS and evidence.optimizer and not inside:
        return Message("ran an optimizer of torch.optim")
    if rule is not None and rule.backward and not evidence.backward:
        if evidence.forward:
            return Message("ran no backward pass of autograd, only its forward mode")
        return Message("ran no backward pass of autograd")
    derives = by_hand(assignment, check.function)
    for name in assignment.functions:  # in their order, and no name that a worker has made up
        if name in evidence.entered and not _may_call(assignment, check, name):
            return Message("called {name}", name=name)
        if name in evidence.shifted and derives:
            return Message(
                "called {name} with other numbers than its own, as finite differences do", name=name
            )
    return ""


def by_hand(assignment: Assignment, function: str) -> bool:
    """Tell whether a rule keeps autograd out of a function."""
    rules = (check.rule for check in assignment.checks_of(function))
    return any(rule is not None and rule.forbidden in BY_HAND for rule in rules)


def _goes_by_hand(assignment: Assignment, function: str, seen: Mapping[str, Evidence]) -> bool:
    """Tell whether autograd is kept out of a function, or of a derivative that it builds on.

    Autograd in that derivative is held against the derivative alone. A function with a rule of its
    own follows that one: it may take the derivative or autograd where the rule says nothing of it.
    """
    if any(check.rule is not None for check in assignment.checks_of(function)):
        return by_hand(assignment, function)
    derived = any(by_hand(assignment, name) for name in assignment.builds_on(function))
    return derived and not any(e.backward or e.forward for e in _below(assignment, function, seen))


def _below(
    assignment: Assignment, function: str, seen: Mapping[str, Evidence]
) -> Iterator[Evidence]:
    """Yield the evidence of the functions that one builds on, itself left out."""
    needed = assignment.builds_on(function) - {function}
    return (evidence for id, evidence in seen.items() if id.partition(".")[0] in needed)


def _calls(plan: Plan, assignment: Assignment) -> Iterator[tuple[str, Call, str]]:
    """Yield the check that the evidence belongs to, the call, and the check that comes before."""
    done = set()
    for check in assignment.checks:
        if check.rule is not None and check.rule.call is not None:
            done.add(check.function)
            yield check.id, check.rule.call, check.after
    # A function apart from all others, such as one that draws, has no work to leave to another.
    needs = assignment.settings.needs
    linked = {name for function, used in needs.items() if used for name in (function, *used)}
    for function in sorted(linked - done, key=assignment.functions.index):
        for check in assignment.checks_of(function):
            if check.visibility == "public" and check.build is not None:
                yield check.id, check.watch or plan[check.id][0].call, check.id
                break


def _may_call(assignment: Assignment, check: Check, name: str) -> bool:
    """Tell whether a function may call another one of the assignment.

    Where one builds on the other, the formula stands once, in either. Else one that builds on
    others has work of its own, such as a training. A training may print the answers that
    those without such work give for its results; a function that builds on nothing has no results.
    """
    function, functions = check.function, assignment.functions
    if name in assignment.builds_on(function):
        return True
    if check.rule is None and function in assignment.builds_on(name):
        return True
    before = functions.index(name) < functions.index(function)
    if check.rule is not None:
        return name in check.rule.beside or (before and check.rule.forbidden in BY_HAND)
    needs = assignment.settings.needs
    return not needs.get(name) and (before or bool(needs.get(function)))


def _evidence(observation: Observation) -> Evidence | None:
    # Only a dict: msgspec looks for attributes in any object, such as an array of a submission's.
    if observation.outcome != "returned" or not isinstance(observation.value, dict):
        return None
    try:
        return msgspec.convert(observation.value, Evidence)
    except msgspec.ValidationError:
        return None
