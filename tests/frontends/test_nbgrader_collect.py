"""`nbgrader zip_collect` on downloads of course sites, and feedback for a mixed cohort.

Real nbgrader commands on a small course with one notebook that does nothing: what counts
here is which file goes where.
"""

from __future__ import annotations

import io
import logging
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import nbformat
import pytest
from jupyter_core.application import NoStart
from nbgrader.api import Gradebook
from nbgrader.apps.nbgraderapp import NbGraderApp
from setuptools.archive_util import UnrecognizedFormat

from gradpath.frontends.nbgrader.collect.collect import HandedIn, Names, choose
from gradpath.frontends.nbgrader.collect.students import Owner, Student, assign_ids, safe_id
from gradpath.frontends.nbgrader.config import SETTINGS_FILES
from tests.support.raw_zips import GIGABYTE, Entry, bomb, raw_zip

pytestmark = pytest.mark.stock

SLUG = "mse_sweep"
NOTEBOOK = f"{SLUG}.ipynb"

CONFIG = """
from gradpath.frontends.nbgrader.collect.collect import LmsCollector
from gradpath.frontends.nbgrader.exchange import ReleaseFeedback
from gradpath.frontends.nbgrader.collect.extract import LmsExtractor

c = get_config()
c.CourseDirectory.course_id = "sample"
c.ZipCollectApp.collector_plugin = LmsCollector
c.ZipCollectApp.extractor_plugin = LmsExtractor
c.ExchangeFactory.release_feedback = ReleaseFeedback
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.Exchange.assignment_dir = {home!r}
"""


