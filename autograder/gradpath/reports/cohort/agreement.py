"""Agreements: submissions with the same code, and how much of that code is rare.

Solutions of short functions look alike, so that they agree says little by itself. Agreement in rare
code counts: every stretch of code is looked up in all *different* texts of the cohort, in the
solution and in the known mistakes, and a stretch of several of them, or of the course itself, is
not rare. Copies count once there: fifty copies of one text are one text.

RapidFuzz compares submissions with neither the same text nor the same code: the share of tokens
that two sequences have in common, in order (the normalised Indel similarity). An index of rare
stretches finds the pairs worth comparing, so a cohort is not compared all with all. Two bounds keep
the work in proportion to the cohort: a stretch of more than `MOST_TEXTS` texts is not rare, and of
the pairs `MOST_PAIRS` are compared, those with the most rare stretches in common.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import Indel

from gradpath.reports.cohort.own_code import OwnCode, Tokens, relative

Kind = Literal["text", "renamed", "nearly"]

STRETCH: Final = 12
"""Tokens of a stretch of code: about a line."""
RARE_SHARE: Final = 0.02
RARE_TEXTS: Final = 3
MOST_TEXTS: Final = 40
"""A stretch is rare if at most this share, or the first number, of the different texts has it; but
never more than the second number, which is the share of 2,000."""
MOST_PAIRS: Final = 20_000
"""Pairs of one assignment that are compared; the report lists 200 agreements."""
MIN_RARE: Final = 20
"""Tokens of rare code, some two lines, from which on an agreement is worth a look."""
NEARLY: Final = 0.8
"""Share of tokens in common from which on two texts nearly agree."""
NEARLY_RARE: Final = 0.2
"""Share of rare tokens that this takes besides: common idioms make up most of a short solution."""

Name = tuple[str, str]


@dataclass(frozen=True)
class Agreement:
    """Submissions of one assignment that agree in their own code.

    Attributes:
        assignment: the assignment.
        kind: `text`, to the last character; `renamed`, the same code but for names, comments,
            layout and the order of functions; `nearly`, most of the code.
        students: their students, in order.
        lines: own lines of the first one.
        tokens: own tokens of the first one.
        rare: how many of these stand in stretches that all of them and few others have.
        share: of tokens in common; 1 unless `nearly`.
    """

    assignment: str
    kind: Kind
    students: tuple[str, ...]
    lines: int
    tokens: int
    rare: int
    share: float = 1.0


@dataclass(frozen=True)
class Agreements:
    """Agreements with the most rare code first.

    Attributes:
        notable: those with enough rare code to be worth a look.
        common: how many have less.
        not_compared: pairs with less rare code in common than those that were compared.
    """

    notable: Sequence[Agreement]
    common: int
    not_compared: int = 0


def agreements(
    assignment: str, texts: Mapping[str, OwnCode], expected: Sequence[OwnCode] = ()
) -> Agreements:
    """Find the submissions of one assignment that agree.

    Args:
        assignment: the assignment.
        texts: own code by student.
        expected: code of the course itself, which is never rare: the solution, known mistakes.
    """
    written = {student: code for student, code in sorted(texts.items()) if code.text}
    parsed = {student: code for student, code in written.items() if code.parts}
    same_text = _grouped(written, lambda code: code.text)
    same_code = _grouped(parsed, lambda code: code.renamed)
    by_words = _Index(
        [group[0] for group in same_text],
        {student: (code.words,) for student, code in written.items()},
        (code.words for code in expected),
        [group[0] for group in same_text if len(group) > 1],
    )
    by_tokens = _Index(
        [group[0] for group in same_code],
        {student: _nameless(code.parts) for student, code in parsed.items()},
        (part for code in expected for part in _nameless(code.parts)),
    )
    agreeing = [
        _agreement(assignment, "text", group, written[group[0]], by_words.rare(group[:1]))
        for group in same_text
        if len(group) > 1
    ]
    for group in same_code:
        if len({written[student].text for student in group}) > 1:
            rare = by_tokens.rare(group[:1])
            agreeing.append(_agreement(assignment, "renamed", group, parsed[group[0]], rare))
    members = {group[0]: group for group in same_code}
    pairs, not_compared = by_tokens.pairs()
    for pair, share, rare in _near(parsed, by_tokens, pairs):
        students = sorted(student for first in pair for student in members[first])
        agreeing.append(_agreement(assignment, "nearly", students, parsed[pair[0]], rare, share))
    notable = [agreement for agreement in agreeing if agreement.rare >= MIN_RARE]
    notable.sort(key=lambda a: (-a.rare, -a.share, a.kind, a.students))
    return Agreements(notable, len(agreeing) - len(notable), not_compared)


def _agreement(
    assignment: str, kind: Kind, group: Sequence[str], code: OwnCode, rare: int, share: float = 1.0
) -> Agreement:
    size = len(code.words) if kind == "text" else code.size
    return Agreement(assignment, kind, tuple(group), code.lines, size, rare, share)


def _grouped(
    texts: Mapping[str, OwnCode], key: Callable[[OwnCode], Hashable]
) -> list[tuple[str, ...]]:
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    for student, code in texts.items():
        groups[key(code)].append(student)
    return [tuple(group) for group in groups.values()]


def _nameless(parts: Sequence[Tokens]) -> list[Tokens]:
    return [relative(part, STRETCH) for part in parts]


class _Index:
    """An index of stretches of code: the different texts that each one is in."""

    def __init__(
        self,
        different: Sequence[str],
        parts: Mapping[str, Sequence[Tokens]],
        expected: Iterable[Tokens],
        asked: Sequence[str] | None = None,
    ) -> None:
        """Look up every stretch.

        Args:
            different: one student for each different text.
            parts: the tokens of each student, in stretches that are not torn apart.
            expected: parts that the course itself has.
            asked: the students that `rare` will be called with, if those are few: stretches of
                others need no room.
        """
        self._parts = parts
        self._different = different
        self._known: dict[Tokens, list[int]] = {}
        common = {stretch for part in set(expected) for stretch in self._stretches(part)}
        wanted = None if asked is None else {s for name in asked for s in self._all_of(name)}
        self._holders: defaultdict[int, list[str]] = defaultdict(list)
        for student in different if wanted is None or wanted else ():
            stretches = self._all_of(student)
            for stretch in (stretches if wanted is None else stretches & wanted) - common:
                self._holders[stretch].append(student)
        self._most = max(RARE_TEXTS, min(int(RARE_SHARE * len(different)), MOST_TEXTS))

    def _all_of(self, student: str) -> set[int]:
        return {stretch for part in self._parts[student] for stretch in self._stretches(part)}

    def _stretches(self, part: Tokens) -> list[int]:
        """Return the hash of each stretch of a part, by where it begins; many have a part alike."""
        known = self._known.get(part)
        if known is None:
            starts = range(max(1, len(part) - STRETCH + 1))
            known = [hash(part[start : start + STRETCH]) for start in starts]
            self._known[part] = known
        return known

    def rare(self, students: Sequence[str]) -> int:
        """Return how many tokens of the first text are in rare stretches that all of these have."""
        count = 0
        for part in self._parts[students[0]]:
            end = 0  # of the tokens that are counted
            for start, stretch in enumerate(self._stretches(part)):
                holders = self._holders.get(stretch, ())
                if 0 < len(holders) <= self._most and all(
                    student in holders for student in students
                ):
                    stop = min(start + STRETCH, len(part))
                    count += stop - max(start, end)
                    end = stop
        return count

    def pairs(self) -> tuple[list[tuple[str, str]], int]:
        """Return pairs that have enough rare stretches in common to be compared.

        Returns:
            Those with the most in common, and how many there are besides.
        """
        found = list(self._pairs())
        best = heapq.nlargest(MOST_PAIRS, found)
        return [pair for _, pair in best], len(found) - len(best)

    def _pairs(self) -> Iterator[tuple[int, tuple[str, str]]]:
        # Two stretches beside each other cover one token more than one.
        least = MIN_RARE - STRETCH + 1
        # One student after another: a table of all pairs would not fit into memory.
        for student in self._different:
            others: list[str] = []
            for stretch in self._all_of(student):
                holders = self._holders.get(stretch, ())
                if 2 <= len(holders) <= self._most:
                    others += holders[holders.index(student) + 1 :]
            for other, count in Counter(others).items():
                if count >= least:
                    yield count, (student, other)


def _near(
    texts: Mapping[str, OwnCode], index: _Index, pairs: Iterable[tuple[str, str]]
) -> Iterable[tuple[tuple[str, str], float, int]]:
    for pair in pairs:
        first, second = (texts[student] for student in pair)
        rare = index.rare(pair)
        if rare < max(MIN_RARE, NEARLY_RARE * first.size):
            continue
        share = Indel.normalized_similarity(first.nameless, second.nameless, score_cutoff=NEARLY)
        if share:
            yield pair, share, rare
