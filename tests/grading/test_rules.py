"""Static rules: the names that a function's code must not use."""

from __future__ import annotations

import pytest

from gradpath.course.checks import AUTOGRAD, INSIDE, OPTIMIZERS
from gradpath.grading.rules import ModuleSource


def module(*cells: str) -> ModuleSource:
    return ModuleSource((f"cell {number}", text) for number, text in enumerate(cells, 1))


def used(text: str, *forbidden: str, apart: tuple[str, ...] = ()) -> str | None:
    """Return the forbidden name that the function `f` uses first, with its line."""
    use = module(text).find("f", forbidden or (*AUTOGRAD, *OPTIMIZERS), apart)
    return f"{use.name}:{use.line}" if use else None


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("def f(x):\n    return x * 2", None),
        ("import torch\ndef f(x):\n    return torch.autograd.grad(x)", "torch.autograd.grad:3"),
        ("import torch as t\ndef f(x):\n    return t.autograd.grad(x)", "torch.autograd.grad:3"),
        ("from torch import autograd as a\ndef f(x):\n    a.x", "torch.autograd.x:3"),
        ("from torch.autograd import grad as g\ndef f(x):\n    g(x)", "torch.autograd.grad:3"),
        ("def f(x):\n    from torch.autograd import grad as g\n    g(x)", "torch.autograd.grad:3"),
        ("def f(x):\n    x.sum().backward()", "backward:2"),
        ("def f(x):\n    backward = x\n    return backward", None),
        ("def f(x, grad):\n    return grad", None),
        ("def f(x):\n    return x.grad", None),
        ("def f(x):\n    return x.autograd", None),
        ("grad = 3\ndef f(x):\n    return grad", None),
        ("import autograd_tools\ndef f(x):\n    autograd_tools.y", None),
        ("import torch\ndef f(x):\n    torch.no_grad()", None),
        ("import torch.optim\ndef f(x):\n    torch.optim.SGD(x)", "torch.optim.SGD:3"),
        ("import torch\ndef f(x):\n    autograd = torch.zeros(1)", None),
        ("import torch\nx = torch.autograd\ndef f(x):\n    return 1", None),
    ],
)
def test_names_count_as_they_were_imported(text: str, use: str | None) -> None:
    assert used(text) == use


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("def g(x):\n    x.backward()\ndef f(x):\n    g(x)", "backward:2"),
        ("def h(x):\n    x.backward()\ndef g(x):\n    h(x)\ndef f(x):\n    g(x)", "backward:2"),
        ("def g(x):\n    f(x)\n    x.backward()\ndef f(x):\n    g(x)", "backward:3"),
        ("def g(x):\n    x.backward()\ndef f(x):\n    return 1", None),
        ("def f(x):\n    f(x)", None),
        (
            "class g:\n    def h(self, x):\n        x.backward()\ndef f(x):\n    g().h(x)",
            "backward:3",
        ),
        ("async def g(x):\n    x.backward()\ndef f(x):\n    g(x)", "backward:2"),
        ("g = lambda x: x.backward()\ndef f(x):\n    g(x)", "backward:1"),
        ("a = b = lambda x: x.backward()\ndef f(x):\n    b(x)", "backward:1"),
        ("o.g = lambda x: x.backward()\ndef f(x):\n    g(x)", None),
        ("g = wrap(lambda x: x.backward())\ndef f(x):\n    g(x)", "backward:1"),
        ("def f(x):\n    x.backward()\nf = f(1)", "backward:2"),  # that does not take its place
        ("def f(x):\n    x.backward()\nf = lambda x: 1", None),
        ("def f(x):\n    x.backward()\nf = g", None),
        ("def f(x):\n    x.backward()\nf = o.g", None),
        ("def g(x):\n    x.backward()\ndef f(x):\n    g.x(x)", "backward:2"),
        (
            "def g(x): pass\ndef h(x):\n    x.backward()\ndef f(x):\n    g(x)\n    h(x)",
            "backward:3",
        ),
    ],
)
def test_helpers_count_with_the_function(text: str, use: str | None) -> None:
    assert used(text) == use


TORCH = "import torch\nfrom torch.autograd import Variable, grad\n"
NET = "class Net:\n    def backward(self, x):\n        return 2 * x\n"


