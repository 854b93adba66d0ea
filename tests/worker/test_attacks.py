"""The attack suite: nothing escapes at levels A and B, and the same attacks do at level D.

`make attacks` prints all of it as a table; `tests/attacking` grades, `tests/attacks` has the
attacks.
"""

from __future__ import annotations

import os

import pytest

from tests.support.attacking.levels import LEVELS, Report, attack_at
from tests.support.attacking.planted import Secrets
from tests.support.attacking.stock import GRADERS, Grader, applying, attack_stock
from tests.support.attacking.suite import GROUPS, all_attacks

CONTROL = "D user"
HOLDING = [name for name in LEVELS if name != CONTROL]
FEWEST_ESCAPES = 35
"""At the control; with fewer the suite would prove nothing about the other levels."""

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="a grader with a user id of its own needs root to be started"
)


def report_at(name: str) -> Report:
    """Run the suite; skip where the machine does not have the level, but not in CI."""
    report = attack_at(LEVELS[name])
    if report.missed and not os.environ.get("GRADPATH_CI"):
        pytest.skip(f"this machine reaches level {report.reached}, not {name}")
    assert not report.missed, report.reached
    return report


@needs_root
@pytest.mark.parametrize("name", HOLDING)
def test_no_attack_escapes(name: str) -> None:
    assert list(report_at(name).lines()) == []


@needs_root
def test_the_same_attacks_escape_without_the_layers() -> None:
    """A suite in which nothing ever happens would pass everywhere: at level D it must not."""
    report = report_at(CONTROL)
    counts = report.count()
    assert sum(counts.values()) >= FEWEST_ESCAPES
    assert counts.pop("lie") == 0, report.escaped(
        "lie"
    )  # no layer keeps lies away: the channel does
    assert all(counts.values()), counts


def test_the_suite_is_whole() -> None:
    attacks = all_attacks()
    assert len(attacks) >= 110
    assert {attack.group for attack in attacks} == set(GROUPS)
    assert all(len(attack.tries) > 60 for attack in attacks)


def test_a_secret_is_found_in_disguise() -> None:
    import base64

    secrets = Secrets()
    told = secrets.planted("file")
    for before in ("", "a", "ab"):
        assert secrets.found_in(base64.b64encode((before + told).encode())) == ["file"]
    for disguise in (told, told[::-1], told.encode().hex(), told.upper()):
        assert secrets.found_in(f"... {disguise} ...".encode()) == ["file"]
    assert secrets.found_in(b"planted-file-0123456789abcdef") == []


@needs_root
@pytest.mark.parametrize("grader", GRADERS, ids=lambda grader: grader.name)
def test_attacks_succeed_in_other_graders(grader: Grader) -> None:
    """Three of those of `make attacks`, so that its second table stays true."""
    wanted = {"lie/everything_is_close", "lie/test_results", "read/secret_file"}
    chosen = [attack for attack in applying() if attack.id in wanted]
    report = attack_stock(grader, chosen)
    assert report.escapes.keys() == wanted, report.escapes
