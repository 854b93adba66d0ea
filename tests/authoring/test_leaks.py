"""The leak gate finds everything that must not reach students, and nothing else."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import itertools
import json
import lzma
import marshal
import struct
import textwrap
import tracemalloc
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gradpath
from gradpath.authoring.release import student
from gradpath.authoring.release import unpack as contents
from gradpath.authoring.release.archives import Files, read_zip, zip_bytes
from gradpath.authoring.release.leaks import Forbidden, Leak, find_leaks, forbidden, refuse_leaks
from gradpath.authoring.release.student import COURSE, student_bundles
from gradpath.authoring.release.wheels import student_files, student_wheel
from gradpath.course.load import course_root, load, master_path
from gradpath.course.master import BEGIN, END, skeleton_of, solution_of
from gradpath.errors import GradpathError
from gradpath.text.languages import ENGLISH, LOCALE, Language
from tests.conftest import ROOT, SLUGS

SECRET = 'Kepler "1609" & moons/é'
ASSIGNMENTS = Path(gradpath.__file__).parent / "assignments"

# Planted lines; each is a line of a solution that no other code has.
LINE = "    return 2 * x * (predict(x, w) - y)"
NOTEBOOK = "hand_gradients/hand_gradients.ipynb"
SCRIPT = "hand_gradients/hand_gradients.py"
FIGURE = "hand_gradients/figures/descent_on_the_parabolas.png"
RECORDING = "gradpath/assignments/mse_sweep/recorded.msgpack"
PUBLIC = "gradpath/assignments/rosenbrock/public.py"


@pytest.fixture(scope="module")
def known() -> Forbidden:
    return forbidden(SLUGS, SECRET)


@pytest.fixture(scope="module")
def bundles() -> Files:
    return student_bundles(student_wheel())


@pytest.fixture(scope="module")
def course(bundles: Files) -> Files:
    """The files of the course's zip."""
    return read_zip(bundles[COURSE])


Search = Callable[..., list[Leak]]


@pytest.fixture(scope="module")
def search(course: Files, known: Forbidden) -> Search:
    """Put files into the course's zip and search it; without most recordings, which take long."""
    name = wheel_of(course)
    modules = {
        path: data
        for path, data in read_zip(course[name]).items()
        if path == RECORDING or not path.endswith(".msgpack")
    }

    def run(files: Files | None = None, wheel: Files | None = None) -> list[Leak]:
        package = zip_bytes({**modules, **(wheel or {})})
        return find_leaks(COURSE, zip_bytes({**course, name: package, **(files or {})}), known)

    return run


def wheel_of(course: Files) -> str:
    (name,) = [name for name in course if name.endswith(".whl")]
    return name


def places(leaks: list[Leak]) -> set[tuple[str, int, str]]:
    return {(leak.path, leak.line, leak.kind) for leak in leaks}


def in_zip(*path: str) -> str:
    return " > ".join((COURSE, *path))


def with_line(text: bytes, line: str, number: int) -> bytes:
    """Insert a line so that it gets this number."""
    lines = text.decode().split("\n")
    return "\n".join([*lines[: number - 1], line, *lines[number - 1 :]]).encode()


