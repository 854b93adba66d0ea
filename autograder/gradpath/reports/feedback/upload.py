"""Zips of pages in the names that a course site takes back, one zip for each assignment.

Moodle's "Upload multiple feedback files in a zip" (`mod/assign/feedback/file/importziplib.php`,
read in 2026) finds a student by a folder `<name>_<number>_assignsubmission_file`; a name with
another `_` in it would be passed over. Canvas's "Upload Submissions" (`app/models/assignment.rb`,
`generate_comments_from_files`) finds one by the user's and the attachment's number between `_` in
the file's name, and adds the page as a comment. Both numbers are in the paths of the site's
download, so the zip that was graded is enough.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.reports.feedback.paths import page_path
from gradpath.submissions.lms_names import LmsName, parse
from gradpath.text.messages import Message

Site = Literal["canvas", "moodle"]

SITES: Final[Mapping[Site, str]] = {"canvas": "Canvas", "moodle": "Moodle"}
"""The course sites, with their names in messages."""


@dataclass(frozen=True)
class Upload:
    """A zip for a course site.

    Attributes:
        path: where it is.
        pages: how many pages it holds.
        left_out: students whose files are not of a download of the site.
    """

    path: Path
    pages: int
    left_out: tuple[str, ...]


def name_on(site: Site, result: Result) -> LmsName | None:
    """Return the name that a site's download gave a graded file; None for others, and no number."""
    name = parse(PurePosixPath(result.file))
    return name if name and name.site == site and name.number.isdigit() else None


def entry_name(site: Site, result: Result) -> str | None:
    """Return the name of a page in a site's zip; None if the graded file is not of its download."""
    name = name_on(site, result)
    if name is None:
        return None
    if site == "moodle":
        return f"student_{name.number}_assignsubmission_file/{result.assignment}.html"
    if not name.attachment:
        return None
    return f"student_{name.number}_{name.attachment}_{result.assignment}.html"


def must_be_of(site: Site, results: Sequence[Result]) -> None:
    """Refuse results of which none is of a site's download.

    Raises:
        GradpathError: there are none; names the zip to grade.
    """
    if not any(entry_name(site, result) for result in results):
        name = SITES[site]
        raise GradpathError(
            Message(
                "none of these results is of a download of {name}; grade the zip that {name} gives",
                name=name,
            )
        )


def write_uploads(site: Site, results: Sequence[Result], folder: Path) -> list[Upload]:
    """Write a zip for each assignment beside its pages.

    Args:
        site: the course site.
        results: the results whose pages are in `folder`.
        folder: the folder of all pages; the zips are `<slug>-<site>.zip` in it.
    """
    uploads = []
    for slug in dict.fromkeys(result.assignment for result in results):
        own = [result for result in results if result.assignment == slug]
        names = {result.student: entry_name(site, result) for result in own}
        path = folder / f"{slug}-{site}.zip"
        draft = path.with_suffix(".part")
        with zipfile.ZipFile(draft, "w") as archive:
            for student, name in names.items():
                page = folder / page_path(student, slug)
                if name and page.is_file():
                    # Without the time: the same pages make the same zip.
                    archive.writestr(zipfile.ZipInfo(name), page.read_bytes(), zipfile.ZIP_DEFLATED)
            count = len(archive.namelist())
        os.replace(draft, path)
        left_out = tuple(student for student, name in names.items() if name is None)
        uploads.append(Upload(path, count, left_out))
    return uploads
