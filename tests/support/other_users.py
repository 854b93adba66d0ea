"""Running as a user other than root, where the tests are."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

from gradpath.worker.sandbox.identity import libraries_are_public

NOBODY = 65534


def python_for_everybody(folder: Path) -> Path | None:
    """Return a Python whose packages every user may read, or None if there is none here.

    Where the one that runs the tests lies in root's own folder, workers keep the right to read
    everything; then the system's Python of the same version borrows the packages.

    Args:
        folder: where it may be made; every user must be able to enter it.
    """
    if libraries_are_public():
        return Path(sys.executable)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    system = Path("/usr/bin", version)
    if not system.exists():
        return None
    packages = folder / "lib" / version / "site-packages"
    packages.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(system)
    (folder / "pyvenv.cfg").write_text(f"home = {system.parent}\n")
    borrowed = sysconfig.get_path("purelib")
    (packages / "borrowed.pth").write_text(f"import site; site.addsitedir({borrowed!r})\n")
    return folder / "bin" / "python"


def as_nobody(folder: Path) -> list[str]:
    """Return the words before a command that is to be run by a plain user, for root.

    Args:
        folder: is given to that user, with all that is in it.
    """
    for above, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            os.chown(os.path.join(above, name), NOBODY, NOBODY, follow_symlinks=False)
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
