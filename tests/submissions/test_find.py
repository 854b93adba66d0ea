"""Finding submissions in files, folders and zips."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from gradpath.errors import GradpathError, SubmissionError
from gradpath.submissions.find import find
from gradpath.submissions.names import match
from gradpath.submissions.submission import Submission
from tests.conftest import SLUGS


def put(folder: Path, *paths: str, text: str = "x = 1\n") -> None:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def reason(submission: Submission) -> str:
    """Return why a submission cannot be read."""
    with pytest.raises(SubmissionError) as caught:
        submission.source()
    return str(caught.value)


def found(*paths: Path) -> list[tuple[str, str, str]]:
    submissions, _ = find(paths, SLUGS)
    return [(each.student, each.assignment, each.file) for each in submissions]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("hand_gradients.py", "hand_gradients"),
        ("hand_gradients.ipynb", "hand_gradients"),
        ("hand_gradients (1).py", "hand_gradients"),
        ("hand_gradients(2).py", "hand_gradients"),
        ("Hand_Gradients.py", "hand_gradients"),
        ("hand-gradients.PY", "hand_gradients"),
        ("Hand Gradients - 3.ipynb", "hand_gradients"),
        ("hand_gradients_final.py", "hand_gradients"),
        ("mse_sweep copy.py", "mse_sweep"),
        ("gradients.py", None),
        ("hand_gradients.txt", None),
        ("hand_gradients", None),
    ],
)
def test_names_that_browsers_and_people_make(name: str, slug: str | None) -> None:
    assert match(name, SLUGS)[0] == slug


def test_a_folder_of_students(tmp_path: Path) -> None:
    put(tmp_path, "s02/mse_sweep.py", "s01/rosenbrock.py", "s01/hand_gradients.ipynb", "notes.txt")
    assert found(tmp_path) == [
        ("s01", "hand_gradients", "s01/hand_gradients.ipynb"),
        ("s01", "rosenbrock", "s01/rosenbrock.py"),
        ("s02", "mse_sweep", "s02/mse_sweep.py"),
    ]


def test_one_students_folder_and_one_file(tmp_path: Path) -> None:
    put(tmp_path, "s07/mse_sweep.py")
    assert found(tmp_path / "s07") == [("s07", "mse_sweep", "mse_sweep.py")]
    assert found(tmp_path / "s07" / "mse_sweep.py") == [("s07", "mse_sweep", "mse_sweep.py")]


def test_the_exact_name_wins_and_the_others_are_named(tmp_path: Path) -> None:
    put(tmp_path, "s01/mse_sweep (1).py", "s01/mse_sweep.py", "s01/mse_sweep.ipynb")
    (only,), _ = find([tmp_path], SLUGS)
    assert only.file == "s01/mse_sweep.py"
    assert "mse_sweep (1).py" in only.note
    assert "mse_sweep.ipynb" in only.note


def test_another_name_is_taken_with_a_note(tmp_path: Path) -> None:
    put(tmp_path, "s01/Mse_Sweep (2).py")
    (only,), _ = find([tmp_path], SLUGS)
    assert "taken for mse_sweep.py" in only.note


def test_what_is_no_assignment_is_named_and_left_out(tmp_path: Path) -> None:
    put(tmp_path, "s01/mse_sweep.py", "s01/helpers.py", "s01/.hidden.py", "s01/__pycache__/a.py")
    submissions, ignored = find([tmp_path], SLUGS)
    assert len(submissions) == 1
    assert ignored == ["s01/helpers.py: not named after an assignment, left out"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "secret.py")
    put(tmp_path, "cohort/s01/mse_sweep.py")
    (tmp_path / "cohort/s01/rosenbrock.py").symlink_to(tmp_path / "secret.py")
    (tmp_path / "cohort/s02").symlink_to(tmp_path / "cohort/s01")
    (tmp_path / "cohort/s03").mkdir()
    submissions, ignored = find([tmp_path / "cohort"], SLUGS)
    first, *linked = submissions
    assert first.assignment == "mse_sweep"
    assert [(each.student, each.assignment) for each in linked] == [
        ("s01", "rosenbrock"),
        ("s02", "mse_sweep"),
    ]
    assert all("a link, which is not followed" in reason(each) for each in linked)
    assert ignored == ["s03: an empty folder, left out"]


NAMES = {
    "Copy of mse_sweep.ipynb": "mse_sweep.ipynb",
    "Kopie von mse_sweep.ipynb": "mse_sweep.ipynb",
    "Копия mse_sweep.py": "mse_sweep.py",
    "mse_sweep - 副本.py": "mse_sweep.py",
    "mse_sweepのコピー.ipynb": "mse_sweep.ipynb",
    "mse_sweep.ipynb - Colab.ipynb": "mse_sweep.ipynb",
    "mse_sweep_AdaLovelace_1815.py": "mse_sweep.py",
    "Ada-MSE-Sweep-v2.py": "mse_sweep.py",
    "HW1MseSweep.py": "mse_sweep.py",
    "mse_sweep.py.txt": "mse_sweep.py",
    "mse_sweep.py (1).txt": "mse_sweep.py",
    "mse_sweep.ipynb.json": "mse_sweep.ipynb",
    "mse_sweep.ipynb.py": "mse_sweep.py",
}
KINDS = {
    "mse_sweep.pdf": "a PDF",
    "mse_sweep.html": "a web page",
    "essay.docx": "a text document",
    "scan.JPG": "a picture",
    "colab.url": "a link to another site",
    "mse_sweep.txt": "a file of text",
    "homework.py": "not named after an assignment",
    "mse_swep.py": "not named after an assignment, perhaps meant as mse_sweep.py",
    "rosenbrock_mse_sweep.py": "not named after an assignment",
    "mse_sweep": "no .py or .ipynb file",
}


@pytest.mark.parametrize("kind", ["folder", "cohort.zip", "around.zip"])
def test_nobody_vanishes(kind: str, tmp_path: Path) -> None:
    """Each student's folder has one file, of which none is called as asked."""
    text = b'{"cells": []}'
    files = {f"s{n:02d}/{name}": text for n, name in enumerate((*NAMES, *KINDS))}
    files |= {"s99/mse_sweep.py": b"x = 1\n", "s99/report.pdf": b"%PDF", "README.md": b"read me"}
    files |= {"s98/mse_sweep_helpers.py": b"x = 1\n", "s98/mse_sweep.py": b"x = 1\n"}
    path = tmp_path / kind
    if kind == "folder":
        for name, data in files.items():
            put(path, name, text=data.decode())
    else:
        above = "submissions/" if kind == "around.zip" else ""
        path.write_bytes(archive({f"{above}{name}": data for name, data in files.items()}))
    submissions, ignored = find([path], SLUGS)
    by_student = {each.student: each for each in submissions}
    assert len(by_student) == len(submissions) == len(NAMES) + len(KINDS) + 2
    for number, name in enumerate(NAMES.values()):
        submission = by_student[f"s{number:02d}"]
        assert submission.note == f"taken for {name}"
        assert submission.is_notebook == name.endswith(".ipynb")
        assert submission.source()
    for number, problem in enumerate(KINDS.values(), len(NAMES)):
        submission = by_student[f"s{number:02d}"]
        assert submission.assignment == "mse_sweep"
        assert f"({problem}); hand in mse_sweep.py or mse_sweep.ipynb" in reason(submission)
    assert by_student["s98"].file.endswith("s98/mse_sweep.py")
    assert [line.rpartition("/")[2] for line in ignored] == [
        "mse_sweep_helpers.py: s98 has handed in another file for mse_sweep, left out"
    ]


