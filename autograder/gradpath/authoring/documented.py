"""The documented figures against those that the solutions give now.

Everything computed is computed when it is asked for: the solutions are loaded and run on the
documented data. Each assignment with such figures compares them in its own documented.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradpath.course.documented import Row
from gradpath.course.load import documented, module_of, slugs
from gradpath.course.master import solution_module


@dataclass(frozen=True)
class NotReproducible:
    """A source with figures that nobody can reproduce, with the reason."""

    part: str
    reason: str


def reproduce() -> Iterator[Row]:
    """Run the solutions on the documented data and compare everything that was printed.

    Raises:
        AuthoringError: a solution is not here.
    """
    for slug in slugs():
        comparison = module_of(slug, "documented")
        if comparison is not None:
            yield from comparison.rows(solution_module(slug))


def not_reproducible() -> Iterator[NotReproducible]:
    """Yield the sources that print nothing which can be reproduced, with their reasons."""
    for slug in slugs():
        figures = documented(slug)
        # A source may have further parts within an assignment's figures.
        for part, printed in {slug: figures, **figures}.items():
            if isinstance(printed, dict) and "not_reproducible" in printed:
                yield NotReproducible(part, printed["not_reproducible"])
