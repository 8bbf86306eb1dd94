"""What an answer says, before it is dressed as an Answer."""

from dataclasses import dataclass

from ingest.article import Article
from qa.answer import Citation, Disagreement, Sentence


@dataclass(frozen=True, slots=True)
class Draft:
    """What is said, before it is dressed as an Answer."""

    text: str
    short: str | None
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...] = ()
    note: str = ""


def on_day(article: Article) -> str:
    """What a dated line begins with."""
    return f"{day:%-d %B %Y}" if (day := article.published.day) else "Undated"


def citation(number: int, article: Article, start: int, end: int) -> Citation:
    """A citation of `article.text[start:end]`."""
    day = article.published.day
    return Citation(
        number=number,
        source=article.source,
        title=article.title,
        publisher=article.publisher,
        published=day.isoformat() if day else None,
        start=start,
        end=end,
        quote=article.text[start:end],
        article_id=article.id,
        provenance=article.published.provenance,
        cluster=article.cluster or article.id,
    )