def test_the_only_file_of_a_folder_is_taken_where_one_assignment_is_graded(tmp_path: Path) -> None:
    put(tmp_path, "s01/homework.py", "s01/notes.pdf", "s02/a.ipynb", "s02/helpers.py")
    put(tmp_path, "s03/a.py", "s03/b.py", "s04/rosenbrock.py", "s04/helpers.py", "s05/mse_sweep.py")
    submissions, ignored = find([tmp_path], SLUGS, ["mse_sweep"])
    seen = {each.student: each for each in submissions}
    assert sorted(seen) == ["s01", "s02", "s03", "s05"]  # s04 has done another assignment
    assert seen["s01"].note == "taken for mse_sweep.py"
    assert seen["s02"].note == "taken for mse_sweep.ipynb"
    assert "a.py (not named after an assignment), b.py (" in reason(seen["s03"])
    assert [line.partition(":")[0] for line in ignored] == ["s02/helpers.py", "s04/helpers.py"]


def test_several_assignments_and_one_folder_around_the_students(tmp_path: Path) -> None:
    put(tmp_path, "all/s01/mse_sweep.py", "all/s02/rosenbrock.py", "all/s02/mse_sweep.py")
    put(tmp_path, "all/s03/scan.pdf", "all/s04/rosenbrock/scan.pdf", "all/tool.py", "tool.py")
    submissions, _ = find([tmp_path], SLUGS)
    assert [(each.student, each.assignment) for each in submissions] == [
        ("s01", "mse_sweep"),
        ("s02", "mse_sweep"),
        ("s02", "rosenbrock"),
        ("s03", "mse_sweep"),
        ("s03", "rosenbrock"),
        ("s04", "rosenbrock"),
    ]


def archive(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    return data.getvalue()


def test_zips_of_a_cohort_of_one_student_and_inside_folders(tmp_path: Path) -> None:
    one = archive({"mse_sweep.py": b"x = 1\n", "rosenbrock.py": b"x = 1\n"})
    cohort = archive(
        {"s01/mse_sweep.py": b"x = 1\n", "s02/mse_sweep.py": b"x = 2\n", "s03.zip": one}
    )
    (tmp_path / "cohort.zip").write_bytes(cohort)
    assert [each[:2] for each in found(tmp_path / "cohort.zip")] == [
        ("s01", "mse_sweep"),
        ("s02", "mse_sweep"),
        ("s03", "mse_sweep"),
        ("s03", "rosenbrock"),
    ]
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "s04.zip").write_bytes(one)
    (tmp_path / "folder" / "s05").mkdir()
    (tmp_path / "folder" / "s05" / "work.zip").write_bytes(one)
    assert sorted({each[0] for each in found(tmp_path / "folder")}) == ["s04", "s05"]


def test_paths_in_a_zip_mean_nothing(tmp_path: Path) -> None:
    data = archive({"../../s01/mse_sweep.py": b"x = 1\n", "/etc/mse_sweep.py": b"x = 1\n"})
    (tmp_path / "cohort.zip").write_bytes(data)
    find([tmp_path / "cohort.zip"], SLUGS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cohort.zip"]


def test_paths_that_cannot_be_graded_are_wrong_words(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt", "cohort.zip", text="no zip")
    for name, message in (("nothing", ""), ("notes.txt", ""), ("cohort.zip", "no zip file")):
        with pytest.raises(GradpathError, match=message):
            find([tmp_path / name], SLUGS)
