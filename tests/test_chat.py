"""What the chat shows: answers, sources and the library as HTML, whatever words they hold."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Article, Published
from ingest.build import Outcome
from qa.answer import Answer, Citation, Disagreement, Sentence
from qa.chat.adding import Progress
from qa.chat.answer import render_answer, render_past, render_turn, render_welcome, sureness
from qa.chat.forms import render_bounds, render_limits, render_settings, render_wrong
from qa.chat.library import Book, Shelf, bars, render_adding, render_chart, render_library
from qa.chat.sources import CONTEXT, UNFOLDED, grouped, render_article, render_source, render_sources
from qa.chat.talk import Choices, Talk, Turn

TEXT = "Rain fell. The mayor of Oslo resigned on Monday. Nobody replaced her."
QUOTE = "The mayor of Oslo resigned on Monday."
ARTICLE = Article("a1", "oslo.txt", TEXT, "Mayor quits", "Oslo Times", Published(date(2024, 1, 2), "stamp", 1.0))
CITED = Citation(1, "oslo.txt", "Mayor quits", "Oslo Times", "2024-01-02", 11, 48, QUOTE, "a1", "stamp")
ANSWER = Answer(
    question="Who resigned?", standalone="Who resigned?", refused=False, answer=f"The mayor — {QUOTE} [1]",
    short="The mayor", sentences=(Sentence(QUOTE, (1,)),), citations=(CITED,), disagreements=(), nearest=(),
    model="reader", seconds=0.25, probability=0.83,
)  # fmt: skip
REFUSED = replace(
    ANSWER, refused=True, answer="The articles do not say.", short=None, sentences=(), citations=(), nearest=(CITED,)
)
OURS = set(  # every tag and attribute that the chat writes
    "article b bdi button caption datalist details div fieldset figcaption figure h2 h3 header input label "
    "legend li mark ol option p progress q rect section span strong summary svg table tbody td th thead time title "
    "tr ul "
    "aria-busy aria-hidden aria-label aria-labelledby aria-pressed autocomplete checked class data-all data-clear "
    "data-each data-event data-files data-form data-id data-kind data-number data-tip data-turn datetime dir disabled "
    "height id inputmode list max maxlength name placeholder preserveaspectratio role rx scope tabindex type value "
    "viewbox width x y".split()
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![x](http://evil.example/x.png) [y](javascript:alert(1))",
    "${alert(1)} {{constructor}} `x`",
    "</article></div></mark><style>*{display:none}</style>",
    "<a href=http://evil.example>x</a> &lt;b&gt; &amp;",
    "\u202egnorw yaw eht\u2066",
    "x" * 3000,
)


class Page(HTMLParser):
    """What a browser would make of some HTML: tags with attributes, the text, and what is still open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[dict[str, str | None]] = []
        self.text, self.marked = "", ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open += [tag] if tag != "input" else []
        self.names |= {tag} | {key for key, _ in attrs}
        self.attributes.append({"tag": tag, **dict(attrs)})

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if "mark" in self.open else ""


def buttons_of(html: str) -> list[dict[str, str | None]]:
    """The buttons that open a citation."""
    return [one for one in Page(html).attributes if one.get("data-event") == "cite"]


def test_the_short_answer_stands_first_and_again_inside_its_sentence() -> None:
    html = render_answer(ANSWER)
    assert html.index('<p class="short" dir="auto">') < html.index('<p class="said"')
    assert "<strong>The mayor</strong> of Oslo" in html


def test_a_citation_number_is_a_button_that_names_its_place_quote_and_source() -> None:
    buttons = buttons_of(render_answer(ANSWER, turn=3))
    assert {(one["data-turn"], one["data-kind"], one["data-number"]) for one in buttons} == {("3", "cited", "1")}
    assert buttons[0]["data-tip"] == f"Oslo Times, 2024-01-02\n{QUOTE}"
    assert buttons[0]["aria-label"] == "Source 1, Oslo Times: open the passage"


def test_the_source_list_says_publisher_title_date_and_how_it_is_known() -> None:
    shown = Page(render_answer(ANSWER)).text
    assert "Mayor quitsOslo Times · 2 January 2024 (dated by the article's own stamp)" in shown


