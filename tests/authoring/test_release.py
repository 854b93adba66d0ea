"""The bundles: their files, the same bytes everywhere, bundles in use, and refused releases."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from nbclient import NotebookClient
from packaging.requirements import Requirement

from gradpath import __version__
from gradpath.authoring.play import page
from gradpath.authoring.release import bundles, gates, manifest, wheels
from gradpath.authoring.release.archives import DEFAULT_EPOCH, Files, read_zip, zip_bytes
from gradpath.authoring.release.folder import refuse_other_contents, write_release
from gradpath.authoring.release.otter_tests import public_tests
from gradpath.authoring.release.staff import NAME as STAFF
from gradpath.authoring.release.student import CLASSROOM50, COURSE, TEMPLATE
from gradpath.authoring.student_notebook import notebook_of
from gradpath.authoring.verify import Report
from gradpath.cohort.run import Run
from gradpath.course.config import FeedbackSettings
from gradpath.course.load import course_root, load
from gradpath.course.master import BEGIN, END, master_cells, skeleton_of, solution_of, text_of
from gradpath.course.mistakes import apply
from gradpath.errors import GradpathError
from gradpath.submissions.find import find
from tests.conftest import ROOT, SLUGS, Command
from tests.support.shared import make_checkout
from tests.support.versions import COLAB, lower_bounds

SECRET = "a secret of the tests"
SECRET_FILE = "nbgrader/gradpath.toml"
SMALL = "mse_sweep"
ASSIGNMENTS = "autograder/gradpath/assignments"
"""The only assignment of the copied course, which releases in seconds."""
PACKAGE = ROOT / "autograder" / "gradpath"

# Kept small, so that a build gets little from its surroundings.
VARIABLES = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
ENVIRONMENT = {name: os.environ[name] for name in VARIABLES if name in os.environ}


@pytest.fixture(scope="module")
def student() -> Files:
    return bundles.for_students(platforms=[CLASSROOM50])


SHELL = "import subprocess, sys; sys.exit(subprocess.run(['bash', '-c', sys.argv[1]]).returncode)"


@pytest.fixture(scope="module")
def staff() -> Files:
    return bundles.for_staff(SECRET, FeedbackSettings(), [Report(slug) for slug in SLUGS])


@pytest.fixture(scope="module")
def course(student: Files) -> Files:
    return read_zip(student[f"student/{COURSE}"])


@pytest.fixture(scope="module")
def wheel(course: Files) -> Files:
    (name,) = (path for path in course if path.endswith(".whl"))
    return read_zip(course[name])


def write(folder: Path, files: Files) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


class Environment:
    """The course's zip in a folder of its own, with a virtual environment as students make it.

    The packages that requirements.txt pins are this environment's: tests/docs/test_docs.py has pip
    install them.
    """

    def __init__(self, folder: Path, files: Files) -> None:
        self.folder = folder
        self.bin = folder / ".venv" / ("Scripts" if os.name == "nt" else "bin")
        write(folder, files)
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True
        )
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        site = Path(self.run("python", "-c", where).stdout.strip())
        # Our own gradpath stays out: Python reads no .pth files of a folder that a .pth file names.
        (site / "packages.pth").write_text(sysconfig.get_path("purelib"))
        install = ("-m", "pip", "install", "--quiet", "--no-index", "-r")
        # From another folder than the requirements' own.
        done = self.run("python", *install, folder / "requirements.txt", cwd=folder.parent)
        assert done.returncode == 0, done.stdout + done.stderr

    def run(
        self, *words: object, cwd: Path | None = None, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment."""
        environment = {**ENVIRONMENT, "COLUMNS": "100", "HOME": str(self.folder.parent), **extra}
        return subprocess.run(
            [self.bin / str(words[0]), *map(str, words[1:])],
            cwd=cwd or self.folder,
            env={**environment, "PATH": f"{self.bin}{os.pathsep}{ENVIRONMENT['PATH']}"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory, course: Files) -> Environment:
    return Environment(tmp_path_factory.mktemp("at home") / "my course", course)


# Archives


def test_a_zip_is_stored_sorted_and_has_fixed_modes_and_times() -> None:
    data = zip_bytes({"b/run": b"#!", "a.txt": b"text"}, executable=["b/run"])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["a.txt", "b/run"]
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    modes = [stat.filemode(entry.external_attr >> 16) for entry in entries]
    assert modes == ["-rw-r--r--", "-rwxr-xr-x"]
    assert {entry.date_time for entry in entries} == {(2020, 1, 1, 0, 0, 0)}
    assert zip_bytes({"a.txt": b"text", "b/run": b"#!"}, executable=["b/run"]) == data


def test_source_date_epoch_is_every_entrys_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000001")
    (entry,) = zipfile.ZipFile(BytesIO(zip_bytes({"a": b""}))).infolist()
    assert entry.date_time == (2023, 11, 14, 22, 13, 20)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DEFAULT_EPOCH))
    here = zip_bytes({"a": b""})
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert zip_bytes({"a": b""}) == here


