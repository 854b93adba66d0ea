"""Any file may be handed in and any settings written: they are read, or are an error of ours."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradpath.cohort.files import spreadsheet_safe
from gradpath.course import config as settings_file
from gradpath.course import settings
from gradpath.course.checks import AUTOGRAD, OPTIMIZERS
from gradpath.course.load import corpus_of
from gradpath.course.master import solution_of
from gradpath.errors import GradpathError, SettingsError, SubmissionError
from gradpath.frontends.otter.settings import read_settings as read_otter_settings
from gradpath.grading.rules import ModuleSource
from gradpath.submissions.find import find, find_one
from gradpath.submissions.lms_names import parse
from gradpath.submissions.names import match, shown_path, student_name
from gradpath.submissions.notebooks import read_cells
from gradpath.submissions.submission import Submission
from gradpath.submissions.unchanged import is_untouched
from gradpath.text import clean, printable
from gradpath.worker.protocol import Cell, Source
from tests.conftest import SLUGS, submission
from tests.support.fuzzing import fuzzed, slow
from tests.support.mutations import mutated, mutated_text
from tests.support.raw_zips import Entry, raw_zip

SLUG = "hand_gradients"
SOLUTION = solution_of(SLUG)
NOTEBOOK = (corpus_of(SLUG) / "right" / "notebook_magics.ipynb").read_text("utf-8")


def one_line(error: GradpathError) -> None:
    """Check that a message fits into a line of a terminal or a result."""
    text = str(error)
    assert text.isprintable(), repr(text)
    assert text
    assert len(text) < 2_000


# Scripts and notebooks


def look_at(source: Source) -> None:
    """Take the grader's steps with source before a worker sees it."""
    is_untouched(source)
    module = ModuleSource((cell.name, cell.text) for cell in source.cells)
    for function in [*module.definitions, "gradient"][:20]:
        module.is_written(function)
        module.find(function, (*AUTOGRAD, *OPTIMIZERS), ("train",))


def read(data: bytes, name: str) -> None:
    try:
        look_at(submission(SLUG, data, name).source())
    except SubmissionError as error:
        one_line(error)


_PYTHON = r"""
def gradient(x): return 0 1 + - * / ( ) [ ] { } : ; , . = == lambda : yield await async for in if
else while try: except finally: with as import torch.autograd from global nonlocal class match case
_ not and or f'{x}' '' \ # @ -> ** // % ! ? ... 0x 1e999 1j
"""
_words = st.sampled_from([*_PYTHON.split(), "\t", '"""', "\n", "\n ", "\n  ", "\n    ", "    "])
_code = st.one_of(
    st.text(max_size=200),
    st.lists(_words, max_size=60).map(" ".join),
    mutated_text(st.just(SOLUTION)),
)


@fuzzed
@given(st.one_of(st.binary(max_size=300), mutated(st.just(SOLUTION.encode()))))
@example(b"# -*- coding: utf-7 -*-\n")
@example(b"\xef\xbb\xbf# coding: latin-1\n")
def test_any_script(data: bytes) -> None:
    read(data, f"{SLUG}.py")


@fuzzed
@given(_code)
def test_nearly_python(code: str) -> None:
    read(code.encode("utf-8", "surrogatepass"), f"{SLUG}.py")
    look_at(Source(SLUG, (Cell("cell 1", code),), notebook=True))


def read_notebook(text: str) -> None:
    try:
        cells, _ = read_cells(text, ["predict", "loss"])
    except SubmissionError as error:
        one_line(error)
    else:
        for cell in cells:
            cell.text.encode()
        look_at(Source(SLUG, cells, notebook=True))