def notebook(answer: str = "answer = 1") -> bytes:
    """Return a notebook with a solution cell and a test cell of one point."""

    def cell(text: str, **more: object) -> nbformat.NotebookNode:
        made: nbformat.NotebookNode = nbformat.v4.new_code_cell(text, id=str(more["grade_id"]))
        flags = {"schema_version": 3, "task": False, "solution": False, "grade": False}
        made.metadata["nbgrader"] = {**flags, "locked": False, **more}
        return made

    book = nbformat.v4.new_notebook(
        cells=[
            cell(answer, grade_id="answer", solution=True),
            cell("assert answer == 1", grade_id="test", grade=True, locked=True, points=1),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    return str(nbformat.writes(book)).encode()


@dataclass(frozen=True)
class Course:
    """An nbgrader course folder."""

    folder: Path

    def run(self, *words: str) -> str:
        """Run an nbgrader command in this process; it must end well. Returns its log."""
        log = io.StringIO()
        app = NbGraderApp.instance()
        status: object = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            # nbgrader runs alembic's command when it makes a gradebook.
            patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
            try:
                app.initialize([*words])
                app.init_logging(logging.StreamHandler, [log], color=False, subapps=True)
                app.start()
            except NoStart:
                pass  # how the parent command ends
            except SystemExit as end:
                status = end.code
            finally:
                app.reset()
        assert not status, log.getvalue()
        return log.getvalue()

    def download(self, files: Mapping[str, bytes], name: str = "submissions.zip") -> None:
        """Put an archive where nbgrader looks for downloads."""
        archive = self.folder / "downloaded" / SLUG / "archive" / name
        archive.parent.mkdir(parents=True, exist_ok=True)
        archive.write_bytes(zipped(files))

    def collected(self) -> dict[str, bytes]:
        """Return the contents of `submitted/`, by student and file."""
        root = self.folder / "submitted"
        found = {path.relative_to(root): path for path in root.rglob("*") if path.is_file()}
        assert all(path.parts[1] == SLUG for path in found)
        return {
            f"{relative.parts[0]}/{PurePath(*relative.parts[2:])}": path.read_bytes()
            for relative, path in found.items()
        }

    def clear(self) -> None:
        """Forget all that was collected and graded."""
        for name in ("downloaded", "submitted", "autograded", "feedback", "home", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def enrol(self, student: str, **more: str) -> None:
        """Enter a student into the gradebook."""
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db", "sample") as gradebook:
            gradebook.update_or_create_student(student, **more)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip: the same bytes whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Make a course with one assignment and students, and generate the assignment."""
    folder = tmp_path_factory.mktemp("course")
    course = Course(folder)
    for name in (SLUG, "rosenbrock"):
        (folder / "source" / name).mkdir(parents=True)
        (folder / "source" / name / f"{name}.ipynb").write_bytes(notebook())
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    places = {name: str(folder / name) for name in ("exchange", "cache", "home")}
    (folder / "nbgrader_config.py").write_text(CONFIG.format(**places), encoding="utf-8")
    course.run("generate_assignment", SLUG)
    course.run("release_assignment", SLUG)
    course.enrol("s01", first_name="Student", last_name="One", lms_user_id="71")
    course.enrol("s02", first_name="Student", last_name="Two", lms_user_id="72")
    return course


@pytest.fixture
def course(made: Course) -> Iterator[Course]:
    """The course, with nothing collected."""
    made.clear()
    yield made
    made.clear()


def collect(course: Course, *words: str) -> tuple[dict[str, bytes], str]:
    """Run `nbgrader zip_collect` and return the contents of `submitted/`, and the log."""
    log = course.run("zip_collect", SLUG, *words)
    return course.collected(), log


def test_canvas_download(course: Course) -> None:
    work = zipped({f"work/{NOTEBOOK}": b"in a zip", "__MACOSX/work/._x.ipynb": b"-"})
    download = {
        f"onestudent_71_4001_{NOTEBOOK}": b"the first",
        f"onestudent_71_4009_{SLUG}-1.ipynb": b"the second",
        f"twostudent_LATE_72_4002_{SLUG} (1).ipynb": b"late",
        # No lms_user_id belongs to this student.
        f"müllerstudent_73_4003_{SLUG}_final.ipynb": b"final",
        "fourstudent_74_4004_my own name.ipynb": b"renamed",
        f"fivestudent_75_4005_{SLUG}.py": b"script",
        "sixstudent_76_4006_work.zip": work,
        f"anon_Xb3fQ_4007_{NOTEBOOK}": b"anonymous",
        "sevenstudent_77_4008_essay.pdf": b"%PDF",
        "sevenstudent_77_4010_submission_secret.txt": b"made up",
        "eightstudent_78_4011_rosenbrock.ipynb": b"another assignment's",
    }
    course.download(download)
    files, log = collect(course)
    assert files == {
        f"s01/{NOTEBOOK}": b"the second",
        f"s02/{NOTEBOOK}": b"late",
        f"müllerstudent_73/{NOTEBOOK}": b"final",
        f"fourstudent_74/{NOTEBOOK}": b"renamed",
        f"fivestudent_75/{SLUG}.py": b"script",
        f"sixstudent_76/{NOTEBOOK}": b"in a zip",
        f"anon_Xb3fQ/{NOTEBOOK}": b"anonymous",
        "sevenstudent_77/essay.pdf": b"%PDF",
        "eightstudent_78/rosenbrock.ipynb": b"another assignment's",
    }
    assert f"s01: onestudent_71_4009_{SLUG}-1.ipynb is the newest {NOTEBOOK}; left out" in log
    assert f"s02: handed in late, says the course site: {NOTEBOOK}" in log
    assert f"fourstudent_74: my own name.ipynb is taken for {NOTEBOOK}" in log
    assert "sevenstudent_77: nothing to grade in essay.pdf" in log
    assert "eightstudent_78: no file for mse_sweep; collected rosenbrock.ipynb" in log


def test_files_that_nbgrader_would_execute_are_not_taken_in(course: Course) -> None:
    settings = {f"{name}.{kind}": b"x" for name in SETTINGS_FILES for kind in ("py", "json")}
    download = {
        f"onestudent_71_4001_{NOTEBOOK}": b"notebook",
        **{f"onestudent_71_400{n}_{name}": b"x" for n, name in enumerate(settings, 2)},
        "twostudent_72_4008_work.zip": zipped({f"a/{SLUG}.py": b"script", **settings}),
    }
    course.download(download)
    files, _ = collect(course)
    assert files == {f"s01/{NOTEBOOK}": b"notebook", f"s02/{SLUG}.py": b"script"}
    # In the folder of the download, nobody but the site has given a name to a file.
    downloaded = (course.folder / "downloaded").rglob("*")
    assert not [path for path in downloaded if path.stem in SETTINGS_FILES]


@pytest.mark.parametrize("ending", ["", "_"])
def test_moodle_download_in_folders(course: Course, ending: str) -> None:
    def at(who: str, file: str) -> str:
        return f"{who}_assignsubmission_file{ending}/{file}"

    download = {
        at("Student One_71", NOTEBOOK): b"enrolled",
        at("Student Ünlü+ß_102", f"{SLUG}-2.ipynb"): b"umlauts",
        at("Same Name_103", NOTEBOOK): b"one of two",
        at("Same Name_104", f"old/{NOTEBOOK}"): b"the other",
        # s02 has 72 as the user number on Canvas; Moodle's numbers are others.
        at("Student Three_72", NOTEBOOK): b"not s02",
        at("+++_105", f"{SLUG}.py"): b"no name",
        "Student Four_106_assignsubmission_onlinetext/onlinetext.html": b"<p>",
    }
    course.download(download, "MLCourse-mse_sweep-812.zip")
    files, log = collect(course)
    assert files == {
        f"s01/{NOTEBOOK}": b"enrolled",
        f"Student Ünlüß/{NOTEBOOK}": b"umlauts",
        f"Same Name_103/{NOTEBOOK}": b"one of two",
        f"Same Name_104/{NOTEBOOK}": b"the other",
        f"Student Three/{NOTEBOOK}": b"not s02",
        f"105/{SLUG}.py": b"no name",
        "Student Four/onlinetext.html": b"<p>",
    }
    assert "2 students would be called 'Same Name'; they are kept apart as" in log


def test_names_in_utf8_without_the_flag(course: Course) -> None:
    name = f"Jörg Müller_7_assignsubmission_file/{NOTEBOOK}".encode()
    archive = course.folder / "downloaded" / SLUG / "archive" / "x.zip"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(raw_zip(Entry(name, b"umlauts", flags=0)))
    assert collect(course)[0] == {f"Jörg Müller/{NOTEBOOK}": b"umlauts"}


def test_moodle_download_without_folders(course: Course) -> None:
    download = {
        f"Student One_101_assignsubmission_file_{NOTEBOOK}": b"notebook",
        f"Student One_101_assignsubmission_file_{SLUG}.py": b"script",
        "Student Two_102_assignsubmission_file_Untitled.ipynb": b"renamed",
        "Student Two_102_assignsubmission_file_helpers.py": b"helpers",
    }
    course.download(download)
    assert collect(course)[0] == {
        f"s01/{NOTEBOOK}": b"notebook",
        f"s01/{SLUG}.py": b"script",
        f"s02/{NOTEBOOK}": b"renamed",
        "s02/helpers.py": b"helpers",
    }


def test_gradescope_export(course: Course) -> None:
    download = {
        "assignment_5_export/submission_metadata.yml": b"-",
        f"assignment_5_export/submission_901/{NOTEBOOK}": b"one",
        f"assignment_5_export/submission_902/src/{SLUG}.py": b"two",
    }
    course.download(download, "export.zip")
    files, log = collect(course)
    assert files == {f"submission_901/{NOTEBOOK}": b"one", f"submission_902/{SLUG}.py": b"two"}
    assert "submission_metadata.yml: the name says not whose file it is" in log


def test_an_archive_that_is_called_like_a_students_file(course: Course) -> None:
    download = {f"a_81_1_{NOTEBOOK}": b"a", f"b_82_2_{NOTEBOOK}": b"b"}
    course.download(download, "course_2024_1_submissions.zip")
    assert collect(course)[0] == {f"a_81/{NOTEBOOK}": b"a", f"b_82/{NOTEBOOK}": b"b"}


def test_files_in_a_students_zip_stay_that_students(course: Course) -> None:
    forged = zipped({f"onestudent_71_9999_{NOTEBOOK}": b"forged"})
    course.download({f"onestudent_71_1_{NOTEBOOK}": b"real", "x_90_2_work.zip": forged})
    assert collect(course)[0] == {f"s01/{NOTEBOOK}": b"real", f"x_90/{NOTEBOOK}": b"forged"}


def test_names_that_lead_out_of_the_folder(course: Course) -> None:
    download = {
        f"+..+.._82_assignsubmission_file_{NOTEBOOK}": b"dots",
        "a_83_5_zip.zip": zipped({f"../../{NOTEBOOK}": b"up"}),
        f"a_84_6_{NOTEBOOK}": b"fine",
    }
    course.download(download)
    # Files that a browser has unpacked are taken as well.
    single = course.folder / "downloaded" / SLUG / "archive" / f"a_81_1_..\\..\\{NOTEBOOK}"
    single.write_bytes(b"backslashes")
    before = set(course.folder.parent.rglob("*.ipynb"))
    files, _ = collect(course)
    assert files == {
        f"a_81/{NOTEBOOK}": b"backslashes",
        f"82/{NOTEBOOK}": b"dots",
        "a_83/zip.zip": zipped({f"../../{NOTEBOOK}": b"up"}),
        f"a_84/{NOTEBOOK}": b"fine",
    }
    new = set(course.folder.parent.rglob("*.ipynb")) - before
    for place in ("submitted", f"downloaded/{SLUG}/extracted"):
        new = {path for path in new if not path.is_relative_to(course.folder / place)}
    assert not new


def test_a_download_that_leads_out_of_the_folder(course: Course) -> None:
    course.download({"../../../../outside.ipynb": b"outside"})
    with pytest.raises(AssertionError, match=r"submissions\.zip cannot be unpacked: .*outside of"):
        collect(course)
    assert not list(course.folder.rglob("outside.ipynb"))


def test_stock_zip_collect_ends_at_a_damaged_archive(course: Course) -> None:
    """Once this fails, nbgrader has learnt it and `LmsExtractor` may not be needed."""
    course.download({"a_81_1_work.zip": b"no zip", f"f_86_6_{NOTEBOOK}": b"fine"})
    with pytest.raises(UnrecognizedFormat):
        collect(course, "--ZipCollectApp.extractor_plugin=nbgrader.plugins.ExtractorPlugin")
    assert not course.collected()


def test_archives_of_students_that_cannot_be_unpacked(course: Course) -> None:
    deep = zipped({f"{SLUG}.py": b"deep"})
    for _ in range(4):
        deep = zipped({"a.zip": deep})
    download = {
        "a_81_1_work.zip": b"no zip",
        "b_82_2_work.tar.gz": b"no tar",
        "c_83_3_work.zip": zipped({f"{n}.txt": b"" for n in range(2001)}),
        "d_84_4_work.zip": deep,
        "e_85_5_work.ZIP": zipped({"MSE_SWEEP.IPYNB": b"capitals"}),
        f"f_86_6_{NOTEBOOK}": b"fine",
    }
    course.download(download)
    files, log = collect(course)
    assert sorted(files) == [
        "a_81/work.zip",
        "b_82/work.tar.gz",
        "c_83/work.zip",
        "d_84/a.zip",
        f"e_85/{NOTEBOOK}",
        f"f_86/{NOTEBOOK}",
    ]
    assert log.count("stays packed") == 4
    assert "it has more than the 2000 files that are allowed" in log


def test_archives_of_students_that_would_fill_disk_or_memory(course: Course) -> None:
    """Also those that lie about it, and those that hold many archives that hold little each."""
    zeros = raw_zip(Entry(f"{SLUG}.txt".encode(), bytes(1_500_000)))
    download = {
        "a_81_1_work.zip": raw_zip(bomb(b"x.py", GIGABYTE, said=1_000_000)),
        "b_82_2_work.zip": zipped({f"{n}.zip": zeros for n in range(9)}),
        "c_83_3_work.zip": raw_zip(Entry(b"a/" * 950 + b"x.py")),
        "d_84_4_work.zip": raw_zip(Entry(b"x.py", flags=0x801)),
        "e_85_5_work.zip": raw_zip(Entry(b"x.py", b"/etc/passwd", mode=0o120777)),
        f"f_86_6_{NOTEBOOK}": b"fine",
    }
    course.download(download)
    files, log = collect(course, "--LmsExtractor.max_megabytes=4")
    packed = [f"{owner}/work.zip" for owner in ("a_81", "c_83", "d_84", "e_85")]
    assert [name for name in sorted(files) if not name.startswith("b_82")] == [
        *packed,
        f"f_86/{NOTEBOOK}",
    ]
    unpacked = [path for path in course.folder.rglob(f"{SLUG}.txt") if path.is_file()]
    extracted = [path for path in unpacked if "extracted" in path.parts]
    assert sum(path.stat().st_size for path in extracted) <= 4_000_000
    assert log.count("stays packed") == 4 + 7
    assert "Traceback" not in log


def test_a_large_archive_stays_packed(course: Course) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NOTEBOOK, bytes(3_000_000))
    course.download({"a_81_1_work.zip": packed.getvalue()})
    files, log = collect(course, "--LmsExtractor.max_megabytes=2")
    assert sorted(files) == ["a_81/work.zip"]
    assert "it has more than the 2 MB unpacked that are allowed" in log


def test_the_courses_own_expression_comes_first(course: Course) -> None:
    download = {
        f"s05=2026-01-01 10:00 UTC={SLUG} (1).ipynb": b"older",
        f"s05=2026-01-02 10:00 UTC={SLUG}.ipynb": b"newer",
        f"onestudent_71_1_{NOTEBOOK}": b"canvas",
        "neither.ipynb": b"whose?",
    }
    course.download(download)
    expression = r".*/(?P<student_id>\w+)=(?P<timestamp>[^=]*)=(?P<file_id>.*)"
    files, log = collect(course, f"--LmsCollector.named_regexp={expression}")
    assert files == {
        f"s05/{NOTEBOOK}": b"newer",
        "s05/timestamp.txt": b"2026-01-02 10:00:00",
        f"s01/{NOTEBOOK}": b"canvas",
    }
    assert "neither.ipynb: the name says not whose file it is" in log


def test_collecting_again_needs_force(course: Course) -> None:
    course.download({f"a_81_1_{NOTEBOOK}": b"one"})
    collect(course)
    course.download({f"a_81_2_{SLUG}-1.ipynb": b"two"})
    with pytest.raises(AssertionError, match="use the --force option"):
        collect(course)
    assert collect(course, "--force")[0] == {f"a_81/{NOTEBOOK}": b"two"}


# Student ids


STUDENTS = [
    Student("s01", "Student", "One", "71"),
    Student("s02", "Student", "Two"),
    Student("s03", "Same", "Name"),
    Student("s04", "Same", "Name"),
]


@pytest.mark.parametrize(
    ("owners", "ids"),
    [
        ([Owner("canvas", "whoever", "71")], ["s01"]),
        ([Owner("canvas", "twostudent", "5")], ["s02"]),
        ([Owner("moodle", "Two, Student", "5")], ["s02"]),
        # Moodle's numbers are not users' numbers.
        ([Owner("moodle", "Whoever", "71")], ["Whoever"]),
        # Two of that name in the gradebook: neither is guessed.
        ([Owner("moodle", "Same Name", "5")], ["Same Name"]),
        # Two of that name in the download: neither is the one in the gradebook.
        (
            [Owner("moodle", "Student Two", "5"), Owner("moodle", "Student Two", "6")],
            ["Student Two_5", "Student Two_6"],
        ),
        # A student known by number keeps the id.
        ([Owner("canvas", "x", "71"), Owner("canvas", "onestudent", "6")], ["s01", "onestudent_6"]),
        # Names that differ only for people.
        ([Owner("moodle", "A+B", "1"), Owner("moodle", "ab", "2")], ["AB_1", "ab_2"]),
        ([Owner("gradescope", "", "12")], ["submission_12"]),
        ([Owner("moodle", "Default group")], ["Default group"]),
        ([Owner("moodle", "'..'", "9")], ["9"]),
        ([Owner("moodle", "'..'")], ["student"]),
        ([Owner("course", "s09")], ["s09"]),
    ],
)
def test_student_ids(owners: list[Owner], ids: list[str]) -> None:
    assert assign_ids(owners, STUDENTS, {})[0] == dict(zip(owners, ids, strict=True))


def test_configured_student_ids() -> None:
    canvas, moodle = Owner("canvas", "x", "99"), Owner("moodle", "Same Name", "7")
    other = Owner("moodle", "Same Name", "8")
    given = {"99": "s10", "Same Name_7": "s03"}
    ids, notes = assign_ids([canvas, moodle, other], STUDENTS, given)
    assert ids == {canvas: "s10", moodle: "s03", other: "Same Name"}
    assert not notes
    # A name alone says too little when two people have it.
    ids, notes = assign_ids([moodle, other], STUDENTS, {"Same Name": "s03"})
    assert ids == {moodle: "Same Name_7", other: "Same Name_8"}
    assert len(notes) == 1
    assert assign_ids([moodle], STUDENTS, {"Same Name": "s03"})[0] == {moodle: "s03"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Student One", "Student One"),
        ("  a\t b ", "a b"),
        ("../a+b/..\\c", "ab.c"),
        (".hidden", "hidden"),
        ("--student", "student"),
        ("e\u0301", "é"),
        ("One, S. (x)*[?]", "One S. x"),
        ("a\u202eb\x00c\udc80", "abc"),
        ("ü" * 100, "ü" * 60),
        ("...", ""),
    ],
)
def test_safe_ids(text: str, expected: str) -> None:
    assert safe_id(text) == expected


# Choosing files


def chosen(*files: str, wanted: tuple[str, ...] = (SLUG,)) -> dict[str, str]:
    """Return the names that a student's files get; none if a file is left out."""
    items = [HandedIn(Path(file), Owner("moodle", "x"), file) for file in files]
    answer, _ = choose(items, Names(wanted, ["rosenbrock"]))
    return {item.file: name for item, name in answer.items()}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([NOTEBOOK], {NOTEBOOK: NOTEBOOK}),
        (["Mse_Sweep-2.ipynb"], {"Mse_Sweep-2.ipynb": NOTEBOOK}),
        (["mse sweep (1).py"], {"mse sweep (1).py": f"{SLUG}.py"}),
        ([f"{SLUG} (1).ipynb", NOTEBOOK], {NOTEBOOK: NOTEBOOK}),
        (["Untitled.ipynb"], {"Untitled.ipynb": NOTEBOOK}),
        (["Untitled.ipynb", "u.py"], {"Untitled.ipynb": NOTEBOOK, "u.py": "u.py"}),
        (["a.ipynb", "b.ipynb"], {"a.ipynb": "a.ipynb", "b.ipynb": "b.ipynb"}),
        ([NOTEBOOK, "b.ipynb"], {NOTEBOOK: NOTEBOOK, "b.ipynb": "b.ipynb"}),
        (["solution.py"], {"solution.py": f"{SLUG}.py"}),
        (["a.py", "b.py"], {"a.py": "a.py", "b.py": "b.py"}),
        ([f"{SLUG}.py", "helpers.py"], {f"{SLUG}.py": f"{SLUG}.py", "helpers.py": "helpers.py"}),
        (["rosenbrock.ipynb"], {"rosenbrock.ipynb": "rosenbrock.ipynb"}),
        (["a.pdf", "b.txt"], {"a.pdf": "a.pdf", "b.txt": "b.txt"}),
        (["a.pdf", NOTEBOOK], {NOTEBOOK: NOTEBOOK}),
        # As `gradpath grade` takes them.
        ([f"Copy of {NOTEBOOK}"], {f"Copy of {NOTEBOOK}": NOTEBOOK}),
        ([f"{NOTEBOOK} - Colab.ipynb"], {f"{NOTEBOOK} - Colab.ipynb": NOTEBOOK}),
        ([f"{SLUG}_Ada_123.py"], {f"{SLUG}_Ada_123.py": f"{SLUG}.py"}),
        ([f"{NOTEBOOK}.json"], {f"{NOTEBOOK}.json": NOTEBOOK}),
        ([f"{SLUG}.py.txt"], {f"{SLUG}.py.txt": f"{SLUG}.py"}),
        (
            [f"my_{SLUG}.py", f"{SLUG}.py"],
            {f"my_{SLUG}.py": f"my_{SLUG}.py", f"{SLUG}.py": f"{SLUG}.py"},
        ),
        (["timestamp.txt"], {}),
        (["timestamp.txt", NOTEBOOK], {NOTEBOOK: NOTEBOOK}),
    ],
)
def test_which_files_are_collected(files: list[str], expected: dict[str, str]) -> None:
    assert chosen(*files) == expected


def test_an_assignment_of_several_notebooks() -> None:
    wanted = ("part_1a", "part_1b")
    assert chosen("Part_1a (1).ipynb", "x.ipynb", wanted=wanted) == {
        "Part_1a (1).ipynb": "part_1a.ipynb",
        "x.ipynb": "x.ipynb",
    }


# Feedback


@pytest.fixture(scope="module")
def mixed(made: Course) -> Iterator[Course]:
    """A cohort with feedback: two through the exchange, two from a course site between them."""
    made.clear()
    home = made.folder / "home"
    home.mkdir()
    for student in ("e01", "z01"):
        made.run("fetch_assignment", SLUG, f"--CourseDirectory.student_id={student}")
        made.run("submit", SLUG, f"--student={student}")
        shutil.rmtree(home / SLUG)
    made.run("collect", SLUG, "--ExchangeCollect.check_owner=False")
    download = {
        f"onestudent_71_1_{NOTEBOOK}": notebook("answer = 1"),
        # An id that is made of the name goes through nbgrader's paths as well.
        f"Student Ünlü+ß_102_assignsubmission_file/{NOTEBOOK}": notebook("answer = 2"),
    }
    made.download(download)
    made.run("zip_collect", SLUG)
    made.run("autograde", SLUG)
    made.run("generate_feedback", SLUG)
    yield made
    made.clear()


def released(course: Course) -> int:
    """Count the pages that the exchange holds."""
    return len(list((course.folder / "exchange" / "sample" / "feedback").glob("*.html")))


STOCK = "--ExchangeFactory.release_feedback=nbgrader.exchange.default.ExchangeReleaseFeedback"


def test_stock_release_feedback_breaks_off(mixed: Course) -> None:
    """Once this fails, nbgrader has learnt it and `ReleaseFeedback` can go."""
    with pytest.raises(FileNotFoundError, match=r"timestamp\.txt|submission_secret\.txt"):
        mixed.run("release_feedback", SLUG, STOCK)
    assert released(mixed) < 2


def test_feedback_is_released_to_all_who_used_the_exchange(mixed: Course) -> None:
    log = mixed.run("release_feedback", SLUG)
    assert released(mixed) == 2
    lines = [line for line in log.splitlines() if "Not released" in line]
    assert len(lines) == 2
    for student, line in zip(("Student Ünlüß", "s01"), lines, strict=True):
        page = Path("feedback", student, SLUG, f"{SLUG}.html")
        assert f"Not released to {student}, whose" in line
        assert line.endswith(f": {page}")
        assert (mixed.folder / page).is_file()
    mixed.run("fetch_feedback", SLUG)
    fetched = list((mixed.folder / "home" / SLUG / "feedback").rglob("*.html"))
    assert len(fetched) == 2


def test_feedback_of_some_students(mixed: Course) -> None:
    log = mixed.run("release_feedback", SLUG, "--CourseDirectory.student_id_exclude=s01,e01")
    assert "Not released to Student Ünlüß" in log
    assert "s01" not in log
    assert "e01" not in log
    log = mixed.run("release_feedback", SLUG, "--student=e01")
    assert "Releasing feedback for student 'e01'" in log
    assert "z01" not in log
    assert "Not released" not in log
