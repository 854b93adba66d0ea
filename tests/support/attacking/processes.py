"""Which submissions run, and which still run when it is the turn of others."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Final

_EVERY_SECONDS: Final = 0.03
_PR_SET_NAME: Final = 15
_SEEN_TWICE: Final = 2


def naming(mark: str) -> str:
    """Return a statement that gives the process that executes it a name to be seen by.

    Children keep the name of their parent in other sessions, groups and families, too.
    """
    return f"__import__('ctypes').CDLL(None).prctl({_PR_SET_NAME}, {mark.encode()!r}, 0, 0, 0)"


@dataclass
class Sightings:
    """The observations of a `Watch`.

    Attributes:
        last: the place of the latest submission that was seen.
        when: the time at which a new process was seen, in seconds of the monotonic clock.
        outlived: how often a submission's process was seen beside one of a later submission.
    """

    last: int = -1
    when: float = 0.0
    outlived: dict[int, int] = field(default_factory=dict)

    def survivors(self) -> set[int]:
        """Return the submissions with processes that outlived them."""
        return {number for number, times in self.outlived.items() if times >= _SEEN_TWICE}


class Watch:
    """Looks at the machine's processes again and again, in a thread.

    Submissions are known by the names of their processes, and the order in which they are graded.
    """

    def __init__(self, marks: dict[str, int]) -> None:
        """Begin; `marks` are processes' names, with the place of each submission in the run."""
        self._marks = marks
        self._before = _processes()
        self._ended = False
        self._since: dict[int, int] = {}
        self.sightings = Sightings(when=time.monotonic())
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended:
            self._look_once()
            time.sleep(_EVERY_SECONDS)

    def _look_once(self) -> None:
        found = self.marked()
        if not found:
            return
        seen = self.sightings
        seen.last = max(seen.last, *found.values())
        if found.keys() - self._since.keys():
            seen.when = time.monotonic()
        for pid, number in found.items():
            # A submission that is graded once more, after others, has a new process.
            if self._since.setdefault(pid, seen.last) <= number < seen.last:
                seen.outlived[number] = seen.outlived.get(number, 0) + 1

    def marked(self) -> dict[int, int]:
        """Return the live processes of submissions, each with its submission's place."""
        found = {}
        for pid in _processes() - self._before:
            name, state = _name_and_state(pid)
            # A name may have been made longer, or another beginning with the same letters.
            number = self._marks.get(name[:11])
            if number is not None and state not in "ZX":
                found[pid] = number
        return found

    def close(self) -> set[int]:
        """Stop looking, end leftover processes, and return the submissions that they belong to."""
        self._ended = True
        self._thread.join()
        deadline = time.monotonic() + 5
        survivors = self.sightings.survivors()
        first = True
        while left := self.marked():
            if first:
                time.sleep(0.3)  # processes that end with the grader may take a moment to go
                first = False
                continue
            survivors |= set(left.values())
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return survivors


def _processes() -> set[int]:
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}


def _name_and_state(pid: int) -> tuple[str, str]:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return "", "X"
    begin, _, rest = text.rpartition(")")
    return begin.partition("(")[2], rest.split()[0]
