from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.question import understand
from qa.when import Moment, answers_when, first_time, moment, resolve, tells_time
from qa.window import Window, question_window

MONDAY = date(2023, 11, 20)
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Monday", "20 November 2023"),
        ("on Friday", "17 November 2023"),
        ("in September", "September 2023"),
        ("December", "December 2022"),
        ("Monday, November 20", "20 November 2023"),
        ("last August", "August 2023"),
        ("last year", "2022"),
        ("yesterday", "19 November 2023"),
        ("February 2022", ""),
        ("soon", ""),
    ],
)
def test_resolve_counts_from_the_article(words: str, meant: str) -> None:
    assert resolve(words, MONDAY) == meant


def test_resolve_says_nothing_without_a_date() -> None:
    assert resolve("Monday", None) == ""


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What happened in 2023?", date(2023, 1, 1), date(2023, 12, 31)),
        ("What happened in November 2023?", date(2023, 11, 1), date(2023, 11, 30)),
        ("And last June?", date(2026, 6, 1), date(2026, 6, 30)),
        ("And last December?", date(2025, 12, 1), date(2025, 12, 31)),
        ("On 3 May 2024?", date(2024, 5, 3), date(2024, 5, 3)),
        ("On 2024-02-29?", date(2024, 2, 29), date(2024, 2, 29)),
        ("Before 2024?", None, date(2023, 12, 31)),
        ("Since 2022?", date(2022, 1, 1), None),
        ("last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("Who called?", None, None),
        ("By 2024?", None, date(2024, 12, 31)),
        ("By the end of May 2024?", None, date(2024, 5, 31)),
        ("After March 2024?", date(2024, 4, 1), None),
        ("Before the end of 2023?", None, date(2023, 12, 31)),
        ("Between March and June 2024?", date(2024, 3, 1), date(2024, 6, 30)),
        ("Between 2019 and 2021?", date(2019, 1, 1), date(2021, 12, 31)),
        ("From 3 May to 9 June 2024?", date(2024, 5, 3), date(2024, 6, 9)),
        ("From November 2023 until February 2024?", date(2023, 11, 1), date(2024, 2, 29)),
        ("In 2019–2021?", date(2019, 1, 1), date(2021, 12, 31)),
        ("Between June 2024 and March 2024?", date(2024, 6, 1), date(2024, 6, 30)),  # no such stretch: the first counts
        ("In early 2024?", date(2024, 1, 1), date(2024, 4, 30)),
        ("in mid-2024", date(2024, 5, 1), date(2024, 8, 31)),
        ("In the second quarter of 2024?", date(2024, 4, 1), date(2024, 6, 30)),
        ("In the summer of 2024?", date(2024, 6, 1), date(2024, 8, 31)),
        ("In the winter of 2024?", date(2023, 12, 1), date(2025, 2, 28)),
        ("Last summer?", date(2026, 6, 1), date(2026, 8, 31)),
        ("Last autumn?", date(2025, 9, 1), date(2025, 11, 30)),  # this one is not over
        ("Last winter?", date(2025, 12, 1), date(2026, 2, 28)),
        ("This spring?", date(2026, 3, 1), date(2026, 5, 31)),
        ("In the 1990s?", date(1990, 1, 1), date(1999, 12, 31)),
        ("Two weeks ago?", date(2026, 11, 4), date(2026, 11, 10)),
        ("three days ago", date(2026, 11, 18), date(2026, 11, 18)),
        ("A month ago?", date(2026, 10, 1), date(2026, 10, 31)),
        ("5 years ago?", date(2021, 1, 1), date(2021, 12, 31)),
        ("In the past few weeks?", date(2026, 10, 24), TODAY),
        ("over the last two months", date(2026, 9, 22), TODAY),
        ("In recent days?", date(2026, 11, 14), TODAY),
        ("Last Monday?", date(2026, 11, 16), date(2026, 11, 16)),
        ("Last Saturday?", date(2026, 11, 14), date(2026, 11, 14)),  # today is one
        ("Last weekend?", date(2026, 11, 14), date(2026, 11, 15)),
        ("over the weekend", date(2026, 11, 21), date(2026, 11, 22)),
        ("Since last summer?", date(2026, 6, 1), None),
        ("Did 3000 years ago matter?", None, None),
    ],
)
def test_question_window(question: str, first: date | None, last: date | None) -> None:
    window = question_window(question, TODAY)
    assert (window.first, window.last) == (first, last)


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("What did it cost before 2024?", {2024}),
        ("Who ruled between 2019 and 2021?", {2019, 2021}),
        ("Who sang in the 1990s?", {1990}),
        ("What did it cost in 2024?", set()),
        ("What did it cost in early 2024?", set()),
    ],
)
def test_years_that_only_bound_a_time_need_not_be_named(question: str, ends: set[int]) -> None:
    assert question_window(question, TODAY).ends == ends
    assert understand(question, TODAY).years.isdisjoint(ends)


def test_latest_is_a_wish_not_a_window() -> None:
    assert question_window("What is the latest on Ukraine?", TODAY) == Window(latest=True, words="newest first")


