from dataclasses import fields, replace
from datetime import date

import pytest

from ingest.article import Article
from qa.agree import lately
from qa.compose import ANSWERS, fact
from qa.confidence import Features
from qa.config import DEFAULT
from qa.evidence import Candidate
from qa.question import understand
from qa.reader import Span
from tests.readers import article

TEXT = "Anna Holm met Karl Berg in June. That meeting was followed by a strike. The bridge was closed. Rain fell."
STORY = article("story", TEXT, date(2024, 6, 9))
WHY = understand("Why did they meet?", date(2024, 7, 1))
BLANK = Features(*[0.0] * len(fields(Features)))


def candidate(sentence: str, probability: float, of: Article = STORY) -> Candidate:
    start = of.text.index(sentence)
    end = start + len(sentence)
    earlier, later = of.text[: max(0, start - 1)], of.text[end:]
    before = start - 1 - len(earlier.rpartition(". ")[2]) if start else 0
    around = before, end + later.find(".") + 1
    return Candidate(of, start, end, before, None, BLANK, probability, probability, around)


def told(*ordered: Candidate) -> str:
    draft = fact(WHY, list(ordered), 0.3, DEFAULT)
    assert draft is not None
    return draft.text


MET, STRIKE, CLOSED, RAIN = (f"{part}." for part in TEXT.rstrip(".").split(". "))


def test_a_nearly_as_sure_sentence_of_the_same_article_joins_in_the_texts_order() -> None:
    assert told(candidate(RAIN, 0.4), candidate(CLOSED, 0.3)) == f"{CLOSED} [1]\n{RAIN} [2]"
    assert told(candidate(RAIN, 0.4), candidate(CLOSED, 0.2)) == f"{RAIN} [1]"
    other = article("other", TEXT, None)
    assert told(candidate(RAIN, 0.4), candidate(CLOSED, 0.4, other)) == f"{RAIN} [1]"


def test_two_more_sentences_that_the_reader_finds_answering_join() -> None:
    def sure(sentence: str) -> Candidate:
        one = candidate(sentence, 0.1)
        return replace(one, features=replace(BLANK, sentence=ANSWERS))

    best = candidate(CLOSED, 0.4)
    assert told(best, candidate(RAIN, 0.1)) == f"{CLOSED} [1]"
    assert told(best, sure(RAIN)) == f"{CLOSED} [1]\n{RAIN} [2]"
    assert told(best, sure(RAIN), sure(STRIKE)) == f"{MET} {STRIKE} [1]\n{CLOSED} [2]\n{RAIN} [3]"
    assert told(best, sure(RAIN), sure(STRIKE), sure(MET)) == f"{MET} {STRIKE} [1]\n{CLOSED} [2]\n{RAIN} [3]"


def test_a_sentence_that_leans_on_the_best_one_stands_for_both() -> None:
    assert told(candidate(MET, 0.4), candidate(STRIKE, 0.35)) == f"{MET} {STRIKE} [1]"
    assert told(candidate(STRIKE, 0.4), candidate(MET, 0.35)) == f"{MET} {STRIKE} [1]"


@pytest.mark.parametrize(
    ("told", "span", "short"),
    [
        ("It sent more than 1,000 containers.", "1,000", "more than 1,000"),
        ("It sent at least 30 ships.", "30 ships", "at least 30 ships"),
        ("It cost nearly $5 million.", "5 million", "nearly $5 million"),
        ("Only a ship, more than ever, and 30 came.", "30", "30"),
    ],
)
def test_a_number_is_shown_with_what_bounds_it(told: str, span: str, short: str) -> None:
    text = article("story", f"He went on. {told}", date(2024, 6, 9))
    at = text.text.index(span)
    best = replace(candidate(told, 0.9, text), span=Span(at, at + len(span), 5.0))
    draft = fact(understand("How many were sent?", date(2024, 7, 1)), [best], 0.3, DEFAULT)
    assert draft is not None
    assert draft.short == short
    assert draft.text.startswith(f"{short} — ")
    named = fact(understand("What was sent?", date(2024, 7, 1)), [best], 0.3, DEFAULT)
    assert named is not None
    assert named.short == span


def test_a_span_that_begins_or_ends_inside_a_quotation_is_not_shown_alone() -> None:
    words = 'Anna said that she "will not go" to Rome.'
    text = article("story", words, date(2024, 6, 9))
    for span, short in (('"will not go', None), ('"will not go" to Rome', '"will not go" to Rome')):
        at = words.index(span)
        best = replace(candidate(words, 0.9, text), span=Span(at, at + len(span), 5.0))
        draft = fact(understand("What did Anna decide?", date(2024, 7, 1)), [best], 0.3, DEFAULT)
        assert draft is not None
        assert draft.short == short


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("HARRISON, N.Y. (AP) — Lee won.", "Lee won."),
        ("— Lee won.", "Lee won."),
        ("LONDON — Lee won.", "Lee won."),
        ("Lee — who is 19 — won.", "Lee — who is 19 — won."),
        ("NATO-led troops won.", "NATO-led troops won."),
    ],
)
def test_the_place_a_report_opens_with_is_not_shown(told: str, shown: str) -> None:
    one = candidate(told, 0.9, article("story", told, None))
    assert one.told == shown
    place = replace(one, span=Span(0, 6, 5.0))
    assert place.told == told or shown == told  # the answer stands there: it is shown


def test_where_a_time_is_asked_about_no_later_toll_leads() -> None:
    def toll(count: int, day: date) -> Candidate:
        of = article(f"n{count}", f"The flood killed {count} people.", day)
        one = candidate(of.text, 0.5, of)
        return replace(one, span=Span(17, 19, 3.0))

    early, late = toll(12, date(2024, 6, 1)), toll(15, date(2024, 6, 3))
    asked = understand("How many people did the flood kill?", date(2024, 7, 1))
    assert lately(asked, early, [late]) is late
    assert lately(asked, late, [early]) is late
    dated = understand("How many people did the flood kill before 2 June 2024?", date(2024, 7, 1))
    assert lately(dated, early, [late]) is early
