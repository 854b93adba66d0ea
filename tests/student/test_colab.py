"""A notebook in an environment like Google Colab's: an old IPython, and no gradpath."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from gradpath.authoring.release.otter_tests import public_tests
from gradpath.authoring.release.wheels import student_wheel
from gradpath.authoring.student_notebook import notebook_of
from tests.support.versions import COLAB, lower_bounds

pytestmark = pytest.mark.slow

KERNELS = {
    "colab": COLAB["ipython"],
    "lowest": lower_bounds()["ipython"],
}
"""Versions of IPython, each with the ipykernel of Colab, which needs no newer one."""
OLD = ("decorator", "backcall", "pickleshare", "nest_asyncio")
"""Packages that IPython 7 needs, and that newer ones do without."""


class Colab:
    """An environment that has old kernels of its own, and all other packages of ours."""

    def __init__(self, folder: Path, ipython: str) -> None:
        self.python = folder / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        self.site = Path(self.run("-c", where).strip())
        ours = folder / "ours"
        ours.mkdir()
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if not path.name.lower().startswith(("gradpath", "ipython-", "ipykernel-")):
                (ours / path.name).symlink_to(path)
        (self.site / "ours.pth").write_text(str(ours))
        kernel = (f"ipython=={ipython}", f"ipykernel=={COLAB['ipykernel']}", *OLD)
        # As they are: what they need besides is here, in versions of today.
        self.run("-m", "pip", "install", "-q", "--no-deps", *kernel)

    def run(self, *words: object) -> str:
        """Run Python, and return its output."""
        environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        done = subprocess.run(
            [self.python, *map(str, words)],
            env={name: value for name, value in environment.items() if name != "PYTHONPATH"},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def packages(self) -> dict[str, str]:
        """Return the versions of all packages that can be imported."""
        code = (
            "from importlib.metadata import distributions\n"
            "print(*((each.name, each.version) for each in distributions()))"
        )
        return dict(re.findall(r"\('([^']+)', '([^']+)'\)", self.run("-c", code)))

    def without_gradpath(self) -> None:
        """Take gradpath away again."""
        self.run("-m", "pip", "uninstall", "-q", "-y", "gradpath")

    def execute(self, notebook: bytes, folder: Path) -> list[Any]:
        """Run a notebook in a folder, and return its cells of code."""
        manager = KernelManager()
        assert manager.kernel_spec is not None
        manager.kernel_spec.argv[0] = str(self.python)
        read = nbformat.reads(notebook.decode(), as_version=4)
        client = NotebookClient(
            read, km=manager, timeout=120, resources={"metadata": {"path": str(folder)}}
        )
        client.execute()
        return [cell for cell in read.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Colab]:
    """Make each environment once."""
    return functools.cache(lambda name: Colab(tmp_path_factory.mktemp(name), KERNELS[name]))


@pytest.fixture
def colab(
    request: pytest.FixtureRequest,
    environments: Callable[[str], Colab],
    monkeypatch: pytest.MonkeyPatch,
) -> Colab:
    made = environments(getattr(request, "param", "colab"))
    # From here on, no index: notebooks find the checks, and have all that these need.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return made


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    """The address of a page with the wheel, as a course would have one."""
    name, data = student_wheel()
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / name).write_bytes(data)
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "page")
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def only_set_up(data: bytes) -> bytes:
    """Return a notebook with the cell alone that installs gradpath."""
    notebook = json.loads(data)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"].endswith("-set-up")]
    return json.dumps(notebook).encode()


def text_of(cell: Any) -> str:
    """Return a cell's output as text."""
    return "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


def check_outputs(cells: list[Any], file: Path) -> None:
    """Check what the cells of gradpath say in a solved notebook."""
    *functions, whole, handed_in = (cell for cell in cells if cell.source.startswith("%gradpath"))
    for cell in functions:
        assert re.match(r"\w+  ([\d.]+) / \1\n", text_of(cell)), text_of(cell)
    score = re.search(r", ([\d.]+) of \1 public points", text_of(whole), re.MULTILINE)
    assert score, text_of(whole)
    assert "image/png" in whole.outputs[-1]["data"]
    assert score[0] in text_of(handed_in)
    assert f"Hand in: {file}" in text_of(handed_in)


@pytest.mark.parametrize(
    ("colab", "beside"),
    [("colab", True), ("colab", False), ("lowest", False)],
    indirect=["colab"],
    ids=["wheel beside it", "course's address", "lowest"],
)
def test_a_notebook_brings_its_checks(
    colab: Colab, page: str, tmp_path: Path, beside: bool
) -> None:
    """With torch, once; nothing else gets another version, and the second run installs nothing."""
    slug = "hand_gradients" if beside else "mse_sweep"
    folder = tmp_path / slug
    folder.mkdir()
    if beside:
        name, data = student_wheel()
        (tmp_path / "packages").mkdir()
        (tmp_path / "packages" / name).write_bytes(data)
    checked = sorted(Path(path).stem for path in public_tests(slug))[-1:]
    solved = notebook_of(slug, checked, solved=True, packages="" if beside else page)
    before = colab.packages()
    assert "gradpath" not in before
    try:
        cells = colab.execute(solved, folder)
        check_outputs(cells, folder / f"{slug}.ipynb")
        assert "ERROR" not in text_of(cells[0])
        after = colab.packages()
        assert after.pop("gradpath").endswith("+student")
        assert after == before
        assert before["ipython"].startswith(tuple(KERNELS.values()))
        if beside:
            (first,) = colab.execute(only_set_up(solved), folder)
            assert text_of(first) == ""
    finally:
        colab.without_gradpath()


def test_without_the_wheel_the_first_cell_says_so(colab: Colab, tmp_path: Path) -> None:
    notebook = notebook_of("mse_sweep", ["forward"])
    with pytest.raises(CellExecutionError, match="No module named 'gradpath'"):
        colab.execute(only_set_up(notebook), tmp_path)
