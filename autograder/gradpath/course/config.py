"""A folder's `gradpath.toml`: the secret that seeds the hidden data, and what `check` looks for."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from gradpath.errors import GradpathError, SettingsError
from gradpath.text import printable

VARIABLE: Final = "GRADPATH_SECRET"
FILE: Final = "gradpath.toml"


def assignments_to_check(folder: Path, slugs: Sequence[str]) -> tuple[str, ...] | None:
    """Return the assignments that `[check] assignments` names: those that this course gives.

    Args:
        folder: where `gradpath.toml` may be.
        slugs: the assignments that there are.

    Returns:
        Their slugs, or None when the folder says nothing about it.

    Raises:
        SettingsError: the file is not TOML, or names what there is not.
    """
    path = folder / FILE
    try:
        check = msgspec.convert(_read(path).get("check", {}), _Check)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: in [check]: {printable(str(error))}") from None
    for slug in check.assignments or ():
        if slug not in slugs:
            raise SettingsError(f"{path}: no assignment {slug!r}; there are: {', '.join(slugs)}")
    return None if check.assignments is None else tuple(check.assignments)


class _Check(msgspec.Struct, forbid_unknown_fields=True):
    assignments: list[str] | None = None


def read_settings_file(folder: Path) -> dict[str, Any]:
    """Return the tables of a folder's `gradpath.toml`; none if there is no such file.

    Raises:
        SettingsError: the file is not TOML, or cannot be read.
    """
    return _read(folder / FILE)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        # Not TOML or not UTF-8, a number of thousands of digits, or brackets within brackets.
        raise SettingsError(f"{path}: {printable(str(error))}") from None


def find_secret(
    text: str | None, file: Path | None, folder: Path, otherwise: str = ", or grade with --public"
) -> str:
    """Return the secret: from an option, a file, the environment, or `gradpath.toml`.

    Args:
        text: value of `--secret`.
        file: value of `--secret-file`; the file's first line counts.
        folder: where `gradpath.toml` is looked for; it may have a line `secret = "..."`.
        otherwise: what to do without a secret, as the end of the message that asks for one.

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
    secret = _read(folder / FILE).get("secret")
    if isinstance(secret, str) and secret:
        return secret
    raise GradpathError(
        f"hidden checks need a secret: give --secret TEXT or --secret-file FILE, set {VARIABLE}, "
        f'or write secret = "..." into {FILE}{otherwise}'
    )
