from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from eval.calibrate import NAMES, PRIOR, Asked, choose, fit
from ingest.article import Article, Hit, Passage, Published
from ingest.errors import UserError
from qa.confidence import CALIBRATION, Calibration, Features, load_calibration, measure
from qa.question import understand
from qa.reader import Reading
from qa.rerank import ReadHit

MARGIN, CROWD = NAMES.index("margin"), NAMES.index("crowd")


def asked(number: int, answerable: bool) -> Asked:
    """Three candidates; the one that answers, if any, has margin 1 and the others -1."""
    rows = np.zeros((3, len(NAMES)))
    rows[:, MARGIN] = -1.0
    right = np.zeros(3)
    if answerable:
        rows[number % 3, MARGIN] = 1.0
        right[number % 3] = 1.0
    return Asked(rows, right, refuse=not answerable)


SET = [asked(number, number % 2 == 0) for number in range(40)]


def test_the_fit_orders_and_separates_what_is_separable() -> None:
    made = fit(SET)
    nothing = dict.fromkeys(NAMES, 0.0)
    sure, unsure = Features(**{**nothing, "margin": 1.0}), Features(**{**nothing, "margin": -1.0})
    assert made.score(sure) > made.score(unsure)
    assert made.probability(sure) > 0.8 > 0.2 > made.probability(unsure)


def test_a_feature_never_seen_to_vary_keeps_its_prior() -> None:
    assert fit(SET).weights["years_missing"] == pytest.approx(PRIOR.weights["years_missing"], abs=0.01)


def test_the_threshold_parts_the_answerable_from_the_rest() -> None:
    made, threshold = fit(SET), choose(SET)
    tops = [max(made.probability(Features(*row)) for row in one.rows) for one in SET]
    assert all((top >= threshold) is not one.refuse for top, one in zip(tops, SET, strict=True))


def test_a_larger_store_in_which_more_looks_like_an_answer_costs() -> None:
    lookalikes = [Asked(one.rows.copy(), one.right, one.refuse) for one in SET]
    for one in lookalikes:
        one.rows[:, CROWD] = 3.0
        if one.refuse:
            one.rows[0, MARGIN] = 0.5  # looks like an answer
    assert fit([*SET, *lookalikes]).weights["crowd"] < 0.0


def test_between_a_small_and_a_large_store_the_two_models_are_mixed() -> None:
    larger = Calibration({"margin": 3.0}, {"margin": 3.0}, 1.0, 0.4)
    made = Calibration({"margin": 1.0}, {"margin": 1.0}, 0.0, 0.2, larger)
    nothing = dict.fromkeys(NAMES, 0.0)
    for crowd, score, logit in ((0.0, 1.0, 1.0), (0.5, 2.0, 2.5), (1.0, 3.0, 4.0), (2.0, 3.0, 4.0)):
        one = Features(**{**nothing, "margin": 1.0, "crowd": crowd})
        assert (made.score(one), made.logit(one)) == (score, logit)
    assert [made.least(passages) for passages in (5, 1_000, 10_000, 10**6)] == [0.2, 0.2, 0.4, 0.4]


def test_the_shipped_calibration_weighs_every_feature() -> None:
    made = load_calibration()
    assert made.larger and set(made.larger.weights) == set(NAMES) and made.larger.weights["agreed"] > 0
    assert set(made.weights) == set(made.order) == set(NAMES)
    assert 0 < made.threshold < 1
    assert made.weights["years_missing"] < 0 < made.weights["margin"]


@pytest.mark.parametrize(
    "text", ["", "{}", '{"order": {}, "weights": {}, "bias": 0, "threshold": 0.5, "larger": {}}', "no json"]
)
def test_a_damaged_calibration_is_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / CALIBRATION.name).write_text(text, "utf-8")
    with pytest.raises(UserError, match="missing or damaged"):
        load_calibration(tmp_path / CALIBRATION.name)


def test_features_are_named_in_the_order_of_their_rows() -> None:
    assert tuple(asdict(Features(*range(len(NAMES))))) == NAMES


@pytest.mark.parametrize(
    ("text", "missing"),
    [("It rained last August.", 0.0), ("It rained two years before.", 1.0), ("It rained in 2024.", 0.0)],
)
def test_a_year_is_told_by_last_august_too(text: str, missing: float) -> None:
    told = Article("a", "a.txt", text, published=Published(date(2025, 6, 1), "field", 1.0))
    hit = Hit(Passage("p", told, 0, len(text), ((0, len(text)),)), 0.0)
    found = ReadHit(hit, Reading((), 0.0, 0.0, (0.0,)))
    asked = understand("When in 2024 did it rain?", date(2025, 7, 1))
    assert measure(asked, found, 0, 0.0, 0.5, 0.0, 1).years_missing == missing


@pytest.mark.parametrize(
    ("question", "missing", "away", "kind"),
    [
        ("Did Anna Holm meet Karl Berg?", 0.0, 0.0, 0.0),
        ("Did Anna Holm meet Otto Lang?", 0.75, 0.5, 0.0),  # half of the names, and so not all
        ("Where is Olga?", 1.0, 1.0, 0.0),
        ("Why did Anna Holm meet him?", 0.0, 0.0, 0.0),
        ("Why did Anna Holm deny it?", 0.0, 0.0, 1.0),  # of which the article has no word
    ],
)
def test_names_that_the_article_or_the_sentence_lacks(question: str, missing: float, away: float, kind: float) -> None:
    text = "Anna Holm met Karl Berg."
    hit = Hit(Passage("p", Article("a", "a.txt", text), 0, len(text), ((0, len(text)),)), 0.0)
    found = measure(
        understand(question, date(2025, 7, 1)), ReadHit(hit, Reading((), 0.0, 0.0, (0.0,))), 0, 0.0, 0.5, 0.0, 1
    )
    assert (found.names_missing, found.names_away, found.kind_missing) == (missing, away, kind)


def test_a_denial_of_what_the_question_takes_for_granted_counts_double() -> None:
    text = "Beijing has denied that it supplies weapons to Russia."
    hit = Hit(Passage("p", Article("a", "a.txt", text), 0, len(text), ((0, len(text)),)), 0.0)
    found = ReadHit(hit, Reading((), 0.0, 0.0, (0.0,)))
    asked = understand("Why did Beijing admit that it supplies weapons to Russia?", date(2025, 7, 1))
    assert measure(asked, found, 0, 0.0, 0.5, 0.0, 1).kind_missing == 2.0
