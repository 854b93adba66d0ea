"""A report's page in a browser: how soon it can be read."""

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"


@dataclass(frozen=True)
class Opened:
    """Medians of seconds: until the first rows are there, until all are, and to filter them."""

    first: float
    complete: float
    filtered: float


def open_page(page: Path, rounds: int) -> Opened:
    """Open a report's page in Chromium, each time as if for the first time."""
    opened, complete, filtered = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for _ in range(rounds):
            # A context of its own: nothing of the page before is there.
            tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            began = time.perf_counter()
            tab.goto(page.as_uri())
            tab.locator("#rows tbody tr").first.wait_for(state="attached")
            # Two frames later it has been painted.
            tab.evaluate("() => new Promise(r => requestAnimationFrame(() => setTimeout(r)))")
            opened.append(time.perf_counter() - began)
            tab.wait_for_function(
                "!document.getElementById('status-line').textContent.includes('being loaded')"
            )
            complete.append(time.perf_counter() - began)
            filtered.append(
                tab.evaluate(
                    """() => {
                        const field = document.getElementById("search");
                        const began = performance.now();
                        field.value = "s0001";
                        field.dispatchEvent(new Event("input"));
                        document.body.getBoundingClientRect();
                        return (performance.now() - began) / 1000;
                    }"""
                )
            )
            tab.context.close()
        browser.close()
    return Opened(median(opened), median(complete), median(filtered))
