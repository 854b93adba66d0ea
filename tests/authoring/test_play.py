"""The pages to play with: their frame, and their numbers beside those of the graders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gradpath.assignments.lenet.public import PICTURE
from gradpath.authoring.play import page as play
from gradpath.course import recorded
from gradpath.course.load import documented, folder_of, slugs
from gradpath.errors import GradpathError
from tests.conftest import Command
from tests.support.walk import PAGE, steps_of

SLUGS = tuple(slug for slug in slugs() if (folder_of(slug) / play.PART).is_file())


def shown(value: float) -> str:
    """Write a number as the pages do."""
    return f"{value:.6g}"


def reference(slug: str, check: str, number: int = 0) -> Any:
    """Return the value that students' machines compare a case of a public check with."""
    value = recorded.read(slug).references[check][number].value
    assert value is not None
    return value


# The frame, without a browser


def test_an_assignment_without_the_part_has_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play, "folder_of", lambda slug: tmp_path)
    assert play.page_of("mse_sweep") is None
    with pytest.raises(GradpathError, match=r"rosenbrock has no page.*rosenbrock/play\.js"):
        play.write_pages(["rosenbrock", "mse_sweep"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_data_cannot_end_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "data_of", lambda slug: {"x": "</script><b>"})
    page = play.page_of("mse_sweep")
    assert page is not None
    assert b"</script><b>" not in page
    assert b"\\u003c/script" in page


def test_the_command_writes_the_pages(in_process: Command, tmp_path: Path) -> None:
    run = in_process("play", "mse_sweep", "--out", "pages")
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "pages" / "mse_sweep.html").read_bytes() == play.page_of("mse_sweep")
    assert "did you mean mse_sweep?" in in_process("play", "mse_sweeep").stderr


# In a browser


