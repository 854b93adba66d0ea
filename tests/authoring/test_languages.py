"""Catalogues of other languages: extraction, updates, and the check of each translation."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from gradpath.authoring.languages import catalogues, check, documents, entries
from gradpath.authoring.languages.catalogues import Domain
from gradpath.authoring.languages.entries import Entry, is_translatable
from gradpath.authoring.languages.faithful import differences
from gradpath.authoring.languages.style import style_of
from gradpath.course.load import load
from gradpath.course.master import ANSWER, master_cells, skeleton_of
from gradpath.course.translated import code_in, documented_in, sections_of, text_in
from gradpath.errors import AuthoringError, GradpathError
from gradpath.reports.scripts import marked_in, translations
from gradpath.submissions.submission import Submission
from gradpath.submissions.unchanged import is_skeleton
from gradpath.text import columns
from gradpath.text.languages import ENGLISH, LOCALE, STAFF, Language
from tests.conftest import ROOT, Command

SLUG = "mse_sweep"


def texts(name: str) -> set[str]:
    (domain,) = catalogues.chosen([name])
    return {entry.text for entry in domain.entries()}


# Extraction


def test_students_catalogue_has_neither_answers_nor_hidden_checks() -> None:
    assignment = load(SLUG)
    hidden = {c.title for c in assignment.checks if c.visibility == "hidden"}
    public = {c.title for c in assignment.checks if c.visibility == "public"}
    (answer,) = (cell.source for cell in master_cells(SLUG) if ANSWER in cell.tags)
    student, staff = texts(SLUG), texts(f"{STAFF}/{SLUG}")
    assert public <= student
    assert {known.hint for known in assignment.misconceptions} <= student
    assert not student & (hidden - public)
    assert hidden - public <= staff
    assert answer in staff
    assert not student & staff


def test_docstrings_of_solutions_stay_out() -> None:
    staff = texts(f"{STAFF}/{SLUG}")
    assert any(text.startswith("Return the model's prediction for ``x``.") for text in staff)
    assert not any("### BEGIN" in text or "np.argmin" in text for text in staff)


def test_each_entry_names_the_line_of_its_text() -> None:
    for name in (SLUG, f"{STAFF}/{SLUG}"):
        (domain,) = catalogues.chosen([name])
        for entry in domain.entries():
            lines = (ROOT / entry.file).read_text("utf-8").splitlines()
            first = " ".join(lines[entry.line - 1 : entry.line + 2])
            assert entry.text.split()[0].strip("#`'\"") in first or entry.line == 1, entry


def test_sections_begin_at_headings_but_for_those_in_code() -> None:
    assert sections_of("a\n\n# b\n```\n# c\n```\n\n## d\n") == ["a", "# b\n```\n# c\n```", "## d"]


def test_formulas_and_code_alone_are_not_translated() -> None:
    assert not is_translatable("$x_1$ `forward` model.linear1 {result[0]}")
    assert is_translatable("loss $L$")


# Updates


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues, empty but for the style of Chinese, beside a source of one text."""
    folder = tmp_path / "locale"
    (folder / "zh").mkdir(parents=True)
    for name in ("style.toml", "glossary.toml"):
        shutil.copy(LOCALE / "zh" / name, folder / "zh")
    monkeypatch.setattr(catalogues, "LOCALE", folder)
    monkeypatch.setattr(check, "LOCALE", folder)
    monkeypatch.setattr(entries, "course_root", lambda: tmp_path)
    return folder


def domain_of(*entries: str) -> Domain:
    return Domain("tiny", "a test", lambda: [Entry(text, "a.py", 3, "text") for text in entries])


def translate(path: Path, translation: str) -> None:
    """Write the translation of the last entry."""
    head, _, tail = path.read_text("utf-8").rpartition('msgstr ""')
    path.write_text(f'{head}msgstr "{translation}"{tail}', "utf-8")


def findings(domain: Domain) -> list[str]:
    return list(map(str, check.check(domain, "zh").findings))


def test_a_changed_text_keeps_its_translation_with_a_mark(locale: Path) -> None:
    old, new = "The loss is 5 at the start.", "The loss is 6 at the start."
    (path,) = catalogues.update(domain_of(old), "zh")
    assert path == locale / "zh" / "tiny.po"
    assert findings(domain_of(old)) == [f"locale/zh/tiny.po:13: missing: {old}"]
    translate(path, "开始时损失为 5。")
    assert findings(domain_of(old)) == []
    assert catalogues.update(domain_of(old), "zh") == []
    (absent, stale) = findings(domain_of(new))
    assert absent == f"a.py:3: not in locale/zh/tiny.po; run `gradpath languages`: {new}"
    assert stale.startswith("locale/zh/tiny.po:13: stale: its English is gone")
    catalogues.update(domain_of(new), "zh")
    assert f'#| msgid "{old}"' in path.read_text("utf-8")
    (fuzzy,) = findings(domain_of(new))
    assert "fuzzy: its English has changed" in fuzzy
    with path.open("rb") as file:
        entry = read_po(file).get(new)
    assert entry is not None
    assert entry.string == "开始时损失为 5。"
    catalogues.update(domain_of(new), "zh")
    assert f'#| msgid "{old}"' in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")
    catalogues.update(domain_of(new), "zh")
    assert old not in path.read_text("utf-8")


