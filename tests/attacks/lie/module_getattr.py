# A module with __getattr__ has every function that it is asked for, and one with a class for a
# module names its functions each time anew.
import sys
import types

TARGET = {}


class Module(types.ModuleType):
    def __getattribute__(self, name):
        return lambda *words: 7.0


def __getattr__(name):
    return lambda *words: 7.0


sys.modules[__name__].__class__ = Module
