"""Slips of the language, which are seen in the source and are the same in every assignment.

They need no variants and no recording: a function that failed has one if its source has it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from gradpath.course.mistakes import Misconception

_CARET: Final = Misconception(
    "caret-for-power",
    "`^` stands where a power is meant",
    "In Python `^` is no power: it compares the bits of whole numbers, and refuses all others. "
    "Which sign raises a number to a power?",
)
SLIPS: Final = (_CARET,)


def slips_in(definitions: Mapping[str, tuple[str, ast.AST]], function: str) -> list[str]:
    """Return the ids of the slips in a function's own source.

    Args:
        definitions: the definitions of the submission's module, as `rules.ModuleSource` has them.
        function: the function.
    """
    if function not in definitions:
        return []
    nodes = ast.walk(definitions[function][1])
    return [_CARET.id] if any(map(_is_caret, nodes)) else []


def _is_caret(node: ast.AST) -> bool:
    """Tell whether a node is `... ^ ...`, or `... ^= ...`: no function here needs one."""
    return isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.BitXor)
