"""Evidence in the source for a name that an exception, or the list of failed checks, suggests.

torch says the same about a gradient that was never asked for, one that is read too early, and one
of a tensor that an update has replaced. The line that a hint speaks of must stand in the function,
or in a function of the file that it uses. A style that is not seen here gets no name.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

_TRACKED: Final = ("requires_grad", "requires_grad_", "Parameter", "Linear", "Module", "Variable")
_LEAVES: Final = (
    *("tensor", "as_tensor", "from_numpy", "clone", "detach", "randn", "zeros", "ones", "float"),
    *("double", "to", "requires_grad_", "Parameter", "Variable"),
)
"""Calls that make the tensors which a training starts from."""
_BACKWARD: Final = ("backward", "grad")
"""Calls that find gradients: `loss.backward()` and `torch.autograd.grad(...)`."""
_DRAWS: Final = ("shuffle", "permutation", "permuted", "randperm", "sample", "choice", "choices")


def shows(definitions: Mapping[str, tuple[str, ast.AST]], function: str, evidence: str) -> bool:
    """Tell whether the source of a function shows some evidence.

    Args:
        definitions: the definitions of the submission's module, as `rules.ModuleSource` has them.
        function: where to look; then in the definitions that it uses.
        evidence: one of `EVIDENCE`; "unused: " and an argument; "order: " and all, in the text's.
    """
    trees = list(_reach(definitions, function))
    kind, _, names = evidence.partition(": ")
    if kind == "unused":
        return _is_unused(trees[:1], names)
    return _in_other_order(trees, names.split()) if kind == "order" else EVIDENCE[evidence](trees)


def _reach(definitions: Mapping[str, tuple[str, ast.AST]], function: str) -> Iterator[ast.AST]:
    waiting, seen = [function], {function}
    while waiting:
        name = waiting.pop()
        if name in definitions:
            tree = definitions[name][1]
            yield tree
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - seen
            seen |= used
            waiting += sorted(used)


def _replaced(trees: Sequence[ast.AST]) -> bool:
    """`w = w - lr * w.grad`: a tracked tensor's name gets a new tensor."""
    if _untracked(trees) or _read_too_early(trees):
        return False
    return any(map(_replaces, _assignments(trees)))


def _replaces(node: ast.Assign) -> bool:
    """Tell whether a target is computed from itself and a gradient."""
    targets = {
        _key(part)
        for target in node.targets
        for part in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])
    }
    parts = list(ast.walk(node.value))
    return any(map(_is_gradient, parts)) and any(_key(part) in targets - {""} for part in parts)


def _key(node: ast.AST) -> str:
    """Write a variable, an attribute or an element of one; nothing for all else.

    `w.data = ...` keeps the tensor w.
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return f"{node.value.id}[]"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return "" if node.attr in ("data", "grad") else f"{node.value.id}.{node.attr}"
    return ""


def _is_gradient(node: ast.AST) -> bool:
    """Tell whether a part of an expression is a gradient, by its name."""
    if isinstance(node, ast.Attribute):  # not `w.detach()`
        return "grad" in node.attr and node.attr not in _TRACKED
    name = getattr(node, "id", "")
    return isinstance(name, str) and (name.startswith(("g", "d")) or "grad" in name)


def _untracked(trees: Sequence[ast.AST]) -> bool:
    """Nothing in the source asks for a gradient."""
    for node in _nodes(trees):
        name = getattr(node, "arg", "") or _name(node)
        off = isinstance(node, ast.keyword) and _is_false(node.value)
        if name in _TRACKED and not off:
            return False
    return True


def _one_untracked(trees: Sequence[ast.AST]) -> bool:
    """One tensor asks for gradients, and another one does not, but its gradient is used."""
    told = {  # `b.requires_grad_()` and `b.requires_grad = True`
        ast.unparse(node.value)
        for node in _nodes(trees)
        if isinstance(node, ast.Attribute) and node.attr in _TRACKED
    }
    made = [(target, value) for target, value in _bindings(trees) if _makes_leaf(value)]
    tracked = {target for target, value in made if target in told or not _untracked([value])}
    used = {
        ast.unparse(node.value)
        for node in _nodes(trees)
        if isinstance(node, ast.Attribute) and node.attr == "grad"
    }
    for together in _displays(trees):
        used |= together if together & tracked else set()
    return bool(tracked) and any(target in used - tracked for target, _ in made)


def _displays(trees: Sequence[ast.AST]) -> Iterator[set[str]]:
    """Yield the elements of each list, tuple or dict; of a dict its keys and its values."""
    for node in _nodes(trees):
        if isinstance(node, ast.List | ast.Tuple) and isinstance(node.ctx, ast.Load):
            yield set(map(ast.unparse, node.elts))
        elif isinstance(node, ast.Dict):
            yield {ast.unparse(key) for key in node.keys if key is not None}
            yield set(map(ast.unparse, node.values))


def _goes_back_from_a_copy(trees: Sequence[ast.AST]) -> bool:
    """`backward()` of a value that was computed under `no_grad`, or taken out of the graph."""
    roots = {
        node.value.id
        for node in _nodes(trees)
        if isinstance(node, ast.Attribute)
        and node.attr == "backward"
        and isinstance(node.value, ast.Name)
    }
    off = [
        part
        for node in _nodes(trees)
        if isinstance(node, ast.With)
        and any("no_grad" in ast.dump(item.context_expr) for item in node.items)
        for part in ast.walk(node)
    ]
    cut = {target for target, _ in _bindings(off)}
    for target, value in _bindings(trees):
        part = value.func if isinstance(value, ast.Call) else value
        if isinstance(part, ast.Attribute) and part.attr in ("detach", "data", "item"):
            cut.add(target)
    return bool(roots & cut)


def _bindings(trees: Sequence[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names, elements and keys of the source with the values that they get."""
    for node in _assignments(trees):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                yield from zip(map(ast.unparse, target.elts), node.value.elts, strict=False)
            else:
                yield ast.unparse(target), node.value
    for display in _nodes(trees):
        if isinstance(display, ast.Dict):
            pairs = zip(display.keys, display.values, strict=True)
            yield from ((ast.unparse(key), value) for key, value in pairs if key is not None)


