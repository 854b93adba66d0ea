# Exceptions without end: groups in groups, causes in a circle, notes by the million, a text that
# is no text, arguments that are the exception, tracebacks that are each other's.
TARGET = {}


def forward(x, w):
    error = ValueError(TARGET["mark"])
    for _ in range(100_000):
        error = ExceptionGroup("g" * 100, [error])
    raise error


def loss(x, y, w):
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    one.__context__, two.__context__ = two, one
    one.args = (one, two)
    two.args = (one,)
    one.__notes__ = ["n" * 1000] * 10_000
    raise one


class Text(str):
    def __str__(self):
        return self

    def __len__(self):
        return 3

    def __getitem__(self, place):
        return self

    def encode(self, *words):
        return b"\xff" * 10**7


class Odd(Exception):
    def __str__(self):
        return Text("x" * 10**7)

    def __getattribute__(self, name):
        if name in ("__traceback__", "__class__"):
            raise self
        return super().__getattribute__(name)


def mean_squared_error(xs, ys, w):
    raise Odd(TARGET["mark"])


def sweep(xs, ys, ws):
    raise KeyError(Odd())
