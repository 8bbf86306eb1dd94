"""The LangChain face: a BaseRetriever of passages and a Runnable that answers (invoke, stream, batch)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict

from ingest.article import Hit
from ingest.store import DEFAULT_STORE
from qa.answer import Answer
from qa.ask import Asker, open_asker

Question = (
    str | dict[str, Any]
)  # the question, or {"question": ..., "history": [...], "as_of": ..., "since": ..., "until": ...}


class PassageRetriever(BaseRetriever):
    """Passages for a question, best first: dense and BM25 fused, then reranked by the reader."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    asker: Asker
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(hit) for hit in self.asker.passages(query)[: self.k]]


class AnswerChain(Runnable[Question, Answer]):
    """Question in, cited Answer out; stream() gives growing answers, batch() keeps the order."""

    def __init__(self, asker: Asker) -> None:
        """An asker made by `qa.ask.open_asker`."""
        self.asker = asker

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The complete answer."""
        return self._call_with_config(lambda one: self.asker.ask(**_arguments(one)), input, config, run_type="chain")

    def stream(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Growing answers; the last one is complete."""
        yield from self.asker.stream(**_arguments(input))


def open_retriever(store: Path = DEFAULT_STORE, k: int = 5) -> PassageRetriever:
    """A LangChain retriever over a store on disk."""
    return PassageRetriever(asker=open_asker(store), k=k)


def open_chain(store: Path = DEFAULT_STORE, model: str = "reader") -> AnswerChain:
    """A LangChain Runnable over a store on disk."""
    return AnswerChain(open_asker(store, model))


def _arguments(question: Question) -> dict[str, Any]:
    return {"question": question} if isinstance(question, str) else dict(question)


def _document(hit: Hit) -> Document:
    article = hit.passage.article
    day = article.published.day
    return Document(
        id=hit.passage.id,
        page_content=hit.passage.text,
        metadata={
            "source": article.source,
            "title": article.title,
            "publisher": article.publisher,
            "published": day.isoformat() if day else None,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
        },
    )
