"""Zips that are damaged, hostile or odd: everybody gets a row or a line, and the run goes on."""

from __future__ import annotations

import bz2
import functools
import io
import os
import stat
import subprocess
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from gradpath.errors import GradpathError, SubmissionError
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from gradpath.submissions.zips import MAX_FILES
from tests.conftest import SLUGS, Command
from tests.support.bounded import bounded
from tests.support.raw_zips import GIGABYTE, Entry, bomb, deflated, overlapping, raw_zip

SLUG = "mse_sweep"
FILE = b"mse_sweep.py"
MEMBER = f"{SLUG}.py"


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def found(folder: Path) -> tuple[dict[str, Submission], list[str]]:
    """Return the submissions to the assignment, by student, and the lines about the rest."""
    submissions, ignored = find([folder], [SLUG])
    return {each.student: each for each in submissions}, ignored


def reason(submission: Submission) -> str:
    """Return why a submission cannot be read."""
    with pytest.raises(SubmissionError) as caught:
        submission.source()
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 600
    return message


def text_of(submission: Submission) -> str:
    return submission.source().cells[0].text


def tar_bytes(mode: Literal["w:", "w:gz", "w:bz2", "w:xz"] = "w:") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:
        info = tarfile.TarInfo(MEMBER)
        info.size = 6
        archive.addfile(info, io.BytesIO(b"x = 1\n"))
    return data.getvalue()


def packed(method: int) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.writestr(MEMBER, "x = 1\n")
    return data.getvalue()


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "link": (
        lambda: raw_zip(Entry(FILE, b"/etc/passwd", mode=stat.S_IFLNK | 0o777)),
        "holds a link in the place of this file",
    ),
    "encrypted": (lambda: raw_zip(Entry(FILE, flags=0x801)), "the zip is encrypted"),
    "ten_gigabytes": (
        lambda: raw_zip(bomb(FILE, 10 * GIGABYTE)),
        "the file has 10737.4 MB, 1 MB are allowed",
    ),
    "ten_gigabytes_that_say_they_are_few": (
        lambda: raw_zip(bomb(FILE, 10 * GIGABYTE, said=900_000)),
        "the file cannot be unpacked",
    ),
    "size_too_small": (
        lambda: raw_zip(Entry(FILE, b"x = 1\n" * 100, size=10)),
        "the file cannot be unpacked",
    ),
    "size_too_large": (
        lambda: raw_zip(Entry(FILE, b"", packed=deflated(b"x = 1\n"), size=500)),
        "the file cannot be unpacked",
    ),
    "size_of_64_bits": (lambda: raw_zip(Entry(FILE, size=2**63)), "MB, 1 MB are allowed"),
    "bzip2": (lambda: packed(zipfile.ZIP_BZIP2), "packed with method 12"),
    "lzma": (lambda: packed(zipfile.ZIP_LZMA), "packed with method 14"),
    "unknown_method": (lambda: raw_zip(Entry(FILE, method=97)), "packed with method 97"),
    "overlapping": (
        lambda: overlapping([FILE, *(b"%d.py" % n for n in range(1000))], GIGABYTE),
        "MB, 1 MB are allowed",
    ),
    "many_entries": (
        lambda: raw_zip(*(Entry(b"%d" % n, at=0) for n in range(100_000)), zip64=True),
        "has 100 000 files, 50 000 are allowed",
    ),
    "many_entries_that_say_they_are_few": (
        lambda: raw_zip(*(Entry(b"%d" % n, at=0) for n in range(100_000)), count=1),
        "has 100 000 files, 50 000 are allowed",
    ),
    "directory_that_is_too_large": (
        lambda: raw_zip(*(Entry(b"x" * 65_535, at=0) for _ in range(300))),
        "table of contents",
    ),
    "directory_that_is_not_there": (
        lambda: raw_zip(Entry(FILE), directory_size=10_000_000),
        "is no zip file; pack it again",
    ),
    "zip64_directory_that_is_not_there": (
        lambda: raw_zip(Entry(FILE), directory_size=2**62, zip64=True),
        "table of contents",
    ),
    "tar": (tar_bytes, "is no zip file but a tar archive; pack its files again as a zip"),
    "tar_gz": (lambda: tar_bytes("w:gz"), "is no zip file but a gzip file"),
    "tar_bz2": (lambda: tar_bytes("w:bz2"), "is no zip file but a bzip2 file"),
    "tar_xz": (lambda: tar_bytes("w:xz"), "is no zip file but an xz file"),
    "damaged": (lambda: b"PK\3\4 no zip", "is no zip file"),
    "rar": (lambda: b"Rar!\x1a\7\1\0" + bytes(100), "is no zip file but a RAR archive"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "is no zip file but a 7z archive"),
    "nothing_to_grade": (lambda: raw_zip(Entry(b"notes.txt")), "holds no .py or .ipynb file"),
    "empty_names_only": (lambda: raw_zip(Entry(b""), Entry(b"."), Entry(b"/")), "holds no .py"),
    "folders_only": (lambda: raw_zip(Entry(b"mse_sweep.py/")), "is an empty zip"),
    "zip_in_zip_in_zip_in_zip": (
        lambda: nested(raw_zip(Entry(FILE)), 3),
        "is a zip in a zip in a zip",
    ),
    "large_zip_in_zip": (
        lambda: raw_zip(Entry(b"mse_sweep.zip", bytes(21_000_000))),
        "has 21.0 MB, 20 MB are allowed for a zip in a zip",
    ),
    "encrypted_zip_in_zip": (
        lambda: raw_zip(Entry(b"mse_sweep.zip", raw_zip(Entry(FILE)), flags=0x801)),
        "the zip is encrypted",
    ),
}


