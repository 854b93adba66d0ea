"""Imports in a confined worker: a module that it may not open is not there.

Without this, `import pandas` would end in PermissionError where pandas is installed and not let in,
and libraries that try an import and do without it would break.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any


def find(paths: Iterable[str]) -> dict[str, ModuleSpec | None]:
    """Look for the modules of these files and folders, and for the standard library.

    A worker may open them, but it may not list the folders that they are in. Python's memory of
    these lists ends when something is installed in the middle of a run.
    """
    # Python remembers the lists of distributions, too, once it has looked for one in every folder.
    list(importlib.metadata.distributions(name="numpy"))
    names = {os.path.basename(path).partition(".")[0] for path in paths}
    names = {name for name in names if name.isidentifier()} | sys.stdlib_module_names
    return {name: PathFinder.find_spec(name) for name in names if name not in sys.modules}


def leave_out_unreadable(found: Mapping[str, ModuleSpec | None]) -> None:
    """Make imports of this process find the files that it may open, and no others; see `find`."""
    place = sys.meta_path.index(PathFinder)
    sys.meta_path[place] = _Readable(found)


class _Readable:
    """Finds the modules of Python's `PathFinder`, as far as they may be opened."""

    def __init__(self, found: Mapping[str, ModuleSpec | None]) -> None:
        self._found = found

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = self._found.get(name) or PathFinder.find_spec(name, path, target)
        if spec is not None and spec.has_location and not _may_open(spec.origin):
            return None
        return spec

    def find_distributions(self, *arguments: Any) -> Iterable[Any]:
        """Find distributions for `importlib.metadata`, as `PathFinder` does."""
        return PathFinder.find_distributions(*arguments)

    def invalidate_caches(self) -> None:
        """Keep Python's memory of the folders that this process may not list."""


def _may_open(path: str | None) -> bool:
    try:
        os.close(os.open(path or "", os.O_RDONLY | os.O_CLOEXEC))
    except OSError:
        return False
    return True