@pytest.mark.parametrize(
    "text",
    [
        # A class of the student's own with a method of that name.
        f"{NET}def f(x):\n    return Net().backward(x)",
        f"{NET}net = Net()\ndef f(x):\n    return net.backward(x)",
        f"{NET}def f(x, net=Net()):\n    return net.backward(x)",
        # One method of a class whose others do other things.
        "class M:\n    def g(self, x):\n        return x\n    def train(self, x):\n"
        "        torch.autograd.grad(x)\ndef f(x):\n    return M().g(x)",
        "class M:\n    def g(self, x):\n        return x\n    def train(self, x):\n"
        "        grad(x)\nm = M()\ndef f(x):\n    return m.g(x)",
        # Parameters, variables and functions inside take a name from the module.
        "def f(x, grad):\n    return grad",
        "def f(x):\n    grad = 2 * x\n    return grad",
        "def f(x):\n    for grad in x:\n        print(grad)",
        "def f(x):\n    return [grad for grad in x]",
        "def f(x):\n    return (lambda grad: 2 * grad)(x)",
        "def f(x):\n    with x as grad:\n        return grad.a",
        "def f(x):\n    def grad(x):\n        return 2 * x\n    return grad(x)",
        "def f(x):\n    try:\n        return 1\n    except E as grad:\n        return grad",
        "def f(x):\n    match x:\n        case [grad, *_]:\n            return grad",
        "def f(x, *grad, **autograd):\n    return grad, autograd",
        "def grad(x):\n    return 2 * x\ndef f(x):\n    return grad(x)",
        "def g():\n    from torch.autograd import grad as q\ndef q(x):\n    return x\n"
        "def f(x):\n    return q(x)",
        # A variable of the module with the name of a parameter, or one that is a number.
        "w = torch.autograd.Variable(torch.ones(1))\ndef f(x, w):\n    return x * w",
        "w = Variable(torch.ones(1))\ndef f(x):\n    return x * w.item()",
        "w: Variable = Variable(torch.ones(1))\ndef f(x):\n    return x * w",
        "g = grad(loss(1), 2)[0]\ndef f(x):\n    return 2 * x if g > 0 else 2 * x",
        # An annotation runs nothing.
        "def f(x: Variable) -> torch.autograd.Variable:\n    y: Variable = 2 * x\n    return y",
    ],
)
def test_names_are_bound_by_scope(text: str) -> None:
    assert used(TORCH + text) is None


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("def f(x):\n    return grad(x)", "torch.autograd.grad:4"),
        ("def f(x):\n    'The slope.'\n    return grad(x)", "torch.autograd.grad:5"),
        ("import jax\nclass M:\n    def jax(self, x):\n        return x\ndef f(x):\n    jax(x)",
         "jax:8"),
        ("def f(x):\n    global grad\n    grad = grad(x)", "torch.autograd.grad:5"),
        ("def f(x):\n    return [grad(x) for y in x]", "torch.autograd.grad:4"),
        ("def f(x, g=grad):\n    return g(x)", "torch.autograd.grad:3"),
        ("def f(x):\n    def g(grad):\n        pass\n    return grad(x)", "torch.autograd.grad:6"),
        ("f = torch.func.grad(loss)", "torch.func.grad:3"),
        ("g = [grad]\ndef f(x):\n    return g[0](x)", "torch.autograd.grad:3"),
        ("g = partial(grad, 1)\ndef f(x):\n    return g(x)", "torch.autograd.grad:3"),
        ("g: C = partial(grad, 1)\ndef f(x):\n    return g(x)", "torch.autograd.grad:3"),
        (f"{NET}def f(x):\n    torch.Tensor.backward(x)", "torch.Tensor.backward:7"),
        ("class M:\n    def g(self, x):\n        self.h(x)\n    def h(self, x):\n"
         "        x.backward()\ndef f(x):\n    M().g(x)", "backward:7"),
        ("class M:\n    def __call__(self, x):\n        x.backward()\ndef f(x):\n    M()(x)",
         "backward:5"),
        ("class M(torch.autograd.Function):\n    pass\ndef f(x):\n    M.apply(x)",
         "torch.autograd.Function:3"),
        ("class A:\n    def g(self, x):\n        grad(x)\nclass B(A):\n    pass\nb = B()\n"
         "def f(x):\n    b.g(x)", "torch.autograd.grad:5"),
    ],
)  # fmt: skip
def test_what_a_function_calls_is_looked_at(text: str, use: str) -> None:
    assert used(TORCH + text) == use


