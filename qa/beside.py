"""What the best candidates say of each other: which answers independent articles give alike, which came out last. Pure.

Among many passages wrong answers seldom agree, and older ones tell what was expected.
Redundancy as evidence: Dumais et al. 2002, "Web question answering: is more always better?".
"""

from collections.abc import Sequence
from datetime import date

from qa.words import STOP, fold, words

COMPARED = 12  # best candidates of a question
LONGEST = 8  # words of an answer that may be given alike


def repeated(found: Sequence[tuple[str, str]]) -> list[bool]:
    """For each (story, answer) whether another story gives the same words, or some: "Fever", "Indiana Fever"."""
    kept = [_kept(answer) for _, answer in found]
    return [
        any(story != other and _alike(one, another) for (other, _), another in zip(found, kept, strict=True))
        for (story, _), one in zip(found, kept, strict=True)
    ]


def places(days: Sequence[date | None]) -> list[float]:
    """Where each day lies between the first, 0, and the last, 1; one half where it is not known."""
    known = [day.toordinal() for day in days if day]
    first, length = min(known, default=0), max(known, default=0) - min(known, default=0)
    return [(day.toordinal() - first) / max(length, 1) if day else 0.5 for day in days]


def _kept(answer: str) -> frozenset[str]:
    said = words(answer)
    return frozenset(map(fold, said)) - STOP if len(said) <= LONGEST else frozenset()


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)
