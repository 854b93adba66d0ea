"""A cohort on its way into an output folder: stored results are taken over, others are graded.

A run can be killed at any moment and continued, because of the order in which it works: the
request is recorded before the first submission is graded, results are stored as they come, and the
run counts as finished once its files have been written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.keys import Keys, content_of
from gradpath.cohort.out_folder import utc_now
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.store import RecordedRun, Store
from gradpath.grading.results import Result, failed_by_grader
from gradpath.submissions.submission import Submission
from gradpath.text.messages import Message


class Cohort:
    """The submissions of one run, the results that they have so far, and the store of these."""

    def __init__(
        self,
        store: Store,
        submissions: Sequence[Submission],
        keys: Keys,
        level: str,
        contents: Mapping[tuple[str, str], bytes | None] | None = None,
    ) -> None:
        """Read the submissions; nothing is taken over or written yet.

        Args:
            store: keeps the results.
            submissions: in the order that the results shall have.
            keys: of the results in the store.
            level: the isolation level that the submissions will be graded at.
            contents: the digests of the submissions, where they have been read already.
        """
        self._store = store
        self._keys = keys
        self._level = level
        self._submissions = {
            (submission.student, submission.assignment): submission for submission in submissions
        }
        self._contents = contents or {
            name: content_of(submission) for name, submission in self._submissions.items()
        }
        self._results: dict[tuple[str, str], Result] = {}
        self._stored: dict[tuple[str, str], bytes] = {}
        self.stored = 0
        """How many of the results are stored."""

    def changed_since(self, run: RecordedRun) -> str:
        """Describe the changes since a run began, in one sentence; nothing if all is equal.

        Whether the secret is the same is another question: see `same_secret`.
        """
        if run.fingerprint != self._keys.fingerprint:
            return Message(
                "gradpath or the course has changed since the run began; all is graded again"
            )
        if run.contents != self._digest():
            return Message(
                "submissions have changed since the run began; they are graded as they are now"
            )
        return ""

    def same_secret(self, run: RecordedRun) -> bool:
        """Tell whether a run was started with the secret of this one."""
        return run.proof == self._keys.proof

    def begin(self, request: GradeRequest) -> None:
        """Record this as the run to continue, unless it finishes; a fresh one forgets results."""
        run = RecordedRun(
            request, self._keys.proof, self._digest(), self._keys.fingerprint, utc_now()
        )
        self._store.begin(run, forget=list(self._stored_under()) if request.fresh else ())

    def take_over(self) -> int:
        """Take over the results that are stored, and return how many these are."""
        names = self._stored_under()
        results = self._store.get(names)
        self._results = {names[key]: result for key, result in results.items()}
        self._stored = {names[key]: key for key in results}
        self.stored = len(self._results)
        return self.stored

    def left(self) -> list[Submission]:
        """Return the submissions that have no result yet."""
        return [
            submission
            for name, submission in self._submissions.items()
            if name not in self._results
        ]

    def keep_all(self, graded: Sequence[tuple[Result, Kept]]) -> None:
        """Take new results, all of them or none; see `keep`."""
        before = self.stored
        try:
            with self._store.together():
                for result, kept in graded:
                    self.keep(result, kept)
        except BaseException:
            self.stored = before
            raise

    def keep(self, result: Result, kept: Kept | None = None) -> None:
        """Take a new result, and store it if the same submission would always get it.

        After a failure of the grader's own it would not. Neither is a result stored whose file was
        written to meanwhile: nobody knows which version was graded.

        Args:
            result: the result.
            kept: the artifacts of the submission; None for nothing.

        Raises:
            GradpathError: it cannot be stored.
        """
        name = (result.student, result.assignment)
        submission, content = self._submissions[name], self._contents[name]
        if content is not None and content_of(submission) == content:
            self.take(result, kept)
        else:
            self._results[name] = result

    def take(self, result: Result, kept: Kept | None = None) -> None:
        """Take the result of a submission as it is, and store it; see `keep`."""
        name = (result.student, result.assignment)
        self._results[name] = result
        submission, content = self._submissions[name], self._contents[name]
        if content is not None and not failed_by_grader(result):
            # Under the level that it was graded at, even should another have been expected.
            key = self._keys.of(submission, content, result.isolation)
            self._store.put(key, result, kept)
            self._stored[name] = key
            self.stored += 1

    def publish(self, results: Sequence[Result] = ()) -> None:
        """Note in the store which results are those of the files that are about to be written.

        Args:
            results: those of the files, with points taken off for lateness.

        Raises:
            GradpathError: it cannot be stored.
        """
        said = {(result.student, result.assignment): result.said for result in results}
        self._store.publish(self._stored, said)

    def results(self) -> list[Result]:
        """Return all results in the order of the submissions."""
        return [self._results[name] for name in self._submissions]

    def _stored_under(self) -> dict[bytes, tuple[str, str]]:
        """Return the key of each submission's result; a file that cannot be read has none."""
        return {
            self._keys.of(self._submissions[name], content, self._level): name
            for name, content in self._contents.items()
            if content is not None
        }

    def _digest(self) -> bytes:
        """Return a digest of all submissions: it changes when one changes, comes or goes."""
        files = [(*name, self._contents[name]) for name in self._submissions]
        return hashlib.sha256(msgspec.msgpack.encode(files)).digest()
