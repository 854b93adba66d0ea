"""Sheets for short talks: computed answers, nothing of them for students, no way to stop them."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser

from gradpath.authoring.questions import faults_of
from gradpath.cohort.run import Run
from gradpath.course import interview
from gradpath.course.checks import case
from gradpath.course.config import CHOICES, Hidden
from gradpath.course.interview import (
    Entry,
    Exceeds,
    Falls,
    WhatIf,
    WhichCurve,
    WhichLine,
    questions_of,
)
from gradpath.course.load import load
from gradpath.course.mistakes import apply
from gradpath.reports.interview.asked import Asked
from gradpath.reports.interview.curves import curves_of
from gradpath.reports.interview.draw import Talk, draw
from gradpath.reports.interview.lines import ask_which_line, exchangeable
from gradpath.reports.interview.numbers import ask_what_if
from gradpath.reports.interview.runs import Runs
from gradpath.reports.interview.sheet import examiner_data, pages, student_data
from gradpath.worker.protocol import Cell
from tests.conftest import SLUGS, Command, submission
from tests.support import demo_cohort, stored_runs
from tests.support.shared import DEMO_SECRET, Demo
from tests.support.stored_runs import grade, write_cohort

SLUG = "hand_gradients"
SECRET = "test-secret"
"""That of `whole_run`."""
FIELDS = questions_of(SLUG)[0].case.expect  # type: ignore[union-attr]
HOSTILE = """\
import os
def predict(x, w): return x * w
def loss(x, y, w): os._exit(1)
def gradient(x, y, w): return "</pre><script>alert(1)</script>`*"
def train(xs, ys, w, lr, epochs): raise SystemExit("</p><b>" * 99)
def train_autograd(xs, ys, w, lr, epochs): return {"weights": [float("nan")] * 30}
"""


def solution() -> str:
    source = load(SLUG).solution
    assert source is not None
    return source.cells[0].text


def lines_of(text: str) -> list[str]:
    return text.split("\n")


@pytest.fixture
def runs_of(whole_run: Run) -> Iterator[Any]:
    """Make the runs of a source; their workers end with the test."""
    opened = []
    with whole_run.workshops() as (students, _):

        def make(text: str) -> Runs:
            opened.append(Runs(students, load(SLUG), [Cell(f"{SLUG}.py", text)]))
            return opened[-1]

        yield make
        for runs in opened:
            runs.close()


def talk_of(whole_run: Run, text: str, student: str = "s01") -> Talk:
    graded = whole_run.grade(replace(submission(SLUG, text), student=student))
    cells = graded.source.cells if graded.source is not None else ()
    return Talk(graded.result, cells, "none")


def asked_in(whole_run: Run, talk: Talk) -> list[Asked]:
    with whole_run.workshops() as (students, trusted):
        return draw(talk, load(SLUG), curves_of(load(SLUG), trusted), students, SECRET)


def wrong(id: str) -> str:
    variants = {one.id: one.variants[0] for one in load(SLUG).misconceptions if one.variants}
    return apply(solution(), [variants[id]])


SUBMISSIONS: Mapping[str, str] = {
    "right": solution(),
    "wrong": wrong("sign-flipped-residual"),
    "broken": "def train(xs, ys:\n    return",
    "hostile": HOSTILE,
    "empty": "",
}


@pytest.fixture(scope="module")
def talks(whole_run: Run) -> dict[str, tuple[Talk, list[Asked]]]:
    """Each of these submissions with its questions."""
    made = {name: talk_of(whole_run, text, name) for name, text in SUBMISSIONS.items()}
    return {name: (talk, asked_in(whole_run, talk)) for name, talk in made.items()}


# Any submission has a sheet, and students' sheets have no answers


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_each_submission_has_three_to_five_questions(
    talks: dict[str, tuple[Talk, list[Asked]]], name: str
) -> None:
    _, asked = talks[name]
    kinds = {one.kind for one in asked}
    assert 3 <= len(asked) <= 5
    assert {"curve", "why"} <= kinds
    assert ("lost" in kinds) == (name in ("wrong", "hostile"))
    assert {"line", "what if"} <= kinds or name not in ("right", "wrong")
    for one in asked:
        if one.kind == "what if":
            # The wrong submission's `train` is right, and builds on a wrong `gradient`.
            of_right_work = one.mentions[0].startswith("The next points are about right work")
            assert of_right_work == (name != "right")
        if one.kind == "why" and name == "wrong" and one.function == "train":
            assert "Your `train`" not in one.text


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_students_sheet_tells_no_answer(
    talks: dict[str, tuple[Talk, list[Asked]]], name: str
) -> None:
    talk, asked = talks[name]
    student, examiner = (
        {ending: data.decode() for ending, data in files.items()} for files in pages(talk, asked)
    )
    ids = {one.id for one in load(SLUG).misconceptions}
    for text in (data.rpartition("</style>")[2] for data in student.values()):
        assert not [id for id in ids if id in text]
        for one in asked:
            for told in (*one.answer, *one.mentions):
                assert told not in text
        assert not re.search("answer|mark", text, re.IGNORECASE)
    drawn = [one.drawing for one in asked if one.drawing is not None]
    named = {option.title for drawing in drawn for option in drawing.options if option.right}
    for one in asked:
        assert json.loads(examiner[".json"])["questions"][0]["mark"] is None
        if one.drawing is not None:
            titles = [option.title for option in one.drawing.options]
            # Mistakes that are asked about may be named; the others would tell by exclusion.
            assert {title for title in titles if title in student[".html"]} <= named


def test_a_hostile_submission_does_not_act_on_a_page(
    talks: dict[str, tuple[Talk, list[Asked]]],
) -> None:
    for files in pages(*talks["hostile"]):
        assert "<script" not in files[".html"].decode()
        assert "<b>" not in files[".html"].decode()


def test_no_hidden_figure_is_on_a_students_sheet(whole_run: Run) -> None:
    talk = talk_of(whole_run, wrong("step-divided-by-count"))
    hidden = [
        check.message
        for check in talk.result.checks
        if check.visibility == "hidden" and check.outcome == "failed"
    ]
    numbers = {number for text in hidden for number in re.findall(r"-?\d+\.\d{4,}", text)}
    assert numbers
    choices: tuple[Hidden, ...] = ("none", "all")
    for shown in choices:
        talk = replace(talk, hidden=shown)
        for data in pages(talk, asked_in(whole_run, talk))[0].values():
            assert not [number for number in numbers if number in data.decode()]


def test_hidden_checks_are_asked_about_only_where_their_outcome_is_shown(whole_run: Run) -> None:
    # Right on all public data: the two agree for three samples.
    text = solution().replace("w = w - lr * g", "w = w - lr * g * 3 / len(xs)")
    talk = talk_of(whole_run, text)
    assert {c.visibility for c in talk.result.checks if c.outcome == "failed"} == {"hidden"}
    for hidden in CHOICES:
        asked = asked_in(whole_run, replace(talk, hidden=hidden))
        assert sum(one.kind == "lost" for one in asked) == (hidden in ("outcomes", "all"))


# The draw


def test_the_draw_depends_on_secret_and_name(whole_run: Run) -> None:
    talk = talk_of(whole_run, solution())

    def questions(student: str) -> str:
        one = replace(talk, result=msgspec.structs.replace(talk.result, student=student))
        return json.dumps(student_data(one, asked_in(whole_run, one))["questions"])

    sheets = [questions(f"s{number}") for number in range(4)]
    assert len(set(sheets)) == len(sheets)
    assert sheets[0] == questions("s0")


# Answers


def ask(runs: Runs, one: WhatIf) -> str:
    asked = ask_what_if(one, random.Random(0), runs, right=True)
    assert asked is not None
    return asked.answer[0]


def train_case(lr: float = 0.01, epochs: int = 2, function: str = "train") -> Any:
    return case(function, [1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, lr, epochs, expect=FIELDS)


def test_what_if_is_answered_by_a_run(runs_of: Any) -> None:
    module = ModuleType("solution")
    exec(solution(), module.__dict__)
    runs = runs_of(solution())
    record = module.train([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], 1.0, 0.3, 10)
    one = train_case(0.3, 10)
    losses = record["losses"]
    assert losses == sorted(losses)
    assert ask(runs, WhatIf("", one, (Falls(),))).startswith("No, it grows from entry to entry")
    first = next(n for n, w in enumerate(record["weights"]) if abs(w) > 100)
    answer = ask(runs, WhatIf("", one, (Exceeds("weights", 100.0),)))
    assert answer.startswith(f"It is `weights[{first}]`, which is {record['weights'][first]:.7g}")
    answer = ask(runs, WhatIf("", one, (Entry("weights", (2,)),)))
    assert answer == f"It is {record['weights'][2]:.7g}."
    assert ask(runs, WhatIf("", train_case(0.01, 5), (Falls(),))).startswith("Yes, in all 5")
    # Nothing to say about what is not there.
    assert (
        ask_what_if(WhatIf("", one, (Entry("weights", (99,)),)), random.Random(0), runs, right=True)
        is None
    )


LINES = WhichLine(train_case(), 2, "weights", ("gradients", "weights", "losses"), "gradient")
TORCH = WhichLine(
    train_case(function="train_autograd"), 2, "weights", ("gradients", "weights", "losses")
)


class Nth(random.Random):
    """Draws the item at a fixed place."""

    def __init__(self, place: int) -> None:
        super().__init__(0)
        self._place = place

    def sample(self, population: Any, k: int, *, counts: Any = None) -> Any:
        return [population[self._place]]


def pairs_of(question: WhichLine, runs: Runs) -> dict[str, str]:
    """Return the answer for each pair of lines that the draw can give."""
    answers = {}
    cell = lines_of(runs.cells[0].text)
    with contextlib.suppress(IndexError):
        for place in itertools.count():
            asked = ask_which_line(question, Nth(place), runs)
            if asked is None:
                break
            code = [cell[line.number - 1].strip() for line in asked.lines]
            answers[" / ".join(code)] = " ".join(asked.answer[1:])
    return answers


def test_lines_are_found_by_running_and_exchanged(runs_of: Any) -> None:
    answers = pairs_of(LINES, runs_of(solution()))
    assert set(answers) == {
        "g = gradient(x, y, w) / w = w - lr * g",
        "g = gradient(x, y, w) / gradients.append(g)",
        "g = gradient(x, y, w) / weights.append(w)",
        "w = w - lr * g / gradients.append(g)",
        "w = w - lr * g / weights.append(w)",
    }
    answer = answers["w = w - lr * g / weights.append(w)"]
    assert "`weights[0]` is 1 instead of 1.02." in answer
    assert "`losses` stays as it is." in answer
    answer = answers["g = gradient(x, y, w) / w = w - lr * g"]
    assert answer.startswith("The call raises an exception")
    assert "UnboundLocalError" in answer
    assert answers["w = w - lr * g / gradients.append(g)"].count("stays as it is") == 3


def test_of_several_pairs_one_is_asked_about_that_runs(runs_of: Any) -> None:
    class Each(random.Random):
        def sample(self, population: Any, k: int, *, counts: Any = None) -> Any:
            return list(population)

    runs = runs_of(solution())
    first, *_ = pairs_of(LINES, runs).values()
    assert first.startswith("The call raises")
    asked = ask_which_line(LINES, Each(), runs)
    assert asked is not None
    assert not asked.answer[1].startswith("The call raises")


def test_lines_with_autograd(runs_of: Any) -> None:
    answers = pairs_of(TORCH, runs_of(solution()))
    step = "w -= lr * w.grad"
    assert "`weights[0]` is 1 instead of 1.02" in answers[f"{step} / w.grad.zero_()"]
    assert "stays" not in answers[f"{step} / w.grad.zero_()"].split("weights")[1][:30]
    assert answers["sample_loss.backward() / w.grad.zero_()"]


def test_unclear_lines_lead_to_no_question(runs_of: Any) -> None:
    # Two lines make a step; the gradient and each record are clear, and are asked about.
    text = solution().replace(
        "            w = w - lr * g\n",
        "            w = w - lr * g / 2\n            w = w - lr * g / 2\n",
    )
    assert not [pair for pair in pairs_of(LINES, runs_of(text)) if "w = w - lr" in pair]
    # All in one line, and a function that keeps its variables to itself.
    assert not pairs_of(LINES, runs_of("def train(*given): return {}"))
    hidden = solution() + "\n_train = train\n\ndef train(*given):\n    return _train(*given)\n"
    assert not pairs_of(LINES, runs_of(hidden))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("a = 1\nb = 2\n", 1),
        ("a = 1; b = 2\n", 0),
        ("with x:\n    a = 1\nb = 2\n", 1),
        ("for x in y:\n    a = 1\nb = 2\n", 1),
        ("for x in y:\n    z\n    a = 1\nb = 2\n", 0),
        ("if x:\n    a = 1\nb = 2\n", 0),
        ("a = (1 +\n", 0),
    ],
)
def test_statements_that_can_change_places(text: str, pairs: int) -> None:
    lines = lines_of(text)
    roles = {
        "step": next((n for n, line in enumerate(lines, 1) if "a =" in line), 1),
        "zero": next((n for n, line in enumerate(lines, 1) if "b =" in line), 2),
    }
    found = list(exchangeable(text, roles))
    assert len(found) == pairs
    if pairs:
        assert found[0][2].split("\n")[0] == "b = 2"


def test_a_worker_that_makes_up_its_trace_gets_no_question(runs_of: Any) -> None:
    text = solution() + (
        "\nimport sys\nfor module in list(sys.modules.values()):\n"
        "    if hasattr(module, 'load_probes') or hasattr(module, 'trace'):\n"
        "        module.np = None\n"
    )
    pairs_of(LINES, runs_of(text))  # whatever it is, no exception


# Verify


@pytest.mark.slow
def test_declared_questions_hold(whole_run: Run) -> None:
    assert not list(faults_of(whole_run, load(SLUG)))


def test_verify_names_questions_without_an_answer(
    whole_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    curves = next(one for one in questions_of(SLUG) if isinstance(one, WhichCurve))
    alike = replace(curves, mistakes=(*curves.mistakes, "sign-flipped-residual"))
    nothing = WhatIf("", train_case(), (Entry("weights", (99,)),))
    unclear = replace(LINES, end="losses", gradient="", records=())
    declared = (alike, nothing, unclear)
    monkeypatch.setattr("gradpath.authoring.questions.questions_of", lambda _: declared)
    monkeypatch.setattr("gradpath.reports.interview.curves.questions_of", lambda _: declared)
    monkeypatch.setattr("gradpath.authoring.questions.corpus_of", lambda _: Path("/nowhere"))
    faults = dict(faults_of(whole_run, load(SLUG)))
    assert faults["questions.py"] == "has 1 questions for a submission that does not run, not 3"
    assert (
        "ascent-step and sign-flipped-residual look alike: they are 0 %"
        in faults["curves of weights"]
    )
    assert "has no answer on the solution" in faults["question 2"]
    assert faults["question 3"] == "no two lines are clear on the solution"


def test_every_assignment_declares_questions() -> None:
    assert not [slug for slug in SLUGS if not interview.questions_of(slug)]


# The command


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a graded run of a few submissions, of an assignment without torch."""
    folder = tmp_path_factory.mktemp("talks")
    write_cohort(folder / "in", 3)
    done = grade("in", "--out", "results", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_command_writes_the_same_bytes_again(graded: Path, in_process: Command) -> None:
    words = ("interview", "results", "--secret", stored_runs.SECRET)
    done = in_process(*words, "--out", "talks", cwd=graded)
    assert done.returncode == 0, done.stderr
    assert "sheets written: 3, in talks/examiner/index.html" in done.stdout
    again = in_process(*words, "--out", "again", "--student", "s001", cwd=graded)
    assert again.returncode == 0, again.stderr
    files = files_in(graded / "talks")
    alone = {name: data for name, data in files_in(graded / "again").items() if "/s001/" in name}
    assert len(alone) == 4
    assert alone.items() <= files.items()
    sheets = {f"s00{number}/{stored_runs.SLUG}" for number in range(3)}
    assert set(files) == {"examiner/index.html"} | {
        f"{folder}/{sheet}{ending}"
        for folder in ("examiner", "students")
        for sheet in sheets
        for ending in (".html", ".json")
    }
    index = files["examiner/index.html"].decode()
    for sheet in sheets:
        assert f'href="{sheet}.html"' in index
        assert f'href="../students/{sheet}.html"' in index


def test_wrong_words_are_one_line(graded: Path, in_process: Command) -> None:
    secret = ("--secret", stored_runs.SECRET)
    for words, message in (
        (("results", "--secret", "another"), "not the secret"),
        (("results",), "hidden checks need a secret"),
        (("nowhere", *secret), "grade first"),
        (("results", *secret, "--student", "s99"), "no results of the student 's99'"),
        (("results", *secret, "--assignment", "lenet"), "no results of the assignment"),
    ):
        done = in_process("interview", *words, "--out", "nothing", cwd=graded)
        assert done.returncode == 2, words
        (line,) = done.stderr.splitlines()
        assert message in line
        assert not (graded / "nothing").exists()
    done = in_process("interview", "results", *secret, "--out", "in/talks", cwd=graded)
    assert (done.returncode, done.stdout) == (2, "")
    assert "in/talks is the folder of submissions, or lies in it" in done.stderr
    assert not (graded / "in" / "talks").exists()


@pytest.mark.slow
def test_the_demo_cohort(demo: Demo, tmp_path: Path, gradpath: Command) -> None:
    """A few students of it, with work of every kind."""
    chosen = ("s01", "s04", "s07")
    words = ("interview", demo.folder / "results", "--out", "talks", "--secret", DEMO_SECRET)
    done = gradpath(*words, *(word for student in chosen for word in ("--student", student)))
    assert done.returncode == 0, done.stderr
    sheets = sorted((tmp_path / "talks" / "examiner").rglob("*.json"))
    graded = [submission for submission, _ in demo.graded if submission.student in chosen]
    assert len(sheets) == len(graded) >= 3 * len(demo_cohort.ASSIGNMENTS)
    for path in sheets:
        data = json.loads(path.read_bytes())
        assert 3 <= len(data["questions"]) <= 5
        student = tmp_path / "talks" / "students" / path.parent.name / path.name
        assert not {"answer", "mentions", "lines"} & set(json.loads(student.read_bytes()))


def test_a_sheet_fits_paper_and_phone(
    talks: dict[str, tuple[Talk, list[Asked]]], browser: Browser
) -> None:
    for files in pages(*talks["wrong"]):
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.set_content(files[".html"].decode())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.close()


def test_answers_are_in_the_examiners_data(talks: dict[str, tuple[Talk, list[Asked]]]) -> None:
    data = examiner_data(*talks["right"])
    for question in data["questions"]:
        assert question["answer"] or question["kind"] == "why"
        assert question["mentions"]
    (line,) = (one for one in data["questions"] if one["kind"] == "line")
    code = lines_of(solution())
    assert [code[one["line"] - 1].strip() for one in line["lines"]] == [
        one["source"] for one in line["lines"]
    ]
