"""Make the pictures of pages that the documentation shows: `make pictures`.

The demo cohort is graded, the commands below write their pages, and Chromium photographs them.
Another page is another line in PICTURES, and another command in COMMANDS if none makes it yet.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "pictures"
TARGET = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("grade", "submissions", "--out", "results", "--secret", "gradpath-demo"),
    ("feedback", "results", "--student", "s10", "--hidden", "outcomes"),
    ("report", "results"),
)
"""In BUILD, where `submissions` is the demo cohort."""


@dataclass(frozen=True)
class Picture:
    """A page, and how it is photographed; sizes are in CSS pixels."""

    name: str
    page: str
    width: int
    height: int
    """Of the part that is shown; 0 for the whole page."""
    scheme: Literal["light", "dark"] = "light"
    start: str = ""
    """Selector of the element at the top; the page's own top if empty."""
    scale: float = 1.0


PICTURES = (
    Picture("feedback", "results/feedback/s10/hand_gradients.html", 1100, 1150),
    Picture(
        "feedback-runs", "results/feedback/s10/hidden_layer.html", 1100, 700, "dark", "#pictures"
    ),
    Picture("report", "results/report.html", 1280, 950),
    Picture("report-checks", "results/report.html", 1280, 900, "dark", "#checks"),
    Picture("feedback-phone", "results/feedback/s10/hand_gradients.html", 390, 1500, "dark"),
)


def main() -> int:
    """Make every picture; return the exit status."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print("there is no chromium; apt-get install chromium", file=sys.stderr)
        return 2
    make_pages()
    TARGET.mkdir(exist_ok=True)
    with open_browser(found) as browser:
        for picture in PICTURES:
            path = TARGET / f"{picture.name}.png"
            path.write_bytes(photograph(browser, picture))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")
    return 0


def make_pages() -> None:
    """Grade the demo cohort, and write the pages."""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    cohort = [sys.executable, str(ROOT / "tests" / "support" / "demo_cohort.py"), "submissions"]
    subprocess.run(cohort, cwd=BUILD, check=True)
    gradpath = str(Path(sys.executable).with_name("gradpath"))
    for words in COMMANDS:
        subprocess.run([gradpath, *words], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def open_browser(path: str) -> Iterator[Browser]:
    """Start a browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def photograph(browser: Browser, picture: Picture) -> bytes:
    """Return a PNG with a palette: pages need no more colours, and it has a third of the size."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": 900},
        color_scheme=picture.scheme,
        device_scale_factor=picture.scale,
    )
    page = context.new_page()
    page.goto((BUILD / picture.page).as_uri())
    box = page.locator(picture.start).bounding_box() if picture.start else None
    top = box["y"] - 16 if box is not None else 0
    whole = page.evaluate("document.documentElement.scrollHeight")
    height = min(picture.height or whole, whole - top)
    clip = {"x": 0, "y": top, "width": picture.width, "height": height}
    data = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    context.close()
    small = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        ).save(small, format="PNG", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    sys.exit(main())
