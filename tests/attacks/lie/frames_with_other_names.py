# A traceback is made of names that the code chose: file names with control characters, lines
# beyond all bounds, functions named like the grader's, a source that linecache is told.
import linecache

TARGET = {}


def forward(x, w):
    bad = f"\x1b[31m{TARGET['mark']}\r\u202e<script>alert(1)</script>\n=cmd|' /C calc'!A0"
    code = compile("\n" * 5 + "raise ValueError('here')", bad, "exec")
    code = code.replace(co_name=bad, co_qualname=bad, co_firstlineno=2**31 - 5)
    linecache.cache[bad] = (1, None, [bad * 1000] * 10, bad)
    exec(code, {"__name__": bad, "__file__": bad})


def loss(x, y, w):
    error = SyntaxError(bad := "\x1b]0;title\x07", ("\u202e" * 100, 10**9, -5, bad * 10**5))
    error.add_note("\x1b[2J" * 10**5)
    raise error


def mean_squared_error(xs, ys, w):
    raise type("\x1b[31m\n=1+1" * 10**5, (Exception,), {"__module__": "\x9b" * 10**5})
