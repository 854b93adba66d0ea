"""Settings that a call must leave as they were."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch

from gradpath.worker.settings import Settings


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    before = np.geterr(), torch.get_default_dtype(), torch.is_grad_enabled()
    state = torch.get_rng_state()
    yield
    np.seterr(**before[0])
    torch.set_default_dtype(before[1])
    torch.set_grad_enabled(before[2])
    torch.set_rng_state(state)


def _changed(call: Callable[[], object], *, before: bool = True) -> list[str]:
    settings = Settings()
    if before:
        call()  # an earlier call of the same function has changed them already
    settings.restore()
    for _ in range(2):
        call()
        settings.look()
    return settings.changed()


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: random.seed(1), "Python's random seed"),
        (lambda: np.random.seed(1), "NumPy's random seed"),
        (lambda: (np.random.seed(1), np.random.rand(700)), "NumPy's random seed"),
        (lambda: torch.manual_seed(0), "torch's random seed"),
        (lambda: (torch.manual_seed(0), torch.rand(3)), "torch's random seed"),
        (lambda: np.seterr(all="ignore"), "NumPy's error handling"),
        (lambda: torch.set_default_dtype(torch.float64), "torch's default dtype"),
        (lambda: torch.set_grad_enabled(False), "torch's grad mode"),
    ],
)
def test_a_changed_setting_has_a_name(call: Callable[[], object], name: str, before: bool) -> None:
    assert _changed(call, before=before) == [name]


def _careful() -> None:
    with torch.no_grad(), np.errstate(all="ignore"), torch.random.fork_rng():
        torch.manual_seed(0)
    np.random.default_rng(1).normal()
    torch.Generator().manual_seed(3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: None,
        _careful,
        random.random,
        lambda: random.gauss(0, 1),
        lambda: np.random.randn(3),
        lambda: torch.nn.Linear(2, 3),
    ],
)
def test_numbers_may_be_drawn_and_settings_put_back(call: Callable[[], object]) -> None:
    assert _changed(call) == []


def test_settings_of_the_top_level_stay() -> None:
    torch.set_default_dtype(torch.float64)
    np.seterr(over="raise")
    assert _changed(lambda: None) == []
    assert torch.get_default_dtype() == torch.float64
    assert np.geterr()["over"] == "raise"
