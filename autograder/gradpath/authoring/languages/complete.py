"""Complete languages: all entries of the catalogues that a release holds are in order."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection
from typing import TYPE_CHECKING

from gradpath.authoring.languages.documents import DOCS
from gradpath.errors import GradpathError
from gradpath.text.languages import STAFF

if TYPE_CHECKING:
    from gradpath.authoring.languages.check import Finding


def has_babel() -> bool:
    """Tell whether Babel is installed, which reads catalogues."""
    return importlib.util.find_spec("babel") is not None


def must_have_babel() -> None:
    """Stop where Babel is not installed.

    Raises:
        GradpathError: names the command that installs it.
    """
    if not has_babel():
        raise GradpathError("babel is not installed; run `pip install 'gradpath[languages]'`")


def incomplete(language: str, slugs: Collection[str] = ()) -> list[Finding]:
    """Return the findings of the check in the catalogues of a language.

    Args:
        language: its code.
        slugs: the assignments whose catalogues are read; without any, all catalogues are but for
            the documentation's, which no release holds.

    Raises:
        GradpathError: Babel is not installed.
    """
    must_have_babel()
    from gradpath.authoring.languages.catalogues import domains
    from gradpath.authoring.languages.check import check

    return [
        finding
        for domain in domains()
        if domain.name != f"{STAFF}/{DOCS}"
        and (not slugs or domain.name.removeprefix(f"{STAFF}/") in slugs)
        for finding in check(domain, language).findings
    ]
