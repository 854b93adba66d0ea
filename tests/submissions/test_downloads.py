"""Submissions in downloads of Canvas, Moodle and Gradescope, and the price of being late."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from gradpath.cohort.late import LatePolicy, late_policy
from gradpath.course.config import FILE, LateSettings
from gradpath.course.load import slugs
from gradpath.course.master import solution_of
from gradpath.errors import GradpathError, SettingsError, SubmissionError
from gradpath.grading.results import Result
from gradpath.reports.gradebooks.roster import match as in_roster
from gradpath.reports.gradebooks.roster import people_of
from gradpath.reports.gradebooks.table import read_table
from gradpath.submissions.downloads import METADATA
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from tests.conftest import Command

SLUG = "mse_sweep"
OTHER = "hand_gradients"
DONE = "def forward(x, w):\n    return x * w\n"
GRADESCOPE = """\
---
submission_31:
  :submitters:
  - :name: s01
    :sid: '0017'
    :email: s01@example.edu
  - :name: s02
    :sid:
    :email: s02@example.edu
  :created_at: 2026-11-22 01:29:00.000000000 +01:00
  :score: 0.0
submission_32:
  :submitters:
  - :name: s03
    :sid: '0019'
    :email: s03@example.edu
  :created_at: 2026-11-20 11:00:00.000000000 Z
"""


def put(target: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a download: a zip if the target is called so, else a folder."""
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
    else:
        for name, data in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data.encode() if isinstance(data, str) else data)
    return target


