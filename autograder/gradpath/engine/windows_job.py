"""Jobs of Windows: sets of processes that end together, and with the last handle of the job.

Written by Microsoft's documentation of job objects; the tests, which run on Linux, look at the
sizes of the structures only.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from ctypes import wintypes
from typing import Final

_EXTENDED_LIMITS: Final = 9
"""JobObjectExtendedLimitInformation of the enumeration JOBOBJECTINFOCLASS."""
_KILL_ON_CLOSE: Final = 0x2000
"""JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE: the job also ends when the grader does, in any way."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION of winnt.h."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION of winnt.h; `IoInfo` is six counters."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_ulonglong * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


if sys.platform == "win32":

    class Job:
        """A job with one process and all that it starts from now on."""

        def __init__(self, handle: int) -> None:
            """Take over a handle, which stays open as long as this process lives."""
            self._handle = wintypes.HANDLE(handle)

        @classmethod
        def of(cls, process: subprocess.Popen[bytes]) -> Job | None:
            """Put a process that has just begun into a job; None where Windows refuses."""
            kernel = _kernel()
            handle = kernel.CreateJobObjectW(None, None)
            if not handle:
                return None
            limits = ExtendedLimits()
            limits.BasicLimitInformation.LimitFlags = _KILL_ON_CLOSE
            limited = kernel.SetInformationJobObject(
                handle, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            own = wintypes.HANDLE(int(process._handle))  # type: ignore[attr-defined]
            if limited and kernel.AssignProcessToJobObject(handle, own):
                return cls(handle)
            kernel.CloseHandle(handle)
            return None

        def end(self) -> None:
            """Terminate the job's processes; a job without any stays as it is."""
            _kernel().TerminateJobObject(self._handle, 1)

        def __del__(self) -> None:
            """Close the handle, and with it the job."""
            _kernel().CloseHandle(self._handle)

    def _kernel() -> ctypes.WinDLL:
        """Return kernel32 with the types of its arguments; the default, int, cuts handles off."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle, number = wintypes.HANDLE, wintypes.DWORD
        kernel.CreateJobObjectW.restype = handle
        kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
        kernel.SetInformationJobObject.argtypes = (handle, ctypes.c_int, wintypes.LPVOID, number)
        kernel.AssignProcessToJobObject.argtypes = (handle, handle)
        kernel.TerminateJobObject.argtypes = (handle, wintypes.UINT)
        kernel.CloseHandle.argtypes = (handle,)
        return kernel
