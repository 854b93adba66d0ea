"""The folders of one run: a course that the grader's user owns, its secrets, and nobody else's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import gradpath
from gradpath.course.settings import course_root, read_settings, slugs
from tests.support.attacking.planted import Secrets
from tests.support.other_users import python_for_everybody

_LIMITS: Final = """
[limits]
call_seconds = 2.0
submission_seconds = 8.0
memory_mb = 256
"""
"""An attack that hangs costs the run its limits: ordinary ones would only take longer."""

_ONE_AT_A_TIME: Final = threading.Lock()
_COMMAND: Final = "import sys; from gradpath.cli import main; sys.argv[0] = 'gradpath'; main()"


@dataclass(frozen=True)
class Places:
    """Where everything of a run is; `user` is the grader's user id, if it is not root's."""

    root: Path
    python: Path
    user: int | None
    secrets: Secrets

    @property
    def course(self) -> Path:
        """A copy of the course and of gradpath: an attack on it harms nobody."""
        return self.root / "course"

    @property
    def grader(self) -> Path:
        """The grader's working folder, with `gradpath.toml` and the secret's file."""
        return self.root / "grader"

    @property
    def secret_file(self) -> Path:
        """A file with a secret, beside the grader's own files."""
        return self.grader / "release.secret"

    @property
    def home(self) -> Path:
        """The home folder of the grader's user."""
        return self.root / "home"

    @property
    def tmp(self) -> Path:
        """TMPDIR of the grader."""
        return self.root / "tmp"

    @property
    def out(self) -> Path:
        """Where results go."""
        return self.root / "out"

    @property
    def submissions(self) -> Path:
        """The cohort."""
        return self.root / "submissions"

    @property
    def targets(self) -> Path:
        """Files that attacks are pointed at, a folder for each attack."""
        return self.root / "targets"

    def make(self) -> None:
        """Make the folders and plant the secrets."""
        for folder in (self.grader, self.home, self.tmp, self.out, self.submissions, self.targets):
            folder.mkdir(parents=True)
        self._copy_course()
        self._install_elsewhere()
        settings = self.grader / "gradpath.toml"
        settings.write_text(f'secret = "{self.secrets.planted("settings")}"\n')
        self.secret_file.write_text(self.secrets.planted("file") + "\n")
        netrc = self.home / ".netrc"
        netrc.write_text(f"password {self.secrets.planted('home')}\n")
        for path in (settings, self.secret_file, netrc):
            path.chmod(0o600)
        self.root.chmod(0o755)

    def _copy_course(self) -> None:
        leave = shutil.ignore_patterns("figures", "*.ipynb", "coursework", "corpus")
        package = self.course / "autograder" / "gradpath"
        shutil.copytree(Path(gradpath.__file__).parent, package, ignore=leave)
        for name in ("assignments", "solutions"):
            shutil.copytree(course_root() / name, self.course / name, ignore=leave)
        for slug in slugs():
            if read_settings(slug).limits != type(read_settings(slug).limits)():
                raise AssertionError(f"{slug} has limits of its own")
            with open(package / "assignments" / slug / "settings.toml", "a") as file:
                file.write(_LIMITS)

    def _install_elsewhere(self) -> None:
        """Have gradpath's course in the user's packages, an environment, a zip file, by a .pth."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        solutions = self.course / "solutions"
        for inner in (".local", "env"):
            packages = self.home / inner / "lib" / version / "site-packages"
            shutil.copytree(solutions, packages / "gradpath" / "coursework" / "solutions")
        (packages / "other.pth").write_text(f"{self.course / 'autograder'}\n")
        about = packages / "gradpath-0.1.0.dist-info"
        about.mkdir()
        (about / "direct_url.json").write_text(json.dumps({"url": f"file://{self.course}"}))
        for name in ("gradpath.pyz", "gradpath.whl"):
            with zipfile.ZipFile(self.home / name, "w") as file:
                for path in solutions.glob("*.py"):
                    file.write(path, f"gradpath/coursework/solutions/{path.name}")
        beside = self.python.parents[1] / "lib" / version / "site-packages"
        # Not into the environment that runs the tests. Batches share this one.
        with _ONE_AT_A_TIME:
            if self.python != Path(sys.executable) and not (beside / "gradpath").exists():
                shutil.copytree(solutions, beside / "gradpath" / "coursework" / "solutions")

    def give_to_user(self) -> None:
        """Let everything be the grader's, once it is complete."""
        if self.user is not None:
            words = ["chown", "-R", "--no-dereference", f"{self.user}:{self.user}"]
            subprocess.run([*words, str(self.root)], check=True)

    def command(self, *words: str | Path) -> list[str]:
        """Return the words that run gradpath of the copied course."""
        return [str(self.python), "-c", _COMMAND, *map(str, words)]

    def environment(self) -> dict[str, str]:
        """Return the grader's environment, with a secret in it."""
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "COLUMNS": "100",
            "PYTHONPATH": str(self.course / "autograder"),
            "GRADPATH_SECRET": self.secrets.planted("environment"),
        }


def public_python(folder: Path) -> Path:
    """Return a Python that every user may run, made in `folder` if need be.

    Raises:
        RuntimeError: there is none, and none that could be borrowed for it.
    """
    found = python_for_everybody(folder)
    if found is None:
        raise RuntimeError(
            f"no other user may read {sys.prefix}, and there is no system Python to borrow it"
        )
    return found
