"""The chat without a browser: what its events lead to, the API, and what the command refuses."""

import base64
import json
import logging
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

import app
from eval.questions import load_questions
from ingest.article import Article
from ingest.errors import UserError
from ingest.store import Store
from qa.ask import Asker
from qa.chat import desk as desks
from qa.chat.api import answered
from qa.chat.desk import SORRY, Desk, answering, opener
from qa.chat.markdown import talk_markdown, turn_markdown
from qa.chat.room import EXAMPLES, SEEDS, House, Room, Shown, examples
from qa.chat.talk import MOST_TALKS, MOST_TURNS, Choices, Talk, Talks, Turn, chosen_day
from qa.chat.verdict import CANDIDATES
from qa.config import DEFAULT
from qa.generate import Writer, open_writer
from tests import readers
from tests.conftest import fake_embed, make_store
from tests.test_chat import ANSWER, ARTICLE, CITED, HOSTILE, QUOTE, REFUSED, TEXT


class FakeStore:
    """A store of one article whose version can be set."""

    def __init__(self) -> None:
        self.now = "1"
        self.closed = False

    def close(self) -> None:
        self.closed = True

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
        self.limits: dict[str, Any] = {}
        self.writer: Writer | None = None

    def stream(self, question: str, history: Sequence[str] = (), **limits: Any) -> Iterator[Any]:
        self.asked.append((question, tuple(history)))
        self.limits.update(limits)
        standalone = "When did the mayor resign?" if history and "that" in question else question
        answer = replace(REFUSED if "oil" in question else ANSWER, question=question, standalone=standalone)
        yield replace(answer, answer="The mayor")
        if "bad" in question:
            raise UserError("The question is bad: ask another.")
        if "crash" in question:
            raise ZeroDivisionError
        yield replace(answer, model=self.writer.name if self.writer else "reader")

    def ask(self, question: str, history: Sequence[str] = (), **limits: Any) -> Any:
        *_, last = self.stream(question, history, **limits)
        return last


def named(model: str, url: str | None) -> Writer:
    """A chat model that is only a name; UserError for one that cannot be."""
    if ":" not in model:
        return open_writer(model, url)
    return Writer(f"{model} at {url}", lambda messages: iter(""))


def desk_over(asker: FakeAsker) -> Desk:
    return Desk(lambda former: cast(Asker, asker), named)


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
def room(asker: FakeAsker, tmp_path: Path) -> Room:
    return Room(desk_over(asker), House(tmp_path))


def asked(room: Room, talk: Talk, question: str) -> Shown:
    """What a question leads to, in the end."""
    shown: Shown = {}
    for one in room.ask(talk, question):
        shown |= one
    return shown


def grown(asker: FakeAsker, question: str) -> list[Turn]:
    return list(answering(desk_over(asker), Turn(question), [], Choices()))


def test_a_turn_grows_and_ends(asker: FakeAsker) -> None:
    turns = grown(asker, "Who?")
    assert [turn.answer.answer for turn in turns if turn.answer] == ["The mayor", ANSWER.answer, ANSWER.answer]
    assert [turn.done for turn in turns] == [False, False, True]


def test_earlier_questions_are_the_history_but_not_those_that_got_no_answer(room: Room, asker: FakeAsker) -> None:
    talk = Talk(turns=[Turn("One?", ANSWER, done=True), Turn("", problem="empty", done=True)])
    asked(room, talk, "Two oil?")
    asked(room, talk, "Three?")
    assert asker.asked[-1] == ("Three?", ("One?", "Two oil?"))


def test_wrong_use_is_told_in_its_own_words(room: Room) -> None:
    talk = Talk()
    shown = asked(room, talk, "bad")
    assert "The question is bad: ask another." in shown["live"] and talk.turns[0].done
    assert shown["ask"] == "bad"


def test_a_question_that_failed_comes_back_into_the_box_once(room: Room) -> None:
    *_, told, last = room.ask(Talk(), "bad")
    assert told["ask"] == "bad" and last == {}  # gradio shows the last of them twice


