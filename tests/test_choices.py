"""Questions that offer their answers."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.article import Hit, Passage
from qa.choices import offered, picked
from qa.confidence import Features
from qa.evidence import Candidate
from qa.reader import Span
from tests.readers import article


@pytest.mark.parametrize(
    ("question", "stem", "options"),
    [
        ("Which city was it? Paris, Berlin or Rome?", "Which city was it?", ("Paris", "Berlin", "Rome")),
        ("Which city was it: Paris, Berlin, or Rome", "Which city was it?", ("Paris", "Berlin", "Rome")),
        ("Who signed the deal? The mayor or Ann Lee?", "Who signed the deal?", ("mayor", "Ann Lee")),
        ("Where did the two men meet? In Paris or in the Hague?", "Where did the two men meet?", ("Paris", "Hague")),
        ("Which film won: Elvis or Jaws?", "Which film won?", ("Elvis", "Jaws")),
        ("Which film won? Top Gun: Maverick or Elvis?", "Which film won?", ("Top Gun: Maverick", "Elvis")),
        ("How many were killed? 12 or 1,000?", "How many were killed?", ("12", "1,000")),
    ],
)
def test_offers(question: str, stem: str, options: tuple[str, ...]) -> None:
    assert offered(question) == (stem, options)


@pytest.mark.parametrize(
    "question",
    [
        "Was it Paris or Rome?",
        "Where did they meet? In Paris, I think.",
        "Did he resign? Was he dismissed or did he stay?",
        "Who won the election? Paris or Paris?",
        "What has his part been: that of a friend or of a foe?",
        "Who was there, by phone or in person?",
    ],
)
def test_what_offers_nothing(question: str) -> None:
    assert offered(question) == (question, ())


@given(some.text(max_size=80))
def test_any_question_is_split_or_left(question: str) -> None:
    stem, options = offered(question)
    assert (stem == question and not options) or len(options) > 1


def candidate(name: str, text: str, words: str, probability: float) -> Candidate:
    told = article(name, text)
    start = text.find(words)
    span = Span(start, start + len(words), 1.0) if words else None
    return Candidate(
        told, 0, len(text), 0, span, Features(*[0.0] * len(fields(Features))), probability, probability, (0, len(text))
    )  # fmt: skip


def hits(*candidates: Candidate) -> list[Hit]:
    return [Hit(Passage(one.article.id, one.article, 0, one.end, ((0, one.end),)), 0.0) for one in candidates]


def test_the_option_that_most_bears_out_is_the_span_of_the_surest_sentence() -> None:
    one = candidate("a", "The mayor flew to Oslo after the talks in Rome.", "mayor", 0.9)  # names two
    two = candidate("b", "The talks were held in ROME on Monday.", "ROME", 0.6)
    three = candidate("c", "The Rome talks failed.", "", 0.5)
    four = candidate("d", "He was born in Oslo.", "Oslo", 0.2)
    found = picked(("Oslo", "Rome", "Paris"), hits(one, two, three, four), [one, two, three, four])
    assert [(each.article.id, each.words) for each in found] == [("b", "ROME"), ("c", "Rome"), ("d", "Oslo")]
    assert 0.3 < found[0].probability < 0.9
    assert found[1].probability == 0.5


def test_an_option_told_once_is_less_sure_than_one_told_by_all() -> None:
    sure = [candidate(name, "It was Rome.", "Rome", 0.9) for name in "abc"]
    doubtful = [candidate("d", "It was Rome or it was not.", "", 0.1)]
    options = ("Oslo", "Rome")
    assert picked(options, hits(*sure), sure)[0].probability > picked(options, [], doubtful)[0].probability


def test_nothing_is_picked_where_no_sentence_names_an_option() -> None:
    one = candidate("a", "The mayor flew to Romania.", "Romania", 0.9)
    assert picked(("Oslo", "Rome"), hits(one), [one]) == []
