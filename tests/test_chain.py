from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda

from ingest.store import Store
from qa.answer import Answer
from qa.ask import Asker
from qa.chain import AnswerChain, PassageRetriever
from tests import readers
from tests.conftest import StoreMaker, fake_embed
from tests.readers import article

QUESTION = "Where was the harbour bridge opened by the mayor?"


@pytest.fixture(name="asker")
def _asker(tmp_path: Path, make_store: StoreMaker) -> Iterator[Asker]:
    told = article("wire", "On Monday the mayor opened the harbour bridge in Lisbon.", date(2023, 11, 20), "Wire")
    store = Store.open(make_store(tmp_path / "store", [told]))
    yield Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION)
    store.close()


def test_the_retriever_gives_documents_with_their_source(asker: Asker) -> None:
    (found,) = PassageRetriever(asker=asker, k=3).invoke(QUESTION)
    assert found.page_content.startswith("On Monday the mayor")
    assert (found.metadata["source"], found.metadata["published"], found.metadata["publisher"]) == (
        "wire.txt",
        "2023-11-20",
        "Wire",
    )


def test_the_chain_invokes_streams_and_batches(asker: Asker) -> None:
    chain = AnswerChain(asker)
    assert chain.invoke(QUESTION).short == "Lisbon"
    assert list(chain.stream(QUESTION))[-1].short == "Lisbon"
    answers = chain.batch([{"question": "When was that?", "history": [QUESTION]}, "Who won the chess prize?"])
    assert ["20 November 2023" in one.answer for one in answers] == [True, False]
    assert answers[1].refused


def test_the_chain_composes(asker: Asker) -> None:
    def short(answer: Answer) -> str | None:
        return answer.short

    assert (AnswerChain(asker) | RunnableLambda(short)).invoke(QUESTION) == "Lisbon"
