"""Every error that gradpath raises on purpose.

`GradpathError` is what a user can cause; the command line prints its message in one line and
ends with status 2. So a message says what is wrong and what to do about it.
"""


class _ToldError(Exception):
    """An error with a message for people."""

    @property
    def message(self) -> str:
        """The text as it was given: `str(error)` is the English one alone."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class GradpathError(_ToldError):
    """Something a user can put right: wrong words, a missing file, a bad setting."""


class SettingsError(GradpathError):
    """A course's settings file is wrong."""


class SubmissionError(GradpathError):
    """One submission cannot be read; it gets the status `unreadable` with this message."""


class AuthoringError(GradpathError):
    """An assignment's own files contradict each other (master, checks, misconceptions)."""


class ChannelError(Exception):
    """What came through the channel is not a valid message."""


class InterruptedRunError(_ToldError):
    """Ctrl-C in the middle of a run, with a message that says how to go on."""


class WorkerLostError(Exception):
    """A process with the course's own code was killed from outside; what it did can be repeated."""


class WorkerError(GradpathError):
    """The worker process cannot be started on this machine."""
