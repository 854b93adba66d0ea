"""Stand-ins and right values, both ends in this process."""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from gradpath.worker import codec
from gradpath.worker.loader import Submission
from gradpath.worker.protocol import Answer, Cell, Load, Reply
from gradpath.worker.right_value import right_value
from gradpath.worker.values import build, read

RIGHT = """
    import numpy as np
    import torch

    def double(x):
        return 2 * x

    def pair(x, y):
        return x + y, x * y

    def affine(x, w, b):
        return x @ w.T + b

    def halves(x):
        return x / 2, x[0] / 2

    def doubled_in_place(x):
        x *= 2

    def lowered(net, by):
        with torch.no_grad():
            for parameter in net.parameters():
                parameter -= by * (1 if parameter.grad is None else parameter.grad)

    def total(parts):
        return parts["a"] @ parts["b"]

    def likelihood(logits, labels):
        return torch.nn.functional.cross_entropy(logits, labels)

    def refuses(x):
        raise TypeError("a secret")
"""


def solution() -> ModuleType:
    module = ModuleType("solution")
    exec(textwrap.dedent(RIGHT), module.__dict__)
    return module


class Asked:
    """Answers as the grader does: through messages both ways."""

    def __init__(self) -> None:
        self.solution = solution()
        self.count = 0
        self.loaded = False
        self.thread = ThreadPoolExecutor(1)

    def __call__(self, question: dict[str, Any]) -> Answer:
        assert self.loaded, "asked at import"
        self.count += 1
        sent = codec.decode(codec.encode(Reply(1, "asks", question)), codec.decoder(Reply)).value
        try:
            # In another thread, as it would be in another process: autograd is on there.
            given = {key: build(value) for key, value in sent.items()}
            value = read(self.thread.submit(right_value, self.solution, **given).result())
        except Exception as error:
            return Answer(error=type(error).__name__)
        answer = Answer(value["spec"], value["leaves"], value.get("slopes"), value.get("changed"))
        received: Answer = codec.decode(codec.encode(answer), codec.decoder(Answer))
        return received


def load(text: str, *names: str, graph: bool = True) -> tuple[Any, Asked]:
    asked = Asked()
    cells = [Cell("student.py", textwrap.dedent(text))]
    submission = Submission(Load("student", cells, stand_ins=list(names), graph=graph), asked)
    assert submission.execute(lambda number, remark: None) == []
    asked.loaded = True
    return submission.module, asked


def test_a_module_is_changed_in_place_as_the_right_function_changes_it() -> None:
    import torch

    net = torch.nn.Sequential(torch.nn.Sequential(torch.nn.Linear(2, 1)))
    weight, bias = net.parameters()
    torch.nn.init.ones_(weight)
    torch.nn.init.zeros_(bias)
    module, asked = load("def lowered(net, by):\n    return None\n", "lowered")
    weight.grad = torch.tensor([[1.0, -1.0]])
    assert module.lowered(net, 0.5) is None
    assert (weight.tolist(), bias.tolist()) == ([[0.5, 1.5]], [-0.5])
    # Training goes on with the same parameters, and their own graphs.
    net(torch.ones(1, 2)).sum().backward()
    module.lowered(net, 0.5)
    assert (weight.tolist(), bias.tolist()) == ([[-0.5, 1.5]], [-1.0])
    assert next(net.parameters()) is weight
    assert asked.count == 2


@pytest.mark.parametrize(
    "text",
    [
        "def double(x):\n    return 3 * x\n\ndef use(x):\n    return double(x)",
        "def double(x):\n    return 3 * x\n\ntwice = double\n\ndef use(x):\n    return twice(x)",
        "def double(x):\n    return 3 * x\n\ndef use(x, by=double):\n    return by(x)",
        "def double(x):\n    return 3 * x\n\nclass A:\n    by = staticmethod(double)\n\n"
        "def use(x):\n    return A.by(x)",
        "double = lambda x: 3 * x\nuse = lambda x: double(x)",
        "if True:\n    def double(x):\n        return 3 * x\n\ndef use(x):\n    return double(x)",
        "try:\n    import nothing_here\nexcept ImportError:\n    def double(x):\n        return 3\n"
        "use = lambda x: double(x)",
        "import functools\n\n@functools.cache\ndef double(x):\n    return 3\n\nuse = double",
        "from math import sqrt as double\n\ndef use(x):\n    return double(x)",
        "def use(x):\n    return double(x)",
        "def double(x):\n    return 3 * x\n\ndouble = double(1)\nuse = lambda x: double(x)",
        "def double(x):\n    return None\n\ndef use(x):\n    return double(x=x)",
        "def double(x):\n    raise ValueError\n\ndef use(x):\n    return globals()['double'](x)",
        "def make():\n    global double\n    def double(x):\n        return 3\n\nmake()\n"
        "use = lambda x: double(x)",
        "import functools\n\ndef double(x):\n    return 3 * x\n\nuse = functools.partial(double)",
        "def double(x):\n    return 3 * x\n\nassert double(1) == 3\nuse = double",
        # To find the kind of its own result, it runs with its own functions, and asks nothing.
        "def double(x):\n    return 3 * x\n\nold = double\n\n"
        "def double(x):\n    return old(0 * x)\n\nuse = double",
    ],
)
def test_whoever_has_the_name_gets_the_stand_in(text: str) -> None:
    module, asked = load(text, "double")
    assert module.use(4.0) == 8.0
    assert asked.count == 1


