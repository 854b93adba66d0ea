"""Values as structure and leaves, both ways: in a stand-in's question and in its answer.

The channel makes arrays of lists of numbers and forgets tuples. So the structure goes as words,
and the leaves in a dict by their places.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gradpath.worker import codec

Spec = Any
"""The structure of a value without its numbers: a kind of leaf, or a list that begins with the kind
of the container. A dict has its keys and parts one after the other; a module has the dict of its
parameters, each with its gradient."""


def flatten(value: Any, leaves: list[Any]) -> Spec:
    """Append the leaves of a value to a list, and return its structure.

    Raises:
        TypeError: it holds an object that is no data.
    """
    kind = type(value)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        leaves.append(value)
        return "tensor"
    if isinstance(value, np.ndarray | np.generic):
        leaves.append(np.asarray(value))
        return "array" if isinstance(value, np.ndarray) else "scalar"
    if value is None or kind in (bool, int, float, complex, str):
        leaves.append(value)
        return "plain"
    if isinstance(value, list | tuple | range):
        name = "list" if isinstance(value, list) else "tuple"
        return [name, *[flatten(item, leaves) for item in value]]
    if isinstance(value, Mapping):
        pairs = [(str(key), flatten(item, leaves)) for key, item in value.items()]
        return ["dict", *[part for pair in pairs for part in pair]]
    if torch is not None and isinstance(value, torch.nn.Module):
        parameters = {name: (p, p.grad) for name, p in value.named_parameters()}
        return ["module", flatten(parameters, leaves)]
    raise TypeError(f"a {kind.__name__} cannot travel")


def restore(spec: Spec, leaves: Iterator[Any]) -> Any:
    """Build a value from its structure and leaves.

    Raises:
        TypeError: this is no structure, or a leaf is of another kind.
    """
    if isinstance(spec, str):
        return leaf_of(spec, next(leaves))
    if not isinstance(spec, list) or not spec:
        raise TypeError("no structure of a value")
    kind, *parts = spec
    if kind == "dict":
        return {key: restore(part, leaves) for key, part in zip(*[iter(parts)] * 2, strict=True)}
    values = [restore(part, leaves) for part in parts]
    if kind == "module":
        return _module(*values)
    if kind not in ("list", "tuple"):
        raise TypeError("no structure of a value")
    return values if kind == "list" else tuple(values)


def _module(parameters: Mapping[str, tuple[Any, Any]]) -> Any:
    """Build a module that has these parameters, and their gradients, and no `forward`.

    Its parameters share the memory of the tensors given: an update of it is seen in them.
    """
    from torch import nn

    root = nn.Module()
    for path, (value, gradient) in parameters.items():
        *parents, name = path.split(".")
        place = root
        for parent in parents:
            if parent not in place._modules:
                place.add_module(parent, nn.Module())
            place = place.get_submodule(parent)
        place.register_parameter(name, nn.Parameter(value.detach()))
        place.get_parameter(name).grad = gradient
    return root


def leaf_of(kind: str, value: Any) -> Any:
    """Return a leaf of some kind from the value that has travelled.

    Raises:
        TypeError: it is of another kind.
    """
    torch = sys.modules.get("torch")
    if kind == "tensor" and torch is not None:
        return value if isinstance(value, torch.Tensor) else torch.from_numpy(np.array(value))
    if kind == "array":
        return np.asarray(value)
    if kind == "scalar":
        return np.asarray(value)[()]
    if kind == "plain" and not isinstance(value, np.ndarray):
        return value
    raise TypeError("a leaf of another kind")


def as_message(leaves: Sequence[Any]) -> dict[str, Any]:
    """Return leaves as the channel takes them: a dict, because lists of numbers become arrays."""
    return {str(place): travelling(leaf) for place, leaf in enumerate(leaves)}


def travelling(leaf: Any) -> Any:
    """Return a leaf as it travels: a tensor goes as an array.

    Raises:
        TypeError: it cannot.
    """
    if isinstance(leaf, np.ndarray):
        if not codec.supported(leaf.dtype):
            raise TypeError(f"an array of {leaf.dtype} cannot travel")
        return leaf
    if isinstance(leaf, int) and abs(leaf) >= 2**63:
        raise TypeError("a whole number that is too large")
    return leaf.detach().cpu().numpy().copy() if hasattr(leaf, "detach") else leaf


def received(message: Mapping[str, Any] | None) -> list[Any]:
    """Return the leaves of a message, in their order."""
    return [(message or {})[str(place)] for place in range(len(message or {}))]


def kinds(spec: Spec) -> Iterator[str]:
    """Yield the kinds of the leaves of a structure."""
    if isinstance(spec, str):
        yield spec
    elif isinstance(spec, list) and spec:
        for part in spec[2::2] if spec[0] == "dict" else spec[1:]:
            yield from kinds(part)
