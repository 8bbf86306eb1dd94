"""Candidate sentences: each sentence of the read passages with its best span and how likely it answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.article import Article, Passage
from qa.beside import COMPARED, places, repeated
from qa.confidence import Calibration, Features, beside, measure, reread
from qa.fit import suits
from qa.lean import Lean
from qa.question import Asked
from qa.reader import Span
from qa.rerank import Read, ReadHit
from qa.retrieve import Embed
from qa.speech import extent
from qa.when import first_time, tells_time

CONVERSATION = 0.5  # score by which an article that the conversation is about moves up
LEANED = 0.25  # of what the lean adds to a passage's relevance
LONG_TIME = 8  # words from which a span is more than the time it tells
AGAIN = 24  # candidates read a second time
ASKS = re.compile(r"\?[\"”’')\]]*\s*$")  # a question in a text answers nothing
NOTE = re.compile(r"\W*Editor['’]s note\b", re.IGNORECASE)  # nor does what an editor says of the page
DATELINE = re.compile(  # "HARRISON, N.Y. (AP) — ", or what a cut left of it
    r"(?:[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]+){0,3}(?:, [A-Z][\w.]+(?: [A-Z]\w+)?)?(?: \([A-Z][\w ]{1,20}\))? )?"
    r"[—–―-]{1,2} "
)
NO_SPAN = -8.0  # margin of a sentence in which the reader found no span: below nearly all that it finds


@dataclass(frozen=True, slots=True)
class Echo:
    """What in a sentence of another source answers the question that the answer makes: see qa/echo.py."""

    span: Span
    twice: bool  # it answers the question as it was asked, too
    foremost: bool  # no sentence of its source answers better


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    article: Article
    start: int  # the sentence, in the article's text
    end: int
    before: int  # where the sentence before it begins, in the same paragraph; else `start`
    span: Span | None  # the best span inside it
    features: Features
    probability: float  # calibrated: the sentence answers
    rank: float  # its score, with what the conversation and the time asked about prefer
    around: tuple[int, int]  # in its passage: where the sentence before it begins, and the one after it ends
    echo: Echo | None = None  # what in it answers the question that the answer makes

    @property
    def time(self) -> str:
        """The time that the sentence names: its span, or the first in it, if that is long; else the sentence's first;
        "" if none.
        """
        if not tells_time(self.words):
            return first_time(self.text)
        return (first_time(self.words) if len(self.words.split()) > LONG_TIME else "") or self.words

    @property
    def extent(self) -> tuple[int, int]:
        """Where the words to show begin and end: with a neighbour it leans on ("He said", half a quotation), without
        the place that an agency's report opens with.
        """
        text = self.article.text
        start, end = extent(text, self.around[0], self.start, self.end, self.around[1])
        opening = DATELINE.match(text, start, end)
        if opening is None or (self.span and self.span.start < opening.end()):
            return start, end
        return opening.end(), end

    @property
    def told_from(self) -> int:
        """Where the words to show begin."""
        return self.extent[0]

    @property
    def told(self) -> str:
        """The words to show, on one line."""
        start, end = self.extent
        return " ".join(filter(None, self.article.text[start:end].split("\n")))

    @property
    def text(self) -> str:
        """The sentence's characters."""
        return self.article.text[self.start : self.end]

    @property
    def words(self) -> str:
        """The span's characters, "" without one."""
        return self.article.text[self.span.start : self.span.end] if self.span else ""


def candidates(
    asked: Asked,
    found: Sequence[ReadHit],
    embed: Embed,
    read: Read,
    calibration: Calibration,
    prefer: frozenset[str] = frozenset(),
    lean: Lean | None = None,
    passages: int = 1,
) -> list[Candidate]:
    """Every sentence of the passages, best first; `prefer` holds ids of articles the conversation is about, and `lean`
    says which the time asked about moves; `passages`: how many those found were chosen from.

    The best AGAIN are read a second time, without the rest of their passage, and stay before the others; the best of
    those are compared.
    """
    sentences = [(one, index) for one in found for index in range(len(one.hit.passage.sentences))]
    sentences = [pair for pair in sentences if not (ASKS.search(said := _slice(*pair)) or NOTE.match(said))]
    texts = [_slice(one, index) for one, index in sentences]
    if not texts:
        return []
    vectors = embed([asked.wording, *texts])
    near = vectors[1:] @ vectors[0]
    made = [
        _candidate(
            asked, one, index, float(cos), calibration, _preference(one.hit.passage.article, prefer, lean), passages
        )
        for (one, index), cos in zip(sentences, near, strict=True)
    ]
    ordered = _unique(sorted(made, key=lambda one: -one.rank))
    best = _again(asked, ordered[:AGAIN], read, calibration)
    return [*_beside(asked, best[:COMPARED], calibration), *best[COMPARED:], *ordered[AGAIN:]]


