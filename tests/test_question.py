from datetime import date

import pytest

from qa.question import timeless, understand

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("question", "expects"),
    [
        ("When was that?", "time"),
        ("How many deals were signed?", "number"),
        ("Why did he go?", "reason"),
        ("Who called?", "person"),
        ("Which leader called?", "person"),
        ("Which French minister called?", "person"),
        ("Which executive order was signed?", "any"),
        ("What qualities did General Gerasimov see?", "any"),
        ("In what city did they meet?", "place"),
        ("What did they sign?", "any"),
        ("What did Macron say about it?", "speech"),
        ("In which building did Macron receive Xi when he came to Paris?", "any"),
        ("Whom did Kim meet when he travelled to Russia?", "person"),
        ("Where was she about to go when they spoke?", "place"),
        ("Who resigned, and when?", "time"),
        ("Which lawmaker limited how much wine one may have sent?", "person"),
        ("In which city did a growing number of holes appear?", "place"),
        ("What is the name of the official who resigned?", "person"),
        ("What were the sales of the new phone?", "number"),
        ("What's the current price of a stamp?", "number"),
        ("What is the population of Rome?", "number"),
        ("How can I watch the game?", "manner"),
        ("How did he come?", "any"),
        ("super bowl 2024 winner", "person"),
        ("wnba champions 2024", "person"),
        ("rfk jr running mate", "person"),
        ("sam bankman-fried prison sentence length", "number"),
        ("Did the winner pay the price?", "whether"),
        ("ethel kennedy age when she died", "number"),
        ("As prime minister, how long did Berg serve?", "number"),
        ("After the death of his wife, where did he move?", "place"),
        ("climate change", "any"),
    ],
)
def test_the_kind_of_answer_a_question_wants(question: str, expects: str) -> None:
    assert understand(question, TODAY).expects == expects


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("What has Macron said about China?", True),
        ("List the countries that objected.", True),
        ("What kinds of help did Russia get?", True),
        ("What aid has Germany sent to Ukraine?", True),
        ("How has the position of France changed?", True),
        ("Who called?", False),
        ("What did the ministry announce on Monday?", False),
        ("What were the sales of the new phone?", False),
    ],
)
def test_questions_for_many_articles(question: str, many: bool) -> None:
    assert understand(question, TODAY).many is many


def test_the_reader_is_not_asked_for_a_year_that_only_the_date_knows() -> None:
    asked = understand("What did Gerasimov report in April 2025?", TODAY)
    assert timeless(asked, ["In April he reported."]).wording == "What did Gerasimov report in April?"
    assert timeless(asked, ["In April 2025 he reported."]).wording == asked.text
    assert timeless(understand("Who called last month?", TODAY), []).wording == "Who called?"
    assert timeless(understand("In 2023?", TODAY), []).wording == "In 2023?"
