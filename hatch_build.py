"""The part of the build that pip does from a checkout: the course goes into wheels alone."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CourseHook(BuildHookInterface[Any]):
    """Adds the files of the course, which `pyproject.toml` names, to a wheel.

    hatchling's own table `force-include` puts them into site-packages for `pip install --editable`
    as well, where old solutions stay until the next installation.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"].update(self.config["coursework"])
