"""Evidence in the source for names that an exception suggests."""

from __future__ import annotations

import textwrap

import pytest

from gradpath.grading.evidence import EVIDENCE, shows
from gradpath.grading.rules import ModuleSource

LOOP = "w = torch.tensor(w, requires_grad=True)\nfor x in xs:\n    "


def found(body: str, rest: str = "") -> set[str]:
    """Return all evidence in a function `train` with this body, in a module with this rest."""
    text = f"def train(xs, w):\n{textwrap.indent(body, '    ')}\n{rest}\n"
    definitions = ModuleSource([("hand_in.py", text)]).definitions
    return {name for name in EVIDENCE if shows(definitions, "train", name)}


@pytest.mark.parametrize(
    "line",
    [
        "w = w - lr * w.grad",
        "g = w.grad\n    w = w - lr * g",
        "w, b = w - lr * w.grad, b - lr * b.grad",
        "self.w = self.w - lr * self.w.grad",
        "p['w'] = p['w'] - lr * p['w'].grad",
        "params = [p - lr * p.grad for p in params]",
        "w = step(w, w.grad)",
    ],
)
def test_a_tensor_that_is_replaced(line: str) -> None:
    assert found(f"{LOOP}loss(w, x).backward()\n    {line}") == {"replaced"}


@pytest.mark.parametrize(
    "line",
    [
        "w -= lr * w.grad",
        "w.data = w.data - lr * w.grad.data",
        "w = w.detach().requires_grad_()",
        "w.grad = w.grad * 0.5",
        "step = lr * w.grad\n    w.sub_(step)",
        "total = total + loss(w, x)",
    ],
)
def test_a_tensor_that_stays(line: str) -> None:
    assert found(f"{LOOP}loss(w, x).backward()\n    {line}") == set()


@pytest.mark.parametrize(
    "lines",
    ["w.grad.zero_()", "w.grad.data.zero_()", "g = w.grad + 0", "float(w.grad)"],
)
def test_a_gradient_that_is_read_before_there_is_one(lines: str) -> None:
    rest = "\n    loss(w, x).backward()\n    w = w - lr * w.grad"
    assert found(f"{LOOP}{lines}{rest}") == {"read too early"}


@pytest.mark.parametrize(
    "lines",
    [
        "if w.grad is not None:\n        w.grad.zero_()\n    l.backward()",
        "w.grad = None\n    l.backward()",
        "(g,) = torch.autograd.grad(l, w)\n    w.grad",
        "l.backward()\n    w.grad.zero_()",
        "w.dtype\n    l.backward()",
        "w.grad.zero_()",  # nothing fills it at all, which is another mistake
    ],
)
def test_a_gradient_that_may_be_read(lines: str) -> None:
    assert "read too early" not in found(f"{LOOP}{lines}")


@pytest.mark.parametrize(
    ("body", "untracked"),
    [
        ("w = torch.tensor(w)\nloss(w).backward()", True),
        ("w = torch.tensor(w, requires_grad=False)", True),
        ("w = torch.tensor(w, requires_grad=True)", False),
        ("w = torch.tensor(w).requires_grad_()", False),
        ("w.requires_grad = True", False),
        ("w = torch.nn.Parameter(w)", False),
        ("w = Variable(w)", False),
        ("model = Model()", False),
        ("w = tracked(w)", False),
    ],
)
def test_nothing_asks_for_a_gradient(body: str, untracked: bool) -> None:
    rest = """
class Model(nn.Module):
    pass

def tracked(w):
    return torch.tensor(w, requires_grad=True)
"""
    assert ("untracked" in found(body, rest)) == untracked


@pytest.mark.parametrize(
    ("lines", "copy"),
    [
        ("with torch.no_grad():\n        l = loss(w, x)\n    l.backward()", True),
        ("l = loss(w, x).detach()\n    l.backward()", True),
        ("l = loss(w, x)\n    l = l.item()\n    l.backward()", True),
        ("l = loss(w, x)\n    l.backward()\n    with torch.no_grad():\n        w -= w.grad", False),
        ("l = loss(w, x)\n    l.backward()\n    v = l.item()", False),
        ("with torch.no_grad():\n        v = loss(w, x)\n    loss(w, x).backward()", False),
        ("with torch.no_grad():\n        v = []\n        v.append(x)\n    l.backward()", False),
    ],
)
def test_backward_starts_from_a_copy(lines: str, copy: bool) -> None:
    assert ("copy of the loss" in found(f"{LOOP}{lines}")) == copy


