"""References and fingerprints as numbers, so that a student's machine needs no solution.

`gradpath record` runs the public checks on the solution and on the known mistakes and writes the
observations to an assignment's `recorded.msgpack`. With it `gradpath check` compares and gives
hints exactly as the grader does, and nobody can read a solution out of it.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec

from gradpath.course.settings import folder_of
from gradpath.errors import ChannelError, GradpathError
from gradpath.text.messages import Message
from gradpath.worker import codec
from gradpath.worker.protocol import Observation


class KnownMistake(msgspec.Struct, frozen=True):
    """A misconception without its code."""

    id: str
    title: str
    hint: str
    only_fails: list[str]
    raises: str
    evidence: str
    fact: str


class KnownRun(msgspec.Struct, frozen=True):
    """The observations that one variant of a mistake gives on the public checks of one function."""

    misconception: str
    function: str
    runs: dict[str, list[Observation]]
    failed: list[str]


class Recording(msgspec.Struct, frozen=True):
    """The contents of `recorded.msgpack`."""

    points: dict[str, float]
    references: dict[str, list[Observation]]
    mistakes: list[KnownMistake]
    runs: list[KnownRun]
    skeleton: str
    """The file that students are given: it shows `check` which of two files is untouched."""


_decoder = codec.decoder(Recording)


def path_of(slug: str) -> Path:
    """Return where the recording of an assignment lies."""
    return folder_of(slug) / "recorded.msgpack"


def read(slug: str) -> Recording:
    """Read a recording.

    Raises:
        GradpathError: there is none, or it is damaged.
    """
    try:
        data = zlib.decompress(path_of(slug).read_bytes())
        recording: Recording = codec.decode(data, _decoder)
    except (OSError, zlib.error, ChannelError):
        is_authors = (folder_of(slug) / "misconceptions.py").is_file()
        again = Message("install gradpath again")
        advice = Message("run `gradpath record {slug}`", slug=slug) if is_authors else again
        raise GradpathError(
            Message(
                "the recorded references of {slug} are missing or damaged; {advice}",
                slug=slug,
                advice=advice,
            )
        ) from None
    return recording


def pack(recording: Recording) -> bytes:
    """Return the file's contents."""
    return zlib.compress(codec.encode(recording), 9)