@functools.cache
def unreadable(name: str) -> bytes:
    """Return one of them; some take a second to make."""
    return UNREADABLE[name][0]()


def nested(data: bytes, levels: int) -> bytes:
    for _ in range(levels):
        data = raw_zip(Entry(b"mse_sweep.zip", data))
    return data


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_zip_that_cannot_be_graded_is_a_row_with_a_reason(name: str, tmp_path: Path) -> None:
    words = UNREADABLE[name][1]
    put(tmp_path / "s01" / "mse_sweep.zip", unreadable(name))
    put(tmp_path / "s02" / MEMBER, b"x = 2\n")
    submissions, _ = found(tmp_path)
    assert sorted(submissions) == ["s01", "s02"]
    assert words in reason(submissions["s01"])
    assert text_of(submissions["s02"]) == "x = 2\n"


READABLE: dict[str, Callable[[], bytes]] = {
    "parent": lambda: raw_zip(Entry(b"../../mse_sweep.py")),
    "absolute": lambda: raw_zip(Entry(b"/etc/mse_sweep.py")),
    "server": lambda: raw_zip(Entry(b"\\\\server\\share\\mse_sweep.py")),
    "drive": lambda: raw_zip(Entry(b"C:\\work\\mse_sweep.py")),
    "drive_without_a_folder": lambda: raw_zip(Entry(b"C:mse_sweep.py")),
    "dots": lambda: raw_zip(Entry(b"./././mse_sweep.py")),
    "empty_name_beside": lambda: raw_zip(Entry(b""), Entry(b"."), Entry(b"\\"), Entry(FILE)),
    "zip64": lambda: raw_zip(Entry(FILE), zip64=True),
    "zip64_field_of_nothing": lambda: raw_zip(Entry(FILE, extra=b"\1\0\0\0")),
    "stored": lambda: raw_zip(Entry(FILE, method=0)),
    "something_before_it": lambda: b"#!/bin/sh\n" + raw_zip(Entry(FILE)),
    "deep": lambda: raw_zip(Entry(b"a/" * 30_000 + FILE)),
    "long_name_beside": lambda: raw_zip(Entry(b"x" * 65_532 + b".py"), Entry(FILE)),
    "zip_in_zip_in_zip": lambda: nested(raw_zip(Entry(FILE)), 2),
    "link_beside": lambda: raw_zip(
        Entry(b"mse_sweep.ipynb", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), Entry(FILE)
    ),
    "bomb_beside": lambda: raw_zip(bomb(b"mse_sweep.ipynb", GIGABYTE), Entry(FILE)),
    "many_files": lambda: raw_zip(*(Entry(b"%d" % n, at=0) for n in range(9_999)), Entry(FILE)),
}


@pytest.mark.parametrize("name", READABLE)
def test_an_odd_zip_is_graded(name: str, tmp_path: Path) -> None:
    put(tmp_path / "s01" / "work.zip", READABLE[name]())
    submissions, _ = found(tmp_path)
    assert list(submissions) == ["s01"]
    assert text_of(submissions["s01"]) == "x = 1\n"
    assert submissions["s01"].file.isprintable()
    assert len(submissions["s01"].file) <= 400


