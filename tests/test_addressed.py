"""What is said to Byline itself gets no article's sentence, but what there is to ask about."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article
from ingest.store import Store
from qa.addressed import addressed, outline
from qa.ask import Asker
from qa.config import DEFAULT
from qa.prompts import REFUSAL
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article


@pytest.mark.parametrize(
    "said",
    [
        "hi", "Hello there!", "thanks", "Thank you so much.", "thanks for the answer", "ok", "help", "What can you do?",
        "who are you?", "what is this?", "Are you an AI?", "How many articles are there?", "which sources do you have",
        "what publishers are there?", "how old are these articles?", "Which years do the articles cover?",
        "Who wrote these articles?", "Who are the publishers?",
    ],
)  # fmt: skip
def test_what_is_said_to_byline(said: str) -> None:
    assert addressed(said)


@pytest.mark.parametrize(
    "said",
    [
        "Thanks to whom did it end?", "Who are you and I?", "How many articles did Macron sign?", "What is inflation?",
        "How many sources say so?", "Which documents did Trump keep?", "Who published the report?", "What is NATO?",
        "What's new?", "Who are they?", "Hello Kitty", "How many papers did the professor write?", "",
    ],
)  # fmt: skip
def test_what_is_not(said: str) -> None:
    assert not addressed(said)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert addressed(text) in (True, False)


def test_the_outline_counts_days_and_publishers() -> None:
    found = [article(f"n{n}", "It rained.", date(2024, 1, n), f"Paper {n % 6}") for n in range(1, 13)]
    assert outline(found) == (
        "Byline answers from the 12 articles here of 1 January 2024 to 12 January 2024, by Paper 1, Paper 2, Paper 3, "
        "Paper 4 and 2 more. Ask what they tell, or “What’s new?”."
    )
    alone = (
        "Byline answers from the 1 article here of 1 January 2024, by Paper 1. Ask what they tell, or “What’s new?”."
    )
    assert outline(found[:1]) == alone
    assert outline([Article("a", "a.txt", "")]).startswith("Byline answers from the 1 article here. Ask")


def test_byline_says_what_it_answers_from(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> None:
    news = [article("march", "Dockers began a strike in Lisbon.", date(2024, 3, 1), "The Herald")]
    with Store.open(make_store(tmp_path / "store", news)) as store:
        asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, DEFAULT)
        answer = asker.ask("Who are you?", ["When did dockers begin a strike?"])
        thanked = asker.ask("Where was that?", ["When did dockers begin a strike?", "thanks"]).standalone
        greeted = asker.ask("Where was that?", ["hi"]).standalone
    assert thanked == "Where did Dockers begin a strike?" and greeted == "Where was that?"
    assert answer.refused and answer.answer == REFUSAL and answer.nearest == ()
    assert answer.missing.startswith("Byline answers from the 1 article here of 1 March 2024, by The Herald.")
