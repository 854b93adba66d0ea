"""The rules of the house that no linter has: plain prose, few rooms, short modules and functions.

    python -m tests.support.house [rooms] [sizes] [prose] [--lines]

Without a name all three are checked. `--lines` prints each vague word of the worst files.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PACKAGE = Path("autograder/gradpath")

# Pronouns that stand where a noun belongs. `which` names a noun before it, and is fine.
VAGUE = re.compile(r"\b(?:what|who|whose|whom|whatever|whoever)\b", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z']+")
VAGUE_PER_THOUSAND = 3.0
# The folders with prose of ours, and the pages beside them.
OURS = ("autograder", "benchmarks", "docs", "solutions", "student_template", "tests", ".github")
# Submissions of a corpus are quotations, and build/ is made.
WITHOUT_PROSE = {"corpus", "__pycache__", "build"}
WORST_FILES = 10

ENTRIES = 14
# `locale` holds data, like `py.typed`: no import leads there.
NOT_COUNTED = {"__init__.py", "py.typed", "__pycache__", "locale"}
MODULE_LINES = 400
FUNCTION_LINES = 50
# Tables: a reader looks one entry up and does not read on.
DATA = re.compile(r"assignments/\w+/misconceptions\.py|worker/sandbox/system_calls\.py")


@dataclass(frozen=True)
class Prose:
    """The prose of one file: its number of words, and each line with a vague one."""

    path: Path
    words: int
    vague: tuple[tuple[int, str], ...]

    @property
    def room(self) -> str:
        """The part of the repository that the file counts for, such as `gradpath/engine`."""
        parts = self.path.parts
        if self.path.is_relative_to(PACKAGE) and len(parts) > 3:
            return "/".join(parts[1:3])
        return "/".join(parts[:2] if parts[0] == "tests" and len(parts) > 2 else parts[:1])


def main(arguments: list[str] | None = None) -> int:
    """Check the rules that are named; print each offence and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rule", nargs="*", default=list(RULES), help=", ".join(RULES))
    parser.add_argument("--lines", action="store_true", help="print lines with vague words")
    parser.add_argument("--root", type=Path, default=CHECKOUT, help="the checkout to check")
    options = parser.parse_args(arguments)
    if unknown := set(options.rule) - set(RULES):
        parser.error(f"no rule has the name {', '.join(sorted(unknown))}")
    offences = [line for rule in options.rule for line in RULES[rule](options.root, options.lines)]
    print("\n".join(offences) or "the rules of the house are kept")
    return 1 if offences else 0


def check_rooms(root: Path, _: bool = False) -> list[str]:
    """Return an offence if there are too many entries at the top of the package."""
    entries = {path.name for path in (root / PACKAGE).iterdir()} - NOT_COUNTED
    if len(entries) <= ENTRIES:
        return []
    return [
        f"{PACKAGE}: {len(entries)} entries, {ENTRIES} are allowed: {' '.join(sorted(entries))}"
    ]


def check_sizes(root: Path, _: bool = False) -> list[str]:
    """Return the modules and functions of the package that are too long, except data."""
    offences = []
    for path in _files(root, str(PACKAGE), "*.py"):
        if DATA.search(path.as_posix()):
            continue
        text = (root / path).read_text("utf-8")
        if (lines := len(text.splitlines())) > MODULE_LINES:
            offences.append(f"{path}: {lines} lines, {MODULE_LINES} are allowed")
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if (lines := _code_lines(node)) > FUNCTION_LINES:
                offences.append(
                    f"{path}:{node.lineno}: {node.name} has {lines} lines, "
                    f"{FUNCTION_LINES} are allowed"
                )
    return offences


def check_prose(root: Path, lines: bool = False) -> list[str]:
    """Return a table of the rooms if there are too many vague words in all of them together."""
    files = list(prose_of(root))
    if _rate(files) < VAGUE_PER_THOUSAND:
        return []
    table = [f"{'room':32} {'vague':>6} {'words':>7} {'in 1,000':>9}"]
    for room in [*sorted({file.room for file in files}), "all"]:
        members = [file for file in files if room in (file.room, "all")]
        vague, words = sum(len(file.vague) for file in members), sum(file.words for file in members)
        table.append(f"{room:32} {vague:6} {words:7} {_rate(members):9.1f}")
    worst = sorted(files, key=lambda file: -len(file.vague))[:WORST_FILES]
    table.append("the files with most of them (--lines prints the lines):")
    for file in worst:
        table.append(f"{file.path}: {len(file.vague)}")
        table += [f"  {number}: {text}" for number, text in file.vague if lines]
    rule = f'fewer than {VAGUE_PER_THOUSAND:g} "what", "who", "whose", "whom" in 1,000 words'
    return [*table, f"the rule is {rule}: name the thing"]


def prose_of(root: Path) -> Iterator[Prose]:
    """Yield the prose of each file: docstrings and comments of Python, and Markdown pages."""
    pages = sorted(path.relative_to(root) for path in root.glob("*.md"))
    folders = [folder for folder in OURS if (root / folder).is_dir()]
    python = [path for folder in folders for path in _files(root, folder, "*.py")]
    pages += [path for folder in folders for path in _files(root, folder, "*.md")]
    for path in python:
        yield _measured(path, _python_prose((root / path).read_text("utf-8")))
    for path in pages:
        yield _measured(path, _markdown_prose((root / path).read_text("utf-8")))


def _files(root: Path, folder: str, pattern: str) -> list[Path]:
    paths = (path.relative_to(root) for path in (root / folder).rglob(pattern))
    return sorted(path for path in paths if not WITHOUT_PROSE & set(path.parts))


def _measured(path: Path, lines: list[tuple[int, str]]) -> Prose:
    words = sum(len(WORD.findall(text)) for _, text in lines)
    vague = [(number, text.strip()) for number, text in lines for _ in VAGUE.findall(text)]
    return Prose(path, words, tuple(vague))


def _rate(files: list[Prose]) -> float:
    words = sum(file.words for file in files)
    return 1000 * sum(len(file.vague) for file in files) / max(words, 1)


def _python_prose(text: str) -> list[tuple[int, str]]:
    """Return the lines of docstrings and comments; a template that is no Python yet has none."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    source = text.splitlines()
    lines = [
        (number, source[number - 1])
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines += [(at.start[0], at.string) for at in tokens if at.type == tokenize.COMMENT]
    return sorted(lines)


def _markdown_prose(text: str) -> list[tuple[int, str]]:
    """Return the lines outside of code; code in a line is left out, too."""
    lines, in_code, after_blank = [], False, True
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            in_code = not in_code
        # Four blanks after an empty line begin a block of code.
        elif not in_code and not (after_blank and line.startswith("    ")):
            lines.append((number, re.sub(r"`[^`]*`", " ", line)))
            after_blank = not line.strip()
    return lines


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its decorators and its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


RULES: dict[str, Callable[[Path, bool], list[str]]] = {
    "rooms": check_rooms,
    "sizes": check_sizes,
    "prose": check_prose,
}


if __name__ == "__main__":
    sys.exit(main())
