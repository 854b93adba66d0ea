"""Between plain data and what Python functions take and return."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from gradpath import codec

MAX_ITEMS: Final = 4_000_000
MAX_KEYS: Final = 1_000
MAX_TEXT: Final = 1_000
_INT64: Final = 2**63


def build(value: Any) -> Any:
    """Make the argument that a decoded value stands for.

    Arrays come out writable and fresh: a function that changes what it was given changes a copy
    that nobody else uses.
    """
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, codec.Tensor):
        import torch

        tensor = torch.from_numpy(value.array.copy())
        return tensor.requires_grad_() if value.requires_grad else tensor
    if isinstance(value, codec.Generator):
        import torch

        return torch.Generator().manual_seed(value.seed)
    if isinstance(value, list):
        return [build(item) for item in value]
    if isinstance(value, dict):
        return {key: build(item) for key, item in value.items()}
    return value


def plain(value: Any, depth: int = 0) -> Any:
    """Reduce a student's value to plain data: numbers, text, arrays, lists and dicts of these.

    What is no data becomes a `codec.Opaque` that says what it is, so that the message can.
    A list of numbers becomes an array, and so does a list of one-element tensors: what counts are
    the numbers, not the container.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, np.generic):
        return _array(np.asarray(value))[()] if codec.supported(value.dtype) else _opaque(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return int(value) if -_INT64 <= value < _INT64 else float(value)
    if isinstance(value, complex):
        return complex(value)
    if isinstance(value, np.ndarray):
        return _array(value)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _tensor(value, torch)
    if depth >= codec.MAX_DEPTH:
        return codec.Opaque("a list nested too deeply")
    if isinstance(value, Mapping):
        if len(value) > MAX_KEYS:
            return codec.Opaque(f"a dict with {len(value)} keys")
        return {str(key)[:MAX_TEXT]: plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | range):
        return _sequence(value, depth)
    return _opaque(value)


def _array(array: Any) -> Any:
    if array.dtype == object:
        return codec.Opaque("a NumPy array of objects (are its rows of different lengths?)")
    if array.dtype == np.longdouble:
        return array.astype(np.float64)
    if not codec.supported(array.dtype):
        return codec.Opaque(f"a NumPy array of {array.dtype}")
    if array.size > MAX_ITEMS:
        return codec.Opaque(f"a NumPy array with {array.size} elements")
    return np.asarray(array)


def _tensor(tensor: Any, torch: Any) -> Any:
    if tensor.is_meta:
        return codec.Opaque("a tensor on the meta device, which has a shape but no numbers")
    if tensor.numel() > MAX_ITEMS:
        return codec.Opaque(f"a tensor with {tensor.numel()} elements")
    tensor = tensor.detach()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.float()
    return _array(tensor.resolve_conj().resolve_neg().cpu().numpy())


def _sequence(items: list[Any] | tuple[Any, ...] | range, depth: int) -> Any:
    if len(items) > MAX_ITEMS:
        return codec.Opaque(f"a list with {len(items)} elements")
    kinds = set(map(type, items))
    if kinds and kinds <= {float}:
        return np.array(items, dtype=np.float64)
    values = [plain(item, depth + 1) for item in items]
    if not values:
        return np.zeros(0)
    if all(isinstance(value, np.ndarray) for value in values):
        shapes = {value.shape for value in values}
        if shapes <= {(), (1,)} and not kinds <= {list, tuple}:
            return np.array([value.reshape(()) for value in values])
        return np.stack(values) if len(shapes) == 1 else values
    if all(isinstance(value, int | float | np.number) for value in values):
        return _numbers(values)
    if all(
        isinstance(value, int | float | np.number)
        or (isinstance(value, np.ndarray) and value.shape in ((), (1,)))
        for value in values
    ):
        return _numbers([np.asarray(value).reshape(())[()] for value in values])
    return values


def _numbers(values: Iterable[Any]) -> Any:
    array = np.array(list(values))
    return _array(array)


def _opaque(value: Any) -> codec.Opaque:
    kind = type(value)
    if kind.__name__ == "generator":
        return codec.Opaque("a generator (return a list or an array instead)")
    if callable(value) and hasattr(value, "__name__"):
        return codec.Opaque(f"the function {str(value.__name__)[:80]} itself (was it called?)")
    return codec.Opaque(f"an object of type {kind.__name__[:80]}")
