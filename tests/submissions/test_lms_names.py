"""Names that Canvas, Moodle and Gradescope give to files."""

from __future__ import annotations

import unicodedata
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradpath.submissions.lms_names import LAST_RESUBMISSION, LmsName, parse

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("onestudent_77_4001_mse_sweep.ipynb", ("onestudent", "77", "mse_sweep.ipynb")),
        ("s01_10000000000077_4001_mse_sweep.py", ("s01", "10000000000077", "mse_sweep.py")),
        # The group's name in a group assignment; names keep their own underscores.
        ("group_a_77_4001_mse_sweep.py", ("group_a", "77", "mse_sweep.py")),
        ("müllerörs_77_4001_übung.ipynb", ("müllerörs", "77", "übung.ipynb")),
        ("छात्रएक_77_4001_mse_sweep.ipynb", ("छात्रएक", "77", "mse_sweep.ipynb")),
        ("学生一_77_4001_mse_sweep.ipynb", ("学生一", "77", "mse_sweep.ipynb")),
        ("s01_77_4001_my 2nd_try (1).ipynb", ("s01", "77", "my 2nd_try (1).ipynb")),
        ("s01_77_4001_2024_05_01_x.ipynb", ("s01", "77", "2024_05_01_x.ipynb")),
        ("s01_77_4001_late.py", ("s01", "77", "late.py")),
        ("_77_4001_mse_sweep.py", ("", "77", "mse_sweep.py")),
        ("anon_Xb3fQ_4001_mse_sweep.ipynb", ("anon", "Xb3fQ", "mse_sweep.ipynb")),
        ("s01_77_text.html", ("s01", "77", "text.html")),
        # A zip that the student handed in, unpacked; its content says nothing about the owner.
        ("s01_77_4001_work/s02_78_4002_mse_sweep.py", ("s01", "77", "s02_78_4002_mse_sweep.py")),
        ("submissions/s01_77_4001_work/a/mse_sweep.py", ("s01", "77", "mse_sweep.py")),
    ],
)
def test_canvas(path: str, expected: tuple[str, str, str]) -> None:
    name = parse(PurePosixPath(path))
    assert name is not None
    assert (name.site, name.late, name.resubmission) == ("canvas", False, 0)
    assert (name.student, name.number, name.file) == expected


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("s01_LATE_77_4001_mse_sweep.ipynb", "s01_77"),
        ("s01_late_77_4001_mse_sweep.ipynb", "s01_77"),
        ("LATE_anon_Xb3fQ_4001_mse_sweep.ipynb", "anon_Xb3fQ"),
        ("s01_LATE_77_link.html", "s01_77"),
    ],
)
def test_canvas_says_what_is_late(path: str, key: str) -> None:
    name = parse(PurePath(path))
    assert name is not None
    assert name.late
    assert name.key == key


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("mse_sweep.ipynb", ("mse_sweep.ipynb", 0)),
        ("mse_sweep-1.ipynb", ("mse_sweep.ipynb", 1)),
        ("mse_sweep-12.py", ("mse_sweep.py", 12)),
        (f"mse_sweep-{UUID}.ipynb", ("mse_sweep.ipynb", LAST_RESUBMISSION)),
        ("work-2.tar.gz", ("work.tar.gz", 2)),
        ("mse-sweep.ipynb", ("mse-sweep.ipynb", 0)),
        ("-1.ipynb", ("-1.ipynb", 0)),
    ],
)
def test_canvas_numbers_what_is_handed_in_again(file: str, expected: tuple[str, int]) -> None:
    name = parse(PurePath(f"s01_77_4001_{file}"))
    assert name is not None
    assert (name.file, name.resubmission, name.attachment) == (*expected, 4001)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Student One_101_assignsubmission_file/mse_sweep.ipynb", ("Student One", "101")),
        ("Student One_101_assignsubmission_file_/mse_sweep.ipynb", ("Student One", "101")),
        ("Student One_101_assignsubmission_file_/a b/c/mse_sweep.ipynb", ("Student One", "101")),
        ("Student One_101_assignsubmission_file_mse_sweep.ipynb", ("Student One", "101")),
        ("x/Student One_101_assignsubmission_file_work/mse_sweep.ipynb", ("Student One", "101")),
        ("Étudiante Ünlü_9_assignsubmission_file_/mse_sweep.ipynb", ("Étudiante Ünlü", "9")),
        # As macOS writes it, letters and accents apart.
        ("E\u0301tudiante_9_assignsubmission_file_/mse_sweep.ipynb", ("Étudiante", "9")),
        ("طالب واحد_9_assignsubmission_file_/mse_sweep.ipynb", ("طالب واحد", "9")),
        ("One, Student O'_9_assignsubmission_file/mse_sweep.ipynb", ("One, Student O'", "9")),
        ("Group 3_12_assignsubmission_file/mse_sweep.ipynb", ("Group 3", "12")),
        ("Default group_assignsubmission_file/mse_sweep.ipynb", ("Default group", "")),
        # A name that looks like Canvas's form is still Moodle's folder.
        ("s01_77_4001_assignsubmission_file_/mse_sweep.ipynb", ("s01_77", "4001")),
    ],
)
def test_moodle(path: str, expected: tuple[str, str]) -> None:
    assert parse(PurePosixPath(path)) == LmsName("moodle", *expected, "mse_sweep.ipynb")


