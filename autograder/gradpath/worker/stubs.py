"""Stubs for progress bars and for a notebook's own functions, which have nothing to show here.

`tqdm.notebook` needs widgets, and IPython takes longer to import than everything else; a worker
may not even open their files. Bars count and print nothing; commands of a notebook do nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

_BARS: Final = ("tqdm", "tqdm_notebook", "trange", "tnrange")
_CORE: Final = ("IPython.core.display", "IPython.core.pylabtools")
_RUN_THEIR_CODE: Final = ("time", "capture", "prun")
"""Magics of a line or a cell of code; the others are dropped with their code."""


class Bar:
    """A progress bar that passes its iterable through."""

    def __init__(
        self, iterable: Any = None, desc: Any = None, total: Any = None, *_: Any, **__: Any
    ) -> None:
        """Take the arguments of `tqdm.tqdm`."""
        self.iterable, self.desc, self.n = iterable, desc, 0
        self.total = len(iterable) if total is None and hasattr(iterable, "__len__") else total

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable:
            yield item
            self.n += 1

    def __len__(self) -> int:
        return int(self.total or 0)

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def update(self, n: float = 1) -> None:
        self.n += n  # type: ignore[assignment]

    write = staticmethod(lambda *_, **__: None)

    def __getattr__(self, name: str) -> Any:
        return _ignored(name)


class Notebook:
    """Answers the calls into which IPython turns magics."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        """Run the code of `%time code` and `%%time` in this namespace."""
        self._namespace = namespace

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> None:
        if name in _RUN_THEIR_CODE:
            exec(line, self._namespace)

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        if name in _RUN_THEIR_CODE:
            exec(cell, self._namespace)

    def __getattr__(self, name: str) -> Any:
        return _ignored(name)


def give_shell(builtins: ModuleType, namespace: dict[str, Any]) -> None:
    """Let a module call `get_ipython()`, as in a notebook or in a script made from one."""
    shell = Notebook(namespace)
    for module in (builtins, sys.modules.get("IPython")):
        if module is not None:
            vars(module).update(get_ipython=lambda: shell)
    vars(builtins).update(display=lambda *_, **__: None)


def install() -> None:
    """Put the stubs into `sys.modules`, where `import` finds them."""
    bars: dict[str, Any] = {name: _trange if "range" in name else Bar for name in _BARS}
    for name in ("tqdm", "tqdm.auto", "tqdm.autonotebook", "tqdm.notebook", "tqdm.std"):
        _put(name, **bars)
    for name in ("IPython", "IPython.display", "IPython.core", *_CORE):
        # matplotlib looks at the version, and arranges things with a shell older than this one;
        # before 3.9 it asks `pylabtools` in any case.
        _put(name, __getattr__=_ignored, version_info=(9, 0))


def _put(name: str, **attributes: Any) -> None:
    module = ModuleType(name)
    module.__path__ = []  # a package, so that its submodules are looked for in `sys.modules`
    module.__spec__ = ModuleSpec(name, None)  # without one, `importlib.util.find_spec` raises
    vars(module).update(attributes)
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, module)


def _trange(*bounds: int, **_: Any) -> Bar:
    return Bar(range(*bounds))


class _Nothing:
    """A function that does nothing, with attributes that do nothing."""

    def __call__(self, *_: Any, **__: Any) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return _ignored(name)


def _ignored(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Nothing()
