"""A page by itself, for places that keep a file of a run: without scripts, it fetches nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from gradpath.course.settings import read_settings
from gradpath.frontends.platforms.answer import Answer, Entry, Format

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { margin-top: 1.5rem; }
li { margin: .4rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .2rem 0; }
.passed { color: light-dark(#0a6b2d, #6fd18f); }
.wrong { color: light-dark(#a1260d, #ff9b85); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .4rem 0; }
caption { text-align: left; font-size: .9rem; }
th, td { text-align: right; padding: .1rem .6rem; border-bottom: 1px solid #8886; }
th:first-child { text-align: left; }
.number, code { font-family: ui-monospace, monospace; }
tr.first { background: light-dark(#fde8b8, #5a4410); font-weight: bold; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
img { max-width: 100%; height: auto; background: white; }
"""


def _files(answer: Answer) -> Mapping[str, bytes]:
    title = escape(read_settings(answer.result.assignment).title)
    page = (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n"
        f"<h1>{title}</h1>\n{''.join(_body(answer))}</html>\n"
    )
    return {"": page.encode("utf-8", "replace")}


def _body(answer: Answer) -> Iterator[str]:
    result = answer.result
    is_public = all(check.visibility == "public" for check in result.checks)
    kind = " in the public checks" if is_public else ""
    score = f"{result.score:g} of {result.max_score:g} points{kind}"
    yield f"<p>{escape(result.file)}: {score}</p>\n"
    if answer.message:
        yield f"<pre>{escape(answer.message)}</pre>\n"
    for function, entries in itertools.groupby(answer.entries, lambda entry: entry.function):
        yield f"<section>\n<h2>{escape(function)}</h2>\n<ul>\n"
        yield from map(_item, entries)
        yield "</ul>\n</section>\n"
    if answer.picture:
        yield f'<img src="{answer.picture}" alt="Your runs, drawn over the expected ones">\n'


def _item(entry: Entry) -> str:
    if entry.passed is None:
        word, points = "later", ""
    else:
        word = "passed" if entry.passed else "wrong"
        points = f", {entry.points:g} of {entry.max_points:g}"
    text = f"<pre>{escape(entry.text)}</pre>" if entry.text else ""
    if entry.steps:
        # `gradpath check` has all forms in its options.
        from gradpath.student.display import steps_table

        text += steps_table(entry.steps, entry.title)
    return f'<li><b class="{word}">{word}</b>{points}: {escape(entry.title)}{text}</li>\n'


FORMAT = Format(_files, has_picture=True)
