"""The documented figures, reproduced."""

from __future__ import annotations

import math
from typing import Any

import pytest
from click.testing import CliRunner

from gradpath.authoring.documented import not_reproducible, reproduce
from gradpath.cli import author
from gradpath.course.documented import BITS, TWELVE, Row, compare_sequence
from gradpath.course.load import documented, module_of


def _changed(monkeypatch: pytest.MonkeyPatch, slug: str, figures: dict[str, Any]) -> None:
    def changed(part: str) -> dict[str, Any]:
        return figures if part == slug else documented(part)

    monkeypatch.setattr(module_of(slug, "documented"), "documented", changed)


def test_everything_that_was_printed_is_reproduced() -> None:
    rows = list(reproduce())
    assert [row for row in rows if not row.agrees] == []
    summaries = {row.figure: row.agreement for row in rows if row.figure.endswith(", all")}
    printed = {
        "weight, all": "7 of 7 12 digits as printed",
        "mse, all": "7 of 7 12 digits as printed",
        "by hand: gradients, all": "30 of 30 bit for bit",
        "by hand: losses, all": "10 of 10 bit for bit",
        "autograd: gradients, all": "30 of 30 bit for bit",
        "autograd: losses, all": "10 of 10 bit for bit",
        "losses, all": "12 of 12 bit for bit",
        **{
            f"{rule}: losses, all": "20 of 20 12 digits as printed"
            for rule in ("sgd", "momentum", "adagrad", "rmsprop", "adam")
        },
        "walk, all": "3 of 3 equal, without numbers",
    }
    assert summaries.items() >= printed.items()
    single = {row.figure: row.computed for row in rows}
    assert single["number of weights"] == "41"
    assert single["best weight"] == "2.0"
    assert single["iterations"] == "5771"
    assert (single["final x"], single["final y"]) == ("0.96840495", "0.9376793")
    assert single["by hand: predict(4) after"] == "7.804863933862125"


def test_one_wrong_bit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = documented("hand_gradients")
    gradients = figures["gradients"]
    gradients[17] = math.nextafter(gradients[17], 0.0)
    _changed(monkeypatch, "hand_gradients", figures)
    wrong = [row for row in reproduce() if not row.agrees]
    assert [row.figure for row in wrong] == ["by hand: gradients[17]", "by hand: gradients, all"]
    assert wrong[0].agreement == "differs"
    assert wrong[1].agreement == "29 of 30 bit for bit"


def test_lengths_are_compared() -> None:
    rows = list(compare_sequence("any", "losses", [1.0, 2.0], [1.0], BITS))
    assert rows[-1] == Row(
        "any", "losses, all", "", "", "1 of 2 bit for bit, but there are 1", False
    )
    assert not list(compare_sequence("any", "losses", [1.0], [1.0, 2.0], BITS))[-1].agrees


def test_twelve_digits_are_twelve_digits() -> None:
    assert next(compare_sequence("any", "mse", [16.8466666667], [16.846666666668], TWELVE)).agrees
    assert not next(compare_sequence("any", "mse", [16.8466666667], [16.84666667], TWELVE)).agrees


def test_what_nobody_can_reproduce_is_listed_with_the_reason() -> None:
    parts = {part.part: part.reason for part in not_reproducible()}
    assert parts.keys() >= {"linear_regression", "hidden_layer", "loss_and_optim", "lenet"}
    assert all("seed" in reason for reason in parts.values())


def test_the_command_prints_and_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    good = CliRunner().invoke(author.documented, standalone_mode=False)
    assert good.return_value == 0
    assert "30 of 30 bit for bit" in good.output
    assert "0.0010091979556820377" in good.output
    assert "documented: all agree" in good.output
    figures = documented("rosenbrock")
    figures["iterations"] = 5770
    _changed(monkeypatch, "rosenbrock", figures)
    bad = CliRunner().invoke(author.documented, standalone_mode=False)
    assert bad.return_value == 1
    assert "documented: 1 row differs" in bad.output
