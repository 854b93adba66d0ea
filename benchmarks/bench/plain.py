"""Take `plain_tests.py` apart, into the pieces that otter and nbgrader are given."""

import ast
from dataclasses import dataclass

from bench.paths import BENCHMARKS

POINTS = 2


@dataclass(frozen=True)
class PlainTest:
    """`header` goes before every test; `code` defines a function `name` that takes `subject`."""

    name: str
    subject: str
    header: str
    code: str


def plain_tests() -> list[PlainTest]:
    text = (BENCHMARKS / "plain_tests.py").read_text(encoding="utf-8")
    functions = [
        node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    header = "\n".join(text.splitlines()[: functions[0].lineno - 1]).strip()
    return [
        PlainTest(
            name=function.name.removeprefix("test_"),
            subject=function.args.args[0].arg,
            header=header,
            code=ast.get_source_segment(text, function) or "",
        )
        for function in functions
    ]
