"""The options and the error handling that all benchmark commands share."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from bench.paths import CORPUS, BenchmarkError


def parser(description: str) -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return result


def add_corpus(options: argparse.ArgumentParser) -> None:
    options.add_argument(
        "--corpus", type=Path, default=CORPUS, metavar="DIR", help="holds right/*.py, wrong/*.py"
    )


def at_least(smallest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < smallest:
            raise argparse.ArgumentTypeError(f"must be at least {smallest}")
        return value

    return number


def finish(main: Callable[[], None]) -> None:
    try:
        main()
    except BenchmarkError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