def test_archives_that_are_no_zips_and_zips_of_nothing(tmp_path: Path) -> None:
    """Nobody vanishes: a tar is read, and everything else is a row with the reason."""
    put(tmp_path / "s01" / "figures.zip", raw_zip(Entry(b"loss.png")))
    for number, name in enumerate(("tar", "tar_gz", "tar_bz2", "tar_xz")):
        put(tmp_path / f"tar{number}" / "work.tar.gz", UNREADABLE[name][0]())
    put(tmp_path / "s03.zip", raw_zip(Entry(b"work.rar"), Entry(FILE)))
    put(tmp_path / "s04" / "work.rar", b"Rar!")
    put(tmp_path / "s05" / "mse_sweep.7z", b"7z")
    put(tmp_path / "s06.zip", raw_zip(Entry(b".DS_Store"), Entry(b"essay.pdf")))
    put(tmp_path / "s07.zip", raw_zip(Entry(b"work.tar", tar_bytes())))
    put(tmp_path / "s08.tgz", tar_bytes("w:gz"))
    put(tmp_path / "s09" / "mse_sweep.tar.gz", b"no tar")
    submissions, ignored = found(tmp_path)
    read = ["s03", "s07", "s08", "tar0", "tar1", "tar2", "tar3"]
    assert sorted(submissions) == sorted(["s01", "s04", "s05", "s06", "s09", *read])
    assert {text_of(submissions[name]) for name in read} == {"x = 1\n"}
    assert "figures.zip (a zip without anything to grade)" in reason(submissions["s01"])
    assert "work.rar (an archive that is no zip); hand in mse_sweep.py" in reason(
        submissions["s04"]
    )
    assert "mse_sweep.7z (an archive that is no zip)" in reason(submissions["s05"])
    assert "s06.zip (a zip without anything to grade)" in reason(submissions["s06"])
    assert "mse_sweep.tar.gz cannot be unpacked" in reason(submissions["s09"])
    assert ignored == ["s03.zip/work.rar: an archive that is no zip, left out"]


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:xz"])
def test_hostile_tars(mode: Literal["w:", "w:gz", "w:xz"], tmp_path: Path) -> None:
    """A member of a gigabyte, links, devices, and names that lead elsewhere."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:
        for name, kind in (("mse_sweep.py", tarfile.SYMTYPE), ("x", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("../../../etc/rosenbrock.py"))
    put(tmp_path / "s01" / "work.tar.gz", data.getvalue())
    large = io.BytesIO()
    with tarfile.open(fileobj=large, mode=mode) as archive:
        info = tarfile.TarInfo(MEMBER)
        info.size = 60_000_000 if mode != "w:" else 30_000_000
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    put(tmp_path / "s02" / "mse_sweep.tar", large.getvalue())
    submissions, _ = found(tmp_path)
    assert "holds a link" in reason(submissions["s01"])
    assert "MB" in reason(submissions["s02"])
    assert not (tmp_path.parent / "etc").exists()


def test_names_without_the_flag_that_are_utf8(tmp_path: Path) -> None:
    """`zip` on many systems writes UTF-8 and does not say so."""
    for flags in (0, 0x800):
        members = [f"{name}/mse_sweep.py".encode() for name in ("Jörg", "王小明", "s03")]
        data = raw_zip(*(Entry(name, flags=flags) for name in members))
        submissions, _ = find([put(tmp_path / f"{flags}.zip", data)], SLUGS)
        assert sorted(each.student for each in submissions) == ["Jörg", "s03", "王小明"]
        assert {text_of(each) for each in submissions} == {"x = 1\n"}
    # Bytes that are no UTF-8 stay as they were.
    data = raw_zip(Entry(b"J\x94rg/mse_sweep.py", flags=0), Entry(b"s02/mse_sweep.py"))
    submissions, _ = find([put(tmp_path / "old.zip", data)], SLUGS)
    assert [each.student for each in submissions] == ["Jörg", "s02"]


def test_the_last_of_several_entries_of_one_name_counts(tmp_path: Path) -> None:
    """As for programs that unpack: an archive is updated by appending to it."""
    entries = [Entry(FILE, b"x = %d\n" % number) for number in range(3)]
    put(tmp_path / "s01.zip", raw_zip(*entries))
    submissions, _ = found(tmp_path)
    assert text_of(submissions["s01"]) == "x = 2\n"
    assert submissions["s01"].note.count(MEMBER) == 2


def test_names_that_differ_in_case_are_one_file_and_others(tmp_path: Path) -> None:
    names = (b"MSE_SWEEP.PY", b"mse_sweep.py", b"Mse_Sweep.py")
    put(tmp_path / "s01.zip", raw_zip(*(Entry(name, b"# " + name) for name in names)))
    submissions, _ = found(tmp_path)
    assert text_of(submissions["s01"]) == "# mse_sweep.py"
    assert "not used: Mse_Sweep.py, MSE_SWEEP.PY" in submissions["s01"].note


def test_a_name_in_two_normal_forms_is_one_student(tmp_path: Path) -> None:
    """macOS writes accents apart from their letters; both names look the same in the grades."""
    name = "\u00e9l\u00e8ve"
    apart = unicodedata.normalize("NFD", name)
    data = raw_zip(
        Entry(f"{name}/mse_sweep.py".encode()),
        Entry(f"{apart}/rosenbrock.py".encode()),
        Entry(b"s02/rosenbrock.py"),
    )
    (submissions, _) = find([put(tmp_path / "cohort.zip", data)], SLUGS)
    assert [(each.student, each.assignment) for each in submissions] == [
        ("s02", "rosenbrock"),
        (name, SLUG),
        (name, "rosenbrock"),
    ]


SCRIPTS = ("Ωmega", "студент", "طالب", "छात्र", "学生", "นักเรียน", "می\u200cخواهم", "😀", "O'x, y")


def test_names_in_any_script_stay_as_they_are(tmp_path: Path) -> None:
    data = raw_zip(*(Entry(f"{name}/mse_sweep.py".encode()) for name in SCRIPTS))
    submissions, _ = find([put(tmp_path / "cohort.zip", data)], SLUGS)
    assert {each.student for each in submissions} == set(SCRIPTS)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("s01\ns02", "s01\\ns02"),
        ("\x1b[31ms01", "\\x1b[31ms01"),
        ("s01\u202e10s", "s01\\u202e10s"),
        ("s\u2066\u200e01", "s\\u2066\\u200e01"),
        ("s01\r\x07\x9b1m", "s01\\r\\x07\\x9b1m"),
        ("s01\u2028x", "s01\\u2028x"),
    ],
)
def test_names_that_act_are_shown_and_do_not(name: str, shown: str, tmp_path: Path) -> None:
    data = raw_zip(Entry(f"{name}/mse_sweep.py".encode()), Entry(b"s09/mse_sweep.py"))
    submissions, _ = find([put(tmp_path / "cohort.zip", data)], SLUGS)
    assert {each.student for each in submissions} == {shown, "s09"}
    assert all(each.file.isprintable() for each in submissions)


def test_long_names_stay_different(tmp_path: Path) -> None:
    names = [b"s" * 60_000 + end for end in (b"1", b"2")]
    data = raw_zip(*(Entry(name + b"/mse_sweep.py") for name in names))
    submissions, _ = find([put(tmp_path / "cohort.zip", data)], SLUGS)
    assert len({each.student for each in submissions}) == 2
    assert all(len(each.student) <= 120 for each in submissions)


def test_bytes_that_are_no_text_stay_different(tmp_path: Path) -> None:
    """They were one student before, with two rows, of which one was lost in grades.csv."""
    for name in (b"s\xff", b"s\xfe"):
        os.mkdir(os.fsencode(tmp_path) + b"/" + name)
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name), MEMBER).write_text("x = 1\n")
    submissions, _ = found(tmp_path)
    assert sorted(submissions) == ["s\\xfe", "s\\xff"]


def test_a_zip_hands_nothing_in_for_somebody_who_has_done_so(tmp_path: Path) -> None:
    """A folder in a zip says a name, and anybody can write it."""
    forged = raw_zip(Entry(b"s01/mse_sweep.py", b"forged"), Entry(b"s02/mse_sweep.py", b"own"))
    put(tmp_path / "s01.zip", raw_zip(Entry(FILE, b"real")))
    put(tmp_path / "s02.zip", forged)
    put(tmp_path / "s03" / MEMBER, b"real")
    put(tmp_path / "s04.zip", raw_zip(Entry(b"s03/mse_sweep.py", b"forged"), Entry(b"s04/x.py")))
    submissions, ignored = found(tmp_path)
    assert {name: text_of(each) for name, each in submissions.items()} == {
        "s01": "real",
        "s02": "own",
        "s03": "real",
        "s04": "forged",  # by itself: an archive hands in for the one who uploaded it
    }
    assert ignored == [
        "s02.zip/s01/mse_sweep.py: s02 has handed in another file for mse_sweep, left out",
        "s04.zip/s04/x.py: not named after an assignment, left out",
    ]
    # In a download, too, which is one zip of everybody's.
    everybody = raw_zip(Entry(b"s01.zip", raw_zip(Entry(FILE, b"real"))), Entry(b"s02.zip", forged))
    whole = find([put(tmp_path / "all" / "cohort.zip", everybody)], [SLUG])[0]
    assert [text_of(each) for each in whole] == ["real", "own"]


@pytest.mark.parametrize(
    "inside",
    [
        raw_zip(Entry(b"S01/mse_sweep.py", b"x"), Entry(b"s02/rosenbrock.py", b"x")),
        raw_zip(Entry(b"s09/mse_sweep.py", b"x"), Entry(b"code/rosenbrock.py", b"x")),
        raw_zip(Entry(b"S01.zip", raw_zip(Entry(FILE, b"x"))), Entry(b"x/rosenbrock.py", b"x")),
        raw_zip(Entry("s\u00f61/mse_sweep.py".encode(), b"x"), Entry(b"s02 /rosenbrock.py", b"x")),
        raw_zip(Entry(b"=cmd()/mse_sweep.py", b"x"), Entry(b"s01./rosenbrock.py", b"x")),
    ],
)
def test_a_zip_beside_others_makes_no_row_for_anybody_else(inside: bytes, tmp_path: Path) -> None:
    """Its folders would have been students that nobody knows, or that differ in case alone."""
    put(tmp_path / "folders" / "s01" / MEMBER, b"real")
    put(tmp_path / "folders" / "s02.zip", inside)
    everybody = raw_zip(Entry(b"s01/mse_sweep.py", b"real"), Entry(b"s02.zip", inside))
    for path in (tmp_path / "folders", put(tmp_path / "cohort.zip", everybody)):
        submissions, ignored = find([path], SLUGS)
        assert [(each.student, each.assignment) for each in submissions] == [
            ("s01", SLUG),
            ("s02", SLUG),
            ("s02", "rosenbrock"),
        ]
        assert text_of(submissions[0]) == "real"
        assert ignored == []


def test_a_zip_beside_others_that_looks_like_a_cohorts_is_named(tmp_path: Path) -> None:
    cohort = raw_zip(Entry(b"s01/mse_sweep.py", b"x"), Entry(b"s02/mse_sweep.py", b"x"))
    put(tmp_path / "monday.zip", cohort)
    assert sorted(found(tmp_path)[0]) == ["s01", "s02"]
    put(tmp_path / "tuesday.zip", cohort)
    site = raw_zip(Entry(b"adalovelace_1_2_mse_sweep.py"), Entry(b"doejo_3_4_mse_sweep.py"))
    put(tmp_path / "sunday.zip", site)
    put(tmp_path / "friday.zip", raw_zip(Entry(b"s01.zip", cohort), Entry(b"s02.zip", cohort)))
    submissions, ignored = found(tmp_path)
    assert sorted(submissions) == ["friday", "monday", "sunday", "tuesday"]
    assert ignored == [
        f"{name}.zip: it has several {several}, and hands in for {name} alone; "
        "give the zip of a cohort by itself"
        for name, several in (
            ("friday", "archives (s01.zip, s02.zip)"),
            ("monday", "folders with mse_sweep (s01, s02)"),
            ("sunday", "students of a course site (adalovelace_1, doejo_3)"),
            ("tuesday", "folders with mse_sweep (s01, s02)"),
        )
    ]


def test_a_student_without_a_file_to_grade_makes_a_zip_lie_beside_others(tmp_path: Path) -> None:
    inside = raw_zip(Entry(b"S01/mse_sweep.py"), Entry(b"S03/mse_sweep.py"), Entry(b"S04/x.py"))
    put(tmp_path / "all" / "s01" / "report.pdf", b"x")
    put(tmp_path / "all" / "s02.zip", inside)
    put(tmp_path / "all" / "__MACOSX" / "._s02.zip", b"x")
    everybody = raw_zip(Entry(b"s01/report.pdf"), Entry(b"s02.zip", inside))
    for path in (tmp_path / "all", put(tmp_path / "all.zip", everybody)):
        submissions, ignored = find([path], [SLUG])
        assert [each.student for each in submissions] == ["s01", "s02"]
        assert any("s02.zip: it has several folders" in line for line in ignored)
    # A file beside it that is nobody's makes no student of the zip of a cohort.
    put(tmp_path / "cohort" / "monday.zip", inside)
    put(tmp_path / "cohort" / "README.txt", b"x")
    assert sorted(found(tmp_path / "cohort")[0]) == ["S01", "S03", "S04"]


def test_folders_that_are_passed_over_are_named(tmp_path: Path) -> None:
    names = (".s01", "__s02__", "s03/.old", ".git", "__MACOSX", ".empty", "s03/.ipynb_checkpoints")
    for name in names:
        put(tmp_path / "all" / name / ("README" if name == ".empty" else MEMBER), b"x")
    put(tmp_path / "all" / "s03" / "._mse_sweep.py", b"x")
    put(tmp_path / "all" / "s03" / MEMBER, b"real")
    files = [path for path in (tmp_path / "all").rglob("*") if path.is_file()]
    data = raw_zip(
        *(
            Entry(path.relative_to(tmp_path / "all").as_posix().encode(), path.read_bytes())
            for path in files
        )
    )
    for path, before in ((tmp_path / "all", ""), (put(tmp_path / "all.zip", data), "all.zip/")):
        submissions, ignored = find([path], [SLUG])
        assert [text_of(each) for each in submissions] == ["real"]
        assert ignored == [
            f"{before}{name}: the name begins with . or __ (rename the folder if it is a "
            "student's), left out"
            for name in (".s01", "__s02__", "s03/.old")
        ]


def test_students_who_may_be_one_are_named(tmp_path: Path) -> None:
    names = ("s01", "S01", "s01.", "s 01", "\uff53\uff10\uff11", "s02", "s010")
    data = raw_zip(*(Entry(f"{name}/mse_sweep.py".encode()) for name in names))
    submissions, ignored = find([put(tmp_path / "cohort.zip", data)], SLUGS)
    assert {each.student for each in submissions} == set(names)
    assert ignored == [
        "'S01' and 's 01' and 's01' and 's01.' and '\uff53\uff10\uff11' may be one student: their "
        "ids differ in case, blanks, dots or width alone"
    ]


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A folder with 1,500 folders inside one another, which pytest could not delete."""
    folder = tmp_path / "s02"
    folder.mkdir()
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
        yield folder
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", folder], check=True)


