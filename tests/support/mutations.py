"""Strategies for bytes and texts that are nearly right."""

from __future__ import annotations

from hypothesis import strategies as st

Change = tuple[str, float, bytes, int]

_changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "insert", "delete", "cut", "copy"]),
        st.floats(0, 1),
        st.binary(min_size=1, max_size=8),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=6,
)


def mutated(originals: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Return bytes of `originals` with a few changes somewhere."""
    return st.builds(_apply, originals, _changes)


def mutated_text(originals: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """The same for texts: the resulting bytes are read as text."""
    encoded = originals.map(lambda text: text.encode("utf-8", "surrogatepass"))
    return mutated(encoded).map(lambda data: data.decode("utf-8", "replace"))


def _apply(data: bytes, changes: list[Change]) -> bytes:
    for kind, place, new, count in changes:
        at = int(place * len(data))
        if kind == "set":
            data = data[:at] + new + data[at + len(new) :]
        elif kind == "insert":
            data = data[:at] + new + data[at:]
        elif kind == "delete":
            data = data[:at] + data[at + count :]
        elif kind == "cut":
            data = data[:at]
        else:
            data = data[:at] + data[at : at + count] * 3 + data[at + count :]
    return data
