"""The fingerprint of the grader: this gradpath, the course, the libraries.

A result depends on nothing else but the submission.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

from gradpath.course import settings
from gradpath.course.settings import course_root

_CODE: Final = (".py", ".toml", ".json", ".msgpack")
_LIBRARIES: Final = ("ipython", "matplotlib", "msgspec", "nbformat", "numpy", "torch")
"""Those that have a part in numbers, in readable files, and in messages."""


def digest() -> str:
    """Return a digest of all that decides about results: gradpath's code, the course's files.

    It is the same for a checkout and for the package that was built from it.
    """
    package, solutions = settings.PACKAGE, course_root() / "solutions"
    files = {
        **{f"gradpath/{path}": package / path for path in _code_below(package)},
        **{f"solutions/{path}": solutions / path for path in _code_below(solutions)},
    }
    total = hashlib.sha256()
    for name, path in sorted(files.items()):
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def fingerprint() -> str:
    """Return a digest of the whole grader: `digest()`, Python, the libraries, the processor.

    While it stays the same, so do the results of a submission. Nothing large is imported for it.
    """
    parts = [digest(), sys.version, platform.machine()]
    parts += [f"{name} {_version(name)}" for name in _LIBRARIES]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def _code_below(root: Path) -> list[str]:
    relative = [path.relative_to(root) for path in root.rglob("*") if path.suffix in _CODE]
    return [
        path.as_posix()
        for path in relative
        # A corpus grows during a term, and so do questions for talks, pages to play with and
        # translations; they decide about no result.
        if not {"coursework", "corpus", "locale"} & set(path.parts)
        and not any(path.match(f"assignments/*/{name}") for name in ("questions.py", "play.py"))
        and not any(part.startswith((".", "__p")) for part in path.parts)
    ]
