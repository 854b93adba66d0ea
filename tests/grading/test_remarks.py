"""Remarks as notes and as reasons, word for word."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from gradpath.course.load import load
from gradpath.grading.remarks import meant, notes_of, other_assignment, reason
from gradpath.worker.protocol import Cell, Frame, Remark, RemarkKind, Source

HERE = Frame("work.py", 7, "<module>", "loss = 3")
ABOVE = Frame("work.py", 2, "<module>", "def loss(x):")
NAMES = (
    "the file defines none of this assignment's functions (forward, loss, mean_squared_error, "
    "weight_grid, sweep, best_weight, plot_sweep)"
)


def remark(kind: RemarkKind, text: str = "loss", other: Frame | None = None) -> Remark:
    return Remark(kind, HERE, text, other)


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (remark("raised", "ValueError: no"), "work.py, line 7 (loss = 3) raised ValueError: no"),
        (
            remark("syntax", "invalid syntax"),
            "work.py, line 7 (loss = 3) has a syntax error: invalid syntax",
        ),
        (
            remark("renamed"),
            "work.py, line 7 (loss = 3) takes the name loss for something else; "
            "the loss above counts",
        ),
        (
            remark("renamed", other=ABOVE),
            "work.py, line 7 (loss = 3) takes the name loss for something else; "
            "the loss in work.py, line 2 counts",
        ),
        (
            remark("skeleton", other=ABOVE),
            "work.py, line 7 (loss = 3) defines loss again and is not written; "
            "the loss in work.py, line 2 counts",
        ),
        (
            remark("guarded"),
            "work.py, line 7 (loss = 3) is not true when a file is imported; loss below it "
            "counts all the same",
        ),
        (remark("stopped", "took too long"), "work.py, line 7 (loss = 3) took too long"),
    ],
)
def test_each_kind_is_a_sentence(given: Remark, note: str) -> None:
    lost = given.kind in ("raised", "syntax", "stopped")
    assert list(notes_of([given])) == [note, *["everything else in the file was run"] * lost]


def test_a_statement_without_its_source_has_no_brackets() -> None:
    (note, _) = notes_of([Remark("raised", Frame("work.py", 7, "", ""), "KeyError: 1")])
    assert note == "work.py, line 7 raised KeyError: 1"


@pytest.mark.parametrize(
    ("remarks", "count", "last"),
    [(5, 0, ""), (6, 0, "and 1 more like these"), (5, 20_000, "and 19,995 more like these")],
)
def test_five_have_notes_and_the_others_are_counted(remarks: int, count: int, last: str) -> None:
    notes = list(notes_of([remark("renamed")] * remarks, count))
    assert notes[5:] == [last] * bool(last)
    assert len(set(notes[:5])) == 1


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (["predict", "gradient", "train"], "hand_gradients: it defines gradient, predict, train"),
        (["predict", "gradient"], ""),
        (["predict", "gradient", "train", "sweep"], ""),
        (["predict", "loss", "gradient"], "hand_gradients: it defines gradient, predict"),
        ([], ""),
        (["forward", "loss"], ""),
        (
            ["rosenbrock", "gradient", "descend"],
            "rosenbrock: it defines descend, gradient, rosenbrock",
        ),
    ],
)
def test_a_file_for_another_assignment(written: Collection[str], text: str) -> None:
    said = other_assignment(load("mse_sweep"), written)
    assert said == (f"the file looks like {text}" if text else "")


@pytest.mark.parametrize(
    ("written", "question"),
    [
        (["foward"], "forward is missing; is foward meant to be it?"),
        (["forward", "foward"], ""),
        (["nothing_alike"], ""),
        (["forward_" + "x" * 9], ""),
        (["forward_" + "x" * 8], "forward is missing; is forward_xxxxxxxx meant to be it?"),
    ],
)
def test_a_name_that_is_nearly_right(written: list[str], question: str) -> None:
    assert list(meant(["forward"], written)) == [question] * bool(question)


def test_the_nearest_of_several_names_is_asked_about() -> None:
    (question,) = meant(["forward"], ["forwrd", "forwards", "foward_x"])
    assert question == "forward is missing; is forwards meant to be it?"


def test_a_long_statement_is_cut() -> None:
    (note, _) = notes_of([Remark("raised", Frame("work.py", 7, "", "x" * 200), "KeyError: 1")])
    assert note == f"work.py, line 7 ({'x' * 77}...) raised KeyError: 1"


def test_a_name_up_to_two_point_four_times_as_long_is_compared() -> None:
    assert list(meant(["abcde"], ["abcde" + "x" * 3]))
    assert list(meant(["ab"], ["ab" * 2 + "a"])) == []


def test_only_so_many_names_are_compared() -> None:
    others = [f"q{number}" for number in range(499)]
    assert list(meant(["forward"], [*others, "foward"]))
    assert not list(meant(["forward"], [*others, "q499", "foward"]))


def source(text: str, *, notebook: bool = False) -> Source:
    return Source("mse_sweep", (Cell("work.py", text),), notebook)


def test_the_reason_is_a_syntax_error_before_all_else() -> None:
    remarks = [remark("raised", "ValueError"), remark("syntax", "invalid syntax")]
    assignment = load("mse_sweep")
    said = reason(remarks, assignment, [], source(""))
    assert said == "syntax error in line 7: invalid syntax (loss = 3)"
    said = reason(remarks, assignment, [], source("", notebook=True))
    assert said == "syntax error in work.py, line 7: invalid syntax (loss = 3)"


def test_the_reason_names_the_functions_and_all_that_explains_it() -> None:
    assignment = load("mse_sweep")
    assert reason([], assignment, [], source("")) == NAMES
    said = reason([remark("raised", "ValueError")], assignment, ["foward"], source(""))
    assert said == (
        f"{NAMES}; forward is missing; is foward meant to be it?; "
        "work.py, line 7 (loss = 3) raised ValueError"
    )
    other = ["predict", "gradient", "train", "foward"]
    said = reason([], assignment, other, source(""))
    assert (
        said == f"{NAMES}; the file looks like hand_gradients: it defines gradient, predict, train"
    )
    notes = reason([remark("renamed")] * 9, assignment, [], source("")).count("; the loss above")
    assert notes == 5


@pytest.mark.parametrize("word", ["def", "async def", "class"])
def test_a_function_inside_of_something_else_is_named(word: str) -> None:
    text = (
        f"x = 1\nif x > 2:\n    {word} loss(x, y, w):\n        return 1\n\n    def sweep(): pass\n"
    )
    said = reason([], load("mse_sweep"), [], source(text))
    place = "loss in work.py, line 3 stands inside of another block; move it out"
    assert said == f"{NAMES}; {place}"
    assert reason([], load("mse_sweep"), [], source(text.replace("loss(", "losses("))) != said
