"""Bad functions: bodies of `gradient(x, y, w)`, and their outcomes."""

from __future__ import annotations

import textwrap

from tests.support.badinput.lane import RIGHT

Cases = dict[str, tuple[str, ...]]
"""The body, then words of the message; the outcome is the same for a whole table."""

RETURNED: Cases = {
    "none": ("return None", "None (does the function end without a return?)"),
    "text": ("return 'two'", "numbers are expected", "the text 'two'"),
    "complex": ("return 2j * x", "numbers are expected", "complex number"),
    "truth": ("return True", "a number is expected, got True"),
    "nan": ("return float('nan') * x", "nan, expected"),
    "infinity": ("return np.inf * x", "inf, expected"),
    "objects": ("return np.array([x, None], object)", "array of objects"),
    "generator": (
        "return (2 * x for _ in range(3))",
        "a generator (return a list or an array instead)",
    ),
    "ragged": ("return [[1.0], [1.0, 2.0]]", "a list whose items have different shapes"),
    "meta": ("return torch.empty(3, device='meta')", "meta device", "no numbers"),
    "column": (
        "return np.reshape(2 * x * (x * w - y), (-1, 1))",
        "wrong shape",
        "shape (1, 1)",
        "expected one number",
    ),
    "itself": ("return gradient", "the function gradient itself (was it called?)"),
    "mapping": ("return {'slope': 1.0}", "a dict with the keys slope"),
    "set": ("return {1.0}", "an object of type set"),
    "dates": ("return np.array(['2024-01-01'], 'M8[D]')", "datetime64"),
    "too_many": ("return np.broadcast_to(1.0, (10**9,))", "1000000000 elements"),
    "too_many_apart": (
        "return [np.zeros(4_000_000 - i) for i in range(3)]",
        "more than 4000000 numbers",
    ),
    "dimensions": ("return np.ones((1,) * 40)", "40 dimensions"),
    "nested": (
        """
        value = []
        for _ in range(10_000):
            value = [value]
        return value
        """,
        "a list",
    ),
    "in_itself": ("value = []; value += [value, value]; return value", "a list"),
    "many_keys": ("return {f'key {i}': i for i in range(20_000)}", "20000 keys"),
    "many_texts": ("return ['a'] * 30_000", "separate values"),
    "half_character": ("return chr(0xD800) * 3", "the text"),
    "huge_number": ("return 10 ** 5_000", "a whole number with about 5000 digits"),
}

# Objects that want to fool or break their reader.
OBJECTS: Cases = {
    "lying_class": (
        """
        class Liar:
            __class__ = float
            def __float__(self): return 0.0
        return Liar()
        """,
        "an object of type Liar",
    ),
    "lying_truth": (
        """
        class Liar:
            __class__ = bool
        return Liar()
        """,
        "an object of type Liar",
    ),
    "equal_to_all": (
        """
        class Equal(float):
            def __eq__(self, other): return True
            def __abs__(self): return 0.0
            def __sub__(self, other): return 0.0
            __rsub__ = __sub__
            def __float__(self): return 1e9
        return Equal(1.0)
        """,
        "is 1, expected",
    ),
    "text_subclass": (
        """
        class Text(str):
            def __getitem__(self, index): raise SystemExit(1)
            def __str__(self): return 7
            def encode(self, *args): raise OSError
        return Text("two")
        """,
        "the text 'two'",
    ),
    "list_subclass": (
        """
        class List(list):
            def __iter__(self): raise SystemExit(1)
            def __len__(self): return -1
        return List(["two"])
        """,
        "a list that contains the text 'two'",
    ),
    "unreadable_mapping": (
        """
        import collections
        class Odd(collections.UserDict):
            def __len__(self): raise KeyboardInterrupt
        return Odd()
        """,
        "an object of type Odd that cannot be read as numbers",
    ),
    "unwritable_keys": (
        """
        class Key:
            def __str__(self): raise SystemExit(1)
        return {Key(): 1.0}
        """,
        "cannot be read as numbers",
    ),
    "array_protocol": (
        """
        class Odd:
            def __array__(self, *args, **kwargs): raise RuntimeError("no")
            def __len__(self): raise RuntimeError("no")
            def __float__(self): raise RuntimeError("no")
            def __iter__(self): raise RuntimeError("no")
            def __getattr__(self, name): raise RuntimeError("no")
        return Odd()
        """,
        "an object of type Odd",
    ),
    "endless_methods": (
        """
        class Odd:
            def __array__(self, *args, **kwargs):
                while True: pass
            __len__ = __float__ = __iter__ = __array__
        return Odd()
        """,
        "an object of type Odd",
    ),
    "name_of_class": (
        """
        class Meta(type):
            @property
            def __name__(cls): raise SystemExit(1)
        class Odd(metaclass=Meta): pass
        return Odd()
        """,
        "an object of type Odd",
    ),
    "tensor_subclass": (
        """
        class Odd(torch.Tensor):
            @classmethod
            def __torch_function__(cls, *args, **kwargs): raise RuntimeError("no")
        return torch.ones(1).as_subclass(Odd)
        """,
        "an object of type Odd that cannot be read as numbers",
    ),
}