def code_cell(notebook: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    cells = enumerate(notebook["cells"])
    return next((at, cell) for at, cell in cells if cell["cell_type"] == "code")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture_with(data: bytes, kind: bytes, body: bytes) -> bytes:
    """Put a chunk behind the first one of a PNG."""
    first = 8 + 12 + struct.unpack_from(">I", data, 8)[0]
    return data[:first] + chunk(kind, body) + data[first:]


# -- nothing is found where nothing is; bundles of a release are searched in test_release.py -------


def test_a_file_in_several_bundles_is_searched_once_and_found_in_each(known: Forbidden) -> None:
    fresh = replace(known, clean=set(), clean_files=set())
    bundle = zip_bytes({"clean.py": b"value = 1\n", "solution.py": LINE.encode()})
    found = [leak.path for name in ("a.zip", "b.zip") for leak in find_leaks(name, bundle, fresh)]
    assert found == ["a.zip > solution.py", "b.zip > solution.py"]
    assert fresh.clean_files == {("clean.py", b"value = 1\n")}


@pytest.mark.parametrize(
    "text",
    [
        "losses = []\n",
        "    break\n",
        "value.backward()\n",
        "The model is `return x * w` in one line, and `x @ w.T + b` in two dimensions.",
        "for _ in range(epochs):\n    step()\n",
        "with torch.no_grad():\n    x = 1\n",
        "}\n]\n)\n",
        "def descend():\n    break\n",
        "optimizer.zero_grad()",
    ],
)
def test_lines_that_any_program_has_are_no_leaks(text: str, known: Forbidden) -> None:
    assert find_leaks("notes.txt", text.encode(), known) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_what_a_student_may_read_is_no_leak(slug: str, known: Forbidden) -> None:
    assignment = load(slug)
    texts = [skeleton_of(slug), *(c.title for c in assignment.checks if c.visibility == "public")]
    texts += [f"{m.id}: {m.title}. {m.fact} {m.hint}" for m in assignment.misconceptions]
    assert find_leaks("notes.txt", "\n".join(texts).encode(), known) == []


# -- solutions -----------------------------------------------------------------------------------


def test_a_line_of_a_solution_in_a_script(course: Files, search: Search) -> None:
    leaks = search({SCRIPT: with_line(course[SCRIPT], LINE, 30)})
    assert places(leaks) == {(in_zip(SCRIPT), 30, "solution")}
    assert leaks[0].excerpt == LINE.strip()
    assert "hand_gradients.gradient" in leaks[0].subject


@pytest.mark.parametrize(
    "line",
    [
        "\t\treturn 2*x*(predict(x,w)-y)",
        "print(1); return 2 * x * (predict(x, w) - y)  # tidy",
        "# return 2 * x * (predict(x, w) - y)",
        ">>> return 2 * x * (predict(x, w) - y)",
        "---> 57     return 2 * x * (predict(x, w) - y)",
        "<td>return 2 * x * (predict(x, w) - y)</td>",
        "\x1b[0;32mreturn\x1b[0m \x1b[0;36m2\x1b[39m * x * (predict(x, w) \x1b[1m-\x1b[0m y)",
        "<span class='k'>return</span> <b>2</b> * x * (predict(x,&nbsp;w) &#45; y)",
        urllib.parse.quote(LINE),
        base64.b64encode(LINE.encode()).decode(),
        "x=" + base64.urlsafe_b64encode(b"ab" + LINE.encode()).decode(),
        LINE.encode().hex(),
        "return\u00a02 * x *\u200b (predict(x, w) - y)",
        "\uff52\uff45turn 2 * x * (predict(x, w) - y)",
        "data:text/plain;base64," + base64.b64encode(LINE.encode()).decode(),
    ],
)
def test_a_line_in_disguise(line: str, known: Forbidden) -> None:
    leaks = find_leaks("notes.txt", f"one\ntwo\n{line}\nfour\n".encode(), known)
    assert places(leaks) == {("notes.txt", 3, "solution")}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\nreturn 2 * x * (\n    predict(x, w)\n    - y\n)\n", 2),
        ("x = 1\nreturn {'gradients': gradients, 'weights': weights, 'losses': losses}\n", 2),
        (f"\ufeffone\r\n{LINE}\r\nthree\r\n", 2),
        ("def forward(x, w): return x * w\n", 1),
        ("def forward(\n    x, w\n):\n  '''Doc.'''\n  return x*w", 5),
    ],
    ids=["wrapped", "other quotes", "byte order mark", "short line", "short line indented"],
)
def test_a_line_that_is_laid_out_otherwise(text: str, line: int, known: Forbidden) -> None:
    assert places(find_leaks("a.py", text.encode(), known)) == {("a.py", line, "solution")}


def test_base64_over_many_lines(known: Forbidden) -> None:
    packed = base64.b64encode(f"# nothing here\n{LINE}\n".encode() * 3).decode()
    text = "one\n" + "\n".join(textwrap.wrap(packed, 20)) + "\nend"
    leaks = find_leaks("a.txt", text.encode(), known)
    assert ("a.txt", 2, "solution") in places(leaks)


def test_a_short_line_counts_in_its_own_function(course: Files, search: Search) -> None:
    path = "mse_sweep/mse_sweep.py"
    text = course[path].decode()
    missing = 'raise NotImplementedError("forward is not written yet")'
    assert missing in text
    number = text[: text.index(missing)].count("\n") + 1
    leaks = search({path: text.replace(missing, "return x * w").encode()})
    assert places(leaks) == {(in_zip(path), number, "solution")}


def regions(slug: str) -> list[list[str]]:
    """Return the lines of each solution region, without empty ones."""
    found: list[list[str]] = []
    inside = False
    for line in master_path(slug).read_text("utf-8").splitlines():
        if line.strip() == BEGIN:
            inside = True
            found.append([])
        elif line.strip() == END:
            inside = False
        elif inside and line.strip():
            found[-1].append(line)
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_every_region_is_found_in_a_solution_without_markers(slug: str, known: Forbidden) -> None:
    text = solution_of(slug)
    lines = {leak.line for leak in find_leaks(f"{slug}.py", text.encode(), known)}
    numbered = dict(enumerate(text.splitlines(), 1))
    for region in regions(slug):
        start = next(
            n for n in numbered if [numbered.get(n + i) for i in range(len(region))] == region
        )
        assert lines & set(range(start, start + len(region))), region


