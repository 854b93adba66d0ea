"""The conversion of plain data into arguments of Python functions, and of values into plain data.

A returned value may be any object: a class that lies about itself, a list in itself, an
object with a `__len__` that raises. So types are taken from `type(value)`, the methods of built-in
types are called on the built-in types, NumPy's functions are the ones of before the submission was
loaded, and `read` turns every other exception into words.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy import array as make_array
from numpy import asarray, errstate, ndarray, stack, zeros

from gradpath.worker import codec
from gradpath.worker.output import OutputLimit

MAX_ITEMS: Final = 4_000_000
MAX_KEYS: Final = 1_000
MAX_TEXT: Final = 1_000
MAX_READ: Final = 500_000
"""Items of lists and dicts that are looked at one by one; lists of plain floats are not."""
MAX_PARTS: Final = 20_000
"""Numbers travel as arrays; this many values may travel one by one beside them."""
_INT64: Final = 2**63

ODD: Final = {
    "unreadable": "an object of type {kind} that cannot be read as numbers",
    "object": "an object of type {kind}",
    "parts": "more than {count} separate values that make up no array",
    "values": "more than {count} values in lists",
    "numbers": "more than {count} numbers",
    "itself": "a list or dict that contains itself",
    "deep": "a list nested too deeply",
    "keys": "a dict with {count} keys",
    "list": "a list with {count} elements",
    "digits": "a whole number with about {count} digits",
    "objects": "a NumPy array of objects (are its rows of different lengths?)",
    "dimensions": "a NumPy array with {count} dimensions",
    "array": "a NumPy array with {count} elements",
    "dtype": "a NumPy array of {dtype}",
    "meta": "a tensor on the meta device, which has a shape but no numbers",
    "tensor": "a tensor with {count} elements",
    "generator": "a generator (return a list or an array instead)",
    "function": "the function {name} itself (was it called?)",
}
"""Templates of the descriptions of values that are no data; of two that fit, the first counts. The
grader recognizes them (`text.messages.recognized`); this process has nothing of languages."""

# Read past a metaclass that has an opinion about its classes' names.
_name_of_type: Final = type.__dict__["__name__"].__get__


def build(value: Any) -> Any:
    """Make the argument that a decoded value stands for.

    Arrays come out writable and fresh: a function that changes an argument changes a copy
    that nobody else uses.
    """
    if isinstance(value, ndarray):
        return value.copy()
    if isinstance(value, codec.Tensor):
        import torch

        tensor = torch.from_numpy(value.array.copy())
        return tensor.requires_grad_() if value.requires_grad else tensor
    if isinstance(value, codec.Tuple):
        return tuple(value.array.tolist())
    if isinstance(value, codec.Generator):
        import torch

        return torch.Generator().manual_seed(value.seed)
    if isinstance(value, list):
        return [build(item) for item in value]
    if isinstance(value, dict):
        return {key: build(item) for key, item in value.items()}
    return value


def text(value: str, limit: int = MAX_TEXT) -> str:
    """Return a str of type str, no longer than `limit`, that UTF-8 can write."""
    return str.__getitem__(value, slice(limit)).encode("utf-8", "replace").decode()


def type_name(kind: type) -> str:
    """Return the name of a class without asking its metaclass."""
    return text(_name_of_type(kind), 80)


def read(value: Any) -> Any:
    """Reduce a student's value to plain data; an unreadable object becomes a `codec.Opaque`."""
    try:
        result = plain(value)
        parts, numbers = _measure(result)
    except (OutputLimit, MemoryError):
        raise
    except BaseException:  # from the value's own methods: anything, SystemExit included
        kind = type_name(type(value))
        return _odd("unreadable", kind=kind)
    if parts > MAX_PARTS:
        return _odd("parts", count=MAX_PARTS)
    if numbers > MAX_ITEMS:
        return _odd("numbers", count=MAX_ITEMS)
    return result


def _measure(value: Any) -> tuple[int, int]:
    """Count the values of the message that `value` becomes, and the numbers in its arrays."""
    if isinstance(value, ndarray):
        return 1, value.size
    if not isinstance(value, list | dict):
        return 1, 0
    inside = [_measure(item) for item in (value.values() if isinstance(value, dict) else value)]
    keys = len(value) if isinstance(value, dict) else 0
    return 1 + keys + sum(parts for parts, _ in inside), sum(numbers for _, numbers in inside)


def plain(value: Any) -> Any:
    """Reduce a student's value to plain data: numbers, text, arrays, lists and dicts of these.

    An object that is no data becomes a `codec.Opaque` that names it, so that the message can.
    A list of numbers becomes an array, and so does a list of one-element tensors: the
    numbers count, not the container.
    """
    return _Reader().plain(value, 0)


