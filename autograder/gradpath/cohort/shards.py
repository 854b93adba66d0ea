"""Shards: parts of a cohort that several machines grade, each into a folder of its own."""

from __future__ import annotations

import hashlib
import re

import msgspec

from gradpath.errors import GradpathError
from gradpath.submissions.submission import Submission
from gradpath.text.messages import Message


class Shard(msgspec.Struct, frozen=True):
    """One of several parts of a cohort, counted from 0.

    Which part has a submission follows from its assignment and its student alone. So each machine
    comes to the same parts by itself, and a submission stays in its part whoever else hands in.
    """

    number: int
    count: int

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read `2/8`, the third of eight.

        Raises:
            GradpathError: it is no such text.
        """
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
        shard = cls(int(found[1]), int(found[2])) if found else cls(0, 0)
        if shard.number >= shard.count:
            raise GradpathError(
                Message("--shard {text!r} is no part: the parts of eight are 0/8 to 7/8", text=text)
            )
        return shard

    def has(self, submission: Submission) -> bool:
        """Tell whether a submission belongs to this part."""
        return shard_of(submission.student, submission.assignment, self.count) == self

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def shard_of(student: str, assignment: str, count: int) -> Shard:
    """Return the part that has a submission, of so many parts."""
    name = f"{assignment}\0{student}".encode("utf-8", "surrogateescape")
    return Shard(int.from_bytes(hashlib.sha256(name).digest()) % count, count)