def _beside(asked: Asked, ordered: Sequence[Candidate], calibration: Calibration) -> list[Candidate]:
    agreed = repeated([(one.article.cluster or one.article.id, one.words) for one in ordered])
    newer = [0.0] * len(ordered) if asked.window.bounded else places([one.article.published.day for one in ordered])
    known = zip(ordered, agreed, newer, strict=True)
    moved = (_moved(one, beside(one.features, yes, place), calibration) for one, yes, place in known)
    return sorted(moved, key=lambda one: -one.rank)


def _again(asked: Asked, ordered: Sequence[Candidate], read: Read, calibration: Calibration) -> list[Candidate]:
    passages = [Passage("", one.article, one.before, one.end, _pair(one.before, one.start, one.end)) for one in ordered]
    read_again = zip(ordered, read(asked.wording, passages), strict=True)
    moved = (_moved(one, reread(one.features, reading), calibration) for one, reading in read_again)
    return sorted(moved, key=lambda one: -one.rank)


def _pair(before: int, start: int, end: int) -> tuple[tuple[int, int], ...]:
    return ((before, start), (start, end)) if before < start else ((start, end),)


def _moved(one: Candidate, features: Features, calibration: Calibration) -> Candidate:
    moved = calibration.score(features) - calibration.score(one.features)
    return replace(one, features=features, probability=calibration.probability(features), rank=one.rank + moved)


def _candidate(
    asked: Asked,
    found: ReadHit,
    index: int,
    near: float,
    calibration: Calibration,
    preference: float,
    passages: int,
) -> Candidate:
    article = found.hit.passage.article
    start, end = found.hit.passage.sentences[index]
    spans = [span for span in found.reading.spans if start <= span.start and span.end <= end]
    best = max(
        spans,
        key=lambda span: span.score + (0.0 if suits(asked, article, span.start, span.end) else -6.0),
        default=None,
    )
    margin = best.score if best else NO_SPAN
    fitting = float(suits(asked, article, best.start, best.end)) if best else 0.5
    features = measure(asked, found, index, margin, fitting, near, passages)
    rank = calibration.score(features) + preference
    return Candidate(
        article, start, end, _before(found, index), best, features, calibration.probability(features), rank,
        _around(found, index),
    )  # fmt: skip


def _around(found: ReadHit, index: int) -> tuple[int, int]:
    sentences = found.hit.passage.sentences
    return sentences[max(0, index - 1)][0], sentences[min(len(sentences) - 1, index + 1)][1]


def _before(found: ReadHit, index: int) -> int:
    passage = found.hit.passage
    start = passage.sentences[index][0]
    if index == 0 or "\n" in passage.article.text[passage.sentences[index - 1][1] : start]:
        return start
    return passage.sentences[index - 1][0]


def _preference(article: Article, prefer: frozenset[str], lean: Lean | None) -> float:
    """How the time asked about and the conversation move an article up: little beside a clear difference."""
    moved = CONVERSATION if article.id in prefer else 0.0
    return moved + (LEANED * lean.moved(article) if lean else 0.0)


def _slice(found: ReadHit, index: int) -> str:
    start, end = found.hit.passage.sentences[index]
    return found.hit.passage.article.text[start:end]


def _unique(ordered: list[Candidate]) -> list[Candidate]:
    """One candidate a sentence: passages may overlap."""
    seen: set[tuple[str, int]] = set()
    kept = []
    for one in ordered:
        if (one.article.id, one.start) not in seen:
            seen.add((one.article.id, one.start))
            kept.append(one)
    return kept