class _TooMany(Exception):
    pass


class _Reader:
    """Reads one value: counts its parts, and knows the containers that it is inside of."""

    def __init__(self) -> None:
        self._left = MAX_READ
        self._inside: set[int] = set()

    def plain(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if issubclass(kind, str):
            return text(value)
        if issubclass(kind, np.generic):
            result = _array(asarray(value))
            return result[()] if isinstance(result, ndarray) else _opaque(value)
        if issubclass(kind, float):
            return float.__float__(value)
        if issubclass(kind, int):
            return _whole(int.__int__(value))
        if issubclass(kind, complex):
            return complex.__complex__(value)
        if issubclass(kind, ndarray):
            return _array(asarray(value))
        torch = sys.modules.get("torch")
        if torch is not None and issubclass(kind, torch.Tensor):
            return _tensor(value, torch)
        if not issubclass(kind, list | tuple | range | Mapping):
            return _opaque(value)
        if id(value) in self._inside:
            return _odd("itself")
        if depth >= codec.MAX_DEPTH:
            return _odd("deep")
        self._inside.add(id(value))
        try:
            if issubclass(kind, Mapping):
                return self._mapping(value, depth)
            return self._sequence(value, depth)
        except _TooMany:
            if depth:
                raise
            return _odd("values", count=MAX_READ)
        finally:
            self._inside.discard(id(value))

    def _mapping(self, value: Any, depth: int) -> Any:
        # A dict is read by dict's methods, not by those of its subclass.
        kind: Any = dict if issubclass(type(value), dict) else type(value)
        count = kind.__len__(value)
        if count > MAX_KEYS:
            return _odd("keys", count=count)
        return {
            text(key if issubclass(type(key), str) else str(key)): self.plain(item, depth + 1)
            for key, item in kind.items(value)
        }

    def _sequence(self, value: Any, depth: int) -> Any:
        items: Any = value
        if type(value) not in (list, tuple, range):
            kind: Any = tuple if issubclass(type(value), tuple) else list
            items = tuple(kind.__iter__(value))
        if len(items) > MAX_ITEMS:
            return _odd("list", count=len(items))
        kinds = set(map(type, items))
        if kinds and kinds <= {float}:
            return make_array(items, dtype=np.float64)
        self._left -= len(items)
        if self._left < 0:
            raise _TooMany
        values = [self.plain(item, depth + 1) for item in items]
        if not values:
            return zeros(0)
        if all(isinstance(value, ndarray) for value in values):
            shapes = {value.shape for value in values}
            if shapes <= {(), (1,)} and not kinds <= {list, tuple}:
                return make_array([value.reshape(()) for value in values])
            return stack(values) if len(shapes) == 1 else values
        if all(isinstance(value, int | float | np.number) for value in values):
            return _array(make_array(values))
        if all(
            isinstance(value, int | float | np.number)
            or (isinstance(value, ndarray) and value.shape in ((), (1,)))
            for value in values
        ):
            return _array(make_array([asarray(value).reshape(())[()] for value in values]))
        return values


def _whole(value: int) -> Any:
    if -_INT64 <= value < _INT64:
        return value
    try:
        return float(value)
    except OverflowError:
        return _odd("digits", count=f"{value.bit_length() * 0.30103:.0f}")


def _array(array: Any) -> Any:
    if array.dtype == object:
        return _odd("objects")
    if array.dtype == np.longdouble:
        with errstate(all="ignore"):
            return array.astype(np.float64)
    if not codec.supported(array.dtype):
        return _odd("dtype", dtype=array.dtype)
    if array.size > MAX_ITEMS:
        return _odd("array", count=array.size)
    if array.ndim > codec.MAX_DIMENSIONS:
        return _odd("dimensions", count=array.ndim)
    return array


def _tensor(tensor: Any, torch: Any) -> Any:
    if tensor.is_meta:
        return _odd("meta")
    if tensor.numel() > MAX_ITEMS:
        return _odd("tensor", count=tensor.numel())
    tensor = tensor.detach()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    return _array(asarray(tensor.resolve_conj().resolve_neg().cpu().numpy()))


def _opaque(value: Any) -> codec.Opaque:
    name = type_name(type(value))
    if name == "generator":
        return _odd("generator")
    if callable(value) and isinstance(function := getattr(value, "__name__", None), str):
        return _odd("function", name=text(function, 80))
    return _odd("object", kind=name)


def _odd(kind_of_value: str, /, **parameters: Any) -> codec.Opaque:
    return codec.Opaque(ODD[kind_of_value].format(**parameters))
