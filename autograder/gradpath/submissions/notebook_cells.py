"""Cells of a notebook as nbformat writes them."""

from __future__ import annotations

from typing import Any, Final

METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def text_cell(id: str, source: str) -> dict[str, Any]:
    """Return a markdown cell of notebook format 4.5."""
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": _lines(source)}


def code_cell(id: str, source: str, *tags: str) -> dict[str, Any]:
    """Return a code cell of notebook format 4.5 that was never run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": _lines(source),
    }


def _lines(source: str) -> list[str]:
    return source.strip("\n").splitlines(keepends=True)
