"""Processes that end together with all that they have started, on every platform."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence


class ProcessTree(subprocess.Popen[bytes]):
    """A process with pipes for its standard input and output, and its descendants.

    They are a process group, and on Windows a job. A descendant that leaves the group lives on.
    """

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the process."""
        pipe = subprocess.PIPE
        super().__init__(argv, stdin=pipe, stdout=pipe, env=environment, process_group=0)
        if sys.platform == "win32":
            from gradpath.engine.windows_job import Job

            self._job = Job.of(self)

    def kill(self) -> None:
        """End all processes of the tree, also when the first one has ended by itself."""
        if sys.platform == "win32" and self._job is not None:
            self._job.end()
        elif hasattr(os, "killpg"):
            # macOS says PermissionError of a group in which all have ended.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        else:
            super().kill()
