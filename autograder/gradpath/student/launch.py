"""The worker of a check, started before anything large is imported: see `gradpath check`."""

from __future__ import annotations

import subprocess

from gradpath.course.settings import read_settings
from gradpath.engine import launch


def for_check(slug: str) -> subprocess.Popen[bytes]:
    """Start a plain worker for a check of this assignment; it gets ready by itself."""
    settings = read_settings(slug)
    return launch.plain(settings.libraries, slug, settings.limits.output_chars)
