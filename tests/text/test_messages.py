"""Messages with their templates, and the same messages in another language."""

from __future__ import annotations

import json
import pickle
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup

from gradpath.authoring.languages import catalogues
from gradpath.cli.language import _of_the_system
from gradpath.cohort.files import results_jsonl
from gradpath.cohort.late import without_points
from gradpath.cohort.store import Store
from gradpath.course.config import language_of
from gradpath.course.load import load
from gradpath.errors import GradpathError
from gradpath.grading.results import (
    CheckResult,
    Result,
    for_student,
    in_language,
    message_of,
    split_message,
    with_hint,
)
from gradpath.reports.cohort.page import make_report
from gradpath.text import languages
from gradpath.text.languages import ENGLISH, Language, speak
from gradpath.text.messages import Message, counted, joined, tree_of
from tests.conftest import Command
from tests.support.shared import Demo

PO = """\
msgid ""
msgstr ""
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "{name} is wrong"
msgstr "{name} 不对：\\"是\\""

msgid "; "
msgstr "；"

msgid ""
"{count} entry"
msgid_plural "{count} entries"
msgstr[0] "{count} 个"

msgid "\\nHint: "
msgstr "\\n提示："

#, fuzzy
msgid "old"
msgstr "旧"

#~ msgid "gone"
#~ msgstr "没了"
"""


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Language:
    """A language with a few texts."""
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "gradpath.po").write_text(PO, "utf-8")
    return at(tmp_path, monkeypatch)


def at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Language:
    monkeypatch.setattr(languages, "LOCALE", folder)
    languages._catalogues.cache_clear()
    return Language("zh")


@pytest.fixture(autouse=True)
def english_again() -> object:
    yield
    speak(ENGLISH)
    languages._catalogues.cache_clear()


def test_a_message_is_its_english_text() -> None:
    message = Message("{name} is {value:.2f}", name="w", value=1.5)
    assert message == "w is 1.50"
    assert Message("{braces} stay without parameters") == "{braces} stay without parameters"
    assert counted("{count} entry", "{count} entries", 1) == "1 entry"
    assert joined("; ", ["a", "", message]) == "a; w is 1.50"
    again = pickle.loads(pickle.dumps(message))
    assert again == message
    assert tree_of(again) == ["{name} is {value:.2f}", {"name": "w", "value": 1.5}]


def test_a_message_in_another_language(chinese: Language) -> None:
    inner = Message("{name} is wrong", name="`{w}`")
    text = joined("; ", [inner, counted("{count} entry", "{count} entries", 3), Message("old")])
    assert chinese.text(text) == '`{w}` 不对："是"；3 个；old'
    assert chinese.text(Message("gone")) == "gone"
    assert ENGLISH.text(text) == text
    with pytest.raises(GradpathError, match=r"no texts in the language 'zhh'; did you mean zh\?"):
        language_of("zhh")


def result_of(message: str, visibility: Literal["public", "hidden"] = "public") -> Result:
    check = CheckResult("f.x", "A title", visibility, 0.0, 1.0, "failed", message, ["slip"], None)

    return Result("mse_sweep", "s01", "f.py", 0.0, 1.0, "graded", [check])


def test_a_result_in_another_language(chinese: Language) -> None:
    result = result_of(with_hint(Message("{name} is wrong", name="w"), Message("old")))
    (check,) = result.checks
    assert check.message == "w is wrong\nHint: old"
    observed, hint = split_message(message_of(check))
    assert chinese.text(observed) == 'w 不对："是"'
    assert tree_of(hint) == ["old"]
    line = results_jsonl([result], chinese).decode()
    assert '"message":"w 不对：\\"是\\"\\n提示：old"' in line
    assert "said" not in line
    assert "said" not in results_jsonl([result]).decode()
    (shown,) = in_language(result, chinese).checks
    assert split_message(shown.message) == ('w 不对："是"', "old")


@pytest.mark.parametrize(
    ("value", "code"),
    [("zh_CN.UTF-8", "zh"), ("zh", "zh"), ("de_DE@euro", ""), ("C.UTF-8", ""), ("", "")],
)
def test_the_language_of_the_system(
    chinese: Language, monkeypatch: pytest.MonkeyPatch, value: str, code: str
) -> None:
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", value)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert _of_the_system() == code


def test_a_message_that_was_changed_has_no_tree() -> None:
    (check,) = result_of(Message("{name} is wrong", name="w" * 3000)).checks
    assert check.said is None
    (check,) = result_of(Message("{name} is wrong", name="w")).checks
    assert check.said is not None
    assert type(check)(*[*_values(check)[:6], "another", [], None, check.said]).said is None


def _values(check: CheckResult) -> list[object]:
    return [getattr(check, name) for name in check.__struct_fields__]


def test_words_about_a_hidden_check_have_a_tree() -> None:
    (check,) = result_of(Message("x has the wrong shape: {got}", got="1"), "hidden").checks
    shown = for_student(check)
    assert (shown.message, shown.said) == ("the shape is wrong", ["the shape is wrong"])


