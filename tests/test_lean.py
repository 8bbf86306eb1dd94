from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from ingest.article import Article, Hit, Passage, Published
from qa.event import anchored
from qa.lean import Lean
from qa.question import understand
from qa.reader import Reading
from qa.rerank import ReadHit, promising, rescore
from qa.retrieve import fuse
from qa.window import Window

TODAY = date(2024, 6, 30)


def hit(name: str, day: date | None, text: str = "Text.") -> Hit:
    made = Article(name, name, text, published=Published(day, "field", 1.0) if day else Published())
    return Hit(Passage(name, made, 0, len(text), ((0, len(text)),)), 1.0)


def order(hits: Iterable[Hit], window: Window) -> list[str]:
    return [one.passage.id for one in fuse([list(hits)], 10, 60, Lean(window, TODAY).share)]


OLD, IN, LATER, NONE = (
    hit("old", date(2020, 1, 1)), hit("in", date(2023, 5, 5)), hit("later", date(2025, 1, 1)), hit("none", None)
)  # fmt: skip


def test_an_article_of_the_time_asked_about_comes_forward_and_none_is_dropped() -> None:
    assert order([OLD, NONE, IN], Window(date(2023, 1, 1), date(2023, 12, 31))) == ["in", "none", "old"]


def test_without_a_time_the_order_of_old_articles_stands() -> None:
    assert order([OLD, NONE, IN], Window()) == ["old", "none", "in"]


def test_without_a_time_the_days_before_the_question_come_forward() -> None:
    assert order([OLD, hit("new", date(2024, 6, 27))], Window()) == ["new", "old"]


@pytest.mark.parametrize(
    ("window", "closest"),
    [
        (Window(), "new"),
        (Window(latest=True), "new"),
        (Window(date(2023, 1, 1), date(2023, 12, 31)), "in"),
    ],
)
def test_the_reader_s_order_leans_the_same_way(window: Window, closest: str) -> None:
    lean = Lean(window, TODAY)
    moved = {one.passage.id: lean.moved(one.passage.article) for one in (OLD, IN, LATER, NONE, hit("new", TODAY))}
    assert max(moved, key=lambda name: moved[name]) == closest
    assert min(moved, key=lambda name: moved[name]) == "later"


def test_nobody_could_know_what_was_published_after_the_day_of_asking() -> None:
    read = [ReadHit(one, Reading((), 0.0, 0.0, (0.0,))) for one in (LATER, OLD)]
    assert [one.hit.passage.id for one in rescore(read, frozenset(), Lean(Window(), TODAY))] == ["old", "later"]


def test_what_was_published_after_the_day_of_asking_falls_back() -> None:
    assert order([LATER, OLD, IN], Window()) == ["old", "in", "later"]


def test_the_latest_brings_the_newest_forward() -> None:
    assert order([OLD, hit("new", date(2024, 6, 1))], Window(latest=True)) == ["new", "old"]


def test_a_little_nearness_does_not_beat_a_clear_lead() -> None:
    leaders = [OLD, *(hit(f"far{n}", date(2020, 1, 1)) for n in range(19))]
    assert order([*leaders, IN], Window(date(2023, 1, 1), date(2023, 12, 31)))[0] == "old"


SUMMIT = hit("summit", date(2023, 5, 12), "Leaders will meet. The summit opens on Friday, May 19 in Hiroshima.")


def test_before_the_summit_is_before_the_day_the_articles_give_it() -> None:
    text = SUMMIT.passage.article.text
    cut = text.index("The summit")
    whole = Hit(Passage("s", SUMMIT.passage.article, 0, len(text), ((0, cut), (cut, len(text)))), 1.0)
    asked = anchored(understand("What did Macron say before the summit?", TODAY), [whole], TODAY)
    assert (asked.window.first, asked.window.last) == (None, date(2023, 5, 18))
    assert asked.window.words == "before the summit (19 May 2023)"
    after = anchored(understand("Who resigned after the summit?", TODAY), [whole], TODAY)
    assert (after.window.first, after.window.last) == (date(2023, 5, 19), None)


def test_an_event_that_no_article_dates_sets_no_window() -> None:
    asked = understand("What did Macron say before the wedding?", TODAY)
    assert anchored(asked, [SUMMIT], TODAY) == asked


MAY = [hit("a", date(2023, 5, 12)), hit("b", date(2022, 5, 3)), hit("c", date(2099, 5, 3)), hit("d", date(2023, 7, 1))]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Where did they meet in May?", "May 2023"),  # the newest of which an article is, none after the day of asking
        ("What has changed since May?", "since 1 May 2023"),
        ("Who led before July?", "before 1 July 2023"),
        ("Who spoke in June?", ""),  # of which there is no article
        ("Who will speak in May?", ""),
        ("What did Theresa May say in May 2022?", "May 2022"),
        ("What did May say in the summer?", ""),
    ],
)
def test_a_month_without_a_year_is_of_the_newest_articles_found(question: str, words: str) -> None:
    assert anchored(understand(question, TODAY), MAY, TODAY).window.words == words


def test_an_article_that_holds_the_question_s_words_comes_forward() -> None:
    bridge = hit("bridge", OLD.passage.article.published.day, "The bridge opened. A crowd came.")
    read = [ReadHit(one, Reading((), 0.0, 0.0, (0.0,))) for one in (OLD, bridge)]
    assert [one.hit.passage.id for one in rescore(read, frozenset({"bridg", "open"}))] == ["bridge", "old"]
    assert [one.hit.passage.id for one in rescore(read, frozenset())] == ["old", "bridge"]


def test_of_passages_alike_those_with_fewer_siblings_are_read() -> None:
    long = replace(hit("long", date(2024, 1, 1), "The bridge opened."), scores={"fused": 0.05})
    sibling = replace(long, passage=replace(long.passage, id="sibling", start=4))
    alone = replace(long, passage=hit("alone", date(2024, 1, 1), "The bridge opened.").passage)
    assert alone in promising([long, sibling, alone], frozenset({"bridg", "open"}), None, 1)


def test_the_promising_are_read_and_what_was_talked_of() -> None:
    found = [replace(hit(name, date(2024, 1, 1), text), scores={"fused": fused}) for name, text, fused in (
        ("low", "A crowd came.", 0.01), ("held", "The bridge opened.", 0.01), ("high", "A crowd came.", 0.05)
    )]  # fmt: skip
    talked = replace(hit("talked", date(2024, 1, 1), "Nothing."), scores={})
    kept = promising([talked, *found], frozenset({"bridg", "open"}), None, 2)
    assert [one.passage.id for one in kept] == ["talked", "held", "high"]
