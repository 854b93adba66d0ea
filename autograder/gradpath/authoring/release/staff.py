"""The bundle for staff: solutions, reports of `verify`, the grading image's files, the wheel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from gradpath import __version__
from gradpath.authoring.release.archives import Files, zip_bytes
from gradpath.authoring.release.course_texts import filled_in
from gradpath.authoring.release.image import build_context
from gradpath.authoring.student_notebook import notebook_of
from gradpath.authoring.verify import KINDS, Report
from gradpath.cohort.docker_engine import default_tag
from gradpath.course.load import master_path, read_settings, slugs
from gradpath.course.master import solution_of
from gradpath.errors import AuthoringError
from gradpath.text.languages import ENGLISH, Language

NAME: Final = "gradpath-staff.zip"

_README: Final = Path(__file__).parent / "staff_files" / "README.md"


def staff_bundle(
    wheel: tuple[str, bytes], reports: Sequence[Report], language: Language = ENGLISH
) -> bytes:
    """Return the zip for staff.

    Args:
        wheel: name and contents of the staff edition.
        reports: `verify`'s report on each assignment.
        language: the language of the README and of the solutions' texts.

    Raises:
        GradpathError: something that belongs into it is missing.
    """
    name, data = wheel
    files = {"README.md": _readme(name, language), f"packages/{name}": data}
    for slug in slugs():
        files |= {
            f"solutions/{slug}/{path}": text for path, text in _solutions(slug, language).items()
        }
    for report in reports:
        files[f"verify/{report.assignment}.txt"] = report_text(report).encode()
        files[f"verify/{report.assignment}.json"] = report_json(report)
    files |= {f"image/{path}": content for path, content in build_context().items()}
    return zip_bytes(files)


def report_text(report: Report) -> str:
    """Write a report of `verify` for people."""
    rows = [f"{report.assignment}: {read_settings(report.assignment).title}", ""]
    for kind, label in KINDS.items():
        good, total = report.counts.get(kind, (0, 0))
        rows.append(f"{label:<16}{good} of {total} as they must be")
    rows += ["", f"Checks that caught nothing: {', '.join(report.idle_checks) or 'none'}"]
    rows += [f"NOT RIGHT: {finding.subject}: {finding.text}" for finding in report.findings]
    return "\n".join(rows) + "\n"


def report_json(report: Report) -> bytes:
    """Write a report of `verify` for programs."""
    return msgspec.json.format(msgspec.json.encode(report, order="sorted"), indent=2) + b"\n"


def _solutions(slug: str, language: Language) -> Files:
    path = master_path(slug)
    try:
        master = path.read_bytes()
    except OSError:
        raise AuthoringError(f"{path} is missing; a release needs every master") from None
    return {
        "master.py": master,
        f"{slug}.py": solution_of(slug, language).encode(),
        f"{slug}.ipynb": notebook_of(slug, solved=True, language=language),
    }


def _readme(wheel: str, language: Language) -> bytes:
    rows = []
    for slug in slugs():
        settings = read_settings(slug)
        title = language.text(settings.title, slug)
        rows.append(f"| `{slug}` | {title} | {sum(settings.points.values()):g} |")
    values = {
        "version": __version__,
        "table": "\n".join(rows),
        "wheel": wheel,
        "tag": default_tag(),
    }
    return filled_in(_README, values, language)
