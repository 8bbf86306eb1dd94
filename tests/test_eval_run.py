import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from eval.baselines import always_refuse, first_passage
from eval.questions import Question
from eval.run import (
    MEASURES,
    Ranking,
    by_kind,
    concerned,
    curve,
    judge,
    run,
    summary,
    sureness,
    to_json,
    values,
    whole_curve,
)
from ingest.article import Article, Hit, Passage
from qa.answer import Answer, Citation, Disagreement, Sentence
from qa.prompts import REFUSAL

TEXT = "They met in Beijing. They signed 12 agreements."
FACT = Question(
    "f", "fact", "How many?", wanted=(("12", "twelve"),), at_least=1, gold={"a.txt": ("signed 12 agreements",)}
)
LIST = Question(
    "l",
    "several",
    "Which?",
    wanted=(("12",), ("Beijing",)),
    at_least=2,
    cite=2,
    gold={"a.txt": ("12",), "b.txt": ("Beijing",)},
)
NONE = Question("n", "near", "Who cooked?", refuse=True)
PREMISE = Question(
    "p", "premise", "Why not signed?", refuse=True, wanted=(("signed",),), at_least=1, gold={"a.txt": ("signed",)}
)


def text_of(article_id: str) -> str:
    return {"a": TEXT, "b": TEXT}[article_id]


def cite(
    start: int = 21, end: int = 47, source: str = "a.txt", article_id: str = "a", quote: str | None = None
) -> Citation:
    return Citation(1, source, "", "", None, start, end, TEXT[start:end] if quote is None else quote, article_id)


def answer(
    text: str = "12 — They signed 12 agreements. [1]",
    short: str | None = "12",
    citations: tuple[Citation, ...] = (),
    refused: bool = False,
    probability: float = 0.9,
) -> Answer:
    return Answer(
        question="q", standalone="q", refused=refused, answer=text, short=short, sentences=tuple(map(cut, citations)),
        citations=citations, disagreements=(), nearest=(), model="fake", seconds=0.0, probability=probability,
    )  # fmt: skip


def cut(one: Citation) -> Sentence:
    """The sentence as it stands in the article, with the number of its citation."""
    return Sentence(TEXT[21:47], (one.number,))


REFUSED = answer(REFUSAL, None, (), refused=True, probability=0.1)


def test_a_right_fact() -> None:
    assert judge(FACT, answer(citations=(cite(),)), text_of) == {
        "pointers": 1.0, "words": 1.0, "sources": 1.0, "sources_only": 1.0, "evidence": 1.0, "exact": 1.0, "f1": 1.0,
        "answered": 1.0, "right": 1.0, "citation_recall": 1.0, "citation_precision": 1.0, "undisputed": 1.0,
    }  # fmt: skip


def test_right_words_from_a_wrong_article_are_not_right() -> None:
    found = judge(FACT, answer(citations=(cite(source="b.txt", article_id="b"),)), text_of)
    assert (found["words"], found["sources"], found["evidence"], found["right"]) == (1.0, 0.0, 0.0, 0.0)


def test_wrong_words_from_the_right_article_are_not_right() -> None:
    found = judge(FACT, answer("Beijing [1]", "Beijing", (cite(0, 20),)), text_of)
    assert (found["words"], found["sources"], found["evidence"], found["right"]) == (0.0, 1.0, 0.0, 0.0)


def test_a_citation_number_is_no_answer() -> None:
    assert judge(FACT, answer("They met. [12]", None, (cite(0, 20),)), text_of)["words"] == 0.0


def test_a_refusal_of_an_answerable_question_is_zero_but_for_what_it_does_not_show() -> None:
    found = judge(FACT, REFUSED, text_of)
    shown = ("pointers", "citation_recall", "citation_precision", "undisputed")
    assert [found.pop(name) for name in shown] == [1.0] * 4
    assert set(found.values()) == {0.0}


def test_an_answer_says_that_sources_disagree_only_where_they_do() -> None:
    row = Disagreement("12", "Le Figaro", "2023-11-20", 1, False)
    disputed = replace(answer(citations=(cite(),)), disagreements=(row, row))
    assert judge(FACT, disputed, text_of)["undisputed"] == 0.0
    assert "undisputed" not in judge(replace(FACT, kind="disagreement"), disputed, text_of)
    assert "undisputed" not in concerned(replace(FACT, kind="disagreement"))
    rows = list(run([FACT, NONE], lambda question: disputed if question is FACT else REFUSED, text_of, ticking()))
    assert values(rows, "undisputed") == [0.0]  # a refusal counts nowhere


def test_a_sentence_that_its_citation_does_not_support_is_found() -> None:
    found = judge(FACT, answer(citations=(cite(0, 20),)), text_of)
    assert (found["citation_recall"], found["citation_precision"]) == (0.0, 0.0)


def test_what_is_not_shown_has_no_citations_to_count() -> None:
    said = {"f": answer(citations=(cite(0, 20),)), "n": REFUSED}
    rows = list(run([FACT, NONE], lambda question: said[question.id], text_of, ticking()))
    assert values(rows, "citation_recall") == [0.0]  # the refusal's is left out
    assert summary(rows)["citation_recall"] == 0.0