def test_a_bug_is_logged_and_told_without_a_traceback(caplog: pytest.LogCaptureFixture, asker: FakeAsker) -> None:
    with caplog.at_level(logging.ERROR):
        *_, last = grown(asker, "crash")
    assert (last.problem, last.done) == (SORRY, True)
    assert "ZeroDivisionError" in caplog.text


def test_a_full_line_asks_to_come_back_and_empties_again(asker: FakeAsker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "WAITING", 1)
    desk = desk_over(asker)
    first = answering(desk, Turn("One?"), [], Choices())
    next(first)
    (second,) = answering(desk, Turn("Two?"), [], Choices())
    assert "please ask again in a minute" in second.problem
    first.close()  # type: ignore[attr-defined]  # a generator
    *_, third = answering(desk, Turn("Three?"), [], Choices())
    assert third.problem == ""


def changing() -> tuple[Desk, list[FakeAsker], list[Asker | None]]:
    """A desk, the askers it opens, and what it said was there before."""
    made: list[FakeAsker] = []
    formers: list[Asker | None] = []

    def opened(former: Asker | None) -> Asker:
        formers.append(former)
        made.append(FakeAsker())
        return cast(Asker, made[-1])

    return Desk(opened), made, formers


def test_the_store_is_opened_again_only_when_it_changed_and_the_former_is_closed() -> None:
    desk, made, formers = changing()
    with desk.asker() as one, desk.asker() as two:
        assert one is two
    made[0].store.now = "2"
    with desk.asker() as three:
        assert cast(object, three) is made[1]
    assert [asker.store.closed for asker in made] == [True, False]
    assert cast(list[object], formers) == [None, made[0]]


def test_a_change_waits_for_answers_from_the_former_state_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, made, _ = changing()
    turns = answering(desk, Turn("One?"), [], Choices())
    next(turns)
    made[0].store.now = "2"
    seen: list[object] = []

    def next_one() -> None:
        with desk.asker() as asker:
            seen.append(asker)

    waiting = threading.Thread(target=next_one)
    waiting.start()
    assert not made[0].store.closed
    assert [turn.done for turn in turns][-1]
    waiting.join()
    assert seen == [made[1]] and made[0].store.closed
    monkeypatch.setattr(desks, "PATIENCE", 0.0)
    turns = answering(desk, Turn("Two?"), [], Choices())
    next(turns)
    made[1].store.now = "3"
    next_one()
    assert seen[-1] is made[2] and not made[1].store.closed
    turns.close()
    assert made[1].store.closed and not made[2].store.closed


def test_a_store_that_does_not_open_is_tried_afresh() -> None:
    desk, made, _ = changing()
    with desk.asker():
        made[0].store.now = "2"
    good = desk._open
    desk._open = lambda former: (_ for _ in ()).throw(UserError("There is no store."))
    with pytest.raises(UserError), desk.asker():
        pass
    desk._open = good
    with desk.asker() as asker:
        assert cast(object, asker) is made[1]


def test_models_are_loaded_once_and_passages_come_from_the_changed_store(tmp_path: Path) -> None:
    folder = make_store(tmp_path / "store", [readers.article("one", "Rain fell.")])
    asker = Asker(Store.open(folder), fake_embed, readers.read, readers.known, readers.CALIBRATION)
    make_store(folder, [readers.article("two", "Snow fell.")])
    asker.store.close()
    fresh = opener(folder, DEFAULT)(asker)
    assert fresh is not asker and fresh.calibration is asker.calibration
    assert fresh.passages("snow")[0].passage.text == "Snow fell."
    fresh.store.close()


