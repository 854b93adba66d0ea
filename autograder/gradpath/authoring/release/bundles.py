"""All bundles of a release, made in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from gradpath.authoring.release import manifest, nbgrader_course, staff
from gradpath.authoring.release.archives import Files
from gradpath.authoring.release.otter_zip import autograder_zip
from gradpath.authoring.release.platforms import upload_folders
from gradpath.authoring.release.student import CLASSROOM50, classroom50_bundles, student_bundles
from gradpath.authoring.release.wheels import staff_wheel, student_wheel
from gradpath.authoring.verify import Report
from gradpath.course.config import FeedbackSettings
from gradpath.course.load import slugs
from gradpath.frontends.nbgrader.notebook import Answers
from gradpath.frontends.otter.settings import ZipSettings
from gradpath.text.languages import ENGLISH, Language


def for_students(
    packages: str = "",
    platforms: Sequence[str] = (),
    languages: Sequence[Language] = (ENGLISH,),
) -> Files:
    """Return the bundles for students, and others that are public, by their path in the release.

    Args:
        packages: see `ReleaseSettings`.
        platforms: the course platforms that get a bundle; those that publish it count here.
        languages: those of the release; the first is that of all texts, the texts of assignments
            and the student's README are there in the others, too.

    Raises:
        GradpathError: something that belongs into them is missing.
    """
    wheel = student_wheel([language.code for language in languages])
    bundles = student_bundles(wheel, packages, languages)
    if CLASSROOM50 in platforms:
        bundles = {**bundles, **classroom50_bundles(wheel, languages[0])}
    return {f"student/{name}": data for name, data in bundles.items()}


def for_staff(
    secret: str,
    feedback: FeedbackSettings,
    reports: Sequence[Report],
    answers: Answers = "cells",
    platforms: Sequence[str] = (),
    due: Mapping[str, datetime] = MappingProxyType({}),
    language: Language = ENGLISH,
) -> Files:
    """Return the bundles for otter, nbgrader, platforms and staff by their path in the release.

    Args:
        secret: seeds the hidden data.
        feedback: the part of hidden checks that Gradescope and nbgrader's feedback show.
        reports: `verify`'s report on each assignment.
        answers: where students write in nbgrader's notebooks.
        platforms: the course platforms that get a folder to upload.
        due: the times that assignments are due, by slug, for these folders.
        language: the language of notebooks, texts and answers.

    Raises:
        GradpathError: something that belongs into them is missing.
    """
    wheel = staff_wheel()
    files = {
        f"otter/{slug}-autograder.zip": autograder_zip(
            ZipSettings(slug, secret, feedback, language.code), wheel
        )
        for slug in slugs()
    }
    course = nbgrader_course.course_files(secret, feedback.hidden_after, answers, language)
    files |= {f"{nbgrader_course.FOLDER}/{path}": data for path, data in course.items()}
    files |= upload_folders(platforms, secret, feedback, due, language)
    files[f"staff/{staff.NAME}"] = staff.staff_bundle(wheel, reports, language)
    return files


def with_manifest(files: Files) -> Files:
    """Return a release's files with the manifest added."""
    return {**files, manifest.NAME: manifest.manifest_of(files)}
