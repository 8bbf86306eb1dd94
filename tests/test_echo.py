"""The answer asked again of the other sources."""

from dataclasses import replace
from datetime import date

import pytest

from ingest.article import Article, Hit, Passage, Published
from qa.agree import agreeing, differing
from qa.compose import fact
from qa.config import DEFAULT
from qa.echo import echo, echoed
from qa.evidence import Candidate, Echo
from qa.kin import WEIGHTS
from qa.question import Asked, understand
from qa.reader import Reading, Span
from qa.rerank import ReadHit
from qa.rival import may_contradict
from tests.readers import article
from tests.test_compose import BLANK

PLAY = article("play", "“Hamilton” got 14 Tony nominations on Tuesday.", date(2016, 5, 3), "The Day")
OTHER = article("other", "Eclipsed got six nominations. Hamilton reaped 16 Tony nominations.", date(2016, 5, 3), "Post")
HOW_MANY = understand("How many Tony nominations did Hamilton get?", date(2016, 5, 4))
MARGIN = replace(BLANK, margin=1.0, again=1.0, dense=0.7)


def candidate(of: Article, sentence: str, words: str, probability: float) -> Candidate:
    start = of.text.index(sentence)
    place = of.text.index(words)
    span = Span(place, place + len(words), 5.0)
    end = start + len(sentence)
    return Candidate(of, start, end, start, span, MARGIN, probability, probability, (start, end))


OLDER = replace(OTHER, published=Published(date(2015, 5, 3), "field", 1.0))
BEST = candidate(PLAY, PLAY.text, "14", 0.98)
SIX = candidate(OTHER, "Eclipsed got six nominations.", "six", 0.9)
SIXTEEN = candidate(OTHER, "Hamilton reaped 16 Tony nominations.", "16", 0.6)


def found(of: Article, *sentences: tuple[int, int]) -> ReadHit:
    return ReadHit(Hit(Passage("p", of, 0, len(of.text), sentences), 1.0), Reading((), 0.0, 0.0, (0.0,)))


FOUND = [found(PLAY, (0, len(PLAY.text))), found(OTHER, (SIX.start, SIX.end), (SIXTEEN.start, SIXTEEN.end))]


def read(question: str, passages: list[Passage]) -> list[Reading]:
    """Finds 16, if asked what the answer says; and nothing else that is a number."""
    assert question == f"{HOW_MANY.text} “Hamilton” got how many Tony nominations on Tuesday?"
    assert [passage.article.id for passage in passages] == ["other"]
    at = OTHER.text.index("16")
    spans = (Span(SIX.start, SIX.start + len("Eclipsed"), 9.0), Span(at, at + len("16"), 4.0))
    return [Reading(spans, 0.0, 0.0, (0.0, 0.0))]


@pytest.mark.parametrize(
    ("question", "text", "value", "asked"),
    [
        ("In which city is the match?", "The match is in Miami.", "Miami", "The match is in which city?"),
        ("How much did he bid?", "He bid €250 million on Sunday.", "€250 million", "He bid how much on Sunday?"),
        ("Who won?", "Casper Ruud won!", "Casper Ruud", "who won?"),
        ("When does it begin?", "It begins on 21 October, he said.", "21 October", "It begins on when, he said?"),
        ("What did it cost?", "It cost 9 million euros.", "9 million euros", "It cost what?"),
        ("Why did he go?", "He went for Miami.", "Miami", ""),
    ],
)
def test_the_answer_is_put_as_a_question(question: str, text: str, value: str, asked: str) -> None:
    told = candidate(article("a", text), text, value, 0.9)
    assert echo(understand(question, date(2024, 1, 1)), [told], 0.3) == (asked and f"{question} {asked}")