def test_an_undated_article_is_in_no_window() -> None:
    assert not Window(date(2023, 1, 1), None).holds(None)
    assert Window(date(2023, 1, 1), None).holds(MONDAY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He left on Monday, November 20, for Rome.", "Monday, November 20"),
        ("It may rain in May 2024.", "May 2024"),
        ("Signed on 3 June.", "3 June"),
        ("It runs to the 21st of July.", "21st of July"),
        ("Since February 2022 nothing.", "February 2022"),
        ("No time here.", ""),
    ],
)
def test_first_time(text: str, found: str) -> None:
    assert first_time(text) == found


def test_tells_time() -> None:
    assert tells_time("in September") and tells_time("2022") and tells_time("12 p.m.") and not tells_time("Singapore")


@pytest.mark.parametrize(
    ("question", "span", "right"),
    [
        ("At what time does it begin?", "12 p.m.", True),
        ("At what time does it begin?", "Saturday", False),
        ("What time of year is best?", "spring", True),
        ("On what date was it found?", "July 29", True),
        ("On what date was it found?", "the 29th of July", True),
        ("On which day was it found?", "Monday", True),
        ("On what date was it found?", "July", False),
        ("On what day was it found?", "2017", False),
        ("When was it found?", "July", True),
    ],
)
def test_a_clock_or_a_day_where_one_is_asked_for(question: str, span: str, right: bool) -> None:
    assert answers_when(question, span) is right


@given(st.text(), st.dates(min_value=date(1600, 1, 1)))
def test_any_text_is_taken(text: str, day: date) -> None:
    resolve(text, day)
    question_window(text, day)


@given(st.integers(1, 31), st.sampled_from(["February", "June", "december"]), st.dates(min_value=date(1600, 1, 1)))
def test_impossible_days_do_not_fail(number: int, month: str, day: date) -> None:
    resolve(f"{month} {number}", day)
    question_window(f"on {number} {month} 2023", day)


@pytest.mark.parametrize(
    ("before", "words", "year"),
    [
        ("At the end of a state visit by the French president in", "April", 2023),
        ("It was signed by Macron in", "April", 2023),
        ("The rule must be met by", "April", 2024),
        ("Talks go on until the end of", "April", 2024),
        ("The show ends in", "April", 2024),
    ],
)
def test_by_and_end_tell_of_what_is_to_come_only_before_a_time(before: str, words: str, year: int) -> None:
    assert moment(words, date(2023, 11, 20), before) == Moment(year, 4)


@pytest.mark.parametrize(
    ("before", "words", "day"),
    [
        ("In 2021, Mardi Gras falls on", "Feb. 16", Moment(2021, 2, 16)),
        ("Mardi Gras falls on", "Feb. 16", Moment(2024, 2, 16)),
        ("It rained. In 2019 it fell on", "March 5", Moment(2019, 3, 5)),
        ("It was founded in 2019 and closed on", "March 5", Moment(2023, 3, 5)),
        ("In 2023 it was on", "Feb. 29", Moment(2024, 2, 29)),  # no such day that year: the article is of March 2024
    ],
)
def test_a_sentence_that_opens_with_a_year_is_of_that_year(before: str, words: str, day: Moment) -> None:
    published = date(2024, 3, 1) if "29" in words else date(2023, 11, 20)
    assert moment(words, published, before) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("two days ago", Moment(2023, 11, 18)),
        ("many days ago", None),
        ("three years ago", Moment(2020)),
        ("30 years ago", None),
        ("June of next year", Moment(2024, 6)),
        ("June last year", Moment(2022, 6)),
        ("the 4th of March", Moment(2023, 3, 4)),
        ("the 1990s", None),  # no year of its own
    ],
)
def test_times_told_from_the_articles_day(words: str, day: Moment | None) -> None:
    assert moment(words, MONDAY) == day


@pytest.mark.parametrize(
    ("before", "words", "behind", "day"),
    [
        ("It begins at ", "noon on Wednesday", ", Sept. 7, in Rome", Moment(2024, 9, 7)),
        ("It began at ", "noon on Wednesday", ", he said", Moment(2023, 11, 15)),
        ("On ", "March 23", ", 2021, it rained", Moment(2021, 3, 23)),
        ("On ", "March 23", ", the rings will vanish", Moment(2024, 3, 23)),
        ("On ", "March 23", ", the rings vanished. They will be back", Moment(2023, 3, 23)),
        ("He told them he would be back ", "Thursday", ".", Moment(2023, 11, 23)),
        ("The ban now runs to ", "the 21st of July", ".", Moment(2024, 7, 21)),
        ("They expect it in ", "the last days of July", ".", Moment(2024, 7)),
        ("It revived that plan only on ", "March 16", ".", Moment(2023, 3, 16)),
        ("They met in ", "last July", " and will again", Moment(2023, 7)),
    ],
)
def test_what_stands_around_a_time_tells_which_is_meant(before: str, words: str, behind: str, day: Moment) -> None:
    assert moment(words, MONDAY, before, behind) == day