RAISED: Cases = {
    "exception": (
        "raise ValueError('no idea')",
        "ValueError: no idea, at hand_gradients.py, line 48 (raise ValueError('no idea'))",
    ),
    "exit": ("sys.exit(3)", "SystemExit: 3", "line 48"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt, at"),
    "os_exit": ("os._exit(0)", "gradient ended the Python process"),
    "recursion": ("return gradient(x, y, w)", "RecursionError", "line 48"),
    "keyboard": ("return float(input('slope? '))", "EOFError: input() waits for a keyboard"),
    "open_files": ("files = [open(os.devnull) for _ in range(10_000)]", "Too many open files"),
    "huge_file": (
        """
        with open('data.bin', 'wb') as file:
            while True:
                file.write(bytes(1_000_000))
        """,
        "File too large",
    ),
    "unprintable": (
        """
        class Odd(Exception):
            def __str__(self): raise SystemExit(1)
        raise Odd
        """,
        "Odd, at hand_gradients.py, line",
    ),
    "odd_syntax_error": (
        """
        error = SyntaxError('no')
        error.filename, error.lineno, error.text, error.msg = [], 'x', 7, object()
        raise error
        """,
        "SyntaxError",
    ),
    "long_message": ("raise ValueError('a' * 10_000_000)", "ValueError: aaa"),
    "control_characters": (
        "raise ValueError('\\x1b[2J\\x1b]0;me\\x07' + '\\u202eend\\nHint: pay')",
        "ValueError: ?[2J?]0;me??end Hint: pay, at",
    ),
    "address": ("raise ValueError(object())", "<object object at 0x...>"),
    "scratch_path": (
        "raise ValueError(os.path.join(os.getcwd(), 'data.csv'))",
        "ValueError: data.csv",
    ),
    "scratch_name": (
        "raise ValueError(f'in {os.path.basename(os.getcwd())}, here')",
        "ValueError: in , here",
    ),
    "library_path": ("from numpy import nothing_such", "ImportError", "numpy"),
    "missing_file": ("return np.loadtxt('data.csv')", "data.csv not found"),
    "torch_lacks_it": ("return torch.ones(2, device='meta').tolist()", "NotImplementedError"),
    "stopped": ("import signal; os.kill(os.getpid(), signal.SIGSTOP)", "PermissionError"),
    "own_group": ("os.killpg(0, 9)", "PermissionError"),
}

ENDLESS: Cases = {
    "loop": ("while True: pass", "gradient took longer than 0.5 s and was stopped"),
    "loop_in_c": ("return sum(range(10**12))", "took longer than 0.5 s"),
    "power": ("return len(str(7 ** 10**9))", "took longer than 0.5 s"),
    "catches_all": (
        """
        while True:
            try:
                raise ValueError
            except BaseException:
                pass
        """,
        "took longer than 0.5 s",
    ),
    "endless_mapping": (
        """
        import collections
        class Odd(collections.UserDict):
            def __len__(self):
                while True: pass
        return Odd()
        """,
        "took longer than 0.5 s and was stopped",
    ),
}

KILLED: Cases = {
    "list_memory": (
        """
        kept = []
        while True:
            kept.append(list(range(1_000_000)))
        """,
        "gradient needed more than 300 MiB of memory",
    ),
    "numpy_memory": ("return np.ones(10**9)", "needed more than 300 MiB of memory"),
    "torch_memory": ("return torch.ones(10**9)", "needed more than 300 MiB of memory"),
    "output": (
        "while True: print('x' * 1_000_000)",
        "gradient printed more than 12 000 000 characters and was stopped",
    ),
    "errors_written": (
        """
        while True:
            try:
                sys.stderr.write('x' * 1_000_000)
            except Exception:
                pass
        """,
        "printed more than 12 000 000 characters",
    ),
    "crash": ("import ctypes; ctypes.string_at(0)", "gradient crashed, or"),
    "own_process": ("os.kill(os.getpid(), 9)", "gradient crashed, or was killed"),
    "abort": ("os.abort()", "gradient crashed, or was killed"),
}

# Under a user id of its own a submission is not allowed to signal the grader.
PROCESSES: Cases = {
    "threads": (
        """
        import threading, time
        while True:
            threading.Thread(target=time.sleep, args=(60,)).start()
        """,
        "RuntimeError: can't start new thread",
    ),
    "fork_bomb": ("while True: os.fork()",),
    "parent": ("assert os.getuid() >= 61000; os.kill(os.getppid(), 9)", "PermissionError"),
    "everybody": ("assert os.getuid() >= 61000; os.kill(-1, 9)", "PermissionError"),
}

STUBBORN: Cases = {
    "stubborn_fork_bomb": (
        """
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
        "took longer than 0.5 s",
    )
}

_SEND = """
def send(data):
    os.write(3, len(data).to_bytes(4, 'little') + data)

def request():
    frame = sys._getframe()
    while 'request' not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals['request']
"""

# Descriptor 3 is where answers are written; a submission can find that out.
CHANNEL: Cases = {
    "garbage": ("os.write(3, b'garbage' * 1000); return 0.0", "connection"),
    "half_a_frame": (
        "os.write(3, (1000).to_bytes(4, 'little') + b'x'); os._exit(0)",
        "ended the Python process",
    ),
    "too_long": ("os.write(3, b'\\xff' * 4); return 0.0", "connection"),
    "closed": ("os.close(3); return 0.0", "gradient ended the Python process"),
    "closed_and_waits": (
        "import time; os.close(3); time.sleep(60)",
        "connection on which results are sent",
    ),
    "twice": (
        """
        from gradpath.worker import codec, protocol
        slope = 2 * x * (x * w - y)
        send(codec.encode(protocol.Reply(request().number, 'returned', slope)))
        return slope
        """,
        "connection",
    ),
    "many_small_values": ("send(b'\\xdd\\x02\\x00\\x00\\x00' + b'\\x80' * 2**25)", "connection"),
    "nested": ("send(b'\\x91' * 90_000 + b'\\xc0')", "connection"),
    "date": (
        """
        import datetime, msgspec
        now = datetime.datetime.now(datetime.UTC)
        send(msgspec.msgpack.encode(
            {'number': request().number, 'outcome': 'returned', 'value': now}))
        return 0.0
        """,
        "connection",
    ),
    "array_as_key": (
        """
        import msgspec
        from gradpath.worker import codec
        value = codec.encode(np.ones(2))
        head = msgspec.msgpack.encode({'number': request().number, 'outcome': 'returned'})
        send(b'\\x83' + head[1:] + b'\\xa5value\\x81' + value + b'\\x01')
        return 0.0
        """,
        "connection",
    ),
    "forged_failure": (
        """
        import msgspec
        send(msgspec.msgpack.encode({'number': request().number, 'outcome': 'raised', 'failure': {
            'type': 'E' * 100_000, 'message': '\\x1b' * 100_000, 'frames': []}}))
        os._exit(0)
        """,
        "EEE",
    ),
}


def with_gradient(body: str) -> str:
    """Return the right submission with another `gradient`; its body begins in line 48."""
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return f"{RIGHT}\n\ndef gradient(x, y, w):\n{lines}\n{_SEND}"


BRANCHING = """
value = [None]
for _ in range(30):
    value = [value] * 9
return value
"""

# A lane is the worker's parent; without root both have the same user id.
KILLED_LANE = """
import time
if os.fork() == 0:
    os.setsid()
    os.close(3)
    time.sleep(60)
os.kill(os.getppid(), 9)
time.sleep(60)
"""

SMALL_OBJECTS = """
kept = None
while True:
    kept = (kept, bytes(400))
"""

FORGED_MISSING = """
import msgspec
send(msgspec.msgpack.encode(
    {'number': request().number, 'outcome': 'missing', 'value': {'a': [1] * 1000}}))
os._exit(0)
"""
