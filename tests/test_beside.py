"""What the best candidates say of each other."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ingest.article import Article, Hit, Passage
from qa.beside import places, repeated
from qa.confidence import Calibration
from qa.evidence import candidates
from qa.question import understand
from qa.rerank import ReadHit
from tests import readers
from tests.readers import article


@pytest.mark.parametrize(
    ("found", "alike"),
    [
        ([("a", "Indiana Fever"), ("b", "Iowa"), ("c", "the Fever")], [True, False, True]),
        ([("a", "Indiana Fever"), ("a", "Indiana Fever")], [False, False]),  # one story, told twice
        ([("a", "Paris"), ("b", ""), ("c", "the")], [False, False, False]),  # no words, nothing alike
        ([("a", "in the city of Paris on a day of rain and wind"), ("b", "Paris")], [False, False]),  # too long
        ([], []),
    ],
)
def test_an_answer_counts_as_repeated_by_another_story_alone(found: list[tuple[str, str]], alike: list[bool]) -> None:
    assert repeated(found) == alike


@given(st.lists(st.tuples(st.sampled_from("ab"), st.text(max_size=12)), max_size=6))
def test_agreement_is_mutual(found: list[tuple[str, str]]) -> None:
    told = repeated(found)
    assert len(told) == len(found) and sum(told) != 1


def test_days_lie_between_the_first_and_the_last() -> None:
    days = [date(2024, 1, 1), None, date(2024, 1, 5), date(2024, 1, 2)]
    assert places(days) == [0.0, 0.5, 1.0, 0.25]
    assert places([]) == [] and places([None]) == [0.5] and places([days[0], days[0]]) == [0.0, 0.0]


def test_newer_articles_come_first_where_there_is_a_crowd_and_no_time_is_asked_about() -> None:
    days = (date(2024, 3, 1), date(2024, 8, 1))
    found = [hit(article(name, f"Fans saw {name} win.", day)) for name, day in zip(("Berg", "Lund"), days, strict=True)]
    by = Calibration({"newer": 1.0}, {"newer": 1.0}, 0.0)
    for text, passages, first in (("", 5, "Berg"), ("", 100_000, "Lund"), (" in 2024", 100_000, "Berg")):
        asked = understand(f"Whom did fans see win{text}?", date(2025, 1, 1))
        assert candidates(asked, found, flat, readers.read, by, passages=passages)[0].words == first


def test_what_two_stories_give_comes_before_what_one_does_where_there_is_a_crowd() -> None:
    texts = {"one": "Fans saw Berg win.", "two": "Fans saw Lund win.", "three": "Fans saw Lund win there."}
    found = [hit(article(name, text)) for name, text in texts.items()]
    asked = understand("Whom did fans see win?", date(2025, 1, 1))
    by = Calibration({"agreed": 1.0}, {"agreed": 1.0}, 0.0)
    few, many = (candidates(asked, found, flat, readers.read, by, passages=count) for count in (5, 100_000))
    assert [one.words for one in few] == ["Berg", "Lund", "Lund"]
    assert [one.words for one in many] == ["Lund", "Lund", "Berg"]
    assert many[0].probability > few[0].probability == many[2].probability


def hit(one: Article) -> ReadHit:
    passage = Passage(one.id, one, 0, len(one.text), ((0, len(one.text)),))
    return ReadHit(Hit(passage, 1.0), readers.read("Whom did fans see win?", [passage])[0])


def flat(texts: Sequence[str]) -> NDArray[np.float32]:
    """Every text alike."""
    return np.ones((len(texts), 2), np.float32)
