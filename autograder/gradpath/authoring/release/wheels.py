"""The two editions of the package as wheels.

The student edition is made by leaving files out, never by editing them: it has the folders and
files that are named here, and staff have everything. The contract of imports in pyproject.toml
keeps the modules of these folders apart from staff's, and the leak gate reads them.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Final

from gradpath import __version__
from gradpath.authoring.release.archives import Files, read_zip, zip_bytes
from gradpath.course.settings import PACKAGE, course_root, read_settings, slugs
from gradpath.errors import AuthoringError, GradpathError
from gradpath.text.languages import LOCALE, OWN

STUDENT_FOLDERS: Final = (
    *(
        "course",
        "engine",
        "frontends/platforms",
        "grading",
        "student",
        "submissions",
        "text",
        "worker",
    ),
)
"""The folders of the package whose modules students get."""

STUDENT_FILES: Final = (
    "__init__.py",
    "assignments/__init__.py",
    "cli/__init__.py",
    "cli/answers.py",
    "cli/check.py",
    "cli/doctor.py",
    "cli/help.py",
    "cli/language.py",
    "cli/magic.py",
    "cli/standing.py",
    "cli/terminal.py",
    "errors.py",
    "frontends/__init__.py",
    "py.typed",
)
"""The files that students get from elsewhere in the package."""

# File by file: a new file beside the hidden checks is never given to students by accident.
STUDENT_ASSIGNMENT_FILES: Final = (
    "__init__.py",
    "documented.json",
    "plots.py",
    "probes.py",
    "public.py",
    "recorded.msgpack",
    "settings.toml",
)
"""The files of each assignment that students get."""

STAFF_FILES: Final = ("course/master.py", "course/placeholders.py", "course/translated.py")
"""Modules in students' folders that only staff get: they read solutions and known mistakes."""

STUDENT_DEPENDENCIES: Final = (
    "click",
    "ipython",
    "matplotlib",
    "msgspec",
    "numpy",
    "rich",
)
"""The libraries that the student edition imports."""

STUDENT_EXTRAS: Final = ("torch",)
"""The libraries that only some assignments import: `pip install gradpath[torch]` brings torch."""

_LITTER: Final = ("__pycache__", "*.py[cod]", ".*", "*~", "*.orig", "*.rej", "*.swp")
"""Files that editors, Python and Git leave in a folder."""


def student_version() -> str:
    """Return the version of the student edition; the public index accepts no such name."""
    return f"{__version__}+student"


def staff_wheel() -> tuple[str, bytes]:
    """Build the wheel for staff: everything, the course with its solutions included.

    Returns:
        The file name and the contents, which are the same on every machine.

    Raises:
        GradpathError: a file that the wheel needs is missing, or the build fails.
    """
    return _build(staff_files(), _project())


def student_wheel(languages: Collection[str] = ()) -> tuple[str, bytes]:
    """Build the wheel for students: the code that checks, and nothing that solves.

    Args:
        languages: the codes of the languages whose catalogues it carries.

    Returns:
        The file name and the contents, which are the same on every machine.

    Raises:
        GradpathError: a folder for students holds another kind of file, or the build fails.
    """
    project = _project()
    project["version"] = student_version()
    project["description"] = f"{project['description']} (student edition)"
    del project["readme"]  # it is about the commands of staff
    named = {_name(line): line for line in project["dependencies"]}
    missing = {*STUDENT_DEPENDENCIES, *STUDENT_EXTRAS} - set(named)
    if missing:
        raise AuthoringError(
            "pyproject.toml does not name a library of the student edition: "
            f"{', '.join(sorted(missing))}"
        )
    project["dependencies"] = [named[name] for name in STUDENT_DEPENDENCIES]
    project["optional-dependencies"] = {name: [named[name]] for name in STUDENT_EXTRAS}
    return _build(student_files(languages), project)


def student_requirement(slugs: Iterable[str]) -> str:
    """Return the requirement of the student edition with the libraries of some assignments."""
    libraries = {library for slug in slugs for library in read_settings(slug).libraries}
    extras = ",".join(sorted(libraries.intersection(STUDENT_EXTRAS)))
    return f"gradpath{f'[{extras}]' if extras else ''}=={student_version()}"


def student_files(languages: Collection[str] = ()) -> Files:
    """Return the files of the student edition by their path in the wheel.

    Args:
        languages: the codes of the languages whose catalogues it has.

    Raises:
        AuthoringError: a folder for students holds a file that is no module.
    """
    return {
        path: data
        for path, data in staff_files().items()
        if is_for_students(path.removeprefix("gradpath/"), languages)
    }


