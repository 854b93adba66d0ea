"""The secret that seeds the hidden data: where it may come from."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Final

from gradpath.errors import GradpathError, SettingsError

VARIABLE: Final = "GRADPATH_SECRET"
FILE: Final = "gradpath.toml"


def find_secret(text: str | None, file: Path | None, folder: Path) -> str:
    """Return the secret: from an option, a file, the environment, or `gradpath.toml`.

    Args:
        text: value of `--secret`.
        file: value of `--secret-file`; the file's first line counts.
        folder: where `gradpath.toml` is looked for; it may have a line `secret = "..."`.

    Raises:
        GradpathError: there is none.
    """
    if text:
        return text
    if file is not None:
        try:
            lines = file.read_text("utf-8").strip().splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise GradpathError(f"the secret cannot be read from {file}: {error}") from None
        if not lines:
            raise GradpathError(f"{file} is empty; its first line is to be the secret")
        return lines[0]
    if os.environ.get(VARIABLE):
        return os.environ[VARIABLE]
    settings = folder / FILE
    if settings.is_file():
        try:
            secret = tomllib.loads(settings.read_text("utf-8")).get("secret")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{settings}: {error}") from None
        if isinstance(secret, str) and secret:
            return secret
    raise GradpathError(
        f"hidden checks need a secret: give --secret TEXT or --secret-file FILE, set {VARIABLE}, "
        f'write secret = "..." into {FILE}, or grade with --public'
    )
