"""The key of a stored result: a hash of the submission and of everything else it depends on."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec

from gradpath.submissions.submission import MAX_NOTEBOOK, Submission

SALT_BYTES: Final = 16
# About 50 ms and 16 MiB: once for each run, and once for each guess of an attacker with the keys.
_COST: Final = {"n": 2**14, "r": 8, "p": 1}


class Keys:
    """Keys of one run's submissions.

    The secret goes in as the key of a keyed hash, stretched and salted: a store with a thousand
    keys of known submissions must not be a place to look a secret up.
    """

    def __init__(self, secret: str, salt: bytes, fingerprint: str, *, public_only: bool) -> None:
        """Take the parts that all keys of a run have in common.

        Args:
            secret: seeds the hidden data.
            salt: the store's own random bytes.
            fingerprint: of the grader, as `fingerprint.fingerprint` returns it.
            public_only: whether hidden checks are left out.
        """
        self._key = hashlib.scrypt(secret.encode("utf-8", "surrogateescape"), salt=salt, **_COST)
        self._common = (fingerprint, public_only)
        self.fingerprint = fingerprint
        self.proof = self._hash("proof")
        """Tells the same secret from another one, and nothing more."""

    def of(self, submission: Submission, content: bytes, level: str) -> bytes:
        """Return the key of a submission's result.

        Args:
            submission: its names count; its file is not read.
            content: its digest, from `content_of`.
            level: the isolation level under which it is graded.
        """
        note = str(submission.note)
        named = (submission.student, submission.assignment, submission.file, note)
        return self._hash("result", *self._common, level, *named, content)

    def _hash(self, *parts: str | bytes | bool) -> bytes:
        # MessagePack keeps the parts apart: no two lists of them have the same bytes.
        return hmac.digest(self._key, msgspec.msgpack.encode(parts), "sha256")


def content_of(submission: Submission) -> bytes | None:
    """Return a digest of the submission's file, or None if that cannot be read now.

    A file that cannot be read, or is too large to be read, costs no time to grade again.
    """
    if submission.size > MAX_NOTEBOOK:
        return None
    try:
        return hashlib.sha256(submission.read_bytes()).digest()
    except Exception:  # zipfile, zlib, lzma and file systems raise many; `source` says why
        return None
