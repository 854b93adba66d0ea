"""gradpath.toml: one reader, which refuses what it does not know."""

from __future__ import annotations

import string
import subprocess
import sys
from pathlib import Path

import pytest

from gradpath.course.config import FILE, Config, read_config
from gradpath.course.settings import PACKAGE, slugs
from gradpath.errors import SettingsError
from tests.conftest import Command


def test_a_folder_without_the_file_has_the_defaults(tmp_path: Path) -> None:
    assert read_config(tmp_path) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[late]\ngrace_minute = 3", "unknown key `grace_minute` in [late]; did you mean "),
        ("[late]\ngrace_minute = 3", "did you mean grace_minutes?"),
        ("[chek]\nassignments = []", "unknown table [chek]; did you mean check?"),
        ('secert = "hush"', "unknown key `secert`; did you mean secret?"),
        ("[feedback]\nxyz = 1", "unknown key `xyz` in [feedback]; there are: hidden_before, "),
        ('"a\\nb" = 1', "there are: secret, language, check, due, late, feedback"),
        ("secret = 3", "secret is to be a text in quotes"),
        ('[feedback]\nhidden_after = "after-deadline"', "in [feedback]: Invalid enum value"),
    ],
)
def test_a_wrong_or_unknown_key_is_one_line(
    gradpath: Command, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_config(tmp_path)
    assert message in str(caught.value)
    assert "hush" not in str(caught.value)
    done = gradpath("check")
    assert (done.returncode, done.stderr) == (
        2,
        f"gradpath: {str(caught.value)[len(str(tmp_path)) + 1 :]}\n",
    )


def test_the_files_that_gradpath_hands_out_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / FILE
    values = {"assignments": f'"{slugs()[0]}"', "secret": '"s"'}
    values |= {"language": "zh", "languages": "zh, en"}
    (template,) = (PACKAGE / "authoring/release/nbgrader_files").glob(f"{FILE}*")
    for path in (template, PACKAGE.parents[1] / "student_template" / FILE):
        file.write_text(string.Template(path.read_text("utf-8")).substitute(values))
        config = read_config(tmp_path)
        assert config.secret == "s" or config.check.assignments == (slugs()[0],)
        assert config.language == "zh"


def test_it_imports_nothing_slow() -> None:
    code = "import sys, gradpath.course.config\nassert not {'numpy', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