def test_names_of_arguments_count_where_the_student_has_others_in_order() -> None:
    module, _ = load("def affine(b, w, x):\n    return 0\n", "affine")
    x, w, b = np.ones((2, 3)), np.ones((1, 3)), np.zeros(1)
    assert module.affine(b, w, x).tolist() == [[3.0], [3.0]]
    module, _ = load("def affine(inputs, weights, bias):\n    return 0\n", "affine")
    assert module.affine(x, bias=b, weights=w).tolist() == [[3.0], [3.0]]


@pytest.mark.parametrize(
    ("own", "kind"),
    [
        ("x + y, x - y", tuple),
        ("[x + y, x - y]", list),
        ("np.array([x, y])", np.ndarray),
        ("torch.tensor([x, y])", "Tensor"),
        ("{'a': x, 'b': y}", dict),
        ("None", np.ndarray),
        ("1 / 0", np.ndarray),
        ("[np.array([x, y])]", np.ndarray),
    ],
)
def test_a_result_is_of_the_kind_of_the_students_own(own: str, kind: Any) -> None:
    text = f"import numpy as np\nimport torch\n\ndef pair(x, y):\n    return {own}\n"
    module, _ = load(text, "pair")
    value = module.pair(3.0, 4.0)
    assert type(value) is kind or type(value).__name__ == kind
    found = list(value.values()) if isinstance(value, dict) else list(value)
    assert [float(part) for part in found] == [7.0, 12.0]


@pytest.mark.parametrize("own", ["[np.ones(3)]", "[np.float64(1.0)]", "[[np.ones(3)]]"])
def test_a_list_around_anything_does_not_stop_a_pair_of_two_shapes(own: str) -> None:
    module, _ = load(f"import numpy as np\n\ndef halves(x):\n    return {own}\n", "halves")
    rows, row = module.halves(np.ones((4, 3)))
    assert (np.shape(rows), np.shape(row)) == ((4, 3), (3,))


@pytest.mark.parametrize(
    ("own", "kind"),
    [
        ("3 * x", float),
        ("np.float64(x)", np.float64),
        ("np.array(x)", np.ndarray),
        ("None", np.float64),
        ("[x]", np.float64),
    ],
)
def test_a_number_is_of_the_kind_of_the_students_own(own: str, kind: type) -> None:
    module, _ = load(f"import numpy as np\n\ndef double(x):\n    return {own}\n", "double")
    assert type(module.double(1.5)) is kind
    assert float(module.double(1.5)) == 3.0


@pytest.mark.parametrize("own", ["[2 * x]", "(2 * x,)", "[[2 * x]]"])
def test_a_list_around_a_tensor_leaves_the_right_value_a_tensor(own: str) -> None:
    """Also after a call with fewer dimensions: the student's own result is looked at again."""
    import torch

    module, _ = load(f"def double(x):\n    return {own}\n", "double")
    for given in (torch.tensor(1.5), torch.ones(3), torch.ones(2, 2)):
        value = module.double(given)
        assert isinstance(value, torch.Tensor)
        assert torch.equal(value, 2 * given)


ROWS = "[[sum(a * c for a, c in zip(r, v)) for v in w] for r in x]"


@pytest.mark.parametrize(
    ("own", "kind"),
    [(ROWS, list), ("np.zeros((4, 4))", np.ndarray), ("None", np.ndarray), ("[1.0]", np.ndarray)],
)
def test_lists_are_answered_where_the_right_function_takes_arrays(own: str, kind: type) -> None:
    module, _ = load(f"import numpy as np\n\ndef affine(x, w, b):\n    return {own}\n", "affine")
    for x in ([[1.0, 2.0]], ((1, 2),), np.array([[1.0, 2.0]])):
        value = module.affine(x, [[3.0, 4.0], (5.0, 6.0)], (0.5, 1.0))
        assert type(value) is kind
        assert np.asarray(value).tolist() == [[11.5, 18.0]]
        assert kind is not list or value == [[11.5, 18.0]]


def test_tensors_of_several_kinds_are_answered_as_of_one() -> None:
    """A student's own function may convert them, and the later ones rely on that."""
    import torch

    module, _ = load("def affine(x, w, b):\n    return None\n", "affine")
    w, b = torch.ones(2, 3, dtype=torch.float64, requires_grad=True), torch.zeros(2)
    for x in (torch.ones(4, 3), np.ones((4, 3)), [torch.ones(3), torch.ones(3)], [[1, 1, 1]]):
        value = module.affine(x, w, b)
        assert value.dtype == torch.float64
        assert value.tolist() == [[3.0, 3.0]] * len(x)
        assert torch.autograd.grad(value.sum(), w)[0].tolist() == [[float(len(x))] * 3] * 2
    module, _ = load("def affine(x, w, b):\n    return [[0.0] * len(w)] * len(x)\n", "affine")
    assert module.affine(x, w.detach(), b) == [[3.0, 3.0]]


