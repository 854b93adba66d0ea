"""The folders to upload: their fields as each platform documents them, and the secret in them."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from gradpath.authoring.release import manifest
from gradpath.authoring.release.archives import Files
from gradpath.authoring.release.folder import write_release
from gradpath.authoring.release.platforms import PLATFORMS, upload_folders
from gradpath.course.config import FILE, FeedbackSettings, read_config
from gradpath.course.load import read_settings
from gradpath.course.master import solution_of
from gradpath.frontends.platforms.formats import FORMATS
from tests.conftest import SLUGS
from tests.support.demo_cohort import corpus

SLUG = "hand_gradients"
SECRET = 'a secret "of the tests" $PATH'
FEEDBACK = FeedbackSettings("names", "outcomes")
DUE = {"rosenbrock": datetime(2026, 11, 20, 23, 59, tzinfo=UTC)}
FOLDERS = [name for name, platform in PLATFORMS.items() if not platform.public]
FILES = upload_folders(list(PLATFORMS), SECRET, FEEDBACK, DUE)


def of(platform: str, slug: str) -> Files:
    prefix = f"{platform}/{slug}/"
    return {path.removeprefix(prefix): FILES[path] for path in FILES if path.startswith(prefix)}


def untarred(data: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        read = {entry.name: archive.extractfile(entry) for entry in archive}
    return {name: file.read() for name, file in read.items() if file is not None}


@pytest.mark.parametrize("platform", FOLDERS)
def test_each_assignment_has_a_folder_with_settings_that_can_be_read(
    platform: str, tmp_path: Path
) -> None:
    assert platform in FORMATS
    for slug in SLUGS:
        files = of(platform, slug)
        (text,) = (data.decode() for path, data in files.items() if manifest.holds_secret(path))
        if platform == "autolab":
            text = untarred(files["autograde.tar"])[f"autograde/{FILE}"].decode()
        settings = (
            text.partition("<<'END_OF_SETTINGS'\n")[2].partition("END_OF_SETTINGS")[0] or text
        )
        (tmp_path / FILE).write_text(settings)
        config = read_config(tmp_path)
        assert (config.secret, config.feedback) == (SECRET, FEEDBACK)
        assert config.due == ({slug: DUE[slug]} if slug in DUE else {})


def test_only_files_that_the_manifest_does_not_hash_hold_the_secret(tmp_path: Path) -> None:
    for path, data in FILES.items():
        assert (b"a secret" in data) == manifest.holds_secret(path), path
    write_release(tmp_path / "dist", {**FILES, manifest.NAME: manifest.manifest_of(FILES)})
    for path in FILES:
        mode = (tmp_path / "dist" / path).stat().st_mode & 0o777
        assert (mode == 0o600) == manifest.holds_secret(path), path


def test_the_same_bytes_whatever_else_is_released() -> None:
    for platform in FOLDERS:
        alone = upload_folders([platform], SECRET, FEEDBACK, DUE)
        assert alone == {path: FILES[path] for path in FILES if path.startswith(f"{platform}/")}


def test_scripts_can_be_parsed() -> None:
    scripts = [path for path in FILES if path.endswith(".sh") and "/hand_gradients/" in path]
    assert len(scripts) == 4
    for path in scripts:
        done = subprocess.run(["bash", "-n"], input=FILES[path], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), path
    code = of("submitty", "hand_gradients")["custom_validation_code/grader.py"]
    compile(code, "grader.py", "exec")


# PrairieLearn: docs/question/overview.md and docs/externalGrading.md, read in November 2026


def test_the_question_of_prairielearn() -> None:
    ids = set()
    for slug in SLUGS:
        files = of("prairielearn", slug)
        info: dict[str, Any] = json.loads(files["info.json"])
        assert {"uuid", "title", "topic", "type"} <= set(info)
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["uuid"])
        ids.add(info["uuid"])
        assert (info["type"], info["gradingMethod"]) == ("v3", "External")
        assert info["title"] == read_settings(slug).title
        options = info["externalGradingOptions"]
        assert options["timeout"] <= 600
        assert options["entrypoint"].removeprefix("/grade/") in files
        assert not options.get("enableNetworking")
        assert f'file-patterns="{slug}.*"' in files["question.html"].decode()
        elements = set(re.findall(r"<(pl-[\w-]+)", files["question.html"].decode()))
        assert {"pl-file-upload", "pl-external-grader-results"} <= elements
    assert len(ids) == len(SLUGS)


# Submitty: its documentation, specification.md and validation.md, read in November 2026


def test_the_configuration_of_submitty() -> None:
    for slug in SLUGS:
        files = of("submitty", slug)
        config = json.loads(files["config.json"])
        (case,) = config["testcases"]
        assert {"title", "command", "points"} <= set(case)
        assert type(case["points"]) is int
        assert case["points"] == config["grading_parameters"]["AUTO_POINTS"]
        assert case["points"] == pytest.approx(sum(read_settings(slug).points.values()))
        (validation,) = case["validation"]
        assert validation["method"] == "custom_validator"
        assert validation["actual_file"]
        script = validation["command"].removeprefix("python3 ")
        assert f"custom_validation_code/{script}" in files


# The scripts at work, with gradpath of this environment in the place of /opt/gradpath


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "suffix"), [("autolab", ".ipynb"), ("submitty", ".ipynb"), ("vpl", ".py")]
)
def test_a_right_submission_gets_all_points(platform: str, suffix: str, tmp_path: Path) -> None:
    command = str(Path(sys.executable).with_name("gradpath")).encode()
    right = {
        ".py": solution_of(SLUG).encode(),
        ".ipynb": corpus(SLUG, "right/notebook_magics.ipynb"),
    }
    handed_in = f"{SLUG}{suffix}"
    files = {**of(platform, SLUG), handed_in: right[suffix]}
    for path, data in files.items():
        target = tmp_path / PurePosixPath(path).name
        target.write_bytes(data.replace(b"/opt/gradpath/bin/gradpath", command))
    (tmp_path / "custom_validator_input.json").write_text('{"testcase_prefix": "test01/"}')
    (tmp_path / "vpl_environment.sh").write_text("export VPL_GRADEMIN=0 VPL_GRADEMAX=20\n")

    # Autolab starts a make of its own. Under `make test-all` this make would be an inner one, which
    # prints the folder that it leaves as its last line.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    def run(*words: str) -> str:
        done = subprocess.run(
            words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    if platform == "autolab":
        scores = json.loads(run("make", "-f", "autograde-Makefile").splitlines()[-1])["scores"]
        assert scores == read_settings(SLUG).points
    elif platform == "submitty":
        case = tmp_path / "test01"
        case.mkdir()
        (tmp_path / handed_in).rename(case / handed_in)
        run("python3", "grader.py")
        answer = json.loads((tmp_path / "validation_results.json").read_bytes())
        assert (answer["status"], answer["data"]["score"]) == ("success", 1)
        case.rename(tmp_path / "elsewhere")
        run("python3", "grader.py")
        answer = json.loads((tmp_path / "validation_results.json").read_bytes())
        assert answer["status"] == "failure"
        assert "does not exist" in answer["message"]
    else:
        run("bash", "vpl_evaluate.sh")
        assert run("./vpl_execution").splitlines()[-1] == "Grade :=>> 20"
        run("bash", "vpl_run.sh")
        assert SECRET.encode() not in (tmp_path / "vpl_execution").read_bytes()
