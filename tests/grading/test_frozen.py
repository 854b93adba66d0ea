"""Values that threads and tables share cannot be changed by one of them."""

from __future__ import annotations

import dataclasses
from importlib import import_module

import pytest

MODULES = [
    *(f"course.{name}" for name in ("checks", "expectations", "mistakes", "tolerances")),
    *(f"grading.{name}" for name in ("compare", "findings", "graded", "oracle", "rules")),
    *("grading.scopes", "grading.verdict"),
]
STATE = {"Findings"}
"""The state of one submission, which grows while it is graded."""


@pytest.mark.parametrize("name", MODULES)
def test_dataclasses_are_frozen(name: str) -> None:
    module = import_module(f"gradpath.{name}")
    classes = [
        item
        for item in vars(module).values()
        if isinstance(item, type)
        and dataclasses.is_dataclass(item)
        and item.__module__ == module.__name__
    ]
    assert classes
    for item in classes:
        parameters = vars(item)["__dataclass_params__"]
        assert parameters.frozen == (item.__name__ not in STATE)


def test_results_are_frozen() -> None:
    from gradpath.grading import results

    for struct in (results.Divergence, results.CheckResult, results.Result):
        assert struct.__struct_config__.frozen
