"""Virtual environments for the other graders; their pins must not meet gradpath's."""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from bench.measure import Word, run
from bench.paths import BENCHMARKS, BUILD


class Environment:
    """A virtual environment built from `requirements-<name>.txt`, again when that file changes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = BUILD / f"{name}-venv"
        self.requirements = BENCHMARKS / f"requirements-{name}.txt"

    def command(self, name: str) -> Path:
        return self.folder / "bin" / name

    @property
    def variables(self) -> dict[str, str]:
        """Its commands come first, and Jupyter's settings are its own, not the user's."""
        jupyter = self.folder / "etc" / "jupyter-user"
        return {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "VIRTUAL_ENV": str(self.folder),
            "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
            "JUPYTER_DATA_DIR": str(jupyter / "data"),
            "IPYTHONDIR": str(jupyter / "ipython"),
        }

    def ensure(self) -> "Environment":
        text = self.requirements.read_text(encoding="utf-8")
        stamp = self.folder / "requirements.sha256"
        digest = hashlib.sha256(text.encode()).hexdigest()
        if not stamp.exists() or stamp.read_text() != digest:
            self._build(text)
            stamp.write_text(digest)
        return self

    def _build(self, requirements: str) -> None:
        print(f"building {self.folder} (once, a few minutes) ...", file=sys.stderr, flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", self.folder])
        install: list[Word] = [self.command("python"), "-m", "pip", "install", "--quiet"]
        # torch alone and first: a resolver that meets it among others may settle on another build.
        torch = re.search(r"^torch==\S+$", requirements, re.MULTILINE)
        if torch:
            run([*install, torch.group()])
        run([*install, "-r", self.requirements])
