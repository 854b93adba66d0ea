"""MANIFEST.json: sizes and hashes of a release's files, by which anybody can check them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

import msgspec

from gradpath import __version__
from gradpath.authoring.release.archives import read_zip
from gradpath.authoring.release.pins import grading_requirements

NAME: Final = "MANIFEST.json"
FORMAT: Final = 1

_ZIP_SETTINGS: Final = "otter_config.json"
_WITH_SECRET: Final = ("autograde.tar", "gradpath.toml", "vpl_evaluate.sh")
"""The names of files in folders for staff that hold the secret and little else."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Size and sha256 of a file; of a zip, those of its entries besides. Empty for a secret."""

    sha256: str
    size: int
    entries: dict[str, Entry] = {}


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of MANIFEST.json.

    There is no fingerprint of the secret in it, because a hash lets anybody try words until one
    fits. So an autograder zip's settings, which hold the secret and little else, are not listed,
    and of such files in the folders of nbgrader and platforms only the names are.
    """

    format: int
    gradpath: str
    requirements: dict[str, str]
    files: dict[str, Entry]


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """Write the manifest of a release.

    Args:
        files: every other file of the release, by its path.
    """
    pins = [line.partition("==") for line in grading_requirements().splitlines()]
    requirements = {name: pinned.strip() for name, _, pinned in pins}
    entries = {path: _entry(path, data) for path, data in files.items()}
    manifest = Manifest(FORMAT, __version__, requirements, entries)
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2) + b"\n"


def holds_secret(path: str) -> bool:
    """Tell whether a file of a release holds the secret and little else."""
    return PurePosixPath(path).name in _WITH_SECRET


def read_manifest(data: bytes) -> Manifest | None:
    """Read a manifest that `manifest_of` wrote; None if it is something else."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError:
        return None
    return manifest if manifest.format == FORMAT else None


def _entry(path: str, data: bytes) -> Entry:
    if holds_secret(path):
        return Entry("", 0)
    inside = read_zip(data) if path.endswith(".zip") else {}
    return Entry(
        hashlib.sha256(data).hexdigest(),
        len(data),
        {
            name: Entry(hashlib.sha256(each).hexdigest(), len(each))
            for name, each in inside.items()
            if name != _ZIP_SETTINGS
        },
    )
