"""The worker of a check, started before anything large is imported: see `gradpath check`."""

from __future__ import annotations

from importlib.util import find_spec

from gradpath.course.settings import read_settings
from gradpath.engine import launch
from gradpath.engine.process_tree import ProcessTree
from gradpath.errors import GradpathError


def for_check(slug: str) -> ProcessTree:
    """Start a plain worker for a check of this assignment; it gets ready by itself.

    Raises:
        GradpathError: a library of the assignment is not installed.
    """
    settings = read_settings(slug)
    for library in settings.libraries:
        if find_spec(library) is None:
            raise GradpathError(
                f"{slug} needs {library}, which is not installed; `pip install {library}`"
            )
    return launch.plain(settings.libraries, slug, settings.limits.output_chars)