@pytest.fixture(params=["download", "download.zip", "around", "beside"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where a download is put: in a folder, a zip, a folder inside a zip, or a zip in a folder."""
    return tmp_path / str(request.param)


def found(target: Path, files: Mapping[str, str | bytes], *only: str) -> dict[str, Submission]:
    """Find the submissions in a download, by student and assignment."""
    if target.name == "around":
        files = {f"submissions/{name}": data for name, data in files.items()}
        target = target.with_suffix(".zip")
    if target.name == "beside":
        put(target, {"worksheet.csv": "Identifier"})
        put(target / "download.zip", files)
        files = {}
    submissions, _ = find([put(target, files)], slugs(), only)
    return {f"{each.student}/{each.assignment}": each for each in submissions}


def reason(submission: Submission) -> str:
    """Return why a submission cannot be read."""
    with pytest.raises(SubmissionError) as caught:
        submission.source()
    return str(caught.value)


def zipped(files: Mapping[str, str], tmp_path: Path) -> bytes:
    return put(tmp_path / "inner.zip", files).read_bytes()


def test_canvas(target: Path, tmp_path: Path) -> None:
    seen = found(
        target,
        {
            f"lovelaceada_12_345_{SLUG}.py": DONE + "# first\n",
            f"lovelaceada_12_401_{SLUG}-1.py": DONE + "# second\n",
            f"lovelaceada_12_399_{OTHER}.py": DONE,
            f"müllerjörg_LATE_13_346_{SLUG}-2.ipynb": "{}",
            "noethere_14_347_work.zip": zipped({f"{SLUG}.py": DONE}, tmp_path),
            "hopperg_15_text.html": "<p>none</p>",
            f"anon_x9Kq2_350_{SLUG}.py": DONE,
        },
    )
    assert sorted(seen) == [
        f"anon_x9Kq2/{SLUG}",
        f"hopperg_15/{OTHER}",
        f"hopperg_15/{SLUG}",
        f"lovelaceada_12/{OTHER}",
        f"lovelaceada_12/{SLUG}",
        f"müllerjörg_13/{SLUG}",
        f"noethere_14/{SLUG}",
    ]
    ada = seen[f"lovelaceada_12/{SLUG}"]
    assert b"second" in ada.read_bytes()
    assert "not used: " in ada.note
    assert not ada.late
    assert "text that was typed into the course site" in reason(seen[f"hopperg_15/{SLUG}"])
    assert seen[f"müllerjörg_13/{SLUG}"].late
    assert seen[f"noethere_14/{SLUG}"].read_bytes() == DONE.encode()


def test_moodle(target: Path) -> None:
    seen = found(
        target,
        {
            f"Ada Lovelace_101_assignsubmission_file/{SLUG}.py": DONE,
            "Ada Lovelace_101_assignsubmission_onlinetext/onlinetext.html": "<p>see file</p>",
            f"Emmy Noether_102_assignsubmission_file/deep/{SLUG}.py": DONE,
            f"Emmy Noether_103_assignsubmission_file/{SLUG}.py": DONE,
            f"Grace Hopper_104_assignsubmission_file_{SLUG}.py": DONE,
            # A student's own names inside do not matter.
            "Jo Ann_105_assignsubmission_file/"
            f"Ada Lovelace_101_assignsubmission_file/{SLUG}.py": DONE + "# not Ada's\n",
        },
    )
    students = ("Ada Lovelace", "Emmy Noether_102", "Emmy Noether_103", "Grace Hopper", "Jo Ann")
    assert sorted(seen) == [f"{student}/{SLUG}" for student in students]
    assert seen[f"Ada Lovelace/{SLUG}"].read_bytes() == DONE.encode()


def test_gradescope(target: Path) -> None:
    export = "assignment_9_export"
    seen = found(
        target,
        {
            f"{export}/{METADATA}": GRADESCOPE,
            f"{export}/submission_31/{SLUG}.py": DONE,
            f"{export}/submission_31/{METADATA}": "submission_31: of the student's own",
            f"{export}/submission_32/src/{SLUG}.py": DONE,
            f"{export}/submission_33/{SLUG}.py": DONE,  # not in the metadata
        },
    )
    # A group's file counts for everybody in it.
    assert sorted(seen) == [
        f"0017/{SLUG}",
        f"0019/{SLUG}",
        f"s02@example.edu/{SLUG}",
        f"submission_33/{SLUG}",
    ]
    submitted = seen[f"0017/{SLUG}"].submitted
    assert submitted is not None
    assert submitted.astimezone(UTC).isoformat() == "2026-11-22T00:29:00+00:00"


def test_brightspace(target: Path) -> None:
    seen = found(
        target,
        {
            f"101-7 - Ada Lovelace - Nov 27, 2026 1205 PM - {SLUG}.py": DONE,
            f"102-7 - Mia-Kim Noether - 27 nov. 2026 1205 - {SLUG} - Copy.py": DONE,
            f"103-8 - Jo - Nov 27, 2026 1205 PM/{SLUG}.py": DONE,
            f"104-8 - Same - Nov 27, 2026 1205 PM/{SLUG}.py": DONE,
            f"105-8 - Same - Nov 27, 2026 106 PM/{SLUG}.py": DONE,
            "106-8 - Pat - Nov 27, 2026 106 PM - essay.pdf": "%PDF",
            "index.html": "<html>",
        },
    )
    students = ("Ada Lovelace", "Jo", "Mia-Kim Noether", "Pat", "Same_104-8", "Same_105-8")
    assert sorted(seen) == [f"{student}/{SLUG}" for student in students]
    assert "essay.pdf (a PDF)" in reason(seen[f"Pat/{SLUG}"])


def test_blackboard(target: Path) -> None:
    def at(user: str, minute: int, file: str) -> str:
        return f"Week 3 MSE_{user}_attempt_2026-11-20-10-{minute}-10{file}"

    seen = found(
        target,
        {
            at("al1", 10, f"_{SLUG}.py"): DONE + "# first\n",
            at("al1", 10, ".txt"): "Name: Ada Lovelace (al1)",
            at("al1", 59, f"_{SLUG}.py"): DONE + "# second\n",
            at("e_noether", 10, f"_{SLUG}.ipynb"): '{"cells": []}',
            at("jo", 10, ".txt"): "There are no student comments.",
        },
    )
    assert sorted(seen) == [f"{student}/{SLUG}" for student in ("al1", "e_noether", "jo")]
    assert b"second" in seen[f"al1/{SLUG}"].read_bytes()
    assert "a file of text" in reason(seen[f"jo/{SLUG}"])


def test_google_classroom(target: Path) -> None:
    seen = found(
        target,
        {
            f"Ada Lovelace - {SLUG}.py": DONE,
            f"José Peña - Copy of {SLUG}.ipynb": '{"cells": []}',
            f"李 小龙 - {SLUG}.py": DONE,
        },
    )
    students = ("Ada Lovelace", "José Peña", "李 小龙")
    assert sorted(seen) == [f"{student}/{SLUG}" for student in students]


def test_copies_in_one_folder_are_one_students(tmp_path: Path) -> None:
    """Such names are no download of Google Classroom's: the file comes first."""
    names = (f"{SLUG} - Copy.py", f"{SLUG} - Kopie.py", f"{SLUG}.py")
    put(tmp_path / "s01", dict.fromkeys(names, DONE))
    put(tmp_path / "s02", {f"Ada - {SLUG}.py": DONE, f"Bo - {SLUG}.py": DONE})
    submissions, _ = find([tmp_path], slugs())
    assert [each.student for each in submissions] == ["s01", "s02"]
    (one,), _ = find([tmp_path / "s01"], slugs())
    assert one.student == "s01"


def test_moodle_that_marks_blindly(target: Path) -> None:
    """Everybody has the same word for a name, in each language; the number is needed."""
    for word in ("Participant", "Teilnehmerin", "Participante", "参与者"):
        path = target.with_name(f"{word} {target.name}")
        seen = found(path, {f"{word}_9_assignsubmission_file_/{SLUG}.py": DONE})
        assert list(seen) == [f"{word}_9/{SLUG}"]


def test_a_wrong_file_in_a_download_of_one_assignment(target: Path) -> None:
    files = {f"s{n}_{n}_1_{SLUG}.py": DONE for n in range(1, 4)}
    seen = found(target, {**files, f"s4_4_1_{OTHER}.py": DONE}, SLUG)
    assert len(seen) == 4
    assert f"(named after {OTHER}); hand in {SLUG}.py" in reason(seen[f"s4_4/{SLUG}"])


def test_a_download_for_each_assignment(tmp_path: Path) -> None:
    """In folders named after the assignments, as two PATHs, and with names that say nothing."""
    put(tmp_path / "all" / SLUG, {f"lovelaceada_12_1_{SLUG}.py": DONE})
    put(tmp_path / "all" / OTHER, {f"lovelaceada_12_2_{OTHER}.py": DONE})
    submissions, _ = find([tmp_path / "all"], slugs())
    assert [(each.student, each.assignment) for each in submissions] == [
        ("lovelaceada_12", OTHER),
        ("lovelaceada_12", SLUG),
    ]
    misnamed = {
        "lovelaceada_12_1_homework.py": DONE,
        "noethere_13_2_a.py": DONE,
        "noethere_13_3_b.py": DONE,
    }
    path = put(tmp_path / "misnamed.zip", misnamed)
    (only, several), ignored = find([path], slugs(), [SLUG])
    assert only.note == f"taken for {SLUG}.py"
    assert not ignored
    assert "a.py (not named after an assignment), b.py (" in reason(several)
    nothing, ignored = find([path], slugs())
    assert not nothing
    assert len(ignored) == 3
    assert "noethere_13 has no other file" in ignored[1]


def test_a_student_cannot_hand_in_for_somebody_else(tmp_path: Path) -> None:
    """Names in the form of a site count only where the site writes them."""
    put(
        tmp_path / "cohort",
        {
            f"s01/lovelaceada_12_345_{SLUG}.py": DONE,
            f"s01/Ada Lovelace_1_assignsubmission_file/{SLUG}.py": DONE,
            f"s02/{SLUG}.py": DONE,
            "s03.zip": zipped({f"lovelaceada_12_345_{SLUG}.py": DONE}, tmp_path),
            # No export of Gradescope's around it.
            f"s04/{METADATA}": GRADESCOPE,
            f"s04/submission_32/{SLUG}.py": DONE,
        },
    )
    submissions, _ = find([tmp_path / "cohort"], slugs())
    assert {each.student for each in submissions} <= {"s01", "s02", "s03", "s04"}


@pytest.mark.parametrize("text", ["- no table", "{", "a: &a [*a, *a]\n? {}\n: 1", "\0"])
def test_damaged_metadata(tmp_path: Path, text: str) -> None:
    path = put(
        tmp_path / "x.zip",
        {
            f"assignment_9_export/{METADATA}": text,
            f"assignment_9_export/submission_1/{SLUG}.py": DONE,
        },
    )
    with pytest.raises(GradpathError, match=METADATA):
        find([path], slugs())


def test_ids_are_found_in_rosters(tmp_path: Path) -> None:
    canvas = tmp_path / "canvas.csv"
    canvas.write_text(
        "Student,ID,SIS Login ID,Section,mse sweep (1)\n    Points Possible,,,,10\n"
        '"Lovelace, Ada",12,al1,A,\n"Müller, Jörg",13,jm,A,\n'
    )
    students = ["lovelaceada_12", "müllerjörg_13"]
    roster = people_of(read_table(canvas), "canvas")
    assert in_roster(students, roster).rows == {students[0]: 1, students[1]: 2}
    moodle = tmp_path / "moodle.csv"
    moodle.write_text("First name,Last name,Email address\nAda,Lovelace,al@x.org\nE,N,en@x.org\n")
    roster = people_of(read_table(moodle), "moodle")
    assert in_roster(["Ada Lovelace", "en"], roster).rows == {"Ada Lovelace": 0, "en": 1}


RESULT = Result(SLUG, "s01", "f", 8.0, 10.0, "graded", [])
POLICY = """
[due]
mse_sweep = 2026-11-20T23:59:00+01:00

[late]
grace_minutes = 10
percent_per_day = 10
percent_at_most = 40
no_points_after_days = 7
percent_if_flagged = 25
times = "times.csv"
"""


@pytest.mark.parametrize(
    ("when", "score", "said"),
    [
        ("2026-11-20T22:59:00+00:00", 8.0, ""),
        ("2026-11-21T00:09:00+01:00", 8.0, ""),
        ("2026-11-21T00:10:00+01:00", 7.2, "0.2 hours late: 10 % off, 7.2 instead of 8 points"),
        ("2026-11-21T23:59:00+01:00", 7.2, "24.0 hours late: 10 % off"),
        ("2026-11-21T23:59:01+01:00", 6.4, "2 days late: 20 % off"),
        ("2026-11-27T23:59:00+01:00", 4.8, "7 days late: 40 % off"),
        ("2026-11-28T00:00:00+01:00", 0.0, "8 days late: 100 % off"),
        ("", 8.0, ""),
        ("LATE", 6.0, "late, says the course site: 25 % off"),
    ],
)
def test_being_late(tmp_path: Path, when: str, score: float, said: str) -> None:
    (tmp_path / FILE).write_text(POLICY)
    rows = f"s01,{SLUG},{when}\n" if when and when != "LATE" else ""
    (tmp_path / "times.csv").write_text(f"student,assignment,submitted\n{rows}")
    policy = late_policy(tmp_path)
    submission = Submission("s01", SLUG, "f", 0, bytes, late=when == "LATE")
    after = policy.apply(RESULT, submission)
    assert after.score == score
    assert after.message.startswith(said)
    assert bool(after.message) == bool(said)
    assert bool(policy.notes([submission])) == (not when)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (59, "59 seconds"),
        (90, "2 minutes"),
        (170, "3 minutes"),
        (180, "0.1 hours"),
    ],
)
def test_a_little_late(seconds: float, words: str) -> None:
    due = datetime(2026, 4, 26, 23, 59, tzinfo=UTC)
    policy = LatePolicy({SLUG: due}, LateSettings(percent_per_day=10))
    late = Submission("s01", SLUG, "f", 0, bytes, submitted=due + timedelta(seconds=seconds))
    assert policy.apply(RESULT, late).message.startswith(f"{words} late: 10 % off")


