"""Texts as HTML: complete, self-contained, in step with the Markdown, and searched for leaks."""

from __future__ import annotations

import base64
import re
import struct
import zlib

import pytest
from playwright.sync_api import Browser

from gradpath.authoring.release.leaks import find_leaks, forbidden
from gradpath.authoring.release.text_page import NAME, text_page
from gradpath.course.load import generated_folder, master_path, read_settings
from gradpath.course.master import linked_within, text_of
from gradpath.errors import AuthoringError
from tests.conftest import SLUGS

SECRET = "a secret for the texts"
LINE = "    velocity = momentum * velocity + g"
"""A line of the solution of optimizers."""


def pictures(slug: str) -> dict[str, bytes]:
    folder = generated_folder(slug) / "figures"
    return {f"figures/{path.name}": path.read_bytes() for path in folder.glob("*.png")}


def page(slug: str) -> str:
    return text_page(text_of(slug), pictures(slug)).decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_has_everything_of_its_text_and_needs_nothing_else(slug: str) -> None:
    text, html = text_of(slug), page(slug)
    prose = re.sub(r"^    .*$|`[^`\n]*`", "", text, flags=re.MULTILINE)
    formulas = len(re.findall(r"\$\$.+?\$\$|\$[^$]+\$", prose, re.DOTALL))
    assert html.count("<math ") == html.count("</math>") == formulas
    assert "$" not in re.sub(r"<(code|style).*?</\1>", "", html, flags=re.DOTALL)
    assert (
        html.count("<img ") == html.count('src="data:image/png;base64,') == text.count("](figures/")
    )
    # Keys reach all that scrolls.
    assert not re.search(
        '<pre>|<table>(?<!tabindex="0" role="group" aria-label="Table">\n<table>)', html
    )
    assert html.count('display="block"') == html.count('<div class="math block" tabindex="0"')
    assert not re.search(r'alt=""|<script|<link|(src|href)="https?:|url\(', html)
    assert len(re.findall("<h[1-3]", html)) == len(re.findall("^##? |^### ", text, re.MULTILINE))
    assert f"<title>{re.sub('[`*]', '', text.splitlines()[0].removeprefix('# '))}</title>" in html
    assert {f"#{id}" for id in re.findall(r'<h2 id="([^"]+)"', html)} == set(
        re.findall(r'<li><a href="(#[^"]+)"', html)
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_every_text_has_the_sections_of_the_course(slug: str) -> None:
    text, settings = text_of(slug), read_settings(slug)
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    titles = [section.partition("\n")[0] for section in sections]
    assert all(word in head for word in ("**Goals.**", "**Before you begin**", "**Time:**"))
    head = " ".join(head.replace(">", "").split())
    assert f"**Points:** {sum(settings.points.values()):g} (" in head
    assert all(f"`{name}` {points:g}" in head for name, points in settings.points.items())
    order = [
        *("What it is about", "What to do", "A prediction first", "Written question"),
        *("How to check yourself", "Common mistakes", "Ways that are all right"),
        *("Experiments", "Further questions", "Sources"),
    ]
    assert [title for title in titles if title in order] == order
    assert any(title.startswith("Exercise: ") for title in titles)
    assert "figures/graph.png" in text or re.search(r"^    .*--+[>-]", text, re.MULTILINE)
    assert "<!--" not in text
    # Names of known mistakes, and none of their hints.
    assert len(re.findall(r"^- `\w+`: .+\.$", text, re.MULTILINE)) > len(settings.points) / 2


def test_texts_lead_from_one_assignment_to_the_next() -> None:
    for slug, following in zip(SLUGS, [*SLUGS[1:], ""], strict=True):
        links = re.findall(r"\]\(\.\./(\w+)/README\.md\)", text_of(slug))
        assert links == ([following] if following else []), slug
    text = "see [`a`](../a/README.md) and [b](../b/README.md), [c](figures/c.png)"
    assert linked_within(text, ["b"]) == "see `a` and [b](../b/README.md), [c](figures/c.png)"
    assert f'<a href="../b/{NAME}">' in text_page("# T\n\n[b](../b/README.md)\n", {}).decode()


def test_a_page_to_play_with_gets_a_link_where_there_is_one() -> None:
    link = '<a href="play.html">'
    assert link in text_page("# T\n", {}, play=True).decode()
    assert link not in text_page("# T\n", {}).decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("![a](figures/lost.png)", "figures/lost.png"),
        (r"$x^$", "MissingSuperScript"),
        (r"$\nosuch{x}$", "does not know"),
        (r"$$\begin{aligned} x &= 1 \end{aligned}$$", "does not know"),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused(text: str, reason: str) -> None:
    with pytest.raises(AuthoringError, match=reason):
        text_page(f"# T\n\n{text}\n", {})


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_the_gate_reads_a_page_and_the_pictures_in_it() -> None:
    assert LINE.strip() in master_path("optimizers").read_text("utf-8")
    known = forbidden(["optimizers"], SECRET)
    slug = "optimizers"
    shown = pictures(slug)
    html = text_page(text_of(slug), shown)
    assert find_leaks(NAME, html, known) == []
    planted = text_page(text_of(slug) + f"\n    def momentum():\n    {LINE}\n", shown)
    assert [leak.kind for leak in find_leaks(NAME, planted, known)] == ["solution"]
    picture = shown["figures/losses.png"]
    note = chunk(b"tEXt", f"note\0{LINE}".encode())
    shown["figures/losses.png"] = picture[:33] + note + picture[33:]
    assert [leak.kind for leak in find_leaks(NAME, text_page(text_of(slug), shown), known)] == [
        "solution"
    ]
    # Letters that follow the picture are no part of it.
    tail = base64.b64encode(picture + LINE.encode()).decode()
    assert find_leaks(NAME, f"data:image/png;base64,{tail}".encode(), known) != []


def test_a_page_on_a_phone_does_not_scroll_sideways(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, java_script_enabled=False)
    for slug in ("hidden_layer", "optimizers"):
        shown = context.new_page()
        shown.set_content(page(slug))
        width = shown.locator("html").evaluate("element => element.scrollWidth")
        assert width == 360, slug
    context.close()
