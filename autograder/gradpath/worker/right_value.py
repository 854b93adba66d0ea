"""The right value of an earlier function: a probe that answers stand-ins, beside the solution.

See `gradpath.worker.substitutes` for the side that asks.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from copy import deepcopy
from types import ModuleType
from typing import Any

import numpy as np

from gradpath.worker.structure import (
    Spec,
    as_message,
    flatten,
    kinds,
    received,
    restore,
    travelling,
)


def right_value(
    module: ModuleType,
    function: str,
    names: list[str],
    spec: Spec,
    leaves: dict[str, Any],
    slopes: bool,
    upstream: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return the value of a function, as structure and leaves, and its slopes where asked for."""
    values = received(leaves)
    tensors: list[Any] = []
    if "tensor" in kinds(spec):
        import torch

        for place, kind in enumerate(kinds(spec)):
            if kind == "tensor":
                values[place] = torch.from_numpy(np.array(values[place]))
                tensors.append(values[place])
                if slopes and values[place].is_floating_point():
                    values[place].requires_grad_()
    before = None if slopes else deepcopy(values)
    value = _value(getattr(module, function), names, restore(spec, iter(values)))
    found: list[Any] = []
    result: dict[str, Any] = {"spec": flatten(value, found), "leaves": as_message(found)}
    if before is not None:
        pairs = enumerate(zip(before, values, strict=True))
        result["changed"] = {
            str(place): travelling(now)
            for place, (old, now) in pairs
            if hasattr(old, "shape") and not np.array_equal(old, now)
        }
    if slopes:
        outputs = [leaf for leaf in found if getattr(leaf, "requires_grad", False)]
        result["slopes"] = _product(found, outputs, tensors, upstream)
    return result


def _value(target: Any, names: Sequence[str], given: Sequence[Any]) -> Any:
    """Call the solution's function, which is written for arrays or tensors of one kind.

    A student's own function may take more than the text asks for, such as lists or two dtypes, and
    the functions that build on it may rely on that.
    """
    own = inspect.signature(target).parameters
    known = [name for name in names if name]
    by_name = set(known) <= own.keys() and len(set(known)) == len(known)

    def called(values: Sequence[Any]) -> Any:
        if not by_name:
            return target(*values)
        pairs = list(zip(names, values, strict=True))
        return target(*[v for name, v in pairs if not name], **{n: v for n, v in pairs if n})

    try:
        return called([_without_lists(value) for value in given])
    except Exception as error:
        for whole in (True, False) if "torch" in sys.modules else ():
            try:
                value = called(_as_tensors(given, whole))
                return value if _tensors_in(given) else _as_arrays(value)
            except Exception:
                continue
        raise error from None


def _without_lists(value: Any) -> Any:
    """Return an array in place of lists of numbers: `[1, 2] * 2` is no product."""
    if not isinstance(value, list | tuple) or "tensor" in kinds(flatten(value, [])):
        return value
    try:
        array = np.asarray(value)
    except ValueError:  # rows of several lengths
        return value
    return array if array.dtype.kind in "bif" else value


def _as_tensors(given: Sequence[Any], whole: bool) -> list[Any]:
    """Return all numbers as tensors of one floating dtype; with `whole`, integers stay such."""
    import torch

    widest = max((x.dtype for x in _tensors_in(given)), key=lambda d: d.itemsize, default=None)

    def tensor(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: tensor(part) for key, part in value.items()}
        if isinstance(value, list | tuple) and _tensors_in(value):
            return torch.stack([tensor(part) for part in value])
        made = torch.as_tensor(value)
        kept = not made.is_floating_point() and (whole or isinstance(value, torch.Tensor))
        return made if kept or widest is None else made.to(widest)

    return [tensor(value) for value in given]


def _tensors_in(given: Sequence[Any]) -> list[Any]:
    """Return the floating tensors among arguments."""
    leaves: list[Any] = []
    flatten(list(given), leaves)
    return [leaf for leaf in leaves if hasattr(leaf, "detach") and leaf.is_floating_point()]


def _as_arrays(value: Any) -> Any:
    """Return arrays in place of tensors: the answer to arrays."""
    if isinstance(value, tuple):
        return tuple(_as_arrays(part) for part in value)
    if isinstance(value, dict):
        return {key: _as_arrays(part) for key, part in value.items()}
    return value.detach().numpy() if hasattr(value, "detach") else value


def _product(
    found: list[Any], outputs: list[Any], tensors: list[Any], upstream: dict[str, Any] | None
) -> dict[str, Any] | None:
    import torch

    whole = [leaf for leaf in found if isinstance(leaf, torch.Tensor)]
    if upstream is None and not (len(whole) == 1 and whole[0].numel() == 1):
        return None  # not one number: the slopes are asked for with those from above
    above = received(upstream) if upstream is not None else [np.ones(whole[0].shape)]
    wanted = [tensor for tensor in tensors if tensor.requires_grad]
    slopes: dict[int, Any] = {}
    if outputs and wanted:
        chosen = [(o, torch.as_tensor(a).to(o.dtype)) for o, a in zip(whole, above, strict=True)]
        total: Any = sum((o * a).sum() for o, a in chosen if o.requires_grad)
        parts = torch.autograd.grad(total, wanted, allow_unused=True)
        slopes = {id(tensor): part for tensor, part in zip(wanted, parts, strict=True)}
    return {
        str(place): None if (part := slopes.get(id(tensor))) is None else travelling(part)
        for place, tensor in enumerate(tensors)
    }