def test_what_is_not_known_is_said() -> None:
    bare = replace(CITED, title="", publisher="", published=None, provenance="undated")
    shown = Page(render_answer(replace(ANSWER, citations=(bare,)))).text
    assert "oslo.txtpublisher not named · undated" in shown


def test_an_article_cited_twice_is_listed_once() -> None:
    again = replace(CITED, number=2, start=0, end=10, quote="Rain fell.")
    html = render_answer(replace(ANSWER, citations=(CITED, again)))
    assert html.count("<li>") == 1


def test_a_short_answer_shows_the_day_it_means() -> None:
    dated = replace(ANSWER, short="Monday", answer=f"Monday (1 January 2024) — {QUOTE} [1]")
    assert "Monday (1 January 2024)</p>" in render_answer(dated)


def test_a_number_without_a_citation_is_left_out() -> None:
    html = render_answer(replace(ANSWER, sentences=(Sentence(QUOTE, (1, 7)),)))
    assert 'data-number="7"' not in html


def test_a_growing_answer_shows_what_its_text_holds_so_far_and_no_verdict() -> None:
    shown = Page(render_answer(replace(ANSWER, answer="The mayor"), done=False)).text
    assert shown == "The mayor"


def test_an_unsupported_sentence_is_marked() -> None:
    html = render_answer(replace(ANSWER, sentences=(Sentence(QUOTE, (1,), supported=False),)))
    assert "not supported by the articles" in html


def test_a_refusal_looks_different_and_shows_the_nearest_passages() -> None:
    page = Page(render_answer(REFUSED))
    assert page.attributes[0]["class"] == "answer refused"
    assert "The articles do not say." in page.text and QUOTE in page.text
    assert [one["data-kind"] for one in buttons_of(render_answer(REFUSED))] == ["near"]
    assert "sure" not in page.text


def test_disagreeing_sources_stand_in_a_table() -> None:
    rows = (Disagreement("12", "Oslo Times", "2024-01-02", 1), Disagreement("14", "", None, 1))
    page = Page(render_answer(replace(ANSWER, disagreements=rows)))
    assert "The sources disagree" in page.text
    assert "12Oslo Times2 January 2024114publisher not namedundated1" in page.text


@pytest.mark.parametrize("standalone", ["When did the mayor resign?", "When was that"])
def test_the_question_understood_is_shown_when_it_differs(standalone: str) -> None:
    shown = Page(render_answer(replace(ANSWER, question="When was that?", standalone=standalone))).text
    assert f"Understood as: {standalone}" in shown


def test_the_question_understood_is_not_repeated_when_it_is_the_one_typed() -> None:
    assert "Understood" not in render_answer(replace(ANSWER, question=" who  resigned? "))


def test_window_note_model_and_time_are_shown() -> None:
    shown = Page(render_answer(replace(ANSWER, window="in 2024", note="1 mark was removed."))).text
    assert shown.endswith("Dates: in 20241 mark was removed.reader, 0.2 s")


@pytest.mark.parametrize(
    ("probability", "words"),
    [(1.0, "Very sure"), (0.9, "Very sure"), (0.76, "Fairly sure"), (0.5, "Likely, worth checking"),
     (0.49, "Unsure, check the source"), (0.0, "Unsure, check the source")],
)  # fmt: skip
def test_probability_in_words_with_the_number_on_hover(probability: float, words: str) -> None:
    html = sureness(probability)
    assert f">{words}</span>" in html and f"About {probability:.0%} of" in html


def test_the_source_view_marks_the_quote_inside_the_whole_article() -> None:
    page = Page(render_source(CITED, ARTICLE))
    assert page.marked == QUOTE
    assert page.text.endswith(TEXT)


def test_a_huge_article_is_shown_around_the_quote() -> None:
    far = CONTEXT + 5
    article = replace(ARTICLE, text="a" * far + QUOTE + "b" * far)
    page = Page(render_source(replace(CITED, start=far, end=far + len(QUOTE)), article))
    assert page.text.endswith("…" + "a" * CONTEXT + QUOTE + "b" * CONTEXT + "…")


@pytest.mark.parametrize("article", [None, replace(ARTICLE, text="Another text altogether, since yesterday.")])
def test_an_article_that_changed_is_not_misquoted(article: Article | None) -> None:
    page = Page(render_source(CITED, article))
    assert page.marked == QUOTE
    assert "has changed since" in page.text