def test_without_a_short_answer_f1_takes_the_whole() -> None:
    # "12 of them" against "12": shared 1, so 2 * 1 / (3 + 1)
    assert judge(FACT, answer("12 of them [1]", None, (cite(),)), text_of)["f1"] == pytest.approx(0.5)


def test_a_list_needs_its_items_and_so_many_articles() -> None:
    both = (cite(), cite(0, 20, "b.txt", "b"))
    assert judge(LIST, answer("12 in Beijing", None, both), text_of)["right"] == 1.0
    assert judge(LIST, answer("12 in Beijing", None, both[:1]), text_of)["right"] == 0.0
    assert judge(LIST, answer("12", None, both), text_of)["right"] == 0.0
    assert "f1" not in judge(LIST, answer("12", None, both), text_of)


def test_an_unanswerable_question_wants_a_refusal() -> None:
    shown = {"pointers": 1.0, "citation_recall": 1.0, "citation_precision": 1.0, "undisputed": 1.0}
    assert judge(NONE, REFUSED, text_of) == {**shown, "refused_right": 1.0, "right": 1.0}
    assert judge(NONE, answer(citations=(cite(),)), text_of) == {**shown, "refused_right": 0.0, "right": 0.0}


def test_a_false_presupposition_may_be_refused_or_corrected() -> None:
    assert judge(PREMISE, REFUSED, text_of)["right"] == 1.0
    assert judge(PREMISE, answer("They signed it [1]", None, (cite(),)), text_of)["right"] == 1.0
    assert judge(PREMISE, answer("Beijing", None, (cite(),)), text_of)["right"] == 0.0


@pytest.mark.parametrize(
    "bad",
    [cite(22, 47, quote=TEXT[21:47]), cite(quote=""), cite(article_id="unknown")],
    ids=["offset", "empty", "unknown"],
)
def test_a_quote_that_is_not_the_stored_text_is_found(bad: Citation) -> None:
    assert judge(FACT, answer(citations=(cite(), bad)), text_of)["pointers"] == 0.0


def test_the_nearest_passages_of_a_refusal_are_checked_too() -> None:
    shown = Answer(
        question="q", standalone="q", refused=True, answer=REFUSAL, short=None, sentences=(), citations=(),
        disagreements=(), nearest=(cite(quote="Invented."),), model="fake", seconds=0.0, probability=0.0,
    )  # fmt: skip
    assert judge(NONE, shown, text_of)["pointers"] == 0.0


def failing(question: Question) -> Answer:
    if question.id == "f":
        raise RuntimeError("no model")
    return REFUSED


def ticking() -> Callable[[], float]:
    times = iter(range(100))
    return lambda: float(next(times))


def test_a_crash_is_a_row_of_zeros_that_names_it() -> None:
    crashed, fine = run([FACT, NONE], failing, text_of, ticking())
    assert crashed.error == "RuntimeError: no model"
    assert dict(crashed.values) == dict.fromkeys(concerned(FACT), 0.0)
    assert not crashed.refused and crashed.seconds == 1.0
    assert fine.error == "" and fine.values["right"] == 1.0


def test_what_takes_too_long_is_stopped_and_is_zeros() -> None:
    def slow(question: Question) -> Answer:
        if question.id == "f":
            time.sleep(5)
        return REFUSED

    began = time.monotonic()
    late, fine = run([FACT, NONE], slow, text_of, limit=0.2)
    assert time.monotonic() - began < 4
    assert late.error.startswith("TimeoutError") and set(late.values.values()) == {0.0}
    assert fine.error == "" and fine.values["right"] == 1.0


def test_beside_the_main_thread_a_run_goes_on_without_being_stopped() -> None:
    with ThreadPoolExecutor() as pool:
        [row] = pool.submit(lambda: list(run([NONE], lambda question: REFUSED, text_of))).result()
    assert row.error == "" and row.values["right"] == 1.0


def test_what_took_too_long_and_could_not_be_stopped_is_zeros() -> None:
    [late] = run([NONE], lambda question: REFUSED, text_of, ticking(), limit=0.5)  # the clock goes on by 1 s
    assert late.error == "TimeoutError: took longer than 0.5 seconds" and late.values["right"] == 0.0


PASSAGES = {
    "a.txt": [
        Passage("p1", Article("a", "a.txt", TEXT), 0, 20, ((0, 20),)),
        Passage("p2", Article("a", "a.txt", TEXT), 21, 47, ((21, 47),)),
    ]
}


def test_the_passage_with_the_gold_words_is_looked_for_by_rank() -> None:
    ranking = Ranking(lambda question: PASSAGES["a.txt"], PASSAGES.__getitem__)
    [fact, none] = run([FACT, NONE], lambda question: REFUSED, text_of, ticking(), ranking)
    # the gold words stand in p2 alone, which comes second
    assert (fact.values["hit@1"], fact.values["hit@5"], fact.values["mrr@10"]) == (0.0, 1.0, 0.5)
    assert fact.values["ndcg@10"] == pytest.approx(1 / math.log2(3))
    assert "mrr@10" not in none.values
    assert set(fact.values) == set(concerned(FACT, ranked=True))


