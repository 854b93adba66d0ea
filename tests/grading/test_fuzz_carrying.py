"""Errors carried forward from functions that do anything: grading ends, and nobody gains or loses.

Functions are the solution's, or odd ones that return anything of any shape, raise, end the process,
never end, or change their arguments, for all arguments or for some. `make fuzz` looks for long.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradpath.cohort.run import Run
from gradpath.course.master import solution_of
from gradpath.course.settings import read_settings
from gradpath.grading.results import MAX_MESSAGE, MAX_RESULT, CheckResult
from gradpath.worker.limits import Limits
from tests.conftest import SLUGS, submission
from tests.support.fuzzing import workers

CARRIED = "no points are lost twice"
LIMITS = Limits(call_seconds=1.0, submission_seconds=8.0, memory_mb=512)
ENDS = 120.0
"""Seconds on the wall for one submission; the machine may be busy."""
CARRYING = [slug for slug in SLUGS if read_settings(slug).needs]
NEIGHBOURS = {slug: min(read_settings(slug).needs.values())[0] for slug in CARRYING} | {
    "mse_sweep": "forward",
    "hand_gradients": "predict",
    "rosenbrock": "rosenbrock",
    "linear_regression": "model",
    "hidden_layer": "forward",
}
"""A function that others build on, which is wrong in the submission that comes next."""

Bodies = dict[str, str]
"""The lines of each function that is not the solution's; `right` is the solution's there."""

_VALUES = [
    *("None", "True", "0", "1", "-0.0", "0.5", "1e9", "-1e30", "1e308", "10**400", "2**63", "1j"),
    *("float('nan')", "float('inf')", "-float('inf')", "''", "'1.5'", "b'1'", "...", "object()"),
    *("[]", "()", "{}", "set()", "{'losses': []}", "range(5)", "(n for n in args)", "print"),
    *(
        "args",
        "args[0]",
        "args[-1]",
        "list(args)",
        "[args, args]",
        "kwargs",
        "right",
        "type(right)",
    ),
    *("np.array(3.5)", "np.zeros(0)", "np.ones((1, 1))", "np.ones((3, 1, 2))", "np.ones(7, 'f4')"),
    *("np.full(5, np.nan)", "np.array([None, 1])", "np.array('text')", "np.ones(3, 'c16')"),
    *("np.ma.masked", "np.datetime64('now')", "np.zeros((3_000, 400))", "np.zeros(40_000)"),
    *("np.broadcast_to(1.0, (1_000, 900))", "[0.0] * 300_000", "[[]] * 5_000", "'x' * 100_000"),
    *("torch.tensor(2.5)", "torch.ones(3, 1)", "torch.ones(2, requires_grad=True)", "torch.nn"),
    *("torch.zeros(1).expand(900_000)", "torch.empty(3, device='meta')", "torch.ones(2).int()"),
    *("torch.ones(3).to_sparse()", "torch.nn.Linear(2, 2)", "torch.full((4,), float('nan'))"),
    *("right(*args, **kwargs)", "right(*args[::-1])", "right(*args[:1])", "globals()", "loop()"),
]
_WRAPPED = [
    *("{}", "-{}", "2 * {}", "{} + 1e-3", "0 * {}", "[{}]", "({}, {})", "{{'w': {}}}", "float({})"),
    *("np.asarray({})", "np.float32({})", "{}.item()", "{}.detach()", "{}.detach().numpy()"),
    *("{}.clone().requires_grad_()", "{}.reshape(-1, 1)", "{}.sum()", "{}.T", "{}.tolist()"),
    *("torch.as_tensor({})", "{}.to(torch.float16)", "[{}] * 3", "{}[:-1]", "{}[0]", "lambda: {}"),
    *("Odd({})", "iter({})", "np.asarray({}, object)", "{}.astype('i8')", "{} if n % 2 else None"),
]
_ACTS = [
    *("", "", "", "args[0][...] = 7", "args[0] *= 0", "args[-1].zero_()", "args[0].clear()"),
    *("args[0].append(1e9)", "args[0].resize(90_000, refcheck=False)", "args[0].requires_grad_()"),
    *(
        "args[0].grad = None",
        "[p.data.fill_(1) for p in args[0].parameters()]",
        "args[1].update(x=1)",
    ),
    *("raise ValueError('x' * 9_000)", "raise NotImplementedError", "raise SystemExit(0)"),
    *("raise KeyboardInterrupt", "raise Odd(1)", "raise GeneratorExit", "raise MemoryError"),
    *("return loop()", "os._exit(0)", "os._exit(1)", "os.kill(os.getpid(), 9)", "os.abort()"),
    *("while True: pass", "time.sleep(60)", "print('x' * 100_000)", "print('x' * 40_000_000)"),
    *("sys.settrace(lambda *a: None)", "globals().clear()", "sys.modules.clear()", "os.fork()"),
    *("[threading.Thread(target=time.sleep, args=[9]).start() for _ in range(3)]", "gc.collect()"),
    *("torch.set_grad_enabled(False)", "torch.manual_seed(n)", "np.seterr(all='raise')"),
    *("torch.set_default_dtype(torch.float16)", "[os.write(fd, b'\\xff' * 99) for fd in (3, 4)]"),
    *("os.read(3, 99)", "os.close(3)", "bytearray(1 << 29)", "sys.setrecursionlimit(50)"),
    *("globals().update(train=right, loss=right)", "numbers.clear()", "numbers.append(args)"),
    *("del globals()['right_' + 'loss']", "inspect.currentframe().f_back.f_locals.clear()"),
]
_SOMETIMES = ["", "", "", "if n > 1: ", "if n == 3: ", "if n % 2: ", "if n > 20: "]

HEAD = """
import gc, inspect, os, sys, threading, time, zlib
import numpy as np
import torch

