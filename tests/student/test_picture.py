"""The picture of a check: right and wrong runs, and values that nobody expects."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from gradpath.cli.check import command
from gradpath.course import recorded, style
from gradpath.course.expectations import Numbers, Record
from gradpath.course.load import master_path, slugs
from gradpath.course.plots import Curve, Elements, Plot, Route, plots_of
from gradpath.course.tolerances import TRAJECTORY
from gradpath.errors import GradpathError
from gradpath.student import picture
from gradpath.student.drawing import series
from gradpath.student.drawing.spans import span_of
from gradpath.student.picture import draw_runs
from gradpath.worker.codec import Opaque
from gradpath.worker.protocol import Failure, Observation

NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def references() -> dict[str, dict[str, list[Observation]]]:
    """The observations of the solutions in the public checks."""
    return {slug: recorded.read(slug).references for slug in slugs()}


@pytest.fixture
def made(references: Any) -> Any:
    """Make the observations of a check, from the values that a student's functions returned."""

    def make(slug: str, own: dict[str, list[Observation]]) -> Any:
        return {**references[slug], **own}

    return make


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the lines over the panels of every picture, and draw it small and not laid out."""
    collected: list[list[str]] = []

    def spy(figure: Any, path: Path) -> None:
        collected.append([t.get_text() for axes in figure.axes for t in axes.texts])
        figure.set_layout_engine("none")  # laying out takes longer than all the rest
        figure.savefig(path, dpi=30)

    monkeypatch.setattr(style, "save", spy)
    return collected


@pytest.mark.parametrize("slug", slugs())
def test_the_solution_is_as_expected(
    slug: str, made: Any, lines: list[list[str]], tmp_path: Path
) -> None:
    draw_runs(slug, made(slug, {}), [tmp_path / "picture.png"])
    assert set(lines[0]) == {"as expected"}
    assert len(lines[0]) == len(plots_of(slug))
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def _record(references: Any, slug: str, check: str, **changed: Any) -> dict[str, list[Observation]]:
    right = references[slug][check][0].value
    return {check: [Observation("returned", {**right, **changed})]}


def test_the_first_wrong_step_is_named(
    made: Any, references: Any, lines: list[list[str]], tmp_path: Path
) -> None:
    weights = references["hand_gradients"]["train.documented"][0].value["weights"].copy()
    weights[4:] += 0.25
    own = _record(references, "hand_gradients", "train.documented", weights=weights)
    draw_runs("hand_gradients", made("hand_gradients", own), [tmp_path / "picture.svg"])
    assert lines[0][0] == "weights[4] is 1.583436, expected 1.333436 (update 5)"
    assert lines[0][1:] == ["as expected"] * 5


def test_a_run_that_diverges_is_said_to_leave_the_picture(
    made: Any, references: Any, lines: list[list[str]], tmp_path: Path
) -> None:
    right = references["rosenbrock"]["descend.documented"][0].value
    away = np.array([[0.1, 0.2], [5e3, -4e9], [1e200, 1e308], [INF, NAN]])
    own = _record(
        references,
        *("rosenbrock", "descend.documented"),
        points=np.concatenate([right["points"][:3], away]),
        losses=np.array([1.0, 0.9, 1e4, 1e250, INF, NAN]),
    )
    draw_runs("rosenbrock", made("rosenbrock", own), [tmp_path / "picture.png"])
    assert lines[0][0].startswith("points[3][0] is 0.1, expected")
    assert lines[0][0].endswith("; leaves the picture")
    assert lines[0][1].endswith("; leaves the picture")


ODD_VALUES = [
    None,
    True,
    3,
    -0.0,
    1e308,
    "text $with$ \\maths{ \x1b[31m and \ud800 \u6f22",
    Opaque("a generator (return a list or an array instead)"),
    {},
    {"deeper": {"and": [1.0]}},
    [],
    [1.0, None, 2.0],
    [None] * 40,
    [np.zeros(2), np.zeros(3), "x", 5, True],
    [[[1.0]], {}, 2j],
    2j,
    np.zeros(0),
    np.zeros((0, 2)),
    np.zeros((30, 1)),
    np.zeros((1, 30)),
    np.zeros((2, 3, 4)),
    np.array(7.0),
    np.array([NAN] * 30),
    np.array([INF, -INF] * 15),
    np.array([1e308, -1e308] * 15),
    np.array([5e-324] * 10),
    np.arange(100_000),
    np.array([2**63 - 1] * 30),
    np.array([1.0 + 2.0j] * 30),
    np.array([True] * 30),
    np.full((3, 2), 1e308),
]


def _odd(shift: int) -> Any:
    return ODD_VALUES[shift % len(ODD_VALUES)]


@pytest.mark.parametrize("start", range(0, len(ODD_VALUES), 6))
def test_odd_sequences_do_not_stop_the_picture(
    start: int, made: Any, references: Any, lines: list[list[str]], tmp_path: Path
) -> None:
    keys = ("gradients", "weights", "losses")
    own: dict[str, list[Observation]] = {}
    for number, check in enumerate(("train.documented", "train_autograd.documented")):
        changed = {key: _odd(start + 3 * number + i) for i, key in enumerate(keys)}
        own |= _record(references, "hand_gradients", check, **changed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_runs("hand_gradients", made("hand_gradients", own), [tmp_path / "picture.png"])
    assert len(lines[0]) == 6
    assert "as expected" not in lines[0]
    assert all("\x1b" not in line and len(line) <= 100 for line in lines[0])


@pytest.mark.parametrize("value", ODD_VALUES, ids=range(len(ODD_VALUES)))
def test_every_kind_of_panel_takes_every_value(value: Any, tmp_path: Path) -> None:
    record = Record({"points": TRAJECTORY, "w": TRAJECTORY})
    case: Any = SimpleNamespace(
        expect=record, call=SimpleNamespace(function="f", args=((0.0, 0.0),), shown="", twice=False)
    )
    right = {"points": np.array([[0.1, 0.2], [0.3, 0.4]]), "w": np.arange(6.0).reshape(2, 3)}
    panels: tuple[Plot, ...] = (
        Route("f.x", "points", start=0, minimum=(1.0, 1.0)),
        Elements("f.x", ("w", "points")),
    )
    with style.styled(), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = style.new_figure(4, 4)
        returned = [{"points": value, "w": value}] * 2 + [value] * 2
        for axes, panel, own in zip(figure.subplots(2, 2).flat, panels * 2, returned, strict=True):
            picture._draw_panel(axes, panel, case, right, Observation("returned", own))
            assert axes.texts[0].get_text() != "as expected"
        figure.set_layout_engine("none")
        figure.savefig(tmp_path / "picture.png", dpi=30)


def test_a_column_is_drawn_as_the_row_that_it_is_meant_to_be() -> None:
    reference = np.arange(5.0)
    drawn = series._salvaged(reference.reshape(5, 1), reference)
    assert drawn.tolist() == reference.tolist()
    points = np.arange(10.0).reshape(5, 2)
    assert series._salvaged(points.T, points).tolist() == points.tolist()
    kept = series._salvaged([1.0, None, 3], reference)
    assert np.isnan(kept[1])
    assert kept[[0, 2]].tolist() == [1.0, 3.0]


def test_a_call_that_gave_nothing_says_why(
    made: Any, lines: list[list[str]], tmp_path: Path
) -> None:
    odd = Failure("ValueError", "$\\frac{$ is no formula")
    own = {
        "train.documented": [Observation("timeout", note="took longer than 10 s")],
        "train_autograd.documented": [Observation("raised", failure=odd)],
    }
    draw_runs("hand_gradients", made("hand_gradients", own), [tmp_path / "picture.svg"])
    assert lines[0][0] == "train took longer than 10 s"
    assert lines[0][1] == "the call failed with ValueError: $\\frac{$ is no formula"


def test_an_axis_is_logarithmic_only_where_all_is_positive() -> None:
    expected = np.array([10.0, 1.0, 0.01])
    assert span_of(expected, np.array([5.0, 0.1]), may_be_log=True).logarithmic
    assert not span_of(expected, np.array([5.0, -0.1]), may_be_log=True).logarithmic
    assert not span_of(expected + 5.0, np.array([5.0]), may_be_log=True).logarithmic


def test_a_history_of_rows_has_a_line_for_each_column() -> None:
    case: Any = SimpleNamespace(
        expect=Numbers(TRAJECTORY), call=SimpleNamespace(function="f", args=())
    )
    right = np.arange(6.0).reshape(3, 2)
    other = right.copy()
    other[1, 1] = 9.0
    for wrong, marks in ((right, 0), (other, 2), (right[:1], 2)):
        axes = style.new_figure(2, 2).subplots()
        picture._draw_panel(axes, Curve("f.x"), case, right, Observation("returned", wrong))
        # Two expected lines and two drawn ones; where it is wrong, a line across and a ring.
        assert len(axes.lines) == 4 + marks
    assert np.array_equal(axes.lines[-1].get_xydata(), [[2.0, 2.0]])


def test_declared_leaves_must_exist() -> None:
    case: Any = SimpleNamespace(
        expect=Numbers(TRAJECTORY), call=SimpleNamespace(function="f", args=())
    )
    axes = style.new_figure(2, 2).subplots()
    with pytest.raises(GradpathError, match="names 'losses', which f does not return"):
        picture._draw_panel(
            axes, Curve("f.x", "losses"), case, np.zeros(3), Observation("returned", np.zeros(3))
        )


def test_a_folder_that_is_not_there_is_named(made: Any, tmp_path: Path) -> None:
    with pytest.raises(GradpathError, match="the picture cannot be written"):
        draw_runs("mse_sweep", made("mse_sweep", {}), [tmp_path / "nowhere" / "picture.svg"])


def test_the_command_draws(tmp_path: Path) -> None:
    text = master_path("hand_gradients").read_text("utf-8")
    wrong = text.replace("return 2 * x * (predict(x, w) - y)", "return x * (predict(x, w) - y)")
    file, picture = tmp_path / "hand_gradients.py", tmp_path / "picture.pdf"
    file.write_text(wrong, "utf-8")
    words = [str(file), "--plot", str(picture)]
    done = CliRunner().invoke(command, words, standalone_mode=False)
    assert done.return_value == 1, done.output
    assert f"Picture: {picture}" in " ".join(done.output.split())
    assert picture.read_bytes().startswith(b"%PDF")