def _makes_leaf(value: ast.expr) -> bool:
    """Tell whether an expression ends in a call that makes a tensor of numbers or of another."""
    return isinstance(value, ast.Call) and _name(value.func) in _LEAVES


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _read_too_early(trees: Sequence[ast.AST]) -> bool:
    """`.grad` is used above the first call that fills it, and not only where it is there."""
    return any(map(_reads_too_early, trees))


def _reads_too_early(tree: ast.AST) -> bool:
    filled = [
        _place(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _BACKWARD
    ]
    if not filled:
        return False
    excused = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.If | ast.IfExp | ast.Try)
        for part in ast.walk(node)
    }
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "grad"
        and isinstance(node.ctx, ast.Load)
        and id(node) not in excused
        and _place(node) < min(filled)
        for node in ast.walk(tree)
    )


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _quotient(trees: Sequence[ast.AST]) -> bool:
    """Something is divided, as a difference is by its width; a derivative by hand has no need."""
    return any(isinstance(node, ast.Div) for node in _nodes(trees))


def _goes_back_again(trees: Sequence[ast.AST]) -> bool:
    """`total.backward(retain_graph=True)` in a loop that does not compute `total` anew."""
    loops = [node for node in _nodes(trees) if isinstance(node, ast.For | ast.While)]
    innermost: dict[int, tuple[ast.stmt, str]] = {}
    for loop in loops:  # an inner loop comes after the loop around it
        for node in ast.walk(loop):
            if _keeps_graph(node) and isinstance(node, ast.Call):
                target = node.func.value if isinstance(node.func, ast.Attribute) else node
                if isinstance(target, ast.Name):
                    innermost[id(node)] = (loop, target.id)
    return any(not _is_computed_anew(name, loop) for loop, name in innermost.values())


def _keeps_graph(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "backward"
        and any(word.arg == "retain_graph" and not _is_false(word.value) for word in node.keywords)
    )


def _is_computed_anew(name: str, loop: ast.stmt) -> bool:
    """Tell whether a loop assigns a value to a name that is not made of its earlier one."""
    return any(
        isinstance(node, ast.Assign)
        and any(_key(target) == name for target in node.targets)
        and not any(_key(part) == name for part in ast.walk(node.value))
        for node in ast.walk(loop)
    )


def _goes_back_twice(trees: Sequence[ast.AST]) -> bool:
    """`backward()` stands in two places."""
    asked = [n for n in _nodes(trees) if isinstance(n, ast.Attribute) and n.attr == "backward"]
    return len(asked) >= 2


def _shuffles(trees: Sequence[ast.AST]) -> bool:
    """Something draws an order."""
    return any(_name(node) in _DRAWS for node in _nodes(trees))


def _nodes(trees: Sequence[ast.AST]) -> Iterator[ast.AST]:
    return itertools.chain.from_iterable(map(ast.walk, trees))


def _assignments(trees: Sequence[ast.AST]) -> Iterator[ast.Assign]:
    return (node for node in _nodes(trees) if isinstance(node, ast.Assign))


def _differences(trees: Sequence[ast.AST]) -> bool:
    """A function of the file is called at two places, and a difference is divided."""
    called = [_name(call.func) for call in _calls(trees)]
    nodes = list(_nodes(trees))
    own = [node.name for node in nodes if isinstance(node, ast.FunctionDef)]
    for node in _assignments(trees):
        if isinstance(node.value, ast.Lambda):
            own += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return any(called.count(name) > 1 for name in own) and any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.left, ast.BinOp)
        and isinstance(node.left.op, ast.Sub)
        for node in nodes
    )