@pytest.mark.slow
def test_a_folder_of_many_folders_inside_one_another(deep: Path, tmp_path: Path) -> None:
    put(tmp_path / "s01" / MEMBER, b"x = 1\n")
    submissions, ignored = found(tmp_path)
    assert list(submissions) == ["s01", "s02"]
    assert not ignored
    assert "too many folders inside one another" in reason(submissions["s02"])


def test_many_files_for_one_assignment(tmp_path: Path) -> None:
    """A few are looked into, and the message names a few."""
    code = b"x = 1\n" * 150_000
    packed = deflated(code)
    first = Entry(b"0/mse_sweep.py", code)
    others = [
        Entry(b"%d/mse_sweep.py" % n, b"", size=len(code), packed=packed, at=0)
        for n in range(1, 2_000)
    ]
    data = raw_zip(first, *others)
    put(tmp_path / "s01" / "work.zip", data)
    said = bounded(
        "(each,), _ = find([Path(sys.argv[1])], slugs()); print(len(each.note), each.note)",
        tmp_path,
    )
    assert "and 1994 more" in said
    assert int(said.split()[0]) < 300


def test_zips_inside_one_zip_are_bounded_together(tmp_path: Path) -> None:
    """4,000 zips of 19 MB, all the same bytes: 76 GB in a file of less than a megabyte."""
    inner = raw_zip(Entry(FILE), Entry(b"zeros", bytes(19_000_000), method=0))
    packed = deflated(inner)
    first = Entry(b"0/mse_sweep.zip", inner)
    others = [
        Entry(b"%d/mse_sweep.zip" % n, b"", size=len(inner), packed=packed, at=0)
        for n in range(1, 4_000)
    ]
    path = put(tmp_path / "s01" / "work.zip", raw_zip(first, *others))
    assert path.stat().st_size < 1_000_000
    said = bounded(
        "(each,), _ = find([Path(sys.argv[1])], ['mse_sweep'])\n"
        "try: print(each.source().cells[0].text)\n"
        "except SubmissionError as error: print(error)",
        tmp_path,
    )
    assert "x = 1" in said or "too many zips" in said or "unpacked" in said


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    return {name: make() for name, make in BOMBS.items()}


