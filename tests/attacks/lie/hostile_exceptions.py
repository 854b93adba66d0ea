# Exceptions that act when they are shown: __str__ that loops in itself or raises, a class name of
# ten million letters, arguments that cannot be printed, a traceback that is a circle.
TARGET = {}


class Recursive(Exception):
    def __str__(self):
        return str(self)

    __repr__ = __str__


class Raising(BaseException):
    def __str__(self):
        raise self

    @property
    def __traceback__(self):
        raise self


Long = type("a" * 10_000_000, (Exception,), {})


def forward(x, w):
    raise Recursive


def loss(x, y, w):
    raise Raising


def mean_squared_error(xs, ys, w):
    raise Long("b" * 10_000_000)


def weight_grid():
    error = ValueError(1)
    error.__context__ = error.__cause__ = KeyError(error)
    error.__cause__.__context__ = error
    raise error


def best_weight(weights, losses):
    raise StopIteration(GeneratorExit(KeyboardInterrupt()))
