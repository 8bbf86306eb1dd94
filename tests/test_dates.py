"""Dates written out, stamps, rungs and conflicts."""

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.article import Published
from ingest.dates import Named, dated_name, find_days, parse_day, published, without_stamp

DAY = date(2023, 11, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-05",
        "2023/11/5",
        "2023-11-05T07:47:31Z",
        "2023-11-05 07:47:31 GMT",
        "20231105",
        "5 November 2023",
        "5th of November, 2023",
        "Sunday, 05 November 2023 12:17 GMT",
        "Nov. 5, 2023",
        "November 5th 2023, 3:04 p.m. ET",
        "5-Nov-2023",
        "05.11.2023",
    ],
)
def test_notations(text: str) -> None:
    assert parse_day(text) == DAY


def test_day_and_month_in_digits_only_where_they_cannot_be_confused() -> None:
    assert parse_day("20/11/2023") == parse_day("11/20/2023") == date(2023, 11, 20)
    assert parse_day("3/4/2023") is None  # March or April


@pytest.mark.parametrize(
    "text", ["", "in 2023", "November", "2023-13-05", "31 February 2023", "12.30.45", "9999-01-01"]
)
def test_no_date(text: str) -> None:
    assert parse_day(text) is None


def test_find_days_gives_places() -> None:
    text = "From 2023-11-05 to 6 November 2023."
    assert [(text[one.start : one.end], one.day.day) for one in find_days(text)] == [
        ("2023-11-05", 5),
        ("6 November 2023", 6),
    ]


@given(some.dates(date(1800, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat()) == parse_day(f"on {day.day} {day:%B} {day.year}.") == day


@given(some.text(alphabet="0123456789-/. TNovember,"))
def test_found_days_never_overlap(text: str) -> None:
    found = find_days(text)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("date 2023-11-20 Macron spoke", "Macron spoke"),
        ("2025-06-01 07:47:31", ""),
        ("date 2025-06-01 Tuesday, 02 January 2024 12:17 GMT", ""),
        ("Published: November 5, 2023", ""),
        ("Updated Nov. 5, 2023, 3:04 p.m. ET", ""),
        ("Nov. 6, 2013 Updated Nov. 7, 2013, 9:34 a.m. ET", ""),
        ("January 6, 2021, was a dark day.", "January 6, 2021, was a dark day."),
        ("He came on 2023-11-20.", "He came on 2023-11-20."),
        ("20 ministers met in 2023.", "20 ministers met in 2023."),
    ],
)
def test_stamps_come_off(line: str, rest: str) -> None:
    assert without_stamp(line) == rest


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Reuters, 3 May 2025", Named("Reuters", publisher=True, author=False)),
        ("Reuters (3 May 2025)", Named("Reuters", publisher=True, author=False)),
        ("The New York Times | May 3, 2025", Named("The New York Times", publisher=True, author=False)),
        ("Politico | 2025-05-03", Named("Politico", publisher=True, author=False)),
        ("By Jane Roe, May 3, 2025", Named("Jane Roe", publisher=False, author=True)),
        ("The Hague, 3 May 2025", Named("The Hague", publisher=False, author=False)),
        ("Jane Roe | May 3, 2025", Named("Jane Roe", publisher=False, author=False)),
        ("Tuesday, May 6, 2025", None),
        ("Updated | May 3, 2025", None),
        ("Floods Hit Valencia, 3 May 2025", None),
        ("Reuters, in its report of 3 May 2025, named him.", None),
    ],
)
def test_a_line_that_is_a_name_and_a_date(line: str, named: Named | None) -> None:
    assert dated_name(line) == named


def test_a_named_stamp_dates_the_article_and_its_title_does_not() -> None:
    assert published("Reuters, 5 November 2023\nBridge opens\nThe story.") == Published(DAY, "stamp", 0.9)
    assert published("Floods Hit Valencia, 3 May 2025\nThe story.") == Published()


def test_the_strongest_rung_wins_and_the_others_are_kept() -> None:
    text = "2023-11-05\nThe story."
    url = "https://x.org/2023/11/04/story"
    assert published(text, "2023-11-06", "2023-11-05", url) == Published(
        date(2023, 11, 6), "field", 0.8, ("2023-11-05 (meta)", "2023-11-05 (stamp)", "2023-11-04 (url)")
    )
    assert published(text, "", "", url) == Published(DAY, "stamp", 0.72, ("2023-11-04 (url)",))  # 0.9 * 0.8
    assert published("The story.", url=url) == Published(date(2023, 11, 4), "url", 0.9)


def test_a_page_that_names_two_days_keeps_both() -> None:
    assert published("", "", "2023-11-05 2023-11-06") == Published(DAY, "meta", 0.76, ("2023-11-06 (meta)",))


def test_a_stamp_that_occurs_twice_beats_the_other() -> None:
    text = "date 2025-06-01 Tuesday, 02 January 2024 12:17 GMT\nTitle\n2025-06-01 07:47:31\nThe story."
    assert published(text) == Published(date(2025, 6, 1), "stamp", 0.72, ("2024-01-02 (stamp)",))


@pytest.mark.parametrize("field", ["1699185600", "1699185600000", "5 novembre 2023", "5. November 2023"])
def test_fields_in_other_notations(field: str) -> None:
    assert published("", field).day == DAY  # 1699185600 is 2023-11-05 12:00 UTC


@pytest.mark.parametrize("url", ["/2023/11/05/x", "/2023/nov/05/x", "/x-20231105", "/x-november-5-2023.html"])
def test_addresses(url: str) -> None:
    assert published("", url="https://news.org" + url).day == DAY


def test_a_weekday_with_its_day_finds_the_year_it_fits() -> None:
    text = "They met on April 7, 2023.\nMacron spoke to Xi on Monday, November 20, the palace said."
    assert published(text) == Published(date(2023, 11, 20), "text", 0.4)  # 20 November 2023 was a Monday
    assert published(text.replace("2023", "2024")).day == date(2023, 11, 20)  # in 2024 a Wednesday, in 2025 a Thursday


def test_what_is_to_come_dates_nothing() -> None:
    assert published("In 2023 he said it.\nThe vote will be on Monday, November 20, the palace said.") == Published()


@pytest.mark.parametrize("text", ["2023-11-05 " * 20_000, "1" * 100_000, "May 5, " * 20_000, " " * 100_000 + "2023"])
def test_long_rows_of_digits_and_days_take_no_time(text: str) -> None:
    began = time.process_time()
    published(text)
    published(f"{text}\n" * 3)
    assert time.process_time() - began < 10


def test_undated_is_an_honest_result() -> None:
    assert published("Macron met Xi. In April 2023 they had met before.") == Published()
