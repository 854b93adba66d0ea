"""The worker of a check, started before anything large is imported: see `gradpath check`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from gradpath.course.settings import read_settings
from gradpath.engine import launch
from gradpath.engine.process_tree import ProcessTree
from gradpath.errors import GradpathError
from gradpath.text.messages import counted, joined


def missing_library(slug: str) -> str:
    """Return the name of a library that an assignment needs and this machine lacks; or nothing."""
    libraries = read_settings(slug).libraries
    return next((library for library in libraries if find_spec(library) is None), "")


def lacking(slugs: Sequence[str], library: str) -> str:
    """Return the sentence on assignments that need a library which is not installed."""
    return counted(
        "{slugs} needs {library}, which is not installed; `pip install {library}`",
        "{slugs} need {library}, which is not installed; `pip install {library}`",
        len(slugs),
        slugs=joined(", ", slugs),
        library=library,
    )


def for_check(slug: str) -> ProcessTree:
    """Start a plain worker for a check of this assignment; it gets ready by itself.

    Raises:
        GradpathError: a library of the assignment is not installed.
    """
    if library := missing_library(slug):
        raise GradpathError(lacking([slug], library))
    settings = read_settings(slug)
    return launch.plain(settings.libraries, slug, settings.limits.output_chars)