def test_a_chosen_model_answers_for_that_session_only(room: Room, asker: FakeAsker) -> None:
    one, two = Talk(), Talk()
    shown = room.set(one, {"kind": "chat", "model": "ollama:x", "url": "http://localhost:1/v1", "as_of": "2024-05-01"})
    assert "Saved" in shown["settings"] and "answered by <bdi>ollama:x</bdi>" in shown["limits"]
    assert "ollama:x at http://localhost:1/v1" in asked(room, one, "Who?")["live"]
    assert asker.limits["as_of"] == date(2024, 5, 1)
    assert "ollama" not in asked(room, two, "Who?")["live"] and asker.limits["as_of"] is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"as_of": "soon"}, "is not a date"),
        ({"as_of": "0001-01-01"}, "is not a date"),
        ({"kind": "chat", "model": "x"}, "There is no model called"),
        ({"kind": "chat", "model": "ollama:x", "url": "file:///etc"}, "begins with http"),
    ],
)
def test_settings_that_cannot_be_are_told_and_not_kept(given: dict[str, str], told: str, room: Room) -> None:
    talk = Talk()
    shown = room.set(talk, given)
    assert told in shown["settings"] and 'role="alert"' in shown["settings"]
    assert talk.choices == Choices()


def test_where_others_can_come_in_nobody_chooses_the_model(asker: FakeAsker) -> None:
    talk = Talk()
    shown = Room(desk_over(asker), House(models=False)).set(talk, {"kind": "chat", "model": "ollama:x"})
    assert talk.choices.model == "reader"
    assert 'name="url"' not in shown["settings"]


def test_dates_limit_the_next_question(room: Room, asker: FakeAsker) -> None:
    talk = Talk()
    shown = room.limit(talk, {"since": "2024-01-02", "until": "2024-01-03"})
    assert "from 2 January 2024 to 3 January 2024" in shown["limits"]
    asked(room, talk, "Who?")
    assert (asker.limits["since"], asker.limits["until"]) == (date(2024, 1, 2), date(2024, 1, 3))
    wrong = room.limit(talk, {"since": "2024-02-02", "until": "2024-01-03", "turn": "0"})["source"]
    assert "first day is after" in wrong and 'value="2024-02-02"' in wrong
    assert talk.choices.since == date(2024, 1, 2)
    room.limit(talk, {"since": "2024-01-02", "clear": "1"})
    assert talk.choices == Choices()


def test_publishers_limit_the_next_question(room: Room, asker: FakeAsker) -> None:
    talk = Talk()
    asked(room, talk, "Who?")
    offered = room.sources(talk, {"turn": "0"})["source"]
    assert 'name="publishers" value="Oslo Times">' in offered
    shown = room.limit(talk, {"publishers": ["Oslo Times"], "publisher": " oslo times "})
    assert "Articles by <bdi>Oslo Times</bdi>" in shown["limits"] and shown["source"] == ""
    asked(room, talk, "Who?")
    assert asker.limits["publishers"] == ("Oslo Times",)
    assert 'value="Oslo Times" checked>' in room.sources(talk, {})["source"]
    wrong = room.limit(talk, {"publishers": "Oslo Times", "publisher": "Oslo"})
    assert "there is Oslo Times" in wrong["source"] and talk.choices.publishers == ("Oslo Times",)
    room.limit(talk, {"publishers": [7, None, ""], "publisher": ["x"]})
    assert talk.choices == Choices()


def test_an_edited_question_takes_the_place_of_the_old_one_and_what_followed(room: Room, asker: FakeAsker) -> None:
    talk = Talk()
    for question in ("One?", "Two?", "Three?"):
        asked(room, talk, question)
    assert room.edit(talk, {"turn": "1"})["ask"] == "Two?"
    asked(room, talk, "Two, really?")
    assert [turn.question for turn in talk.turns] == ["One?", "Two, really?"]
    assert asker.asked[-1] == ("Two, really?", ("One?",))
    room.edit(talk, {"turn": "0"})
    room.leave(talk, {})
    asked(room, talk, "Four?")
    assert len(talk.turns) == 3


def test_a_corrected_question_is_understood_as_typed_and_asked_again_so(room: Room, asker: FakeAsker) -> None:
    talk = Talk()
    asked(room, talk, "Who?")
    assert "Understood as: <bdi>When did the mayor resign?" in asked(room, talk, "When was that?")["live"]
    assert room.correct(talk, {"turn": "1"})["ask"] == "When did the mayor resign?"
    asked(room, talk, "When did that mayor retire?")
    assert asker.asked[-1] == ("When did that mayor retire?", ())
    list(room.retry(talk, {"turn": "1"}))
    assert asker.asked[-1] == ("When did that mayor retire?", ())
    assert len(talk.turns) == 2


