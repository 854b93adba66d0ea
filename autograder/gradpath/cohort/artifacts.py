"""The artifacts of a graded submission: its source, its public runs, its seconds.

Pages about a submission are made from this long after its worker has ended. They go to students,
so runs of hidden checks never get into it: a graded submission has none (see `Graded`).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from gradpath.engine.clock import knows_cpu_seconds
from gradpath.errors import ChannelError, GradpathError
from gradpath.grading.graded import Graded
from gradpath.text.messages import Message
from gradpath.worker import codec
from gradpath.worker.protocol import Cell, Observation

MAX_SOURCE: Final = 256 * 1024
"""Characters of source that are kept of a submission; the rest is left out."""
MAX_RUNS: Final = 1024 * 1024
"""Bytes of runs, before they are compressed; a check that does not fit is left out."""
_LONG: Final = 1000
"""Arrays with more numbers than this are kept in float32: tolerances of long runs, and pictures,
need no more."""

_DAMAGED: Final = Message("what was kept of a submission is damaged; grade again with --fresh")

Runs = dict[str, list[Observation]]

_runs = codec.decoder(Runs)


class KeptSource(msgspec.Struct, frozen=True):
    """The source as it was graded: a cell for a script, no cells where nobody could read it.

    `cut` says that there was more of it.
    """

    cells: list[Cell] = []
    cut: bool = False


class Kept(msgspec.Struct, frozen=True):
    """One submission's source and public runs, packed, and how long it took.

    `wall_seconds` is how long the grader waited for the submission's replies. `cpu_seconds` is the
    time that it computed, in steps of the system's clock; None where the system does not say.
    """

    packed_source: bytes = b""
    packed_runs: bytes = b""
    wall_seconds: float = 0.0
    cpu_seconds: float | None = None

    def source(self) -> KeptSource:
        """Return the source.

        Raises:
            GradpathError: it is damaged.
        """
        if not self.packed_source:
            return KeptSource()
        try:
            return msgspec.msgpack.decode(zlib.decompress(self.packed_source), type=KeptSource)
        except (zlib.error, msgspec.MsgspecError, RecursionError):
            raise GradpathError(_DAMAGED) from None

    def observations(self) -> Runs:
        """Return the observations in the public checks, by check; long ones may be missing.

        Raises:
            GradpathError: they are damaged.
        """
        return unpack_runs(self.packed_runs) if self.packed_runs else {}


def kept_of(graded: Graded) -> Kept:
    """Return the artifacts of a submission; of a file that was not graded only its text."""
    if graded.source is None:
        return Kept()
    source = pack_source(graded.source.cells)
    if graded.spent is None:
        return Kept(source)
    return Kept(
        source,
        pack_runs(graded.observations, graded.observations),
        round(graded.spent.wall, 3),
        round(graded.spent.times.cpu, 3) if knows_cpu_seconds() else None,
    )


def pack_source(cells: Sequence[Cell]) -> bytes:
    """Pack cells; of a long source only the beginning, in whole lines."""
    left = MAX_SOURCE
    kept: list[Cell] = []
    for cell in cells:
        whole = len(cell.text) <= left
        text = cell.text if whole else cell.text[:left].rpartition("\n")[0]
        kept.append(Cell(cell.name, text))
        left -= len(cell.text)
        if not whole:
            break
    return zlib.compress(msgspec.msgpack.encode(KeptSource(kept, cut=left < 0)), 6)


def pack_runs(
    observations: Mapping[str, Sequence[Observation]],
    checks: Collection[str],
    limit: int | None = MAX_RUNS,
) -> bytes:
    """Pack the observations in some checks.

    Args:
        observations: the outcomes of calls, by check.
        checks: the checks to keep.
        limit: bytes before compression; checks that go beyond are left out.
            None for no limit.
    """
    left = math.inf if limit is None else limit
    kept: dict[str, list[Observation]] = {}
    for check in sorted(checks):
        seen = [_slim(observation) for observation in observations.get(check, ())]
        weight = sum(codec.size(observation.value) for observation in seen)
        if weight <= left:
            left -= weight
            kept[check] = seen
    return zlib.compress(codec.encode(kept), 1)


def unpack_runs(data: bytes) -> Runs:
    """Return the runs that `pack_runs` packed.

    Raises:
        GradpathError: the data are damaged.
    """
    try:
        runs: Runs = codec.decode(zlib.decompress(data), _runs)
    except (zlib.error, ChannelError):
        raise GradpathError(_DAMAGED) from None
    return runs


def _slim(seen: Observation) -> Observation:
    """Leave out the parts that no page shows: arguments and second answers."""
    value = _slim_value(seen.value)
    return msgspec.structs.replace(seen, value=value, again=None, arguments=None)


def _slim_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _slim_value(item) for key, item in value.items()}
    if isinstance(value, np.ndarray) and value.size > _LONG and value.dtype == np.float64:
        with np.errstate(over="ignore"):
            small = value.astype(np.float32)
        return small if np.array_equal(np.isfinite(small), np.isfinite(value)) else value
    return value
