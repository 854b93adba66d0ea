"""Points in course sites' formats: the right cells, no others, and missing students by name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Literal

import msgspec
import pytest

from gradpath.cohort.files import results_jsonl
from gradpath.course.settings import read_settings
from gradpath.grading.results import GRADER_FAILED, Result, points_text
from tests.conftest import Command

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Hand gradients (501),Quiz (502),Rosenbrock (503),\
Current Score
,,,,,,Manual Posting,,,
    Points Possible,,,,,,10.00,5.00,10.00,(read only)
"One, Student",1001,900001,s01,A,good,1.00,4.00,,80
"=cmd()|' /C'!A0",1002,900002,S02 ,A,,,3.00,EX,60
"Three, Student",1003,900003,s03,A,,2.50,,N/A,50
"Student, Test",1009,,abc,A,,,,,
"""
MOODLE = """\
First name,Last name,ID number,Email address,Assignment: Hand gradients (Real),\
Assignment: Hand gradients (Feedback),Quiz: Week 1 (Real),Last downloaded from this course
Student,One,900001,s01@example.edu,-,,3.00,1700000000
Student,Two,900002,s02@example.edu,4.00,well,2.00,1700000000
Student,Three,900003,s03@example.edu,5.00,,1.00,1700000000
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 71,Student One,s01@example.edu,Submitted,,10.00,Yes,-,-,
Participant 72,Student Two,s02@example.edu,Submitted,3.00,10.00,No,-,"Monday, 2 March",good
Participant 73,Student Three,s03@example.edu,No submission,6.00,10.00,Yes,-,-,
"""
GRADESCOPE = """\
First Name,Last Name,SID,Email,Role,Section
Student,One,900001,s01@example.edu,Student,A
Student,Two,900002,s02@example.edu,Student,A
Student,Three,,s03@example.edu,Student,B
Staff,Person,,staff@example.edu,Instructor,
"""
ROSTERS = {"canvas": CANVAS, "moodle": MOODLE, "gradescope": GRADESCOPE}


def result(student: str, score: float, slug: str = "hand_gradients", **extra: str) -> Result:
    """Make a result out of ten points."""
    status: Literal["graded", "unreadable"] = "unreadable" if "message" in extra else "graded"
    return Result(slug, student, f"{student}/{slug}.py", score, 10.0, status, [], **extra)


STANDARD = (
    result("s01", 7.5),
    result("s01", 3.3333, "rosenbrock"),
    result("s02", 10.0),
    result("s02", 9.0, "rosenbrock"),
)


@pytest.fixture(autouse=True)
def standard(tmp_path: Path) -> None:
    write(tmp_path, *STANDARD)
    for site, text in ROSTERS.items():
        (tmp_path / f"{site}.csv").write_text(text)


def write(folder: Path, *results: Result) -> None:
    """Write results as `gradpath grade` does."""
    (folder / "results").mkdir(exist_ok=True)
    (folder / "results" / "results.jsonl").write_bytes(results_jsonl(results))


def words(site: str, *more: str) -> tuple[str, ...]:
    """Return an export's words."""
    return ("export", "results", "--format", site, "--roster", f"{site}.csv", "--out", "up", *more)


def rows(folder: Path, delimiter: str = ",") -> list[list[str]]:
    """Read the file that was written."""
    text = (folder / "up").read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_canvas(gradpath: Command, tmp_path: Path) -> None:
    before = (tmp_path / "results" / "results.jsonl").read_bytes()
    done = gradpath(*words("canvas"))
    assert done.returncode == 0, done.stderr
    assert done.stdout == "up: 2 students, 2 assignments\n"
    person = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert rows(tmp_path) == [
        [*person, "Hand gradients (501)", "Rosenbrock (503)"],
        ["", "", "", "", "", "Manual Posting", ""],
        ["    Points Possible", "", "", "", "", "10.00", "10.00"],
        ["One, Student", "1001", "900001", "s01", "A", "7.5", "3.3333"],
        # A name is no formula, and an excused student stays so.
        ["'=cmd()|' /C'!A0", "1002", "900002", "S02 ", "A", "10", "EX"],
        # A student without points of ours keeps those in Canvas.
        ["Three, Student", "1003", "900003", "s03", "A", "2.50", "N/A"],
        ["Student, Test", "1009", "", "abc", "A", "", ""],
    ]
    assert done.stderr.splitlines() == [
        "gradpath: left as the site has it: s02 (rosenbrock: EX)",
        "gradpath: only in the roster: s03",
    ]
    assert (tmp_path / "results" / "results.jsonl").read_bytes() == before


