"""A page by itself, for places that keep a file of a run: without scripts, it fetches nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from gradpath.course.settings import read_settings
from gradpath.frontends.platforms.answer import Answer, Entry, Format, word_of
from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message, template

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
    slug, language = answer.result.assignment, shown_language()
    title = escape(language.text(read_settings(slug).title, slug))
    page = (
        f'<!doctype html>\n<html lang="{language.code}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n"
        f"<h1>{title}</h1>\n{''.join(_body(answer))}</html>\n"
    )
    return {"": page.encode("utf-8", "replace")}


def _body(answer: Answer) -> Iterator[str]:
    result = answer.result
    is_public = all(check.visibility == "public" for check in result.checks)
    form = template("{file}: {points:g} of {most:g} points in the public checks")
    if not is_public:
        form = template("{file}: {points:g} of {most:g} points")
    score = Message(form, file=result.file, points=result.score, most=result.max_score)
    yield f"<p>{escape(tell(score))}</p>\n"
    if answer.message:
        yield f"<pre>{escape(answer.message)}</pre>\n"
    for function, entries in itertools.groupby(answer.entries, lambda entry: entry.function):
        yield f"<section>\n<h2>{escape(function)}</h2>\n<ul>\n"
        yield from map(_item, entries)
        yield "</ul>\n</section>\n"
    if answer.picture:
        alt = escape(tell(Message("Your runs, drawn over the expected ones")))
        yield f'<img src="{answer.picture}" alt="{alt}">\n'


def _item(entry: Entry) -> str:
    word = word_of(entry)
    points = Message(": ")
    if entry.passed is not None:
        points = Message(", {points:g} of {most:g}: ", points=entry.points, most=entry.max_points)
    text = f"<pre>{escape(entry.text)}</pre>" if entry.text else ""
    if entry.steps:
        # `gradpath check` has all forms in its options.
        from gradpath.student.display import steps_table

        text += steps_table(entry.steps, entry.title)
    outcome = f'<b class="{word}">{tell(word)}</b>'
    return f"<li>{outcome}{tell(points)}{escape(entry.title)}{text}</li>\n"


FORMAT = Format(_files, has_picture=True)