EXTENDED = POLICY.replace('times = "times.csv"', 'extensions = "extensions.csv"')


@pytest.mark.parametrize(
    ("student", "slug", "score"),
    [("s01", SLUG, 8.0), ("s02", SLUG, 7.2), ("s03", SLUG, 8.0), ("s03", "rosenbrock", 6.4)],
)
def test_an_extension(tmp_path: Path, student: str, slug: str, score: float) -> None:
    """For one assignment, for none, and for all, also where no other time is set."""
    (tmp_path / FILE).write_text(EXTENDED)
    (tmp_path / "extensions.csv").write_text(
        "student,assignment,due\n"
        f"s01,{SLUG},2026-11-23T23:59:00+01:00\n"
        "s03,rosenbrock,2026-11-20T12:00:00+01:00\n"
        "s03,,2026-11-24T12:00:00+01:00\n"
    )
    policy = late_policy(tmp_path)
    handed_in = datetime(2026, 11, 21, 20, tzinfo=UTC)
    result = msgspec.structs.replace(RESULT, student=student, assignment=slug)
    submission = Submission(student, slug, "f", 0, bytes, submitted=handed_in)
    assert policy.apply(result, submission).score == score


def test_names_of_nobody_are_said_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(EXTENDED + 'times = "times.csv"\n')
    when = "2026-11-20T10:00:00Z"
    (tmp_path / "times.csv").write_text(f"student,submitted\nlovelcae,{when}\ncurie,{when}\n")
    names = "".join(f"x{number},{when}\n" for number in range(14))
    (tmp_path / "extensions.csv").write_text(f"student,due\n{names}")
    there = [Submission(name, SLUG, "f", 0, bytes) for name in ("lovelace", "curie")]
    unknown, times, extensions = late_policy(tmp_path).notes(there)
    assert "lovelace handed in" in unknown
    assert times.endswith(
        "times.csv has names without a submission here: lovelcae (did you mean lovelace?)"
    )
    assert extensions.endswith("here: x0, x1, x10, x11, x12, x13, x2, x3, x4, x5, and 4 more")


