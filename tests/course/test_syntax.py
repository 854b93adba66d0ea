"""Parsing in several threads, as `grade` does."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradpath.course.load import master_path
from gradpath.course.syntax import parse
from tests.conftest import SLUGS


class Garbage:
    """A cycle with a finalizer in Python: while it is collected, another thread may run."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        sum(range(200))


@pytest.fixture
def nervous_threads() -> Iterator[None]:
    """Let threads switch and collect garbage as often as they can."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


def test_threads_do_not_disturb_each_other(nervous_threads: None) -> None:
    # With a bare ast.parse this ends in "AST constructor recursion depth mismatch".
    sources = [master_path(slug).read_text("utf-8") for slug in SLUGS] * 12

    def make_garbage_and_parse(source: str) -> int:
        for _ in range(100):
            Garbage()
        return len(parse(source).body)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(make_garbage_and_parse, sources)) > 0
