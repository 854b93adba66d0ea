"""Errors carried forward, as a table: unfair losses, points for nothing, the price.

`python -m tests.support.carrying` makes the whole table; with slugs, that of some assignments.

Honest submissions are right ones of the corpora in which one earlier function is wrong: by each
known mistake, or in the ways of `ACCIDENTS`. They are unfair if a later function, which is right,
loses points. Dishonest ones (`tests.support.dishonest`) are paid if a function that is not right
gets any.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gradpath.cohort.run import Run
from gradpath.course.load import corpus_of, load
from gradpath.course.master import solution_of
from gradpath.course.mistakes import apply
from gradpath.errors import AuthoringError
from gradpath.grading.findings import Findings
from gradpath.grading.questions import BoundedQuestions
from gradpath.grading.results import Result, score_of
from gradpath.grading.substitution import Substitution
from gradpath.worker.protocol import Answer, Call
from tests.conftest import SLUGS, submission
from tests.support.dishonest import DISHONEST

ACCIDENTS = {
    "returns None": "    right(*args, **kwargs)\n    return None",
    "raises": "    raise ValueError('no idea')",
    "stops inside": "    right(*args, **kwargs)\n    return [][0]",
    "detached": "    return cut(right(*args, **kwargs))",
    "another dtype": "    return halved(right(*args, **kwargs))",
    "parameter missing": "    return right(*without_last(args), **kwargs)",
    "not written": "    raise NotImplementedError('not written yet')",
    "a list": "    return [right(*args, **kwargs)]",
    "a float": "    return numbers(right(*args, **kwargs))",
    "arrays only": "    return right(*map(no_tensor, args), **kwargs)",
    "tensors only": "    return right(*map(a_tensor, args), **kwargs)",
    "changes its arguments": "    return moved(right(*args, **kwargs), args)",
    "not defined": "",
    "another sign": "    return negative(right(*args, **kwargs))",
}
_DEAREST = 5
_TOOLS = """
def each(change, value):
    if isinstance(value, (tuple, list)):
        return type(value)(each(change, item) for item in value)
    return change(value)


def cut(value):
    return each(lambda v: v.detach() + 0.5 if hasattr(v, "detach") else v + 0.5, value)


def halved(value):
    import numpy
    return each(lambda v: v.half() if hasattr(v, "half") else numpy.float16(v), value)


def negative(value):
    return each(lambda v: -v, value)


def without_last(args):
    # Without a gradient, as a parameter has none that the formula leaves out.
    if isinstance(args[-1], dict):
        parts = {k: 0 * getattr(v, "detach", lambda: v)() for k, v in args[-1].items()}
        return [*args[:-1], args[-1] | {"B1": parts["B1"]}]
    return [*args[:-1], 0 * getattr(args[-1], "detach", lambda: args[-1])()]


def numbers(value):
    return each(lambda v: v.tolist() if hasattr(v, "tolist") else v, value)


def no_tensor(value):
    if hasattr(value, "detach"):
        raise TypeError("expected np.ndarray (got Tensor)")
    return value


def a_tensor(value):
    if type(value).__name__ == "ndarray":
        raise AttributeError("'numpy.ndarray' object has no attribute 't'")
    return value


def moved(value, args):
    for arg in args:
        if type(arg).__name__ == "ndarray":
            arg += 1
    return negative(value)
