"""The chat without a browser: what an Answer looks like as HTML, and what the command refuses."""

import logging
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app
from app import Desk, Turn, render_answer, render_source, render_turn, render_welcome
from ingest.article import Article, Published
from ingest.errors import UserError
from qa.answer import Answer, Citation, Disagreement, Sentence
from qa.ask import Asker

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
    "article aside bdi button caption div h2 h3 header li mark p q section span strong table td th time tr ul "
    "aria-busy aria-label aria-labelledby class data-event data-kind data-number data-tip data-turn datetime dir id "
    "role tabindex type".split()
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
        self.open.append(tag)
        self.names |= {tag} | {key for key, _ in attrs}
        self.attributes.append({"tag": tag, **dict(attrs)})

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if "mark" in self.open else ""


def test_the_short_answer_stands_first_and_again_inside_its_sentence() -> None:
    html = render_answer(ANSWER)
    assert html.index('<p class="short" dir="auto">') < html.index('<p class="said"')
    assert "<strong>The mayor</strong> of Oslo" in html


def test_a_citation_number_is_a_button_that_names_its_place_quote_and_source() -> None:
    buttons = [one for one in Page(render_answer(ANSWER, turn=3)).attributes if one["tag"] == "button"]
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
    assert [one["data-kind"] for one in page.attributes if one["tag"] == "button"] == ["near"]
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
    html = app.sureness(probability)
    assert f">{words}</span>" in html and f"About {probability:.0%} of" in html


def test_the_source_view_marks_the_quote_inside_the_whole_article() -> None:
    page = Page(render_source(CITED, ARTICLE))
    assert page.marked == QUOTE
    assert page.text.endswith(TEXT)


def test_a_huge_article_is_shown_around_the_quote() -> None:
    far = app.CONTEXT + 5
    article = replace(ARTICLE, text="a" * far + QUOTE + "b" * far)
    page = Page(render_source(replace(CITED, start=far, end=far + len(QUOTE)), article))
    assert page.text.endswith("…" + "a" * app.CONTEXT + QUOTE + "b" * app.CONTEXT + "…")


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
    turns = (Turn(words, answer, words, True), Turn(words, replace(answer, refused=True), done=True), Turn(words))
    shown = "".join(render_turn(turn, place) for place, turn in enumerate(turns))
    return shown + render_source(cited, article) + render_source(cited, None) + render_welcome(1, (words,))


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


class FakeStore:
    """A store of one article whose version can be set."""

    def __init__(self) -> None:
        self.now = "1"

    def version(self) -> str:
        return self.now

    def counts(self) -> dict[str, int]:
        return {"articles": 1}

    def articles(self) -> Iterator[Article]:
        yield ARTICLE

    def article(self, article_id: str) -> Article:
        if article_id != ARTICLE.id:
            raise UserError("There is no such article.")
        return ARTICLE


