import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    average_precision,
    citation_precision,
    citation_recall,
    evidence_cited,
    exact,
    f1,
    fold,
    hit,
    holds,
    interval,
    mean,
    ndcg,
    normalise,
    percentile,
    recall,
    reciprocal_rank,
    reliability,
    risk_coverage,
    risk_coverage_area,
    sources_precision,
    sources_right,
    without_marks,
    words_right,
)


def test_normalise_follows_squad() -> None:
    assert normalise("The  Élysée's (old) garden, a U.S. one") == "élysées old garden us one"


def test_fold_keeps_letters_and_digits_only() -> None:
    assert (
        fold("The U.S. sent 1,000 “dual-use” goods to the Élysée.") == "the us sent 1000 dual use goods to the elysee"
    )


def test_fold_reads_initials_and_plain_capitals_alike() -> None:
    assert fold("U.S. forces") == fold("US forces")


def test_holds_matches_whole_words_only() -> None:
    assert holds(fold("They signed 12 deals."), "12")
    assert not holds(fold("They signed 120 deals."), "12")


def test_without_marks_removes_citation_numbers() -> None:
    assert without_marks("Kursk — They helped. [1] [12]") == "Kursk — They helped."


def test_exact_ignores_articles_and_punctuation() -> None:
    assert exact("the Kursk Region.", ["Kursk", "Kursk region"]) == 1.0
    assert exact("Kursk", ["Moscow"]) == 0.0


def test_f1_counts_shared_words() -> None:
    # said: kursk region of russia (4), accepted: kursk region (2), shared 2: 2 * 2 / (4 + 2)
    assert f1("Kursk region of Russia", ["Moscow", "Kursk region"]) == pytest.approx(4 / 6)


def test_f1_counts_a_repeated_word_once_for_each_time_accepted() -> None:
    assert f1("no no no", ["no"]) == pytest.approx(2 * 1 / (3 + 1))


def test_f1_of_nothing() -> None:
    assert f1("", ["Kursk"]) == 0.0
    assert f1("", [""]) == 1.0
    assert f1("Kursk", []) == 0.0


def test_words_right_needs_so_many_groups() -> None:
    wanted = [["nuclear"], ["panda", "pandas"], ["investment"]]
    assert words_right("Nuclear energy and pandas", wanted, 2) == 1.0
    assert words_right("Nuclear energy and pandas", wanted, 3) == 0.0


def test_sources_right_counts_different_gold_articles() -> None:
    assert sources_right(["a", "a", "x"], ["a", "b"], 1) == 1.0
    assert sources_right(["a", "a", "x"], ["a", "b"], 2) == 0.0


def test_sources_precision_is_the_share_of_gold_citations() -> None:
    assert sources_precision(["a", "a", "x"], ["a", "b"]) == pytest.approx(2 / 3)
    assert sources_precision([], ["a"]) == 0.0


def test_evidence_is_cited_by_a_quote_that_holds_it_or_lies_in_it() -> None:
    gold = {"a": ["They signed 12 agreements"]}
    assert evidence_cited([("a", "On Friday they signed 12 agreements.")], gold) == 1.0
    assert evidence_cited([("a", "12 agreements")], gold) == 1.0
    assert evidence_cited([("b", "They signed 12 agreements")], gold) == 0.0
    assert evidence_cited([("a", "...")], gold) == 0.0


def test_risk_coverage_takes_the_surest_answers_first() -> None:
    curve = risk_coverage([(0.5, 0.0), (0.9, 1.0)])
    assert curve == [(0.5, 0.0), (1.0, 0.5)]
    assert risk_coverage_area(curve) == pytest.approx(0.5 * 0.0 + 0.5 * 0.5)


def test_risk_coverage_takes_ties_together() -> None:
    assert risk_coverage([(0.9, 1.0), (0.9, 0.0)]) == risk_coverage([(0.9, 0.0), (0.9, 1.0)]) == [(1.0, 0.5)]


def test_risk_coverage_puts_crashes_last_and_wrong() -> None:
    assert risk_coverage([(0.9, 1.0)], crashed=1) == [(0.5, 0.0), (1.0, 0.5)]


def test_risk_coverage_area_without_answers_is_the_worst() -> None:
    assert risk_coverage_area([]) == 1.0


def test_ndcg_by_hand() -> None:
    # gains 0, 1, 2 at ranks 1 to 3: 1/log2(3) + 2/log2(4); best order 2, 1: 2/log2(2) + 1/log2(3)
    expected = (1 / math.log2(3) + 2 / 2) / (2 + 1 / math.log2(3))
    assert ndcg(["x", "b", "a"], {"a": 2.0, "b": 1.0}, 10) == pytest.approx(expected)