def test_a_stopped_question_stays_stopped(room: Room) -> None:
    talk = Talk()
    growing = room.ask(talk, "Who?")
    next(growing), next(growing)
    assert "Stopped." in room.stop(talk, {})["live"]
    assert list(growing) == []
    assert talk.turns[0].stopped and "Ask again" in room.hello(talk, {})["live"]


def test_a_reload_finds_the_conversation_and_goes_on_answering(room: Room) -> None:
    talks = Talks()
    name = "0123456789abcdef" * 2
    growing = room.ask(talks.of("", name), "Who?")
    next(growing), next(growing)  # and the browser goes away
    talk = talks.of("", name)
    assert 'aria-busy="true"' in room.hello(talk, {})["live"]
    *_, last = room.resume(talk, {})
    assert 'aria-busy="false"' in last["live"] and talk.turns[0].answer is not None
    assert list(growing) == []  # the former one has no say any more
    assert list(room.resume(talk, {})) == [{}]


def test_conversations_are_found_by_user_and_name_only() -> None:
    talks = Talks()
    name = "0123456789abcdef" * 2
    assert talks.of("ann", name) is talks.of("ann", name)
    assert talks.of("ann", name) is not talks.of("bob", name)
    assert talks.of("", "guess") is not talks.of("", "guess")


def test_conversations_unused_for_longest_are_forgotten() -> None:
    talks = Talks()
    names = [f"{n:032x}" for n in range(MOST_TALKS + 1)]
    first, second = talks.of("", names[0]), talks.of("", names[1])
    talks.of("", names[0])
    for name in names[2:]:
        talks.of("", name)
    assert talks.of("", names[0]) is first
    assert talks.of("", names[1]) is not second


def test_a_conversation_has_an_end(room: Room) -> None:
    talk = Talk(turns=[Turn("Who?", ANSWER, done=True)] * MOST_TURNS)
    assert f"holds {MOST_TURNS} questions" in asked(room, talk, "One more?")["limits"]


def test_an_answer_is_copied_as_markdown(room: Room) -> None:
    talk = Talk()
    asked(room, talk, "Who resigned?")
    assert json.loads(room.copy(talk, {"turn": "0"})["clip"])["copy"] == (
        f"## Who resigned?\n\n**The mayor**\n\n{QUOTE} [1]\n\n"
        f"1. *Mayor quits*, Oslo Times, 2024-01-02 (oslo.txt): “{QUOTE}”"
    )


def test_the_conversation_is_exported(room: Room) -> None:
    talk = Talk()
    assert "nothing to export yet" in room.export(talk, {})["limits"]
    for question in ("Who resigned?", "And oil?", "bad"):
        asked(room, talk, question)
    given = json.loads(room.export(talk, {})["clip"])
    assert given["name"] == f"byline-{date.today()}.md"
    assert given["save"] == talk_markdown(talk.turns, date.today())
    for words in ("## Who resigned?", "## And oil?", REFUSED.answer, "## bad", "The question is bad: ask another."):
        assert words in given["save"]


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_holds_no_markup_of_others(words: str) -> None:
    cited = replace(CITED, quote=words, title=words, publisher=words, source=words, published=words)
    answer = replace(ANSWER, answer=words, short=words, citations=(cited,))
    shown = turn_markdown(Turn(words, answer, words, True))
    for mark in ("<", "![", "](", "`", "://"):
        assert all(shown[at - 1] == "\\" for at in range(len(shown)) if shown.startswith(mark, at)), mark


def candidates(room: Room) -> Path:
    assert room.house.store is not None
    return room.house.store / CANDIDATES


