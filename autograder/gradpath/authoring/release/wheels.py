"""The two editions of the package as wheels.

The student edition is made by leaving files out, never by editing them. Which files are left out
is said here, file by file: one that nobody has put into a list stops the release.
"""

from __future__ import annotations

import functools
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from gradpath.authoring.release.archives import Files, read_zip, zip_bytes
from gradpath.course.settings import course_root, slugs
from gradpath.errors import AuthoringError, GradpathError

_PACKAGE: Final = Path(__file__).parents[2]

# Paths are relative to the package; `{slug}` stands for each assignment. There are no patterns
# here, so that a new file is never given to students by accident.
STUDENT_FILES: Final = (
    "__init__.py",
    "py.typed",
    "assignments/__init__.py",
    "assignments/{slug}/__init__.py",
    "assignments/{slug}/documented.json",
    "assignments/{slug}/plots.py",
    "assignments/{slug}/probes.py",
    "assignments/{slug}/public.py",
    "assignments/{slug}/recorded.msgpack",
    "assignments/{slug}/settings.toml",
    "cli/__init__.py",
    "cli/check.py",
    "cli/doctor.py",
    "cli/terminal.py",
    "engine/__init__.py",
    "engine/channel.py",
    "engine/clock.py",
    "engine/fork_pool.py",
    "engine/validation.py",
    "engine/launch.py",
    "grading/carry_forward.py",
    "grading/findings.py",
    "grading/graded.py",
    "grading/oracle.py",
    "grading/recorded_oracle.py",
    "engine/session.py",
    "engine/scratch.py",
    "engine/workers.py",
    "frontends/nbgrader/__init__.py",
    "student/launch.py",
    "student/nbgrader.py",
    "student/display.py",
    "frontends/otter/__init__.py",
    "student/otter.py",
    "worker/sandbox/__init__.py",
    "worker/sandbox/__main__.py",
    "worker/sandbox/bpf.py",
    "worker/sandbox/identity.py",
    "worker/sandbox/kernel.py",
    "worker/sandbox/landlock.py",
    "worker/sandbox/layers.py",
    "worker/sandbox/namespaces.py",
    "worker/sandbox/probe.py",
    "worker/sandbox/readable_paths.py",
    "worker/sandbox/seccomp.py",
    "worker/sandbox/system_calls.py",
    "worker/__init__.py",
    "worker/__main__.py",
    "worker/confine.py",
    "worker/loader.py",
    "worker/output.py",
    "worker/probes.py",
    "worker/serve.py",
    "worker/values.py",
    "worker/warmup.py",
    "worker/zygote.py",
    "course/carried_runs.py",
    "course/checks.py",
    "worker/codec.py",
    "grading/compare.py",
    "course/load.py",
    "grading/diagnosis.py",
    "submissions/downloads.py",
    "errors.py",
    "grading/grader.py",
    "engine/isolation.py",
    "worker/limits.py",
    "student/session.py",
    "submissions/lms_names.py",
    "student/check.py",
    "course/mistakes.py",
    "submissions/names.py",
    "submissions/notebooks.py",
    "student/drawing/__init__.py",
    "student/drawing/panels.py",
    "student/drawing/regions.py",
    "student/drawing/series.py",
    "student/drawing/spans.py",
    "student/picture.py",
    "worker/protocol.py",
    "course/recorded.py",
    "grading/results.py",
    "grading/rules.py",
    "course/settings.py",
    "course/config.py",
    "course/style.py",
    "submissions/archives.py",
    "submissions/candidates.py",
    "submissions/choose.py",
    "submissions/find.py",
    "submissions/folders.py",
    "course/syntax.py",
    "course/tolerances.py",
    "submissions/unchanged.py",
    "grading/verdict.py",
    "submissions/zips.py",
)
"""What `gradpath check` and `gradpath doctor` need."""

