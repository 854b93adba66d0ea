"""The list of files that a submission may read, however a package was installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gradpath.cli import doctor_staff
from gradpath.engine.fork_pool import ForkWorkshop, Zygote
from gradpath.engine.isolation import Isolation, level
from gradpath.engine.session import Session
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Cell, Source
from gradpath.worker.sandbox import landlock, readable_paths
from gradpath.worker.sandbox.distributions import PACKAGE, files_of


def install(
    folder: Path, name: str, files: Sequence[str], requires: Sequence[str] = (), record: bool = True
) -> None:
    """Install a made-up distribution as a wheel, or as packagers of a system do without RECORD."""
    about = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir(parents=True)
    lines = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {text}" for text in requires)]
    (about / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines, ""]))
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("x = 1\n")
    if record:
        named = [*files, f"{about.name}/METADATA", f"{about.name}/RECORD", "../../../bin/program"]
        (about / "RECORD").write_text("".join(f"{file},,\n" for file in named))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, the only one on the path."""
    folder = tmp_path / "lib" / "site-packages"
    folder.mkdir(parents=True)
    standard = [path for path in sys.path if "site-packages" not in path and path]
    monkeypatch.setattr("sys.path", [str(folder), *standard])
    return folder


def let_in(site: Path, *imports: str, right: int = landlock.READ) -> set[str]:
    """Return the paths below `site` that a submission with these imports has a right on."""
    return {
        os.path.relpath(path, site)
        for path, rights in readable_paths.grants(imports)
        if rights == right and path.startswith(f"{site}/")
    }


def test_nothing_of_gradpath_nor_of_its_tools() -> None:
    granted = [Path(path) for path, _ in readable_paths.grants(("numpy", "torch", "matplotlib"))]
    # Of a fresh interpreter: setuptools, which torch requires, and IPython put folders of their
    # own, which are let in, on the path of a process that imports them.
    argv = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.path[1:]))"]
    places = json.loads(subprocess.check_output(argv))
    assert any(place.endswith("-packages") for place in places)
    hidden = [PACKAGE, PACKAGE.parent, *map(Path, places)]
    for name in ("click", "hatchling", "nbgrader", "otter", "pytest", "gradpath", "pip"):
        hidden += [Path(place, name) for place in places]
    for path in hidden:
        if path.exists() and path.resolve() != Path(os.__file__).parent / "lib-dynload":
            assert not [grant for grant in granted if path.resolve().is_relative_to(grant)], path
    for module in ("os", "numpy", "torch", "matplotlib", "dateutil", "PIL", "sympy"):
        file = Path(__import__(module).__file__ or "").resolve()
        assert any(file.is_relative_to(grant) for grant in granted), module


def test_a_distribution_with_all_that_it_requires(site: Path) -> None:
    install(
        site,
        "wanted",
        ["wanted/__init__.py", "wanted/deep/data.bin", "wanted_c.abi3.so"],
        ["needed>=1", "other; python_version < '3'", "plus; extra == 'more'", "asked[some]"],
    )
    install(site, "needed", ["needed.py"], ["deeper (>=0.5)", "wanted", "not-installed"])
    install(site, "deeper", ["space/deeper/__init__.py"])
    install(site, "asked", ["asked/__init__.py"], ["extra-of-it; extra == 'some'", "gradpath"])
    install(site, "extra-of-it", ["extra_of_it.py"])
    for name in ("other", "plus", "gradpath", "stranger"):
        install(site, name, [f"{name}/__init__.py"])
    (site / "space" / "stranger").mkdir()
    (site / "space" / "stranger" / "solution.py").touch()
    assert {path for path in let_in(site, "wanted") if ".dist-info" not in path} == {
        *("wanted", "wanted_c.abi3.so", "needed.py", "space/deeper", "asked", "extra_of_it.py"),
    }
    assert let_in(site, "wanted", right=landlock.LIST) == {"space"}
    assert let_in(site, "math", "not_installed") == set()
    # By a name that is not the distribution's.
    assert "wanted" in let_in(site, "wanted_c")


def test_files_that_others_put_beside_are_left_out(site: Path) -> None:
    install(site, "wanted", ["wanted/__init__.py", "wanted/part/a.py", "wanted/part/b.py"])
    (site / "wanted" / "__pycache__").mkdir()
    (site / "wanted" / "__pycache__" / "__init__.cpython-311.pyc").touch()
    assert "wanted" in let_in(site, "wanted")
    (site / "wanted" / "__pycache__" / "solution.cpython-311.pyc").touch()
    (site / "wanted" / "part" / "solution.py").touch()
    (site / "wanted" / "link").symlink_to(PACKAGE)
    (site / "planted.pth").touch()
    assert {path for path in let_in(site, "wanted") if ".dist-info" not in path} == {
        "wanted/__init__.py",
        "wanted/__pycache__/__init__.cpython-311.pyc",
        *("wanted/part/a.py", "wanted/part/b.py"),
    }


