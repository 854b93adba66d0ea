# Answers that are made while they are read: generators, iterators without end, coroutines,
# mappings without end, views of a dict that grows, objects with `tolist` and `__len__`.
import collections.abc
import itertools

TARGET = {}


class Endless(collections.abc.Mapping):
    def __getitem__(self, key):
        return key

    def __iter__(self):
        return itertools.count()

    def __len__(self):
        return 1 << 60


class Listed:
    shape = (3,)
    dtype = "float64"

    def tolist(self):
        return [TARGET["claim"]] * 3

    def __len__(self):
        return 3

    def __getitem__(self, place):
        return float(place)


class Growing(list):
    def __iter__(self):
        for number in itertools.count():
            self.append(number)
            yield float(number)


async def later():
    return 1.0


ANSWERS = [
    lambda: (float(n) for n in itertools.count()),
    itertools.count,
    Endless,
    Listed,
    lambda: Growing([1.0]),
    later,
    lambda: {}.values(),
    lambda: map(float, "123"),
    lambda: range(10**12),
    lambda: memoryview(b"12345678"),
]
turn = iter(range(10**9))


def forward(x, w):
    return ANSWERS[next(turn) % len(ANSWERS)]()