def test_what_nobody_knows_is_said(tmp_path: Path) -> None:
    """Students without times, and late marks without a consequence."""
    (tmp_path / FILE).write_text("[due]\nmse_sweep = 2026-11-20T23:59:00+01:00\n")
    late = [Submission(f"s{n:02d}", SLUG, "f", 0, bytes, late=n == 3) for n in range(1, 14)]
    unknown, flagged = late_policy(tmp_path).notes(late)
    assert "s01, s02, s03, s04, s05, s06, s07, s08, s09, s10, and 3 more" in unknown
    assert ": s03;" in flagged
    assert not LatePolicy().notes(late[:2])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("due = 3", "table"),
        ("[due]\nmse_sweep = 2026-11-20", "offset"),
        ("[due]\nmse_sweep = 2026-11-20T10:00:00", "offset"),
        ("[due]\nmse = 2026-11-20T10:00:00Z", "no assignment 'mse'"),
        ("[late]\npercent = 3", "percent"),
        ("[late]\npercent_per_day = 300", "between 0 and 100"),
        ("[late]\ngrace_minutes = nan", "0 or more"),
        ("late = 3", r"\[late\]"),
        ('[late]\ntimes = "none.csv"', "none.csv"),
        ('[late]\ntimes = "bad.csv"', "columns"),
        ('[late]\ntimes = "worse.csv"', "line 2"),
        ('[late]\nextensions = "worse.csv"', "columns student, due"),
        ('[late]\nextensions = "typo.csv"', "line 2: no assignment 'rosenbrok'; did you mean ros"),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / FILE).write_text(text)
    (tmp_path / "bad.csv").write_text("who,when\n")
    (tmp_path / "worse.csv").write_text("student,submitted\ns01,2026-11-20 10:00\n")
    typo = "student,assignment,due\ns01,rosenbrok,2026-11-20T10:00Z\n"
    (tmp_path / "typo.csv").write_text(typo)
    with pytest.raises((SettingsError, GradpathError), match=says):
        late_policy(tmp_path)