def test_the_other_sources_are_asked_what_the_answer_says_and_tell_their_value_of_that() -> None:
    ordered = echoed(HOW_MANY, FOUND, [BEST, SIX, SIXTEEN], read, 0.3)
    assert [one.echo and OTHER.text[one.echo.span.start : one.echo.span.end] for one in ordered] == [None, None, "16"]
    assert ordered[2].echo and (ordered[2].echo.twice, ordered[2].echo.foremost) == (True, True)
    draft = fact(HOW_MANY, ordered, 0.3, DEFAULT)
    assert draft is not None
    assert {row.value for row in draft.disagreements} == {"14", "16"}


def test_the_source_answers_best_in_one_of_its_sentences() -> None:
    def twice(question: str, passages: list[Passage]) -> list[Reading]:
        at = OTHER.text.index("16")
        spans = (Span(SIX.start + 13, SIX.start + 16, 3.0), Span(at, at + 2, 4.0))
        assert OTHER.text[spans[0].start : spans[0].end] == "six"
        return [Reading(spans, 0.0, 0.0, (0.0, 0.0))]

    _, six, sixteen = echoed(HOW_MANY, FOUND, [BEST, SIX, replace(SIXTEEN, span=None)], twice, 0.3)
    assert six.echo and (six.echo.twice, six.echo.foremost) == (True, False)
    assert sixteen.echo and (sixteen.echo.twice, sixteen.echo.foremost) == (False, True)


@pytest.mark.parametrize(
    ("asked", "ordered"),
    [
        (HOW_MANY, []),
        (HOW_MANY, [BEST]),
        (HOW_MANY, [BEST, replace(SIX, article=OLDER, features=replace(MARGIN, dense=0.3))]),
        (HOW_MANY, [replace(BEST, probability=0.1), SIX]),
        (replace(HOW_MANY, many=True), [BEST, SIX]),
        (understand("Why did it win?", date(2016, 5, 4)), [BEST, SIX]),
    ],
)
def test_nothing_is_read_where_no_other_source_may_give_a_value(asked: Asked, ordered: list[Candidate]) -> None:
    def unread(question: str, passages: list[Passage]) -> list[Reading]:
        raise AssertionError("read")

    assert echoed(asked, FOUND, ordered, unread, 0.3) == ordered


DAY = date(2024, 3, 1)
ONE = article("one", "The fair was opened by Ann Lee in Rome. Tom Moss sold cider.", DAY, "The Day")
TWO = article("two", "In Rome it was Bob Ray who opened the fair, with cider and roast meat.", DAY, "Post")
MEAT = article("meat", "In Rome it was Bob Ray who opened the fair, with roast meat.", DAY, "Post")
LATE = article(
    "late", "In Rome it was Bob Ray who opened the fair, with cider and roast meat.", date(2024, 6, 1), "Post"
)
BOTH = article(
    "both", "In Rome it was Bob Ray who opened the fair, not Ann Lee, with cider and roast meat.", DAY, "Post"
)


@pytest.mark.parametrize(
    ("question", "of", "first", "second", "dense", "differ"),
    [
        ("Who opened the fair in Rome?", TWO, "Ann Lee", "Bob Ray", 0.8, True),
        ("Who opened the fair in Rome?", TWO, "Ann Lee", "Bob Ray", 0.1, False),  # a passage about another thing
        ("Who opened the fair in Rome?", LATE, "Ann Lee", "Bob Ray", 0.8, False),  # another fair
        ("Who opened the fair in Rome?", BOTH, "Ann Lee", "Bob Ray", 0.4, False),  # it knows her, and says so
        ("Who opened the fair in Rome?", TWO, "Ann Lee in Rome", "Bob Ray who opened the fair", 0.8, False),
        ("What was there at the fair in Rome?", MEAT, "cider", "roast meat", 0.8, False),
        ("What food was there at the fair in Rome?", MEAT, "cider", "roast meat", 0.8, True),
        ("What food was there at the fair in Rome?", TWO, "cider", "roast meat", 0.8, False),  # it had both
        ("What food was there at the fair in Rome?", TWO, "opened by Ann Lee", "cider and roast meat", 0.8, False),
    ],
)
def test_another_name_of_the_same_news_contradicts(
    question: str, of: Article, first: str, second: str, dense: float, differ: bool
) -> None:
    answers = replace(BLANK, margin=1.0, again=0.5)
    best = replace(candidate(ONE, ONE.text, first, 0.9), features=answers)
    other = replace(candidate(of, of.text, second, 0.8), features=replace(answers, dense=dense))
    assert other.span is not None
    other = replace(other, echo=Echo(replace(other.span, score=-7.5), twice=True, foremost=True))
    assert bool(differing(understand(question, DAY), best, [best, other])) is differ