PAIRS = [pair for slug in SLUGS for region in regions(slug) for pair in itertools.pairwise(region)]


def test_there_are_pairs_of_short_lines_too() -> None:
    assert len(PAIRS) > 100
    assert min(len("".join("".join(pair).split())) for pair in PAIRS) < 24


TEXTS = (".py", ".md", ".txt", ".toml", ".ipynb")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_two_lines_of_a_solution_are_found_anywhere(
    data: st.DataObject, course: Files, known: Forbidden
) -> None:
    files = {**course, **read_zip(course[wheel_of(course)])}
    path = data.draw(st.sampled_from(sorted(name for name in files if name.endswith(TEXTS))))
    pair = data.draw(st.sampled_from(PAIRS))
    lines = files[path].decode().split("\n")
    at = data.draw(st.integers(0, len(lines)))
    indent = data.draw(st.sampled_from(["", " ", "    ", "\t", "# "]))
    plain = textwrap.dedent("\n".join(pair)).split("\n")
    changed = [*lines[:at], *(indent + line for line in plain), *lines[at:]]
    leaks = find_leaks(path, "\n".join(changed).encode(), known)
    assert any(leak.kind == "solution" and leak.line in (at + 1, at + 2) for leak in leaks)


GIVEN = {
    "".join(line.split())
    for path in (ROOT / "assignments").rglob("*")
    if path.suffix in (".md", ".py")
    for line in path.read_text("utf-8").splitlines()
}
LONG = sorted(
    line
    for line in {line for pair in PAIRS for line in pair}
    if len(key := "".join(line.split("#")[0].split())) >= 30 and key not in GIVEN
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=st.sampled_from(LONG), data=st.data())
def test_a_long_line_is_found_alone_in_a_notebook(
    line: str, data: st.DataObject, course: Files, known: Forbidden
) -> None:
    notebook = json.loads(course[NOTEBOOK])
    at = data.draw(st.integers(0, len(notebook["cells"]) - 1))
    cell = notebook["cells"][at]
    cell["source"] = [*cell["source"], "\n", line]
    leaks = find_leaks(NOTEBOOK, json.dumps(notebook).encode(), known)
    number = "".join(cell["source"]).count("\n") + 1
    assert (f"{NOTEBOOK} > cells[{at}].source", number, "solution") in places(leaks)


# -- notebooks -----------------------------------------------------------------------------------


PNG_WITH_LINE = picture_with(
    (course_root() / "assignments" / FIGURE).read_bytes(), b"tEXt", b"Comment\0" + LINE.encode()
)
PICTURE_WITH_LINE = {"image/png": base64.encodebytes(PNG_WITH_LINE).decode()}
TRACEBACK = ["one", f"\x1b[0;32m---> 3 {LINE}\x1b[0m"]