def test_lateness_without_points_keeps_its_tree() -> None:
    late = Message(
        "{why}: {share:g} % off, {score:g} instead of {full:g} points",
        why=Message("late, says the course site"),
        share=10.0,
        score=9.0,
        full=10.0,
    )
    shown = without_points(joined("; ", ["a note", late]))
    assert shown == "a note; late, says the course site: 10 % off"
    assert ENGLISH.render(tree_of(shown)) == shown


@pytest.mark.slow
def test_every_message_of_a_cohort_has_its_tree(demo: Demo, tmp_path: Path) -> None:
    out = shutil.copytree(demo.folder / "results", tmp_path / "results")
    with Store(out, create=False) as store:
        results = [store.with_trees(result) for _, result in demo.graded]
    parts: list[Result | CheckResult] = [*results]
    for result in results:
        parts += result.checks
    told = [part for part in parts if part.message]
    assert len(told) > 100
    without = [part.message for part in told if part.said is None]
    assert not without
    assert all(ENGLISH.render(part.said) == part.message for part in told)
    assert results_jsonl(results) == (out / "results.jsonl").read_bytes()


# A language in which each text of ours is the English one between marks

MARKED = re.compile(r"«[^«»]*»")
WORD = re.compile(r"[A-Za-z]{2,}")
SLUGS = ("hand_gradients", "mse_sweep")
FUNCTIONS = set(WORD.findall(" ".join(name for slug in SLUGS for name in load(slug).functions)))
"""Names that stand by themselves."""
QUOTED = {"def"}
"""The word before them in a student's line that a message quotes."""


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Language:
    """A language whose catalogues have every text that the sources mark, and no other."""
    names = ("gradpath", *SLUGS)
    for domain in catalogues.chosen([*names, *(f"staff/{name}" for name in names)]):
        catalogue = Catalog(locale="zh")
        for entry in catalogues.template_of(domain):
            if isinstance(entry.id, str):
                catalogue.add(entry.id, f"«{entry.id}»")
            else:
                catalogue.add(entry.id, (f"«{entry.id[-1]}»",))
        out = BytesIO()
        write_po(out, catalogue)
        path = tmp_path / "locale" / "zh" / f"{domain.name}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(out.getvalue())
    return at(tmp_path / "locale", monkeypatch)


def unmarked(text: str) -> set[str]:
    """Return the words outside of marks."""
    while MARKED.search(text):
        text = MARKED.sub(" ", text)
    return set(WORD.findall(text))


@pytest.mark.slow
def test_pages_in_another_language_without_grading_again(
    demo: Demo, tmp_path: Path, in_process: Command, marks: Language
) -> None:
    """Every word of a page is a student's, a name, or between marks; after English ones, too."""
    out = shutil.copytree(demo.folder / "results", tmp_path / "results")
    first = ("--jobs", "1", "--assignment", SLUGS[0])
    assert in_process("feedback", out, "--to", "english", *first).returncode == 0
    words = ("--hidden", "all", *(word for slug in SLUGS for word in ("--assignment", slug)))
    run = in_process("feedback", out, "--to", "pages", "--language", "zh", "--jobs", "1", *words)
    assert run.returncode == 0, run.stderr
    pages = sorted((tmp_path / "pages").rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        assert soup.html is not None
        assert soup.html["lang"] == "zh"
        for part in soup.select("style, pre, code, svg, .who, title, .kind"):
            part.decompose()
        texts = [*soup.stripped_strings, *(str(tag["aria-label"]) for tag in soup("[aria-label]"))]
        left = set().union(*map(unmarked, texts)) - FUNCTIONS - QUOTED
        assert not left, (path.name, left)


@pytest.mark.slow
def test_a_report_in_another_language_without_grading_again(
    demo: Demo, tmp_path: Path, marks: Language
) -> None:
    """Every word of the page and its script is a student's, an id, or between marks."""
    out = shutil.copytree(demo.folder / "results", tmp_path / "results")
    results = [result for _, result in demo.graded if result.assignment in SLUGS]
    (out / "results.jsonl").write_bytes(results_jsonl(results))
    speak(marks)
    page = make_report(out, out / "report.html").html.decode()
    soup = BeautifulSoup(page, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == "zh"
    data = soup.select_one("#data")
    assert data is not None
    texts = json.loads(data.text)["head"]["texts"]
    assert len(texts) > 20
    assert not set().union(*map(unmarked, texts.values()))
    for part in soup.select("style, script, code, pre, time, title"):
        part.decompose()
    labels = [str(tag["aria-label"]) for tag in soup("[aria-label]")]
    words = set().union(*map(unmarked, [soup.get_text(" "), *labels]))
    names = {word for one in results for word in WORD.findall(f"{one.student} {one.assignment}")}
    names.add("gradpath")  # of the version
    assert not words - names, words - names
