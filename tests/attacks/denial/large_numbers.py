# Numbers that take for ever to compute or to print, and that do not fit into a message.
TARGET = {}


def forward(x, w):
    return 10 ** (10**5)


def loss(x, y, w):
    raise ValueError(7 ** (7**6))


def weight_grid():
    return [10**5000] * 41