def shown(data: dict[str, Any], **metadata: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the outputs of a cell that displays this."""
    return {"outputs": [{"output_type": "display_data", "data": data, "metadata": metadata}]}


# Changes to the first cell of code, the place of the line in the cell, and its number.
CELLS: dict[str, tuple[dict[str, Any], str, int]] = {
    "source": ({"source": ["one\n", "\n", LINE]}, "source", 3),
    "stream": (
        {"outputs": [{"output_type": "stream", "name": "stdout", "text": ["one\n", LINE + "\n"]}]},
        "outputs[0].text",
        2,
    ),
    "html": (
        shown({"text/html": f"<pre>\n<b>return</b>{LINE.strip()[6:]}</pre>"}),
        *("outputs[0].data.text/html", 2),
    ),
    "traceback": (
        {"outputs": [{"output_type": "error", "ename": "E", "evalue": "", "traceback": TRACEBACK}]},
        "outputs[0].traceback",
        2,
    ),
    "picture": (shown(PICTURE_WITH_LINE), "outputs[0].data.image/png", 0),
    "base64": (
        shown({"text/plain": "b = " + base64.b64encode(f"\n{LINE}\n".encode()).decode()}),
        "outputs[0].data.text/plain",
        1,
    ),
    "metadata": (shown({}, a={"b": [{"c": LINE}]}), "outputs[0].metadata.a.b[0].c", 1),
    "json in a string": (
        shown({"application/json": {"x": json.dumps({"deep": [1, LINE]})}}),
        "outputs[0].data.application/json.x > deep[1]",
        1,
    ),
    "attachment": (
        {"attachments": {"plot.png": PICTURE_WITH_LINE}},
        "attachments.plot.png.image/png",
        0,
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_of_a_notebook(case: str, course: Files, search: Search) -> None:
    changes, where, number = CELLS[case]
    notebook = json.loads(course[NOTEBOOK])
    at, cell = code_cell(notebook)
    cell.update(changes)
    leaks = search({NOTEBOOK: json.dumps(notebook, indent=1).encode()})
    assert places(leaks) == {(in_zip(NOTEBOOK, f"cells[{at}].{where}"), number, "solution")}


def test_metadata_of_a_notebook_and_names_in_it(course: Files, search: Search) -> None:
    notebook = json.loads(course[NOTEBOOK])
    notebook["metadata"]["course"] = [{"notes": {"draft": LINE}}]
    notebook["cells"][1]["metadata"] = {"train.repeatable": True}
    assert places(search({NOTEBOOK: json.dumps(notebook).encode()})) == {
        (in_zip(NOTEBOOK, "metadata.course[0].notes.draft"), 1, "solution"),
        (in_zip(NOTEBOOK, "cells[1].metadata.train.repeatable"), 0, "hidden check"),
    }


def test_raw_cells_and_the_first_of_two_entries_of_a_name(known: Forbidden) -> None:
    source = json.dumps([f"text\n{LINE}\n"])
    text = f'{{"cells": [{{"cell_type": "raw", "source": {source}, "source": []}}]}}'
    leaks = find_leaks("a.ipynb", text.encode(), known)
    assert places(leaks) == {("a.ipynb > cells[0].source", 2, "solution")}


def test_a_notebook_that_is_none(known: Forbidden) -> None:
    leaks = find_leaks("a.ipynb", f'{{"cells": [\n{LINE}\n'.encode(), known)
    assert places(leaks) == {("a.ipynb", 0, "unsearchable"), ("a.ipynb", 2, "solution")}


def test_a_picture_in_a_notebook_that_is_no_png(known: Forbidden) -> None:
    data = {"image/jpeg": base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(range(99))).decode()}
    (leak,) = find_leaks("a.ipynb", json.dumps({"cells": [shown(data)]}).encode(), known)
    assert (leak.kind, leak.path.endswith("data.image/jpeg")) == ("unsearchable", True)


# -- archives, recordings, pictures --------------------------------------------------------------


def test_a_line_in_the_wheel_in_the_zip(course: Files, search: Search) -> None:
    wheel = wheel_of(course)
    text = read_zip(course[wheel])[PUBLIC]
    leaks = search(wheel={PUBLIC: with_line(text, "# df_dy = 200 * (y - x**2)", 5)})
    assert places(leaks) == {(in_zip(wheel, PUBLIC), 5, "solution")}


def test_a_zip_in_a_zip_in_a_zip(search: Search) -> None:
    inner = zip_bytes({"a.zip": zip_bytes({"b.txt": f"\n\n{LINE}".encode()})})
    leaks = search({"notes.zip": inner})
    assert places(leaks) == {(in_zip("notes.zip", "a.zip", "b.txt"), 3, "solution")}


def test_a_string_in_a_recording(course: Files, search: Search) -> None:
    recording = msgspec.msgpack.decode(
        zlib.decompress(read_zip(course[wheel_of(course)])[RECORDING])
    )
    recording["mistakes"][3]["hint"] += "\nreturn np.arange(0.0, 4.1, 0.1)"
    packed = zlib.compress(msgspec.msgpack.encode(recording))
    leaks = search(wheel={RECORDING: packed})
    place = in_zip(wheel_of(course), RECORDING, "mistakes[3].hint")
    assert places(leaks) == {(place, 2, "solution")}


def test_bytes_in_a_recording_and_behind_it(course: Files, known: Forbidden) -> None:
    packed = zlib.compress(msgspec.msgpack.encode({"x": [msgspec.msgpack.Ext(4, LINE.encode())]}))
    found = places(find_leaks("a.msgpack", packed, known))
    assert found == {("a.msgpack > x[0]", 0, "solution")}
    behind = read_zip(course[wheel_of(course)])[RECORDING] + LINE.encode()
    assert places(find_leaks("a.msgpack", behind, known)) == {("a.msgpack", 0, "unsearchable")}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"tEXt", b"Comment\0" + LINE.encode()),
        (b"zTXt", b"Comment\0\0" + zlib.compress(LINE.encode())),
        (b"iTXt", b"Comment\0\0\0en\0Kommentar\0" + LINE.encode()),
        (b"iTXt", b"Comment\0\1\0en\0Kommentar\0" + zlib.compress(LINE.encode())),
    ],
)
def test_texts_of_a_picture(kind: bytes, body: bytes, course: Files, search: Search) -> None:
    leaks = search({FIGURE: picture_with(course[FIGURE], kind, body)})
    assert places(leaks) == {(in_zip(FIGURE), 0, "solution")}


def test_a_picture_with_bytes_that_neither_draw_nor_are_a_text(
    course: Files, known: Forbidden
) -> None:
    private = picture_with(course[FIGURE], b"prVt", b"\x01\x02" + LINE.encode())
    behind = course[FIGURE] + f"one\n{LINE}\n".encode()
    packed = b"Comment\0\0" + zlib.compress(b"text") + LINE.encode()
    for data in (private, behind, picture_with(course[FIGURE], b"zTXt", packed)):
        assert places(find_leaks("a.png", data, known)) == {("a.png", 0, "unsearchable")}


def changed_zips() -> dict[str, bytes]:
    """Return zips of one harmless text with something else that only a program reads."""
    plain = zip_bytes({"a.txt": b"text", "b.txt": LINE.encode()})
    changed = {"bytes behind": plain + LINE.encode(), "bytes before": LINE.encode() + plain}
    encrypted = bytearray(plain)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(signature) + at] |= 1
    changed["encrypted"] = bytes(encrypted)
    for name in ("comment", "comment of an entry", "extra field", "deflated", "deleted", "twice"):
        buffer = io.BytesIO(zip_bytes({"a.txt": b"text"}))
        with zipfile.ZipFile(buffer, "a") as archive:
            entry = zipfile.ZipInfo("c.txt", (2020, 1, 1, 0, 0, 0))
            if name == "comment":
                archive.comment = LINE.encode()
            elif name == "comment of an entry":
                entry.comment = LINE.encode()
            elif name == "extra field":
                entry.extra = struct.pack("<HH", 9, len(LINE)) + LINE.encode()
            elif name == "deflated":
                entry.compress_type = zipfile.ZIP_DEFLATED
            elif name == "deleted":
                archive.writestr("b.txt", LINE)
                archive.filelist = archive.filelist[:1]
            elif name == "twice":
                archive.writestr(archive.filelist[0], LINE)
            archive.writestr(entry, "text " * 9)
        changed[name] = buffer.getvalue()
    return changed


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_is_not_as_a_release_writes_it(known: Forbidden) -> None:
    for name, data in changed_zips().items():
        found = places(find_leaks("a.zip", data, known))
        assert found == {("a.zip", 0, "unsearchable")}, name


# -- hidden checks, misconceptions ---------------------------------------------------------------


def test_the_code_of_a_hidden_check(course: Files, search: Search) -> None:
    line = "        y = x * w + away_from_zero(rng, 3.0, 30.0, size)"
    assert line in (ASSIGNMENTS / "hand_gradients" / "hidden.py").read_text("utf-8")
    path = "hand_gradients/README.md"
    leaks = search({path: with_line(course[path], line, 7)})
    assert places(leaks) == {(in_zip(path), 7, "hidden check")}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hidden.py", "hidden check"),
        ("misconceptions.py", "misconception's code"),
    ],
)
def test_every_function_of_staffs_code_is_found_in_public_code(
    slug: str, name: str, kind: str, course: Files, known: Forbidden
) -> None:
    path = f"gradpath/assignments/{slug}/public.py"
    public = read_zip(course[wheel_of(course)])[path].decode()
    code = (ASSIGNMENTS / slug / name).read_text("utf-8")
    for block in code.split("\n\n\n")[1:]:
        if block.count("\n") < 3:
            continue
        found = find_leaks(path, f"{public}\n\n\n{block}\n".encode(), known)
        start = public.count("\n") + 1
        assert any(leak.line > start for leak in found), block
    whole = find_leaks(path, f"{public}\n{code}".encode(), known)
    assert kind in {leak.kind for leak in whole}


@pytest.mark.parametrize("slug", SLUGS)
def test_ids_and_titles_of_hidden_checks(slug: str, known: Forbidden) -> None:
    for check in load(slug).checks:
        if check.visibility == "hidden":
            for text in (check.id, check.title, Language("zh").text(check.title, slug)):
                data = f"one\nSee {text}, which is new.\n".encode()
                assert places(find_leaks("a.md", data, known)) == {("a.md", 2, "hidden check")}


def test_the_answer_in_chinese_is_found_by_its_sentences(known: Forbidden) -> None:
    data = "甲。它的曲率 $2 \\cdot \\frac{1}{n}\\sum x_i^2 = 28/3$ 只取决于特征。乙。\n".encode()
    assert places(find_leaks("a.md", data, known)) == {("a.md", 1, "solution")}
    assert not find_leaks("a.md", "曲率只取决于特征，与标签无关。\n".encode(), known)


def test_a_short_title_in_chinese_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six characters say as much as twelve Latin ones, and are looked for alike."""
    title = next(check.title for check in load("mse_sweep").checks if check.visibility == "hidden")

    class Short(Language):
        def text(self, text: str, slug: str = "") -> str:
            return "曲线如实画出" if text == title else text

    module = "gradpath.authoring.release.forbidden"
    monkeypatch.setattr(f"{module}.languages", lambda: ("en", "zh"))
    monkeypatch.setattr(f"{module}.Language", Short)
    short = forbidden(["mse_sweep"], SECRET)
    data = "甲\n其他的曲线如实画出。\n".encode()
    assert places(find_leaks("a.md", data, short)) == {("a.md", 2, "hidden check")}


# -- catalogues ----------------------------------------------------------------------------------


def test_a_catalogue_of_staff_is_refused(search: Search) -> None:
    path = "gradpath/locale/zh/staff/mse_sweep.po"
    data = (LOCALE / "zh" / "staff" / "mse_sweep.po").read_bytes()
    kinds = {leak.kind for leak in search(wheel={path: data})}
    assert kinds == {"file name", "hidden check", "solution"}
    # Under a student's name, its contents tell.
    leaks = search(wheel={"gradpath/locale/zh/optimizers.po": data})
    assert {leak.kind for leak in leaks} == {"hidden check", "solution"}


def test_a_bundle_in_chinese_holds_nothing_of_staffs(known: Forbidden) -> None:
    languages, slug = [Language("zh"), ENGLISH], "hand_gradients"
    wheel = "gradpath.whl", zip_bytes(student_files(["zh"]))
    folders = {slug: student._folder(slug, "", languages[0])}
    data = student._bundle([slug], folders, wheel, languages)
    catalogues = [name for name in read_zip(wheel[1]) if name.endswith(".po")]
    assert len(catalogues) == len(SLUGS) + 1
    assert not find_leaks("a.zip", data, known)


@pytest.mark.parametrize("begin", ["", "#~ ", "#| "])
def test_a_string_of_a_catalogue_is_read_as_a_whole(begin: str, known: Forbidden) -> None:
    """Also one of an entry that is not used any more, or the former English of a fuzzy one."""
    parts = ("    return 2 * x", " * (predict(x, w", ") - y)")
    lines = "\n".join(f'{begin}"{part}"' for part in parts)
    data = f'msgid "a"\nmsgstr "b"\n\n{begin}msgid ""\n{lines}\n'.encode()
    assert ("a.po", 4, "solution") in places(find_leaks("a.po", data, known))


@pytest.mark.parametrize("line", ["msgid", "return x", '"a', 'msgid "\\q"', '"a"'])
def test_a_file_that_is_no_catalogue(line: str, known: Forbidden) -> None:
    data = f'msgid "a"\nmsgstr "b"\n\n{line}\n'.encode()
    assert places(find_leaks("a.po", data, known)) == {("a.po", 0, "unsearchable")}


def test_hidden_checks_that_were_copied_into_public_code_stay_forbidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = dict(student_files())
    starts: dict[str, list[int]] = {}
    for slug in SLUGS:
        path = f"gradpath/assignments/{slug}/public.py"
        blocks = (ASSIGNMENTS / slug / "hidden.py").read_text("utf-8").split("\n\n\n")
        bodies = [block.split('"""')[2] for block in blocks if block.startswith("@checks.add(")]
        # One that draws nothing, such as a second call of weight_grid(), has nothing to hide.
        for number, body in enumerate(body for body in bodies if "rng" in body):
            # A copy that somebody took care of: without the id, the title and the name.
            files[path] += f"\n\ndef data_{number}():{body.rstrip()}\n".encode()
            start = files[path].count(b"\n") - body.rstrip().count("\n")
            starts.setdefault(path, []).append(start)
    assert len(starts) == len(SLUGS)
    monkeypatch.setattr("gradpath.authoring.release.forbidden.student_files", lambda: files)
    known = forbidden(SLUGS, SECRET)
    for path, begun in starts.items():
        leaks = find_leaks(path, files[path], known)
        assert {leak.kind for leak in leaks} == {"hidden check"}
        for start, end in itertools.pairwise([*begun, begun[-1] + 99]):
            assert any(start < leak.line < end for leak in leaks), (path, start)


def test_the_code_of_a_misconception(search: Search, course: Files) -> None:
    line = 'edit("train_autograd", ("sample_loss.backward()", "(sample_loss / 2).backward()"))'
    assert line in (ASSIGNMENTS / "hand_gradients" / "misconceptions.py").read_text("utf-8")
    path = "gradpath/course/mistakes.py"
    text = read_zip(course[wheel_of(course)])[path]
    leaks = search(wheel={path: with_line(text, line, 4)})
    assert places(leaks) == {(in_zip(wheel_of(course), path), 4, "misconception's code")}


# -- the secret ----------------------------------------------------------------------------------


def spellings() -> list[bytes]:
    data = SECRET.encode()
    return [
        data,
        SECRET[::-1].encode(),
        data.hex().encode(),
        data.hex().upper().encode(),
        *(base64.b64encode(b"xyz"[:n] + data + b"abc"[:n]) for n in range(3)),
        *(base64.urlsafe_b64encode(b"xyz"[:n] + data) for n in range(3)),
        # What is around it is no text, so that the whole decodes to nothing readable.
        *(base64.b64encode(b"\xff\xfe\xfd"[:n] + data + b"\0\xff") for n in range(3)),
        "\n".join(textwrap.wrap(base64.b64encode(b"\xff" + data).decode(), 16)).encode(),
        json.dumps(SECRET).encode(),
        urllib.parse.quote(SECRET).encode(),
        ascii(SECRET).encode(),
        SECRET.replace("&", "&amp;").replace('"', "&quot;").encode(),
        SECRET.replace(" ", "\n").encode(),
    ]


@pytest.mark.parametrize("spelling", spellings())
def test_the_secret(spelling: bytes, known: Forbidden) -> None:
    leaks = find_leaks("gradpath.toml", b"a = 1\nsecret = <" + spelling + b">\n", known)
    assert places(leaks) == {("gradpath.toml", 2, "secret")}
    assert not any(SECRET in str(leak) or SECRET[::-1] in str(leak) for leak in leaks)


def test_a_secret_as_the_name_of_a_file(known: Forbidden) -> None:
    leaks = find_leaks("a.zip", zip_bytes({urllib.parse.quote(SECRET, safe=""): b"text"}), known)
    assert "secret" in {leak.kind for leak in leaks}


def test_a_secret_that_is_too_short_to_look_for() -> None:
    with pytest.raises(GradpathError, match="fewer than 8 characters"):
        forbidden(SLUGS, "abc 123")


# -- markers, bytecode, names, and unsearchable files --------------------------------------------


@pytest.mark.parametrize(
    "marker", [BEGIN, END, "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS", "# BEGIN  SOLUTION"]
)
def test_markers(marker: str, course: Files, search: Search) -> None:
    leaks = search({SCRIPT: with_line(course[SCRIPT], f"    {marker}", 12)})
    assert places(leaks) == {(in_zip(SCRIPT), 12, "marker")}


@pytest.mark.parametrize(
    "name", ["a.pyc", "a.pyo", "__pycache__/a.txt", "__pycache__/a.cpython.py"]
)
def test_bytecode(name: str, search: Search) -> None:
    leaks = search({name: b"text"})
    assert {(leak.path, leak.kind) for leak in leaks} == {(in_zip(name), "bytecode")}


@pytest.mark.parametrize(
    "path",
    [
        "gradpath/assignments/mse_sweep/hidden.py",
        "gradpath/assignments/mse_sweep/misconceptions.py",
        "gradpath/coursework/solutions/mse_sweep.py",
        "mse_sweep/hidden.py",
    ],
)
def test_names_of_staffs_files(path: str, known: Forbidden) -> None:
    leaks = find_leaks(COURSE, zip_bytes({path: b""}), known)
    assert places(leaks) == {(in_zip(path), 0, "file name")}


KINDS = "pyd so dat bin npy pdf jpg gz tgz tar xz bz2 7z csv"


@pytest.mark.parametrize(
    "name", [*(f"a.{kind}" for kind in KINDS.split()), "Makefile", ".hidden", "a.py~"]
)
def test_a_kind_of_file_that_no_bundle_holds_is_refused_by_its_name(
    name: str, search: Search
) -> None:
    assert places(search({name: b"text"})) == {(in_zip(name), 0, "unsearchable")}


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 4,
        b"caf\xe9 in Latin-1",
        LINE.encode("utf-16"),
        LINE.encode("utf-16-le"),
        zip_bytes({"a.txt": b"text"}),
        zip_bytes({"a.txt": b"text"})[:-8],
        *(pack(LINE.encode()) for pack in (gzip.compress, zlib.compress, bz2.compress)),
        lzma.compress(LINE.encode()),
        marshal.dumps(compile("x = 1", "a.py", "exec")),
        PNG_WITH_LINE[:900],
    ],
    # Named, because pytest would make the names of the bytes, and compressed bytes differ
    # between machines.
    ids=[
        *("bytes", "latin-1", "utf-16", "utf-16-le", "zip", "cut zip", "gzip", "zlib", "bz2"),
        *("xz", "marshal", "png"),
    ],
)
@pytest.mark.parametrize("name", ["a.py", "a.ipynb", "a.png", "a.msgpack", "a.whl"])
def test_a_file_that_is_not_of_its_kind_is_a_finding(
    name: str, data: bytes, known: Forbidden
) -> None:
    if name == "a.whl" and data == zip_bytes({"a.txt": b"text"}):
        return
    assert "unsearchable" in {leak.kind for leak in find_leaks(name, data, known)}