@fuzzed
@given(st.one_of(st.text(max_size=300), mutated_text(st.just(NOTEBOOK))))
@example("[" * 100_000)
@example("9" * 5_000)
@example('{"cells": NaN}')
def test_any_notebook(text: str) -> None:
    read_notebook(text)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_magic = st.lists(
    st.one_of(
        st.sampled_from(["%", "%%", "!", "!!", "?", "??", "%time ", "%%time\n", "x = !ls", "= %a"]),
        st.sampled_from(["%%bash\n", "%%capture\n", "\\\n", "'''", "(", ")", "\n", " ", ";", ","]),
        _words,
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)
_sources = st.one_of(_code, _magic, st.lists(_magic | _json, max_size=3), _json)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a part of a notebook, or now and then anything in its place."""
    return st.one_of(strategy, strategy, strategy, _json)


_cells = st.fixed_dictionaries(
    {"cell_type": _maybe(st.sampled_from(["code", "code", "code", "markdown", "raw"]))},
    optional={
        "source": _sources,
        "input": _sources,
        "metadata": _maybe(st.fixed_dictionaries({"tags": _maybe(st.just(["otter_ignore"]))})),
        "outputs": _json,
    },
)
_some_cells = _maybe(st.lists(_maybe(_cells), max_size=4))
_sheets = _maybe(st.lists(_maybe(st.fixed_dictionaries({"cells": _some_cells})), max_size=2))
_notebooks = st.fixed_dictionaries(
    {}, optional={"cells": _some_cells, "worksheets": _sheets, "nbformat": _json, "metadata": _json}
)


@fuzzed
@given(_maybe(_notebooks))
def test_any_json_in_the_shape_of_a_notebook(notebook: Any) -> None:
    read_notebook(json.dumps(notebook))


# Archives


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


_FILE = (f"{SLUG}.py", SOLUTION.encode())
_archives = st.sampled_from(
    [
        _zip(_FILE),
        _zip(_FILE, method=zipfile.ZIP_STORED),
        _zip(_FILE, method=zipfile.ZIP_LZMA),
        _zip((f"s01/{SLUG}.py", b"x = 1\n"), (f"s02/{SLUG}.ipynb", NOTEBOOK.encode())),
        _zip(("s01.zip", _zip(_FILE)), ("s02.zip", _zip(("a/tests/x.py", b"OK_FORMAT")))),
        raw_zip(Entry(f"{SLUG}.py".encode()), Entry(b"../x.py"), zip64=True),
        raw_zip(Entry(b""), Entry(b"\xff.py", mode=0o120777), Entry(b"C:\\mse_sweep.py", flags=1)),
    ]
)
_names = st.one_of(
    st.text(max_size=12).map(lambda text: f"{text}.py"),
    st.sampled_from(
        [f"{SLUG}.py", f"{SLUG}.ipynb", "x.zip", "tests/x.py", "", ".", "/", "a/", "x"]
    ),
).map(lambda name: name.encode("utf-8", "surrogatepass"))
_entries = st.builds(
    Entry,
    st.lists(_names, min_size=1, max_size=3).map(b"/".join),
    st.binary(max_size=30) | _archives,
    st.sampled_from([0, 8, 8, 8, 12, 14, 99]) | st.integers(0, 65_535),
    st.none() | st.integers(0, 2**64 - 1),
    st.sampled_from([0, 1, 0x800, 8]) | st.integers(0, 65_535),
    st.sampled_from([0o100644, 0o120777]) | st.integers(0, 65_535),
    st.none() | st.binary(max_size=30),
    st.none() | st.integers(0, 100),
    st.binary(max_size=30),
)
_odd_zips = st.builds(
    lambda entries, size, count, zip64: raw_zip(
        *entries, directory_size=size, count=count, zip64=zip64
    ),
    st.lists(_entries, max_size=4),
    st.none() | st.integers(0, 2**32 - 1),
    st.none() | st.integers(0, 65_535),
    st.booleans(),
)


@slow
@given(st.one_of(st.binary(max_size=200), mutated(_archives), _odd_zips, mutated(_odd_zips)))
def test_any_archive(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder, "in", "s01", f"{SLUG}.zip")
        inside.parent.mkdir(parents=True)
        alone = Path(folder, "cohort.zip")
        for path in (inside, alone):
            path.write_bytes(data)
        # In a student's folder it costs that student only; by itself it may be a wrong word.
        submissions, ignored = find([Path(folder, "in")], SLUGS)
        assert submissions or ignored
        for each in submissions:
            must_be_plain(each)
        assert all(clean(line) == line and "\n" not in line for line in ignored)
        for open_it in (lambda: find([alone], SLUGS)[0], lambda: [find_one(inside.parent, SLUG)]):
            try:
                for chosen in open_it():
                    if isinstance(chosen, Submission):
                        must_be_plain(chosen)
            except GradpathError as error:
                one_line(error)
        assert sorted(os.listdir(folder)) == ["cohort.zip", "in"]


def must_be_plain(each: Submission) -> None:
    for text in (each.student, each.file, each.note):
        text.encode()
        assert clean(text) == text
    try:
        look_at(each.source())
    except SubmissionError as error:
        one_line(error)


# Settings

_SETTINGS = (settings.folder_of(SLUG) / "settings.toml").read_text("utf-8")
_toml_words = st.sampled_from(
    ["[check]", "assignments", "secret", "=", "[", "]", "{", "}", '"', "'", '"""', "\n", ".", ",",
     '"mse_sweep"', "points", "title", "order", "limits", "nan", "inf", "1e999", "1979-05-27",
     "99:99", "\\u0000", '"\\n"', "#", "true", "0x", "a", "1", " ", "[[", "]]", "-"]
)  # fmt: skip
_tomls = st.one_of(
    st.text(max_size=200),
    st.lists(_toml_words, max_size=30).map("".join),
    st.lists(_toml_words, max_size=30).map(" ".join),
    mutated_text(st.just('secret = "x"\n[check]\nassignments = ["mse_sweep", "rosenbrock"]\n')),
    mutated_text(st.just((settings.folder_of(SLUG) / "settings.toml").read_text("utf-8"))),
)
_HARD = ["x = " + "[" * 5_000, "x = " + "9" * 5_000, '"a\\nb" = 1', '[check]\n"a\\u001bb" = 1\n']


