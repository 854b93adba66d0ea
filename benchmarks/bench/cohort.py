"""Cohorts: the corpus of whole submissions, repeated under as many students as asked for."""

from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from bench.paths import CORPUS, SLUG, BenchmarkError


@dataclass(frozen=True)
class Submission:
    """One student's file. `right` is the corpus's word on it, not a grader's."""

    student: str
    source: Path
    right: bool

    @property
    def code(self) -> str:
        # No two files are equal, so no grader can save work by recognising a copy.
        return f"{self.source.read_text(encoding='utf-8')}\n# handed in by {self.student}\n"


def corpus_files(corpus: Path = CORPUS) -> list[tuple[Path, bool]]:
    """Right and wrong files in turn, so that any stretch of the list holds both."""
    right, wrong = (sorted((corpus / kind).glob("*.py")) for kind in ("right", "wrong"))
    if not right or not wrong:
        raise BenchmarkError(f"no submissions in {corpus}: it needs right/*.py and wrong/*.py")
    pairs = zip_longest([(path, True) for path in right], [(path, False) for path in wrong])
    return [entry for entry in chain.from_iterable(pairs) if entry]


def make_cohort(size: int, corpus: Path = CORPUS) -> list[Submission]:
    """`size` students; a small cohort takes files from all over the corpus, not only its head."""
    files = corpus_files(corpus)
    if size < len(files):
        files = [files[i * len(files) // size] for i in range(size)]
    return hand_in(files, size)


def hand_in(files: list[tuple[Path, bool]], size: int) -> list[Submission]:
    """The files in order, again and again, under `size` students."""
    return [Submission(f"s{i:04}", *files[(i - 1) % len(files)]) for i in range(1, size + 1)]


def write_folders(cohort: list[Submission], folder: Path, slug: str = SLUG) -> None:
    """One folder a student, as `gradpath grade` takes them."""
    for submission in cohort:
        place = folder / submission.student
        place.mkdir(parents=True)
        (place / f"{slug}.py").write_text(submission.code, encoding="utf-8")
