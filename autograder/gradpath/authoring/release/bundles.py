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


def for_students(packages: str = "", platforms: Sequence[str] = ()) -> Files:
    """Return the bundles for students, and others that are public, by their path in the release.

    Args:
        packages: see `ReleaseSettings`.
        platforms: the course platforms that get a bundle; those that publish it count here.

    Raises:
        GradpathError: something that belongs into them is missing.
    """
    wheel = student_wheel()
    bundles = student_bundles(wheel, packages)
    if CLASSROOM50 in platforms:
        bundles = {**bundles, **classroom50_bundles(wheel)}
    return {f"student/{name}": data for name, data in bundles.items()}


def for_staff(
    secret: str,
    feedback: FeedbackSettings,
    reports: Sequence[Report],
    answers: Answers = "cells",
    platforms: Sequence[str] = (),
    due: Mapping[str, datetime] = MappingProxyType({}),
) -> Files:
    """Return the bundles for otter, nbgrader, platforms and staff by their path in the release.

    Args:
        secret: seeds the hidden data.
        feedback: the part of hidden checks that Gradescope and nbgrader's feedback show.
        reports: `verify`'s report on each assignment.
        answers: where students write in nbgrader's notebooks.
        platforms: the course platforms that get a folder to upload.
        due: the times that assignments are due, by slug, for these folders.

    Raises:
        GradpathError: something that belongs into them is missing.
    """
    wheel = staff_wheel()
    files = {
        f"otter/{slug}-autograder.zip": autograder_zip(ZipSettings(slug, secret, feedback), wheel)
        for slug in slugs()
    }
    for path, data in nbgrader_course.course_files(secret, feedback.hidden_after, answers).items():
        files[f"{nbgrader_course.FOLDER}/{path}"] = data
    files |= upload_folders(platforms, secret, feedback, due)
    files[f"staff/{staff.NAME}"] = staff.staff_bundle(wheel, reports)
    return files


def with_manifest(files: Files) -> Files:
    """Return a release's files with the manifest added."""
    return {**files, manifest.NAME: manifest.manifest_of(files)}
