import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.article import Article, Passage
from ingest.errors import UserError
from ingest.store import Store
from qa import confidence
from qa.ask import Asker
from qa.config import with_options
from qa.generate import Writer
from qa.prompts import REFUSAL
from qa.reader import Reading, Span
from qa.rerank import READ
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article

ARTICLES = [
    article(
        "wire",
        "On Monday the mayor opened the harbour bridge in Lisbon. Rain fell all day.",
        date(2023, 11, 20),
        publisher="Wire",
    ),
    article(
        "daily",
        "The mayor opened the harbour bridge in Lisbon, crowds cheering. The bridge cost 40 million euros.",
        date(2023, 11, 21),
    ),
    article(
        "later", "The harbour bridge cost 55 million euros, Auditor Silva said.", date(2024, 3, 1), publisher="Later"
    ),
    article("paper", "Silva praised the museum roof. Old tiles were kept by the builders.", None),
]
Build = Callable[..., Asker]


@pytest.fixture(name="build")
def _build(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> Iterator[Build]:
    store = Store.open(make_store(tmp_path / "store", ARTICLES))

    def build(writer: Writer | None = None, **options: object) -> Asker:
        return Asker(
            store, fake_embed, readers.read, readers.known, readers.CALIBRATION, with_options(**options), writer
        )

    yield build
    store.close()


def test_a_question_that_names_nothing_is_about_what_was_talked_of_if_that_answers_it(build: Build) -> None:
    opened, asker = "Where was the harbour bridge opened by the mayor?", build()
    told = asker.ask("Did the crowds cheer?", [opened])
    assert told.standalone == "Did the crowds cheer (the harbour bridge opened by the mayor)?"
    assert [cited.source for cited in told.citations] == ["daily.txt"]
    assert asker.ask("Did the crowds cheer?").standalone == "Did the crowds cheer?"
    tiles = asker.ask("Who kept the old tiles?", ["Who was the mayor?"])
    assert tiles.standalone == "Who kept the old tiles?"
    assert [cited.source for cited in tiles.citations] == ["paper.txt"]


def test_a_fact_is_span_then_sentence_then_citation(build: Build) -> None:
    answer = build().ask("Where was the harbour bridge opened by the mayor?")
    assert answer.short == "Lisbon"
    assert answer.answer.startswith("Lisbon — ")
    assert {cited.source for cited in answer.citations} == {"wire.txt", "daily.txt"}
    assert not answer.refused


def test_how_many_passages_there_are_to_choose_from_is_told(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "Where was the harbour bridge opened by the mayor?"
    assert build().find(question).ordered[0].features.crowd == 0.0  # few
    monkeypatch.setattr(confidence, "FEW", 1)
    passages = build().store.counts()["passages"]
    assert build().find(question).ordered[0].features.crowd == pytest.approx(math.log10(passages)) != 0.0


def test_only_the_promising_passages_are_read(build: Build) -> None:
    question = "Where was the harbour bridge opened by the mayor?"
    assert len(build().passages(question)) > 2
    assert {hit.passage.article.id for hit in build(read=2).passages(question)} == {"wire", "daily"}


def test_every_quote_is_cut_from_the_stored_text(build: Build) -> None:
    asker = build()
    answer = asker.ask("What did the harbour bridge cost?")
    for cited in (*answer.citations, *answer.nearest):
        assert asker.store.article(cited.article_id).text[cited.start : cited.end] == cited.quote


def test_nothing_there_is_refused_with_the_nearest_passages(build: Build) -> None:
    answer = build().ask("Who won the chess tournament in Oslo?")
    assert (answer.refused, answer.answer, answer.short, answer.citations) == (True, REFUSAL, None, ())
    assert answer.missing.startswith(("Not in the articles found: ", "The articles found are near"))
    assert len(answer.nearest) == 3


def test_a_year_that_no_article_knows_is_refused(build: Build) -> None:
    assert not build().ask("Who opened the harbour bridge in 2023?").refused
    refused = build().ask("Who opened the harbour bridge in 1999?")
    assert refused.refused and refused.missing == "Not in the articles found: “1999”."


def test_when_gets_the_day_that_monday_means(build: Build) -> None:
    answer = build().ask("When did the mayor open the harbour bridge?", as_of=date(2026, 1, 1))
    assert answer.short == "Monday"
    assert "20 November 2023" in answer.answer


def test_when_is_refused_where_neither_sentence_nor_article_has_a_date(build: Build) -> None:
    assert build().ask("When did Silva praise the museum roof?").refused
    assert not build().ask("Who praised the museum roof?").refused


def test_sources_that_disagree_are_shown_newest_first(build: Build) -> None:
    answer = build(threshold=0.2).ask("How many million euros did the harbour bridge cost?")
    assert [(row.value, row.published) for row in answer.disagreements] == [("55", "2024-03-01"), ("40", "2023-11-21")]
    assert {row.citation for row in answer.disagreements} <= {cited.number for cited in answer.citations}


def test_since_and_until_are_hard_and_keep_the_undated(build: Build) -> None:
    asker = build(threshold=0.0)
    found = {hit.passage.article.source for hit in asker.passages("harbour bridge museum", since=date(2024, 1, 1))}
    assert found == {"later.txt", "paper.txt"}
    with pytest.raises(UserError, match="after"):
        asker.ask("Who?", since=date(2024, 1, 1), until=date(2023, 1, 1))


def test_many_articles_in_order_of_date_each_cited(build: Build) -> None:
    answer = build(threshold=0.1).ask("List what is said about the harbour bridge")
    dates = [answer.citations[one.citations[0] - 1].published or "9" for one in answer.sentences]
    assert len(answer.sentences) >= 2
    assert dates == sorted(dates)
    assert [cited.number for cited in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_a_follow_up_is_answered_in_the_light_of_the_conversation(build: Build) -> None:
    answer = build().ask("When was that?", ["Where was the harbour bridge opened by the mayor?"])
    assert "harbour bridge" in answer.standalone
    assert "20 November 2023" in answer.answer


def test_of_the_answers_that_a_question_offers_the_one_borne_out_is_given(build: Build) -> None:
    question = "In which city was the harbour bridge opened? Porto, Lisbon or Braga?"
    answer = build().ask(question)
    assert (answer.short, answer.standalone, answer.disagreements) == ("Lisbon", question, ())
    assert answer.answer.startswith("Lisbon — ") and answer.probability > 0.3
    assert build().ask("In which city was the harbour bridge opened? Porto, Faro or Braga?").refused
    follow_up = build().ask("When was that?", [question]).standalone
    assert "Lisbon" in follow_up and "Porto" not in follow_up


def test_the_reader_is_asked_in_the_articles_words(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    read = readers.read

    def spy(question: str, passages: Sequence[Passage]) -> list[Reading]:
        asked.add(question)
        return read(question, passages)

    monkeypatch.setattr(readers, "read", spy)
    build().ask("What did Auditor Silva disclose about the bridge?")
    assert "What did Auditor Silva say about the bridge?" in asked
    assert not any("disclose" in one for one in asked)


def test_stream_grows_to_the_answer(build: Build) -> None:
    parts = list(build().stream("Where was the harbour bridge opened by the mayor?"))
    assert parts[0].answer == "Lisbon"
    assert all(parts[-1].answer.startswith(part.answer) for part in parts)
    assert parts[-1].citations


def test_typing_errors_and_capitals_do_not_matter(build: Build) -> None:
    assert build().ask("WHERE WAS THE HARBUOR BRIDGE OPENED BY THE MAYOR").short == "Lisbon"


@pytest.mark.parametrize("question", ["", "  ?! ", "\x00\n", "x" * 3000])
def test_unusable_questions_get_one_sentence(build: Build, question: str) -> None:
    with pytest.raises(UserError):
        build().ask(question)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(question=st.text(min_size=1, max_size=200), history=st.lists(st.text(max_size=60), max_size=2))
def test_any_question_is_answered_refused_or_named_unusable(build: Build, question: str, history: list[str]) -> None:
    asker = build()
    try:
        answer = asker.ask(question, history)
    except UserError:
        return
    assert answer.refused == (not answer.citations)
    for cited in answer.citations:
        assert asker.store.article(cited.article_id).text[cited.start : cited.end] == cited.quote


def drafting(*pieces: str) -> Writer:
    return Writer("fake:model", lambda messages: iter(pieces))


def test_a_chat_models_draft_is_cited_and_checked(build: Build) -> None:
    writer = drafting("The mayor opened the harbour ", "bridge in Lisbon [1]. It cost 99 million euros [1][9].")
    answer = build(writer).ask("Where was the harbour bridge opened by the mayor?")
    assert [one.supported for one in answer.sentences] == [True, False]
    assert "[unsupported]" in answer.answer
    assert answer.note.startswith("1 citation")
    assert answer.model == "fake:model"


@pytest.mark.parametrize("pieces", [(), ("  ",), ("word " * 3000,)])
def test_an_empty_or_endless_model_falls_back_to_the_reader(build: Build, pieces: tuple[str, ...]) -> None:
    answer = build(drafting(*pieces)).ask("Where was the harbour bridge opened by the mayor?")
    assert (answer.short, answer.model) == ("Lisbon", "reader")
    assert "the reader answered instead" in answer.note


def test_a_failing_model_falls_back_and_a_refusing_one_refuses(build: Build) -> None:
    def fails(messages: list[tuple[str, str]]) -> Iterator[str]:
        raise ConnectionError("no server")

    question = "Where was the harbour bridge opened by the mayor?"
    assert "no server" in build(Writer("fake:model", fails)).ask(question).note
    assert build(drafting(REFUSAL)).ask(question).refused


def test_a_large_store_has_a_threshold_of_its_own(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    asker = build()
    asker.calibration = replace(asker.calibration, threshold=0.2, larger=replace(asker.calibration, threshold=0.4))
    assert asker.threshold == 0.2
    monkeypatch.setattr(asker.store, "counts", lambda: {"articles": 3_000, "passages": 30_000})
    assert asker.threshold == 0.4
    assert build(threshold=0.9).threshold == 0.9  # the user's own


def test_the_order_of_passages_counts_the_question_s_words(build: Build) -> None:
    first = build().find("Who praised the museum roof?").hits[0]
    assert first.passage.article.id == "paper"  # undated, so that no time moves it
    found = (
        5.0 + READ.dense * first.scores["dense"] + READ.fused * first.scores["fused"]
    )  # the fake reader's, and the retrievers'
    assert first.score == pytest.approx(found + READ.held)


@pytest.mark.parametrize(
    ("question", "text", "feature", "value"),
    [
        ("When will the bridge close?", "The bridge closed in May 1984.", "fits", 0.0),
        ("When did the bridge close?", "The bridge closed in May 1984.", "fits", 1.0),
        ("When will the bridge close?", "The bridge will close in May 2030.", "fits", 1.0),
        ("How many cases were on the ship?", "Cases fell on 62 ships.", "fits", 0.0),
        ("How many cases were on the ship?", "The ship had 62 cases.", "fits", 1.0),
        ("Which city closed the bridge?", "There Nevada closed the bridge.", "fits", 0.0),
        ("Whom did they pick in 2017?", "They picked Bender last year.", "kind_missing", 1.0),
        ("Whom did they pick in 2016?", "They picked Bender last year.", "kind_missing", 0.0),
    ],
)
def test_what_speaks_against_a_sentence_is_measured(
    question: str,
    text: str,
    feature: str,
    value: float,
    tmp_path: Path,
    make_store: Callable[[Path, list[Article]], Path],
) -> None:
    with Store.open(make_store(tmp_path / "one", [article("one", text, date(2017, 6, 22))])) as store:
        asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION)
        assert getattr(asker.find(question).ordered[0].features, feature) == value


def test_he_stays_who_he_was_in_the_question_before(build: Build) -> None:
    history = ["What did Silva praise?", "What did Macron say about him?"]
    assert build().ask("Why did he praise tiles?", history).standalone.startswith("Why did Silva praise")
    history.append("Why did Berg call him?")
    assert build().ask("Why did he praise tiles?", history).standalone.startswith("Why did Silva praise")


def test_the_articles_of_a_conversation_are_read_whatever_the_search_finds(build: Build) -> None:
    asker = build(candidates=1, fused=1)
    follow, alone = "Where did he open the harbour bridge?", "Where did Silva open the harbour bridge?"
    assert "paper" not in {hit.passage.article.id for hit in asker.find(alone).hits}
    assert "paper" in {hit.passage.article.id for hit in asker.find(follow, ["What did Silva praise?"]).hits}


def test_neither_an_editors_note_nor_the_one_asked_about_is_the_answer(
    tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]
) -> None:
    told = "Editor's note: Marlow killed a harbour mayor. Police say that harbour mayor Silva was killed by Keane."

    def read(question: str, passages: Sequence[Passage]) -> list[Reading]:
        """As the fake reads, but surer of the victim than of the other name."""
        spans = tuple(Span(at, at + 5, score) for at, score in ((told.index("Silva"), 3.0), (told.index("Keane"), 0.0)))
        return [replace(one, spans=spans) for one in readers.read(question, passages)]

    with Store.open(make_store(tmp_path / "noted", [article("noted", told)])) as store:
        asker = Asker(store, fake_embed, read, readers.known, readers.CALIBRATION)
        found = asker.find("Who killed the harbour mayor?")
        assert [one.text for one in found.ordered] == [told[told.index("Police") :]]
        assert asker.ask("Who killed the harbour mayor?").short == "Keane"
