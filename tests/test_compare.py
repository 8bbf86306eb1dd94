"""Values that agree, differ, or are of different things; made up, so that they always run."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article
from ingest.store import Store
from qa.answer import Answer
from qa.ask import Asker
from qa.compare import APART, DIFFER, ORDERS, SAME, Value, compare, orders_apart, relation, same_grain
from qa.config import with_options
from qa.quantity import counts_another, counts_beside
from qa.question import understand
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article

MONDAY = date(2023, 11, 20)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("1,000", "one thousand", SAME),
        ("$1.2 million", "1,200,000 dollars", SAME),
        ("half a million", "500,000", SAME),
        ("one hundred twenty-one", "121", SAME),
        ("57%", "57 percent", SAME),
        ("5.6 miles", "about nine kilometers", SAME),  # 5.6 * 1.609 = 9.01
        ("51.27 million", "about 51 million", SAME),
        ("957,000", "nearly a million", SAME),
        ("16.5 tons", "16,500 kilograms", SAME),
        ("275 acres", "roughly 280 acres", SAME),
        ("1 minute 40 seconds", "100 seconds", SAME),
        ("a minute and 40 seconds", "100 seconds", SAME),
        ("an hour and a half", "90 minutes", SAME),
        ("two and a half million", "2.5 million", SAME),
        ("3 years and 6 months", "42 months", SAME),
        ("$940m", "$940 million", SAME),
        ("£3bn", "3 billion pounds", SAME),
        ("20k", "20,000 fans", SAME),
        ("half", "50 per cent", SAME),
        ("thirteen and a half per cent", "13.5%", SAME),
        ("two-thirds", "67%", SAME),
        ("one in five", "20%", SAME),
        ("nine out of ten", "90 percent", SAME),
        ("a quarter of a million", "250,000", SAME),
        ("half an hour", "30 minutes", SAME),
        ("a decade", "10 years", SAME),
        ("$63,500", "just over $63,000", SAME),
        ("4,950 fans", "nearly 5,000 fans", SAME),
        ("5,600 fans", "nearly 5,000 fans", DIFFER),
        ("a quarter-mile", "400 metres", SAME),  # 402
        ("a third month", "ten days", APART),  # the one after the second
        ("16-year-old", "16", SAME),
        ("85 cents", "$0.85", SAME),
        ("175 mph", "175 miles an hour", SAME),
        ("twelve dollars and 99 cents", "$12.99", SAME),
        ("two pounds and 50 pence", "£2.50", SAME),
        ("130 degrees", "54.4 degrees Celsius", SAME),
        ("54.4°C", "130°F", SAME),
        ("130 degrees", "129 degrees", DIFFER),
        ("101.5 degrees Fahrenheit", "41.3 degrees Celsius", DIFFER),
        ("40 degrees", "54.4 degrees Celsius", APART),  # Celsius, too, for all it says
        ("56 years old", "59", DIFFER),
        ("56 years old", "$59", APART),
        ("a third", "a quarter", DIFFER),
        ("one in five", "25%", DIFFER),
        ("a year", "18 months", DIFFER),
        ("100m", "100 million", APART),
        ("16 out of 53", "30%", APART),
        ("275 acres", "roughly 300 hectares", DIFFER),
        ("1 minute 40 seconds", "1 minute 20 seconds", DIFFER),
        ("100 seconds", "two minutes", DIFFER),
        ("15-year", "20-year", DIFFER),
        ("an hour and a half", "an hour", DIFFER),
        ("51.27 million", "47.9 million", DIFFER),
        ("57%", "53%", DIFFER),
        ("$4.72", "$5.12", DIFFER),
        ("5.6 miles", "26 miles", DIFFER),
        ("99", "100", DIFFER),
        ("27 campers", "31 campers", DIFFER),
        ("more than 1,000 containers", "a million shells", APART),
        ("19 truckloads", "900,000 meals", APART),
        ("26 strikes", "22 people", APART),
        ("$5 million", "5 million euros", APART),
    ],
)
def test_numbers(one: str, other: str, found: str) -> None:
    assert relation("number", Value(one), Value(other)) == found
    assert relation("number", Value(other), Value(one)) == found


def test_a_bare_number_counts_what_stands_behind_it() -> None:
    ours = Value("1,000", "It sent more than", "containers of munitions")
    assert relation("number", ours, Value("million", "It sent a", "shells for its war")) == APART
    asked = understand("How many restaurants has it closed?", MONDAY)
    closed = Value("43", "It closed", "of its Pacific locations")
    assert compare(asked, closed, Value("51", "It closed", "restaurants")) == DIFFER
    assert compare(asked, closed, Value("22", "", "people fell ill")) == APART


@pytest.mark.parametrize(
    ("question", "found"), [("How many people work there?", DIFFER), ("How many campers are there?", APART)]
)
def test_people_asked_for_go_by_many_names(question: str, found: str) -> None:
    ours, theirs = Value("27", "", "campers"), Value("90", "", "people")
    assert compare(understand(question, MONDAY), ours, theirs) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Monday", "November 20", SAME),
        ("Jan. 4, 2024", "4 January 2024", SAME),
        ("1996", "May 1996", SAME),
        ("2028", "November 2028", SAME),
        ("yesterday", "November 19", SAME),
        ("Monday", "yesterday", DIFFER),
        ("1996", "1998", DIFFER),
        ("Sept. 16", "September 26", DIFFER),
        ("soon", "1998", APART),
        ("two years ago", "2021", SAME),
        ("three years ago", "in December 2019", SAME),
        ("118 years ago", "108 years ago", DIFFER),
        ("20 years ago", "2004", APART),  # a round number
        ("a hundred and eighteen years ago", "2005", APART),
        ("7:15 p.m.", "19:15", SAME),
        ("12 p.m.", "noon", SAME),
        ("7:15 in the evening", "19:15", SAME),
        ("7 o'clock in the morning", "7 a.m.", SAME),
        ("half past six in the evening", "6:30 p.m.", SAME),
        ("a quarter to nine", "8:45 p.m.", SAME),  # which half of the day is not said
        ("6 o'clock", "18:00", SAME),
        ("9.30am", "9:30 a.m.", SAME),
        ("midday", "12 p.m.", SAME),
        ("Christmas Day", "Dec. 25", SAME),
        ("a quarter past nine", "8:45 p.m.", DIFFER),
        ("New Year’s Eve", "Dec. 25", DIFFER),
        ("7:15 p.m.", "5:30 p.m.", DIFFER),
        ("7 p.m. on Tuesday", "7 p.m. on Monday", DIFFER),
        ("25:99", "5:30 p.m.", APART),
    ],
)
def test_times_are_resolved_by_the_articles_day(one: str, other: str, found: str) -> None:
    assert relation("time", Value(one, day=MONDAY), Value(other, day=MONDAY)) == found


def test_the_half_of_the_day_may_stand_behind_the_span() -> None:
    evening = Value("7:15", behind=" in the evening.", day=MONDAY)
    assert relation("time", evening, Value("7:15 p.m.", day=MONDAY)) == SAME
    assert relation("time", evening, Value("7:15 a.m.", day=MONDAY)) == DIFFER


def test_a_time_to_come_is_counted_forwards() -> None:
    tuesday = date(2023, 5, 9)
    friday = Value("Friday", "The rule will be lifted on", day=tuesday)
    assert relation("time", friday, Value("May 12", "It ends on", day=tuesday)) == SAME
    assert relation("time", friday, Value("Friday", "It was lifted on", day=tuesday)) == DIFFER


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Emmanuel Macron", "Macron", SAME),
        ("President Macron", "Emmanuel Macron", SAME),
        ("Norway's Ruud", "Casper Ruud", SAME),
        ("NATO", "North Atlantic Treaty Organization", SAME),
        ("Wellington", "Wellington, Florida", SAME),
        ("Macron", "Xi Jinping", DIFFER),
        ("Hunter Biden", "Joe Biden", DIFFER),
        ("Senate Judiciary Committee", "Senate Commerce Committee", DIFFER),
        ("Lesbos", "Lesvos", APART),  # maybe one name spelt in two ways
        ("Sergei Cherkasov", "Sergey Vladimirovich Cherkasov", APART),
        ("S. Cherkasov", "Sergey Cherkasov", APART),
        ("Austria", "Australia", DIFFER),
        ("Atlanta", "Miami", DIFFER),
        ("Al Hilal", "soccer", APART),
        ("Paris", "Paris, Texas", SAME),
        ("Bend, Ore.", "Bend, Oregon", SAME),
        ("Greensboro, N.C.", "Greensboro, North Carolina", SAME),
        ("Ft. Worth", "Fort Worth", SAME),
        ("Mike Pence", "Michael Pence", SAME),
        ("J. K. Rowling", "J.K. Rowling", SAME),
        ("Britain", "the United Kingdom", SAME),
        ("Kroger Co.", "Kroger", SAME),
        ("WHO", "World Health Organization", SAME),
        ("Portland, Ore.", "Portland, Maine", DIFFER),
        ("Xi Jinping", "Li Qiang", DIFFER),
        ("a French presidential official", "the French president", DIFFER),
        ("Emmanuel Macron", "the French president", APART),
        ("to put their differences aside and talk of trade", "military help", APART),
    ],
)
def test_names(one: str, other: str, found: str) -> None:
    assert relation("person", Value(one), Value(other)) == found


def test_places_that_share_a_word_do_not_contradict() -> None:
    assert relation("place", Value("Far East spaceport"), Value("Russian Far East")) == APART


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["number", "time", "person", "any"]))
def test_any_words_compare_and_both_ways_alike(one: str, other: str, expects: str) -> None:
    assert relation(expects, Value(one), Value(other)) == relation(expects, Value(other), Value(one))


Ask = Callable[[str, list[Article]], Answer]


@pytest.fixture(name="ask")
def _ask(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> Ask:
    def ask(question: str, articles: list[Article]) -> Answer:
        with Store.open(make_store(tmp_path / "store", articles)) as store:
            config = with_options(threshold=0.2)
            asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION, config)
            return asker.ask(question, as_of=date(2026, 1, 1))

    return ask


FIRST = article("first", "The harbour flood killed 12 people in Lisbon. Rain fell.", date(2024, 3, 1), "First")
QUESTION = "How many people did the harbour flood in Lisbon kill?"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("March 2", "March 3", True),
        ("Monday", "March 3", True),
        ("fall 2026", "spring 2025", True),
        ("fall 2026", "Saturday", False),
        ("2024", "March 3", False),
        ("Paris", "March 3", True),
    ],
)
def test_days_beside_years_are_of_another_grain(one: str, other: str, alike: bool) -> None:
    assert same_grain(Value(one, day=MONDAY), Value(other, day=MONDAY)) is alike


def test_powers_of_ten_between_numbers() -> None:
    assert orders_apart(Value("$2,000"), Value("$20,000")) == pytest.approx(1.0)
    assert orders_apart(Value("12 people"), Value("12 million people")) == ORDERS
    assert orders_apart(Value("0"), Value("5")) == orders_apart(Value("Paris"), Value("5")) == 0.0


def test_a_later_toll_reads_as_an_update(ask: Ask) -> None:
    later = article("later", "The harbour flood has killed 15 people in Lisbon.", date(2024, 3, 3), "Later")
    answer = ask(QUESTION, [FIRST, later])
    assert [(row.value, row.publisher, row.update) for row in answer.disagreements] == [
        ("15", "Later", True),
        ("12", "First", False),
    ]
    assert "15 (Later, 2024-03-03; reads as an update)" in answer.answer


LATER = article("later", "The harbour flood has killed 15 people in Lisbon.", date(2024, 3, 3), "Later")
FEWER = article("fewer", "The flood has killed 9 people in Lisbon.", date(2024, 3, 4), "Fewer")


@pytest.mark.parametrize(("other", "short"), [(LATER, "15"), (FEWER, "12")])  # no toll falls
def test_the_newest_toll_leads_where_it_rose(ask: Ask, other: Article, short: str) -> None:
    answer = ask(QUESTION, [FIRST, other])
    assert answer.short == short and len(answer.disagreements) == 2


def test_who_says_the_newest_toll_too_is_counted_with_it(ask: Ask) -> None:
    third = article("third", "In Lisbon the harbour flood killed 15 persons.", date(2024, 3, 2), "Third")
    answer = ask(QUESTION, [FIRST, LATER, third])
    assert answer.short == "15" and answer.note == "2 independent sources say so."
    assert [row.value for row in answer.disagreements] == ["15", "15", "12"]


def test_what_a_publisher_says_twice_is_listed_once(ask: Ask) -> None:
    again = article("again", "The harbour flood killed 12 people in Lisbon. Winds rose.", date(2024, 3, 2), "First")
    later = article("later", "The harbour flood has killed 15 people in Lisbon.", date(2024, 3, 3), "Later")
    rows = [(row.value, row.publisher, row.published) for row in ask(QUESTION, [FIRST, again, later]).disagreements]
    assert rows == [("15", "Later", "2024-03-03"), ("12", "First", "2024-03-02")]


def test_the_same_value_is_no_disagreement_and_its_sources_are_counted(ask: Ask) -> None:
    second = article("second", "In Lisbon the harbour flood killed 12 persons.", date(2024, 3, 2), "Second")
    answer = ask(QUESTION, [FIRST, second])
    assert answer.disagreements == ()
    assert answer.note == "2 independent sources say so."
    assert {cited.publisher for cited in answer.citations} == {"First", "Second"}


def test_copies_of_one_story_are_one_source(ask: Ask) -> None:
    text = "The harbour flood killed 12 people in Lisbon. Winds rose."
    copy = Article("copy", "copy.txt", text, publisher="Copy", published=FIRST.published, cluster="first")
    answer = ask(QUESTION, [FIRST, copy])
    assert answer.note == "1 source says so; 2 articles carry 1 wire story, counted once."


def test_another_thing_counted_is_no_disagreement(ask: Ask) -> None:
    other = article("other", "The harbour flood in Lisbon swept away 40 cars.", date(2024, 3, 2), "Other")
    assert ask(QUESTION, [FIRST, other]).disagreements == ()


@pytest.mark.parametrize("unit", ["ms", "cms", "kgs", "fts", "kms"])
def test_a_unit_that_is_none_is_counted_as_a_thing(unit: str) -> None:
    assert relation("number", Value("70,000", behind=f" {unit} jailed"), Value("70,000", behind=" jailed")) == SAME


@pytest.mark.parametrize(
    ("question", "sentence", "another"),
    [
        ("How many shells were there?", "It delivered more than 1,000 containers of munitions.", True),
        ("How many shells were there?", "A million shells came in 1,000 containers.", False),
        ("How many shells were there?", "There were 1,000 of them.", False),
        ("How many people came?", "It delivered 1,000 containers.", True),
        ("How many soldiers came?", "The men brought 1,000 containers.", False),
        ("What did it deliver?", "It delivered 1,000 containers.", False),
    ],
)
def test_containers_are_no_shells(question: str, sentence: str, another: bool) -> None:
    assert counts_another(question, sentence) is another


@pytest.mark.parametrize(
    ("question", "behind", "beside"),
    [
        ("How many cases were there on the cruise ship?", " cruise ships sailed.", True),
        ("How many cases were there on the cruise ship?", " cases on two ships.", False),
        ("How many cases were there on the cruise ship?", " in cruise ships.", False),
        ("How many cars did Tesla recall?", " Tesla vehicles were recalled.", False),
        ("How many people were left homeless by floods?", " homeless", False),
        ("Which ships were there?", " ships", False),
        ("How many seats did they win?", "-member House", True),
        ("How many days was he away?", "-day trip", False),
        ("How many stories does it have?", "-story house", False),
        ("How many soldiers came?", "-strong force", False),
    ],
)
def test_a_number_of_what_the_question_names_beside_what_it_counts(question: str, behind: str, beside: bool) -> None:
    assert counts_beside(question, behind) is beside
