"""Checking one file on a student's machine: public checks, recorded references, no solution."""

from __future__ import annotations

from dataclasses import replace

from gradpath.course.settings import read_settings
from gradpath.engine.clock import knows_cpu_seconds
from gradpath.engine.process_tree import ProcessTree
from gradpath.engine.session import TryAgainAlone
from gradpath.engine.workers import PlainWorkshop
from gradpath.errors import SubmissionError
from gradpath.grading.expected import Expected
from gradpath.grading.graded import Graded
from gradpath.grading.grader import Grader
from gradpath.grading.results import message_of
from gradpath.student.launch import for_check
from gradpath.submissions.submission import Submission


class LocalCheck:
    """The public checks of one submission, in a plain subprocess.

    The worker starts when the object is made, so that its imports run beside the caller's.
    """

    def __init__(self, submission: Submission, worker: ProcessTree | None = None) -> None:
        """Start the worker, if the caller has not; `run` grades."""
        slug = submission.assignment
        self._workshop = PlainWorkshop(read_settings(slug).libraries, worker or for_check(slug))
        self.expected = Expected(slug)
        self.assignment = self.expected.assignment
        self._submission = submission

    def run(self) -> Graded:
        """Grade the file.

        Raises:
            SubmissionError: the file cannot be read, or has no function of the assignment.
        """
        graded = self.graded()
        if graded.result.status == "unreadable":
            raise SubmissionError(message_of(graded.result))
        return graded

    def graded(self) -> Graded:
        """Grade the file, or say in the result why it cannot be graded."""
        source = self._submission.source()
        grader = Grader(self.assignment, self.expected.oracle, self._workshop)
        student, file, note = self._submission.student, self._submission.file, self._submission.note
        try:
            # Where an endless loop looks like a busy machine, one attempt counts.
            graded = grader.grade(source, student, file, note, final=not knows_cpu_seconds())
        except TryAgainAlone:
            graded = grader.grade(source, student, file, note)
        return replace(graded, printed=self.expected.printed(graded.result, graded.observations))

    def close(self) -> None:
        """End the worker."""
        self._workshop.close()