def _in_other_order(trees: Sequence[ast.AST], names: Sequence[str]) -> bool:
    """The function's arguments do not come in the order of the text."""
    places = [names.index(name) for name in _arguments(trees) if name in names]
    return places != sorted(places)


def _is_unused(trees: Sequence[ast.AST], name: str) -> bool:
    """The function never reads an argument, or gives it another value first."""
    reads = any(isinstance(n, ast.Name) and n.id == name for n in _nodes(trees))
    values = (value for target, value in _bindings(trees) if target == name)
    fresh = any(name not in map(_name, ast.walk(value)) for value in values)
    return name in _arguments(trees) and (fresh or not reads)


def _arguments(trees: Sequence[ast.AST]) -> list[str]:
    """Return the names of the function's own arguments."""
    functions = (tree for tree in trees[:1] if isinstance(tree, ast.FunctionDef))
    return [argument.arg for tree in functions for argument in tree.args.args]


def _criterion_called(trees: Sequence[ast.AST]) -> bool:
    """`nn.MSELoss(predictions, targets)`: a class of torch gets data in place of options."""
    classes = {
        _key(target)
        for node in _assignments(trees)
        if isinstance(node.value, ast.Name | ast.Attribute) and _name(node.value).endswith("Loss")
        for target in node.targets
    }
    return any(
        (_name(call.func).endswith("Loss") or _key(call.func) in classes - {""})
        and len(call.args) > 1
        for call in _calls(trees)
    )


def _log_of_softmax(trees: Sequence[ast.AST]) -> bool:
    """A logarithm, and a softmax or an exponential, and no function that does both in one go."""
    called = {_name(call.func) for call in _calls(trees)}
    return bool(called & {"log", "log2", "log10"} and called & {"softmax", "exp", "Softmax"})


def _criterion_on_inputs(trees: Sequence[ast.AST]) -> bool:
    """`criterion(x, labels)`: two arguments of the function itself."""
    own = _arguments(trees)
    return any(
        ("crit" in _name(call.func) or "loss" in _name(call.func) or "entropy" in _name(call.func))
        and [getattr(argument, "id", "") for argument in call.args[:2]] == own[1:3]
        for call in _calls(trees[:1])
    )


def _detached(trees: Sequence[ast.AST]) -> bool:
    """A value that was computed is taken out of the graph, not a leaf that is copied."""
    return any(map(_detaches, _nodes(trees)))


def _detaches(node: ast.AST) -> bool:
    if isinstance(node, ast.With):
        off = any("no_grad" in ast.dump(item.context_expr) for item in node.items)
        return off and any(map(_multiplies, ast.walk(node)))
    if isinstance(node, ast.Assign):  # `h = h.detach()`
        cut = node.value.func if isinstance(node.value, ast.Call) else node.value
        return (
            isinstance(cut, ast.Attribute)
            and _cuts(cut)
            and _key(cut.value) in map(_key, node.targets)
        )
    if isinstance(node, ast.BinOp) and _multiplies(node):  # `h.detach() @ w`
        sides = (s.func if isinstance(s, ast.Call) else s for s in (node.left, node.right))
        return any(isinstance(side, ast.Attribute) and _cuts(side) for side in sides)
    return _cuts(node) and isinstance(getattr(node, "value", None), ast.Call | ast.BinOp)


def _multiplies(node: ast.AST) -> bool:
    called = _name(node.func) if isinstance(node, ast.Call) else ""
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    return product or called in ("relu", "matmul", "mm", "linear", "linear1")


def _cuts(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("detach", "data", "numpy", "tolist")


def _retained(trees: Sequence[ast.AST]) -> bool:
    """backward() is told to keep its graph."""
    return any(word.arg == "retain_graph" for call in _calls(trees) for word in call.keywords)


def _calls(trees: Sequence[ast.AST]) -> Iterator[ast.Call]:
    return (node for node in _nodes(trees) if isinstance(node, ast.Call))


def _name(node: ast.AST) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


EVIDENCE: Final[Mapping[str, Callable[[Sequence[ast.AST]], bool]]] = {
    "replaced": _replaced,
    "untracked": _untracked,
    "one untracked": _one_untracked,
    "copy of the loss": _goes_back_from_a_copy,
    "read too early": _read_too_early,
    "quotient": _quotient,
    "kept graph": _goes_back_again,
    "two backwards": _goes_back_twice,
    "shuffled": _shuffles,
    "differences": _differences,
    "criterion called": _criterion_called,
    "criterion on inputs": _criterion_on_inputs,
    "detached": _detached,
    "retained": _retained,
    "log of softmax": _log_of_softmax,
}
