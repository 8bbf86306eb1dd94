"""The frozen dataclasses that cross borders: an Article holds text, a Passage points into it, a Hit scores it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Published:
    """A publication date, where it was read, and how sure that is."""

    day: date | None = None  # None: undated, an honest result
    provenance: str = "undated"  # "field", "meta", "stamp", "url", "text" (inferred from the text) or "undated"
    confidence: float = 0.0  # 0 to 1
    others: tuple[str, ...] = ()  # dates read elsewhere that disagree, as "2024-01-02 (header)"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored. Every offset in Byline counts characters of `text`."""

    id: str  # stable across runs; a changed text keeps its id
    source: str  # the file's name, or the article's own id for JSON articles: what a citation shows
    text: str  # the clean text
    title: str = ""  # "" when the article names none
    publisher: str = ""  # "" when the article names none
    published: Published = Published()
    url: str = ""
    authors: tuple[str, ...] = ()
    cluster: str = ""  # id of the earliest article that tells the same story; its own id when alone


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: `article.text[start:end]`."""

    id: str
    article: Article
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]  # (start, end) of each sentence, in the article's text, in order

    @property
    def text(self) -> str:
        """The passage's characters, as they stand in the article."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; `score` orders a list, `scores` keeps what each stage said."""

    passage: Passage
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)  # by stage: "dense" (cosine), "bm25", "fused", "rerank"

    def rescored(self, stage: str, score: float) -> "Hit":
        """The same passage with a new score, remembered under the stage's name."""
        return replace(self, score=score, scores={**self.scores, stage: score})


def headline(article: Article, limit: int = 80) -> str:
    """What to call an article: its title, else the first words of its text."""
    if article.title:
        return article.title
    lead = " ".join(article.text[: limit * 4].split())
    return lead if len(lead) <= limit else lead[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.–—-") + " …"