def test_long_chains_of_names_and_deep_scopes_end() -> None:
    chain = "\n".join(f"a{number} = a{number + 1}" for number in range(1_000))
    assert used(f"{chain}\ndef f(x):\n    return a0") is None
    deep = "lambda a: " * 80 + "b"
    assert used(f"def f(x):\n    return {deep}") is None


def test_the_assignments_other_functions_have_rules_of_their_own() -> None:
    text = "def g(x):\n    x.backward()\ndef h(x):\n    pass\ndef f(x):\n    g(x)\n    h(x)"
    assert used(text, apart=("g",)) is None
    assert used(text, apart=("h",)) == "backward:2"


@pytest.mark.parametrize(
    ("chain", "found"),
    [
        ("torch.optim.SGD", True),
        ("torch.a.optim", False),
        ("torch." + "a." * 7 + "torch.optim", True),
        ("torch." + "a." * 8 + "torch.optim", True),
        ("torch." + "a." * 9 + "torch.optim", False),  # 11 points: nobody writes that
    ],
)
def test_long_chains_are_read_up_to_ten_points(chain: str, found: bool) -> None:
    text = f"import torch\ndef f(x):\n    return {chain}"
    assert (used(text, "torch.optim") is not None) == found


def test_a_function_that_is_not_there_uses_nothing() -> None:
    assert module("def g(x):\n    x.backward()").find("f", ("backward",), ()) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", False),
        ("def g(x):\n    return 1", False),
        ("def f(x):\n    return 1", True),
        ("def f(x):\n    raise NotImplementedError", False),
        ("def f(x):\n    'Text.'\n    raise NotImplementedError", False),
        ("def f(x):\n    'Text.'\n    'More.'\n    raise NotImplementedError", False),
        ("def f(x):\n    x += 1\n    raise ValueError", True),
        ("def f(x):\n    raise ValueError\n    x += 1", True),
        ("f = make()", True),
        ("def f(x):\n    print(x)\n    raise ValueError", True),
        ("def f(x):\n    3\n    raise ValueError", True),
        ("def f(x):\n    'Text.'", True),
        ("def f(x):\n    if x:\n        raise ValueError", True),
        ("f = max", True),
        ("class f:\n    raise NotImplementedError", True),
        ("class f:\n    pass", True),
    ],
)
def test_a_function_is_written_when_it_does_more_than_raise(text: str, written: bool) -> None:
    assert module(text).is_written("f") == written


def test_a_cell_that_is_no_python_is_left_out() -> None:
    source = module("import os, numpy.linalg as la", "def f(:", "def f(x):\n    return 1", "\0")
    assert source.imports == {"os", "numpy"}
    assert source.definitions["f"][0] == "cell 3"
    again = module("def f(x):\n    x.backward()", "def f(x):\n    return 1")
    assert again.find("f", ("backward",), ()) is None  # the last definition counts
    use = module("import math", "def f(x):\n    x.backward()").find("f", ("backward",), ())
    assert use is not None
    assert (use.cell, use.line) == ("cell 2", 2)


@pytest.mark.parametrize("text", ["(" * 10_000, "-" * 100_000 + "1", "x = '\ud800'"])
def test_source_that_is_too_much_for_the_parser_is_left_out(text: str) -> None:
    assert not module(text).definitions


@pytest.mark.parametrize(
    ("line", "use"),
    [
        ("return upstream * ctx.saved_tensors[0]", None),
        ("return torch.autograd.grad(x, y)", "torch.autograd.grad:6"),
        ("return torch.func.vjp(g, x)", "torch.func.vjp:6"),
        ("with torch.enable_grad(): pass", "torch.enable_grad:6"),
    ],
)
def test_a_class_of_autograds_own_may_have_a_backward(line: str, use: str | None) -> None:
    text = "import torch\nclass f(torch.autograd.Function):\n"
    text += "    @staticmethod\n    def forward(ctx, x): ctx.save_for_backward(x)\n"
    text += f"    def backward(ctx, upstream):\n        {line}\nf.backward"
    assert used(text, *INSIDE) == use