class Desk:
    """A page to play with, opened as a student opens it: from a file."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def set(self, name: str, value: float) -> None:
        """Write a number into a field."""
        self.page.locator(f"#{name}").fill(repr(value))
        self.wait()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.locator(f"#{name}").click()
        self.wait()

    def wait(self) -> None:
        """Wait for the frame in which the page shows a change: quicker than to ask again."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => done()))")

    def expect(self, **results: float | str) -> None:
        """Wait until the page shows these results."""
        for name, value in results.items():
            text = value if isinstance(value, str) else shown(value)
            expect(self.page.locator(f"#result-{name}")).to_have_text(text)

    def table(self, name: str) -> list[list[str]]:
        """Return the cells of a table."""
        rows: list[list[str]] = self.page.locator(f"#table-{name} tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        return rows


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A dark phone; every chart and text has to do with it."""
    opened = browser.new_context(
        viewport={"width": 360, "height": 740}, color_scheme="dark", reduced_motion="reduce"
    )
    opened.set_default_timeout(5000)
    yield opened
    opened.close()


@pytest.fixture
def desk(context: BrowserContext, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The page of the assignment that the test names; it must not fail nor ask for anything."""
    slug: str = request.param
    (path,) = play.write_pages([slug], tmp_path)
    page = context.new_page()
    asked: list[str] = []
    errors: list[Any] = []
    page.on("request", lambda asking: asked.append(asking.url))
    page.on("pageerror", lambda error: errors.append(error))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    yield Desk(page)
    page.close()
    assert errors == []
    assert asked == [path.as_uri()]


def of(*slugs: str) -> pytest.MarkDecorator:
    """Open the pages of these assignments, one after the other."""
    return pytest.mark.parametrize("desk", slugs, indirect=True)


@of(*SLUGS)
def test_a_page_is_for_everybody(desk: Desk) -> None:
    page = desk.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".ask").inner_text().startswith("A question: ")
    options = {"runOnly": ["wcag2a", "wcag2aa", "best-practice"]}
    found = Axe().run(page, options=options).response
    assert found["passes"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    # Every control, by Tab alone, each with a ring that shows where the focus is.
    everything = "#page-controls input, #page-controls button"
    names = "all => all.map(one => one.id || one.name)"
    wanted = page.eval_on_selector_all(everything, names)
    reached = set()
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.name"))
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid" or page.evaluate("document.activeElement === document.body")
    assert set(wanted) <= reached


def test_the_page_of_the_docs_shows_the_run_of_the_text(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PAGE.read_text("utf-8")
    (part,) = (step.text for step in steps_of(text) if step.path.endswith("/play.js"))
    (tmp_path / "play.js").write_text(part)
    monkeypatch.setattr(play, "folder_of", lambda slug: tmp_path)
    monkeypatch.setattr(play, "data_of", lambda slug: {"start": [4, 1], "bowl": [1, 16]})
    (path,) = play.write_pages(["mse_sweep"], tmp_path)
    page = context.new_page()
    page.goto(path.as_uri())
    desk = Desk(page)
    rows = re.findall(r"^# \| (\d+) \| \S+ \| (\S+) \|$", text, re.MULTILINE)
    assert len(rows) == 6
    for step, height in rows:
        desk.set("steps", int(step))
        expect(page.locator("#page-summary")).to_contain_text(f"After {step} steps")
        found = float(page.locator("#result-height").inner_text())
        assert f"{found:.4g}" == height
    page.emulate_media(reduced_motion="no-preference")
    desk.press("steps-play")
    expect(page.locator("#steps-play")).to_have_text("Pause")
    expect(page.locator("#page-summary")).not_to_contain_text("After 20 steps")
    desk.press("steps-play")
    expect(page.locator("#steps-play")).to_have_text("Play")
    page.close()


@of("mse_sweep")
def test_mse_sweep_shows_the_documented_losses(desk: Desk) -> None:
    run = documented("mse_sweep")
    slider = desk.page.locator("#w-slider")
    for weight, loss in zip(run["weights"], run["mse"], strict=True):
        expect(desk.page.locator("#w")).to_have_value(shown(weight))
        desk.expect(loss=loss)
        slider.press("ArrowRight")
    # A weight counts as tried once it has been drawn.
    desk.expect(tries=str(len(run["weights"]) + 1))
    desk.set("w", run["minimum_at"])
    desk.expect(loss=0.0, best=run["minimum_at"], least=0.0, tries=str(len(run["weights"]) + 2))
    # A place in the chart, by touch or mouse: the middle is the weight 2.
    desk.set("w", 1.0)
    box = desk.page.locator("#chart-loss").bounding_box()
    assert box is not None
    desk.page.locator("#chart-loss").click(position={"x": 64 + (box["width"] - 76) / 2, "y": 60})
    expect(desk.page.locator("#w")).to_have_value("2")


@of("hand_gradients")
def test_hand_gradients_goes_through_the_documented_run(desk: Desk) -> None:
    run = documented("hand_gradients")
    desk.expect(prediction=run["prediction_before"])
    for gradient in run["gradients"][:3]:
        desk.press("updates-next")
        desk.expect(gradient=gradient)
    for loss in run["losses"]:
        desk.expect(loss=loss)
        desk.press("epoch")
    desk.expect(prediction=run["prediction_after"], loss=run["losses"][-1])
    gradients = [row[3] for row in desk.table("updates")]
    assert gradients == [shown(gradient) for gradient in reversed(run["gradients"])]
    # An epoch multiplies the error by (1 - 2 lr)(1 - 8 lr)(1 - 18 lr), which is -1 or 1 at 0.204,
    # 0.477 and 0.519: beyond the first border there is a second range of rates that converge.
    near, far = "came nearer to 2", "it diverges"
    desk.set("updates", 0)
    desk.press("updates-play")  # in one go: this browser asks for less motion
    desk.expect(prediction=run["prediction_after"])
    for rate, verdict in ((0.2, near), (0.21, far), (0.47, far), (0.48, near), (0.52, far)):
        desk.set("lr", rate)
        expect(desk.page.locator("#page-summary")).to_contain_text(verdict)
    desk.press("reset")
    desk.expect(weight=run["w0"])


@of("rosenbrock")
def test_rosenbrock_ends_as_documented(desk: Desk) -> None:
    run = documented("rosenbrock")
    end = ", ".join(map(shown, run["point"]))
    desk.expect(all=str(run["iterations"]), at=f"({end})")
    for index, loss in run["tail"][::5]:
        # The source numbers its updates from 0.
        desk.set("updates", index + 1)
        desk.expect(loss=loss)
    record = reference("rosenbrock", "descend.documented")
    for made in (1, 100, 3000):
        desk.set("updates", made)
        desk.expect(loss=record["losses"][made - 1])
    # A click is a start, and the way from there is another one.
    box = desk.page.locator("#chart-valley").bounding_box()
    assert box is not None
    desk.page.locator("#chart-valley").click(position={"x": box["width"] - 14, "y": 10})
    for name, value in (("x", 2), ("y", 3)):
        field = float(desk.page.locator(f"#{name}").input_value())
        assert abs(field - value) < 0.1
    expect(desk.page.locator("#result-all")).not_to_have_text(str(run["iterations"]))
    desk.press("reset")
    # Above 2 / 1002 it jumps between the walls, or leaves the valley for good.
    desk.set("size", 0.005)
    expect(desk.page.locator("#page-summary")).to_contain_text("has not arrived")
    desk.set("x", 2)
    expect(desk.page.locator("#page-summary")).to_contain_text("diverges")
    desk.press("reset")
    desk.expect(all=str(run["iterations"]), loss=run["tail"][-1][1])


@of("linear_regression")
def test_linear_regression_shows_the_run_of_the_text(desk: Desk) -> None:
    record = reference("linear_regression", "train_numpy.documented")
    for made in (0, 1, 9, 99):
        desk.set("epochs", made)
        desk.expect(loss=record["losses"][made])
    desk.press("epochs-next")
    expect(desk.page.locator("#page-summary")).to_have_text("After 100 epochs the loss is 195.69.")
    rows = [
        [name, *(f"{value:.4g}" for value in (*weights, bias))]
        for name, weights, bias in zip(
            documented("linear_regression")["targets_named"], record["w"], record["b"], strict=True
        )
    ]
    assert desk.table("parameters") == rows
    # The borders that the text names.
    desk.set("epochs", 99)
    desk.set("lr", 1e-4)
    expect(desk.page.locator("#result-loss")).to_have_text(re.compile(r"^7\.69"))  # 7.7 in the text
    desk.set("lr", 1.2e-4)
    expect(desk.page.locator("#page-summary")).to_contain_text("diverges")


@of("hidden_layer")
def test_hidden_layer_shows_both_runs(desk: Desk) -> None:
    for data, check in (("text", "train_manual.documented"), ("xor", "train_manual.xor")):
        desk.page.locator(f"input[name=data][value={data}]").check()
        losses = reference("hidden_layer", check)["losses"]
        for made in (0, 1, 9, len(losses) - 1):
            desk.set("epochs", made)
            # The graders' run is in float32, this one in float64: four digits, as in the text.
            found = float(desk.page.locator("#result-loss").inner_text())
            assert f"{found:.4f}" == f"{losses[made]:.4f}"
    desk.expect(right="4 of 4", predicted="0 1 1 0")
    # A line cannot do it, and one hidden unit bends no more than that.
    desk.set("hidden", 1)
    desk.set("epochs", 200)
    expect(desk.page.locator("#result-right")).to_have_text(re.compile("[123] of 4"))
    # The numbers of the text, whose start has more digits.
    desk.press("reset")
    for epoch, loss, right in ((200, "0.5448", 5), (800, "0.3237", 6), (1000, "0.2782", 6)):
        desk.set("epochs", epoch - 1)
        found = float(desk.page.locator("#result-loss").inner_text())
        assert abs(found - float(loss)) < 1.5e-4
        desk.expect(right=f"{right} of 6")


@of("optimizers")
def test_optimizers_shows_the_documented_losses(desk: Desk) -> None:
    run = documented("optimizers")
    for step in (1, 2, 10, run["steps"]):
        desk.set("steps", step)
        rows = {row[0]: row[1] for row in desk.table("rules")}
        assert rows == {name: shown(losses[step - 1]) for name, losses in run["losses"].items()}
    expect(desk.page.locator("#page-summary")).to_have_text(
        "First at a loss of 0.01: rmsprop, after 11 steps."
    )
    # The bowl is too steep for plain descent above 2 / 20.
    desk.set("lr", 0.11)
    assert desk.table("rules")[0][2] == "not in 200"
    desk.set("lr", 0.005)
    expect(desk.page.locator("#page-summary")).to_contain_text("momentum, after 43 steps")


@of("training_tools")
def test_training_tools_shows_the_scales_and_clips(desk: Desk) -> None:
    # With He's weights the page multiplies, and the graders run the network.
    for number, size in enumerate((1.0, 2**0.5)):
        desk.set("size", size)
        scales = reference("training_tools", "activation_scales.run_of_the_text", number)
        rows = [row[1] for row in desk.table("scales")[1:]]
        assert rows == [f"{scale:.4g}" for scale in scales]
    answer = reference("training_tools", "clip_by_norm.examples")
    for name, value in (("first", 3.0), ("second", 4.0), ("limit", 1.0)):
        desk.set(name, value)
    clipped = ", ".join(map(shown, answer["clipped"]["0"]))
    desk.expect(norm=answer["norm"], byNorm=f"({clipped})", byValue="(1, 1)", turned="-8.1")
    # A gradient within the limits stays as it is, with both.
    desk.set("limit", 6.0)
    desk.expect(byNorm="(3, 4)", byValue="(3, 4)", turned=0.0)
    desk.page.locator("#chart-clip").click(position={"x": 70, "y": 100})
    expect(desk.page.locator("#result-norm")).not_to_have_text("5")


@of("lenet")
def test_lenet_shows_sums_and_shapes_of_the_checks(desk: Desk) -> None:
    for number, side in enumerate((32, 28, 31, 16)):
        desk.set("side", side)
        desk.expect(features=shown(reference("lenet", "flat_features.examples", number)))
    desk.set("side", 15)
    desk.expect(features="0")
    desk.press("reset")
    shapes = reference("lenet", "LeNet.layers")
    counts = [sum(int(np.prod(shape)) for shape in kinds.values()) for kinds in shapes.values()]
    assert [int(row[2]) for row in desk.table("shapes") if row[2] != "0"] == counts
    picture = PICTURE.array[0, 0].astype(float)
    for kernel in ("down", "across", "mean", "spot"):
        desk.page.locator(f"input[name=kernel][value={kernel}]").check()
        for row, column in ((0, 0), (20, 7)):
            desk.set("row", row)
            desk.set("column", column)
            weights = np.array(desk.table("kernel"), dtype=float)
            total = float((weights * picture[row : row + 5, column : column + 5]).sum())
            found = float(desk.page.locator("#result-sum").inner_text())
            assert abs(found - total) < 1e-5
            desk.expect(relu=max(0.0, found))
    desk.page.locator("#pool").check()
    desk.expect(size="14 x 14")
