"""Files that misbehave when they are imported, and some that are harmless."""

from __future__ import annotations

Cases = dict[str, tuple[str, ...]]
"""Code before the functions of a right submission, then words of the result's note."""

RAISED: Cases = {
    "exception": (
        "values = [1.0]\nvalues[3]",
        "hand_gradients.py, line 2 (values[3]) raised IndexError: list index out of range;",
    ),
    "missing_module": (
        "import pandas_of_mine",
        "hand_gradients.py, line 1 (import pandas_of_mine) raised ModuleNotFoundError: ",
    ),
    "inside_a_function": (
        "def shown(x, w):\n    raise ValueError('no')\n\nshown(1, 2)",
        "hand_gradients.py, line 4 (shown(1, 2)) raised ValueError: no;",
    ),
    "exit": ("import sys\nsys.exit('done')", "SystemExit: done", "line 2"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "os_exit": ("import os\nos._exit(0)", "line 2 (os._exit(0)) ended the Python process"),
    "not_implemented": ("raise NotImplementedError", "NotImplementedError", "line 1"),
    "keyboard": ("name = input('your name? ')", "EOFError: input() waits"),
    "lookup": (
        "def __getattr__(name):\n    raise KeyError(name)\n\nraise ValueError('x')",
        "ValueError: x",
    ),
}

ENDLESS: Cases = {
    "loop": (
        "while True:\n    pass",
        "(while True:) took longer than 0.5 s and was stopped",
    ),
    "loop_in_c": ("sum(range(10**12))", "line 1 (sum(range(10**12))) took longer"),
}

KILLED: Cases = {
    "memory": (
        "kept = []\nwhile True:\n    kept.append(bytearray(10**7))",
        "line 2 (while True:) needed more than 300 MiB of memory",
    ),
    "torch_memory": (
        "import torch\nkept = torch.ones(10**9)",
        "line 2 (kept = torch.ones(10**9)) needed more than 300 MiB of memory",
    ),
    "output": (
        "while True:\n    print('x' * 1_000_000)",
        "line 1 (while True:) printed more than 12 000 000 characters",
    ),
    "crash": (
        "import ctypes\nctypes.string_at(0)",
        "(ctypes.string_at(0)) crashed, or was killed",
    ),
}

# Each of these costs nothing at all.
HARMLESS = {
    "ten_megabytes": "print('x' * 10_000_000)",
    "progress_bar": """
import sys, time
for step in range(300):
    sys.stderr.write(f"\\r{step / 3:3.0f} % " + "#" * (step // 10))
    sys.stderr.flush()
""",
    "bytes_written": "import sys\nsys.stdout.buffer.write(b'x')\nsys.stdout.reconfigure()",
    "temporary_file": "import tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'x')",
    "closed_output": "import sys\nsys.stdout.close()\nsys.stderr = None",
    "warnings": "import warnings\nwarnings.warn('careful')",
    "warnings_as_errors": "import warnings\nwarnings.simplefilter('error')",
    "escape": "pattern = '\\d'",
    "training_loop": """
w = 1.0
for epoch in range(3_000):
    for x, y in [(1.0, 2.0), (2.0, 4.0)]:
        w -= 0.01 * 2 * x * (x * w - y)
    print("epoch", epoch, w)
""",
    "default_dtype": "import torch\ntorch.set_default_dtype(torch.float64)",
    "seeds": "import random, torch\nrandom.seed(1)\ntorch.manual_seed(2)",
    "torch_threads": "import torch\ntorch.set_num_threads(2)",
    "numpy_errors": "import numpy\nnumpy.seterr(all='raise')",
    "recursion_limit": "import sys\nsys.setrecursionlimit(10**6)",
    "signals": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.alarm(0)",
    "folder": "import os\nos.mkdir('data')\nos.chdir('data')\nopen('log.txt', 'w').write('hello')",
    "locked_folder": "import os\nos.mkdir('a')\nos.mkdir('a/b', 0)",
    "deep_folders": """
import os
for _ in range(2_000):
    os.mkdir('a')
    os.chdir('a')
""",
    "environment": "import os\nos.environ.clear()",
    "path": "import sys\nsys.path.clear()",
    "main_guard": "if __name__ == '__main__':\n    raise SystemExit(1)",
    "module_getattr": "def __getattr__(name):\n    raise KeyError(name)",
    "thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()",
    "other_scripts": """
def градиент(x): return x
def 勾配(x): return x
def tangente_à_gauche(x): return x
λ = 0.1
""",
    "patched_numpy": """
import numpy
for name in ('allclose', 'asarray', 'array', 'isfinite', 'array_equal', 'stack', 'zeros'):
    setattr(numpy, name, lambda *args, **kwargs: True)
""",
    "patched_builtins": """
import builtins
def broken(*args, **kwargs): raise RuntimeError('patched')
for name in ('print', 'len', 'sum', 'isinstance', 'type', 'callable', 'getattr', 'min', 'max',
             'sorted', 'open', 'repr', 'all', 'any', 'map', 'set', 'list', 'dict', 'id', 'abs'):
    setattr(builtins, name, broken)
""",
    "patched_modules": """
import copy, os, time, traceback
def broken(*args, **kwargs): raise RuntimeError('patched')
copy.deepcopy = os.read = os.write = time.perf_counter = traceback.walk_tb = broken
""",
    "daemon": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.01)
    os._exit(0)
""",
    "stubborn_children": """
import os, signal
def fork():
    try:
        return os.fork()
    except OSError:
        return None

for _ in range(4):
    if fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.close(3)
        while True:
            fork()
""",
    "picture": """
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
""",
}
