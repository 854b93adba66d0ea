# Texts without an end wherever a text can be: names, labels, keys, errors, imports, cells.
TARGET = {}
LONG = "gradpath " * 20_000


class Error(Exception):
    pass


Error.__name__ = Error.__qualname__ = LONG


def forward(x, w):
    raise Error(LONG)


def loss(x, y, w):
    return LONG


def mean_squared_error(xs, ys, w):
    return {LONG: {LONG: [LONG]}}


def sweep(xs, ys, weights):
    exec(compile(f"def f():\n raise ValueError({LONG!r})\nf()", LONG, "exec"))


def weight_grid():
    return type(LONG, (), {})()


def best_weight(weights, losses):
    raise KeyError(*[LONG] * 100)


def plot_sweep(weights, losses):
    raise SyntaxError(LONG, (LONG, 1, 1, LONG))