def test_a_thumb_up_is_a_question_that_eval_can_read(room: Room) -> None:
    talk = Talk(Choices(as_of=date(2024, 5, 1)))
    for question in ("Who resigned?", "What about oil?"):
        asked(room, talk, question)
    for place in ("0", "1", "0"):  # the second time counts for nothing
        room.right(talk, {"turn": place})
    found = load_questions(candidates(room), {"oslo.txt": TEXT}).questions
    assert [one.question for one in found] == ["Who resigned?", "What about oil?"]
    assert (found[0].wanted, found[0].gold) == ((("The mayor",),), {"oslo.txt": (QUOTE,)})
    assert (found[1].refuse, found[1].history, found[1].as_of) == (True, ("Who resigned?",), date(2024, 5, 1))
    assert "Right: saved" in room.hello(talk, {})["past"]


def test_a_thumb_down_says_what_would_have_been_right(room: Room) -> None:
    talk = Talk()
    for question in ("Who resigned?", "Who came?", "When?", "Why?"):
        asked(room, talk, question)
    assert "What would have been right?" in room.wrong(talk, {"turn": "0"})["source"]
    room.better(talk, {"turn": "0", "right": "words", "words": " mayor of  Oslo "})
    room.better(talk, {"turn": "1", "right": "silent", "words": "x"})
    assert "No passage" in room.better(talk, {"turn": "2", "right": "words", "words": "in a yellow hat"})["limits"]
    room.better(talk, {"turn": "3", "right": "unknown"})
    found = load_questions(candidates(room), {"oslo.txt": TEXT}).questions
    assert [(one.question, one.wanted, one.refuse) for one in found] == [
        ("Who resigned?", (("mayor of Oslo",),), False),
        ("Who came?", (), True),
    ]
    assert '# accept = ["in a yellow hat"]' in candidates(room).read_text("utf-8")


@pytest.mark.parametrize("words", [*HOSTILE, "a\x7f\ud800\n[[question]]\n", '"""', "\\u0041"])
def test_candidates_hold_hostile_words_as_words(words: str, room: Room) -> None:
    cited = replace(CITED, source=words, quote=words)
    answer = replace(ANSWER, short=words, answer=words, citations=(cited,))
    talk = Talk(turns=[Turn(words, answer, done=True), Turn(words, answer, done=True)])
    room.right(talk, {"turn": "1"})
    room.better(talk, {"turn": "0", "right": "words", "words": "nowhere"})
    (block,) = tomllib.loads(candidates(room).read_text("utf-8"))["question"]
    clean = words.encode("utf-8", "replace").decode()
    assert (block["question"], block["history"], block["gold"]) == (clean, [clean], {clean: [clean]})


def test_examples_are_offered_over_the_seeds_only() -> None:
    class Seeds(FakeStore):
        def articles(self) -> Iterator[Article]:
            return (replace(ARTICLE, source=path.name) for path in sorted(SEEDS.glob("*")))

    assert examples(cast(Store, FakeStore())) == ()
    assert examples(cast(Store, Seeds())) == EXAMPLES


def test_buttons_open_the_passages_they_name(room: Room) -> None:
    talk = Talk(turns=[Turn("One?", ANSWER, done=True), Turn("Two?", REFUSED, done=True)])
    assert talk.cited({"turn": "0", "kind": "cited", "number": "1"}) == CITED
    assert talk.cited({"turn": "1", "kind": "near", "number": "1"}) == CITED
    assert talk.cited({"turn": "1", "kind": "cited", "number": "1"}) is None
    assert f">{QUOTE}</mark>" in room.cite(talk, {"turn": "0", "number": "1"})["source"]
    gone = Talk(turns=[Turn("?", replace(ANSWER, citations=(replace(CITED, article_id="gone"),)))])
    assert "has changed since" in room.cite(gone, {"turn": "0", "number": "1"})["source"]
    assert QUOTE in room.article(talk, {"id": "a1"})["source"]
    assert room.article(talk, {"id": "gone"}) == {"source": ""}