def test_canvas_with_semicolons_and_a_byte_order_mark(in_process: Command, tmp_path: Path) -> None:
    text = "Student;ID;SIS Login ID;Section;hand-gradients (5)\n    Points Possible;;;;10,0\n"
    (tmp_path / "canvas.csv").write_text(f"\ufeff{text}X;1;s01;A;\nY;2;s02;A;3,5\n", "utf-8")
    done = in_process(*words("canvas", "--assignment", "hand_gradients"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "up").read_bytes().startswith("\ufeffStudent;".encode())
    # A decimal comma in the table is written back.
    assert [row[-1] for row in rows(tmp_path, ";")[1:]] == ["10,0", "7,5", "10"]


@pytest.mark.parametrize("line", ["sep=,\n", '"sep=,"\r\n', "\ufeffSEP=,\n"])
def test_the_first_line_of_excel(in_process: Command, tmp_path: Path, line: str) -> None:
    (tmp_path / "canvas.csv").write_text(line + CANVAS, "utf-8")
    done = in_process(*words("canvas"))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path)[3][-2:] == ["7.5", "3.3333"]


def test_rosters_may_look_different(in_process: Command, tmp_path: Path) -> None:
    title = '"a;b;c;d;e;f;g;h;i (1)"'
    text = f"LastName,FirstName,ID,SIS Login ID,Section,{title},Rosenbrock (2)\r\n"
    text += "    Points Possible,,,,,,10\r\n\r\nOne,X,1,s01,A,,\r\nTwo,Y,,,A,,\r\n"
    (tmp_path / "canvas.csv").write_text(text)
    done = in_process(*words("canvas", "--assignment", "rosenbrock"))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path)[2:] == [
        ["One", "X", "1", "s01", "A", "3.3333"],
        ["Two", "Y", "", "", "A", ""],
    ]
    assert done.stderr.splitlines() == [
        "gradpath: only in the roster: Two Y (no id)",
        "gradpath: only in the results: s02",
    ]
    header = MOODLE.replace(",", "\t").replace("Assignment: ", "").replace("Week 1", "rosenbrock")
    (tmp_path / "moodle.csv").write_text(header)
    done = in_process(*words("moodle"))
    assert done.returncode == 0, done.stderr
    assert [row[4:6] for row in rows(tmp_path, "\t")[1:]] == [["7.5", "3.3333"], ["10", "9"]]


@pytest.mark.parametrize("student", ["1001", "900001", " S01", "s01", "s01@Example.edu"])
def test_students_match_by_any_id(in_process: Command, tmp_path: Path, student: str) -> None:
    (tmp_path / "canvas.csv").write_text(CANVAS.replace(",s01,", ",s01@example.edu,"))
    write(tmp_path, result(student, 6.0))
    done = in_process(*words("canvas"))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path)[3][-1] == "6"


def test_other_names_of_assignments(in_process: Command, tmp_path: Path) -> None:
    (tmp_path / "canvas.csv").write_text(CANVAS.replace("Rosenbrock (503)", "Homework 3 (503)"))
    done = in_process(*words("canvas"))
    assert done.returncode == 0
    assert "left out, because the roster has no column: rosenbrock" in done.stderr
    done = in_process(*words("canvas", "--column", "rosenbrock=homework 3"))
    assert done.returncode == 0
    assert rows(tmp_path)[3][-2:] == ["7.5", "3.3333"]
    full = f"{read_settings('rosenbrock').title} (503)"
    (tmp_path / "canvas.csv").write_text(CANVAS.replace("Rosenbrock (503)", full))
    assert in_process(*words("canvas", "--assignment", "rosenbrock")).returncode == 0
    assert rows(tmp_path)[0][-1] == full


