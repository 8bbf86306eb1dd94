"""Passages scored against the question by the reader: what it found in each, and the better order."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.article import Hit, Passage
from qa.lean import Lean
from qa.reader import Reading
from qa.wording import reworded

# Beside the reader's relevance, by a listwise fit on 300 questions over held-out training contexts.
DENSE, FUSED = 16.0, 250.0

Read = Callable[[str, list[Passage]], list[Reading]]


@dataclass(frozen=True, slots=True)
class ReadHit:
    """A hit with what the reader found in its passage."""

    hit: Hit
    reading: Reading


def read_hits(read: Read, question: str, hits: list[Hit]) -> list[ReadHit]:
    """The hits with their readings, in the order given."""
    readings = read(question, [hit.passage for hit in hits])
    return [ReadHit(hit, reading) for hit, reading in zip(hits, readings, strict=True)]


def in_its_words(read: Read) -> Read:
    """The same reading, asked of each passage in its article's own words: "Zelenskyy" for "Zelensky"."""

    def reading(question: str, passages: list[Passage]) -> list[Reading]:
        asked = [reworded(question, one) for one in passages]
        found: dict[int, Reading] = {}
        for wording in dict.fromkeys(asked):
            places = [at for at, one in enumerate(asked) if one == wording]
            found |= zip(places, read(wording, [passages[at] for at in places]), strict=True)
        return [found[at] for at in range(len(passages))]

    return reading


def rescore(found: list[ReadHit], lean: Lean | None = None) -> list[ReadHit]:
    """Best first by the reader's relevance, the retrievers' say and the lean kept in."""
    scored = [ReadHit(one.hit.rescored("rerank", _score(one, lean)), one.reading) for one in found]
    return sorted(scored, key=lambda one: -one.hit.score)


def rerank(read: Read, question: str, hits: list[Hit]) -> list[Hit]:
    """The same hits, best first."""
    return [one.hit for one in rescore(read_hits(read, question, hits))]


def _score(one: ReadHit, lean: Lean | None) -> float:
    scores = one.hit.scores
    moved = lean.moved(one.hit.passage.article) if lean else 0.0
    score: float = one.reading.relevance + DENSE * scores.get("dense", 0.0) + FUSED * scores.get("fused", 0.0) + moved
    return score
