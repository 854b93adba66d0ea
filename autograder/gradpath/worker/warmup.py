"""Imports and first uses, done once in the zygote so that no submission pays for them.

They also make results reproducible: torch looks at the processor at its first use, and a worker
that is not allowed to read /proc/cpuinfo by then falls back to other kernels with other last bits.
References come from workers of the same zygote, so equal code gives equal bits.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Collection, Iterator

_USUAL_IMPORTS = """
    abc argparse array base64 bisect cmath collections.abc contextlib copy csv dataclasses datetime
    decimal enum fractions functools glob heapq inspect io itertools json logging math numbers
    operator os pathlib pickle platform pprint queue random re shutil statistics string struct
    tempfile textwrap threading time timeit traceback types typing unittest urllib.parse uuid
    warnings weakref zipfile numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random
    numpy.testing matplotlib.animation matplotlib.cm matplotlib.ticker mpl_toolkits.mplot3d
    torch.nn.functional torch.optim.lr_scheduler torch.utils.data
"""


def limit_threads() -> None:
    """One thread for every numeric library; must run before they are imported.

    A forked child of a process with OpenMP threads hangs at its first parallel operation, and one
    and two threads differ in the last bits.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["MPLBACKEND"] = "Agg"


@contextlib.contextmanager
def without_collections() -> Iterator[None]:
    """Look for no garbage during imports: that takes a quarter of their time, and few objects are.

    The objects stay, and are never looked at again: children do not copy the pages of these.
    """
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def warm_up(libraries: Collection[str]) -> None:
    """Import and touch the libraries that the assignments of this run use."""
    import numpy as np

    np.linalg.norm(np.ones((4, 4)) @ np.ones((4, 4)))
    if "matplotlib" in libraries:
        import matplotlib.pyplot as plt

        keep_plots_off_the_screen()
        figure, axes = plt.subplots()
        axes.plot([0.0, 1.0], [0.0, 1.0])
        plt.close(figure)
        plt.switch_backend = lambda newbackend: None
    if "torch" in libraries:
        _warm_up_torch()


def preload() -> None:
    """Import the modules that students' files import, for workers that may not open any file.

    There an import of anything else fails. Text on plots needs its font open, too.
    """
    import importlib
    import sys

    for name in _USUAL_IMPORTS.split():
        package = name.partition(".")[0]
        if package in sys.modules or package in sys.stdlib_module_names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    if "matplotlib" in sys.modules:
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        axes.set_title("text")
        figure.canvas.draw()
        plt.close(figure)


def keep_plots_off_the_screen() -> None:
    """Make `matplotlib.use("TkAgg")` do nothing, as a file may say that was written on a laptop.

    Here it would fail for want of a screen, or open windows on a student's.
    """
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.use = lambda backend, *, force=True: None


def _warm_up_torch() -> None:
    import torch

    torch.set_num_threads(1)
    skip_compiler()
    torch.nn.Conv2d(1, 1, 3)(torch.zeros(1, 1, 4, 4))
    layer = torch.nn.Linear(3, 2)
    for parameter in layer.parameters():
        # Set by hand: autograd's machinery must not start before the fork.
        parameter.grad = torch.zeros_like(parameter)
    torch.optim.Adam(layer.parameters()).step()
    torch.optim.SGD(layer.parameters(), lr=0.1).step()
    torch.nn.functional.cross_entropy(layer(torch.ones(4, 3)), torch.zeros(4, dtype=torch.int64))
    repr(layer(torch.ones(1, 3)).detach())
    torch.manual_seed(0)


def skip_compiler() -> None:
    """Keep `torch.optim` from importing torch's compiler, which takes as long as torch itself.

    Every optimiser step does `import torch._dynamo` only to say "do not compile this". A stand-in
    says nothing and makes way for the real module as soon as anything else of it is asked for.
    Without it a zygote also has fewer pages, which every fork has to copy the entries of.
    """
    import contextlib
    import importlib
    import sys
    from types import ModuleType
    from typing import Any

    import torch

    name = "torch._dynamo"
    if name in sys.modules:
        return

    class CompiledAutograd:
        """`torch.func` says "do not compile" here, around each gradient."""

        @staticmethod
        def _disable() -> contextlib.AbstractContextManager[None]:
            return contextlib.nullcontext()

    class StandIn(ModuleType):
        compiled_autograd = CompiledAutograd

        @staticmethod
        def graph_break(*_: object, **__: object) -> None:
            return None

        @staticmethod
        def disable(fn: Any = None, *_: object, **__: object) -> Any:
            return fn if fn is not None else (lambda function: function)

        def __getattr__(self, attribute: str) -> Any:
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            if sys.modules.get(name) is self:
                del sys.modules[name]
            real = importlib.import_module(name)
            torch._dynamo = real
            return getattr(real, attribute)

    sys.modules[name] = StandIn(name)