def test_arrays_are_answered_where_the_right_function_takes_tensors() -> None:
    module, _ = load("def likelihood(logits, labels):\n    return None\n", "likelihood")
    import torch

    logits, labels = np.zeros((2, 4), np.float32), np.array([1, 3])
    for given in ((logits, labels), (logits.tolist(), [1, 3])):
        value = module.likelihood(*given)
        assert isinstance(value, np.floating)
        assert abs(float(value) - np.log(4)) < 1e-6
    value = module.likelihood(torch.zeros(2, 4, requires_grad=True), [1, 3])
    assert value.requires_grad


def test_what_the_right_function_changes_is_changed() -> None:
    module, _ = load("def doubled_in_place(x):\n    pass\n", "doubled_in_place")
    import torch

    array, tensor = np.ones(3), torch.ones(2)
    assert module.doubled_in_place(array) is None
    module.doubled_in_place(tensor)
    assert array.tolist() == [2.0] * 3
    assert tensor.tolist() == [2.0] * 2


def test_an_exception_is_of_the_same_kind_and_says_nothing() -> None:
    module, _ = load("def refuses(x):\n    return x\n", "refuses")
    with pytest.raises(TypeError) as raised:
        module.refuses(1.0)
    assert "secret" not in str(raised.value)


def test_autograd_goes_through() -> None:
    import torch

    module, asked = load("def affine(x, w, b):\n    return None\n", "affine")
    x, w, b = torch.randn(4, 3), torch.randn(2, 3), torch.randn(2)
    ours, theirs = ([t.clone().requires_grad_() for t in (w, b)] for _ in range(2))
    found: Any = (module.affine(x, *ours) ** 2).mean()
    right: Any = ((x @ theirs[0].T + theirs[1]) ** 2).mean()
    found.backward()
    right.backward()
    for own, other in zip(ours, theirs, strict=True):
        assert own.grad is not None
        assert other.grad is not None
        assert torch.allclose(own.grad, other.grad)
    assert asked.count == 2  # the value, and the slopes
    with torch.no_grad():
        assert not module.affine(x, *ours).requires_grad


def test_one_number_comes_with_its_slopes() -> None:
    import torch

    module, asked = load("def total(parts):\n    return None\n", "total")
    parts = {"a": torch.ones(3, requires_grad=True), "b": torch.arange(3.0)}
    value = module.total(parts)
    (3 * value).backward()
    assert (value.item(), asked.count) == (3.0, 1)
    assert parts["a"].grad is not None
    assert parts["a"].grad.tolist() == [0.0, 3.0, 6.0]
    with pytest.raises(RuntimeError, match="second time"):
        value.backward()


def test_torch_func_goes_through() -> None:
    import torch

    module, _ = load("def double(x):\n    return None\n", "double")
    assert torch.func.grad(lambda x: module.double(x) ** 2)(torch.tensor(3.0)).item() == 24.0
    back: Any = torch.func.vjp(module.double, torch.ones(2))[1]
    assert back(torch.tensor([1.0, 5.0]))[0].tolist() == [2.0, 10.0]


def test_torch_vmap_goes_through() -> None:
    import torch

    module, asked = load("def affine(x, w, b):\n    return None\n", "affine")
    x, w, b = torch.randn(4, 3), torch.randn(2, 3), torch.randn(2)
    many: Any = torch.func.vmap(module.affine, in_dims=(0, None, None))(x, w, b)
    assert torch.allclose(many, x @ w.T + b)
    assert asked.count == 4

    def cost(w: Any, row: Any, by: Any) -> Any:
        return (by(row, w, b) ** 2).sum()

    each: Any = torch.func.vmap(torch.func.grad(cost), in_dims=(None, 0, None))
    right = each(w, x, lambda x, w, b: x @ w.T + b)
    assert torch.allclose(each(w, x, module.affine), right)


def test_there_is_no_graph_where_there_shall_be_none() -> None:
    import torch

    module, _ = load("def double(x):\n    return None\n", "double", graph=False)
    value = module.double(torch.ones(2, requires_grad=True))
    assert value.tolist() == [2.0, 2.0]
    assert not value.requires_grad
    with pytest.raises(RuntimeError):
        value.sum().backward()


@pytest.mark.parametrize("bad", [object(), {1, 2}, np.array(["a"]), 10**30, np.array([object()])])
def test_objects_do_not_travel(bad: Any) -> None:
    module, asked = load("def double(x):\n    return None\n", "double")
    with pytest.raises(TypeError):
        module.double(bad)
    assert asked.count == 0
