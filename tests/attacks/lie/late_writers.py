# Writes replies when everything seems over: in atexit, in finalizers, in __del__ of objects that
# the interpreter still holds, and in a thread.
import atexit
import os
import threading
import weakref

import gradpath.worker.codec as codec
import gradpath.worker.protocol as protocol

TARGET = {}


def late(*words):
    for number in range(1, 40):
        data = protocol.frame(codec.encode(protocol.Reply(number, "returned", 0.0)))
        try:
            os.write(3, data)
        except OSError:
            return


class Dying:
    __del__ = late


atexit.register(late)
KEPT = Dying()
weakref.finalize(KEPT, late)
threading.Timer(0.01, late).start()


def forward(x, w):
    return Dying()