def test_dates_that_disagree_are_told_with_the_source() -> None:
    doubtful = replace(ARTICLE, published=replace(ARTICLE.published, others=("2023-12-31 (header)",)))
    assert "Also dated: 2023-12-31 (header)" in Page(render_source(CITED, doubtful)).text


def filled(words: str) -> str:
    """Everything the chat can show, with the same words in every place that holds words of others."""
    cited = Citation(1, words, words, words, words, 0, len(words), words, words, words)
    article = Article(words, words, words + words, words, words, Published(None, others=(words,)), words)
    answer = Answer(
        words, words + "?!", False, words + words, words, (Sentence(words + words, (1,), False),), (cited,),
        (Disagreement(words, words, words, 1),), (cited,), words, 1.0, 0.5, words, words,
    )  # fmt: skip
    told = (Sentence(words + words, (1,)), Sentence(words, (2,)))
    dated = replace(answer, short=None, sentences=told, citations=(cited, replace(CITED, number=2)))
    turns = (Turn(words, answer, words, True), Turn(words, replace(answer, refused=True), done=True),
             Turn(words, dated, done=True, vote="right"), Turn(words))  # fmt: skip
    choices = Choices(publishers=(words,), model=words, url=words)
    book = Book(words, words, words, words, words, words)
    shelf = Shelf(2, 2, 2, ((date(2024, 1, 1), 1),), ((words, 2),), (book,), (book,), ((words, words),),
                  ((words, words),))  # fmt: skip
    failed = Progress(False, words, 1, 1, (Outcome("failed", words, words),), words, 1)
    return "".join((
        *(render_turn(turn, place) for place, turn in enumerate(turns)), render_past(turns, 1),
        render_source(cited, article, 0), render_source(cited, None), render_article(article),
        render_sources(answer, 0, choices, {words: 2}, words), render_welcome(1, (words,)), render_wrong(turns[0], 0),
        render_limits(Talk(choices), words), render_settings(choices, True, words),
        render_settings(choices, False, words), render_library(shelf), render_adding(failed),
        render_adding(replace(failed, running=True)),
    ))  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_words(words: str) -> None:
    page = Page(filled(words))
    assert page.names <= OURS
    assert page.open == []
    assert words in page.text


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(st.characters(exclude_categories=())))
def test_no_words_can_write_html(words: str) -> None:
    page = Page(filled(words))
    assert page.names <= OURS
    assert page.open == []
    filled(words).encode("utf-8")


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(), st.text(min_size=1), st.text())
def test_the_source_view_shows_the_article_to_the_letter(before: str, quote: str, after: str) -> None:
    cited = replace(CITED, start=len(before), end=len(before + quote), quote=quote)
    page = Page(render_source(cited, replace(ARTICLE, text=before + quote + after)))
    assert page.marked == quote
    assert page.text.endswith(before + quote + after)


def test_sentences_of_several_days_stand_as_a_timeline_in_the_order_of_their_days() -> None:
    later = replace(CITED, number=2, published="2024-03-04", quote="She was seen in Rome.")
    undated = replace(CITED, number=3, published=None, quote="Nobody replaced her.")
    sentences = (Sentence("She was seen in Rome.", (2,)), Sentence("Nobody replaced her.", (3,)), Sentence(QUOTE, (1,)))
    answer = replace(
        ANSWER, short=None, answer=" ".join(one.text for one in sentences), sentences=sentences,
        citations=(CITED, later, undated),
    )  # fmt: skip
    html = render_answer(answer)
    assert html.count('<span class="when">') == 3
    shown = Page(html[: html.index("<section")]).text if "</ol>" in html else ""
    places = [shown.index(words) for words in (f"2 January 2024{QUOTE}", "4 March 2024She was", "undatedNobody")]
    assert places == sorted(places)
    assert "timeline" not in render_answer(replace(answer, sentences=sentences[:1]))
    newest_first = replace(answer, sentences=(sentences[0], sentences[2], sentences[1]))
    shown = Page(render_answer(newest_first)).text
    assert shown.index("She was seen") < shown.index(QUOTE) < shown.index("Nobody replaced")


