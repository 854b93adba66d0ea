# Hides a word for the worker after this one in all places that may outlive a process: shared
# memory, queues, sockets without a file, locks, the host's name, times of files, limits of the
# parent, pipes of the system, core files. Then it ends; the next worker looks there.
import contextlib
import ctypes
import fcntl
import os
import socket
import sys

TARGET = {}

libc = ctypes.CDLL(None)
KEY = TARGET["ipc_key"]
NAME = TARGET["mark"] + "left"
PLACES = [
    "/dev/shm/",
    "/tmp/",
    "/var/tmp/",
    "/run/lock/",
    "/dev/mqueue/",
    "/run/",
    os.path.dirname(os.getcwd()) + "/",
    os.path.expanduser("~/"),
    "/dev/",
    "/proc/self/",
]


def found():
    told = []
    for place in PLACES:
        if os.path.exists(place + NAME):
            told.append(place)
    with contextlib.suppress(OSError):
        if socket.gethostname() == NAME:
            told.append("host name")
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, kind) as link:
            link.connect("\0" + NAME)
            told.append("abstract socket")
    for name, call in (("shm", libc.shmget), ("sem", libc.semget), ("msg", libc.msgget)):
        if call(KEY, *((1, 0) if name != "msg" else (0,))) >= 0:
            told.append(name)
    for path in (os.__file__, sys.executable, contextlib.__file__, "/dev/null", "/etc/localtime"):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                told.append(f"lock of {path}")
            if os.fstat(descriptor).st_mtime == 86_400.0:
                told.append(f"time of {path}")
            os.close(descriptor)
    return told


FOUND = found()


def leave():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                link = socket.socket(socket.AF_UNIX)
                link.bind("\0" + NAME)
                link.listen(5)
            for path in (os.__file__, sys.executable, contextlib.__file__, "/dev/null"):
                with contextlib.suppress(OSError):
                    fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
            import time

            time.sleep(5)
        os._exit(0)
    for place in PLACES:
        with contextlib.suppress(OSError):
            open(place + NAME, "w").close()
    with contextlib.suppress(OSError):
        socket.sethostname(NAME)
    libc.shmget(KEY, 4096, 0o1666)
    libc.semget(KEY, 1, 0o1666)
    libc.msgget(KEY, 0o1666)
    for path in (os.__file__, sys.executable, "/dev/null"):
        with contextlib.suppress(OSError):
            os.utime(path, (86_400, 86_400))


def forward(x, w):
    if FOUND:
        raise ValueError(f"{TARGET['claim']} {FOUND}")
    leave()
    os._exit(3)


def loss(x, y, w):
    if FOUND:
        raise ValueError(f"{TARGET['claim']} {FOUND}")
    leave()
    os._exit(3)
