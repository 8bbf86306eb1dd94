"""Questions put in an article's own words."""

from datetime import date

import pytest

from ingest.article import Article, Passage, Published
from qa.reader import Reading
from qa.rerank import in_its_words
from qa.wording import reworded

DAY = date(2023, 11, 20)


def passage(text: str, day: date | None = DAY) -> Passage:
    published = Published(day, "field", 1.0) if day else Published()
    return Passage("p", Article("a", "a.txt", text, published=published), 0, len(text), ((0, len(text)),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Volodymyr Zelenskyy spoke.", "Did Zelenskyy meet Russia?"),
        ("Zelensky and Zelenskyy spoke.", "Did Zelensky meet Russia?"),
        ("Russian ships.", "Did Zelensky meet Russia?"),
    ],
)
def test_names_as_a_text_spells_them(text: str, expected: str) -> None:
    assert reworded("Did Zelensky meet Russia?", passage(text)) == expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What did Pyongyang admit?", "North Korea admitted it.", "What did North Korea admit?"),
        ("What did Pyongyang admit?", "North Korea and Pyongyang", "What did Pyongyang admit?"),
        ("What did Russia want?", "Talks, the Kremlin said.", "What did the Kremlin want?"),
        ("What did the White House want?", "Washington wants it.", "What did Washington want?"),
        ("Has the US agreed?", "The US has agreed, Washington said of the US.", "Has the US agreed?"),
        ("Whom did he meet in Paris?", "France, France", "Whom did he meet in Paris?"),  # a place, not a government
        ("Did Paris Hilton sing?", "France, France", "Did Paris Hilton sing?"),
        ("What did Moscow want?", "The Muscovites of Russian towns", "What did Moscow want?"),
    ],
)
def test_a_government_that_acts_goes_by_the_name_the_passage_uses_most(question: str, text: str, expected: str) -> None:
    assert reworded(question, passage(text)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did the mayor disclose in May?", "What did the mayor say in May?"),
        ("What has the mayor announced?", "What has the mayor said?"),
        ("What did North Korea announce?", "What did North Korea say?"),
        ("What does the report declare?", "What does the report say?"),
        ("What did the UN report say about it?", "What did the UN report say about it?"),
        ("What did the State Department reveal?", "What did the State Department say?"),
        ("What did the mayor deny?", "What did the mayor deny?"),  # another question
        ("Who announced it?", "Who announced it?"),
        ("What did the mayor's statement mean?", "What did the mayor's statement mean?"),
    ],
)
def test_whoever_discloses_something_says_it(question: str, expected: str) -> None:
    assert reworded(question, passage("The mayor spoke.")) == expected


def test_a_year_that_only_the_date_of_the_article_tells_is_left_out() -> None:
    question = "What happened in October 2023?"
    assert reworded(question, passage("In October it rained.")) == "What happened in October?"
    assert reworded(question, passage("In October 2023 it rained.")) == question
    assert reworded(question, passage("In October it rained.", date(2024, 1, 2))) == question
    assert reworded(question, passage("In October it rained.", None)) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who fell on November 20, 2023?", "Who fell?"),
        ("Who fell on 20 November 2023?", "Who fell?"),
        ("Who fell on the 20th of November?", "Who fell?"),
        ("Who fell in early November?", "Who fell?"),
        ("Who fell in the November storm?", "Who fell in the storm?"),
        ("Who fell before November 20?", "Who fell before November 20?"),
        ("Who fell on 20 July?", "Who fell on 20 July?"),
        ("Who fell in November 2021?", "Who fell in November 2021?"),
    ],
)
def test_a_month_that_only_the_date_of_the_article_tells_is_left_out(question: str, expected: str) -> None:
    assert reworded(question, passage("On Monday a man fell.")) == expected
    assert reworded("Who fell in November?", passage("A man fell in Nov. 2019.")) == "Who fell in November?"


def test_each_passage_is_read_in_its_own_words_and_in_order() -> None:
    asked: list[tuple[str, list[str]]] = []

    def read(question: str, passages: list[Passage]) -> list[Reading]:
        asked.append((question, [one.text for one in passages]))
        return [Reading((), 0.0, float(len(one.text)), ()) for one in passages]

    texts = ["North Korea spoke.", "Pyongyang did.", "North Korea admitted it."]
    found = in_its_words(read)("What did Pyongyang admit?", [passage(text) for text in texts])
    assert [one.answerable for one in found] == [len(text) for text in texts]
    assert asked == [
        ("What did North Korea admit?", [texts[0], texts[2]]),
        ("What did Pyongyang admit?", [texts[1]]),
    ]