def test_a_third_language_is_one_folder(locale: Path) -> None:
    assert catalogues.update(domain_of("A loss."), "de") == [locale / "de" / "tiny.po"]
    assert catalogues.languages() == ("de", "zh")
    assert check.check(domain_of("A loss."), "de").total == 1
    with pytest.raises(GradpathError, match="no language 'xx'"):
        catalogues.update(domain_of("A loss."), "xx")


def test_a_file_that_is_no_catalogue(locale: Path) -> None:
    (locale / "zh" / "tiny.po").write_text('msgid "a"\nmsgid\n"b\n', "utf-8")
    with pytest.raises(AuthoringError, match=r"tiny\.po is no catalogue"):
        check.check(domain_of("a"), "zh")


def test_the_command_takes_names_that_there_are(in_process: Command) -> None:
    run = in_process("languages", "--check", "mse_swep")
    assert run.returncode == 2
    assert "no catalogue 'mse_swep'; did you mean mse_sweep?" in run.stderr


# Translations beside their originals


@pytest.mark.parametrize(
    ("original", "translation", "fault"),
    [
        ("5 of 0.5 and 1e-3", "1e-3、0.5 与 5", ""),
        ("5 of 6", "5 与 7", "the number 6 of the original is not in the translation"),
        ("the data", "3 个数据", "the number 3 of the translation is not in the original"),
        ("$x\n w$ and `f`", "`f` 与 $x w$", ""),
        ("$x^2$", "$x^3$", "the formula $x^2$ of the original"),
        ("$\\text{the loss}$", "$\\text{损失 值}$", ""),
        ("``w`` of `f`", "``v`` 与 `f`", "the code `w` of the original"),
        ("{got} is not {want}", "应为 {want}，得到 {got}", ""),
        ("{got}", "得到", "the placeholder {got} of the original"),
        ("see [it](../a/README.md)", "见 [它](../b/README.md)", "the link ../a/README.md"),
        ("float32 of nn.Module", "float64 的 nn.Module", "the name float32 of the original"),
        ("in <!-- points -->", "共", "the comment <!-- points --> of the original"),
        ("A:\n    >>> f(1)\n    2", "例：\n    >>> f(2)\n    2", "the example >>> f(1)"),
        ("A.\n\nArgs:\n    xs: b", "甲。\n\n参数：\n    x: 乙", "the argument xs of the original"),
        ("    Next: x", "    下一步：x", ""),
        ("```sh\ncp a\n```\n\n`f` a `g`", "```sh\ncp a\n```\n\n`g` 与 `f`", ""),
        ("```sh\ncp a\n```\n", "```sh\ncp b\n```\n", "the block"),
        ("${a} of $b$", "$b$ 的 ${c}", "the placeholder ${a} of the original"),
        ("w² of x", "w 的 x", "the sign ² of the original"),
        ("# a\n\n| b |\n", "# 甲\n", "the original has 1 rows of tables, the translation 0"),
        ("# a", "## 甲", "the original has 1 headings, the translation 1"),
    ],
)
def test_a_translation_has_what_its_original_has(
    original: str, translation: str, fault: str
) -> None:
    found = list(differences(original, translation))
    assert found[0].startswith(fault) if fault else not found, found


@pytest.mark.parametrize(
    ("original", "translation", "fault"),
    [
        ("The learning rate falls.", "学习率下降。", ""),
        ("Learning rates fall.", "学习速度下降。", "the term 'learning rate' is 学习率"),
        ("The loss function.", "损失函数。", ""),
        ("A `loss` of $loss$", "`loss` 与 $loss$", ""),
        ("It falls.", "它下降,", "full-width punctuation in Chinese"),
        ("It falls.", "它下降.", "a full stop in Chinese is 。"),
        ("It is (not) so.", "它(不)是。", "full-width parentheses"),
        ("It is `f`.", "它是`f`。", "a space between Chinese and Latin"),
        ("It falls, so.", "它下降， 所以。", "no space beside full-width punctuation"),
        ("You.", "您。", "students are addressed as 你"),
        ("A sentence in lines.", "一句话\n分成两行。", "a paragraph of a text is one line"),
    ],
)
def test_the_style_of_chinese(original: str, translation: str, fault: str) -> None:
    found = list(style_of(LOCALE / "zh").faults(original, translation, "text"))
    assert found[0].startswith(fault) if fault else not found, found


def test_limits_count_characters_of_hints_and_columns_of_docstrings() -> None:
    style = style_of(LOCALE / "zh")
    assert columns("损失 e\u0301") == 6
    assert list(style.faults("", "长" * 141, "hint")) == ["141 characters, 140 are allowed"]
    (fault,) = style.faults("", "长" * 60, "docstring")
    assert fault.startswith("a line has 120 columns")
    assert not list(style.faults("", "长" * 141, "text"))


