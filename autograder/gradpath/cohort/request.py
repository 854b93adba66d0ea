"""The request of `gradpath grade`: made once, recorded in the store, sent to a container."""

from __future__ import annotations

import base64
import os
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import msgspec

from gradpath.cohort.shards import Shard
from gradpath.course.config import find_secret
from gradpath.errors import GradpathError
from gradpath.text.messages import Message
from gradpath.worker.sandbox.layers import Level

_OPTIONS: Final = {
    "paths": Message("PATHs"),
    "only": "--assignment",
    "public_only": Message("--hidden or --public"),
    "image": "--docker",
    "regrade": "--regrade",
    "shard": "--shard",
}
"""The fields that a run and its continuation have in common, as the command line names them."""


class GradeRequest(msgspec.Struct, frozen=True):
    """The submissions to grade, and how.

    Attributes:
        paths: the submissions, as `submissions.find` takes them.
        out: the output folder.
        folder: where the command was typed, for a `gradpath.toml` there.
        only: the assignments to take; all if there are none.
        public_only: leave the hidden checks out.
        secret: value of `--secret`, or empty. No record of the request has it.
        secret_file: value of `--secret-file`.
        image: the image of `--docker`, empty for the default one.
        jobs: number of threads; None for one on each processor.
        regrade: only compare with the results that were published.
        fresh: take nothing over that is stored.
        required: the isolation level to insist on.
        allow_weak: grade hidden checks below isolation level B, too.
        without: isolation layers to leave out.
        shard: the part of the submissions to take; None for all.
        language: the code of the language of results.jsonl; empty for English.
    """

    paths: tuple[Path, ...]
    out: Path = Path()
    folder: Path = Path()
    only: tuple[str, ...] = ()
    public_only: bool = False
    secret: str = ""
    secret_file: Path | None = None
    image: str | None = None
    jobs: int | None = None
    regrade: bool = False
    fresh: bool = False
    required: Level | None = None
    allow_weak: bool = False
    without: tuple[str, ...] = ()
    shard: Shard | None = None
    language: str = ""

    @property
    def how_to_continue(self) -> str:
        """The command that continues this run."""
        command = f"gradpath grade --resume --out {shlex.quote(str(self.out))}"
        return f"{command} --secret TEXT" if self.secret else command

    def must_lie_apart(self, out: Path, option: str = "--out") -> None:
        """Make sure that a folder to write into is no folder of submissions and lies in none.

        Args:
            out: the folder.
            option: the option that names it.

        Raises:
            GradpathError: files there would be taken for a student's the next time.
        """
        for path in self.paths:
            if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
                raise GradpathError(
                    Message(
                        "{out} is the folder of submissions, or lies in it; give another folder "
                        "with {option}",
                        out=out,
                        option=option,
                    )
                )

    def seed(self) -> str:
        """Return the secret that seeds the hidden data; an empty text if they are left out.

        Raises:
            GradpathError: there is no secret.
        """
        return "" if self.public_only else find_secret(self.secret, self.secret_file, self.folder)

    def continuing(self, run: GradeRequest, typed: Collection[str]) -> GradeRequest:
        """Return the request that continues a run, as this one asks for it.

        Args:
            run: the recorded request of the run.
            typed: the fields of this request that were typed.

        Raises:
            GradpathError: this request is for another run.
        """
        for name, option in _OPTIONS.items():
            if name in typed and self.identity(name) != run.identity(name):
                raise GradpathError(
                    Message(
                        "the run was started with other {option}; leave that out to continue it, "
                        "or leave out --resume to start another",
                        option=option,
                    )
                )
        file = self.secret_file
        if file is None and "secret" not in typed:
            file = run.secret_file
        return msgspec.structs.replace(
            run,
            out=self.out,
            secret=self.secret,
            secret_file=file,
            jobs=self.jobs or run.jobs,
            required=self.required or run.required,
            allow_weak=self.allow_weak or run.allow_weak,
            without=self.without or run.without,
            language=self.language or run.language,
        )

    def identity(self, name: str) -> Any:
        """Return a field so that equal requests have equal ones."""
        if name == "paths":
            return sorted(map(os.path.realpath, self.paths))
        return sorted(self.only) if name == "only" else getattr(self, name)

    def to_record(self) -> bytes:
        """Write the request for `--resume`, which may be typed in another folder: no secret."""
        paths = tuple(path.absolute() for path in self.paths)
        return msgspec.structs.replace(
            self, paths=paths, out=Path(), secret="", fresh=False
        ).to_json()

    def to_json(self) -> bytes:
        """Write the request with its secret."""
        return msgspec.json.encode(self, enc_hook=_encode_path)

    @classmethod
    def from_json(cls, data: bytes) -> GradeRequest:
        """Read a request.

        Raises:
            msgspec.MsgspecError: this is no request.
        """
        return msgspec.json.decode(data, type=cls, dec_hook=_decode_path)


def _encode_path(path: Path) -> bytes:
    return os.fsencode(path)  # a file system takes any bytes for a name, JSON does not


def _decode_path(kind: type, text: str) -> Path:
    return Path(os.fsdecode(base64.b64decode(text)))
