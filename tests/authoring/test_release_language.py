"""A release in another language: its bundles, the settings in them, and one that is refused."""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from gradpath.authoring.languages import catalogues, check
from gradpath.authoring.languages.complete import incomplete
from gradpath.authoring.release import nbgrader_course, student, wheels
from gradpath.authoring.release.archives import Files, read_zip, zip_bytes
from gradpath.authoring.release.otter_zip import autograder_zip
from gradpath.authoring.release.platforms import upload_folders
from gradpath.cli.verify import print_languages
from gradpath.course.config import FILE, FeedbackSettings, read_config
from gradpath.course.load import load
from gradpath.course.master import skeleton_of
from gradpath.frontends.otter.settings import ZipSettings, read_settings
from gradpath.text import languages
from gradpath.text.languages import ENGLISH, Language, speak
from tests.conftest import Command

SECRET = "a secret of the tests"
SLUG = "mse_sweep"
GIVEN = (SLUG, "hand_gradients")
ZH = Language("zh")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def english_again() -> object:
    yield
    speak(ENGLISH)
    languages._catalogues.cache_clear()


@pytest.fixture(scope="module")
def bundle() -> Files:
    """The zip of two assignments in Chinese, with texts in English."""
    wheel = "gradpath.whl", zip_bytes(wheels.student_files(["zh", "en"]))
    folders = {slug: student._folder(slug, "", ZH) for slug in GIVEN}
    return read_zip(student._bundle(GIVEN, folders, wheel, [ZH, ENGLISH]))


def test_texts_are_there_in_both_languages(bundle: Files) -> None:
    for folder in ("", *(f"{slug}/" for slug in GIVEN)):
        first, second = (bundle[f"{folder}README{ending}.md"].decode() for ending in ("", ".en"))
        assert CHINESE.search(first.splitlines()[0])
        # The first lines of the README are for readers of the other language.
        assert not CHINESE.search(second if folder else second.partition("|---|")[2])
        assert "${" not in first + second
    for ending in ("", ".en"):
        pages = (bundle[f"{slug}/README{ending}.html"].decode() for slug in GIVEN)
        links = [link for page in pages for link in re.findall(r'href="\.\./(\S+?)"', page)]
        assert links
        for link in links:
            assert link in bundle
            assert link.endswith(f"/README{ending}.html")
    for slug in GIVEN:
        assert bundle[f"{slug}/{slug}.py"].decode() == skeleton_of(slug, language=ZH)
        notebook = json.loads(bundle[f"{slug}/{slug}.ipynb"])
        texts = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown"]
        assert CHINESE.search(texts[0])
        tests = [data.decode() for path, data in bundle.items() if f"{slug}/tests/" in path]
        assert all(CHINESE.search(test) for test in tests)
    assert CHINESE.search(bundle["AGENTS.md"].decode())


def test_a_students_settings_name_the_language(bundle: Files) -> None:
    text = bundle[FILE].decode()
    assert tomllib.loads(text)["language"] == "zh"
    assert "there are: zh, en" in text
    assert "README.en.md" in bundle["README.md"].decode()
    assert "README.md" in bundle["README.en.md"].decode()


