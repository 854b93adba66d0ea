# Takes all memory that it gets, in one list.
TARGET = {}

ALL = [bytearray(1 << 26) for _ in range(1 << 10)]


def forward(x, w):
    return 0.0
