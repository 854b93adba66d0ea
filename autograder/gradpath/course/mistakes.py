"""Misconceptions as executable objects.

A misconception is written as *variants* of the solution: the same module with one function done
wrong. A variant is at once a mutant that the checks must catch, a fingerprint that names the
mistake in a student's run, and, recorded as numbers, a hint on the student's own machine.
"""

from __future__ import annotations

import ast
import functools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.course.syntax import parse
from gradpath.errors import AuthoringError

# Patterns for `raises`: texts of torch's, and of Python's where `.grad` is None.
GRAPH_USED: Final = "Trying to backward through the graph a second time"
LEAF_IN_PLACE: Final = (
    "a leaf Variable that requires grad is being used in an in-place operation"
    "|a view of a leaf Variable that requires grad is being used in an in-place"
)
UNTRACKED: Final = "element 0 of tensors does not require grad"
NONE_USED: Final = (
    r"'NoneType' object has no attribute '\w+'|'(float|Tensor)' and 'NoneType'"
    r"|'NoneType' and '(float|Tensor)'|not 'NoneType'"
)
NONE_AS_TENSOR: Final = (
    r"'NoneType' object has no attribute '(zero_|item|data|detach|clone|fill_)'"
    r"|for (\*|-=|-): '(float|Tensor)' and 'NoneType'|for \*: 'NoneType' and 'float'"
)


@dataclass(frozen=True)
class Variant:
    """One way of making the mistake: how the source of `function` differs from the solution's.

    `code` replaces the function (or class) as a whole, unless it is empty. `edits` are pairs of a
    text that stands in `code`, or else in the solution's function, and the text that replaces it.
    `remembers` says that an answer depends on the calls before it, of this function and of others.
    """

    function: str
    code: str = ""
    edits: tuple[tuple[str, str], ...] = ()
    remembers: bool = False


@dataclass(frozen=True)
class Misconception:
    """A known mistake.

    Attributes:
        id: the stable id, as results name it.
        title: the mistake in a few words.
        hint: its usual meaning, and a question that leads to the fix; no line of code.
            It follows a sentence that gives the place, the value got and the value expected,
            and is true of every run that gets this name, whatever its numbers are.
        variants: executable forms; their order is from common to rare.
        only_fails: names of checks. A submission whose failed checks of that function are exactly
            these has made this mistake, whatever its numbers are. For mistakes whose numbers
            depend on details, such as the step of a finite difference.
        raises: a regular expression that the text `Type: message` of an exception matches. It
            stands for the exception of a variant, where that raises: texts differ with the style.
        evidence: name of a reading of the source (see `grading.evidence`) that must agree.
        fact: a sentence on the run. It goes before the hint where the check has the numbers of a
            variant on the solution, and nowhere else.
    """

    id: str
    title: str
    hint: str
    variants: tuple[Variant, ...] = ()
    only_fails: tuple[str, ...] = ()
    raises: str = ""
    evidence: str = ""
    fact: str = ""


def edit(function: str, *edits: tuple[str, str]) -> Variant:
    """A variant that changes pieces of the solution's function."""
    return Variant(function, edits=edits)


def rewrite(function: str, code: str, *edits: tuple[str, str], remembers: bool = False) -> Variant:
    """A variant that replaces the solution's function by `code`, with pieces of it changed."""
    return Variant(function, textwrap.dedent(code).strip("\n"), edits, remembers)


@functools.cache
def function_source(source: str, name: str) -> str:
    """Return the source of a top-level function or class, without its docstrings.

    Raises:
        AuthoringError: there is none of that name.
    """
    lines = source.splitlines()
    for node in parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            for documented in ast.walk(node):
                if isinstance(documented, ast.FunctionDef | ast.ClassDef):
                    first = documented.body[0]
                    if ast.get_docstring(documented) is not None and len(documented.body) > 1:
                        for line in range(first.lineno - 1, first.end_lineno or first.lineno):
                            lines[line] = ""
            kept = lines[node.lineno - 1 : node.end_lineno]
            return "\n".join(line for line in kept if line.strip())
    raise AuthoringError(f"the solution has no function {name}")


def apply(solution: str, variants: Sequence[Variant]) -> str:
    """Return the solution's source with the variants' functions defined once more at its end.

    Python looks a global name up when it is called, so the later definition is the one that every
    other function of the module uses.

    Raises:
        AuthoringError: an edit's text does not stand in the function exactly once.
    """
    parts = [solution.rstrip("\n")]
    for variant in variants:
        code = variant.code or function_source(solution, variant.function)
        for old, new in variant.edits:
            if code.count(old) != 1:
                raise AuthoringError(
                    f"{variant.function}: {old!r} stands {code.count(old)} times in the solution; "
                    "an edit needs exactly one place"
                )
            code = code.replace(old, new)
        parts.append(code)
    return "\n\n\n".join(parts) + "\n"
