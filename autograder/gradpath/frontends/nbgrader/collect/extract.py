"""Unpacking the downloads of a course site for `nbgrader zip_collect`.

nbgrader unpacks students' archives as well, and ends with a traceback when one of them is damaged,
has a password, or fills the disk. Here, such an archive stays packed.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from nbgrader.plugins import ExtractorPlugin
from nbgrader.utils import unzip
from traitlets import Integer

from gradpath.frontends.nbgrader.config import SETTINGS_FILES
from gradpath.submissions.archives import MAX_ARCHIVE_DEPTH
from gradpath.submissions.names import SUFFIXES
from gradpath.submissions.zips import open_zip, read_member, true_name

_MEGABYTE: Final = 1_000_000
_MAX_FOLDERS: Final = 50
"""Inside one another. Python's ways to walk through folders give up at a thousand."""


@dataclass
class _Space:
    """The space that a student's archive, and those inside it, may still take."""

    files: int
    bytes: int


class LmsExtractor(ExtractorPlugin):  # type: ignore[misc]
    """Unpacks downloads, and sound archives of students in them."""

    max_files = Integer(2000, help="Files that one student's archive may hold.").tag(config=True)
    max_megabytes = Integer(200, help="Size of one student's archive, unpacked.").tag(config=True)

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpack or copy everything in `archive_path` to `extracted_path`."""
        source, target = Path(archive_path), Path(extracted_path)
        files = [path for path in sorted(source.rglob("*")) if path.is_file()]
        if not files:
            self.log.warning("No files found in directory: %s", source)
        for path in files:
            folder = target / path.parent.relative_to(source)
            folder.mkdir(parents=True, exist_ok=True)
            if path.suffix.lower() not in self.zip_ext:
                self.log.info("Copying %s", path)
                shutil.copy(path, folder)
                continue
            self.log.info("Extracting %s", path)
            problem = self._unpack(path, folder)
            if problem:
                self.parent.fail("%s cannot be unpacked: %s; download it again", path, problem)
        _make_plain(target)

    def _unpack(self, path: Path, folder: Path, depth: int = 0, outer: _Space | None = None) -> str:
        """Unpack an archive into a folder of its own, with the archives in it.

        Returns:
            Why it could not be unpacked; nothing if it was.
        """
        # A download holds the archives of all students, and the limit is for each of these.
        space = outer or _Space(self.max_files, self.max_megabytes * _MEGABYTE)
        problem = self._problem(path, space) if depth else ""
        if problem:
            return problem
        try:
            unzip(str(path), str(folder), zip_ext=[path.suffix], create_own_folder=True)
        except Exception as error:  # zipfile, tarfile, zlib and others have many kinds
            return str(error) or type(error).__name__
        unpacked = folder / path.stem.removesuffix(".tar")
        _make_plain(unpacked)
        for inner in sorted(unpacked.rglob("*")):
            if inner.suffix.lower() in self.zip_ext and inner.is_file():
                if depth == MAX_ARCHIVE_DEPTH:
                    problem = "too many archives inside one another"
                else:
                    problem = self._unpack(inner, inner.parent, depth + 1, space if depth else None)
                if problem:
                    self.log.warning("%s stays packed: %s", inner, problem)
                else:
                    # Its contents are here now; the download itself is still in its place.
                    inner.unlink()
        return ""

    def _problem(self, path: Path, space: _Space) -> str:
        """Say why a student's archive is not to be unpacked; nothing if it may be."""
        try:
            problem = self._too_much(_listed(path), space)
            if not problem and zipfile.is_zipfile(path):
                _must_be_true(path)
        except Exception as error:  # as above
            return str(error) or type(error).__name__
        return problem

    def _too_much(self, listed: Iterable[tuple[str, int]], space: _Space) -> str:
        files = size = 0
        for name, length in listed:
            files, size = files + 1, size + length
            if len(PurePosixPath(name).parts) > _MAX_FOLDERS:
                return "too many folders inside one another"
            # No further: to list a tar is to unpack it.
            if files > space.files:
                return f"it has more than the {self.max_files} files that are allowed"
            if size > space.bytes:
                return f"it has more than the {self.max_megabytes} MB unpacked that are allowed"
        space.files -= files
        space.bytes -= size
        return ""


def _listed(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the name of each file in an archive, and the size that its header says."""
    if zipfile.is_zipfile(path):
        with path.open("rb") as file:
            for entry in open_zip(file, path.name).infolist():
                yield entry.filename, entry.file_size
    else:
        with tarfile.open(path) as packed:
            for info in packed:
                yield info.name, info.size


def _must_be_true(path: Path) -> None:
    """Unpack a zip in memory, member by member.

    Raises:
        SubmissionError: a member is encrypted, damaged, or larger than its header says.
    """
    with path.open("rb") as file:
        archive = open_zip(file, path.name)
        for entry in archive.infolist():
            read_member(archive, entry, entry.file_size)


def _make_plain(folder: Path) -> None:
    """Make everything in a folder readable, and write names as nbgrader looks for them.

    Files that nbgrader would execute as its settings are deleted.
    """
    for above, folders, files in os.walk(folder):
        for index, name in enumerate(folders):
            # Archives bring modes along, which may forbid reading.
            Path(above, name).chmod(0o755)
            folders[index] = _renamed(Path(above, name)).name
        for name in (_renamed(Path(above, file)).name for file in files):
            path = Path(above, name)
            if path.stem in SETTINGS_FILES:
                path.unlink()
                continue
            path.chmod(0o644)
            suffix = path.suffix.lower()
            plain = path.with_suffix(suffix)
            if suffix in SUFFIXES and not plain.exists():
                path.rename(plain)


def _renamed(path: Path) -> Path:
    """Give a file or folder the name that its archive had in UTF-8 without saying so."""
    named = path.with_name(true_name(path.name))
    return path if named == path or named.exists() else path.rename(named)