W = "w = torch.tensor(w, requires_grad=True)\n"
STEP = "\nfor _ in xs:\n    loss(w, b).backward()\n    w.data -= lr * w.grad\n    "


@pytest.mark.parametrize(
    ("body", "one"),
    [
        (f"{W}b = torch.tensor(b){STEP}b.data -= lr * b.grad", True),
        (f"b = torch.tensor(b)\n{W}{STEP}b.grad.zero_()", True),
        ("w, b = torch.tensor(w).requires_grad_(), torch.tensor(b)\nb.grad", True),
        ("w, b = (torch.tensor(w), torch.tensor(b))\nw.requires_grad = True\nb.grad", True),
        (f"{W}b = torch.zeros(1)\ndw, db = torch.autograd.grad(loss(w, b), [w, b])", True),
        (f"{W}b = torch.zeros(1)\nfor p in (w, b):\n    p -= lr * p.grad", True),
        ("b = torch.tensor(b)\nw = nn.Parameter(w)\nb.grad", True),
        ("return {'W': torch.randn(3, requires_grad=True), 'B': torch.randn(3)}", True),
        (f"{W}b = torch.tensor(b, requires_grad=True){STEP}b.data -= lr * b.grad", False),
        (f"{W}b = torch.tensor(b)\nb.requires_grad_(){STEP}b.data -= lr * b.grad", False),
        (f"{W}x = torch.tensor(xs){STEP}w.grad = None", False),
        (f"{W}x = torch.tensor(xs)\nprint(x.dtype, x.shape)", False),
        ("w, *b = torch.tensor(w), 1, 2", False),
        (f"{W}x = torch.tensor(xs)\nreturn {{'losses': x, 'w': w.detach()}}", False),
        ("w = torch.tensor(w)\nb = torch.tensor(b)\nb.grad", False),  # none of them
        ("w, b = (torch.tensor(v, requires_grad=True) for v in (w, b))\nb.grad", False),
    ],
)
def test_one_of_two_asks_for_a_gradient(body: str, one: bool) -> None:
    assert ("one untracked" in found(body)) == one


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("total += loss(w, x)\n    total.backward(retain_graph=True)", True),
        ("total = total + loss(w, x)\n    total.backward(retain_graph=True)", True),
        ("value.backward(retain_graph=True)", True),  # made before the loop
        ("l = loss(w, x)\n    l.backward(retain_graph=True)", False),
        ("loss(w, x).backward(retain_graph=True)", False),
        ("a = z = 2 * x\n    total += a\n    total.backward(retain_graph=True)", True),
        ("total += loss(w, x)\n    total.backward()", False),
        ("value.backward(inputs=[w])", False),
        ("autograd.grad(value, w, retain_graph=True)", False),
        ("total += loss(w, x)\n    total.backward(retain_graph=False)", False),
        (
            "l = 0\n    for y in ys:\n        l += x * y\n        l.backward(retain_graph=True)",
            True,
        ),
    ],
)
def test_a_graph_that_is_kept_and_gone_through_again(lines: str, kept: bool) -> None:
    assert ("kept graph" in found(f"{LOOP}{lines}")) == kept


def test_two_calls_of_backward() -> None:
    one = f"{LOOP}l.backward()"
    assert "two backwards" in found(f"first.backward()\n{one}")
    assert "two backwards" in found(f"first.backward()\nsecond.backward()\n{one}")
    assert "two backwards" not in found(one)


def test_an_order_that_is_drawn() -> None:
    assert "shuffled" in found("random.shuffle(xs)")
    assert "shuffled" in found("return mixed(xs)", "def mixed(xs):\n    return xs[randperm(3)]")
    assert "shuffled" not in found("random.seed(1)\nreturn sorted(xs)")


def test_a_difference_quotient() -> None:
    assert "quotient" in found("return (loss(w + h) - loss(w)) / h")
    assert "quotient" in found("return slope(w)", "def slope(w):\n    return w / 2")
    assert "quotient" not in found("return 2 * xs * (xs * w - 1)")


def test_differences_of_a_function_s_values() -> None:
    loss = "def loss(w):\n    return w * w"
    assert "differences" in found("return (loss(w + h) - loss(w)) / h", loss)
    inner = "f = lambda v: v * v\nw[0] += h\nup = f(w)\nw[0] -= h\nreturn (up - f(w)) / h"
    assert "differences" in found(inner)
    assert "differences" not in found("return (loss(w) - xs) / len(xs)", loss)
    assert "differences" not in found("return loss(w) + loss(xs), sum(xs) - sum(w)", loss)


