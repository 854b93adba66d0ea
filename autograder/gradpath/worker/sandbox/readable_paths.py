"""The files that a submission may read: a list of all that is let in.

These are the standard library, the distributions that an assignment's settings name with those that
they require, shared libraries, fonts and time zones. Nothing else on the machine is readable, nor
is anything that somebody puts beside these.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Collection, Iterator
from typing import Final

from gradpath.worker.sandbox import landlock
from gradpath.worker.sandbox.distributions import files_below, files_of

# Sources of fonts and time zones, matplotlib's data in Debian, and the names of users (getpass,
# pathlib's home). The lists of /etc name no secret: passwords are in other files.
_SYSTEM: Final = (
    *("/usr/share/fonts", "/usr/share/fontconfig", "/usr/share/zoneinfo", "/usr/share/locale"),
    *("/usr/share/matplotlib", "/usr/lib/locale", "/etc/fonts", "/etc/ld.so.cache"),
    *("/etc/localtime", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/mime.types"),
)
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_LIBRARIES: Final = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_IS_LIBRARY: Final = re.compile(r"\.so(?:\.[\w.]+)?$")
_STANDARD: Final = sys.stdlib_module_names | {"__hello__", "__phello__"}
_BYTECODE: Final = "__pycache__"
_ALWAYS: Final = ("tzdata",)
"""The standard library's time zones where the system has none."""


def grants(imports: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield paths with the rights on them.

    Args:
        imports: the modules that submissions may import besides the standard library.
    """
    for path in _SYSTEM:
        yield os.path.realpath(path), landlock.READ
    for path in _shared_libraries():
        yield path, landlock.READ
    for device in _DEVICES:
        yield device, landlock.DEVICE
    files = files_of([*imports, *_ALWAYS])
    for root, names in [*files.items(), *_standard_library()]:
        yield from _covering(root, names)


def _shared_libraries() -> set[str]:
    """Return the shared libraries, and the folder of libc's encodings.

    By file: below these folders are packages of Python too, and much else.
    """
    folders = [*_LIBRARIES, os.path.join(sys.base_prefix, "lib"), os.path.join(sys.prefix, "lib")]
    architecture = sysconfig.get_config_var("MULTIARCH")
    if architecture:
        folders += [os.path.join(folder, architecture) for folder in folders]
    found = set()
    for folder in {os.path.realpath(folder) for folder in folders}:
        if os.path.isdir(folder):
            names = [name for name in os.listdir(folder) if _IS_LIBRARY.search(name)]
            found |= {os.path.realpath(os.path.join(folder, name)) for name in [*names, "gconv"]}
    return found


def _standard_library() -> Iterator[tuple[str, set[str]]]:
    for root in {os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}:
        # Extension modules have a folder on the path, where other things may lie, too.
        found = {path for path in files_below(f"{root}/lib-dynload") if path.endswith(".so")}
        for entry in os.listdir(root) if os.path.isdir(root) else ():
            stem = entry.partition(".")[0]
            if stem in _STANDARD or stem.startswith("_sysconfigdata"):
                found.update(files_below(os.path.join(root, entry)))
        yield root, found


def _covering(root: str, files: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield rights on files below a folder: on a folder that holds no others, else file by file.

    Of the root itself, where anybody's packages may lie, not even a list is given out.
    """
    inside = {root}
    for file in files:
        folder = os.path.dirname(file)
        while folder not in inside:
            inside.add(folder)
            folder = os.path.dirname(folder)
    inside.remove(root)

    def rights(folder: str) -> tuple[bool, list[tuple[str, int]]]:
        """Return whether all in a folder is let in, and the rights."""
        whole, found = True, []
        for entry in os.scandir(folder):
            if entry.is_symlink():
                # Its target is another path. Debian's matplotlib has its data behind a link.
                if entry.path in files and entry.is_dir():
                    found.append((os.path.realpath(entry.path), landlock.READ))
            elif entry.path in inside or (entry.name == _BYTECODE and entry.is_dir()):
                all_below, below = rights(entry.path)
                found += [(entry.path, landlock.READ)] if all_below else below
                whole = whole and all_below
            elif entry.path in files or _source(entry.path) in files:
                found.append((entry.path, landlock.READ))
            else:
                whole = False
        if not whole and folder != root:
            found.append((folder, landlock.LIST))
        return whole, found

    yield from rights(root)[1]


def _source(path: str) -> str:
    """Return the path of the source that a file in a folder of bytecode is of."""
    folder, name = os.path.split(path)
    above, own = os.path.split(folder)
    return os.path.join(above, f"{name.partition('.')[0]}.py") if own == _BYTECODE else ""