def test_distributions_without_a_record(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As packagers of systems install them: by names in the metadata, or by loaded modules."""
    install(site, "wanted", ["wanted/__init__.py"], ["odd-name", "listed"], record=False)
    install(site, "odd-name", ["Odder/__init__.py"], record=False)
    install(site, "listed", ["first/a.py", "second.py"], record=False)
    (site / "listed-1.0.dist-info" / "top_level.txt").write_text("first\nsecond\n")
    install(site, "gradpath", ["gradpath/__init__.py"], record=False)
    loaded = type(sys)("Odder")
    loaded.__file__ = str(site / "Odder" / "__init__.py")
    monkeypatch.setitem(sys.modules, "Odder", loaded)
    assert let_in(site, "wanted") == {"wanted", "Odder", "first", "second.py"}


def test_a_distribution_that_is_installed_in_place(site: Path, tmp_path: Path) -> None:
    install(site, "wanted", [], ["needed"])
    install(site, "needed", ["needed.py"])
    source = tmp_path / "source" / "wanted"
    source.mkdir(parents=True)
    (source / "__init__.py").touch()
    (source.parent / "solution.py").touch()
    sys.path.append(str(source.parent))  # as its .pth does
    files = files_of({"wanted"})
    assert files[str(source.parent)] == {str(source / "__init__.py")}
    assert str(site / "needed.py") in files[str(site)]


IMPORTS = ["statistics", "sqlite3", "zoneinfo", "numpy.random", "numpy.testing", "numpy.polynomial"]
MORE_IMPORTS = [
    "torch.utils.data",
    "torch.optim.lr_scheduler",
    "torch.func",
    "torch.distributions",
    "PIL.Image",
    "matplotlib.backends.backend_pdf",
    "matplotlib.animation",
    "mpl_toolkits.mplot3d",
    "pylab",
    "IPython.display",
]
USES = (
    "importlib.metadata.version('numpy')",
    "importlib.import_module('zoneinfo').ZoneInfo('Europe/Berlin')",
    # So does torch 2.6 ask for modules that it can do without: one left out, and one of our stubs.
    "1 / (importlib.util.find_spec('pytest') is None)",
    "importlib.util.find_spec('tqdm').name",
    # So does matplotlib 3.8 with a notebook's shell.
    "importlib.import_module('IPython.core.pylabtools').backend2gui.get('agg')",
)
LEFT_OUT = ("click", "gradpath.course.load", "gradpath.cohort", "hatchling", "pytest", "otter")


@pytest.mark.parametrize("large", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_imports_of_a_worker(large: bool) -> None:
    """Modules that nobody has imported before are found; others are as if not installed."""
    layers = level().layers
    if not layers.landlock:
        pytest.skip("no Landlock here")
    zygote = Zygote({"torch", "matplotlib"} if large else (), ["mse_sweep"], layers, {"IPython"})
    workshop = ForkWorkshop(zygote)
    wanted = [f"importlib.import_module({name!r})" for name in IMPORTS + MORE_IMPORTS * large]
    left_out = [f"importlib.import_module({name!r})" for name in LEFT_OUT]
    code = (
        "import importlib, importlib.metadata, importlib.util\n"
        "def outcome(text):\n"
        "    try:\n        eval(text)\n        return 'works'\n"
        "    except Exception as error:\n        return type(error).__name__\n"
        f"def answer():\n    return [outcome(text) for text in {[*wanted, *USES, *left_out]}]\n"
    )
    source = Source("asked", (Cell("asked.py", code),))
    session = Session(workshop, "mse_sweep", source, Limits())
    try:
        outcomes = session.observe(Call("answer", ())).value
    finally:
        session.close()
        workshop.close()
        zygote.close()
    expected = ["works"] * len([*wanted, *USES]) + ["ModuleNotFoundError"] * len(left_out)
    assert list(outcomes) == expected


@pytest.mark.parametrize("layers", ["as they are", "none"])
def test_doctor_finds_solutions_that_can_be_read(
    layers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It plants a file and looks for it and for solutions; without layers, it must find them."""
    search = doctor_staff._search
    monkeypatch.setattr(doctor_staff, "_places", lambda: {tmp_path})
    monkeypatch.setattr(doctor_staff, "_search", lambda lines, _, files: search(lines, [], files))
    if layers == "none":
        monkeypatch.setattr(doctor_staff, "level", lambda: Isolation("D", "none"))
    elif not level().layers.landlock:
        pytest.skip("no Landlock here")
    finding = doctor_staff._solutions()
    if layers == "none":
        assert finding.state == "missing"
        assert str(tmp_path) in finding.text
        assert "solutions/mse_sweep.py" in finding.text
    else:
        assert finding.state == "ok"
        assert "1 planted" in finding.text
    assert not list(tmp_path.iterdir())
    (tmp_path / "gradpath" / "coursework").mkdir(parents=True)
    assert [left.subject for left in doctor_staff._left_over()] == ["left over"]


LIST_UNREAD = """
import os
from gradpath.worker import confine
from gradpath.worker.sandbox.layers import Layers
confine.readable.grants = lambda allowed: [("a path", 1)] * 100_000  # more than a pipe holds
confine.list_beside(Layers(landlock=True), ())
os._exit(3)
"""


def test_a_list_that_no_zygote_reads_leaves_no_process() -> None:
    """One that stayed would keep the output open."""
    words = [sys.executable, "-c", LIST_UNREAD]
    done = subprocess.run(words, capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"", b"")
