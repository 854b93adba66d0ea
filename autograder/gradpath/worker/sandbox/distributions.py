"""The installed distributions that a submission may read: those that it imports, and those that
these require.

However gradpath was installed, other distributions lie beside these: gradpath itself with its
solutions, otter, nbgrader, and any other package of the machine. So each file is asked for: a
distribution's RECORD names its files. Where packagers of a system have left it out, a distribution
has the modules that its metadata names, or that are loaded.
"""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import os
import re
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[2]
"""gradpath itself: hidden checks, known mistakes and, in an installed one, the solutions."""


def files_of(imports: Collection[str]) -> dict[str, set[str]]:
    """Return the files behind imports, without bytecode: by the folder of packages they lie below.

    Args:
        imports: names of modules; those of the standard library are passed over.
    """
    names = set(imports) - sys.stdlib_module_names
    found: defaultdict[str, set[str]] = defaultdict(set)
    for distribution in _with_required(_providers(names)):
        folder = os.path.realpath(str(distribution.locate_file("")))
        found[folder].update(_files(distribution, folder))
    for name in names:
        # One that no RECORD knows: an editable distribution, or a folder on the path.
        origin = _origin(name)
        if origin and not any(origin in files for files in found.values()):
            package = os.path.basename(origin).startswith("__init__.")
            below = os.path.dirname(origin) if package else origin
            found[os.path.dirname(below)].update(files_below(below))
    return dict(found)


def files_below(path: str) -> Iterator[str]:
    """Yield a file, or the files below a folder; links to folders are yielded as files."""
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, files in os.walk(path):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        yield from (os.path.join(folder, name) for name in files + links)


def _providers(names: Collection[str]) -> Iterator[metadata.Distribution]:
    """Yield the distributions that have a module of one of these names, as far as they tell."""
    if not names:
        return
    module = "|".join(map(re.escape, sorted(names)))
    in_record = re.compile(rf"^(?:{module})(?:/|\.py,|\.[\w.-]+\.so,)", re.MULTILINE)
    in_list = re.compile(rf"^(?:{module})$", re.MULTILINE)
    for distribution in metadata.distributions():
        record = distribution.read_text("RECORD")
        if record is not None:
            if in_record.search(record):
                yield distribution
        elif in_list.search(distribution.read_text("top_level.txt") or ""):
            yield distribution
    for name in names:
        with contextlib.suppress(metadata.PackageNotFoundError):
            yield metadata.distribution(name)


def _with_required(roots: Iterable[metadata.Distribution]) -> Iterator[metadata.Distribution]:
    """Yield distributions with all that they require here; never gradpath."""
    # Not for a probe of layers, which has to start quickly.
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    waiting = [(distribution, "") for distribution in roots]
    seen = {("gradpath", "")}
    while waiting:
        distribution, extra = waiting.pop()
        key = canonicalize_name(distribution.name or ""), extra
        if key in seen or key[0] == "gradpath":
            continue
        seen.add(key)
        yield distribution
        for line in distribution.requires or ():
            with contextlib.suppress(InvalidRequirement, metadata.PackageNotFoundError):
                requirement = Requirement(line)
                marker = requirement.marker
                if marker is None or marker.evaluate({"extra": extra}):
                    required = metadata.distribution(requirement.name)
                    waiting += [(required, asked) for asked in ("", *requirement.extras)]


def _files(distribution: metadata.Distribution, folder: str) -> Iterator[str]:
    record = distribution.read_text("RECORD")
    if record is None:
        for name in _modules(distribution, folder):
            yield from files_below(os.path.join(folder, name))
        return
    for row in csv.reader(record.splitlines()):
        # Files elsewhere are programs, pages of manuals, and libraries that have a folder.
        if row and not row[0].startswith(("/", "..")):
            yield os.path.join(folder, row[0])


def _modules(distribution: metadata.Distribution, folder: str) -> Iterator[str]:
    """Yield the entries of a folder of packages that a distribution without RECORD has there."""
    listed = (distribution.read_text("top_level.txt") or "").split()
    own = re.sub(r"[-_.]+", "_", distribution.name).lower()
    loaded = set() if listed else _loaded_from(folder)
    for entry in os.listdir(folder):
        stem = entry.partition(".")[0]
        if not entry.endswith((".egg-info", ".dist-info", ".pth")) and (
            stem in listed or stem.lower() == own or stem in loaded
        ):
            yield entry


def _loaded_from(folder: str) -> set[str]:
    found = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name != "gradpath" and os.path.realpath(file).startswith(os.path.join(folder, name)):
            found.add(name)
    return found


def _origin(name: str) -> str:
    """Return the real path of a module's file; of none, and of gradpath's, an empty text."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return ""
    origin = spec.origin if spec is not None and spec.has_location else None
    path = Path(os.path.realpath(origin)) if origin else PACKAGE
    return "" if path.is_relative_to(PACKAGE) or PACKAGE.is_relative_to(path.parent) else str(path)