def test_from_a_download_to_grades(gradpath: Command, tmp_path: Path) -> None:
    """Late work loses points in the results; a change of the policy needs no grading again."""
    export = "assignment_9_export"
    files = {
        f"{export}/{METADATA}": GRADESCOPE,
        f"{export}/submission_31/{SLUG}.py": solution_of(SLUG),
        f"{export}/submission_32/{SLUG}.py": solution_of(SLUG),
    }
    put(tmp_path / "export.zip", files)
    (tmp_path / FILE).write_text(POLICY.replace('times = "times.csv"', ""))
    words = ("grade", "export.zip", "--out", "out", "--secret", "s")
    done = gradpath(*words)
    assert done.returncode == 0, done.stderr
    rows = {row["student"]: row for row in csv.DictReader((tmp_path / "out/grades.csv").open())}
    assert {student: row[SLUG] for student, row in rows.items()} == {
        "0017": "8",
        "0019": "10",
        "s02@example.edu": "8",
    }
    first = json.loads((tmp_path / "out/results.jsonl").read_text().splitlines()[0])
    assert first["message"] == "2 days late: 20 % off, 8 instead of 10 points"
    assert sum(check["points"] for check in first["checks"]) == 10
    (tmp_path / FILE).unlink()
    done = gradpath(*words)
    assert "taken over: 3 unchanged" in done.stdout
    assert ",8" not in (tmp_path / "out/grades.csv").read_text()