@pytest.mark.parametrize(
    "chosen",
    [{}, {"turn": "9", "number": "1"}, {"turn": "x"}, {"turn": None, "number": "1"}, {"turn": "-1", "number": "1"},
     {"turn": [], "id": {}}],
)  # fmt: skip
def test_a_button_that_names_nothing_does_nothing(chosen: dict[str, Any], room: Room) -> None:
    talk = Talk(turns=[Turn("One?", ANSWER), Turn("Two?", ANSWER), Turn("Three?")])
    assert talk.cited(chosen) is None
    assert room.cite(talk, chosen) == {"source": ""} == room.article(talk, chosen)
    for event in ("edit", "correct", "copy", "right", "wrong", "better"):
        assert getattr(room, event)(talk, chosen) == {}
    assert list(room.retry(talk, chosen)) == [{}]
    assert not candidates(room).exists()


@pytest.mark.parametrize("chosen", [{"turn": "0", "number": "99"}, {"turn": "2", "number": "1"}, {"turn": "1"}])
def test_a_citation_that_is_not_there_is_none(chosen: dict[str, Any]) -> None:
    assert Talk(turns=[Turn("One?", ANSWER), Turn("Two?", ANSWER), Turn("Three?")]).cited(chosen) is None


def test_dates_of_the_page_are_checked() -> None:
    assert (chosen_day(""), chosen_day(None), chosen_day("2024-01-02")) == (None, None, date(2024, 1, 2))
    with pytest.raises(UserError, match="is not a date"):
        chosen_day("2024-13-01")


def test_the_api_gives_the_json_of_the_command(asker: FakeAsker) -> None:
    body = {"question": "When was that?", "history": ["Who resigned?"], "id": 7, "since": "2024-01-01",
            "publishers": ["oslo TIMES"]}  # fmt: skip
    expected = replace(ANSWER, question="When was that?", standalone="When did the mayor resign?").to_json()
    assert answered(desk_over(asker), Choices(), body) == {**expected, "id": 7}
    days = {"since": date(2024, 1, 1), "until": None, "as_of": None}
    assert asker.limits == {**days, "publishers": ("Oslo Times",)}
    with pytest.raises(UserError, match="No article here names 'Bergen Times'"):
        answered(desk_over(asker), Choices(), {"question": "Who?", "publishers": ["Bergen Times"]})


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b'{"question": 1}', b'{"question": "a", "history": "b"}', b"[" * 99_999]
)
def test_the_api_says_what_it_takes(body: bytes, asker: FakeAsker) -> None:
    with pytest.raises(UserError, match="if you like"):
        answered(desk_over(asker), Choices(), app.parsed(body))


def test_the_api_asks_for_the_password() -> None:
    def header(words: str) -> str:
        return f"Basic {base64.b64encode(words.encode()).decode()}"

    assert app.may_enter("", None)
    assert app.may_enter(header("reader:secret"), ("reader", "secret"))
    for wrong in ("", "Basic", "Basic ###", "Basic é", header("reader:Secret"), header("reader"), "Bearer x"):
        assert not app.may_enter(wrong, ("reader", "secret"))


def test_every_event_of_the_page_has_its_method_and_its_name_in_the_script() -> None:
    script = (app.PAGE / "page.js").read_text("utf-8")
    for event in app.EVENTS:
        assert hasattr(Room, event)
        assert f"'{event}'" in script or event in ("resume", "follow")


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


def test_the_page_is_made_without_stubs_and_pandas_which_is_there_when_asked_for() -> None:
    program = """
import inspect
import sys

stubs = []
sys.addaudithook(lambda event, args: stubs.append(args[0]) if event == "open" and ".pyi" in str(args[0]) else None)
import app
from qa.chat.desk import Desk
from qa.chat.room import Room
app.page(Room(Desk(lambda former: None)))
import gradio
assert not stubs, stubs
assert inspect.getfile(gradio.HTML).endswith("html.py")
assert "pandas.core" not in sys.modules
import pandas
from pandas.io.formats.style import Styler
assert pandas.DataFrame({"a": [1, 2]}).shape == (2, 1) and isinstance(pandas.DataFrame().style, Styler)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=SEEDS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
