"""The settings of an autograder zip, in `otter_config.json`, as the plugin's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from gradpath.course.config import FeedbackSettings, language_of
from gradpath.errors import SettingsError
from gradpath.text.languages import ENGLISH, Language

PLUGIN: Final = "gradpath.frontends.otter.plugin.Gradpath"


class ZipSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Assignment, secret and display of one autograder zip."""

    assignment: str
    secret: str
    feedback: FeedbackSettings = FeedbackSettings()
    language: str = ENGLISH.code
    """The code of the language of answers and messages."""

    @property
    def shown(self) -> Language:
        """The language that students read."""
        return language_of(self.language)


def otter_config(settings: ZipSettings) -> bytes:
    """Return the contents of `otter_config.json`."""
    config = {
        "lang": "python",
        "logo": False,
        "plugins": [{PLUGIN: msgspec.to_builtins(settings)}],
        "print_score": True,
        "print_summary": True,
        "show_hidden": settings.feedback.hidden_after == "all",
        "show_stdout": False,
    }
    return msgspec.json.format(msgspec.json.encode(config), indent=2) + b"\n"


def from_plugin_config(config: Any) -> ZipSettings:
    """Read the settings as otter hands them to the plugin.

    Raises:
        SettingsError: `gradpath release` did not write them.
    """
    try:
        return msgspec.convert(config, ZipSettings)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"otter_config.json: {error}; make the zip again with `gradpath release`"
        ) from None


def read_settings(path: Path) -> ZipSettings:
    """Read the settings out of `otter_config.json`.

    Raises:
        SettingsError: the file is missing, or `gradpath release` did not write it.
    """
    try:
        config = msgspec.json.decode(path.read_bytes())
        (plugin,) = [entry[PLUGIN] for entry in config["plugins"] if PLUGIN in entry]
    except (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError):
        raise SettingsError(
            f"{path} is missing or damaged; make the zip again with `gradpath release`"
        ) from None
    return from_plugin_config(plugin)
