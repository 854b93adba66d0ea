"""The attack suite: nothing escapes at levels A and B, and the same attacks do at level D.

`make attacks` prints all of it as a table; `tests/attacking` grades, `tests/attacks` has the
attacks.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from gradpath.cohort.run import Run
from gradpath.engine.session import Session
from gradpath.grading import grader as one_submission
from gradpath.grading.calls import observe_checks
from gradpath.worker.protocol import Observation
from tests.conftest import submission
from tests.support.attacking.levels import LEVELS, Level, Report, attack_at
from tests.support.attacking.planted import Secrets
from tests.support.attacking.stock import GRADERS, Grader, applying, attack_stock
from tests.support.attacking.suite import GROUPS, Attack, all_attacks
from tests.support.attacking.table import BEGIN, DOCS, END, markdown_table, read_notes

CONTROL = "D user"
EVEN, ODD = slice(0, None, 2), slice(1, None, 2)
HOLDING = {"B user": EVEN, "A root": ODD, "A user": EVEN}
"""The attacks at each level. Each runs once at A and once at B, as root or as a plain user, and
`make attacks` runs all of them everywhere. The odd ones run at B root in test_attacks_docker.py: a
root without namespaces is a container's."""
SAMPLE = 4
"""Every fourth attack runs at the control."""
FEWEST_ESCAPES = 0.8
"""Of the attacks that have escaped at the control before. What a machine lets happen differs a
little, and a suite of which little works would prove nothing about the other levels."""


def report_at(name: str, attacks: Sequence[Attack] | None = None) -> Report:
    """Run the suite; skip where the machine does not have the level, but not in CI."""
    report = attack_at(LEVELS[name], attacks)
    if report.missed and not os.environ.get("GRADPATH_CI"):
        pytest.skip(f"this machine reaches level {report.reached}, not {name}")
    assert not report.missed, report.reached
    return report


ONE_OF_EACH = {
    *("read/secret_file", "tamper/write_file", "lie/everything_is_close"),
    *("denial/exits", "network/tcp", "privilege/user_namespace"),
}


def test_one_attack_of_each_group_does_not_escape() -> None:
    """At the level that this machine reaches, as the user who runs the tests."""
    chosen = [attack for attack in all_attacks() if attack.id in ONE_OF_EACH]
    assert {attack.group for attack in chosen} == set(GROUPS)
    report = attack_at(Level("as it is", plain_user=False), chosen, jobs=1)
    if report.reached > "B":
        pytest.skip(f"this machine reaches level {report.reached} only")
    assert list(report.lines()) == []


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.parametrize("name", HOLDING)
def test_no_attack_escapes(name: str) -> None:
    assert HOLDING.keys() | {CONTROL, "B root"} == LEVELS.keys()
    attacks = sorted(all_attacks(), key=lambda attack: attack.group)[HOLDING[name]]
    assert {attack.group for attack in attacks} == set(GROUPS)
    assert list(report_at(name, attacks).lines()) == []


@pytest.mark.slow
@pytest.mark.root
def test_the_same_attacks_escape_without_the_layers() -> None:
    """A suite in which nothing ever happens would pass everywhere: at level D it must not."""
    notes = read_notes()
    report = report_at(CONTROL, sorted(all_attacks(), key=lambda each: notes[each.id])[::SAMPLE])
    known = [attack.id for attack in report.attacks if notes[attack.id]]
    assert len(known) >= 25
    assert len(report.escapes.keys() & set(known)) >= FEWEST_ESCAPES * len(known)
    counts = report.count()
    # No layer keeps lies away: the channel does.
    assert counts.pop("lie") == 0, report.escaped("lie")
    assert all(counts.values()), counts


LOOKS_AHEAD = (
    *("remembered_inputs", "requests_counted", "requests_forwarded"),
    *("requests_peeked", "requests_read_ahead"),
)


def in_one_batch(
    grader: one_submission.Grader, session: Session, visibility: str
) -> dict[str, list[Observation]]:
    """Make public and hidden calls together, function by function."""
    if visibility == "hidden":
        return {}  # they were made with the public ones
    assignment, oracle = grader._assignment, grader._oracle
    ids = [
        check.id
        for function in assignment.functions
        for check in assignment.checks_of(function)
        if check.build is not None
    ]
    return observe_checks(session, oracle.plan, ids, oracle.calls)


@pytest.mark.parametrize("name", LOOKS_AHEAD)
def test_hidden_inputs_are_told_by_a_grader_without_two_phases(
    whole_run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The control of attacks that no layer stops, only the order of calls."""
    (attack,) = [attack for attack in all_attacks() if attack.id == f"read/{name}"]
    handed_in = submission("mse_sweep", attack.filled_in("TARGET = {'claim': 'claim-x'}"))

    def claims() -> bool:
        result = whole_run.grade(handed_in).result
        return any("claim-x" in check.message for check in result.checks)

    assert not claims()
    monkeypatch.setattr(one_submission.Grader, "_observe", in_one_batch)
    assert claims()


def test_the_suite_is_whole() -> None:
    attacks = all_attacks()
    assert len(attacks) >= 110
    assert {attack.group for attack in attacks} == set(GROUPS)
    assert all(len(attack.tries) > 60 for attack in attacks)


def test_the_table_of_the_docs_is_made_of_the_list_and_the_notes() -> None:
    """After a change: `python -m tests.support.attacking.table --write --attack GROUP/NAME`."""
    notes = read_notes()
    assert list(notes) == [attack.id for attack in all_attacks()]
    page = DOCS.read_text(encoding="utf-8")
    assert page.partition(BEGIN)[2].partition(END)[0].strip() == markdown_table(notes).strip()


def test_a_secret_is_found_in_disguise() -> None:
    import base64

    secrets = Secrets()
    told = secrets.planted("file")
    for before in ("", "a", "ab"):
        assert secrets.found_in(base64.b64encode((before + told).encode())) == ["file"]
    for disguise in (told, told[::-1], told.encode().hex(), told.upper()):
        assert secrets.found_in(f"... {disguise} ...".encode()) == ["file"]
    assert secrets.found_in(b"planted-file-0123456789abcdef") == []


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.parametrize("grader", GRADERS, ids=lambda grader: grader.name)
def test_attacks_succeed_in_other_graders(grader: Grader) -> None:
    """Three of those of `make attacks`, so that its second table stays true."""
    wanted = {"lie/everything_is_close", "lie/test_results", "read/secret_file"}
    chosen = [attack for attack in applying() if attack.id in wanted]
    report = attack_stock(grader, chosen)
    assert report.escapes.keys() == wanted, report.escapes