def settings_examples(test: Callable[..., None]) -> Callable[..., None]:
    for text in _HARD:
        test = example(text.encode())(test)
    return example(b"\xff")(test)


_files = _tomls.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=50)


@fuzzed
@given(_files)
@settings_examples
def test_any_settings_of_a_folder(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gradpath.toml").write_bytes(data)
        (folder / "release.secret").write_bytes(data)
        readers: list[Callable[[], object]] = [
            lambda: settings_file.read_config(folder),
            lambda: settings_file.find_secret(None, None, folder),
            lambda: settings_file.find_secret(None, folder / "release.secret", folder),
            lambda: read_otter_settings(folder / "gradpath.toml"),
        ]
        for reader in readers:
            try:
                reader()
            except GradpathError as error:
                one_line(error)


@fuzzed
@given(_files)
@settings_examples
def test_any_settings_of_an_assignment(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        path = Path(name, "assignments", SLUG, "settings.toml")
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        patch.setattr(settings, "PACKAGE", Path(name))
        try:
            settings.read_settings.__wrapped__(SLUG)
        except SettingsError as error:
            one_line(error)


# Names

_any_text = st.text(st.characters(categories=["L", "N", "P", "Z", "C", "S", "M"]))


@fuzzed
@given(_any_text | mutated_text(st.just("s01_LATE_77_4001_mse_sweep-1.ipynb")))
@example("=cmd()")
@example("\u202e=cmd()\n\x1b[31m")
@example("\U000e0041\ud800\udc80")
@example("\x0f\u0307")  # an accent on an escaped character
def test_any_name(text: str) -> None:
    match(text, SLUGS)
    parse(PurePosixPath(text))
    for shown in (printable(text), student_name(text), shown_path(text)):
        shown.encode()
        assert clean(shown) == shown
        assert "\n" not in shown
    assert student_name(student_name(text)) == student_name(text)
    safe = spreadsheet_safe(text)
    assert not safe.lstrip().startswith(("=", "+", "-", "@", "|", "＝"))
    assert len(safe.splitlines()) <= 1
