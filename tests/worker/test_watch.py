"""The watched call: which ways to a derivative show, and which honest code does not."""

from __future__ import annotations

import ast
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
import torch

from gradpath.worker.protocol import Answer, Evidence
from gradpath.worker.substitutes import StandIns
from gradpath.worker.warmup import skip_compiler
from gradpath.worker.watch import AUTOGRAD, watch

pytestmark = pytest.mark.usefixtures("no_compiler")

FUNCTIONS = ("predict", "loss", "gradient", "train", "train_autograd")
BASE = """
import functools, importlib, operator, sys, threading
import numpy as np
import torch

def predict(x, w):
    return x * w

def loss(x, y, w):
    return (predict(x, w) - y) ** 2

def train(xs, ys, w, lr, epochs):
    return [2 * x * (x * w - y) for x, y in zip(xs, ys)]

def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, requires_grad=True)
    loss(xs[0], ys[0], w).backward()
    return [w.grad.item()]

def leaf(w):
    return torch.tensor(w, requires_grad=True)

"""
FUNC = "getattr(torch, 'func')"


@pytest.fixture(scope="module")
def no_compiler() -> None:
    skip_compiler()


def evidence(body: str, base: str = BASE) -> Evidence:
    """Watch `gradient(1.7, 4.3, 0.6)` with this body."""
    module = ModuleType("student")
    text = f"{base}def gradient(x, y, w):\n    {body}\n"
    exec(compile(text, "hand_gradients.py", "exec"), module.__dict__)
    function = module.__dict__["gradient"]
    return watch(module, FUNCTIONS, "gradient", function, [1.7, 4.3, 0.6])


@pytest.mark.parametrize(
    "body",
    [
        "w = leaf(w); getattr(loss(x, y, w), 'back' + 'ward')(); return w.grad.item()",
        "w = leaf(w); operator.methodcaller('back' + 'ward')(loss(x, y, w))",
        "w = leaf(w); exec('loss(x, y, w).back' 'ward()')",
        "w = leaf(w); return importlib.import_module('torch.auto' + 'grad').grad(loss(x, y, w), w)",
        "w = leaf(w); return sys.modules['torch.auto' + 'grad'].grad(loss(x, y, w), w)",
        "return train_autograd([x], [y], w, 0.1, 1)[0]",
        f"return {FUNC}.grad(loss, argnums=2)(x, y, torch.tensor(w)).item()",
        f"return {FUNC}.grad_and_value(loss, argnums=2)(x, y, torch.tensor(w))",
        f"return {FUNC}.jacrev(loss, argnums=2)(x, y, torch.tensor(w)).item()",
        "a = vars(torch)['auto' 'grad']; return a.functional.jacobian(predict, (leaf(x), leaf(w)))",
        "a = vars(torch)['auto' 'grad']; return a.functional.jvp(lambda v: loss(x, y, v), leaf(w))",
        "t = threading.Thread(target=loss(x, y, leaf(w)).backward); t.start(); t.join()",
    ],
)
def test_backward_passes_are_counted(body: str) -> None:
    found = evidence(body)
    assert found.backward > 0
    assert found.forward == 0


@pytest.mark.parametrize(
    "body",
    [
        f"return {FUNC}.jvp(lambda v: loss(x, y, v), (torch.tensor(w),), (torch.tensor(1.0),))[1]",
        "f = sys.modules['torch.auto' 'grad.forward_ad']\n    with f.dual_level():\n"
        "        d = f.make_dual(torch.tensor(w), torch.ones(()))\n"
        "        return f.unpack_dual(loss(x, y, d)).tangent",
    ],
)
def test_forward_mode_is_counted_apart(body: str) -> None:
    found = evidence(body)
    assert (found.backward, found.forward) == (0, 1)


def test_torch_has_the_functions_that_are_counted() -> None:
    known: dict[tuple[str, str], list[Any]] = {
        ("torch/autograd/graph.py", "_engine_run_backward"): [
            torch.autograd.graph._engine_run_backward,
            vars(torch.autograd)["_engine_run_backward"],
        ],
        ("torch/autograd/forward_ad.py", "enter_dual_level"): [
            torch.autograd.forward_ad.enter_dual_level
        ],
    }
    assert known.keys() == AUTOGRAD.keys()
    for (file, name), functions in known.items():
        for function in functions:
            assert function.__code__.co_name == name
            assert function.__code__.co_filename.replace("\\", "/").endswith(file)


@pytest.mark.parametrize(
    "body",
    [
        "w = torch.nn.Parameter(torch.tensor(w)); torch.optim.SGD([w], lr=0.1).step()",
        "o = importlib.import_module('torch.op' 'tim'); o.Adam([leaf(w)])",
    ],
)
def test_optimizers_are_counted(body: str) -> None:
    assert evidence(body).optimizer > 0


