"""Downloads of repositories: Classroom 50's clones with their `scores.csv`, and GitHub Classroom's.

`gh teacher download` of Classroom 50 (`cli/gh-teacher/internal/download` in its repository) clones
a repository `<classroom>-<assignment>-<user>`, in lower case, for each student into a folder
`<classroom>-<assignment>_submissions_<time>`. `scores.csv` beside the clones has a row for each
submission and each credited student: a group's repository is named after one of its students, and
the address in `review_url` has its name. GitHub Classroom's folders are `<assignment>-<user>`.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gradpath.errors import GradpathError
from gradpath.submissions.names import suffix_of
from gradpath.text.messages import Message

SCORES: Final = "scores.csv"
MAX_SCORES: Final = 50_000_000
_COLUMNS: Final = {"username", "datetime", "submission_tag", "review_url"}


@dataclass
class Repository:
    """One clone: the students that it is credited to, and the time of the newest submission."""

    students: list[str] = field(default_factory=list)
    submitted: datetime.datetime | None = None


def repositories(
    files: Mapping[tuple[str, ...], Callable[[], bytes]], depth: int, slugs: Collection[str]
) -> Mapping[str, Repository]:
    """Return the clones of a download by the names of their folders.

    Args:
        files: the parts of each path below the one given to `grade`, and its reader.
        depth: the folders around all files.
        slugs: the assignments.

    Returns:
        The clones; none where the files are no such download.

    Raises:
        GradpathError: `scores.csv` is damaged.
    """
    folders = {parts[depth] for parts in files if len(parts) > depth + 1}
    if any(suffix_of(parts[-1]) for parts in files if len(parts) == depth + 1):
        return {}  # a student's work lies beside the folders
    read = next((read for parts, read in files.items() if parts[depth:] == (SCORES,)), None)
    rows = _rows(read()) if read is not None else []
    users = [row["username"] for row in rows]
    prefix = _prefix_before(users, folders) if rows else _prefix_with(slugs, folders)
    if not prefix:
        return {}
    names = {user.lower(): user for user in users}
    owners = {
        folder: names.get(user.lower(), user)
        for folder in folders
        if (user := _after(folder, prefix))
    }
    # A single student may have put such folders and such a table into one of their own.
    return _with_rows(owners, rows) if len(owners) > 1 or not depth else {}


def _rows(data: bytes) -> list[Mapping[str, str]]:
    """Read Classroom 50's table; another table of this name has other columns, and no rows here."""
    if len(data) > MAX_SCORES:
        raise GradpathError(
            Message(
                "{file} has more than {limit} MB",
                file=SCORES,
                limit=MAX_SCORES // 1_000_000,
            )
        )
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    try:
        if not _COLUMNS.issubset(reader.fieldnames or ()):
            return []
        return [row for row in reader if row["username"]]
    except csv.Error as error:
        raise GradpathError(
            Message(
                "{file} of Classroom 50 cannot be read ({error}); download the submissions again",
                file=SCORES,
                error=error,
            )
        ) from None


def _prefix_before(users: Collection[str], folders: Collection[str]) -> str:
    """Return the words that most folders have before a name of the table."""
    known = {user.lower() for user in users}
    prefixes = Counter(
        folder[: dash.end()].lower()
        for folder in folders
        for dash in re.finditer("-", folder)
        if folder[dash.end() :].lower() in known
    )
    # Where a name ends as another does, the shorter prefix is the one that all folders have.
    return min(prefixes, key=lambda prefix: (-prefixes[prefix], len(prefix)), default="")


def _prefix_with(slugs: Collection[str], folders: Collection[str]) -> str:
    """Return the words that end in an assignment's, if all folders begin with them."""
    named = "|".join(re.escape(slug).replace("_", "[_-]") for slug in slugs)
    found = {
        match[0].lower()
        if (match := re.match(rf"(?:.+?-)??(?:{named})-(?=.)", folder, re.I))
        else ""
        for folder in folders
        if not folder.startswith(".")
    }
    return found.pop() if len(found) == 1 and len(folders) > 1 else ""


def _after(folder: str, prefix: str) -> str:
    return folder[len(prefix) :] if folder.lower().startswith(prefix) else ""


def _with_rows(
    owners: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> Mapping[str, Repository]:
    """Return the clones with the students and times of the table's rows."""
    clones: defaultdict[str, Repository] = defaultdict(Repository)
    lower = {folder.lower(): folder for folder in owners}
    of_user = {user.lower(): folder for folder, user in owners.items()}
    for row in rows:
        words = row["review_url"].lower().split("/")
        folder = next((lower[word] for word in words if word in lower), None)
        folder = folder or of_user.get(row["username"].lower())
        if folder is None or not row["submission_tag"]:
            continue
        clone = clones[folder]
        if row["username"] not in clone.students:
            clone.students.append(row["username"])
        clone.submitted = max(
            filter(None, [clone.submitted, *_time(row["datetime"])]), default=None
        )
    for folder, user in owners.items():
        clones[folder].students = clones[folder].students or [user]
    return clones


def _time(text: str) -> Iterator[datetime.datetime]:
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        return
    if time.tzinfo is not None:
        yield time
