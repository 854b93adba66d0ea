"""Lines that real files have at their top level, beside right functions: nobody loses points."""

from __future__ import annotations

from tests.support.badinput.lane import RIGHT

GRADIENT = "def gradient(x, y, w):\n    return 2 * x * (x * w - y)\n"

SILENT = {
    "exported_notebook": (
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().system('pip install torch')\n" + RIGHT
    ),
    "exported_time_cell": RIGHT.replace(
        GRADIENT, f"get_ipython().run_cell_magic('time', '', {GRADIENT!r})\n{GRADIENT}"
    ),
    "shell_of_ipython": "from IPython import get_ipython\nget_ipython().magic('reset -f')\n"
    + RIGHT,
    "argparse": RIGHT
    + "import argparse\nparser = argparse.ArgumentParser()\n"
    + "parser.add_argument('--lr', type=float, default=0.1)\nlr = parser.parse_args().lr\n",
    "file": RIGHT + "import pathlib\nprint(__file__)\npathlib.Path(__file__).parent.resolve()\n",
    "future_below": "'''Text.'''\nfrom __future__ import annotations\nx: Nothing = 1\n" + RIGHT,
    "main": RIGHT + "if __name__ == '__main__':\n    raise SystemExit(main())\n",
    "definitions_in_blocks": "try:\n    import numpy as np, torch, os, sys\nfinally:\n"
    + "\n".join(f"    {line}" for line in RIGHT.partition("import torch\n")[2].split("\n")),
    "bars": RIGHT.replace(
        "import torch\n", "import torch\nfrom tqdm.notebook import tqdm, trange\n"
    )
    .replace("in range(epochs)", "in tqdm(range(epochs), desc='epoch', leave=False)")
    .replace("return {", "trange(2).set_postfix(loss=1.0); tqdm.write('done')\n    return {"),
    "plots_while_training": RIGHT.replace(
        "import torch\n", "import torch\nfrom IPython.display import clear_output, display\n"
    ).replace("return {", "clear_output(wait=True); display(w)\n    return {"),
    "lambda_then_skeleton": RIGHT.replace(
        GRADIENT, "gradient = lambda x, y, w: 2 * x * (x * w - y)\n"
    ),
}

NOTED = {
    "assert": (RIGHT + "assert predict(1, 2) == 3, 'wrong'\n", "raised AssertionError: wrong"),
    "wrong_call": (RIGHT + "print(train(1, 2))\n", "(print(train(1, 2))) raised TypeError: "),
    "colab": ("from google.colab import drive\ndrive.mount('x')\n" + RIGHT, "No module named"),
    "missing_style": (
        "import seaborn as sns\nsns.set_theme()\nfig = sns.relplot()\nfig.show()\n" + RIGHT,
        "line 1 (import seaborn as sns) raised ModuleNotFoundError: No module named 'seaborn'; eve",
    ),
    "annotation": (
        "import cupy as cp\n" + RIGHT.replace("(x, y, w)", "(x: cp.ndarray, y, w)"),
        "line 1 (import cupy as cp) raised ModuleNotFoundError: No module named 'cupy'; eve",
    ),
    "bracket": (RIGHT + "print(train(1, 2)\n\ndef other(): pass\n", "has a syntax error: '(' was"),
    "broken_helper": (
        '"""\nold version:\ndef predict(x): return 3\n"""\ndef helper(x:\n    return x\n\n' + RIGHT,
        "line 5 (def helper(x:) has a syntax error",
    ),
    "tabs": (
        "def helper(x):\n    if x:\n\treturn 1\n" + RIGHT,
        "has a syntax error: inconsistent use of tabs",
    ),
    "class": (RIGHT + "class Data:\n    values = open('data.csv').read()\n", "FileNotFoundError"),
    "decorator": (RIGHT + "@timed\ndef other(): pass\n", "NameError: name 'timed' is not defined"),
    "two_endless": (
        "while True: pass\n" + RIGHT + "while True: pass\n",
        "(while True: pass) took longer than 0.5 s and was stopped; hand_gradients.py, line 4",
    ),
}
