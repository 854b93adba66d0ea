"""Writing a release: the folder is there as a whole or not at all, and nothing else is lost."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from gradpath.authoring.release import manifest
from gradpath.errors import GradpathError
from gradpath.text import first_of


def refuse_other_contents(out: Path) -> None:
    """Stop unless a release may be written to this path.

    It may when there is nothing yet, an empty folder, or a former release and nothing besides.

    Raises:
        GradpathError: names the file that is there.
    """
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise GradpathError(f"{out} is no folder; give --out a folder that is new or empty")
    if not out.is_dir():
        return
    try:
        held = sorted(
            path.relative_to(out).as_posix()
            for path in out.rglob("*")
            if path.is_symlink() or not path.is_dir()
        )
        listed = _listed(out)
    except OSError as error:
        raise GradpathError(f"{out} cannot be read: {error.strerror or error}") from None
    others = [path for path in held if path not in listed]
    if others:
        raise GradpathError(
            f"{out} holds {first_of(others)}, which no former release put there; give --out a "
            "folder that is new or empty"
        )


def write_release(out: Path, files: Mapping[str, bytes]) -> None:
    """Write a release; a former one in its place is replaced.

    Raises:
        GradpathError: it cannot be written; then everything is as it was.
    """
    token = secrets.token_hex(4)
    parent, made = out.parent, _missing_folders(out.parent)
    new, old = (parent / f".{out.name}.{token}.{word}" for word in ("new", "old"))
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for path, data in files.items():
            target = new / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if manifest.holds_secret(path):
                # Copies keep these modes: a worker has another user id and cannot read the file.
                target.chmod(0o600)
                target.parent.chmod(0o700)
        refuse_other_contents(out)  # once more: `verify` took its time
        _swap(new, out, old)
    except BaseException as error:
        shutil.rmtree(new, ignore_errors=True)
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        if isinstance(error, OSError):
            reason = error.strerror or error
            raise GradpathError(f"{out} cannot be written: {reason}") from None
        raise
    shutil.rmtree(old, ignore_errors=True)


def _swap(new: Path, out: Path, old: Path) -> None:
    """Rename `new` to `out`; a former release there gets the name `old`."""
    former = out.exists()
    if former:
        os.rename(out, old)
    try:
        os.rename(new, out)
    except BaseException:
        if former:
            os.rename(old, out)
        raise


def _missing_folders(folder: Path) -> list[Path]:
    """Return the folders that do not exist yet on the way to a folder, the innermost first."""
    return [each for each in (folder, *folder.parents) if not each.exists()]


def _listed(out: Path) -> set[str]:
    """Return the files of a former release: its manifest, and the files in it."""
    path = out / manifest.NAME
    former = manifest.read_manifest(path.read_bytes()) if path.is_file() else None
    return {manifest.NAME, *former.files} if former is not None else set()
