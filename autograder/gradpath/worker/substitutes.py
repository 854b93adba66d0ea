"""Stand-ins: functions of a student's module that ask the grader for the right value.

A later function is judged by its work with *right* earlier ones. So it runs again in a fresh
worker in which a stand-in takes the place of each wrong earlier function, as soon as that is
defined: aliases, defaults and closures get it too. No code of the solution is here. Arguments
go to the grader, which answers with the value, and with slopes where autograd wants them.

The other half is `gradpath.worker.right_value`, which answers in a worker with the solution.
"""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from types import ModuleType
from typing import Any, Final

import numpy as np

from gradpath.worker.protocol import Answer
from gradpath.worker.structure import Spec, as_message, flatten, kinds, leaf_of, received, restore

Function = Callable[..., Any]
Ask = Callable[[dict[str, Any]], Answer]
_HOOK: Final = "__stand_in_{}"
NAMES: Final = "__stand_ins__"
"""Where the module has the names of its stand-ins, for probes that make the arguments."""


def is_stand_in(value: Any) -> bool:
    """Tell whether a function is a stand-in."""
    return hasattr(value, NAMES)


# In the student's module


class StandIns:
    """The stand-ins of one module."""

    def __init__(self, module: ModuleType, names: Sequence[str], graph: bool, ask: Ask) -> None:
        """Prepare the module; `graph` says whether autograd may pass through them."""
        self._module = module
        self._names = names
        self._graph = graph
        self._ask = ask
        self._live = False
        self._lock = threading.Lock()
        module.__dict__[NAMES] = frozenset(names)
        for name in names:
            module.__dict__[_HOOK.format(name)] = functools.partial(self._in_place_of, name)
            module.__dict__[name] = self._in_place_of(name, None)

    def replace(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the statement, with its definition handed to the stand-in at once."""
        parts = self._statement(deepcopy(statement))
        return [ast.fix_missing_locations(part) for part in parts]

    def begin(self) -> None:
        """From now on ask the grader: the module is loaded."""
        for name in self._names:
            own = self._module.__dict__.get(name)
            if not isinstance(own, type) and not is_stand_in(own):
                own = own if callable(own) else None
                self._module.__dict__[name] = self._in_place_of(name, own)
        self._live = True

    def _statement(self, node: ast.stmt) -> Iterator[ast.stmt]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in self._names:
            hook = ast.copy_location(ast.Name(_HOOK.format(node.name), ast.Load()), node)
            node.decorator_list.insert(0, hook)
        for field in ("body", "orelse", "finalbody", "handlers"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inside = getattr(node, field, [])
                for handler in inside if field == "handlers" else ():
                    handler.body = [part for one in handler.body for part in self._statement(one)]
                if field != "handlers" and inside:
                    setattr(node, field, [part for one in inside for part in self._statement(one)])
        yield node
        for name in self._names:
            if name in _bound(node):
                hook = ast.Name(_HOOK.format(name), ast.Load())
                call = ast.Call(hook, [ast.Name(name, ast.Load())], [])
                target = ast.Name(name, ast.Store())
                yield ast.copy_location(ast.Assign([target], call), node)

    def _in_place_of(self, name: str, own: Any) -> Any:
        if own is not None and (not callable(own) or isinstance(own, type) or is_stand_in(own)):
            return own
        shapes: dict[str, Any] = {}

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            if not self._live:
                if own is None:
                    raise NameError(f"name '{name}' is not defined")
                return own(*args, **kwargs)
            return self._value(name, own, shapes, args, kwargs)

        if own is not None:
            functools.update_wrapper(stand_in, own)
        stand_in.__dict__[NAMES] = True
        return stand_in

    def _value(
        self, name: str, own: Any, shapes: dict[str, Any], args: Any, kwargs: Mapping[str, Any]
    ) -> Any:
        names, values = _bind(own, args, kwargs)
        leaves: list[Any] = []
        spec = flatten(values, leaves)
        question = _Question(self._asked, {"function": name, "names": names, "spec": spec}, leaves)
        torch = sys.modules.get("torch")
        value = None
        if torch is not None and any(isinstance(leaf, torch.Tensor) for leaf in leaves):
            # The parameters of a module are changed in place: no step of a graph.
            update = any(isinstance(argument, torch.nn.Module) for argument in values)
            graph = self._graph and not update
            value = question.through_autograd(torch) if graph else question.plain()
            if not isinstance(value, dict) and getattr(value, "requires_grad", True):
                return value
        key = repr((spec, [getattr(leaf, "ndim", 0) for leaf in leaves]))
        if own is not None and key not in shapes:
            shapes[key] = self._own_result(own, args, kwargs)
        return like(question.plain() if value is None else value, shapes.get(key))

    def _own_result(self, own: Function, args: Any, kwargs: Any) -> Any:
        """Return the value of the student's own function; only its kind is used.

        It is made of the student's other functions, as their numbers count for nothing here: no
        stand-in asks about arguments that the call is not about.
        """
        self._live = False
        try:
            return own(*deepcopy(args), **deepcopy(kwargs))
        except Exception:
            return None
        finally:
            self._live = True

    def _asked(self, message: dict[str, Any]) -> Answer:
        with self._lock:
            answer = self._ask(message)
        if answer.error:
            kind = getattr(builtins, answer.error, RuntimeError)
            good = isinstance(kind, type) and issubclass(kind, Exception)
            raise (kind if good else RuntimeError)("there is no value here")
        return answer


class _Question:
    """One call of a stand-in."""

    def __init__(self, ask: Ask, head: dict[str, Any], leaves: list[Any]) -> None:
        self._ask = ask
        self._head = head
        self._leaves = leaves
        self._spec: Spec = None
        self._found: list[Any] = []
        self._slopes: list[Any] | None = None
        self._wanted = False
        self._sent: dict[str, Any] = {}

    def plain(self) -> Any:
        self.put(as_message(self._leaves), slopes=False)
        return restore(self._spec, iter(self._found))

    def put(self, leaves: dict[str, Any], *, slopes: bool) -> None:
        """Ask for the value, and where it is one number for its slopes as well."""
        self._sent = leaves
        answer = self._ask({**self._head, "leaves": leaves, "slopes": slopes, "upstream": None})
        self._spec, self._found = answer.spec, received(answer.leaves)
        self._slopes = received(answer.slopes) if answer.slopes is not None else None
        for place, now in (answer.changed or {}).items():
            leaf = self._leaves[int(place)]
            if isinstance(leaf, np.ndarray):
                leaf[...] = now
            else:
                leaf.detach().copy_(leaf_of("tensor", now))

    def slopes(self, torch: Any, tensors: Sequence[Any], upstream: Sequence[Any]) -> Any:
        """Return the vector-Jacobian product, one part for each tensor among the arguments."""
        leaves = as_message(self._with(torch, tensors))
        above = [one.numpy() for one in upstream]
        if self._slopes is not None and len(above) == 1 and _are_equal(leaves, self._sent):
            found = [None if s is None else np.asarray(s) * above[0] for s in self._slopes]
        else:
            message = {"leaves": leaves, "slopes": True, "upstream": as_message(above)}
            found = received(self._ask({**self._head, **message}).slopes)
        return tuple(
            torch.zeros_like(tensor) if slope is None else torch.from_numpy(np.array(slope))
            for slope, tensor in zip(found, tensors, strict=True)
        )

    def through_autograd(self, torch: Any) -> Any:
        tensors = [leaf for leaf in self._leaves if isinstance(leaf, torch.Tensor)]
        self._wanted = torch.is_grad_enabled() and any(t.requires_grad for t in tensors)
        outputs = iter(_function(torch).apply(self, *tensors))
        found = zip(kinds(self._spec), self._found, strict=True)
        leaves = [next(outputs) if kind == "tensor" else leaf for kind, leaf in found]
        return restore(self._spec, iter(leaves))

    def value(self, torch: Any, tensors: Sequence[Any]) -> tuple[Any, ...]:
        """Return the tensors of the value for these tensors among the arguments."""
        self.put(as_message(self._with(torch, tensors)), slopes=self._wanted)
        found = zip(kinds(self._spec), self._found, strict=True)
        return tuple(torch.from_numpy(np.array(x)) for kind, x in found if kind == "tensor")

    def _with(self, torch: Any, tensors: Sequence[Any]) -> list[Any]:
        rest = iter(tensors)
        return [next(rest) if isinstance(x, torch.Tensor) else x for x in self._leaves]


@functools.cache
def _function(torch: Any) -> Any:
    """Return the step of autograd that gets its value and slopes from the grader.

    The slopes are a step of their own, so that `torch.func` may ask for those of many rows at once.
    """

    class Slopes(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(question: _Question, count: int, *tensors: Any) -> Any:
            return question.slopes(torch, tensors[:count], tensors[count:])

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.mark_non_differentiable(*output)

        @staticmethod
        def vmap(info: Any, places: Any, question: _Question, count: int, *tensors: Any) -> Any:
            step = functools.partial(Slopes.apply, question, count)
            return _row_by_row(torch, step, info.batch_size, places[2:], tensors)

    class Asked(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(question: _Question, *tensors: Any) -> Any:
            return question.value(torch, tensors) or (torch.zeros(()),)

        @staticmethod
        def vmap(info: Any, places: Any, question: _Question, *tensors: Any) -> Any:
            step = functools.partial(Asked.apply, question)
            return _row_by_row(torch, step, info.batch_size, places[1:], tensors)

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.question, *tensors = inputs
            # Their versions are looked at, and a second pass is refused, as with torch's own steps.
            ctx.save_for_backward(*tensors)
            ctx.mark_non_differentiable(*[o for o in output if not o.is_floating_point()])

        @staticmethod
        def backward(ctx: Any, *upstream: Any) -> Any:
            tensors = ctx.saved_tensors
            slopes = Slopes.apply(ctx.question, len(tensors), *tensors, *upstream)
            pairs = zip(slopes, tensors, strict=True)
            return None, *[s.to(t.dtype) if t.is_floating_point() else None for s, t in pairs]

    return Asked


def _row_by_row(
    torch: Any, step: Function, size: int, places: Sequence[Any], tensors: Sequence[Any]
) -> Any:
    """Return stacked values, and where their rows are: the answer to `torch.vmap`."""
    rows = []
    for number in range(size):
        pairs = zip(tensors, places, strict=True)
        rows.append(step(*[t if at is None else t.select(at, number) for t, at in pairs]))
    values = tuple(torch.stack(column) for column in zip(*rows, strict=True))
    return values, (0,) * len(values)


def _are_equal(leaves: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    pairs = zip(leaves.values(), others.values(), strict=True)
    return all(np.array_equal(one, other) for one, other in pairs)


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that an assignment or import binds."""
    if isinstance(node, ast.ImportFrom | ast.Import):
        return {alias.asname or alias.name for alias in node.names}
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    if not isinstance(node, ast.Assign | ast.AnnAssign) or getattr(node, "value", None) is None:
        return set()
    walked = (part for target in targets if target is not None for part in ast.walk(target))
    return {p.id for p in walked if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}


def _bind(own: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[list[str], list[Any]]:
    """Return the names of the arguments, as far as they are known, and their values."""
    try:
        bound = inspect.signature(own).bind(*args, **kwargs)
        ways = {bound.signature.parameters[name].kind for name in bound.arguments}
        if not ways & {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            return list(bound.arguments), list(bound.arguments.values())
    except (TypeError, ValueError):
        pass
    return [*[""] * len(args), *kwargs], [*args, *kwargs.values()]


def like(value: Any, own: Any) -> Any:
    """Return a value as the kind of thing that the student's own function gives.

    Where that gives nothing to go by, arrays stand for pairs and for numbers: they can be used in
    more ways than tuples and floats, by position and in formulas.
    """
    around = type(own) in (list, tuple) and len(own) == 1 and hasattr(own[0], "shape")
    if around and _depth(own) > _depth(value):
        own = own[0]  # a list around the value is the function's mistake: its kind is within
    if isinstance(value, tuple):
        return _parts_like(value, own)
    if isinstance(value, dict):
        parts = own if isinstance(own, dict) else {}
        return {key: like(part, parts.get(key)) for key, part in value.items()}
    torch: Any = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        listed = type(own) in (list, tuple) and _depth(own) == value.ndim
        if not (listed or isinstance(own, np.ndarray | np.generic)):
            return value
        value = value.detach().numpy()
    if not isinstance(value, float | int | np.ndarray | np.generic) or isinstance(value, bool):
        return value
    if torch is not None and isinstance(own, torch.Tensor):
        kept = torch.from_numpy(np.array(_shaped(value, own)))
        return kept.to(own.dtype) if own.is_floating_point() else kept
    if type(own) in (list, tuple) and own and _depth(own) == np.ndim(value):
        return type(own)(like(part, own[0]) for part in np.asarray(value))
    if isinstance(own, np.ndarray):
        return _shaped(value, own)
    plain = isinstance(own, float | int) and not isinstance(own, np.generic)
    return np.asarray(value).item() if plain and not np.ndim(value) else np.asarray(value)[()]


def _parts_like(value: tuple[Any, ...], own: Any) -> Any:
    torch: Any = sys.modules.get("torch")
    if isinstance(own, list | tuple | dict) and len(own) == len(value):
        parts = own.values() if isinstance(own, dict) else own
        values = [like(part, other) for part, other in zip(value, parts, strict=True)]
        if isinstance(own, dict):
            return dict(zip(own, values, strict=True))
        named = type(own) not in (list, tuple)
        return type(own)(*values) if named else type(own)(values)
    numbers = [isinstance(part, float | int | np.ndarray | np.generic) for part in value]
    if not all(numbers) or len({np.shape(part) for part in value}) > 1:
        return value
    if torch is not None and isinstance(own, torch.Tensor) and own.shape[:1] == (len(value),):
        return torch.as_tensor(np.array(value)).to(own.dtype)
    return np.array(value)


def _shaped(value: Any, own: Any) -> Any:
    """Return an array; one number in the shape that the student's own function gives it."""
    single = np.size(value) == 1 and own.shape in ((), (1,))
    return np.asarray(value).reshape(own.shape) if single else np.asarray(value)


def _depth(value: Any) -> int:
    """Return the number of dimensions of an array, or of lists in lists."""
    if isinstance(value, list | tuple):
        return 1 + (_depth(value[0]) if value else 0)
    return len(getattr(value, "shape", ()))