def is_for_students(path: str, languages: Collection[str] = ()) -> bool:
    """Tell whether students get a file of the package.

    Args:
        path: its path in the package.
        languages: the codes of the languages whose catalogues they get.

    Raises:
        AuthoringError: a folder for students holds a file that is no module.
    """
    folder, _, inner = path.partition("/")
    if folder == "assignments":
        return path in STUDENT_FILES or inner.partition("/")[2] in STUDENT_ASSIGNMENT_FILES
    if folder == LOCALE.name:
        # By name as well: nothing that lies beside the catalogues is given to them by accident.
        names = {f"{code}/{name}.po" for code in languages for name in (OWN, *slugs())}
        return inner in names
    if not path.startswith(tuple(f"{folder}/" for folder in STUDENT_FOLDERS)):
        return path in STUDENT_FILES
    if PurePosixPath(path).suffix != ".py":
        raise AuthoringError(
            f"gradpath/{path} is no module, and students would get it; put it elsewhere, or teach "
            "gradpath/authoring/release/wheels.py this kind of file"
        )
    return path not in STAFF_FILES


def staff_files() -> Files:
    """Return the files of the staff edition by their path in the wheel.

    In a checkout, these are the package and the files that `pyproject.toml` puts into its wheel
    besides; an installed package has them all within itself.
    """
    files = {f"gradpath/{path}": data for path, data in _read_tree(PACKAGE)}
    if (PACKAGE / "coursework").is_dir():
        return files
    tool = _pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]
    for source, target in tool["hooks"]["custom"]["coursework"].items():
        path = course_root() / source
        if path.is_dir():
            files |= {f"{target}/{inner}": data for inner, data in _read_tree(path)}
        elif path.is_file():
            files[target] = path.read_bytes()
        else:
            raise AuthoringError(f"pyproject.toml puts {source} into the wheel; it is not here")
    return files


def _read_tree(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        litter = any(fnmatchcase(part, glob) for part in relative.parts for glob in _LITTER)
        if path.is_file() and not litter:
            yield relative.as_posix(), path.read_bytes()


def _pyproject() -> dict[str, Any]:
    path = course_root() / "pyproject.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}") from None


def _project() -> dict[str, Any]:
    """Return the metadata of the project, with the version that hatch reads elsewhere."""
    project: dict[str, Any] = _pyproject()["project"]
    del project["dynamic"]
    return {**project, "version": __version__}


def _name(requirement: str) -> str:
    match = re.match(r"[\w.\-]+", requirement)
    return match[0].lower() if match else requirement


def _build(files: Files, project: Mapping[str, Any]) -> tuple[str, bytes]:
    """Let hatchling make a wheel of these files, then pack it so that its bytes never differ."""
    from hatchling.builders.wheel import WheelBuilder
    from hatchling.metadata.core import ProjectMetadata
    from hatchling.plugin.manager import PluginManager

    # Our own list decides, not a .gitignore in a folder above the temporary one.
    build = {"packages": ["gradpath"], "ignore-vcs": True}
    config = {
        "build-system": {"requires": ["hatchling"], "build-backend": "hatchling.build"},
        "project": dict(project),
        "tool": {"hatch": {"build": {"targets": {"wheel": build}}}},
    }
    with tempfile.TemporaryDirectory(prefix="gradpath-wheel-") as folder:
        tree, output = Path(folder, "tree"), Path(folder, "output")
        for path, data in {**files, **_metadata_files(project)}.items():
            target = tree / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        plugins = PluginManager()
        metadata = ProjectMetadata(str(tree), plugins, config)
        builder = WheelBuilder(str(tree), plugins, config, metadata)
        try:
            (built,) = builder.build(directory=str(output), versions=["standard"])
        except (OSError, ValueError, TypeError) as error:
            raise GradpathError(f"hatchling cannot build the wheel: {error}") from None
        name, packed = Path(built).name, read_zip(Path(built).read_bytes())
    _must_hold(packed, files, name)
    return name, zip_bytes(packed)


def _metadata_files(project: Mapping[str, Any]) -> Files:
    """Return the files that the metadata of the project name."""
    names = [*project.get("license-files", ()), *filter(None, [project.get("readme")])]
    return {name: (course_root() / name).read_bytes() for name in names}


def _must_hold(packed: Files, files: Files, name: str) -> None:
    """Make sure that the builder neither added nor dropped anything."""
    code = {path for path in packed if ".dist-info/" not in path}
    if code != set(files):
        odd = ", ".join(sorted(code ^ set(files))[:3])
        raise GradpathError(f"{name} does not hold the files of its edition: {odd}")