def test_other_points_are_said(in_process: Command, tmp_path: Path) -> None:
    (tmp_path / "canvas.csv").write_text(CANVAS.replace(",10.00,5.00,", ",100.00,5.00,"))
    assert "hand_gradients has 100.00 points in Canvas and 10 here" in (
        in_process(*words("canvas")).stderr
    )
    (tmp_path / "moodle.csv").write_text(WORKSHEET.replace(",10.00,", ",5.00,"))
    assert "Moodle passes over what is above its own" in (
        in_process(*words("moodle", "--assignment", "hand_gradients")).stderr
    )


def test_moodle_grade_export(in_process: Command, tmp_path: Path) -> None:
    done = in_process(*words("moodle", "--assignment", "hand_gradients"))
    assert done.returncode == 0, done.stderr
    person = ["First name", "Last name", "ID number", "Email address"]
    # An import counts as graded by hand: nobody without points, no other activity, no comments.
    assert rows(tmp_path) == [
        [*person, "Assignment: Hand gradients (Real)", "Last downloaded from this course"],
        ["Student", "One", "900001", "s01@example.edu", "7.5", "1700000000"],
        ["Student", "Two", "900002", "s02@example.edu", "10", "1700000000"],
    ]
    assert done.stderr == "gradpath: only in the roster: 900003\n"


def test_moodle_worksheet(in_process: Command, tmp_path: Path) -> None:
    (tmp_path / "moodle.csv").write_text(WORKSHEET)
    write(tmp_path, result("participant 71", 7.5), result("s02", 10.0), result("s09", 1.0))
    done = in_process(*words("moodle"))
    assert done.returncode == 0, done.stderr
    table = rows(tmp_path)
    assert table[0] == WORKSHEET.splitlines()[0].split(",")[:-1]
    assert [row[4] for row in table[1:]] == ["7.5", "3.00", "6.00"]
    assert [row[-1] for row in table[1:]] == ["-", "Monday, 2 March", "-"]
    assert done.stderr.splitlines() == [
        "gradpath: left as the site has it: s02 (hand_gradients: 3.00)",
        "gradpath: only in the roster: Participant 73",
        "gradpath: only in the results: s09",
    ]


FOREIGN = {
    "de": "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann "
    "geändert werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar",
    "es": "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación "
    "máxima,La calificación puede ser cambiada,Última modificación (entrega),Última modificación "
    "(calificación),Comentarios",
    "ca": "Identificador,Nom complet,Adreça electrònica,Estat,Qualificació,Qualificació màxima,"
    "La qualificació es pot canviar,Darrera modificació (tramesa),Darrera modificació "
    "(qualificació),Comentaris",
    "fr": "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être "
    "modifiée,Dernière modification (travail remis),Dernière modification (note),Feedback",
    "zh": "编号,全名,电子邮件地址,状态,成绩,最高分,成绩可以更改,最后修改 (提交),"
    "最后修改 (成绩),反馈",
    "pt": "Identificador,Nome completo,Endereço de e-mail,Estado,Nota,Nota máxima,A nota pode ser "
    "alterada,Última modificação (submissão),Última modificação (nota),Comentários",
    # By position: no heading of these is known here.
    "cs": "Identifikátor,Celé jméno,E-mailová adresa,Stav,Známka,Maximum,Lze změnit,"
    "Poslední změna (odevzdání),Poslední změna (známka),Komentář",
}
YES_NO = {"de": "Ja Nein", "fr": "Oui Non", "zh": "是 否", "pt": "Sim Não", "cs": "Ano Ano"}


@pytest.mark.parametrize("language", FOREIGN)
def test_moodle_in_other_languages(in_process: Command, tmp_path: Path, language: str) -> None:
    yes, no = YES_NO.get(language, "Sí No").split()
    (tmp_path / "moodle.csv").write_text(
        f"{FOREIGN[language]}\n"
        f'Teilnehmer/in71,Student One,one@x.org,x,,"10,00",{yes},"Montag, 5. Oktober",-,\n'
        f'Teilnehmer/in72,Student Two,two@x.org,x,"3,00","10,00",{no},-,-,good\n',
        "utf-8",
    )
    write(tmp_path, result("Student One", 7.5), result("Teilnehmerin_72", 10.0))
    done = in_process(*words("moodle"))
    assert done.returncode == 0, done.stderr
    header, *table = rows(tmp_path)
    assert not {"Comentarios", "Komentář", "反馈"} & {*header}  # an upload would overwrite these
    assert [header[0], header[-1]] == [
        FOREIGN[language].split(",")[0],
        FOREIGN[language].split(",")[8],
    ]
    grade = header.index(FOREIGN[language].split(",")[4])
    assert [row[grade] for row in table] == ["7,5", "10" if language == "cs" else "3,00"]