"""


@dataclass(frozen=True)
class Honest:
    """A right submission in which the function `wrong` is wrong."""

    slug: str
    style: str
    wrong: str
    how: str
    text: str

    @property
    def later(self) -> list[str]:
        """The functions that build on the wrong one, and are right."""
        needs = load(self.slug).settings.needs
        return [function for function in needs if self.wrong in needs[function]]


def honest(slug: str) -> Iterator[Honest]:
    """Yield each mistake of each earlier function in each style of the corpus where it fits."""
    assignment = load(slug)
    earlier = {need for needs in assignment.settings.needs.values() for need in needs}
    solution = solution_of(slug)
    for path in sorted((corpus_of(slug) / "right").glob("*.py")):
        style = path.read_text("utf-8")
        for wrong in assignment.functions:
            if wrong not in earlier or _place(style, wrong) is None:
                continue
            for how, body in ACCIDENTS.items():
                if not (body and wrong[0].isupper()):
                    yield accident(slug, path.stem, wrong, how)
            for known in assignment.misconceptions:
                for variant in known.variants:
                    if variant.function == wrong:
                        try:
                            source = _definition(apply(solution, [variant]), wrong)
                        except AuthoringError:
                            continue
                        text = _replaced(style, wrong, f"{_imports(solution)}\n{source}")
                        yield Honest(slug, path.stem, wrong, known.id, text)


def accident(slug: str, style: str, wrong: str, how: str) -> Honest:
    """Return a style of the corpus with an accident in one of its functions."""
    text = (corpus_of(slug) / "right" / f"{style}.py").read_text("utf-8")
    return Honest(slug, style, wrong, how, _wrapped(text, wrong, ACCIDENTS[how]))


def fits(run: Run, slug: str, style: str, wrong: str) -> bool:
    """Tell whether a style is right with the solution's own text of a function."""
    solution = solution_of(slug)
    source = f"{_imports(solution)}\n{_definition(solution, wrong)}"
    path = corpus_of(slug) / "right" / f"{style}.py"
    result = run.grade(submission(slug, _replaced(path.read_text("utf-8"), wrong, source))).result
    return result.score == result.max_score


def _place(text: str, name: str, *, last: bool = False) -> tuple[int, int] | None:
    """Return the lines of the only (or the last) definition of a function at the top of a file."""
    found = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name
    ]
    if len(found) != 1 and not (found and last):
        return None
    first = min([found[-1].lineno, *[line.lineno for line in found[-1].decorator_list]])
    return first - 1, found[-1].end_lineno or first


def _definition(text: str, name: str) -> str:
    # A mistake that replaces a function is written below it.
    start, end = _place(text, name, last=True) or (0, 0)
    return "\n".join(text.splitlines()[start:end])


def _imports(text: str) -> str:
    nodes = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(node) for node in nodes)


def _replaced(text: str, name: str, source: str) -> str:
    start, end = _place(text, name) or (0, 0)
    lines = text.splitlines()
    return "\n".join([*lines[:start], source, *lines[end:]]) + "\n"


def _wrapped(text: str, name: str, body: str) -> str:
    start, end = _place(text, name) or (0, 0)
    lines = text.splitlines()
    if not body:
        return "\n".join([*lines[:start], *lines[end:]]) + "\n"
    around = (
        f"_right_{name} = {name}\n\n\ndef {name}(*args, right=_right_{name}, **kwargs):\n{body}"
    )
    return "\n".join([*lines[:end], _TOOLS, around, *lines[end:]]) + "\n"


def unfair(example: Honest, result: Result) -> float:
    """Return the points that right later functions lose beside a wrong earlier one's."""
    if score_of(result, example.wrong)[0] == score_of(result, example.wrong)[1]:
        return 0.0  # it has lost nothing itself: the mistake costs points once, in a later one
    lost = [score_of(result, later) for later in example.later]
    return sum(maximum - got for got, maximum in lost)


def table(run: Run, slugs: Sequence[str], step: int = 1) -> Iterator[str]:
    """Yield the lines of the table, with each honest submission or one in so many."""
    count, once, bad, worst = 0, 0, 0, 0.0
    known: dict[tuple[str, str, str], bool] = {}
    for slug in slugs:
        for example in itertools.islice(honest(slug), 0, None, step):
            key = (slug, example.style, example.wrong)
            if example.how not in ACCIDENTS:
                if key not in known:
                    known[key] = fits(run, *key)
                if not known[key]:
                    continue
            result = run.grade(submission(slug, example.text)).result
            count += 1
            own = score_of(result, example.wrong)
            once += own[0] == own[1] and result.score < result.max_score
            lost = unfair(example, result)
            if lost > 0:
                bad, worst = bad + 1, max(worst, lost)
                yield f"  unfair: {slug}/{example.style}: {example.wrong} {example.how}: -{lost:g}"
    yield (
        f"honest: {bad} of {count} unfair, by {worst:g} at most; "
        f"in {once} the later function alone shows the mistake"
    )
    paid = []
    chosen = [attack for attack in DISHONEST if attack.slug in slugs]
    for attack in chosen:
        result = run.grade(submission(attack.slug, attack.text)).result
        points = sum(score_of(result, name)[0] for name in attack.not_right)
        if points:
            paid.append(f"{attack.slug}: {attack.name}: {points:g}")
    yield from (f"  paid: {line}" for line in paid)
    yield f"dishonest: {len(paid)} of {len(chosen)} paid"


