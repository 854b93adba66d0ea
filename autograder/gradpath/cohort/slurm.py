"""A cohort on a Slurm cluster: an array job with a shard in each task, and a job that merges them.

The second job waits for the first one, however that ends. It merges the shards, or hands in those
again that have not been finished, with another job that waits for them. So a run goes on by itself
when the command that started it has ended, and a lost node costs the submissions in hand.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from gradpath.cohort.grade import Callbacks, CohortRun, Outcome
from gradpath.cohort.merge import merge
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.store import NAME as STORE
from gradpath.cohort.store import Store
from gradpath.course.config import FILE, VARIABLE, read_config
from gradpath.course.files import write_files
from gradpath.errors import GradpathError
from gradpath.text import some
from gradpath.text.messages import Message

RECORD: Final = "slurm.json"
MAX_ATTEMPTS: Final = 5
"""Array jobs for one run; each has the shards that the ones before left unfinished."""
_PAUSE_SECONDS: Final = 15
"""Before unfinished shards begin again: a process on a node that Slurm has lost may still end."""
_GRADPATH: Final = (sys.executable, "-P", "-c", "from gradpath.cli import main; main()")
_WAITING: Final = ("PENDING", "REQUEUED", "CONFIGURING", "SUSPENDED")


class SlurmRun(msgspec.Struct, frozen=True):
    """A cohort on a cluster, as `slurm.json` in the output folder has it.

    Attributes:
        folder: where the command was typed, for a `gradpath.toml` there.
        paths: the submissions.
        words: further words for `gradpath grade`; a secret is in none of them.
        shards: the number of parts.
        sbatch: words for `sbatch`.
        attempts: how many array jobs there have been.
        jobs: the array job and the job that merges.
        finished: whether the shards have been merged.
    """

    folder: str
    paths: tuple[str, ...]
    words: tuple[str, ...]
    shards: int
    sbatch: tuple[str, ...] = ()
    attempts: int = 0
    jobs: tuple[str, ...] = ()
    finished: bool = False


@dataclass(frozen=True)
class Progress:
    """The tasks of the array job: waiting, running and ended, and the attempt that they are of."""

    waiting: int
    running: int
    ended: int
    attempt: int


def plan(request: GradeRequest, shards: int, sbatch: Sequence[str], tell: Callbacks) -> SlurmRun:
    """Return the run of a request, after a look at its submissions and its secret.

    Raises:
        GradpathError: there are no submissions, the output folder is among them, or the secret is
            in no file.
    """
    request.must_lie_apart(request.out)
    if (
        not request.public_only
        and not request.secret_file
        and not read_config(request.folder).secret
    ):
        raise GradpathError(
            Message(
                "the jobs read the secret from a file: give --secret-file, or write it into "
                "{file}; others could read a command line and an environment",
                file=FILE,
            )
        )
    CohortRun(msgspec.structs.replace(request, secret=""), tell)
    words = [word for slug in request.only for word in ("--assignment", slug)]
    words += ["--public"] if request.public_only else []
    words += ["--secret-file", str(request.secret_file)] if request.secret_file else []
    words += ["--require-isolation", request.required] if request.required else []
    words += ["--allow-weak-isolation"] if request.allow_weak else []
    paths = tuple(str(path.absolute()) for path in request.paths)
    return SlurmRun(str(request.folder.absolute()), paths, tuple(words), shards, tuple(sbatch))


def scripts(run: SlurmRun, out: Path) -> dict[str, str]:
    """Return the scripts of the array job and of the job that merges, by their names."""
    task = "$SLURM_ARRAY_TASK_ID"
    words = [
        shlex.join([*_GRADPATH, "grade", *run.paths]),
        f"--out {shlex.quote(str(out / 'shards'))}/{task} --shard {task}/{run.shards}",
        f'--jobs "${{SLURM_CPUS_ON_NODE:-1}}" {shlex.join(run.words)}'.rstrip(),
    ]
    collect = shlex.join([*_GRADPATH, "slurm", "--collect", str(out)])
    head = f"#!/bin/bash\ncd {shlex.quote(run.folder)} || exit\n"
    return {
        "shard.sh": f"{head}exec " + " \\\n  ".join(words) + "\n",
        "merge.sh": f"{head}exec {collect}\n",
    }


def submit(run: SlurmRun, out: Path, numbers: Sequence[int]) -> SlurmRun:
    """Hand in the array job with some shards, and the job that merges; record both.

    Raises:
        GradpathError: Slurm refuses it, or is not here.
    """
    out = out.absolute()
    folder = out / "slurm"
    (out / "shards").mkdir(parents=True, exist_ok=True)
    write_files(folder, {name: text.encode() for name, text in scripts(run, out).items()})
    again = ["--begin", f"now+{_PAUSE_SECONDS}"] if run.attempts else []
    # The user's words come last, so that they count where ours say something else.
    common = [
        "sbatch",
        "--parsable",
        "--requeue",
        "--open-mode",
        "append",
        "--job-name",
        "gradpath",
    ]
    tasks = ["--array", ",".join(map(str, numbers)), "--output", str(folder / "shard-%a.log")]
    array = _called([*common, *tasks, *again, *run.sbatch, str(folder / "shard.sh")])
    after = ["--dependency", f"afterany:{array}", "--output", str(folder / "merge.log")]
    try:
        merging = _called([*common, *after, *run.sbatch, str(folder / "merge.sh")])
    except GradpathError:
        _called(["scancel", array])
        raise
    run = msgspec.structs.replace(run, attempts=run.attempts + 1, jobs=(array, merging))
    _record(run, out)
    return run


def collect(out: Path, tell: Callbacks) -> Outcome | SlurmRun:
    """Go on with a run that has no array job any more.

    Returns:
        The merged run; or the run with new jobs, when shards have not been finished.

    Raises:
        GradpathError: it has had too many array jobs, or the shards cannot be merged.
    """
    run = read(out)
    if left := [number for number in range(run.shards) if not _finished(_shard(out, number))]:
        if run.attempts >= MAX_ATTEMPTS:
            named = some([f"{number}/{run.shards}" for number in left])
            raise GradpathError(
                Message(
                    "shard {named} has not been finished "
                    "by {attempts} array jobs; see the logs in {path}, and type "
                    "`gradpath slurm` with the same words again",
                    named=named,
                    attempts=run.attempts,
                    path=out / "slurm",
                )
            )
        return submit(run, out, left)
    request = GradeRequest((), out=out, folder=Path(run.folder))
    outcome = merge([_shard(out, number) for number in range(run.shards)], request, tell)
    _record(msgspec.structs.replace(run, finished=True), out)
    return outcome


def read(out: Path) -> SlurmRun:
    """Read the run of an output folder.

    Raises:
        GradpathError: there is none.
    """
    try:
        return msgspec.json.decode((out / RECORD).read_bytes(), type=SlurmRun)
    except FileNotFoundError:
        raise GradpathError(
            Message("there is no run of `gradpath slurm` in {out}", out=out)
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise GradpathError(
            Message("{path} cannot be read: {reason}", path=out / RECORD, reason=error)
        ) from None


def begin(run: SlurmRun, out: Path) -> SlurmRun:
    """Hand in all shards of a run, unless the folder's last one has jobs still.

    Raises:
        GradpathError: it has, or Slurm refuses it.
    """
    if (out / RECORD).exists() and any(_states(read(out))):
        words = f"`gradpath slurm --attach {shlex.quote(str(out))}`"
        raise GradpathError(
            Message(
                "the run in {out} has jobs in the queue; {words} shows them", out=out, words=words
            )
        )
    return submit(run, out, range(run.shards))


def progress(out: Path) -> Iterator[Progress]:
    """Yield the progress of a run, each time that it is asked for, until no job is left."""
    while True:
        run = read(out)
        states = list(_states(run))
        if not states:
            return
        array = [state for job, state in states if job == run.jobs[0]]
        waiting = sum(state in _WAITING for state in array)
        yield Progress(waiting, len(array) - waiting, run.shards - len(array), run.attempts)


def _states(run: SlurmRun) -> Iterator[tuple[str, str]]:
    """Yield the job and the state of each task in the queue."""
    if run.jobs:
        # A job that is long gone is an error to squeue, so all jobs of the user are asked for.
        listed = _called(["squeue", "--me", "--noheader", "--array", "--format", "%F %T"])
        for job, _, state in (line.partition(" ") for line in listed.splitlines()):
            if job in run.jobs:
                yield job, state


def _shard(out: Path, number: int) -> Path:
    return out / "shards" / str(number)


def _finished(folder: Path) -> bool:
    if not (folder / STORE).is_file():
        return False
    try:
        with OutFolder(folder), Store(folder, create=False) as store:
            store.finished_run()
    except GradpathError:  # another process is at work there, or has been killed in the middle
        return False
    return True


def _record(run: SlurmRun, out: Path) -> None:
    write_files(out, {RECORD: msgspec.json.format(msgspec.json.encode(run))})


def _called(words: Sequence[str]) -> str:
    """Call a command of Slurm's, without the secret in its environment; return its output."""
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    try:
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, errors="replace", check=False
        )
    except FileNotFoundError:
        raise GradpathError(
            Message(
                "there is no {word} here: log in to a machine of a Slurm cluster, or share the "
                "cohort with `gradpath grade --shard`",
                word=words[0],
            )
        ) from None
    if done.returncode != 0:
        message = " ".join(done.stderr.split()) or f"exit status {done.returncode}"
        raise GradpathError(Message("{word} refuses: {message}", word=words[0], message=message))
    return done.stdout.strip()