def test_a_span_that_the_reader_doubts_is_shown_where_another_source_contradicts_it() -> None:
    who = understand("Who opened the fair in Rome?", DAY)
    best = candidate(ONE, ONE.text, "Ann Lee", 0.9)
    best = replace(best, span=best.span and replace(best.span, score=-20.0))
    other = replace(candidate(TWO, TWO.text, "Bob Ray", 0.8), features=replace(BLANK, sentence=0.9, dense=0.8))
    assert other.span is not None
    other = replace(other, echo=Echo(other.span, twice=True, foremost=True))
    alone, disputed = fact(who, [best], 0.3, DEFAULT), fact(who, [best, other], 0.3, DEFAULT)
    assert alone is not None and disputed is not None
    assert (alone.short, disputed.short) == (None, "Ann Lee")
    assert {row.value for row in disputed.disagreements} == {"Ann Lee", "Bob Ray"}


SAID = "A fire on Pier 9 killed 12 people on Monday, the harbour police said."
TOLD = article("told", SAID, DAY, "The Day")


@pytest.mark.parametrize(
    ("text", "value", "story", "differ"),
    [
        (SAID.replace("12", "15"), "15", "told", True),
        (SAID.replace("12", "15").replace("the harbour", "harbour"), "15", "told", True),
        (SAID.replace("12", "twelve"), "twelve", "told", False),
        (
            SAID.replace("12", "15"),
            "15",
            "another",
            False,
        ),  # another cluster: nothing speaks for the same event but words
        ("The harbour police said that 15 people died on another pier.", "15", "told", False),
    ],
)
def test_another_telling_of_the_same_story_contradicts_in_the_same_sentence(
    text: str, value: str, story: str, differ: bool
) -> None:
    asked = understand("How many people did the fire on Pier 9 kill?", DAY)
    best = candidate(TOLD, SAID, "12", 0.9)
    other = candidate(replace(article("retold", text, date(2024, 3, 2), "Post"), cluster=story), text, value, 0.8)
    other = replace(other, features=replace(MARGIN, dense=0.0))
    found = differing(asked, best, [best, other])
    assert bool(found) is differ
    if differ:  # one row for a value, however many carry it
        again = candidate(replace(other.article, id="third"), text, value, 0.7)
        assert differing(asked, best, [best, other, again]) == found


@pytest.mark.parametrize(
    ("question", "first", "other", "value", "differ"),
    [
        ("When does the fair open?", "It opens on May 3.", "The fair opens on May 5.", "May 5", True),
        (
            "When does the fair open?",
            "It opens on May 3.",
            "The fair opens in 2026.",
            "2026",
            False,
        ),  # of another grain
        ("When does the fair open?", "It opens on Friday.", "The fair opens, he said on Monday.", "Monday", False),
        ("When does the fair open?", "It opens on May 3.", "It opens on May 5, he said on Monday.", "Monday", True),
        ("When does the fair open?", "It opens on May 3.", "It opens on May 3, he said on Monday.", "Monday", False),
        ("When did the fair open?", "It opened on May 3.", "The fair opened on May 5.", "May 5", True),
        ("When did the fair open?", "It opened on May 3.", "The fair is set to open on May 5.", "May 5", False),
        ("How much did the fair cost?", "It cost $2,000.", "The fair cost $3,000.", "$3,000", True),
        (
            "Which honor did Israel give Lee?",
            "Lee has the Lion Medal.",
            "Lee has the Israel Prize.",
            "Israel Prize",
            True,
        ),
        ("Which honor did Israel give Lee?", "Lee has the Lion Medal.", "Israel honored Ann Lee.", "Ann Lee", False),
        ("How much did the fair cost?", "It cost $2,000.", "The fair cost $30 million.", "$30 million", False),
    ],
)
def test_values_that_are_hardly_of_one_thing(question: str, first: str, other: str, value: str, differ: bool) -> None:
    one, two = article("one", first, DAY, "The Day"), article("two", other, DAY, "Post")
    best = candidate(one, first, first.split(" ", 2)[2].removeprefix("on ").rstrip("."), 0.9)
    rival = replace(candidate(two, other, value, 0.8), features=replace(BLANK, again=0.5, dense=0.7))
    assert rival.span is not None
    rival = replace(rival, echo=Echo(replace(rival.span, score=-2.0), twice=True, foremost=True))
    assert bool(differing(understand(question, DAY), best, [best, rival])) is differ


