# Hangs in C code that does not let go of the interpreter's lock: no handler in Python runs.
import re

TARGET = {}

re.match(r"(a+)+$", "a" * 60 + "b")
