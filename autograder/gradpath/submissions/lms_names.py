"""Names of files in the downloads of course sites, and the student in each of them.

Where the forms are from:

Canvas
    `lib/content_zipper.rb` of canvas-lms. A file is `<name>_[LATE_]<user>_<attachment>_<file>`: the
    sortable name ("last, first", in a group assignment the group's) in lower case without anything
    but letters, digits and `_`; the numbers of the user and of the attachment; and the name that
    the student's file has in Canvas. With anonymous marking it is
    `[LATE_]anon_<code>_<attachment>_<file>`. Older versions write `late`. Texts and addresses that
    were handed in are `<name>_[LATE_]<user>_text.html` and `..._link.html`. When a student hands in
    a file of the same name again, Canvas calls it `<file>-1.ipynb`, then `-2`, and from the eighth
    on it writes a UUID for the number (`Attachment.make_unique_filename`).

Moodle
    `mod/assign/classes/downloader.php`. In folders, which is the default:
    `<name>_<number>_assignsubmission_file/<path>`, in older versions with one more `_` before the
    slash. Without folders: `<name>_<number>_assignsubmission_file_<file>`. The name is the full
    name, "Participant" with anonymous marking, or the group's; each `_` in it has become a space,
    and quotation marks and characters that file systems forbid are left out (`PARAM_FILE`). The
    number belongs to the student *in this assignment*, or is the group's; the group of students
    without a group has none.

Gradescope
    "Export submissions": `assignment_<number>_export/submission_<number>/<path>`. The student
    stands in `submission_metadata.yml` beside these folders, not in the path.

Brightspace
    Files `<user>-<folder> - <name> - <date> - <file>`, or folders without the last part. The date
    is written in the language of the site and in nobody's time zone, so it is not used.

Blackboard
    `<assignment>_<user>_attempt_<time>_<file>`, and for each attempt `..._attempt_<time>.txt` with
    the student's comment beside it.

Google Classroom
    Google Drive packs the folder of an assignment: `<name> - <file>` where each student got a copy.
    Any file may be called so, so that `downloads` looks at all names before it believes one.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Final, Literal

Site = Literal["canvas", "moodle", "gradescope", "brightspace", "blackboard", "classroom"]

LAST_RESUBMISSION: Final = 8
"""Stands for the UUID that Canvas writes once the numbers up to 7 are taken."""

_CANVAS: Final = re.compile(
    r"(?P<student>.*?)_(?:(?P<late>LATE|late)_)?(?P<number>[0-9]+)_(?P<attachment>[0-9]{1,20})"
    r"_(?P<file>.+)",
    re.DOTALL,
)
_CANVAS_ANONYMOUS: Final = re.compile(
    r"(?:(?P<late>LATE|late)_)?(?P<student>anon)_(?P<number>[0-9A-Za-z]+)_(?P<attachment>[0-9]{1,20})"
    r"_(?P<file>.+)",
    re.DOTALL,
)
_CANVAS_ENTRY: Final = re.compile(
    r"(?P<student>.*?)_(?:(?P<late>LATE|late)_)?(?P<number>[0-9]+)_(?P<file>(?:text|link)\.html)",
    re.DOTALL,
)
_CANVAS_AGAIN: Final = re.compile(
    r"(?P<stem>.+?)-(?P<again>[1-9][0-9]{0,2}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"(?P<suffix>(?:\.[A-Za-z][A-Za-z0-9]*)*)",
    re.DOTALL,
)
_MOODLE: Final = re.compile(r"(?P<owner>.+?)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.DOTALL)
_BRIGHTSPACE: Final = re.compile(
    r"(?P<number>[0-9]+-[0-9]+) - (?P<student>.+?) - (?P<when>(?=[^-]*[0-9]{4})[^-]+?)"
    r"(?: - (?P<file>.+))?",
    re.DOTALL,
)
_BLACKBOARD: Final = re.compile(
    r"[^_]*_(?P<student>.+)_attempt_(?P<when>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<file>.+)|\.txt)",
    re.DOTALL,
)
_CLASSROOM: Final = re.compile(r"(?P<student>[^\W\d_][^_]*?) - (?P<file>.+)", re.DOTALL)
_GRADESCOPE_EXPORT: Final = re.compile(r"assignment_[0-9]+_export")
_GRADESCOPE: Final = re.compile(r"submission_(?P<number>[0-9]+)")


_PARTICIPANTS: Final = (
    "participant",
    "teilnehmer",
    "teilnehmerin",
    "participante",
    "participantea",
    "participanta",
    "partecipante",
    "deelnemer",
    "deltager",
    "deltagare",
    "uczestnik",
    "účastník",
    "участник",
    "参与者",
    "參與者",
    "参加者",
    "참가자",
)


@dataclass(frozen=True)
class LmsName:
    """The name of a file in a download, taken apart.

    Attributes:
        site: the course site with this form of names.
        student: the student's (or group's) name as the site writes it; may be empty.
        number: Canvas: the user's number, the same in all assignments, or the code of an anonymous
            submission. Moodle: the number in this assignment. Gradescope: the submission's number.
            Brightspace: the user's and the folder's. Empty if the site gives none.
        file: the file's name as the student had it, without folders.
        late: whether the site says that it is late; only Canvas does.
        resubmission: Canvas: how often a file of this name was there before. A number that the
            student had put there looks the same.
        attachment: Canvas: the number of the file, which grows with time. Blackboard: the time of
            the attempt. Otherwise 0.
    """

    site: Site
    student: str
    number: str
    file: str
    late: bool = False
    resubmission: int = 0
    attachment: int = 0

    @property
    def key(self) -> str:
        """The key that tells students of one download apart: name and number as in the path."""
        return "_".join(filter(None, [self.student, self.number]))


def parse(path: PurePath) -> LmsName | None:
    """Read the name that a course site wrote into a path.

    Args:
        path: the path of a file below the unpacked download. The outermost folder that has one of
            the forms counts (a student's zip unpacks to such a folder): a student has named the
            files in there, and names them at will.

    Returns:
        The name, or None if the path has no form that is known. Never raises.
    """
    parts = [unicodedata.normalize("NFC", part) for part in path.parts if part != path.anchor]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        before = parts[index - 1] if index else None
        forms = (_moodle(part), _canvas(part), _gradescope(part, before, last), _others(part))
        for name in itertools.chain.from_iterable(forms):
            # In a folder, the site's form ends before the student's own file name.
            of_file = _of_file(name, name.file if last else parts[-1])
            if of_file is not None:
                return of_file
    return None


def _of_file(parsed: LmsName, file: str) -> LmsName | None:
    """Return the name with the file's own name in it, if that can be a name at all."""
    name = PurePosixPath(file.replace("\\", "/").replace("\0", "")).name
    if name in ("", ".", ".."):
        return None
    again = _CANVAS_AGAIN.fullmatch(name) if parsed.site == "canvas" else None
    resubmission = 0
    if again:
        name = again["stem"] + again["suffix"]
        resubmission = int(again["again"]) if len(again["again"]) < 4 else LAST_RESUBMISSION
    return dataclasses.replace(parsed, file=name, resubmission=resubmission)


def _canvas(part: str) -> Iterator[LmsName]:
    for form in (_CANVAS_ANONYMOUS, _CANVAS_ENTRY, _CANVAS):
        match = form.fullmatch(part)
        if match and all(map(_is_word, match["student"])):
            yield LmsName(
                "canvas",
                match["student"],
                match["number"],
                match["file"],
                late=match["late"] is not None,
                attachment=int(match["attachment"]) if "attachment" in form.groupindex else 0,
            )


def _is_word(character: str) -> bool:
    """Tell whether Ruby's `[[:word:]]` has it; Python's `\\w` lacks combining marks."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc")


def _moodle(part: str) -> Iterator[LmsName]:
    match = _MOODLE.fullmatch(part)
    if match:
        student, _, number = match["owner"].rpartition("_")
        if not (student and re.fullmatch("[0-9]+", number)):
            student, number = match["owner"], ""
        yield LmsName("moodle", student, number, match["file"] or "")


def _others(part: str) -> Iterator[LmsName]:
    if match := _BRIGHTSPACE.fullmatch(part):
        yield LmsName("brightspace", match["student"], match["number"], match["file"] or "")
    if match := _BLACKBOARD.fullmatch(part):
        time = int(match["when"].replace("-", ""))
        yield LmsName("blackboard", match["student"], "", match["file"] or "x.txt", attachment=time)


def is_participant(name: str) -> bool:
    """Tell whether Moodle has written a word for "participant" in the place of a name."""
    return re.sub(r"[^\w]", "", name).casefold() in _PARTICIPANTS


def in_classroom(file: str) -> LmsName | None:
    """Read the name that Google Classroom writes before a file's own; anybody may write such."""
    match = _CLASSROOM.fullmatch(unicodedata.normalize("NFC", file))
    return LmsName("classroom", match["student"], "", match["file"]) if match else None


def _gradescope(part: str, before: str | None, last: bool) -> Iterator[LmsName]:
    match = _GRADESCOPE.fullmatch(part)
    if match and not last and (before is None or _GRADESCOPE_EXPORT.fullmatch(before)):
        yield LmsName("gradescope", "", match["number"], "")
