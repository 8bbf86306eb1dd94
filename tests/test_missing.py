"""What a refusal says is missing."""

from datetime import date

import pytest

from ingest.article import Article, Hit, Published
from ingest.split import split
from qa.evidence import Candidate
from qa.missing import missing
from qa.question import understand
from tests.test_echo import candidate

TEXT = "Xi Jinping met the French president in Paris. They spoke of trade."
FOUND = Article("a", "a.txt", TEXT, title="A visit", published=Published(date(2024, 5, 6), "field", 1.0))
HITS = [Hit(passage, 1.0) for passage in split(FOUND)]


def said(question: str, *ordered: Candidate) -> str:
    return missing(understand(question, date(2024, 6, 1)), HITS, ordered)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Did Xi meet Olaf Scholz in Paris?", "Not in the articles found: “Olaf Scholz”."),
        ("Who interpreted for Xi in 2019?", "Not in the articles found: “interpreted” and “2019”."),
        (
            "Whom did Xi meet in Paris in 2024?",
            "near the subject, but no sentence in them answers this.",
        ),
        ("Did the French speak of soybeans, cheese or Chablis?", "“soybeans”, “cheese” and “Chablis”."),
    ],
)
def test_words_that_no_article_holds_are_named(question: str, told: str) -> None:
    xi = candidate(FOUND, "Xi Jinping met the French president in Paris.", "French president", 0.1)
    assert told in said(question, xi)


def test_the_kind_asked_for_is_named_where_no_near_sentence_gives_one() -> None:
    near = candidate(FOUND, "They spoke of trade.", "trade", 0.1)
    assert said("When did they speak of trade?", near).endswith("give no time.")
    assert said("How many spoke of trade?", near).endswith("give no number.")


def test_nothing_is_said_of_an_empty_store_and_long_lists_are_cut() -> None:
    asked = understand("Who met whom?", date(2024, 6, 1))
    assert missing(asked, [], []) == ""
    assert said("Which of charlie, foxtrot, november, whiskey and yankees?").count("“") == 4
