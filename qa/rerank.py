"""Passages scored against the question by the reader: what it found in each, and the better order."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.article import Hit, Passage
from qa.lean import Lean
from qa.reader import Reading
from qa.wording import reworded
from qa.words import content, vocabulary


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a hit before it is read, and, under the same names, what each is worth."""

    dense: float  # cosine
    fused: float  # the fused score
    held: float  # share of the question's words of content that its article's title and passages hold
    own: float  # share that the passage itself holds
    siblings: float  # logarithm of how many of the hits are its article's


# To be read: by a listwise fit on 287 questions about the news of 2024 "to tune on", of 64 fused passages each.
UNREAD = Known(dense=13.4, fused=84.0, held=3.0, own=5.1, siblings=-0.75)
# Beside the reader's relevance: the first two by a listwise fit on 300 questions over held-out training contexts, the
# third by how often a right article comes first, or among five, on 400 news questions that `eval news` does not ask.
READ = Known(dense=16.0, fused=250.0, held=10.0, own=0.0, siblings=0.0)

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


def promising(hits: list[Hit], stems: frozenset[str], lean: Lean | None, most: int) -> list[Hit]:
    """Of the fused hits the `most` likeliest to answer, by what is known unread, and all others, in the order given."""
    fused = [hit for hit in hits if "fused" in hit.scores]
    known = dict(zip((hit.passage.id for hit in fused), _known(fused, stems, lean, UNREAD), strict=True))
    kept = set(sorted(known, key=lambda name: -known[name])[:most])
    return [hit for hit in hits if hit.passage.id in kept or "fused" not in hit.scores]


def rescore(found: list[ReadHit], stems: frozenset[str], lean: Lean | None = None) -> list[ReadHit]:
    """Best first by the reader's relevance, with what was known before, and the lean, kept in."""
    known = _known([one.hit for one in found], stems, lean, READ)
    scored = [
        ReadHit(one.hit.rescored("rerank", one.reading.relevance + value), one.reading)
        for one, value in zip(found, known, strict=True)
    ]
    return sorted(scored, key=lambda one: -one.hit.score)


def rerank(read: Read, question: str, hits: list[Hit]) -> list[Hit]:
    """The same hits, best first."""
    return [one.hit for one in rescore(read_hits(read, question, hits), frozenset(content(question)))]


def _known(hits: Sequence[Hit], stems: frozenset[str], lean: Lean | None, worth: Known) -> list[float]:
    """What is known of each hit, weighed; with how the time asked about moves its article."""
    own = [vocabulary(hit.passage.text) & stems for hit in hits]
    held: dict[str, frozenset[str]] = {}
    for hit, stood in zip(hits, own, strict=True):
        article = hit.passage.article
        held[article.id] = held.get(article.id, vocabulary(article.title) & stems) | stood
    siblings = Counter(hit.passage.article.id for hit in hits)
    return [
        worth.dense * hit.scores.get("dense", 0.0)
        + worth.fused * hit.scores.get("fused", 0.0)
        + worth.held * len(held[hit.passage.article.id]) / (len(stems) or 1)
        + worth.own * len(stood) / (len(stems) or 1)
        + worth.siblings * math.log(siblings[hit.passage.article.id])
        + (lean.moved(hit.passage.article) if lean else 0.0)
        for hit, stood in zip(hits, own, strict=True)
    ]
