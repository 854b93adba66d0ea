"""Finding submissions in files, folders and zips."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from gradpath.errors import GradpathError
from gradpath.submissions.find import find
from gradpath.submissions.names import match
from tests.conftest import SLUGS


def put(folder: Path, *paths: str, text: str = "x = 1\n") -> None:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


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
    assert [each[1] for each in found(tmp_path / "cohort")] == ["mse_sweep"]


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
