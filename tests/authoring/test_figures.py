"""The pictures of the texts."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from PIL import Image

from gradpath.authoring.figures import draw
from gradpath.course import style
from gradpath.course.figures import pictures_of
from gradpath.course.load import generated_folder, master_path, slugs
from gradpath.course.master import solution_module
from gradpath.course.plots import Regions, page_plots_of
from gradpath.errors import GradpathError

solution = functools.cache(solution_module)


@pytest.mark.parametrize("slug", slugs())
def test_texts_and_pictures_name_each_other(slug: str) -> None:
    named = re.findall(r"!\[[^\]]+\]\(figures/(\w+)\.png\)", master_path(slug).read_text("utf-8"))
    assert sorted(named) == sorted(pictures_of(slug))


@pytest.mark.parametrize("slug", slugs())
def test_pictures_are_there(slug: str) -> None:
    folder = generated_folder(slug) / "figures"
    drawn = sorted(folder.glob("*.png"))  # an assignment may have none
    assert sorted(path.stem for path in drawn) == sorted(pictures_of(slug))
    for path in drawn:
        assert path.stat().st_size < 80_000, path
        with Image.open(path) as picture:
            assert picture.width >= 700


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (draw("hand_gradients", tmp_path / name) for name in ("first", "second"))
    assert [path.name for path in first] == [path.name for path in second]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        with Image.open(one) as picture:
            assert picture.info.keys() <= {"dpi"}  # no dates, no versions


@pytest.mark.parametrize(
    ("slug", "name", "words"),
    [
        ("mse_sweep", "loss_over_w", ["18.67", "minimum at $w = 2$"]),
        ("rosenbrock", "losses", ["5771 updates", "tolerance 0.001"]),
        ("rosenbrock", "valley", ["start $(0, 0)$", "minimum $(1, 1)$"]),
        ("linear_regression", "losses", ["3491", "198"]),
        ("hidden_layer", "losses", ["0.89", "0.28"]),
        ("hidden_layer", "decision_regions", ["class 0 (3 samples)", "class 1", "class 2"]),
        ("hidden_layer", "decision_regions", ["$x_1$", "$x_2$"]),
        ("optimizers", "five_paths", ["sgd", "momentum", "adagrad", "rmsprop", "adam"]),
        ("optimizers", "losses", ["sgd", "momentum", "adagrad", "rmsprop", "adam"]),
    ],
)
def test_pictures_show_what_the_captions_say(slug: str, name: str, words: list[str]) -> None:
    from matplotlib.text import Text

    with style.styled():
        figure = pictures_of(slug)[name](solution(slug))
        shown = {text.get_text() for text in figure.findobj(Text)}
    assert set(words) <= shown


def test_pages_call_axes_as_the_texts_picture_does() -> None:
    plots = [plot for plot in page_plots_of("hidden_layer") if isinstance(plot, Regions)]
    assert [(regions.x, regions.y) for regions in plots] == 2 * [("$x_1$", "$x_2$")]


def test_an_unknown_assignment_is_named() -> None:
    with pytest.raises(GradpathError, match="no pictures of 'nothing'"):
        draw("nothing")


def test_a_users_own_style_does_not_matter(tmp_path: Path) -> None:
    import matplotlib

    plain = draw("mse_sweep", tmp_path / "plain")[0].read_bytes()
    with matplotlib.rc_context({"font.size": 30.0, "axes.facecolor": "red"}):
        assert draw("mse_sweep", tmp_path / "own")[0].read_bytes() == plain