@pytest.mark.parametrize("epoch", ["yesterday", "-1", "0", "315532799", "99999999999", "1.5"])
def test_a_time_that_no_zip_can_hold(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(GradpathError, match="SOURCE_DATE_EPOCH"):
        zip_bytes({"a": b""})


@pytest.mark.parametrize("path", ["/a", "../a", "a/../b", "a\\b", "", "a//b", "./a"])
def test_a_path_that_leads_elsewhere(path: str) -> None:
    with pytest.raises(ValueError, match="within an archive"):
        zip_bytes({path: b""})


# What is in the bundles


def test_a_student_finds_what_the_readme_promises(student: Files, course: Files) -> None:
    names = ("gradpath-course", *SLUGS, *(f"classroom50-{slug}" for slug in SLUGS))
    assert set(student) == {f"student/{name}.zip" for name in names}
    packages = f"packages/gradpath-{__version__}+student-py3-none-any.whl"
    common = {*TEMPLATE, packages}
    for name, slugs in [("gradpath-course", SLUGS), *((slug, (slug,)) for slug in SLUGS)]:
        files = read_zip(student[f"student/{name}.zip"])
        folders = {path for path in files if path.partition("/")[0] in SLUGS}
        assert set(files) == common | folders
        assert {path.partition("/")[0] for path in folders} == set(slugs)
        for slug in slugs:
            own = {path.removeprefix(f"{slug}/") for path in folders if path.startswith(slug + "/")}
            assert {"README.md", "README.html", f"{slug}.py", f"{slug}.ipynb"} <= own
            assert {path for path in own if path.startswith("tests/")} == set(public_tests(slug))
            html = files[f"{slug}/README.html"].decode()
            assert ('<a href="play.html">' in html) == ("play.html" in own)
            # No text leads to one that this bundle does not hold.
            assert set(re.findall(r'href="\.\./(\w+)/README\.html"', html)) <= set(slugs)
            pictures = set(
                re.findall(r"\]\((figures/\S+?\.png)\)", files[f"{slug}/README.md"].decode())
            )
            assert {path for path in own if path.startswith("figures/")} == pictures
            assert files.get(f"{slug}/{page.NAME}") == page.page_of(slug)
        assert not re.search(rb"\$\w", files["README.md"] + files["requirements.txt"])
    assert course["hand_gradients/hand_gradients.py"].decode() == skeleton_of("hand_gradients")


def test_no_bundle_for_students_tells_an_answer(student: Files) -> None:
    public = (COURSE, f"classroom50-{SMALL}.zip")
    gates.refuse_leaking({name: student[f"student/{name}"] for name in public}, SECRET)


def test_the_gate_of_the_release_sees_a_planted_line(student: Files) -> None:
    files = read_zip(student[f"student/{SMALL}.zip"])
    files["README.md"] += telling_line("rosenbrock").encode()
    with pytest.raises(GradpathError, match=r"README\.md, line \d+.*solution of rosenbrock"):
        gates.refuse_leaking({f"{SMALL}.zip": zip_bytes(files)}, SECRET)


def requirements_of(wheel: Files) -> dict[str, Requirement]:
    """Return the requirements in a wheel's metadata by name."""
    (metadata,) = (data.decode() for path, data in wheel.items() if path.endswith("/METADATA"))
    lines = re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
    return {(requirement := Requirement(line)).name: requirement for line in lines}


def test_students_keep_the_versions_that_they_have(course: Files, wheel: Files) -> None:
    """Those of staff, of Google Colab, and the lowest that work; see tests/support/versions.py."""
    texts = [(ROOT / name).read_text() for name in ("requirements.txt", "requirements-otter.txt")]
    pins = dict(re.findall(r"^([\w-]+)==(.*)$", "\n".join(texts).lower(), re.MULTILINE))
    given = requirements_of(wheel)
    for line in course["requirements.txt"].decode().splitlines():
        if line[0].isalpha():
            given.setdefault((requirement := Requirement(line)).name, requirement)
    assert {"numpy", "torch", "ipython", "ipykernel", "otter-grader"} <= set(given)
    for versions in (pins, {**pins, **lower_bounds()}, {**pins, **COLAB}):
        for name in set(given) - {"gradpath"}:
            assert given[name].specifier.contains(versions[name]), (name, versions[name])


def test_only_assignments_with_torch_bring_it(student: Files, wheel: Files) -> None:
    assert str(requirements_of(wheel)["torch"].marker) == 'extra == "torch"'
    for slug in SLUGS:
        files = read_zip(student[f"student/{slug}.zip"])
        texts = files["requirements.txt"] + files["README.md"]
        assert (b"torch" in texts) == ("torch" in load(slug).settings.libraries), slug


def test_colab_gets_nothing_that_it_has(course: Files) -> None:
    lines = course["requirements-colab.txt"].decode().splitlines()
    wanted = [line for line in lines if not line.startswith("#")]
    assert wanted == ["--find-links packages", f"gradpath=={__version__}+student"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_notebook_has_the_code_of_the_skeleton(slug: str) -> None:
    notebook = nbformat.reads(notebook_of(slug, ["forward", "predict"]).decode(), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    own = [cell.source for cell in code if "otter_ignore" not in cell.metadata.get("tags", [])]
    # The skeleton has comments where the notebook has cells for texts.
    asked = re.compile(r"\n+(?:# .*\n|#\n)+# My (?:prediction|answer):")
    skeleton, count = asked.subn("", skeleton_of(slug))
    assert ("\n\n\n".join(own) + "\n", count) == (skeleton, 2)
    places = [cell.source for cell in notebook.cells if cell.id.endswith("-answer")]
    assert places == ["*My prediction:*", "*My answer:*"]
    texts = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for cell in master_cells(slug):
        if {"prediction", "question", "answer"} & set(cell.tags):
            assert (cell.source in texts) == ("answer" not in cell.tags)
            assert (cell.source in text_of(slug)) == ("answer" not in cell.tags)
    others = [cell.source for cell in code if "otter_ignore" in cell.metadata.get("tags", [])]
    assert "import gradpath" in others[0]
    assert code[0].source == others[0]
    names = set(load(slug).functions) & {"forward", "predict"}
    assert others[1:] == [
        *(f"%gradpath check {slug} {name}" for name in load(slug).functions if name in names),
        *(f"%gradpath check {slug}", f"%gradpath handin {slug}"),
    ]
    assert notebook_of(slug, ["forward", "predict"]).decode().find(BEGIN) == -1


def test_staff_get_solutions_reports_and_the_image(staff: Files) -> None:
    bundles_of_staff = {path for path in staff if not path.startswith("nbgrader/")}
    zips = {f"otter/{slug}-autograder.zip" for slug in SLUGS}
    assert bundles_of_staff == {f"staff/{STAFF}"} | zips
    course = {path.removeprefix("nbgrader/") for path in set(staff) - bundles_of_staff}
    assert {"nbgrader_config.py", "gradpath.toml", "README.md", "students.csv"} <= course
    assert {f"source/{slug}/{slug}.ipynb" for slug in SLUGS} <= course
    files = read_zip(staff[f"staff/{STAFF}"])
    package = f"gradpath-{__version__}-py3-none-any.whl"
    expected = {"README.md", f"packages/{package}", "image/Dockerfile", f"image/packages/{package}"}
    expected |= {f"verify/{slug}.{kind}" for slug in SLUGS for kind in ("txt", "json")}
    for slug in SLUGS:
        expected |= {
            f"solutions/{slug}/{name}" for name in ("master.py", f"{slug}.py", f"{slug}.ipynb")
        }
        plain = files[f"solutions/{slug}/{slug}.py"].decode()
        assert plain == solution_of(slug)
        assert BEGIN not in plain
        assert END not in files[f"solutions/{slug}/{slug}.ipynb"].decode()
    assert expected <= set(files)
    assert "$" not in files["README.md"].decode()


def test_the_manifest_lists_every_file_and_every_entry(student: Files, staff: Files) -> None:
    files = bundles.with_manifest({**student, **staff})
    text = files[manifest.NAME].decode()
    listed = json.loads(text)
    assert listed["format"] == 1
    assert listed["gradpath"] == __version__
    assert listed["requirements"]["torch"] == "2.13.0"
    assert set(listed["files"]) == set(files) - {manifest.NAME}
    # Its hash would confirm a guess of the secret.
    assert listed["files"].pop(SECRET_FILE) == {"sha256": "", "size": 0}
    for path, entry in listed["files"].items():
        assert entry["sha256"] == hashlib.sha256(files[path]).hexdigest()
        assert entry["size"] == len(files[path])
        inside = read_zip(files[path]) if path.endswith(".zip") else {}
        inside.pop("otter_config.json", None)  # it holds the secret, too
        assert {name: each["sha256"] for name, each in entry.get("entries", {}).items()} == {
            name: hashlib.sha256(data).hexdigest() for name, data in inside.items()
        }
    listed = json.loads(text)
    assert text == json.dumps(listed, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    config = read_zip(files["otter/mse_sweep-autograder.zip"])["otter_config.json"]
    for data in (SECRET.encode(), config, files[SECRET_FILE]):
        assert hashlib.sha256(data).hexdigest() not in text


# The editions of the package


def test_the_wheels_hold_their_edition_and_nothing_else(wheel: Files) -> None:
    everything, theirs = wheels.staff_files(), wheels.student_files()
    assert theirs.items() < everything.items()
    modules = {path: data for path, data in wheel.items() if ".dist-info/" not in path}
    assert modules == theirs == {path: (PACKAGE.parent / path).read_bytes() for path in modules}
    built = read_zip(wheels.staff_wheel()[1])
    assert {path for path in built if ".dist-info/" not in path} == set(everything)


def test_every_name_of_the_student_edition_stands_for_a_file() -> None:
    everything = {path.removeprefix("gradpath/") for path in wheels.staff_files()}
    assert {*wheels.STUDENT_FILES, *wheels.STAFF_FILES} <= everything
    for folder in wheels.STUDENT_FOLDERS:
        assert f"{folder}/__init__.py" in everything
    for name in wheels.STUDENT_ASSIGNMENT_FILES:
        assert [slug for slug in SLUGS if f"assignments/{slug}/{name}" in everything], name


@pytest.mark.parametrize(
    ("path", "students"),
    [
        ("course/idea.py", True),
        ("worker/sandbox/idea.py", True),
        ("course/master.py", False),
        ("idea.py", False),
        ("cli/idea.py", False),
        ("authoring/course/idea.py", False),
        ("coursework/worker/idea.py", False),
        (f"assignments/{SMALL}/public.py", True),
        (f"assignments/{SMALL}/hidden.py", False),
        (f"assignments/{SMALL}/idea.py", False),
        (f"assignments/{SMALL}/corpus/public.py", False),
        ("assignments/public.py", False),
    ],
)
def test_a_new_file_is_for_students_only_in_their_folders(path: str, students: bool) -> None:
    assert wheels.is_for_students(path) is students


@pytest.mark.parametrize(
    ("path", "languages", "students"),
    [
        (f"locale/zh/{SMALL}.po", ("zh", "en"), True),
        ("locale/zh/gradpath.po", ("zh",), True),
        (f"locale/zh/{SMALL}.po", ("en",), False),
        (f"locale/zh/staff/{SMALL}.po", ("zh",), False),
        ("locale/zh/staff/gradpath.po", ("zh",), False),
        ("locale/zh/answers.po", ("zh",), False),
        ("locale/zh/glossary.toml", ("zh",), False),
    ],
)
def test_students_get_the_catalogues_of_the_release(
    path: str, languages: tuple[str, ...], students: bool
) -> None:
    assert wheels.is_for_students(path, languages) is students


@pytest.mark.parametrize("name", ["course/answers.json", "worker/data/a.msgpack", "student/notes"])
def test_a_file_of_an_unknown_kind_stops_the_wheel_of_students(name: str) -> None:
    with pytest.raises(GradpathError, match=f"gradpath/{name} is no module"):
        wheels.is_for_students(name)


def test_modules_of_the_student_edition_import_nothing_that_it_lacks() -> None:
    files = {name: data for name, data in wheels.student_files().items() if name.endswith(".py")}
    modules = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files
    }
    everything = {path.removesuffix(".py").replace("/", ".") for path in wheels.staff_files()}
    for name, data in files.items():
        for node in ast.walk(ast.parse(data)):
            imported: list[str] = []
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                members = [f"{node.module}.{alias.name}" for alias in node.names]
                imported = [node.module, *(member for member in members if member in everything)]
            ours = {module for module in imported if module.partition(".")[0] == "gradpath"}
            assert ours <= modules, name


def test_litter_of_editors_and_python_is_in_no_wheel(small: Path) -> None:
    def built() -> str:
        code = "from gradpath.authoring.release import wheels as w; print(*w.staff_files())"
        done = python(code, cwd=small, PYTHONPATH=str(small / "autograder"))
        assert done.returncode == 0, done.stderr
        return done.stdout

    before = built()
    for name in ("grading.py~", ".grading.py.swp", "__pycache__/x.cpython-311.pyc", "a.pyc"):
        path = small / "autograder/gradpath" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (small / ASSIGNMENTS / SMALL / "corpus/right/.ipynb_checkpoints").mkdir()
    (small / ASSIGNMENTS / SMALL / "corpus/right/.ipynb_checkpoints/a.py").touch()
    assert built() == before


SECRETS = ("hidden", "misconceptions", "questions")
STAFF_MODULES = (
    *(f"gradpath.assignments.{slug}.{n}" for slug in SLUGS for n in SECRETS),
    "gradpath.authoring",
    "gradpath.cli.author",
    "gradpath.cli.doctor_staff",
    "gradpath.cli.grade",
    "gradpath.cli.grade_one",
    "gradpath.cli.interview",
    "gradpath.cli.languages",
    "gradpath.cli.post",
    "gradpath.cli.release",
    "gradpath.cli.verify",
    "gradpath.cohort",
    "gradpath.course.master",
    "gradpath.course.placeholders",
    "gradpath.course.translated",
    "gradpath.frontends.nbgrader",
    "gradpath.frontends.otter",
    "gradpath.reports",
)


def test_what_is_left_out_is_not_in_the_students_wheel(wheel: Files) -> None:
    for module in STAFF_MODULES:
        path = module.replace(".", "/")
        assert (PACKAGE.parent / f"{path}.py").is_file() or (PACKAGE.parent / path).is_dir(), module
        assert not [name for name in wheel if name == f"{path}.py" or name.startswith(f"{path}/")]
    names = {PurePosixPath(name).name for name in wheel}
    assert not names & {"hidden.py", "misconceptions.py"}
    assert not [name for name in wheel if "solutions" in name or "corpus" in name]
    assert not [name for name in wheel if "__pycache__" in name or name.endswith(".pyc")]
    assert not [name for name in wheel if "/locale/" in name]


def test_the_metadata_of_the_students_wheel(wheel: Files) -> None:
    (metadata,) = (data.decode() for path, data in wheel.items() if path.endswith("/METADATA"))
    assert f"\nVersion: {__version__}+student\n" in metadata
    needs = re.findall(r"^Requires-Dist: ([\w.-]+)", metadata, re.MULTILINE)
    assert set(needs) == {*wheels.STUDENT_DEPENDENCIES, *wheels.STUDENT_EXTRAS}
    record = next(data.decode() for path, data in wheel.items() if path.endswith("/RECORD"))
    assert {line.split(",")[0] for line in record.splitlines()} == set(wheel)


# The same bytes everywhere


def python(code: str, *words: str, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=cwd,
        env={**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1", **extra},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


DIGESTS = """\
import hashlib, os, sys
os.umask(int(sys.argv[1], 8))
import gradpath
from gradpath.authoring.languages.complete import incomplete
from gradpath.authoring.release import bundles
from gradpath.authoring.verify import Report
from gradpath.course.config import FeedbackSettings
from gradpath.course.load import slugs
from gradpath.text.languages import ENGLISH, Language
zh = Language("zh")
reports = [Report(slug, {"right": (3, 3), "wrong": (4, 4)}) for slug in slugs()]
files = bundles.for_students(languages=[ENGLISH, zh])
files |= bundles.for_staff("words", FeedbackSettings(), reports, language=zh)
print(gradpath.__file__)
print(len(incomplete("zh", slugs()[:1])))
for name, data in bundles.with_manifest(files).items():
    print(name, hashlib.sha256(data).hexdigest())
"""


@pytest.mark.slow
def test_another_surrounding_gives_the_same_bytes(tmp_path: Path) -> None:
    """Twice from the checkout, and once from the installed wheel of staff."""
    name, data = wheels.staff_wheel()
    assert name.endswith(".whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(site)
    for folder in ("a", "b", "home"):
        (tmp_path / folder).mkdir()
    (tmp_path / "a" / ".gitignore").write_text("*.py\n")
    source = str(PACKAGE.parent)
    folders = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "a"), "PYTHONPATH": source}
    variants: list[tuple[str, str, dict[str, str]]] = [
        ("022", "a", {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "PYTHONPATH": source}),
        ("077", "b", {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C", **folders}),
        ("027", "b", {"PYTHONHASHSEED": "3", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(site)}),
    ]
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda each: python(DIGESTS, each[0], cwd=tmp_path / each[1], **each[2]), variants
            )
        )
    for each in done:
        assert each.returncode == 0, each.stderr
    packages, digests = zip(*(each.stdout.split("\n", 1) for each in done), strict=True)
    assert packages[0] == packages[1] == str(PACKAGE / "__init__.py")
    assert packages[2] == str(site / "gradpath" / "__init__.py")
    assert digests[0].count("\n") > len(SLUGS) * 3 + 3
    assert digests[0] == digests[1] == digests[2]


def test_another_secret_changes_what_grades_with_it_only(staff: Files) -> None:
    other = bundles.for_staff("another", FeedbackSettings(), [Report(slug) for slug in SLUGS])
    changed = {path for path in staff if staff[path] != other[path]}
    zips = {path for path in staff if path.startswith("otter/")}
    assert changed == zips | {SECRET_FILE}


# The folder


def test_a_release_replaces_a_former_one_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "new" / "dist"
    first = bundles.with_manifest({"student/a.zip": zip_bytes({"a": b"1"}), "old.txt": b"old"})
    write_release(out, first)
    assert contents(out) == first
    second = bundles.with_manifest({"student/a.zip": zip_bytes({"a": b"2"})})
    write_release(out, second)
    assert contents(out) == second
    assert [path.name for path in out.parent.iterdir()] == ["dist"]


def release_and_more(out: Path) -> None:
    write_release(out, bundles.with_manifest({"a": b"1"}))
    (out / "student").mkdir()
    (out / "student" / "more.txt").touch()


@pytest.mark.parametrize(
    "prepare",
    [
        lambda out: (out / "notes.txt").write_text("mine"),
        lambda out: (out / ".hidden").write_text("mine"),
        lambda out: (out / "link").symlink_to(out),
        lambda out: (out / "MANIFEST.json").write_text('{"files": ["notes.txt"]}'),
        release_and_more,
    ],
    ids=["a file", "a hidden file", "a link", "another manifest", "a release and more"],
)
def test_a_folder_with_something_else_is_refused(tmp_path: Path, prepare: object) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    assert callable(prepare)
    prepare(out)
    before = sorted(out.rglob("*"))
    with pytest.raises(GradpathError, match="give --out a folder that is new or empty"):
        refuse_other_contents(out)
    with pytest.raises(GradpathError):
        write_release(out, bundles.with_manifest({"b": b"2"}))
    assert sorted(out.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_a_file_or_a_link_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(GradpathError, match="is no folder"):
            refuse_other_contents(tmp_path / name)


def test_a_release_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "new" / "dist"
    too_long = {"a": b"1", "b" * 300: b"no file system takes this name"}
    with pytest.raises(GradpathError, match="cannot be written"):
        write_release(out, too_long)
    assert list(tmp_path.iterdir()) == []
    former = bundles.with_manifest({"a": b"1"})
    write_release(out, former)
    with pytest.raises(GradpathError, match="cannot be written"):
        write_release(out, too_long)
    assert contents(out) == former
    assert list(out.parent.iterdir()) == [out]


def telling_line(slug: str) -> str:
    """Return a line that only the solution has."""
    given = {line.strip() for line in skeleton_of(slug).splitlines()}
    lines = {line.strip() for line in solution_of(slug).splitlines()}
    return max((line for line in lines - given if "=" in line), key=len)


def contents(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# The command, in a copy of the course that has one assignment


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A checkout with one assignment and a few submissions of its corpus."""
    root = tmp_path / "checkout"
    make_checkout(root, [SMALL])
    for kind in ("right", "wrong"):
        for path in sorted((root / ASSIGNMENTS / SMALL / "corpus" / kind).iterdir())[2:]:
            path.unlink()
    return root


def release(gradpath: Command, small: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    words = ("release", "--out", small.parent / "dist", "--secret", SECRET, "--platform", "vpl")
    return gradpath(*words, cwd=small, PYTHONPATH=str(small / "autograder"), **extra)


@pytest.mark.slow
def test_the_command_three_times(gradpath: Command, small: Path) -> None:
    """The same bytes over the first release; then a refusal, which leaves them alone."""
    out = small.parent / "dist"
    address = "https://example.org/packages/"
    (small / "gradpath.toml").write_text(f'[release]\npackages = "{address}"\n')
    done = release(gradpath, small, TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    first = contents(out)
    listed = {path for path in first if not path.startswith(("nbgrader/", "vpl/"))}
    assert listed == {
        *("MANIFEST.json", f"otter/{SMALL}-autograder.zip", f"staff/{STAFF}"),
        *(f"student/{COURSE}", f"student/{SMALL}.zip"),
    }
    assert {f"nbgrader/source/{SMALL}/{SMALL}.ipynb", f"vpl/{SMALL}/vpl_run.sh"} <= set(first)
    notebook = read_zip(first[f"student/{SMALL}.zip"])[f"{SMALL}/{SMALL}.ipynb"]
    assert json.dumps(f'--find-links "{address}"')[1:-1].encode() in notebook
    for path in (*listed, "nbgrader/", "vpl/"):
        assert path in done.stdout
    secret = out / "nbgrader" / "gradpath.toml"
    assert (secret.stat().st_mode & 0o777, secret.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "verify: all green" in done.stdout
    report = read_zip(first[f"staff/{STAFF}"])[f"verify/{SMALL}.txt"].decode()
    assert re.search(r"known mistakes  (\d+) of \1 as they must be", report)
    assert SECRET not in done.stdout

    done = release(gradpath, small, TZ="America/Lima", PYTHONHASHSEED="8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(out) == first

    corpus = small / ASSIGNMENTS / SMALL / "corpus"
    wrong = sorted((corpus / "wrong").glob("*.py"))[0]
    shutil.copy(wrong, corpus / "right")
    done = release(gradpath, small)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "verify is not green" in done.stderr
    assert wrong.name in done.stderr
    assert contents(out) == first
    assert sorted(path.name for path in small.parent.iterdir()) == ["checkout", "dist"]


def refused(done: subprocess.CompletedProcess[str], small: Path) -> str:
    """Return the reason of a refusal that left the former release alone."""
    assert done.returncode == 2, done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    assert sorted(path.name for path in small.parent.iterdir()) == ["checkout", "dist"]
    assert contents(small.parent / "dist") == FORMER
    return done.stderr


FORMER = {"a.txt": b"a former release"}
FORMER |= {manifest.NAME: manifest.manifest_of(FORMER)}


@pytest.fixture
def released(small: Path) -> Path:
    write_release(small.parent / "dist", FORMER)
    return small


def test_refused_when_a_skeleton_is_out_of_step(gradpath: Command, released: Path) -> None:
    with (released / "assignments" / SMALL / f"{SMALL}.py").open("a") as file:
        file.write("# one more line\n")
    reason = refused(release(gradpath, released), released)
    assert f"{SMALL}.py is out of step with the master" in reason


@pytest.mark.slow
def test_refused_when_a_recording_is_out_of_step(gradpath: Command, released: Path) -> None:
    path = released / "autograder/gradpath/assignments" / SMALL / "misconceptions.py"
    text = path.read_text()
    hint = load(SMALL).misconceptions[-1].title
    assert hint in text
    path.write_text(text.replace(hint, f"{hint}, in other words", 1))
    reason = refused(release(gradpath, released), released)
    assert f"the recorded references of {SMALL} are out of step" in reason


@pytest.mark.parametrize(
    ("planted", "subject"),
    [
        pytest.param(SECRET, "secret", id="the secret"),
        # In test_the_gate_of_the_release_sees_a_planted_line the gate is asked directly.
        pytest.param(None, "a line of the solution", id="a solution", marks=pytest.mark.slow),
    ],
)
def test_refused_when_a_student_would_get_a_solution_or_the_secret(
    gradpath: Command, released: Path, planted: str | None, subject: str
) -> None:
    with (released / "student_template" / "README.md").open("a") as readme:
        readme.write(f"\nBy the way: {planted or telling_line(SMALL)}\n")
    reason = refused(release(gradpath, released), released)
    assert "README.md, line" in reason
    assert subject in reason
    assert SECRET not in reason


def test_refused_without_words_that_it_needs(in_process: Command, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "thesis.txt").write_text("mine")
    (tmp_path / "file").touch()
    for words, reason in (
        (("--out", "dist"), "need a secret"),
        (("--out", "dist", "--secret", "x"), "dist holds thesis.txt"),
        (("--out", "file", "--secret", "x"), "is no folder"),
        (("--secret", "x"), "Missing option '--out'"),
        (("--out", "new", "--secret", "x", "--hidden-after", "some"), "--hidden-after"),
        (("--out", "new", "--secret", "x", "--language", "tlh"), "no texts in the language 'tlh'"),
    ):
        done = in_process("release", *words)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert reason in done.stderr
    done = in_process("release", "--out", "new", "--secret", "x", SOURCE_DATE_EPOCH="noon")
    assert (done.returncode, "SOURCE_DATE_EPOCH" in done.stderr) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dist", "file"]


def test_help_explains_the_command(in_process: Command) -> None:
    assert re.search(r"^  release ", in_process("--help").stdout, re.MULTILINE)
    text = in_process("release", "--help").stdout
    for word in (
        "student",
        "otter",
        "staff",
        "MANIFEST.json",
        "--hidden-before",
        "--platform",
        "secret",
    ):
        assert word in text


# The bundles in use


@pytest.mark.slow
def test_solved_notebooks_run_from_top_to_bottom(tmp_path: Path, course: Files) -> None:
    """With their checks, in the folder that students have; two at a time.

    A check starts a worker and draws, so only one notebook has all of them, the others have one.
    Three assignments run; all do with GRADPATH_TEST_EVERYTHING in the environment.
    """

    def run(slug: str) -> None:
        checked = [PurePosixPath(path).stem for path in public_tests(slug)]
        assert course[f"{slug}/{slug}.ipynb"] == notebook_of(slug, checked)
        solved = notebook_of(slug, checked, solved=True)
        write(tmp_path, {f"{slug}/{slug}.ipynb": solved})
        notebook = nbformat.reads(solved.decode(), as_version=4)
        if slug != "hand_gradients":
            left_out = {f"{slug}-handin", *(f"{slug}-{name}-check" for name in checked)}
            notebook.cells = [cell for cell in notebook.cells if cell.id not in left_out]
        resources = {"metadata": {"path": str(tmp_path / slug)}}
        NotebookClient(notebook, timeout=120, resources=resources).execute()
        said = {
            cell.id: [output["data"].get("text/plain", "") for output in cell.outputs]
            for cell in notebook.cells
            if cell.source.startswith("%gradpath")
        }
        whole, picture = said[f"{slug}-check"]
        score = re.search(r", ([\d.]+) of \1 public points", whole, re.MULTILINE)
        assert score, whole
        assert picture.startswith("<IPython.core.display.Image")
        if slug == "hand_gradients":
            for name in checked:
                shown = said[f"{slug}-{name}-check"][0]
                assert re.match(rf"{name}  ([\d.]+) / \1\n", shown), shown
            (handed_in,) = said[f"{slug}-handin"]
            assert score[0] in handed_in
            assert handed_in.endswith(f"Hand in: {tmp_path / slug / slug}.ipynb")

    everything = "GRADPATH_TEST_EVERYTHING" in os.environ
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, SLUGS if everything else ("hand_gradients", *SLUGS[::4])))


def test_a_folder_that_is_handed_in_as_a_whole(tmp_path: Path, course: Files) -> None:
    """With a virtual environment, tests and untouched notebooks in it; as a folder and as a zip."""
    files = {
        **course,
        "hand_gradients/hand_gradients.py": solution_of("hand_gradients").encode(),
        "rosenbrock/rosenbrock.ipynb": notebook_of("rosenbrock", ["descend"], solved=True),
        ".venv/lib/python3.11/site-packages/mse_sweep.py": b"x = 1\n",
        "env/lib/python3.11/site-packages/gradpath/coursework/rosenbrock.py": b"x = 1\n",
    }
    zipped = zip_bytes({f"my course/{path}": data for path, data in files.items()})
    write(tmp_path / "cohort" / "s01", files)
    write(tmp_path / "cohort", {"s02.zip": zipped, "s03/everything.zip": zipped})
    submissions, ignored = find([tmp_path / "cohort"], SLUGS)
    assert ignored == []
    assert [(each.student, each.assignment) for each in submissions] == [
        (student, slug) for student in ("s01", "s02", "s03") for slug in sorted(SLUGS)
    ]
    assert not [each.note for each in submissions if each.note]
    suffixes = {each.assignment: each.file.rpartition(".")[2] for each in submissions}
    assert suffixes == {**dict.fromkeys(SLUGS, "py"), "rosenbrock": "ipynb"}
    with Run(["hand_gradients", "rosenbrock"], SECRET, jobs=2) as run:
        graded = [each for each in submissions if each.assignment in run.assignments]
        results = run.grade_all(graded, lambda _: None)
    assert {(result.student, result.score) for result in results} == {
        (student, 10.0) for student in ("s01", "s02", "s03")
    }


# From here on, in the student's environment


@pytest.mark.slow
def test_what_is_pushed_is_checked_and_has_pages(at_home: Environment, tmp_path: Path) -> None:
    """The steps of both services, but for the installation, in a shell as theirs."""
    github = yaml.safe_load((at_home.folder / ".github/workflows/gradpath.yml").read_text())
    gitlab = yaml.safe_load((at_home.folder / ".gitlab-ci.yml").read_text())["gradpath"]
    steps = [step.get("run", "") for step in github["jobs"]["check"]["steps"]]
    slug = "mse_sweep"
    shutil.copytree(at_home.folder / slug, tmp_path / slug)
    (tmp_path / slug / f"{slug}.py").write_text(solution_of(slug))
    for name, commands in (("github", steps), ("gitlab", gitlab["script"])):
        (loop,) = (text for text in commands if "--as" in text)
        loop = loop.replace(" ".join(SLUGS), slug)
        done = at_home.run("python", "-c", SHELL, f"set -e\n{loop}", cwd=tmp_path)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        page = (tmp_path / "pages" / f"{slug}.html").read_text()
        assert "data:image/svg+xml" in page
        assert "wrong" not in page.partition("</style>")[2]
    junit = ElementTree.parse(tmp_path / "pages" / f"{slug}.xml").getroot()
    assert not junit.findall("*/*/failure")
    assert gitlab["artifacts"]["reports"]["junit"] == "pages/*.xml"
    assert [text for text in (*steps, *gitlab["script"]) if text == "gradpath check"]


def test_classroom_50_gets_integers(at_home: Environment, student: Files, tmp_path: Path) -> None:
    """The fields of its schema result-v1; the bundle lies in a folder of its own."""
    bundle, checkout = tmp_path / "bundle", tmp_path / "checkout"
    write(bundle, read_zip(student[f"student/classroom50-{SMALL}.zip"]))
    write(checkout, {f"{SMALL}.py": mistaken(SMALL)})
    told = {
        "CLASSROOM": "cs", "ASSIGNMENT": "week-3", "ASSIGNMENT_TYPE": "individual", "OWNER": "s01",
        "SUBMISSION_TAG": "submit/1", "COMMIT_URL": "https://x/c", "RELEASE_URL": "https://x/r",
        "CLASSROOM50_BUNDLE_DIR": str(bundle), "PIP_NO_INDEX": "1",
    }  # fmt: skip
    done = at_home.run("python", bundle / "autograder.py", cwd=checkout, **told)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((checkout / "result.json").read_text())
    required = {
        *("schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit"),
        *("release", "review", "datetime", "score", "max-score", "tests"),
    }
    assert set(result) == required
    assert (result["schema"], result["owner"]) == ("classroom50/result/v1", "s01")
    assert re.fullmatch(r"\d{4}(-\d\d){2}T\d\d:\d\d:\d\dZ", result["datetime"])
    scores = [result, *result["tests"]]
    assert all(type(item[key]) is int for item in scores for key in ("score", "max-score"))
    assert all(0 <= item["score"] <= item["max-score"] for item in scores)
    assert 0 < result["score"] < result["max-score"]
    assert sum(item["score"] for item in result["tests"]) == result["score"]
    assert SMALL in (checkout / "release-body.md").read_text()
    (checkout / f"{SMALL}.py").unlink()
    done = at_home.run("python", bundle / "autograder.py", cwd=checkout, **told)
    assert done.returncode == 2
    assert "name it (there is none)" in done.stderr


@pytest.mark.slow
def test_the_students_commands(at_home: Environment) -> None:
    text = at_home.run("gradpath", "--help").stdout
    shown = re.findall(r"^  (\w+) +[A-Z]", text.partition("Commands:")[2], re.MULTILINE)
    assert shown == ["check", "doctor"]
    for name in ("grade", "verify", "release", "image", "record"):
        done = at_home.run("gradpath", name, "x", "--out", "y")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "this is the student edition" in done.stderr
    assert "No such command 'garde'" in at_home.run("gradpath", "garde").stderr
    done = at_home.run("gradpath", "doctor")
    assert done.returncode == 0, done.stdout
    assert "student edition" in " ".join(done.stdout.split())


def test_no_module_of_staffs_can_be_imported(at_home: Environment) -> None:
    code = (
        "import importlib.util, sys\n"
        "def there(name):\n"
        "    try: return importlib.util.find_spec(name) is not None\n"
        "    except ModuleNotFoundError: return False\n"
        "print(*filter(there, sys.argv[1:]))"
    )
    done = at_home.run("python", "-c", code, *STAFF_MODULES, "gradpath.student.check")
    assert done.stdout.split() == ["gradpath.student.check"], done.stderr


def mistaken(slug: str) -> bytes:
    """Return the solution with a known mistake in its last function but one."""
    assignment = load(slug)
    variants = (each.variants[0] for each in assignment.misconceptions if each.variants)
    function = assignment.functions[-2]
    return apply(solution_of(slug), [next(v for v in variants if v.function == function)]).encode()


@pytest.mark.slow
def test_check_says_the_same_at_home_and_to_staff(
    gradpath: Command, at_home: Environment, tmp_path: Path
) -> None:
    """Messages, hints, points and exit status, from the README's command in the course's folder."""
    slugs = SLUGS[:2]
    files = {f"{slugs[0]}/{slugs[0]}.ipynb": notebook_of(slugs[0], ["forward"], solved=True)}
    files |= {f"{slug}/{slug}.py": mistaken(slug) for slug in slugs[1:]}
    argv = ("check", *files)
    untouched = {path: (at_home.folder / path).read_bytes() for path in files}
    try:
        write(at_home.folder, files)
        write(tmp_path, files)
        with ThreadPoolExecutor(2) as pool:
            other = pool.submit(at_home.run, "gradpath", *argv)
            ours, theirs = gradpath(*argv), other.result()
    finally:
        write(at_home.folder, untouched)
    assert theirs.stdout == ours.stdout
    assert (theirs.returncode, ours.returncode) == (1, 1), theirs.stderr + ours.stderr
    assert theirs.stdout.count(" public points (") == len(slugs)
    assert theirs.stdout.count("Hint (") >= len(slugs) - 1
    assert f"{slugs[0]}.ipynb: " in theirs.stdout


@pytest.mark.slow
def test_otter_check_at_home_in_script_and_notebook(at_home: Environment) -> None:
    folder = at_home.folder / "hand_gradients"
    names = [PurePosixPath(path).stem for path in public_tests("hand_gradients")]
    files = {
        "solved.ipynb": notebook_of("hand_gradients", names, solved=True),
        "wrong.py": mistaken("hand_gradients"),
    }
    write(folder, files)
    otter = ("python", "-m", "otter", "check")
    with ThreadPoolExecutor(2) as pool:
        right, wrong = pool.map(lambda name: at_home.run(*otter, name, cwd=folder), files)
    for name in files:
        (folder / name).unlink()
    assert "All tests passed!" in right.stdout, right.stdout + right.stderr
    assert "train results:" in wrong.stdout, wrong.stdout + wrong.stderr
    assert "Hint" in wrong.stdout


def test_a_fresh_folder_is_told_where_to_begin(at_home: Environment) -> None:
    done = at_home.run("gradpath", "check")
    assert done.returncode == 1
    text = " ".join(done.stdout.split())
    begin = f"Begin with {SLUGS[0]}/README.md."
    assert text == f"Nothing is written yet in: {', '.join(SLUGS)} {begin}"


@pytest.mark.parametrize(("version", "carries"), [("standard", True), ("editable", False)])
def test_only_a_wheel_carries_the_course(version: str, carries: bool, tmp_path: Path) -> None:
    """An installation in place finds it in the checkout, and leaves no solutions beside."""
    from hatchling.builders.wheel import WheelBuilder

    builder = WheelBuilder(str(course_root()))
    (path,) = builder.build(directory=str(tmp_path), versions=[version])
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if name.startswith("gradpath/")}
    assert ("gradpath/coursework/solutions/mse_sweep.py" in names) == carries
    assert bool(names) == carries