def test_moodles_grade_export_in_german(in_process: Command, tmp_path: Path) -> None:
    (tmp_path / "moodle.csv").write_text(
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Aufgabe: Hand gradients (Punkte);Kurs gesamt\n"
        "Student;One;900001;s01@x.org;-;3,5\nStudent;Two;900002;s02@x.org;4,00;4,00\n",
        "utf-8",
    )
    done = in_process(*words("moodle", "--assignment", "hand_gradients"))
    assert (done.returncode, done.stderr) == (0, "")
    assert [row[4] for row in rows(tmp_path, ";")[1:]] == ["7,5", "10"]


@pytest.mark.parametrize(
    "header",
    [
        "First name,Surname,Email address,Assignment: Hand gradients (Real)",
        "名,姓,电子邮件地址,作业：Hand gradients（实数）",
    ],
)
def test_moodles_grade_export_of_other_forms(
    in_process: Command, tmp_path: Path, header: str
) -> None:
    (tmp_path / "moodle.csv").write_text(f"{header}\nStudent,One,x@x.org,-\n", "utf-8")
    write(tmp_path, result("Student One", 7.5))
    done = in_process(*words("moodle", "--assignment", "hand_gradients"))
    assert (done.returncode, rows(tmp_path)[1][3]) == (0, "7.5")


def at(name: str, number: int) -> str:
    """Return the path of a file in Moodle's download."""
    return f"x.zip/{name}_{number}_assignsubmission_file_/hand_gradients.py"


def test_the_number_tells_people_of_equal_names_apart(in_process: Command, tmp_path: Path) -> None:
    """It is in Moodle's worksheet and in its download, and both are of one assignment."""
    header = WORKSHEET.splitlines()[0]
    people = {71: "Max Müller", 72: "Max Müller", 73: "John Doe", 74: "Jo", 75: "Jo", 76: "Pat"}
    lines = [
        f"Participant {number},{name},{number}@x.org,x,,10.00,Yes,-,-,"
        for number, name in people.items()
    ]
    (tmp_path / "moodle.csv").write_text("\n".join([header, *lines]), "utf-8")
    both = [result(f"Max Müller_{number}", number - 70) for number in (71, 72)]
    # Only one Jo has handed in, so that the name alone is the student of the results.
    one = msgspec.structs.replace(result("Jo", 5.0), file=at("Jo", 75))
    spaced = msgspec.structs.replace(result("John_Doe", 3.0), file=at("John_Doe", 73))
    # Somebody else's number under another name is nobody's.
    wrong = result("Ada Lovelace_76", 9.0)
    write(tmp_path, *both, one, spaced, wrong)
    done = in_process(*words("moodle"))
    assert done.returncode == 0, done.stderr
    assert [row[4] for row in rows(tmp_path)[1:]] == ["1", "2", "3", "", "5", ""]
    assert "only in the results: Ada Lovelace_76" in done.stderr


def test_moodle_that_marks_blindly(in_process: Command, tmp_path: Path) -> None:
    header = WORKSHEET.splitlines()[0].replace("Full name,Email address,", "")
    lines = [f"Participant {number},x,,10.00,Yes,-,-," for number in (71, 72, 73)]
    (tmp_path / "moodle.csv").write_text("\n".join([header, *lines]))
    write(tmp_path, result("Participant_71", 7.5), result("Participant 72", 2.0))
    done = in_process(*words("moodle"))
    assert done.returncode == 0, done.stderr
    assert [row[2] for row in rows(tmp_path)[1:]] == ["7.5", "2", ""]


def test_canvas_numbers_are_a_students_for_good(in_process: Command, tmp_path: Path) -> None:
    """A display name that was changed meanwhile loses nobody; the number has to be Canvas's."""
    of_site = msgspec.structs.replace(
        result("formername_1001", 6.0), file="x.zip/formername_1001_5_hand_gradients.py"
    )
    write(tmp_path, of_site, result("group_1003", 4.0))
    done = in_process(*words("canvas"))
    assert done.returncode == 0, done.stderr
    assert [row[-1] for row in rows(tmp_path)[3:6]] == ["6", "", "2.50"]
    assert "only in the results: group_1003" in done.stderr