numbers = []


class Odd(Exception):
    def __str__(self):
        raise self

    def __len__(self):
        return -1

    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        raise SystemExit

    shape = dtype = property(lambda self: loop())


def loop():
    return loop()
"""
FUNCTION = """

right_{name} = {name}


def {name}(*args, right=right_{name}, **kwargs):
    # Not the number of the call: a function that counts is another one where it is called less.
    n = zlib.crc32(repr(args).encode()) % 24
    return odd_{name}(n, right, args, kwargs)


def odd_{name}(n, right, args, kwargs):
{body}
"""


@st.composite
def _bodies(draw: st.DrawFn) -> str:
    acts = [
        draw(st.sampled_from(_SOMETIMES)) + act
        for act in draw(st.lists(st.sampled_from(_ACTS), max_size=2))
        if act
    ]
    value = draw(st.sampled_from(_VALUES))
    for wrap in draw(st.lists(st.sampled_from(_WRAPPED), max_size=2)):
        value = wrap.format(*[f"({value})"] * wrap.count("{}"))
    first = draw(st.sampled_from(["", "", "if n <= 3: return right(*args, **kwargs)"]))
    return "\n".join([*filter(None, [first]), *acts, f"return {value}"])


@st.composite
def _submissions(draw: st.DrawFn) -> tuple[str, Bodies]:
    slug = draw(st.sampled_from(CARRYING))
    needs = read_settings(slug).needs
    earlier = sorted({name for names in needs.values() for name in names})
    names = draw(st.sets(st.sampled_from(earlier), min_size=1))
    if draw(st.integers(0, 3)) == 0:
        names.add(draw(st.sampled_from(sorted(needs))))
    return slug, {name: draw(_bodies()) for name in sorted(names)}


def source_of(slug: str, bodies: Bodies) -> str:
    """Return the solution with some of its functions replaced."""
    parts = [solution_of(slug), HEAD]
    for name, body in bodies.items():
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        parts.append(FUNCTION.format(name=name, body=lines))
    return "\n".join(parts)


class Bench:
    """One run for all examples, and the neighbour's result before the first of them."""

    def __init__(self, run: Run) -> None:
        """Shorten the limits of the run's assignments."""
        self.run = run
        for slug, assignment in run.assignments.items():
            settings = msgspec.structs.replace(assignment.settings, limits=LIMITS)
            run.assignments[slug] = replace(assignment, settings=settings)
        self.alone = functools.cache(lambda *given: self.checks(given[0], dict(given[1:])))
        self.neighbour = functools.cache(self.neighbours_checks)

    def checks(self, slug: str, bodies: Bodies) -> dict[str, CheckResult]:
        """Grade a submission; return its checks by their ids, which are as they have to be."""
        began = time.monotonic()
        result = self.run.grade(submission(slug, source_of(slug, bodies))).result
        assert time.monotonic() - began < ENDS
        assert self.run.problems == []
        assert len(msgspec.json.encode(result)) <= MAX_RESULT
        for text in (result.message, *(check.message for check in result.checks)):
            assert len(text.encode()) <= MAX_MESSAGE
            assert text.replace("\n", "").isprintable()
        return {check.id: check for check in result.checks}

    def neighbours_checks(self, slug: str) -> dict[str, CheckResult]:
        """Grade somebody with a wrong sign in a function that others build on."""
        return self.checks(slug, {NEIGHBOURS[slug]: "return -right(*args)"})

    def try_out(self, slug: str, bodies: Bodies) -> None:
        """Grade a submission and its neighbour."""
        before = self.neighbour(slug)
        for check in self.checks(slug, bodies).values():
            name, _, _ = check.id.partition(".")
            if CARRIED in check.message and name in bodies:
                # The others are right in its run again: it has no more than it would have then.
                alone = self.alone(slug, (name, bodies[name]))
                assert alone[check.id].outcome == "passed", check
        assert self.neighbours_checks(slug) == before


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Run(SLUGS, "test-secret") as run:
        yield Bench(run)


@pytest.mark.slow
@workers
@given(_submissions())
def test_functions_that_do_anything(bench: Bench, odd: tuple[str, Bodies]) -> None:
    bench.try_out(*odd)
