"""The table of platforms: a new one is one module and one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gradpath.frontends.platforms import (
    autolab,
    classroom50,
    codio,
    coursera,
    html,
    junit,
    markus,
    plain,
    prairielearn,
    submitty,
    vocareum,
    vpl,
)
from gradpath.frontends.platforms.answer import Format

FORMATS: Final[Mapping[str, Format]] = {
    "autolab": autolab.FORMAT,
    "classroom50": classroom50.FORMAT,
    "codio": codio.FORMAT,
    "coursera": coursera.FORMAT,
    "html": html.FORMAT,
    "json": plain.FORMAT,
    "junit": junit.FORMAT,
    "markus": markus.FORMAT,
    "prairielearn": prairielearn.FORMAT,
    "submitty": submitty.FORMAT,
    "vocareum": vocareum.FORMAT,
    "vpl": vpl.FORMAT,
}