@pytest.mark.parametrize(
    ("arguments", "order", "swapped"),
    [("xs, w", "order: xs w", False), ("w, xs", "order: xs w", True), ("w, a", "order: a w", True)],
)
def test_arguments_in_another_order(arguments: str, order: str, swapped: bool) -> None:
    helper = "def step(w, xs):\n    return w\n"  # its order is its own matter
    text = f"def train({arguments}):\n    return step(1, 2)\n{helper}"
    definitions = ModuleSource([("f.py", text)]).definitions
    assert shows(definitions, "train", order) == swapped


@pytest.mark.parametrize(
    ("body", "unused"),
    [
        ("for _ in range(1000):\n    step(xs)", True),
        ("w = 1000\nfor _ in range(w):\n    step(xs)", True),
        ("for _ in range(w):\n    step(xs)", False),
        ("a = z = 3\nfor _ in range(w):\n    step(xs)", False),
        ("w = int(w)\nwhile w:\n    w -= 1", False),
        ("return steps(xs, count=w)", False),
    ],
)
def test_an_argument_that_is_not_used(body: str, unused: bool) -> None:
    text = f"def train(xs, w):\n{textwrap.indent(body, '    ')}\ndef step(w):\n    return w\n"
    definitions = ModuleSource([("hand_in.py", text)]).definitions
    assert shows(definitions, "train", "unused: w") is unused
    assert not shows(definitions, "train", "unused: epochs")


@pytest.mark.parametrize(
    ("line", "evidence"),
    [
        ("loss = nn.MSELoss(xs, w)", {"criterion called"}),
        ("loss = MSELoss(xs, w)", {"criterion called"}),
        ("loss = nn.MSELoss\n    return loss(xs, w)", {"criterion called"}),
        ("loss = nn.MSELoss()(xs, w)", set()),
        ("loss = nn.MSELoss()\n    return loss(w)", set()),
        ("loss = nn.CrossEntropyLoss(weights)", set()),
        ("loss = nn.CrossEntropyLoss(weight=w)", set()),
        ("f = model\n    return f(w, xs)", set()),
        ("return torch.log(F.softmax(w, 1))", {"log of softmax"}),
        ("return w - w.exp().sum().log()", {"log of softmax"}),
        ("return torch.log(w)", set()),
        ("return w.exp().sum()", set()),
        ("return F.log_softmax(w, 1)", set()),
        ("return torch.logsumexp(w, 1)", set()),
        ("w = w.detach()\n    w = w.double()", {"detached"}),
        ("loss = nn.MSELoss(reduction='sum')", set()),
        ("loss = criterion(w, xs)", {"criterion on inputs"}),
        ("loss = F.cross_entropy(w, xs)", {"criterion on inputs"}),
        ("loss = F.cross_entropy(w, xs, weights)", {"criterion on inputs"}),
        ("loss = criterion(model(w), xs)", set()),
        ("return mean(model(w), xs)\ndef mean(w, xs):\n    return criterion(w, xs)", set()),
        ("data = zip(w, xs)", set()),
        ("loss.backward(retain_graph=True)", {"retained"}),
        ("h = relu(w @ xs).detach()", {"detached"}),
        ("h = (w @ xs).data", {"detached"}),
        ("z = h.detach() @ w", {"detached"}),
        ("z = model.w @ w", set()),
        ("h = h.numpy()", {"detached"}),
        ("with torch.no_grad(): h = relu(w * xs)", {"detached"}),
        ("with torch.no_grad(): w -= lr * w.grad", set()),
        ("own = w.detach().clone()", set()),
        ("w.data -= lr * w.grad.data", set()),
        ("losses.append(loss.item())", set()),
    ],
)
def test_lines_with_evidence(line: str, evidence: set[str]) -> None:
    text = f"def train(model, w, xs, lr):\n    w.requires_grad_()\n    {line}\n"
    definitions = ModuleSource([("hand_in.py", text)]).definitions
    assert {name for name in EVIDENCE if shows(definitions, "train", name)} == evidence


def test_a_source_of_any_depth_and_without_the_function() -> None:
    for depth, evidence in ((50, "replaced"), (3000, "untracked")):  # the latter is not read at all
        deep = "w = w" + ".a" * depth + " - w.grad"
        assert found(f"{LOOP}{deep}") == {evidence}
    assert not shows({}, "train", "replaced")
