from datetime import date

import pytest

from qa.question import fits, timeless, understand

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("When was that?", "time"),
        ("How many deals were signed?", "number"),
        ("Why did he go?", "reason"),
        ("Who called?", "person"),
        ("Which leader called?", "person"),
        ("In what city did they meet?", "place"),
        ("What did they sign?", "any"),
        ("What did Macron say about it?", "speech"),
    ],
)
def test_the_kind_of_answer_a_question_wants(question: str, expects: str) -> None:
    assert understand(question, TODAY).expects == expects


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("What has Macron said about China?", True),
        ("List the countries that objected.", True),
        ("How has the position of France changed?", True),
        ("Who called?", False),
        ("What did the ministry announce on Monday?", False),
    ],
)
def test_questions_for_many_articles(question: str, many: bool) -> None:
    assert understand(question, TODAY).many is many


@pytest.mark.parametrize(
    ("question", "span", "right"),
    [
        ("When did it end?", "in March", True),
        ("When did it end?", "Lisbon", False),
        ("How many came?", "twelve ministers", True),
        ("How many came?", "the ministers", False),
        ("Who hosted Kim Jong Un?", "Kim Jong Un", False),  # only repeats the question
        ("Was it Kim or Xi?", "Kim", True),  # a choice
    ],
)
def test_spans_of_the_kind_asked_for(question: str, span: str, right: bool) -> None:
    assert fits(understand(question, TODAY), span) is right


def test_the_reader_is_not_asked_for_a_year_that_only_the_date_knows() -> None:
    asked = understand("What did Gerasimov report in April 2025?", TODAY)
    assert timeless(asked, ["In April he reported."]).wording == "What did Gerasimov report in April?"
    assert timeless(asked, ["In April 2025 he reported."]).wording == asked.text
    assert timeless(understand("Who called last month?", TODAY), []).wording == "Who called?"
    assert timeless(understand("In 2023?", TODAY), []).wording == "In 2023?"