def test_check_speaks_it_with_the_files_of_the_students_wheel(
    bundle: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_process: Command
) -> None:
    wheel = read_zip(bundle["packages/gradpath.whl"])
    for path, data in wheel.items():
        if path.endswith(".po"):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    monkeypatch.setattr(languages, "LOCALE", tmp_path / "gradpath" / "locale")
    assert languages.languages() == ("en", "zh")
    for name in (FILE, f"{SLUG}/{SLUG}.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bundle[name])
    done = in_process("check", f"{SLUG}/{SLUG}.py")
    title = languages.Language("zh").text(load(SLUG).settings.title, SLUG)
    assert (done.returncode, title in done.stdout) == (1, True), done.stdout
    assert load(SLUG).settings.title in in_process("check", "--language", "en").stdout
    done = in_process("check", "--language", "de")
    assert done.returncode == 2
    assert done.stderr.startswith("gradpath: no texts in the language 'de'; ")
    assert done.stderr.endswith("there are: en, zh\n")


def test_settings_of_graders_name_the_language(tmp_path: Path) -> None:
    feedback = FeedbackSettings()
    files = read_zip(autograder_zip(ZipSettings(SLUG, SECRET, feedback, "zh"), ("a.whl", b"")))
    (tmp_path / "otter_config.json").write_bytes(files["otter_config.json"])
    assert read_settings(tmp_path / "otter_config.json").language == "zh"
    assert CHINESE.search(files["tests/forward.py"].decode())
    course = nbgrader_course.course_files(SECRET, "all", "cells", ZH)
    assert CHINESE.search(course["README.md"].decode())
    assert CHINESE.search(json.loads(course["source/header.ipynb"])["cells"][0]["source"][0])
    folders = upload_folders(["coursera"], SECRET, feedback, {}, ZH)
    for data in (course[FILE], folders[f"coursera/{SLUG}/{FILE}"]):
        (tmp_path / FILE).write_bytes(data)
        assert read_config(tmp_path).language == "zh"


@pytest.mark.parametrize("language", [ENGLISH, ZH])
def test_the_language_of_the_terminal_changes_no_bundle(language: Language) -> None:
    def made() -> Files:
        folder = student._folder(SLUG, "", language)
        texts = student._text(SLUG, GIVEN, folder, language, "")
        template = student._template(GIVEN, [language])
        course = nbgrader_course.course_files(SECRET, "all", "cells", language)
        otter = autograder_zip(ZipSettings(SLUG, SECRET, language=language.code), ("a.whl", b""))
        return {**folder, **texts, **template, "otter": otter, **course}

    english = made()
    speak(ZH)
    assert made() == english


# Complete or refused


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A third language: a folder with two entries."""
    locale = tmp_path / "locale"
    (locale / "eo").mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    title = load(SLUG).settings.title
    for name, english, told in (
        (SLUG, title, "MSE: la perdo"),
        ("gradpath", "{name} is not written yet", "{name} ne jam estas skribita"),
    ):
        text = f'{head}msgid "{english}"\nmsgstr "{told}"\n'
        (locale / "eo" / f"{name}.po").write_text(text, "utf-8")
    for module in (languages, catalogues, check):
        monkeypatch.setattr(module, "LOCALE", locale)
    monkeypatch.setattr("gradpath.authoring.languages.entries.PACKAGE", tmp_path / "package")
    few = [domain for domain in catalogues.domains() if domain.name in (SLUG, f"staff/{SLUG}")]
    monkeypatch.setattr(catalogues, "domains", lambda: few)
    return tmp_path


def test_a_third_language_is_a_folder(third: Path, in_process: Command) -> None:
    (third / f"{SLUG}.py").write_text(skeleton_of(SLUG))
    done = in_process("check", f"{SLUG}.py", "--language", "eo")
    assert done.returncode == 1, done.stderr
    assert "MSE: la perdo" in done.stdout
    shown = in_process("check", f"{SLUG}.py", "--language", "eo", "--all").stdout
    assert "ne jam estas skribita" in shown


def test_a_release_in_an_incomplete_language_is_refused(third: Path, in_process: Command) -> None:
    words = ("release", "--out", "dist", "--secret", SECRET, "--language", "zh", "--language")
    assert in_process(*words, "eo").returncode == 2  # there is no zh here
    done = in_process(*words[:-3], "--language", "eo")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert re.search(r"eo is not complete: \S+public\.py:\d+: not in \S*/eo/mse", done.stderr)
    assert re.search(r"\(and \d+ more\); `gradpath languages --check --lang", done.stderr)
    assert not (third / "dist").exists()


def test_missing_stale_and_fuzzy_entries_have_file_and_line(third: Path) -> None:
    (path,) = catalogues.update(catalogues.chosen([SLUG])[0], "eo")
    text = path.read_text("utf-8")
    text = text.replace('\nmsgid "', '\n#, fuzzy\nmsgid "', 3) + '\nmsgid "Gone"\nmsgstr "For"\n'
    path.write_text(text, "utf-8")
    found = list(map(str, incomplete("eo", [SLUG])))
    for kind in ("missing", "stale", "fuzzy"):
        assert any(re.match(rf"locale/eo/{SLUG}\.po:\d+: {kind}: ", line) for line in found), kind


@pytest.mark.parametrize("offered", [True, False])
def test_verify_takes_an_incomplete_language_for_a_fault_where_it_is_offered(
    third: Path, offered: bool
) -> None:
    out = Console(record=True, width=200)
    assert print_languages(["eo"] if offered else [], [SLUG], out) is not offered
    shown = out.export_text()
    assert len(re.findall(r"^\S+:\d+: ", shown, re.MULTILINE)) == (10 if offered else 3)
    assert re.search(r"^eo: \d+ entries are not in order", shown, re.MULTILINE)
    assert ("a note" in shown) is not offered


def test_without_babel_one_line_says_so(
    third: Path, in_process: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    out = Console(record=True, width=200)
    assert print_languages([], [SLUG], out)
    assert "babel is not installed" in out.export_text()
    for words in (
        ("release", "--out", "dist", "--secret", SECRET, "--language", "eo"),
        ("verify", SLUG, "--language", "eo"),
        ("languages", "--check"),
    ):
        done = in_process(*words)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), words
        assert "run `pip install 'gradpath[languages]'`" in done.stderr