@pytest.mark.parametrize(
    "name", [pytest.param("cohort.zip", marks=pytest.mark.slow), "s01/mse_sweep.zip", "s01.zip"]
)
def test_memory_and_time_are_bounded(name: str, bombs: dict[str, bytes], tmp_path: Path) -> None:
    """All bombs, one after another, in a process that has little memory."""
    given = []
    for bad, data in bombs.items():
        path = put(tmp_path / bad / name, data)
        if bad == "sparse":
            os.truncate(path, 20 * GIGABYTE)
        given.append(path if name == "cohort.zip" else tmp_path / bad)
    said = bounded(
        "for path in map(Path, sys.argv[1:]):\n"
        "    try:\n"
        "        for each in find([path], ['mse_sweep'])[0]:\n"
        "            try: each.source()\n"
        "            except SubmissionError as error: print(error)\n"
        "    except GradpathError as error: print(error)\n",
        *given,
    )
    assert len(said.splitlines()) == len(BOMBS)


BOMBS: dict[str, Callable[[], bytes]] = {
    **{name: functools.partial(unreadable, name) for name in UNREADABLE if "gigabytes" in name},
    "overlapping": functools.partial(unreadable, "overlapping"),
    "many_entries": functools.partial(unreadable, "many_entries"),
    "bzip2_bomb": lambda: raw_zip(
        Entry(FILE, b"", method=12, size=900_000, packed=bz2_zeros(4 * GIGABYTE))
    ),
    "nested_ten_gigabytes": lambda: raw_zip(
        Entry(b"mse_sweep.zip", raw_zip(bomb(FILE, 10 * GIGABYTE, said=900_000)))
    ),
    "entries_without_names": lambda: raw_zip(
        *(Entry(b"", b"", method=0, at=0) for _ in range(300_000)), zip64=True
    ),
    "sparse": lambda: b"PK\3\4",
}