def test_a_style_with_a_wrong_pattern(tmp_path: Path) -> None:
    (tmp_path / "style.toml").write_text('[[rules]]\npattern = "("\nmessage = "x"\n')
    with pytest.raises(AuthoringError, match=r"style\.toml: missing \)"):
        style_of(tmp_path)


@pytest.mark.parametrize("language", catalogues.languages())
def test_translations_are_true_to_their_english(language: str) -> None:
    """Entries may be missing as long as the language is not complete; none may be wrong."""
    wrong = []
    for domain in catalogues.domains():
        catalogue = catalogues.read(domain, language)
        style = style_of(LOCALE / language)
        for entry in catalogue:
            if entry.id and entry.string and not entry.fuzzy:
                comment = " ".join(entry.auto_comments)
                wrong += [
                    f"{domain.name}: {fault}" for fault in check.faults(entry, comment, style)
                ]
    assert not wrong


@pytest.mark.parametrize("language", catalogues.languages())
def test_pages_that_catalogues_make_are_in_step(language: str) -> None:
    for domain in catalogues.domains():
        assert not catalogues.stale_files(domain, language), "run `gradpath languages`"


# Texts and skeletons in another language


class Loud(Language):
    """A language in which each text of one line or more is in capitals."""

    def text(self, text: str, slug: str = "") -> str:
        return text.upper()


def test_docstrings_are_translated_and_code_is_not() -> None:
    source = '"""Top."""\n\nclass A:\n    def f(self):\n        r"""{}"""\n        return "x"'
    told = code_in(Loud("xx"), source.format("One \\w.\n\n        Two.\n        "), SLUG)
    there = "ONE \\W.\n\n        TWO.\n        "
    assert told == source.replace("Top", "TOP").format(there)
    assert code_in(ENGLISH, source, SLUG) is source


def test_a_text_is_translated_by_section() -> None:
    sections = []

    class Listening(Language):
        def text(self, text: str, slug: str = "") -> str:
            sections.append(text)
            return text

    assert text_in(Listening("xx"), "# a\n\nb\n\n\n## c\nd\n", SLUG) == "# a\n\nb\n\n## c\nd"
    assert sections == ["# a\n\nb", "## c\nd"]


def test_a_skeleton_in_chinese_is_the_same_code() -> None:
    given, told = skeleton_of(SLUG), skeleton_of(SLUG, language=Language("zh"))
    assert "返回" in told
    trees = [ast.parse(text) for text in (given, told)]
    for tree in trees:
        for _, node, _ in list(documented_in(tree)):
            del node.body[0]
    assert ast.dump(trees[0]) == ast.dump(trees[1])
    submission = Submission("s01", SLUG, f"{SLUG}.py", len(told.encode()), told.encode)
    assert is_skeleton(submission)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two pages of documentation; of one, only a section is translated."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("# A\n\n[b](docs/b.md) [zh](README.xx.md) [c](c/d.md)\n")
    links = "[a](../README.md) [x](b.md#more) [y](#more) [z](https://z.org/) ![p](p.png)"
    (tmp_path / "docs" / "b.md").write_text(f"# B\n\n{links}\n\n## More\n\nx\n")
    of = [
        documents.Document(tmp_path / "README.md"),
        documents.Document(tmp_path / "docs" / "b.md", ("# B",)),
    ]
    monkeypatch.setattr(documents, "of_docs", lambda: of)
    monkeypatch.setattr(documents, "course_root", lambda: tmp_path)
    return tmp_path


def test_links_of_a_page_lead_to_the_same_places(pages: Path) -> None:
    class Same(Loud):
        def text(self, text: str, slug: str = "") -> str:
            return text.replace("# ", "# In xx: ").replace(" are in English", " 是英文")

    made = documents.generated(Same("xx"))
    first, second = made[pages / "README.xx.md"], made[pages / "docs" / "xx" / "b.md"]
    assert "# In xx: A\n\n[b](docs/xx/b.md) [zh](README.md) [c](c/d.md)\n" in first
    links = "[a](../../README.xx.md) [x](../b.md#more) [y](../b.md#more) [z](https://z.org/)"
    assert f"{links} ![p](../p.png)" in second
    assert second.endswith("The other sections of this page 是英文: [b.md](../b.md).\n")
    assert "More" not in second
    assert documents.generated(ENGLISH) == {}


def test_the_scripts_of_a_page_to_play_with_have_their_texts() -> None:
    script = 'a(_("The loss"), _("x"));\n_("{a} of {b} points", { a, b });'
    assert list(marked_in(script)) == [(1, "The loss"), (2, "{a} of {b} points")]
    assert translations(script, Loud("xx"), SLUG)["The loss"] == "THE LOSS"
    assert translations(script, ENGLISH, SLUG) == {}