@pytest.mark.parametrize(
    ("body", "shifted"),
    [
        ("return (loss(x, y, w + 1) - loss(x, y, w - 1)) / 2", ["loss", "predict"]),
        ("h = 1e-8; return (loss(x, y, w + h) - (x * w - y) ** 2) / h", ["loss", "predict"]),
        ("return loss(x, y, w + 1e-20j).imag / 1e-20", ["loss", "predict"]),
        ("return ((predict(x, w + 1) - y) ** 2 - (predict(x, w - 1) - y) ** 2) / 2", ["predict"]),
        ("f = loss; return f(x, y, w=w * 1.001)", ["loss", "predict"]),
        ("f = functools.partial(loss, x, y); return (f(w + 1) - f(w - 1)) / 2",
         ["loss", "predict"]),
        ("return loss(x, y, np.array([w - 1, w, w + 1])) @ [-0.5, 0, 0.5]", ["loss", "predict"]),
        ("return np.polyfit([0, 1, -1], [loss(x, y, v) for v in (0.0, 1.0, -1.0)], 2)",
         ["loss", "predict"]),
        ("return train([x], [y], w, 0.25, 1)[0]", ["train"]),
    ],
)  # fmt: skip
def test_calls_with_other_numbers_show(body: str, shifted: list[str]) -> None:
    assert evidence(body).shifted == shifted


@pytest.mark.parametrize(
    ("body", "entered"),
    [
        ("return 2 * x * (x * w - y)", []),
        ("return 2 * x * (predict(x, w) - y)", ["predict"]),
        ("if loss(x, y, w) == 0:\n        return 0.0\n    return 2 * x * (predict(x, w) - y)",
         ["loss", "predict"]),
        ("return [2 * a * (predict(a, w) - b) for a, b in zip([x], [y])]", ["predict"]),
        ("x, y, w = map(np.float32, (x, y, w)); return 2 * x * (predict(x, w) - y)", ["predict"]),
        ("x, y, w = map(torch.tensor, (x, y, w)); return 2 * x * (predict(x, w) - y)", ["predict"]),
        ("p = predict(x=np.array([[x], [1.0]]), w=w)[0]; return 2 * x * (p - y)", ["predict"]),
        ("def q(w):\n        return (x * w - y) ** 2\n    return (q(w + 1) - q(w - 1)) / 2", []),
    ],
)  # fmt: skip
def test_honest_calls_do_not_show(body: str, entered: list[str]) -> None:
    assert evidence(body) == Evidence(entered=entered)


def test_functions_are_known_behind_decorators_and_as_lambdas() -> None:
    base = BASE.replace("def predict", "@functools.lru_cache\ndef predict")
    assert evidence("return predict(x, w)", base).entered == ["predict"]
    base = BASE + "predict = lambda x, w: x * w\n"
    assert evidence("return predict(x, w)", base).entered == ["predict"]
    base = BASE + "class train:\n    def __init__(self, x):\n        pass\n"
    assert evidence("train(x)", base).entered == ["train"]


def test_code_that_several_functions_share_is_none_of_them() -> None:
    shown = """
def shown(function):
    def inner(*args):
        return function(*args)
    return inner
loss, train = shown(loss), shown(train)
"""
    assert evidence("return loss(x, y, w)", BASE + shown).entered == ["loss", "predict"]
    made = """
def make(sign):
    def walk(*args):
        return sign
    return walk
train, train_autograd = make(1), make(2)
"""
    assert evidence("return train(x)", BASE + made).entered == []


def test_values_that_cannot_be_read_stop_nothing() -> None:
    odd = "type('Odd', (), {'__getattr__': lambda self, name: 1 / 0, '__rmul__': lambda s, o: 0})()"
    assert evidence(f"return predict(x, {odd})").entered == ["predict"]
    assert evidence("q = []; q.append(q); return predict(2, q)").entered == ["predict"]


def test_the_hook_is_gone_afterwards() -> None:
    with pytest.raises(ZeroDivisionError):
        evidence("return 1 / 0")
    assert sys.getprofile() is None


def test_stand_ins_are_known_by_the_name_of_their_function() -> None:
    module = ModuleType("student")
    answer = Answer("plain", {"0": 1.02})
    stand_ins = StandIns(module, ["predict"], False, lambda question: answer)
    text = """
def predict(x, w):
    return x
def loss(x, y, w):
    return (predict(x, w) - y) ** 2
def gradient(x, y, w):
    return 2 * x * (predict(x, w) - y) + loss(predict(x, w), y, w) + 0 * predict(x, w + 1)
"""
    for statement in ast.parse(text).body:
        body = ast.Module(stand_ins.replace(statement), [])
        exec(compile(body, "hand_gradients.py", "exec"), module.__dict__)
    stand_ins.begin()
    found = watch(module, FUNCTIONS, "gradient", module.__dict__["gradient"], [1.7, 4.3, 0.6])
    assert found == Evidence(entered=["loss", "predict"], shifted=["predict"])


def test_a_call_without_torch_does_not_import_it() -> None:
    code = (
        "import sys, types; from gradpath.worker.watch import watch; m = types.ModuleType('m');"
        "print(watch(m, (), 'f', abs, [1]).backward, 'torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "0 False\n"
