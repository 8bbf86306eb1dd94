"""Questions about all articles: which they are, and that the newest of them are listed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Passage
from ingest.store import Store
from qa.ask import Asker
from qa.config import DEFAULT
from qa.newest import MOST, about_all, telling
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article

TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    "question",
    [
        "What's new?",
        "whats new",
        "What is the latest news?",
        "latest news",
        "Any news today?",
        "headlines",
        "Please show me the latest headlines.",
        "What are these articles about?",
        "What do the documents say?",
        "What's in here?",
        "What is in this folder?",
        "Summarise these articles",
        "Summarise these",
        "Sum up everything.",
        "Give me a summary of the news",
        "Summarize the news of last month.",
        "Which topics are covered?",
        "What topics do the articles cover?",
        "What can I ask you?",
        "What happened this week?",
        "what happened in May 2024",
        "What has happened lately?",
        "What happened between March and May 2024?",
        "what happened two weeks ago",
        "What's the news of last weekend?",
        "Summarise the articles from early 2024",
        "What happened on 3 May 2024?",
    ],
)
def test_what_asks_about_all_articles(question: str) -> None:
    assert about_all(question)


@pytest.mark.parametrize(
    "question",
    [
        "What happened?",
        "What happened next?",
        "What happened in Kursk?",
        "What happened in Kursk in 2023?",
        "How did it go in 2023?",
        "In 2023?",
        "What is the latest on the strike?",
        "Who broke the news?",
        "What do the articles say about China?",
        "What does the report say about pay?",
        "Summarise the article about the strike",
        "Tell me about the news conference",
        "Any updates?",
        "news of the strike",
        "What is new about the telescope?",
        "How many articles are there?",
        "",
    ],
)
def test_what_does_not(question: str) -> None:
    assert not about_all(question)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert about_all(text) in (True, False)


def test_what_is_told_is_near_the_title_and_has_no_dateline_and_no_note() -> None:
    text = "Editor's note: this was changed. LISBON (AP) — Dockers began a strike. Rain fell."
    bounds = ((0, 32), (33, 70), (71, 81))
    untitled = article("a", text)

    def told(title: str) -> str:
        found = telling([Passage("a/0", replace(untitled, title=title), 0, len(text), bounds)], fake_embed)
        return found.text if found else ""

    assert told("") == "Dockers began a strike." == told("A strike of dockers")
    assert told("Rain") == "Rain fell."
    cut = article("a", "th insurrection was. Rain fell.")
    found = telling([Passage("a/0", cut, 0, len(cut.text), ((0, 20), (21, 31)))], fake_embed)
    assert found is not None and found.text == "Rain fell."
    assert telling([], fake_embed) is telling([Passage("a/0", untitled, 0, 32, bounds[:1])], fake_embed) is None


NEWS = [
    article("march", "Dockers began a strike in Lisbon. Rain fell.", date(2024, 3, 1), "The Herald"),
    article("may", "A deal on pay ended the strike.", date(2024, 5, 1)),
    article("later", "A museum opens in Porto.", date(2024, 7, 1)),
    article("undated", "Bread is dear."),
]


@pytest.fixture(name="ask")
def _ask(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> Iterator[Asker]:
    with Store.open(make_store(tmp_path / "store", NEWS)) as store:
        yield Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, DEFAULT)


def test_the_newest_are_listed_those_nobody_could_know_last(ask: Asker) -> None:
    answer = ask.ask("What's new?", as_of=TODAY)
    assert [cited.source for cited in answer.citations] == ["may.txt", "march.txt", "undated.txt", "later.txt"]
    assert answer.answer.splitlines()[1:3] == [
        "1 March 2024: Dockers began a strike in Lisbon. [2]",
        "Undated: Bread is dear. [3]",
    ]
    assert answer.short is None and answer.note == "All 4 articles, the newest first." and answer.probability == 1.0
    texts = {one.source: one.text for one in NEWS}
    assert all(texts[one.source][one.start : one.end] == one.quote for one in answer.citations)


def test_a_time_and_the_limits_are_kept(ask: Asker) -> None:
    may = ask.ask("What happened in May 2024?", as_of=TODAY)
    assert [cited.source for cited in may.citations] == ["may.txt"] and may.note == "1 of 4 articles, the newest first."
    assert may.window == "May 2024"
    herald = ask.ask("latest news", as_of=TODAY, publishers=["The Herald"])
    assert [cited.source for cited in herald.citations] == ["march.txt"]
    assert ask.ask("What happened in May 2021?", as_of=TODAY).refused


def test_in_a_conversation_it_is_still_about_all(ask: Asker) -> None:
    answer = ask.ask("What's new?", ["When did dockers begin a strike in Lisbon?"], as_of=TODAY)
    assert answer.standalone == "What's new?" and len(answer.citations) == len(NEWS)
    assert ask.ask("whats new", as_of=TODAY).standalone == "whats new"  # as it was typed
    why = ask.ask("Why?", ["What's new?"], as_of=TODAY)
    assert why.standalone == "Why?" and why.refused  # of all there is no why
    assert "names nothing" in why.missing and "names nothing" in ask.ask("When?", as_of=TODAY).missing
    march = ask.ask("And in March 2024?", ["What happened in May 2024?"], as_of=TODAY)
    assert march.standalone == "What happened in March 2024?"
    assert [cited.source for cited in march.citations] == ["march.txt"]


def test_no_more_than_a_few_and_one_of_each_story(
    tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]
) -> None:
    many = [article(f"n{n}", f"Bridge number {n} was closed.", date(2024, 1, n + 1)) for n in range(8)]
    copy = Article("copy", "copy.txt", "Bridge number 7 was closed.", published=many[7].published, cluster="n7")
    with Store.open(make_store(tmp_path / "store", [*many, copy])) as store:
        asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, DEFAULT)
        answer = asker.ask("news", as_of=TODAY)
    assert len(answer.citations) == MOST and len({one.cluster for one in answer.citations}) == MOST
    assert answer.note == f"{MOST} of 9 articles, the newest first."