def test_a_crash_while_ranking_is_zeros() -> None:
    def broken(question: Question) -> list[Passage]:
        raise RuntimeError("no index")

    [row] = run([FACT], lambda question: REFUSED, text_of, ticking(), Ranking(broken, PASSAGES.__getitem__))
    assert row.error == "RuntimeError: no index" and row.values == dict.fromkeys(concerned(FACT, ranked=True), 0.0)


def test_a_crash_is_never_a_smaller_denominator() -> None:
    rows = list(run([FACT, NONE], failing, text_of, ticking()))
    means = summary(rows)
    assert means["right"] == 0.5  # of two
    assert means["words"] == 0.0 and means["pointers"] == 0.5
    assert means["errors"] == 1.0
    assert means["refusal_precision"] == 1.0  # the one refusal was right
    assert curve(rows) == [(1.0, 1.0)]  # nothing was answered but the crash


@pytest.mark.parametrize("question", [FACT, LIST, NONE, PREMISE], ids=lambda question: question.id)
def test_a_crash_has_the_very_measures_that_an_answer_has(question: Question) -> None:
    for said in (REFUSED, answer(citations=(cite(),))):
        assert set(judge(question, said, text_of)) == set(concerned(question)) <= set(MEASURES)


def test_refusal_precision_counts_wrong_refusals() -> None:
    rows = list(run([FACT, NONE, PREMISE, LIST], lambda question: REFUSED, text_of, ticking()))
    assert summary(rows)["refusal_precision"] == 0.5  # right for n and p, wrong for f and l
    assert summary(rows)["refused_right"] == 1.0  # of n alone: p may be answered
    assert summary(rows)["risk_coverage_area"] == 1.0


def test_risk_over_all_questions_takes_what_was_refused_from_a_run_that_never_refuses() -> None:
    right = answer(citations=(cite(),), probability=0.9)
    shy = replace(REFUSED, probability=0.3)
    rows = list(run([FACT, NONE], lambda question: right if question.id == "f" else shy, text_of, ticking()))
    told = list(run([FACT, NONE], lambda question: right, text_of, ticking()))  # wrong where nothing answers
    assert whole_curve(rows, told) == [(0.5, 0.0), (1.0, 0.5)]
    [rows[0]] = run([FACT], failing, text_of, ticking())
    assert whole_curve(rows, told) == [(0.5, 1.0), (1.0, 1.0)]  # a crash comes last, and wrong


def test_risk_and_coverage_come_from_what_was_answered() -> None:
    right, wrong = answer(citations=(cite(),), probability=0.6), answer("no", "no", (cite(),), probability=0.8)
    said = {"f": right, "n": REFUSED, "l": wrong}
    rows = list(run([FACT, NONE, LIST], lambda question: said[question.id], text_of, ticking()))
    assert curve(rows) == [(0.5, 1.0), (1.0, 0.5)]
    assert summary(rows)["risk_coverage_area"] == pytest.approx(0.5 * 1.0 + 0.5 * 0.5)
    assert sureness(rows) == [(0.6, 1.0, 1), (0.8, 0.0, 1)]


def test_latencies_are_percentiles_over_all_rows() -> None:
    times = iter([0.0, 1.0, 1.0, 4.0])
    rows = list(run([FACT, NONE], lambda question: REFUSED, text_of, lambda: next(times)))
    assert (summary(rows)["p50_s"], summary(rows)["p95_s"]) == (1.0, 3.0)


def test_rows_are_sliced_by_kind_in_order_and_are_plain_data() -> None:
    rows = list(run([NONE, FACT], lambda question: answer(citations=(cite(),)), text_of, ticking()))
    assert list(by_kind(rows)) == ["near", "fact"]
    assert values(rows, "f1") == [1.0]
    plain = to_json(rows[1])
    assert (plain["id"], plain["accepted"], plain["gold"]) == ("f", ("12 / twelve",), ("a.txt",))
    assert plain["citations"][0]["quote"] == TEXT[21:47]


def test_always_refusing_refuses() -> None:
    said = always_refuse(FACT)
    assert said.refused and said.answer == REFUSAL and said.citations == ()


def test_the_first_passage_is_cited_whole() -> None:
    passage = Passage("p", Article("a", "a.txt", TEXT), 0, len(TEXT), ((0, 20), (21, 47)))
    said = first_passage(lambda question, k: [Hit(passage, 1.0)][:k])(FACT)
    found = judge(FACT, said, text_of)
    assert (found["words"], found["sources"], found["evidence"], found["pointers"]) == (1.0, 1.0, 1.0, 1.0)


def test_the_first_passage_of_nothing_is_a_refusal() -> None:
    assert first_passage(lambda question, k: [])(FACT).refused