class FakeAsker:
    """Answers everything alike, remembers what it was asked, and fails when the question says so."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        self.asked.append((question, tuple(history)))
        yield replace(ANSWER, question=question, answer="The mayor")
        if "bad" in question:
            raise UserError("The question is bad: ask another.")
        if "crash" in question:
            raise ZeroDivisionError
        yield replace(ANSWER, question=question)


def desk_over(asker: FakeAsker) -> Desk:
    return Desk(lambda: cast(Asker, asker))


def test_a_turn_grows_and_ends() -> None:
    turns = list(app.answering(desk_over(FakeAsker()), "Who?", ()))
    texts = [turn.answer.answer if turn.answer else None for turn in turns]
    assert texts == [None, "The mayor", ANSWER.answer, ANSWER.answer]
    assert [turn.done for turn in turns] == [False, False, False, True]


def test_earlier_questions_are_the_history_but_not_those_that_failed() -> None:
    asker = FakeAsker()
    earlier = [Turn("One?", ANSWER, done=True), Turn("", problem="empty", done=True), Turn("Two?", REFUSED, done=True)]
    list(app.answering(desk_over(asker), "Three?", earlier))
    assert asker.asked == [("Three?", ("One?", "Two?"))]


def test_wrong_use_is_told_in_its_own_words() -> None:
    *_, last = app.answering(desk_over(FakeAsker()), "bad", ())
    assert (last.problem, last.done) == ("The question is bad: ask another.", True)


def test_a_bug_is_logged_and_told_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        *_, last = app.answering(desk_over(FakeAsker()), "crash", ())
    assert (last.problem, last.done) == (app.SORRY, True)
    assert "ZeroDivisionError" in caplog.text


def test_the_store_is_opened_again_only_when_it_changed() -> None:
    made: list[FakeAsker] = []

    def opened() -> Asker:
        made.append(FakeAsker())
        return cast(Asker, made[-1])

    desk = Desk(opened)
    assert desk.asker() is desk.asker()
    made[0].store.now = "2"
    assert cast(object, desk.asker()) is made[1]
    assert len(made) == 2


def test_an_article_that_is_gone_is_none() -> None:
    desk = desk_over(FakeAsker())
    assert desk.article(CITED) == ARTICLE
    assert desk.article(replace(CITED, article_id="gone")) is None


def test_examples_are_offered_over_the_seeds_only() -> None:
    class Seeds(FakeStore):
        def articles(self) -> Iterator[Article]:
            return (replace(ARTICLE, source=path.name) for path in sorted(app.SEEDS.glob("*")))

    asker = FakeAsker()
    assert app.examples(desk_over(asker)) == ()
    asker.store = Seeds()
    assert app.examples(desk_over(asker)) == app.EXAMPLES


def test_a_button_opens_the_citation_it_names() -> None:
    turns = [Turn("One?", ANSWER, done=True), Turn("Two?", REFUSED, done=True)]
    assert app.cited(turns, {"turn": "0", "kind": "cited", "number": "1"}) == CITED
    assert app.cited(turns, {"turn": "1", "kind": "near", "number": "1"}) == CITED
    assert app.cited(turns, {"turn": "1", "kind": "cited", "number": "1"}) is None


@pytest.mark.parametrize(
    "chosen",
    [{}, {"turn": "9", "number": "1"}, {"turn": "0", "number": "x"}, {"turn": None, "number": "1"},
     {"turn": "0", "number": "99"}, {"turn": "2", "number": "1"}],
)  # fmt: skip
def test_a_button_that_names_nothing_opens_nothing(chosen: dict[str, Any]) -> None:
    assert app.cited([Turn("One?", ANSWER), Turn("Two?", ANSWER), Turn("Three?")], chosen) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--host", "0.0.0.0"], "Others can reach 0.0.0.0: give --auth USER:PASSWORD, or --no-auth"),
        (["--auth", "reader"], "--auth needs a user and a password with a colon between them"),
        (["--auth", ":x"], "--auth needs a user and a password"),
        (["--port", "70000"], "70000 is not a port"),
        (["--port", "many"], "invalid int value: 'many'; python app.py --help shows"),
        (["--colour"], "unrecognized arguments: --colour; python app.py --help"),
        (["--host", "no-such-host.invalid", "--no-auth"], "Byline cannot listen at no-such-host.invalid:"),
        (["--port", "0"], "There is no store at nowhere: make one with python -m ingest seeds --store nowhere."),
    ],
)
def test_wrong_use_of_the_command_is_one_sentence_and_status_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert app.main(["--store", "nowhere", "--port", "0", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and told in err and err.count("\n") == 1


def test_a_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert app.main(["--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"Byline cannot listen at 127.0.0.1:{port} (Address already in use)")


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("news.example", False)],
)
def test_only_loopback_is_local(host: str, local: bool) -> None:
    assert app.is_local(host) is local


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(["--help"])
    assert left.value.code == 0
    assert "python -m ingest seeds" in capsys.readouterr().out