def test_moodle_keeps_what_follows_the_first_marker() -> None:
    path = "Student One_101_assignsubmission_file_a_2_assignsubmission_file_b.py"
    assert parse(PurePath(path)) == LmsName(
        "moodle", "Student One", "101", "a_2_assignsubmission_file_b.py"
    )


@pytest.mark.parametrize("above", ["", "assignment_5_export/", "export/assignment_5_export/"])
def test_gradescope(above: str) -> None:
    path = f"{above}submission_987/src/mse_sweep.py"
    assert parse(PurePosixPath(path)) == LmsName("gradescope", "", "987", "mse_sweep.py")


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "/",
        "mse_sweep.ipynb",
        "s01/mse_sweep.ipynb",
        "s01_mse_sweep.ipynb",
        "s01_77_mse_sweep.ipynb",
        "my notes_1_2_mse_sweep.py",
        "s01_77_4001_",
        "s01_77_4001_..",
        "Student One_101_assignsubmission_file_/..",
        "Student One_101_assignsubmission_file_",
        "work/submission_987/mse_sweep.py",
        "submission_987",
    ],
)
def test_other_names_are_none(path: str) -> None:
    assert parse(PurePosixPath(path)) is None


_texts = st.one_of(
    st.text(),
    st.from_regex(r"\w*_(LATE_)?\d+_\d+_.*"),
    st.from_regex(r".*_\d+_assignsubmission_file_?.*"),
    st.lists(st.sampled_from(["_", "/", "..", "\\", "\0", "-1", "12", "a", "anon", "LATE"])).map(
        "".join
    ),
)


@given(text=_texts, flavour=st.sampled_from([PurePosixPath, PureWindowsPath]))
@example(text="a_1_2_\udc80.py", flavour=PurePosixPath)
@example(text="a_1_2_..\\..\\x.py", flavour=PurePosixPath)
@example(text=f"a_1_{'9' * 5000}_x.py", flavour=PurePosixPath)  # longer than int() takes
def test_parse_never_raises_and_gives_plain_names(text: str, flavour: type[PurePath]) -> None:
    name = parse(flavour(text))
    if name is not None:
        assert name.file not in ("", ".", "..")
        assert not set(name.file) & set("/\\\0")
        assert name.resubmission >= 0


@given(
    student=st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=20).filter(
        lambda text: not text.endswith("late") and text != "anon"
    ),
    number=st.integers(0, 10**16),
    late=st.booleans(),
    file=st.text(st.characters(exclude_characters='\0/\\:*?"<>|-', codec="utf-8"), min_size=1),
)
def test_what_canvas_writes_is_read_back(student: str, number: int, late: bool, file: str) -> None:
    student, file = (unicodedata.normalize("NFC", text) for text in (student, file))
    words = [student, *(["LATE"] if late else []), str(number), "4001", file + ".ipynb"]
    name = parse(PurePosixPath("_".join(words)))
    assert name == LmsName("canvas", student, str(number), file + ".ipynb", late, 0, 4001)
