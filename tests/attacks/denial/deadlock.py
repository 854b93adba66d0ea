# Waits for a lock that it holds itself, in a thread that is no daemon, with a second one at exit.
import atexit
import threading

TARGET = {}

LOCK = threading.Lock()
LOCK.acquire()
threading.Thread(target=LOCK.acquire).start()
atexit.register(LOCK.acquire)


def forward(x, w):
    raise SystemExit(0)