def test_recall_and_reciprocal_rank_by_hand() -> None:
    relevant = {"a": 1.0, "b": 1.0, "c": 0.0}
    assert recall(["c", "a", "b"], relevant, 2) == 0.5
    assert reciprocal_rank(["c", "a", "b"], relevant, 10) == 0.5
    assert reciprocal_rank(["c", "a", "b"], relevant, 1) == 0.0


def test_a_hit_is_a_relevant_one_among_the_first() -> None:
    assert hit(["c", "a"], {"a": 1.0, "c": 0.0}, 2) == 1.0
    assert hit(["c", "a"], {"a": 1.0, "c": 0.0}, 1) == hit([], {"a": 1.0}, 5) == 0.0


def together(said: str, quotes: list[str]) -> bool:
    """Supported when the quotes hold every word."""
    return set(said.split()) <= set(" ".join(quotes).split())


@pytest.mark.parametrize(
    ("cited", "recall_", "precision"),
    [
        ([("a b", ["a b"])], 1.0, 1.0),
        ([("a b", ["a", "b"])], 1.0, 1.0),  # both are needed
        ([("a b", ["a b", "c"])], 1.0, 1 / 2),  # c is idle: it does not support, and the other does
        ([("a b", ["a b", "b a"])], 1.0, 1.0),  # each supports by itself
        ([("a b", ["a"])], 0.0, 0.0),
        ([("a b", [])], 0.0, 0.0),
        ([("a", ["a"]), ("b", ["x"])], 1 / 2, 1 / 2),
        ([], 0.0, 0.0),
    ],
)
def test_citation_recall_and_precision_as_alce_has_them(
    cited: list[tuple[str, list[str]]], recall_: float, precision: float
) -> None:
    assert citation_recall(cited, together) == recall_
    assert citation_precision(cited, together) == precision


def test_reliability_by_hand() -> None:
    # bins of 0.1: 0.12 and 0.18 share one, 1.0 falls into the last
    found = reliability([(0.12, 0.0), (0.18, 1.0), (1.0, 1.0)])
    assert found == [(pytest.approx(0.15), 0.5, 2), (1.0, 1.0, 1)]
    assert reliability([]) == []


def test_average_precision_by_hand() -> None:
    # found at ranks 1 and 3, a third never: (1/1 + 2/3 + 0) / 3
    assert average_precision(["a", "x", "b"], {"a": 1.0, "b": 1.0, "c": 1.0}) == pytest.approx((1 + 2 / 3) / 3)


def test_nothing_relevant_scores_nothing() -> None:
    assert ndcg(["a"], {}, 10) == recall(["a"], {}, 10) == average_precision(["a"], {"a": 0.0}) == 0.0


DOCUMENTS = st.lists(st.sampled_from("abcdefghijklmno"), unique=True, max_size=15)


@given(ranked=DOCUMENTS, gains=st.dictionaries(st.sampled_from("abcdefghijklmno"), st.integers(0, 3), min_size=1))
def test_ranking_measures_agree_with_ir_measures(ranked: list[str], gains: dict[str, int]) -> None:
    relevant = {name: float(gain) for name, gain in gains.items()}
    if not any(gains.values()):
        return
    run = {"q": {name: -float(place) for place, name in enumerate(ranked)}}
    names = (ir_measures.nDCG @ 10, ir_measures.R @ 10, ir_measures.RR @ 10, ir_measures.AP)
    theirs = ir_measures.calc_aggregate(names, {"q": gains}, run)
    assert ndcg(ranked, relevant, 10) == pytest.approx(theirs[names[0]])
    assert recall(ranked, relevant, 10) == pytest.approx(theirs[names[1]])
    assert reciprocal_rank(ranked, relevant, 10) == pytest.approx(theirs[names[2]])
    assert average_precision(ranked, relevant) == pytest.approx(theirs[names[3]])


def test_mean_and_percentile_by_hand() -> None:
    assert mean([1.0, 0.0, 0.0, 1.0]) == 0.5
    assert mean([]) == 0.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.95) == 4.0
    assert percentile([], 0.5) == 0.0


def test_interval_is_repeatable_and_holds_the_mean() -> None:
    values = [1.0] * 30 + [0.0] * 10
    low, high = interval(values)
    assert (low, high) == interval(values)
    # the mean's standard error is sqrt(.75 * .25 / 40) = .068, so about .75 - .13 to .75 + .13
    assert 0.58 < low < 0.66 and 0.84 < high < 0.92


def test_interval_of_equal_values_is_a_point() -> None:
    assert interval([1.0, 1.0]) == (1.0, 1.0)
    assert interval([]) == (0.0, 0.0)