def test_gradescope(in_process: Command, tmp_path: Path) -> None:
    done = in_process(*words("gradescope"))
    assert done.returncode == 0, done.stderr
    table = rows(tmp_path)
    assert table[0][:5] == ["First Name", "Last Name", "SID", "Email", "Section"]
    assert table[0][5:7] == ["Hand gradients", "Hand gradients - Max Points"]
    assert [row[5:] for row in table[1:]] == [
        ["7.5", "10", "3.3333", "10"],
        ["10", "10", "9", "10"],
        ["", "10", "", "10"],
    ]
    assert done.stderr == "gradpath: only in the roster: s03@example.edu\n"


def test_json(in_process: Command, tmp_path: Path) -> None:
    write(tmp_path, *STANDARD, result("s09", 0.0, message="a syntax error"))
    done = in_process("export", "results", "--format", "json", "--out", "up")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads((tmp_path / "up").read_text())
    assert (document["version"], document["course"]) == (1, "gradpath")
    assert [each["slug"] for each in document["assignments"]] == ["hand_gradients", "rosenbrock"]
    assert document["assignments"][0]["max_points"] == 10
    assert document["students"][0] == {
        "student": "s01",
        "in_roster": None,
        "ids": {},
        "scores": [
            {"assignment": "hand_gradients", "score": 7.5, "status": "graded"},
            {"assignment": "rosenbrock", "score": 3.3333, "status": "graded"},
        ],
    }
    assert [each["status"] for each in document["students"][2]["scores"]] == [
        "unreadable",
        "missing",
    ]
    for roster in ROSTERS:
        done = in_process(*words("json", "--roster", f"{roster}.csv"))
        assert done.returncode == 0, done.stderr
        assert "only in the results: s09" in done.stderr
        students = json.loads((tmp_path / "up").read_text())["students"]
        assert [each["in_roster"] for each in students].count(True) == 3
        assert all(each["ids"] for each in students if each["in_roster"])


def test_what_the_grader_failed_on_is_no_zero(in_process: Command, tmp_path: Path) -> None:
    write(tmp_path, result("s01", 0.0, message=GRADER_FAILED), result("s02", 0.0))
    done = in_process(*words("canvas"))
    assert done.returncode == 0
    assert [row[-1] for row in rows(tmp_path)[3:6]] == ["1.00", "0", "2.50"]
    assert "the grader itself failed: s01 (hand_gradients)" in done.stderr


