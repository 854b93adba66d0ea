"""How docker is spoken to, and the files that an image is built from: needs no engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradpath.authoring.release.image import build_context
from gradpath.cohort.docker import _bind
from gradpath.errors import GradpathError


def test_a_name_that_docker_cannot_read_is_refused() -> None:
    assert _bind(Path('/a,b/"c"'), "/in") == 'type=bind,"source=/a,b/""c""",target=/in,readonly'
    with pytest.raises(GradpathError, match="rename it"):
        _bind(Path("/a\udcff"), "/in")


def test_the_build_context_is_always_the_same() -> None:
    context = build_context()
    assert context == build_context()
    assert sorted(path.partition("/")[0] for path in context) == [
        *("Dockerfile", "gradpath.def", "packages", "requirements.txt", "wheelhouse")
    ]
    assert all(b"@VERSION@" not in context[name] for name in ("Dockerfile", "gradpath.def"))
