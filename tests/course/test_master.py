"""Students' files are in step with the masters and hold nothing of the solutions."""

from __future__ import annotations

import ast
import re

import pytest

from gradpath.course.config import language_of
from gradpath.course.load import generated_folder, load, master_path
from gradpath.course.master import (
    BEGIN,
    END,
    generated_files,
    skeleton_of,
    text_of,
    without_solutions,
)
from gradpath.course.settings import read_settings
from gradpath.errors import AuthoringError
from gradpath.text.languages import languages
from tests.conftest import SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_generated_files_are_in_step(slug: str) -> None:
    for path, text in generated_files(slug).items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `make skeletons`"


def solution_lines(slug: str) -> set[str]:
    """Return the lines of the solution regions that say something."""
    regions = re.findall(f"{BEGIN}(.*?){END}", master_path(slug).read_text("utf-8"), re.DOTALL)
    assert regions
    lines = {line.strip() for region in regions for line in region.splitlines()}
    return {line for line in lines if len(line) > 12}


@pytest.mark.parametrize("slug", SLUGS)
def test_no_line_of_a_solution_is_given_to_students(slug: str) -> None:
    given = list(generated_folder(slug).rglob("*"))
    texts = {path: path.read_text("utf-8") for path in given if path.suffix in (".py", ".md")}
    assert len(texts) == 2
    for path, text in texts.items():
        lines = {line.strip() for line in text.splitlines()}
        # `return {` and the like may stand anywhere; whole statements may not.
        assert not {line for line in solution_lines(slug) & lines if "=" in line}, path
        assert BEGIN not in text
        assert END not in text


@pytest.mark.parametrize("slug", SLUGS)
def test_skeletons_have_every_function_with_a_full_docstring(slug: str) -> None:
    tree = ast.parse(skeleton_of(slug))
    names = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    for function in load(slug).functions:
        docstring = ast.get_docstring(names[function]) or ""
        assert len(docstring) > 80, function
        definition = names[function]
        if isinstance(definition, ast.FunctionDef):
            assert "Returns:" in docstring, function
            for argument in definition.args.args:
                assert f"{argument.arg}:" in docstring, (function, argument.arg)


@pytest.mark.parametrize("slug", SLUGS)
def test_pictures_in_the_text_exist(slug: str) -> None:
    folder = generated_folder(slug)
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", (folder / "README.md").read_text("utf-8"))
    for picture in pictures:
        assert (folder / picture).is_file(), f"{picture}: run `make figures`"


@pytest.mark.parametrize(
    "source",
    [
        f"def f():\n    {BEGIN}\n    return 1\n",
        f"def f():\n    return 1\n    {END}\n",
        f"{BEGIN}\nx = 1\n{END}\n",
        f"def f():\n    {BEGIN}\n    {BEGIN}\n    return 1\n    {END}\n",
    ],
)
def test_broken_markers_are_refused(source: str) -> None:
    with pytest.raises(AuthoringError):
        without_solutions(source)


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("slug", SLUGS)
def test_the_title_is_the_heading_of_the_text(slug: str, code: str) -> None:
    """By its heading `gradpath check` knows a text that lies beside a student's file."""
    language = language_of(code)
    title = language.text(read_settings(slug).title, slug)
    assert text_of(slug, language).startswith(f"# {title}\n")