def bz2_zeros(size: int) -> bytes:
    """Return bzip2 streams, one after another, of zeros."""
    return bz2.compress(bytes(2**26)) * (size // 2**26)


@pytest.mark.slow
def test_an_archive_of_the_largest_number_of_files(tmp_path: Path) -> None:
    entries = [Entry(b"%d" % n, at=0) for n in range(MAX_FILES - 1)]
    put(tmp_path / "s01.zip", raw_zip(Entry(FILE), *entries, zip64=True))
    assert text_of(found(tmp_path)[0]["s01"]) == "x = 1\n"


def test_a_zip_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "s01" / "mse_sweep.zip", raw_zip(Entry(FILE)))
    real = Path.open

    def refuse(self: Path, *arguments: Any, **named: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return real(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read: Permission denied" in reason(found(tmp_path)[0]["s01"])
    with pytest.raises(GradpathError, match="Permission denied"):
        find([path], [SLUG])


@pytest.mark.slow
def test_the_run_goes_on(gradpath: Command, tmp_path: Path) -> None:
    """All of it in one cohort, through the command line; one bomb stands for all."""
    names = {*UNREADABLE} - {*BOMBS} | {"ten_gigabytes"}
    for name in names:
        put(tmp_path / "in" / name / "mse_sweep.zip", unreadable(name))
    for name, make in READABLE.items():
        put(tmp_path / "in" / name / "work.zip", make())
    done = gradpath(
        *("grade", tmp_path / "in", "--out", tmp_path / "out", "--public"),
        *("--assignment", SLUG, "--explain"),
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    rows = (tmp_path / "out" / "grades.csv").read_text().splitlines()
    assert sorted(row.split(",")[0] for row in rows[1:]) == sorted({*names, *READABLE})
