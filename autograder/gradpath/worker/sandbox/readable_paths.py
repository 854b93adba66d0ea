"""Which files a submission may read: libraries, and nothing of the grader's."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gradpath.worker.sandbox import landlock

# Shared libraries, sources of fonts and time zones, and the names of users (getpass,
# pathlib's home). The lists of /etc name no secret: passwords are in other files.
_SYSTEM: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/fonts"),
    *("/usr/share/fontconfig", "/usr/share/zoneinfo", "/usr/share/locale", "/etc/fonts"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf"),
    "/etc/mime.types",
)
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_PYTHON: Final = ("stdlib", "platstdlib", "purelib", "platlib")
_PACKAGES: Final = ("site-packages", "dist-packages")

PACKAGE: Final = Path(__file__).resolve().parents[2]
"""gradpath itself: hidden checks, known mistakes and, in an installed one, the solutions."""


def grants() -> Iterator[tuple[str, int]]:
    """Yield paths with the rights on them."""
    python = {sysconfig.get_path(name) for name in _PYTHON}
    python |= {*site.getsitepackages(), site.getusersitepackages()}
    # Folders that .pth files add; other folders on the path may be anything.
    python |= {path for path in sys.path if Path(path).name in _PACKAGES}
    # An interpreter in a virtual environment takes its standard library from elsewhere.
    python |= {os.path.join(sys.base_prefix, "lib"), os.path.join(sys.prefix, "lib")}
    folders = [*_SYSTEM, *python]
    hidden = _hidden()
    for path in sorted({os.path.realpath(folder) for folder in folders}):
        for granted in _without(Path(path), hidden):
            yield str(granted), landlock.READ
    for device in _DEVICES:
        yield device, landlock.DEVICE


def _hidden() -> set[Path]:
    # Above the package lies a repository, or a folder of packages: of that, the neighbours stay.
    return {PACKAGE}


def _without(folder: Path, hidden: set[Path]) -> Iterator[Path]:
    """Yield the folder, or, when something hidden lies below it, all that it has but that."""
    if folder in hidden:
        return
    if not any(path.is_relative_to(folder) for path in hidden):
        yield folder
        return
    for entry in sorted(folder.iterdir()):
        # A link would be followed to where it leads.
        if not entry.is_symlink():
            yield from _without(entry, hidden)


def staff_files_are_private(uid: int) -> bool:
    """Tell whether a user has no right to read gradpath's own files, by their modes."""
    return not any(_may_read(path, uid) for path in _samples())


def _samples() -> Iterator[Path]:
    for pattern in ("assignments/*/hidden.py", "assignments/*/corpus", "coursework/solutions/*.py"):
        yield from PACKAGE.glob(pattern)
    yield from PACKAGE.parent.parent.glob("solutions/*.py")


def _may_read(path: Path, uid: int) -> bool:
    for parent in (path, *path.parents):
        mode = parent.stat()
        if mode.st_uid == uid or not mode.st_mode & (0o004 if parent == path else 0o001):
            return False
    return True
