"""Grading attacks with the real command, each with a right submission behind it."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from gradpath.course.master import solution_of
from gradpath.worker.confine import tree
from tests.support.attacking.listeners import Listeners
from tests.support.attacking.places import Places
from tests.support.attacking.planted import Secrets
from tests.support.attacking.processes import Watch, naming
from tests.support.attacking.suite import Attack
from tests.support.attacking.targets import Target

_IDLE_SECONDS: Final = 120.0
"""Longer than any submission may take with all that its limits allow."""
_FIRST_SECONDS: Final = 120.0
MAX_MEGABYTES: Final = 450
"""Of memory that the grader itself may take, with one job."""
MAX_LINE: Final = 65_536
"""Bytes of a result."""
_LEVEL: Final = re.compile(r"isolation level ([A-D])\b")
_LEFTOVER_PLACES: Final = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")


@dataclass(frozen=True)
class Setting:
    """How a grader is run: where, by which Python and user, and with which options."""

    folder: Path
    python: Path
    user: int | None
    options: tuple[str, ...] = ()


@dataclass
class Outcome:
    """The outcome of a batch.

    Attributes:
        escapes: forbidden acts of each attack that succeeded; failed attacks are absent.
        culprit: the attack during which the grader ended or stopped, if it did.
        log: the output of the grader.
    """

    escapes: dict[str, list[str]] = field(default_factory=dict)
    culprit: Attack | None = None
    log: str = ""

    @property
    def level(self) -> str:
        """The letter of the isolation level that it worked at; empty if it did not say so."""
        found = _LEVEL.search(self.log)
        return found[1] if found else ""

    def add(self, attack: str, what: str) -> None:
        """Note an escape."""
        self.escapes.setdefault(attack, []).append(what)


class Batch:
    """One run of the grader over some attacks."""

    def __init__(self, attacks: Sequence[Attack], setting: Setting) -> None:
        """Prepare a run; `grade` does it."""
        self._attacks = list(attacks)
        self._setting = setting
        self._targets: list[Target] = []

    def grade(self) -> Outcome:
        """Hand in, grade, and look at the consequences."""
        root = Path(tempfile.mkdtemp(prefix="attacks-", dir=self._setting.folder))
        places = Places(root, self._setting.python, self._setting.user, Secrets())
        places.make()
        lent = os.open(places.secret_file, os.O_RDONLY)
        listeners = Listeners(lent)
        try:
            return self._grade(places, listeners, lent)
        finally:
            listeners.close()
            os.close(lent)
            shutil.rmtree(root, ignore_errors=True)

    def _grade(self, places: Places, listeners: Listeners, lent: int) -> Outcome:
        log = open(places.root / "log", "wb+")  # noqa: SIM115  closed below
        with log, self._grader(places, log) as process:
            marks = self._hand_in(places, listeners, lent, process.pid)
            places.give_to_user()
            for target in self._targets:
                target.ready()
            watch = Watch(marks)
            large: set[int] = set()
            if process.stdin is None:
                raise AssertionError("no pipe")
            process.stdin.close()  # which lets it begin
            try:
                ended = _wait(process, watch, large)
            finally:  # Ctrl-C too: nothing of an attack may stay
                _end_tree(process)
                survivors = watch.close()
            log.seek(0)
            outcome = Outcome(log=log.read().decode("utf-8", "replace"))
        for number in large:
            attack = self._attacks[max(number, 0) // 2]
            outcome.add(attack.id, f"the grader took more than {MAX_MEGABYTES} MiB")
        if not ended or process.returncode != 0:
            self._blame(outcome, watch.sightings.last, process.returncode if ended else None)
        else:
            self._look_at_results(outcome, places)
        self._look_at_rest(outcome, places, survivors)
        return outcome

    def _grader(self, places: Places, log: IO[bytes]) -> subprocess.Popen[bytes]:
        words = places.command("grade", places.submissions, "--out", places.out, "--jobs", "1")
        user = self._setting.user
        # Its process id is told to the attacks, so it must exist before they do.
        return subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; exec "$@"', "sh", *words, *self._setting.options],
            cwd=places.grader,
            env=places.environment(),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def _hand_in(
        self, places: Places, listeners: Listeners, lent: int, grader: int
    ) -> dict[str, int]:
        marks: dict[str, int] = {}
        for number, attack in enumerate(self._attacks):
            mark, next_mark = f"gpa{number:03}{_word()}", f"gpn{number:03}{_word()}"
            marks |= {mark: 2 * number, next_mark: 2 * number + 1}
            path = self._file(places, number, "attack")
            right = self._file(places, number, "next")
            broadcast = self._setting.user is not None
            target = Target(attack, mark, places, listeners, lent, grader, right, broadcast)
            filled_in = f"TARGET = {target.make()!r}; {naming(mark)}"
            path.parent.mkdir()
            path.write_text(attack.filled_in(filled_in))
            right.parent.mkdir()
            right.write_text(f"{_solution(attack.assignment)}\n\n{naming(next_mark)}\n")
            self._targets.append(target)
        return marks

    def _file(self, places: Places, number: int, whose: str) -> Path:
        name = f"{self._attacks[number].assignment}.py"
        return places.submissions / f"a{number:03}_{whose}" / name

    def _blame(self, outcome: Outcome, last: int, status: int | None) -> None:
        how = "stopped" if status is None else f"ended with status {status}"
        if status == 2 and "--help` explains" in outcome.log:
            raise RuntimeError(f"the grader did not take its words:\n{outcome.log[-2000:]}")
        # The first one may have been too quick to be seen.
        outcome.culprit = self._attacks[max(last, 0) // 2]
        outcome.add(outcome.culprit.id, f"the grader {how}")

    def _look_at_results(self, outcome: Outcome, places: Places) -> None:
        lines: dict[str, bytes] = {}
        results = {}
        for line in (places.out / "results.jsonl").read_bytes().splitlines():
            result = msgspec.json.decode(line)
            lines[result["student"]], results[result["student"]] = line, result
        for number, (attack, target) in enumerate(zip(self._attacks, self._targets, strict=True)):
            own, after = (results.get(f"a{number:03}_{whose}") for whose in ("attack", "next"))
            if own is None or after is None:
                outcome.add(attack.id, "no result")
                continue
            if own["score"] > attack.honest:
                outcome.add(attack.id, f"{own['score']} points instead of {attack.honest}")
            if after["score"] != after["max_score"]:
                outcome.add(attack.id, f"the next student got {after['score']}: {_lost(after)}")
            line = lines[own["student"]]
            if len(line) > MAX_LINE:
                outcome.add(attack.id, f"a result of {len(line)} bytes")
            for place in places.secrets.found_in(line):
                outcome.add(attack.id, f"told the secret of the {place}")
            if target.claim.encode() in line:
                outcome.add(attack.id, f"claims: {_said(own, target.claim)}")
            if any(not text.replace("\n", "").isprintable() for text in _texts(own)):
                outcome.add(attack.id, "control characters in the result")

    def _look_at_rest(self, outcome: Outcome, places: Places, survivors: set[int]) -> None:
        for number, (attack, target) in enumerate(zip(self._attacks, self._targets, strict=True)):
            for harm in target.touched():
                outcome.add(attack.id, harm)
            if 2 * number in survivors:
                outcome.add(attack.id, "a process outlived its submission")
        marks = {
            target.mark: attack for attack, target in zip(self._attacks, self._targets, strict=True)
        }
        for path in _leftovers(places):
            mark = next((mark for mark in marks if mark in path.name), None)
            if mark is not None:
                outcome.add(marks[mark].id, f"left {path.name} in {path.parent.name}")
                _remove(path)
        for path in places.tmp.rglob("*"):
            if not path.is_dir():
                outcome.add("?", f"left {path.name} in TMPDIR")
        told = {text for texts in outcome.escapes.values() for text in texts}
        for path in [places.root / "log", *places.out.rglob("*")]:
            if path.is_file():
                for place in places.secrets.found_in(path.read_bytes()):
                    if f"told the secret of the {place}" not in told:
                        outcome.add("?", f"{path.name} tells the secret of the {place}")
        dirty = {"\x1b", "\x9b", "\u202e", "\r", "\n=", ",=", "\x07"}
        for name, text in (("the log", outcome.log), ("grades.csv", _read(places, "grades.csv"))):
            if any(piece in text for piece in dirty):
                outcome.add("?", f"what acts where it is shown in {name}")


@functools.cache
def _solution(assignment: str) -> str:
    return solution_of(assignment)


def _wait(process: subprocess.Popen[bytes], watch: Watch, large: set[int]) -> bool:
    """Wait for the grader; tell whether it ended by itself.

    Args:
        process: the grader.
        watch: knows which submission's turn it is.
        large: takes the one during which the grader took too much memory, the first time.
    """
    while process.poll() is None:
        time.sleep(0.05)
        if not large and peak_megabytes(process.pid) > MAX_MEGABYTES:
            large.add(watch.sightings.last)
        seen = watch.sightings
        patience = _FIRST_SECONDS if seen.last < 0 else _IDLE_SECONDS
        if time.monotonic() - seen.when > patience or _is_stopped(process.pid):
            return False
    return True


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a process has had so far, without that of its children."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
    return 0.0


def _is_stopped(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt"
    return False


def _end_tree(process: subprocess.Popen[bytes]) -> None:
    """End the grader, if it has not ended, with all that it started."""
    if process.poll() is None:
        for each in tree([process.pid]):
            with contextlib.suppress(OSError):
                os.kill(each, signal.SIGKILL)
    process.wait()


def _leftovers(places: Places) -> list[Path]:
    found = [path for folder in _LEFTOVER_PLACES for path in Path(folder).glob("*")]
    for folder in (places.course, places.grader, places.home, places.tmp, places.out):
        found += folder.rglob("*gpa*")
    return found


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _read(places: Places, name: str) -> str:
    path = places.out / name
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""


def _lost(result: dict[str, Any]) -> str:
    failed = [f"{c['id']}: {c['message']}" for c in result["checks"] if c["outcome"] != "passed"]
    return (failed or [result.get("message", "")])[0][:120]


def _said(result: dict[str, Any], claim: str) -> str:
    texts = "\n".join(_texts(result))
    said = texts[texts.find(claim) + len(claim) :].partition("\n")[0].partition(", at ")[0]
    return said.strip()[:60] or "did it"


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in (*value, *value.values()) for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _word() -> str:
    return secrets.token_hex(4)[:5]