def test_a_surer_answer_to_the_answer_never_speaks_against_it() -> None:
    """Else what `may_be_kin` leaves unread could contradict."""
    assert min(WEIGHTS.echo, WEIGHTS.twice, WEIGHTS.foremost) >= 0


FIRE = "How many people did the fire on Pier 9 kill?"


@pytest.mark.parametrize(
    ("other", "value", "differ"),
    [
        ("The fire on Pier 9 killed 15 people.", "15", True),
        ("The fire on Pier 9 killed 15 people. Of these 12 people were dockers.", "15", False),  # it knows of 12
        ("The fire on Pier 9 has now killed 15 people, police said. It was 12 people on Monday.", "15", True),
    ],
)
def test_an_article_that_gives_both_numbers_contradicts_neither_unless_one_has_changed(
    other: str, value: str, differ: bool
) -> None:
    one = article("one", "The fire on Pier 9 killed 12 people.", DAY, "The Day")
    two = article("two", other, DAY, "Post")
    told = other.partition(". ")[0].rstrip(".") + "."
    best, rival = candidate(one, one.text, "12", 0.9), candidate(two, told, value, 0.8)
    near = replace(BLANK, margin=1.0, again=0.2, dense=0.4)
    best, rival = replace(best, features=near), replace(rival, features=near)
    assert rival.span is not None
    rival = replace(rival, echo=Echo(replace(rival.span, score=-2.0), twice=True, foremost=True))
    assert bool(differing(understand(FIRE, DAY), best, [best, rival])) is differ


def test_a_source_that_gives_the_same_number_agrees_whatever_else_it_counts() -> None:
    one = article("one", "The fire on Pier 9 killed 12 people.", DAY, "The Day")
    two = article("two", "The blaze on Pier 9 killed 12 people. The fire had now reached 40 boats.", DAY, "Post")
    near = replace(BLANK, margin=1.0, again=1.0, dense=0.8)
    best = replace(candidate(one, one.text, "12", 0.9), features=near)
    same, boats = (
        replace(candidate(two, text, value, 0.8), features=near)
        for text, value in ((two.text.split(". ")[0] + ".", "12"), ("The fire had now reached 40 boats.", "40"))
    )
    every = [best, same, boats]
    assert agreeing(understand(FIRE, DAY), best, every, 0.3) == [same]
    assert differing(understand(FIRE, DAY), best, every) == []


@pytest.mark.parametrize(
    ("words", "may"),
    [
        ("$61.17, a 4.5% decrease from last year’s average of $64.05, farmers said on Monday", True),
        ("as ever, what was in all of last year a record average of $64.05 in shops", False),
        ("$61.17 beside what was in all of last year a record average of $64.05", False),
    ],
)
def test_what_stands_behind_a_comma_does_not_make_a_number_too_long_to_contradict(words: str, may: bool) -> None:
    asked = understand("How much does the feast cost?", DAY)
    of = article("cost", f"The feast costs {words}.", DAY, "Post")
    assert may_contradict(asked, BEST, candidate(of, of.text, words, 0.9)) is may
