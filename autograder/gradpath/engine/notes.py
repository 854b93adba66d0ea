"""Notes of observations: the sentences about a limit, or about a process that is gone.

Each goes on after the name of a function: "train took longer than 10 s and was stopped".
"""

from __future__ import annotations

from typing import Final

from gradpath.text.messages import Message, joined

MEDDLED: Final = Message(
    "wrote to, or closed, a file that is not its own: the connection on which results are sent"
)
NOT_SENT: Final = Message("was not called: its arguments are too large, or no data")
ASKED_FOR_MORE: Final = Message("asked for more than its call is the reason for")
ASKED_TOO_OFTEN: Final = Message("asked more often than its call is the reason for")
CRASHED: Final = Message("crashed, or was killed by a limit of the system")
EXITED: Final = Message("ended the Python process (os._exit or the like)")
_DEFINITIONS_ONLY: Final = Message("from here on only definitions and imports were run")


def took_too_long(seconds: float) -> Message:
    """Return the note of a call that reached its own limit."""
    return Message("took longer than {seconds} s and was stopped", seconds=f"{seconds:g}")


def all_took_too_long(seconds: float) -> Message:
    """Return the note of a call that reached the limit of the submission."""
    return Message(
        "was stopped, because all calls together took longer than {seconds} s",
        seconds=f"{seconds:g}",
    )


def needed_too_much(memory_mb: int) -> Message:
    """Return the note of a call that reached the limit of memory."""
    return Message("needed more than {memory} MiB of memory", memory=memory_mb)


def printed_too_much(characters: int) -> Message:
    """Return the note of a call that reached the limit of output."""
    return Message(
        "printed more than {limit} characters and was stopped",
        limit=f"{characters:,}".replace(",", " "),
    )


def not_called_again(note: str) -> Message:
    """Return the note of a call that was not made, since earlier ones of its function ended so."""
    return Message("was not called again: an earlier call {note}", note=note)


def not_imported(note: str) -> Message:
    """Return the reason why no function of a file can be called."""
    return Message("importing your file {note}", note=note)


def left_out(note: str, *, last: bool) -> Message:
    """Return the text on a statement that is left out; after the last, only definitions are run."""
    return joined("; ", [note, _DEFINITIONS_ONLY if last else ""])
