"""Passages scored against the question by the reader: what it found in each, and the better order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.article import Hit, Passage
from qa.lean import Lean
from qa.reader import Reading
from qa.wording import reworded
from qa.words import content, vocabulary

# Beside the reader's relevance, by a listwise fit on 300 questions over held-out training contexts.
DENSE, FUSED = 16.0, 250.0
# Of an article whose passages and title hold all of the question's words of content; by how often a right article comes
# first, or among five, on 400 news questions that neither `python -m eval news` nor `when` asks.
HELD = 10.0

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
    """Of the fused hits the `most` that would come first without being read, and all others, in the order given.

    For 126 questions over 3,100 news articles the passage that came first once read was never among the last 16 of 32.
    """
    fused = [hit for hit in hits if "fused" in hit.scores]
    held = _held(fused, stems)
    kept = {hit.passage.id for hit in sorted(fused, key=lambda hit: -_known(hit, held, stems, lean))[:most]}
    return [hit for hit in hits if hit.passage.id in kept or "fused" not in hit.scores]


def rescore(found: list[ReadHit], stems: frozenset[str], lean: Lean | None = None) -> list[ReadHit]:
    """Best first by the reader's relevance, the share of the question's stems that the passages of an article hold, the
    retrievers' say and the lean kept in.
    """
    held = _held([one.hit for one in found], stems)
    scores = [one.reading.relevance + _known(one.hit, held, stems, lean) for one in found]
    scored = [ReadHit(one.hit.rescored("rerank", score), one.reading) for one, score in zip(found, scores, strict=True)]
    return sorted(scored, key=lambda one: -one.hit.score)


def rerank(read: Read, question: str, hits: list[Hit]) -> list[Hit]:
    """The same hits, best first."""
    return [one.hit for one in rescore(read_hits(read, question, hits), frozenset(content(question)))]


def _held(hits: Sequence[Hit], stems: frozenset[str]) -> dict[str, frozenset[str]]:
    """Which of the question's stems the hits of each article hold, by its id."""
    held: dict[str, frozenset[str]] = {}
    for hit in hits:
        article = hit.passage.article
        known = vocabulary(f"{article.title}\n{hit.passage.text}") & stems
        held[article.id] = held.get(article.id, frozenset()) | known
    return held


def _known(hit: Hit, held: Mapping[str, frozenset[str]], stems: frozenset[str], lean: Lean | None) -> float:
    """What is known of a hit before it is read."""
    article = hit.passage.article
    share = len(held[article.id]) / (len(stems) or 1)
    found = DENSE * hit.scores.get("dense", 0.0) + FUSED * hit.scores.get("fused", 0.0)
    return found + HELD * share + (lean.moved(article) if lean else 0.0)