# `*` stands for any text: what nobody else gets needs no such care.
STAFF_FILES: Final = (
    "assignments/*/carry.py",
    "assignments/*/corpus/*",
    "assignments/*/documented.py",
    "assignments/*/hidden.py",
    "assignments/*/misconceptions.py",
    "assignments/*/pictures.py",
    "cli/author.py",
    "cli/doctor_staff.py",
    "cli/export.py",
    "cli/feedback.py",
    "cli/grade.py",
    "cli/image.py",
    "cli/nbgrader.py",
    "cli/release.py",
    "cli/report.py",
    "cli/verify.py",
    "coursework/LICENSE",
    "coursework/README.md",
    "coursework/pyproject.toml",
    "coursework/requirements*.txt",
    "coursework/assignments/*",
    "coursework/autograder/docker/*",
    "coursework/solutions/*.py",
    "coursework/student_template/*",
    "reports/feedback/__init__.py",
    "reports/feedback/settings.py",
    "reports/feedback/expected.py",
    "reports/feedback/page.py",
    "reports/feedback/pictures.py",
    "reports/feedback/paths.py",
    "reports/feedback/view.py",
    "reports/feedback/source.py",
    "reports/feedback/templates/page.css",
    "reports/feedback/templates/page.html",
    "reports/feedback/templates/parts.html",
    "reports/feedback/write.py",
    "reports/gradebooks/__init__.py",
    "reports/gradebooks/canvas.py",
    "reports/gradebooks/columns.py",
    "reports/gradebooks/document.py",
    "reports/gradebooks/fill.py",
    "reports/gradebooks/gradescope.py",
    "reports/gradebooks/moodle.py",
    "reports/gradebooks/roster.py",
    "reports/gradebooks/scores.py",
    "reports/gradebooks/table.py",
    "frontends/nbgrader/parallel/autograde.py",
    "frontends/nbgrader/collect/collect.py",
    "frontends/nbgrader/config.py",
    "frontends/nbgrader/course_cells.py",
    "frontends/nbgrader/parallel/course_folder.py",
    "frontends/nbgrader/parallel/prestarted_run.py",
    "frontends/nbgrader/exchange.py",
    "frontends/nbgrader/collect/exchange_collect.py",
    "frontends/nbgrader/exporter.py",
    "frontends/nbgrader/collect/extract.py",
    "frontends/nbgrader/pages/feedback.py",
    "frontends/nbgrader/grade_preprocessor.py",
    "frontends/nbgrader/grade_ids.py",
    "frontends/nbgrader/submitted_folder.py",
    "frontends/nbgrader/notebook.py",
    "frontends/nbgrader/pages/pages.py",
    "frontends/nbgrader/parallel/processes.py",
    "frontends/nbgrader/repair.py",
    "frontends/nbgrader/collect/students.py",
    "frontends/otter/__main__.py",
    "frontends/otter/container.py",
    "frontends/otter/gradescope.py",
    "frontends/otter/plugin.py",
    "frontends/otter/stub.py",
    "frontends/otter/settings.py",
    "authoring/new_files/*.j2",
    "authoring/release/*",
    "authoring/blanks.py",
    "reports/cohort/*",
    "cohort/checkpoint.py",
    "authoring/release/image.py",
    "authoring/documented.py",
    "engine/exclusive.py",
    "authoring/figures.py",
    "cohort/fingerprint.py",
    "cohort/in_container.py",
    "cohort/artifacts.py",
    "cohort/late.py",
    "authoring/new.py",
    "cohort/out_folder.py",
    "cohort/regrade.py",
    "cohort/keys.py",
    "cohort/run.py",
    "course/documented.py",
    "course/master.py",
    "cohort/store.py",
    "authoring/student_notebook.py",
    "authoring/verify.py",
    "cohort/files.py",
)
"""What only staff get."""

STUDENT_DEPENDENCIES: Final = (
    "click",
    "ipython",
    "matplotlib",
    "msgspec",
    "numpy",
    "rich",
    "torch",
)
"""What the student edition imports."""

_LITTER: Final = ("__pycache__", "*.py[cod]", ".*", "*~", "*.orig", "*.rej", "*.swp")
"""What editors, Python and Git leave in a folder."""


def version() -> str:
    """Return the version of this gradpath."""
    return str(_project()["version"])


def student_version() -> str:
    """Return the version of the student edition; the public index accepts no such name."""
    return f"{version()}+student"


def staff_wheel() -> tuple[str, bytes]:
    """Build the wheel for staff: everything, the course with its solutions included.

    Returns:
        The file name and the contents, which are the same on every machine.

    Raises:
        GradpathError: a file of the package is in no list, or the build fails.
    """
    files = staff_files()
    for path in files:
        _edition(path.removeprefix("gradpath/"))
    return _build(files, _project())


def student_wheel() -> tuple[str, bytes]:
    """Build the wheel for students: what checks and nothing that solves.

    Returns:
        The file name and the contents, which are the same on every machine.

    Raises:
        GradpathError: a file of the package is in no list, or the build fails.
    """
    project = dict(_project())
    project["version"] = student_version()
    project["description"] = f"{project['description']} (student edition)"
    del project["readme"]  # it is about the commands of staff
    wanted = [line for line in project["dependencies"] if _name(line) in STUDENT_DEPENDENCIES]
    missing = set(STUDENT_DEPENDENCIES) - set(map(_name, wanted))
    if missing:
        raise AuthoringError(
            f"pyproject.toml does not name what the student edition needs: {', '.join(missing)}"
        )
    project["dependencies"] = wanted
    return _build(student_files(), project)


def student_files() -> Files:
    """Return the files of the student edition by their path in the wheel.

    Raises:
        AuthoringError: a file of the package is in no list.
    """
    return {
        path: data
        for path, data in staff_files().items()
        if _edition(path.removeprefix("gradpath/")) == "student"
    }


def staff_files() -> Files:
    """Return the files of the staff edition by their path in the wheel.

    In a checkout, these are the package and what `pyproject.toml` puts into its wheel besides; an
    installed package has them all within itself.
    """
    files = {f"gradpath/{path}": data for path, data in _read_tree(_PACKAGE)}
    if (_PACKAGE / "coursework").is_dir():
        return files
    tool = _pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]
    for source, target in tool["force-include"].items():
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


def _edition(path: str) -> str:
    """Tell which edition a file of the package belongs to."""
    editions = [
        *(["staff"] if any(fnmatchcase(path, pattern) for pattern in STAFF_FILES) else []),
        *(["student"] if path in _student_paths() else []),
    ]
    if len(editions) != 1:
        raise AuthoringError(
            f"gradpath/{path} is in {'both editions' if editions else 'no edition'}; name it once "
            "in gradpath/release/wheels.py, in STUDENT_FILES or in STAFF_FILES"
        )
    return editions[0]


@functools.cache
def _student_paths() -> frozenset[str]:
    return frozenset(path.format(slug=slug) for path in STUDENT_FILES for slug in slugs())


def _pyproject() -> dict[str, Any]:
    path = course_root() / "pyproject.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AuthoringError(f"{path} cannot be read: {error}") from None


def _project() -> Mapping[str, Any]:
    project: dict[str, Any] = _pyproject()["project"]
    return project


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
        raise GradpathError(f"{name} does not hold what it should: {odd}")
