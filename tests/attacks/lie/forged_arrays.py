# Writes arrays to the channel that its own codec would not make: shapes that multiply to nothing
# or to too much, dtypes of records, of objects, of a gigabyte each, too few bytes, extensions.
import os
import struct

import msgspec

TARGET = {}


def frames():
    shapes = [[], [2**62, 2**62], [-1], [0, 2**63 - 1], [1] * 200, [2**32 + 1, 0], [3.5], ["3"]]
    dtypes = [
        "<f8",
        "O",
        "V1000000000",
        "<f8,(1000000,)f8",
        "(1000000000,)f8",
        "M8[ns]",
        "U99999999",
        "|S0",
        "c16",
        "f16",
        "<f8" * 1000,
        "",
        "\x00",
    ]
    for dtype in dtypes:
        for shape in shapes:
            for data in (b"", b"\0" * 8, struct.pack("<d", 7.0) * 3):
                body = msgspec.msgpack.encode([shape, dtype, data])
                for code in range(6):
                    yield msgspec.msgpack.Ext(code, body)
                yield {"shape": shape, "dtype": dtype, "data": data}


def forward(x, w):
    import gradpath.worker.protocol as protocol

    for number, value in enumerate(frames()):
        reply = {"number": number % 8, "outcome": "returned", "value": value, "again": value}
        framed = protocol.frame(msgspec.msgpack.encode(reply))
        for descriptor in range(3, 12):
            try:
                os.write(descriptor, framed)
            except OSError:
                continue
    return 1.0