def test_strict_writes_nothing_when_somebody_is_missing(
    in_process: Command, tmp_path: Path
) -> None:
    done = in_process(*words("gradescope", "--strict"))
    assert done.returncode == 2
    assert "only in the roster: s03@example.edu" in done.stderr
    assert not (tmp_path / "up").exists()
    write(tmp_path, *STANDARD, result("s03", 1.0))
    done = in_process(*words("gradescope", "--strict"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("canvas", "results", "more", "says"),
    [
        (CANVAS, ("s01", "1001"), (), "1001 and s01 of the results are both s01"),
        (CANVAS, ("t1",), (), "nobody of the results is in canvas.csv"),
        (CANVAS, (), ("--assignment", "mse_sweep"), "has no results for 'mse_sweep'"),
        (CANVAS, (), ("--assignment", "rosenbrok"), "did you mean rosenbrock?"),
        (CANVAS, (), ("--column", "rosenbrok=x"), "is exported; did you mean rosenbrock?"),
        (CANVAS, (), ("--column", "rosenbrock"), "write SLUG=TITLE"),
        (CANVAS, (), ("--column", "mse=x"), "no assignment 'mse' is exported"),
        (CANVAS, (), ("--column", "rosenbrock=Quiz 9"), "no assignment column 'Quiz 9'"),
        (CANVAS, (), ("--column", "rosenbrock=Hand gradients"), "cannot both be the column"),
        (CANVAS, (), ("--out", "canvas.csv"), "would be overwritten"),
        (CANVAS, (), ("--out", "results/results.jsonl"), "would be overwritten"),
        (CANVAS, (), ("--out", "results"), "is a folder"),
        (CANVAS, (), ("--roster", "none.csv"), "none.csv cannot be read"),
        (CANVAS.replace("Quiz (502)", "Rosenbrock (502)"), (), (), "rosenbrock could be each of"),
        (CANVAS.replace("Points Possible", "x"), (), (), "no row 'Points Possible'"),
        (CANVAS.replace("Rosenbrock", "R"), (), ("--assignment", "rosenbrock"), "no column for"),
        (MOODLE, (), (), "looks like a roster of Moodle"),
        ("a,b\n1,2\n", (), (), "no column that tells students apart"),
        ("Etunimi,Sukunimi\n1,2\n", (), (), "if Moodle is in another language, set it to English"),
        ('Student,"ID\n', (), (), "is no table in CSV"),
        ("ID,Section,Student\n1,2,3,4\n", (), (), "line 2 has more fields"),
        ("\n", (), (), "is empty"),
        ("Student\xff", (), (), "not text in UTF-8"),
    ],
)
def test_errors_are_one_line(
    in_process: Command,
    tmp_path: Path,
    canvas: str,
    results: tuple[str, ...],
    more: tuple[str, ...],
    says: str,
) -> None:
    (tmp_path / "canvas.csv").write_text(canvas, "latin-1")
    if results:
        write(tmp_path, *(result(student, 1.0) for student in results))
    done = in_process(*words("canvas", *more))
    assert done.returncode == 2, done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    assert says in done.stderr
    assert not (tmp_path / "up").exists()


@pytest.mark.parametrize(
    ("students", "change", "written", "says"),
    [
        # Equal letter by letter, and not.
        (
            ("s01", "S01", "s02"),
            ("", ""),
            {"s01", "s02"},
            "S01 and s01 of the results are both s01",
        ),
        (("S01", "s01 ", "s02"), ("", ""), {"s02"}, "S01 and s01  of the results are both s01"),
        (("1001", "s01", "s02"), ("", ""), {"s02"}, "1001 and s01 of the results are both s01"),
        # A row of the gradebook twice.
        (("s01", "s02"), ("900003", "s01"), {"s02"}, "s01 of the results could be s01 and s03"),
    ],
)
def test_students_in_doubt_are_left_out_and_all_others_written(
    in_process: Command,
    tmp_path: Path,
    students: tuple[str, ...],
    change: tuple[str, str],
    written: set[str],
    says: str,
) -> None:
    (tmp_path / "canvas.csv").write_text(CANVAS.replace(*change) if change[0] else CANVAS)
    write(tmp_path, *(result(student, 9.75) for student in students))
    done = in_process(*words("canvas"))
    assert done.returncode == 1, done.stderr
    assert says in done.stderr
    left_out = sorted(set(students) - written)
    assert f"left out, being in doubt: {', '.join(left_out)}" in done.stderr
    with_points = [row for row in rows(tmp_path) if "9.75" in row]
    cells = {cell.strip().lower() for row in with_points for cell in row}
    assert cells & {"s01", "s02", "s03"} == written
    done = in_process(*words("json", "--roster", "canvas.csv"))
    assert done.returncode == 1, done.stderr
    document = json.loads((tmp_path / "up").read_text())
    graded = {s["student"] for s in document["students"] if s["scores"][0]["score"] == 9.75}
    assert graded == written
    (tmp_path / "up").unlink()
    assert in_process(*words("canvas", "--strict")).returncode == 2
    assert not (tmp_path / "up").exists()


def test_wrong_folders_and_words(in_process: Command, tmp_path: Path) -> None:
    for line, says in {
        "export nothing --format json --out up": "there is no nothing/results.jsonl",
        "export results --format canvas --out up": "needs --roster FILE",
        "export results --format excel --out up": "excel",
        "export results --format moodle --roster w.csv --out up": "say which one it is with",
    }.items():
        (tmp_path / "w.csv").write_text(WORKSHEET)
        done = in_process(*line.split())
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert says in done.stderr
    assert not (tmp_path / "up").exists()


def test_numbers_keep_their_decimals() -> None:
    assert [points_text(value) for value in (0.0, 10.0, 3.3333, 123.4567, 100.0)] == [
        *("0", "10", "3.3333", "123.4567", "100")
    ]