class _Watch:
    """Counts runs again: their milliseconds, and functions that fail and ask for nothing."""

    def __init__(self) -> None:
        self.spent: list[float] = []
        self.silent: list[str] = []
        self._asked: set[str] = set()

    def __enter__(self) -> _Watch:
        self._kept = Substitution.try_again, BoundedQuestions.answer

        def timed(again: Substitution, function: str, findings: Findings) -> None:
            needs = findings.assignment.settings.needs.get(function, ())
            self._asked.clear()
            if chosen := tuple(findings.wrong(needs)):
                again._oracle.substituted(function, chosen)  # once a run, not for each submission
            began = time.perf_counter()
            self._kept[0](again, function, findings)
            self.spent.append(1000 * (time.perf_counter() - began))
            if chosen and findings.failed(function) and not self._asked & set(chosen):
                self.silent.append(function)

        def answer(questions: BoundedQuestions, call: Call, question: Any) -> Answer | None:
            self._asked.add(str(question["function"]))
            return self._kept[1](questions, call, question)

        Substitution.try_again = timed  # type: ignore[assignment,method-assign]
        BoundedQuestions.answer = answer  # type: ignore[assignment,method-assign]
        return self

    def __exit__(self, *args: object) -> None:
        Substitution.try_again = self._kept[0]  # type: ignore[method-assign]
        BoundedQuestions.answer = self._kept[1]  # type: ignore[method-assign]


def prices(run: Run, slugs: Sequence[str]) -> Iterator[str]:
    """Yield the milliseconds that stand-ins add to wrong submissions, and where they do not help.

    These are milliseconds on the wall, so other work on the machine makes them more. A function
    that fails and asks no stand-in may have the wrong formula a second time.
    """
    spent: dict[str, float] = {}
    silent: list[str] = []
    for slug in slugs:
        for path in sorted((corpus_of(slug) / "wrong").glob("*.py")):
            with _Watch() as watch:
                result = run.grade(submission(slug, path.read_text("utf-8"))).result
            spent[f"{slug}/{path.stem}"] = sum(watch.spent)
            for function in watch.silent:
                got, maximum = score_of(result, function)
                silent.append(f"{slug}/{path.stem}: {function}: -{maximum - got:g}")
    some = [milliseconds for milliseconds in spent.values() if milliseconds > 1] or [0.0]
    median = statistics.median(spent.values())
    yield (
        f"price: median {median:.0f} ms of all {len(spent)} wrong submissions of the corpora, "
        f"{statistics.median(some):.0f} ms of the {len(some)} with a run again; the dearest are"
    )
    dearest = sorted(spent, key=spent.__getitem__)[: -_DEAREST - 1 : -1]
    yield from (f"  {spent[name]:.0f} ms: {name}" for name in dearest)
    yield from (f"  silent: {line}" for line in silent)
    yield f"silent: {len(silent)} functions of {len(spent)} files fail and ask for no right value"


def main(arguments: Sequence[str]) -> None:
    """Print the table; `--every 17` takes one honest submission in 17."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.carrying")
    parser.add_argument("slugs", nargs="*", metavar="slug")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args(arguments)
    slugs = options.slugs or SLUGS
    with Run(slugs, "carrying") as run:
        for line in itertools.chain(table(run, slugs, options.every), prices(run, slugs)):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