def nested(depth: int) -> bytes:
    data = f"{LINE}\n".encode()
    for _ in range(depth):
        data = zip_bytes({"a.zip" if zipfile.is_zipfile(io.BytesIO(data)) else "a.txt": data})
    return data


def test_depth_is_limited_and_fails_closed(known: Forbidden) -> None:
    (leak,) = find_leaks("a.zip", nested(contents.MAX_DEPTH), known)
    assert leak.kind == "solution"
    (leak,) = find_leaks("a.zip", nested(contents.MAX_DEPTH + 1), known)
    assert leak.kind == "unsearchable"


def test_deep_json_fails_closed(known: Forbidden) -> None:
    text = "[" * 5000 + json.dumps(LINE) + "]" * 5000
    assert find_leaks("a.ipynb", text.encode(), known) != []


def test_sizes_are_limited_and_fail_closed(
    known: Forbidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MAX_FILE", 20_000)
    text = msgspec.msgpack.encode(["\n" * 19_000])
    bomb = b"\n" * 20_001
    for name, data in (("a.txt", bomb), ("a.msgpack", zlib.compress(bomb))):
        (leak,) = find_leaks(name, data, known)
        assert (leak.kind, "larger" in leak.subject) == ("unsearchable", True)
    assert find_leaks("a.msgpack", zlib.compress(text), known) == []
    monkeypatch.setattr(contents, "MAX_TOTAL", 50_000)
    known.clean_files.clear()
    many = zip_bytes({f"{n}.txt": b"\n" * 9_000 for n in range(2)})
    assert find_leaks("a.zip", many, known) == []
    known.clean_files.clear()
    monkeypatch.setattr(contents, "MAX_TOTAL", 30_000)
    assert "unsearchable" in {leak.kind for leak in find_leaks("a.zip", many, known)}
    monkeypatch.setattr(contents, "MAX_ENTRIES", 1)
    assert "unsearchable" in {leak.kind for leak in find_leaks("a.zip", many, known)}


def test_a_bomb_is_not_unpacked(known: Forbidden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MAX_FILE", 1_000_000)
    data = zlib.compress(bytes(60_000_000))
    tracemalloc.start()
    (leak,) = find_leaks("a.msgpack", data, known)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert leak.kind == "unsearchable"
    assert peak < 15_000_000


@pytest.mark.slow
def test_a_text_of_a_picture_that_is_too_large(
    course: Files, known: Forbidden, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"Comment\0\0" + zlib.compress(b"\n" * 900_000 + LINE.encode())
    data = picture_with(course[FIGURE], b"zTXt", body)
    assert {leak.kind for leak in find_leaks("a.png", data, known)} == {"solution"}
    monkeypatch.setattr(contents, "MAX_FILE", 800_000)
    assert {leak.kind for leak in find_leaks("a.png", data, known)} == {"unsearchable"}


# -- messages -----------------------------------------------------------------------------------


def test_a_leak_stops_the_release_in_one_line(known: Forbidden) -> None:
    refuse_leaks([])
    text = f"one\n{LINE}\n{BEGIN}\n"
    leaks = find_leaks("a.zip", zip_bytes({"x\ny.py": text.encode()}), known)
    with pytest.raises(GradpathError) as raised:
        refuse_leaks(leaks)
    message = str(raised.value)
    assert message == (
        "students would get a.zip > x y.py, line 2: a line of the solution of "
        "hand_gradients.gradient: return 2 * x * (predict(x, w) - y) (and 1 more); "
        "nothing was written"
    )


def test_a_long_line_is_shown_shortened(known: Forbidden) -> None:
    (leak,) = find_leaks("a.py", (LINE + " + x" * 99 + "\x1b[2J").encode(), known)
    assert len(leak.excerpt) == 80
    assert leak.excerpt.isprintable()
