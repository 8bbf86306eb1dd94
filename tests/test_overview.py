"""Questions about a topic: which they are, which articles are about it, and what the answer is made of."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Hit, Passage
from ingest.store import Store
from qa.ask import Asker
from qa.config import DEFAULT
from qa.overview import ABOUT, about, bare_topic, likely, topic
from qa.question import understand
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article

TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is the latest on the harbour strike?", "the harbour strike"),
        ("what's new with Tesla", "Tesla"),
        ("Any news on monkeypox?", "monkeypox"),
        ("Is there any update on the strike?", "the strike"),
        ("latest news from Taiwan", "Taiwan"),
        ("What happened at the 2022 Grand Prix?", "the 2022 Grand Prix"),
        ("What’s going on with Southwest Airlines?", "Southwest Airlines"),
        ("Please give me a short summary of the trial.", "the trial"),
        ("Can you catch me up on the trial?", "the trial"),
        ("Summarise what is known about the shooting", "the shooting"),
        ("Tell me about the telescope!", "the telescope"),
        ("What do I need to know about the strike?", "the strike"),
        ("What should readers know about the strike?", "the strike"),
        ("Red Lobster news", "Red Lobster"),
        ("harbour strike latest", "harbour strike"),
        ("news", ""),
        ("Who broke the news", ""),
        ("What is the latest Macron has said about China?", ""),
        ("What is the latest thing that Macron told China?", ""),
        ("What happened?", ""),
        ("What happened afterwards?", ""),
        ("Who told me about the telescope?", ""),
        ("What does the news say about China?", ""),
        ("Summarise", ""),
    ],
)
def test_what_an_overview_is_asked_of(question: str, found: str) -> None:
    assert topic(question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Texas abortion law", "Texas abortion law"),
        ("harbour strike?", "harbour strike"),
        ("Is the strike over", ""),
        ("strike when", ""),
        ("the law on abortion that Texas passed in the spring", ""),
        ("?", ""),
    ],
)
def test_a_topic_by_itself(question: str, found: str) -> None:
    assert bare_topic(question) == found


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert topic(text) in text
    assert bare_topic(text) in text


def hit(of: Article, score: float) -> Hit:
    return Hit(Passage(f"{of.id}/0", of, 0, len(of.text), ((0, len(of.text)),)), score, {"rerank": score})


def test_articles_about_a_topic_hold_its_names_and_suit_it_well() -> None:
    asked = understand("the strike in Lisbon", TODAY)
    lisbon, other, rome = (article(name, text) for name, text in [("a", "Lisbon"), ("b", "lisbon"), ("c", "Rome")])
    best = ABOUT + 3
    assert list(about(asked, [hit(rome, best), hit(other, ABOUT), hit(lisbon, best)])) == ["a", "b"]
    assert about(asked, [hit(rome, best), hit(lisbon, ABOUT - 1)]) == {}
    assert list(about(asked, [hit(lisbon, 2 * best), hit(other, ABOUT)])) == ["a"]  # the second only mentions it
    assert 0.0 == likely({}) < likely({"a": ABOUT}) < likely({"a": best}) < 1.0


def test_articles_of_another_year_than_the_topics_are_about_another() -> None:
    final = [article(str(year), "The final", date(year, 7, 1)) for year in (2021, 2022)]
    told, undated = article("told", "The final of 2022", date(2023, 7, 1)), article("undated", "The final", None)
    hits = [hit(one, ABOUT + 1) for one in (*final, told, undated)]
    last = article("last", "The final of last July", date(2023, 6, 1))  # the July of 2022
    hits.append(hit(last, ABOUT + 1))
    assert about(understand("the final in 2022", TODAY), hits).keys() == {"2022", "told", "undated", "last"}
    assert len(about(understand("the final", TODAY), hits)) == 5


ARTICLES = [
    article("march", "Dockers began a strike in the harbour of Lisbon over night work. Rain fell.", date(2024, 3, 1)),
    article("april", "Lisbon had soldiers unload grain in its harbour as the strike went on.", date(2024, 4, 1)),
    article("may", "A deal on pay has ended the strike that closed the harbour of Lisbon.", date(2024, 5, 1)),
    article("roof", "Silva praised the museum roof. Old tiles were kept.", date(2024, 2, 1)),
]


@pytest.fixture(name="asker")
def _asker(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> Iterator[Asker]:
    with Store.open(make_store(tmp_path / "store", ARTICLES)) as store:
        yield Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, DEFAULT)


def test_an_overview_is_a_timeline_of_the_articles_about_the_topic(asker: Asker) -> None:
    answer = asker.ask("Tell me about the strike in the harbour of Lisbon", as_of=TODAY)
    assert [cited.source for cited in answer.citations] == ["march.txt", "april.txt", "may.txt"]
    assert answer.answer.startswith("1 March 2024: Dockers began a strike")
    assert answer.short is None
    assert answer.probability > 0.5
    newest = asker.ask("What is the latest on the strike in the harbour of Lisbon?", as_of=TODAY)
    assert [cited.source for cited in newest.citations] == ["may.txt", "april.txt", "march.txt"]


def test_a_topic_that_no_article_is_about_is_refused(asker: Asker) -> None:
    answer = asker.ask("What is the latest on the strike in the harbour of Porto?", as_of=TODAY)
    assert answer.refused
    assert answer.missing == "Not in the articles found: “Porto”."
    assert answer.probability == 0.0


def test_a_topic_without_a_question_gets_an_overview_where_it_gets_no_answer(asker: Asker) -> None:
    lisbon, porto = asker.ask("Lisbon tram strike", as_of=TODAY), asker.ask("Porto tram strike", as_of=TODAY)
    assert not lisbon.refused
    assert porto.refused


@pytest.mark.parametrize("question", ["Did Silva praise the museum roof?", "What happened with tiles of the roof?"])
def test_yes_or_no_and_what_happened_want_sentences_and_no_span(asker: Asker, question: str) -> None:
    answer = asker.ask(question, as_of=TODAY)
    assert not answer.refused
    assert answer.short is None
