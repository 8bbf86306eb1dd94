"""A fake reader with meaning: a sentence answers as far as it shares the question's words; its span is a new name."""

from collections.abc import Sequence
from datetime import date

from ingest.article import Article, Passage, Published
from qa.confidence import Calibration
from qa.reader import Reading, Span
from qa.when import tells_time
from qa.words import WORD, content, fold, words

# covered is the share of the question's stems in the passage: 0.5 and less is refused, names unknown count against
WEIGHTS = {"sentence": 8.0, "names_missing": -6.0, "years_missing": -6.0, "fits": 2.0}
CALIBRATION = Calibration(WEIGHTS, WEIGHTS, -5.0)


def read(question: str, passages: Sequence[Passage]) -> list[Reading]:
    return [_reading(question, passage) for passage in passages]


def known(word: str) -> bool:
    return len(word) < 6


def _reading(question: str, passage: Passage) -> Reading:
    shares = [_share(question, passage.article.text[start:end]) for start, end in passage.sentences]
    spans = [
        _span(question, passage.article.text, *bounds, share)
        for bounds, share in zip(passage.sentences, shares, strict=True)
    ]
    found = sorted((span for span in spans if span), key=lambda span: -span.score)
    best = max(shares, default=0.0)
    return Reading(tuple(found), relevance=10 * best - 5, answerable=10 * best - 5, sentences=tuple(shares))


def _share(question: str, sentence: str) -> float:
    asked = set(content(question))
    return len(asked & set(content(sentence))) / len(asked) if asked else 0.0


def _span(question: str, text: str, start: int, end: int, share: float) -> Span | None:
    said = {fold(word) for word in words(question)}
    when = "when" in said
    for match in WORD.finditer(text, start, end):
        word = match.group()
        new = (word[0].isupper() or word[0].isdigit()) and fold(word) not in said and match.start() > start
        if new and tells_time(word) == when:
            return Span(match.start(), match.end(), 10 * share - 5)
    return None


def article(name: str, text: str, day: date | None = None, publisher: str = "") -> Article:
    """An article that is a cluster of its own."""
    published = Published(day, "field", 1.0) if day else Published()
    return Article(id=name, source=f"{name}.txt", text=text, published=published, publisher=publisher, cluster=name)