def test_passages_stand_together_by_story_and_the_cited_ones_are_not_repeated() -> None:
    twin = replace(CITED, number=2, article_id="a2", cluster="a1")
    other = replace(CITED, number=3, article_id="a3", cluster="a3")
    around = replace(CITED, number=1, start=0, end=60)  # the passage that the quote stands in
    found = grouped(replace(ANSWER, citations=(replace(CITED, cluster="a1"),), nearest=(around, twin, other)))
    assert [[(one.article_id, kind) for one, kind in story] for story in found] == [
        [("a1", "cited"), ("a2", "near")], [("a3", "near")]
    ]  # fmt: skip
    shown = Page(render_sources(replace(ANSWER, citations=(CITED,), nearest=(twin, other)), 0, Choices(), {})).text
    assert "1 cited, 2 also considered, in 2 stories" in shown
    assert "2 articles tell this story" in shown


def test_two_hundred_sources_are_all_there_and_most_are_folded() -> None:
    many = tuple(
        replace(CITED, number=n, article_id=f"a{n}", cluster=f"a{n}", start=n, end=n + 1) for n in range(1, 201)
    )
    for html in (render_answer(replace(ANSWER, citations=many)), render_sources(replace(ANSWER, citations=many), 0,
                                                                                 Choices(), {})):  # fmt: skip
        assert {one["data-number"] for one in buttons_of(html)} == {str(n) for n in range(1, 201)}
        folded = re.findall(r'data-number="(\d+)"', html[html.index("<details>") :])
        assert len(folded) >= 200 - UNFOLDED


def test_what_applies_to_the_next_question_is_shown() -> None:
    plain = Page(render_limits(Talk())).text
    limited = Talk(
        Choices(date(2024, 1, 2), date(2024, 3, 4), ("A", "B", "C"), date(2025, 1, 1), "ollama:x"), editing=0
    )
    assert plain == "All dates and publishers"
    shown = Page(render_limits(limited)).text
    assert shown.startswith(
        "Articles by A or B or 1 more from 2 January 2024 to 4 March 2024No limitsas of 1 January 2025answered by"
    )
    assert "Editing question 1" in shown


def test_publishers_to_tick_are_the_chosen_then_those_at_hand_then_the_largest() -> None:
    known = {f"Paper {number}": number for number in range(1, 30)}
    html = render_bounds(Choices(publishers=("Paper 1",)), ["Paper 3", "", "Gone"], known, 4)
    ticks = [one for one in Page(html).attributes if one.get("name") == "publishers"]
    largest = [f"Paper {number}" for number in (29, 28, 27, 26, 25, 24)]
    assert [one["value"] for one in ticks] == ["Paper 1", "Paper 3", *largest]
    assert ["checked" in one for one in ticks] == [True] + 7 * [False]
    assert html.count("<option") == 29
    few = render_bounds(Choices(), (), {"A": 1}, None)
    assert "Another publisher" not in few and "publishers" not in render_bounds(Choices(), (), {}, None)


@pytest.mark.parametrize(
    ("span", "unit", "count"),
    [(0, "day", 1), (59, "day", 60), (60, "month", 3), (3000, "year", 9), (40_000, "decade", 11)],
)
def test_the_chart_takes_the_finest_unit_that_fits(span: int, unit: str, count: int) -> None:
    first = date(2000, 1, 1)
    found, drawn = bars(((first, 2), (first + timedelta(days=span), 1)) if span else ((first, 3),))
    assert (found, len(drawn), sum(number for _, number in drawn)) == (unit, count, 3)


def test_the_chart_says_its_figures_in_words_too() -> None:
    html = render_chart(((date(2024, 1, 30), 4), (date(2024, 5, 2), 1)))
    assert html.count("<rect") == 2
    assert (
        'aria-label="Articles by month of publication, from January 2024 to May 2024; at most 4 in one month"' in html
    )
    assert "January 20244May 20241" in Page(html[html.index("<tbody") : html.index("</tbody>") + 8]).text


def test_an_empty_library_says_so_and_leads_on() -> None:
    assert "The library is empty" in render_library(Shelf())
    assert "The library is empty" in render_welcome(0, ()) and 'data-view="library"' in render_welcome(0, ())


def test_old_questions_of_a_long_conversation_are_counted_not_shown() -> None:
    turns = [Turn(f"Question {n}?", ANSWER, done=True) for n in range(10)]
    html = render_past(turns, 3)
    assert "6 earlier questions not shown" in html
    assert [f'id="turn-{n}"' in html for n in range(10)] == [False] * 6 + [True] * 3 + [False]
