"""The answers to stand-ins, as a session gets them; `gradpath.grading.questions` has some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from gradpath.worker.protocol import Answer, Call


class Answerer(Protocol):
    """Answers for functions that stand-ins take the place of."""

    @property
    def names(self) -> Sequence[str]:
        """The functions that are replaced."""

    @property
    def graph(self) -> bool:
        """True where autograd may pass through them."""

    @property
    def exhausted(self) -> bool:
        """True where the last call has asked too often; it may be right all the same."""

    def answer(self, call: Call, question: Any) -> Answer | None:
        """Return the right value; None when the call may ask no more, or asks for something else.

        Args:
            call: the call of a later function that is being made.
            question: the worker's message as plain data, which may be anything.
        """

    def computed(self) -> float:
        """Return for how many seconds answers were computed, in other processes than this one."""