CLASSROOM = "cs-fall-"
SCORES = """\
username,first_name,last_name,email,section,score,max_score,datetime,submission_tag,submitted_by,\
review_url,late,override
S01,,,,,4,10,2026-11-20T09:00:00Z,submit/b,S01,https://github.com/o/{0}s01/compare/a...b,false,
S01,,,,,2,10,2026-11-19T09:00:00Z,submit/a,S01,https://github.com/o/{0}s01/commit/a,false,
s02-b,,,,,4,10,2026-11-22T09:00:00Z,submit/b,s02-b,https://github.com/o/{0}s02-b/commit/b,true,
b,,,,,4,10,2026-11-22T09:00:00Z,submit/b,s02-b,https://github.com/o/{0}s02-b/commit/b,true,
s04,,,,,,,,,,,,
s05,,,,,,,,,,,,
"""


@pytest.mark.parametrize("around", ["", "cs-fall-week-3_submissions_2026_11_23_T_10_00_00/"])
def test_classroom_50(target: Path, around: str) -> None:
    """The table has names, groups and times; the assignment may be called anything."""
    prefix = f"{CLASSROOM}week-3-"
    seen = found(
        target,
        {
            f"{around}scores.csv": SCORES.format(prefix),
            f"{around}{prefix}s01/{SLUG}/{SLUG}.py": DONE,
            f"{around}{prefix}s01/{SLUG}/tests/{SLUG}.py": "OK_FORMAT = True\ntest = {}\n",
            f"{around}{prefix}s01/result.json": "{}",
            f"{around}{prefix}s02-b/{SLUG}.ipynb": '{"cells": []}',
            f"{around}{prefix}s02-b/scores.csv": SCORES.format(prefix).replace("S01", "s02"),
            f"{around}{prefix}s04/README.md": "# nothing yet\n",
        },
    )
    assert sorted(seen) == [f"{student}/{SLUG}" for student in ("S01", "b", "s02-b", "s04")]
    assert seen[f"S01/{SLUG}"].submitted == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert seen[f"b/{SLUG}"].submitted == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert not seen[f"S01/{SLUG}"].note
    assert "README.md" in reason(seen[f"s04/{SLUG}"])


def test_github_classroom(target: Path) -> None:
    """Without a table, all folders begin with the assignment's name."""
    seen = found(target, {f"2026-mse-sweep-s{n:02}/{SLUG}.py": DONE for n in (1, 2)})
    assert sorted(seen) == [f"s01/{SLUG}", f"s02/{SLUG}"]


def test_a_students_own_folders_are_no_students(tmp_path: Path) -> None:
    """Work lies beside these, or they do not all begin alike."""
    put(tmp_path / "s01", {f"{SLUG}.py": DONE, "mse-sweep-old/a.py": "", "mse-sweep-b/a.py": ""})
    (one,), _ = find([tmp_path / "s01"], slugs())
    assert one.student == "s01"
    put(tmp_path / "all", {f"mse-sweep-s01/{SLUG}.py": DONE, f"s02/{SLUG}.py": DONE})
    assert [each.student for each in find([tmp_path / "all"], slugs())[0]] == [
        "mse-sweep-s01",
        "s02",
    ]


def test_a_table_of_a_students_is_nobodys(tmp_path: Path) -> None:
    table = SCORES.format("x-")
    put(tmp_path, {"s03/scores.csv": table, f"s03/x-s01/{SLUG}.py": DONE, f"s02/{SLUG}.py": DONE})
    assert [each.student for each in find([tmp_path], slugs())[0]] == ["s02", "s03"]


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n", "\0", "username\n" + "x" * 200_000])
def test_other_tables_are_passed_over(tmp_path: Path, table: str) -> None:
    put(tmp_path, {"scores.csv": table, f"s01/{SLUG}.py": DONE, f"s02/{SLUG}.py": DONE})
    assert [each.student for each in find([tmp_path], slugs())[0]] == ["s01", "s02"]
