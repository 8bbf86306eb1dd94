"""What an answer is made of. `Answer.to_json()` is the command line's contract."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an article: `quote == article.text[start:end]`, always."""

    number: int  # 1, 2, ...: what the answer's text shows as [1]
    source: str  # the file's name, or the article's own id
    title: str
    publisher: str
    published: str | None  # ISO date, None when undated
    start: int
    end: int
    quote: str
    article_id: str = ""  # for Store.article(): the whole text
    provenance: str = "undated"  # how the date is known: Published.provenance
    cluster: str = ""  # articles of one cluster count as one source


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer, with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]
    supported: bool = True  # False: a chat model wrote it and no cited passage supports it


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One of the values that independent sources give; newest first in Answer.disagreements."""

    value: str
    publisher: str
    published: str | None
    citation: int  # number of the citation that holds the value
    update: bool = False  # a later source that reads as the next state of an earlier one's value


@dataclass(frozen=True, slots=True)
class Answer:
    """What the user gets. A refusal has refused=True, no citations, and the nearest passages."""

    question: str
    standalone: str  # the self-contained question that was answered
    refused: bool
    answer: str  # what the user reads, with [1] marks
    short: str | None  # the exact span, if there is one
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    nearest: tuple[Citation, ...]  # the passages considered, best first; numbered from 1 of their own
    model: str
    seconds: float
    probability: float  # calibrated: how likely the answer is right
    window: str = ""  # the dates the question was limited to or leaned towards, in words; "" for none
    missing: str = ""  # of a refusal: what the articles found do not tell, in a sentence
    note: str = ""  # anything the user should know: a fallback, stripped citations
    id: str = ""  # the caller's, from --batch

    def to_json(self) -> dict[str, Any]:
        """The JSON answer of the command line, plain types only."""
        keep = ("number", "source", "title", "publisher", "published", "start", "end", "quote")

        def cited(found: tuple[Citation, ...]) -> list[dict[str, Any]]:
            return [{key: getattr(citation, key) for key in keep} for citation in found]

        return {
            "id": self.id,
            "question": self.question,
            "standalone": self.standalone,
            "refused": self.refused,
            "answer": self.answer,
            "short": self.short,
            "citations": cited(self.citations),
            "disagreements": [asdict(found) for found in self.disagreements],
            "nearest": cited(self.nearest),
            "probability": round(self.probability, 4),
            "window": self.window,
            "missing": self.missing,
            "note": self.note,
            "model": self.model,
            "seconds": round(self.seconds, 3),
        }
